#!/usr/bin/env python3
"""The digits at 98 % on a Cortex-M4: sources of `ecpipe export` beside those of other generators.

    Tests/models-in-and-out/c_peers.py .build/release/ecpipe --run checkpoints/digits

Needs NumPy in this Python, and beside it arm-none-eabi-gcc, arm-linux-gnueabihf-gcc and qemu-arm (see
c_export.py). emx-onnx-cgen (with onnx) and emlearn (with scikit-learn) are measured where they are installed.

Others write dense networks: they get the pruned one as it is, and as `ecpipe shrink` leaves it. Flash and
RAM are those of a linked program without those of an empty one, and the largest stack frame beside the RAM;
instructions are counted by an emulated Arm for one row, whose answer has to be that of the others.
"""

import argparse
import datetime
import importlib
import importlib.metadata
import json
import os
import pathlib
import platform
import subprocess
import tempfile

import numpy

M4 = ["arm-none-eabi-gcc", "-std=gnu99", "-Os", "-mcpu=cortex-m4", "-mthumb",
      "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard", "-ffunction-sections", "-fdata-sections",
      "-Wl,--gc-sections", "-specs=nano.specs", "-specs=nosys.specs", "-fstack-usage"]
ARM = ["arm-linux-gnueabihf-gcc", "-std=gnu99", "-Os", "-mthumb", "-march=armv7-a",
       "-mfpu=vfpv3-d16", "-static"]

MAIN = """
{include}
#include <stdio.h>
static float inputs[64] = {{{row}}};
volatile int answer;
int main(int count, char **words)
{{
    (void)words;
    while (--count >= 0) {{
        {call}
    }}
    return answer;
}}
"""
EMPTY = """
static float inputs[64] = {1};
volatile int answer;
int main(int count, char **words) { (void)words; answer = (int)inputs[count]; return answer; }
"""
LARGEST = """
        int best = 0;
        for (int i = 1; i < 10; i++) if (outputs[i] > outputs[best]) best = i;
        answer = best;"""


def version(tool):
    """Of an installed package; None where there is none."""
    try:
        return importlib.metadata.version(tool)
    except importlib.metadata.PackageNotFoundError:
        return None


def tensors(path):
    """Weights and biases of an exported state dict."""
    content = pathlib.Path(path).read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8:8 + length])
    header.pop("__metadata__", None)

    def values(name):
        start, end = header[name]["data_offsets"]
        return numpy.frombuffer(content[8 + length + start:8 + length + end], "<f4").reshape(
            header[name]["shape"])
    names = sorted(name for name in header if name.endswith(".weight"))
    return [(values(name), values(name.replace("weight", "bias"))) for name in names]


def write_onnx(layers, path):
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    nodes, constants, value = [], [], "x"
    for index, (weight, bias) in enumerate(layers):
        constants += [numpy_helper.from_array(weight, f"w{index}"),
                      numpy_helper.from_array(bias, f"b{index}")]
        nodes.append(helper.make_node(
            "Gemm", [value, f"w{index}", f"b{index}"], [f"z{index}"], transB=1))
        value = f"z{index}"
        if index < len(layers) - 1:
            nodes.append(helper.make_node("Relu", [value], [f"a{index}"]))
            value = f"a{index}"
    graph = helper.make_graph(
        nodes, "digits", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 64])],
        [helper.make_tensor_value_info(value, TensorProto.FLOAT, [1, 10])], constants)
    onnx.save(helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)


def emx(layers, folder):
    """The program of emx-onnx-cgen: include and call."""
    write_onnx(layers, folder / "net.onnx")
    subprocess.run(
        ["emx-onnx-cgen", "compile", folder / "net.onnx", folder / "emx.c", "--model-name", "emx",
         "--large-weight-threshold", "0", "--large-temp-threshold", "0"], check=True, capture_output=True)
    return '#include "emx.c"', (
        "static float outputs[10];\n        emx((void *)inputs, (void *)outputs);" + LARGEST)


def emlearn(layers, folder):
    """The same of emlearn, by scikit-learn's classifier."""
    import emlearn as library
    from sklearn.neural_network import MLPClassifier
    hidden = [len(bias) for _, bias in layers[:-1]]
    model = MLPClassifier(hidden, max_iter=1)
    model.fit(numpy.zeros((20, 64)), numpy.arange(20) % 10)
    model.coefs_ = [weight.T.astype(float) for weight, _ in layers]
    model.intercepts_ = [bias.astype(float) for _, bias in layers]
    library.convert(model, method="loadable").save(
        file=str(folder / "eml.h"), name="eml", inference=["loadable"])
    return '#include "eml.h"', "answer = eml_predict(inputs, 64);"


def ours(program, checkpoint, folder, *options):
    subprocess.run(
        [program, "export", checkpoint, "--output", folder / "net.c", *options], check=True,
        capture_output=True)
    element = "int8_t" if options else "float"
    return '#include "net.c"', (
        f"static float outputs[10];\n        static {element} scratch[NET_SCRATCH];\n"
        "        net_run(inputs, outputs, scratch);\n        answer = net_argmax(outputs);")


def sizes(path):
    text = subprocess.run(
        ["arm-none-eabi-size", path], check=True, capture_output=True, text=True).stdout
    text, data, bss = map(int, text.splitlines()[1].split()[:3])
    return text + data, data + bss


def measure(source, folder, empty):
    """Flash, static RAM, largest frame, instructions a row, and the answer."""
    (folder / "main.c").write_text(source)
    flags = [f"-I{folder}", "-w"]
    if version("emlearn"):
        flags.append(f"-I{os.path.dirname(importlib.import_module('emlearn').__file__)}")
    subprocess.run([*M4, *flags, folder / "main.c", "-o", folder / "m4.elf", "-lm"], check=True,
                   cwd=folder)
    flash, ram = sizes(folder / "m4.elf")
    frames = [int(line.split("\t")[1]) for file in folder.glob("*.su")
              for line in file.read_text().splitlines()]
    for file in folder.glob("*.su"):
        file.unlink()
    subprocess.run([*ARM, *flags, folder / "main.c", "-o", folder / "arm", "-lm"], check=True)
    counts = []
    for words in ([], ["again"]):
        process = subprocess.run(
            f"qemu-arm -singlestep -d exec,nochain -D /dev/stdout {folder}/arm {' '.join(words)} "
            "| grep -c '^Trace'", shell=True, capture_output=True, text=True)
        counts.append(int(process.stdout))
    answer = subprocess.run(["qemu-arm", folder / "arm"]).returncode
    return flash - empty[0], ram - empty[1], max(frames, default=0), counts[1] - counts[0], answer


def program_of(made, row, folder, empty):
    include, call = made
    return measure(MAIN.format(include=include, row=row, call=call), folder, empty)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--run", required=True, help="a finished run of pipelines/digits.yaml")
    arguments = parser.parse_args()
    program, checkpoint = map(os.path.abspath, (arguments.program, arguments.run))
    generator = numpy.random.default_rng(1)
    row = ", ".join(f"{value}.0f" for value in generator.integers(0, 17, 64))
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "main.c").write_text(EMPTY)
        subprocess.run([*M4, folder / "main.c", "-o", folder / "m4.elf"], check=True, cwd=folder)
        empty = sizes(folder / "m4.elf")
        networks = {}
        for label, options in (("as pruned", ["--no-shrink"]), ("shrunk", [])):
            subprocess.run(
                [program, "export", checkpoint, "--output", folder / "net.safetensors", *options],
                check=True, capture_output=True)
            networks[label] = tensors(folder / "net.safetensors")
        measured = []
        for label, layers in networks.items():
            shape = "-".join(str(width) for width in [64] + [len(bias) for _, bias in layers])
            for tool, make in (("emx-onnx-cgen", emx), ("emlearn", emlearn)):
                if not version(tool):
                    print(f"{tool} is not installed and not measured")
                    continue
                title = f"{tool} {version(tool)}, {label} ({shape})"
                measured.append((title, program_of(make(layers, folder), row, folder, empty)))
        for title, options in (("ecpipe, float", []), ("ecpipe, int8", ["--int8"])):
            made = ours(program, checkpoint, folder, *options)
            measured.append((title, program_of(made, row, folder, empty)))
    gcc = subprocess.run([M4[0], "-dumpversion"], capture_output=True, text=True).stdout.strip()
    print(f"{datetime.date.today()}, arm-none-eabi-gcc {gcc}, {platform.machine()}\n")
    print("| generator | flash | static RAM | largest frame | instructions a row |")
    print("|---|--:|--:|--:|--:|")
    for title, (flash, ram, frame, instructions, answer) in measured:
        print(f"| {title} | {flash:,} | {ram:,} | {frame:,} | {instructions:,} |")
    answers = {answer for _, (*_, answer) in measured}
    if len(answers) > 1:
        raise SystemExit(f"different answers: {answers}")


if __name__ == "__main__":
    main()
