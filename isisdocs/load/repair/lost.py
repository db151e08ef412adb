"""Brings back what became `?` or U+FFFD, from the words around it and the style of the document.

Every lost character of a paragraph is read together with the others (see `sequence`); then the same
word is read alike throughout the document, and what may be a real question stays one.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isisdocs.load.ledger import Edit
from isisdocs.load.lexicon import Lexicon
from isisdocs.load.repair.context import Evidence, ParagraphContext, Place, evidence_of
from isisdocs.load.repair.damage import LOST, in_address, whole_paragraphs
from isisdocs.load.repair.letters import Letter, find_letter, is_complete
from isisdocs.load.repair.sequence import (
    APOSTROPHE,
    BULLET,
    CLOSE,
    DASH,
    ELLIPSIS,
    LETTER,
    OPEN,
    QUESTION,
    SIGN,
    read,
)
from isisdocs.load.repair.weights import Weights, shipped

if TYPE_CHECKING:
    from collections.abc import Iterator


DOUBT = 0.05
"""What may be a real question with this probability stays, whatever else it may be.

That is for a mark at a word's end, where most questions end. Elsewhere it takes more.
"""

DOUBT_AFTER_QUESTION = 0.2
"""The same for a mark after another: as a rule what was lost there closed a quote."""

DOUBT_ELSEWHERE = 0.5
"""The same for a mark after any other sign, and for one that is glued to what follows."""

DOUBT_OF_LETTER = 0.01
"""The same where it would be a letter of a word that no lexicon knows."""


@dataclass(frozen=True, slots=True)
class Style:
    """How the document writes what it has not lost."""

    is_straight: bool
    """Quotes and apostrophes are typed as on a typewriter."""
    is_british: bool
    """Single quotes outside, double quotes inside."""
    spaced_dash: str
    """The dash between spaces."""
    currency: str
    """The sign before a sum."""


def find_style(text: str) -> Style:
    """Return the style of what *text* has not lost; curly and American where it says nothing."""
    straight = text.count("'") + text.count('"')
    curly = sum(text.count(mark) for mark in "‘’“”")
    single = text.count("‘") + len(_STRAIGHT_SINGLE.findall(text))
    double = text.count("“") + text.count('"') / 2
    # A few straight quotes in a text that lost many are code or leftovers.
    is_straight = straight > curly and 2 * straight >= sum(text.count(mark) for mark in LOST)
    is_british = single > double
    em, en = text.count(" — "), text.count(" – ")
    return Style(
        is_straight=is_straight,
        is_british=is_british,
        spaced_dash="—" if em > en or (em == en and not is_british) else "–",
        currency="£" if text.count("£") >= text.count("€") else "€",
    )


_STRAIGHT_SINGLE = re.compile(r"(?<![^\s(])'(?=\w)")


def find_lost(
    text: str,
    *,
    lexicon: Lexicon,
    threshold: float,
    weights: Weights | None = None,
    doubt: float = DOUBT,
) -> Iterator[Edit]:
    """Yield what stood in the place of each lost character that is at least *threshold* sure.

    *text* is taken to be damaged: `damage.is_damaged` comes first. What is a real question with
    a probability above *doubt* stays.
    """
    weights = weights or shipped()
    marked = text.replace("\ufffd", "?")
    style = find_style(text)
    evidence = evidence_of(
        marked,
        lexicon=with_words_of(marked, lexicon),
        vocabulary=weights.vocabulary,
        english=weights.english,
    )
    spans = paragraph_spans(text)
    whole = whole_paragraphs(text, spans)
    paragraphs: list[tuple[int, int, list[_Read]]] = []
    letters: dict[tuple[str, int], Letter | None] = {}
    for number, (start, end) in enumerate(spans):
        if number in whole:
            continue
        places = [
            position - start
            for position in find_places(marked, start, end)
            if text[position] != "?" or not in_address(text, position)
        ]
        if places:
            follows = marked[slice(*spans[number + 1])][:40] if number + 1 < len(spans) else ""
            context = ParagraphContext(marked[start:end], places, evidence, follows)
            # What a context holds is many times its text, so that none outlives its paragraph.
            paragraphs.append(
                (start, end, _read_paragraph(context, start, weights, doubt, letters))
            )
    everything = [reading for _, _, readings in paragraphs for reading in readings]
    _agree(everything)
    _agree_on_owners(everything)
    _agree_on_dashes(everything)
    for start, end, readings in paragraphs:
        for reading in readings:
            _decide(reading, text[reading.at], weights, threshold)
        _pair(marked[start:end], start, readings)
        for reading in readings:
            if edit := _edit(text, reading, style):
                yield edit


def with_words_of(text: str, lexicon: Lexicon) -> Lexicon:
    """Return *lexicon* and, before its words, those beyond ASCII that stand in *text*."""
    if text.isascii():
        return lexicon
    whole = Lexicon.collect([" ".join(chunk for chunk in text.split() if "?" not in chunk)])
    # Of two letters there are more words in other languages than here.
    own = {lost: forms for lost, forms in whole.words.items() if len(lost) >= _SHORTEST_WORD}
    return Lexicon({**lexicon.words, **own}) if own else lexicon


_SHORTEST_WORD = 3


@dataclass(slots=True)
class _Read:
    """A lost character and what it may have been."""

    at: int
    """Position in the text."""
    chances: list[float]
    """Probability of each label."""
    is_inner: bool
    """As a quote it stands inside another."""
    letter: Letter | None
    """What it was if it was a letter."""
    word: tuple[str, int] | None
    """The damaged word it stands inside, and where."""
    owner: str
    """The word it ends, in lower case, if that may own the next: `workers? rights`."""
    doubt: float
    """It stays if it may be a real question with a greater probability."""
    is_spaced: bool
    """It stands alone between spaces."""
    label: int = QUESTION
    """What is decided."""
    sure: float = 0.0
    """How sure that is, from 0 to 1."""
    mark: str = ""
    """As a quote, the character that pairs with the one at the other end."""


def _read_paragraph(
    context: ParagraphContext,
    start: int,
    weights: Weights,
    doubt: float,
    letters: dict[tuple[str, int], Letter | None],
) -> list[_Read]:
    """Return the readings of a paragraph; *letters* keeps those by word and place in it."""
    readings: list[_Read] = []
    marginals, inner = read(context, weights)
    for place, chances, inside in zip(context.places, marginals, inner, strict=True):
        letter = None
        if chances[LETTER] > _UNLIKELY:
            key = context.run_at(place.position)
            if key not in letters:
                letters[key] = find_accent(*key, context.evidence, weights)
            letter = letters[key]
        # What cannot be written is no reading: its share goes to the others.
        if letter:
            chances[LETTER] *= letter.confidence
        else:
            if (rest := 1.0 - chances[LETTER]) > _UNLIKELY:
                chances = [chance / rest for chance in chances]
            chances[LETTER] = 0.0
        readings.append(
            _Read(
                at=start + place.position,
                chances=chances,
                is_inner=inside > 0.5,
                letter=letter,
                word=context.word_at(place.position) if place.kind == "m" else None,
                owner=context.owner_at(place),
                doubt=_doubt_of(place, doubt),
                is_spaced=place.kind == "d" and place.shape[3] == " ",
            )
        )
    return readings


def _doubt_of(place: Place, doubt: float) -> float:
    """Return how likely a question the mark at *place* may be and still be changed."""
    before, after = place.shape[3], place.shape[5]
    if before == "?":
        return DOUBT_AFTER_QUESTION
    return doubt if before in "aA0" and after in " \n?" else DOUBT_ELSEWHERE


_UNLIKELY = 0.02


def _agree(readings: list[_Read]) -> None:
    """Give a damaged word that occurs several times the same reading everywhere."""
    same: dict[tuple[str, int], list[_Read]] = {}
    for reading in readings:
        if reading.word is not None:
            same.setdefault(reading.word, []).append(reading)
    for group in same.values():
        if len(group) > 1:
            mean = [
                sum(column) / len(group) for column in zip(*(r.chances for r in group), strict=True)
            ]
            letter = max((r.letter for r in group if r.letter), default=None)
            for reading in group:
                reading.chances = mean
                reading.letter = reading.letter or letter


def _agree_on_owners(readings: list[_Read]) -> None:
    """Weigh apostrophe against question alike after every occurrence of what may be an owner.

    The evidence of *n* places that resemble each other counts as that of the square root of *n*
    independent ones.
    """
    same: dict[str, list[_Read]] = {}
    for reading in readings:
        if reading.owner:
            same.setdefault(reading.owner, []).append(reading)
    for group in same.values():
        if len(group) > 1:
            evidence = _odds(group, APOSTROPHE, QUESTION)
            for reading in group:
                _share_out(reading, APOSTROPHE, QUESTION, evidence / math.sqrt(len(group)))


def _agree_on_dashes(readings: list[_Read]) -> None:
    """Weigh dash against ellipsis by what the others are that stand alone between spaces.

    A document seldom has both. Their mean counts as much as the place itself.
    """
    group = [reading for reading in readings if reading.is_spaced]
    if len(group) > 1:
        mean = _odds(group, DASH, ELLIPSIS) / len(group)
        for reading in group:
            own = _odds([reading], DASH, ELLIPSIS)
            _share_out(reading, DASH, ELLIPSIS, own + max(-_MOST, min(mean, _MOST)))


def _odds(group: list[_Read], label: int, other: int) -> float:
    """Return the sum of the log-odds of *label* against *other*."""
    return sum(math.log((r.chances[label] + _LEAST) / (r.chances[other] + _LEAST)) for r in group)


def _share_out(reading: _Read, label: int, other: int, odds: float) -> None:
    """Give *label* and *other* shares with these log-odds of what they have together."""
    chances = list(reading.chances)
    both = chances[label] + chances[other]
    share = 1 / (1 + math.exp(max(-_SUREST, min(-odds, _SUREST))))
    chances[label], chances[other] = both * share, both * (1 - share)
    reading.chances = chances


_MOST = 5.0
_SUREST = 50.0
_LEAST = 1e-4


def _decide(reading: _Read, stands: str, weights: Weights, threshold: float) -> None:
    """Choose the likeliest label; a question where it may well be one, or nothing is likely."""
    chances = list(reading.chances)
    if stands == "\ufffd":
        # Nobody loses a question mark, so its share goes to the others.
        rest = 1.0 - chances[QUESTION]
        chances = [0.0, *(chance / rest for chance in chances[1:])] if rest else chances
    best = max(range(len(chances)), key=lambda label: (chances[label], -label))
    reading.sure = weights.sure(chances[best])
    doubt = reading.doubt
    if best == LETTER and not (reading.letter and reading.letter.is_known):
        doubt = min(doubt, DOUBT_OF_LETTER)
    if reading.sure >= threshold and chances[QUESTION] <= doubt:
        reading.label = best


def _pair(paragraph: str, start: int, readings: list[_Read]) -> None:
    """Give every lost quote the mark that goes with its undamaged other half, if it has one."""
    lost = {reading.at - start: reading for reading in readings}
    opened: list[tuple[str, _Read | None]] = []
    for match in _MARK.finditer(paragraph):
        mark = match.group()
        reading = lost.get(match.start())
        if reading is not None:
            if reading.label == OPEN:
                opened.append(("", reading))
            elif reading.label == CLOSE and opened:
                reading.mark = _PARTNER.get(opened.pop()[0], "")
        elif mark in "“‘" or (mark in "\"'" and paragraph[match.end() : match.end() + 1].isalnum()):
            opened.append((mark, None))
        elif mark in "”’\"'" and opened and _PARTNER.get(opened[-1][0], mark) == mark:
            other = opened.pop()[1]
            if other is not None:
                other.mark = {"”": "“", "’": "‘"}.get(mark, mark)


# An apostrophe inside a word is no quote.
_MARK = re.compile(r"[?“”\"‘]|(?<![^\W_])'|['’](?![^\W_])")
_PARTNER = {"“": "”", "‘": "’", '"': '"', "'": "'"}


def _edit(text: str, reading: _Read, style: Style) -> Edit | None:
    if reading.label == LETTER and reading.letter:
        after, rule = reading.letter.letter, "accent"
    elif reading.mark:
        after, rule = reading.mark, "quote"
    else:
        after, rule = _write(text, reading.at, reading.label, reading.is_inner, style)
    if not after:
        return None
    return Edit(reading.at, reading.at + 1, after, rule, round(reading.sure, 4))


def find_places(text: str, start: int, end: int) -> list[int]:
    """Return where `?` stands in a part of *text*, except where that is no prose."""
    places = []
    position = text.find("?", start, end)
    while position >= 0:
        places.append(position)
        position = text.find("?", position + 1, end)
    if len(places) > 1 and end - start >= LONGEST_CHUNK:
        for match in _CHUNK.finditer(text, start, end):
            first = bisect_left(places, match.start())
            del places[first : bisect_left(places, match.end(), first)]
    return places


LONGEST_CHUNK = 500
"""Prose has a space before so many characters; what has none stays as it is."""

_CHUNK = re.compile(rf"(?<!\S)\S{{{LONGEST_CHUNK},}}")


def paragraph_spans(text: str) -> list[tuple[int, int]]:
    """Return the paragraphs of *text*; one that breaks off in mid-sentence includes the next."""
    spans: list[tuple[int, int]] = []
    position = 0
    for match in _BLANK.finditer(text):
        first, last = match.span()
        if (
            "\n\n" in match.group()
            and first - position > 40
            and text[first - 1].islower()
            and text[last : last + 1].islower()
        ):
            continue
        if "\n" not in match.group()[1:] and _goes_on(text, position, first, last):
            continue
        if first > position:
            spans += _parts(text, position, first)
        position = last
    if position < len(text):
        spans += _parts(text, position, len(text))
    return spans


LONGEST_PARAGRAPH = 20_000
"""In characters; a longer one is read in parts, so that memory is bounded."""


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a paragraph, a very long one in parts that end with a sentence or a word."""
    while end - start > LONGEST_PARAGRAPH:
        latest = start + LONGEST_PARAGRAPH
        earliest = start + LONGEST_PARAGRAPH // 2
        sentence = text.rfind(". ", earliest, latest) + 1
        word = text.rfind(" ", earliest, latest) + 1
        cut = sentence or word or latest
        yield start, cut
        start = cut
    yield start, end


_BLANK = re.compile(r"\n\s*")


def _goes_on(text: str, start: int, first: int, last: int) -> bool:
    """Tell whether the line after a single line feed belongs to the one before: a hard wrap."""
    line_start = max(start, text.rfind("\n", start, first) + 1)
    return 38 <= first - line_start <= 120 and text[last : last + 2] not in ("? ", "- ", "* ")


def find_accent(word: str, index: int, evidence: Evidence, weights: Weights) -> Letter | None:
    """Return the lost letter at *index* of *word*, from a lexicon or the letters around it.

    *word* is all letters, digits and marks that stand together there.
    """
    if not word.replace("?", "a").isalpha():
        return None
    if found := evidence.lexicon.find(word, index):
        start, known = found
        return Letter(known[index - start], 0.98, is_known=True)
    if is_complete(word, index, evidence.english):
        return None
    head = len(word) - len(word.lstrip("?"))
    if index >= head:
        word, index = word[head:], index - head
    if word.endswith("?s") and index < len(word) - 2:
        word = word[:-2]
    word = word[: max(index + 1, len(word.rstrip("?")))]
    if len(word) < 2:
        return None
    return find_letter(word, index, weights=weights, vocabulary=evidence.english)


def _write(text: str, at: int, label: int, is_inner: bool, style: Style) -> tuple[str, str]:
    if label == APOSTROPHE:
        return ("'" if style.is_straight else "’"), "apostrophe"
    if label in (OPEN, CLOSE):
        single = style.is_british != is_inner
        pairs = {
            (False, False): "“”",
            (False, True): "‘’",
            (True, False): '""',
            (True, True): "''",
        }
        return pairs[style.is_straight, single][label == CLOSE], "quote"
    if label == DASH:
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if before.isdigit() and after.isdigit():
            return "–", "dash"
        if before == after == " ":
            return style.spaced_dash, "dash"
        return "—", "dash"
    if label == BULLET:
        return "•", "bullet"
    if label == ELLIPSIS:
        return "…", "ellipsis"
    if label == SIGN and text[at + 1 : at + 2].isdigit():
        return style.currency, "currency"
    return "", ""
