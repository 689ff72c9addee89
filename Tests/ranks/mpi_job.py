"""A job of MPI's that a proof starts, disturbs and looks at."""

import hashlib
import os
import pathlib
import subprocess
import sys
import time

# Seconds after which a rank that does not answer counts as lost.
LIMIT = 3

checks = 0


def check(holds, what):
    global checks
    checks += 1
    if not holds:
        sys.exit(f"ranks: {what}")


class Job:
    """A program, what starts its ranks, and a folder for what they write."""

    def __init__(self, program, mpirun, folder):
        self.program, self.mpirun, self.folder = program, mpirun, pathlib.Path(folder)
        version = subprocess.run([*mpirun, "--version"], capture_output=True, text=True).stdout.lower()
        self.is_mpich = "mpich" in version or "hydra" in version

    def words(self, ranks):
        return [*self.mpirun, *([] if self.is_mpich else ["--allow-run-as-root", "--oversubscribe", "--bind-to", "none"]),
                "-n", str(ranks)]

    def environment(self, sharing):
        return {**os.environ, "ECPIPE_SHARING": sharing, "ECPIPE_RANK_LIMIT": str(LIMIT)}

    def start(self, ranks, schedule, place, threads=1, sharing="all", options=()):
        command = [self.program, "run", schedule, "--checkpoints", self.folder / place, "--threads", threads, *options]
        return subprocess.Popen(
            [str(word) for word in [*self.words(ranks), *command]] if ranks else [str(word) for word in command],
            env=self.environment(sharing), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, ranks, schedule, place, **options):
        job = self.start(ranks, schedule, place, **options)
        out, err = job.communicate(timeout=900)
        check(job.returncode == 0, f"{ranks} ranks, {schedule}: exit {job.returncode}: {out[-400:]}{err[-800:]}")
        return self.digests(place)

    def digests(self, place):
        files = sorted((self.folder / place).glob("*/[0-9]*.safetensors"))
        return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}

    def pids(self):
        """The process of each rank that is at it."""
        found = {}
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if os.path.realpath(entry / "exe") != os.path.realpath(self.program):
                    continue
                if str(self.folder) not in (entry / "cmdline").read_text():
                    continue
                variables = dict(
                    pair.split("=", 1) for pair in (entry / "environ").read_text().split("\0") if "=" in pair)
            except OSError:
                continue
            rank = variables.get("OMPI_COMM_WORLD_RANK", variables.get("PMI_RANK"))
            if rank is not None:
                found[int(rank)] = int(entry.name)
        return found

    def is_gone(self, within):
        """Whether no rank is left soon: MPICH's mpirun does not wait for those that it has killed."""
        end = time.monotonic() + within
        while self.pids():
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        return True

    def started(self, ranks, schedule, place, marks=(b'"progress_saved"',), **options):
        """A job whose events have had each of `marks`, one after the other."""
        job = self.start(ranks, schedule, place, **options)
        begun = time.monotonic()
        while True:
            logs = list((self.folder / place).glob("*/events.jsonl"))
            text = logs[0].read_bytes() if logs else b""
            if has(text, marks):
                return job
            check(job.poll() is None, f"ended before it was disturbed: exit {job.returncode}")
            check(time.monotonic() - begun < 120, f"there was no {marks}")
            time.sleep(0.02)


def has(text, marks):
    """Whether `marks` stand in `text`, one behind the other."""
    for mark in marks:
        _, found, text = text.partition(mark)
        if not found:
            return False
    return True


def note_peak(path, command):
    """Runs a rank, writes its peak memory in KiB to the file `path` with the rank's number behind it, and ends."""
    # MPICH has its line to mpirun in a descriptor.
    process = subprocess.Popen(command, close_fds=False)
    _, status, usage = os.wait4(process.pid, 0)
    rank = os.environ.get("OMPI_COMM_WORLD_RANK", os.environ.get("PMI_RANK", "0"))
    pathlib.Path(f"{path}-{rank}").write_text(str(usage.ru_maxrss))
    sys.exit(os.waitstatus_to_exitcode(status))


def ended(job, within, what):
    """What a job ends with, which must be soon."""
    begun = time.monotonic()
    try:
        _, err = job.communicate(timeout=within)
    except subprocess.TimeoutExpired:
        job.kill()
        sys.exit(f"ranks: {what}: the job did not end within {within} s")
    return job.returncode, err, time.monotonic() - begun
