"""Load what has changed, in several processes where that is faster, and commit it in one step."""

from __future__ import annotations

import gc
import os
import time
from concurrent.futures import FIRST_COMPLETED, wait
from contextlib import closing, nullcontext, suppress
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING, NamedTuple

from isisdocs.errors import CorpusError, IndexStoreError
from isisdocs.index import changes as folder_changes
from isisdocs.index import copies as copies_store
from isisdocs.index import current as current_state
from isisdocs.index import evidence as evidence_store
from isisdocs.index import freshness
from isisdocs.index.changes import KnownFile
from isisdocs.index.current import Current
from isisdocs.index.update import Plan, Progress, Report, report_of
from isisdocs.index.workers import Workers
from isisdocs.load import corpus as loader
from isisdocs.load.folder import batches_of, tick_ns
from isisdocs.model import Article, Skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from multiprocessing.sharedctypes import Synchronized
    from pathlib import Path

    from isisdocs.engine.base import Engine
    from isisdocs.load.evidence import Evidence
    from isisdocs.load.folder import SourceFile
    from isisdocs.settings import LoadSettings, Settings

PARALLEL_BYTES = 4_000_000
"""Less than this is loaded in one process: starting others would take longer."""
BATCH_BYTES = 24_000_000
"""At most about this much becomes one segment of the index."""
RENAMED_AT_ONCE = 500
STAGE = "indexing"
"""What loading is called while it lasts."""
RECORDS = (
    *("files-", "skipped-", "listing-", "folders-"),
    *("evidence-", "copies-", "sketches-"),
)
"""How the names of files begin of which each state has its own."""


class _Batch(NamedTuple):
    """What one process loads at a time."""

    corpus: Path
    folder: Path
    """The index."""
    paths: tuple[str, ...]
    settings: LoadSettings
    evidence: Evidence
    engine: str


class _LoadedFile(NamedTuple):
    """What became of a file."""

    path: str
    sha256: str
    ids: tuple[str, ...]
    skipped: tuple[Skipped, ...]


class _Loaded(NamedTuple):
    """What became of a batch."""

    files: tuple[_LoadedFile, ...]
    prepared: tuple[str, ...]


def apply(settings: Settings, plan: Plan, jobs: int | None, progress: Progress | None) -> Report:
    """Make the index what the plan says, in one step; the caller holds the lock.

    After any error the index is as it was, or whole and new, and what else was written is removed.
    """
    try:
        return _apply(settings, plan, jobs, progress)
    except BaseException:
        with suppress(OSError, IndexStoreError):
            # Not what the plan says is current: the new state may have become that already.
            clean_up(settings.index, current_state.read(settings.index))
        raise


def _apply(settings: Settings, plan: Plan, jobs: int | None, progress: Progress | None) -> Report:
    settings = replace(settings, load=replace(settings.load, follow=plan.follow))
    index, changes, base = settings.index, plan.changes, plan.base
    engine = current_state.engine_for(plan.engine, index)
    to_load = {*changes.added, *changes.changed}
    sources = [file for file in plan.files if file.path in to_load]
    _let_clocks_move_on(sources)
    with _started(_jobs_for(sources, jobs)) as pool:
        if base:
            evidence = evidence_store.read(index, base)
            before = copies_store.read_sketches(index, base)
            read_files = evidence_store.sketches
            new = read_files(plan.corpus, sources, settings.load, pool=pool, progress=progress)
        else:
            evidence, new = evidence_store.collect(
                plan.corpus, sources, settings.load, pool=pool, progress=progress
            )
            before = {}
        loaded = list(_load(settings, plan, sources, evidence, pool, progress))
    prepared = [name for batch in loaded for name in batch.prepared]
    if base:
        prepared += _renamed(engine, base.state, changes.renamed)

    known = _known(plan, loaded)
    report = report_of(plan, known, bytes_read=sum(source.size for source in sources))
    if not report.article_count:
        first = report.skipped[0]
        raise CorpusError(
            f"none of the {len(known)} files in {plan.corpus} is an article",
            hint=f"the first is {first.path}: {first.reason}",
        )

    moved = [old for old, _ in changes.renamed]
    gone = [id_ for p in (*changes.changed, *changes.removed, *moved) for id_ in plan.known[p].ids]
    generation = plan.current.generation + 1 if plan.current else 1
    state = base.state if base else None
    if state is None or prepared or gone:
        state = engine.commit(state, prepared, removed=gone, generation=generation)
    copies, sketches = list(evidence.copies), new
    if base:
        renamed = dict(changes.renamed)
        gone_for_good = [id_ for id_ in gone if id_ not in renamed]
        copies, sketches = copies_store.updated(
            evidence.copies, before, new=new, gone=gone_for_good, renamed=renamed
        )
    current = Current(
        engine=engine.name,
        state=state,
        corpus=plan.corpus,
        fingerprint=freshness.fingerprint(settings.load),
        generation=generation,
        article_count=report.article_count,
        records=evidence_store.write(index, generation, evidence.with_copies(copies))
        | copies_store.write(index, generation, copies, sketches)
        | folder_changes.write_known(index, generation, known)
        | folder_changes.write_skipped(index, generation, report.skipped)
        | freshness.keep(index, generation, plan.listing),
        follows_links=plan.follow,
    )
    current_state.write(index, current)
    with suppress(OSError):  # what cannot be deleted now is left to the next run
        clean_up(index, current)
    return report


def clean_up(index: Path, current: Current | None) -> None:
    """Delete what no reader of the current state needs: older states, and what was left unfinished.

    The caller holds the lock.
    """
    kept = current.records if current else {}
    for path in index.iterdir():
        is_record = path.name.startswith(RECORDS)
        # Temporary files of `replace_file` begin with a dot.
        is_temporary = path.name.startswith(tuple(f".{name}" for name in (*RECORDS, "current.")))
        if (is_record and path.name not in kept) or is_temporary:
            path.unlink(missing_ok=True)
    current_state.forget_all_but(index, current)


def _let_clocks_move_on(sources: Sequence[SourceFile]) -> None:
    """Wait until a change after now would show in the times of the files, a moment at most.

    A file that is changed again in the same tick of the file system's clock, to the same size,
    looks unchanged for ever. A time in the future, of a clock that was set back, is waited for by
    nobody: another change gives another time all the same.
    """
    if not sources:
        return
    newest = max(source.mtime_ns for source in sources)
    tick = tick_ns(newest) / 1e9
    left = newest / 1e9 + tick - time.time()
    if 0 < left <= tick:
        time.sleep(left)


def _known(plan: Plan, loaded: Sequence[_Loaded]) -> dict[str, KnownFile]:
    """Return what the index knows afterwards, sorted by path."""
    listed = {file.path: file for file in plan.files}
    known = {path: plan.known[path] for path in plan.changes.unchanged}
    for path in plan.changes.touched:
        known[path] = plan.known[path]._replace(mtime_ns=listed[path].mtime_ns)
    for old, new in plan.changes.renamed:
        file = listed[new]
        known[new] = KnownFile(file.size, file.mtime_ns, plan.known[old].sha256, (new,))
    for batch in loaded:
        for path, sha256, ids, skipped in batch.files:
            file = listed[path]
            known[path] = KnownFile(file.size, file.mtime_ns, sha256, ids, skipped)
    return dict(sorted(known.items()))


def _renamed(engine: Engine, state: str, renamed: Sequence[tuple[str, str]]) -> list[str]:
    """Prepare the articles of renamed files under their new names, without cleaning them again."""
    if not renamed:
        return []

    def articles() -> Iterator[Article]:
        with closing(engine.open(state)) as reader:
            for start in range(0, len(renamed), RENAMED_AT_ONCE):
                some = renamed[start : start + RENAMED_AT_ONCE]
                found = reader.articles([old for old, _ in some])
                for article, (_, new) in zip(found, some, strict=True):
                    yield _named(article, new)

    return list(engine.prepare(articles()))


def _named(article: Article, id_: str) -> Article:
    return Article(
        id=id_,
        metadata=article.metadata,
        title_line=article.title_line,
        paragraphs=article.paragraphs,
        repairs=article.repairs,
        cuts=article.cuts,
        encoding=article.encoding,
        sha256=article.sha256,
        raw=article.raw,
    )


class _Pool(Workers):
    """Processes that count what they have loaded."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self.counter = get_context("spawn").Value("L", 0)
        super().__init__(jobs, _start_worker, (self.counter,))


def _started(jobs: int) -> AbstractContextManager[_Pool | None]:
    """Return the processes for reading and for loading, where there is to be more than this one."""
    return nullcontext() if jobs == 1 else _Pool(jobs)


def _load(
    settings: Settings,
    plan: Plan,
    sources: Sequence[SourceFile],
    evidence: Evidence,
    pool: _Pool | None,
    progress: Progress | None,
) -> Iterator[_Loaded]:
    """Load files and prepare them for the engine, in the processes of the pool if there is one."""
    total_bytes = sum(source.size for source in sources)
    batches = [
        _Batch(plan.corpus, settings.index, paths, settings.load, evidence, plan.engine)
        for paths in batches_of(sources, _batch_bytes(total_bytes, pool.jobs if pool else 1))
    ]
    if pool is None:
        done = 0

        def count() -> None:
            nonlocal done
            done += 1
            if progress:
                progress(STAGE, done, len(sources))

        for batch in batches:
            yield _load_batch(batch, count)
        return
    running = {pool.submit(_load_in_worker, batch) for batch in batches}
    while running:
        ready, running = wait(running, timeout=0.1, return_when=FIRST_COMPLETED)
        if progress:
            progress(STAGE, pool.counter.value, len(sources))
        for future in ready:
            yield future.result()


def _jobs_for(sources: Sequence[SourceFile], jobs: int | None) -> int:
    """Return how many processes are worth starting, *jobs* being what the user asked for."""
    if sum(source.size for source in sources) < PARALLEL_BYTES:
        return 1
    return jobs or (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)


def _batch_bytes(total_bytes: int, jobs: int) -> int:
    """Return how large batches are so that each process has as many as the others."""
    rounds = total_bytes // (BATCH_BYTES * jobs) + 1
    return total_bytes // (rounds * jobs) + 1


_count_in_worker: Callable[[], None]


def _start_worker(counter: Synchronized[int]) -> None:
    # Articles have no cycles, and looking for them takes a tenth of the time.
    gc.set_threshold(200_000, 50, 50)

    def count() -> None:
        with counter.get_lock():
            counter.value += 1

    global _count_in_worker  # a process pool hands its state over like this
    _count_in_worker = count


def _load_in_worker(batch: _Batch) -> _Loaded:
    return _load_batch(batch, _count_in_worker)


def _load_batch(batch: _Batch, count: Callable[[], None]) -> _Loaded:
    files: list[_LoadedFile] = []

    def articles() -> Iterator[Article]:
        for path in batch.paths:
            loaded = loader.load(batch.corpus, path, batch.settings, batch.evidence)
            found = [item for item in loaded if isinstance(item, Article)]
            skipped = tuple(item for item in loaded if isinstance(item, Skipped))
            ids = tuple(article.id for article in found)
            files.append(_LoadedFile(path, _digest(batch, path, found), ids, skipped))
            yield from found
            count()

    engine = current_state.engine_for(batch.engine, batch.folder)
    prepared = engine.prepare(articles())
    return _Loaded(tuple(files), prepared)


def _digest(batch: _Batch, path: str, found: Sequence[Article]) -> str:
    """Return the digest of a file's bytes, by which it is known again; empty where that is vain."""
    if len(found) == 1 and found[0].id == path:
        return found[0].sha256
    if not found:
        return ""  # nothing is saved by knowing what cannot be an article
    return folder_changes.sha256_of(batch.corpus / path, follow=bool(batch.settings.follow)) or ""
