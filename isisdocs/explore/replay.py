"""What has become of passages since they were exported."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from isisdocs.model import Passage

ALIKE = 0.6
"""Share of words that two versions of one passage have in common at least (`SequenceMatcher`)."""


class Quoted(NamedTuple):
    """A passage and the article it is from."""

    id: str
    passage: Passage


class Fate(Enum):
    """What has become of a passage."""

    SAME = "same"
    MOVED = "moved"
    """The same words, in another line."""
    CHANGED = "changed"
    """Other words, or the same ones with other matches in them."""
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Change:
    """One passage then and now."""

    fate: Fate
    id: str
    before: Passage | None
    after: Passage | None


def changes(before: Iterable[Quoted], after: Iterable[Quoted]) -> list[Change]:
    """Return the fate of every passage, those of now in their order and then those that are gone.

    Passages of one article are paired when they are equal, else when text and matches are, else
    when the text is, else with the one most alike, if at least `ALIKE`.
    """
    old, new = list(before), list(after)
    partner: dict[int, int] = {}
    for key in (_whole, _words_and_matches, _words):
        _pair_equal(old, new, partner, key)
    _pair_alike(old, new, partner)
    found = []
    for index, quoted in enumerate(new):
        origin = old[partner[index]].passage if index in partner else None
        found.append(Change(_fate(origin, quoted.passage), quoted.id, origin, quoted.passage))
    paired = set(partner.values())
    for index, quoted in enumerate(old):
        if index not in paired:
            found.append(Change(Fate.GONE, quoted.id, quoted.passage, None))
    return found


def _fate(before: Passage | None, after: Passage) -> Fate:
    if before is None:
        return Fate.NEW
    if (before.text, before.ranges) != (after.text, after.ranges):
        return Fate.CHANGED
    return Fate.SAME if before.line == after.line else Fate.MOVED


def _whole(quoted: Quoted) -> object:
    return quoted


def _words_and_matches(quoted: Quoted) -> object:
    return quoted.id, quoted.passage.text, quoted.passage.ranges


def _words(quoted: Quoted) -> object:
    return quoted.id, quoted.passage.text


def _pair_equal(
    old: list[Quoted],
    new: list[Quoted],
    partner: dict[int, int],
    key: Callable[[Quoted], object],
) -> None:
    taken = set(partner.values())
    free: dict[object, list[int]] = {}
    for index in reversed(range(len(old))):
        if index not in taken:
            free.setdefault(key(old[index]), []).append(index)
    for index, quoted in enumerate(new):
        if index not in partner and (same := free.get(key(quoted))):
            partner[index] = same.pop()


def _pair_alike(old: list[Quoted], new: list[Quoted], partner: dict[int, int]) -> None:
    taken = set(partner.values())
    rest = [index for index in range(len(old)) if index not in taken]
    candidates = [
        (-_likeness(old[there].passage, quoted.passage), index, there)
        for index, quoted in enumerate(new)
        if index not in partner
        for there in rest
        if old[there].id == quoted.id
    ]
    for minus_likeness, index, there in sorted(candidates):
        if -minus_likeness >= ALIKE and index not in partner and there not in taken:
            partner[index] = there
            taken.add(there)


def _likeness(one: Passage, other: Passage) -> float:
    return SequenceMatcher(None, one.text.split(), other.text.split(), autojunk=False).ratio()
