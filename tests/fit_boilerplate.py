"""Fit the weights of `isisdocs/load/boilerplate/weights.tsv` on the labelled pages.

    python -m tests.fit_boilerplate          writes the table

Needs numpy and scipy, which the program does not. Input: the pages that `tests.labelled` reads,
labelled line by line, and the prior below. The same input gives the same table.

The model is the linear-chain conditional random field of `scorer`. Lines labelled C are body, lines
labelled B are furniture before, inside or after it; what is neutral (P, M) may be either, so its
states are summed over. The likelihood with a Gaussian prior around PRIOR is maximised by L-BFGS. A
weight of a furniture state is a shared part plus a part of its own, which is held closer to zero.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from isisdocs.load.boilerplate.features import Evidence, evidence
from isisdocs.load.boilerplate.page import read
from isisdocs.load.boilerplate.scorer import State, Weights
from tests.labelled import ROOT, LabelledPage, pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    Array = np.ndarray[Any, np.dtype[np.float64]]

TABLE = ROOT / "isisdocs" / "load" / "boilerplate" / "weights.tsv"

# What is known of furniture before any page is seen: pattern of a name, weight. The first that fits
# counts.
PRIOR = (
    (r"whole$", 3.0),
    (r"whole=(tags|navigation)", 0.6),
    (r"whole=", 2.0),
    (r"start/s", 1.2),
    (r"start/m", 0.8),
    (r"start=(navigation|tags|related)/l", 0.0),
    (r"start=.*/[sm]", 1.2),
    (r"start=(subscribe|newsletter|appeal|comments|legal|follow)/l", 2.0),
    (r"start=.*/l", 1.0),
    (r"within=(newsletter|appeal|subscribe|comments|legal)/s", 1.4),
    (r"within=(newsletter|appeal|subscribe|comments|legal)/m", 1.2),
    (r"within=(newsletter|appeal|subscribe|comments|legal)/l", 0.6),
    (r"you&cue", 1.0),
    (r"teaser", 4.0),
    (r"certain", 2.0),
    (r"excerpt", 2.0),
    (r"©", 3.0),
    (r"strength[456]/s", 2.0),
    (r"strength[456]/[ml]", 2.0),
    (r"strength3", 1.0),
    (r"run:(related|newsletter|share|comments|subscribe|follow|appeal)/s", 1.0),
    (r"run:(related|newsletter|share|comments|subscribe|follow)/open", 1.0),
    (r"item/[ml]", -1.0),
    (r"lower/[sm]", -1.0),
)
# Precision of the prior: of the shared part, of a state's own part, of a change.
PRECISION = (1.0, 4.0, 1.0)
# Evidence seen on fewer sites is left out.
LEAST_SITES = 2
_NEVER = -1e4
_CHANGES = (
    (State.BEFORE, State.BODY),
    (State.BODY, State.AFTER),
    (State.BODY, State.INSIDE),
    (State.INSIDE, State.BODY),
)


@dataclass(frozen=True)
class Example:
    site: str
    evidence: list[Evidence]
    allowed: Array
    """Lines by states, true where the label allows the state."""


def example(page: LabelledPage) -> Example:
    read_lines = [line for line in read(page.lines) if not line.shape.is_passed_over]
    labels = [page.labels[line.number - 1] for line in read_lines]
    return Example(page.site, evidence(read_lines), allowed_states(labels))


def allowed_states(labels: Sequence[str]) -> Array:
    content = [position for position, label in enumerate(labels) if label == "C"]
    first, last = content[0], content[-1]
    allowed = np.zeros((len(labels), 4), dtype=bool)
    for position, label in enumerate(labels):
        may_be = {
            State.BEFORE: position < first,
            State.INSIDE: first < position < last,
            State.AFTER: position > last,
            State.BODY: label != "B",
        }
        for state, is_allowed in may_be.items():
            allowed[position, state] = is_allowed and (label != "C" or state is State.BODY)
    return allowed


def index_of(examples: Sequence[Example], names: Callable[[Evidence], list[str]]) -> dict[str, int]:
    """Number the names that are seen on enough sites."""
    sites: dict[str, set[str]] = defaultdict(set)
    for page in examples:
        for line in page.evidence:
            for name in names(line):
                sites[name].add(page.site)
    return {
        name: number
        for number, name in enumerate(
            sorted(n for n, at in sites.items() if len(at) >= LEAST_SITES)
        )
    }


def emission_names(line: Evidence) -> list[str]:
    return line.emission


def change_names(line: Evidence) -> list[str]:
    return line.change


class Batch:
    """All examples side by side, padded to the longest: arrays are lines by pages by states."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.pages = len(examples)
        self.lengths = np.array([len(page.evidence) for page in examples])
        self.lines = int(self.lengths.max())
        self.emission_index = index_of(examples, emission_names)
        self.change_index = index_of(examples, change_names)
        self.emission = self._matrix(examples, self.emission_index, emission_names)
        self.change = self._matrix(examples, self.change_index, change_names)
        self.allowed = np.ones((self.lines, self.pages, 4), dtype=bool)
        for column, page in enumerate(examples):
            self.allowed[: len(page.evidence), column] = page.allowed
        positions = np.arange(self.lines)[:, None]
        self.is_line = positions < self.lengths[None, :]
        self.is_last = positions == self.lengths[None, :] - 1

    def _matrix(
        self,
        examples: Sequence[Example],
        index: dict[str, int],
        names: Callable[[Evidence], list[str]],
    ) -> csr_matrix:
        rows, columns = [], []
        for column, page in enumerate(examples):
            for row, line in enumerate(page.evidence):
                found = [index[name] for name in names(line) if name in index]
                rows += [row * self.pages + column] * len(found)
                columns += found
        shape = (self.lines * self.pages, len(index))
        return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)


def log_sum(values: Array, axis: int) -> Array:
    most = values.max(axis=axis, keepdims=True)
    total = np.log(np.exp(values - most).sum(axis=axis))
    return np.squeeze(most, axis) + total


def expectations(batch: Batch, emission: Array, change: Array) -> tuple[Array, Array, Array]:
    """Return log partition per page, expected states and expected changes (forward-backward)."""
    steps = np.full((batch.lines, batch.pages, 4, 4), _NEVER)
    for state in State:
        steps[:, :, state, state] = 0.0
    for number, (origin, target) in enumerate(_CHANGES):
        steps[:, :, origin, target] = change[:, :, number]
    final = np.array([_NEVER, 0.0, _NEVER, 0.0])
    forward = np.full(emission.shape, _NEVER)
    backward = np.full(emission.shape, _NEVER)
    forward[0, :, State.BEFORE] = emission[0, :, State.BEFORE]
    forward[0, :, State.BODY] = change[0, :, 0] + emission[0, :, State.BODY]
    for row in range(1, batch.lines):
        forward[row] = log_sum(forward[row - 1][:, :, None] + steps[row], 1) + emission[row]
    for row in range(batch.lines - 1, -1, -1):
        if row + 1 < batch.lines:
            following = (emission[row + 1] + backward[row + 1])[:, None, :]
            backward[row] = log_sum(steps[row + 1] + following, 2)
        backward[row][batch.is_last[row]] = final
        backward[row][~batch.is_line[row]] = _NEVER
    ends = forward[batch.lengths - 1, np.arange(batch.pages)] + final
    partition = log_sum(ends, 1)
    expected = np.exp(np.clip(forward + backward - partition[None, :, None], -700, 0))
    expected *= batch.is_line[:, :, None]
    changes = np.zeros(emission.shape)
    changes[0, :, 0] = expected[0, :, State.BODY]
    for number, (origin, target) in enumerate(_CHANGES):
        joint = forward[:-1, :, origin] + steps[1:, :, origin, target]
        joint = joint + emission[1:, :, target] + backward[1:, :, target] - partition[None, :]
        changes[1:, :, number] = np.exp(np.clip(joint, -700, 0))
    return partition, expected, changes * batch.is_line[:, :, None]


def prior_of(names: Iterable[str]) -> Array:
    means = [
        next((weight for pattern, weight in PRIOR if re.match(pattern, name)), 0.0)
        for name in names
    ]
    return np.array(means)


def fit(examples: Sequence[Example], *, iterations: int = 60) -> Weights:
    """Return the weights that explain *examples* best."""
    batch = Batch(examples)
    width, changes = len(batch.emission_index), len(batch.change_index)
    mean = np.zeros(4 * width + 4 * changes)
    mean[:width] = prior_of(batch.emission_index)
    shared, own, change = PRECISION
    precision = np.repeat([shared, own, change], [width, 3 * width, 4 * changes])
    furniture = [State.BEFORE, State.INSIDE, State.AFTER]
    shape = (batch.lines, batch.pages, 4)

    def loss(weights: Array) -> tuple[float, Array]:
        parts = (batch.emission @ weights[: 4 * width].reshape(4, width).T).reshape(shape)
        emission = np.zeros(shape)
        emission[:, :, furniture] = parts[:, :, :1] + parts[:, :, 1:]
        moves = (batch.change @ weights[4 * width :].reshape(4, changes).T).reshape(shape)
        free = expectations(batch, emission, moves)
        held = expectations(batch, np.where(batch.allowed, emission, _NEVER), moves)
        surplus = (free[1] - held[1])[:, :, furniture].reshape(-1, 3)
        by_part = np.column_stack([surplus.sum(1), surplus])
        gradient = np.concatenate(
            [
                (batch.emission.T @ by_part).T.ravel(),
                (batch.change.T @ (free[2] - held[2]).reshape(-1, 4)).T.ravel(),
            ]
        )
        gradient += precision * (weights - mean)
        penalty = 0.5 * float((precision * (weights - mean) ** 2).sum())
        return float((free[0] - held[0]).sum()) + penalty, gradient

    found = minimize(loss, mean, jac=True, method="L-BFGS-B", options={"maxiter": iterations}).x
    parts = found[: 4 * width].reshape(4, width)
    moves = found[4 * width :].reshape(4, changes)
    emission_weights = {
        name: tuple(float(round(parts[0, at] + parts[own_part, at], 2)) for own_part in (1, 2, 3))
        for name, at in batch.emission_index.items()
    }
    # No page of the data is read with its corpus, so that the prior is all that is known of this.
    emission_weights["recurs"] = (3.0, 3.0, 3.0)
    change_weights = {
        name: tuple(float(round(value, 2)) for value in moves[:, at])
        for name, at in batch.change_index.items()
    }
    return Weights(
        {name: row for name, row in sorted(emission_weights.items()) if any(row)},  # type: ignore[misc]
        {name: row for name, row in sorted(change_weights.items()) if any(row)},  # type: ignore[misc]
    )


def table(weights: Weights) -> str:
    """Write weights as `scorer.parse_weights` reads them."""
    lines = [
        "# Written by `python -m tests.fit_boilerplate`; the names are made in `features`, `page`.",
        "# emission: weight of furniture before, inside and after the body, against body",
        "# change: weight of a line that starts the body, ends it, opens an aside, closes one",
    ]
    for kind, rows in (("emission", weights.emission), ("change", weights.change)):
        lines += ["\t".join([kind, name, *map("{:.2f}".format, row)]) for name, row in rows.items()]
    return "\n".join(lines) + "\n"


def folds(sites: Iterable[str], *, count: int = 10, seed: int = 1) -> dict[str, int]:
    """Deal the sites out to folds, so that no site is both fitted and scored."""
    shuffled = sorted(set(sites))
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - nothing secret
    return {site: number % count for number, site in enumerate(shuffled)}


def main() -> None:
    weights = fit([example(page) for page in pages()])
    TABLE.write_text(table(weights), encoding="utf-8")


if __name__ == "__main__":
    main()
