"""State dicts in safetensors files, with what PyTorch makes of them.

Made with PyTorch 2.13.0 and safetensors 0.8.0:

    python make_state_dict_golden.py FOLDER
"""

import json
import sys

import safetensors
import torch
from safetensors.torch import save_file

nn = torch.nn


class Wrapped(nn.Module):
    """A module that holds its layers under a name, as most networks do."""

    def __init__(self, layers):
        super().__init__()
        self.layers = layers

    def forward(self, x):
        return self.layers(x)


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
    for name, (network, dtype, activation) in cases.items():
        network = network.to(dtype).eval()
        save_file(network.state_dict(), f"{folder}/{name}.safetensors")
        # The values as they are stored, computed with in double precision.
        network = network.to(torch.float64)
        first = next(network.parameters())
        inputs = torch.randn(3, first.shape[1], dtype=torch.float64).to(torch.float32)
        with torch.no_grad():
            outputs = network(inputs.to(torch.float64))
        described[name] = {
            "activation": activation, "inputs": inputs.tolist(), "outputs": outputs.tolist()}
    # What is refused.
    bad = {
        "convolution": nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(8, 2)),
        "slopes": nn.Sequential(nn.Linear(3, 4), nn.PReLU(4), nn.Linear(4, 2)),
        "norm": nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2)),
    }
    for name, network in bad.items():
        save_file(network.state_dict(), f"{folder}/{name}.safetensors")
    with open(f"{folder}/state-dicts.json", "w") as file:
        json.dump({"torch": torch.__version__, "safetensors": safetensors.__version__,
                   "cases": described}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
