"""What a page of results shows, line by line; drawn by Rich, or in a pipe written as it is."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NamedTuple

from isisdocs.output import dates
from isisdocs.output.console import for_results, is_plain
from isisdocs.output.counted import counted
from isisdocs.output.visible import visible, visible_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from isisdocs.model import Article, Hit, Results, Span
    from isisdocs.output.location import Location

UNTITLED = "(no title)"


class Piece(NamedTuple):
    """A stretch of a line, safe to show."""

    text: str
    style: str = ""
    """The name of a style of the theme."""
    marks: Sequence[Span] = ()
    """What matched in it."""
    link: str = ""
    """The URL it leads to, if any."""


class Line(NamedTuple):
    """A line before it is wrapped."""

    pieces: tuple[Piece, ...]
    indent: int = 0
    hang: int = 0
    """Where it goes on if it is wrapped."""


EMPTY = Line(())


def show(found: Results, location: Location) -> None:
    """Write a page of results to stdout, with colours and wrapped where that is a terminal."""
    shown = list(lines(found, location))
    # Where tabs are to end, Rich knows.
    if not is_plain() or any("\t" in text for text in map(plain, shown)):
        from isisdocs.output import terminal  # Rich, 20 ms of a search

        terminal.lines(for_results(), shown)
    else:
        write(sys.stdout, shown)


def write(stream: TextIO, shown: Sequence[Line]) -> None:
    """Write lines without styles, none of them wrapped."""
    stream.write("".join(f"{plain(line)}\n" for line in shown))


def plain(line: Line) -> str:
    """Return the text of a line."""
    return " " * line.indent + "".join(piece.text for piece in line.pieces)


def lines(found: Results, location: Location) -> Iterator[Line]:
    """Yield the lines of each hit: rank and title, who and when and where, then its snippets."""
    width = len(str(found.offset + len(found.hits)))
    for number, hit in enumerate(found.hits):
        if number:
            yield EMPTY
        yield from _hit(hit, f"{found.offset + number + 1:>{width}}", location)


def byline(shown: Article, more: str = "") -> Piece:
    """Return who wrote an article, when and where; empty where nothing of it is known."""
    metadata = shown.metadata
    parts = [", ".join(metadata.authors), dates.in_words(metadata.date), metadata.source or ""]
    if metadata.issue:
        parts.append(f"issue {metadata.issue}")
    parts.append(more)
    return Piece(" · ".join(visible_line(part) for part in parts if part), "meta")


def _hit(hit: Hit, rank: str, location: Location) -> Iterator[Line]:
    title = Piece(visible(hit.article.metadata.title or UNTITLED), "title", hit.title_ranges)
    indent = len(rank) + 2
    yield Line((Piece(rank, "rank"), Piece("  "), title), hang=indent)
    who = byline(hit.article, _copies(hit))
    if who.text:
        yield Line((who,), indent, indent)
    line = hit.snippets[0].line if hit.snippets else hit.article.title_line
    place = location.of(hit.article, line)
    link = location.link(hit.article.id, line)
    yield Line((Piece(place, "path", link=link),), indent, indent)
    for snippet in hit.snippets:
        text: tuple[Piece, ...] = (Piece(visible(snippet.text), marks=snippet.ranges),)
        if snippet.line != line:
            link = location.link(hit.article.id, snippet.line)
            text = (Piece(str(snippet.line), "path", link=link), Piece(": "), *text)
        yield Line(text, indent + 2, indent + 2)


def _copies(hit: Hit) -> str:
    count = len(hit.near_copies)
    return f"+{counted(count, 'near-copy', 'near-copies')}" if count else ""
