"""`isisdocs similar`: articles like one."""

from __future__ import annotations

from isisdocs.cli import articles, options, tables
from isisdocs.cli.asking import Filters, asks
from isisdocs.explore.corpus import Found
from isisdocs.explore.similar import similar
from isisdocs.output.table import Form, Table
from isisdocs.query.tree import Everything

EXAMPLE = "Example: isisdocs similar 004"
PAGED = True

SHOWN_WORDS = 8


@asks
def command(
    asked: Filters,
    article: options.ArticleName,
    *,
    limit: options.Rows = 10,
    form: tables.Format = Form.TEXT,
    as_json: options.Json = False,
) -> int:
    """Show the articles most like one.

    With the words they share that are rare elsewhere.
    """
    form = tables.form_of(form, as_json=as_json)
    with asked.opened() as session:
        shown = articles.named(session, article)
        wanted = asked.filtered()
        allowed = None
        if not isinstance(wanted, Everything):
            allowed = frozenset(Found(session.reader, wanted).ids)
        found = similar(
            session.reader, shown, limit=limit or len(session.reader.ids()), allowed=allowed
        )
        others = session.reader.articles([one.id for one in found])
        table = Table(
            "similar",
            ("likeness", "path", "title", "date", "shared"),
            [
                (
                    one.likeness,
                    session.location.path(other),
                    other.metadata.title,
                    other.metadata.date,
                    [
                        shared.word
                        for shared in one.shared[: SHOWN_WORDS if form is Form.TEXT else None]
                    ],
                )
                for one, other in zip(found, others, strict=True)
            ],
        )
    return tables.found(table, form, {"id": shown.id, "title": shown.metadata.title})
