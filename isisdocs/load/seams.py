"""Where do the joins of lines stand in the file, whose lines repair and cuts have changed?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from isisdocs.model import Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def locate(joins: Sequence[Repair], text: str, made: Iterable[Repair]) -> tuple[Repair, ...]:
    """Return *joins* with the column and the characters that the file has there.

    *text* is that of the file as it was decoded, *made* the repairs inside them. A join
    replaces what these leave over, and of lines between that were cut only the line feeds.
    """
    if not joins:
        return ()
    lines = text.split("\n")
    # Where in each line the first repair starts, and where the last one ends.
    firsts: dict[int, int] = {}
    ends: dict[int, int] = {}
    for repair in made:
        start = repair.column - 1
        firsts[repair.line] = min(start, firsts.get(repair.line, start))
        end = start + len(repair.before)
        ends[repair.line] = max(end, ends.get(repair.line, 0))
    located = []
    for join in joins:
        last = lines[join.line - 1]
        column = len(last.rstrip())
        if not join.before[0].isspace() and last[column - 1 : column] == join.before[0]:
            column -= 1  # the hyphen goes too
        column = max(column, ends.get(join.line, 0))
        number = join.line + join.before.count("\n")
        following = lines[number - 1]
        indent = len(following) - len(following.lstrip())
        indent = min(indent, firsts.get(number, indent))
        between = lines[join.line : number - 1]
        if any(line.strip() for line in between):
            between = [""] * len(between)
        before = "\n".join((last[column:], *between, following[:indent]))
        located.append(
            Repair(join.line, column + 1, before, join.after, join.rule, join.confidence)
        )
    return tuple(located)
