"""`isisdocs collocates`: words that stand near the matches of a query."""

from __future__ import annotations

from typing import Annotated

import typer

from isisdocs.cli import options, tables
from isisdocs.cli.asking import Asked, asks
from isisdocs.explore.collocates import MAX_WINDOW, Measure, Windows, ranked
from isisdocs.explore.corpus import Found, Frequencies
from isisdocs.output.progress import watched
from isisdocs.output.table import Form, Table

EXAMPLE = "Example: isisdocs collocates maliki -w 3 --measure ll"
PAGED = True


@asks
def command(
    asked: Asked,
    *,
    window: Annotated[
        int,
        typer.Option(
            "--window", "-w", min=1, max=MAX_WINDOW, metavar="N", help="Words on either side."
        ),
    ] = 5,
    measure: Annotated[
        Measure, typer.Option("--measure", help="What they are ranked by.")
    ] = Measure.LOG_DICE,
    at_least: options.AtLeast = 2,
    limit: options.Rows = 20,
    form: tables.Format = Form.TEXT,
    as_json: options.Json = False,
) -> int:
    """Show the words that stand near matches.

    More often than by chance. logdice: Rychly 2008; ll: log-likelihood, Dunning 1993; mi: mutual
    information, Church and Hanks 1990. Filters say which articles are the corpus.
    """
    with asked.opened() as session:
        parsed = asked.parsed(session)
        matching = frozenset(Found(session.reader, parsed.node).ids)
        articles = Found(session.reader, asked.filtered())
        windows = Windows(parsed.node, window)
        corpus = Frequencies()
        for article in watched(articles, len(articles), "counting"):
            corpus.add(article)
            if article.id in matching:
                windows.add(article)
    found = ranked(windows.collocates(corpus, at_least=at_least), measure)[: limit or None]
    table = Table(
        "collocates",
        ("word", "together", "left", "total", "logdice", "ll", "mi"),
        [
            (
                one.word,
                one.together,
                one.left,
                one.total,
                one.log_dice,
                one.log_likelihood,
                one.mutual_information,
            )
            for one in found
        ],
    )
    about = {
        "query": asked.typed,
        "window": window,
        "measure": measure.value,
        "matches": windows.nodes,
        "words": corpus.total,
    }
    return tables.found(table, tables.form_of(form, as_json=as_json), about)
