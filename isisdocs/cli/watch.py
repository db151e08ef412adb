"""`isisdocs watch`: keep an index up to date while its articles change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from isisdocs import settings as settings_
from isisdocs.cli import options
from isisdocs.cli.index import summary, update_with_progress
from isisdocs.errors import CorpusError, IndexStoreError, IsisdocsError
from isisdocs.index import current
from isisdocs.output.console import say
from isisdocs.output.location import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isisdocs.settings import Settings

EXAMPLE = "Example: isisdocs watch &"

QUIET_MILLISECONDS = 500
"""Changes are waited out for so long before they are indexed."""


def command(corpus: options.Corpus = None, index: options.Index = None) -> None:
    """Keep the index up to date.

    What changes is indexed within a second, until Ctrl-C.
    """
    settings = settings_.read(corpus, index)
    _update(settings)
    state = current.read(settings.index)
    if state is None:
        raise IndexStoreError(f"there is no index in {settings.index}")
    changes = _changes(state.corpus)
    say(f"watching {Location(state.corpus).root}; Ctrl-C ends it")
    for _ in changes:
        try:
            _update(settings)
        except (CorpusError, IndexStoreError) as error:
            # The folder may be empty for a moment, or another process may write.
            say(f"{error.message}: the index stays as it was", error.hint)


def _update(settings: Settings) -> None:
    report = update_with_progress(settings, quiet=True)
    if report.rebuilt_because or report.added + report.changed + report.removed + report.renamed:
        say(summary(report))


def _changes(corpus: Path) -> Iterator[object]:
    try:
        from watchfiles import watch
    except ImportError:
        raise IsisdocsError(
            "watching needs the package watchfiles", hint="`pip install 'isisdocs[watch]'`"
        ) from None
    return iter(watch(corpus, step=100, debounce=QUIET_MILLISECONDS, raise_interrupt=True))
