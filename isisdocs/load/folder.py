"""What files does the corpus folder hold? Nothing is read here but the folders' listings."""

from __future__ import annotations

import os
import stat
import time
from array import array
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple, Self

from isisdocs.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

_HINT = "name the folder of articles: `isisdocs index FOLDER`"
_FINE_NS, _COARSE_NS = 20_000_000, 2_000_000_000


def tick_ns(changed_ns: int) -> int:
    """Return how far from a time of change another must be to have another time, in nanoseconds.

    On FAT, which keeps whole seconds, it is two of them.
    """
    return _FINE_NS if changed_ns % 1_000_000_000 else _COARSE_NS


class SourceFile(NamedTuple):
    """A file of the corpus as its folder lists it."""

    path: str
    """Path inside the corpus, with `/`."""
    size: int
    """Bytes."""
    mtime_ns: int
    """When it was last changed, in nanoseconds since 1970."""


class Listing(NamedTuple):
    """The files of a corpus in the order in which the system lists them.

    In three columns rather than as objects: every search makes one.
    """

    paths: list[str]
    sizes: array[int]
    mtimes_ns: array[int]
    folders: dict[str, int]
    """When a file was last added, renamed or removed in each folder, before it was gone through; a
    folder is named as the paths in it begin."""

    @classmethod
    def empty(cls) -> Self:
        """Return the listing of no files."""
        return cls([], array("q"), array("q"), {})

    def files(self) -> list[SourceFile]:
        """Return the files, sorted by path."""
        return sorted(map(SourceFile, self.paths, self.sizes, self.mtimes_ns))

    def pack(self) -> bytes:
        """Return bytes that are the same for another listing where nothing has changed.

        The system may list files in another order: then they differ all the same.
        """
        names = "\0".join(self.paths).encode("utf-8", "surrogateescape")
        return b"\0\0".join((names, self.sizes.tobytes(), self.mtimes_ns.tobytes()))

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """Return the listing that `pack` made bytes of, without its folders."""
        names, _, rest = packed.partition(b"\0\0")
        found = cls(names.decode("utf-8", "surrogateescape").split("\0"), *cls.empty()[1:])
        end = len(found.paths) * found.sizes.itemsize
        found.sizes.frombytes(rest[:end])
        found.mtimes_ns.frombytes(rest[end + 2 :])
        return found


class TooSlow(Exception):  # noqa: N818  # nothing is wrong
    """The folder has more files than can be gone through in the time given."""


def scan(
    folder: Path,
    *,
    leave_out: Path | None = None,
    seconds: float | None = None,
    follow: bool = False,
) -> Listing:
    """Return the files below *folder*, and what else is no folder.

    Hidden files and folders, and the folder *leave_out*, are passed over. With *follow* links are
    what they lead to, and each folder is gone through once: where it is, or else where the first
    link to it is. One that was gone through already, and a link that leads nowhere, are listed as
    the links they are. CorpusError where *folder* is not a folder that can be read, TooSlow after
    *seconds*.
    """
    deadline = time.monotonic() + seconds if seconds is not None else None
    folders = _Folders(folder, leave_out, follow=follow)
    found = Listing.empty()
    while (prefix := folders.next(found)) is not None:
        if deadline is not None and time.monotonic() > deadline:
            raise TooSlow
        _go_through(folder, prefix, folders, found)
    return found


def scan_one(folder: Path, prefix: str, *, leave_out: Path | None = None) -> Listing:
    """Return what `scan` lists of one of the folders; `folders` are that one and those in it."""
    folders = _Folders(folder, leave_out, follow=False)
    found = Listing.empty()
    folders.next(found)
    _go_through(folder, prefix, folders, found)
    while (inner := folders.next(found)) is not None:
        found.folders[inner] = 0
    return found


def changed_ns(folder: Path, prefix: str) -> int:
    """Return when a file was last added, renamed or removed in a folder; 0 where none is."""
    status = _status(folder / prefix)
    return status.st_mtime_ns if status else 0


def _go_through(folder: Path, prefix: str, folders: _Folders, found: Listing) -> None:
    """Add the files of one folder to a listing, and its folders to those that wait."""
    found.folders[prefix] = changed_ns(folder, prefix)
    try:
        entries = os.scandir(folder / prefix) if prefix else _open(folder)
    except OSError:  # `load.corpus` says why
        _list(found, prefix.rstrip("/"), None)
        return
    with entries as listed:
        for entry in listed:
            name = entry.name
            if name.startswith(".") or folders.took(entry, prefix):
                continue
            try:
                status = entry.stat(follow_symlinks=False)
            except FileNotFoundError:  # it went away after it was listed
                continue
            except OSError:  # in a folder that may be listed and nothing else
                status = None
            if folders.follow and status and stat.S_ISLNK(status.st_mode):
                status = _status(folder / prefix / name) or status
            _list(found, prefix + name, status)


class _Folders:
    """The folders still to be gone through."""

    def __init__(self, root: Path, leave_out: Path | None, *, follow: bool) -> None:
        self._root = root
        self._leave_out = leave_out
        self._avoided = _inode(leave_out)
        self.follow = follow
        self._waiting = [""]
        # A heap: which of two links leads to the files must not depend on the system's order.
        self._links: list[str] = []
        self._been: set[tuple[int, int]] = set()

    def next(self, found: Listing) -> str | None:
        """Return the next folder as the beginning of its files' paths; None after the last.

        A link to one that was gone through already is added to the listing instead.
        """
        if self._waiting:
            prefix = self._waiting.pop()
            if self.follow and (status := _status(self._root / prefix)):
                self._been.add(_identity(status))
            return prefix
        while self._links:
            link = heappop(self._links)
            status = _status(self._root / link)
            if status is None or _is_same(self._root / link, self._leave_out):
                continue
            if _identity(status) not in self._been:
                self._been.add(_identity(status))
                return f"{link}/"
            _list(found, link, (self._root / link).lstat())
        return None

    def took(self, entry: os.DirEntry[str], prefix: str) -> bool:
        """Take what is a folder; tell whether it is one."""
        if entry.is_dir(follow_symlinks=False):
            if entry.inode() != self._avoided or not _is_same(entry.path, self._leave_out):
                self._waiting.append(f"{prefix}{entry.name}/")
            return True
        if self.follow and entry.is_symlink() and _leads_to_folder(entry):
            heappush(self._links, prefix + entry.name)
            return True
        return False


def _list(found: Listing, path: str, status: os.stat_result | None) -> None:
    found.paths.append(path)
    found.sizes.append(status.st_size if status else 0)
    found.mtimes_ns.append(status.st_mtime_ns if status else 0)


def _leads_to_folder(link: os.DirEntry[str]) -> bool:
    try:
        return link.is_dir()
    except OSError:  # in a circle
        return False


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def batches_of(sources: Iterable[SourceFile], least_bytes: int) -> Iterator[tuple[str, ...]]:
    """Yield the paths in batches of at least so many bytes each, but for the last."""
    batch: list[str] = []
    size = 0
    for source in sources:
        batch.append(source.path)
        size += source.size
        if size >= least_bytes:
            yield tuple(batch)
            batch, size = [], 0
    if batch:
        yield tuple(batch)


def _inode(path: Path | None) -> int | None:
    status = _status(path) if path else None
    return status.st_ino if status else None


def _is_same(path: str | Path, other: Path | None) -> bool:
    return other is not None and other.exists() and other.samefile(path)


def _open(folder: Path) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
    try:
        return os.scandir(folder)
    except NotADirectoryError:
        raise CorpusError(f"{folder} is a file, not a folder", hint=_HINT) from None
    except FileNotFoundError:
        raise CorpusError(f"there is no folder {folder}", hint=_HINT) from None
    except OSError as error:
        raise CorpusError(f"cannot read the folder {folder}: {error.strerror}") from error
