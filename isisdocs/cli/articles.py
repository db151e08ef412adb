"""Which article does the user mean?"""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from isisdocs.cli.session import Session
from isisdocs.errors import ArticleError
from isisdocs.model import Article

LONGEST = 200
"""Characters of a name that is not there which are said."""
NAMED_AT_MOST = 5


def named(session: Session, name: str) -> Article:
    """Return the one article with this path, id or beginning of its file's name.

    ArticleError where there is none, or more than one.
    """
    ids = session.reader.ids()
    found = _matching(ids, name, session.corpus)
    if not found:
        from isisdocs.query.terms import clip  # only what is not there needs it

        raise ArticleError(
            f"there is no article {clip(name, LONGEST)!r} in {session.corpus}",
            hint="`isisdocs list` names them all",
        )
    if len(found) > 1:
        shown = ", ".join(found[:NAMED_AT_MOST]) + (", …" if len(found) > NAMED_AT_MOST else "")
        raise ArticleError(
            f"{name!r} is the beginning of {len(found):,} articles: {shown}", hint="give more of it"
        )
    return session.reader.articles(found)[0]


def _matching(ids: list[str], name: str, corpus: Path) -> list[str]:
    for exact in (name, _inside(name, corpus)):
        if exact in ids:
            return [exact]
    return [id_ for id_ in ids if id_.startswith(name) or PurePosixPath(id_).name.startswith(name)]


def _inside(name: str, corpus: Path) -> str:
    """Return the path inside the corpus where *name* is one of a file there, else the name."""
    path = Path(os.path.normpath(Path(name).absolute()))
    return path.relative_to(corpus).as_posix() if path.is_relative_to(corpus) else name
