"""Networks of PyTorch that are trained here, and pruned by ecpipe; what the recipes and the strongest
peers share."""
import json
import subprocess

import torch
from safetensors.torch import load_file

torch.set_num_threads(1)
torch.set_flush_denormal(True)  # moments of pruned weights fade away


def sequential(widths):
    """Linear layers with relu between them, as PyTorch initialises them."""
    modules = []
    for below, above in zip(widths, widths[1:]):
        modules += [torch.nn.Linear(below, above), torch.nn.ReLU()]
    return torch.nn.Sequential(*modules[:-1])


def linear_layers(net):
    return [module for module in net if isinstance(module, torch.nn.Linear)]


def batches(x, y, epochs, size):
    """Inputs and targets of every step, in an order that the global generator draws for each epoch."""
    for _ in range(epochs):
        for rows in torch.randperm(len(x)).split(size):
            yield x[rows], y[rows]


def quality(weights, x, y, is_classes):
    """Accuracy in percent, or r2, of a state dict of `sequential`."""
    names = [name for name in weights if name.endswith(".weight")]
    with torch.no_grad():
        for name in names:
            x = x @ weights[name].T + weights[name.replace("weight", "bias")]
            if name != names[-1]:
                x = x.relu()
        if is_classes:
            return 100 * float((x.argmax(1) == y).float().mean())
        return 1 - float(((x - y) ** 2).sum() / ((y - y.mean()) ** 2).sum())


def pruned(program, model, inputs, targets, sparsity, output, options):
    """The weights that `ecpipe prune` makes of the file `model`, and its report; scored on the arrays in
    the files `inputs` and `targets`."""
    answer = subprocess.run(
        [program, "prune", model, "--activation", "relu", "--data", inputs, "--labels", targets,
         "--to", str(sparsity), "--output", output, "--threads", "1", "--json", *options],
        check=True, capture_output=True, text=True)
    return load_file(output), json.loads(answer.stdout)
