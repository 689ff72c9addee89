"""Every file-changing call of a command, and every fault at it: nothing is lost, the bits are the same."""

import collections
import os
import re
import shutil

from runs import SEARCH
from scenarios import (
    TICK, Collecting, RestoringDamaged, RestoringReleased, Running, RunningFrom, RunningRestored)

ALL_FAULTS = ["kill-before", "kill-after", "EIO", "ENOSPC"]
# What a failed command has to say.
WORDS = {
    "EIO": "Input/output error", "ENOSPC": "disk is full", "EROFS": "Read-only file system",
}
SECOND_FAULTS = ["EIO", "kill-after", "ENOSPC", "kill-before"]
CAN_BE_INTERRUPTED = {"open", "write", "pwrite", "fsync", "close", "ftruncate"}


class Call:
    """A line of the log of `preload.c`."""

    def __init__(self, line):
        number, self.name, self.word, self.path = line.rstrip("\n").split(" ", 3)
        self.number = int(number)
        # Which one it is of the calls of this name on this path, from 1, where that is known.
        self.turn = None

    @property
    def is_optional(self):
        """Whether a run may go on without this call: the log of events is for people, so are the report
        and the text in the lock, nothing is written to pins that a collection only locks, and leftovers
        that cannot be removed now are removed at the next start."""
        return (
            self.path.endswith("/events.jsonl")
            or self.is_of_report
            or (self.path.endswith(".lock") and self.name in ("pwrite", "ftruncate"))
            or (self.path.endswith((".lock", "/pins.jsonl")) and self.name == "close")
            or (self.name == "unlink" and self.path.endswith(".partial")))

    @property
    def is_of_report(self):
        return "/report." in self.path

    @property
    def kind(self):
        """Its name, and the kind of file that it is on: names of checkpoints begin with their stage's number,
        name and key."""
        return self.name, re.sub(r"(?<=/)\d[^/]*(?=\.safetensors)", "N", self.relative)


def calls(log):
    try:
        with open(log, encoding="utf-8") as file:
            return [Call(line) for line in file]
    except FileNotFoundError:
        return []


def numbered(made, place):
    """The counted calls of a command on files in `place`, each with its turn."""
    made = [call for call in made if call.number > 0]
    turns = collections.Counter()
    for call in made:
        # Relative to the place, which is another one each time.
        call.relative = os.path.relpath(call.path, place) if call.path != place else ""
        turns[call.name, call.relative] += 1
        call.turn = turns[call.name, call.relative]
    # The report is written again and again, each time by the same calls: the last of them stand for all.
    return [call for call in made if not call.is_of_report
            or call.turn == turns[call.name, call.relative]]


# What a folder is synced behind.
CHANGES_FOLDER = {"mkdir", "rename", "symlink", "unlink"}


def chosen(made, options):
    """All calls; in the short form of those of one kind the first and the last, because what is done for one stage
    is done for the others. Folders are synced for many reasons, each of which is a kind."""
    if options.long:
        return made
    kinds = collections.defaultdict(list)
    reason = None
    for call in made:
        if call.name in CHANGES_FOLDER:
            reason = call.kind
        kinds[call.kind, reason if call.name == "fsync" else None].append(call.number)
    numbers = {number for those in kinds.values() for number in (those[0], those[-1])}
    return [call for call in made if call.number in numbers]


class Faults:
    """Faults in one scenario's command."""

    def __init__(self, scenario):
        self.scenario = scenario
        self.program = scenario.job.program

    def made(self):
        """The file-changing calls of the command, in their order."""
        place = self.scenario.new_place()
        outcome, made = self.logged(place, "list")
        if outcome.code != 0:
            raise RuntimeError(f"{self.scenario.title} without a fault: {outcome.summary}")
        return numbered(made, place)

    def logged(self, place, name, **preloaded):
        log = os.path.join(self.program.folder, f"log-{os.path.basename(place)}-{name}")
        outcome = self.scenario.call(place, log=log, **preloaded)
        made = calls(log)
        os.path.exists(log) and os.unlink(log)
        return outcome, made

    def inject(self, place, kind, where, name):
        """The command with one fault: what is wrong afterwards, and whether the fault was reached."""
        outcome, made = self.logged(place, name, fault=f"{kind}:{where}")
        hit = next((call for call in made if call.word == "FAULT"), None)
        problems = self.problems_of_end(outcome, kind, hit, made)
        return problems + self.scenario.problems_after(place), hit is not None

    def problems_of_end(self, outcome, kind, hit, made):
        problems = [f"{c.name} {c.path}: not counted" for c in made if c.word == "UNCOUNTED"]
        problems += [f"a failed fsync of {c.path} is tried again" for c in made if c.word == "RETRY"]
        if hit is None or kind in ("short", "EINTR"):
            if outcome.code != 0:
                problems.append(f"it should have succeeded: {outcome.summary}")
        elif kind.startswith("kill"):
            if outcome.code != -9:
                problems.append(f"it should have been killed: {outcome.summary}")
        elif outcome.code == 0:
            if not hit.is_optional:
                problems.append(f"{kind} at {hit.name} {hit.path} went unnoticed")
        else:
            if outcome.code != 1 or WORDS[kind] not in outcome.errors:
                problems.append(f"not exit 1 with '{WORDS[kind]}': {outcome.summary}")
        return problems

    def again(self, place):
        problems = self.scenario.problems_at_end(place, self.scenario.go_on(place))
        shutil.rmtree(place)
        return problems

    def once(self, case):
        """One fault, then the same command again."""
        kind, call = case
        place = self.scenario.new_place()
        problems, is_hit = self.inject(place, kind, address(call), "first")
        if not is_hit:
            problems.append("the call was not reached")
        return problems + self.again(place)

    def twice(self, case):
        """A fault, another one when the command is given again, then once more without."""
        kind, call, second_kind, second_number = case
        place = self.scenario.new_place()
        problems, is_hit = self.inject(place, kind, address(call), "first")
        if not is_hit:
            problems.append("the call was not reached")
        more, is_hit_again = self.inject(place, second_kind, second_number, "second")
        return problems + more + self.again(place), is_hit_again


def address(call):
    """A call by its turn, because calls on different files may come in another order each time."""
    return f"{call.turn}:{call.name}:{call.relative}"


def described(kind, call):
    return f"{kind} at {call.name} {call.relative} ({call.turn})"


def prove(program, report, options):
    running = Running(program)
    delta = Running(program, "run, delta: true", checkpoints="delta: true", name="delta")
    search = Running(program, "run, a search", name="search", stages=SEARCH)
    made = prove_scenario(program, report, options, running)
    saves = sum(c.name == "rename" and c.path.endswith("progress.safetensors") for c in made)
    check = report.tally(f"the run lists its commits ({saves} saves of progress inside stages)")
    check.check([] if saves >= 2 else ["progress was saved less than twice"], "progress")
    report.show(check)
    prove_twice(program, report, Faults(running), made, options)
    # Their calls are those of other runs; what differs is what a kill leaves undecided.
    prove_scenario(
        program, report, options, delta, only=None if options.long else ["kill-before", "kill-after"])
    prove_scenario(program, report, options, search, only=["kill-after"])
    for scenario in [Collecting, RestoringReleased, RestoringDamaged]:
        prove_scenario(program, report, options, scenario(running))
    prove_scenario(program, report, options, RestoringDamaged(delta))
    for scenario in [RunningFrom(running), RunningFrom(delta), RunningRestored(running)]:
        prove_scenario(program, report, options, scenario, only=["kill-before", "kill-after"])


def prove_scenario(program, report, options, scenario, only=None):
    """Each fault, or those of `only`, once at each of the calls that are chosen; returns all calls."""
    faults = Faults(scenario)
    made = faults.made()
    kinds = collections.Counter(call.name for call in made)
    report.note(
        f"{scenario.title}: {len(made)} file-changing calls of {len({call.kind for call in made})} kinds: "
        + ", ".join(f"{count} {name}" for name, count in kinds.most_common()))
    taken = chosen(made, options)
    for kind, names in [
        *((kind, kinds) for kind in [*ALL_FAULTS, "EROFS"]), ("short", {"write"}),
        ("EINTR", CAN_BE_INTERRUPTED)
    ]:
        if only and kind not in only:
            continue
        cases = [(kind, call) for call in taken if call.name in names]
        tally = report.tally(f"{scenario.title}: {kind} at {len(cases)} calls")
        for (_, call), problems in zip(cases, program.each(cases, faults.once)):
            tally.check(problems, described(kind, call))
        if cases:
            report.show(tally)
    return made


def prove_twice(program, report, faults, made, options):
    count = len(made)
    taken = chosen(made, options)
    cases = []
    for index, call in enumerate(taken):
        for round, kind in enumerate(ALL_FAULTS):
            # What is left to do has about as many calls as were not made; a few more start a run.
            left = count - call.number + 20
            seconds = range(1 + call.number % 5, left + 1, 5) if options.long else [
                1 + (13 * call.number + 7 * round) % left]
            for second in seconds:
                cases.append((kind, call, SECOND_FAULTS[(index + round + second) % 4], second))
    tally = report.tally(f"run: {len(ALL_FAULTS)} faults at {len(taken)} calls, then a second one")
    reached = 0
    for case, (problems, is_hit) in zip(cases, program.each(cases, faults.twice)):
        kind, call, second_kind, second = case
        reached += is_hit
        tally.check(problems, f"{described(kind, call)}, then {second_kind} at call {second}")
    report.show(tally)
    report.note(f"the second fault was reached in {reached} of {len(cases)}, else the run had ended")
