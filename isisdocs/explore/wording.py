"""The words of a quotation and of an article, and where the one stands in the other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from isisdocs.words import fold, pattern_tokens, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from isisdocs.model import Article

BRACKET_WORDS = 8
"""Words of the source that words in square brackets may stand for."""


class Word(NamedTuple):
    """A word of a quotation."""

    exact: str
    folded: str
    text: str
    """As it stands in the draft."""

    def is_at(self, place: Place, *, may_change_case: bool) -> bool:
        """Tell whether a word of an article is this one.

        With *may_change_case* the first letter may have the other case. A `?` or U+FFFD inside a
        word, as lost encodings leave them, stands for one letter or none.
        """
        if self.exact == place.exact:
            return True
        if may_change_case and self.exact[1:] == place.exact[1:]:
            return self.exact[:1].casefold() == place.exact[:1].casefold()
        return bool(_LOST.search(self.exact)) and self._fits(place)

    def _fits(self, place: Place) -> bool:
        apostrophe = [token.exact for token in tokens(_LOST.sub("'", self.exact))]
        if apostrophe == [place.exact]:
            return True
        parts = (re.escape(fold(part)) if part else "" for part in _LOST.split(self.exact))
        return re.fullmatch(".?".join(parts), place.folded) is not None


class Gap(Enum):
    """What lies between a segment of a quotation and the one before it."""

    NONE = 0
    ELLIPSIS = 1
    """Anything may have been left out."""
    BRACKET = 2
    """Words in brackets stand for up to `BRACKET_WORDS` of the source, or were added."""


class Segment(NamedTuple):
    """Words that follow each other directly."""

    gap: Gap
    words: tuple[Word, ...]


class Place(NamedTuple):
    """A word of an article."""

    exact: str
    folded: str
    paragraph: int
    """-1 in the title."""
    start: int
    end: int


def segments(quotation: str) -> list[Segment]:
    """Return the words of a quotation between its ellipses and brackets.

    `[sic]` and notes on emphasis are nothing; a letter in brackets, `[T]he`, is a letter.
    """
    text = _LETTER.sub(r"\1", _NOTE.sub(" ", quotation))
    found: list[Segment] = []
    gap = Gap.NONE
    reached = 0
    for match in _CUT.finditer(text):
        gap = _add(found, gap, text[reached : match.start()])
        gap = Gap.ELLIPSIS if match["ellipsis"] or gap is Gap.ELLIPSIS else Gap.BRACKET
        reached = match.end()
    _add(found, gap, text[reached:])
    return found


def _add(found: list[Segment], gap: Gap, text: str) -> Gap:
    """Append the words of *text*; return the gap that what follows has so far."""
    words = tuple(_words(text))
    if not words:
        return gap
    found.append(Segment(gap if found else Gap.NONE, words))
    return Gap.NONE


def _words(text: str) -> Iterator[Word]:
    if not _LOST_INSIDE.search(text):
        for token in tokens(text):
            if token.width == 1:
                yield Word(token.exact, token.folded, text[token.start : token.end])
        return
    marked = text.replace("*", " ").replace("\ufffd", "?")
    marked = _LOST_OUTSIDE.sub(" ", marked)
    for token in pattern_tokens(marked):
        if token.width == 1:
            yield Word(token.exact, token.folded, text[token.start : token.end])


@dataclass(frozen=True)
class Wording:
    """An article as a row of words, its title first."""

    article: Article

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The words in order."""
        texts = [(-1, self.article.metadata.title)]
        texts += [(index, p.text) for index, p in enumerate(self.article.paragraphs)]
        return tuple(
            Place(token.exact, token.folded, index, token.start, token.end)
            for index, text in texts
            for token in tokens(text)
            if token.width == 1
        )

    @cached_property
    def positions(self) -> dict[str, list[int]]:
        """Where each folded word stands, ascending."""
        found: dict[str, list[int]] = {}
        for position, place in enumerate(self.places):
            found.setdefault(place.folded, []).append(position)
        return found

    def line(self, position: int) -> int:
        """Return the line in the file of a word."""
        place = self.places[position]
        if place.paragraph < 0:
            return self.article.title_line
        return self.article.paragraphs[place.paragraph].line_at(place.start)

    def text(self, start: int, end: int) -> str:
        """Return the text from one word to another, itself not included; spaces are single."""
        inside = self.places[start:end]
        if not inside:
            return ""
        parts = []
        for paragraph in range(inside[0].paragraph, inside[-1].paragraph + 1):
            whole = (
                self.article.metadata.title
                if paragraph < 0
                else self.article.paragraphs[paragraph].text
            )
            first = inside[0].start if paragraph == inside[0].paragraph else 0
            last = inside[-1].end if paragraph == inside[-1].paragraph else len(whole)
            parts.append(whole[first:last])
        return " ".join(" ".join(parts).split())

    def run_at(self, words: Sequence[Word], position: int) -> int:
        """Return how many of the words stand one after the other from *position* on."""
        count = 0
        for word in words:
            if position + count >= len(self.places):
                break
            if not word.is_at(self.places[position + count], may_change_case=count == 0):
                break
            count += 1
        return count

    def starts(self, words: Sequence[Word]) -> list[int]:
        """Return the positions where all the words stand one after the other."""
        best = min(
            (index for index, word in enumerate(words) if not _LOST.search(word.exact)),
            key=lambda index: len(self.positions.get(words[index].folded, ())),
            default=None,
        )
        if best is None:
            candidates = list(range(len(self.places)))
        else:
            candidates = [p - best for p in self.positions.get(words[best].folded, ())]
        return [
            start for start in candidates if start >= 0 and self.run_at(words, start) == len(words)
        ]

    def whole(self, quoted: Sequence[Segment]) -> list[tuple[int, int]] | None:
        """Return first and last position of each segment where all stand in order, or None."""
        return self._chain(quoted, [self.starts(segment.words) for segment in quoted], 0, None)

    def _chain(
        self,
        quoted: Sequence[Segment],
        starts: Sequence[list[int]],
        index: int,
        end: int | None,
    ) -> list[tuple[int, int]] | None:
        if index == len(quoted):
            return []
        segment = quoted[index]
        for start in starts[index]:
            if end is not None and start < end:
                continue
            if end is not None and segment.gap is Gap.BRACKET and start > end + BRACKET_WORDS:
                return None
            last = start + len(segment.words)
            if (rest := self._chain(quoted, starts, index + 1, last)) is not None:
                return [(start, last), *rest]
            if index + 1 < len(quoted) and quoted[index + 1].gap is Gap.ELLIPSIS:
                return None  # a later start leaves less for what follows
        return None


_LOST = re.compile(r"[?\ufffd]")
_LOST_INSIDE = re.compile(r"(?<=\w)[?\ufffd]{1,4}(?=\w)")
_LOST_OUTSIDE = re.compile(r"(?<![\w?])\?+|\?+(?!\w)(?!\?)|\?{5,}")
_NOTE = re.compile(
    r"\[\s*(?:sic|recte|my emphasis|emphasis[^\[\]]*|italics[^\[\]]*)[.!?]?\s*\]", re.I
)
_LETTER = re.compile(r"\[(\w)\](?=\w)")
_DOTS = r"(?:…|\.\s?\.\s?\.(?:\s?\.)?)"
_CUT = re.compile(rf"(?P<ellipsis>\[\s*{_DOTS}\s*\]|\(\s*{_DOTS}\s*\)|{_DOTS})|\[[^\[\]]*\]")
