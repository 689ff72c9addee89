#!/usr/bin/env python3
"""Which folders of a target use each other's types, both ways.

    Tests/documentation/folders.py

A folder uses another where a file of it names a type that the other declares. Extensions declare nothing,
names that several folders declare are left out, and so are files at the top of a target: what all its folders
share.
"""

import collections
import itertools
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SOURCES = ROOT / "Sources"

DECLARATION = re.compile(
    r"^(?:@\w+ +|(?:package|public|private|fileprivate|final|indirect|static) +)*"
    r"(?:struct|class|enum|protocol|actor|typealias) +(\w+)", re.M)
NOISE = re.compile(r'//[^\n]*|"""(?:.|\n)*?"""|"(?:\\.|[^"\\\n])*"')


def mutual(target):
    """Pairs of folders of `target` that use each other, each with a type either way."""
    texts = collections.defaultdict(str)
    for file in sorted(target.rglob("*.swift")):
        parts = file.relative_to(target).parts
        if len(parts) > 1:
            texts[parts[0]] += NOISE.sub("", file.read_text())
    # Only types at the top level of a file are named elsewhere without their parent.
    declared = {folder: set(DECLARATION.findall(text)) for folder, text in texts.items()}
    times = collections.Counter(itertools.chain.from_iterable(declared.values()))
    words = {folder: set(re.findall(r"\w+", text)) for folder, text in texts.items()}

    def used(by, of):
        return sorted(
            name for name in declared[of] & words[by] if times[name] == 1)

    for one, other in itertools.combinations(sorted(texts), 2):
        there, back = used(one, other), used(other, one)
        if there and back:
            yield one, other, there, back


def all_mutual():
    """`{target: [(folder, folder, types, types)]}`, only targets that have such."""
    targets = sorted(path for path in SOURCES.iterdir() if path.is_dir())
    found = {target.name: list(mutual(target)) for target in targets}
    return {name: pairs for name, pairs in found.items() if pairs}


if __name__ == "__main__":
    for target, pairs in all_mutual().items():
        for one, other, there, back in pairs:
            print(f"{target}: {one} uses {other} ({', '.join(there[:4])}), "
                  f"{other} uses {one} ({', '.join(back[:4])})")
