"""The engine for large corpora: postings in tantivy segments.

It needs the extra `isisdocs[fast]`; the library is imported by the modules beside this one, which
are imported only when an index made with it is opened or built. Everything is in the folder
`tantivy` of the index:

    part-HEX/   what one `prepare` wrote: a tantivy index of its own
    state-N/    a state: a tantivy index of the segments of parts and of the state before

tantivy never changes a segment's files, so states have them by hard links, and making a state
copies nothing. How an article becomes terms is in `schema` and `wording`; how a query tree is
answered in `matching`, `scoring` and `reader`; how states are made in `store`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from isisdocs.errors import DamagedIndexError

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "tantivy"
INSTALL = "install it: `pip install 'isisdocs[fast]'`"


def forget_all_but(index: Path, state: str | None) -> None:
    """Delete everything of this engine in an index folder but one state, without the library."""
    from shutil import rmtree  # searches need it not

    folder = index / FOLDER
    if folder.is_symlink():  # nothing of what it leads to is ours
        folder.unlink()
    elif state is None:
        rmtree(folder, ignore_errors=True)
    elif folder.is_dir():
        try:
            kept, *_ = json.loads(state)
        except (RecursionError, TypeError, ValueError) as error:
            raise DamagedIndexError(index, f"no state of tantivy: {error}") from error
        for path in folder.iterdir():
            if path.name != kept:
                rmtree(path, ignore_errors=True)
