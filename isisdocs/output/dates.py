"""Dates as people read them."""

from __future__ import annotations

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def in_words(date: str | None) -> str:
    """Return a date as precise as it is known: `24 June 2014`, `May 2015`, `2014`, or nothing.

    What is not an ISO date is returned as it is.

    >>> in_words("2014-06-24"), in_words("2015-05")
    ('24 June 2014', 'May 2015')
    """
    match (date or "").split("-"):
        case [year, month] if month.isdigit() and 1 <= int(month) <= 12:
            return f"{_MONTHS[int(month) - 1]} {year}"
        case [year, month, day] if month.isdigit() and 1 <= int(month) <= 12 and day.isdigit():
            return f"{int(day)} {_MONTHS[int(month) - 1]} {year}"
    return date or ""
