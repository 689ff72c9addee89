"""A disk that fills up at every point of a run: exit 1, and after space is made the run goes on."""

import json
import os
import re
import subprocess
import sys

from runs import listed_keys

PAGE = 4096
# What is said before a stage for which there is too little space, and of a call that met the end of it.
NEED = re.compile(r"may need [0-9.]+ \w+ there \(.+\), [0-9.]+ \w+ are free|\d+ bytes are needed there")
FULL = re.compile(f"the disk is full|{NEED.pattern}")
FOLDER = os.path.dirname(os.path.abspath(__file__))
# As root without, else with a user namespace of its own in which one is root.
WAYS = [["unshare", "--mount"], ["unshare", "--user", "--map-root-user", "--mount"]]


def way_to_mount(program):
    """The command before which a process may mount a tmpfs that nobody else sees; None if none."""
    place = program.new_folder("mount")
    for way in WAYS:
        try:
            tried = subprocess.run(
                [*way, "mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", place],
                capture_output=True)
        except FileNotFoundError:
            continue
        if tried.returncode == 0:
            return way
    return None


def prove(program, report, options):
    way = way_to_mount(program)
    if way is None:
        reason = "no tmpfs can be mounted: run as root or allow unshare --user --mount"
        if os.environ.get("CI") == "true":
            report.tally("full disks").check([reason], "with CI=true this is a failure")
        else:
            report.skipped = reason
        return report.note(reason)
    command = [
        *way, sys.executable, "-B", os.path.join(FOLDER, "disk.py"), program.path,
        str(program.jobs), "long" if options.long else "short"]
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        results = json.loads(done.stdout)
    except ValueError:
        results = []
    if done.returncode != 0 or not results:
        report.tally("full disks").check([done.stderr[-2000:]], "the part inside the namespace")
    for label, cases, note in results:
        tally = report.tally(label)
        for what, problems in cases:
            tally.check(problems, what)
        report.show(tally)
        report.note(note)


class Disk:
    """A tmpfs of limited size that a run lives on."""

    def __init__(self, job):
        self.place = job.new_place()
        self.job = job

    def mount(self, limit):
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", limit, "tmpfs", self.place], check=True)

    def enlarge(self):
        subprocess.run(
            ["mount", "-o", "remount,size=64m,nr_inodes=10000", self.place], check=True)

    def unmount(self):
        subprocess.run(["umount", self.place], check=True)


def case(job, reference, tick, limit, states_need):
    """One run on a disk of `limit`: what is wrong, and after how many stages it was full."""
    disk = Disk(job)
    disk.mount(limit)
    try:
        problems = []
        outcome = job.run(disk.place, tick=tick)
        if outcome.code == 0:
            return "fits", job.problems_at_end(disk.place, outcome, reference)
        stages = len(listed_keys(job.run_folder(disk.place)))
        if outcome.code != 1 or not FULL.search(outcome.errors):
            problems.append(f"not exit 1 with {FULL.pattern!r}: {outcome.summary}")
        elif states_need and not NEED.search(outcome.errors):
            problems.append(f"the message does not say how much is needed: {outcome.summary}")
        problems += job.problems_on_disk(disk.place)
        # Again without more space: the same, or, where what was being compressed beside has been
        # written meanwhile and is not counted any more, a little further, even to the end.
        outcome = job.run(disk.place, tick=tick)
        if outcome.code == 0:
            return stages, problems + job.problems_at_end(disk.place, outcome, reference)
        if outcome.code != 1 or not FULL.search(outcome.errors):
            problems.append(f"again on the full disk: {outcome.summary}")
        problems += job.problems_on_disk(disk.place)
        disk.enlarge()
        outcome = job.run(disk.place, tick=tick)
        return stages, problems + job.problems_at_end(disk.place, outcome, reference)
    finally:
        disk.unmount()


def smallest_disk(job, reference, tick):
    """Pages of the smallest disk on which the run fits."""
    low, high = 0, 1024
    while low + 1 < high:
        middle = (low + high) // 2
        stages, _ = case(job, reference, tick, f"size={PAGE * middle}", False)
        low, high = (low, middle) if stages == "fits" else (middle, high)
    return high


def inside(path, jobs, form):
    """The part that runs where a tmpfs may be mounted; prints its results as JSON."""
    from program import Program
    from runs import Job
    from scenarios import TICK

    program = Program(path, jobs)
    try:
        results = []
        for hidden in ["[32, 16]"] if form == "short" else ["[6]", "[32, 16]", "[96, 64]"]:
            job = Job(program, hidden=hidden)
            reference = job.reference(tick=TICK)
            fits = smallest_disk(job, reference, TICK)
            # Every page below the size that is enough, where it fills up in the middle; every 16th
            # further down. Then the same with the number of files.
            pages = [*range(1, fits - 32, 16), *range(max(1, fits - 32), fits + 2)]
            for what, limits, states_need in [
                ("bytes", [f"size={PAGE * n}" for n in pages], True),
                ("files", [f"size=64m,nr_inodes={n}" for n in range(2, 24)], False),
            ]:
                found = program.each(
                    limits, lambda limit: case(job, reference, TICK, limit, states_need))
                cases = [[limit, problems] for limit, (_, problems) in zip(limits, found)]
                full = [stages for stages, _ in found if stages != "fits"]
                kinds = sorted(set(full))
                cases.append([
                    "the sweep reaches from the start to the end",
                    [] if 0 in full and len(full) < len(found) and len(kinds) > 1 else
                    [f"it was full after {kinds} stages in {len(full)} of {len(found)} runs"]])
                results.append([
                    f"disks of {len(limits)} sizes in {what} ({hidden}); runs", cases,
                    f"full in {len(full)} of {len(found)} runs, after {kinds} finished stages"])
        print(json.dumps(results))
    finally:
        program.remove()


if __name__ == "__main__":
    inside(sys.argv[1], int(sys.argv[2]), sys.argv[3])
