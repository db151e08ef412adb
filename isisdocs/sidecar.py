"""`repairs.toml`: what a reader decided about single repairs, in a file a reader can edit.

A place is named by the file and the characters around it, so that a decision outlives edits
elsewhere. Where it stands in a text, and what it does there, is in `load.repair.decisions`.

    [[decision]]
    path = "1998/004.txt"        # inside the corpus
    left = "second city of "     # what stands before, AROUND characters or back to the line's start
    before = "Iraq?s"            # as it stands in the file
    right = " army fled"         # what stands after
    accept = "Iraq’s"            # or `reject`, which leaves the file's characters
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from isisdocs.errors import SettingsError
from isisdocs.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FILE_NAME = "repairs.toml"
AROUND = 32
"""Characters on either side that name a place; there are fewer only at a line's border."""

HEADER = """\
# Decisions about single repairs, which builds obey; `isisdocs repairs review` adds to them.
# `accept` stands in the place of `before`, `reject` leaves it; the last one about a place holds.
"""


@frozen
class Decided:
    """What a reader decided about one damaged word."""

    left: str
    """What stands before the word in its line, at most AROUND characters."""
    before: str
    """The word as it stands in the file."""
    right: str
    """What stands after it."""
    reading: str
    """The word as it was repaired, or as the reader corrected it."""
    is_accepted: bool

    @property
    def after(self) -> str:
        """What shall stand there."""
        return self.reading if self.is_accepted else self.before

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that is written down."""
        return self.left, self.before, self.right, self.reading


def read(path: Path) -> Mapping[str, tuple[Decided, ...]]:
    """Return the decisions by the path of the article inside the corpus; none without a file.

    SettingsError where the file is not what it should be.
    """
    if not path.is_file():
        return {}
    import tomllib  # 2 ms that only such a file costs

    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"cannot read {path}: {error}", hint="mend it or remove it") from error
    entries = content.pop("decision", [])
    if content or not isinstance(entries, list):
        raise SettingsError(f"{path} must hold nothing but [[decision]] tables", hint=_SHAPE)
    places: dict[str, dict[tuple[str, str, str], Decided]] = {}
    for number, entry in enumerate(entries, 1):
        file, decided = _decided(entry, f"{path}: decision {number}")
        place = (decided.left, decided.before, decided.right)
        places.setdefault(file, {})[place] = decided
    return {file: tuple(places[file].values()) for file in sorted(places)}


def as_toml(path: str, decided: Decided) -> str:
    """Return a decision about the article at *path* as `read` reads it."""
    fields = {
        "path": path,
        "left": decided.left,
        "before": decided.before,
        "right": decided.right,
        "accept" if decided.is_accepted else "reject": decided.reading,
    }
    lines = (f"{name} = {_quoted(value)}\n" for name, value in fields.items())
    return "".join(("\n[[decision]]\n", *lines))


def can_be_written(texts: Iterable[str]) -> bool:
    """Tell whether the texts can stand in the file: halves of surrogate pairs cannot."""
    return not any("\ud800" <= character <= "\udfff" for text in texts for character in text)


_SHAPE = "`isisdocs repairs review` writes it as it should be"
_VERDICTS = {"accept", "reject"}


def _decided(entry: Any, where: str) -> tuple[str, Decided]:
    if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()):
        raise SettingsError(f"{where} must be a table of texts", hint=_SHAPE)
    missing = {"path", "left", "before", "right"} - entry.keys()
    if missing or not entry["before"]:
        name = min(missing, default="before")
        raise SettingsError(f"{where} lacks `{name}`", hint=_SHAPE)
    verdicts = entry.keys() - {"path", "left", "before", "right"}
    if len(verdicts) != 1 or not verdicts <= _VERDICTS:
        raise SettingsError(f"{where} must have either `accept` or `reject`", hint=_SHAPE)
    (verdict,) = verdicts
    return entry["path"], Decided(
        entry["left"], entry["before"], entry["right"], entry[verdict], verdict == "accept"
    )


def _quoted(text: str) -> str:
    # A JSON string is a TOML string but for DEL, which TOML wants escaped.
    quoted = json.dumps(text, ensure_ascii=False)
    return re.sub("\x7f", r"\\u007F", quoted)
