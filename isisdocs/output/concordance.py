"""Concordance lines with their matches in one column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from isisdocs.output.columns import beginning, ending, padded, width
from isisdocs.output.places import linked
from isisdocs.output.visible import visible_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from isisdocs.explore.kwic import Line
    from isisdocs.output.location import Location

SIDE = 40
"""Columns on either side of the match where no width is known or asked for."""

MIN_SIDE = 8


def show(
    console: Console, found: Sequence[Line], location: Location, *, side: int | None = None
) -> None:
    """Print the lines: where each is, then its text, all matches beginning in one column.

    With *side* None they fit the terminal; in a pipe there are `SIDE` columns on either side.
    """
    places = [location.of(line.article, line.line) for line in found]
    place_width = max(map(width, places), default=0)
    room = console.width - 1 if console.is_terminal and side is None else None
    if room is not None:
        place_width = min(place_width, room // 3)
    for place, line in zip(places, found, strict=True):
        shown = Text(_shortened(place, place_width), style="path")
        linked(shown, location, line.article.id, line.line)
        shown.append(" " * (place_width - width(shown.plain)))
        left, match, right = fitted(line, side=_side(side, room, place_width), room=room)
        text = Text.assemble(shown, "  ", left, (match, "match"), right)
        text.rstrip()
        console.print(text, soft_wrap=True)


def fitted(line: Line, *, side: int, room: int | None = None) -> tuple[str, str, str]:
    """Return left context, match and right context, each of the contexts in *side* columns.

    The left one is filled with spaces. With *room* the three together have no more columns than
    twice *side*, so that a long match takes them from the right.
    """
    left = padded(ending(visible_line(line.left), side), side, is_right=True)
    match = visible_line(line.match)
    columns = side
    if room is not None:
        match = beginning(match, side)
        columns = side - width(match)
    return left, match, beginning(visible_line(line.right), columns)


def _side(side: int | None, room: int | None, place_width: int) -> int:
    if side is not None:
        return side
    return SIDE if room is None else max((room - place_width - 2) // 2, MIN_SIDE)


def _shortened(place: str, columns: int) -> str:
    return place if width(place) <= columns else "…" + ending(place, columns - 1)
