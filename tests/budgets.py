"""What may a query cost, however it is meant? Every hostile query by every command, measured.

    python -m tests.budgets [--corpus hostile|bench] [--engine tantivy] [--folder FOLDER] [--all]

Queries of 100 KB, of 10,000 words, nested 1,000 deep, of nothing but wildcards, slips and
distances, are asked of two corpora: a hostile one, in which one word stands 40,000 times in an
article, and 10,000 articles such as `tests.bench` has. Each runs in a process of its own, forked
when the program's modules are there; the start of those, a tenth of a second, comes on top. Of
each command the dearest queries are printed (with --all, all), and those over the budget are
flagged: then the exit code is 1.

An index is kept in FOLDER for the next time; without one it is made and deleted.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import io
import os
import resource
import shlex
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from isisdocs.cli import app, run
from isisdocs.index.update import update
from isisdocs.settings import Settings
from tests import hostile
from tests.bench import corpus as bench

BUDGET = {"hostile": 5.0, "bench": 10.0}
"""Seconds of CPU that a query may take, beside the start of the program."""
MEMORY_BUDGET = 400_000_000
"""Bytes that a query may take beside what the program has when it starts."""
GIVEN_UP = 30
"""Seconds of CPU after which a query is ended."""

LONG = 100_000
FREQUENT = "the of to and in a is that".split()

QUERIES = {
    "one word of 100 KB": "a" * LONG,
    "100 KB of one word": "war " * (LONG // 4),
    "10,000 words": " ".join(f"w{n}" for n in range(10_000)),
    "10,000 alternatives": " OR ".join(f"w{n}" for n in range(10_000)),
    "10,000 common words": " ".join(FREQUENT * 1_250),
    "10,000 common alternatives": " OR ".join(FREQUENT * 1_250),
    "one frequent word": "war",
    "a stop word": "the",
    "1,000 parentheses": "(" * 1000 + "war" + ")" * 1000,
    "1,000 nested alternatives": "(a OR " * 1000 + "war" + ")" * 1000,
    "1,000 parentheses in a phrase": '"' + "(a OR " * 1000 + "war" + ")" * 1000 + '"',
    "1,000 negations": "NOT (" * 1000 + "war" + ")" * 1000,
    "open parentheses": "(" * LONG,
    "closing parentheses": ")" * LONG,
    "quotation marks": '"' * LONG,
    "everything": "*",
    "everything again and again": "* " * 1000,
    "stars": "*" * LONG,
    "a prefix": "a*",
    "any letter and anything": "?*",
    "an ending": "*a",
    "a middle": "*a*",
    "any letters": "??* OR ???* OR ????*",
    "many stars in a word": "a*" * 5000 + "b",
    "question marks in a word": "a" + "?" * 5000 + "b",
    "1,000 patterns": " OR ".join(f"*{n}a*b" for n in range(1000)),
    "64 middles": " OR ".join(f"*{a}*{b}*" for a in "aeiostrn" for b in "aeiostrn"),
    "fuzzy on everything": " OR ".join(f"{word}~2" for word in FREQUENT * 100),
    "1,000 fuzzy words": " OR ".join(f"word{n}~2" for n in range(1000)),
    "64 fuzzy letters": " OR ".join(f"{a}{b}~2" for a in "aeiostrn" for b in "aeiostrn"),
    "a huge slop": f'"the war"~{"9" * 1000}',
    "a huge distance": f"the NEAR/{'9' * 1000} of",
    "a NEAR of frequent words": f'"{" ".join(FREQUENT)}"~5',
    "a NEAR of frequent words, far apart": f'"{" ".join(FREQUENT)}"~9999',
    "a NEAR of one word": '"war war war war war war war war"~100',
    "1,000 NEARs": "the NEAR/9 of " * 1000,
    "a chain of NEARs": "the" + " ADJ/9999 of NEAR/9999 the" * 1000,
    "a NEAR of patterns": "?* NEAR/9999 ??* NEAR/9999 ???*",
    "a phrase of patterns": '"?* ?* ?* ?*"',
    "a phrase of a prefix": '"the a* of"',
    "a phrase of two words": '"of the"',
    "a phrase of one word": '"war war"',
    "a phrase of 10,000 words": f'"{"war " * 10_000}"',
    "a phrase of alternatives": f'"{"(war OR war war) " * 2000}"',
    "a word of hyphens": "-".join("a" * 50_000),
    "a word of dots": ".".join("a" * 50_000),
    "a word of commas": "1," * 50_000,
    "a word of apostrophes": "a'" * 50_000,
    "tildes": "a~" * 50_000,
    "equals signs": "=" * 50_000 + "war",
    "pluses": "+" * 50_000,
    "operators": "AND OR NOT NEAR " * 6000,
    "fields": "title:" * 15_000 + "war",
    "the untouched file": "in:raw the",
    "a phrase in the untouched file": 'raw:"of the"',
    "dates": "date:june " * 10_000,
    "a long date": "date:" + "1" * LONG,
    "a long path": "path:" + "*a" * 50_000,
    "brackets in a path": "path:" + "[" * 500,
    "combining marks": "a" + "\u0301" * 50_000,
    "joiners": "a" + "\u200d" * 30_000,
    "ideographs": "漢" * 30_000,
    "emoji": "😀\u200d" * 15_000,
    "half a surrogate pair": "\ud800war \udfff",
    "escape codes": "\x1b[31mwar\x07 \x1b]0;title\x07 \x9b2J \u202ewar",
    "lines": "war\n\n\rstate\0",
    "markup": "[red]war[/red] <script> \\x1b",
    "a regular expression": "(a+)+$ ^(([a-z])+.)+[A-Z]([a-z])+$ (.*)*x{1,99999}",
}
"""What is asked, by what it is."""

COMMANDS = (
    "search",
    "search --count",
    "search --any",
    "search --snippets all --json",
    "search --explain",
    "search --hits",
    "kwic --sort L1,R1",
    "export --format md",
    "export --format jsonl",
    "facets",
    "timeline",
    "collocates",
    "keywords",
)


class Cost(NamedTuple):
    """What a query took."""

    command: str
    query: str
    seconds: float
    """Of CPU; infinity where it was ended."""
    bytes: int
    """Of memory at the most, beside what the program has when it starts."""
    code: int
    """The exit code; that of a signal is negative."""
    errors: str
    """The end of what it said on stderr."""


def write_hostile(folder: Path) -> None:
    """Write a corpus in which words are where nobody would put them."""
    hostile.write(folder)
    random = Random(1)  # noqa: S311  # nothing secret
    frequent = (" ".join(random.choice(FREQUENT) for _ in range(400)) for _ in range(100))
    words = (f"{word}{number}" for word in FREQUENT for number in range(1000))
    texts = {
        "one": "war " * 40_000 + ".",
        "lines": "war war war war.\n" * 10_000,
        "frequent": ".\n\n".join(frequent) + ".",
        "many": f"All: {' '.join(words)} state war.",
    }
    for name, text in texts.items():
        (folder / f"words_{name}.txt").write_text(f"A title of {name}\n\n{text}\n")


def costs(index: Path, commands: Iterable[str], queries: Iterable[str]) -> Iterator[Cost]:
    """Yield what each query takes by each command."""
    app()  # all of the program's modules
    queries = tuple(queries)
    gc.collect()
    gc.freeze()
    for command in commands:
        for name in queries:
            yield _cost(index, command, name)


def _cost(index: Path, command: str, name: str) -> Cost:
    with tempfile.TemporaryFile() as errors:
        before = _resident()
        pid = os.fork()
        if not pid:
            _ask(shlex.split(command), index, QUERIES[name], errors.fileno())
        _, status, usage = os.wait4(pid, 0)
        errors.seek(0)
        said = errors.read().decode(errors="replace").strip().rpartition("\n")[2]
    code = os.waitstatus_to_exitcode(status)
    seconds = float("inf") if code < 0 else usage.ru_utime + usage.ru_stime
    return Cost(command, name, seconds, max(0, usage.ru_maxrss * 1024 - before), code, said)


def _resident() -> int:
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _ask(words: Sequence[str], index: Path, query: str, errors: int) -> None:
    """Run one command in this process, which ends with it."""
    code = 70
    resource.setrlimit(resource.RLIMIT_CPU, (GIVEN_UP, GIVEN_UP))
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(errors, 2)
        out = io.TextIOWrapper(os.fdopen(1, "wb", closefd=False), encoding="utf-8")
        err = io.TextIOWrapper(os.fdopen(2, "wb", closefd=False), encoding="utf-8")
        sys.stdout, sys.stderr = out, err
        with contextlib.suppress(BrokenPipeError):
            code = run([*words, "--no-refresh", "--index", str(index), "--", query])
        out.flush()
        err.flush()
    finally:
        os._exit(code)


def built(folder: Path, corpus: str, engine: str, articles: int) -> Path:
    """Return the index of a corpus in the folder, made where it is not there."""
    index = folder / f"{corpus}-{engine}"
    if not index.exists():
        texts = folder / corpus
        if not texts.exists():
            if corpus == "hostile":
                write_hostile(texts)
            else:
                bench.write(texts, articles)
        update(Settings(corpus=texts, index=index, engine=engine))
    return index


def _row(cost: Cost, budget: float) -> str:
    said = "" if cost.code == 0 else f"  exit {cost.code}: {cost.errors[:60]}"
    flag = "  OVER" if _is_over(cost, budget) else ""
    return (
        f"{cost.command:30} {cost.query:36} {cost.seconds:7.2f} s {cost.bytes / 1e6:6.0f} MB"
        f"{flag}{said}\n"
    )


def _is_over(cost: Cost, budget: float) -> bool:
    return cost.seconds > budget or cost.bytes > MEMORY_BUDGET or not 0 <= cost.code <= 2


def main() -> int:
    """Print what the queries take, and tell whether none is over its budget."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", action="append", choices=BUDGET)
    parser.add_argument("--engine", default="whoosh")
    parser.add_argument("--articles", type=int, default=10_000, help="of the corpus `bench`")
    parser.add_argument("--folder", type=Path, help="where corpora and indexes are kept")
    parser.add_argument("--command", action="append")
    parser.add_argument("--query", action="append", choices=QUERIES)
    parser.add_argument("--all", action="store_true", help="print every query")
    options = parser.parse_args()
    over = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for corpus in options.corpus or BUDGET:
            index = built(folder, corpus, options.engine, options.articles)
            budget = BUDGET[corpus]
            sys.stdout.write(f"{corpus}, {options.engine}: at most {budget} s\n")
            for command in options.command or COMMANDS:
                found = sorted(
                    costs(index, [command], options.query or QUERIES),
                    key=lambda cost: -cost.seconds,
                )
                flagged = [cost for cost in found if _is_over(cost, budget)]
                over += len(flagged)
                for cost in found if options.all else flagged or found[:1]:
                    sys.stdout.write(_row(cost, budget))
                sys.stdout.flush()
    sys.stdout.write(f"{over} over the budget\n")
    return bool(over)


if __name__ == "__main__":
    sys.exit(main())
