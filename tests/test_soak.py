"""A short soak; the long one is `python -m tests.soak --minutes 10`."""

from __future__ import annotations

import os
from pathlib import Path

from tests import soak

MINUTES = float(os.environ.get("ISISDOCS_SOAK_MINUTES", "0.1"))


def test_readers_and_a_writer_that_are_killed_at_times(tmp_path: Path) -> None:
    done = soak.run(tmp_path, seconds=MINUTES * 60, seed=os.getpid())

    assert done.counts.total() > 0
