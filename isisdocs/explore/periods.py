"""Months and years as people count by them: `2014-06`, `2014`, and those in between."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_PERIODS = 2_400
"""Two hundred years of months: further ones come of a wrong date and are not filled in."""


class Scale(Enum):
    """How long a period is."""

    MONTH = "month"
    YEAR = "year"


def period_of(date: str | None, scale: Scale) -> str | None:
    """Return the period of an ISO date of any precision; a year stays one, None stays None.

    >>> period_of("2014-06-24", Scale.MONTH), period_of("2014", Scale.MONTH)
    ('2014-06', '2014')
    """
    return date and date[: 4 if scale is Scale.YEAR else 7]


def filled(periods: Iterable[str], scale: Scale) -> list[str]:
    """Return the periods and all between the first and the last of them, sorted.

    Years among months stand before the months they are of. No period, none.

    >>> filled(["2014-11", "2015-01"], Scale.MONTH)
    ['2014-11', '2014-12', '2015-01']
    """
    given = set(periods)
    length = 4 if scale is Scale.YEAR else 7
    whole = sorted(period for period in given if len(period) == length)
    if not whole:
        return sorted(given)
    first, last = _number(whole[0]), _number(whole[-1])
    if last - first < MAX_PERIODS:
        given.update(_text(number, scale) for number in range(first, last + 1))
    return sorted(given)


def _number(period: str) -> int:
    if len(period) == 4:
        return int(period)
    return int(period[:4]) * 12 + int(period[5:7]) - 1


def _text(number: int, scale: Scale) -> str:
    return f"{number:04}" if scale is Scale.YEAR else f"{number // 12:04}-{number % 12 + 1:02}"
