"""What every method of `strongest` starts from: digits, dense networks, and how many weights stay."""
import dataclasses
import gzip
import hashlib
import math
import os
import pathlib

import numpy as np
import torch
from safetensors.torch import load_file, save_file

import networks

WIDTHS = [784, 300, 100, 10]
SIZES = [above * below for below, above in zip(WIDTHS, WIDTHS[1:])]
NAMES = ["0.weight", "2.weight", "4.weight"]
TRAINING = 8000  # the first of the file; the other 2,000 are the test part
VALIDATION = 1000  # of the training part, drawn once: settings are chosen on them
BATCH = 64
DENSE_EPOCHS = 10
REWIND_EPOCHS = 1  # to what lottery tickets go back
DENSE_RATE = 1e-3
SPARSE_EPOCHS = 24  # what follows after the dense network


def kept(sparsity):
    """How many weights stay; ecpipe counts the same way."""
    return sum(SIZES) - math.floor(sparsity * sum(SIZES) + 0.5)


def divided(total, shares, limits):
    """`total` in whole numbers in proportion to `shares`, none above its limit; the largest remainders
    are rounded up."""
    if total > sum(limits):
        raise ValueError(f"{total} do not fit into {limits}")
    exact, is_full = [0.0] * len(shares), [False] * len(shares)
    while True:
        left = total - sum(limit for limit, full in zip(limits, is_full) if full)
        scale = left / max(sum(s for s, full in zip(shares, is_full) if not full), 1e-300)
        exact = [limit if full else scale * share
                 for share, limit, full in zip(shares, limits, is_full)]
        over = [value > limit for value, limit in zip(exact, limits)]
        if not any(over):
            break
        is_full = [full or beyond for full, beyond in zip(is_full, over)]
    counts = [math.floor(value + 1e-9) for value in exact]
    order = sorted(range(len(counts)), key=lambda i: counts[i] - exact[i])
    for index in order[:total - sum(counts)]:
        counts[index] += 1
    return counts


@dataclasses.dataclass
class Part:
    """Images `[n, 784]` from 0 to 1, and their digits `[n]`."""
    x: torch.Tensor
    y: torch.Tensor


class Digits:
    """The 10,000 digits of the folder `data` in the order of the file."""

    def __init__(self, data):
        files = [pathlib.Path(data) / f"t10k-{kind}.gz"
                 for kind in ("images-idx3-ubyte", "labels-idx1-ubyte")]
        images, labels = (gzip.decompress(file.read_bytes()) for file in files)
        x = torch.from_numpy(np.frombuffer(images, np.uint8, offset=16).reshape(-1, 784) / 255)
        x = x.to(torch.float32)
        y = torch.from_numpy(np.frombuffer(labels, np.uint8, offset=8).astype(np.int64))
        self.digest = hashlib.sha256(images + labels).hexdigest()[:12]
        order = torch.from_numpy(np.random.default_rng(0).permutation(TRAINING))
        fit, held = order[VALIDATION:], order[:VALIDATION]
        #: For each use: what networks are trained on, and what they are measured on.
        self.parts = {
            "test": (Part(x[:TRAINING], y[:TRAINING]), Part(x[TRAINING:], y[TRAINING:])),
            "validation": (Part(x[fit], y[fit]), Part(x[held], y[held]))}


def write(file, save):
    """Writes aside and renames, so that nobody reads half a file."""
    aside = file.with_name(f"{os.getpid()}-{file.name}")
    save(aside)
    aside.replace(file)


class Start:
    """The dense network of a seed, which all methods of a use share, and its files for ecpipe."""

    def __init__(self, digits, use, seed, folder):
        self.train, self.measured = digits.parts[use]
        self.seed, self.use, self.folder = seed, use, pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file = self.folder / f"dense-{use}-{seed}.safetensors"
        early = self.folder / f"early-{use}-{seed}.safetensors"
        if not self.file.exists():  # the last that is written
            self.make(early)
        self.memory = {}  # what a method keeps for its next sparsity
        self.dense, self.early = load_file(self.file), load_file(early)
        self.inputs, self.targets = self.arrays(self.train, f"train-{use}")
        self.measured_files = self.arrays(self.measured, f"measured-{use}")

    def make(self, early):
        net = self.network(None)
        optimizer = torch.optim.Adam(net.parameters(), lr=DENSE_RATE, fused=True)
        for epochs, file in ((REWIND_EPOCHS, early), (DENSE_EPOCHS - REWIND_EPOCHS, self.file)):
            for x, y in networks.batches(self.train.x, self.train.y, epochs, BATCH):
                optimizer.zero_grad()
                torch.nn.functional.cross_entropy(net(x), y).backward()
                optimizer.step()
            write(file, lambda part: save_file(net.state_dict(), part))

    def network(self, weights):
        """A network with these weights, or new ones; what is drawn from now on is the seed's."""
        torch.manual_seed(self.seed)
        net = networks.sequential(WIDTHS)
        if weights is not None:
            net.load_state_dict(weights)
        return net

    def arrays(self, part, name):
        files = [self.folder / f"{name}-{kind}.npy" for kind in ("inputs", "targets")]
        for file, values in zip(files, (part.x, part.y)):
            if not file.exists():
                write(file, lambda aside: np.save(aside, values.numpy()))
        return files

    def accuracy(self, weights):
        return networks.quality(weights, self.measured.x, self.measured.y, True)


@dataclasses.dataclass
class Pruned:
    """A pruned state dict, and how many weights of each layer count as kept."""
    weights: dict
    counts: list
