"""Files with one bit changed or cut, and runs of which such copies are made."""

import os
import shutil

import runs


def flipped(content, step=1, bit=None):
    """One bit of every `step`th byte changed, another one from byte to byte unless said which."""
    for position in range(0, len(content), step):
        one = position // step % 8 if bit is None else bit
        yield f"bit {one} of byte {position}", (
            content[:position] + bytes([content[position] ^ 1 << one]) + content[position + 1:])


def cut(content, step=1):
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


class Finished:
    """A finished run of which every case gets a copy."""

    def __init__(self, program, name, stages, **job):
        self.job = runs.Job(program, name, stages, hidden="[1]", **job)
        place = self.job.new_place()
        outcome = self.job.run(place)
        if outcome.code != 0:
            raise RuntimeError(outcome.summary)
        self.folder = self.job.run_folder(place)
        self.reference = runs.Contents(self.folder)

    def content(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def copy_with(self, name, content):
        """The place of a copy in which the file `name` has another content."""
        place = self.job.new_place()
        folder = self.job.run_folder(place)
        shutil.copytree(self.folder, folder, symlinks=True, copy_function=shutil.copy2)
        with open(os.path.join(folder, name), "wb") as file:
            file.write(content)
        return place

    def goes_on(self, place, name, ending, above=()):
        """What is wrong with a run that finds `name` damaged: it says so, sets it aside, computes it.

        `above`: files that tell differences from it, which are set aside with it."""
        folder = self.job.run_folder(place)
        outcome = self.job.run(place)
        problems = []
        if "damaged" not in outcome.errors or name not in outcome.errors:
            problems.append(f"it does not say what is damaged: {outcome.summary}")
        if not os.path.exists(os.path.join(folder, name + ending)):
            problems.append("the damaged file is not kept aside")
        problems += self.job.problems_at_end(
            place, outcome, self.reference, ignoring={each + ending for each in (name, *above)})
        shutil.rmtree(place)
        return problems
