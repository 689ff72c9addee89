"""Networks as somebody brings them: trained with PyTorch on the digits that come along.

Made with PyTorch 2.13.0 and safetensors 0.8.0:

    python make_own_networks.py ../../../pipelines/data/digits.csv.gz own

Three networks 64-64-32-10 with relu, as attributes of a module, in half precision. They take raw pixels, and
were trained on the first 1,200 rows. networks.json has what PyTorch makes of all rows.
"""

import gzip
import json
import sys

import numpy
import torch
from safetensors.torch import save_file


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = torch.nn.Linear(64, 64)
        self.fc2 = torch.nn.Linear(64, 32)
        self.out = torch.nn.Linear(32, 10)

    def forward(self, x):
        return self.out(torch.relu(self.fc2(torch.relu(self.fc1(x)))))


def main(data, folder):
    with gzip.open(data, "rt") as file:
        table = torch.tensor(numpy.loadtxt(file, delimiter=","), dtype=torch.float32)
    inputs, labels = table[:, :-1], table[:, -1].long()
    measured = {}
    for seed in range(3):
        torch.manual_seed(seed)
        network = Network()
        optimizer = torch.optim.Adam(network.parameters())
        for _ in range(60):
            for rows in torch.randperm(1200).split(32):
                optimizer.zero_grad()
                loss = torch.nn.functional.cross_entropy(network(inputs[rows] / 16), labels[rows])
                loss.backward()
                optimizer.step()
        with torch.no_grad():
            network.fc1.weight /= 16
        network.half()
        save_file(network.state_dict(), f"{folder}/digits-{seed}.safetensors")
        # The values as they are stored, computed with in double precision.
        network.double()
        with torch.no_grad():
            outputs = network(inputs.double())
        measured[f"digits-{seed}"] = {
            "accuracy": float((outputs.argmax(1) == labels).double().mean()),
            "loss": float(torch.nn.functional.cross_entropy(outputs, labels))}
    with open(f"{folder}/networks.json", "w") as file:
        json.dump({"torch": torch.__version__, "networks": measured}, file, indent=1)
        file.write("\n")


main(sys.argv[1], sys.argv[2])
