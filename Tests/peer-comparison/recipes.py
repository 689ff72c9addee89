#!/usr/bin/env python3
"""Which recipe prunes a network of one's own best without training after it?

    recipes.py PROGRAM FOLDER

Trains networks with PyTorch (three seeds on each of four data sets that need no download), prunes each
with PROGRAM (a built ecpipe) by every criterion, compensation and number of steps to 80, 90 and 95 %,
scoring on the training rows, and prints what that loses: on the validation rows, by which the best recipe is
chosen, and on the test rows. FOLDER takes the networks and all results. Needs torch, scikit-learn, numpy and
safetensors; 3,000 prunings take some minutes.
"""

import argparse
import itertools
import json
import pathlib

import numpy as np
import sklearn
import torch
from safetensors.torch import save_file
from sklearn import datasets

import networks
from tables import split

CRITERIA = ["ec", "magnitude", "gradient_magnitude", "taylor", "variance", "wanda", "obd"]
COMPENSATIONS = ["none", "mean", "ec", "least_squares"]
STEPS = [1, 10, 18]
SPARSITIES = [0.8, 0.9, 0.95]
SEEDS = [0, 1, 2]


def tables():
    """Name, inputs, targets, hidden widths, epochs, whether the targets are classes."""
    digits = datasets.load_digits()
    yield "digits", digits.data / 16, digits.target, [128, 64], 60, True
    cancer = datasets.load_breast_cancer()
    yield "breast_cancer", cancer.data, cancer.target, [64, 32], 60, True
    inputs, targets = datasets.make_friedman1(2000, 10, noise=1.0, random_state=0)
    yield "friedman1", inputs, targets, [64, 64], 100, False
    diabetes = datasets.load_diabetes()
    yield "diabetes", diabetes.data, diabetes.target, [32, 16], 30, False


def trained(x, y, hidden, epochs, is_classes, seed):
    torch.manual_seed(seed)
    net = networks.sequential([x.shape[1], *hidden, int(y.max()) + 1 if is_classes else 1])
    loss = torch.nn.CrossEntropyLoss() if is_classes else torch.nn.MSELoss()
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    for inputs, targets in networks.batches(x, y, epochs, 32):
        optimizer.zero_grad()
        loss(net(inputs), targets).backward()
        optimizer.step()
    return net


def lost(dense, pruned, is_classes):
    """In points of accuracy, or of r2 in percent; what is gained, or ruined, counts within limits."""
    scale = 1 if is_classes else 100
    return max(-5, min(100, scale * (dense - pruned)))


def report(results, kinds):
    """A row a recipe, the best on the validation rows first: what it loses on the mean, and what is left at 90 %."""
    recipes = sorted({key[1:4] for key in results if key[1] != "dense"})
    rows = []
    for recipe in recipes:
        losses, left = [], []
        for name, is_classes in kinds.items():
            dense = np.mean(results[name, "dense", "", 0, 0.0], 0)
            for sparsity in SPARSITIES:
                pruned = np.mean(results[(name, *recipe, sparsity)], 0)
                losses.append([lost(*pair, is_classes) for pair in zip(dense, pruned)])
            left.append(np.mean(results[(name, *recipe, 0.9)], 0)[1])
        rows.append((*np.mean(losses, 0), recipe, left))
    print("| recipe | lost, validation | lost, test |", " | ".join(kinds), "|")
    for validation, test, recipe, left in sorted(rows):
        print("|", ", ".join(map(str, recipe)), f"| {validation:.1f} | {test:.1f} |",
              " | ".join(f"{value:.2f}" for value in left), "|")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder", type=pathlib.Path)
    arguments = parser.parse_args()
    program, folder = arguments.program, arguments.folder
    folder.mkdir(exist_ok=True)
    print(f"torch {torch.__version__}, scikit-learn {sklearn.__version__}", flush=True)
    results, kinds = {}, {}
    for name, inputs, targets, hidden, epochs, is_classes in tables():
        kinds[name] = is_classes
        for seed in SEEDS:
            train, validation, test = split(inputs, targets, is_classes, seed)
            mean, spread = inputs[train].mean(0), inputs[train].std(0)
            if name == "digits":
                mean, spread = 0, 1
            x = torch.tensor((inputs - mean) / spread, dtype=torch.float32)
            if is_classes:
                y = torch.tensor(targets)
            else:
                y = torch.tensor(
                    (targets - targets[train].mean()) / targets[train].std(),
                    dtype=torch.float32)[:, None]
            net = trained(x[train], y[train], hidden, epochs, is_classes, seed)
            model = folder / f"{name}-{seed}.safetensors"
            save_file(net.state_dict(), model)
            np.save(folder / "x.npy", x[train].numpy())
            np.save(folder / "y.npy", y[train].numpy())
            parts = [(x[rows], y[rows]) for rows in (validation, test)]
            dense = [networks.quality(net.state_dict(), *part, is_classes) for part in parts]
            results.setdefault((name, "dense", "", 0, 0.0), []).append(dense)
            for recipe in itertools.product(CRITERIA, COMPENSATIONS, STEPS, SPARSITIES):
                criterion, compensation, steps, sparsity = recipe
                weights, _ = networks.pruned(
                    program, model, folder / "x.npy", folder / "y.npy", sparsity,
                    folder / "pruned.safetensors",
                    ["--criterion", criterion, "--compensation", compensation, "--steps", str(steps)])
                measured = [networks.quality(weights, *part, is_classes) for part in parts]
                results.setdefault((name, *recipe), []).append(measured)
            print(name, seed, "dense", dense, flush=True)
        with open(folder / "results.json", "w") as file:
            json.dump([[*key, np.mean(value, 0).tolist(), np.std(value, 0).tolist()]
                       for key, value in results.items()], file)
    report(results, kinds)


if __name__ == "__main__":
    main()
