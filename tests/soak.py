"""One writer and four readers for minutes on end, all of them killed at random moments.

    python -m tests.soak --minutes 10 [--engine tantivy]

The writer changes the corpus and runs `isisdocs index`; it is killed at times. Each reader runs one
command after another, search, export, list and others, some of them bringing the index up to date
themselves; these are killed at times too. Some articles of the corpus say in their text which
version they are, all of them the same: half a commit would show as articles of two versions, or as
too few of them.

No reader that lives fails or prints half a document, and in the end the index answers as one that
is built from scratch.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from isisdocs.engine.base import Order
from isisdocs.index import current
from isisdocs.index.copies import read_copies
from isisdocs.index.update import update
from isisdocs.search import Page, Query, ranked
from isisdocs.settings import ENGINES, Settings
from tests.bench import corpus as corpora

ARTICLES = 60
VERSIONED = 12
"""So many articles have the version in their text, all of them the same."""
READERS = 4
KILLED = 0.15
"""What part of the processes is killed."""
COMMAND = (sys.executable, "-m", "isisdocs")
QUESTIONS = ("version", "state harbour", '"of the"', "s*", "zebra", "title:story", "-state")


class Soak:
    """What the processes share."""

    def __init__(self, folder: Path, seed: int, engine: str) -> None:
        self.settings = Settings(folder / "corpus", folder / "index", engine=engine)
        self.folder = folder
        self.seed = seed
        self.counts: Counter[str] = Counter()
        self.failures: list[str] = []
        self.stop = threading.Event()
        self._counting = threading.Lock()
        corpora.write(self.settings.corpus, ARTICLES, seed=seed)
        self.version = 0
        self.write_version()
        update(self.settings)

    def write_version(self) -> None:
        """Give all the versioned articles the next version, in one step."""
        self.version += 1
        text = f"This is version v{self.version} of the story, told at the harbour."
        records = [{"title": f"Story {number}", "text": text} for number in range(VERSIONED)]
        made = self.folder / "made"
        made.write_text("".join(json.dumps(record) + "\n" for record in records))
        made.replace(self.settings.corpus / "versioned.jsonl")

    def count(self, what: str) -> None:
        """Count what has happened."""
        with self._counting:
            self.counts[what] += 1

    def run(self, chance: Random, *arguments: str, longest: float) -> tuple[int, str, str] | None:
        """Run a command and return code, stdout and stderr; None where it was killed."""
        process = subprocess.Popen(
            [*COMMAND, *arguments, "--index", str(self.settings.index)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if chance.random() < KILLED:
            time.sleep(chance.uniform(0.0, longest))
            process.kill()
        out, errors = process.communicate()
        return None if process.returncode == -9 else (process.returncode, out, errors)

    def failed(self, what: str, done: tuple[int, str, str]) -> None:
        """Take down a failure."""
        with self._counting:
            self.failures.append(f"{what}: exit {done[0]}\n{done[1][-500:]}\n{done[2][-1500:]}")


def write(soak: Soak, chance: Random) -> None:
    """Change the corpus and bring the index up to date, until it is enough."""
    names = sorted(path for path in soak.settings.corpus.rglob("0*.txt"))
    names = names or sorted(soak.settings.corpus.glob("*.txt"))
    while not soak.stop.is_set():
        soak.write_version()
        path = chance.choice(names)
        if path.exists() and chance.random() < 0.5:
            path.unlink()
        else:
            path.write_text(f"Zebra {chance.random()}\n\nA zebra came to the harbour.\n")
        options = ["--rebuild"] if chance.random() < 0.3 else []
        done = soak.run(chance, "index", "-q", *options, longest=0.8)
        if done is None:
            soak.count("writers killed")
        elif done[0] == 0:
            soak.count("updates")
        elif "another process is writing" in done[2]:
            soak.count("writers that waited in vain")
        else:
            soak.failed("index", done)
        time.sleep(chance.uniform(0, 0.3))


def read(soak: Soak, chance: Random) -> None:
    """Ask one thing after another, until it is enough."""
    while not soak.stop.is_set():
        refresh = [] if chance.random() < 0.3 else ["--no-refresh"]
        kind = chance.choice(("whole", "search", "export", "list", "kwic"))
        target = soak.folder / f"export-{threading.get_ident()}.jsonl"
        question = chance.choice(QUESTIONS)
        if kind == "whole":
            arguments = ["search", "version", "--json", "-m", "0"]
        elif kind == "export":
            before = target.read_bytes() if target.exists() else None
            arguments = ["export", question, "-o", str(target)]
        elif kind == "list":
            arguments = ["list", "--json"]
        else:
            arguments = [kind, "--json", question]
        done = soak.run(chance, *arguments, *refresh, longest=0.6)
        if done is None:
            soak.count("readers killed")
            if kind == "export":
                after = target.read_bytes() if target.exists() else None
                if after != before and not _is_whole(target):
                    soak.failures.append(f"half an export: {target}")
            continue
        soak.count(f"{kind} read")
        problem = _problem(kind, done, target)
        if problem:
            soak.failed(f"{' '.join([*arguments, *refresh])}: {problem}", done)


def _problem(kind: str, done: tuple[int, str, str], target: Path) -> str:
    """Return what is wrong with what a reader said."""
    code, out, errors = done
    if code not in (0, 1) or "Traceback" in errors or "damaged" in errors:
        return "failed"
    if kind == "export":
        return "" if code == 1 or _is_whole(target) else "half a file"
    if kind == "whole":
        found = json.loads(out)["hits"]
        versions = {snippet["text"] for hit in found for snippet in hit["snippets"]}
        total = sum(1 + len(hit.get("near_copies", ())) for hit in found)
        if len(versions) != 1 or total != VERSIONED:
            return f"{total} articles of {sorted(versions)}"
    elif kind == "search":
        json.loads(out)
    return ""


def _is_whole(target: Path) -> bool:
    lines = target.read_text(encoding="utf-8").splitlines()
    return all(isinstance(json.loads(line), dict) for line in lines)


def answers(settings: Settings) -> list[object]:
    """Return what an index says to many questions."""
    state, reader = current.open_reader(settings.index)
    try:
        found: list[object] = [reader.articles(reader.ids()), list(reader.vocabulary())]
        found.append(read_copies(settings.index, state))
        for question in QUESTIONS:
            for order in Order:
                page = ranked(reader, Query(question), Page(order=order, limit=None))
                found.append((page.total, [(one.id, round(one.score, 6)) for one in page.page]))
        return found
    finally:
        reader.close()


def totals(settings: Settings) -> list[object]:
    """Return which articles an index has, and which it finds for many questions."""
    _, reader = current.open_reader(settings.index)
    try:
        pages = (ranked(reader, Query(question), Page(limit=None)) for question in QUESTIONS)
        found: list[object] = [sorted(one.id for one in page.page) for page in pages]
        return [reader.ids(), *found]
    finally:
        reader.close()


def run(folder: Path, *, seconds: float, seed: int = 1, engine: str = ENGINES[0]) -> Soak:
    """Soak for so long; AssertionError where anything went wrong."""
    soak = Soak(folder, seed, engine)
    parts = [(write, 0), *((read, number) for number in range(1, READERS + 1))]

    def work(part: Callable[[Soak, Random], None], number: int) -> None:
        try:
            part(soak, Random(seed * 100 + number))  # noqa: S311  # nothing secret
        except BaseException as error:
            soak.failures.append(f"{part.__name__}: {error!r}")
            raise

    threads = [threading.Thread(target=work, args=part) for part in parts]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not soak.failures:
        time.sleep(0.2)
    soak.stop.set()
    for thread in threads:
        thread.join()
    assert not soak.failures, "\n\n".join(soak.failures)
    fresh = Settings(soak.settings.corpus, folder / "fresh", engine=engine)
    update(fresh)
    update(soak.settings)
    assert totals(soak.settings) == totals(fresh), "another answer than a fresh build's"
    # With the evidence of the last state of the folder, as a build from scratch collects it.
    update(soak.settings, rebuild=True)
    assert answers(soak.settings) == answers(fresh), "another answer than a fresh build's"
    kinds = [sorted(_kinds(one.index)) for one in (soak.settings, fresh)]
    assert kinds[0] == kinds[1], f"files were left behind: {kinds}"
    return soak


def _kinds(index: Path) -> list[str]:
    # Numbers and the random names of segments differ.
    names = (path.name for path in index.iterdir())
    kept = (name.split(".", 1)[-1] if name.startswith("isisdocs_") else name for name in names)
    return ["".join(letter for letter in name if not letter.isdigit()) for name in kept]


def main() -> None:
    """Soak for some minutes and say what was done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=ENGINES, default=ENGINES[0])
    options = parser.parse_args()
    os.nice(5)
    with tempfile.TemporaryDirectory() as folder:
        seconds = options.minutes * 60
        soak = run(Path(folder), seconds=seconds, seed=options.seed, engine=options.engine)
    for what, count in sorted(soak.counts.items()):
        sys.stdout.write(f"{count:7,} {what}\n")
    sys.stdout.write("no reader failed; in the end every answer is that of a fresh build\n")


if __name__ == "__main__":
    main()
