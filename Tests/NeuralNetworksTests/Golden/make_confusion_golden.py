"""Writes confusion.json: what scikit-learn makes of drawn classes and predictions, some of which never come.

python3 -m venv venv && venv/bin/pip install scikit-learn && venv/bin/python make_confusion_golden.py
"""

import json
import pathlib

import numpy
import sklearn
from sklearn import metrics

CLASSES = 6
draw = numpy.random.default_rng(4)
# Class 4 never comes, class 5 is never said.
labels = draw.choice([0, 1, 2, 3, 5], size=200)
predicted = numpy.where(draw.random(200) < 0.6, labels, draw.integers(0, 5, size=200))
predicted[predicted == 5] = 0
matrix = metrics.confusion_matrix(labels, predicted, labels=range(CLASSES))
precision, recall, f1, _ = metrics.precision_recall_fscore_support(
    labels, predicted, labels=range(CLASSES), zero_division=numpy.nan)


def listed(values):
    return [None if numpy.isnan(value) else float(value) for value in values]


path = pathlib.Path(__file__).parent / "confusion.json"
path.write_text(json.dumps({
    "sklearn": sklearn.__version__, "labels": labels.tolist(), "predicted": predicted.tolist(),
    "matrix": matrix.tolist(), "precision": listed(precision), "recall": listed(recall),
    "f1": listed(f1),
}) + "\n")
