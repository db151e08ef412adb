"""Whatever call on a file fails, nothing is lost and the next run completes.

All of them: `python -m tests.faults`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import faults

MOST = int(os.environ.get("ISISDOCS_FAULTS", "16"))


# Whoosh leaves a file open where writing to it has failed.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("scene", faults.SCENES)
def test_calls_that_fail(scene: str, tmp_path: Path) -> None:
    counts = faults.outcomes(tmp_path / scene, scene, most=MOST, seed=os.getpid())

    assert counts.total() == MOST
    assert any(outcome.startswith("said so") for _, _, outcome in counts)
