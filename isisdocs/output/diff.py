"""Repairs as a word diff: each repaired word before and after, with a little of its line around."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from isisdocs.model import Repair, Span
from isisdocs.sidecar import AROUND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class WordDiff:
    """One word, or what stands for it, with the repairs made in it."""

    repairs: tuple[Repair, ...]
    left: str
    """What stands before the word."""
    before: str
    after: str
    right: str
    """What stands after it."""

    @property
    def confidence(self) -> float:
        """How sure the least sure of its repairs is."""
        return min(repair.confidence for repair in self.repairs)


def word_diffs(lines: Sequence[str], repairs: Iterable[Repair]) -> Iterator[WordDiff]:
    """Yield the repaired words in the order of the file.

    *lines* are those of the file as it was decoded, *repairs* in the order of the file. Two lines
    that were joined have the end of the one to the left and the beginning of the other to the
    right. A repair that is not found where it says is a diff without a context.
    """
    for number, of_line in groupby(repairs, key=lambda repair: repair.line):
        line = lines[number - 1] if number <= len(lines) else ""
        made = list(of_line)
        yield from _in_line(line, [repair for repair in made if "\n" not in repair.before])
        for repair in made:
            if "\n" in repair.before:
                left = line[: repair.column - 1][-AROUND:]
                end = repair.column - 1 + len(repair.before)
                if line[repair.column - 1 : end] == repair.before:  # a record: all in one line
                    right = line[end:]
                else:
                    right = "".join(lines[number - 1 + repair.before.count("\n") :][:1])
                    right = right[len(repair.before.rpartition("\n")[2]) :]
                yield WordDiff((repair,), left, repair.before, repair.after, right[:AROUND])


def _in_line(line: str, repairs: list[Repair]) -> Iterator[WordDiff]:
    words = [Span(*match.span()) for match in _WORD.finditer(line)]
    for word, of_word in groupby(repairs, key=lambda repair: _word_at(line, words, repair)):
        made = tuple(of_word)
        if word is None:
            for repair in made:
                yield WordDiff((repair,), "", repair.before, repair.after, "")
            continue
        left = line[max(0, word.start - AROUND) : word.start]
        right = line[word.end : word.end + AROUND]
        yield WordDiff(made, left, line[word.start : word.end], _repaired(line, word, made), right)


def _word_at(line: str, words: Sequence[Span], repair: Repair) -> Span | None:
    """Return the word a repair falls in, widened to all of what the repair replaces."""
    start = repair.column - 1
    end = start + len(repair.before)
    if line[start:end] != repair.before:
        return None
    touched = [word for word in words if word.start < end and start < word.end]
    if not touched:
        return Span(start, end)
    return Span(min(start, touched[0].start), max(end, touched[-1].end))


def _repaired(line: str, word: Span, repairs: Iterable[Repair]) -> str:
    parts: list[str] = []
    reached = word.start
    for repair in repairs:
        start = repair.column - 1
        parts += (line[reached:start], repair.after)
        reached = start + len(repair.before)
    return "".join((*parts, line[reached : word.end]))
