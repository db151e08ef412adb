"""Ctrl-C in the first moments; `python -m tests.interrupts` sends it at every millisecond."""

from __future__ import annotations

from pathlib import Path

import pytest

from isisdocs import cli
from isisdocs.errors import place_of
from tests import interrupts


@pytest.mark.parametrize("milliseconds", [20, 60, 100, 200, 5000])
def test_ctrl_c_while_it_starts_says_nothing_of_our_files(
    milliseconds: int, tmp_path: Path
) -> None:
    interrupts.prepare(tmp_path)

    what, errors = interrupts.outcome(
        [*interrupts.program(), "search", "harbour"], milliseconds, tmp_path
    )

    assert what != interrupts.OURS, errors
    assert what == interrupts.FINISHED or milliseconds < 5000


def test_a_fault_that_nobody_foresaw_is_one_line_with_its_place(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: list[str]) -> int:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setattr(cli, "run", fail)
    monkeypatch.delenv("ISISDOCS_TRACEBACK", raising=False)

    with pytest.raises(SystemExit) as done:
        cli.main()

    line = fail.__code__.co_firstlineno + 1
    assert done.value.code == 2
    assert capsys.readouterr().err == (
        f"isisdocs: a fault in isisdocs itself, in test_interrupts.py:{line}: "
        "ZeroDivisionError: division by zero\n"
        "isisdocs: hint: `ISISDOCS_TRACEBACK=1` in the environment shows all of it\n"
    )


def test_all_of_a_fault_is_shown_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: list[str]) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "run", fail)
    monkeypatch.setenv("ISISDOCS_TRACEBACK", "1")

    with pytest.raises(ZeroDivisionError):
        cli.main()


def test_a_fault_that_was_never_raised_has_no_place() -> None:
    assert place_of(ValueError("x")) == "?"
