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

from contextlib import suppress
from struct import Struct
from typing import TYPE_CHECKING, Any
from zlib import crc32

from whoosh import columns
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filetables import HashWriter, OrderedHashWriter
from whoosh.util.numlists import GrowableArray

from isisdocs.engine.whoosh.postings import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from whoosh.filedb.filestore import FileStorage

_CRC = 1
"""Whoosh's number for keys hashed with CRC-32; its default, MD5, takes four times as long."""
_TERM = Struct("!BfIBBfIIqi")
"""`W3TermInfo._struct`, then the place of the value in the file of postings and its length."""
_LENGTHS = Struct("!ii")
_SLOT = Struct("!Iq")
_MOST_PENDING = 1 << 20
"""Bytes that are collected before they are written."""


class ListsWriter:
    """Writes the terms of a segment, each with one value, into the files of Whoosh's codec.

    They are what `W3FieldWriter` makes, which takes half a dozen objects and twenty calls for each
    term: a fifth of the time of a build.
    """

    def __init__(self, storage: FileStorage, segment: Any) -> None:
        self._terms = _Table(segment.create_file(storage, W3Codec.TERMS_EXT))
        self._terms.extras["fieldmap"] = {name: number for number, name in enumerate(FIELDS)}
        self._values = segment.create_file(storage, W3Codec.POSTS_EXT)
        self._end = 0

    def write(self, field: str, values: Iterable[tuple[bytes, int, bytes]]) -> None:
        """Write the terms of a field, sorted, each with its number of articles and its value.

        Fields come in the order of FIELDS.
        """
        number = FIELDS.index(field).to_bytes(2, "big")
        entries: list[tuple[bytes, bytes]] = []
        pending: list[bytes] = []
        start = self._end
        for term, count, value in values:
            info = _TERM.pack(0, count, count, 0, 0, count, 0, 0, self._end, len(value))
            entries.append((number + term, info))
            pending.append(value)
            self._end += len(value)
            if self._end - start > _MOST_PENDING:
                self._flush(entries, pending)
                entries, pending = [], []
                start = self._end
        self._flush(entries, pending)

    def _flush(self, entries: list[tuple[bytes, bytes]], pending: list[bytes]) -> None:
        self._values.write(b"".join(pending))
        self._terms.add_all(entries)

    def close(self) -> None:
        """Write what is written at the end, and close the files."""
        self._terms.close()
        self._values.close()

    def abandon(self) -> None:
        """Let go of the files as they are, after an error."""
        for file in (self._terms.dbfile, self._values):
            if not file.is_closed:
                with suppress(OSError):  # what is still in memory may not fit on the disk either
                    file.close()


class _Table(OrderedHashWriter):
    """Whoosh's hash table, written in large pieces rather than number by number."""

    def __init__(self, file: Any) -> None:
        HashWriter.__init__(self, file, hashtype=_CRC)
        self.index = GrowableArray("I")
        self._end = file.tell()

    def add_all(self, items: Iterable[tuple[bytes, bytes]]) -> None:
        """Add pairs with ascending keys."""
        pieces = []
        positions = []
        known = len(self.index)
        position = self._end
        for key, value in items:
            piece = _LENGTHS.pack(len(key), len(value)) + key + value
            hashed = crc32(key)
            self.buckets[hashed & 255].append((hashed, position))
            positions.append(position)
            pieces.append(piece)
            position += len(piece)
        self._end = position
        self.dbfile.write(b"".join(pieces))
        try:
            self.index.array.extend(positions)
        except OverflowError:  # beyond 4 GB; this is slow, and asks for the room itself
            del self.index.array[known:]
            self.index.extend(positions)

    def _write_hashes(self) -> None:
        for entries in self.buckets:
            slots = 2 * len(entries)
            self.directory.append((self._end, slots))
            table, taken = bytearray(slots * _SLOT.size), bytearray(slots)
            for hashed, position in entries:
                slot = (hashed >> 8) % slots
                while taken[slot]:
                    slot = (slot + 1) % slots
                taken[slot] = 1
                _SLOT.pack_into(table, slot * _SLOT.size, hashed, position)
            self._end += len(table)
            self.dbfile.write(bytes(table))


CODEC = W3Codec()
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
