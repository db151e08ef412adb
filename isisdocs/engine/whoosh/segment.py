"""One Whoosh segment, open for reading: columns and postings."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from isisdocs.engine import stored
from isisdocs.engine.whoosh.files import BytesColumn, HashFile, numbers
from isisdocs.engine.whoosh.lexicon import Lexicon
from isisdocs.engine.whoosh.postings import (
    ALL,
    FIELDS,
    FORMS,
    INDEX_NAME,
    STEMS,
    WORDS,
    PostingList,
    to_bytes,
)
from isisdocs.engine.whoosh.sums import SealedFiles
from isisdocs.errors import DamagedIndexError, IndexStoreError

if TYPE_CHECKING:
    from array import array
    from pathlib import Path

    from isisdocs.model import Article
    from isisdocs.verified import PagedFile, Seal

_FIELD_IDS = {name: number.to_bytes(2, "big") for number, name in enumerate(FIELDS)}
_TERM = Struct("!B4xI14xqi")
"""Of what Whoosh keeps of a term: if its value is in a pickle, its number of articles, where the
value begins, how long it is. That is `W3TermInfo._struct`, then the place in the file of postings.
"""

_BYTES_COLUMNS = ("id", "date", "title_text", "article", "raw_runs")


class Segment(NamedTuple):
    """What a state says of a segment."""

    id: str
    size: int
    """Number of articles, those deleted included."""
    seal: Seal
    """Of the checksums of its files."""
    deleted: frozenset[int] = frozenset()

    @property
    def live_count(self) -> int:
        """Number of articles that are not deleted."""
        return self.size - len(self.deleted)

    @property
    def stem(self) -> str:
        """How the names of its files begin."""
        return f"{INDEX_NAME}_{self.id}"

    def files(self, folder: Path) -> SealedFiles:
        """Return its files; DamagedIndexError where their checksums are not as they were."""
        return SealedFiles(folder / self.stem, self.seal)


class SegmentReader:
    """One segment's columns and postings; documents are numbered from *base*."""

    def __init__(self, folder: Path, segment: Segment, *, base: int) -> None:
        self.base = base
        self.size = segment.size
        self.deleted = segment.deleted
        self._lexicons: dict[str, Lexicon] = {}
        self._files = ExitStack()
        try:
            sealed = segment.files(folder)
            # All at once: a writer may delete the files while we have them open.
            self._columns = {
                name: BytesColumn(self._opened(sealed, f"{name}.col"), self.size)
                for name in _BYTES_COLUMNS
            }
            self._lengths = {
                name: numbers(self._opened(sealed, f"{name}_length.col"), self.size)
                for name in ("title", "body")
            }
            self._terms = HashFile(self._opened(sealed, "trm"))
            self._values = self._opened(sealed, "pst")
        except IndexStoreError:
            self.close()
            raise
        except Exception as error:
            # Bytes that make no sense raise whatever reading them runs into.
            self.close()
            raise DamagedIndexError(folder, f"{segment.stem}: {error}") from error

    def value(self, column: str, document: int) -> bytes:
        """Return a document's value in a column of bytes."""
        return self._columns[column][document]

    def lengths(self, field: str) -> array[int]:
        """Return the number of words in a text field of each document."""
        return self._lengths[field]

    @cached_property
    def ids(self) -> list[str]:
        """The ids of the articles, those deleted included."""
        return [id_.decode("utf-8", "surrogateescape") for id_ in self._columns["id"]]

    def article(self, document: int) -> Article:
        """Return the article as it was stored."""
        return stored.unpack(self._columns["article"][document])

    def postings(self, field: str, term: bytes) -> PostingList | None:
        """Return where a spelling occurs, documents numbered from 0; None where it does not."""
        value, _ = self._value(field + FORMS, term)
        return PostingList.unpack(value) if value else None

    def spellings(self, field: str, stem: str) -> list[bytes]:
        """Return the terms of the spellings that have a stem."""
        value, _ = self._value(field + STEMS, to_bytes(stem))
        return value.split(b"\n") if value else []

    def lexicon(self, field: str) -> Lexicon:
        """Return all spellings of a field."""
        if field not in self._lexicons:
            value, size = self._value(field + WORDS, ALL)
            self._lexicons[field] = Lexicon(value, size)
        return self._lexicons[field]

    def _value(self, field: str, term: bytes) -> tuple[bytes, int]:
        """Return the value of a term and its number of articles; nothing where it is unknown."""
        entry = self._terms.get(_FIELD_IDS[field] + term)
        if entry is None:
            return b"", 0
        is_pickled, count, start, length = _TERM.unpack(entry)
        if is_pickled:
            raise ValueError("a term has its value in a pickle")
        return self._values.get(start, length), count

    def close(self) -> None:
        """Close the files."""
        self._files.close()

    def _opened(self, sealed: SealedFiles, ending: str) -> PagedFile:
        file = sealed.open(ending)
        self._files.callback(file.close)
        return file
