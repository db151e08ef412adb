"""The sentences around the matches: snippets for a list, passages to cite."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

from isisdocs.model import Passage, Snippet, Span
from isisdocs.passages.marks import MarkedField
from isisdocs.passages.shorten import shortened
from isisdocs.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from isisdocs.model import Article
    from isisdocs.passages.marks import Marked

Whole = Literal["sentence", "paragraph", "article"]
"""How much of the article a passage shows around a match."""

HIT_WIDTH = 1000
"""Characters of a sentence that are shown with one match, so that a thousand matches in one
sentence are not a thousand times that sentence."""

_T = TypeVar("_T")
_C = TypeVar("_C", int, "_Place")


def snippets(
    marked: Marked,
    article: Article,
    *,
    limit: int | None = 3,
    context: int = 0,
    width: int = 320,
) -> tuple[Snippet, ...]:
    """Return up to *limit* matched sentences, those that together show most words of the query.

    They come in the order of the article, each text once, with *context* sentences before and
    after. A sentence longer than *width* characters is cut at spaces, `…` marking the cut. Those of
    the body come before those of what was cut and of the untouched text, where the query asks for
    these. Where none matches, the article's first sentences stand in.
    """
    body = _Body(article, marked, with_left_out=True)
    matched = body.matched()
    if not matched:
        return body.beginning(width)
    chosen = _each_text_once(matched, body, width)
    if limit is not None:
        chosen = sorted(_most_telling(chosen, limit, body))
    return tuple(
        body.snippet(first, last, matched[bisect_left(matched, first)], width)
        for first, last in _blocks(chosen, context, body)
    )


def passages(
    marked: Marked, article: Article, *, context: int = 0, whole: Whole = "sentence"
) -> tuple[Passage, ...]:
    """Return what matched of the body as passages in the order of the article.

    With *whole* `sentence` or `paragraph` each holds one that matches and *context* more of them
    before and after; those that overlap become one. `article` gives all of the body as one.
    Where nothing in the body matches there are no passages but that.
    """
    body = _Body(article, marked)
    if whole == "article":
        everything = body.everything()
        return (body.passage(*everything),) if everything else ()
    if whole == "paragraph":
        blocks = body.paragraph_blocks(context)
    else:
        blocks = _blocks(body.matched(), context, body)
    return tuple(body.passage(first, last) for first, last in blocks)


def hits(marked: Marked, article: Article) -> tuple[Snippet, ...]:
    """Return every single match with the sentence it stands in, in the order of `snippets`.

    Those of the title come first. A sentence longer than `HIT_WIDTH` is cut around the match.
    """
    body = _Body(article, marked, with_left_out=True)
    found = [Snippet(article.metadata.title, (span,), article.title_line) for span in marked.title]
    for place in body.matched():
        text, ranges = body.quote(place, place, None)
        offsets = [span.start for span in body.ranges_in(place)]
        paragraph = body.paragraphs[place.paragraph]
        for span, offset in zip(ranges, offsets, strict=True):
            shown, (match,) = shortened(text, (span,), ((),), width=HIT_WIDTH)
            found.append(Snippet(shown, (match,), paragraph.line_at(offset)))
    return tuple(found)


class _Place(NamedTuple):
    """A sentence, by paragraph and number in it."""

    paragraph: int
    sentence: int


class _Body:
    """The body of an article by sentences; only paragraphs that are asked for are segmented.

    With *with_left_out* the fields LEFT_OUT in which the query matches come after it.
    """

    def __init__(self, article: Article, marked: Marked, *, with_left_out: bool = False) -> None:
        body = MarkedField(article.paragraphs, marked.paragraphs, marked.words)
        fields = [body, *marked.left_out] if with_left_out else [body]
        self.paragraphs = [paragraph for field in fields for paragraph in field.texts]
        self._ranges = [ranges for field in fields for ranges in field.ranges]
        self._words = [words for field in fields for words in field.words]
        # The context of a match is never of another field.
        self._borders = set(accumulate(len(field.texts) for field in fields))
        self._sentences: dict[int, list[Span]] = {}

    def sentences(self, paragraph: int) -> list[Span]:
        """Return the sentences of a paragraph; those that one match goes across are one."""
        found = self._sentences.get(paragraph)
        if found is None:
            found = sentences(self.paragraphs[paragraph].text)
            found = _held_together(found, self._ranges[paragraph])
            self._sentences[paragraph] = found
        return found

    def text(self, place: _Place) -> str:
        start, end = self.sentences(place.paragraph)[place.sentence]
        return self.paragraphs[place.paragraph].text[start:end]

    def ranges_in(self, place: _Place) -> Sequence[Span]:
        """Return the matches in a sentence, as ranges of the paragraph."""
        return self._slice(place, self._ranges[place.paragraph])

    def words_in(self, place: _Place) -> frozenset[str]:
        return frozenset().union(*self._slice(place, self._words[place.paragraph]))

    def _slice(self, place: _Place, values: Sequence[_T]) -> Sequence[_T]:
        ranges = self._ranges[place.paragraph]
        start, end = self.sentences(place.paragraph)[place.sentence]
        return values[bisect_left(ranges, (start,)) : bisect_left(ranges, (end,))]

    def matched(self) -> list[_Place]:
        """Return the sentences with matches in the order of the article."""
        found: list[_Place] = []
        for paragraph, ranges in enumerate(self._ranges):
            if ranges:
                starts = [span.start for span in self.sentences(paragraph)]
                numbers = (bisect_right(starts, span.start) - 1 for span in ranges)
                found += [_Place(paragraph, number) for number in dict.fromkeys(numbers)]
        return found

    def paragraph_blocks(self, context: int) -> list[tuple[_Place, _Place]]:
        """Return the first and last sentences of matched paragraphs with *context* around."""
        filled = self._filled()
        wanted = [
            (max(0, number - context), min(len(filled) - 1, number + context))
            for number, index in enumerate(filled)
            if self._ranges[index]
        ]
        return [(_Place(filled[a], 0), self._last(filled[b])) for a, b in _overlaid(wanted)]

    def everything(self) -> tuple[_Place, _Place] | None:
        """Return the first and the last sentence of the body, if it has any."""
        filled = self._filled()
        return (_Place(filled[0], 0), self._last(filled[-1])) if filled else None

    def _filled(self) -> list[int]:
        paragraphs = enumerate(self.paragraphs)
        return [index for index, paragraph in paragraphs if paragraph.text.strip()]

    def _last(self, paragraph: int) -> _Place:
        return _Place(paragraph, len(self.sentences(paragraph)) - 1)

    def moved(self, place: _Place, steps: int) -> _Place:
        """Return the sentence so many *steps* on, back where negative, or the outermost."""
        paragraph, sentence = place
        step = 1 if steps > 0 else -1
        for _ in range(abs(steps)):
            to = paragraph, sentence + step
            while not 0 <= to[1] < len(self.sentences(to[0])):
                following = to[0] + step
                if following < 0 or max(following, to[0]) in self._borders:
                    return _Place(paragraph, sentence)
                to = following, 0 if step > 0 else len(self.sentences(following)) - 1
            paragraph, sentence = to
        return _Place(paragraph, sentence)

    def quote(self, first: _Place, last: _Place, width: int | None) -> tuple[str, list[Span]]:
        """Return the text from one sentence to another, long ones cut, and what matched in it."""
        text = ""
        ranges: list[Span] = []
        place = first
        while True:
            shown, found = self._shown(place, width)
            ranges += [Span(start + len(text), end + len(text)) for start, end in found]
            text += shown
            following = self.moved(place, 1)
            if place == last or following == place:
                return text, ranges
            text += self._gap(place, following)
            place = following

    def _shown(self, place: _Place, width: int | None) -> tuple[str, list[Span]]:
        start, _ = self.sentences(place.paragraph)[place.sentence]
        ranges = [Span(span.start - start, span.end - start) for span in self.ranges_in(place)]
        if width is None:
            return self.text(place), ranges
        words = self._slice(place, self._words[place.paragraph])
        return shortened(self.text(place), ranges, words, width=width)

    def _gap(self, place: _Place, following: _Place) -> str:
        if place.paragraph != following.paragraph:
            return "\n\n"
        spans = self.sentences(place.paragraph)
        between = Span(spans[place.sentence].end, spans[following.sentence].start)
        return self.paragraphs[place.paragraph].text[between.start : between.end]

    def beginning(self, width: int) -> tuple[Snippet, ...]:
        """Return as many first sentences of the first paragraph as fit into *width*, or one."""
        whole = self.everything()
        if not whole:
            return ()
        first = last = whole[0]
        spans = self.sentences(first.paragraph)
        while last.sentence + 1 < len(spans):
            if spans[last.sentence + 1].end - spans[0].start > width:
                break
            last = _Place(last.paragraph, last.sentence + 1)
        text, _ = self.quote(first, last, width)
        return (Snippet(text, (), self.line(first)),)

    def line(self, place: _Place) -> int:
        """Return the line in the file where a sentence starts."""
        start, _ = self.sentences(place.paragraph)[place.sentence]
        return self.paragraphs[place.paragraph].line_at(start)

    def snippet(self, first: _Place, last: _Place, matched: _Place, width: int) -> Snippet:
        """Return the sentences from *first* to *last*, whose first match is in *matched*."""
        text, ranges = self.quote(first, last, width)
        paragraph = self.paragraphs[matched.paragraph]
        line = paragraph.line_at(self.ranges_in(matched)[0].start)
        return Snippet(text, tuple(ranges), line)

    def passage(self, first: _Place, last: _Place) -> Passage:
        text, ranges = self.quote(first, last, None)
        return Passage(
            text=text,
            ranges=tuple(ranges),
            line=self.line(first),
            paragraph=first.paragraph,
            start=self.sentences(first.paragraph)[first.sentence].start,
            last_paragraph=last.paragraph,
            end=self.sentences(last.paragraph)[last.sentence].end,
        )


def _held_together(spans: Sequence[Span], matches: Sequence[Span]) -> list[Span]:
    """Return sentences with those made one that a match goes across."""
    found: list[Span] = []
    across = iter(matches)
    match = next(across, None)
    for span in spans:
        while match and found and match.end <= found[-1].end:
            match = next(across, None)
        if match and found and match.start < found[-1].end < match.end:
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return found


def _each_text_once(places: Iterable[_Place], body: _Body, width: int) -> list[_Place]:
    """Return the first of the places that look alike, case and spaces aside."""
    by_text: dict[str, _Place] = {}
    for place in places:
        text, _ = body.quote(place, place, width)
        by_text.setdefault(" ".join(text.casefold().split()), place)
    return list(by_text.values())


def _most_telling(places: Sequence[_Place], limit: int, body: _Body) -> list[_Place]:
    """Return the sentences that add most words of the query, one after the other.

    Greedy maximum coverage: at least 1 - 1/e of the best choice (Nemhauser et al. 1978). Ties go
    to the sentence with more of the words, then to the earlier.
    """
    rest = {place: body.words_in(place) for place in places}
    shown: frozenset[str] = frozenset()
    chosen: list[_Place] = []
    while rest and len(chosen) < limit:
        best = max(rest, key=lambda place: (len(rest[place] - shown), len(rest[place])))
        shown |= rest.pop(best)
        chosen.append(best)
    return chosen


def _blocks(places: Sequence[_Place], context: int, body: _Body) -> list[tuple[_Place, _Place]]:
    """Return the sorted places widened by *context* sentences; those that overlap are one."""
    return _overlaid((body.moved(place, -context), body.moved(place, context)) for place in places)


def _overlaid(ranges: Iterable[tuple[_C, _C]]) -> list[tuple[_C, _C]]:
    """Return sorted closed ranges with those that share something made one."""
    found: list[tuple[_C, _C]] = []
    for start, end in ranges:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
