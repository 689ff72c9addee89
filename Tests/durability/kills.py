"""SIGKILL at random moments of whole runs, continued each time."""

import os
import random
import subprocess
import threading
import time

import runs
from scenarios import TICK

SCHEDULES = {
    # One stage of thousands of steps that saves its progress again and again.
    "saves": "  - train: {epochs: 120}\n  - evaluate: {part: test}\n",
    # Many short stages.
    "rounds": """\
  - train: {epochs: 3}
  - alternate:
      rounds: 4
      sparsity: {to: 0.8, curve: cubic}
      finetune: {epochs: 2}
  - evaluate: {part: test}
""",
    "small": runs.SMALL,
    "search": runs.SEARCH,
}
# With the real clock, and long enough for saves every second.
SLOW = "  - train: {epochs: 400}\n  - prune: {to: 0.5}\n  - finetune: {epochs: 10}\n"


class Victim:
    """One schedule whose runs are killed."""

    def __init__(self, job, tick):
        self.job = job
        self.preloaded = {"tick": tick} if tick else {}
        self.resumed = 0
        started = time.monotonic()
        self.reference = job.reference(**self.preloaded)
        self.seconds = time.monotonic() - started

    def start_and_kill(self, place, seconds):
        """Starts the run and kills it after so many seconds; its exit code."""
        variables = {**os.environ}
        if self.preloaded:
            variables.update(self.job.program.environment(place, **self.preloaded))
        process = subprocess.Popen(
            [self.job.program.path, *self.job.arguments(place)], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=variables)
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            return process.wait()

    def whole_run(self, draw, kills):
        """Kills the run at random moments until it ends by itself, as often as `kills` allows.

        Returns: what is wrong, and how often it was killed."""
        place = self.job.new_place()
        folder = self.job.run_folder(place)
        problems = []
        count = 0
        while kills.take():
            known = runs.listed_keys(folder)
            state = Standing(folder)
            code = self.start_and_kill(place, draw.uniform(0, 1.2 * self.seconds))
            problems += state.losses(known, "a run after a kill")
            if code == 0:
                kills.give_back()
                break
            if code != -9:
                problems.append(f"exit {code} instead of a kill")
                break
            count += 1
            problems += self.job.problems_on_disk(place)
        state, known = Standing(folder), runs.listed_keys(folder)
        outcome = self.job.run(place, **self.preloaded)
        problems += state.losses(known, "the last run")
        self.resumed += sum(e["event"] == "stage_resumed" for e in runs.events(folder))
        return problems + self.job.problems_at_end(place, outcome, self.reference), count


class Standing:
    """How far a run was when it was killed, to see that the next one begins no earlier."""

    def __init__(self, folder):
        self.folder = folder
        try:
            self.events = runs.events(folder)
        except ValueError as error:
            raise RuntimeError(f"{folder}: events.jsonl has a torn line inside: {error}") from error
        self.saved = {}
        for event in self.events:
            if event["event"] == "progress_saved":
                self.saved[event["stage"]] = (event["epoch"], event["step"])
            elif event["event"] == "stage_finished":
                self.saved.pop(event["stage"], None)

    def losses(self, known, which):
        """Stages in `known` that were begun again, and progress that was begun before its save."""
        problems = []
        finished = set(known.values())
        resumed = set()
        for event in runs.events(self.folder)[len(self.events):]:
            stage = event.get("stage")
            if event["event"] == "stage_started" and stage in finished:
                problems.append(f"{which} computes {stage} again, which run.json listed")
            if event["event"] == "stage_resumed" and stage in self.saved:
                resumed.add(stage)
                if (event["epoch"], event["step"]) < self.saved[stage]:
                    problems.append(
                        f"{which} resumes {stage} at {event['epoch']}/{event['step']}, though "
                        f"{self.saved[stage]} was saved")
            if event["event"] == "epoch_finished" and stage in self.saved and stage not in resumed:
                if event["epoch"] <= self.saved[stage][0]:
                    problems.append(f"{which} repeats an epoch of {stage} that was saved")
        return problems


class Kills:
    """How many kills are left, shared by the threads that make them."""

    def __init__(self, count):
        self.left = count
        self._lock = threading.Lock()

    def take(self):
        with self._lock:
            if self.left == 0:
                return False
            self.left -= 1
            return True

    def give_back(self):
        with self._lock:
            self.left += 1


def prove(program, report, options):
    wanted = 1000 if options.long else 100
    report.note(f"seed {options.seed}")
    # The rounds tell differences from one another.
    jobs = [
        (runs.Job(program, name, stages, checkpoints="delta: true" if name == "rounds" else ""), TICK)
        for name, stages in SCHEDULES.items()
    ]
    slow = runs.Job(program, "slow", SLOW, rows=3000, hidden="[64, 64]", batch=16)
    jobs.append((slow, None))
    share = [wanted * part // 20 for part in (7, 5, 3, 4, 1)]
    share[0] += wanted - sum(share)
    for (job, tick), count in zip(jobs, share):
        victim = Victim(job, tick)
        kills = Kills(count)
        tally = report.tally("")
        draws = [random.Random(f"{options.seed}-{job.name}-{n}") for n in range(program.jobs)]
        finished = []

        def work(draw):
            while kills.left > 0:
                problems, killed = victim.whole_run(draw, kills)
                finished.append(killed)
                tally.check(problems, f"{job.name}, a run killed {killed} times")

        # A kill that came too late is given back, perhaps when all other runs have ended.
        while kills.left > 0:
            program.each(draws, work)
        clock = "the real clock" if tick is None else f"a clock of {tick} ms a step"
        tally.label = (
            f"{sum(finished)} kills, {victim.resumed} of them behind a save, in {len(finished)} "
            f"runs of '{job.name}' "
            f"({victim.seconds:.2f} s each, {clock}); runs")
        tally.check([] if sum(finished) >= count else ["too few kills"], "number of kills")
        if job.name == "saves":
            tally.check(
                [] if victim.resumed > count // 4 else ["few kills met a save"], "kills behind saves")
        report.show(tally)
