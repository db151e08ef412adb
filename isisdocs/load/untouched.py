"""The text of a file as it came, in the units it is searched by: lines and joined lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isisdocs.model import Paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable


def units(text: str, paragraphs: Iterable[Paragraph]) -> tuple[Paragraph, ...]:
    """Return the lines of *text* that have something in them, white space around them left out.

    *text* is decoded and nothing else. Lines that were joined to one of *paragraphs* are one unit,
    so that a phrase is found across the end of a line. A unit that reads as its paragraph does is
    the same object.
    """
    lines = {
        number: bare for number, line in enumerate(text.split("\n"), 1) if (bare := line.strip())
    }
    found: dict[int, Paragraph] = {}
    for paragraph in paragraphs:
        if not paragraph.later_lines:
            if lines.get(paragraph.line) == paragraph.text:
                found[paragraph.line] = paragraph
                del lines[paragraph.line]
            continue
        numbers = [paragraph.line, *(line for _, line in paragraph.later_lines)]
        if all(number in lines for number in numbers):
            unit = _joined([(number, lines.pop(number)) for number in numbers])
            found[unit.line] = paragraph if unit == paragraph else unit
    found.update((number, Paragraph(number, line)) for number, line in lines.items())
    return tuple(found[number] for number in sorted(found))


def _joined(lines: list[tuple[int, str]]) -> Paragraph:
    starts, offset = [], 0
    for number, line in lines:
        starts.append((offset, number))
        offset += len(line) + 1
    return Paragraph(lines[0][0], " ".join(line for _, line in lines), tuple(starts[1:]))
