#!/usr/bin/env python3
"""The rows as a user of PyTorch and ONNX Runtime would run them.

    peer.py --threads N      reads names of rows from standard input, one a line, and answers each with
                             one line of JSON: {"name": …, "ms": {"torch": …}}; a name may also be
                             product/ROWSxCOLUMNSxINNER[/transposed]

Each figure is the best of several repeats after a warm-up, in milliseconds.
"""
import argparse
import json
import sys
import time
import warnings

import torch

import rows as row_list

warnings.filterwarnings("ignore", message="Sparse CSR")  # what is timed is known to be beta

EPOCH = 8192  # samples that batches are taken from
CHUNK = 1024  # samples that are scored together


def best(work, seconds, repeats):
    """Milliseconds of one call: the best of `repeats`, which take `seconds` together."""
    work()
    start = time.perf_counter()
    work()
    calls = max(1, int(seconds / repeats / max(time.perf_counter() - start, 1e-7)))
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        for _ in range(calls):
            work()
        times.append((time.perf_counter() - start) / calls)
    return 1e3 * min(times)


def network(widths):
    """Linear layers with relu between them, and the list of the linear ones."""
    torch.manual_seed(0)
    linear = [torch.nn.Linear(i, o) for i, o in zip(widths, widths[1:])]
    modules = [module for layer in linear for module in (layer, torch.nn.ReLU())]
    return torch.nn.Sequential(*modules[:-1]), linear


def training_step(row):
    """One step on the next batch; pruned weights are kept at 0 by masks, as pruning tools do."""
    model, linear = network(row.widths)
    inputs = torch.randn(EPOCH, row.widths[0])
    classes = torch.randint(0, row.widths[-1], (EPOCH,))
    if row.family == "sgd":
        optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, fused=True)
    else:  # the fastest Adam that PyTorch has on a CPU
        optimizer = torch.optim.Adam(model.parameters(), lr=0.001, fused=True)
    masks = []
    if row.sparsity:
        masks = [(torch.rand_like(layer.weight) >= row.sparsity).float() for layer in linear]
    start = 0

    def step():
        nonlocal start
        start = (start + row.samples) % (EPOCH - row.samples + 1)
        batch = slice(start, start + row.samples)
        optimizer.zero_grad(set_to_none=True)
        torch.nn.functional.cross_entropy(model(inputs[batch]), classes[batch]).backward()
        for layer, mask in zip(linear, masks):
            layer.weight.grad.mul_(mask)
        optimizer.step()
        with torch.no_grad():
            for layer, mask in zip(linear, masks):
                layer.weight.mul_(mask)

    return step


def scoring(row):
    """Importance and bias shift of every weight: one backward pass an output for a whole chunk, then
    two products a layer."""
    model, linear = network(row.widths)
    samples = torch.randn(row.samples, row.widths[0])

    def score():
        sums = [(torch.zeros(layer.out_features), torch.zeros_like(layer.weight),
                 torch.zeros_like(layer.weight)) for layer in linear]
        for begin in range(0, row.samples, CHUNK):
            values, inputs, outputs = samples[begin:begin + CHUNK], [], []
            for module in model:
                if isinstance(module, torch.nn.Linear):
                    inputs.append(values.detach())
                    values = module(values)
                    outputs.append(values)
                else:
                    values = module(values)
            squares = [torch.zeros_like(z) for z in outputs]
            for k in range(row.widths[-1]):
                gradients = torch.autograd.grad(values[:, k].sum(), outputs, retain_graph=True)
                for square, gradient in zip(squares, gradients):
                    square.addcmul_(gradient, gradient)
            for (s0, s1, s2), h, a in zip(sums, squares, inputs):
                s0 += h.sum(0)
                s1 += h.T @ a
                s2 += h.T @ (a * a)
        scores = []
        for layer, (s0, s1, s2) in zip(linear, sums):
            mean = s1 / s0.clamp_min(1e-30)[:, None]
            weight = layer.weight.detach()
            left = (s2 - s1 * mean).clamp_min(0) / row.samples
            scores.append((weight * weight * left, weight * mean))
        return scores

    return score


def inference(row):
    """Each way to run a pruned network, prepared; by its name."""
    model, linear = network(row.widths)
    model.eval()
    inputs = torch.randn(row.samples, row.widths[0])
    with torch.no_grad():
        for layer in linear:
            layer.weight.mul_((torch.rand_like(layer.weight) >= row.sparsity).float())
    compressed = [(l.weight.detach().to_sparse_csr(), l.bias.detach()[:, None]) for l in linear]

    def dense():
        with torch.no_grad():
            model(inputs)

    def csr():
        values = inputs.T
        for index, (weight, bias) in enumerate(compressed):
            values = weight @ values + bias
            if index + 1 < len(compressed):
                values = values.relu()

    return {"torch": dense, "torch-csr": csr, "onnxruntime": onnx_session(linear, inputs)}


def onnx_session(linear, inputs):
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    nodes, weights, last = [], [], "input"
    for i, layer in enumerate(linear):
        weights.append(numpy_helper.from_array(layer.weight.detach().numpy(), f"weight{i}"))
        weights.append(numpy_helper.from_array(layer.bias.detach().numpy(), f"bias{i}"))
        nodes.append(helper.make_node(
            "Gemm", [last, f"weight{i}", f"bias{i}"], [f"sum{i}"], transB=1))
        last = f"sum{i}"
        if i + 1 < len(linear):
            nodes.append(helper.make_node("Relu", [last], [f"hidden{i}"]))
            last = f"hidden{i}"

    def value(name, width):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, width])

    graph = helper.make_graph(
        nodes, "network", [value("input", linear[0].in_features)],
        [value(last, linear[-1].out_features)], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    feed = {"input": inputs.numpy()}
    return lambda: session.run(None, feed)


def product(name):
    """A product of two matrices, of which the left one may lie transposed, by its name."""
    _, shape, *transposed = name.split("/")
    rows, columns, inner = map(int, shape.split("x"))
    left = torch.randn(inner, rows).T if transposed else torch.randn(rows, inner)
    right, result = torch.randn(inner, columns), torch.empty(rows, columns)
    return lambda: torch.mm(left, right, out=result)


def measure(row):
    """Milliseconds by tool."""
    if row.family == "infer":
        return {name: best(work, 0.5, 5) for name, work in inference(row).items()}
    if row.family == "ec":
        return {"torch": best(scoring(row), 2, 3)}
    return {"torch": best(training_step(row), 1, 5)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--threads", type=int, default=2)
    torch.set_num_threads(parser.parse_args().threads)
    table = {row.name: row for row in row_list.load()}
    for line in sys.stdin:
        name = line.strip()
        if name.startswith("product/"):
            times = {"torch": best(product(name), 0.2, 10)}
        else:
            times = measure(table[name])
        print(json.dumps({"name": name, "ms": times}), flush=True)
