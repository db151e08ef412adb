"""Concordance: every match of a query in the middle of its line."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isisdocs import passages
from isisdocs.errors import QueryError
from isisdocs.words import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from isisdocs.model import Article
    from isisdocs.query.tree import Node

CONTEXT = 600
"""Characters kept on either side of a match."""
_WORD_SPACE = 16
"""About as many characters hold a word and what is between it and the next."""


@dataclass(frozen=True, slots=True)
class Line:
    """One match with what stands around it in its title or paragraph."""

    article: Article
    line: int
    """Line of the match in the original file."""
    left: str
    match: str
    right: str


def lines(node: Node, articles: Iterable[Article]) -> Iterator[Line]:
    """Yield a line for each match, in the order of articles and texts.

    They are as many as `passages.hits` finds. White space in them is single spaces.
    """
    for article in articles:
        marked = passages.find(node, article)
        for start, end in marked.title:
            yield _line(article, article.title_line, article.metadata.title, start, end)
        body = passages.MarkedField(article.paragraphs, marked.paragraphs, marked.words)
        for field in (body, *marked.left_out):
            for paragraph, ranges in zip(field.texts, field.ranges, strict=True):
                for start, end in ranges:
                    yield _line(article, paragraph.line_at(start), paragraph.text, start, end)


def sample(found: Sequence[Line], count: int, *, seed: int) -> list[Line]:
    """Return *count* lines drawn without replacement, in their order; the same for one seed."""
    if count >= len(found):
        return list(found)
    chosen = random.Random(seed).sample(range(len(found)), count)  # noqa: S311  # no secret
    return [found[index] for index in sorted(chosen)]


def sorted_by(found: Iterable[Line], keys: Sequence[str]) -> list[Line]:
    """Return the lines sorted by the words around the match; those equal keep their order.

    A key is `L1`, the nearest word on the left, `L2`, the one before, and so on; `R1`, `R2`, …; or
    `M`, the match itself. Words are compared without case and accents. QueryError for others.
    """
    parsed = [_key(key) for key in keys]
    farthest = {
        side: max((number for asked, number in parsed if asked == side), default=0) for side in "LR"
    }

    def sort_key(line: Line) -> list[str]:
        sides = {
            "L": _nearest(line.left, farthest["L"], is_left=True),
            "R": _nearest(line.right, farthest["R"], is_left=False),
            "M": [" ".join(_words(line.match))],
        }
        return [
            sides[side][number - 1] if number <= len(sides[side]) else "" for side, number in parsed
        ]

    return sorted(found, key=sort_key)


def _nearest(text: str, count: int, *, is_left: bool) -> list[str]:
    """Return at least *count* words that stand nearest to the match, the nearest first.

    No more of *text* is read than holds one word more, since what is cut off may belong to that.
    """
    size = _WORD_SPACE * (count + 1)
    words: list[str] = []
    while count and len(words) <= count:
        whole = size >= len(text)
        part = text if whole else text[-size:] if is_left else text[:size]
        words = _words(part)
        if whole:
            break
        size *= 2
    return words[::-1] if is_left else words


def _line(article: Article, number: int, text: str, start: int, end: int) -> Line:
    return Line(
        article,
        number,
        _spaced(text[max(0, start - CONTEXT) : start]).lstrip(),
        _spaced(text[start:end]),
        _spaced(text[end : end + CONTEXT]).rstrip(),
    )


def _key(key: str) -> tuple[str, int]:
    found = re.fullmatch(r"([LR])([1-9]\d?)|M", key.strip().upper())
    if not found:
        raise QueryError(f"cannot sort by {key!r}", hint="keys are L1, L2, …, R1, R2, … and M")
    return found[1] or "M", int(found[2] or 1)


def _words(text: str) -> list[str]:
    return [token.folded for token in tokens(text) if token.width == 1]


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)
