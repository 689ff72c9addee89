"""The commands that change a run's folder, each with what has to hold after it was hit by a fault."""

import os
import shutil

import runs
from runs import problems_of_verification

# Milliseconds that a reading of the clock takes in these runs, so that progress is saved at the same
# steps every time, several times in a stage of a few milliseconds.
TICK = 100
KEEP = "last=1"


class Running:
    """`run`: it goes on and ends in the bits of an uninterrupted run."""

    def __init__(self, program, title="run", **job):
        self.title = title
        self.job = runs.Job(program, **job)
        self.reference = self.job.reference(tick=TICK)

    def new_place(self):
        return self.job.new_place()

    def arguments_for(self, place):
        return self.job.arguments(place)

    def call(self, place, **preloaded):
        return self.job.run(place, tick=TICK, **preloaded)

    def go_on(self, place):
        """What somebody does behind a fault."""
        return self.call(place)

    def problems_after(self, place):
        """What is wrong with the folder after a fault."""
        return self.job.problems_on_disk(place)

    def problems_at_end(self, place, outcome):
        """What is wrong when the command was given again without any fault."""
        return self.job.problems_at_end(place, outcome, self.reference)


class OnFinishedRun:
    """A command on a finished run, of which every case gets a copy."""

    def __init__(self, running):
        self.job = running.job
        self.title += running.title.removeprefix("run")
        self.original = running.reference
        place = self.new_place()
        outcome = self.call(place)
        if outcome.code != 0:
            raise RuntimeError(f"{self.title} without any fault failed: {outcome.summary}")
        self.reference = runs.Contents(self.job.run_folder(place))

    def new_place(self):
        place = self.job.new_place()
        folder = self.job.run_folder(place)
        shutil.copytree(
            self.original.folder, folder, symlinks=True, copy_function=shutil.copy2)
        self.prepare(folder)
        return place

    def prepare(self, folder):
        """Changes the copy of the finished run, if need be."""

    def arguments_for(self, place):
        return self.arguments(self.job.run_folder(place))

    def call(self, place, **preloaded):
        extra = self.job.program.environment(place, tick=TICK, **preloaded)
        return self.job.program.call(self.arguments_for(place), extra)

    def go_on(self, place):
        return self.call(place)

    def problems_after(self, place):
        return self.job.problems_on_disk(place)

    def problems_at_end(self, place, outcome):
        problems = self.job.problems_at_end(place, outcome, self.reference, self.aside(place))
        # What was let go is not needed by a run that is finished.
        outcome = self.job.run(place, tick=TICK)
        if outcome.code != 0 or "nothing to do" not in outcome.output:
            problems.append(f"run behind {self.title}: {outcome.summary}")
        return problems + self.job.problems_at_end(
            place, outcome, self.reference, self.aside(place))

    def aside(self, place):
        """Names that the folder may have more than the reference, or fewer."""
        return set()


class Collecting(OnFinishedRun):
    """`gc`: what is listed is there, and the next collection ends what was begun."""

    title = "gc"

    def arguments(self, folder):
        return ["gc", folder, "--keep", KEEP]


class RestoringReleased(OnFinishedRun):
    """`replay --restore` of a checkpoint that was let go: back with its bits, or still gone."""

    title = "replay --restore, let go"
    stage = "train"

    def arguments(self, folder):
        return ["replay", self.stage, folder, "--restore"]

    def prepare(self, folder):
        outcome = self.job.program.call(["gc", folder, "--keep", KEEP])
        if outcome.code != 0:
            raise RuntimeError(f"gc failed: {outcome.summary}")


class RestoringDamaged(RestoringReleased):
    """`replay --restore` of a damaged checkpoint: `verify` names it until it is back."""

    title = "replay --restore, damaged"

    def prepare(self, folder):
        with open(os.path.join(folder, self.damaged_file), "r+b") as file:
            file.truncate(100)

    @property
    def damaged_file(self):
        return min(name for name in self.original.digests if name != self.original.result)

    def problems_after(self, place):
        folder = self.job.run_folder(place)
        path = os.path.join(folder, self.damaged_file)
        is_back = (
            os.path.isfile(path) and runs.sha256(path) == self.original.digests[self.damaged_file])
        outcome = self.job.program.call(["verify", folder, "--json"])
        return problems_of_verification(outcome, () if is_back else {self.damaged_file})

    def aside(self, place):
        return {name for name in os.listdir(self.job.run_folder(place))
                if name.startswith(self.damaged_file + ".damaged")}


class RunningFrom(OnFinishedRun):
    """`run --from`: killed among its renames it leaves no damage, and `run` goes on without it."""

    title = "run --from"

    def arguments_for(self, place):
        return self.job.arguments(place, "--from", "prune")

    def go_on(self, place):
        return self.job.run(place, tick=TICK)

    def aside(self, place):
        names = os.listdir(self.job.run_folder(place)) + self.reference.names
        return {name for name in names if ".replaced" in name}


class RunningRestored(OnFinishedRun):
    """`run` of a schedule that was shortened, run, and is whole again: the result is the old one."""

    title = "run, whole again"

    def arguments_for(self, place):
        return self.job.arguments(place)

    def prepare(self, folder):
        with open(self.job.schedule, encoding="utf-8") as file:
            text = file.read()
        head, _, rest = text.partition("  - prune:")
        short = os.path.join(self.job.folder, "short.yaml")
        with open(short, "w", encoding="utf-8") as file:
            file.write(head + rest[rest.index("checkpoints:"):])
        outcome = self.job.program.call(
            ["run", short, "--checkpoints", os.path.dirname(folder)])
        if outcome.code != 0:
            raise RuntimeError(f"the shortened schedule failed: {outcome.summary}")
