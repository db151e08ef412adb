"""Lines that recur across the documents of a corpus: the safest sign of page furniture.

A document's lines are fingerprinted where it is read, in any process; the fingerprints of a corpus
are counted once, near copies of one article counting as one document. `load.boilerplate` takes the
result as evidence, never as a verdict.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from hashlib import blake2b
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NewType

from isisdocs.load.boilerplate.cues import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# A longer line that recurs is a quotation or a reprint rather than furniture.
_LONGEST = 300
_RECURS = 3  # documents that have the line
_SIZE = 8  # bytes of a digest
_AT_ONCE = 400_000  # digests that are counted together; each takes some 150 bytes while it is


@dataclass(frozen=True, slots=True)
class Recurring:
    """In how many documents of a corpus each line stands."""

    documents: int
    """Number of documents counted."""
    counts: Mapping[str, int]
    """Digest of a line, as by `digest`, to the number of documents that have it, 2 or more."""

    def count(self, line: str) -> int:
        """Return how many documents have *line*; 0 for one that is known from none or only one."""
        if not self.counts or len(line) > _LONGEST:
            return 0
        return self.counts.get(digest(line), 0)

    def recurs(self, line: str) -> bool:
        """Tell whether so many documents have *line* that it is likely furniture."""
        return self.count(line) >= _RECURS

    def to_json(self) -> dict[str, Any]:
        """Return the counts, sorted, for `json.dumps`."""
        return {"documents": self.documents, "counts": dict(sorted(self.counts.items()))}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Recurring:
        """Read what `to_json` gave. Raises ValueError, TypeError or KeyError for anything else."""
        counts = {str(key): int(count) for key, count in content["counts"].items()}
        return cls(int(content["documents"]), MappingProxyType(counts))


def digest(line: str) -> str:
    """Return 16 hexadecimal digits that stand for a line, its case and numbers aside."""
    return _digest(normalise(line)).hex()


Digests = NewType("Digests", bytes)
"""The digests of a document's lines, each once, 8 bytes each, sorted: many documents have many."""


def line_digests(lines: Iterable[str]) -> Digests:
    """Return what a document contributes: the digests of its lines, each once."""
    seen = (normalise(line) for line in lines if len(line) <= _LONGEST)
    return Digests(b"".join(sorted({_digest(words) for words in seen if words})))


def _digest(words: Iterable[str]) -> bytes:
    return blake2b(" ".join(words).encode(), digest_size=_SIZE).digest()


def count_lines(documents: Sequence[Sequence[Digests] | Digests]) -> Recurring:
    """Count in how many documents each line stands.

    Each of *documents* is what `line_digests` gave, or a sequence of such for near copies of one
    article, which count once. The order of documents makes no difference.
    """
    kept: dict[str, int] = {}
    total = sum(len(one if isinstance(one, bytes) else b"".join(one)) // _SIZE for one in documents)
    # A part of them after the other, by their first byte: most lines stand in one document only.
    parts = min(total // _AT_ONCE + 1, 256)
    for part in range(parts):
        first, last = (256 * at // parts for at in (part, part + 1))
        counter: Counter[bytes] = Counter()
        for document in documents:
            copies = [document] if isinstance(document, bytes) else document
            if len(copies) == 1:
                counter.update(_split(copies[0], first, last))
            else:
                counter.update({one for copy in copies for one in _split(copy, first, last)})
        kept.update((one.hex(), count) for one, count in counter.items() if count > 1)
    return Recurring(len(documents), MappingProxyType(kept))


def _split(digests: bytes, first: int, last: int) -> list[bytes]:
    """Return those of a document's digests whose first byte is in a half-open range."""
    found = [digests[at : at + _SIZE] for at in range(0, len(digests), _SIZE)]
    if last - first == 256:
        return found
    return [one for one in found if first <= one[0] < last]
