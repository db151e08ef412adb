"""Bytes to text: BOM, UTF-8, UTF-16, UTF-32, a declared charset, then what archives hold.

What stands wrongly in the text although its bytes were read rightly is `repair`'s; the one
exception is mojibake, text that had been decoded wrongly before it was saved.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isisdocs.load.charsets import choose
from isisdocs.load.ledger import Edit, apply_edits, as_repairs, undo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from isisdocs.model import Repair


class BinaryData(ValueError):  # noqa: N818 - it says what the bytes are
    """The bytes are no text in any encoding."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file as text."""

    text: str
    """Lines end with a line feed; line N is line N of the file."""
    encoding: str
    """As Python names it; `utf-8+cp1252` for a file that mixes the two."""
    repairs: tuple[Repair, ...] = ()
    """Mojibake mended; lines and columns are those of `original`."""

    @property
    def original(self) -> str:
        """The text as it was decoded, mojibake and all; lines and columns count in it."""
        return undo(self.text, self.repairs) if self.repairs else self.text


def decode(data: bytes, *, encoding: str | None = None, otherwise: str | None = None) -> Decoded:
    r"""Return the text of *data*, read in *encoding* or in the one it most likely has.

    *otherwise* is taken for bytes that are not UTF-8 and do not say what they are.

    A byte-order mark is never part of the text, and `\r\n` and `\r` become `\n`. With *encoding*
    given, bytes that it cannot have become U+FFFD, which `repair` treats as lost characters.

    Raises BinaryData where the bytes are no text, LookupError for an unknown encoding.

    >>> decode(b"na\xefve \x93quotes\x94")
    Decoded(text='naïve “quotes”', encoding='cp1252', repairs=())
    """
    if encoding is not None:
        name = codecs.lookup(encoding).name
        text = data.decode(name, errors="replace").removeprefix("\ufeff")
    else:
        text, name = _guess(data, otherwise)
    text = _normalise_newlines(text)
    edits = list(_mojibake(text))
    return Decoded(apply_edits(text, edits), _short(name), as_repairs(text, edits))


# --- which encoding ---------------------------------------------------------------------------

_BOMS = (
    # UTF-32 first: its little-endian mark starts with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
    b"{\\rtf",
)
# All but those that a text or a terminal's log may hold: backspace to carriage return, escape.
_CONTROLS = bytes([*range(8), *range(14, 27), *range(28, 32)])
_DECLARED = re.compile(
    rb"<(?:meta\b[^>]*?\bcharset|\?xml\b[^>]*?\bencoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})",
    re.IGNORECASE,
)
# WHATWG: what these names say is read as the Windows code page that extends them.
_SUPERSET = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254"}
_HEAD_BYTES = 2048


def _guess(data: bytes, otherwise: str | None) -> tuple[str, str]:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, errors="replace"), name
    if data.startswith(_MAGIC):
        raise BinaryData("a file format that holds no plain text")
    if wide := _wide(data):
        return wide
    _refuse_binary(data)
    try:
        # What is UTF-8 is nothing else: by chance one letter in thirty would be, two in a thousand.
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        is_cut = len(data) - error.start < 4 and "end of data" in error.reason
        if is_cut and not data[: error.start].isascii():
            return data.decode("utf-8", errors="replace"), "utf-8"
    if declared := _declared(data):
        return data.decode(declared, errors="replace"), declared
    if otherwise is not None:
        name = codecs.lookup(otherwise).name
        return data.decode(name, errors="replace"), name
    if mixed := _mixed(data):
        return mixed, "utf-8+cp1252"
    return choose(data)


def _refuse_binary(data: bytes) -> None:
    if data.count(0) > len(data) // 1000:
        raise BinaryData("NUL bytes, and no encoding that has them")
    if (len(data) - len(data.translate(None, _CONTROLS))) * 20 > len(data):
        raise BinaryData("more control characters than any text has")


def _wide(data: bytes) -> tuple[str, str] | None:
    """Return text and name where NULs stand as in UTF-16 or UTF-32 without a byte-order mark."""
    sample = data[:4096]
    if len(sample) < 4 or 0 not in data:
        return None
    zeros = [sample[start::4].count(0) / len(sample[start::4]) for start in range(4)]
    # Which of four bytes are empty and which are not, in Western text: most, and few.
    layouts = (
        ("utf-32-le", (2, 3), (0,)),
        ("utf-32-be", (0, 1), (3,)),
        ("utf-16-le", (1, 3), (0, 2)),
        ("utf-16-be", (0, 2), (1, 3)),
    )
    for name, empty, filled in layouts:
        if min(zeros[at] for at in empty) > 0.5 and max(zeros[at] for at in filled) < 0.1:
            text = data.decode(name, errors="replace")
            if text.count("\ufffd") <= 1 + len(text) // 200 and "\0" not in text:
                return text, name
    return None


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data, 0, _HEAD_BYTES)
    if match is None:
        return None
    try:
        name = codecs.lookup(match.group(1).decode("ascii")).name
    except LookupError:
        return None
    name = _SUPERSET.get(name, name)
    if name.startswith(("utf-8", "utf-16", "utf-32", "utf-7")):
        return None  # The bytes have said otherwise already.
    undecodable = data.decode(name, errors="replace").count("\ufffd")
    return name if undecodable * 100 <= len(data) else None


_MULTI_BYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


def _mixed(data: bytes) -> str | None:
    """Return the text of a file whose lines are partly UTF-8, partly cp1252."""
    if not _MULTI_BYTE.search(data):
        return None
    good = bad = 0
    parts: list[str] = []
    for line in data.splitlines(keepends=True):
        try:
            text = line.decode("utf-8")
            good += not line.isascii()
        except UnicodeDecodeError:
            text = line.decode("utf-8", errors="cp1252-rest")
            stray = len(re.sub(_MULTI_BYTE, b"", line).translate(None, bytes(range(128))))
            bad += 1
            good += 2 * len(_MULTI_BYTE.findall(line)) > stray
        parts.append(text)
    return "".join(parts) if good and good * 4 >= bad else None


def _cp1252_rest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    return _as_cp1252(stray), error.end


codecs.register_error("cp1252-rest", _cp1252_rest)


def _as_cp1252(data: bytes) -> str:
    """Decode as WHATWG does: the five bytes that cp1252 lacks are C1 controls."""
    return (
        data.decode("cp1252", errors="replace")
        if not _HOLES.search(data)
        else "".join(bytes([byte]).decode("cp1252", errors="ignore") or "\ufffd" for byte in data)
    )


_HOLES = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def _short(name: str) -> str:
    return {"iso8859-1": "latin-1"}.get(name, name)


def _normalise_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


# --- mojibake ---------------------------------------------------------------------------------


def mojibake(text: str) -> tuple[Repair, ...]:
    """Return the repairs that `decode` makes in a text that was decoded rightly."""
    return as_repairs(text, list(_mojibake(text)))


# What the second and later bytes of a UTF-8 sequence become when they are read as cp1252.
_CONTINUED = (
    "[\x80-\xbf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013-\u2026\u2030\u2039\u203a\u20ac\u2122]"
)
# The last two alternatives are quotes and accents read as MacRoman. Every match begins with one of
# a set, so that the search skips the rest of the text.
_MOJIBAKE = re.compile(
    f"[\xc2-\xf0‚√](?:(?<=[\xc2-\xdf]){_CONTINUED}|(?<=[\xe0-\xef]){_CONTINUED}{{2}}"
    f"|(?<=\xf0){_CONTINUED}{{3}}|(?<=‚)Ä|(?<=√)[†©®™´¨≠Æ∞±°¢£§•¶ß])"
)


def _mojibake(text: str) -> Iterator[Edit]:
    """Yield lines, narrowed to what differs, as ftfy mends them."""
    if text.isascii() or not _MOJIBAKE.search(text):
        return
    # ftfy takes 150 ms to import and mends 0.9 MB/s, so it sees only the lines that need it.
    from ftfy import fix_encoding

    position = 0
    for line in text.split("\n"):
        if not line.isascii() and _MOJIBAKE.search(line):
            fixed = fix_encoding(line)
            if fixed != line and "\n" not in fixed:
                yield from _narrow(line, fixed, position)
        position += len(line) + 1


def _narrow(line: str, fixed: str, offset: int) -> Iterator[Edit]:
    """Yield where *fixed* differs from *line*, word by word if they have as many words."""
    words, fixed_words = line.split(" "), fixed.split(" ")
    if len(words) != len(fixed_words):
        words, fixed_words = [line], [fixed]
    for word, fixed_word in zip(words, fixed_words, strict=True):
        if word != fixed_word:
            head = _common(word, fixed_word)
            tail = _common(word[head:][::-1], fixed_word[head:][::-1])
            after = fixed_word[head : len(fixed_word) - tail]
            yield Edit(offset + head, offset + len(word) - tail, after, "mojibake", 0.99)
        offset += len(word) + 1


def _common(first: str, second: str) -> int:
    """Return with how many characters both begin."""
    length = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        length += 1
    return length
