"""Writes bounds.json: one-sided bounds of paired differences, found by numeric search with scipy.

python3 -m venv venv && venv/bin/pip install scipy && venv/bin/python make_bounds_golden.py

No closed form is used: the bound of a paired drop in accuracy comes from maximising the multinomial
likelihood under each difference (Tango 1998), that of a ratio of means from one-sample t-tests.
"""

import json
import math
import pathlib
import random

import scipy
from scipy import optimize, stats


def score(samples, lost, gained, drop):
    """The score of the hypothesis p(lost) - p(gained) = drop."""
    same = samples - lost - gained
    low, high = max(0.0, -drop), (1 - drop) / 2

    def log(count, share):
        return 0.0 if count == 0 else -math.inf if share <= 0 else count * math.log(share)

    def negative(gained_share):
        lost_share = gained_share + drop
        return -(
            log(gained, gained_share)
            + log(lost, lost_share)
            + log(same, 1 - gained_share - lost_share)
        )

    best = optimize.minimize_scalar(
        negative, bounds=(low, high), method="bounded", options={"xatol": 1e-14}
    ).x
    ends = [share for share in (low, high, best) if math.isfinite(negative(share))]
    share = min(ends, key=negative)
    variance = samples * (2 * share + drop - drop * drop)
    return (lost - gained - samples * drop) / math.sqrt(variance)


drops = []
for samples, lost, gained in [
    (10, 0, 0), (10, 3, 0), (10, 0, 3), (270, 5, 2), (270, 2, 5), (1000, 0, 0), (1000, 1, 0),
    (1000, 12, 12), (3000, 21, 17), (3000, 40, 9), (50, 20, 25), (7, 7, 0), (2000, 0, 31),
]:
    for confidence in [0.8, 0.95, 0.99]:
        z = stats.norm.ppf(confidence)
        estimate = (lost - gained) / samples
        bound = optimize.brentq(
            lambda drop: score(samples, lost, gained, drop) + z,
            estimate + 1e-9 if estimate < 1 else 1 - 1e-9, 1 - 1e-12, xtol=1e-13,
        ) if estimate < 1 else 1.0
        drops.append(
            {"samples": samples, "lost": lost, "gained": gained, "confidence": confidence,
             "drop": estimate, "bound": bound}
        )

random.seed(3)
ratios = []
for count in [5, 40, 120]:
    for growth in [0.8, 1.0, 1.3]:
        first = [round(random.expovariate(2), 6) for _ in range(count)]
        second = [round(growth * value + random.gauss(0.1, 0.05), 6) for value in first]
        bounds = {}
        for confidence in [0.3, 0.9, 0.95]:

            def t(ratio):
                result = stats.ttest_1samp([b - ratio * a for a, b in zip(first, second)], 0)
                return result.statistic + stats.t.ppf(confidence, count - 1)

            bounds[str(confidence)] = optimize.brentq(t, 0, 100, xtol=1e-14) - 1
        ratios.append({"first": first, "second": second, "bounds": bounds})

quantiles = [
    {"probability": p, "normal": float(stats.norm.ppf(p)),
     "student": {str(f): float(stats.t.ppf(p, f)) for f in [1, 4, 299]}}
    for p in [0.001, 0.3, 0.5, 0.9, 0.95, 0.999999]
]

path = pathlib.Path(__file__).parent / "bounds.json"
path.write_text(
    json.dumps(
        {"scipy": scipy.__version__, "drops": drops, "ratios": ratios, "quantiles": quantiles},
    ) + "\n"
)
