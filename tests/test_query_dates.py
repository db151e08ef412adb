"""What a user writes for a date."""

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isisdocs.errors import QueryError
from isisdocs.query.dates import range_of
from isisdocs.query.tree import DateRange

TODAY = date(2026, 11, 21)  # a Saturday


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("2014", "2014-01-01", "2014-12-31"),
        ("2014-06", "2014-06-01", "2014-06-30"),
        ("2014-6-4", "2014-06-04", "2014-06-04"),
        ("2014/06/24", "2014-06-24", "2014-06-24"),
        ("2014-06..2015-05", "2014-06-01", "2015-05-31"),
        (" 2014 .. 2015 ", "2014-01-01", "2015-12-31"),
        ("..2015", None, "2015-12-31"),
        ("2015..", "2015-01-01", None),
        ("last year", "2025-01-01", "2025-12-31"),
        ("this year", "2026-01-01", "2026-12-31"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("last week", "2026-11-09", "2026-11-15"),
        ("yesterday", "2026-11-20", "2026-11-20"),
        ("two years ago", "2024-01-01", "2024-12-31"),
        ("the day before yesterday", "2026-11-19", "2026-11-19"),
        ("3 days ago", "2026-11-18", "2026-11-18"),
        ("June 2014", "2014-06-01", "2014-06-30"),
        ("24 June 2014", "2014-06-24", "2014-06-24"),
        ("June 24th, 2014", "2014-06-24", "2014-06-24"),
        ("24/06/2014", "2014-06-24", "2014-06-24"),
        ("in 2014", "2014-01-01", "2014-12-31"),
        ("June 2014..last year", "2014-06-01", "2025-12-31"),
    ],
)
def test_dates_are_as_precise_as_they_are_written(text, since, until):
    assert range_of(text, today=TODAY) == DateRange(since, until)


HINT = "a date is `2014`, `2014-06`, `2014-06-24`, `2014-06..2015-05` or words like `last year`"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no date in ''"),
        ("..", "no date in '..'"),
        ("soon", "'soon' is not a date"),
        ("12", "'12' is not a date"),
        ("a", "'a' is not a date"),
        ("the fall of mosul", "'the fall of mosul' is not a date"),
        ("2014-02-30", "there is no date '2014-02-30'"),
        ("2014-13", "there is no date '2014-13'"),
        ("0000", "there is no date '0000'"),
        ("2015..2014", "the range '2015..2014' ends before it begins"),
        ("June " * 50, f"{('June ' * 50).strip()!r} is not a date"),
    ],
)
def test_what_is_no_date_is_an_error_with_a_hint(text, message):
    with pytest.raises(QueryError) as caught:
        range_of(text, today=TODAY)

    assert caught.value.message == message
    assert caught.value.hint == HINT


def test_a_range_can_be_loose():
    assert range_of("2014", today=TODAY, is_loose=True).is_loose


@given(st.text(st.one_of(st.sampled_from("0123456789-./ JuneMay"), st.characters()), max_size=20))
def test_nothing_but_a_query_error_is_raised(text):
    try:
        found = range_of(text, today=TODAY)
    except QueryError:
        return
    assert found.since or found.until


def test_iso_dates_do_not_load_dateparser():
    code = (
        "import sys; from datetime import date; from isisdocs.query.dates import range_of;"
        "range_of('2014-06..', today=date(2026, 1, 1)); print('dateparser' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"
