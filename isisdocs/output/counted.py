"""How many of a thing, in words."""

from __future__ import annotations


def counted(count: int, one: str, many: str = "") -> str:
    """Return the number with its noun; the plural is *one* with an `s` where *many* is not given.

    >>> counted(1, "article"), counted(1200, "article"), counted(0, "match", "matches")
    ('1 article', '1,200 articles', '0 matches')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
