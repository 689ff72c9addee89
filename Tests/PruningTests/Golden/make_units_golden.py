#!/usr/bin/env python3
"""Writes which hidden units of a random network go when half of each layer's go by magnitude.

PyTorch's ln_structured with n = 1 along dim 1 removes the columns of the next layer's weights with the
least sums of magnitudes: the units whose outgoing weights are worth least.

units/refitted-…: in which order the units of each hidden layer go, and what each costs, when the layer above is
refitted by least squares after each. Literal, in float64, nothing shared with what is tested. Of the units that
are left, each in turn is regressed on the others by numpy's lstsq, with the ridge lambda = 0.01 * mean variance as
rows of its own:

    what is left = min over c of E (a_j - sum_i c_i a_i - constant)^2 + lambda |c|^2
    cost = what is left * E sum over k, m of g_kj M_km g_mj

with g_k the gradient of output k by the units, by automatic differentiation, and M that of the metric. The one of
least cost goes; from then on c says what stands for it, so that g_i <- g_i + c_i g_j.

Made with PyTorch 2.13.0 and numpy 2.4.6.   Usage: make_units_golden.py [OUT_DIR]
units/half: case.json (sizes), W{l}.npy [out, in], b{l}.npy, gone{l}.npy [out], 1 = the unit goes.
units/refitted-…: likewise, X.npy [n, inputs], order{l}.npy and cost{l}.npy [units of layer l].
"""
import json, pathlib, sys
import numpy as np, torch
from torch.nn.utils import prune


def main():
    out = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    folder = out / "units" / "half"
    folder.mkdir(parents=True, exist_ok=True)
    sizes = [12, 20, 10, 4]
    rng = np.random.default_rng(11)
    Ws = [rng.standard_normal((o, i)).astype(np.float32) for i, o in zip(sizes, sizes[1:])]
    (folder / "case.json").write_text(json.dumps({"sizes": sizes, "activation": "relu"}) + "\n")
    for l, W in enumerate(Ws):
        np.save(folder / f"W{l + 1}.npy", W.astype(np.float64))
        np.save(folder / f"b{l + 1}.npy", rng.standard_normal(len(W)).astype(np.float32)
                .astype(np.float64))
    for l in range(len(Ws) - 1):
        above = torch.nn.Linear(sizes[l + 1], sizes[l + 2])
        above.weight.data = torch.from_numpy(Ws[l + 1].copy())
        prune.ln_structured(above, "weight", amount=sizes[l + 1] // 2, n=1, dim=1)
        gone = (above.weight_mask == 0).all(dim=0).numpy()
        np.save(folder / f"gone{l + 1}.npy", gone.astype(np.uint8))


def refitted(out, name, metric, activation, sizes, n, seed):
    rng = np.random.default_rng(seed)
    single = lambda a: a.astype(np.float32).astype(np.float64)
    act = {"relu": torch.relu, "tanh": torch.tanh}[activation]
    X = single(rng.normal(size=(n, sizes[0])) @ rng.normal(size=(sizes[0], sizes[0])) / 2 + 0.3)
    Ws = [single(rng.normal(size=(o, i)) * 1.5 / np.sqrt(i)) for i, o in zip(sizes, sizes[1:])]
    bs = [single(rng.normal(size=o) * 0.3) for o in sizes[1:]]
    arrays = {"X": X}
    for l in range(len(Ws)): arrays |= {f"W{l+1}": Ws[l], f"b{l+1}": bs[l]}
    tensors = [(torch.tensor(W), torch.tensor(b)) for W, b in zip(Ws, bs)]

    def above(a, l):
        for i, (W, b) in enumerate(tensors[l + 1:], l + 1):
            a = W @ a + b
            if i < len(tensors) - 1: a = act(a)
        return a

    a = torch.tensor(X)
    for l, (W, b) in enumerate(tensors[:-1]):
        a = act(a @ W.T + b)
        # Rows of gradients so that their squares sum to what the metric makes of them.
        rows = []
        for sample in a:
            y = above(sample, l)
            J = torch.autograd.functional.jacobian(lambda v: above(v, l), sample).numpy()
            p = torch.softmax(y, 0).numpy()
            M = np.diag(p) - np.outer(p, p) if metric == "fisher" else np.eye(len(p))
            values, vectors = np.linalg.eigh(M)
            rows.append((vectors * np.sqrt(np.maximum(values, 0))).T @ J)
        g = np.concatenate(rows)
        A = a.numpy() - a.numpy().mean(0)
        ridge = 0.01 * (A ** 2).mean(0).mean()
        left, order, cost = list(range(sizes[l + 1])), [], []
        while left:
            best = None
            for j in left:
                others = [i for i in left if i != j]
                c = np.linalg.lstsq(
                    np.vstack([A[:, others], np.sqrt(n * ridge) * np.eye(len(others))]),
                    np.concatenate([A[:, j], np.zeros(len(others))]), rcond=None)[0]
                rest = ((A[:, j] - A[:, others] @ c) ** 2).mean() + ridge * (c ** 2).sum()
                price = rest * (g[:, j] ** 2).sum() / n
                if best is None or price < best[0]: best = (price, j, others, c)
            price, j, others, c = best
            g[:, others] += np.outer(g[:, j], c)
            left.remove(j); order.append(j); cost.append(price)
        arrays |= {f"order{l+1}": np.array(order, np.uint8), f"cost{l+1}": np.array(cost)}
    folder = pathlib.Path(out) / "units" / name
    folder.mkdir(parents=True, exist_ok=True)
    for key, value in arrays.items(): np.save(folder / f"{key}.npy", value)
    (folder / "case.json").write_text(
        json.dumps({"sizes": sizes, "activation": activation, "metric": metric}) + "\n")
    print(name, [arrays[f"order{l+1}"] for l in range(len(Ws) - 1)])


main()
out = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent
refitted(out, "refitted-fisher", "fisher", "relu", [6, 14, 9, 4], 60, 41)
refitted(out, "refitted-output", "output", "tanh", [5, 10, 8, 2], 25, 42)
