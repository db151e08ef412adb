"""Whoosh's files as they lie on the disk: its hash tables and its columns, read only.

Whoosh's own readers take 25 ms to import, at every search, and unpickle a part of each table of
terms. Here nothing is unpickled and every value is read where it lies. The formats are those of
`whoosh.filedb.filetables.HashWriter`, `whoosh.columns.VarBytesColumn` and `NumericColumn`.
"""

from __future__ import annotations

import mmap
import sys
from array import array
from struct import Struct, calcsize, unpack_from
from typing import TYPE_CHECKING

try:
    # What `hashlib` falls back on; that would load OpenSSL, 2 ms.
    from _md5 import md5  # type: ignore[import-not-found]  # it has no stub
except ImportError:  # pragma: no cover  # Python can be built without it
    from hashlib import md5

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MAGIC = b"HSH3\0"
"""How a hash table begins whose keys are hashed with MD5."""
_DIRECTORY_ENTRY = Struct("!qi")
"""Where a bucket's table begins, and how many slots it has."""
_SLOT = Struct("!Iq")
"""Hash value and position of a key; position 0: nothing."""
_LENGTHS = Struct("!ii")
"""Bytes of a key and of its value, which follow."""
_INT = Struct("!i")
_BUCKETS = 256


def mapped(path: Path) -> mmap.mmap:
    """Return the content of a file, which may be deleted while it is mapped."""
    with path.open("rb") as file:
        try:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError:  # an empty file has nothing to map
            return mmap.mmap(-1, 1)


class HashFile:
    """A map from bytes to bytes. ValueError or `struct.error` where the file is something else."""

    def __init__(self, path: Path) -> None:
        self._content = content = mapped(path)
        try:
            if content[: len(_MAGIC)] != _MAGIC:
                raise ValueError(f"{path.name} is no table of terms")
            end = len(content) - _INT.size
            (extras_length,) = _INT.unpack_from(content, end)
            self._directory = end - extras_length - _BUCKETS * _DIRECTORY_ENTRY.size
            if not len(_MAGIC) < self._directory < end:
                raise ValueError(f"{path.name} is cut off")
        except BaseException:
            content.close()
            raise

    def get(self, key: bytes) -> bytes | None:
        """Return the value of a key, None where there is none."""
        content = self._content
        hashed = int.from_bytes(md5(key, usedforsecurity=False).digest()[-4:], "big")
        entry = self._directory + (hashed & _BUCKETS - 1) * _DIRECTORY_ENTRY.size
        start, slots = _DIRECTORY_ENTRY.unpack_from(content, entry)
        slot = (hashed >> 8) % slots if slots else 0
        for _ in range(slots):
            found, position = _SLOT.unpack_from(content, start + slot * _SLOT.size)
            if not position:
                return None
            if found == hashed:
                key_length, length = _LENGTHS.unpack_from(content, position)
                value = position + _LENGTHS.size + key_length
                if content[value - key_length : value] == key:
                    return content[value : value + length]
            slot = (slot + 1) % slots
        return None

    def close(self) -> None:
        """Let go of the file."""
        self._content.close()


class BytesColumn:
    """One value of any length for each document."""

    def __init__(self, path: Path, size: int) -> None:
        """Open the column of so many documents."""
        self._content = content = mapped(path)
        try:
            types = content[-3:].decode("latin-1")
            if types[2:] != "X":
                raise ValueError(f"{path.name} is no column")
            self._length, self._offset = Struct(f"!{types[0]}"), Struct(f"!{types[1]}")
            self._offsets = len(content) - 3 - size * self._offset.size
            self._lengths = self._offsets - size * self._length.size
            if self._lengths < 0:
                raise ValueError(f"{path.name} is cut off")
        except BaseException:
            content.close()
            raise
        self._size = size

    def __getitem__(self, document: int) -> bytes:
        (length,) = self._length.unpack_from(
            self._content, self._lengths + document * self._length.size
        )
        (offset,) = self._offset.unpack_from(
            self._content, self._offsets + document * self._offset.size
        )
        return self._content[offset : offset + length]

    def __iter__(self) -> Iterator[bytes]:
        lengths = unpack_from(
            f"!{self._size}{self._length.format[1:]}", self._content, self._lengths
        )
        start = 0
        for length in lengths:
            yield self._content[start : start + length]
            start += length

    def close(self) -> None:
        """Let go of the file."""
        self._content.close()


def numbers(path: Path, size: int) -> array[int]:
    """Return the column of a number from 0 to 2**32 - 1 for each of so many documents."""
    content = path.read_bytes()
    found = array("I", content[: len(content) // calcsize("I") * calcsize("I")])
    if sys.byteorder == "little":
        found.byteswap()
    # Whoosh leaves out trailing documents that have 0.
    found.extend([0] * (size - len(found)))
    return found
