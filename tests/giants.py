"""How long and how much memory do the largest files take, and the most of them?

    python -m tests.giants [--only prose] [--bytes 15900000] [--tiny 100000] [--engine tantivy]

Each kind of file is made just under `max_file_size`, put beside an ordinary article, indexed and
searched, as a user would; printed are wall time, CPU time, the most memory of the program and its
processes together, and what it said was skipped. Nothing of it is kept.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.bench.measure import once
from tests.hostile import BODY
from tests.linear import PROSE

BYTES = 15_900_000
TINY = 100_000
GIGABYTE = 1_000_000_000
CHUNK = 1_000_000


class Cost(NamedTuple):
    """What a command took."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int


def _again(unit: str, size: int) -> bytes:
    encoded = unit.encode()
    return (encoded * (size // len(encoded) + 1))[:size].rsplit(encoded[-1:], 1)[0]


def _numbered(line: str, size: int) -> bytes:
    """Return lines of which none is as another."""
    lines, length = [], 0
    while length < size:
        lines.append(line.format(len(lines)))
        length += len(lines[-1].encode()) + 1
    return "\n".join(lines[:-1]).encode()


def _records(size: int) -> bytes:
    return _numbered('{{"title": "Number {}", "text": "' + PROSE * 3 + '"}}', size)


KINDS: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "prose": ("one.txt", lambda size: _again(PROSE + " ", size)),
    "prose-lines": ("lines.txt", lambda size: _numbered(PROSE + " That was no {}.\n", size)),
    "one-word": ("word.txt", lambda size: b"a" * size),
    "many-words": ("words.txt", lambda size: _numbered("word{0}x other{0}y", size)),
    "lost": (
        "lost.txt",
        lambda size: _numbered("The captain?s crew didn?t say why, no {}. ", size),
    ),
    "mojibake": (
        "mojibake.txt",
        lambda size: _numbered("The captainâ€™s crÃ¨w left, no {}.\n", size),
    ),
    "boilerplate": ("cuts.txt", lambda size: _numbered("Share this on Facebook\n{}\n", size)),
    "html": ("deep.html", lambda size: b"<div>" * (size // 5)),
    "html-paragraphs": ("page.html", lambda size: _numbered(f"<p>{PROSE} No {{}}.</p>", size)),
    "records": ("many.jsonl", _records),
    "repetition": ("again.txt", lambda size: _again(BODY, size)),
    "combining": ("marks.txt", lambda size: _again("a" + "\u0301" * 10_000, size)),
}
"""A file's name and content, by kind."""


def write(folder: Path, kind: str, size: int, tiny: int) -> None:
    """Write the corpus of a kind."""
    (folder / "plain.txt").write_text(f"A plain title\n\n{BODY}")
    if kind == "tiny":
        for number in range(tiny):
            path = folder / f"{number // 1000}" / f"{number}.txt"
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"Tiny {number}\n\nThe harbour of number {number} was closed.\n")
    elif kind == "gigabyte":
        with (folder / "gigabyte.txt").open("wb") as file:
            for _ in range(GIGABYTE // CHUNK):
                file.write(b"harbour " * (CHUNK // 8))
    else:
        name, content = KINDS[kind]
        title = b"" if name.endswith(".jsonl") else b"A title\n\n"
        (folder / name).write_bytes(title + content(size))


def measured(*arguments: str) -> Cost:
    """Run the program and measure it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = once([sys.executable, "-m", "isisdocs", *arguments])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(done.seconds, cpu, done.peak_bytes)


def costs(kind: str, size: int, tiny: int, engine: str) -> Iterator[str]:
    """Yield a line for each command with a corpus of the kind."""
    memory = Path("/dev/shm")  # noqa: S108  # the disk is not what is measured
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        corpus, index = Path(name) / "corpus", str(Path(name) / "index")
        corpus.mkdir()
        write(corpus, kind, size, tiny)
        read = sum(path.stat().st_size for path in corpus.rglob("*") if path.is_file())
        commands = {
            "index": ("index", "-q", str(corpus), "--engine", engine),
            "search": ("search", "harbour", "--limit", "3"),
            "again": ("index", "-q"),
        }
        for command, words in commands.items():
            cost = measured(*words, "--index", index)
            yield (
                f"{kind:16} {read / 1e6:7.1f} MB  {command:7} {cost.seconds:7.1f} s "
                f"{cost.cpu_seconds:7.1f} s CPU {cost.peak_bytes / 1e6:7.0f} MB"
            )
        report = subprocess.run(
            [sys.executable, "-m", "isisdocs", "index", "--json", "--index", index],
            capture_output=True,
            check=True,
        )
        for skipped in json.loads(report.stdout)["skipped"][:3]:
            yield f"{kind:16} skipped {skipped['path']}: {skipped['reason']}"


def main() -> None:
    """Print what each kind takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    kinds = [*KINDS, "gigabyte", "tiny"]
    parser.add_argument("--only", action="append", choices=kinds)
    parser.add_argument("--bytes", type=int, default=BYTES)
    parser.add_argument("--tiny", type=int, default=TINY, help="how many files of the kind `tiny`")
    parser.add_argument("--engine", default="whoosh")
    options = parser.parse_args()
    os.environ["ISISDOCS_PAGER"] = "cat"
    for kind in options.only or kinds:
        for line in costs(kind, options.bytes, options.tiny, options.engine):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
