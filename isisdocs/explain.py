"""Why did a query find what it found, and what would find more?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from isisdocs.fields import LEFT_OUT
from isisdocs.query import interpret, relax, tree
from isisdocs.query.suggest import suggestions
from isisdocs.query.tree import And, Layer, Node, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from isisdocs.engine.base import Reader
    from isisdocs.query.relax import Relaxed
    from isisdocs.query.suggest import Suggestion

MAX_UNKNOWN = 5
"""Words that no article has which are named at most."""
MAX_RELAXED = 3
"""Wider queries that are proposed at most."""
MAX_PARTS = 16
"""A query of more parts is not taken apart to find wider ones, or what each of them costs."""
MAX_LEAVES = 200
"""Nor is a query of more words."""
MAX_SECOND_STEPS = 40
"""Queries two steps wider that are tried at most."""


@dataclass(frozen=True, slots=True)
class Explained:
    """One part of a query: what it asks for, and what that finds by itself."""

    depth: int
    """How far in it stands, 0 for the whole."""
    text: str
    articles: int
    hits: int | None
    """How often it stands in them; None for what has no place in a text."""
    more_without: int | None
    """Articles the whole query would find more without it; None where it cannot be left out."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word that no article has, and words that could have been meant."""

    word: str
    instead: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Wider:
    """A query that asks for less, and how many articles it finds."""

    change: str
    query: str
    articles: int


def explained(reader: Reader, node: Node) -> Iterator[Explained]:
    """Yield the parts of a query from the whole to the single words."""
    total = reader.search(node, limit=0).total
    without = dict(_without_each(node))
    for line in interpret.explain(node):
        counts = reader.count(line.node)
        smaller = without.get(line.node)
        yield Explained(
            depth=line.depth,
            text=line.text,
            articles=counts.articles,
            hits=counts.hits,
            more_without=(
                None if smaller is None else reader.search(smaller, limit=0).total - total
            ),
        )


def unknown_words(reader: Reader, node: Node) -> list[Unknown]:
    """Return the first words of the query that are nowhere in the corpus, with others that are."""
    missing = (
        leaf.typed
        for leaf in dict.fromkeys(tree.leaves(node))
        if isinstance(leaf, Term)
        and leaf.layer is Layer.STEM
        and leaf.typed
        and leaf.field not in LEFT_OUT  # what the corpus has is not what these fields have
        and not reader.search(leaf, limit=0).total
    )
    words = dict.fromkeys(islice(missing, MAX_UNKNOWN))
    if not words:
        return []
    vocabulary = dict(reader.vocabulary())
    return [Unknown(word, suggestions(word, vocabulary)) for word in words]


def wider(reader: Reader, node: Node) -> list[Wider]:
    """Return the smallest steps back from the query that find something, the smallest first.

    One step where that is enough, else two; none where nothing near the query finds anything.
    """
    if _is_large(node):
        return []
    steps = relax.relaxations(node)
    found = _finding(reader, steps)
    if not found:
        # `relax` names a second step without the first.
        second = (
            relax.Relaxed(further.node, f"{step.change}, {further.change}")
            for step in steps
            if not _is_large(step.node)
            for further in relax.relaxations(step.node)
        )
        found = _finding(reader, islice(second, MAX_SECOND_STEPS))
    return found[:MAX_RELAXED]


def _is_large(node: Node) -> bool:
    """Tell whether looking for steps back from the query takes longer than anybody waits."""
    if isinstance(node, And) and len(node.parts) > MAX_PARTS:
        return True
    return any(True for _ in islice(tree.leaves(node), MAX_LEAVES, None))


def _finding(reader: Reader, steps: Iterable[Relaxed]) -> list[Wider]:
    found: dict[str, Wider] = {}
    for step in steps:
        if count := reader.search(step.node, limit=0).total:
            query = interpret.in_words(step.node)
            found.setdefault(query, Wider(step.change, query, count))
    return list(found.values())


def _without_each(node: Node) -> Iterator[tuple[Node, Node]]:
    """Yield each part of an And, and the query without it."""
    if isinstance(node, And) and 1 < len(node.parts) <= MAX_PARTS:
        for index, part in enumerate(node.parts):
            rest = node.parts[:index] + node.parts[index + 1 :]
            yield part, And(rest) if len(rest) > 1 else rest[0]
