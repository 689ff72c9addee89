"""Schedules drawn from a seed: stages, losses, optimizers, criteria, budgets, searches, rewinds.

What is drawn need not be sound: `validate` says whether it is."""

import re

from drawn_data import Data, Draw
from drawn_pruning import DrawnPruning
from drawn_training import DrawnTraining

ACTIVATIONS = [
    "relu", "relu", "leaky_relu", "prelu", "tanh", "sigmoid", "gelu", "silu", "softplus", "identity"]
INITIALIZATIONS = ["he_normal", "he_uniform", "xavier_normal", "xavier_uniform", "orthogonal"]
HIDDEN = [
    [], [1], [3], [6], [8], [16], [16, 8], [7, 5], [5, 5, 5], [24, 17], [40, 20], [4, 3, 3, 2], [96, 64]]


class Drawn(DrawnTraining, DrawnPruning):
    """A schedule as YAML, with its data."""

    def __init__(self, seed):
        self.draw = Draw(seed)
        self.data = Data(self.draw)
        self.hidden = self.draw.choice(HIDDEN)
        self.counts = {}
        # The stages that train so far, by name: their epochs, and whether they may end sooner.
        self.trained = {}
        # The kind of the last stage, the sparsity so far, and whether a search has left it open.
        self.last = None
        self.removed = 0.0
        self.is_searched = False
        # Whether it measures times, so that two runs of it need not agree.
        self.is_timed = False
        self.schedule = self.drawn_schedule()

    @property
    def files(self):
        return self.data.files

    @property
    def text(self):
        lines = []
        for key, value in self.schedule.items():
            if key == "stages":
                lines += ["stages:"] + [f"  - {yaml(stage)}" for stage in value]
            else:
                lines.append(f"{key}: {yaml(value)}")
        return "\n".join(lines) + "\n"

    def drawn_schedule(self):
        draw = self.draw
        schedule = {
            "version": 1, "name": "drawn", "seed": draw.choice([0, 1, draw.randrange(1 << 62)]),
            "data": self.data.settings,
            "model": {"hidden": self.hidden, "activation": draw.choice(ACTIVATIONS),
                      "initialization": draw.choice(INITIALIZATIONS)},
        }
        common = self.options()
        self.stops_early = "early_stop" in common
        schedule["training"] = {
            "batch": draw.choice([1, 3, 8, 16, 32, 64, 100, 1000]), "loss": self.loss(), **common}
        stages = [self.training("train")] if draw.maybe(0.9) else []
        for _ in range(draw.randint(1, 5)):
            kind = draw.choices(
                [self.prune, self.alternate, self.search, self.finetune, self.rewind, self.evaluate],
                [0, 0, 0, 4, 0, 3] if self.is_searched else [4, 4, 3, 4, 2, 3])[0]
            stages.append(kind())
            self.last = next(iter(stages[-1]))
        schedule["stages"] = stages
        schedule["checkpoints"] = self.checkpoints()
        return schedule

    def checkpoints(self):
        draw = self.draw
        settings = {"level": draw.randint(1, 12), "every": "1s", "delta": draw.maybe(0.4),
                    "moments": draw.choice(["drop", "drop", "keep"])}
        if draw.maybe(0.3):
            settings["keep"] = draw.choice([{"last": 1}, {"last": 2, "best": 1}, {"daily": 3}])
        return settings


def yaml(value):
    """A value in YAML's flow style, with words as plain scalars."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{yaml(key)}: {yaml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(yaml, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if re.fullmatch(r"[A-Za-z0-9_./-]+", value) else f'"{value}"'
    return repr(value)
