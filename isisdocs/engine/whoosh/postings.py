"""Where a word occurs, as bytes, and how the terms of a segment are called.

Positions are kept once, with the spellings; what a stem matches is put together when it is asked
for. Of `raw` only those texts have postings that are not in body or cuts too; `raw_runs` leads to
the others. How Whoosh keeps them is in `codec`; searches do without that.
"""

from __future__ import annotations

import sys
from array import array
from itertools import accumulate, chain, repeat
from operator import add, rshift
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from isisdocs.fields import SEARCHED
from isisdocs.words import WIDTH_BITS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from collections.abc import Set as AbstractSet

INDEX_NAME = "isisdocs"
FORMS, STEMS, WORDS = "_forms", "_stems", "_words"
FIELDS = tuple(name + kind for name in sorted(SEARCHED) for kind in (FORMS, STEMS, WORDS))
"""The fields of every segment in the order in which they are written, which is how they are known
in its files."""
ALL = b"all"
"""The one term of a field of words."""

"""In the code of a position range, the bits below its start."""
_HEADER = Struct("<?I")
_SINGLE = bytes(range(0, 256, 1 << WIDTH_BITS))
"""The low bytes of the codes of one position."""
_KEY_BITS = 33
"""Room for a code and for what moving it back borrows."""

MAX_NARROW = 0xFFFF >> WIDTH_BITS
"""Up to this position, and so many times an article, numbers of 16 bits and 8 bits are enough."""


class PostingList(NamedTuple):
    """Where one term occurs: three arrays of numbers."""

    documents: array[int]
    """Ascending."""
    counts: array[int]
    """How many positions each document has."""
    codes: array[int]
    """Places, document after document, as `words.occurrences` gives them."""

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

    @property
    def are_single(self) -> bool:
        """Whether every position range covers one position, as those of plain words do."""
        size = self.codes.itemsize
        low = self.codes.tobytes()[0 if sys.byteorder == "little" else size - 1 :: size]
        return not low.translate(None, _SINGLE)

    def positions(self, wanted: AbstractSet[int]) -> Iterator[tuple[int, list[int]]]:
        """Yield each of the documents that are wanted with its codes."""
        codes = self.codes
        start = 0
        for document, end in zip(self.documents, accumulate(self.counts), strict=True):
            if document in wanted:
                yield document, codes[start:end].tolist()
            start = end

    def keys(self, *, base: int, back: int) -> Iterator[int]:
        """Return one number for each position, its document and its code moved back by *back*.

        The words of a phrase have the same number then. Documents are numbered from *base*.
        """
        shift = back << WIDTH_BITS
        starts = [(document + base << _KEY_BITS) - shift for document in self.documents]
        # All in C: a common word has tens of thousands of positions.
        return map(add, self.codes, chain.from_iterable(map(repeat, starts, self.counts)))


def documents_of(keys: Collection[int]) -> Iterator[int]:
    """Return the document of each of the numbers that `PostingList.keys` gives."""
    return map(rshift, keys, repeat(_KEY_BITS))


def form_key(folded: str, exact: str) -> str:
    """Return the term of a spelling, which sorts with the others of its folded form."""
    return f"{folded}\0" if folded == exact else f"{folded}\0{exact}"


def to_bytes(term: str) -> bytes:
    """Return a term as Whoosh keeps it."""
    return term.encode("utf-8", "surrogatepass")
