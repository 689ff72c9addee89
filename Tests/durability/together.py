"""Two processes in one run's folder, and runs that wait, stop and end at the wrong moment."""

import json
import os
import signal
import subprocess
import time

import runs
from runs import problems_of_verification
from scenarios import KEEP, TICK

# Some tenths of a second, with many commits.
BUSY = """\
  - train: {epochs: 40}
  - alternate:
      rounds: 6
      sparsity: {to: 0.8, curve: cubic}
      finetune: {epochs: 20}
  - evaluate: {part: test}
"""


class Company:
    """A run, and commands that are given again and again while it goes on."""

    def __init__(self, program):
        self.program = program
        self.job = runs.Job(program, "busy", BUSY, rows=300, checkpoints="delta: true")
        self.reference = self.job.reference()

    def start(self, place, *more):
        return subprocess.Popen(
            [self.program.path, *self.job.arguments(place), *more], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def beside(self, row):
        """A run with a command beside it that has to end in one of `codes`, as often as there is time."""
        _, arguments, codes = row
        place = self.job.new_place()
        folder = self.job.run_folder(place)
        run = self.start(place)
        problems, seen = [], set()
        while run.poll() is None:
            if os.path.exists(os.path.join(folder, "run.json")):
                outcome = self.program.call([part.format(folder) for part in arguments])
                seen.add(outcome.code)
                if outcome.code not in codes:
                    problems.append(outcome.summary)
        errors = run.communicate()[1].decode()
        if run.returncode != 0:
            problems.append(f"the run: exit {run.returncode}, {errors[-300:]}")
        if not seen:
            problems.append("the command was never given")
        return problems + self.problems_of_folder(place)

    def problems_of_folder(self, place):
        """What is wrong at the end, where a collection may have let checkpoints go."""
        folder = self.job.run_folder(place)
        kept = {s["file"] for s in runs.manifest(folder)["stages"] if s["file"]}
        released = {
            name for name in self.reference.digests
            if name not in kept and name != "result.safetensors"}
        may_be = released | {"pins.jsonl", *(f"{n}" for n in released)}
        outcome = self.job.run(place)
        return self.job.problems_at_end(place, outcome, self.reference, ignoring=may_be)


def prove(program, report, options):
    company = Company(program)
    turns = 5 if options.long else 1
    table = [
        # A command that waits for no lock sees a sound run at any moment; what is not there is 66.
        ("verify", ["verify", "{}"], {0}),
        ("verify --deep", ["verify", "{}", "--deep"], {0}),
        ("status", ["status", "{}"], {0}),
        ("show", ["show", "{}"], {0, 66}),
        ("show --lineage", ["show", "{}", "--lineage"], {0, 66}),
        ("show --sizes", ["show", "{}", "--sizes"], {0, 66}),
        ("evaluate", ["evaluate", "{}"], {0, 66}),
        ("list", ["list", "{}/.."], {0}),
        ("report", ["report", "{}", "--output", "{}-page.html"], {0}),
        ("gc --dry-run", ["gc", "{}", "--keep", KEEP, "--dry-run"], {0}),
        # One that changes the run is turned away while it goes on.
        ("gc", ["gc", "{}", "--keep", KEEP], {0, 10}),
        ("replay", ["replay", "train", "{}"], {0, 65}),
        ("replay --restore", ["replay", "train", "{}", "--restore"], {0, 10, 65}),
    ] * turns
    tally = report.tally(f"{len(table)} commands given again and again beside a run")
    for row, problems in zip(table, program.each(table, company.beside)):
        tally.check(problems, row[0])
    report.show(tally)

    cases = [case for case in CASES for _ in range(turns)]
    tally = report.tally(f"{len(cases)} meetings of two commands")
    for case, problems in zip(cases, program.each(cases, lambda case: case(company))):
        tally.check(problems, case.__doc__.splitlines()[0])
    report.show(tally)


def many_at_once(company):
    """The same run started six times at once: one computes, the others are turned away or find it done."""
    place = company.job.new_place()
    started = [company.start(place) for _ in range(6)]
    problems = []
    for run in started:
        errors = run.communicate()[1].decode()
        if run.returncode not in (0, 10):
            problems.append(f"exit {run.returncode}: {errors[-300:]}")
        if run.returncode == 10 and "another process has this lock" not in errors:
            problems.append(f"no reason: {errors[-300:]}")
    if all(run.returncode != 0 for run in started):
        problems.append("none of them computed it")
    return problems + company.problems_of_folder(place)


def stopped_holder(company):
    """A run that is stopped keeps others out, by its pid; once it is killed the next goes on at once."""
    place = company.job.new_place()
    lock = os.path.join(place, "runs", "busy.lock")
    manifest = os.path.join(company.job.run_folder(place), "run.json")
    run = company.start(place)
    while not os.path.exists(manifest) and run.poll() is None:
        time.sleep(0.001)
    run.send_signal(signal.SIGSTOP)
    problems = []
    started = time.monotonic()
    outcome = company.job.run(place)
    with open(lock, encoding="utf-8") as file:
        holder = file.read().strip()
    if outcome.code != 10 or f"pid {run.pid} on " not in outcome.errors or " since " not in holder:
        problems.append(f"{outcome.summary} beside {run.pid}")
    for command in (["gc", "--keep", KEEP], ["replay", "train", "--restore"]):
        outcome = company.program.call([*command, company.job.run_folder(place)])
        if outcome.code != 10 or f"pid {run.pid} on " not in outcome.errors:
            problems.append(f"{command[0]}: {outcome.summary} beside {run.pid}")
    if time.monotonic() - started > 20:
        problems.append("it waited instead of ending")
    run.kill()
    run.communicate()
    return problems + company.problems_of_folder(place)


def verify_beside_gc(company):
    """`verify` while `gc` lets checkpoints go: nothing is reported that is not so."""
    place = company.job.new_place()
    folder = company.job.run_folder(place)
    company.job.run(place)
    problems = []
    collection = subprocess.Popen(
        [company.program.path, "gc", folder, "--keep", KEEP], stdout=subprocess.DEVNULL)
    while True:
        is_over = collection.poll() is not None
        problems += problems_of_verification(company.program.call(["verify", folder, "--json"]))
        if is_over:
            break
    if collection.returncode != 0:
        problems.append(f"gc: exit {collection.returncode}")
    return problems + company.problems_of_folder(place)


def read_beside_from(company):
    """What only reads, while stages are computed again and again: the run is sound, and done or going on."""
    place = company.job.new_place()
    folder = company.job.run_folder(place)
    company.job.run(place)
    problems = []
    table = os.path.join(place, "flowers.csv")
    with open(table, "w", encoding="utf-8") as file:
        file.write(runs.flowers(9))
    for stage in ("train", "alternate/04/prune", "alternate/02/finetune"):
        run = company.start(place, "--from", stage)
        while True:
            is_over = run.poll() is not None
            problems += problems_of_verification(company.program.call(["verify", folder, "--json"]))
            for words in (
                ["evaluate", folder, "--data", table], ["show", folder, "--lineage"], ["diff", folder, folder],
                ["gc", folder, "--keep", KEEP, "--dry-run"], ["verify", folder, "--deep"],
            ):
                outcome = company.program.call(words)
                if outcome.code != 0:
                    problems.append(f"{words[0]}: {outcome.summary}")
            status = company.program.call(["status", folder, "--json"])
            state = json.loads(status.output) if status.code == 0 else {"status": status.summary, "stages": []}
            damaged = [s["name"] for s in state["stages"] if s["status"] == "damaged"]
            if state["status"] not in ("running", "done") or damaged:
                problems.append(f"status: {state['status']}, damaged: {damaged}")
            if is_over:
                break
        if run.communicate()[1] or run.returncode != 0:
            problems.append(f"--from {stage}: exit {run.returncode}")
    return problems


def export_beside_gc(company):
    """`export` while `gc` runs: what was exported stays."""
    place = company.job.new_place()
    folder = company.job.run_folder(place)
    company.job.run(place)
    problems = []
    names = [n for n in company.reference.digests if n != "result.safetensors"][:4]
    collections = [subprocess.Popen(
        [company.program.path, "gc", folder, "--keep", KEEP], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL) for _ in range(2)]
    for name in names:
        outcome = company.program.call(
            ["export", os.path.join(folder, name), "--output", os.path.join(place, f"out-{name}")])
        if outcome.code not in (0, 11, 66):
            problems.append(f"export: {outcome.summary}")
        company.program.call(["gc", folder, "--keep", KEEP])
        if outcome.code == 0 and not os.path.exists(os.path.join(folder, name)):
            problems.append(f"{name} was exported, and gc let it go")
    for collection in collections:
        if collection.wait() not in (0, 10):
            problems.append(f"gc: exit {collection.returncode}")
    return problems + company.problems_of_folder(place)


def gc_of_interrupted(company):
    """`gc` of a run that was interrupted inside a stage: it goes on from where it was."""
    problems = []
    for reading in (30, 200, 400, 700):
        place = company.job.new_place()
        folder = company.job.run_folder(place)
        outcome = company.job.run(place, tick=TICK, term=reading)
        if outcome.code != 75:
            problems.append(f"interrupted at {reading}: {outcome.summary}")
        listed = runs.listed_keys(folder)
        outcome = company.program.call(["gc", folder, "--keep", KEEP])
        if outcome.code != 0:
            problems.append(f"gc: {outcome.summary}")
        problems += company.job.problems_on_disk(place)
        before = len(runs.events(folder))
        problems += company.problems_of_folder(place)
        again = {
            e.get("stage") for e in runs.events(folder)[before:] if e["event"] == "stage_started"}
        if again & set(listed.values()):
            problems.append(f"computed again: {sorted(again & set(listed.values()))}")
    return problems


CASES = [
    many_at_once, stopped_holder, verify_beside_gc, read_beside_from, export_beside_gc, gc_of_interrupted]
