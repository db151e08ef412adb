"""`isisdocs list`: the articles and what is known about them."""

from __future__ import annotations

import sys

from isisdocs.cli import options
from isisdocs.cli.session import opened
from isisdocs.output import structured, terminal
from isisdocs.output.console import for_results

EXAMPLE = "Example: isisdocs list --json"
PAGED = True


def command(
    corpus: options.Corpus = None,
    index: options.Index = None,
    as_json: options.Json = False,
    no_refresh: options.NoRefresh = False,
) -> None:
    """List the articles: path, date, title, authors, source."""
    with opened(corpus, index, refresh=not no_refresh) as session:
        articles = session.reader.articles(session.reader.ids())
        if as_json:
            fields = [structured.summary(article, session.location) for article in articles]
            structured.write(
                sys.stdout, {"format_version": structured.FORMAT_VERSION, "articles": fields}
            )
            return
        terminal.listing(for_results(), articles, session.location)
