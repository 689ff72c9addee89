"""Data sets of many shapes, drawn from a seed: few rows or many, one column or dozens, skewed classes."""

import gzip
import random
import struct


class Draw(random.Random):
    """A seeded source of choices."""

    def maybe(self, share):
        return self.random() < share

    def number(self, low, high, digits=3):
        """Between two bounds, short enough to be read."""
        return round(self.uniform(low, high), digits)

    def power(self, low, high):
        """A power of ten between two exponents, two digits long."""
        return float(f"{10 ** self.uniform(low, high):.1e}")

    def rows(self):
        return self.choice([
            self.randint(10, 40), self.randint(10, 40), self.randint(41, 200),
            self.randint(41, 200), self.randint(201, 1200)])


class Data:
    """The `data` of a schedule, and the files that it names."""

    def __init__(self, draw):
        self.draw = draw
        self.files = {}
        self.is_classification = draw.maybe(0.55)
        self.rows = draw.rows()
        self.inputs = draw.choice([1, 1, 2, 3, 4, 5, 7, 8, 16, 17, 33, 64])
        if self.is_classification:
            # More than 64 outputs are stood for by probes.
            self.outputs = draw.choice([2, 2, 3, 4, 10, 70 if self.rows > 400 else 3])
            two = ["binary_cross_entropy"] if self.outputs == 2 else []
            self.loss = draw.choice(["cross_entropy", "cross_entropy", *two])
        else:
            self.outputs = draw.choice([1, 1, 1, 2, 3, 70 if self.rows < 200 else 1])
            self.loss = draw.choice(["mse", "mse", "mae", "huber", "binary_cross_entropy"])
        self.parts = {"train"}
        kinds = ["csv", "csv", "csv", "npy", "npy"]
        self.kind = draw.choice(kinds + (["idx"] if self.is_classification else ["generate"]))
        if self.kind == "generate" and self.loss == "binary_cross_entropy":
            self.loss = "mse"
        self.settings = self.drawn_settings()

    def drawn_settings(self):
        draw = self.draw
        settings = {"task": "classification" if self.is_classification else "regression"}
        if self.kind == "generate":
            self.inputs, self.outputs = draw.randint(4, 9) + 4, 1
            samples = draw.randint(6, 14)
            settings["generate"] = {"diffusion_sorption": {
                "times": draw.randint(1, 4), "points": self.inputs - 4, "samples": samples,
                "noise": draw.choice([0, 0.01]), "seed": draw.randint(0, 99)}}
            self.rows = samples
        elif self.kind == "csv":
            settings.update(self.csv_keys())
        # The shape of what was drawn is the same for each file.
        centres = [
            [draw.gauss(0, 1) for _ in range(self.inputs)] for _ in range(max(self.outputs, 2))]
        self.unit = draw.power(-2, 2)
        self.constant = draw.randrange(self.inputs) if draw.maybe(0.15) else None
        self.skew = draw.choice([1, 1, 1, 1.5, 3])
        if self.kind != "generate" and draw.maybe(0.25):
            self.rows = max(self.rows, 4 * self.outputs)
            settings["train"] = self.source("train", centres, self.rows)
            self.parts |= {part for part in ["validation", "test"] if draw.maybe(0.8)}
            for part in self.parts - {"train"}:
                settings[part] = self.source(part, centres, max(2 * self.outputs, self.rows // 4))
        else:
            if self.kind != "generate":
                settings.update(self.source("data", centres, self.rows))
            split = {part: self.share() for part in ["validation", "test"] if draw.maybe(0.8)}
            self.parts |= set(split)
            if split:
                settings["split"] = split
        if draw.maybe(0.8):
            settings["scale"] = draw.choice(["none", "unit", "standard"])
        if not self.is_classification and self.loss != "binary_cross_entropy" and draw.maybe(0.5):
            settings["scale_targets"] = draw.choice(["none", "unit", "standard"])
        return settings

    def share(self):
        """A fraction, or a number of rows."""
        if self.draw.maybe(0.3):
            return max(1, int(self.rows * self.draw.uniform(0.1, 0.3)))
        return self.draw.number(0.1, 0.35, 2)

    def table(self, centres, rows):
        """Rows of inputs, and of targets."""
        draw, inputs, targets = self.draw, [], []
        weights = [self.skew ** -k for k in range(self.outputs)]
        for row in range(rows):
            # Each class is there, however rare it is.
            kind = (row % self.outputs if row < 4 * self.outputs
                    else draw.choices(range(self.outputs), weights)[0])
            values = [
                (centres[kind if self.is_classification else 0][k] + draw.gauss(0, 0.7)) * self.unit
                for k in range(self.inputs)]
            if self.constant is not None:
                values[self.constant] = 1.5
            inputs.append(values)
            if self.is_classification:
                targets.append([kind])
                continue
            sums = [sum(v * c for v, c in zip(values, centre)) / self.unit for centre in centres]
            if self.loss == "binary_cross_entropy":
                targets.append([float(total > 0) for total in sums[:self.outputs]])
            else:
                targets.append([total + draw.gauss(0, 0.1) for total in sums[:self.outputs]])
        return inputs, targets

    def source(self, name, centres, rows):
        """The mapping that names the files of one part, which are made here."""
        table = self.table(centres, rows)
        if self.kind == "csv":
            return {"csv": self.csv(name, *table)}
        if self.kind == "idx":
            return {"idx": self.idx(name, *table)}
        return {"npy": self.npy(name, *table)}

    def add(self, name, content):
        """Keeps a file, perhaps compressed; its name."""
        if self.draw.maybe(0.2):
            name, content = name + ".gz", gzip.compress(content, mtime=0)
        self.files[name] = content
        return name

    def csv_keys(self):
        """How the files are laid out, which is the same for all parts."""
        draw = self.draw
        self.has_header = draw.maybe(0.7)
        self.labels_first = draw.maybe(0.3)
        self.delimiter = draw.choice([",", ",", ";", "\t"])
        self.words = [f"kind {k}" for k in range(self.outputs)] if draw.maybe(0.6) else None
        count = 1 if self.is_classification else self.outputs
        first = 0 if self.labels_first else self.inputs
        labels = [f"y{k}" if self.has_header else first + k for k in range(count)]
        keys = {"label": labels if count > 1 else labels[0]}
        if count == 1 and not self.labels_first and draw.maybe(0.5):
            keys["label"] = "last"
        if draw.maybe(0.3):
            keys["header"] = self.has_header
        if self.delimiter != ",":
            keys["delimiter"] = {";": "semicolon", "\t": "tab"}[self.delimiter]
        return keys

    def csv(self, name, inputs, targets):
        names = [f"x{k}" for k in range(self.inputs)], [f"y{k}" for k in range(len(targets[0]))]
        lines = [names] if self.has_header else []
        for values, answer in zip(inputs, targets):
            answers = [f"{value:.6g}" for value in answer]
            if self.is_classification and self.words:
                answers = [self.words[answer[0]]]
            lines.append(([f"{value:.6g}" for value in values], answers))
        text = "".join(
            self.delimiter.join(last + first if self.labels_first else first + last) + "\n"
            for first, last in lines)
        return self.add(f"{name}.csv", text.encode())

    def npy(self, name, inputs, targets):
        kind = self.draw.choice(["<f4", "<f8", "<f4", "<i4", "|u1"])
        is_whole = kind in ("<i4", "|u1")
        if is_whole:
            inputs = [[int(abs(v / self.unit) * 40) % 256 for v in row] for row in inputs]
        of_targets = (self.draw.choice(["<i8", "<i4", "|u1"]) if self.is_classification
                      else self.draw.choice(["<f4", "<f8"]))
        return {
            "inputs": self.add(f"{name}-x.npy", array(inputs, kind, self.draw.maybe(0.3))),
            "targets": self.add(f"{name}-y.npy", array(
                targets, of_targets, False, is_flat=len(targets[0]) == 1 and self.draw.maybe(0.7))),
        }

    def idx(self, name, inputs, targets):
        pixels = bytes(int(abs(v / self.unit) * 60) % 256 for row in inputs for v in row)
        images = struct.pack(">IIII", 0x803, len(inputs), 1, self.inputs) + pixels
        labels = struct.pack(">II", 0x801, len(targets)) + bytes(row[0] for row in targets)
        return {"images": self.add(f"{name}-images.idx", images),
                "labels": self.add(f"{name}-labels.idx", labels)}


def array(rows, kind, is_fortran, is_flat=False):
    """An NPY file of version 1."""
    shape = (len(rows),) if is_flat else (len(rows), len(rows[0]))
    columns = zip(*rows) if is_fortran else rows
    values = [value for column in columns for value in column]
    letter = {"<f4": "f", "<f8": "d", "<i4": "i", "<i8": "q", "|u1": "B"}[kind]
    header = f"{{'descr': {kind!r}, 'fortran_order': {is_fortran}, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return (b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode()
            + struct.pack(f"<{len(values)}{letter}", *values))
