"""Brings back what became `?` or U+FFFD, from the words around it and the style of the document.

Every lost character of a paragraph is read together with the others: a chain over the paragraph,
whose state is how many quotes are open, gives each reading its probability (forward and backward
sums as in a hidden Markov model, each step a log-linear model of the features in `context`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isisdocs.load.ledger import Edit
from isisdocs.load.repair.context import ParagraphContext, evidence_of
from isisdocs.load.repair.damage import LOST, in_address
from isisdocs.load.repair.letters import Letter, find_letter
from isisdocs.load.repair.weights import LABELS, Weights, probabilities, shipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isisdocs.load.lexicon import Lexicon

QUESTION, APOSTROPHE, OPEN, CLOSE, DASH, BULLET, ELLIPSIS, LETTER, SIGN = range(len(LABELS))

DOUBT = 0.05
"""What may be a real question with this probability stays, whatever else it may be."""

DEEPEST = 2
"""Quotes inside quotes are as deep as prose goes."""

Reading = tuple[list[list[float]], list[float]]
"""For each lost character the probability of each label, and that an opened quote is inside one."""


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
        marked, lexicon=lexicon, vocabulary=weights.vocabulary, english=weights.english
    )
    spans = paragraph_spans(text)
    paragraphs: list[tuple[int, int, list[_Read]]] = []
    for number, (start, end) in enumerate(spans):
        places = [
            position - start
            for position in find_places(marked, start, end)
            if text[position] != "?" or not in_address(text, position)
        ]
        if places:
            follows = marked[slice(*spans[number + 1])][:40] if number + 1 < len(spans) else ""
            context = ParagraphContext(marked[start:end], places, evidence, follows)
            # What a context holds is many times its text, so that none outlives its paragraph.
            paragraphs.append((start, end, _read_paragraph(context, start, weights)))
    _agree([reading for _, _, readings in paragraphs for reading in readings])
    for start, end, readings in paragraphs:
        for reading in readings:
            _decide(reading, text[reading.at], weights, threshold, doubt)
        _pair(marked[start:end], start, readings)
        for reading in readings:
            if edit := _edit(text, reading, style):
                yield edit


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
    label: int = QUESTION
    """What is decided."""
    sure: float = 0.0
    """How sure that is, from 0 to 1."""
    mark: str = ""
    """As a quote, the character that pairs with the one at the other end."""


def _read_paragraph(context: ParagraphContext, start: int, weights: Weights) -> list[_Read]:
    readings: list[_Read] = []
    marginals, inner = read(context, weights)
    for place, chances, inside in zip(context.places, marginals, inner, strict=True):
        letter = None
        if chances[LETTER] > _UNLIKELY:
            letter = find_accent(context, place.position, weights)
        # What cannot be written is no reading: its share goes to the others.
        chances[LETTER] *= letter.confidence if letter else 0.0
        word = context.word_at(place.position) if place.kind == "m" else None
        readings.append(_Read(start + place.position, chances, inside > 0.5, letter, word))
    return readings


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


def _decide(reading: _Read, stands: str, weights: Weights, threshold: float, doubt: float) -> None:
    """Choose the likeliest label; a question where it may well be one, or nothing is likely."""
    chances = list(reading.chances)
    if stands == "\ufffd":
        # Nobody loses a question mark, so its share goes to the others.
        rest = 1.0 - chances[QUESTION]
        chances = [0.0, *(chance / rest for chance in chances[1:])] if rest else chances
    best = max(range(len(chances)), key=lambda label: (chances[label], -label))
    reading.sure = weights.sure(chances[best])
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
    """Return where `?` stands in a part of *text*."""
    places = []
    position = text.find("?", start, end)
    while position >= 0:
        places.append(position)
        position = text.find("?", position + 1, end)
    return places


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


def find_accent(context: ParagraphContext, position: int, weights: Weights) -> Letter | None:
    """Return the lost letter at *position*, from a lexicon's word or the letters around it."""
    text = context.text
    if found := context.evidence.lexicon.find(text, position):
        start, word = found
        return Letter(word[position - start], 0.98)
    start, end = context.bounds(position)
    word = text[start:end]
    head = len(word) - len(word.lstrip("?"))
    if position >= start + head:
        word, start = word[head:], start + head
    if text[end - 2 : end] == "?s" and position < end - 2:
        word = word[:-2]
    word = word[: max(position - start + 1, len(word.rstrip("?")))]
    if len(word) < 2:
        return None
    return find_letter(word, position - start, weights=weights, vocabulary=context.evidence.english)


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


# --- the chain over a paragraph ---------------------------------------------------------------


def step(state: int, label: int) -> int:
    """Return how many quotes are open after *label* where *state* were open before it."""
    if label == OPEN:
        return min(state + 1, DEEPEST)
    if label == CLOSE:
        return max(state - 1, 0)
    return state


def drift(context: ParagraphContext) -> list[list[int]]:
    """Return the quotes that stand undamaged before each lost character, as +1 and -1."""
    shifts: list[list[int]] = [[] for _ in range(len(context.places) + 1)]
    positions = [place.position for place in context.places]
    index = 0
    single = 0
    is_open = False
    for match in _QUOTE.finditer(context.text):
        while index < len(positions) and positions[index] < match.start():
            index += 1
        mark = match.group()
        if mark in "“‘":
            shifts[index].append(1)
            single += mark == "‘"
        elif mark == "”":
            shifts[index].append(-1)
        elif mark == "’":
            if single:
                shifts[index].append(-1)
                single -= 1
        elif mark == '"':
            shifts[index].append(-1 if is_open else 1)
            is_open = not is_open
    return shifts


_QUOTE = re.compile(r"[“”‘\"]|’(?![^\W_])")


def shift(state: int, changes: list[int]) -> int:
    """Return how many quotes are open after undamaged quotes."""
    for change in changes:
        state = min(max(state + change, 0), DEEPEST)
    return state


def read(context: ParagraphContext, weights: Weights) -> Reading:
    """Return the probability of each label for each lost character of a paragraph."""
    states = range(DEEPEST + 1)
    shifts = drift(context)
    count = len(context.places)
    forward: list[list[float]] = []
    choices: list[list[list[float]]] = []
    now = [1.0, 0.0, 0.0]
    opened = [0, 0, 0]
    for index in range(count):
        now, opened = _shifted(now, opened, shifts[index], context.places[index].position)
        forward.append(now)
        base = weights.scores(context.features(index))
        position = context.places[index].position
        rows: list[list[float]] = []
        following = [0.0, 0.0, 0.0]
        next_opened = list(opened)
        heaviest = [0.0, 0.0, 0.0]
        for state in states:
            if now[state] < 1e-6:
                rows.append([])
                continue
            extra = weights.scores(context.state_features(index, state, opened[state]))
            row = probabilities(map(int.__add__, base, extra))
            rows.append(row)
            for label, chance in enumerate(row):
                target = step(state, label)
                weight = now[state] * chance
                following[target] += weight
                if weight > heaviest[target]:
                    heaviest[target] = weight
                    next_opened[target] = position if label == OPEN else opened[state]
        total = sum(following)
        now = [weight / total for weight in following]
        opened = next_opened
        choices.append(rows)

    backward = [weights.ends.get(context.end_features(state)[1], 1.0) for state in states]
    backward = _unshifted(backward, shifts[count])
    marginals: list[list[float]] = []
    inner: list[float] = []
    for index in range(count - 1, -1, -1):
        chances = [0.0] * len(LABELS)
        nested = 0.0
        earlier = [0.0, 0.0, 0.0]
        for state in states:
            row = choices[index][state]
            for label, chance in enumerate(row):
                onward = chance * backward[step(state, label)]
                earlier[state] += onward
                weight = forward[index][state] * onward
                chances[label] += weight
                if (label == OPEN and state >= 1) or (label == CLOSE and state == DEEPEST):
                    nested += weight
        total = sum(chances)
        quotes = chances[OPEN] + chances[CLOSE]
        marginals.append([chance / total for chance in chances])
        inner.append(nested / quotes if quotes else 0.0)
        top = max(earlier)
        backward = _unshifted([weight / top for weight in earlier], shifts[index])
    marginals.reverse()
    inner.reverse()
    return marginals, inner


def _shifted(
    now: list[float], opened: list[int], changes: list[int], position: int
) -> tuple[list[float], list[int]]:
    if not changes:
        return now, opened
    moved = [0.0, 0.0, 0.0]
    moved_opened = [position, position, position]
    for state, weight in enumerate(now):
        moved[shift(state, changes)] += weight
    return moved, moved_opened


def _unshifted(backward: list[float], changes: list[int]) -> list[float]:
    if not changes:
        return backward
    return [backward[shift(state, changes)] for state in range(len(backward))]
