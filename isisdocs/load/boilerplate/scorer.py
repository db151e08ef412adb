"""Evidence → the state of every line, by the weights of `weights.tsv`.

A page is read as furniture, then body with asides in it, then furniture: a linear-chain conditional
random field (Lafferty, McCallum and Pereira 2001) whose chain may only move forward, decoded with
Viterbi's algorithm. How the weights were fitted is in `tests/fit_boilerplate.py`.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from isisdocs.load.boilerplate.features import Evidence

_NEVER = -1e9


class State(IntEnum):
    """Where a line stands."""

    BEFORE = 0
    BODY = 1
    INSIDE = 2
    AFTER = 3


class Weights:
    """Weights by name of evidence, as read from the table."""

    __slots__ = ("_change", "_emission", "change", "emission")

    def __init__(
        self,
        emission: dict[str, tuple[float, float, float]],
        change: dict[str, tuple[float, float, float, float]],
    ) -> None:
        self.emission = emission
        """For BEFORE, INSIDE and AFTER, each against BODY."""
        self.change = change
        """For a line that starts the body, ends it, opens an aside or closes it."""
        # By column, so that sums run in C: a third of the cost of adding rows.
        self._emission = [
            {name: row[column] for name, row in emission.items()}.__getitem__ for column in range(3)
        ]
        self._change = [
            {name: row[column] for name, row in change.items()}.__getitem__ for column in range(4)
        ]

    def furniture(self, line: Evidence) -> tuple[float, float, float]:
        """Return the evidence that a line is furniture before, inside or after the body."""
        known = list(filter(self.emission.__contains__, line.emission))
        before, inside, after = self._emission
        return sum(map(before, known)), sum(map(inside, known)), sum(map(after, known))

    def changes(self, line: Evidence) -> tuple[float, float, float, float]:
        """Return the evidence that a line starts the body, ends it, opens or closes an aside."""
        known = list(filter(self.change.__contains__, line.change))
        begin, end, leave, back = self._change
        return (
            sum(map(begin, known)),
            sum(map(end, known)),
            sum(map(leave, known)),
            sum(map(back, known)),
        )


@cache
def shipped_weights() -> Weights:
    """Return the weights in the package."""
    text = files("isisdocs.load.boilerplate").joinpath("weights.tsv").read_text("utf-8")
    return parse_weights(text)


def parse_weights(text: str) -> Weights:
    """Read a table of weights: `emission` or `change`, name, weights, parted by tabs."""
    emission: dict[str, tuple[float, float, float]] = {}
    change: dict[str, tuple[float, float, float, float]] = {}
    for line in text.splitlines():
        if not line or line.startswith("# "):
            continue
        table, name, *columns = line.split("\t")
        if table == "emission":
            before, inside, after = map(float, columns)
            emission[name] = (before, inside, after)
        else:
            begin, end, leave, back = map(float, columns)
            change[name] = (begin, end, leave, back)
    return Weights(emission, change)


def states(
    page: Sequence[Evidence],
    weights: Weights,
    *,
    caution: float = 0.3,
    no_end_before: int = 0,
) -> list[State]:
    """Return the likeliest state of every line.

    *caution* is how much evidence, in nats for each line, furniture has to have beyond even odds.
    The body does not end above the line *no_end_before*, counted from 0.
    """
    if not page:
        return []
    begins = weights.changes(page[0])[0]
    score = (weights.furniture(page[0])[0] - caution, begins, _NEVER, _NEVER)
    origins: list[tuple[int, int, int, int]] = []
    for position, line in enumerate(page[1:], 1):
        changes = weights.changes(line)
        if position < no_end_before:
            changes = (changes[0], _NEVER, *changes[2:])
        score, origin = _step(score, weights.furniture(line), changes, caution)
        origins.append(origin)
    state = State.BODY if score[State.BODY] >= score[State.AFTER] else State.AFTER
    path = [state]
    for origin in reversed(origins):
        state = State(origin[state])
        path.append(state)
    path.reverse()
    return path


def _step(
    score: tuple[float, float, float, float],
    furniture: tuple[float, float, float],
    changes: tuple[float, float, float, float],
    caution: float,
) -> tuple[tuple[float, float, float, float], tuple[int, int, int, int]]:
    """Return the best score of each state at the next line, and the state it came from."""
    before, body, inside, after = score
    begin, end, leave, back = changes
    to_body, from_body = max((body, 1), (before + begin, 0), (inside + back, 2))
    to_inside, from_inside = max((inside, 2), (body + leave, 1))
    to_after, from_after = max((after, 3), (body + end, 1))
    return (
        before + furniture[0] - caution,
        to_body,
        to_inside + furniture[1] - caution,
        to_after + furniture[2] - caution,
    ), (0, from_body, from_inside, from_after)
