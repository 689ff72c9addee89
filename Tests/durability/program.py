"""Runs the program under proof and keeps what came of it."""

import os
import resource
import shutil
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

FOLDER = os.path.dirname(os.path.abspath(__file__))


class Outcome:
    """How a process ended: its exit code (negative: the signal), its two outputs, its peak memory."""

    def __init__(self, code, output, errors, peak_bytes=None):
        self.code = code
        self.output = output
        self.errors = errors
        self.peak_bytes = peak_bytes

    @property
    def summary(self):
        last = self.errors.strip().splitlines()[-1:] or [""]
        return f"exit {self.code}, {last[0][:300]!r}"


class Program:
    """The executable, and the library that faults are preloaded from."""

    def __init__(self, path, jobs):
        self.path = path
        self.jobs = jobs
        # In memory where that can be had: no proof here depends on a real disk, and each syncs much.
        memory = "/dev/shm" if "TMPDIR" not in os.environ and os.access("/dev/shm", os.W_OK) else None
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="ecpipe-durability-", dir=memory))
        self.preload = os.path.join(self.folder, "preload.so")
        compiler = os.environ.get("CC", "cc")
        subprocess.run(
            [compiler, "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-o", self.preload,
             os.path.join(FOLDER, "preload.c"), "-ldl"], check=True)

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_folder(self, name):
        """An empty folder of its own, on the disk that temporary files are on."""
        return tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder)

    def environment(
            self, root, fault=None, log=None, tick=None, term=None, signal=None, date=None):
        """The environment under which `preload.c` does what it is told."""
        variables = {"LD_PRELOAD": self.preload, "DURABILITY_ROOT": root}
        for name, value in [
            ("FAULT", fault), ("LOG", log), ("TICK", tick), ("TERM", term), ("SIGNAL", signal),
            ("DATE", date),
        ]:
            if value is not None:
                variables[f"DURABILITY_{name}"] = str(value)
        return variables

    def call(self, arguments, extra=None, timeout=120):
        """Runs the program to its end."""
        done = subprocess.run(
            [self.path, *arguments], capture_output=True, timeout=timeout,
            stdin=subprocess.DEVNULL, env={**os.environ, **(extra or {})})
        return Outcome(
            done.returncode, done.stdout.decode(errors="replace"),
            done.stderr.decode(errors="replace"))

    def call_within(self, arguments, address_space, cwd=None, timeout=120):
        """Runs the program with a limit on its address space, and measures its peak memory.

        Without core files; a process that outlives `timeout` seconds is killed and counts as ended by
        a signal."""

        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                [self.path, *arguments], stdout=output, stderr=errors, cwd=cwd,
                stdin=subprocess.DEVNULL, preexec_fn=limit)
            end = time.monotonic() + timeout
            while True:
                pid, status, usage = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    break
                if time.monotonic() > end:
                    process.kill()
                    _, status, usage = os.wait4(process.pid, 0)
                    break
                time.sleep(0.002)
            process.returncode = os.waitstatus_to_exitcode(status)
            texts = []
            for file in (output, errors):
                file.seek(0)
                texts.append(file.read().decode(errors="replace"))
        return Outcome(process.returncode, *texts, peak_bytes=usage.ru_maxrss * 1024)

    def each(self, items, body):
        """Calls `body` with each item, several at a time; an error in one ends all."""
        with ThreadPoolExecutor(max_workers=self.jobs) as pool:
            return list(pool.map(body, items))
