"""Golden solutions of the diffusion-sorption equation, by SciPy.

An oracle that shares nothing with the program's solver: finite differences on nodes (not volumes),
the equation as D / R(u) u_xx (not as a conservation law), SciPy's Radau with adaptive steps, and
Richardson's extrapolation from two grids.

Made with NumPy 2.4.6 and SciPy 1.17.1:

    python make_sorption_golden.py > sorption.json
"""

import json

import numpy as np
import scipy
from scipy.integrate import solve_ivp
from scipy.sparse import diags

PHI, RHO, N = 0.29, 2880.0, 0.874
CASES = [(5e-4, 3.5e-4, 0.1), (4e-4, 4.2e-4, 0.001), (6e-4, 2.8e-4, 0.2)]
TIMES = [125.0, 250.0, 375.0, 500.0]
POINTS = 8


def solve(d, k, u0, cells):
    """u at the centres of POINTS cells, for each of TIMES; nodes 1 ... cells, u = 1 at node 0."""
    h = 1 / cells
    main = -2 * np.ones(cells)
    lower = np.ones(cells - 1)
    lower[-1] = 2  # mirrored node behind x = 1 ...
    main[-1] = -2 - 2 * h / d  # ... where u_x = -u / D
    lap = diags([lower, main, np.ones(cells - 1)], [-1, 0, 1]).tocsr() / h**2

    def rate(_, u):
        retardation = 1 + (1 - PHI) / PHI * RHO * k * N * np.maximum(u, 1e-12) ** (N - 1)
        change = lap @ u
        change[0] += 1 / h**2
        return d / retardation * change

    result = solve_ivp(
        rate, (0, TIMES[-1]), np.full(cells, u0), method="Radau", t_eval=TIMES, rtol=1e-9,
        atol=1e-11, jac_sparsity=lap, first_step=1e-7)
    assert result.success
    centre = [(2 * j + 1) * cells // (2 * POINTS) - 1 for j in range(POINTS)]
    return result.y[centre].T


def main():
    cases = []
    for d, k, u0 in CASES:
        coarse, fine = solve(d, k, u0, 512), solve(d, k, u0, 1024)
        values = fine + (fine - coarse) / 3
        cases.append({
            "diffusion": d, "freundlich": k, "initial": u0, "times": TIMES,
            "values": [[round(v, 9) for v in row] for row in values.tolist()],
            "uncertainty": float(np.abs(values - fine).max())})
    print(json.dumps({"scipy": scipy.__version__, "numpy": np.__version__, "cases": cases},
                     indent=1))


if __name__ == "__main__":
    main()
