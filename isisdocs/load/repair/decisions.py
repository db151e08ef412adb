"""What a reader decided about single repairs, and how later builds obey it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isisdocs.load.ledger import Edit, line_starts
from isisdocs.sidecar import AROUND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from isisdocs.sidecar import Decided


@dataclass(frozen=True, slots=True)
class Decision:
    """What shall stand in one place of a file; as in a Repair, places are those of the file."""

    line: int
    """Line in the original file, counted from 1."""
    column: int
    """Character in that line as it was decoded, counted from 1."""
    before: str
    """The characters as they stand in the file; a decision about others is out of date."""
    after: str
    """What shall stand there: the repair's reading, another, or `before` to leave the file's."""


def obey(text: str, edits: Sequence[Edit], decisions: Iterable[Decision]) -> list[Edit]:
    """Return *edits* of *text* with *decisions* in the place of what they touch.

    A decision whose `before` no longer stands there is passed over, and so is one that a later
    one overlaps. Its edit has the rule `decision` and confidence 1.
    """
    starts = line_starts(text)
    decided: list[Edit] = []
    for decision in reversed(tuple(decisions)):
        if not 1 <= decision.line <= len(starts):
            continue
        start = starts[decision.line - 1] + decision.column - 1
        end = start + len(decision.before)
        if not decision.before or text[start:end] != decision.before:
            continue
        if not any(start < other.end and other.start < end for other in decided):
            decided.append(Edit(start, end, decision.after, "decision", 1.0))
    kept = [
        edit
        for edit in edits
        if not any(edit.start < other.end and other.start < edit.end for other in decided)
    ]
    made = [edit for edit in decided if edit.after != text[edit.start : edit.end]]
    return sorted(kept + made)


def place(text: str, decided: Iterable[Decided]) -> list[Decision]:
    """Return decisions where they stand in *text*: in every place with the same characters around.

    One whose place is gone, or changed, is passed over.

    >>> from isisdocs.sidecar import Decided
    >>> place("Mosul?s bank.", [Decided("", "Mosul?s", " bank.", "Mosul’s", True)])
    [Decision(line=1, column=1, before='Mosul?s', after='Mosul’s')]
    """
    found = []
    for one in decided:
        for start in _places(text, one):
            line = text.count("\n", 0, start) + 1
            column = start - text.rfind("\n", 0, start)
            found.append(Decision(line, column, one.before, one.after))
    return found


def _places(text: str, decided: Decided) -> Iterator[int]:
    whole = decided.left + decided.before + decided.right
    at = text.find(whole)
    while at >= 0:
        end = at + len(whole)
        begins_line = at == 0 or text[at - 1] == "\n"
        ends_line = end == len(text) or text[end] == "\n"
        if (begins_line or len(decided.left) >= AROUND) and (
            ends_line or len(decided.right) >= AROUND
        ):
            yield at + len(decided.left)
        at = text.find(whole, at + 1)
