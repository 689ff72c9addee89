"""Makes files that lie: each case is a row of a table with the answer that it has to get.

A row: what it is, the bytes (or a function that puts something at a path), the exit codes allowed."""

import hashlib
import io
import json
import os
import struct
import zipfile
import zlib

MIB = 1 << 20
# Damaged; and: no checkpoint, or invalid schedule or data.
DAMAGED, INVALID = {11}, {65}


def sparse(size):
    def make(path):
        with open(path, "wb") as file:
            file.truncate(size)
    return make


def link(target):
    return lambda path: os.symlink(target, path)


def loop(path):
    os.symlink(os.path.basename(path), path)


NO_FILES = [
    ("a folder", os.mkdir),
    ("a pipe", os.mkfifo),
    ("a link to itself", loop),
    ("a link to nothing", link("nothing")),
    ("a link to a device without end", link("/dev/zero")),
    ("a sparse file of a TiB", sparse(1 << 40)),
]


# Zstandard, by hand (RFC 8878): what no honest encoder writes.

def zstd_frame(blocks, content_size=None, window=None):
    descriptor = 0x04  # a checksum follows, which a decoder meets last
    if content_size is None:
        header = bytes([descriptor, window if window is not None else 0x38])
    else:
        header = bytes([descriptor | 0xE0]) + struct.pack("<Q", content_size)
    return b"\x28\xb5\x2f\xfd" + header + blocks


def zstd_repeats(count, byte=b"1"):
    """`count` blocks of 4 bytes that unpack to 128 KiB each."""
    block = struct.pack("<I", (128 << 10) << 3 | 1 << 1)[:3] + byte
    last = struct.pack("<I", (128 << 10) << 3 | 1 << 1 | 1)[:3] + byte
    return block * (count - 1) + last


# safetensors

def safetensors(header, data=b"", length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def tensor(shape, start, end, dtype="U8"):
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


def zero_tensors(count):
    return safetensors({f"t{n}": tensor([0], 0, 0) for n in range(count)})


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def resealed(content, change):
    """A sound checkpoint with `change(metadata, entries)` and digests that fit again, where the format
    is known; in any other format it is a damaged one."""
    length = struct.unpack("<Q", content[:8])[0]
    header = json.loads(content[8:8 + length])
    data = content[8 + length:]
    metadata = json.loads(header.pop("__metadata__")["ecpipe"])
    names = sorted(header, key=lambda name: header[name]["data_offsets"])
    entries = [(name, data[slice(*header[name]["data_offsets"])]) for name in names]
    entries = change(metadata, entries) or entries
    metadata.pop("digest", None)
    data = b"".join(frame for _, frame in entries)
    metadata["data_digest"] = hashlib.sha256(data).hexdigest()
    metadata["digest"] = hashlib.sha256(canonical(metadata).encode()).hexdigest()
    placed, end = {"__metadata__": {"ecpipe": canonical(metadata)}}, 0
    for name, frame in entries:
        placed[name] = tensor([len(frame)], end, end + len(frame))
        end += len(frame)
    text = canonical(placed).encode()
    return safetensors(text + b" " * (-len(text) % 8), data)


def with_format(number):
    def change(metadata, _):
        metadata["format"] = number
    return change


def with_layer(**values):
    def change(metadata, _):
        metadata["layers"][0].update(values)
    return change


def with_frame(frame):
    return lambda _, entries: [(entries[0][0], frame)] + entries[1:]


def checkpoints(sound):
    """Rows for every command that takes a checkpoint; `sound` is the bytes of one."""
    one = tensor([1], 0, 1)
    deep = b'{"a":' + b"[" * 500_000 + b"]" * 500_000 + b"}"
    return [
        ("empty", b"", DAMAGED),
        ("seven bytes", b"\0" * 7, DAMAGED),
        ("zeros", b"\0" * 4096, DAMAGED),
        ("header of 2^64-1 bytes announced", safetensors({}, length=2**64 - 1), DAMAGED),
        ("header of 2^63 bytes announced", safetensors({}, length=2**63), DAMAGED),
        ("header of 1 TiB announced", safetensors({}, length=1 << 40), DAMAGED),
        ("header of 16 MiB and a byte", safetensors(b"{" + b" " * (16 * MIB)), DAMAGED),
        ("header of 16 MiB of spaces", safetensors(b"{" + b" " * (16 * MIB - 1)), DAMAGED),
        ("header of 5 million numbers",
         safetensors(b'{"a":[' + b"1," * 5_000_000 + b"1]}"), DAMAGED),
        ("header half a million deep", safetensors(deep), DAMAGED),
        ("header that is no JSON", safetensors(b"{what"), DAMAGED),
        ("header in bad UTF-8", safetensors(b'{"\xff\xfe":1}'), DAMAGED),
        ("100,000 entries", zero_tensors(100_000), INVALID),
        ("100,001 entries", zero_tensors(100_001), DAMAGED),
        ("shape of 2^64 elements", safetensors({"a": tensor([2**32, 2**32], 0, 0)}), DAMAGED),
        ("shape whose bytes overflow",
         safetensors({"a": tensor([2**62], 0, 8, "F64")}), DAMAGED),
        ("shape of 10^30", safetensors({"a": tensor([10**30], 0, 1)}, b"1"), DAMAGED),
        ("shape below zero", safetensors({"a": tensor([-1, -1], 0, 1)}, b"1"), DAMAGED),
        ("overlapping entries",
         safetensors({"a": tensor([2], 0, 2), "b": tensor([2], 1, 3)}, b"123"), DAMAGED),
        ("the same bytes twice", safetensors({"a": one, "b": one}, b"1"), DAMAGED),
        ("a gap between entries",
         safetensors({"a": one, "b": tensor([1], 2, 3)}, b"123"), DAMAGED),
        ("bytes behind the last entry", safetensors({"a": one}, b"12"), DAMAGED),
        ("an entry outside the file", safetensors({"a": tensor([9], 0, 9)}, b"1"), DAMAGED),
        ("offsets that go back", safetensors({"a": tensor([1], 1, 0)}, b"1"), DAMAGED),
        ("offsets below zero", safetensors({"a": tensor([1], -1, 0)}, b"1"), DAMAGED),
        ("one name twice",
         safetensors(b'{"a":' + json.dumps(one).encode() + b',"a":' + json.dumps(one).encode()
                     + b"}", b"1"), DAMAGED),
        ("a name with a line break", safetensors({"a\nb": one}, b"1"), DAMAGED),
        ("no checkpoint, names that lead out", safetensors({"../../a": one}, b"1"), INVALID),
        ("newer format", resealed(sound, with_format(99)), INVALID),
        ("older format", resealed(sound, with_format(0)), DAMAGED),
        ("layer of 10^12 weights",
         resealed(sound, with_layer(inputs=10**6, outputs=10**6, weights=10**12)), DAMAGED),
        ("layer whose size overflows",
         resealed(sound, with_layer(inputs=2**40, outputs=2**40)), DAMAGED),
        ("layer of a size below zero", resealed(sound, with_layer(outputs=-3)), DAMAGED),
        ("layer named ../../x", resealed(sound, with_layer(name="../../x")), DAMAGED),
        ("frame that announces a TiB",
         resealed(sound, with_frame(zstd_frame(zstd_repeats(9), 1 << 40))), DAMAGED),
        ("frame that unpacks to a GiB",
         resealed(sound, with_frame(zstd_frame(zstd_repeats(8192), 1 << 30))), DAMAGED),
        ("frame that unpacks to more than it says",
         resealed(sound, with_frame(zstd_frame(zstd_repeats(8192), 4))), DAMAGED),
        ("frame without a size",
         resealed(sound, with_frame(zstd_frame(zstd_repeats(8192)))), DAMAGED),
        ("frame with a window of 3 TiB",
         resealed(sound, with_frame(zstd_frame(zstd_repeats(9), None, 0xFF))), DAMAGED),
    ]


# Schedules

def alias_bomb(levels=10, width=9):
    lines = ["a0: &a0 [1]"]
    for n in range(1, levels):
        lines.append(f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * width) + "]")
    return "\n".join(lines) + "\n"


def schedules(sound):
    """Rows for `run` and `validate`; `sound` is the text of a schedule."""
    def replaced(old, new):
        assert old in sound, old
        return sound.replace(old, new).encode()

    rows = [
        ("empty", b"", INVALID),
        ("no YAML", b"\x00\xff\xfe" * 100, INVALID),
        ("a MiB and a byte", (sound + "#" * (MIB + 1 - len(sound))).encode(), INVALID),
        ("lists 50,000 deep", b"[" * 50_000, INVALID),
        ("mappings 33 deep", b"".join(b" " * n + b"a:\n" for n in range(34)), INVALID),
        ("mappings 900 deep", b"".join(b" " * n + b"a:\n" for n in range(900)), INVALID),
        ("aliases for 9^10 nodes", (sound + alias_bomb()).encode(), INVALID),
        ("an alias to itself", (sound + "a: &a [*a]\n").encode(), INVALID),
        ("200,000 nodes", (sound + "a: [" + "1," * 200_000 + "]\n").encode(), INVALID),
        ("a merge key", (sound + "<<: {a: 1}\n").encode(), INVALID),
        ("a key twice", (sound + "seed: 4\n").encode(), INVALID),
        ("two documents", (sound + "---\na: 1\n").encode(), INVALID),
        ("a tag", replaced("seed: 3", "seed: !!python/object 3"), INVALID),
        ("a seed beyond 64 bits", replaced("seed: 3", "seed: 99999999999999999999"), INVALID),
        ("a width of 10^18", replaced("[6]", "[1000000000000000000]"), INVALID),
        ("widths whose product overflows", replaced("[6]", "[4000000000, 4000000000]"), INVALID),
        ("a batch of 2^62", replaced("batch: 7", f"batch: {2**62}"), {0, 65}),
        ("a rate of 1e999", replaced("0.02", "1e999"), INVALID),
        ("a level of 9^99", replaced("level: 3", "level: " + "9" * 99), INVALID),
    ]
    for name in ["../../evil", "/evil", "..", ".", ".evil", "a/../../evil", "a\\0b", "x" * 300,
                 "evil.lock", "-rf", "a\\nb"]:
        rows.append((f"the name {name[:20]}", replaced("name: small", f'name: "{name}"'), INVALID))
    return rows


# Data

def npy(header, data=b"", version=1, length=None):
    text = header.encode() if isinstance(header, str) else header
    size = len(text) if length is None else length
    form = "<H" if version == 1 else "<I"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack(form, size) + text + data


def npy_shape(shape, data=b"", dtype="<f4"):
    return npy(f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}\n", data)


def archive(entries, compression=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as zipped:
        for name, content in entries:
            zipped.writestr(name, content)
    return file.getvalue()


def lying(content, old, new):
    """`content` with a number of 4 bytes in place of another everywhere."""
    return content.replace(struct.pack("<I", old), struct.pack("<I", new))


def gzip_bomb(size):
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    piece = b"1" * MIB
    return b"".join(packer.compress(piece) for _ in range(size // MIB)) + packer.flush()


def csv_files():
    """Rows for a CSV, with the ending of its name."""
    labels = "".join(f"1,label{n}\n" for n in range(70_000)).encode()
    return [
        (".csv", "empty", b"", INVALID),
        (".csv", "zeros", b"\0" * 4096, INVALID),
        (".csv", "a quote that never ends", b'a,b\n"' + b"x" * (4 * MIB), INVALID),
        (".csv", "one line of 16 MiB", b"1," * (8 * MIB), INVALID),
        (".csv", "a million columns, a row", b"1," * 1_000_000 + b"1\n", INVALID),
        (".csv", "rows of different lengths", b"1,2,3\n1,2\n1,2,3\n", INVALID),
        (".csv", "70,000 labels", labels, INVALID),
        (".csv", "numbers that are none", b"a,kind\n" + b"nan,x\ninf,y\n1e999,z\n" * 9, INVALID),
        (".csv.gz", "no gzip", b"a,b\n1,2\n", INVALID),
        (".csv.gz", "cut", gzip_bomb(MIB)[:-9], INVALID),
        (".csv.gz", "unpacks to 320 MiB", gzip_bomb(320 * MIB), INVALID),
        (".csv.zst", "no zstd", b"a,b\n1,2\n", INVALID),
        (".csv.zst", "announces a TiB", zstd_frame(zstd_repeats(9), 1 << 40), INVALID),
        (".csv.zst", "unpacks to 64 GiB", zstd_frame(zstd_repeats(1 << 19)), INVALID),
        (".csv.zst", "announces and unpacks to 4 GiB",
         zstd_frame(zstd_repeats(1 << 15), 1 << 32), INVALID),
        (".csv.zst", "a window of 3 TiB", zstd_frame(zstd_repeats(9), None, 0xFF), INVALID),
        (".csv.zst", "a thousand empty frames", zstd_frame(b"\1\0\0", 0)[:4] * 1000, INVALID),
    ]


def array_files():
    """Rows for `predict --data`, with the ending of the name."""
    bomb = npy_shape("(1048576, 80)", b"\0" * (320 * MIB))
    small = archive([("a.npy", npy_shape("(1, 4)", b"\0" * 16))])
    size = len(npy_shape("(1, 4)", b"\0" * 16))
    names = [(f"../../{n}", b"") for n in range(20_000)]
    return [
        (".npy", "shape that overflows", npy_shape("(4611686018427387904, 8)"), INVALID),
        (".npy", "shape beyond 64 bits", npy_shape("(1" + "0" * 40 + ",)"), INVALID),
        (".npy", "shape below zero", npy_shape("(-1, -4)", b"\0" * 16), INVALID),
        (".npy", "shape larger than the data", npy_shape("(1000000, 4)", b"\0" * 16), INVALID),
        (".npy", "shape smaller than the data", npy_shape("(1, 4)", b"\0" * 64), INVALID),
        (".npy", "shape of 100,000 dimensions", npy(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (" + "1," * 100_000 + "), }\n",
            b"\0" * 4, version=2), INVALID),
        (".npy", "header of 4 GiB announced", npy("{", version=2, length=2**32 - 1), INVALID),
        (".npy", "header 60,000 deep", npy("{'a': " + "(" * 60_000), INVALID),
        (".npy", "header that is code", npy("{'descr': __import__('os').system('id')}\n"), INVALID),
        (".npy", "objects", npy_shape("(1,)", b"\x80\x04.", "|O"), INVALID),
        (".npy", "no header", b"\x93NUMPY", INVALID),
        (".npy", "version 9", npy("{}\n", version=9), INVALID),
        (".npz", "entry that unpacks to 320 MiB", archive([("a.npy", bomb)]), INVALID),
        (".npz", "entry that says 4 GiB", lying(small, size, 2**32 - 2), INVALID),
        (".npz", "entry that says 1 byte", lying(small, size, 1), INVALID),
        (".npz", "20,000 names that lead out", archive(names, zipfile.ZIP_STORED), INVALID),
        (".npz", "cut", small[:-5], INVALID),
        (".npz", "directory outside the file",
         small[:-6] + struct.pack("<I", 2**32 - 2) + small[-2:], INVALID),
        (".npz", "65,535 entries announced",
         small[:-14] + b"\xff\xff\xff\xff" + small[-10:], INVALID),
        (".idx", "255 dimensions", b"\0\0\x08\xff" + b"\xff" * 1020, INVALID),
        (".idx", "dimensions that overflow", b"\0\0\x0e\x04" + b"\xff" * 16, INVALID),
        (".idx", "no dimension", b"\0\0\x08\x00", INVALID),
        (".idx", "unknown type", b"\0\0\x77\x01\0\0\0\1\0", INVALID),
        (".idx", "cut", b"\0\0\x08\x03\0\0", INVALID),
        (".idx.gz", "unpacks to 320 MiB", gzip_bomb(320 * MIB), INVALID),
    ]
