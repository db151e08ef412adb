"""What several lines together show and no line by itself: blocks, signatures, captions said twice.

Every function corrects *rules*, which holds the rule that cuts each line of the page, or None.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from isisdocs.load.boilerplate.page import Line

_LONGEST_SUBHEAD = 5  # words
# These follow a headline rather than lead to one.
_LINKS = frozenset(
    {
        ("read", "more"),
        ("continue", "reading"),
        ("keep", "reading"),
        ("read", "the", "rest"),
        ("show", "less"),
        ("show", "more"),
        ("see", "more"),
        ("view", "all"),
        ("see", "all"),
        ("load", "more"),
    }
)
_PLACE = frozenset({"tiny", "short", "name"})


def cut_related(page: Sequence[Line], rules: list[str | None]) -> None:
    """Cut the headlines below a `Related` or `Most read` that stands between paragraphs.

    The last line above the next paragraph may be a subhead of the article; a short one stays.
    """
    is_block = False
    for position, line in enumerate(page):
        shape = line.shape
        if shape.is_prose:
            is_block = False
        elif shape.is_certain and shape.kind == "cue:related":
            is_block = shape.key not in _LINKS
            if not is_block:
                _cut_linked_headline(page, rules, position)
        elif is_block and rules[position] is None:
            following = page[position + 1].shape if position + 1 < len(page) else None
            is_last = following is None or following.is_prose
            if not is_last or shape.words > _LONGEST_SUBHEAD:
                rules[position] = "related"


def _cut_linked_headline(page: Sequence[Line], rules: list[str | None], link_at: int) -> None:
    """Cut the headline above a `Read more` between paragraphs, as often as it is said."""
    position = link_at - 1
    headline = page[position].shape if position >= 0 else None
    if headline is None or headline.is_prose or headline.words <= _LONGEST_SUBHEAD:
        return
    while position > 0 and page[position].shape.key == headline.key:
        position -= 1
    if page[position].shape.is_prose and rules[position] is None:
        rules[position + 1 : link_at] = ["related"] * (link_at - position - 1)


def keep_last_signature(page: Sequence[Line], rules: list[str | None]) -> None:
    """Keep the name, and the place, below the last of several letters.

    Below a single text the same lines would be the author's name and what follows it.
    """
    signed = [
        position
        for position in range(1, len(page))
        if rules[position] is None
        and page[position].shape.kind == "name"
        and page[position - 1].shape.is_prose
    ]
    last = max((p for p, rule in enumerate(rules) if rule is None), default=len(page))
    if not signed or last + 1 >= len(page) or not page[last].shape.is_prose:
        return
    if page[last + 1].shape.kind != "name":
        return
    rules[last + 1] = None
    have_places = all(page[position + 1].shape.kind in _PLACE for position in signed)
    if have_places and last + 2 < len(page) and page[last + 2].shape.kind in _PLACE:
        rules[last + 2] = None


def cut_repeated_captions(page: Sequence[Line], rules: list[str | None]) -> None:
    """Cut a caption that the next line, or the last, says again with its credit."""
    body = [position for position, rule in enumerate(rules) if rule is None]
    for first, second in pairwise(body):
        one, two = page[first], page[second]
        short, long = (
            (first, second) if len(one.plain.text) < len(two.plain.text) else (second, first)
        )
        rest = page[long].plain.text.removeprefix(page[short].plain.text)
        if rest == page[long].plain.text or page[long].shape.is_prose:
            continue
        if page[long].shape.is_credit and (not rest or rest.lstrip()[:1] in {"(", "[", "|"}):
            rules[short] = "repeated-caption"
