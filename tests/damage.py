"""Damage an index in many ways: every answer stays as it was, or is an error that says how to heal.

    python -m tests.damage --flips 20000 [--engine tantivy]

flips one bit at a time, in every byte of every small file and at random in the large ones, of an
index of the seeds, and counts what came of it.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from isisdocs.cli import session
from isisdocs.engine.base import Order
from isisdocs.errors import IndexStoreError, IsisdocsError
from isisdocs.index.update import update
from isisdocs.search import Page, Query, ranked, read_query
from isisdocs.settings import ENGINES, Settings

from .conftest import SEEDS

SMALL_BYTES = 4096
QUERIES = (
    Query("isis"),
    Query('"islamic state" OR qaim'),
    Query("mosul NEAR/5 city -obama"),
    Query("terr* =US"),
    Query("why did the army retreat", any_word=True),
    Query("raqqa", since="2014-07"),
    Query("no-such-word-here"),
)


class Answers:
    """What an index of the seeds says to several questions, and what it said at first."""

    def __init__(self, folder: Path, engine: str = ENGINES[0]) -> None:
        """Build the index in *folder*; each question is put to a copy of it."""
        self._whole = folder / "whole"
        self._engine = engine
        update(Settings(SEEDS, self._whole, engine=engine))
        self._index = folder / "index"
        self._expected = _answers(self._whole)

    @property
    def files(self) -> tuple[Path, ...]:
        """The paths of the files in the index, locks left out."""
        return tuple(
            path.relative_to(self._whole)
            for path in sorted(self._whole.rglob("*"))
            if path.is_file() and path.suffix != ".lock" and not path.name.startswith(".")
        )

    def content(self, name: Path) -> bytes:
        """Return what a file of the undamaged index holds."""
        return (self._whole / name).read_bytes()

    def copy(self) -> Path:
        """Return a fresh copy of the undamaged index."""
        shutil.rmtree(self._index, ignore_errors=True)
        return shutil.copytree(self._whole, self._index)

    def outcome(self) -> str:
        """Return `same` or `refused` for the copy as it is now; AssertionError for anything else.

        What is refused must be an error of the index that says to build it anew.
        """
        try:
            found = _answers(self._index)
        except IsisdocsError as error:
            assert isinstance(error, IndexStoreError), repr(error)
            assert "--rebuild" in error.hint, f"{error.message}: {error.hint!r}"
            return "refused"
        assert found == self._expected, "another answer"
        return "same"

    def heals(self) -> bool:
        """Build the copy anew and return whether it says what it said at first."""
        update(Settings(SEEDS, self._index, engine=self._engine), rebuild=True)
        return _answers(self._index) == self._expected


def _answers(index: Path) -> list[object]:
    found: list[object] = []
    with session.opened(None, index) as opened:
        reader = opened.reader
        for query in QUERIES:
            # Snippets and exports are made of the articles, which are compared below.
            page = Page(limit=None)
            found.append(ranked(reader, query, page))
            found.append(reader.count(read_query(query).node))
        found += [ranked(reader, QUERIES[0], Page(order)) for order in Order]
        found.append(reader.articles(reader.ids()))
        found.append((list(reader.vocabulary())[::50], list(reader.spellings())[::50]))
        found.append((opened.corpus, opened.current.article_count, opened.copies))
    return found


def flips(answers: Answers, count: int, seed: int) -> Iterator[tuple[Path, int, int]]:
    """Yield file, byte and bit: of every byte of small files, and *count* in the large ones."""
    chance = random.Random(seed)  # noqa: S311  # nothing secret
    large = []
    for name in answers.files:
        size = len(answers.content(name))
        if size > SMALL_BYTES:
            large.append((name, size))
            continue
        for byte in range(size):
            yield name, byte, chance.randrange(8)
    for _ in range(count):
        name, size = chance.choice(large)
        yield name, chance.randrange(size), chance.randrange(8)


def flip(path: Path, byte: int, bit: int) -> None:
    """Change one bit of a file."""
    content = bytearray(path.read_bytes())
    content[byte] ^= 1 << bit
    path.write_bytes(content)


def main() -> None:
    """Flip bits, and say how many answers stayed and how many were refused, file by file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flips", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=ENGINES, default=ENGINES[0])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        answers = Answers(Path(folder), options.engine)
        counts: Counter[tuple[str, str]] = Counter()
        for name, byte, bit in flips(answers, options.flips, options.seed):
            flip(answers.copy() / name, byte, bit)
            # The names of segments are random.
            is_record = "-" in name.name or name.name in ("current.json", "meta.json")
            kind = name.name if is_record else name.name.partition(".")[2]
            try:
                counts[kind, answers.outcome()] += 1
            except Exception as error:
                raise AssertionError(f"{name}: byte {byte}, bit {bit}") from error
    for kind in sorted({kind for kind, _ in counts}):
        same, refused = counts[kind, "same"], counts[kind, "refused"]
        sys.stdout.write(f"{kind:20} {same:7,} same {refused:7,} refused\n")
    sys.stdout.write(f"{counts.total():,} flips: no other answer, no other error\n")


if __name__ == "__main__":
    main()
