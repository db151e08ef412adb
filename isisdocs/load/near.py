"""Texts → groups of near copies: reprints, cut short, re-headlined or lightly edited.

A text is sketched once where it is read; groups are formed from sketches alone. The sketch is the
bottom-k sample of Broder, "On the resemblance and containment of documents" (1997).
"""

from __future__ import annotations

import json
import re
import sys
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

_WORD = re.compile(r"[^\W_]+")
_SHINGLE = 5  # words
_KEPT = 128
# Fewer shingles than this say too little: the texts would be two or three sentences long.
_LEAST = 40
# A shingle of more texts than this is a stock phrase, and would pair everything with everything.
_STOCK = 64
# Two sketches that have fewer values in common are not compared.
_LEAST_COMMON = 8
# Values that are looked at together; each takes some 100 bytes while it is.
_AT_ONCE = 400_000
# Odd, near 2**32 over the golden ratio (Knuth, The Art of Computer Programming, 6.4).
_MIX = 2654435769


@dataclass(frozen=True, slots=True)
class Sketch:
    """A sample of a text's shingles that samples of other texts can be compared with."""

    values: array[int]
    """The least hashes of its shingles, ascending, at most 128, of 32 bits each."""
    size: int
    """Number of different shingles in the text."""


def sketch(text: str) -> Sketch:
    """Return the sketch of *text*; case, punctuation and line breaks make no difference."""
    words = " ".join(_WORD.findall(text.casefold())).encode().split(b" ")
    shingles = map(b" ".join, zip(*(words[start:] for start in range(_SHINGLE)), strict=False))
    hashes = [value * _MIX & 0xFFFFFFFF for value in set(map(crc32, shingles))]
    return Sketch(array("I", sorted(hashes)[:_KEPT]), len(hashes))


def containment(one: Sketch, other: Sketch) -> float:
    """Estimate which share of the shorter text's shingles the longer has, from 0 to 1.

    Texts too short to tell give 0.
    """
    if min(one.size, other.size) < _LEAST:
        return 0.0
    union = sorted({*one.values, *other.values})[:_KEPT]
    shared = len(set(one.values).intersection(other.values, union))
    resemblance = shared / len(union)
    common = resemblance / (1 + resemblance) * (one.size + other.size)
    return min(1.0, common / min(one.size, other.size))


def near_copies(sketches: Mapping[str, Sketch], *, threshold: float = 0.6) -> list[tuple[str, ...]]:
    """Group the texts that are near copies of each other, directly or by way of a third.

    *sketches* are by any name; a pair whose `containment` reaches *threshold* is one group. Groups
    have two names or more; names and groups are sorted. The order of *sketches* is of no account.
    """
    shared = _Shared(sketches)
    return _grouped(sketches, (), _alike(sketches, shared.common, sketches, threshold))


def regrouped(
    sketches: Mapping[str, Sketch],
    groups: Iterable[tuple[str, ...]],
    *,
    added: Collection[str],
    removed: Mapping[str, Sketch],
    threshold: float = 0.6,
) -> list[tuple[str, ...]]:
    """Return what `near_copies` would of *sketches*, by looking at what has changed only.

    *groups* are those of before. *added* are the names of texts that are new since, *removed* the
    sketches of those that were there; a text that has changed is among both.
    """
    changed = {value for name in added for value in sketches[name].values}
    changed.update(value for gone in removed.values() for value in gone.values)
    owners = _owners(sketches, changed)
    # A shingle that has become a stock phrase, or is one no more, parts or pairs others as well.
    before = Counter(value for gone in removed.values() for value in gone.values)
    before.subtract(value for name in added for value in sketches[name].values)
    turned = {
        value
        for value in changed
        if (len(owners[value]) + before[value] <= _STOCK) != (len(owners[value]) <= _STOCK)
    }
    looked_at = {name for value in turned for name in owners[value]}.union(added)
    broken = looked_at.union(removed)
    whole = []
    for group in groups:
        if broken.isdisjoint(group):
            whole.append(group)
        else:
            looked_at.update(name for name in group if name in sketches)
    wanted = {value for name in looked_at for value in sketches[name].values}
    if not wanted <= changed:
        owners = _owners(sketches, wanted)

    def common(name: str) -> Counter[str]:
        owned = (owners[value] for value in sketches[name].values)
        return Counter(chain.from_iterable(names for names in owned if 1 < len(names) <= _STOCK))

    return _grouped(sketches, whole, _alike(looked_at, common, sketches, threshold))


def _owners(sketches: Mapping[str, Sketch], wanted: set[int]) -> dict[int, list[str]]:
    """Return which sketches have each of the values that are wanted."""
    owners: dict[int, list[str]] = defaultdict(list)
    for name, one in sketches.items():
        for value in wanted.intersection(one.values):
            owners[value].append(name)
    return owners


class _Shared:
    """Which sketches have values in common, stock phrases aside, in a few bytes for each value.

    A corpus has a hundred values for each text, most of them in no other text. What each value
    has is looked at for a range of values at a time, and kept for those that are shared.
    """

    def __init__(self, sketches: Mapping[str, Sketch]) -> None:
        self._names = list(sketches)
        self._numbers = {name: number for number, name in enumerate(self._names)}
        self._groups = [array("I") for _ in self._names]
        """Of each sketch, which groups of those that share a value it is in."""
        self._starts = array("Q", [0])
        """Where each group begins among the members, and where the last one ends."""
        self._members = array("I")
        all_values = [one.values for one in sketches.values()]
        done = [0] * len(all_values)
        for limit in _limits(all_values):
            self._add(all_values, done, limit)

    def _add(self, all_values: Sequence[array[int]], done: list[int], limit: int) -> None:
        """Add what is shared of the values below a limit; *done* is what has been looked at."""
        ends = [bisect_left(values, limit) for values in all_values]
        looked_at = [
            values[start:end] for values, start, end in zip(all_values, done, ends, strict=True)
        ]
        counts = Counter(chain.from_iterable(looked_at))
        shared = [value for value, count in counts.items() if 1 < count <= _STOCK]
        group_of = {value: group for group, value in enumerate(shared, len(self._starts) - 1)}
        members: list[list[int]] = [[] for _ in shared]
        first = len(self._starts) - 1
        for number, values in enumerate(looked_at):
            for value in group_of.keys() & values:
                self._groups[number].append(group_of[value])
                members[group_of[value] - first].append(number)
        for one in members:
            self._members.extend(one)
            self._starts.append(len(self._members))
        done[:] = ends

    def common(self, name: str) -> dict[str, int]:
        """Return how many shared values a sketch has in common with others, where they are many."""
        groups, starts = self._groups[self._numbers[name]], self._starts
        if len(groups) < _LEAST_COMMON:
            return {}
        members = (self._members[starts[group] : starts[group + 1]] for group in groups)
        counts = Counter(chain.from_iterable(members))
        return {self._names[n]: count for n, count in counts.items() if count >= _LEAST_COMMON}


def _limits(all_values: Sequence[array[int]]) -> list[int]:
    """Return limits between which about as many values stand as are looked at together."""
    count = sum(map(len, all_values))
    parts = count // _AT_ONCE + 1
    sample = sorted(chain.from_iterable(all_values[:: max(1, len(all_values) // 1_000)]))
    return [*(sample[len(sample) * part // parts] for part in range(1, parts)), 1 << 32]


def _alike(
    names: Collection[str],
    common: Callable[[str], Mapping[str, int]],
    sketches: Mapping[str, Sketch],
    threshold: float,
) -> Iterator[tuple[str, str]]:
    """Yield the pairs of near copies one of which is among *names*."""
    for name in names:
        for other, count in common(name).items():
            is_new = other > name or (other != name and other not in names)
            if (
                is_new
                and count >= _LEAST_COMMON
                and containment(sketches[name], sketches[other]) >= threshold
            ):
                yield name, other


def _grouped(
    names: Iterable[str], groups: Iterable[tuple[str, ...]], pairs: Iterable[tuple[str, str]]
) -> list[tuple[str, ...]]:
    """Return the groups that *groups* and *pairs* make together, sorted."""
    leader = {name: name for name in sorted(names)}

    def leader_of(name: str) -> str:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    linked = ((group[0], name) for group in groups for name in group[1:])
    for one, other in chain(linked, pairs):
        first, second = sorted((leader_of(one), leader_of(other)))
        leader[second] = first
    found: dict[str, list[str]] = defaultdict(list)
    for name in leader:
        found[leader_of(name)].append(name)
    return [tuple(group) for group in found.values() if len(group) > 1]


def pack(sketches: Mapping[str, Sketch]) -> bytes:
    """Return sketches as bytes for `unpack`."""
    names = sorted(sketches)
    header = [[name, sketches[name].size, len(sketches[name].values)] for name in names]
    values = array("I")
    for name in names:
        values.extend(sketches[name].values)
    if sys.byteorder == "big":
        values.byteswap()
    return json.dumps(header, separators=(",", ":")).encode("ascii") + b"\n" + values.tobytes()


def unpack(packed: bytes) -> dict[str, Sketch]:
    """Return the sketches that `pack` made bytes of; ValueError or TypeError for anything else."""
    header, _, numbers = packed.partition(b"\n")
    values = array("I", numbers)
    if sys.byteorder == "big":
        values.byteswap()
    found = {}
    start = 0
    for name, size, count in json.loads(header):
        found[str(name)] = Sketch(values[start : start + count], int(size))
        start += count
    if start != len(values):
        raise ValueError("not as many numbers as the sketches have")
    return found
