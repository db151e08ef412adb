"""What sessions do not show: closed pipes, interruptions, terminals, streams, odd files."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

import pytest

from isisdocs import cli
from isisdocs.cli import index as index_command
from isisdocs.index import changes
from isisdocs.output import console
from tests import sessions
from tests.hostile import BODY
from tests.samples import hear_ctrl_c, unmeasured

from .conftest import SEEDS
from .test_main import workplace

__all__ = ["workplace"]


def started(*arguments: str, **options: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "isisdocs", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,  # type: ignore[call-overload]
    )


@pytest.mark.usefixtures("workplace")
@pytest.mark.parametrize("arguments", [("search", "isis", "--json"), ("show", "004"), ("list",)])
def test_closed_pipe_ends_silently(arguments: tuple[str, ...]) -> None:
    process = started(*arguments)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()

    errors = process.stderr.read()

    assert process.wait() == 0
    assert errors in (b"", b"isisdocs: no index in index yet: building it\n")
    process.stderr.close()


@pytest.mark.parametrize("command", ["search x", "list", "export x -o x.md"])
def test_without_index_and_articles_one_line_says_what_to_do(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    outcome = sessions.execute(f"isisdocs {command}", monkeypatch)

    assert outcome == sessions.Outcome(
        "",
        "isisdocs: there is no index in index yet: "
        "`isisdocs index FOLDER` makes one of your articles\n",
        2,
    )
    assert list(tmp_path.iterdir()) == []


def test_interruption_exits_with_130_and_leaves_no_half_index(workplace: Path) -> None:
    # Long enough to be met in the middle, on any machine.
    story = "It?s a story of which the end isn?t told, and the town didn?t like it.\n\n" * 40_000
    (workplace / "seeds" / "long.txt").write_text(f"A long story\n\n{story}")
    process = started("index", env=unmeasured(), preexec_fn=hear_ctrl_c)
    while not list(workplace.glob("index/write.lock")):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)

    _, errors = process.communicate()

    assert process.returncode == 130
    assert errors == b""
    assert not (workplace / "index" / "current.json").exists()


@pytest.mark.usefixtures("workplace")
def test_error_of_the_system_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "index/files-1.json")

    monkeypatch.setattr(changes, "write_known", fail)

    outcome = sessions.execute("isisdocs index", monkeypatch)

    assert outcome == sessions.Outcome(
        "",
        "isisdocs: cannot write to index: No space left on device\n"
        "isisdocs: hint: name another folder with `--index`\n",
        2,
    )


@pytest.mark.usefixtures("workplace")
def test_clean_filters_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    (seed,) = SEEDS.glob("004*")

    text = sessions.execute("isisdocs clean", monkeypatch, stdin=seed.read_bytes())
    data = sessions.execute("isisdocs clean - --json", monkeypatch, stdin=seed.read_bytes())
    binary = sessions.execute("isisdocs clean", monkeypatch, stdin=b"\x7fELF\0\0\1\2\3" * 99)

    fields = json.loads(data.stdout)
    assert text.stdout == fields["text"] + "\n"
    assert (fields["id"], fields["date"], fields["url"][:8]) == ("-", "2014-06-24", "https://")
    assert binary == sessions.Outcome("", "isisdocs: skipped standard input: binary, not text\n", 2)


def test_raw_file_is_written_byte_for_byte_to_a_pipe(workplace: Path) -> None:
    (seed,) = SEEDS.glob("004*")

    process = started("show", "004", "--raw", cwd=workplace)
    output, _ = process.communicate()

    assert output == seed.read_bytes()


def test_raw_file_cannot_drive_a_terminal(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    story = "A title to find\n\nThe story of it goes on here.\n\n"
    (workplace / "seeds" / "odd.txt").write_text(story + "\x1b]0;owned\x07 says he.\n")
    monkeypatch.setattr(console, "is_terminal", lambda: True)
    monkeypatch.setattr("isisdocs.cli.show.is_terminal", lambda: True)

    outcome = sessions.execute("isisdocs show odd --raw", monkeypatch)

    assert outcome.stdout == story + "␛]0;owned␇ says he.\n"


def test_raw_of_a_file_that_has_gone_says_so(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions.execute("isisdocs index -q", monkeypatch)
    (path,) = workplace.glob("seeds/000*")
    path.unlink()

    outcome = sessions.execute("isisdocs show 000 --raw --no-refresh", monkeypatch)

    assert outcome.stderr == f"isisdocs: cannot read {path}: No such file or directory\n"
    assert outcome.code == 2


def test_search_notices_a_changed_corpus(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sessions.execute("isisdocs index -q", monkeypatch)
    (workplace / "seeds" / "new.txt").write_text("Zeppelins over Mosul\n\nThey came at night.\n")

    before = sessions.execute("isisdocs search zeppelin -l --no-refresh", monkeypatch)
    after = sessions.execute("isisdocs search zeppelin -l", monkeypatch)

    assert (before.stdout, before.code) == ("", 1)
    assert (after.stdout, after.code) == ("seeds/new.txt\n", 0)


def test_skipped_files_are_named_up_to_a_limit(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        (workplace / "seeds" / f"z{number:02}.txt").write_bytes(b"")

    outcome = sessions.execute("isisdocs index", monkeypatch)

    lines = outcome.stderr.splitlines()
    assert lines[2] == "isisdocs: skipped z00.txt: empty"
    assert lines[-1] == "isisdocs: skipped 2 more; `isisdocs index --json` lists them"
    assert len(lines) == 13


def test_long_work_writes_a_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([0.0, 1.0, 5.0, 5.0, 6.0, 11.0, 11.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))

    progress = index_command.lines_of_progress(every_seconds=5.0)
    for done in (10, 500, 600, 1100):
        progress("indexing", done, 2000)

    assert capsys.readouterr().err == (
        "isisdocs: indexing: 500 of 2,000 files\nisisdocs: indexing: 1,100 of 2,000 files\n"
    )


@pytest.mark.usefixtures("workplace")
def test_terminal_shows_a_bar_while_it_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    screen = Terminal(io.BytesIO(), encoding="utf-8")
    monkeypatch.setattr(sys, "stderr", screen)

    code = cli.run(["index"])

    screen.flush()
    shown = re.sub(r"\x1b\[[\d;?]*[a-zA-Z]", "", screen.buffer.getvalue().decode())
    assert code == 0
    assert "5/5 files" in shown
    assert "5 articles in the index" in shown


def test_output_is_utf8_whatever_the_locale(workplace: Path) -> None:
    process = started(
        "search",
        "tomas",
        "--author",
        "Tomas",
        "-l",
        cwd=workplace,
        env=os.environ | {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
    )
    listing = started(
        "list", cwd=workplace, env=os.environ | {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    )

    process.communicate()
    output, _ = listing.communicate()

    assert "Tomáš Tengely-Evans" in output.decode("utf-8")


def test_example_of_every_command_runs(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = json.loads(files("isisdocs.completion").joinpath("commands.json").read_bytes())
    (workplace / "page.txt").write_text("A page\n\nIts only sentence stands here, whole.\n")
    (workplace / "draft.md").write_text("They gave ‘a blank cheque, backing any future attacks’.\n")
    (workplace / "queries.csv").write_text("mosul\nraqqa\n")
    shutil.copytree(SEEDS, workplace / "articles")
    for name, value in (("HOME", str(workplace)), ("SHELL", "/bin/bash"), ("VISUAL", "true")):
        monkeypatch.setenv(name, value)
    sessions.execute("isisdocs export mosul -o mosul.jsonl", monkeypatch)
    commands = [
        *root["commands"].values(),
        *(one for each in root["commands"].values() for one in each.get("commands", {}).values()),
    ]
    examples = [root["example"], *(command["example"] for command in commands)]
    # What never ends, and what builds another index than the others search.
    left_out = {"isisdocs watch &", "isisdocs index articles --rebuild"}

    done = {
        example: sessions.execute(example.partition(" > ")[0], monkeypatch)
        for example in dict.fromkeys(examples)
        if example not in left_out
    }

    assert all(examples)
    assert left_out <= set(examples)
    assert {example: one.stderr for example, one in done.items() if one.code not in (0, 1)} == {}
    assert {example for example, one in done.items() if one.code == 1} == set()


@pytest.mark.skipif(sys.platform == "win32", reason="a shell closes the streams")
@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("search harbour -l >&-", 2, b"isisdocs: input or output: Bad file descriptor\n"),
        ("search harbour -l >&- 2>&-", 2, b""),
        ("search harbour -l 2>&- <&- >/dev/null", 0, b""),
        ("index >&- 2>&- <&-", 0, b""),
        ("clean - <&- >/dev/null", 0, b""),
    ],
)
def test_streams_that_are_closed_are_no_fault(
    command: str, code: int, said: bytes, tmp_path: Path
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "one.txt").write_text(f"A title\n\n{BODY}")
    program = [sys.executable, "-m", "isisdocs"]
    subprocess.run([*program, "index", "-q"], cwd=tmp_path, check=True)
    before = {path.name: path.read_bytes() for path in (tmp_path / "index").iterdir()}

    done = subprocess.run(
        ["/bin/sh", "-c", f'"$@" {command}', "sh", *program],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )

    assert b"Traceback" not in done.stderr
    assert b"a fault in" not in done.stderr
    assert (done.returncode, done.stderr) == (code, said)
    assert {path.name: path.read_bytes() for path in (tmp_path / "index").iterdir()} == before
