#!/usr/bin/env python3
"""Writes golden importances of the criteria beside elimination-compensation, and least-squares refits.

Float64 and literal, nothing shared with what is tested:

    G{l}  dL/dw of the mean training loss, by automatic differentiation
    T{l}  taylor: w^2 E[sum over k, m of dy_k/dw M_km dy_m/dw], Jacobians by automatic differentiation
    O{l}  obd: 1/2 w^2 E[J^T H J], H the second derivative of the sample's loss in its outputs, by autograd
    V{l}  variance: w^2 Var(a)          A{l}  wanda: |w| * norm of the input over the samples
    N{l}  nonlinear: E|dy|^2 of a forward pass without the weight, its bias shifted by w E[a]

and for the case `refit` the rows of a layer that lose weights, by scipy's lstsq on the augmented system
[A_S; sqrt(n lambda)] delta = [A_P w_P; 0], with A centred and lambda = 0.01 * mean variance:

    gone.npy  1 = removed now, 2 = removed before      delta.npy  changes of the survivors

Made with PyTorch 2.13.0, numpy 2.4.6, scipy 1.17.1.   Usage: make_criteria_golden.py [OUT_DIR]
One folder per case: case.json, X [n, inputs], Y [n] labels or [n, outputs] values, W{l}, b{l} and the above.
Inputs and parameters are rounded to float32 first, so that both sides start from the same numbers.
"""
import json, pathlib, sys
import numpy as np, scipy.linalg, torch

torch.set_default_dtype(torch.float64)
F = torch.nn.functional
ACTIVATIONS = {"relu": torch.relu, "tanh": torch.tanh, "silu": F.silu}
LOSSES = {
    "cross_entropy": lambda y, t: F.cross_entropy(y, t.long(), reduction="mean"),
    "smoothed": lambda y, t: F.cross_entropy(y, t.long(), label_smoothing=0.1, reduction="mean"),
    "binary_cross_entropy": lambda y, t: F.binary_cross_entropy_with_logits(y, t),
    "mse": lambda y, t: F.mse_loss(y, t),
}


def forward(x, Ws, bs, name):
    seen = []
    for l, (W, b) in enumerate(zip(Ws, bs)):
        seen.append(x)
        x = x @ W.T + b
        if l + 1 < len(Ws): x = ACTIVATIONS[name](x)
    return x, seen


def metric_matrix(loss, y):
    if loss == "mse": return torch.eye(len(y))
    if loss == "binary_cross_entropy":
        p = torch.sigmoid(y); return torch.diag(p * (1 - p))
    p = torch.softmax(y, 0); return torch.diag(p) - torch.outer(p, p)


def criteria(case, X, Y, Ws, bs):
    loss, name, L = LOSSES[case["loss"]], case["activation"], len(Ws)
    W = [w.clone().requires_grad_() for w in Ws]
    G = torch.autograd.grad(loss(forward(X, W, bs, name)[0], Y), W)
    T = [torch.zeros_like(w) for w in Ws]; O = [torch.zeros_like(w) for w in Ws]
    for x, t in zip(X, Y):
        W = [w.clone().requires_grad_() for w in Ws]
        y = forward(x[None], W, bs, name)[0]
        rows = [torch.autograd.grad(y[0, k], W, retain_graph=True) for k in range(y.shape[1])]
        M = metric_matrix(case["loss"], y[0].detach())
        H = torch.autograd.functional.hessian(lambda v: loss(v[None], t[None]), y[0].detach())
        for l in range(L):
            J = torch.stack([r[l] for r in rows])
            T[l] += Ws[l] ** 2 * torch.einsum("koi,km,moi->oi", J, M, J) / len(X)
            O[l] += 0.5 * Ws[l] ** 2 * torch.einsum("koi,km,moi->oi", J, H, J) / len(X)
    before, seen = forward(X, Ws, bs, name)
    V = [w ** 2 * a.var(0, unbiased=False) for w, a in zip(Ws, seen)]
    A = [w.abs() * a.norm(dim=0) for w, a in zip(Ws, seen)]
    N = [torch.zeros_like(w) for w in Ws]
    for l in range(L):
        for i in range(Ws[l].shape[0]):
            for j in range(Ws[l].shape[1]):
                Wr = [w.clone() for w in Ws]; br = [b.clone() for b in bs]
                br[l][i] += Wr[l][i, j] * seen[l][:, j].mean()
                Wr[l][i, j] = 0
                N[l][i, j] = ((forward(X, Wr, br, name)[0] - before) ** 2).sum(1).mean()
    return {k: v for k, v in zip("GTOVAN", (G, T, O, V, A, N))}


def refit(rng, X, W):
    A = (X - X.mean(0)).numpy(); W = W.numpy(); n = len(A)
    ridge = 0.01 * (A ** 2).mean(0).mean()
    gone = np.zeros(W.shape, np.uint8); delta = np.zeros(W.shape)
    for i in range(len(W)):
        share = [0.02, 0.1, 0.4, 0.9][i % 4]
        gone[i][rng.random(W.shape[1]) < share] = 1
        if i % 3 == 1: gone[i][rng.random(W.shape[1]) < 0.3] = 2
    gone[0] = 1; gone[1] = 0; gone[5] = gone[6]
    for i in range(len(W)):
        S, P = gone[i] == 0, gone[i] == 1
        if S.any() and P.any():
            left = np.vstack([A[:, S], np.sqrt(n * ridge) * np.eye(S.sum())])
            right = np.concatenate([A[:, P] @ W[i, P], np.zeros(S.sum())])
            delta[i, S] = scipy.linalg.lstsq(left, right)[0]
    return dict(gone=gone, delta=delta)


def write(out, case):
    rng = np.random.default_rng(case["seed"])
    single = lambda a: torch.tensor(a.astype(np.float32).astype(np.float64))
    sizes, n = case["sizes"], case["n"]
    X = rng.normal(size=(n, sizes[0])) + case["offset"]
    if case["loss"] == "refit":
        # Correlated inputs, some dead, one constant.
        X = X @ rng.normal(size=(sizes[0], sizes[0])) / np.sqrt(sizes[0])
        X[:, 3] = 0; X[:, 8] = 1.5
    X = single(X)
    Ws = [single(rng.normal(size=(o, i)) * 1.5 / np.sqrt(i)) for i, o in zip(sizes, sizes[1:])]
    bs = [single(rng.normal(size=o) * 0.3) for o in sizes[1:]]
    arrays = {"X": X.numpy()}
    for l in range(len(Ws)): arrays |= {f"W{l+1}": Ws[l].numpy(), f"b{l+1}": bs[l].numpy()}
    if case["loss"] == "refit":
        arrays |= refit(rng, X, Ws[0])
    else:
        if case["loss"] == "mse": Y = single(rng.normal(size=(n, sizes[-1])))
        elif case["loss"] == "binary_cross_entropy": Y = single(rng.random((n, sizes[-1])) < 0.5)
        else: Y = torch.tensor(rng.integers(0, sizes[-1], n).astype(np.float64))
        arrays["Y"] = Y.numpy()
        for key, values in criteria(case, X, Y, Ws, bs).items():
            arrays |= {f"{key}{l+1}": v.detach().numpy() for l, v in enumerate(values)}
    folder = pathlib.Path(out) / case["name"]; folder.mkdir(parents=True, exist_ok=True)
    for key, a in arrays.items(): np.save(folder / f"{key}.npy", np.ascontiguousarray(a))
    (folder / "case.json").write_text(json.dumps({**case, "torch": torch.__version__}, indent=1) + "\n")
    print(case["name"])


CASES = [
    dict(name="cross-entropy", loss="cross_entropy", sizes=[6, 9, 7, 4], activation="relu", n=60, offset=0.4, seed=21),
    dict(name="smoothed", loss="smoothed", sizes=[5, 8, 3], activation="tanh", n=50, offset=0.0, seed=22),
    dict(name="binary", loss="binary_cross_entropy", sizes=[5, 6, 5, 2], activation="silu", n=50, offset=0.2, seed=23),
    dict(name="mse", loss="mse", sizes=[6, 7, 5, 6, 3], activation="tanh", n=50, offset=1.0, seed=24),
    dict(name="refit", loss="refit", sizes=[40, 12], activation="relu", n=30, offset=1.0, seed=25),
]

if __name__ == "__main__":
    for case in CASES:
        write(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "criteria", case)
