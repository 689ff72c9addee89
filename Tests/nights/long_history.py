"""A thousand nights, written from two real ones, and how long it takes to tell of them."""

import datetime
import hashlib
import json
import os
import resource
import shutil

from nightly_job import check

NIGHTS = 1000
LONGEST = 0.2


def line(decision):
    """As `decisions.jsonl` has it: with its own digest, which counts as null in what it is of."""
    def text(sha256):
        return json.dumps(
            {**decision, "sha256": sha256}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    return text(hashlib.sha256(text(None).encode()).hexdigest()) + "\n"


def copy(source, folder):
    os.makedirs(folder)
    for entry in os.scandir(source):
        path = os.path.join(folder, entry.name)
        if entry.is_symlink():
            os.symlink(os.readlink(entry.path), path)
        elif entry.is_dir():
            shutil.copytree(entry.path, path)
        else:
            os.link(entry.path, path)


def grow(job):
    """Puts a thousand nights before those of `job`, all like its last."""
    with open(job.job("decisions.jsonl")) as file:
        real = file.readlines()
    model = json.loads(real[-1])
    check(line(model) == real[-1], "this is not how decisions are written")
    lines = []
    for number in range(NIGHTS):
        moment = datetime.datetime(2020, 1, 1, 2, 30) + datetime.timedelta(number)
        name = moment.strftime("%Y-%m-%dT%H%M")
        decision = json.loads(json.dumps(model).replace(model["night"], name))
        decision["time"] = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        decision["outcome"] = "refused" if number % 7 == 3 else "promoted"
        decision["challenger"]["value"] = 0.8 + number * 37 % 100 / 1000
        lines.append(line(decision))
        copy(job.job(model["night"]), job.job(name))
    with open(job.job("decisions.jsonl"), "w") as file:
        file.writelines(lines + real)


def seconds(job, *words):
    """Of the processor, so that it does not matter what else the machine does."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    text = job.command(*words)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    check(job.decisions()[-1]["night"] in text, f"{words} does not tell of the last night")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def check_speed(job):
    """Two nights of `job` become a thousand, of which `history` and `status` tell quickly."""
    grow(job)
    check(len(job.decisions()) > NIGHTS, "decisions that do not count")
    taken = {words: min(seconds(job, *words) for _ in range(5)) for words in [
        ("history", "job"), ("history", "job", "--json"), ("status", "job"), ("status", "job", "--json")]}
    for words, least in taken.items():
        check(least < LONGEST, f"{' '.join(words)} takes {least:.2f} s for {NIGHTS} nights; it is meant for a release build")
    return max(taken.values())
