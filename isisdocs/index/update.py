"""Bring the index up to date with its corpus folder: what there is to do, and who may do it.

What is loaded and committed is in `build`, which is imported only when there is something to do.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from isisdocs.errors import CorpusError, IndexStoreError
from isisdocs.frozen import frozen
from isisdocs.index import changes as folder_changes
from isisdocs.index import current as current_state
from isisdocs.index import freshness
from isisdocs.index.current import DEFAULT_ENGINE
from isisdocs.load import folder
from isisdocs.settings import DEFAULT_CORPUS, Settings

if TYPE_CHECKING:
    from isisdocs.index.changes import Changes, KnownFile
    from isisdocs.index.current import Current
    from isisdocs.load.folder import Listing, SourceFile
    from isisdocs.model import Skipped

LOCK_SECONDS = 5.0
"""How long a second writer waits for the first."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, the number of files done and the number of all."""


@frozen
class Report:
    """What an update did, or with `dry_run` would do. Counts are of files unless they say so."""

    corpus: Path
    added: int
    changed: int
    removed: int
    renamed: int
    unchanged: int
    skipped: tuple[Skipped, ...]
    """Everything in the corpus that is no article, also what was known before."""
    article_count: int
    """Articles in the index afterwards."""
    bytes_read: int
    rebuilt_because: str = ""
    """Why everything was indexed anew, where it was."""


class Plan(NamedTuple):
    """What there is to do."""

    corpus: Path
    listing: Listing
    files: list[SourceFile]
    changes: Changes
    known: dict[str, KnownFile]
    """What the index has, if any of it is of use."""
    current: Current | None
    """The state there is."""
    reason: str
    """Why everything is to be indexed anew, if it is."""
    follow: bool
    """Whether links are followed."""
    wanted_engine: str | None = None
    """The engine that was asked for; None: the one there is."""

    @property
    def base(self) -> Current | None:
        """The state to start from; None builds anew."""
        return None if self.reason else self.current

    @property
    def engine(self) -> str:
        """The engine of the state that is to be made."""
        return self.wanted_engine or (self.current.engine if self.current else DEFAULT_ENGINE)

    @property
    def file_count(self) -> int:
        """How many files have changed in some way."""
        changes = self.changes
        return sum(map(len, (changes.added, changes.changed, changes.removed, changes.renamed)))

    @property
    def loaded_bytes(self) -> int:
        """How much has to be loaded."""
        return folder_changes.loaded_bytes(self.files, self.changes)


def update(
    settings: Settings,
    *,
    rebuild: bool = False,
    dry_run: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
    lock_seconds: float | None = None,
) -> Report:
    """Bring the index up to date with its corpus and say what was done.

    CorpusError where the folder cannot be read or has no articles; then, as after any error, the
    old index stays. `lock.Busy` where another process writes for longer than *lock_seconds*.
    """
    current = _read_current(settings.index, tolerant=rebuild)
    if current and not rebuild and not dry_run and (report := _nothing_to_do(settings, current)):
        return report
    if dry_run:
        found = plan(settings, rebuild=rebuild)
        return report_of(found, found.known, bytes_read=0)
    listed = _corpus(settings, current)
    _scanned(listed, settings.index, follow=False)  # complain of it before the index folder is made
    from isisdocs.index import build, lock

    _make_folder(settings.index)
    try:
        with lock.held(
            settings.index, seconds=LOCK_SECONDS if lock_seconds is None else lock_seconds
        ):
            found = plan(settings, rebuild=rebuild)
            build.clean_up(settings.index, found.current)
            return build.apply(settings, found, jobs, progress)
    except OSError as error:
        if error.errno in _UNWRITABLE:
            raise _unwritable(settings.index, error) from error
        raise


def plan(settings: Settings, *, rebuild: bool = False) -> Plan:
    """Return what an update would do, by size and time of change first, then by content."""
    current = _read_current(settings.index, tolerant=rebuild)
    corpus = _corpus(settings, current)
    followed = current is not None and current.follows_links
    follow = followed if settings.load.follow is None else settings.load.follow
    listing = _scanned(corpus, settings.index, follow=follow)
    reason = ""
    if rebuild:
        reason = "as asked"
    elif current is None:
        reason = "there was no index"
    elif current.corpus != corpus:
        reason = f"the index was of {current.corpus}"
    elif settings.engine not in (None, current.engine):
        reason = f"the engine was {current.engine}"
    elif current.fingerprint != freshness.fingerprint(settings.load):
        reason = "the loader or its settings have changed"
    elif follow != followed:
        reason = f"links are {'now' if follow else 'no longer'} followed"
    known: dict[str, KnownFile] = {}
    if current and not reason:
        known = folder_changes.read_known(settings.index, current)
    files = listing.files()
    changes = folder_changes.compare(
        files, known, lambda path: folder_changes.sha256_of(corpus / path, follow=follow)
    )
    return Plan(corpus, listing, files, changes, known, current, reason, follow, settings.engine)


def _nothing_to_do(settings: Settings, current: Current) -> Report | None:
    """Return the report where a look at the folder's listing is enough to make it."""
    if settings.corpus and _corpus(settings, current) != current.corpus:
        return None
    if settings.engine not in (None, current.engine):
        return None
    if (settings.index / current_state.WRITER).exists():  # a writer is at work, or was killed
        return None
    listing = freshness.unchanged_listing(current, settings)
    if listing is None:
        return None
    return Report(
        corpus=current.corpus,
        added=0,
        changed=0,
        removed=0,
        renamed=0,
        unchanged=len(listing.paths),
        skipped=folder_changes.read_skipped(settings.index, current),
        article_count=current.article_count,
        bytes_read=0,
    )


def report_of(done: Plan, known: dict[str, KnownFile], *, bytes_read: int) -> Report:
    """Return the report on a plan that made *known* what the index knows."""
    changes = done.changes
    return Report(
        corpus=done.corpus,
        added=len(changes.added),
        changed=len(changes.changed),
        removed=len(changes.removed),
        renamed=len(changes.renamed),
        unchanged=len(changes.unchanged) + len(changes.touched),
        skipped=tuple(skipped for file in known.values() for skipped in file.skipped),
        article_count=sum(len(file.ids) for file in known.values()),
        bytes_read=bytes_read,
        rebuilt_because=done.reason,
    )


def _corpus(settings: Settings, current: Current | None) -> Path:
    corpus = settings.corpus or (current.corpus if current else None)
    if corpus is None:
        # Of a damaged one it cannot be known, and another folder's articles would take its place.
        current_state.read(settings.index)
        corpus = DEFAULT_CORPUS
    return Path(os.path.normpath(corpus.absolute()))


def _scanned(corpus: Path, index: Path, *, follow: bool) -> Listing:
    listing = folder.scan(corpus, leave_out=index, follow=follow)
    if not listing.paths:
        raise CorpusError(
            f"there are no files in {corpus}", hint="articles are .txt, .md, .jsonl or .html"
        )
    return listing


def _read_current(index: Path, *, tolerant: bool) -> Current | None:
    try:
        return current_state.read(index)
    except IndexStoreError:
        if tolerant:  # what is damaged is about to be built anew
            return None
        raise


def _make_folder(index: Path) -> None:
    try:
        index.mkdir(parents=True, exist_ok=True)
        # A folder with files of the user's own is not taken for an index by mistake.
        foreign = not (index / current_state.CURRENT).exists() and any(
            not path.name.startswith((".", *_OURS)) for path in index.iterdir()
        )
    except OSError as error:
        raise _unwritable(index, error) from error
    if foreign:
        raise IndexStoreError(f"{index} is not empty and is not an index", hint=_OTHER)


def _unwritable(index: Path, error: OSError) -> IndexStoreError:
    return IndexStoreError(f"cannot write to {index}: {error.strerror}", hint=_OTHER)


_UNWRITABLE = (
    *(errno.EACCES, errno.EPERM, errno.EROFS),
    *(errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)),
)
_OTHER = "name another folder with `--index`"
_OURS = (
    "_isisdocs_",
    "isisdocs",
    "files-",
    "listing-",
    "folders-",
    "skipped-",
    "evidence-",
    "copies-",
    "sketches-",
    "tantivy",
    "write",
)
"""How the names of the index's own files begin."""
