"""`isisdocs keywords`: what sets the found articles apart from the rest."""

from __future__ import annotations

from isisdocs.cli import options, tables
from isisdocs.cli.asking import Asked, asks
from isisdocs.explore.corpus import Found, Frequencies
from isisdocs.explore.keywords import keywords
from isisdocs.output.console import say
from isisdocs.output.progress import watched
from isisdocs.output.table import Form, Table
from isisdocs.query.tree import Everything

EXAMPLE = "Example: isisdocs keywords author:stockton"
PAGED = True


@asks
def command(
    asked: Asked,
    *,
    at_least: options.AtLeast = 2,
    limit: options.Rows = 20,
    form: tables.Format = Form.TEXT,
    as_json: options.Json = False,
) -> int:
    """Show the words that set articles apart.

    Those that the query finds, from all the others. By log-likelihood (Dunning 1993, Rayson and
    Garside 2000), with the log ratio (Hardie 2014): 1 is twice as often as elsewhere, 2 four times.
    """
    here, rest = Frequencies(), Frequencies()
    with asked.opened() as session:
        parsed = asked.parsed(session)
        matching = frozenset(Found(session.reader, parsed.node).ids)
        articles = Found(session.reader, Everything())
        for article in watched(articles, len(articles), "counting"):
            (here if article.id in matching else rest).add(article)
    if matching and not rest.total:
        say("every article is found, so that there is no rest to compare with")
    found = keywords(here, rest, at_least=at_least)[: limit or None]
    table = Table(
        "keywords",
        ("word", "here", "elsewhere", "ll", "log_ratio"),
        [(one.word, one.here, one.elsewhere, one.log_likelihood, one.log_ratio) for one in found],
    )
    about = {"query": asked.typed, "words_here": here.total, "words_elsewhere": rest.total}
    return tables.found(table, tables.form_of(form, as_json=as_json), about)
