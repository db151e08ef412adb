"""Rows of words and numbers: aligned in a terminal, with tabs in a pipe, as CSV, as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TextIO

from isisdocs.output import cells, structured
from isisdocs.output.columns import padded, shortened, width
from isisdocs.output.visible import visible_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

MIN_COLUMNS = 8
"""A column of words is never made narrower."""


class Form(Enum):
    """How a table is written."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with names for their columns; a cell is a text, a number, None, or a list of texts."""

    name: str
    """What a row is, in the plural: the key of the rows in JSON."""
    columns: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


def write(stream: TextIO, table: Table, form: Form, *, about: dict[str, Any] | None = None) -> None:
    """Write the table as CSV or JSON; *about* is what a JSON document says before the rows."""
    if form is Form.CSV:
        cells.write(stream, table.columns, ([_csv(cell) for cell in row] for row in table.rows))
        return
    rows = [dict(zip(table.columns, map(_json, row), strict=True)) for row in table.rows]
    if form is Form.JSONL:
        structured.write_lines(stream, rows)
    else:
        head = {"format_version": structured.FORMAT_VERSION, **(about or {})}
        structured.write(stream, {**head, table.name: rows})


def show(console: Console, table: Table) -> None:
    """Print the table: under its columns' names in a terminal, else a line of cells with tabs."""
    texts = [[_text(cell) for cell in row] for row in table.rows]
    if not console.is_terminal:
        for row in texts:
            console.file.write("\t".join(row) + "\n")  # printed, tabs would become spaces
        return
    if not texts:
        return
    names = [name.replace("_", " ") for name in table.columns]
    is_number = [
        all(isinstance(row[index], int | float | None) for row in table.rows)
        for index in range(len(names))
    ]
    widths = [
        max(map(width, (name, *column)))
        for name, column in zip(names, zip(*texts, strict=True), strict=True)
    ]
    _narrow(widths, is_number, console.width)
    for style, row in (("cut", names), *((None, row) for row in texts)):
        fitted = [
            padded(shortened(cell, columns), columns, is_right=is_right)
            for cell, columns, is_right in zip(row, widths, is_number, strict=True)
        ]
        console.print("  ".join(fitted).rstrip(), style=style, soft_wrap=True)


def _narrow(widths: list[int], is_number: Sequence[bool], available: int) -> None:
    """Take columns from the widest column of words until all of them fit."""
    words = [index for index, number in enumerate(is_number) if not number]
    while words and sum(widths) + 2 * (len(widths) - 1) > available:
        widest = max(words, key=lambda index: widths[index])
        if widths[widest] <= MIN_COLUMNS:
            return
        widths[widest] -= 1


def _text(cell: Any) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, float):
        return f"{cell:,.2f}"
    if isinstance(cell, int):
        return f"{cell:,}"
    return visible_line(", ".join(cell) if isinstance(cell, list) else cell)


def _csv(cell: Any) -> Any:
    if isinstance(cell, list):
        return cells.joined(cell)
    return _json(cell)


def _json(cell: Any) -> Any:
    # Minus infinity, for what is never met together, has no JSON.
    if isinstance(cell, float):
        return round(cell, 6) if cell - cell == 0 else None
    return cell
