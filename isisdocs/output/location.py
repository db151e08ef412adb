"""Where does an article stand on this machine? `path:line`, as a person can open it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from isisdocs.model import file_of
from isisdocs.output.visible import visible_line

if TYPE_CHECKING:
    from isisdocs.model import Article


class Location:
    """Paths of articles as seen from the current folder: relative where they lie below it."""

    def __init__(self, corpus: Path, *, links: str = "") -> None:
        """See *corpus* from here; *links* is the template of URLs to its files, if any."""
        self._links = links
        absolute = Path(os.path.normpath(corpus.absolute()))
        here = Path.cwd()
        self.root = absolute.relative_to(here) if absolute.is_relative_to(here) else absolute

    def path(self, article: Article) -> str:
        """Return the path of the article's file."""
        return self.path_of(article.id)

    def path_of(self, article_id: str) -> str:
        """Return the path of the file of the article with this id."""
        return (self.root / file_of(article_id)).as_posix()

    def link(self, article_id: str, line: int) -> str:
        """Return the URL of a line of the article's file; empty where there are to be no links."""
        if not self._links:
            return ""
        from isisdocs.output.links import url  # only where there are

        return url(self._links, Path(self.path_of(article_id)), line)

    def inside(self, article: Article) -> str:
        """Return the path of the article's file inside the corpus."""
        return file_of(article.id)

    def of(self, article: Article, line: int) -> str:
        """Return `path:line`, safe to print."""
        return f"{visible_line(self.path(article))}:{line}"
