"""Which words stand undamaged elsewhere: the evidence a corpus gives for what `?` replaced."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ELIDED = re.compile(r"[^\W\d_]+(?:’[^\W\d_]+)+")
# A word is tried from its start only: from each letter of a long one it would be quadratic.
_ACCENTED = re.compile(r"(?<![^\W\d_])[^\W\d_]*[^\x00-\x7f\W\d_][^\W\d_]*")


def lose(word: str) -> str:
    """Return *word* with each non-ASCII character as `?`, which is what damage makes of it."""
    composed = unicodedata.normalize("NFC", word)
    return "".join(letter if letter < "\x80" else "?" for letter in composed)


@dataclass(slots=True)
class Lexicon:
    """Words with letters beyond ASCII, by what damage leaves of them, with how often they occur.

    Lexicons of parts of a corpus can be merged in any order with the same result.
    """

    words: dict[str, Counter[str]] = field(default_factory=dict)
    """`{"Tom??": {"Tomáš": 3}}`"""

    @classmethod
    def collect(cls, texts: Iterable[str]) -> Self:
        """Return the lexicon of *texts*, which should be undamaged."""
        lexicon = cls()
        for text in texts:
            if not text.isascii():
                composed = unicodedata.normalize("NFC", text)
                # Most words are ASCII, and trying each of them took a seventh of reading a corpus.
                chunks = (chunk for chunk in composed.split() if not chunk.isascii())
                for match in _ACCENTED.finditer(" ".join(chunks)):
                    lexicon.add(match.group())
        return lexicon

    def add(self, word: str, count: int = 1) -> None:
        """Count *word*, in composed form, as seen *count* times."""
        self.words.setdefault(lose(word), Counter())[word] += count

    def merge(self, other: Lexicon) -> None:
        """Add the counts of *other*."""
        for lost, forms in other.words.items():
            self.words.setdefault(lost, Counter()).update(forms)

    def restore(self, lost: str) -> str | None:
        """Return the commonest word that damage makes *lost*, ties in code point order.

        A word in lower case also serves at the start of a sentence, and any word in capitals.

        >>> Lexicon.collect(["façade"]).restore("Fa?ade")
        'Façade'
        """
        # A capital may take more letters than its small one (`ß`); then places would not fit.
        word = self._restore(lost)
        return word if word and len(word) == len(lost) else None

    def _restore(self, lost: str) -> str | None:
        if forms := self.words.get(lost):
            return _commonest(forms)
        if lost.isupper() and len(lost) > 2:
            for spelling in (lost.lower(), lost.capitalize()):
                if forms := self.words.get(spelling):
                    return _commonest(forms).upper()
        if forms := self.words.get(lost[:1].lower() + lost[1:]):
            restored = _commonest(forms)
            return restored[:1].upper() + restored[1:]
        return None

    def find(self, text: str, position: int) -> tuple[int, str] | None:
        """Return where the word around the lost character at *position* starts, and the word.

        Beside it may stand lost punctuation: of `?Jos??s` it is `Jos?` that is looked up. The
        longest word that is known wins. `text` has `?` for every lost character.
        """
        lowest, highest = max(0, position - _LONGEST), min(len(text), position + _LONGEST)
        start = end = position
        while start > lowest and (text[start - 1].isalpha() or text[start - 1] == "?"):
            start -= 1
        while end < highest and (text[end].isalpha() or text[end] == "?"):
            end += 1
        starts = [start, *(at + 1 for at in range(start, position) if text[at] == "?")]
        ends = [*(at for at in range(position + 1, end) if text[at] == "?"), end]
        if len(starts) * len(ends) > _MOST_PARTS:
            return None
        spans = sorted(
            ((first, last) for first in starts for last in ends if last - first > 1),
            key=lambda span: (span[0] - span[1], span),
        )
        for first, last in spans:
            if word := self.restore(text[first:last]):
                return first, word
        return None

    def to_json(self) -> dict[str, int]:
        """Return words and counts, sorted, for `json.dumps`."""
        counts = {word: count for forms in self.words.values() for word, count in forms.items()}
        return dict(sorted(counts.items()))

    @classmethod
    def from_json(cls, counts: Mapping[str, int]) -> Self:
        """Return the lexicon that `to_json` wrote."""
        lexicon = cls()
        for word, count in counts.items():
            lexicon.add(word, count)
        return lexicon


@cache
def common_words() -> Lexicon:
    """Return the words of `words.txt`, which any corpus in English may hold; not to be changed."""
    return Lexicon.collect(_lines())


@cache
def elided_words() -> frozenset[str]:
    """Return the words of `words.txt` that have an apostrophe inside, in lower case."""
    return frozenset(
        word.lower() for line in _lines() for word in _ELIDED.findall(line.replace("'", "’"))
    )


def _lines() -> list[str]:
    text = Path(__file__).with_name("words.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


_LONGEST = 40
_MOST_PARTS = 30


def _commonest(forms: Mapping[str, int]) -> str:
    return min(forms, key=lambda word: (-forms[word], word))
