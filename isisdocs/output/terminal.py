"""Results and articles for a person's eyes: wrapped and coloured in a terminal, plain in a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text

from isisdocs.output.entries import UNTITLED, byline
from isisdocs.output.places import placed
from isisdocs.output.visible import visible, visible_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from isisdocs.model import Article, Cut, Span
    from isisdocs.output.diff import WordDiff
    from isisdocs.output.entries import Line, Piece
    from isisdocs.output.location import Location

MIN_WIDTH = 20
"""Text is never wrapped narrower than this, however narrow the terminal."""


def lines(console: Console, shown: Iterable[Line]) -> None:
    """Print lines with their styles, and their matches highlighted."""
    for line in shown:
        if not line.pieces:
            console.print()
            continue
        text = Text()
        for piece in line.pieces:
            text.append_text(_drawn(piece))
        _print(console, text, indent=line.indent, hang=line.hang)


def article(
    console: Console,
    shown: Article,
    location: Location,
    *,
    title_ranges: Sequence[Span] = (),
    ranges: Sequence[Sequence[Span]] = (),
    with_cuts: bool = False,
) -> None:
    """Print a cleaned article, its marked ranges highlighted, its cuts dimmed in their places.

    *ranges* are those of each paragraph.
    """
    title = _marked(shown.metadata.title or UNTITLED, title_ranges)
    title.stylize("title")
    _print(console, title)
    _print(console, _byline(shown))
    _print(console, placed(location, shown.id, shown.title_line))
    cuts = list(shown.cuts) if with_cuts else []
    for index, paragraph in enumerate(shown.paragraphs):
        _cuts(console, cuts, before=paragraph.line)
        console.print()
        _print(console, _marked(paragraph.text, ranges[index] if ranges else ()))
    _cuts(console, cuts)


def repairs(
    console: Console, shown: Article, decoded_lines: Sequence[str], location: Location
) -> None:
    """Print each repaired word with its line, rule and confidence, before and after, in context.

    *decoded_lines* are the lines of the file before repair.
    """
    from isisdocs.output.diff import word_diffs  # no search needs it

    for diff in word_diffs(decoded_lines, shown.repairs):
        repaired_word(console, shown, diff, location)


def repaired_word(console: Console, shown: Article, diff: WordDiff, location: Location) -> None:
    """Print one repaired word of an article, before and after, in context."""
    first = diff.repairs[0]
    rules = dict.fromkeys(repair.rule for repair in diff.repairs)
    line = Text.assemble(
        placed(location, shown.id, first.line, first.column),
        f"  {'+'.join(rules)} {diff.confidence:.0%}  {visible_line(diff.left)}",
        (f"[-{visible_line(diff.before)}-]", "removed"),
        (f"{{+{visible_line(diff.after)}+}}", "added"),
        visible_line(diff.right),
    )
    _print(console, line, hang=4)


def listing(console: Console, articles: Iterable[Article], location: Location) -> None:
    """Print what is known about each article: in a pipe one line, with tabs between the fields."""
    for shown in articles:
        metadata = shown.metadata
        if console.is_terminal:
            _print(console, Text(visible_line(metadata.title or UNTITLED), style="title"))
            _print(console, _byline(shown), indent=2)
            _print(console, Text(visible_line(location.path(shown)), style="path"), indent=2)
        else:
            fields = (
                location.path(shown),
                metadata.date or "",
                metadata.title,
                ", ".join(metadata.authors),
                metadata.source or "",
            )
            # Not printed: Rich makes spaces of tabs.
            console.file.write("\t".join(map(visible_line, fields)) + "\n")


def _drawn(piece: Piece) -> Text:
    text = Text(piece.text)
    for start, end in piece.marks:
        text.stylize("match", start, end)
    if piece.style:
        text.stylize(piece.style)
    if piece.link:
        text.stylize(Style(link=piece.link))
    return text


def _byline(shown: Article) -> Text:
    return _drawn(byline(shown))


def _marked(text: str, ranges: Iterable[Span]) -> Text:
    shown = Text(visible(text))
    for start, end in ranges:
        shown.stylize("match", start, end)
    return shown


def _cuts(console: Console, cuts: list[Cut], *, before: int | None = None) -> None:
    """Print and take off the list the cuts that stand before a line of the file."""
    if cuts and (before is None or cuts[0].line < before):
        console.print()
    while cuts and (before is None or cuts[0].line < before):
        cut = cuts.pop(0)
        _print(console, Text(f"[{cut.line} {cut.rule}] {visible_line(cut.text)}", style="cut"))


def _print(console: Console, text: Text, *, indent: int = 0, hang: int | None = None) -> None:
    """Print lines that start at *indent*, and after the first at *hang* where that is given."""
    if not text:
        return
    if hang is None:
        hang = indent
    lines = [text]
    if console.is_terminal:
        lines = list(text.wrap(console, max(MIN_WIDTH, console.width - max(indent, hang))))
        for line in lines:
            line.rstrip()
    for number, line in enumerate(lines):
        console.print(Text(" " * (hang if number else indent)).append_text(line), soft_wrap=True)
