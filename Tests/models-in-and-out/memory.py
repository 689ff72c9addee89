#!/usr/bin/env python3
"""Whether commands that read a model say so where it, or what they make of it, does not fit into memory.

    Tests/models-in-and-out/memory.py .build/release/ecpipe [--width 2000] [--limits 8]

Needs NumPy, and onnx for the ONNX files.

A network of width² weights in every form that is read, some of them highly compressed, goes through every command
under limits on the address space (`ulimit -v`) from too little for anything to enough. Each call ends well, or with
the documented exit code and a message of one line: never by a signal, and never with a file half written.
"""

import argparse
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile

import numpy

# What a call under a limit may end in: well, without buffers for products, or without memory for the model.
CODES = {0: None, 1: "products of matrices", 65: "allowed|takes at least"}
OUTPUTS = ["safetensors", "npz", "onnx", "c"]


def save_safetensors(path, tensors, types):
    """Tensors by name in a safetensors file."""
    header, place, parts = {"__metadata__": {"format": "pt"}}, 0, []
    for name, array in tensors.items():
        data = numpy.ascontiguousarray(array).tobytes()
        header[name] = {"dtype": types.get(name, types[None]), "shape": list(array.shape),
                        "data_offsets": [place, place + len(data)]}
        place += len(data)
        parts.append(data)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(parts))


def write_models(folder, width):
    """Networks of one wide layer and a narrow one behind it, in every form; paths by what they are."""
    draws = numpy.random.default_rng(1)
    wide = draws.normal(size=(width, width)).astype("float32")
    tensors = {
        "0.weight": wide, "0.bias": numpy.zeros(width, "float32"),
        "2.weight": draws.normal(size=(2, width)).astype("float32"),
        "2.bias": numpy.zeros(2, "float32"),
    }
    relu = {"activation": numpy.array(["relu"])}
    zeros = {**tensors, "0.weight": numpy.zeros_like(wide)}
    save_safetensors(folder / "dense.safetensors", tensors, {None: "F32"})
    save_safetensors(
        folder / "half.safetensors", {n: v.astype("float16") for n, v in tensors.items()},
        {None: "F16"})
    numpy.savez(folder / "stored.npz", **tensors, **relu)
    numpy.savez_compressed(folder / "zeros.npz", **zeros, **relu)
    numpy.savez_compressed(
        folder / "half.npz", **{n: v.astype("float16") for n, v in zeros.items()}, **relu)
    numpy.savez_compressed(
        folder / "sklearn.npz", coefs_0=numpy.zeros_like(wide), intercepts_0=tensors["0.bias"],
        coefs_1=tensors["2.weight"].T.copy(), intercepts_1=tensors["2.bias"], **relu)
    stride = (width + 7) // 8
    bitmask = {
        "0.weight.shape": numpy.array([width, width]), "0.weight.compressed": tensors["0.bias"][:0],
        "0.weight.bitmask": numpy.zeros((width, stride), "uint8"),
        "0.weight.row_offsets": numpy.zeros(width, "int64"),
        **{name: tensors[name] for name in ["0.bias", "2.weight", "2.bias"]},
    }
    save_safetensors(
        folder / "bitmask.safetensors", bitmask,
        {None: "F32", "0.weight.shape": "I64", "0.weight.bitmask": "U8",
         "0.weight.row_offsets": "I64"})
    write_onnx(folder, tensors, width)
    numpy.save(folder / "rows.npy", draws.normal(size=(20, width)).astype("float32"))
    numpy.save(folder / "labels.npy", numpy.arange(20) % 2)
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".npy")


def write_onnx(folder, tensors, width):
    try:
        import onnx
        from onnx import TensorProto, helper, numpy_helper
    except ImportError:
        print("no onnx here: without its files", flush=True)
        return

    def save(name, constants, transposed, sparse=()):
        nodes = [
            helper.make_node("Gemm", ["x", "0.weight", "0.bias"], ["h"], transB=transposed),
            helper.make_node("Relu", ["h"], ["r"]),
            helper.make_node("Gemm", ["r", "2.weight", "2.bias"], ["y"], transB=transposed),
        ]
        value = helper.make_tensor_value_info
        graph = helper.make_graph(
            nodes, "g", [value("x", TensorProto.FLOAT, ["n", width])],
            [value("y", TensorProto.FLOAT, ["n", 2])], constants, sparse_initializer=sparse)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.save(model, folder / name)

    raw = [numpy_helper.from_array(v, n) for n, v in tensors.items()]
    save("raw.onnx", raw, 1)
    save("turned.onnx", [numpy_helper.from_array(numpy.ascontiguousarray(v.T) if v.ndim == 2 else v,
                                                 n) for n, v in tensors.items()], 0)
    one = helper.make_sparse_tensor(
        helper.make_tensor("0.weight", TensorProto.FLOAT, [1], [0.5]),
        helper.make_tensor("0.places", TensorProto.INT64, [1], [3]), [width, width])
    save("sparse.onnx", raw[1:], 1, [one])


def write_checkpoint(program, folder):
    """A checkpoint in which hardly a weight is left."""
    (folder / "rows.csv").write_text(
        "\n".join(",".join(map(str, [*row, label])) for row, label in
                  zip(numpy.load(folder / "rows.npy").round(2), [0, 1] * 10)))
    (folder / "s.yaml").write_text("""
version: 1
name: wide
data: {csv: rows.csv, label: last, task: classification}
model: {start: dense.safetensors, activation: relu}
stages:
  - prune: {to: 0.9999, criterion: magnitude, compensation: none}
""")
    subprocess.run([program, "run", "s.yaml", "--quiet"], cwd=folder, check=True)
    return "checkpoints/wide/result.safetensors"


def commands(model, all_outputs):
    """Command lines on `model`."""
    activation = ["--activation", "relu"] if model.endswith(".safetensors") \
        and "/" not in model else []
    data = ["--data", "rows.npy"]
    yield ["show", model, *activation]
    yield ["predict", model, *activation, *data, "--output", "out.npy"]
    if not all_outputs:
        return
    yield ["show", model, *activation, "--sizes"]
    yield ["evaluate", model, *activation, *data, "--labels", "labels.npy"]
    yield ["diff", model, model] if not activation else ["show", model, *activation, "--json"]
    for suffix in OUTPUTS:
        for word in ["shrink", "export"]:
            yield [word, model, *activation, "--output", f"out.{suffix}"]
    yield ["export", model, *activation, "--output", "out.c", "--int8", *data]
    yield ["export", model, *activation, "--output", "out.safetensors", "--sparse-bitmask"]
    yield ["export", model, *activation, "--output", "out.onnx", "--sparse-initializers"]
    for suffix in OUTPUTS[:3]:
        yield ["prune", model, *activation, "--criterion", "magnitude", "--compensation", "none",
               "--to", "0.9", "--output", f"out.{suffix}"]
    yield ["prune", model, *activation, *data, "--labels", "labels.npy", "--to", "0.9",
           "--output", "out.npz"]


def faults(program, folder, words, limit):
    """What is wrong with how a call under `limit` KiB ends, and its exit code."""
    for path in folder.glob("out.*"):
        path.unlink()
    outcome = subprocess.run(
        ["sh", "-c", f'ulimit -v {limit}; exec "$0" "$@"', program, *words, "--quiet"],
        cwd=folder, capture_output=True, text=True, check=False)
    code, errors = outcome.returncode, outcome.stderr
    wanted = CODES.get(code, "")
    found = []
    if wanted == "":
        found.append(f"exit {code}")
    elif wanted and not any(word in errors for word in wanted.split("|")):
        found.append(f"exit {code} without its message")
    if code and len(errors.splitlines()) != 1:
        found.append("not one line")
    left = [path.name for path in folder.glob("out*")]
    if code and left or any("partial" in name for name in left):
        found.append(f"left {left}")
    first = errors.strip().split("\n")[0][:200]
    return [f"{', '.join(found)}: {first}"] if found else [], code


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--width", type=int, default=2000)
    parser.add_argument("--limits", type=int, default=8)
    parser.add_argument("--only", help="commands with this in them")
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    size = 4 * options.width**2 >> 10
    counts, wrong = {}, 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        models = write_models(folder, options.width)
        models.append(write_checkpoint(program, folder))
        for model in models:
            whole = model in ("dense.safetensors", "zeros.npz", "raw.onnx", models[-1])
            for words in commands(model, whole):
                if options.only and options.only not in " ".join(words):
                    continue
                least = None
                # From the program alone to what all of them need, products on one thread included; numbers as text
                # take most.
                is_text = {"--sizes", "diff", "out.c"} & set(words)
                most = 160_000 + (50 if is_text else 14) * size
                for step in range(options.limits):
                    limit = 170_000 + int(most * step / (options.limits - 1))
                    found, code = faults(
                        program, folder, [*words, *threads(words)], limit)
                    counts[code] = counts.get(code, 0) + 1
                    if code == 0 and least is None:
                        least = limit
                    for text in found:
                        wrong += 1
                        print(f"FAULT at {limit} KiB: {' '.join(words)}: {text}", flush=True)
                if least is None:
                    wrong += 1
                    print(f"FAULT: {' '.join(words)}: never ends well", flush=True)
                print(f"{least or 0:>9} KiB  {' '.join(words)}", flush=True)
    print(", ".join(f"{count} ended with {code}" for code, count in sorted(counts.items())))
    sys.exit(1 if wrong else 0)


def threads(words):
    """One thread for what multiplies."""
    multiplies = words[0] in ("predict", "evaluate", "prune", "export", "diff") \
        or "--sizes" in words
    return ["--threads", "1"] if multiplies else []


if __name__ == "__main__":
    main()
