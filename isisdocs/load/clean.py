"""Lines of a page → metadata, body and cuts: the composer of `boilerplate` and `metadata`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isisdocs.load import boilerplate, metadata
from isisdocs.load.boilerplate.page import read
from isisdocs.model import Cut, Metadata, Paragraph

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from isisdocs.load.boilerplate.page import Line
    from isisdocs.load.recurring import Recurring


@dataclass(frozen=True, slots=True)
class Cleaned:
    """One page, cleaned."""

    metadata: Metadata
    title_line: int
    """Line of the title in the file; 1 where the text has no title."""
    paragraphs: tuple[Paragraph, ...]
    """The body, one paragraph a line, without title, byline, date, issue and address."""
    cuts: tuple[Cut, ...]
    """What was taken out, in line order."""


def clean(
    lines: Sequence[str],
    *,
    recurring: Recurring | None = None,
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    strip: bool = True,
) -> Cleaned:
    r"""Return the article on a page, what it says of itself, and what was cut.

    *lines* are decoded and repaired, `text.split("\n")`. *recurring*, *keep* and *drop* are as for
    `boilerplate.strip`. With *strip* off nothing is cut, but title, byline and the like are still
    found and left out of the body.
    """
    page = read(lines)
    stripped = boilerplate.strip_page(page, lines, recurring=recurring, keep=keep, drop=drop)
    return compose(page, stripped, recurring=recurring, strip=strip)


def clean_blocks(
    lines: Sequence[str],
    kept: Container[int],
    tags: Metadata,
    *,
    recurring: Recurring | None = None,
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    strip: bool = True,
) -> Cleaned:
    """Do as `clean` does for the blocks of a web page, *kept* being those of the article.

    *kept* are line numbers. What the page's *tags* say of it beats what its text says.
    """
    page = read(lines)
    wanted, unwanted = ([re.compile(pattern) for pattern in some] for some in (keep, drop))
    body: list[Paragraph] = []
    cuts: list[Cut] = []
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        is_wanted = any(pattern.search(line) for pattern in wanted)
        is_unwanted = not is_wanted and any(pattern.search(line) for pattern in unwanted)
        if is_wanted or (number in kept and not is_unwanted):
            body.append(Paragraph(number, line))
        else:
            cuts.append(Cut(number, line, "drop" if is_unwanted else "web-page"))
    stripped = boilerplate.Stripped(tuple(body), tuple(cuts))
    cleaned = compose(page, stripped, recurring=recurring, strip=strip)
    return _with_tags(cleaned, tags, lines)


def _with_tags(cleaned: Cleaned, tags: Metadata, lines: Sequence[str]) -> Cleaned:
    """Return the page with what its tags say, the title's line no part of the body."""
    said = cleaned.metadata
    title = tags.title
    if not title or (said.title and title.startswith(said.title)):
        title = said.title  # tags often have the site's name behind it
    first = cleaned.paragraphs[0].line if cleaned.paragraphs else len(lines)
    title_line = next(
        (number for number in range(first, 0, -1) if lines[number - 1] == title),
        cleaned.title_line if title == said.title else 1,
    )
    return Cleaned(
        metadata=Metadata(
            title=title,
            # Tags often name the first of several only.
            authors=said.authors if {*tags.authors} <= {*said.authors} else tags.authors,
            date=tags.date or said.date,
            issue=said.issue,
            url=tags.url or said.url,
            outlet=tags.outlet or said.outlet,
        ),
        title_line=title_line,
        paragraphs=tuple(
            paragraph
            for paragraph in cleaned.paragraphs
            if paragraph.line != title_line or paragraph.text != title
        ),
        cuts=tuple(cut for cut in cleaned.cuts if cut.line != title_line or cut.text != title),
    )


def compose(
    page: Sequence[Line],
    stripped: boilerplate.Stripped,
    *,
    recurring: Recurring | None = None,
    strip: bool = True,
) -> Cleaned:
    """Join what was kept and what the page says of itself; options are as for `clean`."""
    kept = frozenset(paragraph.line for paragraph in stripped.kept)
    found = metadata.find(page, kept, recurring)
    roles = found.roles
    body = stripped.kept
    cuts = tuple(cut for cut in stripped.cuts if cut.line not in roles)
    if not strip:
        body = tuple(Paragraph(line.number, line.plain.text) for line in page if line.plain.text)
        cuts = ()
    title_line = next((number for number, role in roles.items() if role == "title"), 1)
    return Cleaned(
        metadata=found.metadata,
        title_line=title_line,
        paragraphs=tuple(paragraph for paragraph in body if paragraph.line not in roles),
        cuts=cuts,
    )
