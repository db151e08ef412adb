"""`isisdocs facets`: found articles counted by author, source or time."""

from __future__ import annotations

from typing import Annotated

import typer

from isisdocs.cli import options, tables
from isisdocs.cli.asking import Asked, asks
from isisdocs.errors import QueryError
from isisdocs.explore.corpus import Found
from isisdocs.explore.facets import By, facets
from isisdocs.output.progress import watched
from isisdocs.output.table import Form, Table

EXAMPLE = "Example: isisdocs facets mosul --by author,year"
PAGED = True


@asks
def command(
    asked: Asked,
    *,
    by: Annotated[
        str, typer.Option("--by", metavar="WHAT", help="Of author, source, year, month.")
    ] = "author,source,year",
    form: tables.Format = Form.TEXT,
    as_json: options.Json = False,
) -> int:
    """Count the articles that are found by author, source and year.

    Every article counts once for each, under its whole byline, so that counts sum to the total.
    What is not known is counted too, as -.
    """
    kinds = [_by(name) for name in by.split(",")]
    with asked.opened() as session:
        parsed = asked.parsed(session)
        articles = Found(session.reader, parsed.node)
        found = facets(watched(articles, len(articles), "reading"), kinds)
    table = Table(
        "facets",
        ("by", "value", "articles"),
        [(facet.by.value, facet.value, facet.count) for facet in found],
    )
    about = {"query": asked.typed, "total": len(articles)}
    return tables.found(table, tables.form_of(form, as_json=as_json), about)


def _by(name: str) -> By:
    try:
        return By(name.strip().lower())
    except ValueError:
        known = ", ".join(by.value for by in By)
        raise QueryError(f"cannot count by {name!r}", hint=f"--by takes {known}") from None
