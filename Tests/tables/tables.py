"""The tables that come with scikit-learn, as pandas writes them in the ways that people do."""

import numpy
from sklearn import datasets


class Table:
    """A table and what is to be learnt from it."""

    def __init__(self, name, frame, labels, floor):
        self.name = name
        self.frame = frame
        self.labels = labels
        # What a useful network reaches at least on the rows it was made from: accuracy, or r2.
        self.floor = floor

    @property
    def is_classification(self):
        return len(self.labels) == 1 and self.frame[self.labels[0]].nunique() <= 10

    @property
    def inputs(self):
        return [column for column in self.frame.columns if column not in self.labels]


def named(bunch, column, floor):
    """A classification whose classes have their names as text."""
    frame = bunch.frame.drop(columns="target")
    frame[column] = bunch.target_names[bunch.frame["target"]]
    return Table(column, frame, [column], floor)


def tables():
    """All of them, one with a column of text, one with three targets."""
    diabetes = datasets.load_diabetes(as_frame=True, scaled=False).frame
    diabetes["sex"] = diabetes["sex"].map({1.0: "female", 2.0: "male"})
    linnerud = datasets.load_linnerud(as_frame=True).frame
    digits = datasets.load_digits(as_frame=True).frame
    return [
        named(datasets.load_iris(as_frame=True), "species", 0.9),
        named(datasets.load_wine(as_frame=True), "cultivar", 0.9),
        named(datasets.load_breast_cancer(as_frame=True), "diagnosis", 0.9),
        Table("digits", digits, ["target"], 0.9),
        Table("progression", diabetes, ["target"], 0.3),
        Table("body", linnerud, ["Weight", "Waist", "Pulse"], 0.0),
    ]


def holed(frame, columns, seed=0):
    """The frame without one value in twenty of its columns of inputs."""
    frame = frame.copy()
    generator = numpy.random.default_rng(seed)
    for column in columns:
        frame.loc[generator.random(len(frame)) < 0.05, column] = None
    return frame


# What pandas' to_csv is told, and the keys of `data` that the program then asks for.
WAYS = {
    "plain": dict(index=False),
    "index": dict(),
    "named-index": dict(index_label="id"),
    "tabs": dict(index=False, sep="\t"),
    "european": dict(index=False, sep=";", decimal=","),
    "holes": dict(index=False, na_rep="NA"),
    "no-names": dict(index=False, header=False),
}
