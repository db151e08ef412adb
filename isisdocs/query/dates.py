"""What a user writes for a date, to the days it stands for."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from isisdocs.errors import QueryError
from isisdocs.query.match import days_of
from isisdocs.query.tree import DateRange

MAX_LENGTH = 60
"""Longer texts are no date."""

_ISO = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?", re.ASCII)
_NUMERIC = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{4}", re.ASCII)
_DATE_WORD = re.compile(
    r"(?:[0-9]{4}|[0-9./T:-]{6,}"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|days?|weeks?|months?|years?|ago|today|yesterday|tomorrow)[.,]?",
    re.ASCII | re.IGNORECASE,
)
_FILLER = re.compile(
    r"(?:[0-9]{1,2}(?:st|nd|rd|th)?|an?|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|the|of|in|on|last|this|next|past|previous|before|after)[.,]?",
    re.ASCII | re.IGNORECASE,
)
_HINT = "a date is `2014`, `2014-06`, `2014-06-24`, `2014-06..2015-05` or words like `last year`"


def range_of(text: str, *, today: date, is_loose: bool = False) -> DateRange:
    """Return the days that *text* stands for, first and last included.

    Years, months and days in ISO form, or in English words relative to *today*; two of them joined
    by `..` make a range, either end of which may be left open. Raises QueryError for anything else.

    >>> range_of("2014-06..", today=date(2026, 1, 1))
    DateRange(since='2014-06-01', until=None, is_loose=False)
    """
    first, dots, last = (part.strip() for part in text.partition(".."))
    if not first and not last:
        raise QueryError(f"no date in {text!r}", hint=_HINT)
    since, until = _days(first, today), _days(last, today) if dots else None
    if not dots:
        until = since
    found = DateRange(since and since[0], until and until[1], is_loose)
    if found.since and found.until and found.since > found.until:
        raise QueryError(f"the range {text!r} ends before it begins", hint=_HINT)
    return found


def is_date_word(word: str) -> bool:
    """Tell whether a word can be what makes a date, as `June`, `2014` or `yesterday`."""
    return _DATE_WORD.fullmatch(word) is not None


def _days(text: str, today: date) -> tuple[str, str] | None:
    if not text:
        return None
    if match := _ISO.fullmatch(text):
        iso = "-".join(part.zfill(2) for part in match.groups() if part)
        try:
            first, last = days_of(iso)
            date.fromisoformat(first)
        except ValueError as error:
            raise QueryError(f"there is no date {text!r}", hint=_HINT) from error
        return first, last
    found = _in_words(text, today)
    if not found:
        raise QueryError(f"{text!r} is not a date", hint=_HINT)
    return found


def _in_words(text: str, today: date) -> tuple[str, str] | None:
    """Return the days of a date in English words, or None; as precise as the words are."""
    words = text.split()
    is_dated = _NUMERIC.fullmatch(text) or any(map(is_date_word, words))
    # dateparser skips some words it does not know, and `a` is a date to it.
    is_known = all(is_date_word(word) or _FILLER.fullmatch(word) for word in words)
    if len(text) > MAX_LENGTH or not (is_dated and is_known):
        return None
    # Imported here: 70 ms, and as much for its tables, that only dates in words cost.
    from dateparser.date import DateDataParser

    settings = {"RELATIVE_BASE": datetime.combine(today, time()), "DATE_ORDER": "DMY"}
    found = DateDataParser(languages=["en"], settings=settings).get_date_data(text)
    if not found.date_obj:
        return None
    day = found.date_obj.date()
    if re.search(r"\bweeks?\b", text, re.IGNORECASE):
        monday = day - timedelta(days=day.weekday())
        return monday.isoformat(), (monday + timedelta(days=6)).isoformat()
    return days_of(day.isoformat()[: {"year": 4, "month": 7}.get(found.period, 10)])
