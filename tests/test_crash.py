"""Whatever stops a writer, the index stays searchable and the next run completes."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from isisdocs.errors import IndexStoreError
from isisdocs.index import build, current
from isisdocs.index.update import update
from isisdocs.query.tree import Everything, Term
from isisdocs.settings import ENGINES, Settings
from tests import crash
from tests.bench import corpus as corpora

MINUTES = float(os.environ.get("ISISDOCS_CRASH_MINUTES", "0"))


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Return the name of each engine."""
    return str(request.param)


@pytest.fixture
def settings(tmp_path: Path, engine: str) -> Settings:
    """Return those of a small corpus with its index."""
    made = Settings(corpus=tmp_path / "corpus", index=tmp_path / "index", engine=engine)
    corpora.write(tmp_path / "corpus", 20)
    update(made)
    return made


def start(settings: Settings, *options: str, limit: int | None = None) -> subprocess.Popen[str]:
    def limited() -> None:
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # an error, as of a full disk
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    # Coverage could not write what it has measured either, and says so at length.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}
    return subprocess.Popen(
        [*crash.COMMAND, *options, str(settings.corpus), "--index", str(settings.index)],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=limited,
        env=environment,
    )


def test_writers_killed_at_random_moments(tmp_path: Path, engine: str) -> None:
    killed = crash.run(tmp_path, engine=engine, rounds=6, seconds=MINUTES * 60, seed=os.getpid())

    assert killed > 0


def test_file_that_cannot_be_written_in_full_leaves_the_old_index(settings: Settings) -> None:
    before = crash.ids(settings.index)
    files = sorted(path.name for path in settings.index.rglob("*"))

    process = start(settings, "--rebuild", limit=20_000)
    _, errors = process.communicate(timeout=60)

    assert process.returncode == 2
    assert "File too large" in errors
    assert "Traceback" not in errors
    assert crash.ids(settings.index) == before
    assert sorted(path.name for path in settings.index.rglob("*")) == files
    assert update(settings, rebuild=True).article_count == 20


def test_full_disk_leaves_the_old_index(settings: Settings, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    if (
        mount is None
        or subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=2m", "isisdocs", str(disk)],
            capture_output=True,
            check=False,
        ).returncode
    ):
        pytest.skip("no small file system can be mounted here")
    try:
        small = Settings(corpus=settings.corpus, index=disk / "index", engine=settings.engine)
        update(small)
        before = crash.ids(small.index)
        corpora.write(settings.corpus, 600, start=20)

        process = start(small)
        _, errors = process.communicate(timeout=60)

        assert process.returncode == 2
        assert "No space left on device" in errors
        assert "Traceback" not in errors
        assert crash.ids(small.index) == before
        shutil.rmtree(settings.corpus)
        corpora.write(settings.corpus, 21)
        assert update(small).article_count == 21
    finally:
        subprocess.run(["umount", str(disk)], check=True)  # noqa: S607


def test_file_that_vanishes_before_it_is_read_is_skipped(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpora.write(settings.corpus, 22, start=20)
    paths = sorted(settings.corpus.rglob("*.txt"))
    load = build.loader.load

    def vanish(*arguments: object) -> object:
        paths[20].unlink(missing_ok=True)
        return load(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(build.loader, "load", vanish)
    report = update(settings)
    monkeypatch.undo()

    assert [skipped.reason for skipped in report.skipped] == [
        "cannot be read: No such file or directory"
    ]
    assert report.article_count == 21
    assert update(settings).skipped == ()


def test_index_that_cannot_be_written_is_searched(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpora.write(settings.corpus, 21, start=20)
    # Root may write everywhere, so refuse in the lock's place.
    real = os.open

    def refuse(path: str, *rest: object, **named: object) -> int:
        if str(path).endswith("write.lock"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(IndexStoreError, match=r"cannot write to .*: Permission denied"):
        update(settings)
    monkeypatch.undo()

    assert len(crash.ids(settings.index)) == 20


def test_reader_outlives_the_files_of_its_state(settings: Settings) -> None:
    _, reader = current.open_reader(settings.index)
    expected = crash.ids(settings.index)

    for _ in range(3):
        update(settings, rebuild=True)

    found = reader.search(Everything(), limit=None)
    assert sorted(scored.id for scored in found.page) == expected
    assert len(reader.articles(expected)) == 20
    assert reader.search(Term("state")).total > 0
    assert next(iter(reader.vocabulary()))
    reader.close()


def test_readers_never_meet_half_a_commit(settings: Settings) -> None:
    writer = subprocess.Popen(
        [
            sys.executable,
            "-c",
            (
                "import sys\n"
                "from pathlib import Path\n"
                "from isisdocs.index.update import update\n"
                "from isisdocs.settings import Settings\n"
                "for _ in range(12):\n"
                "    update(Settings(*map(Path, sys.argv[1:3])), rebuild=True)\n"
            ),
            str(settings.corpus),
            str(settings.index),
        ]
    )
    searches = 0
    while writer.poll() is None:
        assert len(crash.ids(settings.index)) == 20
        searches += 1
        time.sleep(0.002)

    assert writer.returncode == 0
    assert searches > 0


def test_second_writer_names_the_first_and_a_dead_ones_lock_is_free(settings: Settings) -> None:
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from isisdocs.index import lock\n"
        "with lock.held(Path(sys.argv[1]), seconds=0):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(settings.index)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    try:
        with pytest.raises(IndexStoreError, match=f"process {holder.pid}, since"):
            update(settings, rebuild=True, lock_seconds=0.1)
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()

    assert update(settings, rebuild=True).article_count == 20
