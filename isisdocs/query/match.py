"""Which words a leaf means, and which articles a filter lets through.

Engines and `passages` ask the same functions, so that they agree.
"""

from __future__ import annotations

import re
from calendar import monthrange
from fnmatch import translate
from functools import lru_cache
from typing import TYPE_CHECKING

from isisdocs.query.tree import DateRange, Layer, PathGlob, Pattern, PatternKind, Undated
from isisdocs.words import fold, stem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from isisdocs.query.tree import Filter, Leaf


MAX_PATTERN = 1024
"""A path pattern with more characters fits nothing: `fnmatch` took minutes for 100,000."""


def folded_fits(pattern: Pattern) -> Callable[[str], bool]:
    """Return the test whether a folded form fits *pattern*."""
    text = pattern.text
    if pattern.kind is PatternKind.PREFIX:
        return lambda folded: folded.startswith(text)
    if pattern.kind is PatternKind.WILDCARD:
        matches = re.compile(wildcard_regex(text), re.DOTALL).match
        return lambda folded: matches(folded) is not None
    # Imported here: 15 ms that only fuzzy words cost.
    from rapidfuzz.distance import OSA

    limit = pattern.distance
    return lambda folded: OSA.distance(text, folded, score_cutoff=limit) <= limit


def exact_fits(leaf: Leaf) -> Callable[[str], bool]:
    """Return the test whether a word in its exact form is one that *leaf* means."""
    if isinstance(leaf, Pattern):
        fits = folded_fits(leaf)
        return lambda exact: fits(fold(exact))
    text = leaf.text
    if leaf.layer is Layer.EXACT:
        return lambda exact: exact == text
    return lambda exact: stem(fold(exact)) == text


def forms_of(leaf: Leaf, forms: Iterable[str]) -> list[str]:
    """Return those of the exact *forms* that *leaf* means, in their order."""
    if isinstance(leaf, Pattern):
        if leaf.kind is PatternKind.PREFIX and leaf.text[:1].isascii() and leaf.text[:1].isalnum():
            # Most forms begin with another letter, and need not be folded to be seen to.
            first = {leaf.text[0], leaf.text[0].upper(), "'", "-"}
            forms = [form for form in forms if form[:1] in first or not form.isascii()]
        fits = folded_fits(leaf)
        return [form for form in forms if fits(fold(form))]
    return list(filter(exact_fits(leaf), forms))


def wildcard_regex(text: str) -> str:
    """Return the regular expression, for `re.DOTALL`, of a wildcard pattern; it needs linear tries.

    A stretch between two stars is taken where it first fits and never tried again, which finds
    the same words (as in `fnmatch`).
    """
    first, *rest = (re.escape(piece).replace(r"\?", ".") for piece in re.split(r"\*+", text))
    if not rest:
        return rf"{first}\Z"
    middle = "".join(f"(?>.*?{piece})" for piece in rest[:-1])
    return rf"{first}{middle}.*{rest[-1]}\Z"


def filter_holds(filter_: Filter, *, article_id: str, date: str | None) -> bool:
    """Tell whether an article with this path and ISO date, of any precision, passes the filter."""
    match filter_:
        case DateRange():
            return _date_holds(filter_, date)
        case Undated():
            return date is None
        case PathGlob(pattern):
            return _path_test(pattern)(article_id)


def days_of(date: str) -> tuple[str, str]:
    """Return the first and the last day of an ISO date: of the year, the month or the day."""
    year, month, day = (*date.split("-"), "", "")[:3]
    if not month:
        return f"{year}-01-01", f"{year}-12-31"
    if not day:
        return f"{date}-01", f"{date}-{monthrange(int(year), int(month))[1]}"
    return date, date


def _date_holds(wanted: DateRange, date: str | None) -> bool:
    if date is None:
        return False
    first, last = days_of(date)
    if wanted.is_loose:
        first, last = last, first
    is_empty = wanted.since and wanted.until and wanted.since > wanted.until
    since, until = wanted.since or first, wanted.until or last
    return not is_empty and since <= first and last <= until


@lru_cache(maxsize=64)
def _path_test(pattern: str) -> Callable[[str], bool]:
    """Return the test of a path; a pattern without `/` may fit the name alone, as in .gitignore."""
    if len(pattern) > MAX_PATTERN:
        return lambda _: False
    pattern = pattern.casefold()
    if not any(sign in pattern for sign in "*?["):
        return lambda path: pattern in path.casefold()
    matches = re.compile(translate(pattern)).match

    def fits(path: str) -> bool:
        path = path.casefold()
        name = path.rpartition("/")[2]
        return bool(matches(path) or ("/" not in pattern and matches(name)))

    return fits
