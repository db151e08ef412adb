"""Is the index what the corpus folder is? Answered for every search, so it must not take long.

The listing of the folder is compared, as it comes from the system, with the one that was kept when
the index was made. Which files have changed is `changes`.
"""

from __future__ import annotations

import os
import zlib
from dataclasses import replace
from enum import Enum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from isisdocs import __version__
from isisdocs.errors import DamagedIndexError
from isisdocs.index import folders, records
from isisdocs.index.current import FORMAT, Current
from isisdocs.load import folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isisdocs.index.folders import Known
    from isisdocs.load.folder import Listing
    from isisdocs.settings import LoadSettings, Settings
    from isisdocs.verified import Seal

LOOK_SECONDS = 0.25
"""A search looks at files for so long at most, and then at folders only."""
MOST_LOOKED_AT = 20_000
"""Of more files than this, which take 60 ms, a search looks at the folders only."""


class Freshness(Enum):
    """How the index stands to its corpus."""

    FRESH = "fresh"
    """The folder is as it was."""
    SEEMS_FRESH = "seems fresh"
    """No file came or went; whether one was written into is not known: there are too many."""
    CHANGED = "changed"
    """The folder is not as it was, or is listed in another order."""
    OUTDATED = "outdated"
    """Another loader, or other settings, would make other articles of the same files."""
    UNKNOWN = "unknown"
    """The folder is too large to look through in the time given."""


def look(current: Current, settings: Settings, *, seconds: float | None = None) -> Freshness:
    """Compare index and corpus folder, for at most about *seconds*.

    With a limit of time, only the folders of a large corpus are compared. CorpusError where the
    folder cannot be read.
    """
    if current.fingerprint != fingerprint(settings.load):
        return Freshness.OUTDATED
    if settings.load.follow not in (None, current.follows_links):
        return Freshness.OUTDATED
    known = _known_folders(settings.index, current) if seconds is not None else None
    if known and known.file_count > MOST_LOOKED_AT:
        return _by_folders(known, current, settings.index)
    try:
        listing = folder.scan(
            current.corpus,
            leave_out=settings.index,
            seconds=seconds,
            follow=current.follows_links,
        )
    except folder.TooSlow:
        if known:
            return _by_folders(known, current, settings.index)
        return Freshness.UNKNOWN
    return Freshness.FRESH if _is_kept(listing, current, settings.index) else Freshness.CHANGED


def _known_folders(index: Path, current: Current) -> Known | None:
    try:
        return folders.read(index, current)
    except (DamagedIndexError, records.Moved):
        return None


def _by_folders(known: Known, current: Current, index: Path) -> Freshness:
    try:
        is_fresh = folders.are_as_known(known, current, index)
    except (DamagedIndexError, records.Moved):
        is_fresh = False
    return Freshness.SEEMS_FRESH if is_fresh else Freshness.CHANGED


def unchanged_listing(current: Current, settings: Settings) -> Listing | None:
    """Return the files of the corpus where `look` finds it fresh, else None."""
    if current.fingerprint != fingerprint(settings.load):
        return None
    if settings.load.follow not in (None, current.follows_links):
        return None
    listing = folder.scan(current.corpus, leave_out=settings.index, follow=current.follows_links)
    return listing if _is_kept(listing, current, settings.index) else None


def keep(index: Path, generation: int, listing: Listing) -> dict[str, Seal]:
    """Keep the listing that a state was made of, for `look`; return records' names and seals."""
    written = records.write(index, folders.listing_name(generation), listing.pack())
    return written | folders.write(index, generation, listing)


def _is_kept(listing: Listing, current: Current, index: Path) -> bool:
    try:
        kept = records.read(index, current, folders.listing_name(current.generation), bytes)
    except (DamagedIndexError, records.Moved):  # an update looks at each file and writes another
        return False
    return listing.pack() == kept


def fingerprint(settings: LoadSettings) -> str:
    """Return a digest of everything that decides what a file becomes in the index."""
    settings = replace(settings, follow=None)
    package = Path(__file__).parents[1]
    # The version is enough for a user; a developer's checkout changes under the same version.
    sizes = sorted([*_sizes(package / "load"), _size(package / "words.py")])
    # What reads web pages is an extra, without which they were skipped.
    extra = find_spec("trafilatura") is not None
    return f"{zlib.crc32(f'{FORMAT} {__version__} {settings!r} {sizes} {extra}'.encode()):08x}"


def _sizes(source: Path) -> Iterator[tuple[str, int]]:
    for entry in os.scandir(source):
        if entry.is_dir():
            yield from _sizes(Path(entry.path))
        elif not entry.name.endswith(".pyc"):
            yield entry.name, entry.stat().st_size


def _size(path: Path) -> tuple[str, int]:
    return path.name, path.stat().st_size
