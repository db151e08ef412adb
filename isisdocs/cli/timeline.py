"""`isisdocs timeline`: matches by month or year."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from isisdocs.cli import options, tables
from isisdocs.cli.asking import Reading, asks
from isisdocs.explore.corpus import Found
from isisdocs.explore.periods import Scale
from isisdocs.explore.timeline import timeline
from isisdocs.output import timeline as shown
from isisdocs.output.console import for_results, say
from isisdocs.output.files import written_atomically
from isisdocs.output.progress import watched
from isisdocs.output.table import Form

EXAMPLE = "Example: isisdocs timeline mosul raqqa --by year"
PAGED = True


@asks
def command(
    asked: Reading,
    queries: Annotated[
        list[str],
        typer.Argument(metavar="QUERY...", help="Each a query of its own.", show_default=False),
    ],
    *,
    by: Annotated[Scale, typer.Option("--by", help="How long a period is.")] = Scale.MONTH,
    svg: Annotated[
        Path | None, typer.Option("--svg", metavar="FILE", help="Write a chart there too.")
    ] = None,
    form: tables.Format = Form.TEXT,
    as_json: options.Json = False,
) -> int:
    """Show when a query matches.

    By month or year, and per million words of that time. Periods without any article are
    marked, so that the silence of the archive is not read as silence of the world. Filters say
    which articles are the corpus.
    """
    form = tables.form_of(form, as_json=as_json)
    with asked.opened() as session:
        nodes = [asked.read(query, session).node for query in queries]
        found = [(node, frozenset(Found(session.reader, node).ids)) for node in nodes]
        articles = Found(session.reader, asked.filtered())
        buckets = timeline(found, watched(articles, len(articles), "counting"), by)
    if svg is not None:
        with written_atomically(svg) as stream:
            stream.write(shown.svg(queries, buckets))
        say(f"chart in {svg}")
    if form is Form.TEXT:
        shown.show(for_results(), queries, buckets)
    else:
        tables.write(shown.table(queries, buckets), form, {"queries": queries, "by": by.value})
    return 0 if any(ids for _, ids in found) else 1
