#!/usr/bin/env python3
"""Manual pages of all commands, from what the argument parser says of itself.

    Tests/documentation/manual.py .build/release/ecpipe FOLDER

Writes ecpipe.1 and ecpipe-COMMAND.1 for each command into FOLDER, which is made where it is missing. The pages
are in man's own macros, and say nothing of the day they were written, so that the same program has the same pages.
"""

import argparse
import json
import pathlib
import subprocess

import commands

HEAD = """\
.TH "{title}" 1 "" "ecpipe {version}" "ecpipe"
.SH NAME
{name} \\- {abstract}
"""


def escaped(text):
    """Text that the formatter takes as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return "\n".join("\\&" + line if line.startswith(".") else line for line in text.splitlines())


def paragraphs(text):
    return "\n.PP\n".join(escaped(" ".join(part.split())) for part in text.split("\n\n"))


def synopsis(command, arguments):
    lines = [f".B {escaped(command)}"]
    for argument in arguments:
        word = escaped(commands.spelled(argument)) + (" ..." if argument["isRepeating"] else "")
        lines.append(f"[{word}]" if argument["isOptional"] else word)
    return ".nh\n" + "\n".join(lines) + "\n.hy"


def options(arguments):
    lines = []
    for argument in arguments:
        meaning = argument.get("abstract", "")
        if argument.get("allValues"):
            meaning += " One of " + ", ".join(argument["allValues"]) + "."
        if argument.get("defaultValue") is not None:
            meaning += f" Default: {argument['defaultValue']}."
        lines += [".TP", f".B {escaped(commands.spelled(argument))}", escaped(meaning)]
    return "\n".join(lines)


def examples(lines):
    return ".nf\n" + "\n".join(escaped(line) for line in lines) + "\n.fi"


def section(title, text):
    return f".SH {title}\n{text}\n" if text else ""


def page(command, version):
    name = command["commandName"]
    arguments = [a for a in command["arguments"] if a["shouldDisplay"]]
    own = [a for a in arguments if a["valueName"] not in commands.EVERYWHERE]
    discussion, shown = commands.discussed(command)
    text = HEAD.format(
        title=dashed(name).upper(), version=version, name=escaped(dashed(name)),
        abstract=escaped(command["abstract"].rstrip(".")))
    text += section("SYNOPSIS", synopsis(f"ecpipe {name}", own))
    text += section("DESCRIPTION", paragraphs(discussion) if discussion else "")
    text += section("OPTIONS", options(arguments))
    text += section("EXAMPLES", examples(shown) if shown else "")
    return text + section("SEE ALSO", ".BR ecpipe (1)")


def dashed(name):
    return "ecpipe-" + name.replace(" ", "-")


def overview(root, below, version):
    """ecpipe.1: what the program is for, and its commands."""
    text = HEAD.format(
        title="ECPIPE", version=version, name="ecpipe",
        abstract=escaped(root["abstract"].rstrip(".")))
    text += section("SYNOPSIS", ".B ecpipe\n.I command\n[arguments]")
    text += section("DESCRIPTION", paragraphs(commands.discussed(root)[0]))
    rows = [
        f".TP\n.BR {escaped(dashed(c['commandName']))} (1)\n{escaped(c['abstract'])}" for c in below]
    return text + section("COMMANDS", "\n".join(rows))


def pages(executable):
    """The text of each page by its file's name."""
    dump = subprocess.run(
        [executable, "--experimental-dump-help"], check=True, capture_output=True, text=True)
    root = json.loads(dump.stdout)["command"]
    version = subprocess.run(
        [executable, "--version"], check=True, capture_output=True, text=True).stdout.strip()
    below = list(commands.below(root))
    found = {"ecpipe.1": overview(root, below, version)}
    found.update({f"{dashed(c['commandName'])}.1": page(c, version) for c in below})
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("executable", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages(options.executable.resolve()).items():
        (options.folder / name).write_text(text)


if __name__ == "__main__":
    main()
