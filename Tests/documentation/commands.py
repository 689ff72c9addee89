#!/usr/bin/env python3
"""Commands.md of the documentation, from what the argument parser says of itself.

    Tests/documentation/commands.py .build/release/ecpipe            # writes it
    Tests/documentation/commands.py .build/release/ecpipe --check    # 1 where it is not up to date
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "Sources/ecpipe/ecpipe.docc/Commands.md"

# The line above the examples of a command's help.
EXAMPLES = "EXAMPLES:"

# Arguments that every command has, told once.
EVERYWHERE = {"version", "help"}

INTRODUCTION = """\
# Commands

What every command does, with all its arguments and options.

## Overview

This page is made from the parser's own description of the commands (`Tests/documentation/commands.py`).
`ecpipe help COMMAND` prints the same, and every command has `--help` and `--version`.

MODEL on a command line is a checkpoint, or a run, which stands for its result. `prune`, `predict` and
`evaluate` also take a PyTorch state dict in a safetensors file. RUN is the name of a run or its folder;
without one, the latest run is meant. Exit codes: [Durability](doc:Durability).
"""

AFTERWORD = """
## Manual pages

A page for each command, from the same description, written to a folder that is made where it is missing:

```sh
Tests/documentation/manual.py .build/release/ecpipe man/man1
man man/man1/ecpipe-run.1
```
"""


def described(executable):
    """The descriptions of all commands, each with its whole name, without the command `help`."""
    text = subprocess.run(
        [executable, "--experimental-dump-help"], check=True, capture_output=True, text=True)
    return list(below(json.loads(text.stdout)["command"]))


def below(command, names=()):
    """The commands of `command`, each followed by its own, in order."""
    for found in command.get("subcommands", []):
        if found["commandName"] == "help" or not found["shouldDisplay"]:
            continue
        path = (*names, found["commandName"])
        yield {**found, "commandName": " ".join(path)}
        yield from below(found, path)


def spelled(argument):
    """`--set <key=value>`, `<schedule>`: what stands on the command line."""
    value = f"<{argument['valueName']}>"
    if argument["kind"] == "positional":
        return value
    name = argument["preferredName"]
    dashes = "--" if name["kind"] == "long" else "-"
    return dashes + name["name"] + ("" if argument["kind"] == "flag" else " " + value)


def usage(command, arguments):
    words = ["ecpipe", command["commandName"]]
    for argument in arguments:
        word = spelled(argument) + (" ..." if argument["isRepeating"] else "")
        words.append(f"[{word}]" if argument["isOptional"] else word)
    lines, line = [], ""
    for word in words:
        if line and len(line) + 1 + len(word) > 96:
            lines.append(line)
            line = "   "
        line = f"{line} {word}" if line else word
    return "\n".join(lines + [line])


def discussed(command):
    """What a command's help says, and its examples."""
    text, _, examples = command.get("discussion", "").partition(EXAMPLES)
    return text.strip(), [line.strip() for line in examples.strip().splitlines()]


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "\\<")


def row(argument):
    meaning = argument.get("abstract", "")
    values = argument.get("allValues")
    if values:
        meaning += " One of " + ", ".join(f"`{v}`" for v in values) + "."
    if argument.get("defaultValue") is not None:
        meaning += f" Default: `{argument['defaultValue']}`."
    return f"| `{cell_code(spelled(argument))}` | {cell(meaning)} |"


def cell_code(text):
    return text.replace("|", "\\|")


def section(command):
    arguments = [
        a for a in command["arguments"] if a["shouldDisplay"] and a["valueName"] not in EVERYWHERE]
    lines = [f"## {command['commandName']}", "", command["abstract"], ""]
    discussion, examples = discussed(command)
    if discussion:
        # Neither an address nor a heading.
        text = re.sub(r"(?m)^( *)#", r"\1\\#", discussion.replace("<", "\\<"))
        lines += [text, ""]
    # A command that only has others says no more.
    if command.get("subcommands"):
        return "\n".join(lines)
    lines += ["```", usage(command, arguments), "```"]
    if examples:
        lines += ["", "```sh", *examples, "```"]
    if arguments:
        lines += ["", "| argument | meaning |", "|---|---|"]
    return "\n".join(lines + [row(a) for a in arguments]) + "\n"


def page(commands):
    overview = ["| command | does |", "|---|---|"]
    overview += [f"| `{c['commandName']}` | {cell(c['abstract'])} |" for c in commands]
    sections = [section(c) for c in commands]
    return "\n".join([INTRODUCTION, "\n".join(overview), ""] + sections) + AFTERWORD


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("executable")
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    text = page(described(options.executable))
    if not options.check:
        PAGE.write_text(text)
    elif not PAGE.exists() or PAGE.read_text() != text:
        sys.exit(
            f"{PAGE.relative_to(ROOT)} is not what the parser says; write it anew with\n"
            f"    Tests/documentation/commands.py {options.executable}")


if __name__ == "__main__":
    main()
