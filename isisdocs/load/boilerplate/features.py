"""A page's lines → the evidence for each, drawn from the line and from its neighbours.

Evidence is a list of names of weights per line; which weight a name has is in `weights.tsv`.
"""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from isisdocs.load.boilerplate.cues import Words
    from isisdocs.load.boilerplate.page import Line
    from isisdocs.load.recurring import Recurring

_REPLY = frozenset({("reply",), ("report",), ("like",)})
_WINDOW = 4
_PARTS = (1e-9, 0.02, 0.1, 0.3, 0.7, 0.9, 0.98, 0.9999)
_COST_OF_OTHER = 12  # words of prose that a line of anything else weighs up


class Evidence(NamedTuple):
    """What speaks for a line being furniture, and for a change of state just before it."""

    emission: list[str]
    change: list[str]


def evidence(page: Sequence[Line], recurring: Recurring | None = None) -> list[Evidence]:
    """Return the evidence for every line of *page*, in order."""
    context = _Context(page)
    found = []
    for position, line in enumerate(page):
        emission = ["bias", *line.shape.features]
        emission += _markup(line)
        emission += context.neighbours(position)
        emission += context.window(position)
        done, left = context.shares(position)
        emission += (f"done{done}/{line.shape.length}", f"left{left}/{line.shape.length}")
        emission += context.repetition(position)
        emission += context.cues_above(position)
        emission += context.topic(position)
        if recurring and recurring.recurs(line.plain.text):
            emission.append("recurs")
        found.append(Evidence(emission, context.change(position, done, left)))
    return found


def _markup(line: Line) -> list[str]:
    seen, length = line.plain, line.shape.length
    names = []
    if seen.is_item:
        names += ["item", f"item/{length}"]
    if seen.heading:
        names += ["heading", f"heading={seen.heading}"]
    if seen.images:
        names.append("image")
    if seen.link_share:
        names.append(f"link={int(seen.link_share * 3)}/{length}")
    return names


@dataclass(slots=True)
class _Context:
    """What the page around each line holds; running sums keep every question constant in cost."""

    page: Sequence[Line]
    kinds: list[str] = field(init=False)
    prose: list[int] = field(init=False)
    """Running count of prose lines; the others likewise."""
    cues: list[int] = field(init=False)
    voices: list[int] = field(init=False)
    dates: list[int] = field(init=False)
    items: list[int] = field(init=False)
    mass: list[int] = field(init=False)
    """Running count of words in prose."""
    next_prose: list[int] = field(init=False)
    """Where the next prose line stands, itself included."""
    counts: Counter[Words] = field(init=False)
    seen: set[Words] = field(default_factory=set)

    run: dict[str, None] = field(default_factory=dict)
    """Families of the short cues since the last line of prose."""
    core: tuple[int, int] = field(init=False)
    """The densest stretch of prose, half-open."""
    vocabulary: set[str] = field(init=False)
    """The longer words of the core."""

    def __post_init__(self) -> None:
        shapes = [line.shape for line in self.page]
        self.kinds = [shape.kind for shape in shapes]
        self.prose = _running(shape.is_prose for shape in shapes)
        self.cues = _running(kind.startswith("cue:") for kind in self.kinds)
        self.voices = _running(
            "says" in shape.features or "ago" in shape.features or shape.key in _REPLY
            for shape in shapes
        )
        self.dates = _running(kind == "date" for kind in self.kinds)
        self.items = _running(line.plain.is_item for line in self.page)
        self.mass = _running(shape.words if shape.is_prose else 0 for shape in shapes)
        self.counts = Counter(shape.key for shape in shapes if shape.key)
        self.next_prose = []
        following = len(self.page)
        for position in range(len(self.page) - 1, -1, -1):
            if shapes[position].is_prose:
                following = position
            self.next_prose.append(following)
        self.next_prose.reverse()
        self.core = densest_prose(self.page)
        core = [shape for shape in shapes[slice(*self.core)] if shape.is_prose]
        self.vocabulary = {word for shape in core for word in shape.key if len(word) > 4}

    def kind(self, position: int) -> str:
        return self.kinds[position] if 0 <= position < len(self.kinds) else "edge"

    def neighbours(self, at: int) -> tuple[str, ...]:
        before, after = self.kind(at - 1), self.kind(at + 1)
        names = (f"-1={before}", f"+1={after}")
        own = self.kinds[at]
        alternates = (
            self.page[at].shape.words <= 18
            and own == self.kind(at - 2) == self.kind(at - 4)
            and before == self.kind(at - 3)
        )
        return (*names, "alternates") if alternates else names

    def window(self, at: int) -> list[str]:
        low, high = max(0, at - _WINDOW), min(len(self.page), at + _WINDOW + 1)
        length = self.page[at].shape.length
        names = [
            f"prose+{self.prose[high] - self.prose[at + 1]}/{length}",
            f"prose-{self.prose[at] - self.prose[low]}/{length}",
            f"cue+{self.cues[high] - self.cues[at + 1]}",
            f"cue-{self.cues[at] - self.cues[low]}",
        ]
        voices = self.voices[high - (high > at + 1)] - self.voices[low]
        if voices:
            names.append(f"says{min(voices, 3)}/{length}")
        dates = self.dates[high] - self.dates[low] - (self.kinds[at] == "date")
        if dates:
            names.append(f"dates{min(dates, 3)}/{length}")
        if self.items[high] - self.items[low] > 2 and not self.page[at].plain.is_item:
            names.append("items")
        return names

    def shares(self, at: int) -> tuple[int, int]:
        """Return what shares of the page's prose stand above the line and below it, as classes."""
        total = self.mass[-1] or 1
        return _part(self.mass[at] / total), _part((self.mass[-1] - self.mass[at + 1]) / total)

    def repetition(self, at: int) -> list[str]:
        shape = self.page[at].shape
        if self.counts[shape.key] < 2:
            return []
        name = "again" if shape.key in self.seen else "later"
        self.seen.add(shape.key)
        return [f"{name}/{shape.length}"]

    def cues_above(self, at: int) -> list[str]:
        """Say which families of short cues stand above since the last line of prose."""
        shape = self.page[at].shape
        names: list[str] = []
        if shape.is_prose:
            self.run.clear()
        else:
            names += [f"run:{family}/{shape.length}" for family in self.run]
            if shape.words >= 3 and not shape.family:
                names += [f"run:{family}/{_ends(shape.ending)}" for family in self.run]
        if shape.family and shape.words <= 12:
            self.run[shape.family] = None
        return names

    def topic(self, at: int) -> list[str]:
        """Say where the line stands to the core and how much of its vocabulary it shares."""
        shape = self.page[at].shape
        start, stop = self.core
        if at < start:
            place, distance = "above", start - at
        elif at >= stop:
            place, distance = "below", at - stop + 1
        else:
            place, distance = "core", 0
        names = [f"{place}/{shape.length}", f"{place}{_reach(distance)}"]
        if shape.is_prose:
            names.append(f"{place}/prose")
        if shape.words > 4:
            # Of the words of a paragraph, about two in five are long and different.
            known = min(5, len(self.vocabulary.intersection(shape.key)) * 12 // shape.words)
            names += [f"topic{known}/{shape.length}", f"topic{known}/{place}"]
        return names

    def change(self, at: int, done: int, left: int) -> list[str]:
        line = self.page[at]
        rest = self.prose[-1] - self.prose[at]
        names = [
            "bias",
            f"rest{min(rest, 5)}",
            f"next{_reach(self.next_prose[at] - at)}",
            f"kind={self.kinds[at]}",
            f"before={self.kind(at - 1)}",
            f"done{done}",
            f"left{left}",
            f"size={line.shape.length}",
        ]
        if line.plain.heading:
            names.append(f"heading={line.plain.heading}")
        return names


def densest_prose(page: Sequence[Line]) -> tuple[int, int]:
    """Return the half-open range of lines with the most words of prose for its other lines."""
    best, best_range = 0, (0, 0)
    total, start = 0, 0
    for position, line in enumerate(page):
        total += line.shape.words if line.shape.is_prose else -_COST_OF_OTHER
        if total <= 0:
            total, start = 0, position + 1
        elif total > best:
            best, best_range = total, (start, position + 1)
    return best_range


def _ends(ending: str) -> str:
    return "open" if ending in {"", "?", "”", ")"} else "closed"


def _part(share: float) -> int:
    """Class of a share: 0 none, 8 all."""
    return bisect(_PARTS, share)


def _reach(distance: int) -> int:
    """Class of a number of lines."""
    return distance if distance < 4 else 4 if distance < 8 else 8 if distance < 15 else 15


def _running(values: Iterable[int]) -> list[int]:
    return list(accumulate(values, initial=0))
