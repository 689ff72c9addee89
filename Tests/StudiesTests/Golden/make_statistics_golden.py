"""Writes statistics.json: incomplete beta functions and paired t-tests of scipy.

python3 -m venv venv && venv/bin/pip install scipy && venv/bin/python make_statistics_golden.py
"""

import json
import pathlib
import random

import scipy
from scipy import special, stats

random.seed(1)
beta = []
for a, b in [(0.5, 0.5), (1, 0.5), (2, 0.5), (4.5, 0.5), (50, 0.5), (3, 7), (120, 80)]:
    for x in [1e-9, 1e-3, 0.1, 0.37, 0.5, 0.8, 0.99, 0.999999]:
        beta.append({"a": a, "b": b, "x": x, "value": float(special.betainc(a, b, x))})

tests = []
for pairs in [2, 3, 5, 10, 40]:
    for shift in [0.0, 0.05, 1.0]:
        first = [random.gauss(1, 0.1) for _ in range(pairs)]
        second = [value + random.gauss(shift, 0.05) for value in first]
        result = stats.ttest_rel(first, second)
        tests.append(
            {"first": first, "second": second, "t": float(result.statistic), "p": float(result.pvalue)}
        )

path = pathlib.Path(__file__).parent / "statistics.json"
path.write_text(
    json.dumps({"scipy": scipy.__version__, "beta": beta, "tests": tests}, indent=1) + "\n"
)
