"""Peers that prune a trained network on samples, without training.

Each takes the start and the goal: how many weights stay, and how many of each layer where ecpipe prunes.
The algorithms are their authors'; the code is ours. Layers are pruned from the input upwards, and what a
layer is given comes from the pruned layers below, as the authors do it.
"""
import heapq

import torch
from torch.nn.utils import prune

import networks
from digits import NAMES, SIZES, Pruned, divided

BLOCK = 128  # columns that SparseGPT chooses a mask for at a time


def magnitude(start, goal):
    """The smallest weights of the whole network, with PyTorch's own tool."""
    net = start.network(start.dense)
    layers = networks.linear_layers(net)
    prune.global_unstructured(
        [(layer, "weight") for layer in layers], pruning_method=prune.L1Unstructured,
        amount=sum(SIZES) - goal.kept)
    masks = [layer.weight_mask for layer in layers]
    for layer in layers:
        prune.remove(layer, "weight")
    return Pruned(net.state_dict(), [int(mask.sum()) for mask in masks])


def layer_by_layer(start, counts, method):
    """Prunes each layer by `method(weight, inputs, outputs, count)`, which answers weights and mask;
    `outputs` are those that the dense network has there, without the bias."""
    weights = dict(start.dense)
    inputs = dense = start.train.x
    for name, count in zip(NAMES, counts):
        weight, bias = weights[name], weights[name.replace("weight", "bias")]
        outputs = dense @ weight.T
        weights[name], mask = method(weight, inputs, outputs, count)
        if int(mask.sum()) != count or torch.any(weights[name][~mask] != 0):
            raise AssertionError(f"{int(mask.sum())} weights of {name} are kept, not {count}")
        inputs = (inputs @ weights[name].T + bias).relu()
        dense = (outputs + bias).relu()
    return Pruned(weights, counts)


def counts_of(goal, as_ours):
    """How many weights of each layer stay: as ecpipe chose, or the same share of each."""
    return goal.counts if as_ours else divided(goal.kept, SIZES, SIZES)


def wanda(start, goal, as_ours):
    """|w| · ‖a_j‖₂, the same share of every row (Sun, Liu, Bair, Kolter, arXiv 2306.11695)."""

    def method(weight, inputs, outputs, count):
        score = weight.abs() * inputs.norm(dim=0)
        each, more = divmod(count, len(weight))
        order = score.sort(dim=1, descending=True)
        mask = torch.zeros_like(weight, dtype=torch.bool)
        mask.scatter_(1, order.indices[:, :each], True)
        if more:  # rows whose next weight is worth most
            rows = order.values[:, each].topk(more).indices
            mask[rows, order.indices[rows, each]] = True
        return weight * mask, mask

    return layer_by_layer(start, counts_of(goal, as_ours), method)


def hessian(inputs, damping):
    """E[a aᵀ] with `damping` times the mean of its diagonal added; dead inputs have 1 there."""
    gram = inputs.T.double() @ inputs.double() / len(inputs)
    is_dead = gram.diagonal() == 0
    gram.diagonal()[is_dead] = 1
    gram.diagonal().add_(damping * gram.diagonal().mean())
    return gram, is_dead


def sparse_gpt(start, goal, as_ours, block=BLOCK, damping=0.01):
    """One sweep over the columns; each that goes is made up for by those behind it (Frantar, Alistarh,
    arXiv 2301.00774)."""

    def method(weight, inputs, outputs, count):
        return swept(weight, *hessian(inputs, damping), count, block)

    return layer_by_layer(start, counts_of(goal, as_ours), method)


def swept(weight, gram, is_dead, count, block):
    """Weights and mask after SparseGPT's sweep, which keeps the same share of each block."""
    upper = torch.linalg.cholesky(torch.linalg.inv(gram), upper=True)
    new, mask = weight.double(), torch.zeros_like(weight, dtype=torch.bool)
    new[:, is_dead] = 0
    starts = range(0, weight.shape[1], block)
    sizes = [len(weight) * min(block, weight.shape[1] - begin) for begin in starts]
    for begin, kept_here in zip(starts, divided(count, sizes, sizes)):
        columns = slice(begin, min(begin + block, weight.shape[1]))
        part, factor = new[:, columns].clone(), upper[columns, columns]
        score = (part / factor.diagonal()) ** 2
        chosen = torch.zeros(score.numel(), dtype=torch.bool)
        chosen[score.flatten().topk(kept_here).indices] = True
        mask[:, columns] = chosen.view_as(score)
        errors = torch.zeros_like(part)
        for j in range(part.shape[1]):
            stays = mask[:, begin + j]
            errors[:, j] = torch.where(stays, 0.0, part[:, j]) / factor[j, j]
            new[:, begin + j] = torch.where(stays, part[:, j], 0.0)
            part[:, j:] -= torch.outer(errors[:, j], factor[j, j:])
        new[:, columns.stop:] -= errors @ upper[columns, columns.stop:]
    return new.float() * mask, mask


def obc(start, goal, target, damping=0.01):
    """Weight by weight, each time the one that costs least after all others of its row are refitted, and
    rows are given up where that costs least (ExactOBS; Frantar, Singh, Alistarh, arXiv 2208.11580).

    With the target `dense` a layer is first refitted to the outputs that the dense network has there, as
    the authors do before they quantize one after the other; `own` are those of its own weights."""

    first = start.memory.setdefault("obc", {})

    def method(weight, inputs, outputs, count):
        gram, is_dead = hessian(inputs, damping)
        goal = gram @ weight.T.double()
        if target == "dense":
            wanted = inputs.T.double() @ outputs.double() / len(inputs)
            added = gram - inputs.T.double() @ inputs.double() / len(inputs)
            goal = wanted + added @ weight.T.double()
        goal[is_dead] = 0
        fitted = torch.linalg.solve(gram, goal).T
        inverse = torch.linalg.inv(gram).float()
        traces = first.get(damping) if inputs is start.train.x else None
        if traces is None:
            traces = [elimination(row, inverse, is_dead) for row in fitted.float()]
        if inputs is start.train.x:  # the same at every sparsity, and most of the work
            first[damping] = traces
        removed = cheapest([costs for _, costs in traces], weight.numel() - count)
        mask = torch.ones_like(weight, dtype=torch.bool)
        new = torch.zeros_like(weight)
        for i, ((order, _), gone) in enumerate(zip(traces, removed)):
            mask[i, order[:gone]] = False
            left = mask[i].nonzero().flatten()
            # All steps of a row together are the least squares solution over what is left.
            new[i, left] = torch.linalg.solve(
                gram[left][:, left], goal[left, i]).float() if len(left) else new[i, left]
        return new, mask

    return layer_by_layer(start, goal.counts, method)


def elimination(row, inverse, is_dead):
    """The order in which the weights of a row go, dead ones first, and what each costs."""
    dead = is_dead.nonzero().flatten()
    active = (~is_dead).nonzero().flatten()
    order, costs = dead.tolist(), [0.0] * len(dead)
    w, h = row[active].clone(), inverse[active][:, active].clone()
    is_gone = torch.zeros(len(active), dtype=torch.bool)
    for left in range(len(active), 0, -1):
        diagonal = h.diagonal()
        cost = (w * w / diagonal).masked_fill_(is_gone, float("inf"))
        p = int(cost.argmin())
        order.append(int(active[p]))
        costs.append(float(cost[p]) / 2)
        column, pivot = h[p].clone(), float(diagonal[p])
        w.sub_(column, alpha=float(w[p]) / pivot)
        h.addr_(column, column, alpha=-1 / pivot)
        is_gone[p] = True
        h[p, p] = 1  # 0 now, and no longer looked at
        if left - 1 < 0.85 * len(w):
            stay = (~is_gone).nonzero().flatten()
            active, w, h = active[stay], w[stay], h[stay][:, stay]
            is_gone = torch.zeros(len(stay), dtype=torch.bool)
    return order, costs


def cheapest(costs, total):
    """How many weights each row gives up when the cheapest next one of all rows goes, `total` times."""
    removed = [0] * len(costs)
    heap = [(row[0], i) for i, row in enumerate(costs)]
    heapq.heapify(heap)
    for _ in range(total):
        _, i = heapq.heappop(heap)
        removed[i] += 1
        if removed[i] < len(costs[i]):
            heapq.heappush(heap, (costs[i][removed[i]], i))
    return removed
