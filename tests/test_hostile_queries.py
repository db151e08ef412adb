"""No query, however long, deep or greedy, is answered with a traceback or after minutes.

`MAX_SECONDS` is what the slowest of them may take, of this process's own time; most need a fifth.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from isisdocs.index.update import update
from isisdocs.query.interpret import in_words
from isisdocs.query.parse import MAX_NEARS, MAX_NOTES, parse
from isisdocs.query.terms import MAX_PATTERNS, MAX_WORDS
from isisdocs.query.tree import Everything, Near, Not, Pattern, leaves
from isisdocs.settings import Settings
from tests import sessions
from tests.budgets import FREQUENT, QUERIES
from tests.samples import hear_ctrl_c, unmeasured

MAX_SECONDS = 12.0

RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.fixture(scope="module")
def hostile_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index of texts in which a few words are everywhere."""
    folder = tmp_path_factory.mktemp("hostile")
    corpus = folder / "corpus"
    corpus.mkdir()
    random = Random(1)  # noqa: S311  # nothing secret
    frequent = (" ".join(random.choice(FREQUENT) for _ in range(400)) for _ in range(25))
    (corpus / "frequent.txt").write_text("A title\n\n" + ".\n\n".join(frequent) + ".\n")
    (corpus / "one.txt").write_text("Another title\n\n" + "war " * 8_000 + ".\n")
    words = (f"{word}{number}" for word in FREQUENT for number in range(1000))
    (corpus / "many.txt").write_text(f"A third title\n\nAll: {' '.join(words)} state war.\n")
    update(Settings(corpus=corpus, index=folder / "index"))
    return folder / "index"


@pytest.mark.parametrize("name", QUERIES)
def test_hostile_query_is_answered_or_refused(
    name: str, hostile_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISISDOCS_INDEX", str(hostile_index))
    started = time.process_time()

    outcome = _run(monkeypatch, "search", "--no-refresh", "--", QUERIES[name])

    assert outcome.code in (0, 1, 2)
    assert "Traceback" not in outcome.stderr
    assert not RAW.search(outcome.stdout + outcome.stderr)
    assert len(outcome.stderr.splitlines()) <= MAX_NOTES + 10
    assert max(map(len, outcome.stderr.splitlines()), default=0) < 1000
    assert time.process_time() - started < MAX_SECONDS


@pytest.mark.parametrize(
    "command",
    ["kwic", "export --format md", "facets", "search --any", "search --explain", "search --json"],
)
@pytest.mark.parametrize(
    "name", ["10,000 words", "a NEAR of frequent words", "escape codes", "a regular expression"]
)
def test_other_commands_answer_a_hostile_query_too(
    command: str, name: str, hostile_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISISDOCS_INDEX", str(hostile_index))
    started = time.process_time()

    outcome = _run(monkeypatch, *command.split(), "--no-refresh", "--", QUERIES[name])

    assert outcome.code in (0, 1, 2)
    assert not RAW.search(outcome.stdout + outcome.stderr)
    assert time.process_time() - started < MAX_SECONDS


def _run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> sessions.Outcome:
    return sessions.execute_words(["isisdocs", *arguments], monkeypatch)


@pytest.mark.parametrize("name", QUERIES)
def test_hostile_query_is_read_the_same_when_it_is_typed_again(name: str) -> None:
    try:
        parsed = parse(QUERIES[name])
    except Exception as error:  # noqa: BLE001  # only one kind is allowed
        assert type(error).__name__ == "QueryError"
        return

    again = parse(in_words(parsed.node))

    assert [leaf.text for leaf in leaves(again.node)] == [leaf.text for leaf in leaves(parsed.node)]


def test_words_after_the_most_are_left_out() -> None:
    parsed = parse(" ".join(f"w{n}" for n in range(MAX_WORDS + 1)))

    assert sum(1 for _ in leaves(parsed.node)) == MAX_WORDS
    assert parsed.notes == (f"what comes after the first {MAX_WORDS:,} words is left out",)


def test_patterns_after_the_most_are_left_out() -> None:
    parsed = parse(" ".join(f"{sign}{n}*" for n in range(100) for sign in "ab") + " a0* war")

    found = list(leaves(parsed.node))

    assert sum(isinstance(leaf, Pattern) for leaf in found) == MAX_PATTERNS
    assert [leaf.text for leaf in found][-1] == "war"
    assert parsed.notes == (
        "a query takes up to 64 words with `*`, `?` or `~`; the others are left out",
    )


def test_nears_after_the_most_are_read_as_and() -> None:
    parsed = parse(" ".join(f"a{n} NEAR/5 b{n}" for n in range(100)))

    parts = parsed.node.parts  # type: ignore[union-attr]

    assert sum(isinstance(part, Near) for part in parts) == MAX_NEARS
    assert parsed.notes == ("a query takes up to 64 NEARs and ADJs; the others are read as AND",)


def test_alternatives_of_a_phrase_after_the_most_are_the_first_only() -> None:
    typed = " ".join(f"(a{n} OR b{n} c{n})" for n in range(30))

    parsed = parse(f'"{typed}"')

    assert sum(1 for _ in leaves(parsed.node)) == 10 * 3 + 20
    assert parsed.notes == (
        "a phrase takes up to 32 words in parentheses; of further alternatives the first is read",
    )


def test_limits_of_one_query_are_not_those_of_the_synonyms() -> None:
    table = {f"w{n}": [f"v{n}"] for n in range(MAX_WORDS + 1)}

    parsed = parse(f"w{MAX_WORDS}", synonyms=table)

    assert in_words(parsed.node) == f"w{MAX_WORDS} OR v{MAX_WORDS}"


def test_negations_of_everything_are_no_depth() -> None:
    assert parse("NOT " * 1001 + "*").node == Not(Everything())


# --- Ctrl-C -----------------------------------------------------------------------------------

NEAR = '"the of to and in a is that"~9999'
INTERRUPTED = {
    "search": ("search", NEAR),
    "search, JSON": ("search", NEAR, "--json"),
    "kwic": ("kwic", NEAR),
    "export": ("export", NEAR, "-o", "passages.jsonl"),
    "facets": ("facets", NEAR),
    "collocates": ("collocates", "the", "-w", "20"),
    "verify": ("verify", "draft.md"),
    "index": ("index", "--rebuild"),
    "index, several processes": ("index", "--rebuild", "--jobs", "2"),
}


@pytest.fixture(scope="module")
def interruptible(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a corpus that keeps every command busy for seconds."""
    folder = tmp_path_factory.mktemp("interruptible")
    (folder / "seeds").mkdir()
    random = Random(2)  # noqa: S311  # nothing secret
    lines = [" ".join(random.choice(FREQUENT) for _ in range(400)) + "." for _ in range(600)]
    for name in ("long", "longer", "longest"):
        random.shuffle(lines)
        (folder / "seeds" / f"{name}.txt").write_text(f"A {name} title\n\n" + "\n\n".join(lines))
    (folder / "draft.md").write_text("\n\n".join(f"> {line}" for line in lines))
    update(Settings(corpus=folder / "seeds", index=folder / "index"), jobs=1)
    return folder


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="no /proc to see imports in")
@pytest.mark.parametrize("name", INTERRUPTED)
@pytest.mark.parametrize("delay", [0.0, 0.4], ids=["starting", "working"])
def test_ctrl_c_ends_at_once_with_130(name: str, delay: float, interruptible: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "isisdocs", *INTERRUPTED[name]],
        cwd=interruptible,
        env=unmeasured(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        preexec_fn=hear_ctrl_c,
        start_new_session=True,
    )
    # With its libraries it has begun; before, Python itself answers.
    while process.poll() is None and "Stemmer" not in Path(f"/proc/{process.pid}/maps").read_text():
        time.sleep(0.01)
    time.sleep(delay)
    sent = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does

    try:
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()

    assert (process.returncode, errors) == (130, b"")
    assert time.monotonic() - sent < 10
    assert not (interruptible / "passages.jsonl").exists()


def test_what_was_interrupted_can_be_used(interruptible: Path) -> None:
    for options in (("list",), ("index",), ("search", "the", "-l")):
        done = subprocess.run(
            [sys.executable, "-m", "isisdocs", *options],
            cwd=interruptible,
            capture_output=True,
            text=True,
            check=True,
        )

        assert "Traceback" not in done.stderr
    assert sorted(done.stdout.split()) == [
        "seeds/long.txt",
        "seeds/longer.txt",
        "seeds/longest.txt",
    ]
