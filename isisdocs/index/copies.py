"""Which articles of the index are near copies of each other? Read by every search."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from isisdocs.durable import replace_file
from isisdocs.index.current import damaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def read_copies(index: Path, generation: int) -> Mapping[str, tuple[str, ...]]:
    """Return for each article that has near copies the ids of all of them, itself among them.

    Nothing where the record is gone, as after another process has made a new state;
    IndexStoreError where it is damaged.
    """
    try:
        groups = json.loads(_path(index, generation).read_bytes())
        return {id_: tuple(group) for group in groups for id_ in group}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError) as error:
        raise damaged(index) from error


def write_copies(index: Path, generation: int, groups: Iterable[tuple[str, ...]]) -> None:
    """Record the groups of near copies for `read_copies`."""
    encoded = json.dumps(list(groups), separators=(",", ":")).encode("ascii")
    replace_file(_path(index, generation), encoded)


def copies_name(generation: int) -> str:
    """Return the name of a state's record."""
    return f"copies-{generation}.json"


def _path(index: Path, generation: int) -> Path:
    return index / copies_name(generation)
