"""`isisdocs batch`: many queries at once."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from isisdocs import passages
from isisdocs.cli import options, tables
from isisdocs.cli.asking import Reading, asks
from isisdocs.cli.session import Session
from isisdocs.errors import CorpusError, QueryError
from isisdocs.explore.corpus import Found
from isisdocs.model import Article
from isisdocs.output.progress import watched
from isisdocs.output.table import Form, Table

EXAMPLE = "Example: isisdocs batch queries.csv > matrix.csv"
PAGED = True

COLUMNS = ("name", "query", "path", "id", "title", "date", "matches", "snippet", "line")


@asks
def command(
    asked: Reading,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="QUERIES.csv",
            help="Columns query and, if you like, name; or one query a line. - is stdin.",
            show_default=False,
        ),
    ],
    *,
    matrix: Annotated[
        bool, typer.Option("--matrix", help="A row for each article, a column for each query.")
    ] = False,
    form: tables.Format = Form.CSV,
    as_json: options.Json = False,
) -> int:
    """Count many queries in every article.

    With a first snippet each. A query that finds nothing has a row of its own, with 0 matches.
    """
    queries = list(_queries(file))
    if not queries:
        raise QueryError(f"there is no query in {file}")
    rows: list[tuple[Any, ...]] = []
    with asked.opened() as session:
        for name, query in watched(queries, len(queries), "searching"):
            rows += _rows(asked, session, name, query)
    shown = _matrix(queries, rows) if matrix else Table("matches", COLUMNS, rows)
    form = tables.form_of(form, as_json=as_json)
    tables.write(shown, form, {"queries": [query for _, query in queries]})
    return 0 if any(row[COLUMNS.index("matches")] for row in rows) else 1


def _queries(file: Path) -> Iterator[tuple[str, str]]:
    """Yield name and query of each row; a query without a name is its own."""
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise CorpusError(f"cannot read {file}: {error.strerror}") from error
    text = data.decode("utf-8-sig", "replace")
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if any(row)]
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    query_column, name_column = 0, None
    if "query" in header:
        query_column = header.index("query")
        name_column = header.index("name") if "name" in header else None
        rows = rows[1:]
    for row in rows:
        query = row[query_column].strip() if query_column < len(row) else ""
        if query:
            has_name = name_column is not None and name_column < len(row)
            yield (row[name_column or 0].strip() if has_name else "") or query, query


def _rows(
    asked: Reading, session: Session, name: str, query: str
) -> Iterator[tuple[str | int | None, ...]]:
    node = asked.read(query, session).node
    articles = Found(session.reader, node)
    if not articles.ids:
        yield (name, query, None, None, None, None, 0, None, None)
    for article in articles:
        yield (
            name,
            query,
            session.location.path(article),
            article.id,
            article.metadata.title,
            article.metadata.date,
            *_first(article, passages.find(node, article)),
        )


def _first(article: Article, marked: passages.Marked) -> tuple[int, str | None, int | None]:
    """Return the number of matches, the first sentence with one and its line."""
    found = passages.snippets(marked, article, limit=1)
    return (marked.count, *((found[0].text, found[0].line) if found else (None, None)))


def _matrix(queries: list[tuple[str, str]], rows: list[tuple[Any, ...]]) -> Table:
    names = list(dict.fromkeys(name for name, _ in queries))
    counts: dict[tuple[str, str], int] = {}
    for name, _, path, _, _, _, matches, *_ in rows:
        if path is not None:
            counts[path, name] = counts.get((path, name), 0) + matches
    paths = sorted({path for path, _ in counts})
    return Table(
        "articles",
        ("path", *names),
        [(path, *(counts.get((path, name), 0) for name in names)) for path in paths],
    )
