#!/usr/bin/env python3
"""The picture at the top of the README: twelve rounds of pruning and fine-tuning, over twenty seeds.

    Tests/documentation/picture.py .build/release/ecpipe

Runs pipelines/digits.yaml once for each seed, in a temporary folder, and draws means of the accuracy on
the validation part before and after each fine-tuning. About twenty seconds.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PICTURE = ROOT / "Sources/ecpipe/ecpipe.docc/Resources/digits.svg"
SCHEDULE = ROOT / "pipelines/digits.yaml"

WIDTH, HEIGHT = 840, 330
LEFT, RIGHT, TOP, BOTTOM = 62, 14, 62, 88

STYLE = """\
:root{color-scheme:light dark;--fg:#1b1f24;--bg:#fff;--dim:#5b6570;--line:#dfe3e8;--cut:#d62f4b;--tuned:#2a78c8}
@media(prefers-color-scheme:dark){:root{--fg:#e6e9ed;--bg:#14171b;--dim:#9aa4af;--line:#2c333b;--cut:#f0607a;
--tuned:#5aa5f0}}
text{font:11px system-ui,sans-serif;fill:var(--dim)}.title{font-size:14px;font-weight:600;fill:var(--fg)}
.mid{text-anchor:middle}.end{text-anchor:end}.strong{fill:var(--fg);font-weight:600}
.grid{stroke:var(--line)}.dense{stroke:var(--fg);stroke-dasharray:6 4;stroke-width:1.3}
.path{fill:none;stroke:var(--dim);opacity:.55}.cut{fill:var(--cut);stroke:var(--cut)}
.tuned{fill:var(--tuned);stroke:var(--tuned)}line.cut,line.tuned{stroke-width:1.4;opacity:.55}
"""


def stages(executable, seed, folder):
    """The finished stages of a run with `seed`, as `status --json` has them."""
    name = f"digits-{seed}"
    common = ["--checkpoints", folder]
    subprocess.run(
        [executable, "run", SCHEDULE, "--set", f"seed={seed}", "--set", f"name={name}", "--quiet",
         *common], check=True)
    status = subprocess.run(
        [executable, "status", name, "--json", *common], check=True, capture_output=True, text=True)
    return json.loads(status.stdout)["stages"]


class Point:
    """One stage over all seeds: mean accuracy in per cent, its standard error, weights and bytes."""

    def __init__(self, runs, position):
        own = [run[position] for run in runs]
        values = [100 * stage["metrics"]["validation"]["accuracy"] for stage in own]
        self.mean = statistics.mean(values)
        self.error = statistics.stdev(values) / len(values) ** 0.5
        self.weights = own[0]["weights"]
        self.sparsity = own[0]["sparsity"]
        self.bytes = statistics.mean(stage["bytes"] for stage in own)


def measured(executable, seeds):
    """The dense network, and the points behind pruning and behind fine-tuning of every round."""
    with tempfile.TemporaryDirectory() as folder:
        runs = [stages(executable, seed, folder) for seed in range(1, seeds + 1)]
    kinds = [stage["kind"] for stage in runs[0]]

    def points(kind):
        return [Point(runs, place) for place, own in enumerate(kinds) if own == kind]

    return points("train")[0], points("prune"), points("finetune")


def drawn(dense, pruned, tuned, seeds):
    low = min(point.mean - point.error for point in pruned + tuned)
    low, high = int(low) - 0.5, 98.75
    slot = (WIDTH - LEFT - RIGHT) / (len(pruned) + 1)

    def x(place):
        return LEFT + (place + 0.5) * slot

    def y(value):
        return HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM)

    lines = []

    def text(left, top, words, kind=""):
        lines.append(f'<text class="{kind}" x="{left:.1f}" y="{top:.1f}">{words}</text>')

    def rule(kind, x1, y1, x2, y2):
        lines.append(f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')

    def dot(kind, point, place):
        rule(kind, place, y(point.mean - point.error), place, y(point.mean + point.error))
        lines.append(f'<circle class="{kind}" cx="{place:.1f}" cy="{y(point.mean):.1f}" r="3.4"/>')

    last = tuned[-1]
    text(LEFT, 22, f"{dense.weights:,} weights to {last.weights:,}: accuracy "
         f"{dense.mean:.1f} % before, {last.mean:.1f} % after", "title")
    lines.append(f'<circle class="cut" cx="{LEFT + 5}" cy="41" r="3.4"/>')
    text(LEFT + 14, 45, "after pruning")
    lines.append(f'<circle class="tuned" cx="{LEFT + 105}" cy="41" r="3.4"/>')
    text(LEFT + 114, 45, "after fine-tuning")
    rule("dense", LEFT + 222, 41, LEFT + 250, 41)
    text(LEFT + 256, 45, f"dense network (digits.yaml, validation part, mean of {seeds} seeds ± standard error)")

    tick = int(low) + 1
    while tick <= high:
        rule("grid", LEFT, y(tick), WIDTH - RIGHT, y(tick))
        text(LEFT - 7, y(tick) + 4, f"{tick} %", "end")
        tick += 1
    rule("dense", LEFT, y(dense.mean), WIDTH - RIGHT, y(dense.mean))

    path = [(x(0), dense.mean)]
    for place, (cut, back) in enumerate(zip(pruned, tuned), start=1):
        path += [(x(place) - 0.18 * slot, cut.mean), (x(place) + 0.18 * slot, back.mean)]
    corners = " ".join(f"{left:.1f},{y(value):.1f}" for left, value in path)
    lines.append(f'<polyline class="path" points="{corners}"/>')
    dot("tuned", dense, x(0))
    for place, (cut, back) in enumerate(zip(pruned, tuned), start=1):
        dot("cut", cut, x(place) - 0.18 * slot)
        dot("tuned", back, x(place) + 0.18 * slot)

    bottom = HEIGHT - BOTTOM
    for row, name in enumerate(["round", "removed", "weights", "file"]):
        text(LEFT - 7, bottom + 20 + 18 * row, name, "end")
    for place, point in enumerate([dense] + tuned):
        strong = " strong" if place in (0, len(tuned)) else ""
        cells = [
            "dense" if place == 0 else f"{place}", f"{100 * point.sparsity:.1f} %",
            f"{point.weights:,}", f"{point.bytes / 1000:.0f} kB"]
        for row, cell in enumerate(cells):
            text(x(place), bottom + 20 + 18 * row, cell, "mid" + strong)
    body = "\n".join(lines)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="Accuracy of a network for digits while {100 * last.sparsity:.0f} % of its weights '
        f'are removed in {len(tuned)} rounds">\n<style>\n{STYLE}</style>\n'
        f'<rect width="100%" height="100%" fill="var(--bg)"/>\n{body}\n</svg>\n')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("executable", type=pathlib.Path)
    parser.add_argument("--seeds", type=int, default=20)
    options = parser.parse_args()
    points = measured(options.executable.resolve(), options.seeds)
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(drawn(*points, options.seeds))
    print(f"{PICTURE.relative_to(ROOT)}: {PICTURE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
