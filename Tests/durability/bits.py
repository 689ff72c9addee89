"""The same bits over threads, over interruptions at every step, and over builds."""

import os

import runs
from faults import calls
from program import Program
from scenarios import TICK


def prove(program, report, options):
    prove_threads(program, report)
    prove_interruptions(program, report, options)
    compare_builds(program, report, options)


def prove_threads(program, report):
    # Large enough for the work of a step to be divided.
    job = runs.Job(program, "threads", rows=600, hidden="[96, 64]", batch=64)
    reference = job.reference()
    counts = [1, 2, 3, 5]
    tally = report.tally(f"{len(counts)} numbers of threads (1, 2, 3, 5)")
    for threads in counts:
        place = job.new_place()
        outcome = job.run(place, "--threads", str(threads))
        tally.check(job.problems_at_end(place, outcome, reference), f"{threads} threads")
    report.show(tally)


# How often all readings are tried, where steps were missed.
MOST_PASSES = 4


class Interruptions:
    """SIGTERM at a reading of the clock, of which there is one a step at least."""

    def __init__(self, job):
        self.job = job
        self.reference = job.reference(tick=TICK)
        self.points = set()

    def interrupt(self, place, reading):
        """Runs until the signal; returns what is wrong, and whether the run was interrupted."""
        log = os.path.join(self.job.program.folder, f"log-{os.path.basename(place)}")
        outcome = self.job.run(place, tick=TICK, term=reading, log=log)
        was_sent = any(call.word == "TERM" for call in calls(log))
        os.path.exists(log) and os.unlink(log)
        if outcome.code == 75 and was_sent:
            return self.job.problems_on_disk(place), True
        # Behind the last step there is nothing to interrupt.
        if outcome.code == 0:
            return [], False
        return [f"after SIGTERM: {outcome.summary}"], was_sent

    def once(self, case):
        place = self.job.new_place()
        problems = []
        count = 0
        for reading in case:
            more, is_interrupted = self.interrupt(place, reading)
            problems += more
            count += is_interrupted
        outcome = self.job.run(place, tick=TICK)
        self.points |= {
            (e["stage"], e["epoch"], e["step"])
            for e in runs.events(self.job.run_folder(place)) if e["event"] == "stage_resumed"
        }
        return problems + self.job.problems_at_end(place, outcome, self.reference), count

    def readings(self):
        """How often an uninterrupted run reads the clock: beyond that no signal is sent."""
        low, high = 0, 1 << 14
        while low + 1 < high:
            middle = (low + high) // 2
            place = self.job.new_place()
            log = os.path.join(self.job.program.folder, "log-readings")
            self.job.run(place, tick=TICK, term=middle, log=log)
            reached = any(call.word == "TERM" for call in calls(log))
            os.path.exists(log) and os.unlink(log)
            low, high = (middle, high) if reached else (low, middle)
        return low


def prove_interruptions(program, report, options):
    epochs, rows, batch = (2, 60, 7)
    job = runs.Job(
        program, "steps", rows=rows, batch=batch,
        stages="  - train: {epochs: 2}\n  - prune: {to: 0.5}\n  - finetune: {epochs: 2}\n")
    interruptions = Interruptions(job)
    # 60 % of the rows are for training. A stage's last step is followed by its commit.
    steps = 2 * (epochs * -(-(rows * 3 // 5) // batch) - 1)
    for name, second in [("once", None), ("twice in a row", 3)]:
        cases = []
        for reading in range(1, interruptions.readings() + 1):
            cases.append((reading,) if second is None else (reading, second + reading % 9))
        tally = report.tally("")
        total = 0
        # The thread that takes the signal may get its turn a step late where other programs have the processors:
        # then the same readings meet other steps in another pass.
        for _ in range(MOST_PASSES):
            for case, (problems, count) in zip(cases, program.each(cases, interruptions.once)):
                total += count
                tally.check(problems, f"SIGTERM at readings {case}")
            missing = steps - len(interruptions.points)
            if missing <= 0:
                break
        tally.check(
            [] if missing <= 0 else [f"only {len(interruptions.points)} of {steps} steps"],
            "interruption at every step")
        tally.label = f"SIGTERM at {steps} steps, {name}, {total} interruptions; runs"
        report.show(tally)


def compare_builds(program, report, options):
    if not os.access(options.debug, os.X_OK):
        return report.note(f"no build at {options.debug} to compare with")
    other = Program(os.path.abspath(options.debug), program.jobs)
    try:
        tally = report.tally("debug against release build, which need not agree; schedules")
        for name, sizes in {"narrow": "[6]", "wide": "[96, 64]"}.items():
            job = runs.Job(program, name, rows=300, hidden=sizes, batch=32)
            reference = job.reference()
            job.program = other
            place = job.new_place()
            outcome = job.run(place)
            differences = reference.differences(
                runs.Contents(job.run_folder(place)), ignoring={"result.safetensors"})
            report.note(
                f"debug and release build, '{name}': "
                + ("the same bits" if not differences else f"differ: {'; '.join(differences[:3])}"))
            # What is proved is that each build alone is sound; that they agree is only reported.
            tally.check([] if outcome.code == 0 else [outcome.summary], name)
        report.show(tally)
    finally:
        other.remove()
