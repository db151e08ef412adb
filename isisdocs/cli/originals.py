"""An article's file as it came, for what shows it beside the cleaned article."""

from __future__ import annotations

from isisdocs.cli.session import Session
from isisdocs.errors import CorpusError
from isisdocs.model import Article


def data(session: Session, article: Article) -> bytes:
    """Return the bytes of the article's file; of a file of records all of it."""
    path = session.corpus / session.location.inside(article)
    try:
        return path.read_bytes()
    except OSError as error:
        raise CorpusError(f"cannot read {path}: {error.strerror}") from error


def lines(session: Session, article: Article) -> list[str]:
    """Return the lines of the file before repair, as the article's repairs count in them."""
    from isisdocs.load.corpus import decoded_lines  # loads the loader

    return decoded_lines(article.id, data(session, article), session.settings.load)
