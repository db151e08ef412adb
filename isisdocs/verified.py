"""Files of the index that are what was written, or an error: nothing of them is used unverified.

A small file is read whole and compared with its `Seal`. Of a large one each page has a checksum,
which is compared when something on that page is read, so that a search pays for what it reads only.

CRC-32 finds accidents: every single flipped bit, and another file in a file's place but once in
2^32. It is no defence against somebody who writes an index on purpose; against that nothing that
is read from an index is ever run, and links, pipes and devices in it are not opened.
"""

from __future__ import annotations

import os
import stat
import struct
import zlib
from array import array
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from isisdocs.errors import DamagedIndexError, IndexStoreError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PAGE = 4096
"""Bytes of which one checksum is kept: a thousandth of the index is checksums."""
_CACHED_PAGES = 2048
_VERIFIED_AT_ONCE = 256

UNREADABLE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What bytes that make no sense lead to: files are verified, so somebody wrote them on purpose."""

# A link could lead out of the index, and to open a pipe would wait for its other end.
_OPEN = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
    _OPEN |= getattr(os, _flag, 0)


class Seal(NamedTuple):
    """By what a file is known to be the one that was written."""

    size: int
    crc: int


def seal_of(content: bytes) -> Seal:
    """Return the seal of a file with this content."""
    return Seal(len(content), crc32(content))


if hasattr(os, "pread"):
    from os import pread
else:  # pragma: no cover  # Windows

    def pread(descriptor: int, length: int, position: int, /) -> bytes:
        """Return what a file has at a position."""
        os.lseek(descriptor, position, os.SEEK_SET)
        return os.read(descriptor, length)


def open_regular(path: Path) -> int:
    """Open an ordinary file of the index for reading and return its descriptor.

    FileNotFoundError where there is none, DamagedIndexError where it is anything else,
    IndexStoreError where it cannot be opened.
    """
    try:
        # Links are refused by the system; where that cannot be asked of it they are looked for.
        if not hasattr(os, "O_NOFOLLOW") and path.is_symlink():
            raise _not_ordinary(path)
        descriptor = os.open(path, _OPEN)
    except FileNotFoundError:
        raise
    except OSError as error:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise _not_ordinary(path) from error
        raise unreadable(path, error) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _not_ordinary(path)
    return descriptor


def _not_ordinary(path: Path) -> DamagedIndexError:
    return DamagedIndexError(path.parent, f"{path.name} is no ordinary file")


def read_regular(path: Path) -> bytes:
    """Return what an ordinary file of the index holds; errors as of `open_regular`."""
    with open(open_regular(path), "rb", buffering=0) as file:
        try:
            return file.readall()
        except OSError as error:
            raise unreadable(path, error) from error


def read_sealed(path: Path, seal: Seal) -> bytes:
    """Return what a file holds; DamagedIndexError where it is not what was sealed.

    Other errors as of `open_regular`.
    """
    content = read_regular(path)
    if seal_of(content) != seal:
        raise DamagedIndexError(path.parent, f"{path.name} is not as it was written")
    return content


def unreadable(path: Path, error: OSError) -> IndexStoreError:
    """Return the error of a file of the index that the system does not read."""
    return IndexStoreError(
        f"cannot read {path}: {error.strerror}",
        hint="if it stays so, build the index anew: `isisdocs index --rebuild`",
    )


def page_sums(path: Path) -> array[int]:
    """Return the checksum of each page of a file."""
    sums = array("I")
    with path.open("rb") as file:
        while page := file.read(PAGE):
            sums.append(crc32(page))
    return sums


class PagedFile:
    """A file open for reading of which each page is verified before it is used."""

    def __init__(self, path: Path, size: int, sums: Sequence[int]) -> None:
        """Open a file of *size* bytes with the checksums that `page_sums` gave.

        Errors as of `read_sealed`; here it is only the size that is looked at.
        """
        self.size = size
        self._path = path
        self._sums = sums
        self._pages: dict[int, bytes] = {}
        self._file = open_regular(path)
        if os.fstat(self._file).st_size != size or len(sums) != -(-size // PAGE):
            self.close()
            raise self._damaged()

    def get(self, position: int, length: int) -> bytes:
        """Return *length* bytes from *position* on.

        DamagedIndexError where they are not what was written, or the file has not so many.
        """
        end = position + length
        if not 0 <= position <= end <= self.size:
            raise self._damaged()
        if position == end:
            return b""
        first, last = position // PAGE, (end - 1) // PAGE
        start = position - first * PAGE
        if first < last:
            return self._read(first, last)[start : start + length]
        page = self._pages.get(first) or self._page(first)
        return page[start : start + length]

    def verify(self) -> None:
        """Read all of it; DamagedIndexError where anything is not what was written."""
        step = _VERIFIED_AT_ONCE * PAGE
        for start in range(0, self.size, step):
            self.get(start, min(step, self.size - start))

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _page(self, number: int) -> bytes:
        page = self._bytes(number * PAGE, min(PAGE, self.size - number * PAGE))
        if crc32(page) != self._sums[number]:
            raise self._damaged()
        if len(self._pages) >= _CACHED_PAGES:
            self._pages.clear()
        self._pages[number] = page
        return page

    def _read(self, first: int, last: int) -> bytes:
        content = self._bytes(first * PAGE, min((last + 1) * PAGE, self.size) - first * PAGE)
        view = memoryview(content)
        for start, expected in zip(
            range(0, len(content), PAGE), self._sums[first : last + 1], strict=True
        ):
            if crc32(view[start : start + PAGE]) != expected:
                raise self._damaged()
        return content

    def _bytes(self, position: int, length: int) -> bytes:
        try:
            content = pread(self._file, length, position)
            while len(content) < length:
                more = pread(self._file, length - len(content), position + len(content))
                if not more:
                    raise self._damaged()
                content += more
        except OSError as error:
            raise unreadable(self._path, error) from error
        return content

    def _damaged(self) -> DamagedIndexError:
        return DamagedIndexError(self._path.parent, f"{self._path.name} is not as it was written")
