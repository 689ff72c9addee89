"""Terminals of tmux, on a server of its own."""

import contextlib
import os
import pathlib
import shlex
import subprocess
import tempfile
import time
import unicodedata

SOCKET = f"ecpipe-{os.getpid()}"
VIEW = "view"
END = "== ended"
FILL = "== before"
# Seconds after which a screen is taken as it is.
PATIENCE = 30


def tmux(*words, **options):
    return subprocess.run(
        ["tmux", "-u", "-L", SOCKET, "-f", "/dev/null", *words], check=True, capture_output=True, text=True,
        **options).stdout


@contextlib.contextmanager
def server():
    """A server, which ends with everything in it."""
    # It would end with its last session, and not be there for the next one.
    tmux("new-session", "-d", "-s", "keeper", "cat")
    tmux("set-option", "-g", "remain-on-exit", "on")
    try:
        yield
    finally:
        subprocess.run(["tmux", "-L", SOCKET, "kill-server"], capture_output=True)


def cells(text):
    """Cells that text takes on a terminal."""
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text)


class Screen:
    """A terminal in which one command runs."""

    def __init__(self, width, folder, command):
        self.log = pathlib.Path(tempfile.mkstemp(prefix="screen-", dir=folder)[1])
        # The shell outlives what interrupts the command. It begins below a screen that is full, as most are: where
        # a screen is not, tmux moves the first lines out of it as soon as lower ones are broken.
        fill = f"for i in $(seq 60); do echo '{FILL}'; done"
        line = f"trap : INT; {fill}; {shlex.join(map(str, command))}; printf '%s\\n' '{END}'; sleep 1000"
        # Everything that is shown goes to the log, escape sequences included, from the beginning on.
        tmux("new-session", "-d", "-s", VIEW, "-x", str(width), "-y", "50", "-c", str(folder), "cat")
        tmux("pipe-pane", "-t", VIEW, "-o", f"cat > {shlex.quote(str(self.log))}")
        environment = ["-e", "LANG=C.UTF-8", "-e", f"PATH={os.environ['PATH']}"]
        tmux(
            "respawn-pane", "-k", "-t", VIEW, "-c", str(folder), *environment,
            f"sh -c {shlex.quote(line)}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        tmux("kill-session", "-t", VIEW)

    def lines(self):
        """The lines, those that the terminal broke as one; without the empty ones at the end."""
        lines = tmux("capture-pane", "-t", VIEW, "-p", "-J", "-S", "-").rstrip().split("\n")
        return [line.rstrip() for line in lines if line.rstrip() != FILL]

    def wait(self, holds):
        """The lines as soon as they are as wanted, or when patience is over."""
        end = time.monotonic() + PATIENCE
        while True:
            lines = self.lines()
            if holds(lines) or time.monotonic() > end or END in lines:
                return lines
            time.sleep(0.05)

    def ended(self):
        """The lines once the command has ended."""
        lines = self.wait(lambda lines: END in lines)
        return lines[:lines.index(END)] if END in lines else lines

    def raw(self):
        """All that was written."""
        return self.log.read_text(errors="replace")

    def resize(self, width):
        tmux("resize-window", "-t", VIEW, "-x", str(width), "-y", "50")

    def keys(self, *keys):
        tmux("send-keys", "-t", VIEW, *keys)
