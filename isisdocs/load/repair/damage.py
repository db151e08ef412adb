"""Is the text damaged at all? The test that comes before any character is brought back.

In undamaged prose a question mark ends something: a letter, digit, bracket, quote or other mark
comes before it, a space, bracket, quote or mark after it. A lost character stands where no question
mark can: inside a word, at a word's start, alone between spaces or at the start of a line, after a
comma. Such places are counted outside addresses and code. A text is damaged from two of them on,
from one where the place is an English contraction or in a word that a lexicon knows (`fa?ade`), or
where it holds U+FFFD, which nobody writes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from isisdocs.load.lexicon import common_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from isisdocs.load.lexicon import Lexicon

LOST = "?\ufffd"
"""What a decoder or an encoder puts in the place of what it cannot express."""

_ENOUGH = 2.0

# Every alternative starts at the mark itself, so that the search runs at the speed of a literal.
_IMPOSSIBLE = re.compile(
    r"\?(?:"
    r"(?<=[^\W\d_]\?)(?P<contraction>(?:s|t|re|ve|ll|d|m)(?![\w?=&/]))"
    r"|(?<=[^\W_]\?)(?P<inside>[a-z])"
    r"|(?<=\d\?)(?P<range>\d)"
    r"|(?<=[\s(\[]\?)(?P<start>[^\W_])"
    r"|(?<=[,;:]\?)(?P<comma>(?=\s|\Z))"
    r"|(?<=[ \n]\?)(?P<alone>[ \t][^\W_])"
    r")"
)
_WEIGHTS = {
    "contraction": 2.0,
    "inside": 1.0,
    "range": 0.5,
    "start": 1.0,
    "comma": 1.0,
    "alone": 1.0,
}

# What an address holds before its question mark, and what a query string holds after it.
_ADDRESS = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]{1,9}://|www\.|mailto:|^[(\"'“‘<\[]{0,2}/\w"
    r"|\w\.(?:com|org|net|gov|edu|uk|php|html?|aspx?|jsp|cgi)(?:/|\Z)"
)
_QUERY = re.compile(r"(?<=[\w/])\?[\w.%+-]{1,40}[=&]")
_LONGEST_ADDRESS = 300


def is_damaged(text: str, *, lexicon: Lexicon | None = None) -> bool:
    """Tell whether characters of *text* have been lost, by the test in this module's docstring.

    *lexicon* is what counts as known words, those of any corpus in English if it is not given.

    >>> is_damaged("Why? Because it can?t be helped.")
    True
    >>> is_damaged("Why? See http://example.org/?q=why&lang=en")
    False
    """
    if "\ufffd" in text:
        return True
    if "?" not in text:
        return False
    weight = 0.0
    for match in _IMPOSSIBLE.finditer(text):
        if not in_address(text, match.start()):
            weight += _WEIGHTS[match.lastgroup or "inside"]
            if match.lastgroup == "inside" and weight < _ENOUGH:
                lexicon = lexicon or common_words()
                weight += lexicon.find(text, match.start()) is not None
            if weight >= _ENOUGH:
                return True
    return False


def count_lost(text: str) -> int:
    """Return how many characters of *text* surely stand for a lost one: no question mark can.

    >>> count_lost("Why? Because it can?t be helped.")
    1
    """
    marks = sum(
        not in_address(text, match.start())
        for match in _IMPOSSIBLE.finditer(text)
        if match.lastgroup != "range"
    )
    return text.count("\ufffd") + marks


# What typists rarely have, so that it survived where it stands.
_TYPOGRAPHIC = re.compile("[‘’“”–—…•]")
_MIXED = 10


def whole_paragraphs(text: str, spans: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Return the numbers of the paragraphs that lost nothing in a text that lost some as a whole.

    *spans* are the paragraphs' starts and ends. Where paragraphs either lost characters or kept
    their typographic ones, and hardly any both, those that kept them are undamaged, and what they
    ask are real questions. Empty where the damage is of another kind.
    """
    kept: set[int] = set()
    damaged = mixed = 0
    for number, (start, end) in enumerate(spans):
        survives = _TYPOGRAPHIC.search(text, start, end) is not None
        if text.find("\ufffd", start, end) >= 0 or any(
            not in_address(text, match.start()) for match in _IMPOSSIBLE.finditer(text, start, end)
        ):
            damaged += 1
            mixed += survives
        elif survives:
            kept.add(number)
    return frozenset(kept) if min(len(kept), damaged - mixed) > _MIXED * mixed else frozenset()


def in_address(text: str, position: int) -> bool:
    """Tell whether the `?` at *position* is part of an address or a query string.

    A sentence may end in an address: a mark with no letter or digit after it is not part of it.
    """
    if not text[position + 1 : position + 2].isalnum():
        return False
    if _QUERY.match(text, position):
        return True
    if text[position - 1 : position].isspace():
        return False
    before = text[max(0, position - _LONGEST_ADDRESS) : position].rsplit(None, 1)
    return bool(before) and _ADDRESS.search(before[-1]) is not None
