"""The files of one segment, sealed when it is written and verified when they are read.

`isisdocs_NAME.sums` has a line of JSON, the name and size of each other file of the segment, and
after it the checksums of their pages, file after file. Its own seal is in the engine's state.
"""

from __future__ import annotations

import json
from array import array
from typing import TYPE_CHECKING

from isisdocs import durable
from isisdocs.errors import DamagedIndexError
from isisdocs.verified import PAGE, PagedFile, Seal, page_sums, read_sealed, seal_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

SUMS = "sums"


def seal(start: Path, names: Iterable[str]) -> Seal:
    """Have the files of a segment on the disk, with their checksums; return the seal of those.

    *start* is the path with which those of all its files begin.
    """
    sizes, sums = [], array("I")
    for name in sorted(names):
        path = start.with_name(name)
        durable.sync(path)
        sizes.append([name, path.stat().st_size])
        sums.extend(page_sums(path))
    content = json.dumps(sizes, separators=(",", ":")).encode() + b"\n" + sums.tobytes()
    path = start.with_name(f"{start.name}.{SUMS}")
    path.write_bytes(content)
    durable.sync(path)
    return seal_of(content)


class SealedFiles:
    """The files of a segment, to be opened by the endings of their names."""

    def __init__(self, start: Path, sealed: Seal) -> None:
        """Read the checksums; DamagedIndexError where they are not what was sealed."""
        self._start = start
        path = self._path(SUMS)
        try:
            self._files = dict(_listed(read_sealed(path, sealed)))
        except FileNotFoundError as error:
            raise self._missing(SUMS) from error
        except (ValueError, TypeError) as error:
            raise DamagedIndexError(path.parent, f"{path.name}: {error}") from error

    def open(self, ending: str) -> PagedFile:
        """Open a file of the segment; DamagedIndexError where it cannot be what was written."""
        path = self._path(ending)
        try:
            return PagedFile(path, *self._files[path.name])
        except (FileNotFoundError, KeyError) as error:
            raise self._missing(ending) from error

    def damaged(self) -> Iterator[str]:
        """Read all files and yield the names of those that are not as they were written."""
        for name in self._files:
            try:
                file = self.open(name.removeprefix(f"{self._start.name}."))
                try:
                    file.verify()
                finally:
                    file.close()
            except DamagedIndexError:
                yield name

    def _path(self, ending: str) -> Path:
        return self._start.with_name(f"{self._start.name}.{ending}")

    def _missing(self, ending: str) -> DamagedIndexError:
        path = self._path(ending)
        return DamagedIndexError(path.parent, f"{path.name} is missing")


def _listed(content: bytes) -> Iterator[tuple[str, tuple[int, Sequence[int]]]]:
    header, _, rest = content.partition(b"\n")
    sums = memoryview(rest).cast("I")
    start = 0
    for name, size in json.loads(header):
        end = start + -(-size // PAGE)
        yield name, (size, sums[start:end])
        start = end
