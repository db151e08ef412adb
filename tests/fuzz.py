"""Laws that hold for any input, tried for minutes of CPU time; what breaks one becomes a test.

    python -m tests.fuzz --minutes 5 [decode repair clean query passages export]

Hypothesis makes the inputs, as it does for the tests, but many more of them and larger ones. The
smallest that breaks a law is written to `tests/cases/TARGET-DIGEST.json`, which `tests.test_fuzz`
replays.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from pybtex.database import parse_string

from isisdocs.errors import QueryError
from isisdocs.load import corpus, decode
from isisdocs.load.boilerplate import strip
from isisdocs.load.clean import clean
from isisdocs.load.repair import repair, undo
from isisdocs.output.export import Provenance, markdown, page, records, references
from isisdocs.output.location import Location
from isisdocs.passages import find, passages, snippets
from isisdocs.query.interpret import explain, in_words
from isisdocs.query.parse import parse
from isisdocs.sentences import sentences
from isisdocs.settings import LoadSettings
from tests import hostile, test_clean, test_query_parse, test_repair_laws
from tests.samples import article

CASES = Path(__file__).with_name("cases")
_HOSTILE = st.sampled_from(
    [hostile.ESCAPES, hostile.BIDI, hostile.FORMULA, hostile.HTML, hostile.BIBTEX, hostile.RIS]
)
_TEXT = st.one_of(st.text(max_size=200), test_repair_laws.TEXTS, _HOSTILE)
_WRITABLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=80) | _HOSTILE
_LINES = st.lists(test_clean.PIECES | _TEXT, max_size=60).map("\n".join)
_ENCODED = st.tuples(
    _LINES, st.sampled_from("utf-8 cp1252 utf-16 utf-16-be utf-32-le cp1251 shift_jis gbk".split())
).map(lambda pair: list(pair[0].encode(pair[1], "replace")))


def _decode(data: list[int]) -> None:
    try:
        decoded = decode.decode(bytes(data))
    except decode.BinaryData:
        return
    assert undo(decoded.text, decoded.repairs) == decoded.original
    assert "\r" not in decoded.text
    corpus.article("a.txt", bytes(data), LoadSettings())


def _repair(text: str) -> None:
    repaired = repair(text)
    assert undo(repaired.text, repaired.repairs) == text
    assert repair(repaired.text).text == repaired.text


def _clean(text: str) -> None:
    lines = text.split("\n")
    stripped, cleaned = strip(lines), clean(lines)
    numbers = [paragraph.line for paragraph in stripped.kept]
    assert numbers == sorted(set(numbers))
    assert {*numbers, *(cut.line for cut in stripped.cuts)} == {
        number for number, line in enumerate(lines, 1) if line and not line.isspace()
    }
    assert {*cleaned.paragraphs} <= {*stripped.kept}


def _query(typed: str) -> None:
    try:
        node = parse(typed).node
    except QueryError:
        return
    assert parse(in_words(node)).node == node
    assert explain(node)


def _passages(case: list[str]) -> None:
    typed, *texts = case
    try:
        node = parse(typed).node
    except QueryError:
        return
    made = article(*texts, title=texts[0] if texts else "")
    marked = find(node, made)
    for found in (*snippets(marked, made), *passages(marked, made, context=1)):
        assert all(0 <= start < end <= len(found.text) for start, end in found.ranges)
        assert list(found.ranges) == sorted(found.ranges)
    for text in texts:
        spans = sentences(text)
        assert all(before.end <= after.start for before, after in pairwise(spans))
        assert "".join("".join(text[a:b] for a, b in spans).split()) == "".join(text.split())


def _export(case: list[str]) -> None:
    title, author, outlet, typed, *texts = case
    authors = (author,) if author else ()
    made = article(*texts, title=title, authors=authors, outlet=outlet, date="2014-06-24")
    cited = passages(find(parse("*").node, made), made, whole="article")
    origin = Provenance(typed, "2026-01-01T00:00:00Z", Location(Path("corpus")))

    def written(write: Callable[..., int]) -> str:
        stream = io.StringIO(newline="")
        assert write(stream, [(made, cited)], origin) == len(cited)
        stream.getvalue().encode()
        return stream.getvalue()

    rows = [json.loads(line) for line in written(records.write_jsonl).split("\n")[:-1]]
    assert [(row["title"], row["query"]) for row in rows] == [(title, typed)] * len(cited)
    table = list(csv.reader(io.StringIO(written(records.write_csv), newline="")))
    assert len(table) == 1 + len(cited)
    entries = bool(cited)
    assert len(json.loads(written(references.write_csl))) == entries
    assert len(parse_string(written(references.write_bibtex), "bibtex").entries) == entries
    ris = written(references.write_ris).splitlines()
    assert sum(line.startswith("TY  - ") for line in ris) == entries
    assert sum(line.startswith("ER  - ") for line in ris) == entries
    html, document = written(page.write), written(markdown.write)
    assert html.count("<script") <= 1
    assert not set("\x1b\x9b\u202e") & {*html, *document}


TARGETS: dict[str, tuple[Callable[[Any], None], st.SearchStrategy[Any]]] = {
    "decode": (_decode, _ENCODED | st.binary(max_size=300).map(list)),
    "repair": (_repair, _LINES),
    "clean": (_clean, _LINES),
    "query": (_query, test_query_parse.TYPED),
    "passages": (
        _passages,
        st.tuples(test_query_parse.TYPED, st.lists(_TEXT, max_size=5)).map(lambda c: [c[0], *c[1]]),
    ),
    "export": (_export, st.lists(_WRITABLE, min_size=4, max_size=8)),
}


def replay(case: Path) -> None:
    """Try the law that a saved case once broke."""
    TARGETS[case.stem.partition("-")[0]][0](json.loads(case.read_text(encoding="ascii")))


@dataclass(frozen=True, slots=True)
class Tried:
    """How many inputs were tried, and where the smallest that broke the law was written."""

    inputs: int
    case: Path | None


def fuzz(target: str, seconds: float, chance: int) -> Tried:
    """Try inputs for so many seconds of CPU time; write down the smallest that breaks the law."""
    law, inputs = TARGETS[target]
    end = time.process_time() + seconds
    broken: list[Any] = []
    tried = 0

    def trial(case: Any) -> None:
        nonlocal tried
        if time.process_time() > end and not broken:
            return
        tried += 1
        try:
            law(case)
        except Exception:
            broken.append(case)  # Hypothesis comes to the smallest at last
            raise

    relaxed = settings(
        max_examples=500,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    try:
        while time.process_time() < end:
            seed(chance)(relaxed(given(inputs)(trial)))()
            chance += 1
    except Exception:  # noqa: BLE001  # whatever breaks a law
        written = json.dumps(broken[-1])
        CASES.mkdir(exist_ok=True)
        path = CASES / f"{target}-{hashlib.sha256(written.encode()).hexdigest()[:12]}.json"
        path.write_text(written, encoding="ascii")
        return Tried(tried, path)
    return Tried(tried, None)


def main() -> int:
    """Fuzz each target for its share of the CPU time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 10**9)
    options = parser.parse_args()
    targets = options.targets or [*TARGETS]
    if unknown := {*targets} - {*TARGETS}:
        parser.error(f"there is no target {', '.join(sorted(unknown))}")
    found = False
    for target in targets:
        start = time.process_time()
        tried = fuzz(target, options.minutes * 60 / len(targets), options.seed)
        spent = time.process_time() - start
        sys.stdout.write(
            f"{target:10} {tried.inputs:>11,} inputs in {spent:,.0f} s of CPU time: "
            f"{tried.case or 'nothing breaks it'}\n"
        )
        sys.stdout.flush()
        found = found or tried.case is not None
    return int(found)


if __name__ == "__main__":
    sys.exit(main())
