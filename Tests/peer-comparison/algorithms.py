#!/usr/bin/env python3
"""Whether the peers of `strongest` compute what their papers define, on small problems.

    algorithms.py

Elimination is compared with trying every weight and refitting all that is left; the sweep of SparseGPT with
refitting the columns behind. Needs torch.
"""
import itertools
import types
import unittest

import torch

import networks
import oneshot
import sparse_training
from digits import SIZES, WIDTHS, Part, divided

SAMPLES, INPUTS, ROWS = 60, 7, 3


def problem():
    """Correlated inputs, one of them dead, and a layer."""
    generator = torch.Generator().manual_seed(1)
    inputs = torch.rand(SAMPLES, INPUTS, generator=generator)
    inputs[:, 1] += inputs[:, 0]
    inputs[:, 4] = 0
    return inputs, torch.randn(ROWS, INPUTS, generator=generator)


def refitted(gram, row, left):
    """The least squares solution over the columns `left`, and its error with respect to `row`."""
    new = torch.zeros_like(row)
    if left:
        new[left] = torch.linalg.solve(gram[left][:, left], gram[left] @ row)
    difference = row - new
    return new, float(difference @ gram @ difference)


class Elimination(unittest.TestCase):
    def test_each_step_is_the_cheapest_after_refitting(self):
        inputs, weight = problem()
        gram, is_dead = oneshot.hessian(inputs, 0.01)
        for row in weight.double():
            row = row.masked_fill(is_dead, 0.0)
            order, costs = oneshot.elimination(row, torch.linalg.inv(gram), is_dead)
            self.assertEqual(sorted(order), list(range(INPUTS)))
            self.assertEqual(order[0], 4)
            left, error = [i for i in range(INPUTS) if i != 4], 0.0
            for gone, cost in zip(order[1:], costs[1:]):
                errors = {i: refitted(gram, row, [j for j in left if j != i])[1] for i in left}
                self.assertEqual(gone, min(errors, key=errors.get))
                self.assertAlmostEqual(2 * cost, errors[gone] - error, places=6)
                left.remove(gone)
                error = errors[gone]

    def test_rows_give_up_what_costs_least(self):
        costs = [[0.0, 1.0, 5.0], [0.5, 0.6, 0.7], [9.0, 0.0, 0.0]]
        for total in range(7):
            removed = oneshot.cheapest(costs, total)
            self.assertEqual(sum(removed), total)
        self.assertEqual(oneshot.cheapest(costs, 4), [1, 3, 0])


def start_with(inputs, weights):
    return types.SimpleNamespace(train=Part(inputs, None), dense=weights, memory={})


class LayerByLayer(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(3)
        self.inputs = torch.rand(200, WIDTHS[0]) * (torch.rand(WIDTHS[0]) > 0.3)
        self.net = networks.sequential(WIDTHS)
        self.goal = types.SimpleNamespace(kept=5000, counts=[3500, 1200, 300])

    def test_counts_are_exact(self):
        for method, settings in itertools.product(
                (oneshot.wanda, oneshot.sparse_gpt), ({"as_ours": True}, {"as_ours": False})):
            start = start_with(self.inputs, self.net.state_dict())
            pruned = method(start, self.goal, **settings)
            nonzero = [int((value != 0).sum()) for name, value in pruned.weights.items()
                       if name.endswith("weight")]
            self.assertEqual(sum(pruned.counts), self.goal.kept)
            self.assertTrue(all(n <= count for n, count in zip(nonzero, pruned.counts)))
            self.assertGreater(sum(nonzero), 0.6 * self.goal.kept)

    def test_the_sweep_refits_the_columns_behind(self):
        inputs, weight = problem()
        gram, is_dead = oneshot.hessian(inputs, 0.01)
        new, mask = oneshot.swept(weight, gram, is_dead, 12, INPUTS)
        self.assertEqual(int(mask.sum()), 12)
        for row, got, stays in zip(weight.double(), new, mask):
            expected = row.masked_fill(is_dead, 0.0)
            for j in range(INPUTS):
                if stays[j]:
                    continue
                # Column j becomes 0; those behind it change so that the error grows least.
                behind, change = list(range(j + 1, INPUTS)), -expected[j]
                expected = expected.clone()
                if behind:
                    expected[behind] -= torch.linalg.solve(
                        gram[behind][:, behind], gram[behind, j] * change)
                expected[j] = 0
            torch.testing.assert_close(got.double(), expected, atol=1e-5, rtol=1e-4)


class Counts(unittest.TestCase):
    def test_division_is_exact_and_within_limits(self):
        for total in (0, 1, 10, 999, 266200):
            counts = divided(total, [1084, 400, 110], SIZES)
            self.assertEqual(sum(counts), total)
            self.assertTrue(all(count <= limit for count, limit in zip(counts, SIZES)))
        self.assertEqual(divided(7, [1, 1, 1], [1, 10, 10]), [1, 3, 3])
        with self.assertRaises(ValueError):
            divided(4, [1], [3])

    def test_of_equal_scores_the_first_are_taken(self):
        masks = sparse_training.largest([torch.ones(4), torch.tensor([2.0, 1.0])], 3)
        self.assertEqual([mask.tolist() for mask in masks],
                         [[True, True, False, False], [True, False]])
        self.assertFalse(sparse_training.largest([torch.ones(2)], 0)[0].any())

    def test_the_cubic_begins_at_0_and_ends_at_its_target(self):
        self.assertEqual(sparse_training.cubic(0.9, 0.0), 0)
        self.assertAlmostEqual(sparse_training.cubic(0.9, 0.5), 0.7875)
        self.assertEqual(sparse_training.cubic(0.9, 1.5), 0.9)


if __name__ == "__main__":
    unittest.main()
