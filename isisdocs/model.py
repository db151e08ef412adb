"""The vocabulary of the program: what the stages hand to each other.

Everything here is frozen data. How it is made is in `load`, how it is found in `search`, how it is
shown in `output`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from isisdocs.frozen import frozen

_RECORD = re.compile(r"(?<=\.jsonl)#\d+\Z", re.IGNORECASE)


def file_of(article_id: str) -> str:
    """Return the path inside the corpus of the file that the article with this id is in.

    >>> file_of("2014/wire.jsonl#12")
    '2014/wire.jsonl'
    """
    return _RECORD.sub("", article_id)


class Span(NamedTuple):
    """A half-open range of characters, `text[start:end]`."""

    start: int
    end: int


@frozen
class Repair:
    """One change the loader made to bring back what an encoding or a scraper lost."""

    line: int
    """Line in the original file, counted from 1."""
    column: int
    """Character in that line as it was decoded, counted from 1; in a record or a web page, of the
    text in it."""
    before: str
    """The characters as they stood in the file."""
    after: str
    """What stands in their place now."""
    rule: str
    """Name of the rule that made the change, such as `apostrophe` or `mojibake`."""
    confidence: float
    """Probability that `after` is right, from 0 to 1."""


@frozen
class Cut:
    """One line, or part of a line, that the loader took out as not being the article's text."""

    line: int
    """Line in the original file, counted from 1."""
    text: str
    """What was taken out."""
    rule: str
    """Name of the rule that took it out, such as `appeal` or `navigation`."""


@frozen
class Paragraph:
    """A paragraph, subhead or list item of the cleaned article."""

    line: int
    """Line in the original file where it starts, counted from 1."""
    text: str
    later_lines: tuple[tuple[int, int], ...] = ()
    """Where text was joined from several lines: offset in `text` and line of each further one."""

    def line_at(self, offset: int) -> int:
        """Return the line in the original file of the character at *offset* of `text`."""
        index = bisect_right(self.later_lines, offset, key=lambda start: start[0])
        return self.later_lines[index - 1][1] if index else self.line


@frozen
class Metadata:
    """What the text says about itself; what it does not say is empty or None."""

    title: str = ""
    authors: tuple[str, ...] = ()
    date: str | None = None
    """As precise as known, ISO 8601: `2014-06-24`, `2014-06` or `2014`."""
    issue: str | None = None
    """Number of the magazine's issue, such as `2561`."""
    url: str | None = None
    """Where the article was published."""
    outlet: str | None = None
    """The publication: a magazine's, paper's or site's name."""

    @property
    def source(self) -> str | None:
        """The outlet, or where it is not named the host of the article's address."""
        if self.outlet or not self.url:
            return self.outlet
        from urllib.parse import urlsplit  # 2 ms that few articles of a search cost

        try:
            host = urlsplit(self.url).hostname
        except ValueError:  # an address that is none, `http://[`
            return None
        return (host or "").removeprefix("www.") or None


@frozen
class Article:
    """One article, cleaned, with the record of everything that cleaning changed."""

    id: str
    """The file's path inside the corpus, with `/`; a record of a .jsonl file adds `#LINE`."""
    metadata: Metadata
    title_line: int
    """Line of the title in the original file; 1 where the text has no title."""
    paragraphs: tuple[Paragraph, ...]
    """The body in order, without title, byline and date lines."""
    repairs: tuple[Repair, ...]
    cuts: tuple[Cut, ...]
    encoding: str
    """The encoding the file was read with, as Python names it."""
    sha256: str
    """Hex digest of the file's bytes."""
    raw: tuple[Paragraph, ...] = ()
    """The text as it was decoded, before anything was repaired or cut: the lines that have
    something in them; those that became one paragraph stand together, joined by spaces."""


@frozen
class Skipped:
    """A file of the corpus that could not become an article, and why."""

    path: str
    """The file's path inside the corpus."""
    reason: str


@frozen
class Snippet:
    """A few sentences of an article with what matched in them."""

    text: str
    ranges: tuple[Span, ...]
    """What matched: character ranges of `text`, sorted, not overlapping."""
    line: int
    """Line in the original file of the first match, or where nothing matched of the text."""


@frozen
class Passage:
    """A stretch of an article's body to cite: whole sentences, paragraphs or all of it."""

    text: str
    """As it stands in the cleaned article; an empty line between paragraphs."""
    ranges: tuple[Span, ...]
    """What matched: character ranges of `text`, sorted, not overlapping."""
    line: int
    """Line in the original file where the text starts."""
    paragraph: int
    """Index of the paragraph where the text starts; -1 where the passage is the title."""
    start: int
    """Character of that paragraph where the text starts."""
    last_paragraph: int
    """Index of the paragraph where the text ends."""
    end: int
    """Character of that paragraph where the text ends, itself not included."""


@frozen
class Hit:
    """One article that was found."""

    article: Article
    score: float
    title_ranges: tuple[Span, ...]
    """What matched in the title: character ranges of it, sorted, not overlapping."""
    snippets: tuple[Snippet, ...]
    near_copies: tuple[str, ...] = ()
    """Ids of near-copies of the article that were found too and are no hits of their own."""


@frozen
class Results:
    """One page of what a query found."""

    query: str
    """What the user typed."""
    interpreted: str
    """How it was read, in the query language."""
    total: int
    """Articles found, on all pages."""
    offset: int
    """Articles before this page."""
    hits: tuple[Hit, ...]
    notes: tuple[str, ...] = ()
    """What the user should know: how a slip in the query was read, which limit cut a pattern."""
    collapsed: int = 0
    """Of the total, articles that are not hits but near-copies of one, on all pages."""

    @property
    def listed(self) -> int:
        """Hits on all pages."""
        return self.total - self.collapsed
