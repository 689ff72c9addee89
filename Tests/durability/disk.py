"""A disk that fills up at every point of a run: exit 1, and after space is made the run goes on."""

import json
import os
import re
import subprocess
import sys

from runs import listed_keys

PAGE = 4096
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
        if outcome.code != 1 or "disk is full" not in outcome.errors:
            problems.append(f"not exit 1 with 'disk is full': {outcome.summary}")
        elif states_need and not re.search(r"[\d,]+ bytes are needed", outcome.errors):
            problems.append(f"the message does not say how much is needed: {outcome.summary}")
        problems += job.problems_on_disk(disk.place)
        # Again without space: still the same, and nothing gets worse.
        outcome = job.run(disk.place, tick=tick)
        if outcome.code != 1:
            problems.append(f"again on the full disk: {outcome.summary}")
        problems += job.problems_on_disk(disk.place)
        disk.enlarge()
        outcome = job.run(disk.place, tick=tick)
        return stages, problems + job.problems_at_end(disk.place, outcome, reference)
    finally:
        disk.unmount()


def inside(path, jobs, form):
    """The part that runs where a tmpfs may be mounted; prints its results as JSON."""
    from faults import TICK
    from program import Program
    from runs import Job

    program = Program(path, jobs)
    try:
        results = []
        for hidden in ["[32, 16]"] if form == "short" else ["[6]", "[32, 16]", "[96, 64]"]:
            job = Job(program, hidden=hidden)
            reference = job.reference(tick=TICK)
            sizes = sum(
                -(-os.path.getsize(os.path.join(reference.folder, name)) // PAGE)
                for name in reference.names if name != "result.safetensors")
            # A page more each time, until everything fits; then the same with the number of files.
            for what, limits, states_need in [
                ("bytes", [f"size={PAGE * n}" for n in range(1, sizes + 12)], True),
                ("files", [f"size=64m,nr_inodes={n}" for n in range(2, 14)], False),
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
