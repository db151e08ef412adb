"""Evidence of a corpus, collected when the index is built anew and kept until the next time.

What `load.evidence` says of a folder stands in `evidence-N.json`; the groups of near copies, which
searches read, in `copies-N.json`, without articles that have changed or gone since.
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from signal import SIG_IGN, SIGINT, signal
from typing import TYPE_CHECKING

from isisdocs.durable import replace_file
from isisdocs.index.copies import copies_name, write_copies
from isisdocs.index.current import damaged
from isisdocs.load import evidence
from isisdocs.load.evidence import Evidence
from isisdocs.load.folder import batches_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from isisdocs.load.folder import SourceFile
    from isisdocs.settings import LoadSettings

BATCH_BYTES = 2_000_000
"""About this much is read by a process at a time: after Ctrl-C it still ends its batch."""


def collect(
    corpus: Path, sources: Sequence[SourceFile], settings: LoadSettings, *, jobs: int
) -> Evidence:
    """Return the evidence of a corpus; it is the same for any number of processes."""
    collect_part = partial(_collect, corpus, settings)
    batches = list(batches_of(sources, BATCH_BYTES))
    if jobs == 1 or len(batches) == 1:
        return evidence.merge(map(collect_part, batches))
    # Not forked, and deaf to Ctrl-C, as the processes that load are.
    with ProcessPoolExecutor(jobs, get_context("spawn"), signal, (SIGINT, SIG_IGN)) as pool:
        try:
            return evidence.merge(pool.map(collect_part, batches))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def read(index: Path, generation: int) -> Evidence:
    """Return the evidence of a state; IndexStoreError where it is missing or damaged."""
    try:
        return Evidence.from_json(_path(index, generation).read_bytes())
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise damaged(index) from error


def write(index: Path, generation: int, collected: Evidence) -> None:
    """Record the evidence of a state before it becomes the current one."""
    replace_file(_path(index, generation), collected.to_json().encode("ascii"))
    write_copies(index, generation, collected.copies)


def names(generation: int) -> tuple[str, str]:
    """Return the names of a state's own files."""
    return f"evidence-{generation}.json", copies_name(generation)


def _collect(corpus: Path, settings: LoadSettings, paths: Sequence[str]) -> evidence.Part:
    return evidence.collect(corpus, paths, settings)


def _path(index: Path, generation: int) -> Path:
    return index / names(generation)[0]
