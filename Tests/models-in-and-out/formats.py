#!/usr/bin/env python3
"""Whether networks come in and go out as PyTorch, ONNX Runtime, NumPy and scikit-learn have them.

    Tests/models-in-and-out/formats.py .build/release/ecpipe

Needs torch, onnx, onnxruntime, onnxscript, safetensors, scikit-learn and NumPy.

In: fourteen shapes and activations of `nn.Sequential`, by state dict, by NumPy's arrays and by both ONNX
exporters in several opsets, are read, and `ecpipe predict` gives what PyTorch does. Out: each is pruned and
written as ONNX (dense and sparse), safetensors (dense and as a bitmask) and NPZ; ONNX's checker accepts it, and
ONNX Runtime (for one, seven and 64 rows), PyTorch (strictly) and NumPy give what `ecpipe predict` does. The
snippets of the documentation write a scikit-learn MLP that gives what scikit-learn does, and put a pruned one
back, which then gives what `ecpipe predict` does.
"""

import argparse
import concurrent.futures
import json
import logging
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import warnings

import numpy
import onnx
import onnxruntime
import torch
from safetensors.torch import load_file, save_file

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
nn = torch.nn
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# Of the largest output: sums of float32 in another order.
TOLERANCE = 1e-5
EXPORTERS = {
    "trace 11": {"dynamo": False, "opset_version": 11},
    "trace 17": {"dynamo": False, "opset_version": 17},
    "trace 20": {"dynamo": False, "opset_version": 20},
    "export": {"dynamo": True},
    "export 18, as it is": {"dynamo": True, "opset_version": 18, "optimize": False},
}


class Swish(nn.Module):
    """SiLU by hand."""

    def forward(self, values):
        return values * torch.sigmoid(values)


def norm(units):
    """A BatchNorm that has seen data."""
    layer = nn.BatchNorm1d(units)
    layer.running_mean.uniform_(-1, 1)
    layer.running_var.uniform_(0.5, 2)
    with torch.no_grad():
        layer.weight.uniform_(0.5, 2)
        layer.bias.uniform_(-1, 1)
    return layer


def networks():
    """By name: the shape of a sample, the modules, how many at the end are not read, the activation of a
    state dict (None where it is in the file, or the state dict cannot be read)."""
    linear = nn.Linear
    return {
        "relu": ([8], [linear(8, 12), nn.ReLU(), linear(12, 3)], 0, "relu"),
        "leaky": ([8], [linear(8, 12), nn.LeakyReLU(), linear(12, 3)], 0, "leaky_relu"),
        "slope": ([8], [linear(8, 12), nn.PReLU(), linear(12, 3)], 0, "prelu"),
        "slopes": ([8], [linear(8, 12), nn.PReLU(12), linear(12, 3)], 0, "prelu"),
        "tanh": ([8], [linear(8, 12), nn.Tanh(), linear(12, 9), nn.Tanh(), linear(9, 3)], 0, "tanh"),
        "sigmoid": ([8], [linear(8, 12), nn.Sigmoid(), linear(12, 1), nn.Sigmoid()], 1, "sigmoid"),
        "gelu": ([8], [linear(8, 12), nn.GELU(), linear(12, 9), nn.GELU(), linear(9, 3)], 0, "gelu"),
        "silu": ([8], [linear(8, 12), nn.SiLU(), linear(12, 3)], 0, "silu"),
        "swish": ([8], [linear(8, 12), Swish(), linear(12, 3)], 0, "silu"),
        "softplus": ([8], [linear(8, 12), nn.Softplus(), linear(12, 3)], 0, "softplus"),
        "norms": ([8], [norm(8), linear(8, 12), norm(12), nn.ReLU(), norm(12), nn.Dropout(),
                        linear(12, 3), norm(3)], 0, None),
        "image": ([1, 4, 4], [nn.Flatten(), linear(16, 12), nn.ReLU(), linear(12, 10),
                              nn.Softmax(1)], 1, "relu"),
        "no bias": ([8], [linear(8, 12, bias=False), nn.ReLU(), linear(12, 3, bias=False),
                          nn.LogSoftmax(-1)], 1, "relu"),
        "one unit": ([1], [linear(1, 1), nn.PReLU(), linear(1, 1)], 0, "prelu"),
        "one layer": ([8], [linear(8, 3)], 0, "relu"),
    }


class Check:
    def __init__(self, program, folder):
        self.program = program
        self.folder = pathlib.Path(folder)
        self.worst = 0.0
        self.count = 0
        # Exports shrink what they write; where shapes are compared, nothing is to move.
        self.as_is = ["--no-shrink"] if "--no-shrink" in self.ecpipe("export", "--help").stdout else []

    def ecpipe(self, *arguments):
        done = subprocess.run([self.program, *map(str, arguments)], capture_output=True, text=True,
                              cwd=self.folder)
        if done.returncode != 0:
            sys.exit(f"ecpipe {' '.join(map(str, arguments))}: {done.stderr}")
        return done

    def predict(self, model, rows, *options):
        numpy.save(self.folder / "rows.npy", rows.astype(numpy.float32))
        self.ecpipe("predict", model, "--data", "rows.npy", "--output", "predicted.npy", *options)
        return numpy.load(self.folder / "predicted.npy")

    def same(self, what, found, expected, tolerance=TOLERANCE):
        difference = float(numpy.abs(found - expected).max() / max(numpy.abs(expected).max(), 1e-30))
        self.worst = max(self.worst, difference)
        self.count += 1
        if found.shape != expected.shape or not difference <= tolerance:
            sys.exit(f"{what}: differs by {difference:.1e}")

    def into(self, name, shape, modules, ending, activation):
        """A network of PyTorch, by every way in; returns the name of an ONNX file of it."""
        network = nn.Sequential(*modules).eval()
        core = nn.Sequential(*modules[:len(modules) - ending]).eval()
        inputs = torch.randn(64, *shape)
        rows = inputs.flatten(1).numpy()
        with torch.no_grad():
            expected = core(inputs).numpy()
        if activation is not None:
            options = ["--activation", activation]
            state = network.state_dict()
            save_file(state, self.folder / "net.safetensors")
            numpy.savez(self.folder / "net.npz", **{key: value.numpy() for key, value in state.items()})
            for file in ["net.safetensors", "net.npz"]:
                self.same(f"{name}, {file}", self.predict(file, rows, *options), expected)
        for exporter, options in EXPORTERS.items():
            options = dict(options)
            if exporter == "export":
                options["dynamic_shapes"] = ({0: torch.export.Dim("batch")},)
            elif options["dynamo"]:
                # Where the number of samples is open, what is not optimized computes shapes.
                options["external_data"] = False
            else:
                options["dynamic_axes"] = {"x": {0: "batch"}}
                options["input_names"] = ["x"]
            torch.onnx.export(network, (inputs[:2],), str(self.folder / "net.onnx"), verbose=False,
                              **options)
            self.same(f"{name}, {exporter}", self.predict("net.onnx", rows), expected)
        return "net.onnx"

    def out(self, name, model, columns):
        """Every way out of `model`, pruned by half."""
        # Of a layer of one weight none can go.
        share = "0.5" if columns > 1 else "0"
        self.ecpipe("prune", model, "--to", share, "--output", "half.onnx", *self.shrinkless("prune"))
        rows = numpy.random.default_rng(1).normal(size=(64, columns)).astype(numpy.float32)
        expected = self.predict("half.onnx", rows)
        files = {"dense.onnx": [], "sparse.onnx": ["--sparse-initializers"], "net.npz": [],
                 "dense.safetensors": [], "sparse.safetensors": ["--sparse-bitmask"]}
        for file, options in files.items():
            self.ecpipe("export", "half.onnx", "--output", file, *options, *self.as_is)
        for file in ["dense.onnx", "sparse.onnx"]:
            path = str(self.folder / file)
            # In full, the checker refuses sparse weights of a Gemm, which ONNX Runtime makes dense.
            onnx.checker.check_model(path, full_check=file == "dense.onnx")
            session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
            for count in (1, 7, 64):
                found = session.run(None, {"input": rows[:count]})[0]
                self.same(f"{name}, {file} for {count}", found, expected[:count])
            self.same(f"{name}, {file} again", self.predict(file, rows), expected)
        self.same(f"{name}, net.npz again", self.predict("net.npz", rows), expected)
        arrays = dict(numpy.load(self.folder / "net.npz"))
        self.same(f"{name}, NumPy", forward(arrays, rows), expected)
        dense = load_file(self.folder / "dense.safetensors")
        module = sequential(dense, json.loads(str(arrays["ecpipe"][0])))
        module.load_state_dict(dense, strict=True)
        with torch.no_grad():
            self.same(f"{name}, PyTorch", module(torch.from_numpy(rows)).numpy(), expected)
        self.same(
            f"{name}, sparse.safetensors again", self.predict("sparse.safetensors", rows), expected)
        sparse = unpacked(load_file(self.folder / "sparse.safetensors"))
        if sorted(sparse) != sorted(dense) or any((sparse[key] != dense[key]).any() for key in dense):
            sys.exit(f"{name}: the bitmask has other weights")

    def shrinkless(self, command):
        return ["--no-shrink"] if "--no-shrink" in self.ecpipe(command, "--help").stdout else []

    def scikit_learn(self):
        """MLPs that the snippet of the documentation writes."""
        from sklearn.neural_network import MLPClassifier, MLPRegressor

        text = (ROOT / "Sources/ecpipe/ecpipe.docc/OwnNetworks.md").read_text()
        out, back = re.findall(r"```python\n(import numpy\n.*?)```", text, re.S)
        draws = numpy.random.default_rng(2)
        rows = draws.normal(size=(200, 5))
        sums = rows[:, 0] + rows[:, 1] * rows[:, 2]
        three = numpy.where(sums < -0.5, "low", numpy.where(sums > 0.5, "high", "mid"))
        os.chdir(self.folder)
        for activation in ["identity", "logistic", "tanh", "relu"]:
            for targets in [three, (sums > 0).astype(int), sums, numpy.stack([sums, -sums], 1)]:
                kind = MLPRegressor if targets.dtype == float else MLPClassifier
                model = kind(hidden_layer_sizes=(7, 4), activation=activation, max_iter=20, random_state=0)
                model.fit(rows, targets)
                exec(out, {"model": model})
                self.same(f"scikit-learn, {activation}", *self.answers("model.npz", model, rows))
                if kind is MLPClassifier:
                    shown = json.loads(self.ecpipe("show", "model.npz", "--json").stdout)
                    assert shown["classes"] == [str(name) for name in model.classes_], shown["classes"]
                # Pruned, with and without the units that cannot matter, and back.
                for shrinks in ["--shrink", "--no-shrink"]:
                    self.ecpipe("prune", "model.npz", "--to", "0.9", shrinks, "--output", "pruned.npz")
                    exec(back, {"model": model})
                    self.same(f"scikit-learn, {activation}, back",
                              *self.answers("pruned.npz", model, rows), tolerance=1e-6)
        model = MLPClassifier(hidden_layer_sizes=(3,), max_iter=5).fit(
            rows, numpy.stack([sums > 0, sums < 0.5], 1))
        exec(out, {"model": model})
        done = subprocess.run([self.program, "show", "model.npz"], capture_output=True, text=True)
        assert done.returncode == 65 and "several labels at once" in done.stderr, done.stderr

    def answers(self, file, model, rows):
        """What the network in `file` and the model of scikit-learn answer, the latter as it shows it."""
        found = self.predict(file, rows).astype(float)
        if not hasattr(model, "predict_proba"):
            return found, model.predict(rows).reshape(len(rows), -1)
        expected = model.predict_proba(rows)
        if expected.shape[1] == 2:
            return 1 / (1 + numpy.exp(-found)), expected[:, 1:]
        return numpy.exp(found) / numpy.exp(found).sum(1, keepdims=True), expected


def unpacked(tensors):
    """The dense state dict of one in the layout sparse-bitmask, as compressed-tensors 0.9.4 unpacks it."""
    dense = {}
    for name, value in tensors.items():
        stem, _, part = name.rpartition(".")
        if part == "bitmask":
            shape = tensors[stem + ".shape"].tolist()
            bits = numpy.unpackbits(value.numpy(), axis=-1, count=shape[-1], bitorder="little")
            mask = torch.from_numpy(bits.reshape(shape).astype(bool))
            dense[stem] = torch.zeros(shape, dtype=tensors[stem + ".compressed"].dtype)
            dense[stem][mask] = tensors[stem + ".compressed"]
            counts = mask.sum(dim=-1)
            assert (tensors[stem + ".row_offsets"] == counts.cumsum(0) - counts).all()
        elif part not in ("shape", "compressed", "row_offsets"):
            dense[name] = value
    return dense


def forward(arrays, rows):
    """What NumPy makes of the arrays of an NPZ file."""
    facts = json.loads(str(arrays["ecpipe"][0]))
    functions = {
        "identity": lambda z: z, "relu": lambda z: numpy.maximum(z, 0), "tanh": numpy.tanh,
        "sigmoid": lambda z: 1 / (1 + numpy.exp(-z)), "silu": lambda z: z / (1 + numpy.exp(-z)),
        "softplus": lambda z: numpy.logaddexp(0, z),
        "gelu": lambda z: torch.nn.functional.gelu(torch.from_numpy(z)).numpy(),
    }
    values = rows.astype(float)
    for index, activation in enumerate(facts["activations"]):
        values = values @ arrays[f"{2 * index}.weight"].astype(float).T + arrays[f"{2 * index}.bias"]
        slope = arrays.get(f"{2 * index + 1}.weight", facts["slopes"][index])
        if activation in ("prelu", "leaky_relu"):
            values = numpy.where(values > 0, values, values * slope)
        else:
            values = functions[activation](values)
    return values


def sequential(tensors, facts):
    """An nn.Sequential that takes the state dict `tensors`."""
    kinds = {"identity": nn.Identity, "relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid,
             "silu": nn.SiLU, "softplus": nn.Softplus, "gelu": nn.GELU}
    modules = []
    for index, activation in enumerate(facts["activations"]):
        outputs, inputs = tensors[f"{2 * index}.weight"].shape
        modules.append(nn.Linear(inputs, outputs))
        if activation == "prelu":
            modules.append(nn.PReLU(len(tensors[f"{2 * index + 1}.weight"])))
        elif activation == "leaky_relu":
            modules.append(nn.LeakyReLU(facts["slopes"][index]))
        else:
            modules.append(kinds[activation]())
    return nn.Sequential(*modules)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    program = os.path.abspath(parser.parse_args().program)
    # The exporters of PyTorch take most of the time, on one processor each.
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        done = list(pool.map(part, [program] * (len(networks()) + 1), [*networks(), None]))
    print(f"{sum(count for count, _ in done)} comparisons, the largest difference "
          f"{max(worst for _, worst in done):.1e} of the largest output")


def part(program, name):
    """How many comparisons of the network `name`, of scikit-learn's for None, and the largest difference."""
    torch.manual_seed(4)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        check = Check(program, folder)
        if name is None:
            check.scikit_learn()
        else:
            shape, modules, ending, activation = networks()[name]
            model = check.into(name, shape, modules, ending, activation)
            check.out(name, model, int(numpy.prod(shape)))
    return check.count, check.worst


if __name__ == "__main__":
    main()
