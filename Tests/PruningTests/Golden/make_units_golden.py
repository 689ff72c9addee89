#!/usr/bin/env python3
"""Writes which hidden units of a random network go when half of each layer's go by magnitude.

PyTorch's ln_structured with n = 1 along dim 1 removes the columns of the next layer's weights with the
least sums of magnitudes: the units whose outgoing weights are worth least.

Made with PyTorch 2.13.0 and numpy.   Usage: make_units_golden.py [OUT_DIR]
units/half: case.json (sizes), W{l}.npy [out, in], b{l}.npy, gone{l}.npy [out], 1 = the unit goes.
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


main()
