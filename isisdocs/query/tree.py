"""The query tree, and where it holds in one article.

A tree is frozen data that every engine can answer. Terms in it come from `words`, so that an engine
never sees raw text. Parsing is in `query.parse`; which articles match is an engine's business; what
is computed here, from the positions of the leaves, is where inside an article the tree holds, and
both the engines and `passages` rely on it.

    Node ── Everything, Nothing
         ├─ Filter       DateRange, Undated, PathGlob        (no positions)
         ├─ Place        Leaf: Term, Pattern
         │               Phrase                              (over places)
         │               Or, when all its parts are places
         ├─ Near                                             (over places)
         └─ And, Or, Not                                     (over any nodes)

A place has position ranges in a text, so that `(isis OR "islamic state") NEAR/5 mosul` can be
asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from isisdocs.frozen import frozen
from isisdocs.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator


class Layer(Enum):
    """Which form of a word a term is compared with."""

    STEM = "stem"
    """Folded and stemmed: what a plain word in a query means."""
    EXACT = "exact"
    """As written: case, accents, no stem. What `=Word` means."""


class PatternKind(Enum):
    """How a pattern is compared with the folded forms of words."""

    PREFIX = "prefix"
    """Folded forms that start with the text."""
    WILDCARD = "wildcard"
    """`*` stands for any number of characters, `?` for exactly one."""
    FUZZY = "fuzzy"
    """Folded forms at most `distance` edits away, a swap of neighbours counting as one."""


@frozen
class Everything:
    """Every article."""


@frozen
class Nothing:
    """No article."""


@frozen
class Term:
    """One word."""

    text: str
    """The word in the form of its layer, as `words` makes it."""
    layer: Layer = Layer.STEM
    field: str | None = None
    """`title`, `body`, `author`, `source`, `cuts`, `raw`; None is title and body."""
    typed: str = ""
    """The word as the user typed it."""


@frozen
class Pattern:
    """Every word that fits a pattern."""

    text: str
    """Folded, with the pattern's wildcards; a prefix has no final `*`."""
    kind: PatternKind
    distance: int = 0
    """Edits allowed, 1 or 2; 0 for what is not fuzzy."""
    field: str | None = None
    typed: str = ""


@frozen
class Phrase:
    """Places, one directly after the other, in one field."""

    parts: tuple[Node, ...]


@frozen
class Near:
    """Places close together in one field, none of them overlapping.

    Taken in the order of the text, each part starts at most `distance` positions after the end of
    the one before it (distance 1: side by side). `is_ordered` asks for the order of the query too.
    """

    parts: tuple[Node, ...]
    distance: int
    is_ordered: bool = False


@frozen
class And:
    """Articles where all the parts hold."""

    parts: tuple[Node, ...]


@frozen
class Or:
    """Articles where at least one of the parts holds."""

    parts: tuple[Node, ...]


@frozen
class Not:
    """Articles where the part does not hold."""

    part: Node


@frozen
class DateRange:
    """Articles dated from `since` to `until`, both included; an open end is None.

    Both are ISO dates of full precision, `2014-06-24`. An article known only by month or year is
    in the range when all its days are, or with `is_loose` when any of them is.
    """

    since: str | None
    until: str | None
    is_loose: bool = False


@frozen
class Undated:
    """Articles without a date."""


@frozen
class PathGlob:
    """Articles whose path fits a shell pattern, or has it as a part where it has no wildcard."""

    pattern: str


Leaf = Term | Pattern
Filter = DateRange | Undated | PathGlob
Node = Everything | Nothing | Leaf | Phrase | Near | And | Or | Not | Filter

LeafSpans = Callable[[Leaf, str], Sequence[Span]]
"""Where a leaf stands in one field of one article: sorted position ranges."""

FilterHolds = Callable[[Filter], bool]

TEXT_FIELDS = ("title", "body")
"""The fields a leaf without a field is looked up in."""

MAX_NEAR_PARTS = 8
"""A NEAR of more parts is refused by the parser: finding its matches is exponential in them."""


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves of the tree from left to right, those under a Not included."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Phrase | Near | And | Or):
        for part in node.parts:
            yield from leaves(part)
    elif isinstance(node, Not):
        yield from leaves(node.part)


def is_place(node: Node) -> bool:
    """Tell whether a node has ranges in the text, so that it can stand in a Phrase or Near."""
    if isinstance(node, Or):
        return bool(node.parts) and all(map(is_place, node.parts))
    return isinstance(node, Leaf | Phrase)


def fields_of(node: Node) -> tuple[str, ...]:
    """Return the fields in which a place or Near can hold: the one its leaves name, or the text's.

    Leaves of one phrase or NEAR that name different fields hold nowhere together.
    """
    fields = {leaf.field for leaf in leaves(node)} - {None}
    return tuple(sorted(field for field in fields if field)) or TEXT_FIELDS


def spans(place: Node, field: str, leaf_spans: LeafSpans) -> list[Span]:
    """Return the position ranges in *field* where a place stands, sorted, each once.

    A phrase's range goes from its first word to its last.
    """
    if isinstance(place, Leaf):
        return list(leaf_spans(place, field)) if place.field in (None, field) else []
    if isinstance(place, Phrase):
        return _phrase_spans([spans(part, field, leaf_spans) for part in place.parts])
    if isinstance(place, Or):
        return sorted({span for part in place.parts for span in spans(part, field, leaf_spans)})
    raise TypeError(f"not a place: {place!r}")


def near_spans(near: Near, field: str, leaf_spans: LeafSpans) -> list[Span]:
    """Return the ranges of the parts of *near* that take part in a match in *field*, sorted."""
    parts = [spans(part, field, leaf_spans) for part in near.parts]
    if not all(parts):
        return []
    places = sorted((span, index) for index, part in enumerate(parts) for span in part)
    mirrored = sorted((Span(-end, -start), index) for (start, end), index in places)
    last = len(parts) - 1
    order = list(range(len(parts))) if near.is_ordered else None
    before = _chains(places, near.distance, len(parts), order)
    after = _chains(mirrored, near.distance, len(parts), order and order[::-1])
    whole = (2 << last) - 1
    found = set()
    for (span, index), left in before.items():
        right = after[Span(-span.end, -span.start), index]
        # Left and right chains share only the part itself and together hold every part.
        if any(whole & ~mask | 1 << index in right for mask in left):
            found.add(span)
    return sorted(found)


def holds(node: Node, leaf_spans: LeafSpans, filter_holds: FilterHolds) -> bool:
    """Tell whether an article matches the tree."""
    match node:
        case Everything():
            return True
        case Nothing():
            return False
        case And(parts):
            return all(holds(part, leaf_spans, filter_holds) for part in parts)
        case Or(parts):
            return any(holds(part, leaf_spans, filter_holds) for part in parts)
        case Not(part):
            return not holds(part, leaf_spans, filter_holds)
        case DateRange() | Undated() | PathGlob():
            return filter_holds(node)
        case Near():
            return any(near_spans(node, field, leaf_spans) for field in fields_of(node))
    return any(spans(node, field, leaf_spans) for field in fields_of(node))


def highlights(
    node: Node, leaf_spans: LeafSpans, filter_holds: FilterHolds
) -> dict[str, list[Span]]:
    """Return, for each field, what made the article match: sorted position ranges.

    Only branches that hold contribute, nothing under a Not does, and an article that does not
    match has none. A phrase gives one range, a NEAR one for each of its parts.
    """
    found: dict[str, set[Span]] = {}

    def visit(node: Node) -> None:
        match node:
            case And(parts) | Or(parts):
                for part in parts:
                    if holds(part, leaf_spans, filter_holds):
                        visit(part)
            case Near():
                for field in fields_of(node):
                    found.setdefault(field, set()).update(near_spans(node, field, leaf_spans))
            case Term() | Pattern() | Phrase():
                for field in fields_of(node):
                    found.setdefault(field, set()).update(spans(node, field, leaf_spans))

    if holds(node, leaf_spans, filter_holds):
        visit(node)
    return {field: sorted(ranges) for field, ranges in found.items() if ranges}


def _phrase_spans(parts: list[list[Span]]) -> list[Span]:
    # From each end reached so far to the starts of the match, part by part.
    starts_by_end: dict[int, set[int]] = {}
    for start, end in parts[0] if parts else ():
        starts_by_end.setdefault(end, set()).add(start)
    for part in parts[1:]:
        reached: dict[int, set[int]] = {}
        for start, end in part:
            if starts := starts_by_end.get(start):
                reached.setdefault(end, set()).update(starts)
        starts_by_end = reached
    return sorted(Span(start, end) for end, starts in starts_by_end.items() for start in starts)


def _chains(
    places: list[tuple[Span, int]], distance: int, count: int, order: list[int] | None
) -> dict[tuple[Span, int], set[int]]:
    """Return for each place the sets of parts, as bit masks, of the chains that end with it.

    Sweeps once from left to right; for each mask only the chain with the latest end matters,
    so the time is the number of places times the number of masks (2 ** *count*).
    """
    latest: dict[int, int] = {}
    waiting: list[tuple[int, int]] = []  # (end, mask) of chains that may still overlap
    masks_of: dict[tuple[Span, int], set[int]] = {}
    for (start, end), index in places:
        while waiting and waiting[0][0] <= start:
            reached, mask = heappop(waiting)
            latest[mask] = max(reached, latest.get(mask, reached))
        bit = 1 << index
        masks = masks_of.setdefault((Span(start, end), index), set())
        if order is None or order[0] == index:
            masks.add(bit)
        for mask, reached in list(latest.items()):
            if start - reached >= distance:
                del latest[mask]  # later places are further away still
                continue
            is_next = order is None or order[mask.bit_count()] == index
            if not mask & bit and is_next:
                masks.add(mask | bit)
        for mask in masks:
            if mask.bit_count() < count:
                heappush(waiting, (end, mask))
    return masks_of
