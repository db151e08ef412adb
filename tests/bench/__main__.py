"""Measure isisdocs beside its peers, in one run on one machine, with public tools only.

    python -m tests.bench [--articles 1000 10000] [--only isisdocs whoosh]

Writes tests/bench/RESULTS.md and prints the short table that README has. What is measured is whole
processes, as a user runs them: wall time, the best of a few for searches, and for builds the most
memory of a process and all its children. A peer that is not installed is left out with a word.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

from tests.bench import corpus as corpora
from tests.bench.measure import cores, load_average, once, several
from tests.bench.peers import PEERS, QUERIES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.bench.peers import Peer

RESULTS = Path(__file__).with_name("RESULTS.md")
BARE = (sys.executable, "-c", "import typer, rich.console, whoosh.index, whoosh.qparser")
CHANGED_SHARE = 100
"""One of so many articles is changed for the update."""
STEPS = ("build", "build memory", "index size", "no-op update", "update of 1 %")

SHORT = ("build", "index size", "no-op update", "one word", "phrase", "common prefix")
"""The rows of the short table."""

Row = dict[str, str]


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("--articles", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--only", nargs="+", default=[peer.name for peer in PEERS])
    parser.add_argument("--no-write", action="store_true", help="Leave RESULTS.md as it is.")
    options = parser.parse_args()
    peers = [peer for peer in PEERS if peer.name in options.only]
    present = [peer for peer in peers if peer.is_installed()]
    left_out = [peer.name for peer in peers if peer not in present]
    parts = [_introduction(present, left_out), _page()]
    for count in options.articles:
        with tempfile.TemporaryDirectory(prefix="isisdocs-bench-") as folder:
            parts.append(_section(Path(folder), count, present))
        sys.stdout.write(parts[-1] + "\n")
    sys.stdout.write(f"For README:\n\n{_short(parts[-1])}\n")
    if not options.no_write:
        RESULTS.write_text("\n".join(parts), encoding="utf-8")


def _section(folder: Path, count: int, peers: Sequence[Peer]) -> str:
    """Measure everything at one size and return its part of the results."""
    corpus = folder / "corpus"
    corpora.write(corpus, count)
    size = sum(path.stat().st_size for path in corpus.rglob("*.txt"))
    listing = ("find", str(corpus), "-type", "f", "-printf", "%s %T@\\n")
    rows = {peer.name: _measure(peer, corpus, folder / peer.name, count) for peer in peers}
    bare, find = several(BARE), several(listing)
    for row in rows.values():
        for query in QUERIES:
            if query in row:
                row[query] += f" ({float(row[query].removesuffix(' ms')) / bare:.2f})"
    headline = (
        f"Bare imports {bare:.0f} ms, `find … -printf` {find:.0f} ms; a search's time is also "
        f"given as a multiple of the bare imports. Load at the end: {load_average()}."
    )
    lines = [
        f"## {count:,} articles, {size / 1e6:.1f} MB",
        "",
        headline,
        "",
        f"| | {' | '.join(rows)} |",
        f"|---|{'---|' * len(rows)}",
    ]
    lines += [
        f"| {step} | {' | '.join(row.get(step, '–') for row in rows.values())} |"
        for step in (*STEPS, *QUERIES)
    ]
    return "\n".join((*lines, ""))


def _short(section: str) -> str:
    """Return the rows of a section that README shows."""
    lines = section.splitlines()
    shown = ("| |", "|---", *(f"| {step} |" for step in SHORT))
    return "\n".join((lines[0].removeprefix("## "), "", *filter(_starts(shown), lines)))


def _starts(beginnings: tuple[str, ...]) -> Callable[[str], bool]:
    return lambda line: line.startswith(beginnings)


def _measure(peer: Peer, corpus: Path, index: Path, count: int) -> Row:
    row: Row = {}
    if peer.index_in_corpus:
        copy = index.with_name(f"{peer.name}-corpus")
        copytree(corpus, copy)
        corpus, index = copy, copy / peer.index_in_corpus
    if peer.build is not None:
        built = once(peer.build(corpus, index), environment=peer.environment(index))
        row["build"] = f"{built.seconds:.1f} s, {count / built.seconds:,.0f}/s"
        row["build memory"] = f"{built.peak_bytes / 1e6:.0f} MB"
        size = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
        row["index size"] = f"{size / 1e6:.1f} MB"
    environment = peer.environment(index)
    for query in QUERIES:
        if command := peer.search(query, corpus, index):
            row[query] = f"{several(command, environment=environment):.0f} ms"
    if peer.update is not None:
        command = peer.update(corpus, index)
        row["no-op update"] = f"{once(command, environment=environment).seconds:.2f} s"
        for path in sorted(corpus.rglob("*.txt"))[::CHANGED_SHARE]:
            with path.open("ab") as file:
                file.write(f"\nA line that {peer.name} has not seen.\n".encode())
        row["update of 1 %"] = f"{once(command, environment=environment).seconds:.2f} s"
    sys.stderr.write(f"{count:,} {peer.name}: {row}\n")
    return row


def _introduction(peers: Sequence[Peer], left_out: Sequence[str]) -> str:
    versions = ", ".join(f"{peer.name} {peer.version()}".strip() for peer in peers)
    missing = f" Not installed, so left out: {', '.join(left_out)}." if left_out else ""
    return (
        "# Bench results\n\n"
        "Made by `python -m tests.bench`; `tests/bench/corpus.py` says what the articles are.\n\n"
        f"{datetime.now(UTC):%Y-%m-%d}, {cores()} cores, {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}; {versions}.{missing}\n\n"
        "isisdocs repairs and cleans every article before it indexes it; the others do not.\n"
    )


def _page() -> str:
    """Measure how long an ordinary page of 8 KB takes to clean."""
    from time import perf_counter

    from isisdocs.load.corpus import article
    from isisdocs.settings import LoadSettings

    pages = [content for _, content in corpora.articles(60)]
    pages = [first + second for first, second in zip(pages[::2], pages[1::2], strict=True)]
    times = []
    for data in pages:
        started = perf_counter()
        try:
            article("page.txt", data, LoadSettings())
        finally:
            times.append(perf_counter() - started)
    middle = sorted(times)[len(times) // 2] * 1000
    rate = sum(map(len, pages)) / sum(times) / 1e6
    return f"Cleaning a page of 8 KB: {middle:.1f} ms; {rate:.2f} MB/s on one core.\n"


class _Plain(argparse.RawDescriptionHelpFormatter):
    pass


if __name__ == "__main__":
    main()
