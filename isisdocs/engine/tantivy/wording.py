r"""The words of an article as text: what tantivy splits at spaces, and what is kept to look closer.

Every text of a field becomes a line of stems and a line of exact forms, one for each position, each
between spaces of its own: ` the  river  rose `. So a word is found, counted and placed by searching
a string, at the speed of C: its position is the number of words before it. The joined forms of
hyphenated words and of ideographs stand in no position of their own and are listed apart. Texts of
the untouched file that are in body or cuts are kept there only.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from isisdocs import words
from isisdocs.fields import SEARCHED, Shared, texts_of
from isisdocs.model import Span
from isisdocs.query.match import forms_of
from isisdocs.query.tree import Layer, Pattern, PatternKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from isisdocs.model import Article
    from isisdocs.query.tree import Leaf, Term

# Controls are in no word.
_FIELD, _LAYER, _PART = "\x1d", "\x1e", "\x1f"
_STEMS, _EXACTS, _JOINED = range(3)
_WIDTH_BITS = 3

_MAX_CACHED = 40
_CACHE_SIZE = 1 << 16


class Joined(NamedTuple):
    """A form that covers several positions."""

    stem: str
    exact: str
    place: Span


class Line(NamedTuple):
    """The words of one text."""

    stems: str
    exacts: str
    joined: Sequence[Joined]
    """Placed from the text's first position."""

    @property
    def length(self) -> int:
        """Positions, which is words without joined forms."""
        return self.stems.count(" ") // 2


class FieldWords(NamedTuple):
    """The words of one field of an article."""

    lines: Sequence[Line]

    @property
    def word_count(self) -> int:
        """The number of words, joined forms left out."""
        return sum(line.length for line in self.lines)

    def joined(self) -> Iterator[Joined]:
        """Yield the joined forms where they stand in the field."""
        position = 0
        for line in self.lines:
            for stem, exact, (start, end) in line.joined:
                yield Joined(stem, exact, Span(start + position, end + position))
            position += line.length + words.PARAGRAPH_GAP


# Stems and exact forms of what stands between two spaces of a text, and the joined forms, placed
# from its first position; nothing where it has no word. A plain tuple: they are taken apart by the
# thousand, and what is in it is what the time goes for.
_Chunk = tuple[str, str, tuple[Joined, ...]] | tuple[()]


class _Chunks(dict[str, _Chunk]):
    """What stands between spaces, read when it is first met."""

    def __missing__(self, text: str) -> _Chunk:
        chunk = _chunk(text)
        if len(text) <= _MAX_CACHED:
            if len(self) >= _CACHE_SIZE:
                self.clear()
            self[text] = chunk
        return chunk


_known = _Chunks()
_NOTHING = Line("", "", ())


def words_of(article: Article) -> dict[str, FieldWords]:
    """Return the words of each searched field; positions are those of `words.field_tokens`."""
    # Most texts of `raw` are those of the body.
    known: dict[str, Line] = {}

    def line_of(text: str) -> Line:
        line = known.get(text)
        if line is None:
            line = known[text] = _line(text)
        return line

    return {
        field: FieldWords([line_of(text) for text in texts_of(article, field)])
        for field in SEARCHED
    }


def _line(text: str) -> Line:
    found = list(filter(None, map(_known.__getitem__, text.split())))
    if not found:
        return _NOTHING
    stems, exacts, joined = zip(*found, strict=True)
    return Line(
        f" {'  '.join(stems)} ",
        f" {'  '.join(exacts)} ",
        list(_placed(stems, joined)) if any(joined) else (),
    )


def _placed(stems: Sequence[str], joined: Sequence[Sequence[Joined]]) -> Iterator[Joined]:
    """Yield the joined forms of some chunks where they stand among their words."""
    position = reached = 0
    for index, forms in enumerate(joined):
        if forms:
            position += len(" ".join(stems[reached:index]).split())
            reached = index
            for stem, exact, (start, end) in forms:
                yield Joined(stem, exact, Span(start + position, end + position))


def _chunk(text: str) -> _Chunk:
    forms = words.forms_of(text)
    if isinstance(forms, str):
        return words.stem(words.fold(forms)), forms, ()
    if not forms:
        return ()
    singles = [exact for _, width, exact in forms if width == 1]
    joined = tuple(
        Joined(words.stem(words.fold(exact)), exact, Span(position, position + width))
        for position, width, exact in forms
        if width > 1
    )
    stems = [words.stem(words.fold(exact)) for exact in singles]
    return "  ".join(stems), "  ".join(singles), joined


def pack(
    article: Article, fields: Mapping[str, FieldWords], in_raw: Sequence[str | Shared]
) -> bytes:
    """Return the words of an article, those of each of `SEARCHED`, as bytes for `Wording`.

    *in_raw* is what `fields.raw_texts` says of the article.
    """
    parts = [article.id]
    for name in SEARCHED:
        field = fields[name]
        listed = "".join(
            f" {stem}{_PART}{exact}{_PART}{start << _WIDTH_BITS | end - start - 1}"
            for stem, exact, (start, end) in field.joined()
        )
        lines = list(map(_kept, field.lines, in_raw)) if name == "raw" else field.lines
        stems = "\n".join([line.stems for line in lines])
        exacts = "\n".join([line.exacts for line in lines])
        parts.append(_LAYER.join((stems, exacts, listed)))
    content = _FIELD.join(parts).encode("utf-8", "surrogatepass")
    return crc32(content).to_bytes(4, "big") + content


def _kept(line: Line, text: str | Shared) -> Line:
    """Return a line of `raw`, or its place in body or cuts instead: `body 12`, no space before."""
    if not isinstance(text, Shared) or not line.stems:
        return line
    place = f"{text.field} {text.number}"
    return line._replace(stems=place, exacts=place)


class Wording:
    """Where words stand in one article."""

    __slots__ = ("_fields", "_layers", "id")

    def __init__(self, packed: bytes) -> None:
        """Unpack what `pack` made; ValueError where it is something else."""
        content = packed[4:]
        if crc32(content) != int.from_bytes(packed[:4], "big"):
            raise ValueError("the words of an article are not as they were written")
        name, *fields = content.split(_FIELD.encode())
        self.id = _text(name)
        self._fields = dict(zip(SEARCHED, fields, strict=True))
        self._layers: dict[tuple[str, int], str] = {}

    def _layer(self, field: str, number: int) -> str:
        """Return a layer of a field: `_STEMS`, `_EXACTS` or `_JOINED`."""
        found = self._layers.get((field, number))
        if found is None:
            found = _text(self._fields[field].split(_LAYER.encode())[number])
            if field == "raw" and number != _JOINED:
                found = self._restored(found, number)
            self._layers[field, number] = found
        return found

    def _restored(self, lines: str, layer: int) -> str:
        """Return the lines of `raw`, those kept elsewhere in their places."""
        sources = {name: self._layer(name, layer).split("\n") for name in ("body", "cuts")}
        restored = []
        for line in lines.split("\n"):
            source, _, number = line.partition(" ")
            restored.append(sources[source][int(number)] if source else line)
        return "\n".join(restored)

    def length(self, field: str) -> int:
        """Return the number of words in a field, joined forms left out."""
        return self._layer(field, _STEMS).count(" ") // 2

    def count(self, term: Term, field: str) -> int:
        """Return how often a word stands in a field, whichever field it names itself."""
        joined = self._layer(field, _JOINED)
        if term.layer is Layer.EXACT:
            alone = self._layer(field, _EXACTS).count(f" {term.text} ")
            return alone + joined.count(f"{_PART}{term.text}{_PART}")
        alone = self._layer(field, _STEMS).count(f" {term.text} ")
        return alone + joined.count(f" {term.text}{_PART}")

    def count_fitting(self, pattern: Pattern, field: str, fits: Fits) -> int:
        """Return how often a word that fits stands in a field, whichever the pattern names."""
        alone = fits.fitting(pattern, self._layer(field, _EXACTS))
        return len(alone) + len(self._joined_of(pattern, field, fits))

    def starts(self, leaf: Leaf, field: str, fits: Fits) -> list[int]:
        """Return the positions where `spans` of a leaf begin, sorted."""
        if leaf.field not in (None, field):
            return []
        found = self._alone(leaf, field, fits)
        if among := self._joined_of(leaf, field, fits):
            found += [place.start for place in among]
            found.sort()
        return found

    def spans(self, leaf: Leaf, field: str, fits: Fits) -> list[Span]:
        """Return the position ranges of a leaf in a field.

        They are sorted; none where the leaf names another field.
        """
        if leaf.field not in (None, field):
            return []
        found = [Span(start, start + 1) for start in self._alone(leaf, field, fits)]
        if among := self._joined_of(leaf, field, fits):
            found += among
            found.sort()
        return found

    def _alone(self, leaf: Leaf, field: str, fits: Fits) -> list[int]:
        """Return the positions of the words that a leaf means, joined forms left out, sorted."""
        if isinstance(leaf, Pattern):
            exacts = self._layer(field, _EXACTS)
            among = set(fits.fitting(leaf, exacts))
            return sorted(start for form in among for start in _starts(exacts, f" {form} "))
        number = _EXACTS if leaf.layer is Layer.EXACT else _STEMS
        return _starts(self._layer(field, number), f" {leaf.text} ")

    def _joined_of(self, leaf: Leaf, field: str, fits: Fits) -> list[Span]:
        """Return where the joined forms that a leaf means stand; few articles have any."""
        joined = self._layer(field, _JOINED)
        if not joined:
            return []
        if isinstance(leaf, Pattern):
            among = fits.among(leaf, joined.split(_PART)[1::2])
            return [one.place for one in _unpacked(joined) if one.exact in among] if among else []
        if leaf.layer is Layer.EXACT:
            if f"{_PART}{leaf.text}{_PART}" not in joined:
                return []
            return [one.place for one in _unpacked(joined) if one.exact == leaf.text]
        if f" {leaf.text}{_PART}" not in joined:
            return []
        return [one.place for one in _unpacked(joined) if one.stem == leaf.text]


def _text(packed: bytes) -> str:
    return packed.decode("utf-8", "surrogatepass")


def _unpacked(joined: str) -> Iterator[Joined]:
    for part in joined[1:].split(" "):
        stem, exact, code = part.split(_PART)
        start, width = divmod(int(code), 1 << _WIDTH_BITS)
        yield Joined(stem, exact, Span(start, start + width + 1))


def _starts(layer: str, needle: str) -> list[int]:
    """Return the positions of the words of a layer that a needle begins."""
    found = []
    reached = position = 0
    find, count = layer.find, layer.count
    start = find(needle)
    while start != -1:
        position += count(" ", reached, start) // 2
        position += words.PARAGRAPH_GAP * count("\n", reached, start)
        found.append(position)
        reached = start
        start = find(needle, start + 1)
    return found


class Fits:
    """Which exact forms fit patterns, remembered for all articles of one query."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, PatternKind, int], tuple[set[str], set[str]]] = {}

    def fitting(self, pattern: Pattern, layer: str) -> list[str]:
        """Return those of a layer's exact forms that fit, each as often as it stands there."""
        forms = _candidates(pattern).findall(layer)
        among = self.among(pattern, forms)
        return list(filter(among.__contains__, forms)) if among else []

    def among(self, pattern: Pattern, forms: Iterable[str]) -> set[str]:
        """Return those of some exact forms that fit."""
        key = (pattern.text, pattern.kind, pattern.distance)
        seen, fitting = self._known.setdefault(key, (set(), set()))
        found = set(forms)
        # Most are known from other articles: none of those is called by its name.
        if new := found - seen:
            seen |= new
            fitting.update(forms_of(pattern, new))
        return found & fitting


@cache
def _candidates(pattern: Pattern) -> re.Pattern[str]:
    """Return the regular expression of the exact forms that a pattern can fit, and of others.

    Of a prefix they are those that begin with its letters, as far as letters are plain.
    """
    found = re.match("[a-z0-9]*", pattern.text[:_LETTERS_COMPARED])
    begun = ""
    for letter in reversed(found[0] if found and pattern.kind is PatternKind.PREFIX else ""):
        begun = rf"['-]*(?:[^\x00-\x7f]|[{letter}{letter.upper()}]{begun})"
    return re.compile(rf"(?<= ){begun}\S*" if begun else r"\S+")


_LETTERS_COMPARED = 8
