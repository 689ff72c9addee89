"""Every byte of a checkpoint and of run.json changed, and both cut at every length."""

import json
import os
import shutil

import flips_manifest
import runs
from flipping import Finished, cut, flipped, in_chunks

# What is said of a checkpoint that is damaged; and of one that a bit makes another format of.
CHECKPOINT_ANSWERS = {11: ": damaged: ", 65: " ecpipe"}


def prove(program, report, options):
    # As small as a checkpoint gets, so that no byte has to be left out.
    small = Finished(program, "flip", "  - train: {epochs: 1}\n  - prune: {to: 0.5}\n")
    prove_checkpoint(program, report, options, small)
    prove_many(program, report, options, small)
    delta = Finished(
        program, "delta", "  - train: {epochs: 1}\n  - prune: {to: 0.5}\n",
        checkpoints="delta: true")
    prove_base(program, report, options, delta)
    flips_manifest.prove(program, report, options)


def prove_checkpoint(program, report, options, run):
    name = run.reference.result
    content = run.content(name)
    folder = program.new_folder("flips")
    codes = {}

    def read(item):
        what, changed = item
        path = os.path.join(folder, f"{what.replace(' ', '-')}.safetensors")
        with open(path, "wb") as file:
            file.write(changed)
        output = path + ".out.safetensors"
        # `export` reads every entry and needs no data.
        outcome = program.call(["export", path, "--output", output])
        codes[outcome.code] = codes.get(outcome.code, 0) + 1
        problems = []
        if CHECKPOINT_ANSWERS.get(outcome.code, "\0") not in outcome.errors:
            problems.append(outcome.summary)
        if os.path.exists(output):
            problems.append("weights of a damaged file were exported")
        os.unlink(path)
        return problems

    # `prove_many` flips every bit in one process; here it is a process a case.
    step = 1 if options.long else 16
    for label, items in [
        (
            f"a checkpoint of {len(content):,} bytes, one in {step} flipped; export",
            flipped(content, step)),
        (f"the same cut at one length in {step}; export", cut(content, step)),
    ]:
        tally = report.tally(label)
        in_chunks(program, tally, items, read)
        report.show(tally)
    report.note("exit codes: " + ", ".join(f"{n} × {code}" for code, n in sorted(codes.items())))

    # A run does not go on from a damaged checkpoint, but computes it anew.
    step = 7 if options.long else 89
    tally = report.tally(f"runs that find it damaged (every {step}th byte and length)")
    in_chunks(
        program, tally, [*flipped(content, step), *cut(content, step)],
        lambda item: run.goes_on(run.copy_with(name, item[1]), name, ".damaged"))
    report.show(tally)


def prove_many(program, report, options, run):
    """All eight bits of every byte, all in one folder: `verify` of a run that has lost its manifest reads
    every file there, and has to name each of them."""
    content = run.content(run.reference.result)
    tally = report.tally("every bit of every byte; verify of a folder full of them")
    key = run.reference.result.rsplit("-", 1)[1]
    place = run.job.new_place()
    folder = run.job.run_folder(place)
    os.makedirs(folder)
    with open(os.path.join(folder, "run.json"), "w", encoding="utf-8") as file:
        file.write("lost")
    names = {}
    for bit in range(8):
        for what, changed in flipped(content, bit=bit):
            name = f"{len(names)}-x-{key}"
            names[name] = what
            with open(os.path.join(folder, name), "wb") as file:
                file.write(changed)
    sound = f"sound-x-{key}"
    shutil.copy(os.path.join(run.folder, run.reference.result), os.path.join(folder, sound))
    outcome = program.call(["verify", folder, "--json"], timeout=600)
    try:
        found = {os.path.basename(f["file"]) for f in json.loads(outcome.output)["findings"]}
    except ValueError:
        found = set()
    for name, what in names.items():
        tally.check([] if name in found else [f"not found: {outcome.summary}"], what)
    tally.check([] if sound not in found and outcome.code == 11 else [outcome.summary], "a sound one")
    shutil.rmtree(place)
    report.show(tally)


def prove_base(program, report, options, run):
    """A file that stores what changed since another one is worth nothing without that."""
    base, name = min(run.reference.digests), run.reference.result
    content = run.content(base)
    step = 1 if options.long else 20
    folder = program.new_folder("bases")

    def read(item):
        what, changed = item
        place = os.path.join(folder, what.replace(" ", "-"))
        os.mkdir(place)
        shutil.copy(os.path.join(run.folder, name), place)
        with open(os.path.join(place, base), "wb") as file:
            file.write(changed)
        output = os.path.join(place, "out.safetensors")
        outcome = program.call(["export", os.path.join(place, name), "--output", output])
        problems = []
        if outcome.code != 11 or "what changed since the checkpoint of key" not in outcome.errors:
            problems.append(outcome.summary)
        if os.path.exists(output):
            problems.append("weights told from a damaged file were exported")
        shutil.rmtree(place)
        return problems

    tally = report.tally(
        f"the base of a delta, {len(content):,} bytes, every {step}th flipped, cut at as many lengths; "
        "export of the delta")
    in_chunks(program, tally, [*flipped(content, step), *cut(content, step)], read)
    report.show(tally)

    step = 7 if options.long else 173
    tally = report.tally(f"runs and verifications that find it damaged (every {step}th)")

    def rerun(item):
        place = run.copy_with(base, item[1])
        folder = run.job.run_folder(place)
        found = runs.problems_of_verification(
            program.call(["verify", folder, "--json"]), damaged={base})
        restored = program.call(["replay", "train", folder, "--restore"])
        problems = found + ([] if restored.code == 0 else [f"replay: {restored.summary}"])
        problems += run.job.problems_at_end(
            place, run.job.run(place), run.reference, ignoring={base + ".damaged"})
        shutil.rmtree(place)
        # And by the run itself, which needs the base of what it goes on from.
        return problems + run.goes_on(
            run.copy_with(base, item[1]), base, ".damaged", above=[name])

    in_chunks(program, tally, [*flipped(content, step), *cut(content, step)], rerun)
    report.show(tally)
