r"""What an article is in a Whoosh segment: fields, terms, posting lists, columns.

Each text field has three Whoosh fields:

    body_forms    a term for each spelling, `FOLDED\0EXACT` (nothing after the zero byte where both
                  are the same): its articles and positions, as `PostingList` packs them
    body_stems    a term for each stem: the spellings that have it
    body_words    one term: all spellings, sorted, with their numbers of articles, to look for
                  patterns in

Positions are kept once, with the spellings; what a stem matches is put together when it is asked
for. Whoosh keeps each term's list as one value. Its own codec makes an object of every posting and
compresses and pickles every 128 of them, which took half the time of a build.
"""

from __future__ import annotations

import sys
from array import array
from itertools import accumulate
from struct import Struct
from typing import TYPE_CHECKING, Any, NamedTuple

from whoosh import columns, fields, formats
from whoosh.codec.base import PostingsWriter
from whoosh.codec.whoosh3 import W3Codec, W3TermInfo, W3TermsReader

from isisdocs.fields import SEARCHED
from isisdocs.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

INDEX_NAME = "isisdocs"

_WIDTH_BITS = 3
_HEADER = Struct("<?I")

MAX_NARROW = 0xFFFF >> _WIDTH_BITS
"""Up to this position, and so many times an article, numbers of 16 bits and 8 bits are enough."""


class _LengthColumn(columns.NumericColumn):
    """Field lengths, which are read all at once."""

    def __init__(self) -> None:
        super().__init__("I", default=0)

    def reader(self, dbfile: Any, basepos: int, length: int, doccount: int) -> Any:
        return _LengthReader(dbfile, basepos, length, doccount, "I", 0)


class _LengthReader(columns.NumericColumn.Reader):
    def load(self) -> list[int]:
        """Return one length for each document."""
        lengths = array("I", self._dbfile.get(self._basepos, self._count * 4))
        if sys.byteorder == "little":
            lengths.byteswap()
        # Whoosh leaves out trailing documents that have the default.
        return lengths.tolist() + [0] * (self._doccount - len(lengths))


class PostingList(NamedTuple):
    """Where one term occurs: three arrays of numbers."""

    documents: array[int]
    """Ascending."""
    counts: array[int]
    """How many positions each document has."""
    codes: array[int]
    """Positions, document after document: as `encode` makes them."""

    @classmethod
    def narrow(cls) -> PostingList:
        """Return an empty list of small numbers: documents up to 65535, counts up to 255."""
        return cls(array("H"), array("B"), array("H"))

    @property
    def is_wide(self) -> bool:
        """Whether all numbers have 32 bits."""
        return self.counts.itemsize > 1

    def widened(self) -> PostingList:
        """Return the same list with room for large numbers."""
        return PostingList(*(array("I", numbers) for numbers in self))

    def pack(self) -> bytes:
        """Return the list as bytes for `unpack`."""
        return b"".join(
            (_HEADER.pack(self.is_wide, len(self.documents)), *(part.tobytes() for part in self))
        )

    @classmethod
    def unpack(cls, packed: bytes) -> PostingList:
        """Return the list that `pack` made bytes of."""
        is_wide, count = _HEADER.unpack_from(packed)
        found = cls.narrow().widened() if is_wide else cls.narrow()
        start = _HEADER.size
        for part, size in zip(found[:2], (count, count), strict=True):
            end = start + size * part.itemsize
            part.frombytes(packed[start:end])
            start = end
        found.codes.frombytes(packed[start:])
        return found

    def positions(self) -> Iterator[tuple[int, list[int]]]:
        """Yield each document with its codes."""
        start = 0
        codes = self.codes.tolist()
        for document, end in zip(self.documents, accumulate(self.counts), strict=True):
            yield document, codes[start:end]
            start = end


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
    def terms_reader(self, storage: Any, segment: Any) -> Any:
        """Open the terms as Whoosh does, but leave no file open where one cannot be read."""
        name = segment.make_filename(self.TERMS_EXT)
        terms = storage.open_file(name)
        try:
            posts = segment.open_file(storage, self.POSTS_EXT)
            try:
                return W3TermsReader(self, terms, storage.file_length(name), posts)
            except BaseException:
                posts.close()
                raise
        except BaseException:
            terms.close()
            raise

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> Any:  # noqa: ARG002  # Whoosh's
        return _ListWriter(dbfile)

    def postings_reader(
        self,
        dbfile: Any,
        terminfo: Any,
        format_: Any,  # noqa: ARG002
        term: Any = None,  # noqa: ARG002
        scorer: Any = None,  # noqa: ARG002
    ) -> Any:
        """Return the value of a term."""
        offset, length = terminfo.extent()
        # Whoosh reads the length as a tuple of one.
        return bytes(dbfile.get(offset, length[0] if isinstance(length, tuple) else length))


class _ListsField(fields.FieldType):
    """A field whose terms have one value each, written by `SegmentBuilder` only."""

    def __init__(self) -> None:
        self.format = formats.Format()
        self.indexed = True
        self.scorable = False
        self.stored = False


CODEC = _Codec()
LISTS = _ListsField()
FORMS, STEMS, WORDS = "_forms", "_stems", "_words"
# With its offsets written a column is opened at once, without them number by number.
_TEXTS = columns.VarBytesColumn(write_offsets_cutoff=0)
COLUMNS: Mapping[str, columns.Column] = {
    "id": _TEXTS,
    "date": _TEXTS,
    "title_text": _TEXTS,
    "article": _TEXTS,
    "title_length": _LengthColumn(),
    "body_length": _LengthColumn(),
}


def schema() -> fields.Schema:
    """Return the fields as Whoosh's own tools see them."""
    made = fields.Schema()
    for name in SEARCHED:
        for kind in (FORMS, STEMS, WORDS):
            made.add(name + kind, LISTS)
    for name, column in COLUMNS.items():
        made.add(name, fields.COLUMN(column))
    return made


def encode(place: Span) -> int:
    """Return a position range as one number: its start times 8, plus its length minus 1."""
    start, end = place
    return start << _WIDTH_BITS | end - start - 1


def decode(codes: Iterable[int]) -> list[Span]:
    """Return the position ranges that `encode` made numbers of, sorted."""
    spans = []
    for code in codes:
        start = code >> _WIDTH_BITS
        spans.append(Span(start, start + 1 + (code & 2**_WIDTH_BITS - 1)))
    spans.sort()
    return spans


def form_key(folded: str, exact: str) -> str:
    """Return the term of a spelling, which sorts with the others of its folded form."""
    return f"{folded}\0" if folded == exact else f"{folded}\0{exact}"


def to_bytes(term: str) -> bytes:
    """Return a term as Whoosh keeps it."""
    return term.encode("utf-8", "surrogatepass")
