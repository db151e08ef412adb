"""Evidence of a corpus, collected when the index is built anew and kept until the next time.

What `load.evidence` says of a folder stands in `evidence-N.json`. Which articles are near copies of
each other is brought up to date with every change: that is in `copies`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from isisdocs.index import records
from isisdocs.load import evidence
from isisdocs.load.evidence import Evidence
from isisdocs.load.folder import batches_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from isisdocs.index.current import Current
    from isisdocs.index.update import Progress
    from isisdocs.index.workers import Workers
    from isisdocs.load.folder import SourceFile
    from isisdocs.load.near import Sketch
    from isisdocs.settings import LoadSettings
    from isisdocs.verified import Seal

BATCH_BYTES = 1_000_000
"""About this much is read by a process at a time."""
STAGE = "reading"
"""What this is called while it lasts."""

_T = TypeVar("_T")


class Collected(NamedTuple):
    """What was collected of a corpus."""

    evidence: Evidence
    sketches: dict[str, Sketch]
    """Of each article, by its id."""


def collect(
    corpus: Path,
    sources: Sequence[SourceFile],
    settings: LoadSettings,
    *,
    pool: Workers | None = None,
    progress: Progress | None = None,
) -> Collected:
    """Return the evidence of a corpus; it is the same for any number of processes, or none."""
    parts = list(_by_batches(partial(_collect, corpus, settings), sources, pool, progress))
    sketches = {document.id: document.sketch for part in parts for document in part.documents}
    return Collected(evidence.merge(parts), sketches)


def sketches(
    corpus: Path,
    sources: Sequence[SourceFile],
    settings: LoadSettings,
    *,
    pool: Workers | None = None,
    progress: Progress | None = None,
) -> dict[str, Sketch]:
    """Return the sketches of the articles in some files, as `collect` has them."""
    parts = _by_batches(partial(_sketch, corpus, settings), sources, pool, progress)
    return {id_: sketch for part in parts for id_, sketch in part.items()}


def _by_batches(
    read: Callable[[Sequence[str]], _T],
    sources: Sequence[SourceFile],
    pool: Workers | None,
    progress: Progress | None,
) -> Iterator[_T]:
    """Yield what is read of one batch of files after the other."""
    batches = list(batches_of(sources, BATCH_BYTES))
    if pool is None or len(batches) == 1:
        yield from _counted(map(read, batches), batches, progress)
        return
    # Not by `map`, which cancels what is left when one fails: the pool trips over that.
    running = [pool.submit(read, batch) for batch in batches]
    yield from _counted((one.result() for one in running), batches, progress)


def _counted(
    results: Iterator[_T], batches: Sequence[tuple[str, ...]], progress: Progress | None
) -> Iterator[_T]:
    total = sum(map(len, batches))
    done = 0
    for result, batch in zip(results, batches, strict=True):
        done += len(batch)
        if progress:
            progress(STAGE, done, total)
        yield result


def read(index: Path, current: Current) -> Evidence:
    """Return the evidence of a state; errors as of `records.read`."""
    return records.read(index, current, name(current.generation), Evidence.from_json)


def write(index: Path, generation: int, collected: Evidence) -> dict[str, Seal]:
    """Record the evidence of a state before it becomes the current one; return name and seal."""
    return records.write(index, name(generation), collected.to_json().encode("ascii"))


def name(generation: int) -> str:
    """Return the name of a state's record."""
    return f"evidence-{generation}.json"


def _collect(corpus: Path, settings: LoadSettings, paths: Sequence[str]) -> evidence.Part:
    return evidence.collect(corpus, paths, settings)


def _sketch(corpus: Path, settings: LoadSettings, paths: Sequence[str]) -> dict[str, Sketch]:
    return evidence.sketches(corpus, paths, settings)
