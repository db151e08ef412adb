"""What a draft quotes: quotations in Markdown or plain text, and whom each is said to be from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from isisdocs.words import tokens

MIN_WORDS = 4
"""Shorter quotations are phrases anybody may have used."""

AROUND = 160
"""Characters before and after a quotation in which its origin is looked for."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words that a draft has between quotation marks or in a block quote."""

    text: str
    """Without the outer marks."""
    line: int
    """Line of the draft where it starts, counted from 1."""
    stated: tuple[str, ...] = ()
    """What stands after it as its origin: after a dash, in parentheses, or as a path."""
    names: tuple[str, ...] = ()
    """Names before or after it in the running text, which may be those of its author."""


def quotations(draft: str, *, min_words: int = MIN_WORDS) -> list[Quotation]:
    """Return the quotations of at least so many words, in the order of the draft.

    Between straight or curly, double or single marks, low marks and guillemets, within one
    paragraph, and as block quotes. What stands in a quotation is not a quotation of its own. Code
    blocks are left out.
    """
    found: list[Quotation] = []
    blocks = _blocks(draft)
    for index, block in enumerate(blocks):
        following = blocks[index + 1] if index + 1 < len(blocks) else None
        if block.is_quote:
            found += _of_block_quote(block, following)
        else:
            found += _in_paragraph(block, following)
    return [quotation for quotation in found if word_count(quotation.text) >= min_words]


def word_count(text: str) -> int:
    """Return how many words a text has, those in square brackets left out."""
    return sum(token.width == 1 for token in tokens(_BRACKETED.sub(" ", text)))


class _Block(NamedTuple):
    """A paragraph or block quote of the draft."""

    line: int
    text: str
    is_quote: bool


def _blocks(draft: str) -> list[_Block]:
    found: list[_Block] = []
    kept: list[str] = []
    start = 0
    was_quote = in_code = False

    def finish() -> None:
        if any(line.strip() for line in kept):
            found.append(_Block(start, "\n".join(kept), was_quote))
        kept.clear()

    for number, line in enumerate(draft.splitlines(), 1):
        if line.lstrip().startswith(("```", "~~~")):
            finish()
            in_code = not in_code
            continue
        if in_code:
            continue
        quoted = _QUOTE_LINE.match(line)
        if bool(quoted) != was_quote or (not quoted and not line.strip()):
            finish()
            was_quote = bool(quoted)
        if not kept:
            start = number
        if quoted or line.strip():
            kept.append(line[quoted.end() :] if quoted else line)
    finish()
    return found


def _of_block_quote(block: _Block, following: _Block | None) -> list[Quotation]:
    text, line = block.text.rstrip(), block.line
    stated: tuple[str, ...] = ()
    if origin := _ORIGIN_LINE.search(text):
        stated = (_plain(origin[1]),)
        text = text[: origin.start()]
    elif following and not following.is_quote and (origin := _ORIGIN_START.match(following.text)):
        stated = (_plain(origin[1]),)
    blank = len(text) - len(text.lstrip())
    line += text[:blank].count("\n")
    text = text.strip()
    if (marked := _MARKED.fullmatch(text)) and (inner := _content(marked)) is not None:
        text = inner
    return [Quotation(_unescaped(text), line, stated)]


def _in_paragraph(block: _Block, following: _Block | None) -> list[Quotation]:
    found = []
    text = block.text
    line, counted = block.line, 0
    for match in _MARKED.finditer(text):
        content = _content(match)
        if content is None:
            # A quotation that goes on has its closing mark in a later paragraph only.
            if not (following and following.text.lstrip().startswith("“")):
                continue
            content = match["open"]
        before = text[max(0, match.start() - AROUND) : match.start()]
        after = text[match.end() : match.end() + AROUND]
        stated = tuple(_plain(origin[1]) for origin in [_ORIGIN_START.match(after)] if origin)
        names = () if stated else _names(_last_sentence(before)) + _names(_said_after(after))
        line += text.count("\n", counted, match.start())
        counted = match.start()
        found.append(Quotation(_unescaped(content), line, stated, names))
    return found


def _content(match: re.Match[str]) -> str | None:
    """Return what stands between the marks, None where they are not closed."""
    return next(
        (text for name, text in match.groupdict().items() if text is not None and name != "open"),
        None,
    )


def _last_sentence(text: str) -> str:
    return re.split(r"[.!?”\"»]\s", text)[-1]


def _said_after(text: str) -> str:
    return re.split(r"[.!?;:“\"«]|\b(?:and|as|but|while)\b", text, maxsplit=1)[0]


def _names(text: str) -> tuple[str, ...]:
    """Return words in a row that begin with capitals, also without the first of three or more."""
    found = []
    for name in _NAME.findall(text):
        found.append(name)
        if name.count(" ") > 1:
            found.append(name.partition(" ")[2])
    return tuple(dict.fromkeys(found))


def _plain(text: str) -> str:
    return _unescaped(text).replace("`", "").replace("*", "").strip(" .,;_")


def _unescaped(text: str) -> str:
    """Return Markdown text without its backslashes, emphasis and word joiners."""
    return re.sub(r"\\([^\w\s])", r"\1", re.sub(r"(?<!\\)\*{1,3}|\u2060", "", text))


_QUOTE_LINE = re.compile(r" {0,3}>[ \t]?")
_BRACKETED = re.compile(r"\[[^\[\]]*\]")
# White space is tried from its start only: from each of its lines it would be quadratic.
_ORIGIN_LINE = re.compile(r"(?<!\s)[^\S\n]*+\n\s*(?:—|–|―|--+|\()\s*([^\n]{2,200}?)\)?\s*\Z")
_ORIGIN_START = re.compile(
    r"[\s,.]*(?:(?:—|–|―|--+)\s*|[(\[](?!sic|my |emph|…|\.\.\.))([^\n)\]]{2,200})"
)
_NAME = re.compile(r"[A-Z][\w’'-]+(?:\s+(?:(?:al|de|van|von|bin|el)[\s-])?[A-Z][\w’'-]+){1,3}")

# Nothing closes many a single quote; so many apostrophes on, it is no longer looked for.
_APOSTROPHES = "{0,500}"
_MARKED = re.compile(
    "“(?P<curly>[^“”]*(?:“[^“”]*”[^“”]*)*)”"
    "|“(?P<open>[^“”]+)\\Z"
    "|„(?P<low>[^„“”]*)[“”]"
    "|«(?P<guillemets>[^«»]*)»"
    "|»(?P<reversed>[^«»]*)«"
    r'|(?<![\w"])"(?P<straight>(?=\S)[^"]*)"'
    rf"|(?<!\w)‘(?P<single>[^‘’]*+(?:(?:’(?=\w)|‘[^‘’]*+’)[^‘’]*+){_APOSTROPHES})’(?!\w)"
    rf"|(?<![\w'])'(?P<plain>(?=\S)[^']*+(?:'(?=\w)[^']*+){_APOSTROPHES})'(?!\w)"
)
