"""A short soak; the long one is `python -m tests.soak --minutes 10`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from isisdocs.settings import ENGINES
from tests import soak

MINUTES = float(os.environ.get("ISISDOCS_SOAK_MINUTES", "0.1"))


@pytest.mark.parametrize("engine", ENGINES)
def test_readers_and_a_writer_that_are_killed_at_times(engine: str, tmp_path: Path) -> None:
    pytest.importorskip(engine)
    done = soak.run(tmp_path, seconds=MINUTES * 60, seed=os.getpid(), engine=engine)

    assert done.counts.total() > 0
