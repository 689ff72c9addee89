"""Networks of PyTorch as its two exporters write them in ONNX files, with what PyTorch makes of them.

Made with PyTorch 2.13.0, onnx 1.23.2 and onnxscript 0.7.2:

    python make_onnx_golden.py FOLDER
"""

import json
import sys

import onnx
import torch

nn = torch.nn


def norm(units):
    """A BatchNorm that has seen data."""
    layer = nn.BatchNorm1d(units)
    layer.running_mean.uniform_(-1, 1)
    layer.running_var.uniform_(0.5, 2)
    with torch.no_grad():
        layer.weight.uniform_(0.5, 2)
        layer.bias.uniform_(-1, 1)
    return layer


def main(folder):
    torch.manual_seed(3)
    # Name: the shape of a sample, the modules, how many of them are left out at the end, the exporter.
    cases = {
        "norms-old": ([4], [norm(4), nn.Linear(4, 3), norm(3), nn.ReLU(), norm(3), nn.Dropout(),
                            nn.Linear(3, 2), norm(2)], 0, 17),
        "norms-new": ([4], [norm(4), nn.Linear(4, 3), norm(3), nn.LeakyReLU(0.2), norm(3),
                            nn.Linear(3, 2)], 0, None),
        "gelu-old": ([4], [nn.Linear(4, 3), nn.GELU(), nn.Linear(3, 2)], 0, 17),
        "gelu-new": ([4], [nn.Linear(4, 3), nn.GELU(), nn.Linear(3, 2)], 0, None),
        "softplus-new": ([4], [nn.Linear(4, 3), nn.Softplus(), nn.Linear(3, 2)], 0, None),
        "silu-old": ([4], [nn.Linear(4, 3), nn.SiLU(), nn.Linear(3, 2)], 0, 11),
        "slopes-old": ([4], [nn.Linear(4, 3), nn.PReLU(3), nn.Linear(3, 2, bias=False)], 0, 13),
        "softmax-old": ([1, 2, 2], [nn.Flatten(), nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2),
                                    nn.Softmax(1)], 1, 11),
        "sigmoid-new": ([2, 2], [nn.Flatten(), nn.Linear(4, 3), nn.Sigmoid(), nn.Linear(3, 1),
                                 nn.Sigmoid()], 1, None),
    }
    described = {}
    for name, (shape, modules, ending, opset) in cases.items():
        network = nn.Sequential(*modules).eval()
        path = f"{folder}/{name}.onnx"
        inputs = torch.randn(3, *shape)
        if opset is None:
            torch.onnx.export(network, (inputs,), path, dynamo=True, external_data=False,
                              verbose=False, dynamic_shapes=({0: torch.export.Dim("batch")},))
        else:
            torch.onnx.export(network, (inputs,), path, dynamo=False, opset_version=opset,
                              input_names=["x"], output_names=["y"], dynamic_axes={"x": {0: "n"}})
        model = onnx.load(path)
        # Traces of the exporter's own source lines, which are paths of its machine.
        for node in model.graph.node:
            del node.metadata_props[:]
            node.doc_string = ""
        onnx.save(model, path)
        core = nn.Sequential(*modules[:len(modules) - ending]).eval().double()
        with torch.no_grad():
            outputs = core(inputs.double())
        described[name] = {"inputs": inputs.flatten(1).tolist(), "outputs": outputs.tolist()}
    convolution = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(8, 2)).eval()
    torch.onnx.export(convolution, (torch.randn(1, 1, 4, 4),), f"{folder}/convolution.onnx",
                      dynamo=False, opset_version=17)
    model = onnx.load(f"{folder}/gelu-old.onnx")
    onnx.save(model, f"{folder}/external.onnx", save_as_external_data=True,
              location="external.bin", size_threshold=0)
    described["external"] = described["gelu-old"]
    with open(f"{folder}/networks.json", "w") as file:
        json.dump({"torch": torch.__version__, "onnx": onnx.__version__, "cases": described}, file,
                  indent=1)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
