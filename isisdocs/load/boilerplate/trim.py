"""Furniture that a scraper glued to a line of the article: `… he said.Read more`."""

from __future__ import annotations

import re

from isisdocs.load.boilerplate import cues

_TAIL = re.compile(r"""(?<=[.!?”"’)\]])\s*+(?P<piece>[^\W\d_][\w ’'-]{2,39}+)[.:»>…]*+\s*+$""")
_HEAD = re.compile(r"(?P<piece>ADVERTISEMENT|Advertisement)[:\s]\s*+(?=[A-Z“\"‘])")
_OF_THE_WHOLE = frozenset({"sponsored", "promoted", "paid"})


def trim(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return *text* without the furniture at its ends, and each piece with its cue's family.

    A piece is cut only where it would be furniture as a line of its own, after a sentence's end.

    >>> trim("The pier was lost, he said.Read more")
    ('The pier was lost, he said.', (('Read more', 'related'),))
    """
    pieces = []
    if head := _HEAD.match(text):
        pieces.append((head["piece"], "advert"))
        text = text[head.end() :]
    # A tail is short, so that only the end of a line of many megabytes is searched.
    from_end = max(0, len(text) - 60)
    if tail := _TAIL.search(text, from_end):
        words = cues.normalise(tail["piece"])
        family = cues.whole(words)
        # "Sponsored" says that the sentence before it is an advertisement as well.
        if family is not None and cues.is_certain(words) and words[0] not in _OF_THE_WHOLE:
            pieces.append((text[tail.start() :].strip(), family))
            text = text[: tail.start()]
    return text, tuple(pieces)
