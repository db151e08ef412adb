"""What an index must be able to do, whoever keeps its postings.

An engine is given articles and query trees and gives back ids and scores. It receives terms made by
`words`, never a query's raw text. Snippets, suggestions and exports are made elsewhere, from the
stored articles, so that they are the same for every engine.

Building takes two steps, so that it can run in several processes: `prepare` may be called in any
process and changes nothing a reader sees; `commit`, in one process, makes a new state out of the
old one, what was prepared, and what is to be forgotten. The state is a short text that the caller
keeps; until it does, and for as long as it keeps the old one, the old state stays readable.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol

from isisdocs.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from isisdocs.model import Article
    from isisdocs.query.tree import Node


class Order(Enum):
    """How results are sorted; ties go by id."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"
    PATH = "path"


@frozen
class Scored:
    """An article that was found."""

    id: str
    score: float


@frozen
class Found:
    """One page of what a query tree found."""

    total: int
    """Articles found, on all pages."""
    page: tuple[Scored, ...]
    notes: tuple[str, ...] = ()
    """Limits that were reached, such as a pattern with too many words."""


@frozen
class Weighted:
    """A place or NEAR that counts towards an article's score."""

    place: Node
    weight: float


@frozen
class Ranking:
    """What orders the articles that a tree has found; it decides nothing about which."""

    weighted: tuple[Weighted, ...] = ()
    close: tuple[Node, ...] | None = None
    """Places that count more where they stand close together; None: all the weighted ones."""


NO_RANKING = Ranking()


@frozen
class Counts:
    """How much a query tree finds."""

    articles: int
    hits: int | None
    """How often a place or NEAR stands in them; None for any other tree."""


class Reader(Protocol):
    """One state of an index, open for reading. Close it, or use it in a `with`."""

    def search(
        self,
        node: Node,
        *,
        ranking: Ranking = NO_RANKING,
        order: Order = Order.RELEVANCE,
        offset: int = 0,
        limit: int | None = 10,
    ) -> Found:
        """Return the articles that match, from *offset* on, at most *limit* (None: all)."""
        ...

    def count_all(self) -> int:
        """Return the number of articles."""
        ...

    def count(self, node: Node) -> Counts:
        """Return how many articles match, and for a place or NEAR how often."""
        ...

    def among(self, node: Node, ids: Collection[str]) -> set[str]:
        """Return which of the articles with these ids match."""
        ...

    def articles(self, ids: Sequence[str]) -> list[Article]:
        """Return the articles with these ids, in this order; KeyError where one is missing."""
        ...

    def ids(self) -> list[str]:
        """Return the ids of all articles, sorted."""
        ...

    def vocabulary(self) -> Iterator[tuple[str, int]]:
        """Yield each folded form of title and body, sorted, with the articles that have it.

        An article that has a form in several spellings may count more than once.
        """
        ...

    def spellings(self) -> Iterator[tuple[str, int]]:
        """Yield each exact form of title and body, as `vocabulary` does the folded ones."""
        ...

    def close(self) -> None:
        """Let go of files and memory."""
        ...


class Engine(Protocol):
    """A place where postings live."""

    name: str

    def prepare(self, articles: Iterable[Article]) -> tuple[str, ...]:
        """Write articles where no reader sees them yet; return what `commit` needs to know them.

        None of the ids may be given twice.
        """
        ...

    def commit(
        self,
        state: str | None,
        prepared: Sequence[str],
        *,
        removed: Collection[str],
        generation: int,
    ) -> str:
        """Return a new state: the old one (None: empty) without *removed*, with *prepared*.

        *generation* is a number higher than that of any state before.
        """
        ...

    def open(self, state: str) -> Reader:
        """Open a state for reading; IndexStoreError where it is damaged or gone."""
        ...

    def damaged_files(self, state: str) -> tuple[str, ...]:
        """Read all files of a state and return the names of those that are not as written."""
        ...

    def forget_all_but(self, state: str | None) -> None:
        """Delete what no reader of *state* needs (None: everything), also what was left unfinished.

        Never raises for a file that is in use. Readers of other states that are open stay usable.
        """
        ...
