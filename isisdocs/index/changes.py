"""How does the corpus folder differ from what the index knows of it?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from isisdocs.index import records
from isisdocs.load import files
from isisdocs.model import Skipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from isisdocs.index.current import Current
    from isisdocs.load.folder import SourceFile
    from isisdocs.verified import Seal


class KnownFile(NamedTuple):
    """A file of the corpus as it was when it was indexed."""

    size: int
    mtime_ns: int
    sha256: str
    """Hex digest of its bytes; empty where they were not read."""
    ids: tuple[str, ...]
    """The articles it gave."""
    skipped: tuple[Skipped, ...] = ()
    """What in it could not be an article."""


class Changes(NamedTuple):
    """Paths of files, sorted."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    """Old path and new one of each."""
    touched: tuple[str, ...]
    """Unchanged but for their time of change."""
    unchanged: tuple[str, ...]

    @property
    def are_none(self) -> bool:
        """Whether the folder is as the index knows it, to the time of change."""
        return not any(self[:-1])


def compare(
    files: Sequence[SourceFile],
    known: Mapping[str, KnownFile],
    sha256_of: Callable[[str], str | None],
) -> Changes:
    """Return how a listing differs from the known files.

    What has its size and time of change is unchanged. What has another time of change but the same
    bytes is touched, and a new file with the bytes of one that is gone was renamed: only for these
    is *sha256_of* asked, which gives the digest of a file or None where it cannot be read.
    """
    added, changed, touched, unchanged = [], [], [], []
    renamed: list[tuple[str, str]] = []
    gone = {path: known[path] for path in sorted(known.keys() - {file.path for file in files})}
    sizes = {before.size for before in gone.values()}
    by_content = {before.sha256: path for path, before in gone.items() if _can_move(path, before)}
    for file in files:
        before = known.get(file.path)
        if before is None:
            digest = sha256_of(file.path) if file.size in sizes else None
            if (old := by_content.pop(digest or "", None)) and _suffix(old) == _suffix(file.path):
                renamed.append((old, file.path))
            else:
                added.append(file.path)
        elif (before.size, before.mtime_ns) == (file.size, file.mtime_ns):
            unchanged.append(file.path)
        elif before.sha256 and before.size == file.size and sha256_of(file.path) == before.sha256:
            touched.append(file.path)
        else:
            changed.append(file.path)
    moved = {old for old, _ in renamed}
    removed = [path for path in gone if path not in moved]
    return Changes(
        tuple(added),
        tuple(changed),
        tuple(removed),
        tuple(sorted(renamed)),
        tuple(touched),
        tuple(unchanged),
    )


def _can_move(path: str, before: KnownFile) -> bool:
    # A file of one article. Records have the line in their ids and are rare enough to load again.
    return bool(before.sha256) and before.ids == (path,)


def _suffix(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[2].lower()


def sha256_of(path: Path, *, follow: bool = False) -> str | None:
    """Return the hex digest of a file's bytes; None where it cannot be read."""
    import hashlib  # 3 ms that only files that may have changed cost

    try:
        with files.opened(path, follow=follow) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, files.NotOrdinary):
        return None


def read_known(index: Path, current: Current) -> dict[str, KnownFile]:
    """Return the known files by path; errors as of `records.read`."""
    return records.read(index, current, files_name(current.generation), _known)


def _known(record: bytes) -> dict[str, KnownFile]:
    return {
        path: KnownFile(size, mtime_ns, sha256, tuple(ids), tuple(Skipped(*one) for one in skipped))
        for path, (size, mtime_ns, sha256, ids, skipped) in json.loads(record).items()
    }


def write_known(index: Path, generation: int, known: Mapping[str, KnownFile]) -> dict[str, Seal]:
    """Record the known files for `read_known`; return the record's name and seal."""
    content = {
        path: [f.size, f.mtime_ns, f.sha256, f.ids, [[s.path, s.reason] for s in f.skipped]]
        for path, f in known.items()
    }
    encoded = json.dumps(content, separators=(",", ":")).encode("ascii")
    return records.write(index, files_name(generation), encoded)


def read_skipped(index: Path, current: Current) -> tuple[Skipped, ...]:
    """Return what the corpus has that is no article; errors as of `records.read`."""
    return records.read(index, current, skipped_name(current.generation), _skipped)


def _skipped(record: bytes) -> tuple[Skipped, ...]:
    return tuple(Skipped(path, reason) for path, reason in json.loads(record))


def write_skipped(index: Path, generation: int, skipped: Iterable[Skipped]) -> dict[str, Seal]:
    """Record what is no article on its own, so that a run without changes need not read all."""
    encoded = json.dumps([[s.path, s.reason] for s in skipped]).encode("ascii")
    return records.write(index, skipped_name(generation), encoded)


def skipped_name(generation: int) -> str:
    """Return the name of the record of what a state skipped."""
    return f"skipped-{generation}.json"


def files_name(generation: int) -> str:
    """Return the name of the record of a state."""
    return f"files-{generation}.json"


def loaded_bytes(files: Iterable[SourceFile], changes: Changes) -> int:
    """Return how many bytes an update has to load."""
    wanted = {*changes.added, *changes.changed}
    return sum(file.size for file in files if file.path in wanted)
