"""Which words a leaf means, and which articles pass a filter."""

import re
import time
from datetime import date
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isisdocs.query.match import (
    days_of,
    exact_fits,
    filter_holds,
    folded_fits,
    forms_of,
    wildcard_regex,
)
from isisdocs.query.tree import (
    DateRange,
    Filter,
    Layer,
    PathGlob,
    Pattern,
    PatternKind,
    Term,
    Undated,
)

FORMS = ["Tomáš", "tomas", "al-Maliki", "Qa'im", "soldiers", "Soldier", "soldering"]


@pytest.mark.parametrize(
    ("leaf", "expected"),
    [
        (Term("soldier"), ["soldiers", "Soldier"]),
        (Term("Tomáš", Layer.EXACT), ["Tomáš"]),
        (Term("almaliki"), ["al-Maliki"]),
        (Pattern("sold", PatternKind.PREFIX), ["soldiers", "Soldier", "soldering"]),
        (Pattern("", PatternKind.PREFIX), FORMS),
        (Pattern("tom?s", PatternKind.WILDCARD), ["Tomáš", "tomas"]),
        (Pattern("*i*", PatternKind.WILDCARD), FORMS[2:]),
        (Pattern("tmoas", PatternKind.FUZZY, 1), ["Tomáš", "tomas"]),
        (Pattern("soldir", PatternKind.FUZZY, 2), ["soldiers", "Soldier"]),
    ],
)
def test_the_forms_a_leaf_means(leaf, expected):
    assert forms_of(leaf, FORMS) == expected
    assert list(filter(exact_fits(leaf), FORMS)) == expected


def edits(a: str, b: str) -> int:
    """Optimal string alignment, from its definition."""
    if not a or not b:
        return len(a) + len(b)
    least = min(edits(a[1:], b) + 1, edits(a, b[1:]) + 1, edits(a[1:], b[1:]) + (a[0] != b[0]))
    if len(a) > 1 and len(b) > 1 and a[:2] == b[1::-1]:
        least = min(least, edits(a[2:], b[2:]) + 1)
    return least


SHORT = st.text("abé", max_size=5)


@given(SHORT, SHORT, st.integers(1, 2))
def test_fuzzy_counts_edits_and_swaps(text, form, distance):
    fits = folded_fits(Pattern(text, PatternKind.FUZZY, distance))

    assert fits(form) is (edits(text, form) <= distance)


@given(st.text("ab*?.[", max_size=8), st.text("ab.[\n", max_size=8))
def test_wildcards_match_as_shell_patterns_do(pattern, form):
    matches = re.compile(wildcard_regex(pattern), re.DOTALL).match(form)

    assert (matches is not None) is fnmatchcase(form, pattern.replace("[", "[[]"))


def test_a_pattern_of_many_stars_is_quick():
    fits = folded_fits(Pattern("*a" * 50 + "*b", PatternKind.WILDCARD))
    start = time.process_time()

    assert not fits("a" * 200)

    assert time.process_time() - start < 60


@pytest.mark.parametrize(
    ("iso", "days"),
    [
        ("2014", ("2014-01-01", "2014-12-31")),
        ("2016-02", ("2016-02-01", "2016-02-29")),
        ("2014-06-24", ("2014-06-24", "2014-06-24")),
    ],
)
def test_a_date_has_days(iso, days):
    assert days_of(iso) == days


RANGES = [
    (DateRange("2014-06-01", "2014-06-30"), "2014-06-24", True),
    (DateRange("2014-06-01", "2014-06-30"), "2014-06", True),
    (DateRange("2014-06-02", "2014-06-30"), "2014-06", False),
    (DateRange("2014-06-02", "2014-06-30", is_loose=True), "2014-06", True),
    (DateRange("2014-07-01", "2014-07-30", is_loose=True), "2014-06", False),
    (DateRange("2014-07-01", "2014-07-30", is_loose=True), "2014", True),
    (DateRange("2014-06-10", None), "2014-06", False),
    (DateRange("2014-06-10", None, is_loose=True), "2014-06", True),
    (DateRange(None, "2014-06-10"), "2014-06", False),
    (DateRange(None, "2014-06-30"), "2014-06", True),
    (DateRange(None, "2014-06-30"), None, False),
    (DateRange(None, None), "2014", True),
    (Undated(), None, True),
    (Undated(), "2014", False),
]


@pytest.mark.parametrize(("filter_", "iso", "expected"), RANGES)
def test_dates_are_compared_with_their_precision(filter_: Filter, iso, expected):
    assert filter_holds(filter_, article_id="x", date=iso) is expected


DAYS = st.dates(date(2013, 11, 1), date(2015, 2, 28)).map(date.isoformat)


@given(DAYS, st.sampled_from([4, 7, 10]), DAYS, DAYS, st.booleans())
def test_a_range_holds_for_all_days_or_loosely_for_any(day, precision, since, until, is_loose):
    iso = day[:precision]
    every = [d.isoformat() for d in map(date.fromordinal, range(735000, 735900))]
    inside = [since <= d <= until for d in every if d.startswith(iso)]

    expected = any(inside) if is_loose else all(inside)
    wanted = DateRange(since, until, is_loose)
    assert filter_holds(wanted, article_id="x", date=iso) is (expected and since <= until)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("2014", True),
        ("ISIS", True),
        ("isis.t", True),
        ("2014/*", True),
        ("isis.*", True),
        ("*.txt", True),
        ("*/Isis.txt", True),
        ("news/2014", True),
        ("2014/*.txt", False),
        ("[hi]sis.???", True),
        ("*.md", False),
        ("isis*md", False),
        ("[", False),
        ("", True),
    ],
)
def test_a_path_fits_a_shell_pattern_or_has_it_as_a_part(pattern, expected):
    path = "2014/Isis.txt" if pattern == "2014/*" else "News/2014/Isis.txt"

    assert filter_holds(PathGlob(pattern), article_id=path, date=None) is expected


@pytest.mark.parametrize("pattern", ["*a" * 50_000, "[a" * 50_000, "?" * 100_000, "a" * 2000])
def test_a_path_pattern_without_end_fits_nothing_at_once(pattern):
    start = time.process_time()

    assert not filter_holds(PathGlob(pattern), article_id="a" * 2000, date=None)

    assert time.process_time() - start < 60
