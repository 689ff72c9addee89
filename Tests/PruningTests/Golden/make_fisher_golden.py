#!/usr/bin/env python3
"""Writes golden importances and shifts of elimination-compensation under other output metrics.

Float64 and literal, nothing shared with the closed form that is tested: per-sample Jacobians of every
output by automatic differentiation, an explicit metric matrix M(x) for every sample, and for each
single weight w of unit i

    d* = argmin over d of E_x (w dy/dw - d dy/db_i)^T M (w dy/dw - d dy/db_i),   I = the minimum.

    fisher-softmax    M = diag p - p p^T, p = softmax(y)         (cross-entropy)
    fisher-logistic   M = diag p (1 - p), p = sigmoid(y)         (binary cross-entropy)
    none              h = 1: I = w^2 Var(a), d* = w E[a]         (no outputs at all)

Made with PyTorch 2.13.0 and numpy.   Usage: make_fisher_golden.py [OUT_DIR]
One folder per case: case.json and .npy files, named as in ec/: X [n, inputs]; W{l} [out, in],
b{l} [out], I{l} and D{l} [out, in] for each layer l = 1...
Inputs and parameters are rounded to float32 first, so that both sides start from the same numbers.
"""
import json, pathlib, sys
import numpy as np, torch

torch.set_default_dtype(torch.float64)


def activate(name, z):
    return {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid,
            "silu": torch.nn.functional.silu}[name](z)


def forward(x, Ws, bs, name):
    seen = []
    for l, (W, b) in enumerate(zip(Ws, bs)):
        seen.append(x)
        x = x @ W.T + b
        if l + 1 < len(Ws):
            x = activate(name, x)
    return x, seen


def metric_matrix(kind, y):
    if kind == "fisher-softmax":
        p = torch.softmax(y, 0)
        return torch.diag(p) - torch.outer(p, p)
    p = torch.sigmoid(y)
    return torch.diag(p * (1 - p))


def by_outputs(kind, X, Ws, bs, name):
    """Quadratic form in d for each weight: E[u'Mu] - 2 d E[u'Mv] + d^2 E[v'Mv], u = w dy/dw, v = dy/db."""
    L, K = len(Ws), len(bs[-1])
    uu = [torch.zeros_like(W) for W in Ws]; uv = [torch.zeros_like(W) for W in Ws]
    vv = [torch.zeros_like(b) for b in bs]
    jacobians = []
    for x in X:
        W = [w.clone().requires_grad_() for w in Ws]; b = [v.clone().requires_grad_() for v in bs]
        y = forward(x[None], W, b, name)[0][0]
        rows = [torch.autograd.grad(y[k], W + b, retain_graph=True) for k in range(K)]
        M = metric_matrix(kind, y.detach())
        per_layer = []
        for l in range(L):
            u = torch.stack([r[l] for r in rows]) * Ws[l]          # [K, out, in]
            v = torch.stack([r[L + l] for r in rows])               # [K, out]
            per_layer.append((u, v))
            uv[l] += torch.einsum("koi,km,mo->oi", u, M, v) / len(X)
            vv[l] += torch.einsum("ko,km,mo->o", v, M, v) / len(X)
        jacobians.append((M, per_layer))
    D = [torch.where(s[:, None] > 0, c / s.clamp_min(1e-300)[:, None], torch.zeros_like(c))
         for c, s in zip(uv, vv)]
    I = [torch.zeros_like(W) for W in Ws]
    for M, per_layer in jacobians:
        for l, (u, v) in enumerate(per_layer):
            change = u - v[:, :, None] * D[l]                       # [K, out, in]
            I[l] += torch.einsum("koi,km,moi->oi", change, M, change) / len(X)
    return I, D


def by_inputs(X, Ws, bs, name):
    _, seen = forward(X, Ws, bs, name)
    D = [W * a.mean(0) for W, a in zip(Ws, seen)]
    I = [W ** 2 * ((a - a.mean(0)) ** 2).mean(0) for W, a in zip(Ws, seen)]
    return I, D


def write(out, case):
    rng = np.random.default_rng(case["seed"])
    single = lambda a: torch.tensor(a.astype(np.float32).astype(np.float64))
    sizes = case["sizes"]
    X = single(rng.normal(size=(case["n"], sizes[0])) + case["offset"])
    Ws = [single(rng.normal(size=(o, i)) * case["gain"] / np.sqrt(i)) for i, o in zip(sizes, sizes[1:])]
    bs = [single(rng.normal(size=o) * 0.3 - case["offset"] * W.numpy().sum(1) * (l == 0))
          for l, (o, W) in enumerate(zip(sizes[1:], Ws))]
    if case["metric"] == "none":
        I, D = by_inputs(X, Ws, bs, case["activation"])
    else:
        I, D = by_outputs(case["metric"], X, Ws, bs, case["activation"])
    folder = pathlib.Path(out) / case["name"]; folder.mkdir(parents=True, exist_ok=True)
    arrays = {"X": X}
    for l in range(len(Ws)):
        arrays |= {f"W{l+1}": Ws[l], f"b{l+1}": bs[l], f"I{l+1}": I[l], f"D{l+1}": D[l]}
    for key, a in arrays.items(): np.save(folder / f"{key}.npy", np.ascontiguousarray(a.numpy()))
    (folder / "case.json").write_text(json.dumps({**case, "torch": torch.__version__}, indent=1) + "\n")
    print(case["name"], [float(i.max()) for i in I])


CASES = [
    # gain 6: many samples are classified with confidence, where 1 - p must keep its digits.
    dict(name="softmax-relu", metric="fisher-softmax", sizes=[9, 13, 7, 5], activation="relu", n=150, gain=1.6, offset=0.5, seed=11),
    dict(name="softmax-confident", metric="fisher-softmax", sizes=[6, 10, 4], activation="tanh", n=100, gain=6.0, offset=0.0, seed=12),
    dict(name="softmax-linear", metric="fisher-softmax", sizes=[7, 3], activation="relu", n=60, gain=2.0, offset=1.0, seed=13),
    dict(name="logistic-silu", metric="fisher-logistic", sizes=[8, 11, 6, 3], activation="silu", n=130, gain=1.8, offset=0.3, seed=14),
    dict(name="logistic-single", metric="fisher-logistic", sizes=[5, 9, 1], activation="sigmoid", n=70, gain=2.0, offset=0.0, seed=15),
    dict(name="none-tanh", metric="none", sizes=[6, 9, 5, 2], activation="tanh", n=90, gain=1.5, offset=2.0, seed=16),
]

if __name__ == "__main__":
    for case in CASES:
        write(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "fisher", case)
