"""`isisdocs search`: find articles."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from enum import Enum
from typing import Annotated

import typer

from isisdocs.cli import options
from isisdocs.cli.asking import Asked, asks
from isisdocs.cli.destination import opened_output
from isisdocs.cli.session import Session
from isisdocs.engine.base import Order
from isisdocs.model import Results
from isisdocs.output.console import is_terminal, say
from isisdocs.output.counted import counted
from isisdocs.output.visible import visible_line
from isisdocs.query.parse import Parsed
from isisdocs.search import PAGE, Page, Query, occurrences, ranked, read_query, run

EXAMPLE = "Example: isisdocs search '\"islamic state\" mosul -raqqa' --since 2014-06"
PAGED = True

ALL = "all"


class Format(Enum):
    """How results are written."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


@asks
def command(
    asked: Asked,
    limit: Annotated[
        int, typer.Option("--limit", "-m", min=0, metavar="N", help="Articles at most; 0: all.")
    ] = PAGE,
    offset: Annotated[
        int, typer.Option("--offset", min=0, metavar="N", help="Leave out the first N.")
    ] = 0,
    sort: Annotated[Order, typer.Option("--sort", help="Order of the articles.")] = Order.RELEVANCE,
    expand: Annotated[
        bool | None,
        typer.Option(
            "--expand/--no-expand",
            help="Order by words of the best answers too; without either, for --any questions.",
            show_default=False,
        ),
    ] = None,
    context: options.Context = 0,
    snippets: Annotated[
        str, typer.Option("--snippets", metavar="N|all", help="Snippets of each article at most.")
    ] = "3",
    hits: Annotated[
        bool, typer.Option("--hits", help="Every match on a line: path:line: sentence.")
    ] = False,
    vimgrep: Annotated[
        bool, typer.Option("--vimgrep", help="The same, as path:line:column:sentence.")
    ] = False,
    form: Annotated[Format, typer.Option("--format", help="How to write.")] = Format.TEXT,
    as_json: options.Json = False,
    files: Annotated[
        bool, typer.Option("--files-with-matches", "-l", help="Only the paths, a line each.")
    ] = False,
    null: Annotated[
        bool, typer.Option("--null", "-0", help="With -l: a zero byte after each path.")
    ] = False,
    count: Annotated[bool, typer.Option("--count", "-c", help="Only how many articles.")] = False,
    no_collapse: Annotated[
        bool,
        typer.Option(
            "--no-collapse",
            help="Near-copies as hits of their own. Totals count all articles either way;"
            " -c, -l and --hits never collapse.",
        ),
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say how the query was read and what its parts find.")
    ] = False,
) -> int:
    """Find articles and show where they match."""
    lists_all = count or files or hits or vimgrep
    if lists_all and limit == PAGE:
        limit = 0
    page = Page(
        order=sort,
        offset=offset,
        limit=(0 if count else limit or None),
        snippets=_snippet_limit(snippets),
        context=context,
    )
    with asked.opened() as session:
        query = replace(asked.query(asked.typed, session), expand=expand)
        parsed = read_query(query)
        if hits or vimgrep:
            total = _list_hits(session, parsed, page, with_columns=vimgrep)
        elif count or files:
            total = _list(session, query, page, end="\0" if null else "\n", only_count=count)
        else:
            copies = {} if no_collapse else session.copies
            found = run(session.reader, query, page, copies=copies)
            _say_notes(found.notes)
            total = found.total
            _write(session, parsed, found, Format.JSON if as_json else form, explain=explain)
            session.tell_of_changes(hit.article for hit in found.hits)
        if explain and not (as_json or form is Format.JSON):
            _say_explained(session, parsed)
        if not total:
            _advise(session, parsed)
    return 0 if total else 1


def _write(
    session: Session, parsed: Parsed, found: Results, form: Format, *, explain: bool
) -> None:
    if form is Format.TEXT:
        from isisdocs.output import entries

        entries.show(found, session.location)
        _say_total(found)
        return
    from isisdocs.output import structured

    if form is Format.JSON:
        content = structured.results(found, session.location)
        if explain:
            from isisdocs.explain import explained

            lines = [structured.explained(line) for line in explained(session.reader, parsed.node)]
            content = {**content, "explained": lines}
        structured.write(sys.stdout, content)
    elif form is Format.JSONL:
        structured.write_lines(
            sys.stdout, (structured.hit(hit, session.location) for hit in found.hits)
        )
    else:
        from isisdocs.output import found_csv

        with opened_output(None) as stream:
            found_csv.write(stream, found, session.location)


def _list(session: Session, query: Query, page: Page, *, end: str, only_count: bool) -> int:
    """Write how many articles there are, or the path of each; no article is read for it."""
    found = ranked(session.reader, query, page)
    _say_notes((*read_query(query).notes, *found.notes))
    if only_count:
        sys.stdout.write(f"{found.total}\n")
        return found.total
    location = session.location
    paths = dict.fromkeys(location.path_of(scored.id) for scored in found.page)
    if is_terminal():
        sys.stdout.writelines(f"{visible_line(path)}\n" for path in paths)
        return found.total
    sys.stdout.flush()
    for path in paths:  # a name need not be text, and other programs open it
        sys.stdout.buffer.write(os.fsencode(path + end))
    return found.total


def _say_notes(notes: Iterable[str]) -> None:
    for note in notes:
        say(note)


def _list_hits(session: Session, parsed: Parsed, page: Page, *, with_columns: bool) -> int:
    """Write every match on a line and return how many there are."""
    from isisdocs.output import hits

    found = occurrences(session.reader, parsed, page)
    if with_columns:
        with opened_output(None) as stream:
            return hits.vimgrep(stream, found, session.location, session.corpus)
    return hits.lines(found, session.location)


def _say_total(found: Results) -> None:
    if found.total and len(found.hits) < found.listed:
        last = found.offset + len(found.hits)
        every = counted(found.listed, "article")
        if found.collapsed:
            every += f" and {counted(found.collapsed, 'near-copy', 'near-copies')}"
        say(
            f"{found.offset + 1:,}–{last:,} of {every}"
            + (f"; `--offset {last}` shows more" if last < found.listed else "")
            if found.hits
            else f"{every}, none after the first {found.offset:,}"
        )


def _say_explained(session: Session, parsed: Parsed) -> None:
    from isisdocs.explain import explained

    for line in explained(session.reader, parsed.node):
        counts = counted(line.articles, "article")
        if line.hits is not None:
            counts += f", {counted(line.hits, 'hit')}"
        if line.more_without is not None:
            counts += f"; without it {line.more_without:,} more"
        say(f"{'  ' * line.depth}{line.text}: {counts}")


def _advise(session: Session, parsed: Parsed) -> None:
    """Say which word finds nothing, what could have been meant, and what would find something."""
    from isisdocs.explain import unknown_words, wider
    from isisdocs.query.interpret import in_words
    from isisdocs.query.terms import clip

    say(f"nothing found for {clip(in_words(parsed.node), 200)}")
    for unknown in unknown_words(session.reader, parsed.node):
        meant = " or ".join(f"`{other.text}` ({other.count:,})" for other in unknown.instead)
        advice = f"; did you mean {meant}?" if meant else ""
        say(f"no article has `{clip(unknown.word)}`{advice}")
    for step in wider(session.reader, parsed.node):
        say(f"{step.change}: {counted(step.articles, 'article')} (`{step.query}`)")


def _snippet_limit(typed: str) -> int | None:
    if typed == ALL:
        return None
    try:
        return max(0, int(typed))
    except ValueError:
        raise typer.BadParameter(f"--snippets takes a number or `{ALL}`, not {typed!r}") from None
