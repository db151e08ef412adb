"""A query tree, to words a user can read: as a query that could have been typed, and as a tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from isisdocs.frozen import frozen
from isisdocs.query.match import days_of
from isisdocs.query.terms import Manner, Reader, as_place
from isisdocs.query.tree import (
    And,
    DateRange,
    Layer,
    Near,
    Node,
    Not,
    Nothing,
    Or,
    PathGlob,
    Pattern,
    PatternKind,
    Phrase,
    Term,
    Undated,
    leaves,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def in_words(node: Node) -> str:
    """Return the query as one could type it; parsed again it gives the same tree.

    That is so for trees that come from a parser and are not nested so deep that the parentheses
    set here are too many for it; of others this is a fair description.
    """
    match node:
        case And(parts):
            return " ".join(_inner(part) for part in parts)
        case Or(parts):
            return _typed_word(node) or " OR ".join(_inner(part) for part in parts)
        case Near(parts, distance, is_ordered) if len(parts) == 2:
            name = "ADJ" if is_ordered else "NEAR"
            return f"{_inner(parts[0])} {name}/{distance} {_inner(parts[1])}"
        case Near(parts, distance):
            return f"{_quoted(node)}~{distance}"
        case Phrase():
            return _quoted(node)
        case Not(part):
            return f"-{_inner(part)}"
        case Term() | Pattern():
            return _prefix(node.field) + _leaf(node)
    return _filter(node)


@frozen
class Line:
    """One line of an explained query."""

    depth: int
    """How far in it stands, 0 for the whole."""
    text: str
    node: Node
    """What the line is about, so that counts can be set beside it."""


def explain(node: Node) -> list[Line]:
    """Return the tree in plain words, each part below its whole and one deeper."""
    return list(_lines(node, 0))


def _lines(node: Node, depth: int) -> Iterator[Line]:
    yield Line(depth, _described(node), node)
    match node:
        case Not(part):
            yield from _lines(part, depth + 1)
        case And(parts) | Or(parts) | Near(parts) if not _typed_word(node):
            for part in parts:
                yield from _lines(part, depth + 1)


def _described(node: Node) -> str:
    match node:
        case Term() | Pattern():
            return _described_leaf(node)
        case Phrase():
            return f"the phrase {_quoted(node)}"
        case And():
            return "all of these"
        case Or():
            word = _typed_word(node)
            return f"the word {word} in its spellings" if word else "at least one of these"
        case Not():
            return "not"
        case Near(_, distance, is_ordered):
            order = "in this order" if is_ordered else "in any order"
            near = "side by side" if distance == 1 else f"within {distance} words of each other"
            return f"{near}, {order}"
    return _described_filter(node)


def _described_leaf(leaf: Term | Pattern) -> str:
    text = _prefix(leaf.field) + (leaf.typed or leaf.text)
    match leaf:
        case Term(layer=Layer.EXACT):
            return f"the word {text} exactly as written"
        case Term():
            return f"the word {text} in all its forms"
        case Pattern(kind=PatternKind.PREFIX):
            return f"words that begin like {text}"
        case Pattern(kind=PatternKind.WILDCARD):
            return f"words that fit {text}"
    edits = "1 edit" if leaf.distance == 1 else f"{leaf.distance} edits"
    return f"words up to {edits} from {text.rpartition('~')[0] or text}"


def _described_filter(node: Node) -> str:
    match node:
        case DateRange():
            dates = _filter(node).removeprefix("date:")
            if ".." not in dates:
                return f"articles of {dates}"
            since, _, until = dates.partition("..")
            return "articles" + f" from {since}" * bool(since) + f" until {until}" * bool(until)
        case Undated():
            return "articles without a date"
        case PathGlob(pattern):
            return f"articles whose path fits {pattern}"
    return "no article" if isinstance(node, Nothing) else "every article"


def _inner(node: Node) -> str:
    """Return the text of a part, in parentheses where it would fall apart."""
    text = in_words(node)
    is_group = isinstance(node, And | Or | Near | Not) and not _typed_word(node)
    if isinstance(node, Near) and len(node.parts) > 2:
        is_group = False
    if isinstance(node, Not):
        return text
    return f"({text})" if is_group else text


def _typed_word(node: Node) -> str:
    """Return the one word that is read as this Or, if there is one."""
    if not isinstance(node, Or):
        return ""
    leaf = next(leaves(node), None)
    if not isinstance(leaf, Term | Pattern) or not leaf.typed:
        return ""
    read = as_place(Reader().places(leaf.typed, Manner(leaf.field)))
    return _prefix(leaf.field) + leaf.typed if read == node else ""


def _prefix(field: str | None) -> str:
    return f"{field}:" if field else ""


def _leaf(leaf: Term | Pattern) -> str:
    typed = leaf.typed or leaf.text
    if isinstance(leaf, Term) and leaf.layer is Layer.EXACT:
        return f"={typed}"
    return f'"{typed}"' if _OPERATOR.fullmatch(typed) else typed


def _quoted(node: Phrase | Near) -> str:
    found = list(leaves(node))
    field = found[0].field if found else None
    is_exact = all(isinstance(leaf, Term) and leaf.layer is Layer.EXACT for leaf in found)
    words = " ".join(_in_phrase(part, is_exact=is_exact) for part in node.parts)
    return f'{_prefix(field)}{"=" * is_exact}"{words}"'


def _in_phrase(place: Node, *, is_exact: bool) -> str:
    """Return a place as it stands inside quotation marks."""
    if isinstance(place, Or):
        if word := _typed_word(place):
            return word.rpartition(":")[2]
        return f"({' OR '.join(_in_phrase(part, is_exact=is_exact) for part in place.parts)})"
    if isinstance(place, Phrase):
        return " ".join(_in_phrase(part, is_exact=is_exact) for part in place.parts)
    if isinstance(place, Term) and place.layer is Layer.EXACT and is_exact:
        return place.typed or place.text
    return _leaf(place).strip('"') if isinstance(place, Term | Pattern) else ""


def _filter(node: Node) -> str:
    match node:
        case DateRange(since, until):
            for text in (since or "")[:4], (since or "")[:7], since or "":
                if text and since and (since, until) == days_of(text):
                    return f"date:{text}"
            return f"date:{since or ''}..{until or ''}"
        case Undated():
            return "date:none"
        case PathGlob(pattern):
            is_plain = _PLAIN_PATH.fullmatch(pattern) and not _OPERATOR.fullmatch(pattern)
            return f"path:{pattern}" if is_plain else f'path:"{pattern}"'
        case Nothing():
            return "-*"
    return "*"


_OPERATOR = re.compile("AND|OR|NOT|NEAR|ADJ|(?i:near|adj)/[0-9]+")
_PLAIN_PATH = re.compile(r"[\w./*?\[][^\s():]*")
