"""Matched passages as JSON lines or CSV, a record for each, and the passages of such a file."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TextIO

from isisdocs.errors import OutputError
from isisdocs.model import Passage, Span
from isisdocs.output import cells, structured
from isisdocs.output.export import Manner

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from isisdocs.model import Article
    from isisdocs.output.export import Cited, Provenance

Fields = dict[str, Any]

COLUMNS = (
    *("quote", "ranges", "id", "path", "title", "authors", "date", "source", "line"),
    *("paragraph", "start", "last_paragraph", "end", "sha256", "query", "run_at", "asked"),
)
"""Of a CSV file, in order: the names of the fields in a line of JSON but `format_version`."""

_NUMBERS = ("line", "paragraph", "start", "last_paragraph", "end")


@dataclass(frozen=True, slots=True)
class Record:
    """A passage read back from an export, with what stands beside it."""

    passage: Passage
    id: str
    path: str
    title: str
    authors: tuple[str, ...]
    date: str | None
    source: str | None
    sha256: str
    query: str
    run_at: str
    manner: Manner


def write_jsonl(stream: TextIO, cited: Iterable[Cited], provenance: Provenance) -> int:
    """Write one JSON object a line for each passage; return how many."""
    count = 0
    for fields in _all_fields(cited, provenance):
        line = {"format_version": structured.FORMAT_VERSION, **fields}
        structured.write_lines(stream, [line])
        count += 1
    return count


def write_csv(stream: TextIO, cited: Iterable[Cited], provenance: Provenance) -> int:
    """Write one row for each passage; return how many.

    Ranges are `12-18 30-35`, authors joined as `cells.joined` does, `asked` is JSON.
    """
    rows = (_row(fields) for fields in _all_fields(cited, provenance))
    return cells.write(stream, COLUMNS, rows)


def read(path: Path) -> list[Record]:
    """Return the records of an export, CSV where its name ends so and else JSON lines.

    OutputError where it is neither.
    """
    csv.field_size_limit(2**31 - 1)  # a quotation may be longer than the 128 KB of the default
    try:
        with path.open(encoding="utf-8", newline="") as file:
            if path.suffix.lower() == ".csv":
                return [_record(_fields_of_row(row)) for row in csv.DictReader(file, strict=True)]
            return [_record(json.loads(line)) for line in file.read().split("\n") if line]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, csv.Error) as error:
        raise OutputError(
            f"{path} is not an export with its query in it",
            hint="`isisdocs export QUERY -o FILE.jsonl` (or .csv) writes one",
        ) from error


def _all_fields(cited: Iterable[Cited], provenance: Provenance) -> Iterator[Fields]:
    for article, passages in cited:
        for passage in passages:
            yield _fields(article, passage, provenance)


def _fields(article: Article, passage: Passage, provenance: Provenance) -> Fields:
    return {
        "quote": passage.text,
        "ranges": [list(span) for span in passage.ranges],
        **structured.summary(article, provenance.location),
        "line": passage.line,
        "paragraph": passage.paragraph,
        "start": passage.start,
        "last_paragraph": passage.last_paragraph,
        "end": passage.end,
        "sha256": article.sha256,
        "query": provenance.query,
        "run_at": provenance.run_at,
        "asked": asdict(provenance.manner),
    }


def _row(fields: Fields) -> Iterator[Any]:
    for name in COLUMNS:
        value = fields[name]
        if name == "ranges":
            value = " ".join(f"{start}-{end}" for start, end in value)
        elif name == "authors":
            value = cells.joined(value)
        elif name == "asked":
            value = json.dumps(value, ensure_ascii=False)
        yield value


def _fields_of_row(row: dict[str, str]) -> Fields:
    fields: Fields = {name: cells.restored(row[name]) for name in COLUMNS}
    fields["ranges"] = [pair.split("-") for pair in fields["ranges"].split()]
    fields["authors"] = cells.parted(fields["authors"])
    fields["asked"] = json.loads(fields["asked"])
    for name in ("date", "source"):
        fields[name] = fields[name] or None
    return fields


def _record(fields: Fields) -> Record:
    ranges = tuple(Span(int(start), int(end)) for start, end in fields["ranges"])
    numbers = {name: int(fields[name]) for name in _NUMBERS}
    passage = Passage(text=fields["quote"], ranges=ranges, **numbers)
    texts = ("id", "path", "title", "date", "source", "sha256", "query", "run_at")
    return Record(
        passage=passage,
        authors=tuple(fields["authors"]),
        manner=Manner(**fields["asked"]),
        **{name: fields[name] for name in texts},
    )
