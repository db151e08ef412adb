"""For a query that finds nothing, the queries that ask for a little less."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isisdocs.query.interpret import in_words
from isisdocs.query.tree import MAX_NEAR_PARTS, And, Layer, Near, Node, Not, Or, Phrase, Term
from isisdocs.words import fold, stem

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDER = 10
"""Positions that the words of a phrase may be apart once it is relaxed."""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A query that finds all the original does, and perhaps more."""

    node: Node
    change: str
    """What is different, such as `without raqqa`."""


def relaxations(node: Node) -> list[Relaxed]:
    """Return the queries one step wider than *node*: the smallest steps first, then by place.

    A step takes a word in all its forms instead of as written, the words of a phrase near each
    other, those of a NEAR anywhere, or leaves out one thing that must or must not hold.
    """
    parts = node.parts if isinstance(node, And) else (node,)
    found = [
        Relaxed(_with(parts, index, wider), change)
        for index, part in enumerate(parts)
        for wider, change in _wider(part)
    ]
    if len(parts) > 1:
        for index, part in enumerate(parts):
            rest = parts[:index] + parts[index + 1 :]
            change = f"without {in_words(part)}"
            found.append(Relaxed(And(rest) if len(rest) > 1 else rest[0], change))
    return found


def _with(parts: tuple[Node, ...], index: int, part: Node) -> Node:
    changed = (*parts[:index], part, *parts[index + 1 :])
    return And(changed) if len(changed) > 1 else part


def _wider(node: Node) -> Iterator[tuple[Node, str]]:
    typed = in_words(node)
    if isinstance(node, Not):
        return
    inexact = _in_all_forms(node)
    if inexact != node:
        yield inexact, f"{typed} in all forms"
    elif isinstance(node, Phrase):
        if len(node.parts) <= MAX_NEAR_PARTS:
            yield Near(node.parts, WIDER), f"the words of {typed} near each other"
        else:
            yield And(node.parts), f"the words of {typed} anywhere"
    elif isinstance(node, Near):
        yield And(node.parts), f"the words of {typed} anywhere"


def _in_all_forms(node: Node) -> Node:
    """Return the tree with every word that is asked for as written taken in all its forms."""
    match node:
        case Term(text, Layer.EXACT, field, typed):
            return Term(stem(fold(text)), Layer.STEM, field, typed)
        case Or(parts):
            # A word typed with accents is both already.
            known = frozenset(parts)
            wider = ((part, _in_all_forms(part)) for part in parts)
            return Or(tuple(part if inexact in known else inexact for part, inexact in wider))
        case And(parts) | Phrase(parts):
            return type(node)(tuple(map(_in_all_forms, parts)))
        case Near(parts, distance, is_ordered):
            return Near(tuple(map(_in_all_forms, parts)), distance, is_ordered)
    return node
