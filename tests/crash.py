"""Kill writers at random moments: the index stays what it was or becomes what it should be.

    python -m tests.crash --minutes 5 [--engine tantivy]

Each round changes the corpus, starts `isisdocs index`, kills it after a random time and searches:
what is found must be the state before or after. In the end a run must complete, find what a fresh
build finds, and leave no file behind that a fresh index would not have.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from isisdocs.index import current
from isisdocs.index.update import update
from isisdocs.query.tree import Everything
from isisdocs.settings import ENGINES, Settings
from tests.bench import corpus as corpora

ARTICLES = 60
COMMAND = (sys.executable, "-m", "isisdocs", "index", "-q")


def ids(index: Path) -> list[str]:
    """Return what a reader of the index finds, every article of it read."""
    _, reader = current.open_reader(index)
    try:
        found = reader.search(Everything(), limit=None)
        articles = reader.articles([scored.id for scored in found.page])
        return sorted(article.id for article in articles)
    finally:
        reader.close()


def shape(index: Path) -> dict[str, int]:
    """Return how many files of each kind an index has, whatever they are called."""
    counts: dict[str, int] = {}
    for path in index.rglob("*"):
        kind = re.sub(r"isisdocs_\w+|[0-9a-f]{32}", "SEGMENT", path.name)
        kind = re.sub(r"\d+", "N", kind)
        if not kind.startswith("SEGMENT"):
            counts[kind] = counts.get(kind, 0) + 1
    return counts


def run(
    folder: Path,
    *,
    engine: str = ENGINES[0],
    rounds: int = 0,
    seconds: float = 0.0,
    seed: int = 1,
) -> int:
    """Kill writers for so many rounds or so long; return how many were killed at work."""
    random = Random(seed)  # noqa: S311  # nothing secret
    settings = Settings(corpus=folder / "corpus", index=folder / "index", engine=engine)
    corpora.write(settings.corpus, ARTICLES, seed=seed)
    update(settings)
    names = sorted(path for path in settings.corpus.rglob("*.txt"))
    deadline = time.monotonic() + seconds
    killed = done = 0
    while done < rounds or time.monotonic() < deadline:
        done += 1
        before = ids(settings.index)
        path = random.choice(names)
        if path.exists():
            path.unlink()
        else:
            path.write_text(f"Number {done}\n\nA new story about the harbour and its ships.\n")
        after = sorted(
            found.relative_to(settings.corpus).as_posix()
            for found in settings.corpus.rglob("*.txt")
        )
        rebuild = ("--rebuild",) if random.random() < 0.5 else ()
        arguments = (*COMMAND, *rebuild, str(settings.corpus), "--index", str(settings.index))
        process = subprocess.Popen(arguments)
        time.sleep(random.uniform(0.1, 0.7))
        process.kill()
        killed += process.wait() != 0
        found = ids(settings.index)
        assert found in (before, after), f"round {done}: neither the state before nor after"
    update(settings)
    assert ids(settings.index) == after, "the last run did not complete"
    fresh = Settings(corpus=settings.corpus, index=folder / "fresh", engine=engine)
    update(fresh)
    assert ids(fresh.index) == after
    assert shape(settings.index) == shape(fresh.index), "files were left behind"
    return killed


def main() -> None:
    """Run for some minutes and say how many writers were killed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=ENGINES, default=ENGINES[0])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        killed = run(
            Path(folder), engine=options.engine, seconds=options.minutes * 60, seed=options.seed
        )
    sys.stdout.write(f"{killed} writers killed; every search found one state or the other\n")


if __name__ == "__main__":
    main()
