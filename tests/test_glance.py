"""A search's look at the corpus is made by another process while this one starts."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from isisdocs import settings as settings_
from isisdocs.index import current, glance
from isisdocs.index.freshness import Freshness
from isisdocs.index.update import update
from isisdocs.settings import Settings
from tests.bench import corpus as corpora

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2,
    reason="the look is made in this process here",
)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Return those of a small corpus whose index is built, in the current folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(glance, "LEAST_BYTES", 0)
    for name in ("ISISDOCS_CORPUS", "ISISDOCS_INDEX"):
        monkeypatch.delenv(name, raising=False)
    corpora.write(tmp_path / "corpus", 3)
    update(Settings(corpus=tmp_path / "corpus", index=Path("index")))
    yield settings_.read()
    glance.end()


def state(settings: Settings) -> current.Current:
    found = current.read(settings.index)
    assert found
    return found


def children() -> list[str]:
    """Return the processes that this one has started, other tests' among them."""
    return [
        child
        for task in Path("/proc/self/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


@pytest.mark.parametrize("arguments", [["search", "state"], ["kwic", "state", "--index", "index"]])
def test_finds_what_a_look_finds(settings: Settings, arguments: list[str]) -> None:
    others = children()

    glance.start(arguments)
    found = glance.answer(state(settings), settings)
    glance.end()

    assert found is Freshness.FRESH
    assert children() == others


def test_sees_a_change(settings: Settings) -> None:
    corpora.write(state(settings).corpus, 4, start=3)

    glance.start(["search", "state"])

    assert glance.answer(state(settings), settings) is Freshness.CHANGED


def test_without_time_looks_at_folders(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(glance.freshness, "LOOK_SECONDS", -1)

    glance.start(["search", "state"])

    assert glance.answer(state(settings), settings) is Freshness.SEEMS_FRESH


def test_answers_for_the_state_and_the_settings_it_looked_at_only(settings: Settings) -> None:
    before = state(settings)
    glance.start(["search", "state"])
    corpora.write(before.corpus, 4, start=3)
    update(settings)
    other = Settings(corpus=before.corpus, index=settings.index)

    assert glance.answer(state(settings), settings) is None
    assert glance.answer(before, other) is None


def test_what_keeps_it_from_looking_is_left_to_the_command(settings: Settings) -> None:
    found = state(settings)
    found.corpus.rename("elsewhere")

    glance.start(["search", "state"])

    assert glance.answer(found, settings) is None


@pytest.mark.parametrize(
    "arguments",
    [[], ["doctor"], ["search", "state", "--no-refresh"], ["search", "--index", "nowhere"]],
    ids=" ".join,
)
@pytest.mark.usefixtures("settings")
def test_does_not_look_for_what_will_not_ask(arguments: list[str]) -> None:
    others = children()

    glance.start(arguments)

    assert children() == others


@pytest.mark.usefixtures("settings")
def test_damaged_index_is_left_to_the_command() -> None:
    Path("index/current.json").write_text("{")
    others = children()

    glance.start(["search", "state", "--index=index"])

    assert children() == others


def test_program_leaves_no_process_and_holds_no_pipe_open(settings: Settings) -> None:
    code = (
        "import os, time\n"
        "from isisdocs.index import glance, freshness\n"
        "glance.LEAST_BYTES = 0\n"
        "freshness.look = lambda *_, **__: time.sleep(10)\n"
        "glance.start(['search', 'state'])\n"
        "print('done', flush=True)\n"
        "os._exit(0)\n"
    )
    started = time.monotonic()

    # What reads the output to its end does not wait for the process that still looks.
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)

    assert done.stdout == b"done\n"
    assert time.monotonic() - started < 8
    assert state(settings).article_count == 3
