"""The rows that are compared: one list for the peer, the comparison and a test of `ecpipe bench`."""
import json
import pathlib
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
DENSE = ("train", "sgd")


@dataclass(frozen=True)
class Row:
    """One piece of work by its name, FAMILY/NETWORK/bBATCH or /nSAMPLES[/sSPARSITY]."""

    name: str
    targets: dict  # least ratio peer / ecpipe on two threads, by instruction set
    family: str
    widths: tuple
    samples: int
    sparsity: float


def load():
    """All rows, in order."""
    table = json.loads((HERE / "rows.json").read_text())
    rows = []
    for entry in table["rows"]:
        family, network, count, *rest = entry["name"].split("/")
        rows.append(
            Row(entry["name"], {"avx512": entry["target"], "avx2": entry["avx2"]}, family, tuple(table["networks"][network]),
                int(count[1:]), float(rest[0][1:]) if rest else 0.0))
    return rows


def select(rows, word):
    """The row called `word`, else all that have it in their name; all for None."""
    if word is None:
        return rows
    return [row for row in rows if row.name == word] or [row for row in rows if word in row.name]
