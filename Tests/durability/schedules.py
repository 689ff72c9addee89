"""Schedules drawn from a seed, each run straight, with another number of threads, and interrupted in
every way that there is: the same bits, and the same `run.json` but for its times."""

import collections
import os
import random
import shutil
import signal
import subprocess
import time

import faults
import runs
from drawn import Drawn
from program import FOLDER
from scenarios import TICK

WAYS = {"TERM": signal.SIGTERM, "INT": signal.SIGINT, "HUP": signal.SIGHUP, "KILL": signal.SIGKILL}
# Where failing schedules are kept.
FAILED = os.path.join(FOLDER, "..", "..", ".build", "failed-schedules")
# What so many schedules have to say among them.
ENOUGH = 300
WORDS = set("""
    csv npy idx generate classification regression cross_entropy binary_cross_entropy mse mae huber
    label_smoothing sgd momentum nesterov adam adamw continue weight_decay cosine linear exponential step
    constant warmup_steps clip early_stop restore_best train finetune prune alternate evaluate rewind until
    accuracy_drop loss_increase confidence recovered ec magnitude gradient_magnitude
    gradient_magnitude_signed taylor variance wanda obd random nonlinear fisher output none mean
    least_squares probes samples steps regrow global uniform erk lamp manual sensitivity optimal ladder
    unit n_of_m bytes multiply_adds milliseconds min_density max_sparsity keep one_shot cubic fraction
    delta moments scale_targets header delimiter
""".split())
MOST_SECONDS = 120


class DrawnJob(runs.Job):
    """A drawn schedule with its files, which any number of runs in folders of their own share."""

    def __init__(self, program, drawn):
        self.program = program
        self.name = drawn.schedule["name"]
        self.is_timed = drawn.is_timed
        self.folder = program.new_folder("job-drawn")
        for name, content in {**drawn.files, "drawn.yaml": drawn.text.encode()}.items():
            with open(os.path.join(self.folder, name), "wb") as file:
                file.write(content)
        self.schedule = os.path.join(self.folder, "drawn.yaml")

    def start(self, place, *more, **preloaded):
        """The run as a process that goes on beside this one."""
        return subprocess.Popen(
            [self.program.path, *self.arguments(place, *more)], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, **self.program.environment(place, **preloaded)})


class Case:
    """One drawn schedule and all that is done to it."""

    def __init__(self, program, seed):
        self.draw = random.Random(f"interruptions of {seed}")
        drawn = Drawn(seed)
        self.words = words(drawn.schedule)
        self.job = DrawnJob(program, drawn)
        self.places = []
        # How many interruptions met a run at work, and how many came too late.
        self.met = collections.Counter()

    @property
    def is_valid(self):
        return self.job.program.call(["validate", self.job.schedule]).code == 0

    def new_place(self):
        self.places.append(self.job.new_place())
        return self.places[-1]

    def remove(self, keep_in=None):
        """Deletes all files, or moves them to a folder where they can be looked at."""
        for number, folder in enumerate([self.job.folder, *self.places]):
            if keep_in:
                name = "schedule" if number == 0 else f"run-{number}"
                shutil.copytree(folder, os.path.join(keep_in, name), symlinks=True)
            shutil.rmtree(folder, ignore_errors=True)

    def outcomes(self):
        """What was done, with what is wrong then."""
        straight = self.new_place()
        log = os.path.join(self.job.folder, "calls")
        started = time.monotonic()
        outcome = self.job.run(straight, tick=TICK, log=log, timeout=MOST_SECONDS)
        self.seconds = time.monotonic() - started
        self.calls = faults.numbered(faults.calls(log), straight)
        os.unlink(log)
        self.code = outcome.code
        self.forget_progress(straight)
        self.reference = runs.Contents(self.job.run_folder(straight))
        problems = [] if self.code in (0, 1) else [outcome.summary]
        yield "straight", problems + self.problems_at_end(straight, outcome)
        threads = self.draw.choice([1, 3, 5])
        place = self.new_place()
        outcome = self.job.run(place, "--threads", str(threads), timeout=MOST_SECONDS)
        yield f"{threads} threads", self.problems_at_end(place, outcome)
        for first in [*WAYS, "STOP", "reading", "call", "call"]:
            ways = [first] + self.draw.choice([[], [], [first], [self.draw.choice([*WAYS, "call"])]])
            yield " and ".join(ways), self.interrupted(ways)

    def interrupted(self, ways):
        """What is wrong with a run that is interrupted in each of these ways, then continued."""
        place = self.new_place()
        problems = []
        for way in ways:
            problems += self.interrupt(place, way)
            problems += self.job.problems_on_disk(place)
        outcome = self.job.run(place, timeout=MOST_SECONDS)
        return problems + self.problems_at_end(place, outcome)

    def interrupt(self, place, way):
        """Starts the run and interrupts it; what is wrong with how it ended."""
        more = ["--threads", str(self.draw.choice([1, 2, 3]))] if self.draw.random() < 0.3 else []
        tick = self.draw.choice([None, TICK])
        before = len(runs.events(self.job.run_folder(place)))
        moment = self.draw.uniform(0, 1.1 * self.seconds)
        if way == "call":
            # What becomes visible does so by renaming.
            renames = [call for call in self.calls if call.name == "rename"]
            call = self.draw.choice(self.draw.choice([self.calls, renames or self.calls]))
            fault = f"{self.draw.choice(['kill-before', 'kill-after'])}:{faults.address(call)}"
            process, sent = self.job.start(place, *more, tick=TICK, fault=fault), signal.SIGKILL
        elif way == "reading":
            sent = self.draw.choice(list(WAYS.values()))
            process = self.job.start(
                place, *more, tick=TICK, term=int(10 ** self.draw.uniform(0, 3.3)), signal=int(sent))
        else:
            process = self.job.start(place, *more, tick=tick)
            time.sleep(moment)
            sent = WAYS.get(way)
            if process.poll() is None and sent:
                process.send_signal(sent)
            elif process.poll() is None:
                self.stop_for_a_while(process)
        try:
            code = process.wait(MOST_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return [f"{way}: it did not end"]
        self.met["in time" if code not in (0, 1) or sent is None else "too late"] += 1
        has_begun = len(runs.events(self.job.run_folder(place))) > before
        allowed = {self.code, 75, -9 if sent == signal.SIGKILL else 75}
        if self.job.is_timed:
            allowed |= {0, 1}
        if sent == signal.SIGHUP:
            allowed.add(-sent)
        # Before the run has begun nobody waits for signals.
        if sent and not has_begun:
            allowed.add(-sent)
        return [] if code in allowed else [f"{way}: exit {code}"]

    def stop_for_a_while(self, process):
        process.send_signal(signal.SIGSTOP)
        time.sleep(self.draw.uniform(0, 0.05))
        process.send_signal(signal.SIGCONT)

    def forget_progress(self, place):
        """Removes what a run that fails inside a stage leaves there: as far as it had been saved."""
        path = os.path.join(self.job.run_folder(place), "progress.safetensors")
        if self.code == 1 and os.path.exists(path):
            os.unlink(path)

    def problems_at_end(self, place, outcome):
        self.forget_progress(place)
        if self.job.is_timed:
            # What was measured decides how much is pruned, and runs need not agree.
            problems = [] if outcome.code in (0, 1) else [outcome.summary]
            return problems + self.job.problems_on_disk(place)
        return self.job.problems_at_end(place, outcome, self.reference, code=self.code)


def words(value):
    """All keys and words of a schedule."""
    if isinstance(value, dict):
        return set(value).union(*map(words, value.values()))
    if isinstance(value, list):
        return set().union(*map(words, value))
    return {value} if isinstance(value, str) else set()


class Proof:
    """Draws schedules and counts what became of them."""

    def __init__(self, program, report, seed):
        self.program = program
        self.report = report
        self.seed = seed
        self.tally = report.tally("")
        self.totals = collections.Counter()
        self.seen = set()

    def valid_case(self, number):
        """The first schedule drawn for this number that `validate` accepts."""
        for attempt in range(100):
            case = Case(self.program, f"{self.seed}-{number}-{attempt}")
            if case.is_valid:
                return case
            case.remove()
            self.totals["unsound"] += 1
        raise RuntimeError("a hundred schedules in a row were not valid")

    def once(self, number):
        case = self.valid_case(number)
        is_good = True
        for what, problems in case.outcomes():
            self.tally.check(problems, f"schedule {number} of seed {self.seed}, {what}")
            is_good = is_good and not problems
        self.totals.update(schedules=1, failing=int(case.code != 0), timed=int(case.job.is_timed))
        self.totals.update(case.met)
        self.seen |= case.words
        if is_good:
            return case.remove()
        folder = os.path.realpath(os.path.join(FAILED, f"{self.seed}-{number}"))
        shutil.rmtree(folder, ignore_errors=True)
        case.remove(keep_in=folder)
        self.report.note(f"kept: {folder}; again: --only schedules --seed {self.seed} --schedule {number}")

    def show(self):
        totals = self.totals
        met, late = totals["in time"], totals["too late"]
        self.tally.check(
            [] if met > late else [f"only {met} of {met + late}"], "interruptions that met a run at work")
        missing = " ".join(sorted(WORDS - self.seen))
        if totals["schedules"] >= ENOUGH:
            self.tally.check([f"never drawn: {missing}"] if missing else [], "what is drawn")
        self.tally.label = (
            f"{totals['schedules']} schedules drawn and {totals['unsound']} that were not valid, "
            f"{totals['failing']} with a run that fails, {totals['timed']} with a limit of time; "
            f"{met} interruptions, {late} more came too late; runs")
        self.report.show(self.tally)


def prove(program, report, options):
    report.note(f"seed {options.seed}")
    proof = Proof(program, report, options.seed)
    count = options.schedules or (600 if options.long else 25)
    program.each([options.schedule] if options.schedule else range(1, count + 1), proof.once)
    proof.show()
