#!/usr/bin/env python3
"""Writes golden n:m masks of random weights by magnitude.

PyTorch's WeightNormSparsifier makes them where groups fill the rows; where the last group of a row is
shorter it pads, so there the definition is written out in numpy: of c weights stay ceil(n c / m) of the
largest magnitude. Both are written for rows that groups fill, and have to agree.

Made with PyTorch 2.13.0 and numpy.   Usage: make_groups_golden.py [OUT_DIR]
One folder per case: case.json (sizes; keep, of), W1.npy [out, in], b1.npy, mask.npy [out, in].
"""
import json, pathlib, sys
import numpy as np, torch
from torch.ao.pruning import WeightNormSparsifier


def by_torch(W, keep, of):
    model = torch.nn.Sequential(torch.nn.Linear(W.shape[1], W.shape[0]))
    model[0].weight.data = torch.from_numpy(W.copy())
    sparsifier = WeightNormSparsifier(
        sparsity_level=1.0, sparse_block_shape=(1, of), zeros_per_block=of - keep)
    sparsifier.prepare(model, [{"tensor_fqn": "0.weight"}])
    sparsifier.step()
    sparsifier.squash_mask()
    return (model[0].weight.detach().numpy() != 0)


def by_definition(W, keep, of):
    mask = np.zeros(W.shape, bool)
    for row, kept in zip(np.abs(W), mask):
        for start in range(0, len(row), of):
            group = row[start:start + of]
            count = -(-keep * len(group) // of)
            kept[start + np.argsort(-group, kind="stable")[:count]] = True
    return mask


def main():
    out = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    rng = np.random.default_rng(7)
    cases = [("2-of-4", 2, 4, 24, 16), ("1-of-4", 1, 4, 12, 9), ("3-of-8", 3, 8, 32, 7),
             ("2-of-4-rest", 2, 4, 11, 6), ("1-of-5-rest", 1, 5, 13, 5)]
    for name, keep, of, inputs, outputs in cases:
        W = rng.standard_normal((outputs, inputs)).astype(np.float32)
        mask = by_definition(W, keep, of)
        if inputs % of == 0:
            assert (by_torch(W, keep, of) == mask).all(), name
        folder = out / "groups" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "case.json").write_text(json.dumps(
            {"sizes": [inputs, outputs], "activation": "identity", "keep": keep, "of": of}) + "\n")
        np.save(folder / "W1.npy", W.astype(np.float64))
        np.save(folder / "b1.npy", np.zeros(outputs))
        np.save(folder / "mask.npy", mask.astype(np.uint8))


main()
