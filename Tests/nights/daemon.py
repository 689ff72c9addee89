"""A cron daemon that has nothing of the machine's: with a clock that is set, its own crontabs, and mail that is
kept. Everything is in a mount and a process namespace, which end with it."""

import math
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from nightly_job import check

# Summer time ends in the last night of October, at three, and begins in that of March, at two.
ZONE = "CET-1CEST,M3.5.0,M10.5.0/3"
HERE = os.path.dirname(os.path.abspath(__file__))
# What has to be there, and the Debian package that has it.
TOOLS = {
    "cron": "cron", "crontab": "cron", "cc": "gcc and libc6-dev", "unshare": "util-linux", "mount": "mount",
    "promtool": "prometheus", "systemd-analyze": "systemd",
}


def found(name):
    return shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin:/usr/bin:/bin")


def machine():
    """What must be afterwards as it was: the crontabs, and all that is mounted."""
    seen = [open("/proc/self/mounts").read()]
    for folder, _, names in sorted(os.walk("/var/spool/cron")):
        for name in sorted(names):
            path = os.path.join(folder, name)
            seen.append((path, os.stat(path).st_mtime_ns, open(path, "rb").read()))
    return seen


def in_namespace(script, arguments):
    """Calls the script anew where nothing of the machine's can be changed; ends as that ends."""
    missing = [f"{name} (apt-get install {TOOLS[name]})" for name in TOOLS if not found(name)]
    if missing:
        sys.exit("nights: there is no " + ", no ".join(missing))
    if os.geteuid() != 0:
        sys.exit("nights: a cron daemon starts jobs as root alone: sudo " + " ".join(sys.argv))
    before = machine()
    with tempfile.TemporaryDirectory(prefix="nights-") as place:
        done = subprocess.run([
            found("unshare"), "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
            "--propagation", "private", sys.executable, script, *arguments, "--inside", place])
    check(machine() == before, "something of the machine's own has changed")
    sys.exit(done.returncode)


class Daemon:
    def __init__(self, place):
        self.place = place
        self.mails = self.path("mails")
        self.disk = self.path("disk")
        self.variables = {
            "LD_PRELOAD": self.path("clock.so"), "NIGHTS_CLOCK": self.path("clock"),
            "NIGHTS_LOG": self.path("log")}
        os.makedirs(self.mails)
        os.makedirs(self.disk)
        subprocess.run(
            [found("cc"), "-O", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", self.path("clock.so"),
             os.path.join(HERE, "clock.c")], check=True)
        self.hide()

    def path(self, *names):
        return os.path.join(self.place, *names)

    # What the machine has

    def hide(self):
        """Puts own things where the daemon looks for those of the machine."""
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/run"], check=True)
        spool = self.path("spool", "cron", "crontabs")
        os.makedirs(spool)
        os.chmod(spool, 0o1730)
        self.bind(self.path("spool"), "/var/spool")
        # Jobs of the machine: none of them may start.
        os.makedirs(self.path("none"))
        open(self.path("nothing"), "w").close()
        for path in ("/etc/cron.d", "/etc/crontab"):
            if os.path.exists(path):
                self.bind(self.path("none" if os.path.isdir(path) else "nothing"), path)
        # The daemon knows one program that sends mail.
        os.makedirs(self.path("sbin-before"))
        os.makedirs(self.path("sbin"))
        self.bind("/usr/sbin", self.path("sbin-before"))
        for name in set(os.listdir("/usr/sbin")) - {"sendmail"}:
            os.symlink(self.path("sbin-before", name), self.path("sbin", name))
        with open(self.path("sbin", "sendmail"), "w") as file:
            file.write(f"#!/bin/sh\ncat > {self.mails}/.$$ && mv {self.mails}/.$$ {self.mails}/$$\n")
        os.chmod(self.path("sbin", "sendmail"), 0o755)
        self.bind(self.path("sbin"), "/usr/sbin")

    @staticmethod
    def bind(source, place):
        subprocess.run(["mount", "--bind", source, place], check=True)

    def new_disk(self):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", self.disk], check=True)

    def remove_disk(self):
        subprocess.run(["umount", self.disk], check=True)

    def fill_disk(self, left):
        """Leaves so many bytes of the disk; returns what fills it."""
        path = os.path.join(self.disk, "filling")
        free = os.statvfs(self.disk)
        with open(path, "wb") as file:
            file.write(bytes(free.f_bavail * free.f_bsize - left))
        return path

    # The clock

    def set_clock(self, moment):
        """Sets it to seconds since 1970, and has the daemon look at it."""
        with open(self.path("clock.new"), "w") as file:
            file.write(str(math.ceil(moment - time.time())))
        os.rename(self.path("clock.new"), self.path("clock"))
        if self.process:
            self.process.send_signal(signal.SIGHUP)

    # The daemon

    process = None

    def start(self):
        open(self.path("log"), "w").close()
        self.process = subprocess.Popen(
            [found("cron"), "-f", "-L", "15"],
            env={"PATH": "/usr/bin:/bin", "TZ": ZONE, **self.variables})
        self.wait(lambda: "@reboot jobs" in self.log(), "the daemon does not start")

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process = None

    def log(self):
        with open(self.path("log")) as file:
            return file.read()

    def wait(self, is_so, what, seconds=120):
        end = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > end or self.process.poll() is not None:
                check(False, f"{what}\n{self.log()}")
            time.sleep(0.02)

    def started(self):
        """Process numbers of the nights that were started, the oldest first."""
        return [int(pid) for pid in re.findall(r"CMD \(\[(\d+)\] cd ", self.log())]

    def pass_minute(self, moment):
        """Sets the clock, lets the daemon see it, and then begins the next minute."""
        for now in (moment, moment // 60 * 60 + 61):
            seen = len(self.log())
            self.set_clock(now)
            self.wait(lambda: self.has_begun(now, seen), "no minute begins", 20)

    def has_begun(self, moment, seen):
        """Whether the log tells of that minute: a job in the crontab does nothing every minute."""
        pattern = re.compile(r"^(\d+) \(root\) END \(\[\d+\] : minute", re.MULTILINE)
        if any(int(seconds) // 60 == moment // 60 for seconds in pattern.findall(self.log()[seen:])):
            return True
        # Whoever was just about to sleep has not heard of the new time.
        self.process.send_signal(signal.SIGHUP)
        return False

    def is_over(self, pid):
        return f"END ([{pid}]" in self.log()

    def code(self, pid):
        """How a job has ended: its exit code, or the negative number of a signal."""
        failed = re.search(rf"grandchild #{pid} failed with exit status (\d+)", self.log())
        killed = re.search(rf"grandchild #{pid} terminated by signal (\d+)", self.log())
        return int(failed[1]) if failed else -int(killed[1]) if killed else 0

    def new_mails(self):
        """Header and text of each mail since the last call."""
        mails = []
        for name in sorted(name for name in os.listdir(self.mails) if name[0] != "."):
            with open(os.path.join(self.mails, name)) as file:
                header, text = file.read().split("\n\n", 1)
            mails.append((header, text))
            os.remove(os.path.join(self.mails, name))
        return mails
