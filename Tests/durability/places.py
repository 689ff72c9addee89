"""Runs that are moved, copied, linked, or continued at another date: the same bits, and nothing lost."""

import os
import shutil

import runs
from scenarios import TICK

YEARS = 365 * 24 * 3600


class Interrupted:
    """Makes runs that were interrupted in the middle of a stage, behind a finished one."""

    def __init__(self, program):
        self.program = program
        self.job = runs.Job(program, "moved", runs.SMALL, checkpoints="delta: true")
        self.reference = self.job.reference(tick=TICK)
        self.reading = self.inside_second_training()

    def inside_second_training(self):
        """A reading of the clock at which SIGTERM hits a training behind a finished stage: which one that is
        depends on how often the program looks at the clock."""
        for reading in range(20, 1000, 4):
            place = self.job.new_place()
            outcome = self.job.run(place, tick=TICK, term=reading)
            names = os.listdir(self.job.run_folder(place))
            if "progress.safetensors" in names and any("-train-" in name for name in names):
                return reading
            if outcome.code == 0:
                break
        raise RuntimeError("no reading of the clock lies inside the second training")

    def run(self, **preloaded):
        """The place of a run with an unfinished stage, and what is wrong with that."""
        place = self.job.new_place()
        outcome = self.job.run(place, tick=TICK, term=self.reading, **preloaded)
        problems = [] if outcome.code == 75 else [f"not interrupted: {outcome.summary}"]
        if not os.path.exists(os.path.join(self.job.run_folder(place), "progress.safetensors")):
            problems.append("there is no progress to go on from")
        return place, problems

    def ends(self, place, **preloaded):
        """What is wrong with the run in `place` once it has gone on, and where it began."""
        folder = self.job.run_folder(place)
        before = len(runs.events(folder))
        outcome = self.job.run(place, tick=TICK, **preloaded)
        resumed = [e for e in runs.events(folder)[before:] if e["event"] == "stage_resumed"]
        problems = [] if resumed else ["it did not go on inside the stage"]
        return problems + self.job.problems_at_end(place, outcome, self.reference)


def moved(work):
    """moved into another folder"""
    place, problems = work.run()
    other = work.job.new_place()
    os.rename(os.path.join(place, "runs"), os.path.join(other, "runs"))
    return problems + work.ends(other)


def copied(work):
    """copied, and both go on"""
    place, problems = work.run()
    other = work.job.new_place()
    shutil.copytree(os.path.join(place, "runs"), os.path.join(other, "runs"), symlinks=True)
    return problems + work.ends(place) + work.ends(other)


def copied_by_following_links(work):
    """copied by a tool that follows links, so that the result is a file"""
    place, problems = work.run()
    other = work.job.new_place()
    shutil.copytree(os.path.join(place, "runs"), os.path.join(other, "runs"))
    aside = {"result.safetensors.replaced"}
    folder = work.job.run_folder(other)
    outcome = work.job.run(other, tick=TICK)
    more = {name for name in os.listdir(folder) if name in aside}
    return problems + work.job.problems_at_end(other, outcome, work.reference, ignoring=more)


def schedule_moved(work):
    """schedule and data moved, too"""
    place, problems = work.run()
    job = runs.Job(work.program, "moved", runs.SMALL, checkpoints="delta: true")
    outcome = job.run(place, tick=TICK)
    resumed = [e for e in runs.events(job.run_folder(place)) if e["event"] == "stage_resumed"]
    if not resumed:
        problems.append("it did not go on inside the stage")
    return problems + job.problems_at_end(place, outcome, work.reference)


def checkpoints_linked(work):
    """the folder of all runs is a link"""
    place = work.job.new_place()
    os.mkdir(os.path.join(place, "disk"))
    os.symlink("disk", os.path.join(place, "runs"))
    outcome = work.job.run(place, tick=TICK, term=work.reading)
    problems = [] if outcome.code == 75 else [f"not interrupted: {outcome.summary}"]
    problems += work.ends(place)
    return problems + ([] if os.path.islink(os.path.join(place, "runs")) else ["the link is gone"])


def run_linked(work):
    """the run's folder was moved to another disk, with a link in its place"""
    place, problems = work.run()
    folder, disk = work.job.run_folder(place), os.path.join(place, "disk")
    shutil.move(folder, disk)
    os.symlink(disk, folder)
    problems += work.ends(place)
    return problems + ([] if os.path.islink(folder) else ["the link is gone"])


def clock_back(work):
    """begun in a year to come, continued now, then collected in the past"""
    place, problems = work.run(date=20 * YEARS)
    problems += work.ends(place)
    return problems + dated_collection(work, place, -20 * YEARS)


def clock_forward(work):
    """begun before 1970, continued now, then collected in a year to come"""
    place, problems = work.run(date=-70 * YEARS)
    problems += work.ends(place)
    return problems + dated_collection(work, place, 50 * YEARS)


def dated_collection(work, place, date):
    """`gc` by days at another date: the last checkpoint stays, and the run has nothing to do."""
    folder = work.job.run_folder(place)
    outcome = work.program.call(
        ["gc", folder, "--keep", "daily=1"], work.program.environment(place, date=date))
    problems = [] if outcome.code == 0 else [f"gc: {outcome.summary}"]
    if not os.path.exists(os.path.join(folder, "result.safetensors")):
        problems.append("the result was let go")
    problems += work.job.problems_on_disk(place)
    outcome = work.job.run(place)
    if "nothing to do" not in outcome.output:
        problems.append(f"run: {outcome.summary}")
    return problems


def renamed_files(work):
    """a checkpoint renamed by hand, run.json lost"""
    place, problems = work.run()
    folder = work.job.run_folder(place)
    name = next(n for n in os.listdir(folder) if "-train-" in n)
    os.unlink(os.path.join(folder, "run.json"))
    os.rename(os.path.join(folder, name), os.path.join(folder, "99-" + name))
    outcome = work.job.run(place, tick=TICK)
    if outcome.code != 0:
        problems.append(outcome.summary)
    again = [e for e in runs.events(folder) if e["event"] == "stage_started" and e["stage"] == "train"]
    if len(again) > 1:
        problems.append("a checkpoint that is there is computed again")
    found = runs.Contents(folder)
    if found.digests["99-" + name] != work.reference.digests[name]:
        problems.append("other bits")
    return problems + work.job.problems_at_end(
        place, outcome, work.reference, ignoring={name, "99-" + name})


CASES = [
    moved, copied, copied_by_following_links, schedule_moved, checkpoints_linked, run_linked,
    clock_back, clock_forward, renamed_files,
]


def prove(program, report, options):
    work = Interrupted(program)
    tally = report.tally(f"{len(CASES)} places and dates in which interrupted runs go on")
    for case, problems in zip(CASES, program.each(CASES, lambda case: case(work))):
        tally.check(problems, case.__doc__)
    report.show(tally)
