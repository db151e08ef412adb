"""Kept lines to paragraphs: hard wraps undone, words and sentences broken in two put together.

Which lines are kept is `boilerplate`'s; characters inside a line are `repair`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Protocol

from isisdocs.model import Paragraph, Repair

if TYPE_CHECKING:
    from collections.abc import Container, Sequence


@dataclass(frozen=True, slots=True)
class Joined:
    """Lines as paragraphs, and every join made."""

    paragraphs: tuple[Paragraph, ...]
    repairs: tuple[Repair, ...]
    """`before` is what stood between the lines, with its line feeds; line and column are those of
    the end of the earlier line. Rules: `hard-wrap`, `line-hyphen`, `broken-paragraph`."""


def join(lines: Sequence[Paragraph], *, known_words: Container[str] = ()) -> Joined:
    """Return *lines*, one Paragraph for each that has text, as paragraphs.

    A gap in the line numbers is a blank line, or lines that were cut. Headings, list items, verse
    and tables stay as they are. *known_words*, lower-case, are consulted beside the text itself
    when a word was hyphenated at a line's end.

    >>> lines = ["The whole town went down that day to the har-", "bour; the harbour was shut."]
    >>> join([Paragraph(1, lines[0]), Paragraph(2, lines[1])]).paragraphs[0].text
    'The whole town went down that day to the harbour; the harbour was shut.'
    """
    width = _wrap_width(lines)
    seams = [_seam(first, second, width) for first, second in pairwise(lines)]
    _spare_lists(seams)
    words: set[str] | None = None
    paragraphs: list[Paragraph] = []
    repairs: list[Repair] = []
    parts: list[str] = []
    starts: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        seam = seams[index - 1] if index else ""
        if not seam:
            _close(paragraphs, parts, starts)
            paragraphs.append(line)
            parts, starts = [line.text], []
            continue
        previous = lines[index - 1]
        start = len(previous.text.rstrip())
        indent = line.text[: len(line.text) - len(line.text.lstrip())]
        before = previous.text[start:] + "\n" * (line.line - previous.line) + indent
        after = " "
        confidence = 0.97 if seam == "hard-wrap" else 0.9
        if _HYPHENATED.search(previous.text) and line.text.lstrip()[:1].islower():
            words = _words(lines) if words is None else words
            hyphen = previous.text.rstrip()[-1]
            after, confidence = _rejoin(previous.text, line.text, words, known_words)
            if not after:
                start -= 1
                before = hyphen + before
                parts[-1] = parts[-1].rstrip()[:-1]
            else:
                after = ""
            seam = "line-hyphen"
        parts[-1] = parts[-1].rstrip()
        parts += (after, line.text.lstrip())
        starts.append((len(parts) - 1, line.line))
        repairs.append(Repair(previous.line, start + 1, before, after, seam, confidence))
    _close(paragraphs, parts, starts)
    return Joined(tuple(paragraphs), tuple(repairs))


class Numbered(Protocol):
    """A line of a text and its number."""

    @property
    def line(self) -> int:
        """Counted from 1."""
        ...

    @property
    def text(self) -> str:
        """What stands on it."""
        ...


def hard_wraps(lines: Sequence[Numbered]) -> list[bool]:
    """Tell of each of *lines* whether it goes on, by a hard wrap, from the one before it.

    None does unless the text as a whole was wrapped: lines that are sentences of the same length
    are paragraphs, or furniture.
    """
    width = _wrap_width(lines)
    pairs = list(pairwise(lines)) if width else []
    wraps = [_seam(first, second, width) == "hard-wrap" for first, second in pairs]
    open_ends = sum(
        not _SENTENCE_END.search(first.text)
        for (first, _), goes_on in zip(pairs, wraps, strict=True)
        if goes_on
    )
    if open_ends < _FEWEST_WRAPS or 3 * open_ends < 2 * sum(wraps):
        return [False] * len(lines)
    return [False, *wraps]


_FEWEST_WRAPS = 3


def _close(paragraphs: list[Paragraph], parts: list[str], starts: list[tuple[int, int]]) -> None:
    """Make the last paragraph out of its *parts*; *starts*: index of a part, and its line."""
    if len(parts) > 1:
        offsets = list(accumulate(map(len, parts), initial=0))
        later_lines = tuple((offsets[part], line) for part, line in starts)
        paragraphs[-1] = Paragraph(paragraphs[-1].line, "".join(parts), later_lines)


# --- where lines belong together --------------------------------------------------------------

# Heading, quotation, list item, table row, fence, rule: a line that starts something of its own.
_STRUCTURE = re.compile(
    r"\s*(?:#{1,6}\s|>|[-*+•▪●◦‣–—]\s|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]\s|\||```|~~~|[-=_*]{3,}\s*$|\[\d+\])"
)
_HEADING = re.compile(r"\s*#{1,6}\s")
_TABLE = re.compile(r"\||\t|\S {3,}\S")
_SENTENCE_END = re.compile(r"[.!?…:;][\"'”’»)\]*_]*\s*$")
_HYPHENATED = re.compile(r"(?<=[^\W\d_]{2})[-\u2010\xad]\s*$")
_FIRST_WORD = re.compile(r"\s*\S+")
_OPEN_END = re.compile(
    r"(?:,|\b(?:a|an|the|of|to|in|on|at|by|for|from|with|and|or|but|nor|that|which|who|whose|as|than|"
    r"is|are|was|were|be|been|has|have|had|will|would|its|his|her|their|our|my|your|into|between))\s*$"
)
_MIN_WRAP, _MAX_WRAP = 38, 120
_MIN_BROKEN = 40
_MAX_GAP = 8


def _wrap_width(lines: Sequence[Numbered]) -> int:
    """Return the width in characters at which the text was wrapped, 0 where it was not.

    A wrapped line is full: the first word of the next would not have fitted. Verse is not.
    """
    pairs = [
        (len(first.text), len(first.text) + 1 + len(_first_word(second.text)))
        for first, second in pairwise(lines)
        if second.line == first.line + 1
        and not _STRUCTURE.match(first.text)
        and not _STRUCTURE.match(second.text)
    ]
    if not pairs:
        return 0
    lengths = sorted(length for length, _ in pairs)
    width = lengths[min(len(lengths) - 1, len(lengths) * 19 // 20)]
    full = sum(needed > width - 4 for _, needed in pairs)
    return width if _MIN_WRAP <= width <= _MAX_WRAP and full * 10 >= len(pairs) * 6 else 0


def _seam(first: Numbered, second: Numbered, width: int) -> str:
    """Return the rule by which *second* continues *first*, empty where it does not."""
    gap = second.line - first.line
    text = first.text.rstrip()
    if gap == 1 and width:
        full = len(text) + 1 + len(_first_word(second.text)) > width - 4
        goes_on = (full and len(text) <= width + 4) or _continues(text, second.text, width // 2)
        seam = "hard-wrap"
    else:
        goes_on = gap <= _MAX_GAP and _continues(text, second.text, _MIN_BROKEN)
        seam = "broken-paragraph"
    # Most paragraphs end with a sentence, and need not be asked what else they are.
    return seam if goes_on and not _is_structure(first.text, second.text) else ""


def _is_structure(first: str, second: str) -> bool:
    """Tell whether one of two lines is a heading, a row of a table, or starts something new."""
    return bool(
        _STRUCTURE.match(second)
        or _HEADING.match(first)
        or _TABLE.search(first.strip())
        or _TABLE.search(second.strip())
    )


def _continues(first: str, second: str, shortest: int) -> bool:
    """Tell whether the sentence that *first* leaves open goes on in *second*."""
    if len(first) < shortest or _SENTENCE_END.search(first) or _STRUCTURE.match(first):
        return False
    start = second.lstrip().lstrip("\"'“‘(")
    if len(second) < shortest and not (_SENTENCE_END.search(second) and start[:1].islower()):
        return False
    if start[:1].islower():
        return True
    # Before a name only a long line, so that "A letter to all friends of" stays a heading.
    return len(first) >= 2 * shortest and start[:1].isalnum() and bool(_OPEN_END.search(first))


def _spare_lists(seams: list[str]) -> None:
    """Take back joins across blank lines that come in a row: items of a list, or verse."""
    index = 0
    while index < len(seams):
        end = index
        while end < len(seams) and seams[end] == "broken-paragraph":
            end += 1
        if end - index > 1:
            seams[index:end] = [""] * (end - index)
        index = max(end, index + 1)


def _first_word(text: str) -> str:
    match = _FIRST_WORD.match(text)
    return match.group().strip() if match else ""


# --- words broken at a line's end -------------------------------------------------------------

_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")


def _words(lines: Sequence[Paragraph]) -> set[str]:
    """Return every word of the text that is not itself broken, in lower case."""
    words: set[str] = set()
    for line in lines:
        text = line.text.rstrip()
        for match in _WORD.finditer(text):
            if text[match.end() : match.end() + 1] not in ("-", "\u2010", "\xad"):
                words.add(match.group().lower())
                words.update(match.group().lower().split("-"))
    return words


def _rejoin(first: str, second: str, words: set[str], known: Container[str]) -> tuple[str, float]:
    """Return the hyphen that stays, or none, and how sure that is."""
    first = first.rstrip()
    hyphen = first[-1]
    match = _WORD.search(first[:-1], first.rfind(" ") + 1)
    left = first[:-1][match.start() :].lower() if match else ""
    right_match = _WORD.match(second.lstrip())
    right = right_match.group().lower() if right_match else ""
    whole = left.rsplit("-", 1)[-1] + right.split("-", 1)[0]
    if hyphen == "\xad":
        return "", 1.0
    if f"{left}-{right}" in words or f"{left}-{right}" in known:
        return hyphen, 0.98
    if whole in words or whole in known:
        return "", 0.97
    return hyphen, 0.6
