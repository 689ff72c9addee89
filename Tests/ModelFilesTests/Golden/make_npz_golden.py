"""MLPs of scikit-learn as NPZ files, with what scikit-learn makes of them.

Made with scikit-learn 1.9.1 and NumPy 2.4.6, by the snippet of OwnNetworks.md:

    python make_npz_golden.py FOLDER
"""

import json
import sys

import numpy
import sklearn
from sklearn.neural_network import MLPClassifier, MLPRegressor


def write(path, model):
    arrays = {"activation": model.activation}
    for index, (kernel, bias) in enumerate(zip(model.coefs_, model.intercepts_)):
        arrays[f"coefs_{index}"] = kernel
        arrays[f"intercepts_{index}"] = bias
    arrays["classes"] = numpy.array([str(name) for name in getattr(model, "classes_", [])])
    numpy.savez(path, **arrays)


def main(folder):
    draws = numpy.random.default_rng(5)
    rows = draws.normal(size=(80, 3))
    sums = rows[:, 0] + rows[:, 1] * rows[:, 2]
    three = numpy.where(sums < -0.5, "low", numpy.where(sums > 0.5, "hoch", "größe"))
    described = {}
    cases = {
        "classifier": MLPClassifier(
            hidden_layer_sizes=(4, 3), activation="logistic", max_iter=30, random_state=0),
        "regressor": MLPRegressor(
            hidden_layer_sizes=(4,), activation="tanh", max_iter=30, random_state=0),
    }
    for name, model in cases.items():
        model.fit(rows, three if name == "classifier" else numpy.stack([sums, -sums], 1))
        write(f"{folder}/{name}.npz", model)
        some = rows[:3].astype(numpy.float32)
        # Before the softmax.
        values = some.astype(float)
        for index, (kernel, bias) in enumerate(zip(model.coefs_, model.intercepts_)):
            values = values @ kernel + bias
            if index < len(model.coefs_) - 1:
                values = numpy.tanh(values) if name == "regressor" else 1 / (1 + numpy.exp(-values))
        expected = model.predict(some) if name == "regressor" else model.predict_proba(some)
        found = values if name == "regressor" else (
            numpy.exp(values) / numpy.exp(values).sum(1, keepdims=True))
        assert numpy.allclose(found, expected, atol=1e-6)
        described[name] = {"inputs": some.tolist(), "outputs": values.tolist(),
                           "classes": [str(name) for name in getattr(model, "classes_", [])]}
    with open(f"{folder}/mlps.json", "w") as file:
        json.dump({"scikit-learn": sklearn.__version__, "cases": described}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
