"""`isisdocs export`: matched passages as a file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated, TextIO

import typer

from isisdocs.cli import options
from isisdocs.cli.asking import Asked, asks, shared
from isisdocs.cli.destination import opened_output
from isisdocs.errors import OutputError, SettingsError
from isisdocs.output.console import say
from isisdocs.output.counted import counted
from isisdocs.output.export import Cited, Manner, Provenance
from isisdocs.search import Page, cited

EXAMPLE = "Example: isisdocs export mosul -o mosul.md"
PAGED = True

Writer = Callable[[TextIO, Iterable[Cited], Provenance], int]


class Format(Enum):
    """How passages are written."""

    MARKDOWN = "md"
    CSV = "csv"
    JSONL = "jsonl"
    HTML = "html"
    BIBTEX = "bibtex"
    RIS = "ris"
    CSL = "csl-json"


_BY_SUFFIX = {form.value: form for form in Format} | {
    "markdown": Format.MARKDOWN,
    "htm": Format.HTML,
    "bib": Format.BIBTEX,
    "json": Format.CSL,
}


class Whole(Enum):
    """How much around a match a passage holds."""

    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    ARTICLE = "article"


@asks
def command(
    asked: Asked,
    *,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="How to write; without it, as the file's name says, or md."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format jsonl.")] = False,
    output: options.Output = None,
    limit: Annotated[
        int, typer.Option("--limit", "-m", min=0, metavar="N", help="Articles at most; 0: all.")
    ] = 0,
    context: options.Context = 0,
    whole: Annotated[
        Whole, typer.Option("--whole", help="How much around a match to quote.")
    ] = Whole.SENTENCE,
) -> int:
    """Write the matched passages with what is needed to cite them.

    `isisdocs replay` reads what was written as jsonl or csv and says what has changed since.
    """
    write = _writer(Format.JSONL if as_json else form or _guessed(output))
    manner = Manner(**shared(asked, Manner), limit=limit, context=context, whole=whole.value)
    with asked.opened() as session:
        parsed = asked.parsed(session)
        page = Page(limit=limit or None, context=context)
        found = cited(session.reader, parsed, page, whole=whole.value)
        provenance = Provenance(asked.typed, now(), session.location, manner)
        with opened_output(output) as stream:
            count = write(stream, found, provenance)
    if output is not None:
        say(f"{counted(count, 'passage')} in {output}")
    return 0 if count else 1


def _writer(form: Format) -> Writer:
    match form:
        case Format.MARKDOWN:
            from isisdocs.output.export import markdown

            return markdown.write
        case Format.HTML:
            from isisdocs.output.export import page  # jinja2

            return page.write
        case Format.JSONL | Format.CSV:
            from isisdocs.output.export import records

            return records.write_csv if form is Format.CSV else records.write_jsonl
    from isisdocs.output.export import references

    by_format = {
        Format.BIBTEX: references.write_bibtex,
        Format.RIS: references.write_ris,
        Format.CSL: references.write_csl,
    }
    return by_format[form]


def _guessed(output: Path | None) -> Format:
    if output is None or not output.suffix:
        return Format.MARKDOWN
    form = _BY_SUFFIX.get(output.suffix.removeprefix(".").lower())
    if form is None:
        known = ", ".join(form.value for form in Format)
        raise OutputError(
            f"cannot tell the format from the name {output.name}",
            hint=f"--format is one of {known}",
        )
    return form


def now() -> str:
    """Return the time as ISO 8601 in UTC; SOURCE_DATE_EPOCH stands for it where it is set."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        moment = datetime.fromtimestamp(int(epoch), tz=UTC) if epoch else datetime.now(tz=UTC)
    except (ValueError, OverflowError, OSError):
        raise SettingsError(
            f"SOURCE_DATE_EPOCH is {epoch!r}, not a number of seconds since 1970"
        ) from None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
