"""What once broke a law keeps it now, and what breaks one is found and written down."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import strategies as st

from tests import fuzz


@pytest.mark.parametrize("case", sorted(fuzz.CASES.glob("*.json")), ids=lambda case: case.stem)
def test_what_once_broke_a_law_keeps_it(case: Path) -> None:
    fuzz.replay(case)


@pytest.mark.parametrize("target", fuzz.TARGETS)
def test_a_moment_of_fuzzing_breaks_nothing(target: str) -> None:
    tried = fuzz.fuzz(target, 0.2, 1)

    assert tried.inputs > 0
    assert tried.case is None


def test_the_smallest_case_is_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def law(text: str) -> None:
        assert "?" not in text

    monkeypatch.setattr(fuzz, "CASES", tmp_path / "cases")
    monkeypatch.setitem(fuzz.TARGETS, "repair", (law, st.text("ab?", max_size=30)))

    path = fuzz.fuzz("repair", 30, 1).case

    assert path is not None
    assert path.read_text(encoding="ascii") == '"?"'
    with pytest.raises(AssertionError):
        fuzz.replay(path)
