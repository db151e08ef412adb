"""Lines of a page → title, authors, date, issue, address and outlet, and where they stand.

Looks at what `load.boilerplate` kept and at the few lines around the article's two ends; dates are
read in `load.dates`, names in `load.names`. What the page does not say stays empty.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

from isisdocs.load import dates
from isisdocs.load.names import is_only_names, split_names
from isisdocs.model import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from isisdocs.load.boilerplate.page import Line
    from isisdocs.load.recurring import Recurring

Role = Literal["title", "byline", "date", "issue", "url"]

# Non-blank lines that may tell of the article: above its first prose, and below its last.
_HEAD = 14
_FOOT = 8
_FAR_FOOT = 40  # the same, for a name with its owner's life
_COST_OF_CUT_TITLE = 2.0
_LEAST_TITLE = -3.5
_TOLD_ABOVE = 0.5  # of what a byline or date below a title is worth, one above it
_NEAR = 3  # lines between dates that are all of the article
_DATELINE = 80  # characters
_DASH = re.compile(r"[)\]]?\s*+(?:\([^()]{2,20}\)\s*+)?(?:[—–:]|-(?=\s))")
_STANDFIRST = 10  # words; fewer below a line that was cut are the title itself

_BY = re.compile(
    r"(?:^|(?<=[|/·•–—-] )|(?<=[a-z0-9] ))"
    r"_?(?:(?:written|posted|published|reported|words|story|text|analysis|interview|interviewed|"
    r"report|review|reviewed|essay|comment|compiled|as told to .{3,40}) )?by\b_?:?\s*+"
    r"(?=[A-ZÀ-Þ])",
    re.IGNORECASE,
)
# German, French, Spanish and Portuguese, Italian, Dutch, the Scandinavian languages.
_BY_ELSEWHERE = re.compile(r"(?:von|par|por|di|door|av|af)\s++(?=[A-ZÀ-Þ])", re.IGNORECASE)
_BY_GLUED = re.compile(r"[Bb]y(?=[A-ZÀ-Þ][a-zà-ÿ])")
_AUTHOR_LABEL = re.compile(
    r"(?:authors?|written by|words by|words|reported by|reporters?|researched by|researchers?)"
    r"\s*+:\s*+",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"(?:contact|about) the (?:author|reporter|writer)s?:?$", re.IGNORECASE)
_BIO = re.compile(r"\b(?:is|are|was|has been|covers|writes|reports|teaches|works)\b")
_PUBLISHED = re.compile(
    r"\b(?:published|posted|created|publié|veröffentlicht|publicado|pubblicato|gepubliceerd)\b",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"\b(?:updated|modified|edited|mis à jour|modifié|aktualisiert|actualizado|aggiornato|"
    r"bijgewerkt)\b",
    re.IGNORECASE,
)
_ISSUE = re.compile(
    r"\bissue\s*+(?:no\.?|number|nr\.?)?\s*+[:#]?\s*+#?(?P<number>\d{1,5})\b(?!\s*+(?:of|in)\b)",
    re.IGNORECASE,
)
_DATED_ISSUE = re.compile(
    # From the start of a word only: from each letter of a long one it would be quadratic.
    r"(?<![a-z])(?P<number>[A-Z][a-z]++ (?:\d{1,2}, )?(?:19|20)\d\d) issue\b",
    re.IGNORECASE,
)
_GREETING = re.compile(r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b", re.IGNORECASE)
_NUMBERED = re.compile(r"\d{1,2}[.)] ")
_URL = re.compile(r"https?://[^\s<>\"')\]]++")
_URL_LABEL = re.compile(
    r"(?:source|original|article|url|link|permalink|canonical|read at|available at|from|via)\b"
    r"[^:]{0,20}:\s*+(?=http)",
    re.IGNORECASE,
)
_FILE = (".mp3", ".mp4", ".jpg", ".jpeg", ".png", ".gif", ".pdf")
_YEARS = r"(?:(?:19|20)\d\d(?:\s*+[-–]\s*+(?:(?:19|20)\d\d|present))?)"
_COPYRIGHT = re.compile(
    rf"(?:©|\(c\)|copyright)[\s©]*+(?:copyright[\s©]*+)?{_YEARS}?[\s©]*+(?:by\s)?"
    r"(?P<name>[^\W\d][^|.,;©()]{1,50}?)"
    r"(?=\s*+(?:[|.,;©()]|$|all rights|ltd|llc|inc\b|company\b|(?:19|20)\d\d|published))",
    re.IGNORECASE,
)
_OUTLET = re.compile(
    r"(?:donations? to|donate to|contribute to|readers of|subscribe to|welcome to)\s++(?:the\s++)?"
    r"(?P<name>(?:[A-Z][\w'’&-]*+(?:\s++(?:of\s++)?[A-Z][\w'’&-]*+){1,3}"
    r"|[\w-]++\.(?:net|org|com|info|co\.uk|org\.uk)))[.!]?$"
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a page says about itself, and on which lines."""

    metadata: Metadata
    roles: Mapping[int, Role]
    """Line in the file, counted from 1, to what it tells; such lines are not part of the body."""


@dataclass(frozen=True, slots=True)
class _Ends:
    """The two ends of an article: positions in the page."""

    page: Sequence[Line]
    kept: frozenset[int]
    head: range
    """Lines above the first paragraph of the body."""
    foot: range
    """Lines below its last."""
    title: int | None = None

    @property
    def anchor(self) -> int:
        """Where the title stands, or the body starts."""
        return self.head.stop if self.title is None else self.title

    def below_first(self, positions: Iterable[int]) -> list[int]:
        """Order *positions*: those below the title downwards, then those above it upwards."""
        return sorted(positions, key=lambda p: (p < self.anchor, abs(p - self.anchor)))


def find(page: Sequence[Line], kept: frozenset[int], recurring: Recurring | None = None) -> Found:
    """Return the metadata of a page.

    *page* is what `boilerplate.page.read` saw, *kept* the numbers of the lines that
    `boilerplate.strip` left in the article, *recurring* what it knew of the corpus.
    """
    ends = _ends(page, kept, recurring)
    if ends is None:
        return Found(Metadata(), MappingProxyType({}))
    roles: dict[int, Role] = {}
    date, date_lines = _date(ends)
    authors, author_lines = _authors(ends, set(date_lines))
    issue, issue_lines = _issue(ends)
    url, url_lines = _url(ends)
    found: tuple[tuple[Role, list[int]], ...] = (
        ("url", url_lines),
        ("issue", issue_lines),
        ("date", date_lines),
        ("byline", author_lines),
        ("title", [] if ends.title is None else [ends.title]),
    )
    for role, positions in found:
        roles.update((page[position].number, role) for position in positions)
    title = "" if ends.title is None else page[ends.title].plain.text
    metadata = Metadata(title, authors, date, issue, url, _outlet(page, kept))
    return Found(metadata, MappingProxyType(roles))


def _ends(page: Sequence[Line], kept: frozenset[int], recurring: Recurring | None) -> _Ends | None:
    """Find the first and last paragraph of the body and what stands around them."""
    inside = [position for position, line in enumerate(page) if line.number in kept]
    if not inside:
        return None
    prose = [p for p in inside if _is_paragraph(page[p])] or inside[-1:]
    first = prose[0]
    # A standfirst of a whole sentence stands above the byline.
    for position in range(first + 1, min(len(page), first + 5)):
        features = page[position].shape.features
        if _is_paragraph(page[position]) or len(prose) < 2:
            break
        if not {"byline", "dateline", "mail"}.isdisjoint(features):
            first = prose[1]
            break
    start = max(0, min(first - 1, inside[0]) - _HEAD)
    foot = range(prose[-1] + 1, _end_of_foot(page, prose[-1] + 1))
    ends = _Ends(page, kept, range(start, first), foot)
    return _Ends(page, kept, ends.head, foot, _title(ends, recurring))


def _end_of_foot(page: Sequence[Line], start: int) -> int:
    """Return where the foot ends: bylines and dates below `Related` or `Comments` are of others."""
    end = min(len(page), start + _FOOT)
    for position in range(start, end):
        if page[position].shape.kind in {"cue:related", "cue:comments"}:
            return position
    return end


def _is_paragraph(line: Line) -> bool:
    return line.shape.is_prose and not line.shape.is_credit and not line.plain.heading


def _tells(line: Line) -> bool:
    """Whether the line is a byline, a date or the like rather than words of the article."""
    shape = line.shape
    return shape.kind in {"date", "name", "credit"} or not {
        "byline",
        "dateline",
        "mail",
        "number",
        "ago",
    }.isdisjoint(shape.features)


def _title(ends: _Ends, recurring: Recurring | None) -> int | None:
    """Return where the title stands: the best of the lines above the first paragraph.

    Another candidate above a line costs it a point. A line that was cut can be the title as well,
    since the boilerplate is surest of itself where the article is, and least where it begins; but
    not one that recurs, such as the site's name, where another line can be.
    """
    page = ends.page
    candidates = [
        position
        for position in range(ends.head.start, min(ends.head.stop + 1, len(page)))
        if _can_be_title(ends, position)
    ]
    kept = [position for position in candidates if page[position].number in ends.kept]
    whole = _Whole.of(page)
    scores = {p: _title_likeness(ends, p, whole) - rank for rank, p in enumerate(kept)}
    cut = [position for position in candidates if page[position].number not in ends.kept]
    above = [
        position
        for position in cut
        if not kept
        or (position < kept[0] and not (recurring and recurring.recurs(page[position].plain.text)))
    ]
    for rank, position in enumerate(reversed(above)):
        scores[position] = _title_likeness(ends, position, whole) - rank - _COST_OF_CUT_TITLE
    best = max(scores, key=lambda position: scores[position], default=None)
    if best is None or scores[best] < _LEAST_TITLE:
        return None
    before = best - 1
    while before > max(0, best - 3) and page[before].shape.family == "tags":
        before -= 1  # a label between the two
    if before in above and not page[best].plain.heading:
        words = page[before].shape.words, page[best].shape.words
        is_next = before == best - 1
        is_title = page[before].shape.family is None or is_next
        is_title &= (is_next and best in above) or (words[0] >= 4 and words[1] >= _STANDFIRST)
        if is_title and words[0] <= words[1]:
            best = before  # what stands right below the title is its standfirst
    return best


def _can_be_title(ends: _Ends, position: int) -> bool:
    line = ends.page[position]
    shape = line.shape
    if not 2 <= shape.words <= 35 or shape.ending in {",", ":", ";"} or line.plain.is_item:
        return False
    if (shape.family and (shape.words < 4 or shape.is_certain)) or "byline" in shape.features:
        return False
    if shape.words <= 3 and _ISSUE.match(line.plain.text):
        return False
    if _is_date(line.plain.text) or (shape.words <= 8 and _byline_names(line)):
        return False
    if position == ends.head.stop and shape.ending == "." and not line.plain.heading:
        # The first paragraph, or a title that is a sentence: then a date or credit follows.
        following = ends.page[position + 1 : position + 2]
        return shape.words <= 20 and any(_tells(other) for other in following)
    # A crumb of a trail, or a link to something else.
    is_only = position == 0 and ends.head.stop == 1
    is_stray = (
        (shape.words < 3 and not is_only)
        or line.plain.link_share > 0.5
        or _NUMBERED.match(line.plain.text)
    )
    if is_stray and line.number not in ends.kept:
        return False
    if shape.kind == "name":
        return not is_only_names(line.plain.text)
    return not _tells(line) or bool(line.plain.heading)


def _is_date(text: str) -> bool:
    """Tell whether a line is a date and little else."""
    found = dates.find_dates(text)
    if found and (_PUBLISHED.match(text) or _UPDATED.match(text)):
        return True
    return 2 * sum(date.end - date.start for date in found) >= len(text)


class _Whole(NamedTuple):
    """What all of the page tells of each of its lines: gone through once, not for each of them."""

    times: Mapping[tuple[str, ...], int]
    """How often a line is said."""
    has_capitals: bool
    """Whether any line begins with one."""

    @classmethod
    def of(cls, page: Sequence[Line]) -> _Whole:
        starts = (line.plain.text[:1] for line in page)  # of a picture nothing stays
        times = Counter(line.shape.key for line in page)
        return cls(times, any(start.isupper() for start in starts))


def _title_likeness(ends: _Ends, position: int, whole: _Whole) -> float:
    """Score what a line has of a title."""
    page, line = ends.page, ends.page[position]
    shape = line.shape
    score = 5.0 - line.plain.heading if line.plain.heading else 0.0
    score -= 2.0 * (shape.ending == ".") + 1.5 * (shape.words < 3) + 1.5 * (shape.words > 22)
    score -= 2.5 * (line.plain.text[0] in '—–"“' and shape.ending in {'"', "”", ""})
    score -= 2.5 * (line.plain.text[0] == "…") + 2.0 * bool(_NUMBERED.match(line.plain.text))
    # A line that starts in the middle of a sentence, in a text that has capitals.
    goes_on = line.plain.text[0].islower() and whole.has_capitals
    score -= 4.0 * goes_on + 3.0 * bool(_GREETING.match(line.plain.text))
    # What speaks to the reader in a whole sentence asks for something.
    score -= 3.0 * (shape.ending == "." and any(name.startswith("you=") for name in shape.features))
    score -= 4.0 * _is_caption(page, position) + 3.0 * (shape.family in {"share", "follow"})
    if shape.words > 3:  # a shorter line said twice is rather the publication's name
        score += 2.0 * (whole.times[shape.key] > 1)
    below = page[position + 1 : position + 4]
    score += 1.5 * any("byline" in line.shape.features for line in below[:1])
    if any(map(_tells, below)):
        return score + 1.0
    return score + _TOLD_ABOVE * any(map(_tells, page[max(0, position - 2) : position]))


def _is_caption(page: Sequence[Line], position: int) -> bool:
    """Tell whether the next line is this one with the name of a picture's maker."""
    following = page[position + 1 : position + 2]
    text = page[position].plain.text
    return any(line.shape.is_credit and line.plain.text.startswith(text) for line in following)


def _date(ends: _Ends) -> tuple[str | None, list[int]]:
    """Return the date of publication and the lines that give it."""
    candidates: list[tuple[float, str, int]] = []
    for position in ends.head:
        line = ends.page[position]
        if position == ends.title or line.shape.words > 30:
            continue
        for order, date in enumerate(dates.find_dates(line.plain.text)):
            before = line.plain.text[: date.start]
            score = -abs(position - ends.anchor) - 0.1 * order
            score += 2.0 * bool(_PUBLISHED.search(before)) - 3.0 * bool(_UPDATED.search(before))
            score -= 4.0 * (len(date.iso) < 10) + 6.0 * line.shape.is_credit
            candidates.append((score, date.iso, position))
    candidates = candidates or _dateline(ends) or _date_below(ends)
    if not candidates:
        return None, []
    _, iso, best = max(candidates)
    # A date further down is a section's own.
    near = [p for _, _, p in candidates if p >= 0 and abs(p - best) <= _NEAR]
    return iso, sorted({p for p in near if not ends.page[p].shape.is_credit})


def _dateline(ends: _Ends) -> list[tuple[float, str, int]]:
    """Look for a date that the first paragraph starts with: `TARN, 3 May 2018 — The mine …`."""
    text = (
        ends.page[ends.head.stop].plain.text[:_DATELINE] if ends.head.stop < len(ends.page) else ""
    )
    found = dates.find_dates(text)
    if not found or not _DASH.match(text, found[0].end):
        return []
    return [(0.0, found[0].iso, -1)]


def _date_below(ends: _Ends) -> list[tuple[float, str, int]]:
    """Look for a date that closes the article, or alone on the last line of the page."""
    page = ends.page
    for position in ends.foot:
        line = page[position]
        found = dates.find_dates(line.plain.text) if line.shape.words <= 30 else []
        features = line.shape.features
        is_first = position == ends.foot.start and "dateline" in features
        if found and (is_first or "byline" in features or _PUBLISHED.search(line.plain.text)):
            return [(0.0, found[0].iso, position)]
    if page[-1].shape.kind == "date" and page[-1].shape.words <= 4:
        return [(0.0, date.iso, len(page) - 1) for date in dates.find_dates(page[-1].plain.text)]
    return []


def _authors(ends: _Ends, dated: set[int]) -> tuple[tuple[str, ...], list[int]]:
    """Return the authors in the order named, and the lines that name them."""
    page = ends.page
    head = [position for position in ends.below_first(ends.head) if position != ends.title]
    found = [(position, _byline_names(page[position])) for position in head]
    found = [(position, names) for position, names in found if names]
    if not found:
        found = _names_on_their_own(ends, head, dated)
    if not found:
        return _authors_below(ends)
    position, authors = found[0]
    lines = [at for at, _ in found]
    for above, below in ((position, position + 1), (position - 1, position)):
        if above >= 0 and below < len(page) and page[below].plain.text.startswith(("& ", "and ")):
            authors = split_names(page[above].plain.text) + split_names(page[below].plain.text)
            lines += [above, below]
    known = {_key(name) for name in authors}
    for at in [*ends.head, *ends.foot]:
        names = {_key(name) for name in _bare_names(page[at])}
        if names and names <= known and at != ends.title:
            lines.append(at)
    return tuple(authors), sorted(set(lines))


def _names_on_their_own(
    ends: _Ends, head: Sequence[int], dated: set[int]
) -> list[tuple[int, list[str]]]:
    """Find the bare name likeliest to be the author's: below the title, or with a date above it."""
    page = ends.page
    beside = {p for d in dated | _ago(ends) for p in (d - 1, d, d + 1)}
    best: tuple[float, int, list[str]] | None = None
    for rank, position in enumerate(head):
        names = _bare_names(page[position])
        if not names:
            continue
        text = page[position].plain.text
        # Above the title a bare name is rather a section's or a topic's, unless a date follows it.
        if position < ends.anchor and position not in dated and not text.endswith("/"):
            continue
        following = page[position + 1].shape.features if position + 1 < len(page) else ()
        score = 2.0 * (position in beside) + 3.0 * ("mail" in following) - 0.1 * rank
        if best is None or score > best[0]:
            best = (score, position, names)
    return [] if best is None else [best[1:]]


def _ago(ends: _Ends) -> set[int]:
    """Return where a date stands that tells only how long ago."""
    return {p for p in ends.head if "ago" in ends.page[p].shape.features}


def _authors_below(ends: _Ends) -> tuple[tuple[str, ...], list[int]]:
    """Find the authors at the foot: a byline, a signature, a name with a life, a contact."""
    page = ends.page
    for position in range(ends.foot.start, min(len(page), ends.foot.start + _FAR_FOOT)):
        names: list[str] = []
        if position in ends.foot:
            names = _byline_names(page[position]) or _signature(page[position])
        is_first = position == ends.foot.start and page[position].number not in ends.kept
        if not names and (is_first or _has_bio(page, position)):
            names = _bare_names(page[position])
        if names:
            return tuple(names), [position]
        if _CONTACT.search(page[position].plain.text):
            return _contacts(page, position + 1)
    return (), []


def _contacts(page: Sequence[Line], start: int) -> tuple[tuple[str, ...], list[int]]:
    authors: list[str] = []
    lines = []
    for position in range(start, min(len(page), start + 4)):
        names = _bare_names(page[position])
        if not names:
            break
        authors += names
        lines.append(position)
    return tuple(authors), lines


def _key(name: str) -> str:
    return name.replace("\u00ad", "").casefold()


def _has_bio(page: Sequence[Line], position: int) -> bool:
    """Whether the next lines tell of the one whose name stands here."""
    name = page[position].plain.text.replace("\u00ad", "")
    following = [line.plain.text for line in page[position + 1 : position + 4]]
    return any(text.startswith(name) and _BIO.search(text) for text in following)


def _signature(line: Line) -> list[str]:
    """Names after a dash: `– Ada Lovelace`."""
    text = line.plain.text
    return split_names(text[1:].strip()) if text[:1] in "–—" and line.shape.words <= 6 else []


def _byline_names(line: Line) -> list[str]:
    """Names that a line says are the authors'."""
    text = line.plain.text
    if not text or line.shape.words > 40 or line.shape.is_credit:
        return []
    if label := _AUTHOR_LABEL.match(text):
        return split_names(text[label.end() :])
    by = _BY.search(text) if line.shape.words <= 25 else None
    if by and (by.start() == 0 or dates.find_dates(text)):
        return split_names(text[by.end() :])
    elsewhere = _BY_ELSEWHERE.match(text) if line.shape.words <= 12 else None
    if elsewhere and is_only_names(text[elsewhere.end() :]):
        return split_names(text[elsewhere.end() :])
    glued = _BY_GLUED.match(text) if line.shape.words <= 6 else None
    return split_names(text[glued.end() :]) if glued else []


def _bare_names(line: Line) -> list[str]:
    """Names that stand alone on a line, beside a date at most."""
    text = line.plain.text.strip(" /|•·")
    if not text or line.shape.words > 16 or line.shape.is_credit or line.plain.heading in {1, 2}:
        return []
    found = dates.find_dates(text)
    if found:
        text = text[: found[0].start] if found[0].start > 2 else text[found[-1].end :]
        text = text.strip(" /|,•·-–—")
    elif line.shape.family is not None:
        return []
    text = text.split(" @")[0].split("[email")[0]
    return split_names(text) if found or is_only_names(text) else []


def _issue(ends: _Ends) -> tuple[str | None, list[int]]:
    """Return the number of the issue, and the lines that say nothing but that."""
    number: str | None = None
    lines: list[int] = []
    for position in [*ends.head, *ends.foot]:
        line = ends.page[position]
        if line.shape.words > 12:
            continue
        match = _ISSUE.search(line.plain.text) or _DATED_ISSUE.search(line.plain.text)
        if match:
            number = number or match["number"]
            if line.shape.words <= 3 and position != ends.title:
                lines.append(position)
    return number, lines


def _url(ends: _Ends) -> tuple[str | None, list[int]]:
    """Return the article's address: one that is said to be it, or stands alone at either end."""
    found: str | None = None
    lines: list[int] = []
    page = ends.page
    last = range(max(ends.foot.stop, len(page) - 2), len(page))
    for position in [*ends.head, *ends.foot, *last]:
        text = page[position].plain.text
        match = _URL.search(text)
        if not match or match[0].lower().endswith(_FILE):
            continue
        if _URL_LABEL.match(text) or match[0] == text:
            found = found or match[0]
            lines.append(position)
    return found, lines


def _outlet(page: Sequence[Line], kept: frozenset[int]) -> str | None:
    """Return the publication as the furniture around the article names it.

    An appeal or a subscription names it first; of several copyright lines the last is the site's.
    """
    around = [
        line.plain.text
        for line in page
        if line.number not in kept and not line.shape.is_credit and line.plain.text
    ]
    for text in around:
        if match := _OUTLET.search(text[-120:]):
            return str(match["name"]).removesuffix(" Newsletter")
    for text in reversed(around):
        if match := _COPYRIGHT.search(text[:120]):
            name = str(match["name"]).strip()
            if name[0].isupper() and not name.lower().startswith(("all ", "notice", "policy")):
                return name
    return None
