"""Which texts of an article can be searched: the same for every engine and for highlighting."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from isisdocs.model import Paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from isisdocs.model import Article

LEFT_OUT = ("cuts", "raw")
"""Fields whose texts are not the article's own: what was taken out, and the file as it came."""
SEARCHED = ("title", "body", "author", "source", "cuts", "raw")


def texts_of(article: Article, field: str) -> Sequence[str]:
    """Return the texts of a field of the article, one of SEARCHED; ValueError for any other.

    `raw` is all of the file's text as it came, `cuts` what was taken out of it.
    """
    match field:
        case "title":
            return (article.metadata.title,)
        case "body":
            return [paragraph.text for paragraph in article.paragraphs]
        case "author":
            return article.metadata.authors
        case "source":
            return (article.metadata.source or "",)
        case "cuts":
            return [cut.text for cut in article.cuts]
        case "raw":
            return [unit.text for unit in article.raw]
    raise ValueError(f"no field {field!r}")


def paragraphs_of(article: Article, field: str) -> Sequence[Paragraph]:
    """Return the texts of a field with their lines; ValueError for one whose texts have none."""
    match field:
        case "body":
            return article.paragraphs
        case "cuts":
            return [Paragraph(cut.line, cut.text) for cut in article.cuts]
        case "raw":
            return article.raw
    raise ValueError(f"the texts of {field!r} have no lines")


class Shared(NamedTuple):
    """A text of one field that is, with its line, one of another field as well."""

    field: str
    """`body` or `cuts`."""
    number: int
    """Which of that field's texts it is."""


def raw_texts(article: Article) -> list[str | Shared]:
    """Return the texts of `raw`, those that are in `body` or `cuts` by naming them.

    Of an undamaged file that is most of it, which need not be indexed or kept twice.
    """
    sources: dict[Paragraph, Shared] = {}
    for field in ("cuts", "body"):
        for number, paragraph in enumerate(paragraphs_of(article, field)):
            sources[paragraph] = Shared(field, number)
    return [sources.get(unit, unit.text) for unit in article.raw]
