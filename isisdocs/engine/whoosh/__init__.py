"""The default engine: postings in Whoosh segments.

Whoosh's codec keeps the terms, the postings and the per-article columns; what is ours is how an
article becomes postings (`format`, `segment`) and how a query tree is answered from them
(`evaluate`, `reader`).
"""

from __future__ import annotations

import json
from contextlib import closing, suppress
from shutil import rmtree
from typing import TYPE_CHECKING

from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from isisdocs.durable import sync
from isisdocs.engine.whoosh.documents import Documents
from isisdocs.engine.whoosh.format import CODEC, INDEX_NAME, schema
from isisdocs.engine.whoosh.reader import WhooshReader
from isisdocs.engine.whoosh.segment import SegmentBuilder, SegmentReader

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
        self._storage = FileStorage(str(folder))

    def prepare(self, articles: Iterable[Article]) -> tuple[str, ...]:
        """Write articles as new segments and return them as `ID:SIZE`."""
        written = []
        builder = SegmentBuilder(self._storage)
        for article in articles:
            builder.add(article)
            if builder.posting_count >= MAX_SEGMENT_POSTINGS:
                written.append(builder.write())
                builder = SegmentBuilder(self._storage)
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
        segments = _read_state(state)[1] if state else []
        gone = set(removed)
        if gone:
            for segment in segments:
                with closing(SegmentReader(self._storage, segment, base=0)) as reader:
                    ids = reader.ids
                for document, id_ in enumerate(ids):
                    if id_ in gone and not segment.is_deleted(document):
                        segment.delete_document(document)
        segments = [segment for segment in segments if segment.doc_count()]
        segments += map(_new_segment, prepared)
        segments = self._merge_small(segments)
        # For Whoosh's own tools; we read the state. One of that number is left of a broken run.
        (self._folder / _toc_name(generation)).unlink(missing_ok=True)
        TOC(schema(), segments, generation).write(self._storage, INDEX_NAME)
        sync(self._folder)
        listed = [
            [segment.segid, segment.doc_count_all(), sorted(segment.deleted_docs())]
            for segment in segments
        ]
        return json.dumps({"generation": generation, "segments": listed})

    def _merge_small(self, segments: list[W3Segment]) -> list[W3Segment]:
        by_size = sorted(segments, key=lambda segment: segment.doc_count())
        small = [segment for segment in by_size if segment.doc_count() < SMALL_ARTICLES]
        if len(small) <= MAX_SMALL_SEGMENTS:
            return segments
        del small[MAX_SMALL_SEGMENTS // 2 + 1 :]
        merged = {segment.segid for segment in small}
        large = [segment for segment in segments if segment.segid not in merged]

        def articles() -> Iterator[Article]:
            for segment in small:
                with closing(SegmentReader(self._storage, segment, base=0)) as reader:
                    for document in range(reader.size):
                        if document not in reader.deleted:
                            yield reader.article(document)

        return large + [_new_segment(name) for name in self.prepare(articles())]

    def open(self, state: str) -> WhooshReader:
        """Open a state; IndexStoreError where its files are not what the state says."""
        _, segments = _read_state(state)
        return WhooshReader(Documents(self._storage, segments))

    def forget_all_but(self, state: str | None) -> None:
        """Delete the files of other states."""
        kept = set()
        if state is not None:
            generation, segments = _read_state(state)
            kept = {_toc_name(generation), *(segment.segment_id() for segment in segments)}
        for path in self._folder.iterdir():
            ours = path.name.startswith((f"{INDEX_NAME}_", f"_{INDEX_NAME}_"))
            if ours and not {path.name, path.name.partition(".")[0]} & kept:
                with suppress(OSError):  # a reader has it open, on a system where that locks
                    path.unlink()
        # Where Whoosh collects columns before it writes them.
        rmtree(self._folder / f"{INDEX_NAME}.tmp", ignore_errors=True)


def _toc_name(generation: int) -> str:
    return f"_{INDEX_NAME}_{generation}.toc"


def _new_segment(prepared: str) -> W3Segment:
    name, size = prepared.split(":")
    return W3Segment(CODEC, INDEX_NAME, doccount=int(size), segid=name)


def _read_state(state: str) -> tuple[int, list[W3Segment]]:
    content = json.loads(state)
    segments = [
        W3Segment(CODEC, INDEX_NAME, doccount=size, segid=name, deleted=set(deleted) or None)
        for name, size, deleted in content["segments"]
    ]
    return content["generation"], segments
