#!/usr/bin/env python3
"""Whether the C sources that `ecpipe export` writes compile everywhere and compute what they should.

    Tests/models-in-and-out/c_export.py .build/release/ecpipe [--run checkpoints/digits] [--networks 40]

Needs gcc, g++, clang, valgrind, arm-none-eabi-gcc (Debian: gcc-arm-none-eabi, libnewlib-arm-none-eabi),
arm-linux-gnueabihf-gcc (gcc-arm-linux-gnueabihf, libc6-dev-armhf-cross), qemu-arm (qemu-user) and NumPy.

Random networks, in float and in bytes: every compiler takes the sources without a warning and comes to the
same bits, on x86 and on an emulated Arm; valgrind finds nothing. In float these are the bits of
`ecpipe predict` where sums are exact, and, for compressed layers, on a processor without fused
multiplications; elsewhere both differ by rounding. The digits at 98 % in bytes: what the export says of
their accuracy is what the C program has, at most half a point is lost, and code and constants take less
than 6,000 bytes of a Cortex-M4's flash.
"""

import argparse
import concurrent.futures
import csv
import gzip
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile

import numpy

import networks
from networks import ARM, CORTEX_M4, NATIVE, WARNINGS, build, run

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# Of the largest output; sums of float32 in another order.
TOLERANCE = 1e-6
LARGEST_FLASH = 6_000
LARGEST_DROP = 0.5


class Check:
    def __init__(self, program, folder):
        self.program = program
        self.folder = pathlib.Path(folder)
        self.worst = 0.0
        text = self.ecpipe("export", "--help").stdout
        # Exports shrink what they write; where bits are compared, nothing is to move.
        self.as_is = ["--no-shrink"] if "--no-shrink" in text else []

    def ecpipe(self, *arguments, **options):
        return subprocess.run(
            [self.program, *map(str, arguments)], check=True, capture_output=True, text=True,
            cwd=self.folder, **options)

    def predict(self, network, rows, **options):
        """What the program itself makes of `rows`."""
        numpy.save(self.folder / "rows.npy", rows)
        self.ecpipe("predict", "net.safetensors", "--data", "rows.npy", "--output", "predicted.npy",
                    *network.options, **options)
        return numpy.load(self.folder / "predicted.npy")

    def export(self, network, *options):
        network.write(self.folder / "net.safetensors")
        self.ecpipe("export", "net.safetensors", "--output", "net.c", *network.options,
                    *self.as_is, *options)

    # Programs

    def same_everywhere(self, rows, outputs, names, element="float"):
        """The outputs, which all commands come to, on an emulated Arm, too."""
        networks.write_driver(self.folder, "net", element)

        def native(name):
            program = build(NATIVE[name], self.folder, "net", out=f"net {name}.out", element=element)
            return run(program, rows, outputs)

        def arm():
            program = build(ARM, self.folder, "net", out="net.arm", element=element)
            return run(program, rows[:16], outputs, before=["qemu-arm"])

        def cortex():
            subprocess.run(
                [*CORTEX_M4, *WARNINGS, "-DNET_SELF_TEST", "-c", self.folder / "net.c", "-o",
                 self.folder / "net.o"], check=True)

        # Compilers take nearly all of the time, and every one is on its own.
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            jobs = {name: pool.submit(native, name) for name in names}
            jobs["Arm"] = pool.submit(arm)
            pool.submit(cortex).result()
            found = {name: job.result() for name, job in jobs.items()}
        first = found[names[0]]
        for name, values in found.items():
            if first[:len(values)].tobytes() != values.tobytes():
                raise AssertionError(f"{name} comes to other bits than {names[0]}")
        return first


def shapes(generator, index):
    """Widths and densities of network `index`: one layer, one unit, dead units, dense and sparse."""
    depth = 1 if index % 8 == 0 else int(generator.integers(1, 4))
    widths = [int(generator.integers(1, 90)) for _ in range(depth + 1)]
    if index % 7 == 3:
        widths[len(widths) // 2] = 1
    if index % 9 == 5:
        widths[0] = 700
    densities = [float(generator.choice([1, 0.5, 0.1, 0.02])) for _ in range(depth)]
    return widths, densities


def random_networks(check, count):
    generator = numpy.random.default_rng(15)
    names = list(NATIVE)
    for index in range(count):
        activation = networks.ACTIVATIONS[index % len(networks.ACTIVATIONS)]
        widths, densities = shapes(generator, index)
        network = networks.random_network(generator, widths, activation, densities)
        rows = generator.standard_normal((64, widths[0])).astype("<f4")
        used = names if index < len(networks.ACTIVATIONS) else [
            names[0], names[1 + index % (len(names) - 1)]]
        check.export(network, *(["--separate-weights"] if index % 4 == 1 else []))
        values = check.same_everywhere(rows, widths[-1], used)
        own = check.predict(network, rows)
        error = float(numpy.abs(values - own).max() / max(numpy.abs(own).max(), 1e-30))
        check.worst = max(check.worst, error)
        if not error < TOLERANCE:
            raise AssertionError(f"network {index} {widths} {activation}: {error:.2g} from predict")
        if index % 5 == 0:
            program = build(["gcc", "-std=c99", "-O1", "-g"], check.folder, "net")
            run(program, rows[:4], widths[-1],
                before=["valgrind", "-q", "--error-exitcode=99", "--leak-check=full"])
        # In bytes, calibrated on the same rows.
        numpy.save(check.folder / "rows.npy", rows)
        check.export(network, "--int8", "--data", "rows.npy")
        check.same_everywhere(rows, widths[-1], used[:2], element="int8_t")
        if index % 5 == 0:
            program = build(["gcc", "-std=c99", "-O1", "-g"], check.folder, "net", element="int8_t")
            run(program, rows[:4], widths[-1],
                before=["valgrind", "-q", "--error-exitcode=99", "--leak-check=full"])
    print(f"{count} random networks, float and int8: the same bits everywhere; float at most "
          f"{check.worst:.1e} from predict")


def different_exports(check):
    """Files of two exports are no program: every pair of them is an error of every compiler."""
    generator = numpy.random.default_rng(18)
    numpy.save(check.folder / "rows.npy", generator.standard_normal((8, 6)).astype("<f4"))
    exports = []
    names = ["net.c", "net.h", "net_weights.h"]
    for seed in range(2):
        network = networks.random_network(generator, [6, 5, 3], "relu", [0.5, 1])
        for options in ([], ["--int8", "--data", "rows.npy"]):
            check.export(network, "--separate-weights", *options)
            exports.append({name: (check.folder / name).read_bytes() for name in names})
    count = 0
    for own in exports:
        for other in exports:
            for name in names[1:]:
                for file, content in {**own, name: other[name]}.items():
                    (check.folder / file).write_bytes(content)
                compiler = [*NATIVE[list(NATIVE)[count % len(NATIVE)]], "-c", "net.c", "-o", "net.o"]
                done = subprocess.run(compiler, cwd=check.folder, capture_output=True, text=True)
                if (done.returncode == 0) != (own is other):
                    raise AssertionError(f"{name} of another export: {done.stderr}")
                if own is not other and "are of different exports" not in done.stderr:
                    raise AssertionError(f"{name} of another export: {done.stderr}")
                count += 1
    print(f"{count} pairs of files of {len(exports)} exports: only those of one export compile")


def exact_networks(check, count=6):
    """Whole numbers: sums are exact in any order, so that predict has the same bits."""
    generator = numpy.random.default_rng(16)
    for index in range(count):
        activation = ["relu", "identity"][index % 2]
        widths, densities = shapes(generator, index)
        network = networks.random_network(generator, widths, activation, densities, whole=True)
        rows = generator.integers(-8, 9, (33, widths[0])).astype("<f4")
        check.export(network)
        values = run(build(NATIVE["gcc"], check.folder, "net"), rows, widths[-1])
        if (values != check.predict(network, rows)).any():
            raise AssertionError(f"exact network {index} {widths}: other values than predict")
    print(f"{count} networks of whole numbers: the values of predict")


def unfused_networks(check):
    """Compressed layers, by kernels without fused multiplications: the bits of predict."""
    if platform.machine() != "x86_64":
        return print("not on x86: there all kernels fuse multiplications")
    environment = dict(
        os.environ, ECPIPE_INSTRUCTIONS="plain", OPENBLAS_CORETYPE="Prescott")
    generator = numpy.random.default_rng(17)
    for activation in networks.ACTIVATIONS:
        network = networks.random_network(
            generator, [70, 60, 50, 7], activation, [0.05, 0.05, 0.05])
        rows = generator.standard_normal((48, 70)).astype("<f4")
        check.export(network)
        values = run(build(NATIVE["clang"], check.folder, "net"), rows, 7)
        own = check.predict(network, rows, env=environment)
        if values.tobytes() != own.tobytes():
            raise AssertionError(f"{activation}: other bits than predict without fused products")
    print(f"{len(networks.ACTIVATIONS)} activations, compressed, without fused multiplications: "
          "the bits of predict")


def size(path):
    """Bytes of flash that an object takes: code, constants and what variables begin with."""
    text = subprocess.run(
        ["arm-none-eabi-size", path], check=True, capture_output=True, text=True).stdout
    text, data = text.splitlines()[1].split()[:2]
    return int(text) + int(data)


def digits(check, checkpoint):
    """64-300-100-10 at 98 %."""
    if checkpoint is None:
        check.ecpipe("run", ROOT / "pipelines/digits.yaml", "--checkpoints", check.folder / "runs")
        checkpoint = check.folder / "runs/digits"
    with gzip.open(ROOT / "pipelines/data/digits.csv.gz", "rt") as file:
        table = [row for row in csv.reader(file)]
    if not table[0][0].lstrip("-").replace(".", "").isdigit():
        table = table[1:]
    rows = numpy.array([row[:-1] for row in table], "<f4")
    labels = numpy.array([int(float(row[-1])) for row in table])
    # Measured on all rows, so that the C program's answers can be counted.
    answer = check.ecpipe(
        "export", checkpoint, "--output", "net.c", "--int8", "--test",
        ROOT / "pipelines/data/digits.csv.gz", "--json")
    said = json.loads(answer.stdout)["int8"]
    values = check.same_everywhere(rows, 10, list(NATIVE), element="int8_t")
    right = int((values.argmax(1) == labels).sum())
    if right != round(said["int8"] * len(rows)):
        raise AssertionError(f"the C program has {right} right, and the export says {said}")
    if said["drop"] > LARGEST_DROP:
        raise AssertionError(f"{said['drop']} points lost")
    check.ecpipe("export", checkpoint, "--output", "bound.c", "--int8", "--max-drop", LARGEST_DROP)
    subprocess.run(
        [*CORTEX_M4, "-c", check.folder / "net.c", "-o", check.folder / "net.o"], check=True)
    flash = size(check.folder / "net.o")
    # What the source says of itself is what the export says.
    source = (check.folder / "net.c").read_text()
    for kind in ["int8", "float"]:
        if f"{kind}: accuracy {100 * said[kind]:.2f} % on " not in source:
            raise AssertionError(f"the source does not say the accuracy of {kind}")
    print(f"digits in bytes: {100 * said['int8']:.2f} % of {len(rows)} rows, float "
          f"{100 * said['float']:.2f} %; {flash} bytes of flash on a Cortex-M4")
    if flash > LARGEST_FLASH:
        raise AssertionError(f"{flash} bytes of flash, more than {LARGEST_FLASH}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--run", help="a finished run of pipelines/digits.yaml")
    parser.add_argument("--networks", type=int, default=40)
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.program)
    checkpoint = arguments.run and os.path.abspath(arguments.run)
    with tempfile.TemporaryDirectory() as folder:
        check = Check(program, folder)
        try:
            different_exports(check)
            exact_networks(check)
            unfused_networks(check)
            random_networks(check, arguments.networks)
            digits(check, checkpoint)
        except subprocess.CalledProcessError as error:
            sys.exit(f"{error}\n{error.stderr or ''}")
        except AssertionError as error:
            sys.exit(f"wrong: {error}")


if __name__ == "__main__":
    main()
