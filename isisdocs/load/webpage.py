"""A web page with its tags → its text in blocks, which of them are the article, what its tags say.

What the article is trafilatura decides; it and lxml are imported only when there is a page to read.
"""

from __future__ import annotations

import json
import logging
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from isisdocs.load import dates
from isisdocs.load.names import split_names
from isisdocs.model import Metadata, Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SUFFIXES = frozenset({".html", ".htm"})
MISSING = "a web page: reading it takes `pip install 'isisdocs[html]'`"
"""Why a page is skipped where the extra is not installed."""

_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_CELLS = frozenset(("td", "th"))
_INLINE = frozenset(
    """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp
    small span strike strong sub sup time tt u var wbr
    """.split()
)
_NO_TEXT = frozenset("script style template svg math iframe object".split())
_LEAST_SHARE = 0.5
"""A block is the article's where the article has so much of it."""
_CONTEXT = 40
"""Characters at the ends of a text by which it is found again where not all of it is there."""


@dataclass(frozen=True, slots=True)
class WebPage:
    """One page as a reader sees it."""

    blocks: tuple[Paragraph, ...]
    """Its paragraphs, headings, items and the like, white space as one space, with the lines of the
    file where their text stands."""
    kept: frozenset[int]
    """Which of them are the article, by position; none where no article was found."""
    metadata: Metadata
    """What its tags say, not its text."""


@cache
def can_read() -> bool:
    """Whether the extra that reads web pages is installed."""
    return find_spec("trafilatura") is not None


def looks_like_one(data: bytes) -> bool:
    """Whether bytes without a file's name are those of a web page."""
    return _START.match(data[:4096]) is not None


def read(html: str) -> WebPage:
    """Return what is on a page; *html* is decoded and nothing else."""
    tree = _parsed(html)
    if tree is None:
        return WebPage((), frozenset(), Metadata())
    found = tuple(_blocks(tree))
    from trafilatura import bare_extraction
    from trafilatura.settings import Document

    # What it warns of, an empty page, is nothing that a user has to hear.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    extracted = bare_extraction(html, with_metadata=True, include_comments=False)
    if not isinstance(extracted, Document):
        return WebPage(found, frozenset(), Metadata())
    kept = _covered(found, _lines(extracted.body))
    return WebPage(found, kept, _metadata(tree, extracted))


def blocks(html: str) -> tuple[Paragraph, ...]:
    """Return the blocks of a page without asking which are the article: a tenth of the time."""
    tree = _parsed(html)
    return () if tree is None else tuple(_blocks(tree))


def _parsed(html: str) -> Any:
    """Return the tree of a page with its comments, which have lines too; None for an empty page."""
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    # As bytes: lxml refuses a str that declares an encoding.
    data = html.replace("\0", " ").encode("utf-8", "replace")
    try:
        return document_fromstring(data, parser=HTMLParser(encoding="utf-8"))
    except etree.ParserError:
        return None


# --- blocks -----------------------------------------------------------------------------------


class _Block:
    """The text of a block as it is put together."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.lines: list[tuple[int, int]] = []  # offset, line
        self.length = 0
        self.has_space = False

    def add(self, text: str, line: int) -> None:
        """Take in *text*, which begins on *line*."""
        for number, piece in enumerate(text.split("\n"), line):
            self.has_space |= number > line or piece[:1].isspace()
            if not (words := piece.split()):
                self.has_space |= bool(piece)
                continue
            if self.has_space and self.length:
                self.parts.append(" ")
                self.length += 1
            self.lines.append((self.length, number))
            joined = " ".join(words)
            self.parts.append(joined)
            self.length += len(joined)
            self.has_space = piece[-1].isspace()

    def paragraph(self) -> Paragraph:
        first = self.lines[0][1]
        later: list[tuple[int, int]] = []
        for offset, line in self.lines:
            if line != (later[-1][1] if later else first):
                later.append((offset, line))
        return Paragraph(first, "".join(self.parts), tuple(later))


def _blocks(tree: Any) -> Iterator[Paragraph]:
    """Yield what a reader sees of a tree, block by block."""
    from lxml.etree import iterwalk

    line = 1
    block = _Block()
    walk = iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event != "end":
            # For a tag and a comment the line is that of its end.
            line = max(line, element.sourceline or 0)
        is_tag = event in ("start", "end")
        if is_tag and element.tag in _CELLS:
            block.add(" ", line)
            is_tag = False
        is_border = is_tag and element.tag not in _INLINE
        if is_border and block.lines:
            yield block.paragraph()
        if is_border:
            block = _Block()
        if event == "start":
            text = element.text or ""
            if element.tag in _NO_TEXT:
                walk.skip_subtree()
            else:
                block.add(text, line)
        else:
            text = element.tail or ""
            block.add(text, line)
        line += text.count("\n")


def _lines(body: Any) -> list[str]:
    """Return the texts that trafilatura took for the article, each with no white space in it."""
    found: list[str] = []
    parts: list[str] = []

    def close() -> None:
        if text := _squeezed("".join(parts)):
            found.append(text)
        parts.clear()

    from lxml.etree import iterwalk

    for event, element in iterwalk(body, events=("start", "end")):
        is_border = element.tag not in _INLINE_IN_RESULT
        if is_border:
            close()
        parts.append((element.text if event == "start" else element.tail) or "")
    close()
    return found


_INLINE_IN_RESULT = frozenset(("hi", "ref", "del", "cell"))
"""The elements of trafilatura's result that stand inside a line."""


def _covered(found: Sequence[Paragraph], texts: Iterable[str]) -> frozenset[int]:
    """Return which of the blocks *texts* are made of; these come in the order of the page."""
    squeezed = [_squeezed(block.text) for block in found]
    page = "".join(squeezed)
    starts = [0]
    for text in squeezed:
        starts.append(starts[-1] + len(text))
    covered = [0] * len(found)
    position = 0
    for text in texts:
        start, end = _place(page, text, position)
        if start < 0:
            continue
        position = end
        for number in range(bisect_right(starts, start) - 1, len(found)):
            if starts[number] >= end:
                break
            covered[number] += min(end, starts[number + 1]) - max(start, starts[number])
    return frozenset(
        number
        for number, text in enumerate(squeezed)
        if covered[number] >= _LEAST_SHARE * len(text)
    )


def _place(page: str, text: str, position: int) -> tuple[int, int]:
    """Return where *text* stands on the page, after *position* if it can; (-1, -1) for nowhere."""
    for first in (position, 0):
        start = page.find(text, first)
        if start >= 0:
            return start, start + len(text)
    # Something in the middle of it is written otherwise, or was left out.
    start = page.find(text[:_CONTEXT], position)
    last = page.find(text[-_CONTEXT:], max(start, 0))
    if start < 0 or last < 0 or last + _CONTEXT - start > 2 * len(text):
        return -1, -1
    return start, last + len(text[-_CONTEXT:])


def _squeezed(text: str) -> str:
    return "".join(text.split())


# --- metadata ---------------------------------------------------------------------------------


def _metadata(tree: Any, extracted: Any) -> Metadata:
    outlet = " ".join((extracted.sitename or "").split())
    host = (extracted.hostname or "").removeprefix("www.")
    # A site that does not name itself is given its host's name, or that of an account.
    is_name = outlet and outlet.casefold() != host.casefold() and outlet[0] != "@"
    return Metadata(
        title=_without_outlet(" ".join((extracted.title or "").split()), outlet),
        authors=tuple(
            name for part in (extracted.author or "").split(";") for name in _names(part)
        ),
        date=_date(tree),
        url=extracted.url or None,
        outlet=outlet if is_name else None,
    )


def _names(author: str) -> list[str]:
    return split_names(author) or [" ".join(author.split())] * bool(author.strip())


def _without_outlet(title: str, outlet: str) -> str:
    """Return a title without the site's name, which many pages put after it."""
    head, mark, tail = title.rpartition(outlet) if outlet else ("", "", "")
    bare = head.rstrip(" |-–—:·•«»/")
    return bare if mark and not tail and bare and bare != head.rstrip() else title


_PUBLISHED = frozenset(
    """
    article:published_time bt:pubdate citation_date citation_publication_date date datepublished
    date_published dc.date dc.date.created dc.date.issued dcterms.created
    dcterms.date dcterms.issued og:article:published_time og:published_time originalpublicationdate
    parsely-pub-date pubdate publication_date publish-date publishdate published published_date
    published_time published-date rnews:datepublished sailthru.date
    """.split()
)
_ISO = re.compile(r"\s*((?:19|20)\d\d(?:-(?:0\d|1[0-2])(?:-[0-3]\d)?)?)(?![\d-])")


def _date(tree: Any) -> str | None:
    """Return the date of publication that the tags give, as precise as they give it."""
    for text in _dates_given(tree):
        if iso := _ISO.match(text):
            return iso[1]
        if found := dates.find_dates(text):
            return found[0].iso
    return None


def _dates_given(tree: Any) -> Iterator[str]:
    for script in tree.iterfind('.//script[@type="application/ld+json"]'):
        try:
            yield from _values(json.loads(script.text or ""), "datePublished")
        except ValueError:
            continue
    for meta in tree.iterfind(".//meta[@content]"):
        names = (meta.get(name, "").lower() for name in ("property", "name", "itemprop"))
        if not _PUBLISHED.isdisjoint(names):
            yield meta.get("content")
    for time in tree.iterfind(".//time[@datetime]"):
        if time.get("itemprop", "").lower() == "datepublished" or time.get("pubdate") is not None:
            yield time.get("datetime")


def _values(content: Any, name: str) -> Iterator[str]:
    """Yield what JSON has under a name, at any depth, the outermost first."""
    waiting = [content]
    for item in waiting:
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            if isinstance(item.get(name), str):
                yield item[name]
            waiting += item.values()
