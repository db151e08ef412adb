"""Which articles of the index are near copies of each other?

The groups, which every search reads, are in `copies-N.json`; the sketches of all articles, which an
update compares new ones with, in `sketches-N`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from isisdocs.index import records

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from isisdocs.index.current import Current
    from isisdocs.load.near import Sketch
    from isisdocs.verified import Seal


def read_copies(index: Path, current: Current) -> Mapping[str, tuple[str, ...]]:
    """Return for each article that has near copies the ids of all of them, itself among them.

    Nothing where another process has made a new state since; errors as of `records.read`.
    """
    try:
        return records.read(index, current, copies_name(current.generation), _copies)
    except records.Moved:
        return {}


def _copies(record: bytes) -> dict[str, tuple[str, ...]]:
    return {id_: tuple(group) for group in json.loads(record) for id_ in group}


def read_sketches(index: Path, current: Current) -> dict[str, Sketch]:
    """Return the sketches of a state's articles; errors as of `records.read`."""
    from isisdocs.load.near import unpack  # searches need the groups only

    return records.read(index, current, sketches_name(current.generation), unpack)


def write(
    index: Path, generation: int, groups: Iterable[tuple[str, ...]], sketches: Mapping[str, Sketch]
) -> dict[str, Seal]:
    """Record groups and sketches for those who read them; return the records' names and seals."""
    from isisdocs.load.near import pack

    encoded = json.dumps(list(groups), separators=(",", ":")).encode("ascii")
    written = records.write(index, copies_name(generation), encoded)
    return written | records.write(index, sketches_name(generation), pack(sketches))


def updated(
    groups: Iterable[tuple[str, ...]],
    sketches: Mapping[str, Sketch],
    *,
    new: Mapping[str, Sketch],
    gone: Collection[str],
    renamed: Mapping[str, str],
) -> tuple[list[tuple[str, ...]], dict[str, Sketch]]:
    """Return groups and sketches after a change: those that a build from scratch would make.

    *new* are the sketches of articles that are new or have changed, *gone* the ids of those that
    have changed or gone, *renamed* the old ids of others and their new ones.
    """
    from isisdocs.load.near import regrouped

    removed = {id_: sketches[id_] for id_ in gone if id_ in sketches}
    after = {renamed.get(id_, id_): one for id_, one in sketches.items() if id_ not in removed}
    after.update(new)
    before = (tuple(renamed.get(id_, id_) for id_ in group) for group in groups)
    return regrouped(after, before, added=new.keys(), removed=removed), after


def copies_name(generation: int) -> str:
    """Return the name of the record of a state's groups."""
    return f"copies-{generation}.json"


def sketches_name(generation: int) -> str:
    """Return the name of the record of a state's sketches."""
    return f"sketches-{generation}"
