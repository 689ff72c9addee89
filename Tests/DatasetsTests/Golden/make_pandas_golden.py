"""Tables as pandas writes them, and what pandas says of them.

Made with pandas 3.1.1, scikit-learn 1.9.1 and NumPy 2.4.6: python make_pandas_golden.py
"""
import json
import pathlib

import numpy as np
import pandas as pd
from sklearn.datasets import load_iris

folder = pathlib.Path(__file__).parent / "pandas"
bunch = load_iris(as_frame=True)
iris = bunch.data.iloc[[0, 1, 2, 50, 51, 52, 100, 101, 102]].reset_index(drop=True)
iris["species"] = bunch.target_names[bunch.target.iloc[[0, 1, 2, 50, 51, 52, 100, 101, 102]]]

iris.to_csv(folder / "plain.csv", index=False)
iris.to_csv(folder / "index.csv")
iris.to_csv(folder / "semicolon.csv", index=False, sep=";")
iris.to_csv(folder / "semicolon_comma.csv", index=False, sep=";", decimal=",")
iris.to_csv(folder / "tab_comma.csv", index=False, sep="\t", decimal=",")
iris.to_csv(folder / "bar.csv", index=False, sep="|")
iris.to_csv(folder / "headless_semicolon_comma.csv", index=False, header=False, sep=";", decimal=",")
iris[iris.columns[::-1]].to_csv(folder / "reversed.csv", index=False)
pd.read_csv(folder / "index.csv").to_csv(folder / "unnamed.csv", index=False)

frame = pd.DataFrame(iris.iloc[:, :4].to_numpy())
frame.to_csv(folder / "numbered.csv", index=False)
frame.to_csv(folder / "numbered_index.csv")

missing = iris.copy()
missing.iloc[1, 0] = np.nan
missing.iloc[4, 2] = np.nan
missing.to_csv(folder / "missing.csv", index=False)
missing.to_csv(folder / "missing_na.csv", index=False, na_rep="NA")

people = pd.DataFrame({
    "age": [22, 38, np.nan, 35, 54, 2],
    "sex": ["male", "female", "female", "female", "male", "male"],
    "deck": ["C", np.nan, "E", np.nan, "B", "C"],
    "survived": [0, 1, 1, 1, 0, 1],
})
people.to_csv(folder / "people.csv", index=False)

numbers = missing.iloc[:, :4]
dummies = pd.get_dummies(people[["sex", "deck"]].fillna(""), dtype=int)
(folder / "expected.json").write_text(json.dumps({
    "mean": numbers.mean().tolist(),
    "median": numbers.median().tolist(),
    "values": iris.iloc[:, :4].to_numpy().tolist(),
    "dropped": missing.dropna().iloc[:, :4].to_numpy().tolist(),
    "dummies": {"columns": dummies.columns.tolist(), "rows": dummies.to_numpy().tolist()},
}) + "\n")
