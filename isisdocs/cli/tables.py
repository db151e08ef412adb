"""How commands whose result is a table write it, and the option that says so."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from isisdocs.cli.destination import opened_output
from isisdocs.output import table as table_
from isisdocs.output.console import for_results, say
from isisdocs.output.table import Form, Table

Format = Annotated[Form, typer.Option("--format", help="How to write.")]


def form_of(form: Form, *, as_json: bool) -> Form:
    """Return the form that two options ask for together."""
    return Form.JSON if as_json else form


def found(table: Table, form: Form, about: dict[str, Any]) -> int:
    """Write what was found; return the exit code: 1, and a word on stderr, for no row."""
    write(table, form, about)
    if not table.rows:
        say("nothing found")
    return 0 if table.rows else 1


def write(table: Table, form: Form, about: dict[str, Any]) -> None:
    """Write a table to stdout."""
    if form is Form.TEXT:
        table_.show(for_results(), table)
    else:
        with opened_output(None) as stream:
            table_.write(stream, table, form, about=about)
        sys.stdout.flush()
