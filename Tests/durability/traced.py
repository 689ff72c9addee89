"""What strace sees of a command's file-changing system calls, against what `preload.c` has counted."""

import collections
import os
import re
import shutil
import subprocess

import faults
from scenarios import TICK

# By the name that `preload.c` gives them. Every other call that can change a file has no name there,
# and must not be made at all below the folder.
COUNTED = {
    "openat": "open", "open": "open", "creat": "open", "write": "write", "pwrite64": "pwrite",
    "fsync": "fsync", "fdatasync": "fdatasync", "close": "close", "ftruncate": "ftruncate",
    "rename": "rename", "renameat": "renameat", "renameat2": "renameat2", "unlink": "unlink",
    "unlinkat": "unlinkat", "symlink": "symlink", "link": "link", "mkdir": "mkdir", "rmdir": "rmdir",
}
UNCOUNTED = {
    "writev", "pwritev", "pwritev2", "sendfile", "copy_file_range", "splice", "fallocate", "truncate",
    "symlinkat", "linkat", "mkdirat", "mknod", "mknodat", "chmod", "fchmod", "fchmodat", "fchmodat2",
    "chown", "fchown", "lchown", "fchownat", "utime", "utimes", "utimensat", "futimesat", "setxattr",
    "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr", "sync_file_range",
    "syncfs", "openat2", "ioctl", "io_uring_setup", "vmsplice", "tee",
}
CALL = re.compile(r"^(\d+) +(\w+)\((.*)$")
PIECE = re.compile(r'"((?:[^"\\]|\\.)*)"|<(/[^>]*)>')


def lines(path):
    """The calls in a log of strace, those put together that another thread has interrupted."""
    unfinished = {}
    with open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            pid, _, rest = line.rstrip("\n").partition(" ")
            rest = rest.strip()
            if rest.endswith("<unfinished ...>"):
                unfinished[pid] = rest[:-len("<unfinished ...>")]
                continue
            if rest.startswith("<... "):
                rest = unfinished.pop(pid, "") + rest.partition(" resumed>")[2]
            if CALL.match(f"{pid} {rest}"):
                yield rest


class Traced:
    """The calls below `root` in a log of strace."""

    def __init__(self, path, root):
        self.calls = collections.Counter()
        self.others = []
        written = set()
        for line in lines(path):
            name, arguments = line.split("(", 1)
            places = [text or descriptor for text, descriptor in PIECE.findall(arguments)]
            inside = [p for p in places if p == root or p.startswith(root + "/")]
            if name in ("open", "openat", "creat"):
                if not inside or not re.search(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC", arguments):
                    continue
                opened = re.search(r"= (\d+)<", arguments)
                if opened:
                    written.add((opened.group(1), inside[0]))
                self.calls["open", inside[0]] += 1
            elif name == "mmap":
                if inside and "PROT_WRITE" in arguments and "MAP_SHARED" in arguments:
                    self.others.append(line)
            elif name == "close":
                closed = re.match(r"(\d+)<(/[^>]*)>", arguments)
                # A file that was renamed meanwhile is shown under its new name.
                if closed and closed.group(1) in {number for number, _ in written}:
                    was = next(pair for pair in written if pair[0] == closed.group(1))
                    written.discard(was)
                    self.calls["close", was[1]] += 1
            elif inside and name in COUNTED:
                # The path that preload.c gives a call is the last of those it names.
                self.calls[COUNTED[name], inside[-1]] += 1
            elif name in UNCOUNTED and (inside or name == "io_uring_setup"):
                self.others.append(line)


def prove(report, scenario):
    """One command under strace and the library at once, if there is strace."""
    program = scenario.job.program
    if shutil.which("strace") is None:
        return report.note("no strace: the list of file-changing calls is not compared with it")
    place = scenario.new_place()
    trace, log = os.path.join(place, "strace"), os.path.join(program.folder, "log-traced")
    folder = os.path.join(place, "runs")
    # Its own log is outside of what is counted.
    extra = program.environment(folder, log=log, tick=TICK)
    command = ["strace", "-f", "-y", "-s", "0", "-e", "trace=%file,%desc,io_uring_setup", "-o", trace]
    for name, value in extra.items():
        command += ["-E", f"{name}={value}"]
    os.makedirs(folder, exist_ok=True)
    done = subprocess.run(
        [*command, program.path, *scenario.arguments_for(place)], capture_output=True,
        stdin=subprocess.DEVNULL)
    tally = report.tally(f"strace against the library, {scenario.title}")
    if done.returncode != 0:
        tally.check([done.stderr.decode()[-500:]], "the command under strace")
        return report.show(tally)
    counted = collections.Counter((c.name, c.path) for c in faults.calls(log) if c.number > 0)
    os.unlink(log)
    seen = Traced(trace, folder)
    tally.check(seen.others[:5], "no call that changes files escapes the library")
    for call in sorted(set(counted) | set(seen.calls)):
        tally.check(
            [] if counted[call] == seen.calls[call] else
            [f"{seen.calls[call]} seen, {counted[call]} counted"], " ".join(call))
    tally.label += f": {sum(counted.values())} calls, of each kind on each file as many"
    report.show(tally)
