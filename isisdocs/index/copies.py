"""Which articles of the index are near copies of each other?

The groups, which every search reads, are in `copies-N.json`; the sketches of all articles, which an
update compares new ones with, in `sketches-N`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from isisdocs.durable import replace_file
from isisdocs.index.current import damaged

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from isisdocs.load.near import Sketch


def read_copies(index: Path, generation: int) -> Mapping[str, tuple[str, ...]]:
    """Return for each article that has near copies the ids of all of them, itself among them.

    Nothing where the record is gone, as after another process has made a new state;
    IndexStoreError where it is damaged.
    """
    try:
        groups = json.loads((index / copies_name(generation)).read_bytes())
        return {id_: tuple(group) for group in groups for id_ in group}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError) as error:
        raise damaged(index) from error


def read_sketches(index: Path, generation: int) -> dict[str, Sketch]:
    """Return the sketches of a state's articles; IndexStoreError where they are damaged or gone."""
    from isisdocs.load.near import unpack  # searches need the groups only

    try:
        return unpack((index / sketches_name(generation)).read_bytes())
    except (OSError, ValueError, TypeError) as error:
        raise damaged(index) from error


def write(
    index: Path, generation: int, groups: Iterable[tuple[str, ...]], sketches: Mapping[str, Sketch]
) -> None:
    """Record groups and sketches for those who read them."""
    from isisdocs.load.near import pack

    encoded = json.dumps(list(groups), separators=(",", ":")).encode("ascii")
    replace_file(index / copies_name(generation), encoded)
    replace_file(index / sketches_name(generation), pack(sketches))


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
