"""Every byte of run.json and of its journal changed, and both cut at every length."""

import os
import shutil

from flipping import Finished, cut, flipped, in_chunks

# What `status` says of a damaged run.json; the flipped `format` is no other one, but damage.
MANIFEST_ANSWER = "run.json: damaged: "
JOURNAL_ANSWER = "run.journal: damaged: "


class Killed(Finished):
    """A run of which every case gets a copy from the moment when its last commit was on disk."""

    def __init__(self, program, name, stages, commits):
        super().__init__(program, name, stages)
        place = self.job.new_place()
        outcome = self.job.run(place, fault=f"kill-after:{commits}:fsync:runs/{name}/run.journal")
        if outcome.code != -9:
            raise RuntimeError(f"it was to be killed: {outcome.summary}")
        self.folder = self.job.run_folder(place)


def prove(program, report, options):
    prove_manifest(program, report, options, Finished(program, "m", "  - prune: {to: 0.5}\n"))
    prove_journal(
        program, report, options,
        Killed(program, "j", "  - train: {epochs: 1}\n  - evaluate: {}\n  - prune: {to: 0.5}\n", 3))


def prove_manifest(program, report, options, run):
    content = run.content("run.json")
    folder = program.new_folder("manifests")

    def read(item):
        what, changed = item
        place = os.path.join(folder, what.replace(" ", "-"))
        os.mkdir(place)
        with open(os.path.join(place, "run.json"), "wb") as file:
            file.write(changed)
        outcome = program.call(["status", place])
        shutil.rmtree(place)
        is_told = outcome.code == 11 and MANIFEST_ANSWER in outcome.errors
        return [] if is_told else [outcome.summary]

    # ManifestTests change every byte in one process; here it is a process a case.
    step = 1 if options.long else 20
    for label, items in [
        (
            f"run.json of {len(content):,} bytes, one in {step} flipped; status",
            flipped(content, step)),
        (f"the same cut at one length in {step}; status", cut(content, step)),
    ]:
        tally = report.tally(label)
        in_chunks(program, tally, items, read)
        report.show(tally)

    step = 7 if options.long else 97
    tally = report.tally(f"runs that find it damaged (every {step}th byte and length)")
    in_chunks(
        program, tally, [*flipped(content, step), *cut(content, step)],
        lambda item: run.goes_on(run.copy_with("run.json", item[1]), "run.json", ".damaged"))
    report.show(tally)


def prove_journal(program, report, options, run):
    """The journal of a run that was killed: what is damaged is told, what is torn was never there."""
    content = run.content("run.journal")
    assert content.count(b"\n") == 3, content
    folder = program.new_folder("journals")

    def read(item):
        what, changed = item
        place = os.path.join(folder, what.replace(" ", "-"))
        os.mkdir(place)
        shutil.copy(os.path.join(run.folder, "run.json"), place)
        with open(os.path.join(place, "run.journal"), "wb") as file:
            file.write(changed)
        outcome = program.call(["status", place])
        shutil.rmtree(place)
        # A last line without its line break is one that nobody waits for.
        if not changed.endswith(b"\n") or content.startswith(changed):
            return [] if outcome.code == 0 else [outcome.summary]
        is_told = outcome.code == 11 and JOURNAL_ANSWER in outcome.errors
        return [] if is_told else [outcome.summary]

    step = 1 if options.long else 12
    for label, items in [
        (f"run.journal of {len(content):,} bytes, every {step}th flipped; status",
         flipped(content, step)),
        ("the same cut at as many lengths; status", cut(content, step)),
    ]:
        tally = report.tally(label)
        in_chunks(program, tally, items, read)
        report.show(tally)

    step = 7 if options.long else 97
    tally = report.tally(f"runs that find it damaged or torn (every {step}th byte and length)")
    in_chunks(
        program, tally, flipped(content[:-1], step),
        lambda item: run.goes_on(
            run.copy_with("run.journal", item[1] + b"\n"), "run.journal", ".damaged"))

    def ends(item):
        place = run.copy_with("run.journal", item[1])
        problems = run.job.problems_at_end(place, run.job.run(place), run.reference)
        shutil.rmtree(place)
        return problems

    in_chunks(program, tally, cut(content, step), ends)
    report.show(tally)
