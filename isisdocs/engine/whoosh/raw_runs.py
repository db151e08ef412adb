"""Postings of the untouched text that are those of body and cuts, moved to where they stand in it.

Most of a file's text is also in the article's body or cuts. Only what is not has postings of its
own; for the rest each article keeps runs of texts that follow each other in both.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, NamedTuple

from isisdocs.fields import Shared
from isisdocs.words import PARAGRAPH_GAP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SOURCES = ("body", "cuts")


class Run(NamedTuple):
    """A range of positions of another field, and what takes it to those of `raw`."""

    source: int
    """Index in SOURCES."""
    start: int
    end: int
    shift: int
    """What is to be added."""


def without_shared(
    texts: Sequence[str | Shared], starts: Mapping[str, Sequence[int]]
) -> list[str | int]:
    """Return the texts for `words.occurrences`, of those that are shared the number of words.

    *starts* are where the texts of body and cuts begin.
    """
    return [_length(one, starts) if isinstance(one, Shared) else one for one in texts]


def _length(text: Shared, starts: Mapping[str, Sequence[int]]) -> int:
    start, following = starts[text.field][text.number : text.number + 2]
    return following - start - PARAGRAPH_GAP


def pack(texts: Sequence[str | Shared], starts: Mapping[str, Sequence[int]]) -> bytes:
    """Return the runs of shared texts for `unpack`, *starts* being those of `raw`, too."""
    runs: list[Run] = []
    for text, place in zip(texts, starts["raw"], strict=False):
        if not isinstance(text, Shared):
            continue
        source = SOURCES.index(text.field)
        start, end = starts[text.field][text.number : text.number + 2]
        run = Run(source, start, end, place - start)
        last = runs[-1] if runs else None
        if last and (last.source, last.end, last.shift) == (source, start, run.shift):
            runs[-1] = last._replace(end=end)
        else:
            runs.append(run)
    return array("i", [number for run in runs for number in run]).tobytes()


def unpack(packed: bytes) -> list[Run]:
    """Return the runs that `pack` made bytes of."""
    numbers = array("i", packed)
    return [Run(*numbers[at : at + 4]) for at in range(0, len(numbers), 4)]
