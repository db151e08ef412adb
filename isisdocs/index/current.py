"""The state that readers open: written last, replaced atomically."""

from __future__ import annotations

import json
import os
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zlib import crc32

from isisdocs.durable import replace_file
from isisdocs.errors import REBUILD_HINT, DamagedIndexError, IndexStoreError
from isisdocs.frozen import frozen
from isisdocs.verified import Seal, read_regular

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from isisdocs.engine.base import Engine, Reader

FORMAT = 8
CURRENT = "current.json"
WRITER = "writer.json"
"""Which process writes; left behind by one that was killed."""
OUTDATED = ""
"""The fingerprint of an index that is to be built anew."""


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
    records: Mapping[str, Seal] = MappingProxyType({})
    """What else was written with this state, for `records.read`."""
    follows_links: bool = False


def read(index: Path) -> Current | None:
    """Return what state the index is in, or None where there is no index.

    IndexStoreError where there is something else.
    """
    try:
        text = read_regular(index / CURRENT)
    except FileNotFoundError:
        return None
    try:
        content = json.loads(text)
        checksum = content.pop("checksum", None)
        if content["format"] > FORMAT:
            raise IndexStoreError(
                f"the index in {index} has format {content['format']}, not {FORMAT}",
                hint=REBUILD_HINT,
            )
        is_outdated = content["format"] < FORMAT and checksum is None
        if not is_outdated and checksum != _checksum(content):
            raise ValueError("it is not as it was written")
        return _current(index, content, is_outdated=is_outdated)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        what = f"{CURRENT}: {error}"
        raise DamagedIndexError(index, what, hint=f"{REBUILD_HINT[:-1]} FOLDER`") from error


def _current(index: Path, content: dict[str, Any], *, is_outdated: bool) -> Current:
    """Return what was read; ValueError or TypeError where it has another shape."""
    match content:
        case {
            "engine": str(engine),
            "state": str(state),
            "corpus": str(corpus),
            "fingerprint": str(fingerprint),
            "generation": int(generation),
            "articles": int(article_count),
        } if "\0" not in corpus:
            os.fsencode(corpus)
            return Current(
                engine=engine,
                state=state,
                corpus=Path(os.path.normpath(index.absolute() / corpus)),
                # Nothing can be known by that of an earlier format.
                fingerprint=OUTDATED if is_outdated else fingerprint,
                generation=generation,
                article_count=article_count,
                follows_links=bool(content.get("follow")),
                records={n: Seal(*seal) for n, seal in content.get("records", {}).items()},
            )
    raise ValueError("it says something else than which state there is")


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
        "records": dict(current.records),
        "follow": current.follows_links,
    }
    content["checksum"] = _checksum(content)
    replace_file(index / CURRENT, json.dumps(content, indent=1).encode())


def _checksum(content: Mapping[str, Any]) -> str:
    return f"{crc32(json.dumps(content).encode()):08x}"


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


def _tantivy(index: Path) -> Engine:
    try:
        from isisdocs.engine.tantivy.store import TantivyEngine
    except ModuleNotFoundError as error:
        if error.name != "tantivy":
            raise
        from isisdocs.engine.tantivy import INSTALL

        raise IndexStoreError(
            f"the index in {index} needs the engine tantivy, which is not installed", hint=INSTALL
        ) from error
    return TantivyEngine(index)


def forget_all_but(index: Path, current: Current | None) -> None:
    """Delete what no reader of the current state needs, of any engine.

    So an engine that is no longer used, or no longer installed, leaves nothing behind.
    """
    from isisdocs.engine import tantivy
    from isisdocs.engine.whoosh import WhooshEngine

    name, state = "", None
    if current and current.fingerprint != OUTDATED:
        name, state = current.engine, current.state
    for engine, forget in (
        ("whoosh", WhooshEngine(index).forget_all_but),
        ("tantivy", partial(tantivy.forget_all_but, index)),
    ):
        try:
            forget(state if name == engine else None)
        except DamagedIndexError:  # nobody can read that state
            forget(None)


_ENGINES: dict[str, Callable[[Path], Engine]] = {"whoosh": _whoosh, "tantivy": _tantivy}
DEFAULT_ENGINE = "whoosh"
