r"""What an article is in a Whoosh segment: fields, terms, columns, written with Whoosh's codec.

Each text field has three Whoosh fields:

    body_forms    a term for each spelling, `FOLDED\0EXACT` (nothing after the zero byte where both
                  are the same): its articles and positions, as `PostingList` packs them
    body_stems    a term for each stem: the spellings that have it
    body_words    one term: all spellings, sorted, with their numbers of articles, to look for
                  patterns in

Whoosh keeps each term's list as one value. Its own codec makes an object of every posting and
compresses and pickles every 128 of them, which took half the time of a build. `files` reads what
is written here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whoosh import columns, fields, formats
from whoosh.codec.base import PostingsWriter
from whoosh.codec.whoosh3 import W3Codec, W3TermInfo

if TYPE_CHECKING:
    from collections.abc import Mapping


class _ListWriter(PostingsWriter):
    """Writes the one value of each term."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._info = W3TermInfo()

    def start_postings(self, format_: Any, terminfo: Any) -> None:  # noqa: ARG002  # Whoosh's
        self._info = terminfo

    def add_posting(
        self, id_: int, weight: float, vbytes: bytes, length: int | None = None
    ) -> None:
        """Take the value of a term in *weight* articles."""
        self._info = W3TermInfo(weight, int(weight), length, 0, weight, 0, id_)
        self._info.set_extent(self._file.tell(), len(vbytes))
        self._file.write(vbytes)

    def finish_postings(self) -> Any:
        return self._info

    def written(self) -> bool:
        return True


class _Codec(W3Codec):
    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:  # noqa: ARG002  # Whoosh's
        return _ListWriter(dbfile)


class _ListsField(fields.FieldType):
    """A field whose terms have one value each, written by `SegmentBuilder` only."""

    def __init__(self) -> None:
        self.format = formats.Format()
        self.indexed = True
        self.scorable = False
        self.stored = False


CODEC = _Codec()
LISTS = _ListsField()
# With its offsets written a column is opened at once, without them number by number.
_TEXTS = columns.VarBytesColumn(write_offsets_cutoff=0)
COLUMNS: Mapping[str, columns.Column] = {
    "id": _TEXTS,
    "date": _TEXTS,
    "title_text": _TEXTS,
    "article": _TEXTS,
    "title_length": columns.NumericColumn("I", default=0),
    "body_length": columns.NumericColumn("I", default=0),
    "raw_runs": _TEXTS,
}
