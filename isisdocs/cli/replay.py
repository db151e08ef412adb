"""`isisdocs replay`: what an export would be today."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from isisdocs.cli import options, tables
from isisdocs.cli.asking import Place, Reading, asks, shared
from isisdocs.errors import OutputError
from isisdocs.explore.replay import Change, Fate, Quoted, changes
from isisdocs.output.console import say
from isisdocs.output.export.records import Record, read
from isisdocs.output.table import Form, Table
from isisdocs.search import Page, cited

EXAMPLE = "Example: isisdocs replay mosul.jsonl"
PAGED = True


@asks
def command(
    asked: Place,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="An export, .jsonl or .csv.", show_default=False)
    ],
    *,
    every: Annotated[bool, typer.Option("--all", help="Passages that are the same too.")] = False,
    form: tables.Format = Form.TEXT,
    as_json: options.Json = False,
) -> int:
    """Run an export again; tell what changed.

    Which passages are new, gone, changed or moved. The exit code is 0 when all are the same, and
    1 when something differs.
    """
    records = read(file)
    if not records:
        raise OutputError(f"{file} has no passage in it, and so no query")
    first = records[0]
    reading = _reading(asked, first)
    with asked.opened() as session:
        manner = first.manner
        parsed = reading.read(first.query, session)
        page = Page(limit=manner.limit or None, context=manner.context)
        found = [
            (article, passage)
            for article, passages in cited(session.reader, parsed, page, whole=manner.whole)
            for passage in passages
        ]
        paths = {record.id: record.path for record in records}
        paths |= {article.id: session.location.path(article) for article, _ in found}
    done = changes(
        [Quoted(record.id, record.passage) for record in records],
        [Quoted(article.id, passage) for article, passage in found],
    )
    shown = [change for change in done if every or change.fate is not Fate.SAME]
    table = Table(
        "passages",
        ("fate", "path", "line", "text", "line_before", "text_before"),
        [_row(change, paths) for change in shown],
    )
    about = {"query": first.query, "run_at": first.run_at}
    tables.write(table, tables.form_of(form, as_json=as_json), about)
    counts = [(sum(change.fate is fate for change in done), fate.value) for fate in Fate]
    said = ", ".join(f"{count:,} {name}" for count, name in counts if count)
    say(f"since {first.run_at}: {said}")
    return 0 if all(change.fate is Fate.SAME for change in done) else 1


def _reading(asked: Place, record: Record) -> Reading:
    return Reading(**shared(asked, Place), **shared(record.manner, Reading))


def _row(change: Change, paths: dict[str, str]) -> tuple[str | int | None, ...]:
    before, after = change.before, change.after
    return (
        change.fate.value,
        paths[change.id],
        after.line if after else None,
        after.text if after else None,
        before.line if before else None,
        before.text if before and change.fate in (Fate.CHANGED, Fate.GONE) else None,
    )
