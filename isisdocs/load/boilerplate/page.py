"""Lines of a page → what can be seen of each line by itself.

What its neighbours add is in `features`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from isisdocs.load.boilerplate import cues
from isisdocs.load.boilerplate.trim import trim
from isisdocs.load.markup import Plain, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# A longer line is looked at by its beginning and end only, so that the cost does not grow with it.
_LONG = 600

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = re.compile(
    rf"\b{_MONTH}\b\.?\s*+\d{{1,2}}(?:st|nd|rd|th)?\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s++(?:of\s++)?{_MONTH}\b"
    rf"|\b{_MONTH}\b,?\s++(?:19|20)\d\d\b"
    r"|\b(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?\b"
    r"|\b\d\d?[-/.]\d\d?[-/.](?:19|20)?\d\d\b"
    r"|^20\d{6}(?:\d{6})?$",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"\b(?:\d++|an?)\s*+(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?|"
    r"months?|years?)\s++ago\b",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:written |posted |reported |story |words |text )?by:?(?=[ A-Z])", re.IGNORECASE
)
_PUBLISHED = re.compile(
    r"(?:first |last )?(?:published|posted|updated|modified|created)\b"
    r"|by\s*+[A-Z].*\bat \d\d?[:.]\d\d",
    re.IGNORECASE,
)
_MAIL = re.compile(r"@[\w-]++\.[a-z]{2,}|\[email.protected\]", re.IGNORECASE)
_CREDIT = re.compile(
    r"\b(?:photo(?:graph|graphy|s)?|picture|pic|image|illustration|credit|graphic|courtesy)\s*+"
    r"(?:by\b|:|/|credit|courtesy)"
    r"|/\s?(?:ap|afp|reuters|getty|epa|pa|wikimedia|shutterstock|istock(?:photo)?)\b"
    r"|getty images|\bap photo\b|\bvia (?:getty|ap|reuters|flickr)\b",
    re.IGNORECASE,
)
# Asked before the pattern, which costs ten times as much on a line without them.
_CREDIT_WORDS = frozenset(
    """
    photo photos photograph photographs photography picture pic image illustration credit graphic
    courtesy ap afp reuters getty epa pa wikimedia shutterstock istock istockphoto flickr
    """.split()
)
_VOICES = frozenset({"says", "said", "wrote", "pingback", "ago"})
_SAYS = re.compile(r"\b(?:says|said|wrote):$|•\s*+\d++ \w++ ago|\bpingback\b", re.IGNORECASE)
_CAPITAL = "A-ZÀ-ÖØ-Þ"
_NAME = re.compile(
    rf"(?:[{_CAPITAL}][\w'’.-]*+)"
    rf"(?: (?:[{_CAPITAL}][\w'’.-]*+|de|da|del|van|von|der|bin|al|la|le|and|&)){{1,4}}"
)
_STOP = frozenset(
    """
    the of and to in a that was is for on with as by at from it be are his her he she they had has
    have not but were an which who their this would been its said will or than when more about into
    after
    """.split()
)
_YOU = frozenset({"you", "your", "our", "us", "we", "my", "yours"})
_SAID = frozenset({"said", "says", "told", "added", "according", "was", "were", "had"})
_TEASER = re.compile(
    r"(?:also read|read also|read more|read next|related|related article|related story|see also|"
    r"you may also like|recommended|don['’]t miss)\s*+[:|–—-]",
    re.IGNORECASE,
)
_READ_MORE = ("Read more", "Read More", "READ MORE")
_ITEM = re.compile(r"(?:• ?|\d{1,2}[.)] )+(?=\S)")
_ITEM_STARTS = frozenset("•0123456789")
_MARKS = frozenset("|/>←→›»•·")
_CLOSERS = "\"'”’»)]"


class Shape(NamedTuple):
    """What a line's text looks like by itself, in coarse classes."""

    words: int
    """Number of words."""
    ending: str
    """Class of the last character: `.?:,…`, `"` for a quote after a stop, or empty."""
    kind: str
    """One word for neighbours to see, such as `prose`, `short` or `cue:share`."""
    family: str | None
    """Family of the cue that the line is, or starts with while short."""
    is_certain: bool
    """The line is furniture wherever it stands."""
    features: tuple[str, ...]
    """Everything seen, as names of weights."""
    key: cues.Words
    """The words, normalised, to compare lines by."""
    length: str
    """`s` for a short line, `m` for a middling one, `l` for a long one."""
    is_prose: bool
    """The line reads as one whole sentence or more."""

    @property
    def is_passed_over(self) -> bool:
        """The line says nothing of where it stands: a rule, an image, an advertisement's mark."""
        return not self.key or (self.is_certain and self.family == "advert")

    @property
    def is_credit(self) -> bool:
        """The line names who made a picture."""
        return f"credit/{self.length}" in self.features


class Line(NamedTuple):
    """One non-blank line."""

    number: int
    """Line in the file, counted from 1."""
    plain: Plain
    """The line without its markup, and without the pieces."""
    shape: Shape
    pieces: tuple[tuple[str, str], ...] = ()
    """Furniture glued to the line, and its family."""


def read(lines: Sequence[str]) -> list[Line]:
    """Return the non-blank lines of a page in order."""
    page = []
    for number, text in enumerate(lines, 1):
        if text and not text.isspace():
            seen = plain(text)
            trimmed, pieces = trim(seen.text)
            if pieces:
                seen = seen._replace(text=trimmed)
            page.append(Line(number, seen, seen_shape(trimmed), pieces))
    return page


def outline(lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Yield of each line that `read` returns its text and whether it is prose, and no more."""
    for text in lines:
        if text and not text.isspace():
            trimmed, _ = trim(plain(text).text)
            yield trimmed, _is_prose(trimmed)


def _is_prose(text: str) -> bool:
    """Return `is_prose` of the shape that *text* has, in a tenth of its time."""
    text = _both_ends(text)
    bare = _ITEM.sub("", text, count=1) if text[:1] in _ITEM_STARTS else text
    words = len(bare.split())
    if not (_reads_whole(bare, words) and ("©" in bare or any(map(str.isalnum, bare)))):
        return False
    if words > 30 or not any(map(str.isdecimal, bare)):
        return True
    return shape_of(text).is_prose  # it may be a date


def _reads_whole(bare: str, words: int) -> bool:
    """Tell whether a line of so many words begins and ends as sentences do."""
    return words >= 9 and _ending(bare) in {".", "?", '"', "…"} and not bare[0].islower()


def seen_shape(text: str) -> Shape:
    """Return what *text*, one line without markup, looks like; of a long one both ends count."""
    return shape_of(_both_ends(text))


def _both_ends(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[: _LONG // 2]} {text[-_LONG // 2 :]}"


@lru_cache(maxsize=4096)
def shape_of(text: str) -> Shape:
    """Return what *text*, one line without markup, looks like."""
    bare = _ITEM.sub("", text, count=1) if text[:1] in _ITEM_STARTS else text
    key = cues.normalise(bare)
    if not key:
        return Shape(0, "", "empty", None, False, ("size=0",), (), "s", is_prose=False)
    split = bare.split()
    words = len(split)
    size, length = _size(words), _length(words)
    ending = _ending(bare)
    whole = cues.whole(key) if words <= 8 else None
    if whole == "navigation" and ending == ".":
        whole = None  # what somebody answers: no link ends with a full stop
    start = cues.start(key)
    seen = [f"size={size}", f"end={ending}", f"size={size}&end={ending}"]
    seen += _cue_features(key, length, whole, start)
    is_teaser = words <= 30 and _is_teaser(bare, ending)
    if is_teaser:
        seen.append("teaser")
        start = "related"
    seen += _letter_features(bare, split, length)
    seen += _source_features(bare, key, length)
    seen += _word_features(key, length, is_cue=bool(whole or start))
    if words <= 30:
        seen += _label_features(bare, key, length, is_cue=bool(whole or start))
    family = whole or (start if words <= 25 else None)
    is_prose = _reads_whole(bare, words) and "dateline" not in seen
    kind = _kind(words, seen, is_prose=is_prose)
    if family and (whole or not is_prose):
        kind = f"cue:{family}"
    is_certain = is_teaser or (whole is not None and cues.is_certain(key))
    if is_certain:
        seen.append("certain")
    return Shape(
        words, ending, kind, family, is_certain, tuple(seen), key, length, kind in {"prose", "long"}
    )


def _is_teaser(bare: str, ending: str) -> bool:
    """Whether the line is a link to another text; a whole sentence before `Read more` is not."""
    if _TEASER.match(bare):
        return True
    if ending or not bare.endswith(_READ_MORE):
        return False
    before = bare[: -len("Read more")].rstrip()
    return before[-1:] not in {".", "!", "?", "”", '"', "’"}


def _length(words: int) -> str:
    return "s" if words <= 12 else "m" if words <= 30 else "l"


def _size(words: int) -> int:
    """Class of a number of words, named by its least."""
    for least in (61, 31, 19, 13, 9, 6, 4):
        if words >= least:
            return least
    return words


def _ending(text: str) -> str:
    last = text[-1]
    if last in ".!":
        return "…" if text.endswith(("...", "[…].")) else "."
    if last in "?:,…;":
        return last
    if last not in _CLOSERS:
        return ""
    if text[-2:-1] in {".", "!", "?", ",", "…"}:
        return '"'
    return ")" if last in ")]" else "”"


def _cue_features(key: cues.Words, length: str, whole: str | None, start: str | None) -> list[str]:
    """Say which phrases of page furniture the line has."""
    within = cues.within(key)
    strength = 3 * bool(whole) + 2 * bool(start) + len(within) + (not _YOU.isdisjoint(key))
    seen = [f"strength{min(strength, 6)}/{length}"]
    if whole:
        seen += ["whole", f"whole={whole}"]
    elif start:
        seen += [f"start/{length}", f"start={start}/{length}"]
    if within:
        seen.append(f"within#{min(len(within), 3)}/{length}")
        seen += [f"within={name}/{length}" for name in within]
    elif not whole and not start:
        seen.append(f"nocue/{length}")
    return seen


def _letter_features(bare: str, split: list[str], length: str) -> list[str]:
    """Say how the line is written: its first character, capitals, quotes, marks."""
    seen = []
    first = bare[0]
    if first.islower():
        seen.append("first=lower")
    elif first.isdigit():
        seen.append("first=digit")
    elif not first.isupper():
        seen.append("first=quote" if first in "\"'“‘" else "first=symbol")
    if "“" in bare or '"' in bare or "‘" in bare:
        seen.append(f"quotes/{length}")
    if len(split) > 30:
        return seen
    longer = [word[0] for word in split[1:] if len(word) > 3 and word[0].isalpha()]
    if len(longer) > 1:
        capitals = sum(map(str.isupper, longer))
        seen.append(f"title{capitals * 4 // len(longer)}")
        if len(split) >= 6 and capitals * 4 < len(longer):
            seen.append(f"lower/{length}")
    if len(split) < 13 and bare.isupper():
        seen.append("upper")
    seen += [f"mark={mark}" for mark in sorted(_MARKS.intersection(bare))]
    if bare.count(",") * 3 >= len(split) and bare[-1].isalnum():
        seen.append("commas")
    return seen


def _source_features(bare: str, key: cues.Words, length: str) -> list[str]:
    """Say whether the line names a place on the web, a person to write to or a picture's maker."""
    seen = []
    if ("@" in bare or "protected" in bare) and _MAIL.search(bare):
        seen.append("mail")
    if "://" in bare or "www." in bare:
        seen.append(f"url/{length}")
    if not _CREDIT_WORDS.isdisjoint(key) and _CREDIT.search(bare):
        seen.append(f"credit/{length}")
    if "©" in bare:
        seen.append("©")
    if "[…]" in bare or "[...]" in bare:
        seen.append("excerpt")
    return seen


def _word_features(key: cues.Words, length: str, *, is_cue: bool) -> list[str]:
    """Say how much of the line is small words, and whether it speaks to the reader."""
    seen = [f"stop={min(len(_STOP.intersection(key)), 8)}/{length}"]
    you = len(_YOU.intersection(key))
    if you:
        seen.append(f"you={min(you, 3)}/{length}")
        if is_cue:
            seen.append(f"you&cue/{length}")
    if not _SAID.isdisjoint(key):
        seen.append(f"said/{length}")
    return seen


def _label_features(bare: str, key: cues.Words, length: str, *, is_cue: bool) -> list[str]:
    """Say whether the line is a date, a name, a byline or the head of a comment."""
    seen = []
    if "#" in key:
        if _DATE.search(bare):
            seen.append(f"date/{length}")
            if length == "s" or _PUBLISHED.match(bare):
                seen.append("dateline")
        if "ago" in key and _AGO.search(bare):
            seen.append("ago")
        if all(word[0] == "#" for word in key):
            seen.append("number")
    if len(key) <= 6 and _NAME.fullmatch(bare):
        seen.append("name&cue" if is_cue else "name")
    if _BYLINE.match(bare):
        seen.append("byline")
    if not _VOICES.isdisjoint(key) and _SAYS.search(bare):
        seen.append("says")
    return seen


def _kind(words: int, seen: list[str], *, is_prose: bool) -> str:
    """Return one word for what the line is, cues aside."""
    if is_prose:
        return "long" if words >= 19 else "prose"
    if "dateline" in seen or ("ago" in seen and words <= 12):
        return "date"
    if "name" in seen:
        return "name"
    if any(name.startswith("credit/") for name in seen):
        return "credit"
    for most, kind in ((2, "tiny"), (5, "short"), (18, "heading")):
        if words <= most:
            return kind
    return "block"
