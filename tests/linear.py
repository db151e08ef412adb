"""Does the time of every stage grow as its input does, however ill that input is meant?

    python -m tests.linear [--size 400000] [--stage clean] [--input spaces]

Each stage reads each text at three sizes, each twice the one before, and its CPU time is taken. A
stage that takes more than three times as long for twice as much is flagged, and then the exit code
is 1; what is faster than `TRIFLE` is too fast to be told from noise. `tests.test_linear` runs it on
small texts.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

from isisdocs.errors import QueryError
from isisdocs.explore.quotations import quotations
from isisdocs.explore.wording import segments
from isisdocs.load import corpus, decode
from isisdocs.load.clean import clean
from isisdocs.load.paragraphs import join
from isisdocs.load.repair import repair
from isisdocs.model import Paragraph
from isisdocs.output.visible import visible
from isisdocs.passages import find, passages, snippets
from isisdocs.query.parse import parse
from isisdocs.sentences import sentences
from isisdocs.settings import LoadSettings
from isisdocs.words import occurrences, tokens
from tests.samples import article

STEEP = 3.0
TRIFLE = 0.03
LONGEST = 60.0
"""Seconds of CPU after which one measurement is given up, and flagged."""


def _passages(text: str) -> None:
    made = article(*text.split("\n"))
    marked = find(parse("a* OR harbour OR (the NEAR/3 a)").node, made)
    snippets(marked, made)
    passages(marked, made)


def _query(text: str) -> None:
    with suppress(QueryError):
        parse(text)


def _page(text: str) -> None:
    corpus.article("a.html", text.encode(errors="replace"), LoadSettings())


STAGES: dict[str, Callable[[str], object]] = {
    "decode": lambda text: decode.decode(text.encode("cp1252", "replace")),
    "repair": repair,
    "clean": lambda text: clean(text.split("\n")),
    "join": lambda text: join([Paragraph(n, line) for n, line in enumerate(text.split("\n"), 1)]),
    "article": lambda text: corpus.article("a.txt", text.encode(), LoadSettings()),
    "page": _page,
    "words": tokens,
    "index": lambda text: occurrences(text.split("\n")),
    "sentences": sentences,
    "passages": _passages,
    "query": _query,
    "draft": quotations,
    "wording": segments,
    "visible": visible,
}
PROSE = "The harbour was closed for three days, and nobody said why."
UNITS = {
    "one word": "a",
    "capitals": "A",
    "accents": "é",
    "half-accents": "aé",
    "names": "Ada ",
    "short lines": "a\n",
    "prose lines": PROSE + "\n",
    "prose": PROSE + " ",
    "wrapped": PROSE + "\nand on\n",
    "question marks": "?",
    "lost": "a?b ",
    "lost quotes": "?a? ",
    "replacements": "\ufffd",
    "quotes": '"',
    "single quotes": "'a ",
    "curly quotes": "“",
    "closed quotes": "“a” ",
    "low quotes": "„",
    "guillemets": "»a ",
    "apostrophes": "a’",
    "combining marks": "\u0301",
    "full stops": "a.",
    "dots": ".",
    "spaces": " ",
    "spaced": "a ",
    "blank lines": "\n",
    "tabs": "\t\xa0",
    "less-than": "<",
    "tags": "<b>",
    "attributes": "<a b='",
    "entities": "&amp",
    "nested entities": "&amp;",
    "backslashes": "\\",
    "backticks": "`",
    "digits": "1",
    "dates": "1 May 2014, ",
    "slashed": "1/",
    "brackets": "[({",
    "closed brackets": "[a] ",
    "parentheses": "(",
    "commas": ",",
    "colons": "a:",
    "dashes": "-",
    "hyphenated": "a-",
    "long dashes": "— ",
    "soft hyphens": "\xad",
    "bullets": "• ",
    "items": "1. ",
    "copyright": "© ",
    "by": "by A ",
    "days": " on Mon",
    "mail": "@a",
    "addresses": "http://a.b/?c ",
    "stars": "*a",
    "bars": "a | ",
    "ideographs": "在",
    "emoji": "👍\u200d",
    "controls": "\x1b[1",
    "mojibake": "â€™",
    "more": "More > ",
    "mixed": "a\r\n\x0b\u2028",
    "numbered titles": "The ship no. {}\n",
    "numbered losses": "The crew didn?t say why, no {}.\n",
}


def text_of(unit: str, size: int, *, is_alone: bool) -> str:
    """Return the unit over and over, and where it is not alone, an article around it.

    Where it has a `{}` each has its number there.
    """
    count = size // len(unit) + 1
    run = unit * count if "{}" not in unit else "".join(map(unit.format, range(count)))
    run = run[:size]
    return run if is_alone else f"A title\n\n{PROSE}\n\n{run}’\n\n{PROSE}\n"


class _TooLongError(Exception):
    pass


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    def end(*_: object) -> None:
        raise _TooLongError

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def cpu_seconds(stage: Callable[[str], object], text: str) -> float:
    """Return what the stage takes; infinity where it is longer than `LONGEST`."""
    start = time.process_time()
    try:
        with _at_most(LONGEST), suppress(decode.BinaryData):
            stage(text)
    except _TooLongError:
        return float("inf")
    return time.process_time() - start


class Growth(NamedTuple):
    """What a stage took for a text of three sizes, in seconds of CPU."""

    stage: str
    text: str
    seconds: tuple[float, float, float]

    @property
    def is_steep(self) -> bool:
        """Whether it is worse than linear, as far as one can tell."""
        _, before, last = self.seconds
        return last == float("inf") or last > max(TRIFLE, STEEP * before)


def measure(size: int, stages: list[str], units: list[str]) -> Iterator[Growth]:
    """Yield the growth of every stage with every text, the longest of them of so many letters."""
    for stage in stages:
        for name in units:
            for is_alone in (True, False):
                sizes = (size // 4, size // 2, size)
                texts = [text_of(UNITS[name], one, is_alone=is_alone) for one in sizes]
                first, second, last = (cpu_seconds(STAGES[stage], one) for one in texts)
                growth = Growth(stage, name + (" alone" * is_alone), (first, second, last))
                if growth.is_steep and last < LONGEST:  # once more: a busy machine has its pauses
                    first, second, last = (cpu_seconds(STAGES[stage], one) for one in texts)
                    growth = growth._replace(seconds=(first, second, last))
                yield growth


def main() -> int:
    """Print what every stage takes, and tell whether none is worse than linear."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=200_000, help="characters of the longest text")
    parser.add_argument("--stage", action="append", choices=STAGES)
    parser.add_argument("--input", action="append", choices=UNITS)
    options = parser.parse_args()
    steep = 0
    for growth in measure(options.size, options.stage or [*STAGES], options.input or [*UNITS]):
        times = " ".join(f"{one:8.3f}" for one in growth.seconds)
        steep += growth.is_steep
        flag = "  STEEP" if growth.is_steep else ""
        sys.stdout.write(f"{growth.stage:10} {growth.text:24} {times}{flag}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{steep} worse than linear\n")
    return bool(steep)


if __name__ == "__main__":
    sys.exit(main())
