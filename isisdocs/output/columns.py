"""Text in columns of a terminal, where a character is none, one or two of them wide."""

from __future__ import annotations

from wcwidth import iter_graphemes, wcswidth


def width(text: str) -> int:
    r"""Return how many columns the text takes; it has no control characters.

    >>> width("Mosul"), width("摩苏尔"), width("e\u0301")
    (5, 6, 1)
    """
    return max(wcswidth(text), 0)


def beginning(text: str, columns: int) -> str:
    """Return as much of the beginning as fits, cut between what a reader sees as letters."""
    taken: list[str] = []
    room = columns
    for grapheme in iter_graphemes(text):
        room -= width(grapheme)
        if room < 0:
            break
        taken.append(grapheme)
    return "".join(taken)


def ending(text: str, columns: int) -> str:
    """Return as much of the end as fits, cut between what a reader sees as letters."""
    graphemes = list(iter_graphemes(text))
    room = columns
    start = len(graphemes)
    while start:
        room -= width(graphemes[start - 1])
        if room < 0:
            break
        start -= 1
    return "".join(graphemes[start:])


def padded(text: str, columns: int, *, is_right: bool = False) -> str:
    """Return the text with spaces up to so many columns, before it where *is_right*."""
    spaces = " " * max(columns - width(text), 0)
    return spaces + text if is_right else text + spaces


def shortened(text: str, columns: int) -> str:
    """Return the text in at most so many columns, an ellipsis at its end where it is cut."""
    if width(text) <= columns:
        return text
    return beginning(text, columns - 1) + "…" if columns > 0 else ""
