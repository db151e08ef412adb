"""What files does the corpus folder hold? Nothing is read here but the folders' listings."""

from __future__ import annotations

import os
import time
from array import array
from typing import TYPE_CHECKING, NamedTuple

from isisdocs.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

_HINT = "name the folder of articles: `isisdocs index FOLDER`"


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

    def files(self) -> list[SourceFile]:
        """Return the files, sorted by path."""
        return sorted(map(SourceFile, *self))

    def pack(self) -> bytes:
        """Return bytes that are the same for another listing where nothing has changed.

        The system may list files in another order: then they differ all the same.
        """
        names = "\0".join(self.paths).encode("utf-8", "surrogateescape")
        return b"\0\0".join((names, self.sizes.tobytes(), self.mtimes_ns.tobytes()))


class TooSlow(Exception):  # noqa: N818  # nothing is wrong
    """The folder has more files than can be gone through in the time given."""


def scan(folder: Path, *, leave_out: Path | None = None, seconds: float | None = None) -> Listing:
    """Return the files below *folder*.

    Hidden files and folders, symbolic links to folders, and the folder *leave_out* are passed
    over. CorpusError where *folder* is not a folder that can be read, TooSlow after *seconds*.
    """
    deadline = time.monotonic() + seconds if seconds is not None else None
    avoided = _inode(leave_out)
    found = paths, sizes, mtimes_ns = Listing([], array("q"), array("q"))
    folders = [""]
    while folders:
        if deadline is not None and time.monotonic() > deadline:
            raise TooSlow
        prefix = folders.pop()
        try:
            entries = os.scandir(folder / prefix) if prefix else _open(folder)
        except OSError:  # `load.corpus` says why
            paths.append(prefix.rstrip("/"))
            sizes.append(0)
            mtimes_ns.append(0)
            continue
        with entries as listed:
            for entry in listed:
                name = entry.name
                if name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    if entry.inode() != avoided or not _is_same(entry.path, leave_out):
                        folders.append(f"{prefix}{name}/")
                    continue
                try:
                    status = entry.stat(follow_symlinks=False)
                except FileNotFoundError:  # it went away after it was listed
                    continue
                paths.append(prefix + name)
                sizes.append(status.st_size)
                mtimes_ns.append(status.st_mtime_ns)
    return found


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
    if path is None:
        return None
    try:
        return path.stat().st_ino
    except OSError:
        return None


def _is_same(path: str, other: Path | None) -> bool:
    return other is not None and other.samefile(path)


def _open(folder: Path) -> AbstractContextManager[Iterator[os.DirEntry[str]]]:
    try:
        return os.scandir(folder)
    except NotADirectoryError:
        raise CorpusError(f"{folder} is a file, not a folder", hint=_HINT) from None
    except FileNotFoundError:
        raise CorpusError(f"there is no folder {folder}", hint=_HINT) from None
    except OSError as error:
        raise CorpusError(f"cannot read the folder {folder}: {error.strerror}") from error
