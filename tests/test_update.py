"""The index follows its folder of articles, in atomic steps, whatever the folder holds."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from isisdocs.errors import CorpusError, IndexStoreError
from isisdocs.index import build, changes, current, freshness, lock
from isisdocs.index import update as update_module
from isisdocs.index.freshness import Freshness
from isisdocs.index.update import Report, update
from isisdocs.load import repair
from isisdocs.load.evidence import sketches
from isisdocs.model import Skipped
from isisdocs.query.tree import Everything, Term
from isisdocs.settings import LoadSettings, Settings

from . import sessions

STORY = "The harbour opened again\n\nShips came in on {day}, the first since the great storm.\n"


@dataclass
class Workplace:
    """A corpus and its index in an empty folder."""

    corpus: Path
    index: Path

    @property
    def settings(self) -> Settings:
        return Settings(corpus=self.corpus, index=self.index)

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.corpus / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def find(self, word: str) -> list[str]:
        _, reader = current.open_reader(self.index)
        try:
            return sorted(scored.id for scored in reader.search(Term(word), limit=None).page)
        finally:
            reader.close()


@pytest.fixture
def workplace(tmp_path: Path) -> Workplace:
    place = Workplace(tmp_path / "corpus", tmp_path / "index")
    place.put("monday.txt", STORY.format(day="Monday"))
    place.put("tuesday.txt", STORY.format(day="Tuesday"))
    return place


def counts(report: Report) -> tuple[int, int, int, int, int]:
    return (
        report.added,
        report.changed,
        report.removed,
        report.unchanged,
        report.article_count,
    )


def test_first_update_adds_every_article(workplace: Workplace) -> None:
    report = update(workplace.settings)

    assert counts(report) == (2, 0, 0, 0, 2)
    assert report.rebuilt_because == "there was no index"
    assert workplace.find("monday") == ["monday.txt"]
    assert workplace.find("ship") == ["monday.txt", "tuesday.txt"]


def test_update_applies_additions_changes_and_removals(workplace: Workplace) -> None:
    update(workplace.settings)
    workplace.put("later/wednesday.txt", STORY.format(day="Wednesday"))
    workplace.put("monday.txt", STORY.format(day="Sunday at last"))
    (workplace.corpus / "tuesday.txt").unlink()

    report = update(workplace.settings)

    assert counts(report) == (1, 1, 1, 0, 2)
    assert workplace.find("ship") == ["later/wednesday.txt", "monday.txt"]
    assert workplace.find("monday") == []
    assert workplace.find("sunday") == ["monday.txt"]
    assert workplace.find("tuesday") == []


def test_update_of_an_unchanged_folder_writes_nothing(workplace: Workplace) -> None:
    update(workplace.settings)
    before = {path: path.stat().st_mtime_ns for path in workplace.index.iterdir()}

    report = update(workplace.settings)

    assert counts(report) == (0, 0, 0, 2, 2)
    assert {path: path.stat().st_mtime_ns for path in workplace.index.iterdir()} == before


def test_touched_file_is_unchanged_and_not_loaded(workplace: Workplace) -> None:
    update(workplace.settings)
    segments = sorted(workplace.index.glob("*.trm"))
    os.utime(workplace.corpus / "monday.txt", (1_000_000_000, 1_000_000_000))

    report = update(workplace.settings)

    assert counts(report) == (0, 0, 0, 2, 2)
    assert report.bytes_read == 0
    assert sorted(workplace.index.glob("*.trm")) == segments
    state = current.read(workplace.index)
    assert state is not None
    assert freshness.look(state, workplace.settings) is Freshness.FRESH


def test_same_size_and_another_content_is_a_change(workplace: Workplace) -> None:
    update(workplace.settings)
    workplace.put("monday.txt", STORY.format(day="Sunday"))

    report = update(workplace.settings)

    assert counts(report) == (0, 1, 0, 1, 2)
    assert workplace.find("sunday") == ["monday.txt"]


def test_time_of_change_that_went_backwards_is_noticed(workplace: Workplace) -> None:
    future = 4_000_000_000
    os.utime(workplace.corpus / "monday.txt", (future, future))
    update(workplace.settings)
    path = workplace.put("monday.txt", STORY.format(day="Sunday"))
    os.utime(path, (1, 1))

    report = update(workplace.settings)

    assert counts(report) == (0, 1, 0, 1, 2)
    assert workplace.find("sunday") == ["monday.txt"]


def test_renamed_file_keeps_its_article_without_being_cleaned_again(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    update(workplace.settings)
    (workplace.corpus / "later").mkdir()
    (workplace.corpus / "monday.txt").rename(workplace.corpus / "later/first.txt")
    monkeypatch.setattr(build.loader, "load", None)

    planned = update(workplace.settings, dry_run=True)
    report = update(workplace.settings)

    assert (planned.renamed, report.renamed) == (1, 1)
    assert counts(report) == (0, 0, 0, 1, 2)
    assert report.bytes_read == 0
    assert workplace.find("monday") == ["later/first.txt"]
    assert workplace.find("ship") == ["later/first.txt", "tuesday.txt"]


def test_file_renamed_and_changed_is_another_file(workplace: Workplace) -> None:
    update(workplace.settings)
    (workplace.corpus / "monday.txt").unlink()
    workplace.put("first.txt", STORY.format(day="Sunday"))

    report = update(workplace.settings)

    assert (*counts(report), report.renamed) == (1, 0, 1, 1, 2, 0)
    assert workplace.find("sunday") == ["first.txt"]


def test_renamed_records_are_loaded_again(workplace: Workplace) -> None:
    workplace.put("a.jsonl", '{"text": "A whole harbour."}\n{"text": "Another one."}\n')
    update(workplace.settings)
    (workplace.corpus / "a.jsonl").rename(workplace.corpus / "b.jsonl")

    report = update(workplace.settings)

    assert (*counts(report), report.renamed) == (1, 0, 1, 2, 4, 0)
    assert workplace.find("whole") == ["b.jsonl#1"]


def test_copy_of_a_file_that_is_gone_is_used_once(workplace: Workplace) -> None:
    update(workplace.settings)
    content = (workplace.corpus / "monday.txt").read_bytes()
    (workplace.corpus / "monday.txt").unlink()
    workplace.put("one.txt", content)
    workplace.put("two.txt", content)

    report = update(workplace.settings)

    assert (*counts(report), report.renamed) == (1, 0, 0, 1, 3, 1)
    assert workplace.find("monday") == ["one.txt", "two.txt"]


def test_index_of_an_earlier_format_is_built_anew(workplace: Workplace) -> None:
    update(workplace.settings)
    path = workplace.index / "current.json"
    content = json.loads(path.read_bytes()) | {"format": 2}
    del content["checksum"]  # there was none in it
    path.write_text(json.dumps(content))

    with pytest.raises(IndexStoreError, match="made by an earlier version"):
        current.open_reader(workplace.index)
    report = update(workplace.settings)

    assert report.rebuilt_because == "the loader or its settings have changed"
    assert workplace.find("monday") == ["monday.txt"]


@pytest.mark.parametrize("lost", ["listing-1", "skipped-1.json", "files-1.json"])
def test_lost_record_is_made_again_or_complained_of(workplace: Workplace, lost: str) -> None:
    update(workplace.settings)
    (workplace.index / lost).unlink()

    if lost == "listing-1":
        assert counts(update(workplace.settings)) == (0, 0, 0, 2, 2)
        assert (workplace.index / "listing-2").exists()
        return
    if lost == "files-1.json":
        workplace.put("monday.txt", STORY.format(day="Sunday"))
    with pytest.raises(IndexStoreError, match="damaged"):
        update(workplace.settings)


def test_leftovers_of_a_killed_writer_are_cleaned_by_the_next(workplace: Workplace) -> None:
    update(workplace.settings)
    before = sorted(path.name for path in workplace.index.iterdir())
    for name in (
        "writer.json",
        "isisdocs_0123456789abcdef.trm",
        ".current.json.12",
        "files-9.json",
    ):
        (workplace.index / name).write_text("{}")
    (workplace.index / "isisdocs.tmp").mkdir()
    (workplace.index / "isisdocs.tmp/x").write_text("half a column")

    report = update(workplace.settings)

    assert counts(report) == (0, 0, 0, 2, 2)
    now = sorted(path.name for path in workplace.index.iterdir())
    assert [name.replace("-2", "-1") for name in now] == before


def test_leftovers_of_a_killed_first_build_are_no_foreign_files(workplace: Workplace) -> None:
    for name in ("isisdocs.tmp/x", "isisdocs_0123456789abcdef.trm", "writer.json", "write.lock"):
        path = workplace.index / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")

    update(workplace.settings)

    assert not (workplace.index / "isisdocs_0123456789abcdef.trm").exists()
    assert not (workplace.index / "isisdocs.tmp").exists()
    assert workplace.find("monday") == ["monday.txt"]


def test_dry_run_says_what_would_happen_and_does_nothing(workplace: Workplace) -> None:
    report = update(workplace.settings, dry_run=True)

    assert counts(report) == (2, 0, 0, 0, 0)
    assert not workplace.index.exists()


def test_what_an_update_leaves_behind_is_one_state_only(workplace: Workplace) -> None:
    for day in ("Thursday", "Friday", "Saturday"):
        workplace.put("monday.txt", STORY.format(day=f"{day} {day}"))
        update(workplace.settings)

    names = [path.name for path in workplace.index.iterdir()]

    assert sorted(name for name in names if name.endswith(".json")) == [
        "copies-3.json",
        "current.json",
        "evidence-3.json",
        "files-3.json",
        "folders-3.json",
        "skipped-3.json",
    ]
    # The segment of tuesday's article, and that of monday's latest.
    assert sum(name.endswith(".trm") for name in names) == 2


def test_many_small_updates_are_merged(workplace: Workplace) -> None:
    for number in range(20):
        workplace.put(f"{number:02}.txt", STORY.format(day=f"day{number:02}"))
        update(workplace.settings)

    segments = [path for path in workplace.index.iterdir() if path.suffix == ".trm"]
    assert len(segments) <= 12
    assert len(workplace.find("ship")) == 22
    assert workplace.find("day07") == ["07.txt"]


def test_other_load_settings_rebuild(workplace: Workplace) -> None:
    update(workplace.settings)
    settings = Settings(workplace.corpus, workplace.index, LoadSettings(drop=("^Ships",)))

    report = update(settings)

    assert counts(report) == (2, 0, 0, 0, 2)
    assert report.rebuilt_because == "the loader or its settings have changed"
    assert workplace.find("ship") == []


def test_index_remembers_its_corpus(workplace: Workplace) -> None:
    update(workplace.settings)
    workplace.put("wednesday.txt", STORY.format(day="Wednesday"))

    report = update(Settings(corpus=None, index=workplace.index))

    assert counts(report) == (1, 0, 0, 2, 3)


def test_index_of_another_corpus_is_replaced_by_name(workplace: Workplace) -> None:
    update(workplace.settings)
    other = Workplace(workplace.corpus.parent / "other", workplace.index)
    other.put("sunday.txt", STORY.format(day="Sunday"))

    report = update(other.settings)

    assert counts(report) == (1, 0, 0, 0, 1)
    assert report.rebuilt_because == f"the index was of {workplace.corpus}"


def test_hidden_files_and_an_index_inside_the_corpus_are_no_part_of_it(
    workplace: Workplace,
) -> None:
    workplace.put(".hidden.txt", STORY)
    workplace.put(".git/story.txt", STORY)
    inside = Workplace(workplace.corpus, workplace.corpus / "my-index")

    update(inside.settings)
    report = update(inside.settings)

    assert counts(report) == (0, 0, 0, 2, 2)
    assert report.skipped == ()


def test_what_cannot_be_an_article_is_skipped_with_its_reason(workplace: Workplace) -> None:
    workplace.put("empty.txt", "")
    workplace.put("blank.txt", " \n\n ")
    workplace.put("picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0" * 20)
    workplace.put("table.xls", "1,2")
    workplace.put("LICENCE", "All rights reserved.")
    workplace.put("huge.txt", b"a" * (16 * 2**20 + 1))
    workplace.put("records.jsonl", '{"text": "A whole story."}\n{"text": 3}\n\nnonsense\n')
    os.mkfifo(workplace.corpus / "pipe.txt")
    (workplace.corpus / "link.txt").symlink_to("monday.txt")

    report = update(workplace.settings)

    assert report.skipped == (
        Skipped("LICENCE", "a file without an ending is not a kind it reads"),
        Skipped("blank.txt", "empty"),
        Skipped("empty.txt", "empty"),
        Skipped("huge.txt", "larger than `max_file_size`, 16 MB"),
        Skipped("link.txt", "a link; `--follow` follows links"),
        Skipped("picture.txt", "binary, not text"),
        Skipped("pipe.txt", "a named pipe, not a file"),
        Skipped("records.jsonl#2", "not a record: no object with a `text`"),
        Skipped("records.jsonl#4", "not a record: Expecting value: line 1 column 1 (char 0)"),
        Skipped("table.xls", ".xls is not a kind it reads"),
    )
    assert report.article_count == 3
    assert workplace.find("stori") == ["records.jsonl#1"]


def test_text_at_which_the_loader_fails_costs_no_other_text(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = repair.repair

    def failing(text: str, **options: Any) -> repair.Repaired:
        return whole(text, **options) if "unforeseen" not in text else [][0]

    monkeypatch.setattr(repair, "repair", failing)
    place = f"test_update.py:{failing.__code__.co_firstlineno + 1}"
    workplace.put("bad.txt", "An unforeseen story.\n")
    workplace.put("records.jsonl", '{"text": "A story."}\n{"text": "An unforeseen story."}\n')

    report = update(workplace.settings)
    cleaned = sessions.execute("isisdocs clean -", monkeypatch, stdin=b"An unforeseen story.\n")

    fault = f"a fault of isisdocs, please report it: IndexError at {place}"
    assert report.skipped == (Skipped("bad.txt", fault), Skipped("records.jsonl#2", fault))
    assert workplace.find("stori") == ["records.jsonl#1"]
    assert cleaned == sessions.Outcome("", f"isisdocs: skipped standard input: {fault}\n", 2)
    assert [*sketches(workplace.corpus, ["bad.txt"], LoadSettings())] == []


def test_unreadable_file_and_folder_are_skipped(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = workplace.put("secret.txt", STORY)
    closed = workplace.put("closed/story.txt", STORY).parent
    # Root may read everything, so refuse in its place.
    opened, scandir = os.open, os.scandir

    def refuse(real: Callable[..., object], path: Path | int, *options: int) -> object:
        if not isinstance(path, int) and Path(path) in (secret, closed):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *options)

    monkeypatch.setattr(os, "open", lambda path, *options: refuse(opened, path, *options))
    monkeypatch.setattr(os, "scandir", lambda path: refuse(scandir, path))

    report = update(workplace.settings)

    assert report.skipped == (
        Skipped("closed", "a folder that cannot be read"),
        Skipped("secret.txt", "cannot be read: Permission denied"),
    )
    assert report.article_count == 2


def test_records_bring_their_own_fields(workplace: Workplace) -> None:
    record = {
        "title": "Floods",
        "text": "The river rose.\n\nIt fell again.",
        "author": "Ada Okafor",
        "date": "2014-06",
        "url": "https://www.example.org/floods",
    }
    workplace.put("records.jsonl", "\n" + json.dumps(record))

    update(workplace.settings)
    _, reader = current.open_reader(workplace.index)
    (article,) = reader.articles(["records.jsonl#2"])
    reader.close()

    assert article.metadata.title == "Floods"
    assert article.metadata.authors == ("Ada Okafor",)
    assert article.metadata.date == "2014-06"
    assert article.metadata.source == "example.org"
    assert article.title_line == 2
    assert {paragraph.line for paragraph in article.paragraphs} == {2}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda _: None, "there is no folder", id="missing"),
        pytest.param(lambda path: path.mkdir(), "there are no files in", id="empty"),
        pytest.param(lambda path: path.write_text("x"), "is a file, not a folder", id="file"),
    ],
)
def test_corpus_that_is_no_folder_of_files_is_refused(
    make: Callable[[Path], None], message: str, tmp_path: Path
) -> None:
    make(tmp_path / "corpus")

    with pytest.raises(CorpusError, match=message):
        update(Settings(tmp_path / "corpus", tmp_path / "index"))

    assert not (tmp_path / "index").exists()


def test_corpus_without_an_article_leaves_the_old_index(workplace: Workplace) -> None:
    update(workplace.settings)
    for path in workplace.corpus.iterdir():
        path.write_bytes(b"")

    with pytest.raises(CorpusError, match="none of the 2 files") as raised:
        update(workplace.settings)

    assert raised.value.hint == "the first is monday.txt: empty"
    assert workplace.find("monday") == ["monday.txt"]


def test_folder_with_files_of_the_users_own_is_not_made_an_index(workplace: Workplace) -> None:
    workplace.index.mkdir()
    (workplace.index / "letter.txt").write_text("Dear all")

    with pytest.raises(IndexStoreError, match="is not empty and is not an index"):
        update(workplace.settings)

    assert [path.name for path in workplace.index.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}', '{"format": 1, "engine": 3}'])
def test_damaged_index_says_how_to_build_it_anew(workplace: Workplace, content: str) -> None:
    update(workplace.settings)
    (workplace.index / "current.json").write_text(content)

    with pytest.raises(IndexStoreError, match="damaged") as raised:
        update(workplace.settings)

    # Which folder it is of is among what is lost.
    assert raised.value.hint == "build it anew: `isisdocs index --rebuild FOLDER`"
    with pytest.raises(IndexStoreError, match="damaged"):
        update(Settings(None, workplace.index), rebuild=True)
    rebuilt = update(workplace.settings, rebuild=True)
    assert counts(rebuilt) == (2, 0, 0, 0, 2)
    assert workplace.find("monday") == ["monday.txt"]


def test_index_of_a_later_format_is_refused(workplace: Workplace) -> None:
    update(workplace.settings)
    path = workplace.index / "current.json"
    path.write_text(path.read_text().replace(f'"format": {current.FORMAT}', '"format": 99'))

    with pytest.raises(IndexStoreError, match=f"has format 99, not {current.FORMAT}"):
        current.open_reader(workplace.index)


def test_second_writer_waits_and_then_says_so(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    update(workplace.settings)
    workplace.put("wednesday.txt", STORY)
    monkeypatch.setattr(update_module, "LOCK_SECONDS", 0.1)

    with (
        lock.held(workplace.index, seconds=0),
        pytest.raises(
            lock.Busy, match=rf"another process is writing .*: process {os.getpid()}, since \d\d:"
        ),
    ):
        update(workplace.settings)
    assert counts(update(workplace.settings)) == (1, 0, 0, 2, 3)


@pytest.mark.parametrize("content", [None, "", "{}", '{"pid": "x", "since": "now"}'])
def test_writer_that_is_not_known_is_not_named(workplace: Workplace, content: str | None) -> None:
    workplace.index.mkdir()

    with lock.held(workplace.index, seconds=0):
        (workplace.index / "writer.json").unlink()
        if content is not None:
            (workplace.index / "writer.json").write_text(content)
        with pytest.raises(lock.Busy, match=r"the index in .*/index$"):
            update(workplace.settings, lock_seconds=0)


def test_failure_while_writing_leaves_the_old_index(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    update(workplace.settings)
    workplace.put("wednesday.txt", STORY.format(day="Wednesday"))

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(changes, "write_known", fail)
        with pytest.raises(IndexStoreError, match="No space left"):
            update(workplace.settings)
    found = workplace.find("ship")
    report = update(workplace.settings)

    assert found == ["monday.txt", "tuesday.txt"]
    assert counts(report) == (1, 0, 0, 2, 3)
    assert workplace.find("wednesday") == ["wednesday.txt"]


def test_reader_keeps_its_state_while_the_index_changes(workplace: Workplace) -> None:
    update(workplace.settings)
    _, reader = current.open_reader(workplace.index)
    (workplace.corpus / "monday.txt").unlink()
    update(workplace.settings)

    found = reader.search(Everything())

    assert found.total == 2
    assert [article.id for article in reader.articles(["monday.txt"])] == ["monday.txt"]
    reader.close()


def test_several_processes_make_the_same_index_as_one(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        workplace.put(f"{number:02}.txt", STORY.format(day=f"day{number % 7}"))
    update(workplace.settings)
    alone = workplace.find("day3")
    monkeypatch.setattr(build, "PARALLEL_BYTES", 0)
    seen: list[tuple[str, int, int]] = []

    report = update(
        workplace.settings, rebuild=True, jobs=2, progress=lambda *done: seen.append(done)
    )

    assert counts(report) == (42, 0, 0, 0, 42)
    assert workplace.find("day3") == alone
    assert {total for _, _, total in seen} == {42}
    assert list(dict.fromkeys(stage for stage, _, _ in seen)) == ["reading", "indexing"]
    assert ("reading", 42, 42) in seen


def test_freshness_notices_a_change(workplace: Workplace) -> None:
    update(workplace.settings)
    state = current.read(workplace.index)
    assert state is not None

    before = freshness.look(state, workplace.settings)
    workplace.put("monday.txt", STORY.format(day="another day"))

    assert before is Freshness.FRESH
    assert freshness.look(state, workplace.settings) is Freshness.CHANGED
    # There is time to look at folders only, and a file that was written into changes none.
    assert freshness.look(state, workplace.settings, seconds=-1) is Freshness.SEEMS_FRESH
    workplace.put("new.txt", STORY.format(day="Sunday"))
    assert freshness.look(state, workplace.settings, seconds=-1) is Freshness.CHANGED
    (workplace.index / "folders-1.json").unlink()
    assert freshness.look(state, workplace.settings, seconds=-1) is Freshness.UNKNOWN
    other = Settings(workplace.corpus, workplace.index, LoadSettings(strip=False))
    assert freshness.look(state, other) is Freshness.OUTDATED


def test_names_that_are_not_utf8_are_found(workplace: Workplace) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    workplace.put(name, STORY.format(day="Caturday"))

    update(workplace.settings)

    assert workplace.find("caturday") == [name]
