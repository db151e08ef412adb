"""A page of results as a table: a line for each snippet."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from isisdocs.output import cells

if TYPE_CHECKING:
    from isisdocs.model import Results
    from isisdocs.output.location import Location

COLUMNS = (
    "rank",
    "id",
    "path",
    "line",
    "title",
    "authors",
    "date",
    "source",
    "score",
    "snippet",
    "near_copies",
)


def write(stream: TextIO, found: Results, location: Location) -> None:
    """Write the snippets of each hit with what is known about its article."""
    cells.write(
        stream,
        COLUMNS,
        (
            (
                rank,
                hit.article.id,
                location.path(hit.article),
                snippet.line,
                hit.article.metadata.title,
                cells.joined(hit.article.metadata.authors),
                hit.article.metadata.date,
                hit.article.metadata.source,
                round(hit.score, 6),
                snippet.text,
                cells.joined(hit.near_copies),
            )
            for rank, hit in enumerate(found.hits, found.offset + 1)
            for snippet in hit.snippets
        ),
    )
