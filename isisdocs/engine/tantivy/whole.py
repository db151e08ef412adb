"""Are large files what was written? They are read whole beside the search, on another core.

tantivy reads its files by itself, so that no page can be verified when it is used. But CRC-32 goes
through gigabytes in a second, and what decides which articles are found is a third of an index: of
10,000 articles 50 MB, a few hundredths of a second. The articles themselves are verified when they
are shown.
"""

from __future__ import annotations

from threading import Event, Thread
from typing import TYPE_CHECKING
from zlib import crc32

from isisdocs.errors import DamagedIndexError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from isisdocs.verified import Seal

MOST_BYTES = 64 << 20
"""So much is read of an index, the smallest files first."""
ARTICLES = ".store"
"""How the names of files end that hold the articles themselves."""
_BLOCK = 1 << 20


class Verification:
    """Compares files with their seals in a thread of its own."""

    def __init__(self, index: Path, seals: Mapping[Path, Seal]) -> None:
        """Start to read those of the files that decide what is found."""
        self._index = index
        self._damaged = ""
        self._ended = Event()
        chosen: list[tuple[Path, Seal]] = []
        left = MOST_BYTES
        for path, seal in sorted(seals.items(), key=lambda item: item[1].size):
            if path.suffix != ARTICLES and seal.size <= left:
                chosen.append((path, seal))
                left -= seal.size
        # A daemon: whoever leaves without asking need not wait.
        self._thread = Thread(target=self._read, args=(chosen,), daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Return when all are read; DamagedIndexError where one is not as it was written."""
        self._thread.join()
        if self._damaged:
            raise DamagedIndexError(self._index, f"{self._damaged} is not as it was written")

    def end(self) -> None:
        """Read no more."""
        self._ended.set()
        self._thread.join()

    def _read(self, files: list[tuple[Path, Seal]]) -> None:
        for path, seal in files:
            crc = 0
            try:
                with path.open("rb", buffering=0) as file:
                    while (block := file.read(_BLOCK)) and not self._ended.is_set():
                        crc = crc32(block, crc)
            except OSError:
                self._damaged = path.name
                return
            if self._ended.is_set():
                return
            if crc != seal.crc:
                self._damaged = path.name
                return
