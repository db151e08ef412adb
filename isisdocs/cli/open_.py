"""`isisdocs open`: an article's file in the editor."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated

import typer

from isisdocs.cli import articles, editor
from isisdocs.cli.asking import Place, asks
from isisdocs.cli.session import Session
from isisdocs.errors import ArticleError, CorpusError, IsisdocsError
from isisdocs.model import Article

EXAMPLE = "Example: isisdocs open 004:61"

_LINE = re.compile(r"(.+?):(\d+)(?::\d+)?:?", re.DOTALL)
_RECORD = re.compile(r"\.jsonl#(\d+)\Z")


@asks
def command(
    place: Place,
    article: Annotated[
        str,
        typer.Argument(
            metavar="ARTICLE[:LINE]",
            help="As for show; or path:line, as a search prints it.",
            show_default=False,
        ),
    ],
) -> int:
    """Open an article's file in $VISUAL or $EDITOR, at the line.

    The line is the file's own, before it was cleaned, as everywhere.
    """
    with place.opened() as session:
        shown, line = _named(session, article)
        path = session.corpus / session.location.inside(shown)
    if not path.is_file():
        raise CorpusError(f"there is no file {path} any more", hint="`isisdocs index` forgets it")
    words = editor.command_line(path, line, os.environ)
    if code := editor.run(words):
        raise IsisdocsError(f"{Path(words[0]).name} ended with exit code {code}")
    return 0


def _named(session: Session, name: str) -> tuple[Article, int]:
    """Return the article and the line of its file that are meant."""
    try:
        article = articles.named(session, name)
    except ArticleError:
        found = _LINE.fullmatch(name)
        if not found:
            raise
        return articles.named(session, found[1]), max(1, int(found[2]))
    record = _RECORD.search(article.id)
    return article, int(record[1]) if record else article.title_line
