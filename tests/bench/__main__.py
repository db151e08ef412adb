"""Measure isisdocs beside its peers, in one run on one machine, with public tools only.

    python -m tests.bench [--articles 1000 10000 100000] [--only isisdocs whoosh]
                          [--without recoll]

Writes tests/bench/RESULTS.md and prints the short table that README has. What is measured is whole
processes, as a user runs them: wall time, the best of a few for searches, and for builds the most
memory of a process and all its children. A peer that is not installed is left out with a word:
`apt-get install recollcmd ripgrep`, `pip install sqlite-utils`.

With the peers 1,000 and 10,000 articles take ten minutes on two idle cores; 100,000, which are
measured without the peers unless `--only` names them, twenty more.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from shutil import copytree
from time import perf_counter, process_time
from typing import TYPE_CHECKING, NamedTuple

from tests.bench import corpus as corpora
from tests.bench.measure import cores, load_average, once, several
from tests.bench.peers import PEERS, QUERIES, program

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.bench.peers import Peer

RESULTS = Path(__file__).with_name("RESULTS.md")
BARE = (sys.executable, "-c", "import typer, rich.console, whoosh.index, whoosh.qparser")
CHANGED_SHARE = 100
"""One of so many articles is changed for the update."""
STEPS = ("build", "build memory", "index size", "no-op update", "update of 1 %")

SHORT = ("build", "index size", "no-op update", "one word", "phrase", "common prefix")
"""The rows of the short table."""
OURS, FAST, WHOOSH = "isisdocs", "isisdocs, tantivy", "whoosh"
LARGE = 20_000
"""Of more articles than this only isisdocs is measured where nothing else is asked for, and from
its own engine Whoosh nothing is aimed at."""

Row = dict[str, float]
"""What was measured of one program: seconds, or bytes."""


class Section(NamedTuple):
    """What was measured at one size."""

    count: int
    corpus_bytes: int
    bare: float
    """Seconds of the bare imports."""
    find: float
    """Seconds to list the folder."""
    start_up: float
    """Seconds of `isisdocs index --help`."""
    load: str
    rows: dict[str, Row]


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=_Plain)
    parser.add_argument("--articles", type=int, nargs="+", default=[1_000, 10_000])
    names = [peer.name for peer in PEERS]
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME")
    parser.add_argument("--without", nargs="+", default=[], choices=names, metavar="NAME")
    parser.add_argument("--no-write", action="store_true", help="Leave RESULTS.md as it is.")
    options = parser.parse_args()
    wanted = [peer for peer in PEERS if peer.name in (options.only or names)]
    wanted = [peer for peer in wanted if peer.name not in options.without]
    present = [peer for peer in wanted if peer.is_installed()]
    missing = [peer.name for peer in wanted if peer not in present]
    unasked = [peer.name for peer in PEERS if peer not in wanted]
    sections = []
    parts = [_introduction(present, missing, unasked), _page()]
    for count in options.articles:
        with tempfile.TemporaryDirectory(prefix="isisdocs-bench-") as folder:
            are_all = options.only or count <= LARGE
            peers = [peer for peer in present if are_all or peer.name in (OURS, FAST)]
            sections.append(_section(Path(folder), count, peers))
        parts.append(_table(sections[-1], (*STEPS, *QUERIES)))
        sys.stdout.write(parts[-1] + "\n")
    parts.append(_aims(sections))
    sys.stdout.write(f"{parts[-1]}\nFor README:\n\n{_table(sections[-1], SHORT)}\n")
    if not options.no_write:
        RESULTS.write_text("\n".join(parts), encoding="utf-8")


def _section(folder: Path, count: int, peers: Sequence[Peer]) -> Section:
    """Measure everything at one size."""
    corpus = folder / "corpus"
    started = perf_counter()
    corpora.write(corpus, count)
    size = sum(path.stat().st_size for path in corpus.rglob("*.txt"))
    _tell(count, "corpus", started)
    listing = ("find", str(corpus), "-type", "f", "-printf", "%s %T@\\n")
    rows = {}
    # Before and after each program, so that all had the same chance of an idle moment.
    bare = [several(BARE)]
    for peer in peers:
        started = perf_counter()
        rows[peer.name] = _measure(peer, corpus, folder / peer.name, count)
        bare.append(several(BARE))
        _tell(count, peer.name, started)
    return Section(
        count=count,
        corpus_bytes=size,
        bare=min(bare),
        find=several(listing),
        start_up=several((program("isisdocs"), "index", "--help")),
        load=load_average(),
        rows=rows,
    )


def _tell(count: int, part: str, started: float) -> None:
    sys.stderr.write(f"{count:,} articles: {part} took {perf_counter() - started:.0f} s\n")


def _measure(peer: Peer, corpus: Path, index: Path, count: int) -> Row:
    row: Row = {}
    if peer.index_in_corpus:
        copy = index.with_name(f"{peer.name}-corpus")
        copytree(corpus, copy)
        corpus, index = copy, copy / peer.index_in_corpus
    if peer.build is not None:
        built = once(peer.build(corpus, index), environment=peer.environment(index))
        row["build"] = built.seconds
        row["build memory"] = built.peak_bytes
        row["index size"] = sum(p.stat().st_size for p in index.rglob("*") if p.is_file())
        sys.stderr.write(f"{count:,} articles: {peer.name} built in {built.seconds:.0f} s\n")
    environment = peer.environment(index)
    for query in QUERIES:
        if command := peer.search(query, corpus, index):
            row[query] = several(command, environment=environment)
    if peer.update is not None:
        command = peer.update(corpus, index)
        row["no-op update"] = several(command, environment=environment)
        for path in sorted(corpus.rglob("*.txt"))[::CHANGED_SHARE]:
            with path.open("ab") as file:
                file.write(f"\nA line that {peer.name} has not seen.\n".encode())
        row["update of 1 %"] = once(command, environment=environment).seconds
    return row


def _table(section: Section, steps: Sequence[str]) -> str:
    """Return the measures of one size as a part of the results."""
    rows = section.rows
    lines = [
        f"## {section.count:,} articles, {section.corpus_bytes / 1e6:.1f} MB",
        "",
        _headline(section),
        "",
        f"| | {' | '.join(rows)} |",
        f"|---|{'---|' * len(rows)}",
    ]
    for step in steps:
        cells = [_cell(section, step, row[step]) if step in row else "–" for row in rows.values()]
        lines.append(f"| {step} | {' | '.join(cells)} |")
    return "\n".join((*lines, ""))


def _headline(section: Section) -> str:
    return (
        f"Bare imports {_ms(section.bare)}, `find … -printf` {_ms(section.find)}, "
        f"`isisdocs index --help` {_ms(section.start_up)}; a search's time is also given as a "
        f"multiple of the bare imports. Load at the end: {section.load}."
    )


def _cell(section: Section, step: str, value: float) -> str:
    if step == "build":
        return f"{value:.1f} s, {section.count / value:,.0f}/s"
    if step in ("build memory", "index size"):
        return f"{value / 1e6:.1f} MB" if step == "index size" else f"{value / 1e6:.0f} MB"
    if step in QUERIES:
        return f"{_ms(value)} ({value / section.bare:.2f})"
    return f"{value:.2f} s"


class _Aim(NamedTuple):
    """Something aimed at, and what was reached."""

    text: str
    reached: float
    limit: float
    at_least: bool = False

    @property
    def row(self) -> str:
        """The aim as a row of a table."""
        is_met = self.reached >= self.limit if self.at_least else self.reached <= self.limit
        sign = "≥" if self.at_least else "≤"
        met = "yes" if is_met else "no"
        return f"| {self.text} | {sign} {self.limit:g} | {self.reached:.2f} | {met} |"


def _aims(sections: Sequence[Section]) -> str:
    """Return what is aimed at beside what was reached, where it was measured."""
    usual = [one for one in sections if OURS in one.rows and one.count <= LARGE]
    fast = [one for one in sections if FAST in one.rows]
    found = [*chain.from_iterable(map(_aims_of_whoosh, usual)), *_aims_of_growth(usual, OURS)]
    found += [*chain.from_iterable(map(_aims_of_tantivy, fast)), *_aims_of_growth(fast, FAST)]
    if not found:
        return ""
    lines = [aim.row for aim in found]
    return "\n".join(("## Aims", "", "| | aim | reached | met |", "|---|---|---|---|", *lines, ""))


def _aims_of_whoosh(section: Section) -> Iterator[_Aim]:
    """Yield what is aimed at with the usual engine at one size."""
    ours, others = section.rows[OURS], section.rows
    at = f"{section.count:,} articles"
    if WHOOSH in others:
        ratio = others[WHOOSH]["build"] / ours["build"]
        yield _Aim(f"{at}: articles per second, times `whoosh`", ratio, 2.5, at_least=True)
    for query in ("one word", "two words", "phrase"):
        yield _Aim(f"{at}: {query}, times the bare imports", ours[query] / section.bare, 1.6)
        for name in (WHOOSH, "recoll", "sqlite-utils"):
            if query in others.get(name, {}):
                yield _Aim(f"{at}: {query}, times {name}", ours[query] / others[name][query], 1.0)
    for query in ("prefix", "common prefix", "fuzzy"):
        yield _Aim(f"{at}: {query}, times one word", ours[query] / ours["one word"], 3.0)
    spare = ours["no-op update"] - section.start_up
    yield _Aim(f"{at}: no-op update without start-up, times `find`", spare / section.find, 2.0)
    yield _Aim(f"{at}: peak memory of the build in MB", ours["build memory"] / 1e6, 600)


def _aims_of_tantivy(section: Section) -> Iterator[_Aim]:
    """Yield what is aimed at with tantivy at one size."""
    ours, others = section.rows[FAST], section.rows
    at = f"{section.count:,} articles, tantivy"
    for name, times in (("recoll", 3.0), ("sqlite-utils", 1.0)):
        if name in others:
            ratio = others[name]["build"] / ours["build"]
            yield _Aim(f"{at}: articles per second, times {name}", ratio, times, at_least=True)
    for query in ("one word", "two words", "phrase", "prefix", "common prefix", "fuzzy"):
        limit = 1.25 if section.count <= LARGE else 1.4
        yield _Aim(f"{at}: {query}, times the bare imports", ours[query] / section.bare, limit)
    yield _Aim(f"{at}: peak memory of the build in MB", ours["build memory"] / 1e6, 500)
    if section.count > LARGE:
        share = ours["update of 1 %"] / ours["build"]
        yield _Aim(f"{at}: update of 1 %, times the build", share, 0.05)


def _aims_of_growth(sections: Sequence[Section], name: str) -> Iterator[_Aim]:
    """Yield what is aimed at from the smallest size to the largest."""
    if len(sections) < 2:
        return
    first, last = sections[0], sections[-1]
    engine = ", tantivy" if name == FAST else ""
    each = [section.rows[name]["build"] / section.count for section in (first, last)]
    text = f"time per article at {last.count:,}, times that at {first.count:,}{engine}"
    yield _Aim(text, each[1] / each[0], 1.25)
    if name == FAST:
        memory = [section.rows[name]["build memory"] for section in (first, last)]
        text = f"peak memory at {last.count:,}, times that at {first.count:,}{engine}"
        yield _Aim(text, memory[1] / memory[0], 1.5)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def _introduction(peers: Sequence[Peer], missing: Sequence[str], unasked: Sequence[str]) -> str:
    versions = ", ".join(f"{peer.name} {peer.version()}".strip() for peer in peers)
    left_out = f" Not installed, so left out: {', '.join(missing)}." if missing else ""
    if unasked:
        left_out += f" Left out because it was asked for: {', '.join(unasked)}."
    return (
        "# Bench results\n\n"
        "Made by `python -m tests.bench`; `tests/bench/corpus.py` says what the articles are.\n\n"
        f"{datetime.now(UTC):%Y-%m-%d}, {cores()} cores, {platform.system()} "
        f"{platform.machine()}, Python {platform.python_version()}; {versions}.{left_out}\n\n"
        "isisdocs repairs and cleans every article before it indexes it; the others do not.\n"
    )


def _page() -> str:
    """Measure how long an ordinary page of 8 KB takes to clean, and undamaged articles."""
    from isisdocs.load.corpus import article
    from isisdocs.settings import LoadSettings

    # No article is in two of the three: a line that was seen before is remembered.
    made = [content for _, content in corpora.articles(260)]
    first, halves, single = made[:20], made[20:140], made[140:]
    for data in first:  # what is imported and read once is no page's
        article("page.txt", data, LoadSettings())
    doubled = [one + other for one, other in zip(halves[::2], halves[1::2], strict=True)]
    times: list[float] = []
    whole_bytes, whole_seconds = 0, 0.0
    for data in (*doubled, *single):
        started = process_time()
        cleaned = article("page.txt", data, LoadSettings())
        seconds = process_time() - started
        if len(times) < len(doubled):
            times.append(seconds)
        elif not cleaned.repairs and cleaned.encoding == "utf-8":
            whole_bytes += len(data)
            whole_seconds += seconds
    middle = sorted(times)[len(times) // 2] * 1000
    rate = sum(map(len, doubled)) / sum(times) / 1e6
    return (
        f"Cleaning a page of 8 KB: {middle:.1f} ms of one core; {rate:.2f} MB/s. Of undamaged "
        f"articles of 4 KB: {whole_bytes / whole_seconds / 1e6:.2f} MB/s.\n"
    )


class _Plain(argparse.RawDescriptionHelpFormatter):
    pass


if __name__ == "__main__":
    main()
