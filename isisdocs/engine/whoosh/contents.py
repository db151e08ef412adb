"""Whoosh's own table of contents of a state, for its tools; we read the state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from isisdocs.durable import sync
from isisdocs.engine.whoosh import contents_name
from isisdocs.engine.whoosh.codec import CODEC, schema
from isisdocs.engine.whoosh.postings import INDEX_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from isisdocs.engine.whoosh.segment import Segment


def write(folder: Path, segments: Iterable[Segment], generation: int) -> None:
    """Write the table and see that the folder's entries are on the disk."""
    # One of that number is left of a broken run.
    (folder / contents_name(generation)).unlink(missing_ok=True)
    listed = [
        W3Segment(CODEC, INDEX_NAME, doccount=s.size, segid=s.id, deleted=set(s.deleted) or None)
        for s in segments
    ]
    TOC(schema(), listed, generation).write(FileStorage(str(folder)), INDEX_NAME)
    sync(folder)
