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

from bisect import bisect_left
from collections.abc import Callable, Sequence
from enum import Enum
from heapq import heappop, heappush
from itertools import compress, pairwise
from typing import TYPE_CHECKING, NamedTuple

from isisdocs.frozen import frozen
from isisdocs.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


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

LONG_PHRASE = 8
"""A phrase of more parts is looked for in a way that costs more at first and less a part."""

MAX_NEAR_PARTS = 8
"""A NEAR of more parts is refused by the parser: they are tried in every order (`_Step`)."""


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves of the tree from left to right, those under a Not included."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Phrase | Near | And | Or):
        for part in node.parts:
            yield from leaves(part)
    elif isinstance(node, Not):
        yield from leaves(node.part)


def without_field(leaf: Leaf) -> Leaf:
    """Return the leaf as one that names no field."""
    if isinstance(leaf, Term):
        return Term(leaf.text, leaf.layer, None, leaf.typed)
    return Pattern(leaf.text, leaf.kind, leaf.distance, None, leaf.typed)


def untyped(leaf: Leaf) -> Leaf:
    """Return the leaf without what the user typed: `flow` and `flows` are the same."""
    match leaf:
        case Term(text, layer, field):
            return Term(text, layer, field)
        case Pattern(text, kind, distance, field):
            return Pattern(text, kind, distance, field)


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
        if len(place.parts) > LONG_PHRASE:
            return _long_phrase_spans(place, field, leaf_spans)
        return _phrase_spans([spans(part, field, leaf_spans) for part in place.parts])
    if isinstance(place, Or):
        return sorted({span for part in place.parts for span in spans(part, field, leaf_spans)})
    raise TypeError(f"not a place: {place!r}")


def near_spans(near: Near, field: str, leaf_spans: LeafSpans) -> list[Span]:
    """Return the ranges of the parts of *near* that take part in a match in *field*, sorted."""
    members: dict[Node, list[int]] = {}
    for index, part in enumerate(near.parts):
        members.setdefault(part, []).append(index)
    # A part that is there several times stands where it stands once.
    parts = [spans(part, field, leaf_spans) for part in members]
    parts = _reachable(parts, list(map(len, members.values())), near)
    if not all(parts):
        return []
    places = sorted((span, number) for number, part in enumerate(parts) for span in part)
    if not near.is_ordered and _is_loose(places, near.distance):
        return [span for span, _ in places]
    mirrored = sorted((Span(-end, -start), number) for (start, end), number in places)
    steps = [_steps(near, indexes) for indexes in members.values()]
    before = _chains(places, near.distance, steps)
    # To the right of a place stands what is not to its left: no part twice, none missing.
    backwards = [[step.backwards(len(near.parts)) for step in some] for some in steps]
    after = _chains(mirrored, near.distance, backwards)
    found = set()
    for (span, number), left in before.items():
        right = after[Span(-span.end, -span.start), number]
        if right and any(step.removed_from(left) & right for step in steps[number]):
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
    for field, ranges in _contributed(node, leaf_spans, filter_holds) or ():
        found.setdefault(field, set()).update(ranges)
    return {field: sorted(ranges) for field, ranges in found.items() if ranges}


def _contributed(
    node: Node, leaf_spans: LeafSpans, filter_holds: FilterHolds
) -> list[tuple[str, list[Span]]] | None:
    """Return fields and ranges of what made the node hold; None where it does not."""
    match node:
        case And(parts):
            found = []
            for part in parts:
                contributed = _contributed(part, leaf_spans, filter_holds)
                if contributed is None:
                    return None
                found += contributed
            return found
        case Or(parts):
            every = [_contributed(part, leaf_spans, filter_holds) for part in parts]
            holding = [contributed for contributed in every if contributed is not None]
            return [each for contributed in holding for each in contributed] if holding else None
        case Near():
            ranges = [(f, near_spans(node, f, leaf_spans)) for f in fields_of(node)]
        case Term() | Pattern() | Phrase():
            ranges = [(f, spans(node, f, leaf_spans)) for f in fields_of(node)]
        case _:
            return [] if holds(node, leaf_spans, filter_holds) else None
    return ranges if any(each for _, each in ranges) else None


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


def _long_phrase_spans(phrase: Phrase, field: str, leaf_spans: LeafSpans) -> list[Span]:
    """Return what `_phrase_spans` does, with sets of positions as the bits of integers.

    A phrase of ten thousand words in a text of one word again and again takes milliseconds.
    """
    starts_of: dict[Node, dict[int, int]] = {}
    # From each length reached so far to the starts of the matches that have it.
    reached: dict[int, int] = {}
    for number, part in enumerate(phrase.parts):
        if part not in starts_of:
            starts_of[part] = _starts_by_width(spans(part, field, leaf_spans))
        if number == 0:
            reached = starts_of[part]
            continue
        longer: dict[int, int] = {}
        for length, starts in reached.items():
            for width, where in starts_of[part].items():
                if both := starts & where >> length:
                    longer[length + width] = longer.get(length + width, 0) | both
        if not longer:
            return []
        reached = longer
    make = tuple.__new__  # there may be a million
    found = [
        make(Span, (start, start + length))
        for length, starts in sorted(reached.items())
        for start in _positions(starts)
    ]
    found.sort()
    return found


def _starts_by_width(places: Sequence[Span]) -> dict[int, int]:
    room = places[-1].start // 8 + 1 if places else 0
    found: dict[int, bytearray] = {}
    for start, end in places:
        bits = found.setdefault(end - start, bytearray(room))
        bits[start >> 3] |= 1 << (start & 7)
    return {width: int.from_bytes(bits, "little") for width, bits in found.items()}


def _positions(bits: int) -> Iterable[int]:
    """Return which bits of a number are 1, ascending."""
    digits = f"{bits:b}".encode().translate(_AS_NUMBERS)
    return compress(range(len(digits)), reversed(digits))


_AS_NUMBERS = bytes.maketrans(b"01", b"\0\1")


class _Step(NamedTuple):
    """How a part is added to a chain of parts.

    A chain is known by which parts it has, as a bit mask, and what matters of many chains is the
    set of their masks: the bits of one integer, bit *m* for the mask *m*. So a part is added to
    all of them at once, by a shift.
    """

    start: int
    """The set that holds the mask of the chain of no part."""
    takes: int
    """The masks of the chains that the part may follow."""
    shift: int
    """From a mask to the one with the part; negative, to the one without it."""

    def added_to(self, masks: int) -> int:
        masks = (masks | self.start) & self.takes
        return masks << self.shift if self.shift > 0 else masks >> -self.shift

    def removed_from(self, masks: int) -> int:
        """Return the masks of chains that the part is the last of, as they were before it."""
        return masks >> self.shift & self.takes

    def backwards(self, count: int) -> _Step:
        """Return the step of a chain read from its end, known by the parts it has not."""
        return _Step(1 << (1 << count) - 1, self.takes << self.shift, -self.shift)


def _steps(near: Near, indexes: Sequence[int]) -> list[_Step]:
    """Return the steps of parts that are the same, of which each can be taken for any other.

    So they are taken in the order of the query, whatever the order of the rest.
    """
    count = len(near.parts)
    steps = []
    for number, index in enumerate(indexes):
        if near.is_ordered:
            takes = 1 << (1 << index) - 1  # those with all the parts before it
        else:
            takes = _masks_without(index, count)
            for other in indexes[:number]:
                takes &= ~_masks_without(other, count)
            for other in indexes[number + 1 :]:
                takes &= _masks_without(other, count)
        steps.append(_Step(1, takes, 1 << index))
    return steps


def _masks_without(index: int, count: int) -> int:
    """Return the set of the masks of *count* parts in which the one part is missing."""
    # 2**index masks without the part, then as many with it, and again.
    bit = 1 << index
    return ((1 << bit) - 1) * (((1 << (1 << count)) - 1) // ((1 << 2 * bit) - 1))


def _chains(
    places: Sequence[tuple[Span, int]], distance: int, steps: Sequence[Sequence[_Step]]
) -> dict[tuple[Span, int], int]:
    """Return for each place the set of masks of the chains that end with it.

    A place comes with the number of its part's steps.

    Sweeps once from left to right: what a place may follow ends in a window before it, which
    `_Window` unites. The time is that of sorting the places.
    """
    window = _Window(distance)
    waiting: list[tuple[int, int]] = []  # (end, masks) of chains that may still overlap
    found: dict[tuple[Span, int], int] = {}
    for (start, end), number in places:
        while waiting and waiting[0][0] <= start:
            window.add(*heappop(waiting))
        reached = window.before(start)
        masks = 0
        for step in steps[number]:
            masks |= step.added_to(reached)
        found[Span(start, end), number] = masks
        if masks:
            heappush(waiting, (end, masks))
    return found


def _reachable(
    parts: Sequence[Sequence[Span]], needed: Sequence[int], near: Near
) -> list[list[Span]]:
    """Return of each part the places from which one of the rarest part can be reached.

    None of any part where one of them has fewer than are *needed* of it. It is what makes a NEAR of
    frequent words bearable: chains are looked for where there may be some.
    """
    none: list[list[Span]] = [[] for _ in parts]
    if any(len(part) < least for part, least in zip(parts, needed, strict=True)):
        return none
    width = max(end - start for part in parts for start, end in part)
    reach = (len(near.parts) - 1) * (near.distance + width)
    stretches: list[list[int]] = []
    for start, _ in min(parts, key=len):
        if stretches and start - reach <= stretches[-1][1]:
            stretches[-1][1] = start + reach
        else:
            stretches.append([start - reach, start + reach])
    found = none
    for first, last in stretches:
        some = [
            part[bisect_left(part, (first,)) : bisect_left(part, (last + 1,))] for part in parts
        ]
        if all(len(part) >= least for part, least in zip(some, needed, strict=True)):
            for all_of_it, part in zip(found, some, strict=True):
                all_of_it += part
    return found


def _is_loose(places: Sequence[tuple[Span, int]], distance: int) -> bool:
    """Tell whether sorted places are all near enough to each other, and none overlaps another.

    Then each of them is in a chain, whatever the order.
    """
    if places[-1][0].start - places[0][0].start > distance:
        return False
    return all(span.start >= before.end for (before, _), (span, _) in pairwise(places))


class _Window:
    """The union of the sets that were added within a distance, in constant time on average.

    A queue of two stacks: sets come in on one and go out from the other, on which each stands
    united with those that came after it.
    """

    def __init__(self, distance: int) -> None:
        self._distance = distance
        self._added: list[tuple[int, int]] = []
        self._added_union = 0
        self._leaving: list[tuple[int, int]] = []

    def add(self, end: int, masks: int) -> None:
        """Add the masks of chains that end there, not before those added so far."""
        self._added.append((end, masks))
        self._added_union |= masks

    def before(self, start: int) -> int:
        """Return the masks of what ends less than the distance before *start*, which never falls.

        Nothing added ends after *start*.
        """
        oldest = start - self._distance
        while True:
            if not self._leaving:
                self._turn(oldest)
            if not self._leaving or self._leaving[-1][0] > oldest:
                break
            self._leaving.pop()
        return self._added_union | (self._leaving[-1][1] if self._leaving else 0)

    def _turn(self, oldest: int) -> None:
        union = 0
        while self._added:
            end, masks = self._added.pop()
            if end > oldest:
                union |= masks
                self._leaving.append((end, union))
        self._added_union = 0
