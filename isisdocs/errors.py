"""Everything that can go wrong in a way the user can mend.

    IsisdocsError
    ├── CorpusError     the folder of articles cannot be read
    ├── ArticleError    no article, or more than one, is meant
    ├── IndexStoreError the index cannot be opened or written
    │   └── DamagedIndexError   it is not what was written
    ├── QueryError      the query asks for nothing
    ├── SettingsError   isisdocs.toml or an environment variable is wrong
    └── OutputError     what was asked for cannot be written

Only `cli` turns these into a message and an exit code.
"""

from __future__ import annotations

import os


def place_of(error: Exception) -> str:
    """Return `file:line` of where an error that nobody foresaw was raised."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    if not frame:
        return "?"
    name = os.path.basename(frame.tb_frame.f_code.co_filename)  # noqa: PTH119  # no module for it
    return f"{name}:{frame.tb_lineno}"


class IsisdocsError(Exception):
    """Carries what happened, to what, and what the user can do about it."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class CorpusError(IsisdocsError):
    """The folder of articles is missing, empty or unreadable."""


class ArticleError(IsisdocsError):
    """An article was named that is not there, or by a prefix that fits several."""


class IndexStoreError(IsisdocsError):
    """The index is missing, damaged, foreign, locked or cannot be written."""


REBUILD_HINT = "build it anew: `isisdocs index --rebuild`"


class DamagedIndexError(IndexStoreError):
    """Something in the index is not as it was written."""

    def __init__(self, index: object, what: str, *, hint: str = REBUILD_HINT) -> None:
        super().__init__(f"the index in {index} is damaged: {what}", hint=hint)


class QueryError(IsisdocsError):
    """The query asks for nothing that could be looked up."""


class SettingsError(IsisdocsError):
    """A setting has a value it cannot have."""


class OutputError(IsisdocsError):
    """A file that was asked for cannot be written."""
