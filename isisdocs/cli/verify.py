"""`isisdocs verify`: the quotations of a draft against the articles."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from isisdocs.cli import options
from isisdocs.cli.asking import Filters, asks
from isisdocs.cli.session import Session
from isisdocs.engine.base import Order
from isisdocs.errors import CorpusError
from isisdocs.explore.quotations import MIN_WORDS, quotations
from isisdocs.explore.verify import TRIED, Checked, Verdict, Verifier
from isisdocs.index.changes import read_known
from isisdocs.output import structured, verification
from isisdocs.output.console import for_results, say
from isisdocs.output.counted import counted
from isisdocs.output.progress import watched
from isisdocs.query.tree import Node

EXAMPLE = "Example: isisdocs verify draft.md"
PAGED = True


@asks
def command(
    asked: Filters,
    draft: Annotated[
        Path,
        typer.Argument(
            metavar="DRAFT", help="Markdown or plain text; - is stdin.", show_default=False
        ),
    ],
    *,
    min_words: Annotated[
        int,
        typer.Option("--min-words", min=1, metavar="N", help="Check quotations from so many on."),
    ] = MIN_WORDS,
    as_json: options.Json = False,
) -> int:
    """Check the quotations in a draft.

    exact: they have it so (but for punctuation, quotation marks and the first letter's case);
    elsewhere: so, but not where it is said to be from; differs: with the differences; stitched:
    made of pieces from several places; not found. The exit code is 1 if any is not exact.
    """
    wanted = quotations(_read(draft), min_words=min_words)
    with asked.opened() as session:
        within = asked.filtered()
        verifier = Verifier(session.reader, within)
        checked = [verifier.check(one) for one in watched(wanted, len(wanted), "verifying")]
        searched = _searched(session, within)
        if as_json:
            fields = verification.fields(str(draft), checked, searched)
            structured.write(sys.stdout, fields)
        else:
            verification.show(for_results(), str(draft), checked, session.location)
    _summarise(checked, searched, min_words)
    return 0 if all(one.verdict is Verdict.EXACT for one in checked) else 1


def _read(draft: Path) -> str:
    try:
        data = sys.stdin.buffer.read() if str(draft) == "-" else draft.read_bytes()
    except OSError as error:
        raise CorpusError(f"cannot read {draft}: {error.strerror}") from error
    return data.decode("utf-8-sig", "replace")


def _searched(session: Session, within: Node) -> dict[str, Any]:
    """Return what quotations are compared with: articles, dates, files that could not be read."""
    ends: list[str | None] = []
    total = 0
    for order in (Order.OLDEST, Order.NEWEST):
        found = session.reader.search(within, order=order, limit=1)
        total = found.total
        articles = session.reader.articles([scored.id for scored in found.page])
        ends += [article.metadata.date for article in articles]
    known = read_known(session.settings.index, session.current)
    skipped = [skip for file in known.values() for skip in file.skipped]
    return {
        "articles": total,
        "since": ends[0] if ends else None,
        "until": ends[-1] if ends else None,
        "skipped": [{"path": skip.path, "reason": skip.reason} for skip in skipped],
    }


def _summarise(checked: list[Checked], searched: dict[str, Any], min_words: int) -> None:
    if not checked:
        say(f"no quotation of {counted(min_words, 'word')} or more")
        return
    counts = Counter(one.verdict for one in checked)
    said = ", ".join(
        f"{counts[verdict]:,} {verdict.value}" for verdict in Verdict if counts[verdict]
    )
    say(f"{counted(len(checked), 'quotation')}: {said}")
    if counts[Verdict.NOT_FOUND]:
        dates = f", {searched['since']} to {searched['until']}" if searched["since"] else ""
        articles = counted(searched["articles"], "article")
        say(f"searched: {articles}{dates}; tried: {'; '.join(TRIED)}")
        for skipped in searched["skipped"]:
            say(f"not searched: {skipped['path']}: {skipped['reason']}")
