"""Writes the small files in datasets/ that the tests of Datasets read.

Made with Python 3.11.7, numpy 2.4.6, GNU gzip format of Python's gzip module, and zstd 1.5.4.
Run: python3 make_dataset_golden.py   (the files are committed; running it again changes nothing)

Numbers follow one rule, so that the tests need no second copy of them: element k in C order of
an array is k / 2 - 2 for float types, k for integer types, k % 2 for bool.
"""

import gzip
import pathlib
import struct
import subprocess

import numpy as np

folder = pathlib.Path(__file__).parent / "datasets"
folder.mkdir(exist_ok=True)


def array(dtype, *shape):
    k = np.arange(int(np.prod(shape)))
    if np.dtype(dtype).kind == "f":
        k = k / 2 - 2
    if np.dtype(dtype).kind == "b":
        k = k % 2
    return k.astype(dtype).reshape(shape)


def npy(name, values, version=None):
    with open(folder / name, "wb") as file:
        np.lib.format.write_array(file, values, version=version)


for dtype in ["<f4", "<f8", "<i4", "<i8", "|u1", "|b1", "<i2", "<u2", "|i1", "<u4", "<u8", ">f4", ">i8", "<f2", ">f2"]:
    name = dtype.replace("<", "little_").replace(">", "big_").replace("|", "")
    npy(f"{name}.npy", array(dtype, 3, 5))
npy("fortran.npy", np.asfortranarray(array("<f4", 3, 5)))
npy("fortran_rank4.npy", np.asfortranarray(array("<f8", 3, 2, 4, 5)))
npy("rank1.npy", array("<f4", 7))
npy("rank3.npy", array("|u1", 3, 2, 4))
npy("version2.npy", array("<f4", 3, 5), version=(2, 0))
npy("version3.npy", array("<f4", 3, 5), version=(3, 0))
npy("complex.npy", array("<f4", 3, 5).astype("<c8"))
npy("record.npy", np.zeros(3, dtype=[("a", "<f4"), ("b", "<i4")]))
npy("scalar.npy", np.array(1.5, dtype="<f4"))
# What float32 does not hold, and the limits of half precision.
times = np.array([[1700000000, 2], [1700000001, 4]])
for dtype in ["f8", "i8", "u4"]:
    npy(f"times_{dtype}.npy", times.astype("<" + dtype))
npy("times_fortran.npy", np.asfortranarray(times.astype("<f8")))
npy("thirds_f8.npy", np.arange(6).reshape(3, 2) / 3)
npy("limits_f2.npy", np.array([[2.0**-14, 2.0**-24], [65504, -1 / 3]], dtype="<f2"))
npy("nan_f2.npy", np.array([[np.nan]], dtype="<f2"))
npy("labels.npy", np.array([7, 3, 7, 5], dtype="<i8"))
npy("expected_writer.npy", array("<f4", 3, 5))


# savez stamps entries with 1980-01-01, so the archives are the same every time.
parts = dict(inputs=array("<f4", 4, 5), targets=np.array([7, 3, 7, 5], dtype="<i8"))
np.savez(folder / "stored.npz", **parts)
np.savez_compressed(folder / "deflated.npz", **parts)
np.savez(folder / "single.npz", anything=array("<f4", 4, 5))
np.savez_compressed(folder / "zeros.npz", zeros=np.zeros((10, 100), dtype="<f4"))
np.savez(folder / "unclear.npz", first=array("<f4", 4, 5), second=array("<f4", 4, 5))


def idx(name, code, values):
    data = struct.pack(">BBBB", 0, 0, code, values.ndim)
    data += b"".join(struct.pack(">I", n) for n in values.shape)
    data += values.astype(values.dtype.newbyteorder(">")).tobytes()
    if name.endswith(".gz"):
        data = gzip.compress(data, 9, mtime=0)
    (folder / name).write_bytes(data)


idx("images-idx3-ubyte.gz", 0x08, array("u1", 4, 3, 2))
idx("labels-idx1-ubyte.gz", 0x08, np.array([7, 3, 7, 5], dtype="u1"))
for code, dtype in [(0x08, "u1"), (0x09, "i1"), (0x0B, "i2"), (0x0C, "i4"), (0x0D, "f4"), (0x0E, "f8")]:
    idx(f"{dtype}.idx", code, array(dtype, 4, 5))

table = (
    "height,width,\"colour, outside\",kind\r\n"
    "1.5,-2,3e2,oak\r\n"
    "0.1,20,.5,\"elm \"\"red\"\"\"\r\n"
    "+4.25,7.,1E-3,oak\r\n"
    "\"16777217\",0,-0.0,\"two\r\nlines\"\r\n"
)
(folder / "table.csv").write_bytes(table.encode())
(folder / "table.csv.gz").write_bytes(gzip.compress(table.encode(), 9, mtime=0))
subprocess.run(
    ["zstd", "-q", "-f", "-19", str(folder / "table.csv"), "-o", str(folder / "table.csv.zst")],
    check=True)
