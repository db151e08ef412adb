"""What a user typed for words, to places of a query tree.

mosul           Term                       al-Maliki   Or of the joined word and the phrase
Tomáš           Or of folded and exact     US$466      a phrase's parts
isis*  te?or    Pattern                    teror~1     Pattern
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from isisdocs.query.tree import (
    Everything,
    Layer,
    Node,
    Or,
    Pattern,
    PatternKind,
    Phrase,
    Term,
)
from isisdocs.words import Token, has_accents, pattern_tokens, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_WORDS = 2_000
"""Words of one query, all its phrases and alternatives together."""

MAX_PATTERNS = 64
"""Different words with `*`, `?` or `~` of one query: each is compared with every word there is."""

MAX_EDITS = 2
"""More edits than these make another word of most."""


class Manner(NamedTuple):
    """How words are to be read."""

    field: str | None = None
    is_exact: bool = False
    is_strict: bool = False
    """Exactness was asked for by `=` here, so that a pattern deserves a note."""


class Reader:
    """Reads words, and notes what it could not take as it was written."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._words_left = MAX_WORDS
        self._patterns_read: set[str] = set()

    def places(self, typed: str, manner: Manner) -> list[Node]:
        """Return the places of one typed word without spaces, which follow each other in a text.

        Several where punctuation stands inside, none where nothing is a word.
        """
        edits = 0
        word, tilde, digits = typed.rstrip(_CLOSING_MARKS).rpartition("~")
        if tilde and (not digits or digits.isdecimal()):
            typed = word
            edits = self._edits(digits, typed)
        if manner.field == "raw" and "*" in typed:
            # In a file as it came a question mark stands for itself, as it does in `Iraq?s`.
            typed = typed.replace("?", " ")
        if "*" in typed or ("?" in typed and manner.field != "raw"):
            bare = _without_question_marks(typed)
            if "*" in bare or "?" in bare:
                return self._patterns(bare, manner, edits)
        found = self._counted(tokens(typed))
        if edits and not self._has_room_for(typed):
            return []
        if manner.is_exact:
            if edits:
                self.notes.append(
                    f"`~` does not go with an exact word; left out at `{clip(typed)}`"
                )
            return list(_assembled(found, _Exact(typed, manner.field)))
        return list(
            _assembled(found, _Folded(typed, manner.field, edits, found[-1].end if found else 0))
        )

    def phrase(self, typed: str, manner: Manner) -> Node | None:
        """Return the place of words separated by spaces; None where there is no word."""
        return as_place([place for word in typed.split() for place in self.places(word, manner)])

    def _counted(self, found: list[Token]) -> list[Token]:
        """Return the words, up to the most that a query may have."""
        if len(found) > self._words_left:
            self.notes.append(f"what comes after the first {MAX_WORDS:,} words is left out")
            found = found[: self._words_left]
        self._words_left -= len(found)
        return found

    def _has_room_for(self, pattern: str) -> bool:
        """Tell whether the pattern is one of those read already, or may be read too."""
        if pattern not in self._patterns_read and len(self._patterns_read) == MAX_PATTERNS:
            self.notes.append(
                f"a query takes up to {MAX_PATTERNS} words with `*`, `?` or `~`; "
                "the others are left out"
            )
            return False
        self._patterns_read.add(pattern)
        return True

    def _misfit(self, sign: str, other: str, typed: str) -> None:
        self.notes.append(f"`{sign}` does not go with {other}; left out at `{clip(typed)}`")

    def _edits(self, digits: str, typed: str) -> int:
        edits = int(digits[:4] or "1")
        if edits > MAX_EDITS:
            self.notes.append(f"`{clip(typed)}~{digits[:9]}` is read as ~{MAX_EDITS}, the most")
        return min(edits, MAX_EDITS)

    def _patterns(self, typed: str, manner: Manner, edits: int) -> list[Node]:
        if edits:
            self._misfit("~", "`*` and `?`", typed)
        if manner.is_strict:
            self._misfit("=", "`*` and `?`", typed)
        tokens_read = [token for token in pattern_tokens(typed) if token.exact.strip("*?")]
        found = self._counted(tokens_read)
        if not self._has_room_for(typed):
            return []
        if not found and manner.field is None:
            return [Everything()]
        if not found:
            return [Pattern("", PatternKind.PREFIX, field=manner.field, typed="*")]
        return list(_assembled(found, _Folded(typed, manner.field, 0, 0)))


def as_place(places: Sequence[Node]) -> Node | None:
    """Return the phrase of *places*, the only one, or None."""
    if len(places) > 1:
        return Phrase(tuple(places))
    return places[0] if places else None


def clip(typed: str, most: int = 40) -> str:
    """Return what can stand in a message of what a user typed, *most* characters of it."""
    return typed if len(typed) <= most else f"{typed[: most - 1]}…"


class Synonyms:
    """Widens words and phrases by others that mean the same."""

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        self._others: dict[tuple[str, ...], Sequence[str]] = {}
        for words, others in table.items():
            reader = Reader()  # its limits are those of one query
            places = [p for word in words.split() for p in reader.places(word, Manner())]
            keys = tuple(map(_key, places))
            if keys and all(keys):
                self._others[keys] = others
        self._longest = max(map(len, self._others), default=0)

    def widened(self, places: Sequence[Node], manner: Manner) -> list[Node]:
        """Return *places* with the longest runs that are in the table widened."""
        found: list[Node] = []
        start = 0
        while start < len(places):
            for length in range(min(self._longest, len(places) - start), 0, -1):
                run = places[start : start + length]
                if others := self._others.get(tuple(map(_key, run))):
                    found.append(_any_of([as_place(run), *_read(others, manner)]))
                    start += length
                    break
            else:
                found.append(places[start])
                start += 1
        return found


def _read(others: Sequence[str], manner: Manner) -> list[Node | None]:
    reader = Reader()
    return [reader.phrase(other, manner) for other in others]


def _any_of(places: Sequence[Node | None]) -> Node:
    parts = tuple(dict.fromkeys(place for place in places if place))
    return Or(parts) if len(parts) > 1 else parts[0]


def _key(place: Node) -> str:
    """Return what a word is looked up by in the table: its stem, the joined one's if hyphenated."""
    if isinstance(place, Or):
        return _key(place.parts[0])
    return place.text if isinstance(place, Term) else ""


class _Exact(NamedTuple):
    typed: str
    field: str | None

    def joined(self, whole: Token, parts: Sequence[Token]) -> Node:
        del parts
        return self.leaf(whole)

    def leaf(self, token: Token) -> Node:
        typed = self.typed[token.start : token.end]
        return Term(token.exact, Layer.EXACT, self.field, typed)


class _Folded(NamedTuple):
    typed: str
    field: str | None
    edits: int
    """Edits allowed in the last word."""
    end: int
    """Where that ends."""

    def joined(self, whole: Token, parts: Sequence[Token]) -> Node:
        return Or((self.leaf(whole), Phrase(tuple(map(self.leaf, parts)))))

    def leaf(self, token: Token) -> Node:
        typed = self.typed[token.start : token.end]
        text = token.folded
        if "*" in text or "?" in text:
            text = _STARS.sub("*", text)
            if text.endswith("*") and not set("*?") & set(text[:-1]):
                return Pattern(text[:-1], PatternKind.PREFIX, 0, self.field, typed)
            return Pattern(text, PatternKind.WILDCARD, 0, self.field, typed)
        if self.edits and token.end == self.end:
            typed = f"{typed}~{self.edits}"
            return Pattern(text, PatternKind.FUZZY, self.edits, self.field, typed)
        term = Term(token.stem, Layer.STEM, self.field, typed)
        if has_accents(token.exact):
            # The same articles; those that have the accents count twice and come first.
            return Or((term, Term(token.exact, Layer.EXACT, self.field, typed)))
        return term


def _assembled(found: Sequence[Token], make: _Exact | _Folded) -> Iterator[Node]:
    """Yield the places of words that follow each other, each position covered once."""
    singles = [token for token in found if token.width == 1]
    wide = {token.position: token for token in found if token.width > 1}
    index = 0
    while index < len(singles):
        token = singles[index]
        whole = wide.get(token.position)
        if whole is None:
            yield make.leaf(token)
        elif "-" in whole.exact:
            yield make.joined(whole, singles[index : index + whole.width])
        else:
            yield make.leaf(whole)
        index += whole.width if whole else 1


def _without_question_marks(typed: str) -> str:
    """Return what was typed with a space for each `?` that does not stand inside a word."""
    for _ in range(4):
        outer = [
            index
            for token in pattern_tokens(typed)
            for index in _outer_marks(typed, token.start, token.end)
        ]
        if not outer:
            return typed
        letters = list(typed)
        for index in outer:
            letters[index] = " "
        typed = "".join(letters)
    return typed.replace("?", " ")


def _outer_marks(typed: str, start: int, end: int) -> Iterator[int]:
    word = typed[start:end]
    yield from range(start, end - len(word.lstrip("?")))
    yield from range(start + len(word.rstrip("?")), end)


_CLOSING_MARKS = "?!.,;:…"
_STARS = re.compile(r"\*[*]+")
