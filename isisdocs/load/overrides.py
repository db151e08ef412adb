"""Which encoding does a file have because the user says so?"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from isisdocs.settings import LoadSettings


def encoding_of(path: str, settings: LoadSettings) -> str | None:
    """Return the encoding of the first glob that the path inside the corpus matches, or None.

    `*` and `?` stand for characters of one name, `**/` for any folders, none included.
    """
    return next((name for glob, name in settings.encodings if _pattern(glob).fullmatch(path)), None)


@lru_cache(maxsize=256)
def _pattern(glob: str) -> re.Pattern[str]:
    parts = (_MEANING.get(part, re.escape(part)) for part in _WILD.split(glob))
    return re.compile("".join(parts), re.DOTALL)


_WILD = re.compile(r"(\*\*/|\*\*|\*|\?)")
_MEANING = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
