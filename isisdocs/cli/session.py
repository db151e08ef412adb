"""What every command that reads the index does first: settings, a fresh index, an open reader."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from isisdocs import settings as settings_
from isisdocs.engine.base import Reader
from isisdocs.errors import CorpusError, IndexStoreError
from isisdocs.frozen import frozen
from isisdocs.index import current, folders, freshness, glance
from isisdocs.index.copies import read_copies
from isisdocs.index.current import Current
from isisdocs.index.freshness import LOOK_SECONDS, Freshness
from isisdocs.model import Article
from isisdocs.output.console import links_for_results, say
from isisdocs.output.counted import counted
from isisdocs.output.location import Location
from isisdocs.settings import Settings


@frozen
class Session:
    """An open index and where its articles are."""

    settings: Settings
    current: Current
    reader: Reader
    is_sure: bool = True
    """Whether every file was looked at for changes, as far as that was wanted."""

    def tell_of_changes(self, articles: Iterable[Article]) -> None:
        """Say how many of the articles shown are not as their files are now, where none looked."""
        if self.is_sure:
            return
        shown = islice(articles, MOST_TOLD)
        if count := folders.changed(shown, self.current, self.settings.index):
            say(
                f"{counted(count, 'of the files shown has', 'of the files shown have')} changed "
                "since the index was made: `isisdocs index` brings it up to date"
            )

    @property
    def corpus(self) -> Path:
        """The folder of articles."""
        return self.current.corpus

    @property
    def copies(self) -> Mapping[str, tuple[str, ...]]:
        """For each article that has near-copies the ids of all of them."""
        return read_copies(self.settings.index, self.current)

    @property
    def location(self) -> Location:
        """Paths of articles as the user sees them."""
        return Location(self.corpus, links=links_for_results(self.settings.links))


SMALL_BYTES = 2_000_000
"""So much is loaded before a search, in a second or two."""
MOST_TOLD = 100
"""So many of the articles shown are looked at."""
LOCK_SECONDS = 0.5
"""A search waits so long for another process to finish writing."""


@contextmanager
def opened(corpus: Path | None, index: Path | None, *, refresh: bool = True) -> Iterator[Session]:
    """Open the index for a command, building it or bringing it up to date before where needed.

    What keeps an index that is there from being brought up to date is said, and no error.
    """
    settings = settings_.read(corpus, index)
    state = current.read(settings.index)
    is_sure = True
    if state is None:
        _build(settings)
    else:
        _check_corpus(settings, state)
        if refresh:
            try:
                is_sure = _refresh(settings, state)
            except (CorpusError, IndexStoreError) as error:
                say(f"{error.message}: the index is searched as it was")
            except OSError as error:
                say(f"{error.strerror}: the index is searched as it was")
    state, reader = current.open_reader(settings.index)
    try:
        yield Session(settings, state, reader, is_sure)
    finally:
        reader.close()


def _build(settings: Settings) -> None:
    if settings.corpus is None and not settings_.DEFAULT_CORPUS.is_dir():
        raise IndexStoreError(
            f"there is no index in {settings.index} yet: "
            "`isisdocs index FOLDER` makes one of your articles"
        )
    say(f"no index in {settings.index} yet: building it")
    _update(settings)


def _refresh(settings: Settings, state: Current) -> bool:
    """Bring the index up to date where needed; tell whether every file was looked at."""
    found = glance.answer(state, settings)
    if found is None:
        found = freshness.look(state, settings, seconds=LOOK_SECONDS)
    if found is Freshness.UNKNOWN:
        say("too many files to look for changes: `isisdocs index` does")
    elif found is Freshness.OUTDATED:
        say("the loader or its settings have changed: building the index anew")
        _update(settings)
    elif found is Freshness.CHANGED:
        _apply_changes(settings)
    return found is not Freshness.SEEMS_FRESH


def _apply_changes(settings: Settings) -> None:
    from isisdocs.index.update import plan  # most searches find nothing to do

    found = plan(settings)
    if found.loaded_bytes > SMALL_BYTES:
        say(
            f"{counted(found.file_count, 'changed file')}, too much to index first: "
            "`isisdocs index` does"
        )
        return
    if found.file_count:
        say("the articles have changed: bringing the index up to date")
    _update(settings, lock_seconds=LOCK_SECONDS)


def _update(settings: Settings, *, lock_seconds: float | None = None) -> None:
    from isisdocs.cli.index import update_with_progress  # loads the loader

    update_with_progress(settings, lock_seconds=lock_seconds)


def _check_corpus(settings: Settings, state: Current) -> None:
    if settings.corpus is None:
        return
    named = Path(os.path.normpath(settings.corpus.absolute()))
    if named != state.corpus:
        raise IndexStoreError(
            f"the index in {settings.index} is of {state.corpus}, not of {named}",
            hint=f"`isisdocs index {settings.corpus}` replaces it, `--index DIR` names another",
        )
