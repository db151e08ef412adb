"""Is a large corpus what the index is of, as far as its folders tell?

To look at each of 100,000 files takes longer than a search. A folder's own time of change tells
whether a file came, went, or was replaced by another of its name, which is how most programs save.
A file that was written into where it lies changes no folder: of those the articles that a search
shows are looked at, and all of them by `isisdocs index`.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, NamedTuple, Self

from isisdocs.errors import DamagedIndexError
from isisdocs.index import changes, records
from isisdocs.load import folder
from isisdocs.load.folder import Listing
from isisdocs.model import file_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from isisdocs.index.current import Current
    from isisdocs.model import Article
    from isisdocs.verified import Seal

MOST_LISTED = 50
"""When more folders have changed, something has."""


class Known(NamedTuple):
    """The folders of a corpus as they were when the index was made."""

    times: dict[str, int]
    """When each was last changed, in nanoseconds since 1970; 0 where that cannot be relied on."""
    file_count: int
    newest_ns: int
    """When the file that was changed last was changed."""

    @classmethod
    def parse(cls, record: bytes) -> Self:
        """Return what `write` recorded; ValueError, TypeError or KeyError for anything else."""
        content = json.loads(record)
        times = {str(name): int(ns) for name, ns in content["folders"].items()}
        return cls(times, int(content["files"]), int(content["newest"]))


def read(index: Path, current: Current) -> Known:
    """Return the folders of a state; errors as of `records.read`."""
    return records.read(index, current, name(current.generation), Known.parse)


def write(index: Path, generation: int, listing: Listing) -> dict[str, Seal]:
    """Record the folders of a listing; return the record's name and seal."""
    now = time.time_ns()
    times = {
        prefix: 0 if now - ns < folder.tick_ns(ns) else ns for prefix, ns in listing.folders.items()
    }
    newest_ns = max(listing.mtimes_ns, default=0)
    content = {"files": len(listing.paths), "newest": newest_ns, "folders": times}
    encoded = json.dumps(content, separators=(",", ":")).encode("ascii")
    return records.write(index, name(generation), encoded)


def name(generation: int) -> str:
    """Return the name of the record of a state's folders."""
    return f"folders-{generation}.json"


def listing_name(generation: int) -> str:
    """Return the name of the record of the listing that a state was made of."""
    return f"listing-{generation}"


def are_as_known(known: Known, current: Current, index: Path) -> bool:
    """Tell whether the folders are as they were, or list the same files of the same times.

    CorpusError where the corpus is gone; errors as of `records.read`.
    """
    corpus = current.corpus
    changed = [
        prefix for prefix, ns in known.times.items() if folder.changed_ns(corpus, prefix) != ns
    ]
    if not changed:
        return True
    if current.follows_links or len(changed) > MOST_LISTED:
        return False
    kept = records.read(index, current, listing_name(current.generation), Listing.unpack)
    before: dict[str, dict[str, tuple[int, int]]] = {prefix: {} for prefix in changed}
    for path, size, ns in zip(kept.paths, kept.sizes, kept.mtimes_ns, strict=True):
        prefix = path[: path.rfind("/") + 1]
        if prefix in before:
            before[prefix][path] = (size, ns)
    for prefix in changed:
        found = folder.scan_one(corpus, prefix, leave_out=index)
        files = zip(found.sizes, found.mtimes_ns, strict=True)
        if dict(zip(found.paths, files, strict=True)) != before[prefix]:
            return False
        if not found.folders.keys() <= known.times.keys():
            return False
    return True


def changed(articles: Iterable[Article], current: Current, index: Path) -> int:
    """Return how many articles are of files that have other bytes now.

    A file is read where it was changed later than any was when the index was made.
    """
    try:
        known = read(index, current)
    except (DamagedIndexError, records.Moved):
        return 0
    count = 0
    for article in articles:
        path = current.corpus / file_of(article.id)
        try:
            is_newer = path.stat().st_mtime_ns > known.newest_ns
        except OSError:
            continue
        if is_newer:
            digest = changes.sha256_of(path, follow=current.follows_links)
            count += digest not in (None, article.sha256)
    return count
