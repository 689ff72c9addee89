"""Data sets that need no download, as files for a schedule; how their rows are divided, and a schedule's metrics."""

import json
import subprocess

import numpy as np
from sklearn import datasets
from sklearn.model_selection import train_test_split

DATA = """data:
  train: {{csv: {folder}/train.csv}}
  validation: {{csv: {folder}/validation.csv}}
  test: {{csv: {folder}/test.csv}}
  label: last
  task: {task}
"""


def tables():
    """Name, inputs, targets, epochs, whether the targets are classes."""
    yield "friedman1", *datasets.make_friedman1(4000, 10, noise=1.0, random_state=0), 60, False
    yield "friedman2", *datasets.make_friedman2(4000, noise=50.0, random_state=0), 60, False
    yield "diabetes", *datasets.load_diabetes(return_X_y=True), 60, False
    linear = datasets.make_regression(4000, 20, n_informative=10, noise=20.0, random_state=0)
    yield "linear", *linear, 30, False
    yield "digits", *datasets.load_digits(return_X_y=True), 30, True
    yield "wine", *datasets.load_wine(return_X_y=True), 60, True
    yield "breast_cancer", *datasets.load_breast_cancer(return_X_y=True), 30, True
    clouds = datasets.make_classification(
        4000, 20, n_informative=10, n_classes=4, random_state=0)
    yield "clouds", *clouds, 30, True
    yield "moons", *datasets.make_moons(2000, noise=0.25, random_state=0), 60, True


def split(inputs, targets, is_classes, seed=0):
    """Training, validation and test rows: 60, 20 and 20 %."""
    stratify = targets if is_classes else None
    rest, test = train_test_split(
        np.arange(len(inputs)), test_size=0.2, random_state=seed, stratify=stratify)
    stratify = targets[rest] if is_classes else None
    train, validation = train_test_split(
        rest, test_size=0.25, random_state=seed, stratify=stratify)
    return train, validation, test


def parts(inputs, targets, is_classes, folder):
    """The rows of each part, standardised by the training rows, also as files."""
    train, validation, test = split(inputs, targets, is_classes)
    spread = inputs[train].std(0)
    inputs = (inputs - inputs[train].mean(0)) / np.where(spread > 0, spread, 1)
    if not is_classes:
        targets = (targets - targets[train].mean()) / targets[train].std()
    folder.mkdir(parents=True, exist_ok=True)
    result = {}
    for name, rows in ("train", train), ("validation", validation), ("test", test):
        table = np.column_stack([inputs[rows], targets[rows]])
        head = ",".join([f"x{column}" for column in range(inputs.shape[1])] + ["y"])
        form = ["%.9g"] * inputs.shape[1] + ["%d" if is_classes else "%.9g"]
        np.savetxt(folder / f"{name}.csv", table, form, ",", header=head, comments="")
        result[name] = inputs[rows], targets[rows]
    return result


def metrics(program, schedule, name, checkpoints):
    """Runs a schedule; the last metrics of the validation and the test part."""
    folder = ["--checkpoints", checkpoints]
    subprocess.run(
        [program, "run", schedule, "--threads", "1", "--quiet", *folder], check=True,
        capture_output=True)
    status = json.loads(subprocess.run(
        [program, "status", name, "--json", *folder], check=True, capture_output=True,
        text=True).stdout)
    result = {}
    for stage in status["stages"]:
        result.update(stage["metrics"])
    return result["validation"], result["test"]


def error(metrics, is_classes):
    """The share of wrong classes, or the mean square of standardised targets."""
    return 1 - metrics["accuracy"] if is_classes else metrics["rmse"] ** 2
