"""The default engine: postings in Whoosh segments.

Whoosh's codec writes the terms, the postings and the per-article columns; what is ours is how an
article becomes postings (`postings`, `codec`, `builder`), how the files are read without importing
Whoosh (`files`, `segment`) and verified (`sums`), and how a query tree is answered from them
(`evaluate`, `reader`). Whoosh's own table of contents, a pickle, is neither written nor read.
"""

from __future__ import annotations

import json
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from isisdocs.durable import sync
from isisdocs.engine.whoosh.documents import Documents
from isisdocs.engine.whoosh.postings import INDEX_NAME
from isisdocs.engine.whoosh.reader import WhooshReader
from isisdocs.engine.whoosh.segment import Segment, SegmentReader
from isisdocs.engine.whoosh.sums import SUMS
from isisdocs.errors import DamagedIndexError
from isisdocs.verified import Seal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from isisdocs.model import Article

MAX_SEGMENT_POSTINGS = 6_000_000
"""A segment is written out when it has this many postings in memory, some 100 MB."""
MAX_SMALL_SEGMENTS = 12
"""When a commit leaves more small segments, the smallest of them are written anew as one."""
SMALL_ARTICLES = 2_000
"""A segment of fewer articles is small; to merge larger ones would cost more than it saves."""


class WhooshEngine:
    """Keeps an index in the files of one folder."""

    name = "whoosh"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepare(self, articles: Iterable[Article]) -> tuple[str, ...]:
        """Write articles as new segments and return them as the state lists them."""
        from isisdocs.engine.whoosh.builder import SegmentBuilder  # Whoosh, which searches need not

        written = []
        builder = SegmentBuilder(self._folder)
        for article in articles:
            builder.add(article)
            if builder.posting_count >= MAX_SEGMENT_POSTINGS:
                written.append(builder.write())
                builder = SegmentBuilder(self._folder)
        if builder:
            written.append(builder.write())
        return tuple(json.dumps(_listed(segment)) for segment in written)

    def commit(
        self,
        state: str | None,
        prepared: Sequence[str],
        *,
        removed: Collection[str],
        generation: int,
    ) -> str:
        """Return the new state as JSON."""
        gone = set(removed)
        segments = [self._without(segment, gone) for segment in self._segments(state)]
        segments = [segment for segment in segments if segment.live_count]
        segments += map(_segment, map(json.loads, prepared))
        segments = self._merge_small(segments)
        sync(self._folder)
        return json.dumps({"generation": generation, "segments": list(map(_listed, segments))})

    def _without(self, segment: Segment, gone: set[str]) -> Segment:
        if not gone:
            return segment
        with closing(SegmentReader(self._folder, segment, base=0)) as reader:
            deleted = {document for document, id_ in enumerate(reader.ids) if id_ in gone}
        return segment._replace(deleted=segment.deleted | deleted)

    def _merge_small(self, segments: list[Segment]) -> list[Segment]:
        by_size = sorted(segments, key=lambda segment: segment.live_count)
        small = [segment for segment in by_size if segment.live_count < SMALL_ARTICLES]
        if len(small) <= MAX_SMALL_SEGMENTS:
            return segments
        del small[MAX_SMALL_SEGMENTS // 2 + 1 :]
        merged = {segment.id for segment in small}
        large = [segment for segment in segments if segment.id not in merged]

        def articles() -> Iterator[Article]:
            for segment in small:
                with closing(SegmentReader(self._folder, segment, base=0)) as reader:
                    for document in range(reader.size):
                        if document not in reader.deleted:
                            yield reader.article(document)

        return large + [_segment(json.loads(listed)) for listed in self.prepare(articles())]

    def open(self, state: str) -> WhooshReader:
        """Open a state; IndexStoreError where its files are not what the state says."""
        return WhooshReader(self._folder, Documents(self._folder, self._segments(state)))

    def damaged_files(self, state: str) -> tuple[str, ...]:
        """Read all files of a state and return the names of those that are not as written."""
        damaged: list[str] = []
        for segment in self._segments(state):
            try:
                damaged += segment.files(self._folder).damaged()
            except DamagedIndexError:
                damaged.append(f"{segment.stem}.{SUMS}")
        return tuple(damaged)

    def forget_all_but(self, state: str | None) -> None:
        """Delete the files of other states."""
        kept = {segment.stem for segment in self._segments(state)}
        for path in self._folder.iterdir():
            ours = path.name.startswith((f"{INDEX_NAME}_", f"_{INDEX_NAME}_"))
            if ours and path.name.partition(".")[0] not in kept:
                with suppress(OSError):  # a reader has it open, on a system where that locks
                    path.unlink()
        from shutil import rmtree  # searches need it not

        # Where Whoosh collects columns before it writes them; of a link only itself.
        collected = self._folder / f"{INDEX_NAME}.tmp"
        if collected.is_symlink():
            collected.unlink()
        rmtree(collected, ignore_errors=True)

    def _segments(self, state: str | None) -> list[Segment]:
        if state is None:
            return []
        try:
            return [_segment(listed) for listed in json.loads(state)["segments"]]
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise DamagedIndexError(self._folder, f"its state cannot be read: {error}") from error


def _listed(segment: Segment) -> list[object]:
    return [segment.id, segment.size, *segment.seal, sorted(segment.deleted)]


def _segment(listed: Sequence[object]) -> Segment:
    """Return the segment that `_listed` made a list of; ValueError where it is none."""
    match listed:
        case [str(name), int(size), int(seal_size), int(crc), list(numbers)] if name.isalnum():
            deleted = frozenset(number for number in numbers if isinstance(number, int))
            if len(deleted) == len(numbers) and all(0 <= number < size for number in deleted):
                return Segment(name, size, Seal(seal_size, crc), deleted)
    raise ValueError("no segment")
