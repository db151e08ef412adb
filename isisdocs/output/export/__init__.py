"""Matched passages to keep and cite: one module for each family of formats.

    markdown     a document to read
    records      JSON lines and CSV, and the way back to the passages
    references   BibTeX, RIS and CSL-JSON: an entry for each article, its passages as notes
    page         one self-contained HTML page

Every writer takes a stream, articles with their passages, and where they come from; it returns how
many passages it wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from isisdocs.model import Article, Passage
    from isisdocs.output.location import Location

Cited = tuple["Article", tuple["Passage", ...]]


@dataclass(frozen=True, slots=True)
class Manner:
    """How a query was asked, so that it can be asked again: the options of `export`."""

    any_word: bool = False
    exact: bool = False
    since: str | None = None
    until: str | None = None
    author: str | None = None
    source: str | None = None
    loose_dates: bool = False
    limit: int = 0
    """Articles at most; 0: all."""
    context: int = 0
    """Sentences around each match."""
    whole: Literal["sentence", "paragraph", "article"] = "sentence"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What was asked, and when."""

    query: str
    run_at: str
    """ISO 8601, UTC, to the second."""
    location: Location
    manner: Manner = Manner()
