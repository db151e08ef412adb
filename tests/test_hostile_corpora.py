"""Every file of a hostile corpus is an article or skipped with a reason; none drives a terminal."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from isisdocs.errors import SettingsError
from isisdocs.index import current
from isisdocs.index.update import Report, update
from isisdocs.load import files, folder
from isisdocs.model import Skipped
from isisdocs.settings import LoadSettings, Settings
from isisdocs.settings import read as read_settings
from tests import hostile, sessions

RAW = re.compile(
    b"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]"
)
"""What drives a terminal; a carriage return is what terminals make of a line feed."""
OWN = re.compile(b"\x1b\\[[0-9;]*m|\x1b\\]8;[^\x07\x1b]*(?:\x07|\x1b\\\\)")
"""The codes that are ours: colours and links."""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a hostile corpus."""
    path = tmp_path_factory.mktemp("hostile") / "corpus"
    hostile.write(path, tiny=300)
    return path


@pytest.fixture(scope="module")
def report(corpus: Path) -> Report:
    """Return what its indexing said."""
    return update(Settings(corpus=corpus, index=corpus.parent / "index"), jobs=1)


def test_each_file_is_an_article_or_skipped_with_its_reason(corpus: Path, report: Report) -> None:
    listed = folder.scan(corpus).paths
    _, reader = current.open_reader(corpus.parent / "index")
    ids = reader.ids()
    reader.close()
    skipped = {one.path: one.reason for one in report.skipped}

    accounted = {re.sub(r"(?<=\.jsonl)#\d+\Z", "", id_) for id_ in (*ids, *skipped)}

    assert accounted == set(listed)
    assert not set(ids) & set(skipped)
    assert {path: reason for path, reason in skipped.items() if "links/" not in path} == {
        "blank.txt": "empty",
        "deep.jsonl#1": "not a record: nested too deep",
        "empty.txt": "empty",
        "nul.txt": "binary, not text",
        "numbers.jsonl#1": skipped["numbers.jsonl#1"],
        "pipe.txt": "a named pipe, not a file",
        "socket.txt": "a socket, not a file",
    }
    assert {reason for path, reason in skipped.items() if "links/" in path} == {
        "a link; `--follow` follows links"
    }


def test_links_are_followed_once_and_where_they_end(corpus: Path, report: Report) -> None:
    del report
    settings = Settings(corpus, corpus.parent / "followed", LoadSettings(follow=True))

    followed = update(settings, jobs=1)

    skipped = {one.path: one.reason for one in followed.skipped if "links/" in one.path}
    assert skipped == {
        "links/here": "a link to a folder that is in the corpus already",
        "links/loop": "a link to a folder that is in the corpus already",
        "links/nowhere.txt": "cannot be read: No such file or directory",
        "links/out/back": "a link to a folder that is in the corpus already",
        "links/pipe.txt": "a named pipe, not a file",
        "links/self.txt": "cannot be read: Too many levels of symbolic links",
        "links/zero.txt": "a device, not a file",
    }
    _, reader = current.open_reader(settings.index)
    ids = [id_ for id_ in reader.ids() if "links/" in id_]
    reader.close()
    assert ids == ["links/out.txt", "links/out/secret.txt"]


def test_an_index_remembers_whether_links_are_followed(tmp_path: Path) -> None:
    made = tmp_path / "corpus"
    made.mkdir()
    (made / "one.txt").write_text(f"A title\n\n{hostile.BODY}")
    (tmp_path / "two.txt").write_text(f"Another title\n\n{hostile.BODY}")
    (made / "two.txt").symlink_to(tmp_path / "two.txt")
    plain = Settings(made, tmp_path / "index")
    following = Settings(made, tmp_path / "index", LoadSettings(follow=True))
    ignoring = Settings(made, tmp_path / "index", LoadSettings(follow=False))

    counts = [update(one).article_count for one in (plain, following, plain, ignoring, plain)]

    assert counts == [1, 2, 2, 1, 1]
    assert update(following, dry_run=True).rebuilt_because == "links are now followed"


def test_larger_files_are_skipped_as_the_setting_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "corpus"
    made.mkdir()
    (made / "small.txt").write_text(f"A title\n\n{hostile.BODY}")
    (made / "exact.txt").write_bytes(b"A title.\n\n" + b"a " * 1018 + b"a.")
    (made / "over.txt").write_bytes(b"A title.\n\n" + b"a " * 1018 + b"aa.")
    with (made / "huge.txt").open("wb") as file:
        file.truncate(2**30)  # a gigabyte of nothing, which takes no room
    (tmp_path / "isisdocs.toml").write_text('[load]\nmax_file_size = "2 KiB"\n')
    monkeypatch.chdir(tmp_path)

    report = update(read_settings(made, tmp_path / "index"))

    assert (made / "exact.txt").stat().st_size == 2048
    assert report.skipped == (
        Skipped("huge.txt", "larger than `max_file_size`, 2 KB"),
        Skipped("over.txt", "larger than `max_file_size`, 2 KB"),
    )
    assert report.article_count == 2


@pytest.mark.parametrize("value", ['"16 elephants"', '"-1"', "0", "true", "1.5", '"1e9"'])
def test_a_size_that_is_none_is_refused(
    value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "isisdocs.toml").write_text(f"[load]\nmax_file_size = {value}\n")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SettingsError, match="must be a number of bytes") as caught:
        read_settings()

    assert caught.value.hint == 'such as `"16 MB"`'


def test_a_file_that_grows_while_it_is_read_is_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "grows.txt"
    path.write_bytes(b"a" * 10)
    fstat = os.fstat

    def fstat_then_grow(descriptor: int) -> os.stat_result:
        status = fstat(descriptor)
        with path.open("ab") as file:
            file.write(b"b" * 10)
        return status

    monkeypatch.setattr(os, "fstat", fstat_then_grow)

    with pytest.raises(files.TooLarge):
        files.read(path, most=15)


def test_a_pipe_put_in_the_place_of_a_file_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file.txt"
    path.write_text("a")
    lstat = Path.lstat

    def lstat_then_swap(self: Path) -> os.stat_result:
        status = lstat(self)
        self.unlink()
        os.mkfifo(self)
        return status

    monkeypatch.setattr(Path, "lstat", lstat_then_swap)

    with pytest.raises(files.NotOrdinary, match="a named pipe, not a file"):
        files.read(path, most=10)


def test_a_pipe_in_the_place_of_a_file_that_was_indexed_is_not_waited_for(tmp_path: Path) -> None:
    made = tmp_path / "corpus"
    made.mkdir()
    (made / "one.txt").write_text(f"A title\n\n{hostile.BODY}")
    (made / "two.txt").write_text("0123456789")
    settings = Settings(made, tmp_path / "index")
    update(settings)
    (made / "two.txt").unlink()
    (made / "zero.txt").symlink_to("/dev/zero\0"[:9])  # as long as a link as the file was
    (made / "ten.txt").symlink_to("/dev/./zer"[:7] + "ero")

    report = update(settings)

    assert {one.reason for one in report.skipped} == {"a link; `--follow` follows links"}


COMMANDS = [
    "index",
    "index --rebuild",
    "index --json",
    "search harbour --limit 99",
    "search harbour --limit 99 --json",
    "search harbour --limit 99 --format jsonl",
    "search harbour --limit 99 --format csv",
    "search harbour -l --limit 99",
    "search \x1b[31mharbour\x9b2J\u202e",
    "search raw:harbour --limit 99",
    "list",
    "list --json",
    "doctor",
    "doctor --json",
    "kwic harbour",
    "kwic harbour --format csv",
    "facets harbour --by author,source",
    "facets harbour --by author,source --json",
    "timeline harbour",
    "collocates harbour",
    "keywords harbour",
    "similar plain",
    "names Smith",
    "repairs list",
    "repairs list --json",
    "export harbour --format md",
    "export harbour --format csv",
    "export harbour --format jsonl",
    "export harbour --format html",
    "export harbour --format bibtex",
    "export harbour --format ris",
    "export harbour --format csl-json",
    "show escapes.txt",
    "show escapes.txt --raw",
    "show escapes.txt --json",
    "show bidi.txt --cuts --repairs",
    "show no\x1b[31m\x9b\u202esuch",
    "clean {corpus}/escapes.txt",
    "clean {corpus}/bidi.txt --json",
    "clean {corpus}/\x1b[31mred\x1b[0m.txt {corpus}/pipe.txt",
    "verify {corpus}/escapes.txt",
    "replay {corpus}/\x1b[31mred\x1b[0m.txt",
    "nonsense\x1b[31m\x9b",
    "search harbour --sort \x1b[31m\x9b",
    "search harbour --since \x1b[31m\x9b",
    "search harbour --index /no\x1b[31m\x9b/index --corpus /no\x1b[31m",
]


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize("command", COMMANDS, ids=ascii)
def test_nothing_of_a_hostile_corpus_drives_the_terminal(
    command: str, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = [part.format(corpus=corpus) for part in command.split(" ")]
    if "--index" not in arguments:
        monkeypatch.setenv("ISISDOCS_INDEX", str(corpus.parent / "index"))
    for name, value in (("TTY", "1"), ("ISISDOCS_PAGER", "cat"), ("TERM", "xterm-256color")):
        monkeypatch.setenv(name, value)

    outcome = sessions.execute_words(["isisdocs", *arguments], monkeypatch)

    assert outcome.code in (0, 1, 2)
    _assert_harmless((outcome.stdout + outcome.stderr).encode())


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize("command", ["search harbour", "list", "export harbour --format csv"])
def test_nothing_of_a_hostile_corpus_drives_a_real_terminal(command: str, corpus: Path) -> None:
    environment = {
        **os.environ,
        "ISISDOCS_INDEX": str(corpus.parent / "index"),
        "ISISDOCS_PAGER": "cat",
        "TERM": "xterm-256color",
    }

    written, code = _on_terminal(
        [sys.executable, "-m", "isisdocs", *command.split(" ")], environment
    )

    assert code == 0
    _assert_harmless(written)


def _assert_harmless(written: bytes) -> None:
    assert b"Traceback" not in written
    assert RAW.search(OWN.sub(b"", written)) is None


def _on_terminal(arguments: list[str], environment: dict[str, str]) -> tuple[bytes, int]:
    """Run a program whose stdout and stderr are one terminal; return what it wrote there."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        arguments, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    parts: list[bytes] = []

    def read() -> None:
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux: the other end is closed
                return
            if not part:
                return
            parts.append(part)

    reader = threading.Thread(target=read)
    reader.start()
    code = process.wait(timeout=120)
    reader.join()
    os.close(ours)
    return b"".join(parts), code


@pytest.mark.usefixtures("report")
def test_names_that_are_no_text_can_be_opened_by_what_reads_the_list(corpus: Path) -> None:
    environment = {**os.environ, "ISISDOCS_INDEX": str(corpus.parent / "index")}

    done = subprocess.run(
        [sys.executable, "-m", "isisdocs", "search", "number", "-l0", "--limit", "99"],
        capture_output=True,
        env=environment,
        check=True,
    )

    paths = done.stdout.split(b"\0")[:-1]
    assert {os.path.basename(path) for path in paths} >= {  # noqa: PTH119  # bytes
        b"latin1\xe9\xff.txt",
        b"new\nline.txt",
        b"\x1b[31mred\x1b[0m.txt",
    }
    assert all(os.path.exists(path) for path in paths)  # noqa: PTH110  # bytes


@pytest.mark.usefixtures("report")
def test_exports_hold_what_would_break_out_of_them(corpus: Path) -> None:
    environment = {**os.environ, "ISISDOCS_INDEX": str(corpus.parent / "index")}

    def export(form: str) -> str:
        command = [sys.executable, "-m", "isisdocs", "export", "harbour", "--format", form]
        done = subprocess.run(command, capture_output=True, env=environment, check=True)
        return done.stdout.decode()

    csv.field_size_limit(2**31 - 1)
    rows = list(csv.reader(io.StringIO(export("csv"), newline="")))
    entries = re.findall(r"^@(\w+)\{", export("bibtex"), re.MULTILINE)
    records = re.findall(r"^TY  - ", export("ris"), re.MULTILINE)
    page = export("html")

    articles = json.loads(export("csl-json"))
    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]
    assert len(entries) == len(records) == len(articles)
    assert "<script>alert" not in page
    assert "<img" not in page
