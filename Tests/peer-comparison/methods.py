"""The methods that `strongest` compares: what they are called, who computes them, and the settings among
which each chooses on the validation part."""
import dataclasses
import itertools
from collections.abc import Callable

import oneshot
import own
import sparse_training

UNTRAINED, TRAINED = "without training", "with training"


@dataclasses.dataclass
class Method:
    name: str
    kind: str
    run: Callable
    settings: list = dataclasses.field(default_factory=lambda: [{}])
    is_own: bool = False
    #: What its rows depend on, besides the settings: whether ecpipe's counts of each layer.
    uses_counts: bool = False
    #: The option of `ecpipe prune` without which the program cannot do it.
    needs: str = ""


def grid(**values):
    """All combinations."""
    return [dict(zip(values, chosen)) for chosen in itertools.product(*values.values())]


#: One line a recipe of `ecpipe prune`: what it adds to the defaults. Other methods take the first one's
#: counts of each layer.
RECIPES = [
    ("ecpipe prune", [], ""),
    ("ecpipe prune --refine outputs", ["--refine", "outputs"], "--refine"),
    ("ecpipe prune --refine both", ["--refine", "both"], "--refine"),
]

#: What is tried first, and with one or several things changed.
SCHEDULE = {"rounds": 18, "last": 6, "rate": 0.003, "curve": "exponential", "compensation": "none"}
REGULAR = {"weight_decay": 0.1, "label_smoothing": 0.1}
CHANGES = [
    {}, {"curve": "cubic", "rate": 0.005}, {"optimizer": "continue"}, {"weight_decay": 0.1},
    {"label_smoothing": 0.1}, REGULAR, {**REGULAR, "optimizer": "continue"},
    {**REGULAR, "optimizer": "continue", "curve": "cubic", "rate": 0.005},
]

METHODS = [
    Method("magnitude, global (torch.nn.utils.prune)", UNTRAINED, oneshot.magnitude),
    Method("Wanda", UNTRAINED, oneshot.wanda, grid(as_ours=[True, False]), uses_counts=True),
    Method("SparseGPT", UNTRAINED, oneshot.sparse_gpt,
           grid(as_ours=[True, False], block=[128, 784]), uses_counts=True),
    Method("OBC, exact, sequential", UNTRAINED, oneshot.obc, grid(target=["own", "dense"]),
           uses_counts=True),
    *(Method(name, UNTRAINED, own.prune, [{"options": options}], is_own=True, needs=needs)
      for name, options, needs in RECIPES),
    Method("gradual magnitude pruning", TRAINED, sparse_training.gradual,
           [{"rate": rate, "ramp": ramp, "hold": ramp}
            for rate in (0.002, 0.003, 0.005) for ramp in (0.5, 0.75)]
           + [{"rate": rate, "ramp": 0.75, "hold": 0.75, "regular": 0.1} for rate in (0.003, 0.005)]),
    Method("hard top-k, dense gradients", TRAINED, sparse_training.top_k,
           [{"rate": rate, "begin": begin, "ramp": ramp, "hold": 0.5}
            for rate, begin, ramp in ((0.001, "scratch", 0), (0.001, "dense", 0.5),
                                      (0.003, "dense", 0.5))]
           + [{"rate": 0.003, "begin": "dense", "ramp": 0.5, "hold": 0.5, "regular": 0.1}]),
    Method("RigL", TRAINED, sparse_training.rigl,
           [{"rate": rate, "every": every, "hold": 0.5}
            for rate, every in ((0.003, 100), (0.005, 100), (0.01, 100), (0.005, 50))]
           + [{"rate": 0.005, "every": 50, "hold": 0.5, "regular": 0.1}]),
    Method("lottery ticket, rewinding", TRAINED, sparse_training.lottery_ticket,
           [{"rate": rate, "rounds": rounds}
            for rate, rounds in ((0.001, 1), (0.003, 1), (0.003, 3), (0.003, 6))]
           + [{"rate": 0.003, "rounds": 3, "regular": 0.1}]),
    Method("magnitude, ecpipe's schedule", TRAINED, own.run,
           [{**SCHEDULE, **change, "criterion": "magnitude"}
            for change in ({}, {**REGULAR, "optimizer": "continue"})], is_own=True),
    Method("ecpipe run", TRAINED, own.run, [{**SCHEDULE, **change} for change in CHANGES],
           is_own=True),
]
