"""Every file-changing call of a run, and every fault at it: nothing is lost, and the bits are the same."""

import collections
import os

from runs import Job

# Milliseconds that a reading of the clock takes in these runs, so that progress is saved at the same
# steps every time, several times in a stage of a few milliseconds.
TICK = 100
ALL_FAULTS = ["kill-before", "kill-after", "EIO", "ENOSPC"]
SECOND_FAULTS = ["EIO", "kill-after", "ENOSPC", "kill-before"]
CAN_BE_INTERRUPTED = {"open", "write", "pwrite", "fsync", "close", "ftruncate"}


class Call:
    """A line of the log of `preload.c`."""

    def __init__(self, line):
        number, self.name, self.word, self.path = line.rstrip("\n").split(" ", 3)
        self.number = int(number)

    @property
    def is_optional(self):
        """Whether a run may go on without this call: the log of events is for people, so is the text
        in the lock, and leftovers that cannot be removed now are removed at the next start."""
        return (
            self.path.endswith("/events.jsonl") or self.path.endswith(".lock")
            or (self.name == "unlink" and self.path.endswith(".partial")))


def calls(log):
    try:
        with open(log, encoding="utf-8") as file:
            return [Call(line) for line in file]
    except FileNotFoundError:
        return []


class Faults:
    def __init__(self, job, reference):
        self.job = job
        self.reference = reference

    def inject(self, place, kind, number, name):
        """One run with one fault: what is wrong afterwards, and whether the fault was reached."""
        log = os.path.join(self.job.program.folder, f"log-{os.path.basename(place)}-{name}")
        outcome = self.job.run(place, fault=f"{kind}:{number}", log=log, tick=TICK)
        made = calls(log)
        os.path.exists(log) and os.unlink(log)
        hit = next((call for call in made if call.word == "FAULT"), None)
        problems = self.problems_of_end(outcome, kind, hit, made)
        return problems + self.job.problems_on_disk(place), hit is not None

    def problems_of_end(self, outcome, kind, hit, made):
        problems = [f"{c.name} {c.path}: not counted" for c in made if c.word == "UNCOUNTED"]
        problems += [f"a failed fsync of {c.path} is tried again" for c in made if c.word == "RETRY"]
        if hit is None or kind in ("short", "EINTR"):
            if outcome.code != 0:
                problems.append(f"the run should have succeeded: {outcome.summary}")
        elif kind.startswith("kill"):
            if outcome.code != -9:
                problems.append(f"the run should have been killed: {outcome.summary}")
        elif outcome.code == 0:
            if not hit.is_optional:
                problems.append(f"{kind} at {hit.name} {hit.path} went unnoticed")
        else:
            word = "disk is full" if kind == "ENOSPC" else "Input/output error"
            if outcome.code != 1 or word not in outcome.errors:
                problems.append(f"not exit 1 with '{word}': {outcome.summary}")
        return problems

    def once(self, case):
        """One fault, then the same command again."""
        kind, number = case
        place = self.job.new_place()
        problems, is_hit = self.inject(place, kind, number, "first")
        if not is_hit:
            problems.append("the call was not reached")
        outcome = self.job.run(place, tick=TICK)
        return problems + self.job.problems_at_end(place, outcome, self.reference)

    def twice(self, case):
        """A fault, another one in the run that goes on, then the same command again."""
        kind, number, second_kind, second_number = case
        place = self.job.new_place()
        problems, is_hit = self.inject(place, kind, number, "first")
        if not is_hit:
            problems.append("the call was not reached")
        more, is_hit_again = self.inject(place, second_kind, second_number, "second")
        outcome = self.job.run(place, tick=TICK)
        problems += more + self.job.problems_at_end(place, outcome, self.reference)
        return problems, is_hit_again


def list_calls(program):
    """A job, the file-changing calls of its run in their order, and what the run ends in."""
    job = Job(program)
    place = job.new_place()
    log = os.path.join(program.folder, "log-list")
    reference = job.reference(tick=TICK)
    outcome = job.run(place, log=log, tick=TICK)
    if outcome.code != 0:
        raise RuntimeError(f"the run without a fault failed: {outcome.summary}")
    made = calls(log)
    os.unlink(log)
    saves = sum(c.name == "rename" and c.path.endswith("progress.safetensors") for c in made)
    return job, [call for call in made if call.number > 0], reference, saves


def prove(program, report, options):
    job, made, reference, saves = list_calls(program)
    kinds = collections.Counter(call.name for call in made)
    report.note(
        f"{len(made)} file-changing calls: "
        + ", ".join(f"{count} {name}" for name, count in kinds.most_common()))
    check = report.tally(f"the run lists its commits ({saves} saves of progress inside stages)")
    check.check([] if saves >= 2 else ["progress was saved less than twice"], "progress")
    report.show(check)

    faults = Faults(job, reference)
    cases = [(kind, call.number) for call in made for kind in ALL_FAULTS]
    tally = report.tally(f"{len(made)} calls × {len(ALL_FAULTS)} faults")
    results = program.each(cases, faults.once)
    for (kind, number), problems in zip(cases, results):
        tally.check(problems, f"{kind} at call {number} ({made[number - 1].name})")
    report.show(tally)

    for kind, names in [("short", {"write"}), ("EINTR", CAN_BE_INTERRUPTED)]:
        cases = [(kind, call.number) for call in made if call.name in names]
        tally = report.tally(f"{len(cases)} calls × {kind}, which has to make no difference")
        for case, problems in zip(cases, program.each(cases, faults.once)):
            tally.check(problems, f"{kind} at call {case[1]} ({made[case[1] - 1].name})")
        report.show(tally)

    prove_twice(program, report, faults, made, options)


def prove_twice(program, report, faults, made, options):
    count = len(made)
    cases = []
    for index, call in enumerate(made):
        for round, kind in enumerate(ALL_FAULTS):
            if not options.long and round != index % len(ALL_FAULTS):
                continue
            # What is left to do has about as many calls as were not made; a few more start a run.
            left = count - call.number + 20
            seconds = range(1, left + 1) if options.long and kind == "kill-before" else [
                1 + (13 * call.number + 7 * round) % left]
            for second in seconds:
                if options.long and kind == "kill-before" and second % 5 != call.number % 5:
                    continue
                cases.append((kind, call.number, SECOND_FAULTS[(index + second) % 4], second))
    tally = report.tally(f"{count} calls, {len(cases)} pairs of faults, one after the other")
    reached = 0
    for case, (problems, is_hit) in zip(cases, program.each(cases, faults.twice)):
        reached += is_hit
        tally.check(problems, "{} at call {}, then {} at call {}".format(*case))
    report.show(tally)
    report.note(f"the second fault was reached in {reached} of them, else the run had ended")
