"""Text from the corpus, made safe for a terminal: it cannot move the cursor, hide or reorder.

One character stays one character, so that ranges found in the text hold for what is shown.
"""

from __future__ import annotations

import re

# C0 and C1 controls but tab and newline, DEL, what sets the direction of text, line and paragraph
# separators, and half of a surrogate pair, which no encoding can write.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_CONTROL_PICTURES = 0x2400
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def visible(text: str) -> str:
    r"""Return the text with each unsafe character shown as a symbol, in as many characters.

    >>> visible("red: \x1b[31m")
    'red: ␛[31m'
    """
    return _UNSAFE.sub(_symbol, text)


def visible_line(text: str) -> str:
    """Return the text as `visible` does, with tabs and newlines as symbols too."""
    return visible(text).replace("\n", "␊").replace("\t", "␉")


def escaped_json(text: str) -> str:
    r"""Return JSON with each unsafe character in its strings escaped: it reads as the same data.

    >>> escaped_json('{"title": "\u202egnp.exe"}')
    '{"title": "\\u202egnp.exe"}'
    """
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _symbol(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(_CONTROL_PICTURES + code)
    if code == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    return _REPLACEMENT
