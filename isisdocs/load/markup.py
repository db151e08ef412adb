r"""A line with Markdown in it → the line a reader sees.

Naive scrapers save links, headings and emphasis as Markdown. Character repair (`\$`,
entities, mojibake) is done before, in `load.repair`; which lines stay is decided later, in
`load.boilerplate`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Possessive quantifiers keep every pattern linear on a line of many megabytes.
_TARGET = r"""\(\s*+(?:[^()\s\\]|\\.|\([^()\s]*+\))*(?:\s++"[^"]*+")?\s*+\)"""
_IMAGE = re.compile(r"!\[[^\[\]]*+\]" + _TARGET)
_LINK = re.compile(r"(?<!!)\[([^\[\]]*+)\]" + _TARGET)
_AUTOLINK = re.compile(r"<(https?://[^<>\s]++)>")
# What none of the rest can be without, but for `](` and two spaces.
_MARKUP = re.compile(r"[*_#<\t\u00a0\u202f]")
_HEADING = re.compile(r"(#{1,6})\s++(?=\S)")
_BULLET = re.compile(r"(?:\*\s++)+(?=[^\s*])")
_EMPTY_EMPHASIS = re.compile(r"\*{4,}|_{2,}")
_STRONG = re.compile(r"(?<![\w*])\*\*(?=\S)([^*]++)\*\*(?![\w*])")
_EMPHASIS = re.compile(r"(?<![\w_])_(?=[^\s_])([^_]++)_(?![\w_])")
_STAR_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]++)(?<=\S)\*(?![\w*])")
_SPACES = re.compile(r"[ \t\u00a0\u202f]++")


class Plain(NamedTuple):
    """One line without its markup."""

    text: str
    """What a reader sees, stripped; empty where the line held only images, empty links or rules."""
    heading: int
    """Level of a Markdown heading, 1 to 6; 0 for any other line."""
    is_item: bool
    """The line was a `*` item of a Markdown list."""
    link_share: float
    """Share of the characters seen that were link text, from 0 to 1."""
    images: tuple[str, ...]
    """The images of the line as they were written, in order."""


def plain(line: str) -> Plain:
    """Return *line* without Markdown; text that only looks like it stays.

    >>> plain("## See [the report](https://example.org/r) of **May**").text
    'See the report of May'
    >>> plain("  * First, _do_ no harm").text
    '• First, do no harm'
    """
    text = line.strip()
    if not (_MARKUP.search(text) or "](" in text or "  " in text):
        return Plain(text, 0, False, 0.0, ())
    text, heading, is_item = _without_mark(text)
    images: tuple[str, ...] = ()
    linked = 0
    if "](" in text:
        images = tuple(_IMAGE.findall(text))
        text = _IMAGE.sub(" ", text) if images else text
        linked = sum(map(len, _LINK.findall(text)))
        text = _LINK.sub(r"\1", text).lstrip()
        if not heading:
            text, heading, _ = _without_mark(text)
    if "<http" in text:
        text = _AUTOLINK.sub(r"\1", text)
    if "*" in text or "_" in text:
        text = _without_emphasis(text)
    if "  " in text or "\t" in text or "\u00a0" in text or "\u202f" in text:
        text = _SPACES.sub(" ", text)
    text = text.strip()
    if len(text) < 20 and not text.strip("*+# ") and text != "*":
        text = ""
    share = min(1.0, linked / len(text)) if text else 0.0
    if is_item and text:
        text = f"• {text}"
    return Plain(text, heading, is_item, share, images)


def _without_mark(text: str) -> tuple[str, int, bool]:
    """Take off what makes a line a heading or an item; return text, level, is it an item."""
    if text.startswith("#") and (mark := _HEADING.match(text)):
        return text[mark.end() :], len(mark[1]), False
    if text.startswith("*") and (mark := _BULLET.match(text)):
        return text[mark.end() :], 0, True
    return text, 0, False


def _without_emphasis(text: str) -> str:
    text = _STRONG.sub(r"\1", text)
    text = _EMPHASIS.sub(r"\1", text)
    text = _STAR_EMPHASIS.sub(r"\1", text)
    return _EMPTY_EMPHASIS.sub("", text)
