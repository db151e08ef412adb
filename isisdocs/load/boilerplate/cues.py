"""Phrases that page furniture is made of, by family; the family names the rule of a cut.

The phrases stand in `cues.txt`. A cue is evidence, not a verdict: the weights in `scorer` decide,
and a long sentence outweighs the words in it.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]++|©")
# Apostrophes, soft hyphens and zero-width spaces do not part words.
_INSIDE_WORDS = ("'", "\u2019", "\u2018", "\u02bc", "\u00ad", "\u200b")
_DIGITS = frozenset("0123456789")

Words = tuple[str, ...]
_ByFirstWord = dict[str, list[tuple[Words, str]]]
_ByRareWord = dict[str, list[tuple[int, Words, str]]]
# Words that most lines have, by which no phrase is looked up.
_COMMON = frozenset(
    {"a", "and", "by", "for", "from", "in", "is", "it", "not", "of", "on", "or", "the", "to"}
)


class _Table(NamedTuple):
    certain: set[Words]
    whole: dict[Words, str]
    start: _ByFirstWord
    within: _ByRareWord


def normalise(text: str) -> Words:
    """Return the words of *text* in lower case, without apostrophes; a number is `#`.

    >>> normalise("24 Comments: “don’t” miss")
    ('#', 'comments', 'dont', 'miss')
    """
    text = text.lower()
    for mark in _INSIDE_WORDS:
        if mark in text:
            text = text.replace(mark, "")
    words = _WORD.findall(text)
    return tuple([_number(word) if word[0] in _DIGITS else word for word in words])


def _number(word: str) -> str:
    """`12` and `9am` are `#`, `300x250` is `#x#`."""
    return "#x#" if "x" in word else "#"


@cache
def _table() -> _Table:
    table = _Table(set(), {}, {}, {})
    place = family = ""
    for line in (
        files("isisdocs.load.boilerplate").joinpath("cues.txt").read_text("utf-8").split("\n")
    ):
        if line.startswith("["):
            place, family = line.strip("[]").split()
        elif line and not line.startswith("; "):
            for phrase in line.strip("| ").split(" | "):
                words = tuple(phrase.split())
                if place == "certain":
                    table.certain.add(words)
                elif place == "whole":
                    table.whole.setdefault(words, family)
                elif place == "start":
                    table.start.setdefault(words[0], []).append((words, family))
                else:
                    rare = max(words, key=lambda word: (word not in _COMMON, len(word)))
                    entry = (words.index(rare), words, family)
                    table.within.setdefault(rare, []).append(entry)
    for entries in table.start.values():
        entries.sort(key=lambda entry: -len(entry[0]))  # the longest phrase names the family
    return table


def whole(words: Words) -> str | None:
    """Return the family of a line that is nothing but a cue."""
    return _table().whole.get(words)


def is_certain(words: Words) -> bool:
    """Whether a line of these words is never a line of an article."""
    return words in _table().certain


def start(words: Words) -> str | None:
    """Return the family of the longest cue the line starts with."""
    for phrase, family in _table().start.get(words[0], ()) if words else ():
        if words[: len(phrase)] == phrase:
            return family
    return None


def within(words: Words) -> tuple[str, ...]:
    """Return the families of the cues anywhere in the line, each once, in alphabetical order."""
    table = _table().within
    found: set[str] = set()
    for rare in table.keys() & set(words):
        position = words.index(rare)
        while position >= 0:
            for offset, phrase, family in table[rare]:
                start_at = position - offset
                if start_at >= 0 and words[start_at : start_at + len(phrase)] == phrase:
                    found.add(family)
            position = _next(words, rare, position + 1)
    return tuple(sorted(found)) if found else ()


def _next(words: Words, word: str, start_at: int) -> int:
    """Return where *word* stands next, from *start_at* on; -1 where it does not."""
    try:
        return words.index(word, start_at)
    except ValueError:
        return -1
