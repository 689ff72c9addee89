"""Makes files that lie: each case is a row of a table.

A row: what it is, and the bytes, or a function that puts something at a path. `hostile_answers.py` has
the answer that each of them has to get."""

import io
import json
import os
import struct
import zipfile
import zlib

from sealed import canonical, resealed, safetensors, tensor

MIB = 1 << 20


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
# Where a pipe may be read, its reader waits for somebody who writes, as any program does.
NO_PIPE = [row for row in NO_FILES if row[0] != "a pipe"]


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


# Checkpoints

def zero_tensors(count):
    return safetensors({f"t{n}": tensor([0], 0, 0) for n in range(count)})


def with_seal(**values):
    return lambda parts: parts.seal.update(values)


def with_part(**values):
    """Sets attributes of `sealed.Parts`, which override what it would write."""
    return lambda parts: vars(parts).update(values)


def with_description(**values):
    return lambda parts: parts.description.update(values)


def with_interface(**values):
    return lambda parts: parts.description["interface"].update(values)


def with_layer(**values):
    return lambda parts: parts.description["layers"][0].update(values)


def wide(parts):
    parts.description["layers"][0]["outputs"] = 10**9
    parts.description["layers"][1]["inputs"] = 10**9


def with_record(name, **values):
    return lambda parts: parts.description["entries"][name].update(values)


def with_content(name, content, **record):
    return lambda parts: parts.replace(name, content, **record)


def with_frame(frame):
    def change(parts):
        parts.entries[0] = (parts.entries[0][0], frame)
    return change


def without_entry(name):
    def change(parts):
        parts.entries = [entry for entry in parts.entries if entry[0] != name]
    return change


def unnamed(parts):
    del parts.description["entries"]["output.bias"]


def twisted(parts):
    parts.entries[0], parts.entries[1] = parts.entries[1], parts.entries[0]


def crowded(parts):
    parts.entries += [(f"x{n}", b"") for n in range(50_000)]


def not_numbers(parts):
    content = bytearray(parts.content("output.bias"))
    content[len(content) // 2:] = b"\xff" * (len(content) - len(content) // 2)
    parts.replace("output.bias", bytes(content))


def based_on(key="0" * 64, chain=0):
    return with_description(base={"key": key, "chain": chain, "digest": "0" * 64})


MASK, WIDE_MASK, VALUES = "hidden1.weight.mask", "output.weight.mask", "hidden1.weight.values"


def containers():
    """Files that are no sound safetensors files, or no checkpoints."""
    one = tensor([1], 0, 1)
    twice = b'{"a":' + json.dumps(one).encode() + b',"a":' + json.dumps(one).encode() + b"}"
    deep = b'{"a":' + b"[" * 500_000 + b"]" * 500_000 + b"}"
    return [
        ("empty", b""),
        ("seven bytes", b"\0" * 7),
        ("zeros", b"\0" * 4096),
        ("header of 2^64-1 bytes announced", safetensors({}, length=2**64 - 1)),
        ("header of 2^63 bytes announced", safetensors({}, length=2**63)),
        ("header of 1 TiB announced", safetensors({}, length=1 << 40)),
        ("header of 16 MiB and a byte", safetensors(b"{" + b" " * (16 * MIB))),
        ("header of 16 MiB of spaces", safetensors(b"{" + b" " * (16 * MIB - 1))),
        ("header of 5 million numbers",
         safetensors(b'{"a":[' + b"1," * 5_000_000 + b"1]}")),
        ("header half a million deep", safetensors(deep)),
        ("header that is no JSON", safetensors(b"{what")),
        ("header in bad UTF-8", safetensors(b'{"\xff\xfe":1}')),
        ("100,000 entries", zero_tensors(100_000)),
        ("100,001 entries", zero_tensors(100_001)),
        ("shape of 2^64 elements", safetensors({"a": tensor([2**32, 2**32], 0, 0)})),
        ("shape whose bytes overflow", safetensors({"a": tensor([2**62], 0, 8, "F64")})),
        ("shape of 10^30", safetensors({"a": tensor([10**30], 0, 1)}, b"1")),
        ("shape below zero", safetensors({"a": tensor([-1, -1], 0, 1)}, b"1")),
        ("overlapping entries",
         safetensors({"a": tensor([2], 0, 2), "b": tensor([2], 1, 3)}, b"123")),
        ("the same bytes twice", safetensors({"a": one, "b": one}, b"1")),
        ("a gap between entries",
         safetensors({"a": one, "b": tensor([1], 2, 3)}, b"123")),
        ("bytes behind the last entry", safetensors({"a": one}, b"12")),
        ("an entry outside the file", safetensors({"a": tensor([9], 0, 9)}, b"1")),
        ("offsets that go back", safetensors({"a": tensor([1], 1, 0)}, b"1")),
        ("offsets below zero", safetensors({"a": tensor([1], -1, 0)}, b"1")),
        ("one name twice", safetensors(twice, b"1")),
        ("a name with a line break", safetensors({"a\nb": one}, b"1")),
        ("no checkpoint, names that lead out", safetensors({"../../a": one}, b"1")),
    ]


def checkpoints(sound):
    """Rows for every command that takes a checkpoint; `sound` is the bytes of one, whose lies here are
    all sealed with the right digests."""
    def lie(what, change):
        return (what, resealed(sound, change))

    huge = "1" * 40
    return [
        lie("newer format", with_seal(format=99)),
        lie("the next format", with_seal(format=6)),
        lie("older format", with_seal(format=1)),
        lie("format below zero", with_seal(format=-1)),
        lie("format in words", with_seal(format="2")),
        lie("format and a half", with_seal(format=2.5)),
        lie("format beyond 64 bits", with_seal(format=10**30)),
        lie("a seal with more in it", with_seal(more=1)),
        lie("description of a TiB announced", with_part(description_bytes=1 << 40)),
        lie("description of 2^63 bytes announced", with_part(description_bytes=1 << 63)),
        lie("description below zero", with_part(description_bytes=-1)),
        lie("description of a byte announced", with_part(description_bytes=1)),
        lie("description of 16 MiB and a byte", with_part(text=b"{" + b" " * (16 * MIB))),
        lie("description of 16 MiB of spaces", with_part(text=b" " * (16 * MIB))),
        lie("description of 5 million numbers",
            with_part(text=b"[" + b"1," * 5_000_000 + b"1]")),
        lie("description 8 million deep", with_part(text=b"[" * (8 * MIB))),
        lie("description that is no JSON", with_part(text=b"{what")),
        lie("description that is empty", with_part(text=b"")),
        lie("description in other spacing",
            lambda parts: vars(parts).update(text=canonical(parts.description) + b" ")),
        lie("description with a key more", with_description(more=1)),
        lie("description frame that unpacks to a GiB",
            with_part(description_frame=zstd_frame(zstd_repeats(8192), 1 << 30))),
        lie("layer of 10^12 weights", with_layer(inputs=10**6, outputs=10**6, weights=10**12)),
        lie("a network of 10^10 weights", wide),
        lie("layer whose size overflows", with_layer(inputs=2**40, outputs=2**40)),
        lie("layer of a size below zero", with_layer(outputs=-3)),
        lie("layer named ../../x", with_layer(name="../../x")),
        lie("layer with more survivors than weights", with_layer(weights=10**6)),
        lie("no layer", with_description(layers=[])),
        lie("frame that announces a TiB", with_frame(zstd_frame(zstd_repeats(9), 1 << 40))),
        lie("frame that unpacks to a GiB", with_frame(zstd_frame(zstd_repeats(8192), 1 << 30))),
        lie("frame that unpacks to more than it says",
            with_frame(zstd_frame(zstd_repeats(8192), 4))),
        lie("frame without a size", with_frame(zstd_frame(zstd_repeats(8192)))),
        lie("frame with a window of 3 TiB", with_frame(zstd_frame(zstd_repeats(9), None, 0xFF))),
        lie("an entry less", without_entry("output.bias")),
        lie("an entry without a record", unnamed),
        lie("entries in another order", twisted),
        lie("50,000 entries more", crowded),
        lie("an entry of an unknown encoding", with_record(VALUES, encoding="pickle")),
        lie("values of another type", with_record(VALUES, dtype="F64")),
        lie("values of a shape that overflows", with_record(VALUES, shape=[2**62, 2**62])),
        lie("values of a shape below zero", with_record(VALUES, shape=[-1])),
        lie("values that are no numbers", not_numbers),
        lie("a mask of 2^60 bytes", with_record(MASK, encoding="gaps", bytes=2**60)),
        lie("a mask of gaps without end",
            with_content(MASK, b"\xff" * 200, encoding="gaps", bytes=200)),
        lie("a mask of gaps behind the last weight",
            with_content(MASK, b"\x7f" * 12, encoding="gaps", bytes=12)),
        lie("a mask of nothing", with_content(MASK, b"", encoding="removed_gaps", bytes=0)),
        lie("a mask of bits behind the last weight", with_content(WIDE_MASK, b"\xff" * 3)),
        lie("a mask told from nothing", with_record(MASK, relative=True)),
        lie("classes that are no list", with_content("classes", b"{}", shape=[2])),
        lie("classes of 40 digits", with_content("classes", b"[" + huge.encode() + b"]", shape=[42])),
        lie("an interface of 10^12 columns", with_interface(inputs=[{"count": 10**12}])),
        lie("an interface of a column at two places",
            with_interface(inputs=[{"count": 2}, {"count": 2, "position": 1}])),
        lie("an interface of columns behind the last place",
            with_interface(inputs=[{"count": 4, "position": 2**62}])),
        lie("an interface of a level twice",
            with_interface(inputs=[{"names": ["a"], "levels": ["b"] * 4, "unknown": "zeros"}])),
        lie("an interface with a delimiter of three characters",
            lambda parts: parts.description["interface"]["table"].update(delimiter=";;;")),
        lie("an interface of another loss", with_interface(loss={"name": "huber", "delta": -1})),
        lie("an interface that is a list", with_description(interface=[])),
        lie("a base that is not there", based_on()),
        lie("a base named ../../x", based_on(key="../../x")),
        lie("a base at the end of 2^40 others", based_on(chain=2**40)),
        lie("a base below zero", based_on(chain=-1)),
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
        ("empty", b""),
        ("no YAML", b"\x00\xff\xfe" * 100),
        ("a MiB and a byte", (sound + "#" * (MIB + 1 - len(sound))).encode()),
        ("lists 50,000 deep", b"[" * 50_000),
        ("mappings 33 deep", b"".join(b" " * n + b"a:\n" for n in range(34))),
        ("mappings 900 deep", b"".join(b" " * n + b"a:\n" for n in range(900))),
        ("aliases for 9^10 nodes", (sound + alias_bomb()).encode()),
        ("an alias to itself", (sound + "a: &a [*a]\n").encode()),
        ("200,000 nodes", (sound + "a: [" + "1," * 200_000 + "]\n").encode()),
        ("a merge key", (sound + "<<: {a: 1}\n").encode()),
        ("a key twice", (sound + "seed: 4\n").encode()),
        ("two documents", (sound + "---\na: 1\n").encode()),
        ("a tag", replaced("seed: 3", "seed: !!python/object 3")),
        ("a seed beyond 64 bits", replaced("seed: 3", "seed: 99999999999999999999")),
        ("a width of 10^18", replaced("[6]", "[1000000000000000000]")),
        ("widths whose product overflows", replaced("[6]", "[4000000000, 4000000000]")),
        ("a batch of 2^62", replaced("batch: 7", f"batch: {2**62}")),
        ("a rate of 1e999", replaced("0.02", "1e999")),
        ("a level of 9^99", replaced("level: 3", "level: " + "9" * 99)),
    ]
    for name in ["../../evil", "/evil", "..", ".", ".evil", "a/../../evil", "a\\0b", "x" * 300,
                 "evil.lock", "-rf", "a\\nb"]:
        rows.append((f"the name {name[:20]}", replaced("name: small", f'name: "{name}"')))
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
        (".csv", "empty", b""),
        (".csv", "zeros", b"\0" * 4096),
        (".csv", "a quote that never ends", b'a,b\n"' + b"x" * (4 * MIB)),
        (".csv", "one line of 16 MiB", b"1," * (8 * MIB)),
        (".csv", "a million columns, a row", b"1," * 1_000_000 + b"1\n"),
        (".csv", "rows of different lengths", b"1,2,3\n1,2\n1,2,3\n"),
        (".csv", "70,000 labels", labels),
        (".csv", "numbers that are none", b"a,kind\n" + b"nan,x\ninf,y\n1e999,z\n" * 9),
        (".csv.gz", "no gzip", b"a,b\n1,2\n"),
        (".csv.gz", "cut", gzip_bomb(MIB)[:-9]),
        (".csv.gz", "unpacks to 320 MiB", gzip_bomb(320 * MIB)),
        (".csv.zst", "no zstd", b"a,b\n1,2\n"),
        (".csv.zst", "announces a TiB", zstd_frame(zstd_repeats(9), 1 << 40)),
        (".csv.zst", "unpacks to 64 GiB", zstd_frame(zstd_repeats(1 << 19))),
        (".csv.zst", "announces and unpacks to 4 GiB",
         zstd_frame(zstd_repeats(1 << 15), 1 << 32)),
        (".csv.zst", "a window of 3 TiB", zstd_frame(zstd_repeats(9), None, 0xFF)),
        (".csv.zst", "a thousand empty frames", zstd_frame(b"\1\0\0", 0)[:4] * 1000),
    ]


def array_files():
    """Rows for `predict --data`, with the ending of the name."""
    bomb = npy_shape("(1048576, 80)", b"\0" * (320 * MIB))
    small = archive([("a.npy", npy_shape("(1, 4)", b"\0" * 16))])
    size = len(npy_shape("(1, 4)", b"\0" * 16))
    names = [(f"../../{n}", b"") for n in range(20_000)]
    return [
        (".npy", "shape that overflows", npy_shape("(4611686018427387904, 8)")),
        (".npy", "shape beyond 64 bits", npy_shape("(1" + "0" * 40 + ",)")),
        (".npy", "shape below zero", npy_shape("(-1, -4)", b"\0" * 16)),
        (".npy", "shape larger than the data", npy_shape("(1000000, 4)", b"\0" * 16)),
        (".npy", "shape smaller than the data", npy_shape("(1, 4)", b"\0" * 64)),
        (".npy", "shape of 100,000 dimensions", npy(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (" + "1," * 100_000 + "), }\n",
            b"\0" * 4, version=2)),
        (".npy", "header of 4 GiB announced", npy("{", version=2, length=2**32 - 1)),
        (".npy", "header 60,000 deep", npy("{'a': " + "(" * 60_000)),
        (".npy", "header that is code", npy("{'descr': __import__('os').system('id')}\n")),
        (".npy", "objects", npy_shape("(1,)", b"\x80\x04.", "|O")),
        (".npy", "no header", b"\x93NUMPY"),
        (".npy", "version 9", npy("{}\n", version=9)),
        (".npz", "entry that unpacks to 320 MiB", archive([("a.npy", bomb)])),
        (".npz", "entry that says 4 GiB", lying(small, size, 2**32 - 2)),
        (".npz", "entry that says 1 byte", lying(small, size, 1)),
        (".npz", "20,000 names that lead out", archive(names, zipfile.ZIP_STORED)),
        (".npz", "cut", small[:-5]),
        (".npz", "directory outside the file",
         small[:-6] + struct.pack("<I", 2**32 - 2) + small[-2:]),
        (".npz", "65,535 entries announced",
         small[:-14] + b"\xff\xff\xff\xff" + small[-10:]),
        (".idx", "255 dimensions", b"\0\0\x08\xff" + b"\xff" * 1020),
        (".idx", "dimensions that overflow", b"\0\0\x0e\x04" + b"\xff" * 16),
        (".idx", "no dimension", b"\0\0\x08\x00"),
        (".idx", "unknown type", b"\0\0\x77\x01\0\0\0\1\0"),
        (".idx", "cut", b"\0\0\x08\x03\0\0"),
        (".idx.gz", "unpacks to 320 MiB", gzip_bomb(320 * MIB)),
    ]
