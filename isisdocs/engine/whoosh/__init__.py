"""The default engine: postings in Whoosh segments.

Whoosh's codec writes the terms, the postings and the per-article columns; what is ours is how an
article becomes postings (`postings`, `codec`, `builder`), how the files are read without importing
Whoosh (`files`, `segment`), and how a query tree is answered from them (`evaluate`, `reader`).
"""

from __future__ import annotations

import json
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from isisdocs.engine.whoosh.documents import Documents
from isisdocs.engine.whoosh.postings import INDEX_NAME
from isisdocs.engine.whoosh.reader import WhooshReader
from isisdocs.engine.whoosh.segment import Segment, SegmentReader

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
        """Write articles as new segments and return them as `ID:SIZE`."""
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
        return tuple(written)

    def commit(
        self,
        state: str | None,
        prepared: Sequence[str],
        *,
        removed: Collection[str],
        generation: int,
    ) -> str:
        """Write a Whoosh table of contents of the new state, and return the state as JSON."""
        from isisdocs.engine.whoosh import contents  # Whoosh, which searches need not

        gone = frozenset(removed)
        segments = [self._without(segment, gone) for segment in _segments(state)]
        segments = [segment for segment in segments if segment.live_count]
        segments += map(_new_segment, prepared)
        segments = self._merge_small(segments)
        contents.write(self._folder, segments, generation)
        listed = [[segment.id, segment.size, sorted(segment.deleted)] for segment in segments]
        return json.dumps({"generation": generation, "segments": listed})

    def _without(self, segment: Segment, removed: frozenset[str]) -> Segment:
        if not removed:
            return segment
        with closing(SegmentReader(self._folder, segment, base=0)) as reader:
            gone = {document for document, id_ in enumerate(reader.ids) if id_ in removed}
        return segment._replace(deleted=segment.deleted | gone)

    def _merge_small(self, segments: list[Segment]) -> list[Segment]:
        by_size = sorted(segments, key=lambda segment: segment.live_count)
        small = [segment for segment in by_size if segment.live_count < SMALL_ARTICLES]
        if len(small) <= MAX_SMALL_SEGMENTS:
            return segments
        del small[MAX_SMALL_SEGMENTS // 2 + 1 :]
        large = [segment for segment in segments if segment not in small]

        def articles() -> Iterator[Article]:
            for segment in small:
                with closing(SegmentReader(self._folder, segment, base=0)) as reader:
                    for document in range(reader.size):
                        if document not in reader.deleted:
                            yield reader.article(document)

        return large + [_new_segment(name) for name in self.prepare(articles())]

    def open(self, state: str) -> WhooshReader:
        """Open a state; IndexStoreError where its files are not what the state says."""
        return WhooshReader(Documents(self._folder, _segments(state)))

    def forget_all_but(self, state: str | None) -> None:
        """Delete the files of other states."""
        kept = {segment.stem for segment in _segments(state)}
        if state is not None:
            kept.add(contents_name(json.loads(state)["generation"]))
        for path in self._folder.iterdir():
            ours = path.name.startswith((f"{INDEX_NAME}_", f"_{INDEX_NAME}_"))
            if ours and not {path.name, path.name.partition(".")[0]} & kept:
                with suppress(OSError):  # a reader has it open, on a system where that locks
                    path.unlink()
        from shutil import rmtree  # searches need it not

        # Where Whoosh collects columns before it writes them.
        rmtree(self._folder / f"{INDEX_NAME}.tmp", ignore_errors=True)


def contents_name(generation: int) -> str:
    """Return the name of Whoosh's table of contents of a state."""
    return f"_{INDEX_NAME}_{generation}.toc"


def _new_segment(prepared: str) -> Segment:
    name, size = prepared.split(":")
    return Segment(name, int(size))


def _segments(state: str | None) -> list[Segment]:
    listed = json.loads(state)["segments"] if state else ()
    return [Segment(name, size, frozenset(deleted)) for name, size, deleted in listed]
