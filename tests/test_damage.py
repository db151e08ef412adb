"""A damaged index says so, or answers as if it were whole: never anything else."""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isisdocs.cli import run
from isisdocs.errors import DamagedIndexError
from isisdocs.index import current, health
from isisdocs.index.update import update
from isisdocs.settings import ENGINES, Settings
from isisdocs.verified import PAGE, PagedFile, Seal, page_sums, read_sealed, seal_of
from tests import damage
from tests.damage import Answers

from .conftest import SEEDS

FLIPS = int(os.environ.get("ISISDOCS_DAMAGE_FLIPS", "150"))


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    return Answers(tmp_path_factory.mktemp("damage"))


@pytest.fixture(scope="module", params=ENGINES)
def of_any_engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Answers:
    pytest.importorskip(request.param)
    return Answers(tmp_path_factory.mktemp("damage"), request.param)


def test_flipped_bits_are_refused_or_change_nothing(of_any_engine: Answers) -> None:
    answers = of_any_engine
    outcomes: Counter[str] = Counter()

    flips = list(damage.flips(answers, FLIPS, seed=os.getpid()))
    # All of them: `python -m tests.damage`.
    for name, byte, bit in random.Random(os.getpid()).sample(flips, 2 * FLIPS):  # noqa: S311
        damage.flip(answers.copy() / name, byte, bit)
        try:
            outcomes[answers.outcome()] += 1
        except Exception as error:
            raise AssertionError(f"{name}: byte {byte}, bit {bit}") from error

    # What is not looked at, such as half of a table of terms, is the doctor's to find.
    assert outcomes["refused"] > outcomes.total() / 4


def test_truncated_emptied_lengthened_and_lost_files(of_any_engine: Answers) -> None:
    answers = of_any_engine
    for name in answers.files:
        whole = answers.content(name)
        for content in (
            b"",
            whole[: len(whole) // 2],
            whole[:-1],
            whole + b"\0",
            bytes(len(whole)),
        ):
            if content != whole:
                (answers.copy() / name).write_bytes(content)
                answers.outcome()
        (answers.copy() / name).unlink()
        if name.name != "current.json":  # without it there is no index, and one is built
            answers.outcome()
    assert answers.heals()


def test_files_of_another_index_are_refused(answers: Answers, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(SEEDS, corpus)
    for path in sorted(corpus.iterdir())[:2]:
        path.write_text(f"Another\n\n{path.read_text(encoding='utf-8', errors='replace')}")
    foreign = tmp_path / "foreign"
    update(Settings(corpus, foreign))
    by_kind = {path.name.partition(".")[2]: path for path in foreign.glob("isisdocs_*")}

    for name in answers.files:
        kind = name.name.partition(".")[2]
        other = by_kind.get(kind, foreign / name)
        if name.name == "current.json" or other.read_bytes() == answers.content(name):
            continue
        shutil.copyfile(other, answers.copy() / name)

        # The records of an update are not read by a search, nor is a listing needed.
        assert answers.outcome() == ("refused" if kind in by_kind else "same"), name


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_ordinary_file_is_not_opened(
    answers: Answers, kind: str, tmp_path: Path
) -> None:
    for name in answers.files:
        path = answers.copy() / name
        if kind == "link":
            shutil.copyfile(path, tmp_path / "elsewhere")
            path.unlink()
            path.symlink_to(tmp_path / "elsewhere")
        else:
            path.unlink()
            os.mkfifo(path) if kind == "pipe" else path.mkdir()

        outcome = answers.outcome()

        if name.suffix in (".trm", ".sums") or name.name in ("current.json", "copies-1.json"):
            assert outcome == "refused"


def test_doctor_finds_every_flipped_bit(of_any_engine: Answers) -> None:
    answers = of_any_engine
    for name in answers.files:
        index = answers.copy()
        damage.flip(index / name, len(answers.content(name)) // 2, 3)

        found = health.examine(Settings(None, index))

        assert "is damaged" in found.problem, name
        assert "--rebuild" in found.hint
        if name.name != "current.json":
            assert name.name in found.problem


def test_reader_finds_what_is_damaged_after_it_was_opened(answers: Answers) -> None:
    index = answers.copy()
    _, reader = current.open_reader(index)
    (path,) = index.glob("*.article.col")
    for byte in range(0, path.stat().st_size, PAGE):
        damage.flip(path, byte, 0)

    with pytest.raises(DamagedIndexError, match=r"article\.col is not as it was written"):
        reader.articles(reader.ids())

    reader.close()


@given(
    size=st.integers(1, 3 * PAGE),
    byte=st.integers(0, 3 * PAGE - 1),
    bit=st.integers(0, 7),
    position=st.integers(-1, 3 * PAGE),
    length=st.integers(0, 2 * PAGE),
)
def test_bytes_that_are_got_are_those_that_were_written(
    answers: Answers, size: int, byte: int, bit: int, position: int, length: int
) -> None:
    path = answers.copy() / "pages"
    whole = bytes(number * 31 % 251 for number in range(size))
    path.write_bytes(whole)
    sums = page_sums(path)
    damage.flip(path, byte % size, bit)
    file = PagedFile(path, size, sums)
    try:
        got = file.get(position, length)
    except DamagedIndexError:
        got = None
    finally:
        file.close()

    end = position + length
    pages = range(position // PAGE, (end - 1) // PAGE + 1) if length else ()
    if position < 0 or end > size or byte % size // PAGE in pages:
        assert got is None
    else:
        assert got == whole[position:end]


def test_sealed_file_is_known_by_its_size_and_checksum(tmp_path: Path) -> None:
    path = tmp_path / "record"
    path.write_bytes(b"once")

    assert seal_of(b"123456789") == Seal(9, 0xCBF43926)  # the check value of CRC-32
    assert read_sealed(path, seal_of(b"once")) == b"once"
    with pytest.raises(DamagedIndexError, match="record is not as it was written"):
        read_sealed(path, seal_of(b"then"))


def test_a_bit_in_a_large_file_of_tantivy_is_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("isisdocs.engine.tantivy.store.SMALL_BYTES", 0)  # all of them are large
    (tmp_path / "corpus").mkdir()
    for number in range(20):
        text = f"Title {number}\n\nThe harbour of number {number} was closed for three days.\n"
        (tmp_path / "corpus" / f"{number}.txt").write_text(text)
    where = ["--index", str(tmp_path / "index")]
    build = ["index", "-q", str(tmp_path / "corpus"), *where, "--engine", "tantivy"]
    assert run(build) == 0
    (postings,) = (tmp_path / "index" / "tantivy").glob("*/*.idx")
    content = bytearray(postings.read_bytes())
    content[len(content) // 2] ^= 1
    postings.write_bytes(content)

    codes = [
        run([*words, "--no-refresh", *where])
        for words in (["search", "harbour"], ["search", "nothing"], ["kwic", "harbour"])
    ]

    printed = capsys.readouterr()
    assert codes == [2, 2, 2]
    assert printed.out == ""
    assert printed.err.count(f"{postings.name} is not as it was written") == 3
