"""Text as the cells of a CSV file, so that a spreadsheet takes none of it for a formula; and back.

A cell that begins with what starts a formula, or with an apostrophe, gets an apostrophe before it,
which spreadsheets take as "this is text" (OWASP, CSV Injection). Reading takes one away again, so
that every text comes back as it was.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "＝", "＋", "－", "＠")
"""Also in full width, which some spreadsheets read the same."""


def defused(text: str) -> str:
    """Return the text as a cell.

    >>> defused("=1+1"), defused("1+1")
    ("'=1+1", '1+1')
    """
    return f"'{text}" if text.startswith(_STARTS) else text


def restored(cell: str) -> str:
    """Return the text that `defused` made a cell of."""
    return cell.removeprefix("'")


def joined(texts: Iterable[str]) -> str:
    r"""Return several texts as one, to read and to take apart again.

    >>> joined(["Ada Okafor", "Smith; Sons"])
    'Ada Okafor; Smith\\; Sons'
    """
    return "; ".join(text.replace("\\", "\\\\").replace(";", "\\;") for text in texts)


def parted(text: str) -> list[str]:
    """Return the texts that `joined` made one of; none of them may be empty."""
    parts = [""]
    letters = iter(text)
    for letter in letters:
        if letter == "\\":
            parts[-1] += next(letters, "")
        elif letter == ";":
            next(letters, "")
            parts.append("")
        else:
            parts[-1] += letter
    return parts if text else []


def write(stream: TextIO, names: Sequence[str], rows: Iterable[Iterable[Any]]) -> int:
    """Write a CSV table with a header, its texts defused; return the number of rows.

    None is an empty cell. Lines end in CR LF (RFC 4180).
    """
    writer = csv.writer(stream)
    writer.writerow([_cell(name) for name in names])
    count = 0
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        count += 1
    return count


def _cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    # UTF-8 has no half of a surrogate pair.
    return defused(value.encode("utf-8", "replace").decode())
