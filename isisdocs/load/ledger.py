"""Changes to a text as data: made, chained, written down by line and column, and taken back."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from isisdocs.model import Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Edit(NamedTuple):
    """One change to a text: `text[start:end]` becomes `after`."""

    start: int
    end: int
    after: str
    rule: str
    confidence: float


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Return *text* with *edits* made; they are sorted and do not overlap.

    Without edits the same object comes back.
    """
    if not edits:
        return text
    parts: list[str] = []
    position = 0
    for edit in edits:
        parts += (text[position : edit.start], edit.after)
        position = edit.end
    parts.append(text[position:])
    return "".join(parts)


def chain(text: str, first: Sequence[Edit], second: Sequence[Edit]) -> list[Edit]:
    """Return the edits of *text* that do what *first* and then *second* do.

    *second* is in characters of the text that *first* makes. Where both touch the same characters
    they become one edit, with the rule of the second and the product of their confidences. What
    the second takes back again vanishes.
    """
    if not first or not second:
        return list(first or second)
    middle = apply_edits(text, first)
    # Every edit as a range of `middle`; ranges that overlap are one group.
    ranges: list[tuple[int, int, int, Edit]] = []
    shift = 0
    for edit in first:
        start = edit.start + shift
        ranges.append((start, start + len(edit.after), 0, edit))
        shift += len(edit.after) - (edit.end - edit.start)
    ranges.extend((edit.start, edit.end, 1, edit) for edit in second)
    ranges.sort(key=lambda item: (item[0], item[1], item[2]))

    chained: list[Edit] = []
    shift = 0
    position = 0
    while position < len(ranges):
        start, end = ranges[position][:2]
        stop = position + 1
        while stop < len(ranges) and ranges[stop][0] < end:
            end = max(end, ranges[stop][1])
            stop += 1
        group = ranges[position:stop]
        position = stop
        earlier = [item[3] for item in group if item[2] == 0]
        later = [item[3] for item in group if item[2] == 1]
        growth = sum(len(edit.after) - (edit.end - edit.start) for edit in earlier)
        before = text[start - shift : end - shift - growth]
        after = apply_edits(
            middle[start:end],
            [edit._replace(start=edit.start - start, end=edit.end - start) for edit in later],
        )
        if after != before:
            rule = (later or earlier)[-1].rule
            confidence = 1.0
            for edit in {*earlier, *later}:
                confidence *= edit.confidence
            chained.append(
                Edit(start - shift, end - shift - growth, after, rule, round(confidence, 4))
            )
        shift += growth
    return chained


def as_repairs(text: str, edits: Iterable[Edit], *, first_line: int = 1) -> tuple[Repair, ...]:
    """Return *edits* of *text* as Repairs: lines and columns count from 1, lines end at newline."""
    starts = line_starts(text)
    repairs: list[Repair] = []
    for edit in edits:
        line = bisect_right(starts, edit.start)
        repairs.append(
            Repair(
                line=line + first_line - 1,
                column=edit.start - starts[line - 1] + 1,
                before=text[edit.start : edit.end],
                after=edit.after,
                rule=edit.rule,
                confidence=edit.confidence,
            )
        )
    return tuple(repairs)


def as_edits(text: str, repairs: Iterable[Repair]) -> list[Edit]:
    """Return *repairs* of *text* as Edits, sorted: `as_repairs` taken back."""
    starts = line_starts(text)
    edits: list[Edit] = []
    for repair in repairs:
        start = starts[repair.line - 1] + repair.column - 1
        end = start + len(repair.before)
        edits.append(Edit(start, end, repair.after, repair.rule, repair.confidence))
    return sorted(edits)


def line_starts(text: str) -> list[int]:
    """Return where each line of *text* starts; lines end at newline."""
    starts = [0]
    position = text.find("\n")
    while position >= 0:
        starts.append(position + 1)
        position = text.find("\n", position + 1)
    return starts


def undo(text: str, repairs: Iterable[Repair]) -> str:
    """Return what *text* was before *repairs* of `decode` or `repair` were made.

    Raises ValueError where *text* does not hold what a repair put there.
    """
    lines = text.split("\n")
    by_line: dict[int, list[Repair]] = {}
    for repair in repairs:
        by_line.setdefault(repair.line, []).append(repair)
    for number, changes in by_line.items():
        line = lines[number - 1]
        parts: list[str] = []
        position = shift = 0
        for repair in sorted(changes, key=lambda change: change.column):
            start = repair.column - 1 + shift
            end = start + len(repair.after)
            if line[start:end] != repair.after:
                message = f"line {number} does not hold {repair.after!r} at character {start + 1}"
                raise ValueError(message)
            parts += (line[position:start], repair.before)
            position = end
            shift += len(repair.after) - len(repair.before)
        parts.append(line[position:])
        lines[number - 1] = "".join(parts)
    return "\n".join(lines)
