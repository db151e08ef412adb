"""The chain over the lost characters of a paragraph: whose state is how many quotes are open.

Forward and backward sums as in a hidden Markov model give each character the probability of each
label; each step is a log-linear model of the features in `context`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from isisdocs.load.repair.weights import LABELS, SCALE, Weights, probabilities

if TYPE_CHECKING:
    from isisdocs.load.repair.context import ParagraphContext

QUESTION, APOSTROPHE, OPEN, CLOSE, DASH, BULLET, ELLIPSIS, LETTER, SIGN = range(len(LABELS))

DEEPEST = 2
"""Quotes inside quotes are as deep as prose goes."""

Reading = tuple[list[list[float]], list[float]]
"""For each lost character the probability of each label, and that an opened quote is inside one."""

UNOPENED = round(SCALE)
"""What speaks against closing a quote where none is open, beyond what the model says: one unit."""


def step(state: int, label: int) -> int:
    """Return how many quotes are open after *label* where *state* were open before it."""
    if label == OPEN:
        return min(state + 1, DEEPEST)
    if label == CLOSE:
        return max(state - 1, 0)
    return state


def drift(context: ParagraphContext) -> list[list[int]]:
    """Return the quotes that stand undamaged before each lost character, as +1 and -1."""
    shifts: list[list[int]] = [[] for _ in range(len(context.places) + 1)]
    positions = [place.position for place in context.places]
    index = 0
    single = 0
    is_open = False
    for match in _QUOTE.finditer(context.text):
        while index < len(positions) and positions[index] < match.start():
            index += 1
        mark = match.group()
        if mark in "“‘":
            shifts[index].append(1)
            single += mark == "‘"
        elif mark == "”":
            shifts[index].append(-1)
        elif mark == "’":
            if single:
                shifts[index].append(-1)
                single -= 1
        elif mark == '"':
            shifts[index].append(-1 if is_open else 1)
            is_open = not is_open
    return shifts


_QUOTE = re.compile(r"[“”‘\"]|’(?![^\W_])")


def shift(state: int, changes: list[int]) -> int:
    """Return how many quotes are open after undamaged quotes."""
    for change in changes:
        state = min(max(state + change, 0), DEEPEST)
    return state


_TARGETS = tuple(
    tuple(step(state, label) for label in range(len(LABELS))) for state in range(DEEPEST + 1)
)
"""By state and label the state that follows."""
_NEGLIGIBLE = 1e-6

Rows = list[list[float]]
"""For each state the probability of each label; empty where the state is as good as impossible."""


def read(context: ParagraphContext, weights: Weights) -> Reading:
    """Return the probability of each label for each lost character of a paragraph."""
    shifts = drift(context)
    forward, choices = _forward(context, weights, shifts)
    ends = [weights.ends.get(context.end_features(state)[1], 1.0) for state in range(DEEPEST + 1)]
    return _backward(forward, choices, shifts, ends)


def _forward(
    context: ParagraphContext, weights: Weights, shifts: list[list[int]]
) -> tuple[list[list[float]], list[Rows]]:
    """Return how likely each state is before each lost character, and its labels in that state."""
    forward: list[list[float]] = []
    choices: list[Rows] = []
    now = [1.0, 0.0, 0.0]
    opened = [0, 0, 0]
    for index, place in enumerate(context.places):
        position = place.position
        now, opened = _shifted(now, opened, shifts[index], position)
        forward.append(now)
        base = weights.scores(context.features(index))
        rows: Rows = [[], [], []]
        following = [0.0, 0.0, 0.0]
        next_opened = list(opened)
        heaviest = [0.0, 0.0, 0.0]
        for state, likely in enumerate(now):
            if likely < _NEGLIGIBLE:
                continue
            extra = weights.scores(context.state_features(index, state, opened[state]))
            if not state:
                extra[CLOSE] -= UNOPENED
            rows[state] = row = probabilities(map(int.__add__, base, extra))
            for label, (target, chance) in enumerate(zip(_TARGETS[state], row, strict=True)):
                weight = likely * chance
                following[target] += weight
                if weight > heaviest[target]:
                    heaviest[target] = weight
                    next_opened[target] = position if label == OPEN else opened[state]
        total = sum(following)
        now = [weight / total for weight in following]
        opened = next_opened
        choices.append(rows)
    return forward, choices


def _backward(
    forward: list[list[float]], choices: list[Rows], shifts: list[list[int]], ends: list[float]
) -> Reading:
    """Return the probability of each label, given also what comes after."""
    backward = _unshifted(ends, shifts[len(choices)])
    marginals: list[list[float]] = []
    inner: list[float] = []
    for index in range(len(choices) - 1, -1, -1):
        chances = [0.0] * len(LABELS)
        nested = 0.0
        earlier = [0.0, 0.0, 0.0]
        for state, row in enumerate(choices[index]):
            if not row:
                continue
            likely = forward[index][state]
            onward = [
                chance * backward[target]
                for target, chance in zip(_TARGETS[state], row, strict=True)
            ]
            earlier[state] = sum(onward)
            for label, weight in enumerate(onward):
                chances[label] += likely * weight
            if state >= 1:
                nested += likely * onward[OPEN]
            if state == DEEPEST:
                nested += likely * onward[CLOSE]
        total = sum(chances)
        quotes = chances[OPEN] + chances[CLOSE]
        marginals.append([chance / total for chance in chances])
        inner.append(nested / quotes if quotes else 0.0)
        top = max(earlier)
        backward = _unshifted([weight / top for weight in earlier], shifts[index])
    marginals.reverse()
    inner.reverse()
    return marginals, inner


def _shifted(
    now: list[float], opened: list[int], changes: list[int], position: int
) -> tuple[list[float], list[int]]:
    if not changes:
        return now, opened
    moved = [0.0, 0.0, 0.0]
    moved_opened = [position, position, position]
    for state, weight in enumerate(now):
        moved[shift(state, changes)] += weight
    return moved, moved_opened


def _unshifted(backward: list[float], changes: list[int]) -> list[float]:
    if not changes:
        return backward
    return [backward[shift(state, changes)] for state in range(len(backward))]
