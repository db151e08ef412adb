"""Whoosh's files as they lie on the disk: its hash tables and its columns, read only.

Whoosh's own readers take 25 ms to import, at every search, and unpickle a part of each table of
terms. Here nothing is unpickled, every value is read where it lies, and
every page is verified before. The formats are those of
`whoosh.filedb.filetables.HashWriter`, `whoosh.columns.VarBytesColumn` and `NumericColumn`.
"""

from __future__ import annotations

import sys
from array import array
from struct import Struct, calcsize, unpack
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isisdocs.verified import PagedFile

_MAGIC = b"HSH3\1"
"""How a hash table begins whose keys are hashed with CRC-32."""
_DIRECTORY_ENTRY = Struct("!qi")
"""Where a bucket's table begins, and how many slots it has."""
_SLOT = Struct("!Iq")
"""Hash value and position of a key; position 0: nothing."""
_LENGTHS = Struct("!ii")
"""Bytes of a key and of its value, which follow."""
_INT = Struct("!i")
_BUCKETS = 256


class HashFile:
    """A map from bytes to bytes. ValueError or `struct.error` where the file is something else."""

    def __init__(self, file: PagedFile) -> None:
        self._file = file
        if file.get(0, len(_MAGIC)) != _MAGIC:
            raise ValueError("no table of terms")
        end = file.size - _INT.size
        (extras_length,) = _INT.unpack(file.get(end, _INT.size))
        size = _BUCKETS * _DIRECTORY_ENTRY.size
        start = end - extras_length - size
        if not len(_MAGIC) < start < end:
            raise ValueError("a table of terms that is cut off")
        self._directory = file.get(start, size)

    def get(self, key: bytes) -> bytes | None:
        """Return the value of a key, None where there is none."""
        get = self._file.get
        hashed = crc32(key)
        entry = (hashed & _BUCKETS - 1) * _DIRECTORY_ENTRY.size
        start, slots = _DIRECTORY_ENTRY.unpack_from(self._directory, entry)
        slot = (hashed >> 8) % slots if slots else 0
        for _ in range(slots):
            found, position = _SLOT.unpack(get(start + slot * _SLOT.size, _SLOT.size))
            if not position:
                return None
            if found == hashed:
                key_length, length = _LENGTHS.unpack(get(position, _LENGTHS.size))
                value = position + _LENGTHS.size + key_length
                if key_length == len(key) and get(value - key_length, key_length) == key:
                    return get(value, length)
            slot = (slot + 1) % slots
        return None


class BytesColumn:
    """One value of any length for each document."""

    def __init__(self, file: PagedFile, size: int) -> None:
        """Take the column of so many documents."""
        self._file = file
        types = file.get(file.size - 3, 3).decode("latin-1")
        if types[2:] != "X":
            raise ValueError("no column")
        self._length, self._offset = Struct(f"!{types[0]}"), Struct(f"!{types[1]}")
        self._offsets = file.size - 3 - size * self._offset.size
        self._lengths = self._offsets - size * self._length.size
        if self._lengths < 0:
            raise ValueError("a column that is cut off")
        self._size = size

    def __getitem__(self, document: int) -> bytes:
        get = self._file.get
        size = self._length.size
        (length,) = self._length.unpack(get(self._lengths + document * size, size))
        size = self._offset.size
        (offset,) = self._offset.unpack(get(self._offsets + document * size, size))
        return get(offset, length)

    def __iter__(self) -> Iterator[bytes]:
        packed = self._file.get(self._lengths, self._size * self._length.size)
        start = 0
        for length in unpack(f"!{self._size}{self._length.format[1:]}", packed):
            yield self._file.get(start, length)
            start += length


def numbers(file: PagedFile, size: int) -> array[int]:
    """Return the column of a number from 0 to 2**32 - 1 for each of so many documents."""
    found = array("I", file.get(0, file.size // calcsize("I") * calcsize("I")))
    if sys.byteorder == "little":
        found.byteswap()
    # Whoosh leaves out trailing documents that have 0.
    found.extend([0] * (size - len(found)))
    return found
