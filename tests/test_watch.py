"""`isisdocs watch` keeps the index up to date while it runs."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from isisdocs.cli import watch
from isisdocs.index import current
from isisdocs.query.tree import Term
from tests.samples import hear_ctrl_c, unmeasured
from tests.sessions import Outcome, execute

SECONDS = 30.0
"""What is waited for comes within a second on an idle machine."""


def found(index: Path, word: str) -> list[str]:
    _, reader = current.open_reader(index)
    try:
        return [scored.id for scored in reader.search(Term(word)).page]
    finally:
        reader.close()


def test_changes_are_indexed_as_they_come(tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "first.txt").write_text("Harbour\n\nShips came in on Monday.\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "isisdocs", "watch", "--corpus", str(corpus), "--index", str(index)],
        stderr=subprocess.PIPE,
        text=True,
        env=unmeasured(),
        preexec_fn=hear_ctrl_c,
    )
    assert process.stderr is not None
    try:
        lines = [process.stderr.readline(), process.stderr.readline()]
        time.sleep(0.5)
        (corpus / "second.txt").write_text("Harbour\n\nShips came in on Tuesday.\n")
        lines.append(process.stderr.readline())
        deadline = time.monotonic() + SECONDS
        while found(index, "tuesday") != ["second.txt"]:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGINT)
        _, rest = process.communicate(timeout=SECONDS)

    assert lines == [
        f"isisdocs: {corpus}: 1 added\n",
        f"isisdocs: watching {corpus}; Ctrl-C ends it\n",
        f"isisdocs: {corpus}: 1 added, 1 unchanged\n",
    ]
    assert (rest, process.returncode) == ("", 130)


def test_trouble_is_said_and_watching_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("corpus/first.txt")
    path.parent.mkdir()
    path.write_text("Harbour\n\nShips came in on Monday.\n")

    def changes(corpus: Path) -> list[object]:
        (corpus / "first.txt").unlink()
        return [None]

    monkeypatch.setattr(watch, "_changes", changes)
    done = execute("isisdocs watch --corpus corpus --index index", monkeypatch)

    assert done == Outcome(
        "",
        "isisdocs: corpus: 1 added\n"
        "isisdocs: watching corpus; Ctrl-C ends it\n"
        f"isisdocs: there are no files in {tmp_path}/corpus: the index stays as it was\n"
        "isisdocs: hint: articles are .txt, .md, .jsonl or .html\n",
        0,
    )


def test_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("corpus").mkdir()
    Path("corpus/first.txt").write_text("Harbour\n\nShips came in on Monday.\n")
    monkeypatch.setitem(sys.modules, "watchfiles", None)

    done = execute("isisdocs watch --corpus corpus --index index", monkeypatch)

    assert done.code == 2
    assert done.stderr.endswith(
        "isisdocs: watching needs the package watchfiles\n"
        "isisdocs: hint: `pip install 'isisdocs[watch]'`\n"
    )
