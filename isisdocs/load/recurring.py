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
from typing import TYPE_CHECKING, Any

from isisdocs.load.boilerplate.cues import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# A longer line that recurs is a quotation or a reprint rather than furniture.
_LONGEST = 300
_RECURS = 3  # documents that have the line


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
    return _digest(normalise(line))


def line_digests(lines: Iterable[str]) -> frozenset[str]:
    """Return what a document contributes: the digests of its lines, each once."""
    seen = (normalise(line) for line in lines if len(line) <= _LONGEST)
    return frozenset(_digest(words) for words in seen if words)


def _digest(words: Iterable[str]) -> str:
    return blake2b(" ".join(words).encode(), digest_size=8).hexdigest()


def count_lines(documents: Iterable[Sequence[frozenset[str]] | frozenset[str]]) -> Recurring:
    """Count in how many documents each line stands.

    Each of *documents* is what `line_digests` gave, or a sequence of such sets for near copies of
    one article, which count once. The order of documents makes no difference.
    """
    counter: Counter[str] = Counter()
    total = 0
    for document in documents:
        copies = [document] if isinstance(document, frozenset) else document
        counter.update(frozenset().union(*copies))
        total += 1
    kept = {key: count for key, count in counter.items() if count > 1}
    return Recurring(total, MappingProxyType(kept))
