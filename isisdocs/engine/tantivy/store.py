"""How articles become parts, and parts a state: tantivy indexes in folders."""

from __future__ import annotations

import json
import os
import re
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

import tantivy

from isisdocs.durable import sync
from isisdocs.engine.tantivy import FOLDER, forget_all_but
from isisdocs.engine.tantivy.reader import Lengths, TantivyReader, making_sense
from isisdocs.engine.tantivy.schema import document, id_key, schema
from isisdocs.engine.tantivy.whole import Verification
from isisdocs.errors import DamagedIndexError, IndexStoreError
from isisdocs.verified import Seal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from isisdocs.model import Article

PREPARE_BYTES = 64_000_000
"""Memory for the postings of a part; when it is full, tantivy writes a segment."""
COMMIT_BYTES = 15_000_000
"""The least tantivy takes; a commit adds no articles."""
MERGE_SEGMENTS = 8
"""From so many segments on, tantivy merges those of about the same size."""
SMALL_BYTES = 1 << 18
"""Up to this size a file is verified whole before a search."""
META = "meta.json"
"""Which segments an index has: tantivy's own file."""


class _Part(NamedTuple):
    """What `commit` is told of one `prepare`."""

    folder: str
    first: str
    """The key of its first article."""
    seals: Mapping[str, Seal]
    """Its files."""


class _State(NamedTuple):
    """What the text of a state says."""

    folder: str
    lengths: Lengths
    seals: Mapping[str, Seal]


class TantivyEngine:
    """Keeps an index in tantivy's files in one folder."""

    name = "tantivy"

    def __init__(self, index: Path) -> None:
        self._index = index
        self._folder = index / FOLDER

    def prepare(self, articles: Iterable[Article]) -> tuple[str, ...]:
        """Write articles as a tantivy index of its own and return it as JSON."""
        first = ""
        folder = self._folder / f"part-{os.urandom(16).hex()}"
        with _errors_of(folder):
            writer = None
            for article in articles:
                if writer is None:
                    folder.mkdir(parents=True)
                    first = id_key(article.id)
                    made = tantivy.Index(schema(), str(folder))
                    writer = made.writer(PREPARE_BYTES, 1)
                writer.add_document(document(article))
            if writer is None:
                return ()
            writer.commit()
            writer.wait_merging_threads()
        _drop_unused(folder)
        _sync_all(folder)
        return (json.dumps(_Part(folder.name, first, _sealed(folder, {}))),)

    def commit(
        self,
        state: str | None,
        prepared: Sequence[str],
        *,
        removed: Collection[str],
        generation: int,
    ) -> str:
        """Make a tantivy index of all segments, let it delete and merge; the state is JSON."""
        from shutil import rmtree  # searches need it not

        folder = self._folder / f"state-{generation}"
        rmtree(folder, ignore_errors=True)  # one of that number is left of a broken run
        folder.mkdir(parents=True)
        # In the order of the first articles, whichever process was done first.
        parts = sorted((_read_part(part) for part in prepared), key=lambda part: part.first)
        before = self._state(state) if state else None
        with _errors_of(folder):
            if before:
                _add_segments(folder, [self._folder / before.folder])
            if before and removed:  # before the new articles of the same ids come in
                _committed(folder, removed)
            _add_segments(folder, [self._folder / part.folder for part in parts])
            if _segment_count(folder) >= MERGE_SEGMENTS:
                _committed(folder)
            lengths = _lengths(tantivy.Index(schema(), str(folder)))
        _drop_unused(folder)
        _sync_all(folder)
        sync(self._folder)
        known = dict(before.seals) if before else {}
        for part in parts:
            known.update(part.seals)
        return json.dumps(_State(folder.name, lengths, _sealed(folder, known)))

    def open(self, state: str) -> TantivyReader:
        """Open a state; IndexStoreError where its files are not what the state says."""
        name, lengths, seals = self._state(state)
        folder = self._folder / name
        if self._folder.is_symlink() or folder.is_symlink():
            raise DamagedIndexError(self._index, f"{FOLDER}/{name} is no ordinary folder")
        for file, seal in seals.items():
            self._look_at(folder / file, seal)
        large = {folder / f: seal for f, seal in seals.items() if seal.size > SMALL_BYTES}
        verification = Verification(self._index, large)
        with making_sense(self._index):
            return TantivyReader(self._index, _opened(folder), lengths, verification)

    def _state(self, state: str) -> _State:
        try:
            return _read_state(state)
        except (AttributeError, RecursionError, TypeError, ValueError) as error:
            raise DamagedIndexError(self._index, f"no state of tantivy: {error}") from error

    def _look_at(self, path: Path, seal: Seal) -> None:
        """Raise DamagedIndexError where a file has not the size it was written with.

        What stands in a small one is verified too, what stands in a large one beside the search by
        `whole`, and all of it for `damaged_files`.
        """
        try:
            found = path.lstat()
        except FileNotFoundError as error:
            raise DamagedIndexError(self._index, f"{path.name} is missing") from error
        except OSError as error:
            what = f"{path.name}: {error.strerror}"
            raise DamagedIndexError(self._index, what) from error
        is_ordinary = S_ISREG(found.st_mode) and found.st_size == seal.size
        if not is_ordinary or (seal.size <= SMALL_BYTES and _seal_of(path) != seal):
            raise DamagedIndexError(self._index, f"{path.name} is not as it was written")

    def damaged_files(self, state: str) -> tuple[str, ...]:
        """Read all files of a state and return the names of those that are not as written."""
        name, _, seals = self._state(state)
        damaged = []
        for file, seal in sorted(seals.items()):
            path = self._folder / name / file
            try:
                self._look_at(path, seal)
                is_whole = _seal_of(path) == seal
            except (DamagedIndexError, OSError):
                is_whole = False
            if not is_whole:
                damaged.append(f"{FOLDER}/{name}/{file}")
        return tuple(damaged)

    def forget_all_but(self, state: str | None) -> None:
        """Delete the folders of other states and of parts."""
        forget_all_but(self._index, state)


def _add_segments(folder: Path, sources: Sequence[Path]) -> None:
    """Make the segments of the *sources* those of the tantivy index in *folder*, too."""
    meta = _meta(folder)
    for source in sources:
        content = json.loads((source / META).read_bytes())
        if meta:
            meta["segments"] += content["segments"]
            meta["opstamp"] = max(meta["opstamp"], content["opstamp"])
        else:
            meta = content
        names = _segment_names(content)
        for path in source.iterdir():
            if path.name.partition(".")[0] in names:
                _link(path, folder / path.name)
    if meta:
        (folder / META).write_text(json.dumps(meta))


def _committed(folder: Path, removed: Collection[str] = ()) -> None:
    """Have tantivy delete articles, and merge segments as it sees fit."""
    index = tantivy.Index.open(str(folder))
    writer = index.writer(COMMIT_BYTES, 1)
    if removed:
        keys = [id_key(id_) for id_ in removed]
        writer.delete_documents_by_query(tantivy.Query.term_set_query(index.schema, "id", keys))
    writer.commit()
    writer.wait_merging_threads()


def _meta(folder: Path) -> dict[str, Any]:
    """Return what tantivy says of the index in a folder; empty where there is none yet."""
    try:
        found: dict[str, Any] = json.loads((folder / META).read_bytes())
    except FileNotFoundError:
        return {}
    return found


def _segment_count(folder: Path) -> int:
    return len(_meta(folder).get("segments", ()))


def _read_part(part: str) -> _Part:
    folder, first, seals = json.loads(part)
    return _Part(folder, first, {name: Seal(*seal) for name, seal in seals.items()})


def _read_state(state: str) -> _State:
    """Return what the text of a state says; ValueError or TypeError where it is none."""
    folder, lengths, seals = json.loads(state)
    if not re.fullmatch(r"state-\d+", folder) or any(re.search(r"[/\\\0]", name) for name in seals):
        raise ValueError("no folder of a state")
    return _State(folder, Lengths(*lengths), {name: Seal(*seal) for name, seal in seals.items()})


def _sealed(folder: Path, known: Mapping[str, Seal]) -> dict[str, Seal]:
    """Return the seals of the files in a folder, those of segments' files as *known*."""
    return {
        path.name: known[path.name] if path.name in known and path.name != META else _seal_of(path)
        for path in sorted(folder.iterdir())
    }


def _seal_of(path: Path) -> Seal:
    crc = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            crc = crc32(block, crc)
        return Seal(file.tell(), crc)


def _segment_names(meta: dict[str, Any]) -> set[str]:
    return {segment["segment_id"].replace("-", "") for segment in meta["segments"]}


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:  # a file system without links
        from shutil import copyfile

        copyfile(source, target)


def _drop_unused(folder: Path) -> None:
    """Delete the segments that were merged, and tantivy's locks."""
    names = _segment_names(_meta(folder))
    for path in folder.iterdir():
        if path.name != META and path.name.partition(".")[0] not in names:
            path.unlink()


def _lengths(index: tantivy.Index) -> Lengths:
    fields = {name: {"sum": {"field": f"{name}_words"}} for name in Lengths._fields}
    sums = index.searcher().aggregate(tantivy.Query.all_query(), fields)
    return Lengths(*(int(sums[name]["value"] or 0) for name in Lengths._fields))


def _opened(folder: Path) -> tantivy.Index:
    try:
        return tantivy.Index.open(str(folder))
    except ValueError as error:
        if "Lockfile" not in str(error):
            raise
    from tempfile import TemporaryDirectory

    # tantivy writes a lock to read. Where that cannot be, links to the files stand elsewhere for
    # the moment in which it opens them.
    with TemporaryDirectory() as elsewhere:
        for path in folder.iterdir():
            if not path.name.startswith("."):
                Path(elsewhere, path.name).symlink_to(path.absolute())
        return tantivy.Index.open(elsewhere)


def _sync_all(folder: Path) -> None:
    for path in folder.iterdir():
        sync(path)
    sync(folder)


@contextmanager
def _errors_of(folder: Path) -> Iterator[None]:
    """Turn tantivy's errors into the system's own where these are behind them."""
    try:
        yield
    except ValueError as error:
        found = re.search(r"os error (\d+)|code: (\d+)", str(error))
        number = int(found[1] or found[2]) if found else _failing(folder)
        if number is None:
            raise IndexStoreError(f"tantivy cannot write: {_first_line(error)}") from error
        raise OSError(number, os.strerror(number), str(folder)) from error


def _failing(folder: Path) -> int | None:
    """Return the number of the error that writing to a folder meets, if it does."""
    probe = folder / ".probe"
    try:
        with probe.open("wb") as file:
            file.write(bytes(1 << 20))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error.errno
    finally:
        probe.unlink(missing_ok=True)
    return None


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
