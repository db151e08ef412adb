"""What stands around a lost character, as the features that the model weighs.

A feature is a short string; what it says is in its first letters, and nothing depends on more than
the paragraph and on `Evidence` about the whole text. How features become decisions is in `lost`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from isisdocs.load.lexicon import elided_words

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from isisdocs.load.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the whole text says about its damage."""

    lost_share: str
    """Of the apostrophes and quotes that can be told without context, how many are lost: 0 to 4."""
    has_accents: bool
    """Letters beyond ASCII have survived."""
    has_bullets: bool
    """Bullets have survived."""
    skeletons: Mapping[str, int]
    """How often each damaged word occurs, in lower case, as it stands."""
    lexicon: Lexicon
    """Words that can be brought back whole."""
    vocabulary: Container[str]
    """Common English words, in lower case."""
    english: Container[str]
    """The words of an English dictionary, names among them, in lower case."""
    elided: Container[str]
    """Words that are written with an apostrophe inside, in lower case."""
    words: Mapping[str, int]
    """The undamaged words of the text, in lower case, and how often they occur."""
    endings: Mapping[str, int]
    """How often words that may end in an apostrophe are followed by a mark and a word."""
    dashes: str
    """How the text seems to set dashes and ellipses: see `_dashes`."""
    known: dict[tuple[str, int], str] = field(default_factory=dict)
    """What is found in the lexicon by word and place in it, as soon as it has been looked up."""
    inside: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    """Features by word and place in it, as soon as they have been found."""


def evidence_of(
    text: str,
    *,
    lexicon: Lexicon,
    vocabulary: Container[str],
    english: Container[str],
) -> Evidence:
    """Return the evidence of *text*, in which U+FFFD has become `?`."""
    skeletons = _skeletons(text)
    return Evidence(
        lost_share=_share(len(_SURE_LOSS.findall(text)), len(_SURVIVOR.findall(text))),
        has_accents=not text.isascii() and _ACCENT.search(text) is not None,
        has_bullets="•" in text,
        skeletons=skeletons,
        lexicon=lexicon,
        vocabulary=vocabulary,
        english=english,
        elided=elided_words(),
        words=_whole_words(text),
        endings=_endings(text),
        dashes=_dashes(text, skeletons, vocabulary),
    )


def _skeletons(text: str) -> dict[str, int]:
    """Count the damaged words."""
    # They have no spaces. Tried from each letter of a text, the pattern took most of the time.
    damaged = " ".join([chunk for chunk in text.split() if "?" in chunk])
    return dict(Counter(map(str.lower, _SKELETON.findall(damaged))))


def _endings(text: str) -> dict[str, int]:
    """Count the words that may end in an apostrophe and are followed by a mark and a word."""
    marks = (match.start() for match in _BEFORE_WORD.finditer(text))
    found = (_ENDING.search(text[max(0, at - _LONGEST_ENDING) : at]) for at in marks)
    return dict(Counter(match[0].lower() for match in found if match))


def _whole_words(text: str) -> dict[str, int]:
    """Count the words of letters only that have no lost character beside them."""
    words = _UNTOUCHED.findall(text)
    # Asked of the word rather than of each character in the pattern, which takes twice the time.
    return dict(Counter([w.lower() for w in words if w.isalpha() or not _NO_LETTER.search(w)]))


def _dashes(text: str, skeletons: Mapping[str, int], vocabulary: Container[str]) -> str:
    """Return how many dashes are tight, how many marks spaced, and how ellipses are typed."""
    tight = text.count("—") - text.count(" —")
    for lost, count in skeletons.items():
        left, _, right = lost.partition("?")
        if len(right) > 2 and right in vocabulary and left in vocabulary:
            tight += count
    spaced = text.count(" ? ") + text.count(" – ") + text.count(" — ") + text.count(" … ")
    if "..." in text or ". . ." in text:
        dots = "."
    else:
        dots = "…" if "…" in text else "-" if "--" in text or " - " in text else "?"
    return f"{min(tight.bit_length(), 4)}{min(spaced.bit_length(), 4)}{dots}"


_UNTOUCHED = re.compile(r"(?<![?’'\w])\w+(?![?\w])")
_NO_LETTER = re.compile(r"[\d_]")
_SKELETON = re.compile(
    r"[^\W\d_]{0,30}+\?{1,3}[^\W\d_](?:\?{0,3}[^\W\d_]){0,30}\??|[^\W\d_]{1,30}+\?\?"
)
# Possessives of plurals and clipped words: `workers?`, `mornin?`, `o?`.
_ENDING = re.compile(r"(?:[^\W\d_]{1,30}[sn]|\b(?:o|an|th|wi|i))\Z", re.IGNORECASE)
_BEFORE_WORD = re.compile(r"\?(?= [^\W_])")
_LONGEST_ENDING = 32
"""Characters of the longest ending, and the one before it."""
# Every alternative looks back from the mark, so that the search runs at the speed of a literal.
_SURE_LOSS = re.compile(
    r"\?(?:(?<=[^\W\d_]\?)(?:s|t|re|ve|ll|d|m)\b|(?<![^\s(]\?)(?=[^\W\d_])|(?<=[.,]\?)(?=\s|\Z))"
)
_SURVIVOR = re.compile(
    r"[\"'“”‘’](?:(?<=[^\W\d_]['’])(?:s|t|re|ve|ll|d|m)\b|(?<![^\s(].)(?<=[\"'“‘])(?=[^\W\d_])"
    r"|(?<=[.,][\"”’])(?=\s|\Z))"
)
_ACCENT = re.compile(r"[^\x00-\x7f\W\d_]")


def _share(lost: int, survived: int) -> str:
    if not lost:
        return "0" if survived else "-"
    share = lost / (lost + survived)
    return "1" if share < 0.3 else "2" if share < 0.9 else "3" if survived else "4"


LONGEST_WORD = 40
"""Longer runs of letters and marks are no words; this keeps the work linear."""


_RUN = re.compile(r"(?:[^\W_]|\?)*")


def _match_run(text: str) -> str:
    """Return the letters, digits and marks that *text* begins with."""
    match = _RUN.match(text)
    return match.group() if match else ""


# --- a paragraph ------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W_]+")
# Each begins with the marks it is about, so that the search skips the rest of the text.
_SENTENCE_START = re.compile(
    r"[.!:;?…\"“‘—–](?:(?<=[.!:;?…])[\"'”’)?\s] {0,3}(?=[\"'“‘(?]?[^\W_])"
    r"|(?<=[\s(—–][\"“‘?])(?=[^\W_])|(?<=[—–]))"
)
_OUTER_START = re.compile(r"[.!?…][\"'”’)?\s] {0,3}(?=[\"'“‘(?]?[^\W_])")
_CLAUSE_START = re.compile(
    r"[,—–? ](?:(?<=,) |(?<=[—–])|(?<=[a-z]\?)(?=[a-z]{3})"
    r"|(?<= )(?=(?:and|but|or|so|then|for) ))"
)
_EVENT = re.compile(r"[\"“”‘?]")

_KIND_WORDS = {
    "w": "who what when where why how which whose whom",
    "a": "is are was were am do does did have has had can could will would shall should may might "
    "must isn aren wasn weren don doesn didn haven hasn hadn couldn won wouldn shan shouldn ain",
    "c": "and but or so if then because that as than while though for nor",
    "p": "i you he she it we they one this that these those there",
    "d": "the a an my your his her its our their some any no",
    "v": "said says asked cried replied answered exclaimed continued added inquired returned "
    "murmured whispered demanded remarked repeated shouted interrupted told wrote writes thought "
    "observed explained called",
    "r": "of to in on at by with from into about over after before",
    "i": "well oh yes no why now ah come look please",
}
# Of a word that stands in two of them, the later holds.
_KINDS = {word: kind for kind, words in _KIND_WORDS.items() for word in words.split()}
# Classes: asking, auxiliary, conjunction, pronoun, determiner, saying, relation, interjection.

# Verb before subject, as questions have it.
_INVERTED = re.compile("[aA]n?[pdNP]")


class Place:
    """One lost character: where it stands and what can be seen from there at once."""

    __slots__ = ("kind", "position", "shape")

    def __init__(self, position: int, kind: str, shape: str) -> None:
        self.position = position
        self.kind = kind
        """`m` in a word, `o` before one, `e` after one, `c` after a stop, `d` alone, `x` else."""
        self.shape = shape


class ParagraphContext:
    """A paragraph with its words, sentences and quotes found once for all its lost characters."""

    def __init__(self, text: str, places: list[int], evidence: Evidence, follows: str) -> None:
        """*places* are where *text* has lost characters; *follows* is how the next one begins."""
        self.text = text
        self.evidence = evidence
        self._bounds: dict[int, tuple[int, int]] = {}
        self._padded = f"\n\n\n\n{text}\n\n\n\n"
        self._words = [(match.start(), match.group()) for match in _WORD.finditer(text)]
        self._starts = [start for start, _ in self._words]
        self._sentences = [0, *(match.end() for match in _SENTENCE_START.finditer(text))]
        self._outer = [0, *(match.end() for match in _OUTER_START.finditer(text))]
        self._clauses = [match.end() for match in _CLAUSE_START.finditer(text)]
        self._opens_next = follows[:1] in ("?", "“", "‘", '"')
        first = _WORD.search(follows)
        self._answer = first.group().lower() if first else ""
        self.places = [self._place(position) for position in places]
        events = [
            (match.start(), self._event(match.start(), match.group()))
            for match in _EVENT.finditer(text)
        ]
        self._events = [(position, event) for position, event in events if event]
        self._event_positions = [position for position, _ in self._events]
        sure = len(_SURE_LOSS.findall(text))
        survivors = len(_SURVIVOR.findall(text))
        self._share = _share(sure, survivors)
        self._accents = "A" if not text.isascii() and _ACCENT.search(text) else "-"
        self._typographic = "T" if any(mark in text for mark in "’“”—…") else "-"

    def _place(self, position: int) -> Place:
        padded = self._padded
        at = position + 4
        shape = "".join(map(_shape_of, padded[at - 4 : at + 5]))
        before, after = shape[3], shape[5]
        if before in "aA0" and after in "aA0":
            kind = "m"
        elif after in "aA0" and before in " \n([-–/{=":
            kind = "o"
        elif before == "\n" or (before == " " and after == " "):
            kind = "d"
        elif before in "aA0" and after not in "aA0":
            kind = "e"
        elif before in ".,!;:)]?c" and after not in "aA0":
            kind = "c"
        else:
            kind = "x"
        return Place(position, kind, shape)

    def _event(self, position: int, mark: str) -> str:
        """Return `O` or `C` for what surely opens or closes, `o`, `e` for what may."""
        if mark in "“‘":
            return "O"
        if mark == "”":
            return "C"
        before = self._padded[position + 3]
        after = self._padded[position + 5]
        if mark == '"':
            return "O" if before in " \n([—-" else "C"
        if before in " \n([—" and (after.isalnum() or after == "?"):
            return "o"
        if before in ".,!;:" and not after.isalnum():
            return "C"
        if before.isalnum() and not after.isalnum():
            return "e"
        return "k" if before == "?" and not after.isalnum() else ""

    def word_at(self, position: int) -> tuple[str, int]:
        """Return the damaged word around *position*, in lower case, and where in it that is."""
        word, index = self.run_at(position)
        return word.lower(), index

    def run_at(self, position: int) -> tuple[str, int]:
        """Return the letters, digits and marks around *position*, and where in them that is."""
        start, end = self.bounds(position)
        return self.text[start:end], position - start

    def owner_at(self, place: Place) -> str:
        """Return the word that ends at *place*, in lower case, if it may own the next: `workers?`.

        Empty where no word follows, or one in capitals that begins a sentence.
        """
        if place.kind != "e" or place.shape[5] != " " or place.shape[6] not in "aA0":
            return ""
        left, right, _, _ = self._around(place.position)
        if left[-1:] not in "sn" or (right[:1].isupper() and right.lower() in _KINDS):
            return ""
        return left.lower()

    def bounds(self, position: int) -> tuple[int, int]:
        """Return where the run of letters, digits and marks around *position* starts and ends."""
        if found := self._bounds.get(position):
            return found
        text = self.text
        before = text[max(0, position - LONGEST_WORD) : position]
        start = position - len(_match_run(before[::-1]))
        end = position + 1 + len(_match_run(text[position + 1 : position + LONGEST_WORD]))
        self._bounds[position] = start, end
        return start, end

    def features(self, index: int) -> list[str]:
        """Return what can be said of the lost character *index* whatever came before it."""
        place = self.places[index]
        position, kind, shape = place.position, place.kind, place.shape
        evidence = self.evidence
        padded = self._padded
        at = position + 4
        near = padded[at - 1].lower() + padded[at + 1].lower()
        inner, outer = shape[3:6], shape[2:7]
        found = [
            "b",
            "k" + kind,
            "1" + inner,
            "2" + outer,
            "3" + shape[1:8],
            "4" + shape,
            "5" + shape[1:6],
            "6" + shape[3:8],
            "n" + near,
            "<" + padded[at - 3 : at].lower(),
            ">" + padded[at + 1 : at + 4].lower(),
            "ds" + evidence.lost_share + kind,
            "ps" + self._share + kind,
            "pt" + self._typographic + evidence.lost_share + kind,
            "pa" + self._accents + ("A" if evidence.has_accents else "-") + kind,
            "dp" + evidence.lost_share + self._share + self._typographic + inner,
            "dx" + evidence.dashes + kind,
            "dw" + evidence.dashes[:2] + shape[2:7],
            "dy" + evidence.dashes + inner,
            "dz" + evidence.dashes + outer,
        ]
        if padded[at + 1] not in _APART:
            found.append("gl" + kind + inner[0])
        add = found.append
        left_word, right_word, second_right, second_left = self._around(position)
        left, right = left_word.lower(), right_word.lower()
        known = self._known(position)
        add("K" + known + kind)
        add("Ks" + known + inner)
        if kind == "m":
            self._inside(position, known, found)
        if kind in "mo":
            add("R" + kind + right)
            add("R2" + kind + right[:2] + str(min(len(right), 5)))
        if kind == "o" and shape[5] == "0":
            self._amount(position, shape, found)
        if kind == "e":
            self._owner(left, right_word, shape, found)
        if kind in "me":
            add("L" + kind + left)
            add("L3" + kind + left[-3:])
            add("L1" + kind + left[-1:] + shape[5:7])
        if kind != "m":
            next_kind = _kind_of(right_word)
            add("N" + kind + right)
            add("NN" + kind + next_kind + _kind_of(second_right) + shape[5:7])
            add("Nk" + outer + next_kind)
            add("W" + kind + left)
            add("Wk" + outer + _kind_of(left_word))
            add("WN" + kind + _kind_of(left_word) + next_kind + inner)
            add("WW" + kind + second_left.lower() + "_" + left)
            add("NW" + kind + right + "_" + second_right.lower())
            self._sentence(position, kind, inner, shape, found)
        self._events_around(position, kind, inner, found)
        self._edges(position, kind, shape, found)
        number = min(bisect_left(self._event_positions, position), 3)
        add("Pn" + kind + inner + str(number))
        return found

    def state_features(self, index: int, state: int, opened: int) -> list[str]:
        """Return what can be said when *state* quotes are open, the last since *opened*."""
        place = self.places[index]
        kind = place.kind
        head = f"s{state}{kind}"
        right = place.shape[4:7]
        run = run_length(place.position - opened) if state else 0
        question = self._question(place.position)
        outer = self._outer_question(opened) if state and kind in "ec" else "-"
        return [
            f"{head}x{question[0]}{outer[0]}{place.shape[3:7]}",
            f"{head}y{outer[0]}{run}{place.shape[4:7]}",
            head,
            head + place.shape[3:6],
            head + place.shape[2:7],
            head + right + self._next_event(place.position),
            f"{head}r{run}",
            f"{head}z{question}",
            f"{head}z{question}{place.shape[3:7]}",
        ]

    def end_features(self, state: int) -> list[str]:
        """Return what can be said when *state* quotes are still open at the end."""
        return [f"end{state}", f"end{state}{self._opens_next}"]

    def _around(self, position: int) -> tuple[str, str, str, str]:
        """Return the words left and right, then the second to the right and to the left."""
        index = bisect_left(self._starts, position)
        words = self._words
        count = len(words)
        return (
            words[index - 1][1] if index else "",
            words[index][1] if index < count else "",
            words[index + 1][1] if index + 1 < count else "",
            words[index - 2][1] if index > 1 else "",
        )

    def _owner(self, left: str, right_word: str, shape: str, found: list[str]) -> None:
        """Add whether *left*, which the mark ends, may be an owner or clipped: `workers?`, `o?`."""
        evidence = self.evidence
        if count := evidence.endings.get(left, 0):
            bare = _bucket(evidence.words.get(left, 0))
            found.append(f"eC{left[-1]}{_bucket(count)}{shape[6]}")
            found.append(f"eB{left[-1]}{_bucket(count)}{bare}{shape[6]}")
        if left[-1:] == "s":
            plural = "D" if left in evidence.words else "-"
            plural += "V" if left[:-1] in evidence.vocabulary else "-"
            is_common = "V" if right_word.lower() in evidence.vocabulary else "-"
            found.append("es" + plural + shape[5:7])
            found.append("et" + plural + _kind_of(right_word) + is_common)

    def _edges(self, position: int, kind: str, shape: str, found: list[str]) -> None:
        """Add whether the paragraph begins or ends here."""
        if position == 0:
            found.append("P0" + kind + shape[5:])
        if position == len(self.text) - 1:
            found.append("P9" + kind + shape[:4])
            found.append("P9n" + kind + shape[3] + str(self._opens_next))
        if position >= len(self.text) - 2:
            found.append("P9w" + shape[3:6] + self._answer)

    def _known(self, position: int) -> str:
        """Return whether a lexicon has the word around *position*: no `-`, short `k`, long `K`."""
        key = self.run_at(position)
        known = self.evidence.known.get(key)
        if known is None:
            word = self.evidence.lexicon.find(*key)
            known = "-" if word is None else "K" if len(word[1]) > 3 else "k"
            self.evidence.known[key] = known
        return known

    def _inside(self, position: int, known: str, found: list[str]) -> None:
        """Add what can be said of a character between letters or digits."""
        key = self.run_at(position)
        inside = self.evidence.inside.get(key)
        if inside is None:
            inside = self.evidence.inside[key] = self._inside_word(*key, known)
        found += inside

    def _inside_word(self, word: str, index: int, known: str) -> tuple[str, ...]:
        evidence = self.evidence
        left, right = word[:index], word[index + 1 :]
        left_low, right_low = left.lower(), right.lower()
        whole = word.strip("?").lower()
        count = evidence.skeletons.get(whole, 0)
        many = "0" if count < 2 else "2" if count < 4 else "4"
        in_vocabulary = ("V" if left_low in evidence.vocabulary else "-") + (
            "V" if right_low in evidence.vocabulary else "-"
        )
        in_text = ("D" if left_low in evidence.words else "-") + (
            "D" if right_low in evidence.words else "-"
        )
        english = self._level(left_low) + self._level(right_low)
        case = _case_of(left) + _case_of(right)
        lengths = f"{min(len(left), 4)}{min(len(right), 4)}"
        found = [
            "mK" + known + many,
            "mV" + in_vocabulary,
            "mVc" + in_vocabulary + case,
            "mVl" + in_vocabulary + lengths,
            "mVn" + in_vocabulary + many + known,
            "mD" + in_text,
            "mDV" + in_text + in_vocabulary + case,
            "mDn" + in_text + many + known,
            "mDR" + in_text[0] + in_vocabulary[0] + right_low[:3],
            "mDk" + in_text + in_vocabulary + known + lengths,
            "mc" + case + lengths,
            "mLR" + left_low[-2:] + "?" + right_low[:2],
            "mlr" + left_low[-1:] + "?" + right_low[:1] + case,
            "mR3" + right_low[:3],
            "mq" + str(whole.count("?")) + case,
            "mE" + english,
            "mEc" + english + case,
            "mEl" + english + lengths,
            "mEk" + english + known + many,
            "mEr" + english[0] + right_low[:3],
            "mEd" + english + evidence.dashes[:2],
        ]
        if whole.count("?") == 1:
            guessed = self._guessed(whole)
            found.append("mW" + guessed + english)
            found.append("mWk" + guessed + known + case)
        if right_low == "s":
            bare = _bucket(evidence.words.get(left_low, 0))
            found.append(f"mP{_bucket(count)}{bare}{english[0]}")
            found.append(f"mPc{_bucket(count)}{bare}{case}")
            found.append(f"mQ{min(count, 4)}{_ratio(evidence, left_low, count)}{english[0]}")

        if len(left) < 5:
            found.append(f"mF{left_low}{'V' if right_low[:1] in _VOWELS else '-'}")
        elided = "A" if whole.replace("?", "’") in evidence.elided else "-"
        found.append("mA" + elided + known)
        return tuple(found)

    def _level(self, word: str) -> str:
        if word in self.evidence.vocabulary:
            return "V"
        return "v" if word in self.evidence.english else "-"

    def _guessed(self, lost: str) -> str:
        """Return `W` where a plain letter in the place makes an English word of *lost*."""
        left, right = lost.split("?")
        english = self.evidence.english
        return "W" if any(left + letter + right in english for letter in "eaoucin") else "-"

    def _amount(self, position: int, shape: str, found: list[str]) -> None:
        """Add whether the digits after *position* read as a year or as a sum of money."""
        match = _AMOUNT.match(self.text, position + 1)
        digits = match.group() if match else ""
        if _YEAR.fullmatch(digits):
            reading = "y"
        else:
            reading = str(min(len(digits), 5)) if digits.isdigit() else "s"
        after = self.text[position + 1 + len(digits) :][:1]
        found.append(f"og{reading}{_shape_of(after) if after else '$'}{shape[3]}")
        found.append(f"oh{reading}")

    def _question(self, position: int) -> str:
        """Return how the sentence that ends here began, as far as questions begin so."""
        sentence = self._sentences[bisect_right(self._sentences, position) - 1]
        return self._opening(sentence, position)

    def _outer_question(self, opened: int) -> str:
        """Return how the sentence began in which a quote was opened at *opened*."""
        return self._opening(self._outer[bisect_right(self._outer, opened) - 1], opened)

    def _opening(self, start: int, stop: int) -> str:
        index = bisect_left(self._starts, start)
        words = self._words
        end = bisect_left(self._starts, stop)
        if index >= end:
            return "0"
        first = _KINDS.get(words[index][1].lower(), "n")
        second = _KINDS.get(words[index + 1][1].lower(), "n") if index + 1 < end else "0"
        return first + second if first in "waic" else first

    def _sentence(self, position: int, kind: str, inner: str, shape: str, found: list[str]) -> None:
        """Add whether the sentence up to here reads as a question."""
        if kind not in "ecx":
            return
        sentence = self._sentences[bisect_right(self._sentences, position) - 1]
        words = self._words
        end = bisect_left(self._starts, position)
        index = min(bisect_left(self._starts, sentence), end)
        inside = [word.lower() for _, word in words[index:end]]
        question = self._question(position)
        clause_at = bisect_right(self._clauses, position) - 1
        clause = max(self._clauses[clause_at] if clause_at >= 0 else 0, sentence)
        clause_index = min(bisect_left(self._starts, clause), end)
        clause_words = [word.lower() for _, word in words[clause_index : clause_index + 2]]
        if clause_index >= end:
            clause_words = []
        clause_kind = "".join(_KINDS.get(word, "n") for word in clause_words)
        asks = "".join(
            sorted({_KINDS[word] for word in inside if _KINDS.get(word, "") in ("w", "a")})
        )
        length = min(len(inside), 12) // 3
        kinds = "".join(_kind_of(word) for _, word in words[index:end])
        inverted = "i" if _INVERTED.search(kinds) else "w" if "w" in kinds[:4].lower() else "-"
        if len(inside) <= 3:
            found.append("qs" + "_".join(inside))
        next_shape = shape[5:8]
        found += (
            "q" + question + inner,
            "qn" + question + next_shape,
            "qw" + (inside[0] if inside else ""),
            "qww" + "_".join(inside[:2]),
            "qc" + clause_kind + inner,
            "qcn" + clause_kind + next_shape,
            "qcw" + "_".join(clause_words),
            f"qa{asks}{inner}{length}",
            f"ql{length}{inner}",
            f"qt{kinds[-3:]}{inner}",
            f"qi{inverted}{inner}",
            f"qi{inverted}{shape[3:8]}",
            f"qi{inverted}{question}{shape[3:7]}",
            f"qi{inverted}{kinds[-1:]}{shape[4:7]}",
            "qqc" + question + clause_kind + shape[3:8],
        )

    def _events_around(self, position: int, kind: str, inner: str, found: list[str]) -> None:
        """Add which quotes seem to open and close before and after."""
        index = bisect_left(self._event_positions, position)
        events = self._events
        after_index = index
        if after_index < len(events) and events[after_index][0] == position:
            after_index += 1
        before = events[index - 1][1] if index else "^"
        before_2 = events[index - 2][1] if index > 1 else "^"
        after = events[after_index][1] if after_index < len(events) else "$"
        after_2 = events[after_index + 1][1] if after_index + 1 < len(events) else "$"
        balance = 0
        for _, event in events[max(0, index - 8) : index]:
            balance += event in "oO"
            balance -= event in "C"
        near = "0"
        if index:
            gap = position - events[index - 1][0]
            near = "1" if gap < 12 else "2" if gap < 40 else "3" if gap < 120 else "4"
        ahead = "0"
        if after_index < len(events):
            gap = events[after_index][0] - position
            ahead = "1" if gap < 12 else "2" if gap < 40 else "3" if gap < 120 else "4"
        found += (
            "ea" + kind + before + after,
            "eb" + kind + before_2 + before + after + after_2,
            "ec" + inner + before + after,
            "ed" + kind + before + near,
            "ee" + kind + after + ahead,
            "ef" + inner + before + near + after + ahead,
            f"eg{kind}{max(-1, min(balance, 2))}{after}",
            f"eh{inner}{max(-1, min(balance, 2))}",
        )

    def _next_event(self, position: int) -> str:
        index = bisect_right(self._event_positions, position)
        return self._events[index][1] if index < len(self._events) else "$"


_AMOUNT = re.compile(r"\d{1,15}(?:[.,]\d{1,15}){0,5}(?:[a-z]{1,2}\b| (?:million|billion)\b)?")
_YEAR = re.compile(r"\d\ds?")


# What follows a question mark, and any mark at a word's end; anything else is glued to it.
_APART = frozenset(" \n\t?!.,;:)]}\"'”’—…*_")
_VOWELS = frozenset("aeiouyhéèêàâîôœ")


def _bucket(count: int) -> str:
    """Return the class of a count: 0, 1, 2 to 3, 4 to 7, 8 to 15, more."""
    return str(min(count.bit_length(), 5))


def _ratio(evidence: Evidence, word: str, count: int) -> str:
    """Return whether *word* stands undamaged never, sometimes or often, *count* being `word?s`."""
    bare = evidence.words.get(word, 0)
    return "0" if not bare else "1" if 2 * bare < count else "2"


def run_length(distance: int) -> int:
    """Return the class, 0 to 4, of the number of characters since a quote was opened."""
    return (distance > 12) + (distance > 40) + (distance > 120) + (distance > 400)


@lru_cache(maxsize=1024)
def _shape_of(character: str) -> str:
    if character in " \n?.,!;:()[]-—–'\"/%$&*=":
        return character
    if character.islower():
        return "a"
    if character.isupper():
        return "A"
    if character.isalpha():
        return "a"
    if character.isdigit():
        return "0"
    if character in "“‘":
        return "o"
    if character in "”’":
        return "c"
    return " " if character.isspace() else "~"


def _case_of(word: str) -> str:
    if not word:
        return "0"
    if word[0].isdigit():
        return "9"
    if len(word) > 1 and word.isupper():
        return "U"
    return "A" if word[0].isupper() else "a" if word[0].islower() else "?"


def _kind_of(word: str) -> str:
    """Return the class of *word*, a capital letter where it begins with one: see `_KINDS`."""
    kind = _KINDS.get(word.lower())
    if not word:
        return "0"
    if kind is None:
        kind = "9" if word[0].isdigit() else "N" if word[0].isupper() else "n"
    elif word[0].isupper():
        kind = kind.upper()
    return kind
