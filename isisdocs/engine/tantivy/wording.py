r"""The words of an article as text: what tantivy splits at spaces, and what is kept to look closer.

Every text of a field becomes a line of stems and a line of exact forms, one for each position, each
between spaces of its own: ` the  river  rose `. So a word is found, counted and placed by searching
a string, at the speed of C: its position is the number of words before it. The joined forms of
hyphenated words and of ideographs stand in no position of their own and are listed apart. Texts of
the untouched file that are in body or cuts are kept there only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from isisdocs import words
from isisdocs.fields import SEARCHED, Shared, texts_of
from isisdocs.model import Span
from isisdocs.query.match import exact_fits
from isisdocs.query.tree import Layer, Pattern, Term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from isisdocs.model import Article
    from isisdocs.query.tree import Leaf

# Controls are in no word.
_FIELD, _LAYER, _PART = "\x1d", "\x1e", "\x1f"
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

    __slots__ = ("_fields", "_split", "id")

    def __init__(self, packed: bytes) -> None:
        """Unpack what `pack` made; ValueError where it is something else."""
        content = packed[4:]
        if crc32(content) != int.from_bytes(packed[:4], "big"):
            raise ValueError("the words of an article are not as they were written")
        self.id, *fields = content.decode("utf-8", "surrogatepass").split(_FIELD)
        self._fields = dict(zip(SEARCHED, fields, strict=True))
        self._split: dict[str, list[str]] = {}

    def _layers(self, field: str) -> list[str]:
        """Return a field's stems, exact forms and joined forms."""
        found = self._split.get(field)
        if found is None:
            found = self._fields[field].split(_LAYER)
            if field == "raw":
                found = [*map(self._restored, found[:2], (0, 1)), found[2]]
            self._split[field] = found
        return found

    def _restored(self, lines: str, layer: int) -> str:
        """Return the lines of `raw`, those kept elsewhere in their places."""
        sources = {name: self._layers(name)[layer].split("\n") for name in ("body", "cuts")}
        restored = []
        for line in lines.split("\n"):
            source, _, number = line.partition(" ")
            restored.append(sources[source][int(number)] if source else line)
        return "\n".join(restored)

    def length(self, field: str) -> int:
        """Return the number of words in a field, joined forms left out."""
        return self._layers(field)[0].count(" ") // 2

    def count(self, term: Term, field: str) -> int:
        """Return how often a word stands in a field, whichever field it names itself."""
        stems, exacts, joined = self._layers(field)
        if term.layer is Layer.EXACT:
            return exacts.count(f" {term.text} ") + joined.count(f"{_PART}{term.text}{_PART}")
        return stems.count(f" {term.text} ") + joined.count(f" {term.text}{_PART}")

    def spans(self, leaf: Leaf, field: str, fits: Callable[[str], bool]) -> list[Span]:
        """Return the position ranges of a leaf in a field; *fits* tests exact forms.

        They are sorted; none where the leaf names another field.
        """
        if leaf.field not in (None, field):
            return []
        stems, exacts, joined = self._layers(field)
        if isinstance(leaf, Pattern):
            found = _fitting(exacts, fits)
        elif leaf.layer is Layer.EXACT:
            found = _places(exacts, f" {leaf.text} ")
        else:
            found = _places(stems, f" {leaf.text} ")
        if joined:
            is_stem = isinstance(leaf, Term) and leaf.layer is Layer.STEM
            if is_stem:
                among = _joined_of(joined, leaf.text)
            else:
                among = [one.place for one in _unpacked(joined) if fits(one.exact)]
            if among:
                found += among
                found.sort()
        return found


def _joined_of(joined: str, stem: str) -> list[Span]:
    """Return where the joined forms of a stem stand; few articles have any."""
    if f" {stem}{_PART}" not in joined:
        return []
    return [one.place for one in _unpacked(joined) if one.stem == stem]


def _unpacked(joined: str) -> Iterator[Joined]:
    for part in joined[1:].split(" "):
        stem, exact, code = part.split(_PART)
        start, width = divmod(int(code), 1 << _WIDTH_BITS)
        yield Joined(stem, exact, Span(start, start + width + 1))


def _fitting(layer: str, fits: Callable[[str], bool]) -> list[Span]:
    found = []
    position = 0
    for line in layer.split("\n"):
        forms = line.split()
        found += [
            Span(place, place + 1) for place, form in enumerate(forms, position) if fits(form)
        ]
        position += len(forms) + words.PARAGRAPH_GAP
    return found


def _places(layer: str, needle: str) -> list[Span]:
    found = []
    reached = position = 0
    start = layer.find(needle)
    while start != -1:
        position += layer.count(" ", reached, start) // 2
        position += words.PARAGRAPH_GAP * layer.count("\n", reached, start)
        found.append(Span(position, position + 1))
        reached = start
        start = layer.find(needle, start + 1)
    return found


class Fits:
    """The tests of leaves, their answers remembered for all articles of one query."""

    def __init__(self) -> None:
        self._tests: dict[Leaf, Callable[[str], bool]] = {}

    def of(self, leaf: Leaf) -> Callable[[str], bool]:
        """Return the test whether an exact form is one that the leaf means."""
        if leaf not in self._tests:
            self._tests[leaf] = _Remembering(exact_fits(leaf)).__getitem__
        return self._tests[leaf]


class _Remembering(dict[str, bool]):
    def __init__(self, test: Callable[[str], bool]) -> None:
        super().__init__()
        self._test = test

    def __missing__(self, form: str) -> bool:
        self[form] = fits = self._test(form)
        return fits
