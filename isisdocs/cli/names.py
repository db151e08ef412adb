"""`isisdocs names`: the spellings of a name in the corpus."""

from __future__ import annotations

from typing import Annotated

import typer

from isisdocs.cli import options, tables
from isisdocs.cli.asking import Place, asks
from isisdocs.output.table import Form, Table
from isisdocs.query.suggest import spellings

EXAMPLE = "Example: isisdocs names al-Maliki"
PAGED = True


@asks
def command(
    place: Place,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name.", show_default=False)],
    form: tables.Format = Form.TEXT,
    as_json: options.Json = False,
) -> int:
    """List the spellings of a name."""
    with place.opened() as session:
        found = spellings(name, dict(session.reader.spellings()))
    table = Table(
        name="names", columns=("spelling", "articles"), rows=[(s.text, s.count) for s in found]
    )
    return tables.found(table, tables.form_of(form, as_json=as_json), {"name": name})
