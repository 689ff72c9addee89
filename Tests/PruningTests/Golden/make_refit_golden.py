#!/usr/bin/env python3
"""Writes what a sequential least-squares refit makes of a network in two steps of pruning.

Float64 and literal, nothing shared with what is tested. In each step, with z* the pre-activations of the network
before the first one, layer by layer from the inputs upwards, a the inputs that the new layers below give,
A = a - mean a, lambda = 0.01 * mean variance, v the row's weights before the refit, S its survivors:

    w_S  by numpy's lstsq on the augmented system [A_S; sqrt(n lambda)] w = [z* - mean z*; sqrt(n lambda) v_S]
    b    mean z* - w_S . mean a_S, in the first layer with means weighted by h of the network before the step

h_i = sum over outputs k of (dy_k/dz_i)^2 by central differences; plain means where E h = 0. Units that no
weight above reads are left as they are.

Made with numpy 2.4.6.   Usage: make_refit_golden.py [OUT_DIR]
refit/relu, refit/tanh: case.json, X [n, inputs], W{l}, b{l} of the network; of step s gone{s}_{l} (1 = removed
now), V{s}_{l} and c{s}_{l} (weights and biases behind it), E{s}: one row a layer, E|z - z*|^2 summed over the
refitted units with the former survivors and with the new ones; O{s}: E|y - y*|^2.
refit/groups: likewise with one step, in which of every four weights along a row the two of largest magnitude stay
(of a rest of two one): mask{l} (1 = kept), V{l}, c{l}.
Inputs and parameters are rounded to float32 first, so that both sides start from the same numbers.
"""
import json, pathlib, sys
import numpy as np

ACT = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}


def forward(x, Ws, bs, act):
    inputs, zs = [x], []
    for l, (W, b) in enumerate(zip(Ws, bs)):
        zs.append(inputs[-1] @ W.T + b)
        inputs.append(ACT[act](zs[-1]))
    return inputs, zs


def above(z, l, Ws, bs, act):
    """The outputs as a function of layer l's pre-activations."""
    for W, b in zip(Ws[l + 1:], bs[l + 1:]): z = ACT[act](z) @ W.T + b
    return z


def sensitivity(zs, l, Ws, bs, act, eps=1e-6):
    h = np.zeros_like(zs[l])
    for i in range(h.shape[1]):
        d = np.zeros(h.shape[1]); d[i] = eps
        change = above(zs[l] + d, l, Ws, bs, act) - above(zs[l] - d, l, Ws, bs, act)
        h[:, i] = ((change / (2 * eps)) ** 2).sum(1)
    return h


def step(x, target, Ws, bs, masks, act):
    """The network refitted to `target` = pre-activations z*, given masks; and errors of each layer."""
    h = sensitivity(forward(x, Ws, bs, act)[1], 0, Ws, bs, act)
    Ws = [W * m for W, m in zip(Ws, masks)]; bs = [b.copy() for b in bs]
    errors = []
    for l in range(len(Ws)):
        a = forward(x, Ws, bs, act)[0][l]; A = a - a.mean(0); n = len(a)
        ridge = 0.01 * (A ** 2).mean(0).mean()
        old = new = 0.0
        read = masks[l + 1].any(0) if l + 1 < len(Ws) else np.ones(len(Ws[l]), bool)
        for i in range(len(Ws[l])):
            if not read[i]: continue
            S = masks[l][i]; v = Ws[l][i, S]; z = target[l][:, i]
            left = np.vstack([A[:, S], np.sqrt(n * ridge) * np.eye(S.sum())])
            w = np.linalg.lstsq(left, np.concatenate([z - z.mean(), np.sqrt(n * ridge) * v]), rcond=None)[0]
            p = h[:, i] if l == 0 and h[:, i].sum() > 0 else np.ones(n)
            for which, u in enumerate((v, w)):
                b = np.average(z - a[:, S] @ u, weights=p)
                error = ((a[:, S] @ u + b - z) ** 2).mean()
                if which == 0: old += error
                else: new += error
            Ws[l][i, S] = w; bs[l][i] = b
        errors.append((old, new))
    return Ws, bs, errors


def write(out, case):
    rng = np.random.default_rng(case["seed"])
    single = lambda a: a.astype(np.float32).astype(np.float64)
    sizes, n, act = case["sizes"], case["n"], case["activation"]
    X = rng.normal(size=(n, sizes[0])) @ rng.normal(size=(sizes[0], sizes[0])) / np.sqrt(sizes[0]) + 0.5
    X[:, 3] = 0; X[:, 8] = 1.5
    X = single(X)
    Ws = [single(rng.normal(size=(o, i)) * 1.5 / np.sqrt(i)) for i, o in zip(sizes, sizes[1:])]
    bs = [single(rng.normal(size=o) * 0.3) for o in sizes[1:]]
    arrays = {"X": X}
    for l in range(len(Ws)): arrays |= {f"W{l+1}": Ws[l], f"b{l+1}": bs[l]}
    target = forward(X, Ws, bs, act)[1]
    masks = [np.ones(W.shape, bool) for W in Ws]
    for s in (1, 2):
        former = [m.copy() for m in masks]
        for l, m in enumerate(masks): m &= rng.random(m.shape) > case["shares"][s - 1][l]
        if s == 1: masks[0][2] = False; masks[1][:, 5] = False
        Ws, bs, errors = step(X, target, Ws, bs, masks, act)
        for l in range(len(Ws)):
            arrays |= {f"gone{s}_{l+1}": (former[l] & ~masks[l]).astype(np.uint8),
                       f"V{s}_{l+1}": Ws[l], f"c{s}_{l+1}": bs[l]}
        y = forward(X, Ws, bs, act)[1][-1]
        arrays |= {f"E{s}": np.array(errors), f"O{s}": np.array([((y - target[-1]) ** 2).sum(1).mean()])}
    folder = pathlib.Path(out) / case["name"]; folder.mkdir(parents=True, exist_ok=True)
    for key, a in arrays.items(): np.save(folder / f"{key}.npy", np.ascontiguousarray(a))
    (folder / "case.json").write_text(json.dumps({**case, "numpy": np.__version__}, indent=1) + "\n")
    print(case["name"], errors, arrays["O2"])


def grouped(out):
    rng = np.random.default_rng(33)
    single = lambda a: a.astype(np.float32).astype(np.float64)
    sizes, n, act = [18, 12, 6, 4], 60, "relu"
    X = single(rng.normal(size=(n, sizes[0])) @ rng.normal(size=(sizes[0], sizes[0])) / 4 + 0.5)
    Ws = [single(rng.normal(size=(o, i)) * 1.5 / np.sqrt(i)) for i, o in zip(sizes, sizes[1:])]
    bs = [single(rng.normal(size=o) * 0.3) for o in sizes[1:]]
    arrays = {"X": X}
    for l in range(len(Ws)): arrays |= {f"W{l+1}": Ws[l], f"b{l+1}": bs[l]}
    masks = []
    for W in Ws:
        m = np.zeros(W.shape, bool)
        for row in range(len(W)):
            for start in range(0, W.shape[1], 4):
                group = np.arange(start, min(start + 4, W.shape[1]))
                m[row, group[np.argsort(-np.abs(W[row, group]))[:(len(group) + 1) // 2]]] = True
        masks.append(m)
    Vs, cs, _ = step(X, forward(X, Ws, bs, act)[1], Ws, bs, masks, act)
    for l in range(len(Ws)):
        arrays |= {f"mask{l+1}": masks[l].astype(np.uint8), f"V{l+1}": Vs[l], f"c{l+1}": cs[l]}
    folder = pathlib.Path(out) / "groups"; folder.mkdir(parents=True, exist_ok=True)
    for key, a in arrays.items(): np.save(folder / f"{key}.npy", np.ascontiguousarray(a))
    (folder / "case.json").write_text(
        json.dumps({"name": "groups", "sizes": sizes, "activation": act, "keep": 2, "of": 4,
                    "numpy": np.__version__}, indent=1) + "\n")


CASES = [
    dict(name="relu", sizes=[20, 14, 9, 4], activation="relu", n=70, seed=31, shares=[[.3, .2, 0], [.6, .3, .2]]),
    # Fewer samples than inputs, and a first layer that loses nothing in the second step.
    dict(name="tanh", sizes=[20, 10, 6], activation="tanh", n=12, seed=32, shares=[[.1, .1], [0, .5]]),
]

if __name__ == "__main__":
    out = sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "refit"
    for case in CASES:
        write(out, case)
    grouped(out)
