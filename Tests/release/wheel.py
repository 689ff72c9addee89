#!/usr/bin/env python3
"""Uses an installed wheel as its reader would, beside torch; `Tests/release/check` calls it in an environment
that has the wheel, torch and auditwheel.

    wheel.py WHEEL PIPELINES      the wheel that was installed, and the folder with the shipped schedules
"""

import base64
import hashlib
import importlib.metadata
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import warnings

import numpy

import ecpipe

# Sums of float32 in another order, of the largest output.
TOLERANCE = 1e-5


def say(condition, what):
    if not condition:
        sys.exit(f"the wheel: {what}")


def raised(call):
    """The error of a call."""
    try:
        call()
    except ecpipe.Error as error:
        return error
    sys.exit("the wheel: an error was not raised")


def check_files(wheel):
    """RECORD has the digest of every file, and the tag says what auditwheel finds."""
    for file in importlib.metadata.files("ecpipe"):
        if file.hash and file.name != "RECORD":
            found = base64.urlsafe_b64encode(hashlib.sha256(file.read_binary()).digest())
            say(found.decode().rstrip("=") == file.hash.value, f"RECORD is wrong about {file}")
    tag = wheel.removesuffix(".whl").rpartition("-")[2]
    if tag.startswith("manylinux"):
        shown = subprocess.run(
            [sys.executable, "-m", "auditwheel", "show", wheel], capture_output=True, text=True)
        found = re.search(r'platform\s+tag:\s+"(\w+)"', shown.stdout)
        say(found and found[1] == tag, f"auditwheel says of {tag}: {shown.stdout}{shown.stderr}")


def check_commands():
    """The command of the environment, and `python -m ecpipe`, are the program."""
    scripts = os.path.dirname(sys.executable)
    for command in ([os.path.join(scripts, "ecpipe")], [sys.executable, "-m", "ecpipe"]):
        version = subprocess.run([*command, "--version"], capture_output=True, text=True).stdout
        say(version.strip() == ecpipe.__version__, f"{command} is version {version!r}")
        wrong = subprocess.run([*command, "no-such-command"], capture_output=True)
        say(wrong.returncode == 64, f"{command} ends with {wrong.returncode}")


def survivors(tensors):
    """Weights that are left, and all."""
    kernels = [numpy.asarray(tensor) for name, tensor in tensors.items() if name.endswith("weight")]
    return sum(map(numpy.count_nonzero, kernels)), sum(kernel.size for kernel in kernels)


def check_arrays():
    """A network of NumPy's arrays, before anything has imported torch."""
    generator = numpy.random.default_rng(1)
    state = {
        "0.weight": generator.normal(size=(16, 8)), "0.bias": generator.normal(size=16),
        "2.weight": generator.normal(size=(3, 16)), "2.bias": generator.normal(size=3)}
    inputs = generator.normal(size=(200, 8))
    small = ecpipe.prune(state, to=0.5, activation="tanh")
    left, total = survivors(small)
    say(left == total - math.floor(0.5 * total + 0.5), f"{left} of {total} weights are left")
    say(all(small[name].dtype == state[name].dtype == numpy.float64 for name in state), "types changed")
    kept = numpy.concatenate([numpy.abs(state[name][small[name] != 0]) for name in ("0.weight", "2.weight")])
    gone = numpy.concatenate([numpy.abs(state[name][small[name] == 0]) for name in ("0.weight", "2.weight")])
    say(kept.min() >= gone.max(), "magnitude is not what it went by")
    outputs = ecpipe.predict(small, inputs)
    hidden = numpy.tanh(inputs @ small["0.weight"].T + small["0.bias"])
    expected = hidden @ small["2.weight"].T + small["2.bias"]
    say(type(outputs) is numpy.ndarray and outputs.shape == (200, 3), "outputs are of another kind")
    say(numpy.abs(outputs - expected).max() <= TOLERANCE * numpy.abs(expected).max(), "outputs differ")
    shares = ecpipe.predict(small, inputs, probabilities=True)
    say(numpy.allclose(shares.sum(axis=1), 1), "probabilities do not add up")
    say("torch" not in sys.modules, "torch was imported")


def check_tensors(torch):
    """A trained `Sequential` goes in and comes back, and answers as the program says."""
    torch.manual_seed(1)
    inputs = torch.randn(600, 8)
    labels = (inputs[:, :3] + 0.1 * torch.randn(600, 3)).argmax(1)
    net = torch.nn.Sequential(
        torch.nn.Linear(8, 32), torch.nn.ReLU(), torch.nn.Linear(32, 16), torch.nn.ReLU(),
        torch.nn.Linear(16, 3))
    optimizer = torch.optim.Adam(net.parameters(), 0.01)
    for _ in range(150):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(inputs), labels).backward()
        optimizer.step()
    small = ecpipe.prune(
        net.state_dict(), inputs, labels, to=0.8, activation="relu", X_test=inputs[:100],
        y_test=labels[:100])
    left, total = survivors(small)
    say(left == total - math.floor(0.8 * total + 0.5), f"{left} of {total} weights are left")
    say(small.report["weights"] == left, "the report is of something else")
    say(small.report["measured"]["after"]["accuracy"] > 0.85, f"it collapsed: {small.report['measured']}")
    net.load_state_dict(small)
    with torch.no_grad():
        expected = net(inputs)
    outputs = ecpipe.predict(small, inputs)
    say(torch.is_tensor(outputs) and outputs.dtype == torch.float32, "outputs are of another kind")
    say((outputs - expected).abs().max() <= TOLERANCE * expected.abs().max(), "outputs differ")
    words = ["abc"[label] for label in labels]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        same = ecpipe.prune(net.state_dict(), inputs, words, to=0.85, activation="relu")
    say(any("a, b, c" in str(warning.message) for warning in caught), "it does not say the classes")
    say(caught[0].filename == __file__, "the warning points elsewhere")
    half = ecpipe.prune(net.half().state_dict(), to=0.85, activation="relu", shrink=True)
    say(half["0.weight"].dtype == torch.float16 and survivors(same)[1] == total, "types changed")


def check_errors():
    """What the program refuses is an exception with its words and its code."""
    state = {"0.weight": numpy.ones((2, 3)), "0.bias": numpy.zeros(2),
             "1.weight": numpy.ones((2, 2)), "1.bias": numpy.zeros(2)}
    error = raised(lambda: ecpipe.prune(state, to=0.5))
    say(error.code == 65 and "activation" in str(error), f"without an activation: {error.code}, {error}")
    say(str(error).startswith("state_dict.safetensors: "), f"the error begins otherwise: {error}")
    error = raised(lambda: ecpipe.prune(state, to=90))
    say(error.code == 64 and "0.9" in str(error), f"with 90: {error.code}, {error}")
    error = raised(lambda: ecpipe.prune(state, numpy.full((4, 3), numpy.nan), activation="relu"))
    say(error.code == 65 and "data.npy" in str(error), f"with NaN: {error.code}, {error}")
    error = raised(lambda: ecpipe.predict("no-such-run", numpy.zeros((1, 3))))
    say(error.code == 66, f"with no model: {error.code}, {error}")
    error = raised(lambda: ecpipe.run("missing.yaml"))
    say(error.code == 66 and "missing.yaml" in str(error), f"with no schedule: {error.code}, {error}")


def check_run(pipelines):
    """A shipped schedule, and predictions of its result by the run's name."""
    with tempfile.TemporaryDirectory() as folder:
        report = ecpipe.run(
            os.path.join(pipelines, "own-data.yaml"), checkpoints=folder,
            set=["stages[0].train.epochs=2"], until="train")
        say(report["stages"][0]["kind"] == "train", f"it says of the run: {json.dumps(report)}")
        outputs = ecpipe.predict("own-data", numpy.zeros((5, 64)), checkpoints=folder)
        say(outputs.shape == (5, 10), f"outputs have the shape {outputs.shape}")


def main():
    wheel, pipelines = sys.argv[1:]
    check_files(wheel)
    check_commands()
    check_arrays()
    check_errors()
    check_run(pipelines)
    import torch
    check_tensors(torch)


if __name__ == "__main__":
    main()
