"""What ecpipe makes of the same networks: by `ecpipe prune`, and by a schedule that trains as it prunes."""
import json
import pathlib
import subprocess
import tempfile

from safetensors.torch import load_file

import networks
from digits import BATCH, Pruned


def prune(start, goal, options):
    """`ecpipe prune` with its defaults and these options."""
    with tempfile.TemporaryDirectory() as folder:
        weights, report = networks.pruned(
            goal.program, start.file, start.inputs, start.targets, goal.sparsity,
            pathlib.Path(folder) / "pruned.safetensors", options)
    return Pruned(weights, [layer["weights"] for layer in report["layers"]])


def schedule(start, goal, rounds, last, rate, curve, compensation, criterion="ec", optimizer="new",
             weight_decay=0, label_smoothing=0):
    """Rounds of one epoch at a constant rate, then `last` epochs along a cosine, or none; the dense network
    is the start.

    Where the optimizer is to `continue`, the first of these epochs comes before anything is pruned."""
    begin, going_on = "", ""
    if optimizer == "continue":
        begin, going_on, rounds = "  - finetune: {epochs: 1}\n", ", optimizer: continue", rounds - 1
    finish = ""
    if last:
        finish = f"  - finetune: {{epochs: {last}, decay: {{cosine: {{to: 0.00001}}}}{going_on}}}\n"
    adam = f"adamw: {{learning_rate: {rate}, weight_decay: {weight_decay}}}"
    train, measured = (
        f"{{npy: {{inputs: {inputs.resolve()}, targets: {targets.resolve()}}}}}"
        for inputs, targets in ((start.inputs, start.targets), start.measured_files))
    return f"""version: 1
name: strongest
seed: {start.seed}
data: {{train: {train}, test: {measured}, task: classification}}
model: {{start: {start.file.resolve()}, activation: relu}}
training: {{batch: {BATCH}, label_smoothing: {label_smoothing}, optimizer: {{{adam}}}}}
stages:
{begin}  - alternate:
      rounds: {rounds}
      sparsity: {{to: {goal.sparsity}, curve: {curve}}}
      prune: {{criterion: {criterion}, metric: fisher, compensation: {compensation}}}
      finetune: {{epochs: 1{going_on}}}
{finish}  - export: {{safetensors: trained.safetensors}}
"""


def run(start, goal, **settings):
    """`ecpipe run` on the schedule with these settings."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        file = folder / "strongest.yaml"
        file.write_text(schedule(start, goal, **settings))
        answer = subprocess.run(
            [goal.program, "run", file, "--threads", "1", "--json", "--checkpoints", folder / "runs"],
            check=True, stdout=subprocess.PIPE, text=True)
        weights = load_file(folder / "trained.safetensors")
    layers = json.loads(answer.stdout)["stages"][-1]["layers"]
    return Pruned(weights, [layer["weights"] for layer in layers])
