"""Rows of `strongest`, each computed once and kept as a line of JSON."""
import functools
import hashlib
import json
import os
import subprocess
import sys
import time

import torch

import digits
from methods import RECIPES, Method, UNTRAINED
import own

#: The shares removed at which settings are chosen.
TUNING_COLUMNS = [0.98, 0.995]

#: The recipe whose counts of each layer other methods take.
FIRST = Method(RECIPES[0][0], UNTRAINED, own.prune, [{"options": RECIPES[0][1]}], is_own=True)


class Goal:
    """How far a network is to be pruned; `counts` are computed when a method asks for them."""

    def __init__(self, sparsity, program, counts):
        self.sparsity, self.program = sparsity, program
        self.kept = digits.kept(sparsity)
        self._counts = counts

    @functools.cached_property
    def counts(self):
        return self._counts()


class Results:
    def __init__(self, options):
        self.options = options
        self.digits = digits.Digits(options.data)
        self.program_digest = hashlib.sha256(options.ecpipe.read_bytes()).hexdigest()[:12]
        self.help = subprocess.run([options.ecpipe, "prune", "--help"], check=True,
                                   stdout=subprocess.PIPE, text=True).stdout
        self.file = options.json or options.folder / "results.jsonl"
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.rows = dict(self.finished())
        self.tuning_seeds, self.tuning_columns = options.tuning_seeds, TUNING_COLUMNS
        self.start = functools.cache(self._start)

    def can(self, method):
        return method.needs in self.help

    def _start(self, use, seed):
        # Networks of other data or another PyTorch are other networks.
        version = f"{self.digits.digest}-{torch.__version__}"
        return digits.Start(self.digits, use, seed, self.options.folder / version)

    def dense(self, seed):
        start = self.start("test", seed)
        return start.accuracy(start.dense)

    def accuracy(self, *what):
        return self.row(*what)["accuracy"]

    def row(self, method, settings, use, seed, sparsity):
        """Accuracy, counts of each layer and seconds; from the file where they are known."""
        goal = Goal(sparsity, self.options.ecpipe,
                    lambda: self.row(FIRST, FIRST.settings[0], use, seed, sparsity)["counts"])
        made_with = self.program_digest if method.is_own else torch.__version__
        key = [method.name, settings, use, seed, sparsity, self.digits.digest, made_with]
        if method.uses_counts and settings.get("as_ours", True):
            key.append(goal.counts)
        key = json.dumps(key)
        if key not in self.rows:
            self.rows[key] = self.computed(method, settings, self.start(use, seed), goal)
            self.save(key)
        return self.rows[key]

    def computed(self, method, settings, start, goal):
        print(f"{method.name}, {settings}, {start.use}, seed {start.seed}, {goal.sparsity}",
              file=sys.stderr, flush=True)
        torch.manual_seed(start.seed)
        began = time.process_time(), os.times().children_user, os.times().children_system
        pruned = method.run(start, goal, **settings)
        ended = time.process_time(), os.times().children_user, os.times().children_system
        nonzero = sum(int((pruned.weights[name] != 0).sum()) for name in digits.NAMES)
        if sum(pruned.counts) != goal.kept or nonzero > goal.kept:
            raise AssertionError(
                f"{method.name} kept {sum(pruned.counts)} weights, {nonzero} of them not 0, in "
                f"place of {goal.kept}")
        return {"accuracy": start.accuracy(pruned.weights), "counts": pruned.counts,
                "seconds": sum(ended) - sum(began)}

    def finished(self):
        """The rows of the file; the last line may be one that an interruption cut off."""
        if self.file.exists():
            for text in self.file.read_text().splitlines():
                if text.endswith("}}"):
                    line = json.loads(text)
                    yield json.dumps(line["key"]), line["row"]

    def save(self, key):
        """Appends one line, so that several processes can share the file."""
        line = json.dumps({"key": json.loads(key), "row": self.rows[key]})
        with open(self.file, "a") as file:
            file.write(line + "\n")
