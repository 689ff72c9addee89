"""Checkpoints of format 5 taken apart and sealed again, so that only the lie inside is wrong.

Zstandard comes from the library that `ecpipe` itself is linked with, through ctypes."""

import ctypes
import ctypes.util
import hashlib
import json
import struct

NAME = "ecpipe"
LEVEL, CHECKSUM_FLAG = 100, 201  # ZSTD_c_compressionLevel, ZSTD_c_checksumFlag


def _library():
    zstd = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
    size, pointer = ctypes.c_size_t, ctypes.c_void_p
    for name, result, arguments in [
        ("ZSTD_createCCtx", pointer, []),
        ("ZSTD_freeCCtx", size, [pointer]),
        ("ZSTD_CCtx_setParameter", size, [pointer, ctypes.c_int, ctypes.c_int]),
        ("ZSTD_compress2", size, [pointer, pointer, size, ctypes.c_char_p, size]),
        ("ZSTD_compressBound", size, [size]),
        ("ZSTD_decompress", size, [pointer, size, ctypes.c_char_p, size]),
        ("ZSTD_getFrameContentSize", ctypes.c_ulonglong, [ctypes.c_char_p, size]),
        ("ZSTD_isError", ctypes.c_uint, [size]),
    ]:
        function = getattr(zstd, name)
        function.restype, function.argtypes = result, arguments
    return zstd


ZSTD = _library()


def checked(code):
    if ZSTD.ZSTD_isError(code):
        raise ValueError("zstd refuses it")
    return code


def compressed(content):
    """One frame with content size and checksum, as every entry is."""
    context = ZSTD.ZSTD_createCCtx()
    for parameter, value in [(LEVEL, 9), (CHECKSUM_FLAG, 1)]:
        checked(ZSTD.ZSTD_CCtx_setParameter(context, parameter, value))
    room = ctypes.create_string_buffer(ZSTD.ZSTD_compressBound(len(content)))
    count = checked(ZSTD.ZSTD_compress2(context, room, len(room), content, len(content)))
    ZSTD.ZSTD_freeCCtx(context)
    return room.raw[:count]


def decompressed(frame, size):
    room = ctypes.create_string_buffer(max(size, 1))
    count = checked(ZSTD.ZSTD_decompress(room, size, frame, len(frame)))
    return room.raw[:count]


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(content):
    return hashlib.sha256(content).hexdigest()


def safetensors(header, data=b"", length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def tensor(shape, start, end, dtype="U8"):
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


class Parts:
    """A checkpoint in its parts, each of which may be changed before `file` seals them."""

    def __init__(self, content):
        length = struct.unpack("<Q", content[:8])[0]
        header = json.loads(content[8:8 + length])
        data = content[8 + length:]
        self.seal = json.loads(header.pop("__metadata__")[NAME])
        names = sorted(header, key=lambda name: header[name]["data_offsets"])
        assert names[0] == NAME, names
        frames = [data[slice(*header[name]["data_offsets"])] for name in names]
        text = decompressed(frames[0], self.seal["description"]["bytes"])
        self.description = json.loads(text)
        assert canonical(self.description) == text
        # Set by what lies about the description itself: its text, its frame, its size.
        self.text = None
        self.description_frame = None
        self.description_bytes = None
        self.entries = list(zip(names[1:], frames[1:]))

    def file(self):
        text = canonical(self.description) if self.text is None else self.text
        frame = self.description_frame or compressed(text)
        entries = [(NAME, frame)] + self.entries
        data = b"".join(frame for _, frame in entries)
        self.seal["data_digest"] = digest(data)
        self.seal["description"] = {
            "bytes": len(text) if self.description_bytes is None else self.description_bytes,
            "digest": digest(text),
        }
        header, end = {"__metadata__": {NAME: canonical(self.seal).decode()}}, 0
        for name, frame in entries:
            header[name] = tensor([len(frame)], end, end + len(frame))
            end += len(frame)
        text = canonical(header)
        return safetensors(text + b" " * (-len(text) % 8), data)

    def content(self, name):
        """What the entry `name` unpacks to."""
        frame = dict(self.entries)[name]
        return decompressed(frame, ZSTD.ZSTD_getFrameContentSize(frame, len(frame)))

    def replace(self, name, content, **record):
        """Gives the entry `name` another content, with the digest of that, and changes its record."""
        self.entries = [
            (each, compressed(content) if each == name else frame) for each, frame in self.entries]
        self.description["entries"][name].update(digest=digest(content)[:16], **record)


def resealed(content, change):
    """A sound checkpoint after `change(parts)`, with all digests right again."""
    parts = Parts(content)
    change(parts)
    return parts.file()
