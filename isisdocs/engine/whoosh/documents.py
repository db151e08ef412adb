"""The documents of one state: its segments one after the other, numbered through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isisdocs.engine import bm25f
from isisdocs.engine.whoosh import raw_runs
from isisdocs.engine.whoosh.segment import SegmentReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from isisdocs.engine.whoosh.segment import Segment
    from isisdocs.model import Article


class Documents:
    """Columns and postings of several segments; a document's number is good for one state."""

    def __init__(self, folder: Path, segments: Iterable[Segment]) -> None:
        self.segments: list[SegmentReader] = []
        base = 0
        for segment in segments:
            try:
                self.segments.append(SegmentReader(folder, segment, base=base))
            except BaseException:
                self.close()
                raise
            base += segment.size
        self.live_count = base - sum(len(s.deleted) for s in self.segments)
        self._length_norms: list[float] = []

    def _segment_of(self, document: int) -> SegmentReader:
        return next(s for s in reversed(self.segments) if s.base <= document)

    def live_documents(self) -> Iterator[int]:
        """Yield the numbers of all documents that are not deleted."""
        for segment in self.segments:
            for document in range(segment.size):
                if document not in segment.deleted:
                    yield segment.base + document

    def length_norms(self) -> list[float]:
        """Return what the length of each document, deleted ones included, does to its scores."""
        if not self._length_norms:
            weighted: list[float] = []
            gone = 0.0
            title, body = bm25f.FIELD_WEIGHTS["title"], bm25f.FIELD_WEIGHTS["body"]
            for segment in self.segments:
                pairs = zip(segment.lengths("title"), segment.lengths("body"), strict=True)
                # Written out: every search with a word in it takes all documents' lengths.
                weighted += [title * t + body * b for t, b in pairs]
                gone += sum(weighted[segment.base + document] for document in segment.deleted)
            mean = (sum(weighted) - gone) / max(self.live_count, 1)
            self._length_norms = bm25f.length_norms(weighted, mean)
        return self._length_norms

    def value(self, column: str, document: int) -> str:
        """Return a document's value in a text column."""
        segment = self._segment_of(document)
        value = segment.value(column, document - segment.base)
        return value.decode("utf-8", "surrogateescape" if column == "id" else "surrogatepass")

    def raw_runs(self, document: int) -> list[raw_runs.Run]:
        """Return which positions of body and cuts are positions of a document's `raw`."""
        segment = self._segment_of(document)
        return raw_runs.unpack(segment.value("raw_runs", document - segment.base))

    def article(self, document: int) -> Article:
        """Return the stored article of a document."""
        segment = self._segment_of(document)
        return segment.article(document - segment.base)

    def live_ids(self) -> Iterator[tuple[int, str]]:
        """Yield number and id of all documents that are not deleted."""
        for segment in self.segments:
            for document, id_ in enumerate(segment.ids):
                if document not in segment.deleted:
                    yield segment.base + document, id_

    def close(self) -> None:
        """Close the segments' files."""
        for segment in self.segments:
            segment.close()
