"""Matched passages as one HTML page that needs nothing from elsewhere."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TextIO
from urllib.parse import urlsplit

from isisdocs.explore.periods import Scale, filled, period_of
from isisdocs.output import chart, dates
from isisdocs.output.entries import UNTITLED
from isisdocs.output.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from isisdocs.model import Article, Passage
    from isisdocs.output.export import Cited, Provenance

MONTHS_SHOWN = 60
"""A longer time is shown by years."""


def write(stream: TextIO, cited: Iterable[Cited], provenance: Provenance) -> int:
    """Write the page, articles in the order given; return how many passages it quotes."""
    from jinja2 import Environment, PackageLoader  # 40 ms, for pages only

    environment = Environment(
        loader=PackageLoader("isisdocs.output.export", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found = [(article, passages) for article, passages in cited if passages]
    count = sum(len(passages) for _, passages in found)
    stream.write(
        environment.get_template("page.html").render(
            query=visible(provenance.query),
            run_at=provenance.run_at,
            count=count,
            timeline=_timeline(found),
            undated=sum(article.metadata.date is None for article, _ in found),
            articles=[_article(article, passages, provenance) for article, passages in found],
        )
        + "\n"
    )
    return count


def _article(article: Article, passages: Iterable[Passage], provenance: Provenance) -> Any:
    metadata = article.metadata
    return {
        "title": visible(metadata.title or UNTITLED),
        "about": [
            visible(part)
            for part in (
                ", ".join(metadata.authors),
                dates.in_words(metadata.date),
                metadata.source or "",
            )
            if part
        ],
        "url": _safe_url(metadata.url),
        "path": visible(provenance.location.path(article)),
        "sha256": article.sha256,
        "passages": [
            {
                "parts": list(_parts(passage)),
                "place": provenance.location.of(article, passage.line),
            }
            for passage in passages
        ],
    }


def _parts(passage: Passage) -> Iterator[tuple[str, bool]]:
    """Yield the text in pieces, each with whether it is a match."""
    text = visible(passage.text)
    reached = 0
    for start, end in passage.ranges:
        yield text[reached:start], False
        yield text[start:end], True
        reached = end
    yield text[reached:], False


def _safe_url(url: str | None) -> str:
    """Return an address that a click may follow: of the web, or none."""
    try:
        is_web = urlsplit(url or "").scheme in ("http", "https")
    except ValueError:
        is_web = False
    return visible(url or "") if is_web else ""


def _timeline(found: Iterable[Cited]) -> str:
    """Return a chart of the passages by the dates of their articles; none for one period."""
    dated = [(article.metadata.date, len(passages)) for article, passages in found]
    for scale in (Scale.MONTH, Scale.YEAR):
        counts: Counter[str] = Counter()
        for date, count in dated:
            if period := period_of(date, scale):
                counts[period] += count
        periods = filled(counts, scale)
        if len(periods) <= MONTHS_SHOWN:
            break
    if len(periods) < 2:
        return ""
    series = chart.Series("passages", tuple(counts[period] for period in periods))
    return chart.svg(periods, [series], title=f"Passages by {scale.value}")
