"""What the commands that ask the index share: its options, its query, and how it is opened.

A command names what it takes as its first parameter, one of the dataclasses below; `asks` gives
typer the fields of that class in its place.

    Place     which index, and whether to look for changed files
    Filters   Place, and which of the articles
    Asked     Filters, and a query
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, get_type_hints

from isisdocs.cli import options
from isisdocs.cli.session import Session, opened
from isisdocs.output.console import say
from isisdocs.query.parse import Parsed
from isisdocs.query.tree import And, Everything, Node
from isisdocs.search import Query, filters_of, read_query

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True, kw_only=True)
class Place:
    """Which index."""

    corpus: options.Corpus = None
    index: options.Index = None
    no_refresh: options.NoRefresh = False

    def opened(self) -> AbstractContextManager[Session]:
        """Open the index, building it or bringing it up to date where needed."""
        return opened(self.corpus, self.index, refresh=not self.no_refresh)


@dataclass(frozen=True, kw_only=True)
class Filters(Place):
    """Which articles of it."""

    since: options.Since = None
    until: options.Until = None
    author: options.Author = None
    source: options.Source = None
    loose_dates: options.LooseDates = False

    def filtered(self) -> Node:
        """Return the tree of all articles that pass the filters."""
        filters = filters_of(Query("", **shared(self, Query)))
        return And(tuple(filters)) if filters else Everything()


@dataclass(frozen=True, kw_only=True)
class Reading(Filters):
    """How queries are read."""

    any_word: options.AnyWord = False
    exact: options.Exact = False

    def query(self, typed: str, session: Session) -> Query:
        """Return what was typed with the filters."""
        return Query(typed, synonyms=session.settings.synonyms, **shared(self, Query))

    def read(self, typed: str, session: Session) -> Parsed:
        """Return the tree of what was typed with its filters, and say how slips were read."""
        parsed = read_query(self.query(typed, session))
        for note in parsed.notes:
            say(note)
        return parsed


@dataclass(frozen=True, kw_only=True)
class Asked(Reading):
    """The query."""

    words: options.QueryWords

    @property
    def typed(self) -> str:
        """The query as one text."""
        return " ".join(self.words)

    def parsed(self, session: Session) -> Parsed:
        """Return the tree of the query with its filters, and say how slips were read."""
        return self.read(self.typed, session)


def shared(given: DataclassInstance, kind: type[DataclassInstance]) -> dict[str, Any]:
    """Return the fields that *kind* has too, for making one of it: how a query is asked.

    >>> shared(Reading(author="Okafor", no_refresh=True), Place)
    {'corpus': None, 'index': None, 'no_refresh': True}
    """
    known = {field.name for field in fields(given)}
    return {field.name: getattr(given, field.name) for field in fields(kind) if field.name in known}


def asks(command: Callable[..., int]) -> Callable[..., int]:
    """Return the command with the fields of its first parameter's class as options of its own.

    The class is one of those above. Arguments come first, and which index last.
    """
    hints = get_type_hints(command, include_extras=True)
    first, *own = inspect.signature(command).parameters.values()
    kind = hints[first.name]

    def spread(**given: Any) -> int:
        asked = {field.name: given.pop(field.name) for field in fields(kind)}
        return command(kind(**asked), **given)

    own = [_annotated(parameter, hints) for parameter in own]
    parameters = [*_parameters_of(kind, Place), *own, *_parameters_of(Place)]
    parameters.sort(key=lambda parameter: parameter.default is not inspect.Parameter.empty)
    parameters = [part.replace(kind=inspect.Parameter.KEYWORD_ONLY) for part in parameters]
    spread.__doc__ = command.__doc__
    spread.__annotations__ = {part.name: part.annotation for part in parameters}
    spread.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # read by inspect
    return spread


def _parameters_of(kind: type[Any], base: type[Any] = object) -> list[inspect.Parameter]:
    """Return the class's fields but those of *base*, what it inherits after its own."""
    hints = get_type_hints(kind, include_extras=True)
    parameters = inspect.signature(kind).parameters
    names = [name for part in kind.__mro__ for name in inspect.get_annotations(part)]
    inherited = get_type_hints(base) if base is not object else {}
    return [_annotated(parameters[name], hints) for name in names if name not in inherited]


def _annotated(parameter: inspect.Parameter, hints: Mapping[str, Any]) -> inspect.Parameter:
    return parameter.replace(annotation=hints[parameter.name])
