r"""All spellings of a field in one text, so that patterns are looked for at the speed of C.

The text has a line for each spelling, sorted: `\nFOLDED\0EXACT`, as `format.form_key` makes it.
"""

from __future__ import annotations

import re
from array import array
from functools import cached_property
from typing import TYPE_CHECKING

from isisdocs.query.tree import Pattern, PatternKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LETTER = r"[^\n\0]"


def pack(terms: Sequence[bytes], counts: Iterable[int]) -> bytes:
    """Return sorted terms and the number of articles of each as bytes for `Lexicon`."""
    return array("I", counts).tobytes() + b"\n" + b"\n".join(terms)


class Lexicon:
    """The spellings of one field in one segment."""

    def __init__(self, packed: bytes = b"", size: int = 0) -> None:
        """Unpack what `pack` made of *size* terms."""
        self._counts = array("I")
        end = size * self._counts.itemsize
        self._counts.frombytes(packed[:end])
        self._lines = packed[end:].decode("utf-8", "surrogatepass")

    def items(self) -> Iterator[tuple[str, int]]:
        """Yield each folded form, sorted, with the number of articles of one of its spellings."""
        yield from zip(self._folded(), self._counts, strict=True)

    def spellings(self) -> Iterator[tuple[str, int]]:
        """Yield each exact form with its number of articles."""
        for line, count in zip(self._lines.split("\n")[1:], self._counts, strict=True):
            folded, _, exact = line.partition("\0")
            yield exact or folded, count

    def matching(self, pattern: Pattern) -> list[tuple[int, bytes]]:
        """Return the terms of the spellings that fit, each after its number of articles."""
        if pattern.kind is PatternKind.FUZZY:
            return self._near(pattern.text, pattern.distance)
        found = []
        end = index = 0
        for match in re.finditer(_regex(pattern), self._lines):
            start = match.start()
            index += self._lines.count("\n", end, start)
            end = start
            found.append((self._counts[index], _term(match[0])))
        return found

    def _near(self, text: str, distance: int) -> list[tuple[int, bytes]]:
        # Imported here: 15 ms that only fuzzy words cost.
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        near = extract(text, self._forms, scorer=OSA.distance, score_cutoff=distance, limit=None)
        if not near:
            return []
        lines = self._split
        return [(self._counts[index], _term(lines[index + 1])) for _, _, index in near]

    @cached_property
    def _forms(self) -> list[str]:
        return self._folded()

    @cached_property
    def _split(self) -> list[str]:
        return self._lines.split("\n")

    def _folded(self) -> list[str]:
        return re.findall(r"\n([^\0]*)", self._lines)


def _regex(pattern: Pattern) -> str:
    """Return the regular expression of the lines whose folded form fits; it needs linear tries.

    A stretch between two stars is taken where it first fits and never tried again, as in
    `query.match.wildcard_regex`.
    """
    if pattern.kind is PatternKind.PREFIX:
        return rf"\n{re.escape(pattern.text)}.*"
    pieces = re.split(r"\*+", pattern.text)
    first, *rest = (re.escape(piece).replace(r"\?", _LETTER) for piece in pieces)
    if not rest:
        return rf"\n{first}\0.*"
    middle = "".join(f"(?>{_LETTER}*?{piece})" for piece in rest[:-1])
    return rf"\n{first}{middle}{_LETTER}*{rest[-1]}\0.*"


def _term(line: str) -> bytes:
    return line.strip("\n").encode("utf-8", "surrogatepass")
