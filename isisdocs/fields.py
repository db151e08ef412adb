"""Which texts of an article can be searched: the same for every engine and for highlighting."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from isisdocs.model import Article

SEARCHED = ("title", "body", "author", "source", "cuts")


def texts_of(article: Article, field: str) -> Sequence[str]:
    """Return the texts of a field of the article: `title`, `body`, `author`, `source` or `cuts`."""
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
    raise ValueError(f"no field {field!r}")
