"""Hostile files: a clear error with its documented code, bounded memory, and never a signal."""

import os
import shutil

import hostile_files
import runs
from hostile_files import MIB

# No case may take more address space (enforced), or more memory at its peak (measured).
ADDRESS_SPACE = 1024 * MIB
PEAK = 640 * MIB
# What a run may do that meets something strange in its folder: go on, or stop with a reason.
ANY_CODE = {0, 1, 11, 65, 66}
# Of a file that is none: damaged, invalid, missing, or refused by the system.
NO_FILE_CODES = {1, 11, 65, 66}


class Probe:
    """Runs commands on hostile files within the limits."""

    def __init__(self, program):
        self.program = program
        self.peak = 0

    def call(self, arguments, codes, cwd=None):
        outcome = self.program.call_within(arguments, ADDRESS_SPACE, cwd=cwd, timeout=60)
        self.peak = max(self.peak, outcome.peak_bytes)
        what = f"{arguments[0]}: {outcome.summary}"
        problems = []
        if outcome.code not in codes:
            problems.append(what)
        if outcome.code != 0 and outcome.code > 0:
            if not outcome.errors.startswith("ecpipe: ") and "\necpipe: " not in outcome.errors:
                problems.append(f"no message: {what}")
            if len(outcome.errors) > 4096 and outcome.errors.count("\n") < 2:
                problems.append(f"a message of {len(outcome.errors)} characters: {what[:300]}")
        if outcome.peak_bytes > PEAK:
            problems.append(f"peak of {outcome.peak_bytes // MIB} MiB: {what}")
        return outcome, problems


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
        tally.check(problems, " ".join(part for part in row[:-1] if isinstance(part, str)))
    report.show(tally)


def prove_checkpoints(probe, report, original, reference):
    with open(os.path.join(original, reference.result), "rb") as file:
        sound = file.read()
    folder = probe.program.new_folder("checkpoints")
    table = hostile_files.checkpoints(sound) + [
        (name, make, NO_FILE_CODES) for name, make in hostile_files.NO_FILES]

    def body(row):
        what, content, codes = row
        path = os.path.join(folder, f"{table.index(row)}.safetensors")
        output = f"{path}.out.safetensors"
        put(path, content)
        _, problems = probe.call(["export", path, "--output", output], codes)
        # `show` reads the header alone, so that damage to an entry is not its concern.
        _, more = probe.call(["show", path], codes | {0})
        if os.path.exists(output):
            problems.append("something was exported")
        take_away(path)
        return problems + more

    rows(probe, report, "hostile checkpoints", table, body)


def prove_schedules(probe, report, job):
    with open(job.schedule, encoding="utf-8") as file:
        sound = file.read()
    table = hostile_files.schedules(sound) + [
        (name, make, NO_FILE_CODES) for name, make in hostile_files.NO_FILES]

    def body(row):
        what, content, codes = row
        place = probe.program.new_folder("schedule")
        outside = os.path.join(place, "a", "b", "c")
        os.makedirs(outside)
        path = os.path.join(place, "hostile.yaml")
        put(path, content)
        _, problems = probe.call(["validate", path], codes, cwd=outside)
        if 0 not in codes:
            _, more = probe.call(
                ["run", path, "--checkpoints", os.path.join(outside, "runs")], codes, cwd=outside)
            problems += more
        found = [name for _, folders, names in os.walk(place) for name in folders + names]
        if sorted(found) != ["a", "b", "c", "hostile.yaml"]:
            problems.append(f"left behind: {found}")
        shutil.rmtree(place)
        return problems

    rows(probe, report, "hostile schedules", table, body)


def prove_data(probe, report, job, original):
    with open(job.schedule, encoding="utf-8") as file:
        schedule = file.read()
    table = hostile_files.csv_files() + [
        (".csv", name, make, NO_FILE_CODES) for name, make in hostile_files.NO_FILES]

    def csv(row):
        ending, what, content, codes = row
        place = probe.program.new_folder("data")
        data = os.path.join(place, f"hostile{ending}")
        put(data, content)
        path = os.path.join(place, "hostile.yaml")
        flowers = os.path.join(job.folder, "flowers.csv")
        put(path, schedule.replace(flowers, data).replace("label: kind", "label: last").encode())
        _, problems = probe.call(["validate", path], codes)
        shutil.rmtree(place)
        return problems

    rows(probe, report, "hostile tables", table, csv)

    table = hostile_files.array_files() + [
        (".npy", name, make, NO_FILE_CODES) for name, make in hostile_files.NO_FILES]

    def array(row):
        ending, what, content, codes = row
        place = probe.program.new_folder("data")
        data = os.path.join(place, f"hostile{ending}")
        put(data, content)
        arguments = ["predict", original, "--data", data]
        _, problems = probe.call([*arguments, "--output", os.path.join(place, "y.npy")], codes)
        shutil.rmtree(place)
        return problems

    rows(probe, report, "hostile arrays", table, array)


def folder_rows(original, reference, other):
    """What may lie in a run's folder, or beside it, in place of what should."""
    places = [*reference.digests, "run.json", "schedule.yaml", "events.jsonl",
              "progress.safetensors", "run.json.partial", "../small.lock"]
    table = []
    for name in sorted(set(places)):
        for what, make in hostile_files.NO_FILES:
            table.append((name, what, make, ANY_CODE))
        table.append((name, "a link to a file outside", hostile_files.link("../../victim"), ANY_CODE))
        table.append((name, "empty", b"", ANY_CODE))
        table.append((name, "zeros", b"\0" * 4096, ANY_CODE))
    with open(other, "rb") as file:
        foreign = file.read()
    for name in reference.digests:
        if name != "result.safetensors":
            table.append((name, "a checkpoint of another schedule", foreign, ANY_CODE))
    table.append(("progress.safetensors", "a finished checkpoint", foreign, ANY_CODE))
    for name, change in [
        ("names that lead out", lambda text: text.replace('"file": "0', '"file": "../../../0')),
        ("a newer format", lambda text: text.replace('"format": 1', '"format": 99')),
        ("100,000 deep", lambda text: "[" * 100_000),
        ("20 MiB of numbers", lambda text: "[" + "1," * 10_000_000 + "1]"),
    ]:
        with open(os.path.join(original, "run.json"), encoding="utf-8") as file:
            table.append(("run.json", name, change(file.read()).encode(), ANY_CODE))
    return table


def prove_folder(probe, report, job, original, reference):
    other = runs.Job(probe.program, "other", seed=4)
    place = other.new_place()
    other.run(place)
    foreign = runs.Contents(other.run_folder(place))
    table = folder_rows(original, reference, os.path.join(foreign.folder, foreign.result))
    secret = b"not yours\n"
    unneeded = min(reference.digests)

    def body(row):
        name, what, content, codes = row
        place = job.new_place()
        folder = job.run_folder(place)
        shutil.copytree(original, folder, symlinks=True, copy_function=shutil.copy2)
        victim = os.path.join(place, "victim")
        put(victim, secret)
        path = os.path.normpath(os.path.join(folder, name))
        take_away(path)
        put(path, content)
        _, problems = probe.call(["status", folder], ANY_CODE)
        # From the stage before the last, so that there is something to do and to write.
        arguments = job.arguments(place, "--from", "finetune")
        outcome, more = probe.call(arguments, codes)
        problems += more
        with open(victim, "rb") as file:
            if file.read() != secret:
                problems.append("a file outside was written")
        if outcome.code != 0 and os.path.lexists(path):
            # Once it is out of the way, the same command goes on.
            take_away(path)
        outcome = job.run(place)
        allowed = {n for n in os.listdir(folder) if ".damaged" in n or ".replaced" in n}
        if os.path.isdir(path) and not os.path.islink(path):
            allowed.add(name)
        problems += job.problems_at_end(place, outcome, reference) if not allowed else (
            ([] if outcome.code == 0 else [outcome.summary])
            + reference.differences(runs.Contents(folder), ignoring=allowed))
        if name == unneeded:
            # A run does not repair what it does not need, but says so.
            problems = [problem for problem in problems if not problem.startswith(f"{name} ")]
        shutil.rmtree(place)
        return problems

    rows(probe, report, "hostile things in a run's folder", table, body)
