"""From the blocks of a web page, which are cleaned as lines are, back to the lines of its file."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from isisdocs.model import Cut, Paragraph, Repair

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class _Piece(NamedTuple):
    """What of a block stands in one line of the file."""

    start: int
    """Character of the block."""
    line: int
    column: int
    """Where it starts in `Places.lines`, counted from 1."""


class Places:
    """Where the blocks of a page stand in its file; a block's number counts from 1."""

    def __init__(self, blocks: Sequence[Paragraph]) -> None:
        self._blocks = blocks
        self._pieces: list[list[_Piece]] = []
        lines: dict[int, str] = {}
        for block in blocks:
            starts = [(0, block.line), *block.later_lines]
            ends = [*(start for start, _ in block.later_lines), len(block.text)]
            pieces = []
            for (start, line), end in zip(starts, ends, strict=True):
                before = f"{lines[line]}\n" if line in lines else ""
                pieces.append(_Piece(start, line, len(before) + 1))
                lines[line] = before + block.text[start:end]
            self._pieces.append(pieces)
        self.lines = lines
        """By number, the text in a line of the file, that of each block in a line of its own: what
        the columns of repairs count in."""

    def paragraph(self, cleaned: Paragraph, repairs: Iterable[Repair]) -> Paragraph:
        """Return a block that *repairs*, in blocks, have changed, with its lines in the file."""
        block = self._blocks[cleaned.line - 1]
        grown = [(repair.column - 1, len(repair.after) - len(repair.before)) for repair in repairs]
        later = [
            (start + sum(more for column, more in grown if column < start), line)
            for start, line in block.later_lines
        ]
        return Paragraph(block.line, cleaned.text, tuple(later))

    def repair(self, made: Repair) -> Repair:
        """Return a repair of a block as one of the file."""
        pieces = self._pieces[made.line - 1]
        at = bisect_right(pieces, made.column - 1, key=lambda piece: piece.start) - 1
        start, line, column = pieces[at]
        column += made.column - 1 - start
        return Repair(line, column, made.before, made.after, made.rule, made.confidence)

    def cut(self, made: Cut) -> Cut:
        """Return a cut of a block as one of the file."""
        return Cut(self.line(made.line), made.text, made.rule)

    def line(self, number: int) -> int:
        """Return the line of the file where a block starts."""
        return self._blocks[number - 1].line
