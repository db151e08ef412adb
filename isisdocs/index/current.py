"""The state that readers open: written last, replaced atomically."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from isisdocs.durable import replace_file
from isisdocs.errors import IndexStoreError
from isisdocs.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from isisdocs.engine.base import Engine, Reader

FORMAT = 5
CURRENT = "current.json"
WRITER = "writer.json"
"""Which process writes; left behind by one that was killed."""
OUTDATED = ""
"""The fingerprint of an index that is to be built anew."""
REBUILD_HINT = "build it anew: `isisdocs index --rebuild`"


@frozen
class Current:
    """What `current.json` says."""

    engine: str
    state: str
    """The engine's own name for it."""
    corpus: Path
    """The folder of articles, absolute."""
    fingerprint: str
    """Of the loader, the analyser and their settings; another one means that a rebuild is due."""
    generation: int
    article_count: int


def read(index: Path) -> Current | None:
    """Return what state the index is in, or None where there is no index.

    IndexStoreError where there is something else.
    """
    try:
        content = json.loads((index / CURRENT).read_bytes())
        if content["format"] > FORMAT:
            raise IndexStoreError(
                f"the index in {index} has format {content['format']}, not {FORMAT}",
                hint=REBUILD_HINT,
            )
        return Current(
            engine=content["engine"],
            state=content["state"],
            corpus=Path(os.path.normpath(index.absolute() / content["corpus"])),
            # Nothing can be known by that of an earlier format.
            fingerprint=content["fingerprint"] if content["format"] == FORMAT else OUTDATED,
            generation=content["generation"],
            article_count=content["articles"],
        )
    except FileNotFoundError:
        return None
    except OSError as error:
        raise IndexStoreError(f"cannot read the index in {index}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(index) from error


def write(index: Path, current: Current) -> None:
    """Make *current* what readers open from now on."""
    content = {
        "format": FORMAT,
        "engine": current.engine,
        "state": current.state,
        # Relative, so that corpus and index can be moved together.
        "corpus": os.path.relpath(current.corpus, index.absolute()),
        "fingerprint": current.fingerprint,
        "generation": current.generation,
        "articles": current.article_count,
    }
    replace_file(index / CURRENT, json.dumps(content, indent=1).encode())


def damaged(index: Path) -> IndexStoreError:
    """Return the error of an index in which something is not as it was written."""
    return IndexStoreError(f"the index in {index} is damaged", hint=REBUILD_HINT)


def open_reader(index: Path) -> tuple[Current, Reader]:
    """Open the index for searching; IndexStoreError where there is none or it is damaged."""
    for _ in range(3):
        current = read(index)
        if current is None:
            raise IndexStoreError(
                f"there is no index in {index}", hint="build it: `isisdocs index`"
            )
        if current.fingerprint == OUTDATED:
            raise IndexStoreError(
                f"the index in {index} was made by an earlier version", hint=REBUILD_HINT
            )
        try:
            return current, engine_for(current.engine, index).open(current.state)
        except IndexStoreError:
            # A writer may have finished in between and cleared the old state away.
            if read(index) == current:
                raise
    raise IndexStoreError(f"the index in {index} changes too fast", hint="try again in a moment")


def engine_for(name: str, index: Path) -> Engine:
    """Return the engine of that name over the index folder; IndexStoreError where there is none."""
    if name not in _ENGINES:
        raise IndexStoreError(
            f"the index in {index} was made with an unknown engine, {name!r}", hint=REBUILD_HINT
        )
    return _ENGINES[name](index)


def _whoosh(index: Path) -> Engine:
    from isisdocs.engine.whoosh import WhooshEngine  # only the one that is used

    return WhooshEngine(index)


_ENGINES: dict[str, Callable[[Path], Engine]] = {"whoosh": _whoosh}
DEFAULT_ENGINE = "whoosh"
