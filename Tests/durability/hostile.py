"""Hostile files: a clear error with its documented code, bounded memory, and never a signal."""

import json
import os
import re
import shutil

import hostile_files
import runs
import sealed
from hostile_answers import answer
from hostile_files import MIB

# No case may take more address space (enforced), or more memory at its peak (measured).
ADDRESS_SPACE = 1024 * MIB
PEAK = 640 * MIB


class Probe:
    """Runs commands on hostile files within the limits, and compares what they answer."""

    def __init__(self, program):
        self.program = program
        self.peak = 0

    def call(self, group, what, arguments, cwd=None):
        """Runs a command; what is wrong with its answer to the case `what`."""
        outcome = self.program.call_within(arguments, ADDRESS_SPACE, cwd=cwd, timeout=60)
        self.peak = max(self.peak, outcome.peak_bytes)
        problems = self.compared(group, what, outcome)
        said = f"{arguments[0]}: {outcome.summary}"
        if outcome.code > 0 and not outcome.errors.startswith("ecpipe: ") and (
                "\necpipe: " not in outcome.errors):
            problems.append(f"no message: {said}")
        if len(outcome.errors) > 4096 and outcome.errors.count("\n") < 2:
            problems.append(f"a message of {len(outcome.errors)} characters: {said[:300]}")
        if outcome.peak_bytes > PEAK:
            problems.append(f"peak of {outcome.peak_bytes // MIB} MiB: {said}")
        return outcome, problems

    def compared(self, group, what, outcome):
        code, words = answer(group, what)
        if outcome.code == code and words in outcome.errors:
            return []
        return [f"{group}: not exit {code} with {words!r}: {outcome.summary}"]


def put(path, content):
    if callable(content):
        content(path)
    else:
        with open(path, "wb") as file:
            file.write(content)


def take_away(path):
    if os.path.islink(path) or not os.path.isdir(path):
        os.path.lexists(path) and os.unlink(path)
    else:
        shutil.rmtree(path)


def prove(program, report, options):
    job = runs.Job(program)
    place = job.new_place()
    outcome = job.run(place)
    if outcome.code != 0:
        raise RuntimeError(outcome.summary)
    original = job.run_folder(place)
    reference = runs.Contents(original)
    probe = Probe(program)
    prove_checkpoints(probe, report, original, reference)
    prove_schedules(probe, report, job)
    prove_data(probe, report, job, original)
    prove_folder(probe, report, job, original, reference)
    report.note(
        f"largest peak of memory: {probe.peak // MIB} MiB (bound {PEAK // MIB} MiB, address space "
        f"limited to {ADDRESS_SPACE // MIB} MiB)")


def rows(probe, report, label, table, body):
    """Counts all rows of a table of cases, several at a time."""
    tally = report.tally(f"{len(table)} {label}")

    def tried(row):
        try:
            return body(row)
        except Exception as error:  # A case that the proof itself cannot take is no success.
            return [f"{type(error).__name__}: {error}"]

    for row, problems in zip(table, probe.program.each(table, tried)):
        tally.check(problems, " ".join(part for part in row[:-1]))
    report.show(tally)


def prove_checkpoints(probe, report, original, reference):
    with open(os.path.join(original, reference.result), "rb") as file:
        sound = file.read()
    folder = probe.program.new_folder("checkpoints")
    table = (
        hostile_files.containers() + hostile_files.checkpoints(sound) + hostile_files.NO_FILES)

    def body(row):
        what, content = row
        path = os.path.join(folder, f"{table.index(row)}.safetensors")
        output = f"{path}.out.safetensors"
        put(path, content)
        _, problems = probe.call("export", what, ["export", path, "--output", output])
        # `show` reads the header, the description and the classes, and not the other entries.
        _, more = probe.call("show", what, ["show", path])
        if os.path.exists(output):
            problems.append("something was exported")
        take_away(path)
        return problems + more

    rows(probe, report, "hostile checkpoints", table, body)


def prove_schedules(probe, report, job):
    with open(job.schedule, encoding="utf-8") as file:
        sound = file.read()
    table = hostile_files.schedules(sound) + hostile_files.NO_PIPE

    def body(row):
        what, content = row
        place = probe.program.new_folder("schedule")
        outside = os.path.join(place, "a", "b", "c")
        os.makedirs(outside)
        path = os.path.join(place, "hostile.yaml")
        put(path, content)
        outcome, problems = probe.call("schedule", what, ["validate", path], cwd=outside)
        if outcome.code != 0:
            arguments = ["run", path, "--checkpoints", os.path.join(outside, "runs")]
            problems += probe.call("schedule", what, arguments, cwd=outside)[1]
        found = [name for _, folders, names in os.walk(place) for name in folders + names]
        if sorted(found) != ["a", "b", "c", "hostile.yaml"]:
            problems.append(f"left behind: {found}")
        shutil.rmtree(place)
        return problems

    rows(probe, report, "hostile schedules", table, body)


def prove_data(probe, report, job, original):
    with open(job.schedule, encoding="utf-8") as file:
        schedule = file.read()

    def csv(row):
        ending, what, content = row
        place = probe.program.new_folder("data")
        data = os.path.join(place, f"hostile{ending}")
        put(data, content)
        path = os.path.join(place, "hostile.yaml")
        put(path, schedule.replace(runs.DATA, data).replace("label: kind", "label: last").encode())
        _, problems = probe.call("table", f"{ending} {what}", ["validate", path])
        shutil.rmtree(place)
        return problems

    table = hostile_files.csv_files() + [(".csv", *row) for row in hostile_files.NO_FILES]
    rows(probe, report, "hostile tables", table, csv)

    def array(row):
        ending, what, content = row
        place = probe.program.new_folder("data")
        data = os.path.join(place, f"hostile{ending}")
        put(data, content)
        arguments = ["predict", original, "--data", data, "--output", os.path.join(place, "y.npy")]
        _, problems = probe.call("array", f"{ending} {what}", arguments)
        shutil.rmtree(place)
        return problems

    table = hostile_files.array_files() + [(".npy", *row) for row in hostile_files.NO_PIPE]
    rows(probe, report, "hostile arrays", table, array)


def folder_rows(original, reference, other):
    """What may lie in a run's folder, or beside it, in place of what should."""
    places = [*reference.digests, "run.json", "run.journal", "schedule.yaml", "events.jsonl", "pins.jsonl",
              "progress.safetensors", "run.json.partial", "../small.lock"]
    table = []
    for name in sorted(set(places)):
        table += [(name, *row) for row in hostile_files.NO_FILES]
        table.append((name, "a link to a file outside", hostile_files.link("../../victim")))
        table.append((name, "empty", b""))
        table.append((name, "zeros", b"\0" * 4096))
    with open(other, "rb") as file:
        foreign = file.read()
    for name in [*reference.digests, "progress.safetensors"]:
        if name != "result.safetensors":
            table.append((name, "a checkpoint of another schedule", foreign))
    with open(os.path.join(original, "run.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    for what, change in [
        ("names that lead out", {"stages": [
            {**stage, "file": stage["file"] and f"../../{stage['file']}"}
            for stage in manifest["stages"]]}),
        ("a newer format", {"format": 99}),
        ("an older format", {"format": 1}),
    ]:
        table.append(("run.json", what, resealed_manifest({**manifest, **change})))
    table.append(("run.json", "100,000 deep", b"[" * 100_000))
    table.append(("run.json", "20 MiB of numbers", b"[" + b"1," * 10_000_000 + b"1]"))
    return table


def resealed_manifest(document):
    """`run.json` with a digest that fits, as `Manifest.bytes` writes it."""
    nothing = "0" * 64
    text = json.dumps({**document, "sha256": nothing}, indent=2, sort_keys=True) + "\n"
    return text.replace(nothing, sealed.digest(text.encode())).encode()


def prove_folder(probe, report, job, original, reference):
    other = runs.Job(probe.program, "other", seed=4)
    place = other.new_place()
    other.run(place)
    foreign = runs.Contents(other.run_folder(place))
    table = folder_rows(original, reference, os.path.join(foreign.folder, foreign.result))
    secret = b"not yours\n"

    def body(row):
        name, what, content = row
        place = job.new_place()
        folder = job.run_folder(place)
        shutil.copytree(original, folder, symlinks=True, copy_function=shutil.copy2)
        victim = os.path.join(place, "victim")
        put(victim, secret)
        path = os.path.normpath(os.path.join(folder, name))
        take_away(path)
        put(path, content)
        # The key at the end of a checkpoint's name changes with the formats of all that it covers.
        case = f"{nameless(name)}: {what}"
        _, problems = probe.call("folder status", case, ["status", folder])
        problems += probe.call("folder verify", case, ["verify", folder])[1]
        # From the stage before the last, so that there is something to do and to write.
        outcome, more = probe.call("folder run", case, job.arguments(place, "--from", "finetune"))
        problems += more
        with open(victim, "rb") as file:
            if file.read() != secret:
                problems.append("a file outside was written")
        if outcome.code != 0 and os.path.lexists(path):
            # Once it is out of the way, the same command goes on.
            take_away(path)
        outcome = job.run(place)
        problems += problems_at_end(job, place, outcome, reference, name, content)
        shutil.rmtree(place)
        return problems

    rows(probe, report, "hostile things in a run's folder", table, body)


def nameless(name):
    """A checkpoint's name without its key."""
    return re.sub(r"-[0-9a-f]{8}\.safetensors", "", name)


def problems_at_end(job, place, outcome, reference, name, content):
    """What is wrong at the end with a folder where `name` was something else for a while."""
    folder = job.run_folder(place)
    names = set(os.listdir(folder))
    aside = {n for n in names if n.startswith(name) and (".damaged" in n or ".replaced" in n)}
    # `--from finetune` has put the old one of these aside, as it is meant to.
    aside |= {n for n in names if n.startswith(reference.result) and n.endswith(".replaced")}
    path = os.path.join(folder, name)
    # A run does not touch what it does not need, but `verify` names it.
    unneeded = name if name == min(reference.digests) and name not in aside else None
    # What is no run's own stays where it was put, as far as it harms nothing.
    if name == "pins.jsonl" or (os.path.isdir(path) and not os.path.islink(path)):
        aside.add(name)
    problems = job.problems_at_end(
        place, outcome, reference, ignoring=aside, damaged={unneeded} if unneeded else ())
    if unneeded:
        problems = [p for p in problems if not p.startswith(f"{name} ")]
    return problems
