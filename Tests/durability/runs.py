"""Small runs, and what has to hold of a run's folder at any time."""

import hashlib
import json
import os
import random

import manifests

# Beside the schedule.
DATA = "flowers.csv"
SCHEDULE = """\
version: 1
name: {name}
seed: {seed}
data:
  csv: {data}
  label: kind
  task: classification
  split: {{validation: 0.2, test: 0.2}}
  scale: standard
model:
  hidden: {hidden}
  activation: tanh
training:
  batch: {batch}
  loss: cross_entropy
  optimizer: {{adam: {{learning_rate: 0.02}}}}
stages:
{stages}
checkpoints: {{level: 3, every: 1s{checkpoints}}}
"""

# One commit of each kind: with progress saved inside, pruning, fine-tuning, a leaf.
SMALL = """\
  - train: {epochs: 4}
  - evaluate: {part: test}
  - prune: {to: 0.5, budget: {policy: global}}
  - finetune: {epochs: 2}
  - evaluate: {part: test}
"""

# Stages that become known as it goes: trials that hold and do not, of a length that depends on them.
SEARCH = """\
  - train: {epochs: 4}
  - alternate:
      until: {validation: {accuracy_drop: 0.05}}
      sparsity: {step: 0.5, minimal_step: 0.2}
      rounds: 4
      finetune: {epochs: {max: 3, until: recovered}}
  - evaluate: {part: test}
"""


def flowers(rows):
    """A CSV of three classes in four columns, always the same."""
    draw = random.Random(11)
    lines = ["a,b,c,d,kind"]
    for row in range(rows):
        values = [f"{4 + row % 3 + draw.uniform(-0.8, 0.8):.4f}" for _ in range(4)]
        lines.append(",".join(values) + "," + ["setosa", "versicolor", "virginica"][row % 3])
    return "\n".join(lines) + "\n"


class Job:
    """A schedule with its data, which any number of runs in folders of their own share."""

    def __init__(
            self, program, name="small", stages=SMALL, rows=60, hidden="[6]", batch=7, seed=3,
            checkpoints=""):
        self.program = program
        self.name = name
        self.folder = program.new_folder(f"job-{name}")
        with open(os.path.join(self.folder, DATA), "w", encoding="utf-8") as file:
            file.write(flowers(rows))
        self.schedule = os.path.join(self.folder, f"{name}.yaml")
        with open(self.schedule, "w", encoding="utf-8") as file:
            file.write(
                SCHEDULE.format(
                    name=name, seed=seed, data=DATA, hidden=hidden, batch=batch, stages=stages,
                    checkpoints=checkpoints and f", {checkpoints}"))

    def arguments(self, place, *more):
        return ["run", self.schedule, "--checkpoints", os.path.join(place, "runs"), *more]

    def new_place(self):
        """A folder for one run and nothing else."""
        return self.program.new_folder(self.name)

    def run_folder(self, place):
        return os.path.join(place, "runs", self.name)

    def run(self, place, *more, timeout=120, **preloaded):
        """Runs the schedule, with faults and clocks from `Program.environment` if there are any."""
        extra = self.program.environment(place, **preloaded) if preloaded else None
        return self.program.call(self.arguments(place, *more), extra, timeout=timeout)

    def reference(self, **preloaded):
        """The files of an uninterrupted run."""
        place = self.new_place()
        outcome = self.run(place, **preloaded)
        if outcome.code != 0:
            raise RuntimeError(f"the run without any fault failed: {outcome.summary}")
        return Contents(self.run_folder(place))

    def problems_at_end(self, place, outcome, reference, ignoring=(), damaged=(), code=0):
        """What is wrong with a run that was continued to its end.

        `damaged`: files that are known to be, and that `verify --deep` has to name, no others.
        `code`: how the run without any fault ended."""
        folder = self.run_folder(place)
        problems = []
        if outcome.code != code:
            problems.append(f"the continued run: {outcome.summary}")
        problems += reference.differences(Contents(folder), ignoring=ignoring)
        verified = self.program.call(["verify", folder, "--deep", "--json"])
        return problems + problems_of_verification(verified, damaged)

    def problems_on_disk(self, place):
        """What is wrong with a run's folder in whatever state a fault has left it."""
        folder = self.run_folder(place)
        problems = unsound_files(folder)
        if os.path.exists(os.path.join(folder, "run.json")):
            problems += problems_of_verification(self.program.call(["verify", folder, "--json"]))
        return problems


def problems_of_verification(outcome, damaged=()):
    """What is wrong with the answer of `verify --json`, where just the files `damaged` are."""
    if outcome.code != (11 if damaged else 0):
        return [f"verify: {outcome.summary}"]
    try:
        found = {os.path.basename(f["file"]) for f in json.loads(outcome.output)["findings"]}
    except (ValueError, KeyError) as error:
        return [f"verify --json: {error!r}: {outcome.output[:200]!r}"]
    return [] if found == set(damaged) else [f"verify finds {sorted(found)}, not {sorted(damaged)}"]


def sha256(path):
    """The digest of a file; no digest of a file that no run here would write."""
    with open(path, "rb") as file:
        if os.path.getsize(path) > 64 << 20:
            return "too large"
        return hashlib.sha256(file.read()).hexdigest()


def manifest(folder):
    """`run.json` with what its journal adds; None when there is none.

    Raises ValueError where either is not as it was written, but for a last line that is torn."""
    journal = content_of(os.path.join(folder, "run.journal"))
    try:
        with open(os.path.join(folder, "run.json"), encoding="utf-8") as file:
            document = json.load(file)
    except FileNotFoundError:
        return None
    last = document["sha256"]
    lines = journal.split(b"\n")
    for number, line in enumerate(lines, 1):
        digest, _, text = line.partition(b" ")
        if hashlib.sha256(text).hexdigest().encode() != digest:
            if number == len(lines):
                break
            raise ValueError(f"line {number} of run.journal is damaged")
        change = json.loads(text)
        # That of the manifest before this one, into which it is folded.
        if number == 1 and change["after"] != last:
            break
        if (change["line"], change["after"]) != (number, last):
            raise ValueError(f"line {number} of run.journal does not follow the one before it")
        last = digest.decode()
        stages = document["stages"]
        if "listed" in change:
            record = change["listed"]
            stages[:] = [each for each in stages if each["key"] != record["key"]] + [record]
        elif "amended" in change:
            record = change["amended"]
            stages[:] = [record if each["key"] == record["key"] else each for each in stages]
    return without_released(document, folder)


def without_released(document, folder):
    """`document` without the files that a collection on a full disk has let go before it could say so: it leaves
    a mark in their place."""
    for stage in document["stages"]:
        path = stage["file"] and os.path.join(folder, stage["file"])
        if path and os.path.exists(path + ".released") and not os.path.exists(path):
            stage["file"] = stage["bytes"] = None
    return document


def content_of(path):
    """The bytes of a file; none of what hostile.py has put there instead."""
    if os.path.islink(path) or not os.path.isfile(path) or os.path.getsize(path) > 64 << 20:
        return b""
    with open(path, "rb") as file:
        return file.read()


def listed_keys(folder):
    """Keys of the stages that `run.json` or its journal lists as finished, with their names."""
    document = manifest(folder)
    return {} if document is None else {s["key"]: s["name"] for s in document["stages"]}


def unsound_files(folder):
    """Every checkpoint that `run.json` lists has to be there with its size and SHA-256."""
    try:
        document = manifest(folder)
    except ValueError as error:
        return [f"run.json is damaged: {error}"]
    problems = []
    for stage in document["stages"] if document else []:
        if stage["file"] is None:
            continue
        path = os.path.join(folder, stage["file"])
        if not os.path.isfile(path):
            problems.append(f"{stage['file']} is listed and gone")
        elif os.path.getsize(path) != stage["bytes"] or sha256(path) != stage["sha256"]:
            problems.append(f"{stage['file']} is not what run.json says")
    return problems


def events(folder):
    """The events of a run; a line that is none raises ValueError, except an unfinished last one."""
    path = os.path.join(folder, "events.jsonl")
    return [json.loads(line) for line in content_of(path).split(b"\n")[:-1]]


class Contents:
    """What a run's folder holds: the names of all files, the digests of the checkpoints, the manifest."""

    def __init__(self, folder):
        names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
        self.folder = folder
        self.names = names
        self.digests = {
            name: sha256(os.path.join(folder, name)) for name in names
            if name.endswith(".safetensors") and os.path.isfile(os.path.join(folder, name))
        }
        link = os.path.join(folder, "result.safetensors")
        self.result = os.readlink(link) if os.path.islink(link) else None
        try:
            self.manifest = manifest(folder)
        except ValueError:
            # Which `unsound_files` reports.
            self.manifest = None

    def differences(self, other, ignoring=()):
        """What is wrong with `other`, which should hold the same; logs and reports may differ and be
        missing."""
        logs = {"events.jsonl", "report.html", "report.json", "report.csv", *ignoring}
        problems = []
        for name in sorted((set(self.names) ^ set(other.names)) - logs):
            problems.append(f"{name} is {'missing' if name in self.names else 'too much'}")
        for name, digest in self.digests.items():
            if name in other.digests and other.digests[name] != digest:
                problems.append(f"{name} has other bits")
        if other.result != self.result:
            problems.append(f"the result links to {other.result} instead of {self.result}")
        problems += manifests.differences(self.manifest, other.manifest, ignoring)
        problems += unsound_files(other.folder)
        try:
            events(other.folder)
        except ValueError as error:
            problems.append(f"events.jsonl has a torn line: {error}")
        return problems
