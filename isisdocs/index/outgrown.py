"""Has a corpus outgrown the engine of its index? Said once for an index, not at every update."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from isisdocs.index import current as current_state

if TYPE_CHECKING:
    from pathlib import Path

SERVED_WELL = 30_000
"""Articles up to which a search by Whoosh takes little longer than the program's start."""
SAID = "isisdocs-outgrown"
"""An empty file in an index of which it has been said."""


def is_news(index: Path) -> bool:
    """Tell whether Whoosh keeps more articles than it serves well and nobody has been told yet."""
    current = current_state.read(index)
    if current is None or current.engine != "whoosh" or current.article_count <= SERVED_WELL:
        return False
    with suppress(OSError):  # who cannot write it down says it again
        (index / SAID).touch(exist_ok=False)
        return True
    return not (index / SAID).exists()
