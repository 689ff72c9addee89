"""The proofs have to be able to fail: what is broken on purpose here has to be found by them."""

import json
import os
import shutil

import faults
import runs
import scenarios
import sealed
import traced
from scenarios import TICK


def prove(program, report, options):
    running = scenarios.Running(program)
    delta = scenarios.Running(program, "run, delta: true", name="delta", checkpoints="delta: true")
    for scenario in [running, delta, scenarios.Collecting(running),
                     scenarios.RestoringReleased(running), scenarios.RestoringDamaged(running)]:
        traced.prove(report, scenario)
    proof = faults.Faults(running)
    job, made, reference = running.job, proof.made(), running.reference
    place = job.new_place()
    outcome = job.run(place, tick=TICK)
    original = job.run_folder(place)
    tally = report.tally("deliberate breaks that have to be found")

    def expect(what, word, problems):
        found = any(word in problem for problem in problems)
        tally.check([] if found else [f"not found: {problems}"], what)

    tally.check(job.problems_at_end(place, outcome, reference), "an unbroken run is clean")
    other = job.new_place()
    shutil.copytree(original, job.run_folder(other), symlinks=True)
    rewrite(lambda stages: stages[0].update(finished_at="never"))(job.run_folder(other), None)
    tally.check(
        reference.differences(runs.Contents(job.run_folder(other))), "another time is no difference")
    expect(
        "damage that is expected and not there", "verify",
        job.problems_at_end(place, outcome, reference, damaged={reference.result}))
    for what, word, change in BREAKS:
        copy = job.new_place()
        folder = job.run_folder(copy)
        shutil.copytree(original, folder, symlinks=True)
        change(folder, reference)
        expect(what, word, reference.differences(runs.Contents(folder)))
        if "behind the tool" in what:
            expect(f"{what}, on disk", word, runs.unsound_files(folder))

    # A fault that the program cannot survive, seen as one: a kill where none is expected.
    last = made[-1]
    last.turn += 1000
    expect("a call that is never reached", "not reached", proof.once(("kill-before", last)))
    expect(
        "a killed run that should have failed with a message", "not exit 1",
        proof.problems_of_end(KILLED, "EIO", made[0], made))
    essential = next(call for call in made if not call.is_optional)
    expect(
        "an error that goes unnoticed", "unnoticed",
        proof.problems_of_end(DONE, "EIO", essential, made))
    expect(
        "a second fsync after a failed one", "tried again",
        proof.problems_of_end(DONE, "short", None, [faults.Call("7 fsync RETRY /x")]))
    with open(os.path.join(original, reference.result), "rb") as file:
        sound = file.read()
    tally.check(
        [] if sealed.resealed(sound, lambda parts: None) == sound else ["other bytes"],
        "a checkpoint taken apart and sealed again is the same, byte for byte")
    report.show(tally)


class Ended:
    def __init__(self, code):
        self.code = code
        self.errors = ""
        self.summary = f"exit {code}"


KILLED, DONE = Ended(-9), Ended(0)


def alter(folder, reference):
    path = os.path.join(folder, reference.result)
    with open(path, "r+b") as file:
        file.seek(-9, os.SEEK_END)
        byte = file.read(1)
        file.seek(-9, os.SEEK_END)
        file.write(bytes([byte[0] ^ 1]))


def recompute(folder, reference):
    """Other bits, with a manifest that agrees with them."""
    alter(folder, reference)
    path = os.path.join(folder, "run.json")
    document = runs.manifest(folder)
    for stage in document["stages"]:
        if stage["file"] == reference.result:
            stage["sha256"] = runs.sha256(os.path.join(folder, reference.result))
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file)


def rewrite(change):
    """Another `run.json`, whose digests of files are right."""
    def apply(folder, _):
        document = runs.manifest(folder)
        change(document["stages"])
        with open(os.path.join(folder, "run.json"), "w", encoding="utf-8") as file:
            json.dump(document, file)
    return apply


def tear(folder, _):
    with open(os.path.join(folder, "events.jsonl"), "ab") as file:
        file.write(b'{"event": "torn\n{}\n')


def damage_journal(folder, _):
    with open(os.path.join(folder, "run.journal"), "wb") as file:
        file.write(b"no line\n")


def touch(name):
    return lambda folder, _: open(os.path.join(folder, name), "wb").close()


BREAKS = [
    ("a checkpoint altered behind the tool's back", "is not what run.json says", alter),
    ("a checkpoint removed behind the tool's back", "gone",
     lambda folder, reference: os.unlink(os.path.join(folder, reference.result))),
    ("a run that ends in other bits", "has other bits", recompute),
    ("a record that has lost what it said", "run.json tells of train another metrics",
     rewrite(lambda stages: stages[0].pop("metrics"))),
    ("a record lost", "run.json has lost: evaluate", rewrite(lambda stages: stages.pop())),
    ("a leftover", "run.json.partial is too much", touch("run.json.partial")),
    ("a file set aside without need", "is too much", touch("x.safetensors.damaged")),
    ("a line of the log torn", "torn line", tear),
    ("a line of the journal damaged", "line 1 of run.journal is damaged", damage_journal),
    ("the result missing", "links to None",
     lambda folder, _: os.unlink(os.path.join(folder, "result.safetensors"))),
]
