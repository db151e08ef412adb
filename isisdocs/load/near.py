"""Texts → groups of near copies: reprints, cut short, re-headlined or lightly edited.

A text is sketched once where it is read; groups are formed from sketches alone. The sketch is the
bottom-k sample of Broder, "On the resemblance and containment of documents" (1997).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORD = re.compile(r"[^\W_]+")
_SHINGLE = 5  # words
_KEPT = 128
# Fewer shingles than this say too little: the texts would be two or three sentences long.
_LEAST = 40
# A shingle of more texts than this is a stock phrase, and would pair everything with everything.
_STOCK = 64
# Two sketches that have fewer values in common are not compared.
_LEAST_COMMON = 8
# Odd, near 2**32 over the golden ratio (Knuth, The Art of Computer Programming, 6.4).
_MIX = 2654435769


@dataclass(frozen=True, slots=True)
class Sketch:
    """A sample of a text's shingles that samples of other texts can be compared with."""

    values: tuple[int, ...]
    """The least hashes of its shingles, ascending, at most 128."""
    size: int
    """Number of different shingles in the text."""


def sketch(text: str) -> Sketch:
    """Return the sketch of *text*; case, punctuation and line breaks make no difference."""
    words = [word.encode() for word in _WORD.findall(text.casefold())]
    hashes = {
        crc32(b" ".join(words[start : start + _SHINGLE])) * _MIX & 0xFFFFFFFF
        for start in range(len(words) - _SHINGLE + 1)
    }
    return Sketch(tuple(sorted(hashes)[:_KEPT]), len(hashes))


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
    owners: dict[int, list[str]] = defaultdict(list)
    for name in sorted(sketches):
        for value in sketches[name].values:
            owners[value].append(name)
    common = Counter(
        pair
        for names in owners.values()
        if 1 < len(names) <= _STOCK
        for pair in combinations(names, 2)
    )
    leader = {name: name for name in sketches}

    def leader_of(name: str) -> str:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for (one, other), count in common.items():
        if count >= _LEAST_COMMON and containment(sketches[one], sketches[other]) >= threshold:
            first, second = sorted((leader_of(one), leader_of(other)))
            leader[second] = first
    groups: dict[str, list[str]] = defaultdict(list)
    for name in sorted(sketches):
        groups[leader_of(name)].append(name)
    return [tuple(group) for group in groups.values() if len(group) > 1]
