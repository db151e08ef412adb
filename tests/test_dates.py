"""Dates as articles write them."""

from __future__ import annotations

import pytest

from isisdocs.load.dates import FoundDate, find_dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tue, 24/06/2014 - 08:48", ["2014-06-24"]),
        ("12/25/2014", ["2014-12-25"]),
        ("24.6.14", ["2014-06-24"]),
        ("1/2/71", ["1971-02-01"]),
        ("24 June 2014", ["2014-06-24"]),
        ("the 5th of May 1968", ["1968-05-05"]),
        ("May 1st, 2019 at 9 am", ["2019-05-01"]),
        ("Sept. 3, 2001", ["2001-09-03"]),
        ("2022-04-26 21:21:50", ["2022-04-26"]),
        ("20220428223328", ["2022-04-28"]),
        ("The TimesMay 14, 202501747", ["2025-05-14"]),
        ("May 2015", ["2015-05"]),
        ("Published 1 May 2015, updated 3 May 2015", ["2015-05-01", "2015-05-03"]),
        ("June 31, 2010", []),
        ("2010-13-01", []),
        ("over 7 years, 0 months old", []),
        ("on 10 June", []),
        ("Dismay 2014", []),
        ("14. März 2019", ["2019-03-14"]),
        ("Stand: 14.03.2019, 08:15 Uhr", ["2019-03-14"]),
        ("le 1er mai 2016 à 10h12", ["2016-05-01"]),
        ("21 de noviembre de 2015", ["2015-11-21"]),
        ("5 de maio de 2020", ["2020-05-05"]),
        ("12 gennaio 2018", ["2018-01-12"]),
        ("3 maart 2020", ["2020-03-03"]),
        ("mars 2016", ["2016-03"]),
        ("Dezember 2001", ["2001-12"]),
        ("agosto de 1999", ["1999-08"]),
        ("the Mars 2020 rover", []),
        ("14-Mar-2019", ["2019-03-14"]),
        ("2019-03-14T08:15:00+01:00", ["2019-03-14"]),
        ("no date", []),
        ("1-3, 6, 7 and 3.5.1", []),
    ],
)
def test_dates_are_as_precise_as_written(text: str, expected: list[str]) -> None:
    assert [date.iso for date in find_dates(text)] == expected


def test_where_a_date_stands() -> None:
    assert find_dates("On 24 June 2014.") == [FoundDate(3, 15, "2014-06-24")]
