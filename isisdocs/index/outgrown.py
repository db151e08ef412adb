"""Has a corpus outgrown the engine of its index? Said once for an index, not at every update."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from isisdocs.index import current as current_state

if TYPE_CHECKING:
    from pathlib import Path

SERVED_WELL = 30_000
"""Articles from which on tantivy answers one word, or a phrase, sooner.

At 10,000 of 4 KB Whoosh takes 7 ms for a word in most of them and 12 for a phrase, at 20,000 12 and
26, in proportion to their number; tantivy takes 20 and 34 for what is looked up anew in its best
200, whatever their number.
"""
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
