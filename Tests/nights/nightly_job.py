"""A nightly job in a folder of its own, with data that somebody makes, and what has to hold of it."""

import json
import os
import random
import re
import subprocess
import sys
import time

SCHEDULE = """version: 1
name: job
seed: 3
data: {csv: ../rows.csv, label: y, task: classification, split: {test: 0.4, by: content}, scale: standard}
model: {hidden: [16, 8]}
training: {optimizer: {adam: {learning_rate: 0.01}}}
stages:
  - train: {epochs: EPOCHS}
  - alternate: {rounds: 2, sparsity: {to: 0.6}, finetune: {epochs: 2}}
nightly:
  promote: {floor: 0.7, not_worse_by: 0.08, min_rows: 100}
  guard: {min_rows: 200, stale: 36h}
  keep: {last: 5}
  exports: [net.safetensors]
  monitor: {textfile: ../job.prom}
"""

checks = 0


def check(condition, what):
    global checks
    checks += 1
    if not condition:
        sys.exit(f"nights: {what}")


class Job:
    def __init__(self, program, folder):
        self.program, self.folder, self.checkpoints = program, folder, "runs"
        self.count, self.shift, self.epochs = 600, 0.0, 3
        self.schedule = SCHEDULE

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def job(self, *names):
        return self.path(self.checkpoints, "job", *names)

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)

    def rows(self, classes=2, are_sound=True):
        """A table; classes that are not sound have nothing to do with the columns."""
        draw, guess = random.Random(7), random.Random(8)
        lines = ["a,b,c,y"]
        for row in range(self.count):
            a, b, c = (draw.gauss(0, 1) for _ in range(3))
            kind = "new" if classes > 2 and row % 9 == 0 else ["no", "yes"][
                a * b + c > 0 if are_sound else guess.random() > 0.5]
            lines.append(f"{a:.5f},{b:.5f},{c + (self.shift if row % 3 else 0):.5f},{kind}")
        return "\n".join(lines) + "\n"

    def write_schedule(self):
        os.makedirs(self.path("conf"), exist_ok=True)
        self.write("conf/job.yaml", self.schedule.replace("EPOCHS", str(self.epochs)))

    def arrive(self, **options):
        self.write("rows.csv", self.rows(**options))

    def command(self, *words, code=0):
        done = subprocess.run(
            [self.program, *words, "--checkpoints", self.checkpoints], cwd=self.folder,
            capture_output=True, text=True)
        check(done.returncode == code, f"{words}: exit {done.returncode}: {done.stderr}")
        return done.stdout

    def decisions(self):
        return json.loads(self.command("history", "job", "--json"))["decisions"]

    def champion(self):
        return os.readlink(self.job("champion"))

    def whole(self, outcome, verified=0):
        """What holds after every night; `verified` is the exit code of `verify`."""
        last = self.decisions()[-1]
        check(last["outcome"] == outcome, f"{last['outcome']} for {outcome}: {last['reason']}")
        check(last["reason"], "a decision without a reason")
        check(last["champion"] == self.champion(), "the link is not what was decided")
        self.command("verify", "job", code=verified)
        self.nothing_else()
        check(os.path.exists(self.job("champion", "exports", "net.safetensors")), "no export")
        return last

    def nothing_else(self):
        """Whether every file of the job belongs to it."""
        known = {
            "nightly.json", "decisions.jsonl", "champion", "nightly.log", "report.html", "rows.bin"}
        nights = [name for name in os.listdir(self.job()) if name not in known]
        for name in nights:
            check(
                re.fullmatch(r"\d{4}-\d\d-\d\dT\d{4}(-\d+)?(\.lock)?", name), f"an orphan: {name}")
        for night in (name for name in nights if not name.endswith(".lock")):
            for name in os.listdir(self.job(night)):
                check(not name.endswith((".partial", ".gone")), f"half written: {night}/{name}")

    def damage_champion(self):
        """Turns a bit of the champion's file, whose path is returned."""
        path = os.path.realpath(self.job("champion", "result.safetensors"))
        self.turn_bit(path)
        return path

    @staticmethod
    def turn_bit(path):
        with open(path, "r+b") as file:
            file.seek(os.path.getsize(path) // 2)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 1]))

    def await_run(self, known, is_over):
        """Waits until a night that is not among `known` computes; whether it does before it is over."""
        while not any(
            os.path.exists(self.job(name, "events.jsonl"))
            for name in set(os.listdir(self.job())) - known
        ):
            if is_over():
                return False
            time.sleep(0.02)
        time.sleep(0.3)
        return not is_over()
