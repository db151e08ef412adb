"""A long sentence, cut around what matched in it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from isisdocs.model import Span
from isisdocs.words import tokens

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

ELLIPSIS = "…"


def shortened(
    text: str, ranges: Sequence[Span], words: Sequence[Collection[str]], *, width: int
) -> tuple[str, list[Span]]:
    """Return *text* in at most *width* characters, cut between words, and the ranges left in it.

    What is kept has as many different *words* (those of each range) as fit, whole ranges only; one
    that is longer than *width* is kept whole all the same. An ellipsis marks each cut.
    """
    if len(text) <= width:
        return text, list(ranges)
    room = max(width - 2 * len(f"{ELLIPSIS} "), 1)
    kept = _window(ranges, words, room)
    start, end = _widened(text, kept, room)
    before = f"{ELLIPSIS} " if start else ""
    after = f" {ELLIPSIS}" if end < len(text) else ""
    shift = len(before) - start
    inside = [span for span in ranges if start <= span.start and span.end <= end]
    return (
        f"{before}{text[start:end]}{after}",
        [Span(span.start + shift, span.end + shift) for span in inside],
    )


def _window(ranges: Sequence[Span], words: Sequence[Collection[str]], room: int) -> Span:
    """Return the stretch from one range to another within *room* that has most different words."""
    best, most = Span(0, 0), -1
    counts: Counter[str] = Counter()
    end = 0
    for first, span in enumerate(ranges):
        while end <= first or (end < len(ranges) and ranges[end].end - span.start <= room):
            counts.update(words[end])
            end += 1
        if len(counts) > most:
            best, most = Span(span.start, ranges[end - 1].end), len(counts)
        for word in words[first]:
            counts[word] -= 1
            if not counts[word]:
                del counts[word]
    return best


def _widened(text: str, kept: Span, room: int) -> Span:
    """Return the range around *kept* that fills *room*, with as much before as after it."""
    spare = max(room - (kept.end - kept.start), 0)
    before = min(kept.start, spare // 2)
    after = min(len(text) - kept.end, spare - before)
    before = min(kept.start, spare - after)
    start = _first_border(text, kept.start - before, kept.start)
    end = _last_border(text, kept.end, kept.end + after)
    return Span(start, end)


def _first_border(text: str, lowest: int, highest: int) -> int:
    """Return the first beginning of a word from *lowest* on; *highest* is one."""
    if lowest == 0:
        return 0
    if match := _WORD_START.search(text, lowest, highest):
        return match.start()
    # The first word of the slice may have lost its beginning.
    found = [token for token in tokens(text[lowest - 1 : highest]) if token.width == 1][1:]
    return found[0].start + lowest - 1 if found else highest


def _last_border(text: str, lowest: int, highest: int) -> int:
    """Return the last end of a word up to *highest*; *lowest* is one."""
    if highest == len(text):
        return highest
    if space := [match.start() for match in _SPACES.finditer(text, lowest, highest + 1)]:
        return space[-1]
    found = [token for token in tokens(text[lowest : highest + 1]) if token.width == 1][:-1]
    return found[-1].end + lowest if found else lowest


_WORD_START = re.compile(r"(?<=\s)\S")
_SPACES = re.compile(r"\s+")
