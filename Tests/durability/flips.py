"""Every byte of a checkpoint and of run.json changed, and both cut at every length."""

import os
import shutil

import runs

# 11: damaged. 65: no longer a checkpoint at all, or one of a newer format.
DAMAGED = {11, 65}
# What `status` may say of a run with a damaged manifest: damaged; of another format or name; or, when
# the bytes are gone altogether, not there.
STATUS_CODES = {11, 65, 66}


class Copies:
    """Copies of a finished run in folders that are used again and again, one a thread."""

    def __init__(self, job, original):
        self.job = job
        self.original = original

    def fresh(self):
        place = self.job.new_place()
        shutil.copytree(
            self.original, self.job.run_folder(place), symlinks=True, copy_function=shutil.copy2)
        return place


def changes(content, step, bits):
    """The positions to flip with the bits, then the lengths to cut at."""
    for position in range(0, len(content), step):
        for bit in bits(position):
            yield f"bit {bit} of byte {position}", (
                content[:position] + bytes([content[position] ^ 1 << bit]) + content[position + 1:])
    for length in range(0, len(content), step):
        yield f"cut to {length} bytes", content[:length]


def in_chunks(program, tally, items, body):
    """Counts all of `items`, holding few of them in memory."""
    chunk = []
    for item in items:
        chunk.append(item)
        if len(chunk) == 512:
            tally_chunk(program, tally, chunk, body)
            chunk = []
    tally_chunk(program, tally, chunk, body)


def tally_chunk(program, tally, chunk, body):
    for (what, _), problems in zip(chunk, program.each(chunk, body)):
        tally.check(problems, what)


def prove(program, report, options):
    job = runs.Job(program, stages="  - train: {epochs: 1}\n  - prune: {to: 0.5}\n", hidden="[3]")
    place = job.new_place()
    outcome = job.run(place)
    if outcome.code != 0:
        raise RuntimeError(outcome.summary)
    original = job.run_folder(place)
    reference = runs.Contents(original)
    prove_checkpoint(program, report, options, job, original, reference)
    prove_manifest(program, report, options, job, original, reference)


def bits_of(options):
    return (lambda _: range(8)) if options.long else (lambda position: [(position // 5) % 8])


def prove_checkpoint(program, report, options, job, original, reference):
    with open(os.path.join(original, reference.result), "rb") as file:
        content = file.read()
    folder = program.new_folder("flips")
    codes = {}

    def read(item):
        what, changed = item
        name = os.path.join(folder, what.replace(" ", "-"))
        with open(name, "wb") as file:
            file.write(changed)
        output = name + ".out.safetensors"
        # `export` reads every entry and needs no data.
        outcome = program.call(["export", name, "--output", output])
        problems = []
        if outcome.code not in DAMAGED:
            problems.append(outcome.summary)
        elif not outcome.errors.startswith("ecpipe: "):
            problems.append(f"no message: {outcome.summary}")
        if os.path.exists(output):
            problems.append("weights of a damaged file were exported")
            os.unlink(output)
        os.unlink(name)
        codes[outcome.code] = codes.get(outcome.code, 0) + 1
        return problems

    step = 1 if options.long else 5
    every = "every" if step == 1 else f"every {step}th"
    tally = report.tally(
        f"checkpoint of {len(content):,} bytes: {every} byte flipped, cut at {every} length")
    in_chunks(program, tally, changes(content, step, bits_of(options)), read)
    report.show(tally)
    report.note("exit codes: " + ", ".join(f"{n} × {code}" for code, n in sorted(codes.items())))

    # A run does not go on from a damaged checkpoint, but computes it anew.
    copies = Copies(job, original)

    def rerun(item):
        place = copies.fresh()
        folder = job.run_folder(place)
        with open(os.path.join(folder, reference.result), "wb") as file:
            file.write(item[1])
        outcome = job.run(place)
        more = {name for name in os.listdir(folder) if ".damaged" in name}
        problems = [] if outcome.code == 0 else [outcome.summary]
        if not more:
            problems.append("the damaged file is not kept aside")
        problems += reference.differences(runs.Contents(folder), ignoring=more)
        shutil.rmtree(place)
        return problems

    step = 11 if options.long else 211
    tally = report.tally(f"runs that find their last checkpoint damaged (every {step}th byte)")
    in_chunks(program, tally, changes(content, step, bits_of(options)), rerun)
    report.show(tally)


def prove_manifest(program, report, options, job, original, reference):
    with open(os.path.join(original, "run.json"), "rb") as file:
        content = file.read()
    copies = Copies(job, original)
    codes = {}

    def damage(item):
        place = copies.fresh()
        folder = job.run_folder(place)
        with open(os.path.join(folder, "run.json"), "wb") as file:
            file.write(item[1])
        problems = []
        outcome = program.call(["status", folder])
        codes[outcome.code] = codes.get(outcome.code, 0) + 1
        if outcome.code not in STATUS_CODES or not outcome.errors.startswith("ecpipe: "):
            problems.append(f"status: {outcome.summary}")
        outcome = job.run(place)
        if outcome.code != 0:
            problems.append(f"run: {outcome.summary}")
        problems += reference.differences(
            runs.Contents(folder), ignoring={"run.json.damaged"})
        shutil.rmtree(place)
        return problems

    step = 1 if options.long else 47
    tally = report.tally(
        f"run.json of {len(content):,} bytes: "
        + ("every byte" if step == 1 else f"every {step}th byte")
        + " flipped, cut at as many lengths; status and run")
    in_chunks(
        program, tally, changes(content, step, lambda position: [(position // 47) % 8]), damage)
    report.show(tally)
    report.note(
        "exit codes of status: " + ", ".join(f"{n} × {code}" for code, n in sorted(codes.items())))
