"""`isisdocs kwic`: every match in the middle of its line."""

from __future__ import annotations

from typing import Annotated

import typer

from isisdocs.cli import options, tables
from isisdocs.cli.asking import Asked, asks
from isisdocs.explore import kwic
from isisdocs.explore.corpus import Found
from isisdocs.output.console import for_results, say
from isisdocs.output.counted import counted
from isisdocs.output.progress import watched
from isisdocs.output.table import Form, Table

EXAMPLE = "Example: isisdocs kwic mosul --sort L1,R1"
PAGED = True


@asks
def command(
    asked: Asked,
    *,
    sort: Annotated[
        str | None,
        typer.Option(
            "--sort", metavar="KEYS", help="By words around: L1 the nearest before, R1 after, M."
        ),
    ] = None,
    width: Annotated[
        int | None,
        typer.Option("--width", min=1, metavar="N", help="Columns on either side of the match."),
    ] = None,
    sample: Annotated[
        int | None, typer.Option("--sample", min=1, metavar="N", help="Only N lines, at random.")
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", metavar="S", help="Another seed, another sample.")
    ] = 0,
    form: tables.Format = Form.TEXT,
    as_json: options.Json = False,
) -> int:
    """Show every match amid its line."""
    form = tables.form_of(form, as_json=as_json)
    with asked.opened() as session:
        parsed = asked.parsed(session)
        articles = Found(session.reader, parsed.node)
        found = list(kwic.lines(parsed.node, watched(articles, len(articles), "reading")))
        total = len(found)
        if sample is not None:
            found = kwic.sample(found, sample, seed=seed)
        if sort is not None:
            found = kwic.sorted_by(found, sort.split(","))
        if form is Form.TEXT:
            from isisdocs.output import concordance  # Rich, which JSON does without

            concordance.show(for_results(), found, session.location, side=width)
            say(_total(len(found), total, len(articles)))
            return 0 if found else 1
        table = Table(
            "lines",
            ("left", "match", "right", "path", "line", "id", "title", "date"),
            [
                (
                    line.left if width is None else line.left[-width:],
                    line.match,
                    line.right if width is None else line.right[:width],
                    session.location.path(line.article),
                    line.line,
                    line.article.id,
                    line.article.metadata.title,
                    line.article.metadata.date,
                )
                for line in found
            ],
        )
    return tables.found(table, form, {"query": asked.typed, "total": total})


def _total(shown: int, total: int, articles: int) -> str:
    matches = counted(total, "match", "matches")
    where = f"in {counted(articles, 'article')}"
    return f"{matches} {where}" if shown == total else f"{shown:,} of {matches} {where}"
