"""What the proof of ranks runs."""

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
RANKS_AND_THREADS = [(p, t) for p in (1, 2, 3, 4, 6) for t in (1, 2)]
# Optimizer with momentum, clipping, slopes that are learned, early stopping, a search.
OTHERS = f"""\
version: 1
name: others
seed: 7
data: {{csv: {ROOT}/pipelines/data/digits.csv.gz, label: last, task: classification, split: {{validation: 0.2, test: 0.1}}}}
model: {{hidden: [200, 150], activation: prelu}}
training:
  batch: 100
  optimizer: {{sgd: {{learning_rate: 0.02, momentum: 0.9, nesterov: true}}}}
  clip: {{norm: 1}}
  early_stop: {{patience: 3}}
stages:
  - train: {{epochs: 8}}
  - prune: {{to: 0.9, criterion: magnitude}}
  - finetune: {{epochs: 4}}
  - prune: {{to: 0.95, criterion: ec}}
  - finetune: {{epochs: 4, optimizer: {{adam: {{learning_rate: 0.002}}}}}}
"""
# Statistics of every kind, the moments of a refit, and units that go whole.
SQUARES = f"""\
version: 1
name: squares
seed: 5
data: {{csv: {ROOT}/pipelines/data/digits.csv.gz, label: last, task: classification, split: {{validation: 0.2, test: 0.1}}}}
model: {{hidden: [96, 64, 48]}}
training: {{batch: 64, optimizer: {{adam: {{learning_rate: 0.002}}}}}}
stages:
  - train: {{epochs: 4}}
  - prune: {{to: 0.8, criterion: ec, compensation: least_squares, steps: 3, refine: {{iterations: 8}}}}
  - evaluate: {{part: test}}
  - prune: {{to: 0.85, criterion: ec, metric: output, samples: 500}}
  - prune: {{to: 0.9, criterion: wanda, compensation: none, budget: {{policy: uniform}}}}
  - finetune: {{epochs: 2}}
  - evaluate: {{part: validation}}
"""
# Each rank has some rows of the inputs alone; the plain run has them in its file.
SHARDED = f"""\
version: 1
name: sharded
seed: 5
data: {{csv: {ROOT}/pipelines/data/digits.csv.gz, label: last, task: classification, split: {{validation: 0.2, test: 0.1}}, scale: standard, shard: true}}
model: {{hidden: [200, 150]}}
training: {{batch: 100, optimizer: {{adam: {{learning_rate: 0.002}}}}}}
stages:
  - train: {{epochs: 5}}
  - prune: {{to: 0.8, criterion: ec, samples: 500}}
  - finetune: {{epochs: 3}}
  - evaluate: {{part: test}}
  - prune: {{to: 0.9, criterion: ec, metric: output, samples: 300}}
  - finetune: {{epochs: 2}}
"""
# So many steps that a signal comes in the middle of the pruning.
PRUNING = f"""\
version: 1
name: pruning
seed: 7
data: {{csv: {ROOT}/pipelines/data/digits.csv.gz, label: last, task: classification, split: {{validation: 0.2, test: 0.1}}}}
model: {{hidden: [256, 128]}}
training: {{batch: 64, optimizer: {{adam: {{learning_rate: 0.001}}}}}}
stages:
  - train: {{epochs: 2}}
  - prune: {{to: 0.9, criterion: ec, compensation: least_squares, steps: 100}}
  - finetune: {{epochs: 2}}
checkpoints: {{every: 1s}}
"""
# The same, and of refinements.
REFINING = PRUNING.replace("name: pruning", "name: refining").replace(
    "steps: 100", "steps: 10, refine: {iterations: 20}")
# So many evaluations that a signal comes in the middle of them.
EVALUATING = PRUNING.split("stages:")[0].replace("name: pruning", "name: evaluating") + """\
stages:
  - train: {epochs: 2}
""" + "  - evaluate: {part: validation}\n" * 400 + """\
  - prune: {to: 0.9, criterion: magnitude}
  - finetune: {epochs: 1}
"""
# So long that whatever befalls it does so in the middle.
LONG = f"""\
version: 1
name: long
seed: 3
data: {{csv: {ROOT}/pipelines/data/digits.csv.gz, label: last, task: classification, split: {{validation: 0.1, test: 0.1}}}}
model: {{hidden: [256, 128]}}
training: {{batch: 64, optimizer: {{adam: {{learning_rate: 0.001}}}}}}
stages:
  - train: {{epochs: 400}}
  - prune: {{to: 0.9, criterion: magnitude}}
  - finetune: {{epochs: 10}}
checkpoints: {{every: 1s}}
"""
STUDY = f"""\
version: 1
name: study
seed: 7
data: {{csv: {ROOT}/pipelines/data/digits.csv.gz, label: last, task: classification, split: {{validation: 0.2, test: 0.1}}}}
model: {{hidden: [64, 32]}}
training: {{batch: 64, optimizer: {{adam: {{learning_rate: 0.002}}}}}}
train: {{epochs: 20}}
finetune: {{epochs: 5}}
seeds: 4
ratios: [0.8, 0.9]
criteria: [ec, magnitude]
quick: {{train: {{epochs: 2}}, finetune: {{epochs: 1}}, seeds: 2}}
"""


def smaller(name, changes):
    """A schedule of the repository with fewer epochs, where its data are found all the same."""
    text = (ROOT / f"pipelines/{name}.yaml").read_text().replace("csv: data/", f"csv: {ROOT}/pipelines/data/")
    for old, new in changes.items():
        if old not in text:
            raise ValueError(f"pipelines/{name}.yaml has no {old}")
        text = text.replace(old, new)
    return text


def search():
    return smaller("digits-search", {"epochs: 15": "epochs: 5", "minimal_step: 0.05": "minimal_step: 0.2"})


def to_compare(is_long):
    """What is run, and how often: ranks, threads, and what these share."""
    all_of_them = [(p, t, "all") for p, t in RANKS_AND_THREADS]
    few = all_of_them if is_long else [(2, 1, "all"), (3, 2, "all")]
    digits = all_of_them if is_long else [(p, t, "all") for p in (1, 2, 3, 4) for t in (1, 2)]
    yield "digits", smaller("digits", {}), [*digits, (3, 1, "rows"), (2, 2, "alone"), (6, 2, "rows")]
    yield "others", OTHERS, [(2, 1, "rows"), (3, 2, "all")]
    yield "squares", SQUARES, few
    yield "sharded", SHARDED, [*few, (2, 1, "rows"), (4, 1, "alone")]
    yield "digits-search", search(), few
    if "MNIST10K" in os.environ:
        changes = {"epochs: 10": "epochs: 1", "rounds: 18": "rounds: 3", "epochs: 6": "epochs: 1"}
        yield "mnist10k", smaller("mnist10k", changes), few


def to_disturb(is_long):
    """Where ranks are disturbed: a schedule, what has happened by then, and which ranks."""
    yield "long", LONG, [b'"progress_saved"'], range(3) if is_long else (0, 2)
    yield "pruning", PRUNING, [b'"stage":"prune"', b'"progress_saved"'], range(3) if is_long else (1,)
    yield "digits-search", search(), [b'"trial_tested"'], range(3) if is_long else (1,)
    if is_long:
        yield "refining", REFINING, [b'"stage":"prune"'], range(3)
        yield "evaluating", EVALUATING, 20 * [b'"stage":"evaluate"'], range(3)
