"""Matched passages as a Markdown document with a section for each article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

from isisdocs.output import dates
from isisdocs.output.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from isisdocs.model import Passage
    from isisdocs.output.export import Cited, Provenance


def write(stream: TextIO, cited: Iterable[Cited], provenance: Provenance) -> int:
    """Write a document with a section for each article; return how many passages it quotes."""
    count = 0
    stream.write(f"# Passages for {_escaped(provenance.query)}\n\n{provenance.run_at}\n")
    for article, passages in cited:
        if not passages:
            continue
        metadata = article.metadata
        about = [", ".join(metadata.authors), dates.in_words(metadata.date), metadata.source or ""]
        stream.write(f"\n## {_escaped(metadata.title or '(no title)')}\n")
        if line := ", ".join(_escaped(part) for part in about if part):
            stream.write(f"\n{line}\n")
        for passage in passages:
            quote = _emphasised(passage).replace("\n", "\n> ").replace("> \n", ">\n")
            place = provenance.location.of(article, passage.line)
            stream.write(f"\n> {quote}\n>\n> — `{place.replace('`', '')}`\n")
            count += 1
    return count


# What would be markup anywhere in a line, or at its start.
_MARKUP = re.compile(r"[\\`*_\[\]<>|~&]|^(?:[#+-]|\d+(?=[.)]))", re.MULTILINE)


def _escaped(text: str) -> str:
    return _MARKUP.sub(lambda found: _defused(found[0]), visible(text))


def _defused(markup: str) -> str:
    return f"{markup}\u2060" if markup[0].isdigit() else f"\\{markup}"


def _emphasised(passage: Passage) -> str:
    parts: list[str] = []
    reached = 0
    for start, end in passage.ranges:
        parts += (
            _escaped(passage.text[reached:start]),
            "**",
            _escaped(passage.text[start:end]),
            "**",
        )
        reached = end
    return "".join((*parts, _escaped(passage.text[reached:])))
