"""Text to words: the one analyser, for the index, the query and the highlighting alike.

A word has three forms. *exact* is the word as written, freed of what is spelling noise in every
case; *folded* has no case, accents, apostrophes and hyphens; *stem* is the English stem of that.
The last two are functions of the first, so that an engine stores exact forms only.

    written         exact         folded      stem
    Iraq’s          Iraq          iraq        iraq
    U.S.            US            us          us
    1,700           1700          1700        1700
    Qa’im           Qa'im         qaim        qaim
    Tomáš           Tomáš         tomas       toma
    al-Maliki       al, Maliki and over both of them al-Maliki, folded almaliki
    巴格达          巴, 格, 达 and over two of them 巴格, 格达

Which words a query asks for is in `query.parse`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import Stemmer

from isisdocs.model import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

PARAGRAPH_GAP = 100
"""Positions left free between two texts of a field, so that no phrase goes from one to the next."""

WIDTH_BITS = 3
MAX_PARTS = 1 << WIDTH_BITS
"""A hyphenated word of more parts than these is only its parts."""

MAX_FORM = 200
"""A form is cut to its first so many characters; a longer word is noise such as base64."""


class Token(NamedTuple):
    """One word of a text, or the joined form of several: of hyphenated words, of two ideographs."""

    start: int
    """First character."""
    end: int
    """Character after the last one, a possessive `'s` not included."""
    position: int
    width: int
    """Positions covered: 1, and more for a joined form, which begins where its first part does."""
    exact: str
    folded: str
    stem: str


def tokens(text: str, *, position: int = 0) -> list[Token]:
    """Return the words of *text* and their joined forms, sorted by position and width."""
    found: list[Token] = []
    for chunk in _CHUNK.finditer(text):
        offset = chunk.start()
        forms = _forms(chunk.group())
        for start, end, place, width, exact in forms:
            folded = fold(exact)
            span = (start + offset, end + offset, place + position, width)
            found.append(Token(*span, exact, folded, stem(folded)))
        position += forms[-1].position + 1 if forms else 0
    return found


def pattern_tokens(text: str) -> list[Token]:
    """Return the words of *text* where `*` and `?` count as letters."""
    forms = _analyse(text, _PATTERN_CLASSES)
    return [Token(*form, folded := fold(form.exact), stem(folded)) for form in forms]


def field_tokens(texts: Sequence[str]) -> list[list[Token]]:
    """Return the words of each of *texts*, with positions that run on over a gap."""
    found = []
    position = 0
    for text in texts:
        found.append(tokens(text, position=position))
        last = found[-1]
        position = (last[-1].position + 1 if last else position) + PARAGRAPH_GAP
    return found


class Occurrences(NamedTuple):
    """Where the words of several texts stand."""

    codes: dict[str, list[int]]
    """The places of every exact form, ascending; positions are those of `field_tokens`. A place is
    a number, its position times 8 plus the positions it covers, less 1: `spans_of` reads it."""
    total: int
    """How many words there are, joined forms not counted."""
    starts: list[int]
    """The position where each text begins, and where another one would."""

    @property
    def forms(self) -> dict[str, list[Span]]:
        """The position ranges of every exact form, ascending."""
        return {exact: spans_of(codes) for exact, codes in self.codes.items()}


def spans_of(codes: Iterable[int]) -> list[Span]:
    """Return the position ranges that places are, sorted."""
    # Numbers are sorted, not the ranges, whose order is the same; and made without a call in
    # Python: a word may stand 40,000 times in an article.
    make = tuple.__new__
    return [
        make(Span, (start := code >> WIDTH_BITS, start + 1 + (code & MAX_PARTS - 1)))
        for code in sorted(codes)
    ]


def is_word(code: int) -> bool:
    """Tell whether a place is that of a word, not of a joined form."""
    return not code & MAX_PARTS - 1


def occurrences(texts: Sequence[str | int]) -> Occurrences:
    """Return where the words of *texts* stand.

    A number is a text of so many words that is not read: it only takes up its positions.
    """
    found: dict[str, list[int]] = {}
    # What follows is run for every word of a corpus: numbers, no objects.
    unit = 1 << WIDTH_BITS
    gap = PARAGRAPH_GAP << WIDTH_BITS
    place = words = 0
    starts = []
    for text in texts:
        start = place
        starts.append(start >> WIDTH_BITS)
        if isinstance(text, int):
            words += text
            place += (text << WIDTH_BITS) + gap
            continue
        for chunk in text.split():
            forms = _known_brief.get(chunk)
            if forms is None:
                forms = _brief_forms(chunk)
            if isinstance(forms, str):
                if forms in found:
                    found[forms].append(place)
                else:
                    found[forms] = [place]
                place += unit
                continue
            base = place
            for position, width, exact in forms:
                found.setdefault(exact, []).append(base + (position << WIDTH_BITS) + width - 1)
                if width == 1:
                    place += unit
        words += (place - start) >> WIDTH_BITS
        place += gap
    starts.append(place >> WIDTH_BITS)
    return Occurrences(found, words, starts)


def word_ranges(text: str, places: Collection[int]) -> dict[int, Span]:
    """Return the characters of the words at *places*, which count the words of *text* from 0."""
    found: dict[int, Span] = {}
    wanted = sorted(places, reverse=True)
    position = 0
    for match in _CHUNK.finditer(text) if wanted else ():
        chunk = match.group()
        forms = _known_brief.get(chunk)
        if forms is None:
            forms = _brief_forms(chunk)
        if isinstance(forms, str):
            following = position + 1
        else:
            following = position + forms[-1][0] + 1 if forms else position
        if wanted[-1] < following:
            # Only here is it asked where in the chunk a word begins.
            offset = match.start()
            for form in _forms(chunk):
                if form.width == 1:
                    span = Span(form.start + offset, form.end + offset)
                    found[position + form.position] = span
            while wanted and wanted[-1] < following:
                wanted.pop()
            if not wanted:
                break
        position = following
    return found


@lru_cache(maxsize=1 << 16)
def fold(exact: str) -> str:
    """Return the form without case, accents, apostrophes and hyphens; never empty."""
    if exact.isascii():
        return exact.lower().replace("'", "").replace("-", "") or exact
    return unicodedata.normalize("NFC", exact.translate(_FOLDED)) or exact


def folded(exacts: str) -> str:
    """Return the folded forms of exact forms with spaces between them, in any order."""
    odd = [] if exacts.isascii() else [exact for exact in exacts.split() if not exact.isascii()]
    if odd:
        exacts = " ".join(filter(str.isascii, exacts.split()))
    # Of letters and digits, of which each of these has one, something is left.
    plain = exacts.lower().replace("'", "").replace("-", "")
    return " ".join((plain, *map(fold, odd))) if odd else plain


@lru_cache(maxsize=1 << 16)
def stem(folded: str) -> str:
    """Return the Snowball English stem of what is a word of Latin letters, else the same form.

    Words of four letters in -is keep their s: Snowball would find the Pakistani ISI for ISIS.
    """
    if not (folded.isascii() and folded.isalpha()):
        return folded
    if len(folded) == 4 and folded.endswith("is") and folded != "skis":
        return folded
    stemmed: str = _stemmer.stemWord(folded)
    return stemmed


def has_accents(exact: str) -> bool:
    """Tell whether folding changes more of a form than case, apostrophes and hyphens."""
    plain = exact.casefold().replace("'", "").replace("-", "")
    return not exact.isascii() and fold(exact) != unicodedata.normalize("NFC", plain)


class _Form(NamedTuple):
    """A token whose start, end and position count from the beginning of its chunk."""

    start: int
    end: int
    position: int
    width: int
    exact: str


class _Classes(dict[int, str]):
    """The class of every character, as a letter for the rules below; filled as met."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _class_of(chr(code))
        return found


class _Folded(dict[int, str]):
    """What every character becomes in a folded form; filled as met."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _folded(chr(code))
        return found


# a letter or other numeral   n digit   m combining mark   c letter of a script without spaces
# e emoji   s skin tone   r half a flag   j invisible   z zero-width joiner
# - ' . , themselves   space everything else
def _class_of(letter: str) -> str:
    code = ord(letter)
    if letter in ".,":
        return letter
    if letter in _HYPHENS:
        return "-"
    if letter in _APOSTROPHES:
        return "'"
    if letter in _INVISIBLE:
        return "z" if letter == "\u200d" else "j"
    category = unicodedata.category(letter)
    name = {"L": "a", "N": "a", "M": "m"}.get(category[0], " ")
    if category == "Nd":
        name = "n"
    for first, last, block in _BLOCKS:
        if first <= code <= last:
            return block if block != "c" or name == "a" else name
    return name


def _folded(letter: str) -> str:
    if letter in "йЙ":  # a letter of its own, not an accented one
        return "й"
    if letter in _APOSTROPHES or letter in _UNWRITTEN or _class_of(letter) in "-s":
        return ""
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    # NFKD only for some: for all it would make 103 of 10³.
    kind = unicodedata.decomposition(letter).partition(" ")[0]
    parts = unicodedata.normalize("NFKD" if kind in _COMPATIBLE else "NFD", letter).casefold()
    parts = "".join(part for part in parts if not _is_accent(part) and not part.isspace())
    return parts.translate(_SPECIAL)


def _is_accent(mark: str) -> bool:
    # Overlays, Hebrew and Arabic points, and what stands above and below. Not those that make
    # another letter: nukta (7), kana voicing (8), virama (9), Thai and Tibetan vowels (84-132).
    order = unicodedata.combining(mark)
    return order == 1 or 10 <= order <= 36 or order >= 200


_APOSTROPHES = "'’‘‛`´\u02bc\uff07\u05f3\u05f4"
_HYPHENS = "-\u2010\u2011"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)
_UNWRITTEN = "\u0640\u02b9\u02bb\u02bd\u02be\u02bf\u02c8\u02d0"
"""Tatweel, and the modifier letters of transliteration and phonetics."""

_COMPATIBLE = {
    *("<compat>", "<wide>", "<narrow>", "<font>"),
    *("<initial>", "<medial>", "<final>", "<isolated>"),
}

_SPECIAL = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
    | {"ŧ": "t", "ŋ": "n", "ĸ": "k", "ə": "e", "ʼ": "", "'": ""}
    # As Lucene's ArabicNormalizer; alef with hamza or madda is accent folding already.
    | {"ى": "ي", "ة": "ه", "ٱ": "ا"}
)

# Hangul has spaces, but what stands between them are words with their particles: found by pairs
# of syllables as the others are.
_BLOCKS = (
    (0x0E01, 0x0EDF, "c"),  # Thai and Lao
    (0x1000, 0x109F, "c"),  # Myanmar
    (0x1100, 0x115F, "c"),  # Hangul, leading consonants
    (0x1160, 0x11FF, "m"),  # Hangul, what follows them in a syllable
    (0x1780, 0x17FF, "c"),  # Khmer
    (0x3005, 0x3007, "c"),
    (0x3041, 0x3096, "c"),  # Hiragana
    (0x309D, 0x309F, "c"),
    (0x30A1, 0x30FA, "c"),  # Katakana
    (0x30FC, 0x312F, "c"),
    (0x31A0, 0x31BF, "c"),
    (0x31F0, 0x31FF, "c"),
    (0x3400, 0x4DBF, "c"),  # ideographs
    (0x4E00, 0x9FFF, "c"),
    (0xA960, 0xA97C, "c"),
    (0xAC00, 0xD7A3, "c"),  # Hangul syllables
    (0xD7B0, 0xD7FB, "m"),
    (0xF900, 0xFAFF, "c"),
    (0xFF66, 0xFF9D, "c"),
    (0xFF9E, 0xFF9F, "m"),  # halfwidth voicing marks
    (0x20000, 0x323AF, "c"),
    (0x1F1E6, 0x1F1FF, "r"),
    (0x1F3FB, 0x1F3FF, "s"),
    (0x231A, 0x231B, "e"),
    (0x23E9, 0x23FA, "e"),
    (0x2600, 0x275A, "e"),  # symbols and dingbats before the quotation marks
    (0x2763, 0x2767, "e"),
    (0x2B50, 0x2B55, "e"),
    (0x1F000, 0x1FAFF, "e"),
)

_TAIL = "[anmjz]*+"
_DOTTED = r"a[mjz]*+(?:\.a[mjz]*+)+(?![anmjz])\.?"
_GROUPED = "n{1,3}(?:,nnn)+(?!n)"
_PLAIN = rf"(?:{_GROUPED}|[an]){_TAIL}(?:(?<=n)\.(?=n){_TAIL})*"
_PART_RULE = rf"(?:{_DOTTED}|{_PLAIN})(?:'(?=a){_TAIL})*"
_PART = re.compile(_PART_RULE)
_IDEOGRAPH = re.compile("c[mjz]*+")
_WORD = re.compile(
    rf"(?P<compound>{_PART_RULE}(?:-[jz]*+{_PART_RULE})*)"
    "|(?P<ideographs>(?:c[mjz]*+)+)"
    "|(?P<sign>e[ms]*+(?:z++e[ms]*+)*|rr?|s)"
)
_CHUNK = re.compile(r"\S+")
# A run of marks longer than 30 is no text (UAX #15, stream-safe), and sorting it is quadratic.
_MANY_MARKS = re.compile("(?<=[mjz]{30})[mjz]++")

_CLASSES = _Classes()
_PATTERN_CLASSES = _Classes({ord("*"): "a", ord("?"): "a"})
_FOLDED = _Folded()
_WRITTEN = str.maketrans(
    dict.fromkeys(_APOSTROPHES, "'")
    | dict.fromkeys(_HYPHENS, "-")
    | dict.fromkeys(_INVISIBLE, "")
    | dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)), "")  # variation selectors
)
_WRITTEN_SIGN = str.maketrans({"\ufe0e": "", "\ufe0f": ""})

_stemmer = Stemmer.Stemmer("english", 0)


_AROUND = '.,;:!?()[]"“”‘’'
"""What stands around words and is in none of them; no rule gives it a meaning there."""

_MAX_CACHED = 40
"""Characters of the longest chunk that is remembered."""
_CACHE_SIZE = 1 << 16
_known: dict[str, tuple[_Form, ...]] = {}
_known_brief: dict[str, str | tuple[tuple[int, int, str], ...]] = {}


def _forms(chunk: str) -> tuple[_Form, ...]:
    """Return the words of a chunk without spaces, remembered where it is short."""
    forms = _known.get(chunk)
    if forms is None:
        forms = _read(chunk)
        if len(chunk) <= _MAX_CACHED:
            if len(_known) >= _CACHE_SIZE:
                _known.clear()
            _known[chunk] = forms
    return forms


def _read(chunk: str) -> tuple[_Form, ...]:
    bare = chunk.strip(_AROUND)
    if _is_plain(bare):
        start = chunk.index(bare)
        return (_Form(start, start + len(bare), 0, 1, bare),)
    return tuple(_analyse(chunk, _CLASSES))


def _is_plain(bare: str) -> bool:
    """Tell whether a chunk is one word as it stands: four of five, without asking the rules."""
    return bare.isascii() and bare.isalpha() and len(bare) <= MAX_FORM


def _brief_forms(chunk: str) -> str | tuple[tuple[int, int, str], ...]:
    """Do as `forms_of` does, and remember it where the chunk is short."""
    brief = forms_of(chunk)
    if len(chunk) <= _MAX_CACHED:
        if len(_known_brief) >= _CACHE_SIZE:
            _known_brief.clear()
        _known_brief[chunk] = brief
    return brief


def forms_of(chunk: str) -> str | tuple[tuple[int, int, str], ...]:
    """Return the exact form of a chunk that is one word, else position, width, form of each.

    A chunk is what stands between white space.
    """
    bare = chunk.strip(_AROUND)
    if _is_plain(bare):
        return bare
    # Not kept in `_known` too: a whole corpus is read this way.
    forms = _known.get(chunk) or tuple(_analyse(chunk, _CLASSES))
    return forms[0].exact if len(forms) == 1 else tuple(form[2:] for form in forms)


def _analyse(text: str, classes: _Classes) -> Iterator[_Form]:
    """Find the words of *text*: its characters become classes, and the rules match on those."""
    shape = text.translate(classes)
    position = 0
    for match in _WORD.finditer(shape):
        start, end = match.span()
        if match.lastgroup == "compound":
            parts = [
                _part(text, shape, *part.span(), position + index)
                for index, part in enumerate(_PART.finditer(shape, start, end))
            ]
            yield parts[0]
            if 1 < len(parts) <= MAX_PARTS:
                joined = "-".join(part.exact for part in parts)
                yield _Form(parts[0].start, parts[-1].end, position, len(parts), joined[:MAX_FORM])
            yield from parts[1:]
            position += len(parts)
        elif match.lastgroup == "ideographs":
            before: _Form | None = None
            for unit in _IDEOGRAPH.finditer(shape, start, end):
                sign = _Form(*unit.span(), position, 1, _written(text, shape, *unit.span()))
                if before:
                    pair = before.exact + sign.exact
                    yield before
                    yield _Form(before.start, sign.end, before.position, 2, pair)
                before = sign
                position += 1
            if before:
                yield before
        else:
            written = unicodedata.normalize("NFC", text[start:end].translate(_WRITTEN_SIGN))
            yield _Form(start, end, position, 1, written[:MAX_FORM])
            position += 1


def _part(text: str, shape: str, start: int, end: int, position: int) -> _Form:
    """Return the form of a word, or of one part of a hyphenated word."""
    exact = _written(text, shape, start, end)
    if exact.endswith(("'s", "'S")):
        exact = exact[:-2]
        end = shape.rindex("'", start, end)
    if "." in exact and "n" not in shape[start:end]:
        exact = exact.replace(".", "")
    end = start + len(shape[start:end].rstrip("jz"))
    return _Form(start, end, position, 1, exact.replace(",", ""))


def _written(text: str, shape: str, start: int, end: int) -> str:
    """Return a word as written, without what only looks different."""
    word = text[start:end]
    if word.isascii():
        return word.replace("`", "'")[:MAX_FORM]
    if len(word) > 30:
        marks = _MANY_MARKS.finditer(shape[start:end])
        word = "".join(_without(word, [match.span() for match in marks]))
    word = word[: 4 * MAX_FORM].translate(_WRITTEN)
    return unicodedata.normalize("NFC", word)[:MAX_FORM]


def _without(word: str, ranges: list[tuple[int, int]]) -> Iterator[str]:
    reached = 0
    for start, end in ranges:
        yield word[reached:start]
        reached = end
    yield word[reached:]
