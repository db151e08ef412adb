"""What several test files need: the seeds, and the evaluation data where it is at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from isisdocs.index.update import update
from isisdocs.settings import Settings

# Commands that fit and measure; they may want more than the tests install.
collect_ignore_glob = ["fit_*.py", "eval_*.py"]

REPOSITORY = Path(__file__).resolve().parent.parent
SEEDS = REPOSITORY / "seeds"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="Rewrite expected sessions.")


@pytest.fixture
def update_goldens(request: pytest.FixtureRequest) -> bool:
    """Return whether expected sessions are to be rewritten."""
    return bool(request.config.getoption("--update-goldens"))


@pytest.fixture(scope="session")
def seed_004() -> str:
    """Return the damaged seed as it was decoded."""
    (path,) = SEEDS.glob("004_*.txt")
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of evaluation data; skip where it is absent."""
    shared = Path(os.environ.get("ISISDOCS_SHARED", REPOSITORY.parent / "shared")) / "data"
    if not shared.is_dir():
        pytest.skip(f"no evaluation data: {shared} is absent (set ISISDOCS_SHARED)")
    return shared


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an index of the seeds."""
    index = tmp_path_factory.mktemp("seeds") / "index"
    update(Settings(corpus=SEEDS, index=index))
    return index
