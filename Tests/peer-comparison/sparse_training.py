"""Peers that train while they prune: as many steps as 10 dense and 24 sparse epochs take.

Each takes the start, the goal (how many weights stay) and its settings. The algorithms are their authors';
the code is ours. All train with Adam; a pruned weight has no gradient.
"""
import math

import numpy as np
import torch

import networks
from digits import BATCH, DENSE_EPOCHS, REWIND_EPOCHS, SIZES, SPARSE_EPOCHS, WIDTHS, Pruned, divided

LAST_RATE = 1e-5


def held_rate(rate, hold):
    """The rate by progress from 0 to 1: constant for the share `hold`, then along a cosine."""

    def at(progress):
        behind = max(0.0, progress - hold) / max(1 - hold, 1e-9)
        return LAST_RATE + (rate - LAST_RATE) * (1 + math.cos(math.pi * behind)) / 2

    return at


def gradients(net, part, epochs, rate, regular=0.0):
    """Computes each step's gradients and yields its index, its progress and the optimizer, which the
    caller lets step. `regular` is both the weight decay and the share of each target that is spread over
    all classes."""
    optimizer = torch.optim.AdamW(
        net.parameters(), lr=rate(0), weight_decay=regular, fused=True)
    total = epochs * math.ceil(len(part.x) / BATCH)
    for index, (x, y) in enumerate(networks.batches(part.x, part.y, epochs, BATCH)):
        for group in optimizer.param_groups:
            group["lr"] = rate(index / total)
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(x), y, label_smoothing=regular)
        loss.backward()
        yield index, index / total, optimizer


def largest(scores, count):
    """Masks of exactly `count` entries of a list of tensors, with the largest scores of all; of equal ones
    the first."""
    flat = torch.cat([score.detach().flatten() for score in scores])
    mask = torch.zeros(flat.numel(), dtype=torch.bool)
    if count:
        place = flat.numel() - count
        threshold = float(np.partition(flat.numpy(), place)[place])
        mask = flat > threshold
        mask[(flat == threshold).nonzero().flatten()[:count - int(mask.sum())]] = True
    parts = mask.split([score.numel() for score in scores])
    return [part.view_as(score) for part, score in zip(parts, scores)]


def weights_of(net):
    return [layer.weight for layer in networks.linear_layers(net)]


def apply(masks, weights, to_gradients=False):
    with torch.no_grad():
        for mask, weight in zip(masks, weights):
            (weight.grad if to_gradients else weight).mul_(mask)


def masked_step(optimizer, masks, weights):
    apply(masks, weights, to_gradients=True)
    optimizer.step()
    apply(masks, weights)


def result(net, masks):
    apply(masks, weights_of(net))
    return Pruned(net.state_dict(), [int(mask.sum()) for mask in masks])


def cubic(final, progress):
    """The sparsity after a share of the ramp (Zhu, Gupta, arXiv 1710.01878, equation 1)."""
    return final * (1 - (1 - min(progress, 1.0)) ** 3)


def gradual(start, goal, rate, ramp, hold, every=25, regular=0.0):
    """Gradual magnitude pruning (Zhu, Gupta, arXiv 1710.01878) of the dense network: every 25 steps the
    smallest weights of the whole network go, along a cubic, over the share `ramp` of the epochs."""
    net = start.network(start.dense)
    weights = weights_of(net)
    masks = [torch.ones_like(weight, dtype=torch.bool) for weight in weights]
    total, final = sum(SIZES), 1 - goal.kept / sum(SIZES)
    for index, progress, optimizer in gradients(
            net, start.train, SPARSE_EPOCHS, held_rate(rate, hold), regular):
        if index % every == 0 and sum(int(mask.sum()) for mask in masks) > goal.kept:
            now = max(goal.kept, round(total * (1 - cubic(final, progress / ramp))))
            scores = [weight.detach().abs().masked_fill(~mask, -1.0)
                      for weight, mask in zip(weights, masks)]
            masks = largest(scores, now)
            apply(masks, weights)
        masked_step(optimizer, masks, weights)
    return result(net, masks)


def top_k(start, goal, rate, begin, ramp, hold, regular=0.0):
    """Hard top-k with dense gradients: forward with the largest weights of the whole network alone, and
    the gradient with respect to them goes to all (straight-through; Bengio, Léonard, Courville, arXiv
    1308.3432, as in Top-KAST without its second mask, Jayakumar et al., arXiv 2106.03517).

    It begins with new weights and has all epochs, or with the dense network and has the sparse ones."""
    is_new = begin == "scratch"
    net = start.network(None if is_new else start.dense)
    weights = weights_of(net)
    total, final = sum(SIZES), 1 - goal.kept / sum(SIZES)
    epochs = SPARSE_EPOCHS + (DENSE_EPOCHS if is_new else 0)
    latent = [weight.detach().clone() for weight in weights]

    def project(progress):
        now = round(total * (1 - cubic(final, progress / ramp))) if ramp else 0
        now = max(goal.kept, now)
        masks = largest([value.abs() for value in latent], now)
        with torch.no_grad():
            for weight, value, mask in zip(weights, latent, masks):
                torch.mul(value, mask, out=weight)
        return masks

    masks = project(0.0)
    for _, progress, optimizer in gradients(
            net, start.train, epochs, held_rate(rate, hold), regular):
        with torch.no_grad():
            for weight, value in zip(weights, latent):
                weight.copy_(value)
            optimizer.step()
            for weight, value in zip(weights, latent):
                value.copy_(weight)
        masks = project(progress)
    return result(net, masks)


def erdos_renyi_kernel(kept):
    """Kept weights of each layer in proportion to (n_in + n_out) (Evci et al., arXiv 1911.11134)."""
    return divided(kept, [below + above for below, above in zip(WIDTHS, WIDTHS[1:])], SIZES)


def rigl(start, goal, rate, every, hold, share=0.3, end=0.75, regular=0.0):
    """RigL (Evci, Gale, Menick, Castro, Elsen, arXiv 1911.11134): sparse from new weights on, for all
    epochs; every so many steps the smallest weights of a layer are exchanged for those with the largest
    gradients, a share that falls along a cosine to 0 at `end`."""
    net = start.network(None)
    weights = weights_of(net)
    counts = erdos_renyi_kernel(goal.kept)
    masks = [largest([torch.rand_like(weight)], count)[0]
             for weight, count in zip(weights, counts)]
    apply(masks, weights)
    for index, progress, optimizer in gradients(
            net, start.train, DENSE_EPOCHS + SPARSE_EPOCHS, held_rate(rate, hold), regular):
        if index == 0 or index % every or progress >= end:
            masked_step(optimizer, masks, weights)
            continue
        part = share / 2 * (1 + math.cos(math.pi * progress / end))
        for i, (weight, count) in enumerate(zip(weights, counts)):
            exchanged = min(int(part * count), weight.numel() - count)
            size = weight.detach().abs().masked_fill(~masks[i], -1.0)
            stay = largest([size], count - exchanged)[0]
            slope = weight.grad.abs().masked_fill(stay, -1.0)
            grown = largest([slope], exchanged)[0] & ~stay
            is_new = grown & ~masks[i]
            with torch.no_grad():
                weight.masked_fill_(is_new, 0.0)
            for moment in ("exp_avg", "exp_avg_sq"):
                optimizer.state[weight][moment].masked_fill_(is_new, 0.0)
            masks[i] = stay | grown
        apply(masks, weights)
    return result(net, masks)


def lottery_ticket(start, goal, rate, rounds, regular=0.0):
    """Magnitude pruning in rounds, each after going back to the weights of an early epoch (Frankle,
    Dziugaite, Roy, Carbin, arXiv 1912.05671); the rounds share the sparse epochs."""
    total, net = sum(SIZES), start.network(start.dense)
    masks = [torch.ones_like(weight, dtype=torch.bool) for weight in weights_of(net)]
    epochs = SPARSE_EPOCHS // rounds
    for index in range(1, rounds + 1):
        now = max(goal.kept, round(total * (goal.kept / total) ** (index / rounds)))
        scores = [weight.detach().abs().masked_fill(~mask, -1.0)
                  for weight, mask in zip(weights_of(net), masks)]
        masks = largest(scores, now)
        net.load_state_dict(start.early)
        weights = weights_of(net)
        apply(masks, weights)
        for _, _, optimizer in gradients(
                net, start.train, epochs, held_rate(rate, 0), regular):
            masked_step(optimizer, masks, weights)
    return result(net, masks)
