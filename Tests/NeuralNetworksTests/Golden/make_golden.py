"""Golden values for NeuralNetworksTests: run it in this folder to write the JSON files anew.

Made with PyTorch 2.13.0 (CPU), scikit-learn and NumPy, versions noted in each file. Inputs are short
decimals read as Float32; all results are computed from them in float64, so that they carry no rounding
of their own.
"""

import json

import numpy as np
import sklearn
import torch
from sklearn import metrics as skm

torch.set_default_dtype(torch.float64)
random = np.random.default_rng(2024)


def short(array, digits=3):
    """Short decimals, as the nearest Float32."""
    return np.round(array, digits).astype(np.float32)


def tensor(array):
    return torch.tensor(np.asarray(array, dtype=np.float32).astype(np.float64))


def plain(array):
    """Numbers for JSON: inputs keep their short form, results 10 significant digits."""
    if isinstance(array, torch.Tensor):
        array = array.detach().numpy()
    array = np.asarray(array).ravel()
    if array.dtype == np.float32:
        return [float(str(x)) for x in array]
    return [float(f"{x:.10g}") for x in array]


def write(name, content):
    content = {"torch": torch.__version__.split("+")[0], "sklearn": sklearn.__version__, **content}
    with open(name, "w") as file:
        json.dump(content, file, separators=(",", ":"))
        file.write("\n")


# --- losses -------------------------------------------------------------------------------------
def loss_cases():
    kinds = [
        ("cross_entropy", 0.0), ("cross_entropy", 0.1), ("mse", None), ("mae", None),
        ("huber", 1.0), ("huber", 0.5), ("binary_cross_entropy", None),
    ]
    for kind, parameter in kinds:
        for count, outputs in [(1, 3), (5, 1), (16, 4), (17, 3)]:
            if kind == "cross_entropy" and outputs == 1:
                outputs = 2
            y = short(random.normal(0, 2, (count, outputs)))
            labels = random.integers(0, outputs, count)
            targets = short(random.normal(0, 1, (count, outputs)))
            if kind == "binary_cross_entropy":
                targets = short(random.uniform(0, 1, (count, outputs)))
            leaf = tensor(y).requires_grad_()
            f = torch.nn.functional
            if kind == "cross_entropy":
                loss = f.cross_entropy(leaf, torch.tensor(labels), label_smoothing=parameter)
            elif kind == "mse":
                loss = f.mse_loss(leaf, tensor(targets))
            elif kind == "mae":
                loss = f.l1_loss(leaf, tensor(targets))
            elif kind == "huber":
                loss = f.huber_loss(leaf, tensor(targets), delta=parameter)
            else:
                loss = f.binary_cross_entropy_with_logits(leaf, tensor(targets))
            loss.backward()
            yield {
                "loss": kind, "parameter": parameter, "count": count, "outputs": outputs,
                "y": plain(y),
                "labels": labels.tolist() if kind == "cross_entropy" else None,
                "targets": None if kind == "cross_entropy" else plain(targets),
                "value": float(loss.detach()), "gradient": plain(leaf.grad),
            }


# --- optimizers ---------------------------------------------------------------------------------
def optimizer_cases():
    """A 4-5-3 network, prelu then identity, full batch, mean squared error."""
    count, widths = 7, [4, 5, 3]
    start = {
        "weight1": short(random.normal(0, 0.7, (5, 4))), "bias1": short(random.normal(0, 0.3, 5)),
        "slope1": short(np.array([0.25])),
        "weight2": short(random.normal(0, 0.7, (3, 5))), "bias2": short(random.normal(0, 0.3, 3)),
    }
    inputs = short(random.normal(0, 1, (count, 4)))
    targets = short(random.normal(0, 1, (count, 3)))
    x, t = tensor(inputs), tensor(targets)

    def sgd(**settings):
        return lambda p: torch.optim.SGD(p, **settings)

    def adam(**settings):
        return lambda p: torch.optim.Adam(p, **settings)

    def adamw(**settings):
        return lambda p: torch.optim.AdamW(p, **settings)

    makers = {
        "sgd": (sgd(lr=0.1), None),
        "sgd weight decay": (sgd(lr=0.1, weight_decay=0.05), None),
        "sgd momentum": (sgd(lr=0.05, momentum=0.9), None),
        "sgd momentum weight decay": (sgd(lr=0.05, momentum=0.9, weight_decay=0.05), None),
        "sgd nesterov": (sgd(lr=0.05, momentum=0.9, nesterov=True), None),
        "sgd nesterov weight decay":
            (sgd(lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.05), None),
        "adam": (adam(lr=0.01), None),
        "adam betas": (adam(lr=0.02, betas=(0.8, 0.95), eps=1e-4), None),
        "adam weight decay": (adam(lr=0.01, weight_decay=0.05), None),
        "adamw": (adamw(lr=0.01, weight_decay=0.05), None),
        "sgd momentum clipped": (sgd(lr=0.05, momentum=0.9), 0.2),
        "sgd momentum hardly clipped": (sgd(lr=0.05, momentum=0.9), 100.0),
    }
    cases = []
    for name, (make, clip) in makers.items():
        p = {key: tensor(value).requires_grad_() for key, value in start.items()}
        optimizer = make(list(p.values()))
        trajectory, losses, norms = [], [], []
        for step in range(1, 13):
            optimizer.zero_grad()
            hidden = torch.nn.functional.prelu(x @ p["weight1"].T + p["bias1"], p["slope1"])
            y = hidden @ p["weight2"].T + p["bias2"]
            loss = torch.nn.functional.mse_loss(y, t)
            losses.append(float(loss.detach()))
            loss.backward()
            if clip is not None:
                norms.append(float(torch.nn.utils.clip_grad_norm_(list(p.values()), clip)))
            optimizer.step()
            if step in (1, 2, 5, 12):
                trajectory.append(
                    {"step": step, "parameters": plain(torch.cat([v.ravel() for v in p.values()]))})
        cases.append({"name": name, "losses": losses, "norms": norms, "trajectory": trajectory})
    return {
        "widths": widths, "count": count, "inputs": plain(inputs), "targets": plain(targets),
        "start": plain(np.concatenate([v.ravel() for v in start.values()])), "cases": cases,
    }


# --- learning rates -----------------------------------------------------------------------------
def schedules():
    """Rates of 12 steps, 3 an epoch, from 0.1, without warm-up, by torch.optim.lr_scheduler."""
    lr = torch.optim.lr_scheduler
    total, base, to = 12, 0.1, 0.001
    makers = {
        "constant": lambda o: lr.ConstantLR(o, factor=1.0),
        "step": lambda o: lr.StepLR(o, step_size=2 * 3, gamma=0.3),
        "linear": lambda o: lr.LinearLR(o, 1.0, to / base, total_iters=total),
        "exponential": lambda o: lr.ExponentialLR(o, gamma=(to / base) ** (1 / total)),
        "cosine": lambda o: lr.CosineAnnealingLR(o, T_max=total, eta_min=to),
    }
    rates = {}
    for name, make in makers.items():
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=base)
        scheduler = make(optimizer)
        rates[name] = []
        for _ in range(total):
            rates[name].append(float(optimizer.param_groups[0]["lr"]))
            optimizer.step()
            scheduler.step()
    return {"rates": rates}


# --- metrics ------------------------------------------------------------------------------------
def metrics():
    """Predictions and targets in scaled units, metrics in original ones (x = x' / scale + shift), but
    for the loss: the second target counts as often as the first, whatever its unit."""
    count, outputs, classes = 13, 2, 4
    y = short(random.normal(0, 1, (count, outputs)))
    t = short(y + random.normal(0, 0.5, (count, outputs)))
    shift = short(np.array([10.0, -3.0]))
    scale = short(np.array([0.25, 4.0]))
    def undo(v):
        return v.astype(np.float64) / scale.astype(np.float64) + shift.astype(np.float64)

    logits = short(random.normal(0, 2, (count, classes)))
    labels = random.integers(0, classes, count)
    single = short(random.normal(0, 2, (count, 1)))
    binary = random.integers(0, 2, count)

    def regression(p, q):
        """Of each target, and scikit-learn's mean over them (uniform_average)."""
        functions = [
            ("rmse", skm.root_mean_squared_error), ("mae", skm.mean_absolute_error),
            ("r2", skm.r2_score)]
        own = {name: f(q, p, multioutput="raw_values").tolist() for name, f in functions}
        return {
            "loss": float(skm.mean_squared_error(t.astype(np.float64), y.astype(np.float64))),
            "targets": [dict(zip(own, values)) for values in zip(*own.values())],
            **{name: float(f(q, p)) for name, f in functions},
        }

    return {
        "outputs": plain(y), "targets": plain(t), "shift": plain(shift), "scale": plain(scale),
        "scaled": regression(y.astype(np.float64), t.astype(np.float64)),
        "original": regression(undo(y), undo(t)),
        "logits": plain(logits), "labels": labels.tolist(),
        "accuracy": float(skm.accuracy_score(labels, logits.argmax(1))),
        "logLoss": float(skm.log_loss(
            labels, torch.softmax(tensor(logits), 1).numpy(), labels=list(range(classes)))),
        "single": plain(single), "binary": binary.tolist(),
        "binaryAccuracy": float(skm.accuracy_score(binary, (single[:, 0] > 0).astype(int))),
        "binaryLoss": float(skm.log_loss(binary, torch.sigmoid(tensor(single))[:, 0].numpy())),
    }


if __name__ == "__main__":
    write("losses.json", {"cases": list(loss_cases())})
    write("optimizers.json", optimizer_cases())
    write("schedules.json", schedules())
    write("metrics.json", metrics())
