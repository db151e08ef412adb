"""What is wrong in a corpus and its index, for a person and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from isisdocs.output import structured
from isisdocs.output.counted import counted
from isisdocs.output.visible import visible_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rich.console import Console

    from isisdocs.index.health import Damaged, Health, RecurringLine
    from isisdocs.model import Article, Repair
    from isisdocs.output.location import Location

SHOWN = 10
"""Of anything that there is more of, so many are shown to a person."""
_LONGEST = 100


def show(console: Console, health: Health, location: Location) -> None:
    """Print what was found out: a heading with a number for each kind, then the first of them."""
    if current := health.current:
        count = counted(current.article_count, "article")
        _line(console, f"{location.root}: {count}; {current.engine}, state {current.generation}")
    _line(console, health.problem or "the index is up to date", "title")
    if health.hint:
        _line(console, f"hint: {health.hint}")
    if not health.current:
        return
    if changes := health.changes:
        for name, paths in (
            ("files added since", changes.added),
            ("files changed since", changes.changed),
            ("files removed since", changes.removed),
        ):
            if paths:
                _section(console, name, [_path(location, path) for path in paths])
    found = health.findings
    for name, lines in (
        ("skipped", [f"{_path(location, s.path)}: {s.reason}" for s in health.skipped]),
        ("not all decoded", [_undecoded(article, location) for article in found.undecoded]),
        ("damaged articles", [_damaged(one, location) for one in found.damaged]),
        ("uncertain repairs", [_repair(*one, location) for one in found.unsure]),
        ("groups of near-copies", [", ".join(group) for group in found.copies]),
        ("lines that recur", [_recurring(line) for line in found.recurring]),
        ("articles without a title", [location.path(one) for one in found.untitled]),
        ("articles without a date", [location.path(one) for one in found.undated]),
    ):
        _section(console, name, lines)


def fields(health: Health, index: Path, location: Location) -> dict[str, Any]:
    """Return what was found out as what JSON can hold."""
    current, changes, found = health.current, health.changes, health.findings
    return {
        "format_version": structured.FORMAT_VERSION,
        "corpus": str(health.corpus),
        "index": str(index),
        "engine": current.engine if current else None,
        "state": current.generation if current else None,
        "articles": current.article_count if current else None,
        "problem": health.problem or None,
        "hint": health.hint or None,
        "changes": changes
        and {
            "added": list(changes.added),
            "changed": list(changes.changed),
            "removed": list(changes.removed),
        },
        "skipped": [{"path": s.path, "reason": s.reason} for s in health.skipped],
        "undecoded": [{"id": one.id, "encoding": one.encoding} for one in found.undecoded],
        "damaged": [
            {"id": one.article.id, "repaired": one.repaired, "left": one.left}
            for one in found.damaged
        ],
        "unsure": [
            structured.repair(article, repair, location) for article, repair in found.unsure
        ],
        "near_copies": [list(group) for group in found.copies],
        "recurring": [
            {"text": line.text, "documents": line.documents, "cut": line.cut, "kept": line.kept}
            for line in found.recurring
        ],
        "untitled": [article.id for article in found.untitled],
        "undated": [article.id for article in found.undated],
    }


def _section(console: Console, name: str, lines: list[str]) -> None:
    _line(console, f"{name}: {len(lines):,}" if lines else f"{name}: none")
    _lines(console, lines[:SHOWN])
    if (more := len(lines) - SHOWN) > 0:
        _lines(console, [f"… and {more:,} more; --json lists them"])


def _lines(console: Console, lines: Iterable[str]) -> None:
    for line in lines:
        _line(console, f"    {line}")


def _line(console: Console, line: str, style: str = "") -> None:
    console.print(Text(visible_line(line), style=style), soft_wrap=True)


def _path(location: Location, path: str) -> str:
    return (location.root / path).as_posix()


def _undecoded(article: Article, location: Location) -> str:
    return f"{location.path(article)}: read as {article.encoding}, which has not all of its bytes"


def _damaged(damaged: Damaged, location: Location) -> str:
    path = location.path(damaged.article)
    return f"{path}: {damaged.repaired:,} lost characters brought back, {damaged.left:,} left"


def _repair(article: Article, repair: Repair, location: Location) -> str:
    place = f"{location.path(article)}:{repair.line}:{repair.column}"
    return f"{place}: {repair.rule} {repair.confidence:.0%}, `{repair.before}` to `{repair.after}`"


def _recurring(line: RecurringLine) -> str:
    text = line.text if len(line.text) <= _LONGEST else f"{line.text[: _LONGEST - 1]}…"
    where = [f"cut in {line.cut:,}"] if line.cut else []
    where += [f"kept in {line.kept:,}"] if line.kept else []
    return f"{line.documents:,} articles, {', '.join(where)}: {text}"
