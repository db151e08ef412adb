"""`isisdocs show`: one article, as it was cleaned or as it came."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from isisdocs.cli import articles, options, originals
from isisdocs.cli.session import Session, opened
from isisdocs.model import Article
from isisdocs.output import structured, terminal
from isisdocs.output.console import for_results, is_terminal
from isisdocs.output.visible import visible

EXAMPLE = "Example: isisdocs show 004 --repairs"
PAGED = True


def command(
    article: options.ArticleName,
    corpus: options.Corpus = None,
    index: options.Index = None,
    raw: Annotated[bool, typer.Option("--raw", help="The file as it came.")] = False,
    repairs: Annotated[
        bool, typer.Option("--repairs", help="What the loader brought back, and how sure it is.")
    ] = False,
    cuts: Annotated[
        bool, typer.Option("--cuts", help="With the lines that were taken out, dimmed.")
    ] = False,
    as_json: options.Json = False,
    highlight: Annotated[
        str | None, typer.Option("--highlight", metavar="QUERY", help="Mark what a query finds.")
    ] = None,
    no_refresh: options.NoRefresh = False,
) -> None:
    """Show one article, as it was cleaned or as it came."""
    with opened(corpus, index, refresh=not no_refresh) as session:
        shown = articles.named(session, article)
        if raw:
            _write_raw(session, shown)
        elif as_json:
            structured.write(sys.stdout, structured.whole(shown, session.location))
        elif repairs:
            lines = originals.lines(session, shown)
            terminal.repairs(for_results(), shown, lines, session.location)
        else:
            _write_clean(session, shown, highlight, with_cuts=cuts)


def _write_clean(
    session: Session, shown: Article, highlight: str | None, *, with_cuts: bool
) -> None:
    if highlight is None:
        terminal.article(for_results(), shown, session.location, with_cuts=with_cuts)
        return
    from isisdocs import passages
    from isisdocs.search import Query, read_query

    parsed = read_query(Query(highlight, synonyms=session.settings.synonyms))
    marked = passages.find(parsed.node, shown)
    terminal.article(
        for_results(),
        shown,
        session.location,
        title_ranges=marked.title,
        ranges=marked.paragraphs,
        with_cuts=with_cuts,
    )


def _write_raw(session: Session, shown: Article) -> None:
    data = originals.data(session, shown)
    if is_terminal():
        sys.stdout.write(visible(data.decode("utf-8", "replace")))
    else:
        sys.stdout.buffer.write(data)
