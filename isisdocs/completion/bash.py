"""bash gives the line before the cursor, since it takes words apart at colons and quotation marks.

What it puts into the line is in the place of the last of those parts, and is to be quoted as a
shell needs it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from isisdocs.completion import FILES, FOLDERS, candidates

_SPECIAL = re.compile(r"([^\w@%+:,./#~^=\-])")
_SPECIAL_QUOTED = re.compile(r'(["$`\\])')


class Words(NamedTuple):
    """A command line taken apart."""

    words: list[str]
    """As the program would get them; the last one may not be whole."""
    start: int
    """Character of the last one from which on bash replaces it."""
    quote: str
    """The quotation mark that is open, or none."""


def replies(line: str, breaks: str) -> list[str]:
    """Return what bash is to put in place of the last part; *breaks* are its COMP_WORDBREAKS."""
    words, start, quote = taken_apart(line, breaks)
    return [
        one.value if one.value in (FILES, FOLDERS) else _quoted(one.value[start:], quote)
        for one in candidates(words[1:])
        if one.value.isprintable() and not (quote == "'" and "'" in one.value)
    ]


def taken_apart(line: str, breaks: str) -> Words:
    r"""Return the words of a line that ends at the cursor.

    >>> taken_apart("isisdocs search 'title:isis so", ":'")
    Words(words=['isisdocs', 'search', 'title:isis so'], start=0, quote="'")
    >>> taken_apart(r"isisdocs show a\ b --sort=", "=:")
    Words(words=['isisdocs', 'show', 'a b', '--sort='], start=7, quote='')
    """
    words, word, start, quote = [], "", 0, ""
    is_escaped = False
    for character in line:
        if is_escaped:
            word += character
            is_escaped = False
        elif character == "\\" and quote != "'":
            is_escaped = True
        elif character == quote:
            quote = ""
        elif not quote and character in "'\"":
            quote = character
            start = len(word)
        elif not quote and character in " \t\n":
            words.append(word)
            word, start = "", 0
        else:
            word += character
            if not quote and character in breaks:
                start = len(word)
    return Words([one for one in words if one] + [word], start, quote)


def _quoted(text: str, quote: str) -> str:
    if quote == "'":
        return text
    return (_SPECIAL_QUOTED if quote else _SPECIAL).sub(r"\\\1", text)
