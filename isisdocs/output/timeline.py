"""A timeline as bars in a terminal, as rows, and as a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from isisdocs.output import chart
from isisdocs.output.columns import padded, width
from isisdocs.output.table import Table
from isisdocs.output.visible import visible_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from isisdocs.explore.timeline import Bucket

UNDATED = "undated"
SILENT = "no article"
_EIGHTHS = " ▏▎▍▌▋▊▉█"
BAR = 30
"""Columns of a bar where no terminal says how many there are."""


def show(console: Console, queries: Sequence[str], buckets: Sequence[Bucket]) -> None:
    """Print for each query a line for each period: bar, matches, matches per million words."""
    names = [_name(bucket) for bucket in buckets]
    label = max(map(width, names), default=0)
    columns = max(10, min(60, console.width - label - 36)) if console.is_terminal else BAR
    for number, query in enumerate(queries):
        if len(queries) > 1:
            if number:
                console.print()
            console.print(Text(visible_line(query), style="title"), soft_wrap=True)
        highest = max((bucket.counts[number].matches for bucket in buckets), default=0) or 1
        for name, bucket in zip(names, buckets, strict=True):
            count = bucket.counts[number]
            text = Text(padded(name, label) + "  ")
            if not bucket.articles:
                text.append(f"{SILENT}", "cut")
            else:
                text.append(padded(_bar(count.matches / highest, columns), columns), "bar")
                text.append(f"  {count.matches:>7,}")
                text.append(f"  {count.per_million(bucket.words):>10,.1f} per million")
            console.print(text, soft_wrap=True)


def table(queries: Sequence[str], buckets: Sequence[Bucket]) -> Table:
    """Return a row for each query and period; the period of what is undated is None."""
    return Table(
        "periods",
        (
            *("query", "period", "matches", "per_million", "articles"),
            *("corpus_articles", "corpus_words"),
        ),
        [
            (
                query,
                bucket.period,
                bucket.counts[number].matches,
                bucket.counts[number].per_million(bucket.words),
                bucket.counts[number].articles,
                bucket.articles,
                bucket.words,
            )
            for number, query in enumerate(queries)
            for bucket in buckets
        ],
    )


def svg(queries: Sequence[str], buckets: Sequence[Bucket]) -> str:
    """Return a chart of matches per million words; what is undated is not in it."""
    dated = [bucket for bucket in buckets if bucket.period]
    series = [
        chart.Series(
            query, tuple(bucket.counts[number].per_million(bucket.words) for bucket in dated)
        )
        for number, query in enumerate(queries)
    ]
    return chart.svg(
        [bucket.period or "" for bucket in dated],
        series,
        title=f"Matches per million words: {', '.join(queries)}",
        silent=[not bucket.articles for bucket in dated],
        is_alone=True,
    )


def _name(bucket: Bucket) -> str:
    return bucket.period or UNDATED


def _bar(share: float, columns: int) -> str:
    eighths = round(share * columns * 8)
    if share and not eighths:
        eighths = 1  # something is not nothing
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (_EIGHTHS[rest] if rest else "")
