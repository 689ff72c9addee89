"""Random networks as state dicts that `ecpipe` reads, and programs that run their C sources."""

import dataclasses
import json
import pathlib
import subprocess

import numpy

ACTIVATIONS = [
    "identity", "relu", "leaky_relu", "prelu", "tanh", "sigmoid", "gelu", "silu", "softplus"]
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion"]

# How sources are compiled: every command has to come to the same bits.
NATIVE = {
    "gcc": ["gcc", "-std=c99", "-O2"],
    "gcc plain": ["gcc", "-std=gnu11", "-O0"],
    "gcc native": ["gcc", "-std=gnu17", "-O3", "-march=native"],
    "clang": ["clang", "-std=c99", "-O2"],
    "clang native": ["clang", "-std=gnu17", "-O3", "-march=native"],
    "g++": ["g++", "-x", "c++", "-std=c++98", "-O2"],
    "g++ native": ["g++", "-x", "c++", "-std=gnu++17", "-O3", "-march=native"],
    "clang++": ["clang++", "-x", "c++", "-std=c++11", "-O1"],
}
ARM = ["arm-linux-gnueabihf-gcc", "-std=c99", "-O2", "-mcpu=cortex-a7", "-mfpu=neon-vfpv4", "-static"]
CORTEX_M4 = ["arm-none-eabi-gcc", "-std=c99", "-Os", "-mcpu=cortex-m4", "-mthumb"]

# Reads rows of inputs, writes those of outputs; ends as the sources' own test does.
DRIVER = """
#include <stdio.h>
#include "{name}.h"
int main(void)
{{
    static float inputs[{macro}_INPUTS], outputs[{macro}_OUTPUTS];
    static {element} scratch[{macro}_SCRATCH];
    while (fread(inputs, sizeof(float), {macro}_INPUTS, stdin) == {macro}_INPUTS) {{
        {name}_run(inputs, outputs, scratch);
        fwrite(outputs, sizeof(float), {macro}_OUTPUTS, stdout);
    }}
    return {name}_self_test();
}}
"""


@dataclasses.dataclass
class Network:
    """Dense layers with masks, all hidden ones with the same activation."""

    weights: list
    masks: list
    biases: list
    activation: str
    slopes: list

    @property
    def inputs(self):
        return self.weights[0].shape[1]

    def write(self, path):
        """A state dict, pruned as torch.nn.utils.prune leaves it."""
        tensors = {}
        for index, (weight, mask, bias) in enumerate(zip(self.weights, self.masks, self.biases)):
            place = 2 * index
            if mask.all():
                tensors[f"{place}.weight"] = weight
            else:
                tensors[f"{place}.weight_orig"] = weight
                tensors[f"{place}.weight_mask"] = mask.astype("<f4")
            tensors[f"{place}.bias"] = bias
            if self.activation == "prelu" and index < len(self.weights) - 1:
                tensors[f"{place + 1}.weight"] = self.slopes[index]
        write_safetensors(path, tensors)

    @property
    def options(self):
        """Of a command that reads it."""
        return [] if self.activation == "prelu" or len(self.weights) == 1 else [
            "--activation", self.activation]


def write_safetensors(path, tensors):
    header, body = {}, b""
    for name, values in tensors.items():
        content = numpy.ascontiguousarray(values, "<f4").tobytes()
        header[name] = {
            "dtype": "F32", "shape": list(values.shape),
            "data_offsets": [len(body), len(body) + len(content)]}
        body += content
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    pathlib.Path(path).write_bytes(len(text).to_bytes(8, "little") + text + body)


def random_network(generator, widths, activation, densities, whole=False):
    """Of `widths`; with `whole`, of small whole numbers, whose sums are exact in any order."""
    weights, masks, biases, slopes = [], [], [], []
    for inputs, outputs, density in zip(widths, widths[1:], densities):
        shape = (outputs, inputs)
        if whole:
            weights.append(generator.integers(-4, 5, shape).astype("<f4"))
            biases.append(generator.integers(-4, 5, outputs).astype("<f4"))
        else:
            scale = (2 / max(1, inputs * density)) ** 0.5
            weights.append((scale * generator.standard_normal(shape)).astype("<f4"))
            biases.append((0.3 * generator.standard_normal(outputs)).astype("<f4"))
        masks.append(generator.random(shape) < density)
        slopes.append(generator.uniform(-0.1, 0.5, outputs if generator.random() < 0.5 else 1)
                      .astype("<f4"))
    return Network(weights, masks, biases, activation, slopes)


def write_driver(folder, name, element):
    """The program around the sources; what is there already is left alone, since it may be read just now."""
    driver = pathlib.Path(folder) / f"{name}_main.c"
    text = DRIVER.format(name=name, macro=name.upper(), element=element)
    if not driver.exists() or driver.read_text() != text:
        driver.write_text(text)
    return driver


def build(command, folder, name, extra=(), out=None, element="float"):
    """Compiles the sources with their driver; gives the program's path."""
    folder = pathlib.Path(folder)
    driver = write_driver(folder, name, element)
    macro = name.upper()
    program = folder / (out or f"{name}.out")
    subprocess.run(
        [*command, *WARNINGS, f"-D{macro}_SELF_TEST", *extra, folder / f"{name}.c", driver, "-o",
         program], check=True)
    return program


def run(program, inputs, outputs, before=()):
    """The outputs [rows, outputs] that a program gives; its own test has to find nothing."""
    result = subprocess.run(
        [*before, program], input=numpy.ascontiguousarray(inputs, "<f4").tobytes(),
        capture_output=True)
    if result.returncode != 0:
        raise AssertionError(
            f"{program}: exit {result.returncode}: {result.stderr.decode(errors='replace')[-500:]}")
    return numpy.frombuffer(result.stdout, "<f4").reshape(len(inputs), outputs)
