"""Does the corpus have it so? Quotations against the articles they are from.

A quotation is searched for as a phrase first, by its most telling words in a row; only where that
does not settle it by its telling words one by one. Articles are read for what the index gives, at
most `CANDIDATES` for a search, so that the time does not grow with the corpus as a scan's would.
Words are compared, with their case and accents; punctuation, quotation marks and white space are
not, nor is the case of the first letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from isisdocs import ranking
from isisdocs.errors import QueryError
from isisdocs.explore.wording import Place, Segment, Word, Wording, segments
from isisdocs.query.parse import in_field, parse
from isisdocs.query.tree import And, Everything, Node, Or, Phrase, Term
from isisdocs.words import stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from isisdocs.engine.base import Reader
    from isisdocs.explore.quotations import Quotation

CANDIDATES = 6
"""Articles read for one search."""

TELLING = 5
"""Words of a quotation that it is searched by, the longest; a name counts as longer."""

PHRASE = 3
"""Words in a row that it is searched by."""

ALIKE = 0.6
"""How alike (`_likeness`) a quotation and a place must be for it to be a version of it."""

NEARLY_SAME = 0.9
"""So alike, it is a version of one place even where it could be put together from several."""

PIECE_WORDS = 3
"""Fewer words in a row are no piece of anything."""

LONG_PIECE = 6
"""So many words in a row are hardly ever chance."""

PIECES_SHARE = 0.85
"""Words of a quotation that pieces must make up for it to be stitched together."""

SKIPPED_WORDS = 5
"""Words left out between two pieces without a sign of it; more, and they are two places."""

TRIED = (
    "the words in this order",
    "the words with some of them changed, left out or added",
    "pieces of it from several places",
)
"""What was looked for before a quotation is said not to be there."""


class Verdict(Enum):
    """What became of a quotation."""

    EXACT = "exact"
    ELSEWHERE = "elsewhere"
    """Exact, but only in articles other than it is attributed to."""
    DIFFERS = "differs"
    STITCHED = "stitched"
    """Made of pieces from two places or more, without a sign of it."""
    NOT_FOUND = "not found"


class Kept(Enum):
    """What a word diff says of some words."""

    SAME = "same"
    DRAFT = "draft"
    """Only in the draft."""
    CORPUS = "corpus"
    """Only in the article."""


class Edit(NamedTuple):
    """Some words of a word diff."""

    kept: Kept
    text: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a quotation, or a piece of it, stands."""

    id: str
    line: int
    """Line in the original file."""
    text: str
    """As it stands there."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A quotation and what was found for it."""

    quotation: Quotation
    verdict: Verdict
    sources: tuple[Source, ...] = ()
    """Articles that have it; where it differs the likest; where it is stitched each piece's."""
    diff: tuple[Edit, ...] = ()
    """Where it differs: from the draft's words to the article's."""


class Verifier:
    """Checks quotations against the articles of an index that pass a filter."""

    def __init__(self, reader: Reader, within: Node | None = None) -> None:
        self._reader = reader
        self._within = within if within is not None else Everything()
        self._wordings: dict[str, Wording] = {}
        self._attributed: dict[tuple[str, bool], frozenset[str] | None] = {}

    def check(self, quotation: Quotation) -> Checked:
        """Return what the corpus has of a quotation."""
        quoted = segments(quotation.text)
        words = [word for segment in quoted for word in segment.words]
        if not words:
            return Checked(quotation, Verdict.NOT_FOUND)
        candidates = self._with_phrase(max((segment.words for segment in quoted), key=_letters))
        sources = _exact_sources(candidates, quoted)
        version = _likest(words, () if sources else candidates)
        for part in _parts(words):
            if sources or version.likeness >= NEARLY_SAME:
                break
            if part is not words and not _has_piece(words, candidates):
                break  # a half of it would have led here too
            if part is not words:
                candidates = [*candidates, *self._with_phrase(part)]
            candidates = self._with_words(part, candidates)
            sources = _exact_sources(candidates, quoted)
            version = _likest(words, () if sources else candidates)
        if sources:
            return self._attributed_rightly(quotation, quoted, sources)
        if version.likeness < NEARLY_SAME:
            if stitched := _stitched(quotation, words, candidates):
                return stitched
            if version.likeness < ALIKE:
                return Checked(quotation, Verdict.NOT_FOUND)
        return version.checked(quotation, words)

    def _attributed_rightly(
        self, quotation: Quotation, quoted: Sequence[Segment], sources: list[Source]
    ) -> Checked:
        allowed = self._attribution(quotation)
        if not allowed:
            return Checked(quotation, Verdict.EXACT, tuple(sources))
        right = [source for source in sources if source.id in allowed]
        if not right and len(allowed) <= CANDIDATES:
            # More articles may have the words than were read.
            right = _exact_sources([self._wording(id_) for id_ in sorted(allowed)], quoted)
        if right:
            return Checked(quotation, Verdict.EXACT, tuple(right))
        return Checked(quotation, Verdict.ELSEWHERE, tuple(sources))

    # -- candidates ------------------------------------------------------------------------------

    def _with_phrase(self, words: Sequence[Word]) -> list[Wording]:
        """Return articles that have the most telling words in a row.

        Where more have these than are read, articles that have more of the words in a row.
        """
        found: list[Wording] = []
        for length in (PHRASE, 3 * PHRASE, len(words)):
            starts = range(max(len(words) - length, 0) + 1)
            runs = [words[start : start + length] for start in starts]
            runs = [run for run in runs if all(map(_is_plain, run))]
            if not runs:
                break
            best = max(runs, key=_letters)
            total, longer = self._found(Phrase(tuple(Term(stem(word.folded)) for word in best)))
            found = longer or found
            if total <= CANDIDATES or length >= len(words):
                break
        return found

    def _with_words(self, words: Sequence[Word], known: Iterable[Wording]) -> list[Wording]:
        """Return what is known and articles that have most of the telling words."""
        found = {wording.article.id: wording for wording in known}
        terms = {stem(word.folded): _weight(word) for word in words if _is_plain(word)}
        telling = sorted(terms, key=lambda term: (-terms[term], term))[:TELLING]
        if telling:
            for wording in self._found(Or(tuple(map(Term, telling))))[1]:
                found.setdefault(wording.article.id, wording)
        return list(found.values())

    def _found(self, node: Node) -> tuple[int, list[Wording]]:
        """Return how many articles match, and the best of them."""
        if not isinstance(self._within, Everything):
            node = And((node, self._within))
        found = self._reader.search(node, ranking=ranking.of(node), limit=CANDIDATES)
        new = [scored.id for scored in found.page if scored.id not in self._wordings]
        for id_, article in zip(new, self._reader.articles(new) if new else [], strict=True):
            self._wordings[id_] = Wording(article)
        return found.total, [self._wordings[scored.id] for scored in found.page]

    def _wording(self, id_: str) -> Wording:
        if id_ not in self._wordings:
            (article,) = self._reader.articles([id_])
            self._wordings[id_] = Wording(article)
        return self._wordings[id_]

    # -- attribution -----------------------------------------------------------------------------

    def _attribution(self, quotation: Quotation) -> frozenset[str]:
        """Return the articles a quotation is said to be from; none where nothing says so."""
        for text in quotation.stated:
            if found := self._named(text):
                return found
        for name in quotation.names:
            if found := self._by_fields(name, ("author",)):
                return found
        return frozenset()

    def _named(self, text: str) -> frozenset[str] | None:
        """Return the articles a text names by path, title, author or source."""
        if found := self._by_path(text):
            return found
        parts = [text, *(part for part in re.split(r"[,;:·|]| in (?=[A-Z‘“\"])", text) if part)]
        both: frozenset[str] | None = None
        for part in parts:
            found = self._by_fields(part, ("author", "source", "title"))
            if found:
                if part is text:
                    return found
                both = found if both is None else (both & found or both | found)
        return both

    def _by_path(self, text: str) -> frozenset[str] | None:
        names = [name.rpartition("/")[2] for name in _PATH.findall(text)]
        if not names:
            return None
        return frozenset(
            id_ for id_ in self._reader.ids() if id_.rpartition("/")[2].partition("#")[0] in names
        )

    def _by_fields(self, text: str, fields: tuple[str, ...]) -> frozenset[str] | None:
        if not _TELLS.search(text):
            return None
        key = text, len(fields) > 1
        if key not in self._attributed:
            plain = re.sub(r"[^\w\s'’-]", " ", text).strip()
            try:
                place = parse(f'"{plain}"').node
            except QueryError:
                return None
            node = Or(tuple(in_field(place, field) for field in fields))
            found = self._reader.search(node, limit=None).page
            self._attributed[key] = frozenset(scored.id for scored in found)
        return self._attributed[key]


def _parts(words: Sequence[Word]) -> list[Sequence[Word]]:
    """Return all of the words, and each half of many: what is looked up one after the other."""
    middle = len(words) // 2
    return [words, words[:middle], words[middle:]] if len(words) >= 2 * TELLING else [words]


def _exact_sources(candidates: Iterable[Wording], quoted: Sequence[Segment]) -> list[Source]:
    found = (
        _source(wording, spans[0][0], spans[-1][1])
        for wording in candidates
        if (spans := wording.whole(quoted))
    )
    return sorted(found, key=lambda source: source.id)


def _source(wording: Wording, start: int, end: int) -> Source:
    return Source(wording.article.id, wording.line(start), wording.text(start, end))


# -- in pieces -----------------------------------------------------------------------------------


class _Piece(NamedTuple):
    """Words of a quotation that stand in a row in an article."""

    start: int
    """First word of the quotation."""
    length: int
    wording: Wording
    position: int
    """First word in the article."""

    def goes_on(self, after: _Piece) -> bool:
        """Tell whether *after* stands soon after this piece, as in one place."""
        skipped = after.position - self.position - self.length
        is_near = -PIECE_WORDS <= skipped <= SKIPPED_WORDS
        return self.wording is after.wording and is_near


def _has_piece(words: Sequence[Word], candidates: Iterable[Wording]) -> bool:
    """Tell whether an article has more words of it in a row than chance would have."""
    return any(
        wording.run_at(words[start : start + LONG_PIECE], position) == LONG_PIECE
        for wording in candidates
        for start in range(len(words) - LONG_PIECE + 1)
        for position in wording.positions.get(words[start].folded, ())
    )


def _stitched(
    quotation: Quotation, words: Sequence[Word], candidates: Sequence[Wording]
) -> Checked | None:
    """Return the quotation as pieces from several places, if it is made of such."""
    pieces = list(_pieces(words, candidates))
    covered = sum(piece.length for piece in pieces)
    if covered < PIECES_SHARE * len(words):
        return None
    groups: list[list[_Piece]] = []
    for piece in pieces:
        if groups and groups[-1][-1].goes_on(piece):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    groups = [group for group in groups if sum(piece.length for piece in group) > PIECE_WORDS]
    if len(groups) < 2:
        return None
    sources = tuple(
        _source(group[0].wording, group[0].position, group[-1].position + group[-1].length)
        for group in groups
    )
    return Checked(quotation, Verdict.STITCHED, sources)


def _pieces(words: Sequence[Word], candidates: Sequence[Wording]) -> Iterator[_Piece]:
    """Yield from left to right the longest runs of words that stand in one of the articles.

    Of equally long ones that which goes on where the one before it ended.
    """
    start = 0
    before: _Piece | None = None
    while start < len(words):
        best: tuple[int, bool, _Piece] | None = None
        for wording in candidates:
            for position in wording.positions.get(words[start].folded, ()):
                length = wording.run_at(words[start:], position)
                piece = _Piece(start, length, wording, position)
                goes_on = before is not None and before.goes_on(piece)
                if length >= PIECE_WORDS and (best is None or (length, goes_on) > best[:2]):
                    best = length, goes_on, piece
        if best is None:
            start += 1
            continue
        before = best[2]
        yield before
        start += before.length


# -- changed -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Version:
    """The place most like a quotation."""

    likeness: float
    wording: Wording | None = None
    start: int = 0
    end: int = 0

    def checked(self, quotation: Quotation, words: Sequence[Word]) -> Checked:
        assert self.wording is not None  # noqa: S101  # only without one is the likeness 0
        source = _source(self.wording, self.start, self.end)
        diff = _diff(words, self.wording, self.start, self.end)
        return Checked(quotation, Verdict.DIFFERS, (source,), diff)


def _likest(words: Sequence[Word], candidates: Iterable[Wording]) -> _Version:
    best = _Version(0.0)
    for wording in candidates:
        start, end = _window(words, wording)
        likeness, first, last = _likeness(words, wording, start, end)
        if likeness > best.likeness:
            best = _Version(likeness, wording, first, last)
    return best


def _window(words: Sequence[Word], wording: Wording) -> tuple[int, int]:
    """Return the stretch of an article where most of the words stand in about this order.

    Every word votes for where the quotation would begin were the word in its place, rare words
    with more weight.
    """
    slack = max(3, len(words) // 4)
    votes: dict[int, float] = {}
    for index, word in enumerate(words):
        positions = wording.positions.get(word.folded, ())
        for position in positions:
            start = position - index
            votes[start] = votes.get(start, 0.0) + len(word.folded) / len(positions)
    if not votes:
        return 0, 0
    starts = sorted(votes)
    best = total = 0.0
    chosen = low = 0
    for high in starts:
        total += votes[high]
        while starts[low] < high - 2 * slack:
            total -= votes[starts[low]]
            low += 1
        if total > best + 1e-9:  # sums that go up and down are not exact
            best, chosen = total, high
    start = (starts[0] + chosen) // 2 if chosen - starts[0] < 2 * slack else chosen - slack
    first = max(0, start - slack)
    return first, min(len(wording.places), start + len(words) + slack + 1)


def _likeness(
    words: Sequence[Word], wording: Wording, start: int, end: int
) -> tuple[float, int, int]:
    """Return how alike the words and that stretch are, 0 to 1, and the range they stand in.

    Dice's coefficient over the letters of the words that stand in both in the same order.
    """
    blocks = _blocks(words, wording, start, end)
    matched = [words[block.a + by] for block in blocks for by in range(block.size)]
    if not matched:
        return 0.0, start, start
    first, last = blocks[0], blocks[-1]
    # Words before the first and after the last that are the same were changed, not left out.
    begin = max(start, start + first.b - first.a)
    finish = min(end, start + last.b + last.size + len(words) - last.a - last.size)
    there = wording.places[begin:finish]
    return 2 * _letters(matched) / (_letters(words) + _letters(there)), begin, finish


class _Match(NamedTuple):
    a: int
    b: int
    size: int


def _blocks(words: Sequence[Word], wording: Wording, start: int, end: int) -> list[_Match]:
    matcher = SequenceMatcher(
        None,
        [word.folded for word in words],
        [place.folded for place in wording.places[start:end]],
        autojunk=False,
    )
    return [_Match(*block) for block in matcher.get_matching_blocks() if block.size]


def _diff(words: Sequence[Word], wording: Wording, start: int, end: int) -> tuple[Edit, ...]:
    """Return the words of the draft and of the article, those that both have once."""
    places = wording.places[start:end]
    matcher = SequenceMatcher(
        None, [word.exact for word in words], [place.exact for place in places], autojunk=False
    )
    edits: list[Edit] = []
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            edits.append(Edit(Kept.SAME, wording.text(start + k, start + m)))
            continue
        if j > i:
            edits.append(Edit(Kept.DRAFT, " ".join(word.text for word in words[i:j])))
        if m > k:
            edits.append(Edit(Kept.CORPUS, wording.text(start + k, start + m)))
    return tuple(edits)


def _letters(words: Iterable[Word | Place]) -> int:
    """Return how much words tell: their letters, ten of each at most."""
    return sum(min(len(word.folded), 10) for word in words)


def _weight(word: Word) -> int:
    """Return how rare a word may be: long ones are, and names, which capitals tell."""
    return len(word.folded) + 4 * word.exact[:1].isupper()


def _is_plain(word: Word) -> bool:
    return not re.search(r"[?*]", word.folded)


_PATH = re.compile(r"[\w./-]+\.(?:txt|text|md|markdown|html?|jsonl)\b")
_TELLS = re.compile(r"[A-Z]\w\w")
