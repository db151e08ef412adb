"""Every single match on a line of its own, as grep lists them."""

from __future__ import annotations

import sys
from collections import defaultdict
from typing import TYPE_CHECKING, TextIO

from isisdocs.output.console import for_results, is_plain
from isisdocs.output.visible import visible_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from isisdocs.model import Article, Snippet
    from isisdocs.output.location import Location


def lines(found: Iterable[tuple[Article, Snippet]], location: Location) -> int:
    """Write `path:line: sentence` to stdout, the match highlighted where that is a terminal.

    Return how many there are.
    """
    count = 0
    show = _write if is_plain() else _printer()
    for article, hit in found:
        show(article, hit, location)
        count += 1
    return count


def _write(article: Article, hit: Snippet, location: Location) -> None:
    sys.stdout.write(f"{location.of(article, hit.line)}: {visible_line(hit.text)}\n")


def _printer() -> Callable[[Article, Snippet, Location], None]:
    from rich.text import Text  # 20 ms, which a pipe need not wait for

    from isisdocs.output.places import placed

    console = for_results()

    def show(article: Article, hit: Snippet, location: Location) -> None:
        text = Text(visible_line(hit.text))
        for start, end in hit.ranges:
            text.stylize("match", start, end)
        line = Text.assemble(placed(location, article.id, hit.line), ": ", text)
        console.print(line, soft_wrap=True)

    return show


def vimgrep(
    stream: TextIO,
    found: Iterable[tuple[Article, Snippet]],
    location: Location,
    corpus: Path,
) -> int:
    """Write `path:line:column:sentence` as editors read it; return how many lines.

    The column is the byte of the file's line where the match stands, counted from 1; where the
    line writes it otherwise, because it was repaired, it is 1.
    """
    count = 0
    files: dict[str, list[bytes]] = {}
    reached: defaultdict[tuple[str, int], int] = defaultdict(int)
    for article, hit in found:
        path = location.inside(article)
        if path not in files:
            files = {path: _lines_of(corpus / path)}
            reached.clear()
        start, end = hit.ranges[0]
        line = files[path][hit.line - 1] if hit.line <= len(files[path]) else b""
        wanted = hit.text[start:end].encode("utf-8", "replace")
        column = line.find(wanted, reached[path, hit.line]) + 1
        if column:
            reached[path, hit.line] = column - 1 + len(wanted)
        stream.write(f"{location.of(article, hit.line)}:{column or 1}:{visible_line(hit.text)}\n")
        count += 1
    return count


def _lines_of(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().splitlines()
    except OSError:  # it has gone since it was indexed
        return []
