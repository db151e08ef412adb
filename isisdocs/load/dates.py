"""Dates as articles write them → ISO 8601, as precise as they were written."""

from __future__ import annotations

import datetime
import re
from typing import NamedTuple

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar jänner janvier enero gennaio janeiro januari",
            "february feb februar février febrero febbraio fevereiro februari",
            "march mar märz mars marzo março maart",
            "april apr avril abril aprile",
            "may mai mayo maggio maio mei maj",
            "june jun juni juin junio giugno junho",
            "july jul juli juillet julio luglio julho",
            "august aug août agosto augustus augusti",
            "september sept sep septembre septiembre setiembre settembre setembro",
            "october oct oktober octobre octubre ottobre outubro",
            "november nov novembre noviembre novembro",
            "december dec dezember décembre diciembre dicembre dezembro desember",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er)?"
_OF = r"(?:(?:of|de|del)\s++)?"
_WORD_START = r"(?-i:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))"
_GAP = r"[\s.,/-]{0,3}"
_NUMERIC = (
    r"(?<![\d./-])(?P<first>[0-3]?\d)(?P<mark>[/.-])(?P<second>[0-3]?\d)(?P=mark)"
    r"(?P<year>(?:19|20)?\d\d)(?![\d/-])"
)
# In order of precision: where two patterns overlap, the earlier one counts.
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_YEAR}[-/.](?P<month>[01]?\d)[-/.](?P<day>[0-3]?\d)(?!\d)",
        rf"(?<!\d){_YEAR}(?P<month>[01]\d)(?P<day>[0-3]\d)(?:[0-2]\d[0-5]\d(?:[0-5]\d)?)?(?!\d)",
        # Scrapers glue what stood beside the date to it: "The TimesMay 14, 2025Share0".
        rf"{_WORD_START}{_MONTH}{_GAP}\b{_DAY}\b(?:,?\s|,)\s*+{_YEAR}",
        rf"(?<!\d){_DAY}\s*+{_OF}{_GAP}{_MONTH}{_GAP}{_OF}{_YEAR}(?!\d)",
        _NUMERIC,
        # `Mars 2020` is a rover, `mars 2020` a month.
        rf"{_WORD_START}(?!(?-i:Mars)\b){_MONTH}[.,]?\s++{_OF}{_YEAR}(?!\d)",
    )
)


# No date without a year of four digits, or three numbers parted by marks.
_MAY_BE = re.compile(r"(?:19|20)\d\d|\d[/.-]\d\d?[/.-]\d")


class FoundDate(NamedTuple):
    """A date in a text."""

    start: int
    end: int
    iso: str
    """`2014-06-24`, or `2014-06` where no day was written."""


def find_dates(text: str) -> list[FoundDate]:
    """Return the dates written out in *text*, in order; a date without a year is none.

    `24/06/2014` is read day first unless that gives no date, `12/25/2014`.

    >>> [date.iso for date in find_dates("Tue, 24/06/2014 - 08:48, updated June 25th, 2014")]
    ['2014-06-24', '2014-06-25']
    """
    if not _MAY_BE.search(text):
        return []
    found: list[FoundDate] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            iso = _iso(match.groupdict())
            if iso and not any(
                date.start < match.end() and match.start() < date.end for date in found
            ):
                found.append(FoundDate(match.start(), match.end(), iso))
    return sorted(found)


def _iso(parts: dict[str, str | None]) -> str | None:
    year = int(parts["year"] or 0)
    if year < 100:
        year += 2000 if year < 70 else 1900
    if parts.get("first"):
        day, month = int(parts["first"] or 0), int(parts["second"] or 0)
        if month > 12:
            day, month = month, day
    else:
        written = (parts["month"] or "").lower()
        month = _MONTHS.get(written) or int(written)
        if not parts.get("day"):
            return f"{year}-{month:02}"
        day = int(parts["day"] or 0)
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None
