"""Whatever call on a file fails, nothing is lost and the next run completes.

All of them: `python -m tests.faults`, and with --native those on the C library.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
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


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("cc"), reason="no C compiler")
@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_calls_on_the_c_library_that_fail(engine: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", "--native", "--engine", engine, "--most", "4"],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )

    last = f"{4 * len(faults.SCENES)} faults: nothing lost, every next run completed"
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, [last]), done.stderr
