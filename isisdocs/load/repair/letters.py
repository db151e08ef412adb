"""Which letter was lost from a word that no lexicon knows, from the letters beside it."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container

    from isisdocs.load.repair.weights import Weights


class Letter(NamedTuple):
    """A reading of a lost letter."""

    letter: str
    confidence: float
    """Probability that the letter is right up to its accent, which is what search needs."""
    is_known: bool = False
    """A lexicon has the word."""


_ENDINGS = frozenset(("s", "t", "d", "m", "ll", "re", "ve"))
_SHORTEST = 3


def is_complete(word: str, index: int, english: Container[str]) -> bool:
    """Tell whether no letter can be missing at *index* of *word*, in which lost letters are `?`.

    That is so between two English words or between one and an ending, and after one: what was lost
    of `Jackson?s` is no letter, unlike that of `Andr?s`.
    """
    left = word[:index].rpartition("?")[2].lower()
    right = word[index + 1 :].rstrip("?").lower()
    if len(left) < _SHORTEST or left not in english:
        return False
    return not right or right in _ENDINGS or (len(right) >= _SHORTEST and right in english)


def letter_features(word: str, index: int) -> list[str]:
    """Return what stands around *index* in *word*, in which lost letters are `?`."""
    padded = f"^^^{word.lower()}$$$"
    at = index + 3
    left, right = padded[at - 3 : at], padded[at + 1 : at + 4]
    return [
        "l",
        "l<" + left[-1:],
        "l<<" + left[-2:],
        "l<<<" + left,
        "l>" + right[:1],
        "l>>" + right[:2],
        "l>>>" + right,
        "l<>" + left[-1:] + right[:1],
        "l<<>" + left[-2:] + right[:1],
        "l<>>" + left[-1:] + right[:2],
        "l<<>>" + left[-2:] + right[:2],
        f"l#{word.count('?')}{left[-1:]}",
        "l$" + word.lower()[-2:] + ("F" if index == 0 else "L" if index == len(word) - 1 else ""),
    ]


@cache
def base_of(letter: str) -> str:
    """Return the letters of ASCII that search finds *letter* by."""
    special = _SPECIAL.get(letter)
    if special is not None:
        return special
    decomposed = unicodedata.normalize("NFKD", letter)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


_SPECIAL = dict(
    zip(
        "øłđħıßæœðþʿʾʻ",
        ("o", "l", "d", "h", "i", "ss", "ae", "oe", "d", "th", "", "", ""),
        strict=True,
    )
)

# How much likelier a letter is for making a word that stands elsewhere without its accent.
_KNOWN_WORD = 3.0


def find_letter(
    word: str, index: int, *, weights: Weights, vocabulary: Container[str]
) -> Letter | None:
    """Return the likeliest letter at *index* of *word*, None where no letter can be told."""
    chances = weights.letter_chances(letter_features(word, index))
    if not chances:
        return None
    total = 0.0
    by_base: dict[str, float] = {}
    best: dict[str, tuple[float, str]] = {}
    low = word.lower()
    is_only = low.count("?") == 1
    before, after = low[:index], low[index + 1 :]
    for letter, chance in chances.items():
        base = base_of(letter)
        if is_only and before + base + after in vocabulary:
            chance *= _KNOWN_WORD**2
        total += chance
        by_base[base] = by_base.get(base, 0.0) + chance
        best[base] = max(best.get(base, (0.0, "")), (chance, letter))
    base = max(by_base, key=lambda key: (by_base[key], key))
    letter = best[base][1]
    is_capital = index == 0 and (word[1:2].islower() or word[1:2] == "?")
    neighbours = word.replace("?", "")
    if is_capital or (neighbours.isupper() and len(neighbours) > 1):
        letter = letter.upper() if len(letter.upper()) == 1 else letter
    return Letter(letter, by_base[base] / total)
