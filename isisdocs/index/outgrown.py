"""Has a corpus outgrown the engine of its index? Said once for an index, not at every update."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from isisdocs.index import current as current_state

if TYPE_CHECKING:
    from pathlib import Path

SERVED_WELL = 30_000
"""Articles of which Whoosh finds what is asked for in a third of a second, but for rare questions.

Measured at 10,000, 30,000 and 100,000 articles of 4 KB, whole processes, of which 0.11 seconds are
start-up: words, phrases and a prefix take 0.14, 0.15 to 0.19 and 0.20 to 0.34 seconds; the newest
first, a range of dates and a slip 0.19, 0.30 to 0.34 and 0.73 to 0.87; every word in `s` 0.30,
0.69 and 1.9. tantivy takes 0.11 to 0.20 and 0.26 at 100,000. Both build 10,000 in half a minute.
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
