"""What a scraper or an editor left in the text: entities, escapes, invisible marks, ligatures.

Each repair is a function from a text to its edits; `MARKS` is the order they run in. Lost
characters are in `lost`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from typing import TYPE_CHECKING

from isisdocs.load.ledger import Edit, apply_edits, chain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# Anything that one of the repairs below might change; clean text passes at memory speed.
_NON_ASCII_SUSPECT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u2007\u200b\u202f\u2060\ufb00-\ufb06\ufeff\ufffd]"
)
_ASCII_SUSPECT = re.compile("[\x00-\x08\x0b-\x1f\x7f]")

_CONTROL = re.compile("\x1b\\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2060\ufeff]")
_BREAK = frozenset("\x0b\x0c\x1c\x1d\x1e\x1f\x85")

# With a semicolon only: `&copy` in an address is not an entity. The second form was escaped twice.
_ENTITY = re.compile(r"&(?:amp;)*(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ESCAPE = re.compile(r"(?<!\\)\\([$*_#\[\]()!>~&+|{}<`'\"-]|(?<=\d\\)\.)")
# A line with a TeX command, a Windows path or a regular expression keeps its backslashes.
_BACKSLASH_LANGUAGE = re.compile(r"\\[A-Za-z0-9]|\b[A-Za-z]:\\|\\\\")
_SPACE = re.compile("[\xa0\u2007\u202f]")
_SOFT_HYPHEN = re.compile("\xad+(?!\n|\\Z)")
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_REPLACEMENTS = re.compile("\ufffd+")


def controls(text: str) -> Iterator[Edit]:
    """Yield the removal of control characters and of spaces without width.

    A C1 control stands for the cp1252 character with that byte; what separated words becomes a
    space. The line feed is never touched, so that lines keep their numbers.
    """
    for match in _CONTROL.finditer(text):
        found = match.group()
        after = " " if found in _BREAK else ""
        if "\x80" <= found <= "\x9f" and found != "\x85":
            after = bytes([ord(found)]).decode("cp1252", errors="ignore")
        elif found == "\x85" and text[match.start() - 1 : match.start()].isalnum():
            after = "…"
        yield Edit(*match.span(), after, "control-character", 0.99)


def entities(text: str) -> Iterator[Edit]:
    """Yield HTML character references as the characters they name, outside code."""
    if "&" not in text:
        return
    code = _Code(text)
    for match in _ENTITY.finditer(text):
        after = match.group()
        if match.start() in code:
            continue
        while (shorter := html.unescape(after)) != after:
            after = shorter
        after = after.replace("\n", " ").replace("\r", " ")
        if not after.startswith("&") or after == "&":
            yield Edit(*match.span(), after, "entity", 0.99)


def escapes(text: str) -> Iterator[Edit]:
    r"""Yield Markdown's backslash escapes without the backslash: `\$8,000` is `$8,000`."""
    if "\\" not in text:
        return
    code = _Code(text)
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if "\\" in line and not _BACKSLASH_LANGUAGE.search(line):
            for match in _ESCAPE.finditer(text, start, end):
                if match.start() not in code:
                    yield Edit(*match.span(), match.group(1), "markdown-escape", 0.99)
        start = end + 1


def spaces(text: str) -> Iterator[Edit]:
    """Yield no-break spaces as spaces."""
    for match in _SPACE.finditer(text):
        yield Edit(*match.span(), " ", "no-break-space", 1.0)


def soft_hyphens(text: str) -> Iterator[Edit]:
    """Yield soft hyphens as nothing, except at a line's end, where `paragraphs` reads them."""
    for match in _SOFT_HYPHEN.finditer(text):
        yield Edit(*match.span(), "", "soft-hyphen", 1.0)


def replacement_runs(text: str) -> Iterator[Edit]:
    """Yield runs of U+FFFD that stand for the bytes of one character as one U+FFFD.

    What was UTF-8 and was read as ASCII has two of them for most letters, three for quotes, dashes
    and the like. Where a single one stands anywhere, each is a character of its own. Longer runs
    stay.
    """
    if "\ufffd\ufffd" not in text:
        return
    runs = [match.span() for match in _REPLACEMENTS.finditer(text)]
    if any(end - start == 1 for start, end in runs):
        return
    for start, end in runs:
        if end - start <= 3:
            yield Edit(start, end, "\ufffd", "bytes-of-one-character", 0.9)


def ligatures(text: str) -> Iterator[Edit]:
    """Yield typesetter's ligatures as letters; `œ` and `æ` are letters and stay."""
    for match in _LIGATURE.finditer(text):
        yield Edit(*match.span(), unicodedata.normalize("NFKC", match.group()), "ligature", 1.0)


MARKS: tuple[Callable[[str], Iterator[Edit]], ...] = (
    entities,
    controls,
    escapes,
    spaces,
    soft_hyphens,
    ligatures,
    replacement_runs,
)
"""The repairs in the order they run: entities first, since they may name any of the others."""


def is_suspect(text: str) -> bool:
    """Tell whether any repair of `MARKS` could have something to do."""
    if "&" in text or "\\" in text:
        return True
    suspect = _ASCII_SUSPECT if text.isascii() else _NON_ASCII_SUSPECT
    return suspect.search(text) is not None


def mend_marks(text: str) -> list[Edit]:
    """Return the edits that all repairs of `MARKS` make of *text*, sorted."""
    edits: Sequence[Edit] = []
    mended, before = text, ""
    while mended != before and is_suspect(mended):
        before = mended  # without a soft hyphen in it a sign may be an escape
        for find in MARKS:
            found = list(find(mended))
            edits = chain(text, edits, found)
            mended = apply_edits(mended, found)
    return list(edits)


class _Code:
    """Where a text stands between backticks of one line."""

    def __init__(self, text: str) -> None:
        self._spans = [match.span() for match in _BACKTICKS.finditer(text)] if "`" in text else []

    def __contains__(self, position: int) -> bool:
        index = bisect_right(self._spans, (position, position)) - 1
        return index >= 0 and position < self._spans[index][1]


_BACKTICKS = re.compile(r"`[^`\n]+`")
