"""State dicts in safetensors files, with what PyTorch makes of them.

Made with PyTorch 2.13.0 and safetensors 0.8.0:

    python make_state_dict_golden.py FOLDER
"""

import json
import sys

import numpy
import safetensors
import torch
from safetensors.torch import save_file
from torch.nn.utils import prune

nn = torch.nn


class Named(nn.Module):
    """Layers as attributes, as most people write them."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(5, 6)
        self.fc2 = nn.Linear(6, 5)
        self.out = nn.Linear(5, 2)

    def forward(self, x):
        return self.out(torch.tanh(self.fc2(torch.tanh(self.fc1(x)))))


class Wrapped(nn.Module):
    """A module that holds its layers under a name, as most networks do."""

    def __init__(self, layers):
        super().__init__()
        self.layers = layers

    def forward(self, x):
        return self.layers(x)


def packed(name, weight):
    """A weight without its zeros, as compressed-tensors 0.9.4 packs it (BitmaskTensor.from_dense)."""
    mask = weight != 0
    counts = mask.sum(dim=-1)
    bits = numpy.packbits(mask.numpy(), axis=-1, bitorder="little")
    return {
        f"{name}.shape": torch.tensor(weight.shape), f"{name}.compressed": weight[mask],
        f"{name}.bitmask": torch.from_numpy(bits),
        f"{name}.row_offsets": torch.cumsum(counts, 0) - counts}


def main(folder):
    torch.manual_seed(1)
    deep = []
    for index in range(6):
        deep += [nn.Linear(3, 3), nn.Tanh()]
    cases = {
        "prelu-f32": (nn.Sequential(
            nn.Linear(5, 4), nn.PReLU(), nn.Linear(4, 3), nn.PReLU(init=0.1), nn.Linear(3, 2)),
            torch.float32, None),
        "gelu-f64": (nn.Sequential(
            nn.Linear(5, 4), nn.GELU(), nn.Dropout(), nn.Linear(4, 2)), torch.float64, "gelu"),
        "relu-f16": (Wrapped(nn.Sequential(
            nn.Linear(5, 4), nn.ReLU(), nn.Linear(4, 1))), torch.float16, "relu"),
        "silu-bf16": (Wrapped(nn.Sequential(
            nn.Linear(5, 4, bias=False), nn.SiLU(), nn.Linear(4, 2))), torch.bfloat16, "silu"),
        # Numbers of two digits: 10.weight comes after 2.weight, not before.
        "tanh-deep": (nn.Sequential(*deep, nn.Linear(3, 2)), torch.float32, "tanh"),
    }
    described = {}

    def describe(name, network, dtype, activation):
        network = network.to(dtype).eval()
        save_file(network.state_dict(), f"{folder}/{name}.safetensors")
        # The values as they are stored, computed with in double precision.
        network = network.to(torch.float64)
        first = next(p for p in network.parameters() if p.dim() == 2)
        inputs = torch.randn(3, first.shape[1], dtype=torch.float64).to(torch.float32)
        with torch.no_grad():
            outputs = network(inputs.to(torch.float64))
        described[name] = {
            "activation": activation, "inputs": inputs.tolist(), "outputs": outputs.tolist()}

    for name, (network, dtype, activation) in cases.items():
        describe(name, network, dtype, activation)
    # What is refused.
    bad = {
        "convolution": nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(8, 2)),
        "norm": nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2)),
    }
    for name, network in bad.items():
        save_file(network.state_dict(), f"{folder}/{name}.safetensors")
    # A slope a unit, and what torch.nn.utils.prune makes of a network.
    torch.manual_seed(2)
    slopes = nn.Sequential(nn.Linear(3, 4), nn.PReLU(4), nn.Linear(4, 2))
    with torch.no_grad():
        slopes[1].weight.copy_(torch.tensor([0.5, -0.25, 0.0, 2.0]))
    describe("slopes", slopes, torch.float32, None)
    pruned = Named()
    prune.l1_unstructured(pruned.fc1, "weight", amount=10)
    prune.random_unstructured(pruned.fc2, "weight", amount=0.5)
    prune.random_unstructured(pruned.fc2, "bias", amount=2)
    # The forward hooks make weight out of the pair, in the precision of the pair.
    describe("pruned-f32", pruned, torch.float32, "tanh")
    # The same weights without their zeros.
    sparse = {}
    for module in ["fc1", "fc2", "out"]:
        layer = getattr(pruned, module)
        sparse.update(packed(f"{module}.weight", layer.weight.detach().to(torch.float32)))
        sparse[f"{module}.bias"] = layer.bias.detach().to(torch.float32)
    save_file(sparse, f"{folder}/bitmask.safetensors")
    # What is no state dict in a safetensors file at all.
    plain = nn.Sequential(nn.Linear(2, 1))
    torch.save(plain.state_dict(), f"{folder}/net.pt")
    torch.save(plain.state_dict(), f"{folder}/net-legacy.pt", _use_new_zipfile_serialization=False)
    torch.jit.script(plain).save(f"{folder}/net-script.pt")
    numpy.savez(f"{folder}/arrays.npz", x=numpy.zeros((2, 1), numpy.float32))
    with open(f"{folder}/state-dicts.json", "w") as file:
        json.dump({"torch": torch.__version__, "safetensors": safetensors.__version__,
                   "cases": described}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
