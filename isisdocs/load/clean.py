"""Lines of a page → metadata, body and cuts: the composer of `boilerplate` and `metadata`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from isisdocs.load import boilerplate, metadata
from isisdocs.load.boilerplate.page import read
from isisdocs.model import Cut, Metadata, Paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

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
