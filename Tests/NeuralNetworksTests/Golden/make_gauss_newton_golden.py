"""Golden values for OutputFitTests: run it in this folder to write gauss_newton.json anew.

Made with NumPy in float64, in another way than the program: the derivative J of every output by every
weight and bias is written out, sample by sample, and the gradient E[J' g] and the product E[J' M J] v are
taken with it. Inputs are short decimals.
"""

import json

import numpy as np

random = np.random.default_rng(14)
SLOPE = 0.25

ACTIVATIONS = {
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "prelu": (lambda z: np.where(z > 0, z, SLOPE * z), lambda z: np.where(z > 0, 1.0, SLOPE)),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)),
                lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "identity": (lambda z: z, lambda z: np.ones_like(z)),
}


def short(array, digits=2):
    return np.round(array, digits)


def outputs(layers, x):
    for layer in layers:
        x = ACTIVATIONS[layer["activation"]][0](layer["weights"] @ x + layer["bias"])
    return x


def jacobian(layers, x):
    """Outputs, and their derivatives by all weights (row by row) and biases, layer after layer."""
    inputs, slopes = [x], []
    for layer in layers:
        function, derivative = ACTIVATIONS[layer["activation"]]
        z = layer["weights"] @ inputs[-1] + layer["bias"]
        slopes.append(derivative(z))
        inputs.append(function(z))
    parts = []
    above = np.eye(len(inputs[-1]))
    for layer, a, slope in reversed(list(zip(layers, inputs, slopes))):
        by_z = above * slope
        by_weight = by_z[:, :, None] * a[None, None, :] * layer["mask"]
        parts.append(np.concatenate([by_weight.reshape(len(by_z), -1), by_z], 1))
        above = by_z @ layer["weights"]
    return inputs[-1], np.concatenate(parts[::-1], 1)


def softmax(y):
    p = np.exp(y - y.max())
    return p / p.sum()


def logistic(y):
    return 1 / (1 + np.exp(-y))


def objective(loss, parameter, share, y, reference, target):
    """Value, gradient and curvature by the outputs of one sample."""
    rest, n = 1 - share, len(y)
    if loss == "cross_entropy":
        p, q = softmax(y), softmax(reference)
        t = np.full(n, parameter / n)
        t[target] += 1 - parameter
        value = rest * np.sum(q * np.log(q / p)) - share * np.sum(t * np.log(p))
        return value, p - rest * q - share * t, np.diag(p) - np.outer(p, p)
    if loss == "binary_cross_entropy":
        p, q = logistic(y), logistic(reference)
        divergence = q * np.log(q / p) + (1 - q) * np.log((1 - q) / (1 - p))
        entropy = -target * np.log(p) - (1 - target) * np.log(1 - p)
        value = np.sum(rest * divergence + share * entropy)
        return value, p - rest * q - share * target, np.diag(p * (1 - p))
    e, f = y - reference, y - target
    value, gradient, curvature = rest * 0.5 * np.sum(e**2), rest * e, rest * np.ones(n)
    if loss == "huber":
        near = np.abs(f) < parameter
        value += share * np.sum(
            np.where(near, 0.5 * f**2, parameter * (np.abs(f) - 0.5 * parameter)))
        gradient = gradient + share * np.clip(f, -parameter, parameter)
        curvature = curvature + share * near
    elif share > 0:
        value += share * 0.5 * np.sum(f**2)
        gradient, curvature = gradient + share * f, curvature + share
    return value, gradient, np.diag(curvature)


def network(widths, activation, last, density):
    layers = []
    for i, (n, m) in enumerate(zip(widths, widths[1:])):
        mask = np.ones((m, n)) if density[i] == 1 else random.random((m, n)) < density[i]
        layers.append({
            "weights": short(random.normal(0, 1.5 / np.sqrt(n), (m, n))) * mask,
            "mask": mask * 1.0, "bias": short(random.normal(0, 0.3, m)),
            "activation": last if i == len(widths) - 2 else activation})
    return layers


def vector(layers, direction):
    return np.concatenate([np.concatenate([w.ravel(), b]) for w, b in direction])


def parts(layers, flat):
    """The numbers of a vector layer by layer: weights, biases."""
    result, end = [], 0
    for layer in layers:
        for size in (layer["weights"].size, layer["bias"].size):
            result.append([float(f"{x:.12g}") for x in flat[end:end + size]])
            end += size
    return result


def case(widths, activation, last, density, loss, parameter, share, count):
    layers = network(widths, activation, last, density)
    before = network(widths, activation, last, [1] * len(density))
    x = short(random.normal(0, 1, (count, widths[0])))
    if loss == "cross_entropy":
        targets = random.integers(0, widths[-1], count)
    elif loss == "binary_cross_entropy":
        targets = random.integers(0, 2, (count, widths[-1])).astype(float)
    else:
        targets = short(random.normal(0, 1, (count, widths[-1])))
    direction = vector(layers, [
        (short(random.normal(0, 1, layer["weights"].shape)) * layer["mask"],
         short(random.normal(0, 1, len(layer["bias"])))) for layer in layers])
    value, gradient, product = 0.0, 0.0, 0.0
    for sample, target in zip(x, targets):
        y, j = jacobian(layers, sample)
        own, by_y, curvature = objective(
            loss, parameter, share, y, outputs(before, sample), target)
        value += own / count
        gradient = gradient + j.T @ by_y / count
        product = product + j.T @ (curvature @ (j @ direction)) / count

    def plain(network):
        return [{"weights": l["weights"].ravel().tolist(), "mask": l["mask"].ravel().tolist(),
                 "bias": l["bias"].tolist(), "activation": l["activation"]} for l in network]

    return {
        "loss": loss, "parameter": parameter, "share": share, "widths": widths,
        "layers": plain(layers), "before": plain(before), "inputs": x.ravel().tolist(),
        "labels": targets.tolist() if loss == "cross_entropy" else None,
        "values": None if loss == "cross_entropy" else targets.ravel().tolist(),
        "value": value, "direction": parts(layers, direction),
        "gradient": parts(layers, gradient), "product": parts(layers, product)}


cases = [
    case([6, 8, 5, 4], "relu", "identity", [0.3, 0.8, 1], "cross_entropy", 0.0, 0.0, 40),
    case([6, 8, 5, 4], "tanh", "identity", [0.3, 0.3, 0.3], "cross_entropy", 0.0, 0.5, 37),
    case([5, 7, 3], "prelu", "identity", [0.2, 0.7], "cross_entropy", 0.2, 1.0, 20),
    case([6, 8, 5, 2], "sigmoid", "identity", [0.3, 0.9, 0.3], "binary_cross_entropy", 0.0, 0.5, 21),
    case([4, 9, 6, 2], "tanh", "identity", [0.3, 0.6, 1], "mse", 0.0, 0.5, 33),
    case([4, 9, 2], "relu", "identity", [0.3, 0.3], "huber", 0.5, 0.5, 30),
    case([4, 9, 1], "tanh", "tanh", [0.3, 0.8], "huber", 0.7, 1.0, 17),
    case([4, 9, 2], "tanh", "identity", [0.5, 0.3], "mae", 0.0, 0.0, 16),
    case([7, 4], "relu", "identity", [0.3], "cross_entropy", 0.0, 0.0, 1),
]
with open("gauss_newton.json", "w") as file:
    json.dump({"numpy": np.__version__, "slope": SLOPE, "cases": cases}, file, separators=(",", ":"))
    file.write("\n")
