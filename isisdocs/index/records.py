"""What the index keeps beside the engine's files: each record is sealed in `current.json`.

So a record that is damaged, of another state or of another index is never taken for the right one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from isisdocs.durable import replace_file
from isisdocs.errors import DamagedIndexError, IndexStoreError
from isisdocs.index import current as current_state
from isisdocs.verified import Seal, read_sealed, seal_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from isisdocs.index.current import Current

T = TypeVar("T")


def write(index: Path, name: str, content: bytes) -> dict[str, Seal]:
    """Write a record and return its name with its seal, as `Current.records` has them."""
    replace_file(index / name, content)
    return {name: seal_of(content)}


def read(index: Path, current: Current, name: str, parse: Callable[[bytes], T]) -> T:
    """Return what `parse` makes of a record of a state.

    DamagedIndexError where the record is not what was written, `Moved` where another process has
    made a new state since.
    """
    try:
        if name not in current.records:
            raise FileNotFoundError
        content = read_sealed(index / name, current.records[name])
    except FileNotFoundError as error:
        if current_state.read(index) != current:
            raise Moved(
                f"another process has just changed the index in {index}", hint="try again"
            ) from error
        raise DamagedIndexError(index, f"{name} is missing") from error
    try:
        return parse(content)
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise DamagedIndexError(index, f"{name}: {error}") from error


def damaged(index: Path, current: Current) -> tuple[str, ...]:
    """Return the names of the records of a state that are not what was written."""
    found = []
    for name in current.records:
        try:
            read(index, current, name, bytes)
        except DamagedIndexError:
            found.append(name)
    return tuple(found)


class Moved(IndexStoreError):  # noqa: N818  # nothing is wrong with the index
    """The state that was opened is not the index's any more, and its records are gone."""
