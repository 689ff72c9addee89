"""The program `ecpipe`, called with networks and data of Python.

    import ecpipe

    small = ecpipe.prune(net.state_dict(), X, y, to=0.9, activation="relu")
    net.load_state_dict(small)
    small.report["measured"]["after"]             # {"accuracy": 0.96, "loss": 0.14}

A network is a state dict of PyTorch's tensors or of NumPy's arrays. Data are what NumPy makes an array of, one
sample a row, or the path of a file that the program reads; labels may be text. Every option of a command can be
given by its name with underscores: `steps=30`, `refine="both"`, `shrink=True`, `set=["seed=1"]`. What the
program refuses is raised as `Error`, and what it warns of is a warning.
"""

import csv
import importlib.metadata
import json
import os
import subprocess
import sysconfig
import tempfile
import warnings

import numpy

__all__ = ["Error", "StateDict", "predict", "program", "prune", "run"]
__version__ = importlib.metadata.version("ecpipe")


class Error(Exception):
    """What the program says of a failure, and its exit code: 65 for a network, data or a schedule that it
    refuses, 64 for an option, 66 for a file that is missing; the documentation lists all."""

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code


class StateDict(dict):
    """The tensors of a pruned network by their names; `load_state_dict` takes it.

    `report` is what `ecpipe prune --json` says; `metadata` has what a state dict does not say, such as the
    activation, so that `predict` does not ask for it.
    """

    def __init__(self, tensors, report, metadata):
        super().__init__(tensors)
        self.report = report
        self.metadata = metadata


def prune(state_dict, X=None, y=None, to=0.9, *, X_test=None, y_test=None, **options):
    """Removes the share `to` of all weights and makes up for them, scored on the samples `X` with the targets
    `y`. Gives tensors of the same names, kind and type back, with pruned weights as exact zeros.

    Without `y` it is pruned for its own answers, without `X` by magnitude. `X_test` and `y_test` are measured,
    never scored. `to=None` where `granularity="2:4"` says how much goes.
    """
    with _Exchange() as files:
        output = files.path("pruned.safetensors")
        tables = {"data": X, "labels": y, "test": X_test, "test-labels": y_test}
        report = files.call(
            ["prune", files.network(state_dict), "--output", output],
            {"to": to, **files.tables(tables), **options})
        tensors = _kind_of(state_dict).load_file(output)
        for name, tensor in tensors.items():
            tensors[name] = _like(state_dict[name], tensor) if name in state_dict else tensor
        return StateDict(tensors, report, _metadata(output))


def predict(model, X, **options):
    """The outputs of a network for raw inputs, one row a sample: logits of a classifier, values of a
    regression. `model` is a state dict, or the name of a run or a file. Torch's tensors for tensors, else arrays.
    """
    with _Exchange() as files:
        output = files.path("outputs.npy")
        name = model if isinstance(model, (str, os.PathLike)) else files.network(model)
        files.call(
            ["predict", name, "--output", output], {**files.tables({"data": X}), **options})
        return _like(X, numpy.load(output), keeping_type=False)


def run(schedule, **options):
    """Runs the schedule in the file of that name, or goes on with it, and gives what `ecpipe run --json` says:
    the stages with their metrics, files and sizes."""
    with _Exchange() as files:
        return files.call(["run", schedule], options)


def program():
    """The path of the program that came with this package."""
    places = [
        sysconfig.get_path("scripts"),
        sysconfig.get_path("scripts", sysconfig.get_preferred_scheme("user")),
        # pip install --target
        os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bin"),
    ]
    for place in places:
        path = os.path.join(place, "ecpipe")
        if os.path.isfile(path):
            return path
    raise FileNotFoundError(f"the program ecpipe is in none of {', '.join(places)}; install the wheel anew")


class _Exchange(tempfile.TemporaryDirectory):
    """A folder through which networks and data go to the program and come back."""

    def __init__(self):
        super().__init__(prefix="ecpipe-")

    def __enter__(self):
        super().__enter__()
        return self

    def path(self, name):
        return os.path.join(self.name, name)

    def network(self, state_dict):
        path = self.path("state_dict.safetensors")
        tensors = {name: _contiguous(tensor) for name, tensor in state_dict.items()}
        _kind_of(state_dict).save_file(tensors, path, getattr(state_dict, "metadata", None))
        return path

    def tables(self, tables):
        """Files of those that are given, by their options."""
        return {option: self.table(option, values)
                for option, values in tables.items() if values is not None}

    def table(self, name, values):
        if isinstance(values, (str, os.PathLike)):
            return values
        array = numpy.asarray(_on_processor(values))
        if array.dtype.kind not in "OSU":
            numpy.save(self.path(f"{name}.npy"), array)
            return self.path(f"{name}.npy")
        with open(self.path(f"{name}.csv"), "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            rows = array.reshape(len(array), -1)
            writer.writerows([[name] * rows.shape[1], *rows])
        return self.path(f"{name}.csv")

    def call(self, arguments, options):
        """What the program answers; its warnings are warnings, and its error is raised."""
        command = [program(), *map(os.fspath, arguments), *_spelled(options), "--json"]
        with subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                text=True, encoding="utf-8") as process:
            try:
                output, messages = process.communicate()
            except KeyboardInterrupt:
                # It was told as well, and saves what it has.
                process.wait()
                raise
        messages = messages.replace(self.name + os.sep, "").strip()
        if process.returncode != 0:
            raise Error(messages.removeprefix("ecpipe: "), process.returncode)
        for line in messages.splitlines():
            warnings.warn(line.removeprefix("warning: "), stacklevel=3)
        return json.loads(output) if output else None


def _spelled(options):
    """The words of a command line; a name such as `from_` ends in what Python wants there."""
    for name, value in options.items():
        option = "--" + name.rstrip("_").replace("_", "-")
        if value is True:
            yield option
        elif value is False:
            yield "--no-" + option[2:]
        elif value is not None:
            for one in value if isinstance(value, (list, tuple)) else [value]:
                yield f"{option}={one}"


def _is_torch(value):
    return type(value).__module__.partition(".")[0] == "torch"


def _kind_of(state_dict):
    """How tensors of its kind are read and written."""
    if any(_is_torch(tensor) for tensor in state_dict.values()):
        import safetensors.torch as tensors
    else:
        import safetensors.numpy as tensors
    return tensors


def _on_processor(values):
    return values.detach().cpu() if _is_torch(values) else values


def _contiguous(tensor):
    # Memory of its own: a file holds no tensor twice.
    return tensor.detach().cpu().contiguous().clone() if _is_torch(tensor) \
        else numpy.ascontiguousarray(tensor)


def _like(original, result, keeping_type=True):
    """`result` as what `original` is: a tensor on its device, an array, and where wanted of its type."""
    if not _is_torch(original):
        return result.astype(original.dtype) if keeping_type else result
    import torch
    tensor = torch.as_tensor(result)
    return tensor.to(original.device, original.dtype if keeping_type else tensor.dtype)


def _metadata(path):
    from safetensors import safe_open
    with safe_open(path, "numpy") as file:
        return file.metadata()
