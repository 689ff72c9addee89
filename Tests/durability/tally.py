"""Counts of what passed and failed, and the failures themselves."""

import sys
import threading


class Tally:
    """One line of a proof's result: so many checks passed, so many failed."""

    def __init__(self, label):
        self.label = label
        self.passed = 0
        self.failures = []
        self._lock = threading.Lock()

    def check(self, problems, what):
        """Counts one case: passed without problems, else failed with all of them."""
        with self._lock:
            if problems:
                self.failures.append(f"{what}: {'; '.join(problems)}")
            else:
                self.passed += 1

    @property
    def line(self):
        return f"{self.label}: {self.passed:,} passed, {len(self.failures):,} failed"


class Report:
    """The tallies and remarks of one proof; a proof without a passed check has failed, too."""

    def __init__(self, name):
        self.name = name
        self.tallies = []
        self.skipped = None

    def tally(self, label):
        tally = Tally(label)
        self.tallies.append(tally)
        return tally

    def show(self, tally, most=10):
        """Prints a finished tally, and the first of its failures."""
        print(f"  {tally.line}", flush=True)
        for failure in tally.failures[:most]:
            print(f"    FAILED {failure}", flush=True)
        if len(tally.failures) > most:
            print(f"    … and {len(tally.failures) - most} more", flush=True)

    def note(self, text):
        print(f"  {text}", flush=True)

    @property
    def passed(self):
        return sum(tally.passed for tally in self.tallies)

    @property
    def failed(self):
        return sum(len(tally.failures) for tally in self.tallies)

    @property
    def is_good(self):
        return self.skipped is not None or (self.failed == 0 and self.passed > 0)


def stop(text):
    """Ends the script where nothing can be proved."""
    print(f"prove: {text}", file=sys.stderr)
    sys.exit(2)
