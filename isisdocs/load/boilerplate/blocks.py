"""What several lines together show and no line by itself: blocks, signatures, captions said twice.

Every function corrects *rules*, which holds the rule that cuts each line of the page, or None.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from isisdocs.load.names import is_only_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from isisdocs.load.boilerplate.cues import Words
    from isisdocs.load.boilerplate.page import Line

_LONGEST_SUBHEAD = 5  # words
_PARAGRAPH = 20  # words
_INTERRUPTION = 14  # lines
_INTERRUPTS = frozenset({"newsletter", "advert", "subscribe", "share", "appeal", "player"})
_ENDS = frozenset({"related", "comments", "tags", "navigation"})
_BYLINE = 3  # lines that say when and by whom
_SENTENCE = 5  # words; a shorter one may be a slogan
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
# What else in a line says that it is furniture.
_MARKING = frozenset({"mail", "url/s", "ago", "©"})
_PLACE = frozenset({"tiny", "short", "name"})


def keep_unmarked_asides(page: Sequence[Line], rules: list[str | None]) -> None:
    """Keep what was cut between lines of the article where none of it is marked as furniture.

    Verse, the items of a list and the turns of a talk are short lines too.
    """
    counts = Counter(line.shape.key for line in page)
    kept = [position for position, rule in enumerate(rules) if rule is None]
    has_prose = False
    for above, below in pairwise(kept):
        has_prose |= page[above].shape.is_prose
        between = range(above + 1, below)
        if not has_prose:  # what says when and by whom stands above the first words
            between = range(_below_byline(page, between), below)
        if not any(_is_marked(page[position], counts) for position in between):
            for position in between:
                if page[position].plain.text:
                    rules[position] = None


def keep_quoted(page: Sequence[Line], rules: list[str | None]) -> None:
    """Keep what somebody is quoted with in the middle of an article, be it a call to donate."""
    kept = [position for position, rule in enumerate(rules) if rule is None]
    for position in range(kept[0], kept[-1]) if kept else ():
        shape = page[position].shape
        is_said = f"said/{shape.length}" in shape.features and shape.ending in {".", '"'}
        if rules[position] and is_said and page[position].plain.text[0] in "\"'“‘«„":
            rules[position] = None


def keep_unmarked_end(page: Sequence[Line], rules: list[str | None]) -> None:
    """Let the article go on to the last sentence that nothing marked as furniture parts from it."""
    last = max((position for position, rule in enumerate(rules) if rule is None), default=None)
    if last is None:
        return
    counts = Counter(line.shape.key for line in page)
    end = last
    for position in range(last + 1, len(page)):
        line = page[position]
        if line.shape.key and (_is_marked(line, counts) or _has_cue(line)):
            break
        if _is_sentence(line):
            end = position
    for position in range(last + 1, end + 1):
        if page[position].plain.text:
            rules[position] = None


def keep_after_interruption(page: Sequence[Line], rules: list[str | None]) -> None:
    """Let the article go on below a box for a newsletter or the like that its paragraphs surround.

    What ends an article, such as links to others, is no such box.
    """
    last = max((position for position, rule in enumerate(rules) if rule is None), default=None)
    if last is None or not page[last].shape.is_prose:
        return
    interrupted = False
    for position in range(last + 1, min(last + 1 + _INTERRUPTION, len(page))):
        line = page[position]
        shape = line.shape
        if shape.family in _ENDS:
            return
        interrupted |= shape.family in _INTERRUPTS
        if (
            interrupted
            and shape.words >= _PARAGRAPH
            and shape.ending in {".", '"'}
            and not _has_cue(line)
        ):
            rules[position] = None
            keep_after_interruption(page, rules)
            return


def _has_cue(line: Line) -> bool:
    """Tell whether a line has a phrase of furniture anywhere, or speaks to the reader."""
    features = line.shape.features
    speaks = any(name.startswith("you=") for name in features)
    return speaks or f"nocue/{line.shape.length}" not in features


def _is_sentence(line: Line) -> bool:
    shape = line.shape
    return shape.ending == "." and shape.words >= _SENTENCE


def _below_byline(page: Sequence[Line], lines: range) -> int:
    """Return the first of *lines* below those that give a date or a name."""
    told = (p for p in reversed(lines[:_BYLINE]) if page[p].shape.kind in {"date", "name"})
    return next(told, lines.start - 1) + 1


def _is_marked(line: Line, counts: Counter[Words]) -> bool:
    """Tell whether something in a line by itself says that it is furniture."""
    shape = line.shape
    return (
        shape.is_certain
        or "whole" in shape.features
        or (shape.family is not None and shape.ending not in {".", "?"})
        or shape.is_credit
        or line.plain.link_share > 0
        or bool(line.plain.images)
        or (counts[shape.key] > 1 and set(shape.key) != {"#"})
        or not _MARKING.isdisjoint(shape.features)
        or ("dateline" in shape.features and shape.words > 2)  # `June 1914` may head a section
    )


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
        and _is_signature(page[position])
        and page[position - 1].shape.is_prose
    ]
    last = max((p for p, rule in enumerate(rules) if rule is None), default=len(page))
    if not signed or last + 1 >= len(page) or not page[last].shape.is_prose:
        return
    if not _is_signature(page[last + 1]):
        return
    rules[last + 1] = None
    have_places = all(page[position + 1].shape.kind in _PLACE for position in signed)
    if have_places and last + 2 < len(page) and page[last + 2].shape.kind in _PLACE:
        rules[last + 2] = None


def _is_signature(line: Line) -> bool:
    """Tell whether a line is a name, perhaps with where its owner is or what they do."""
    name, comma, _ = line.plain.text.partition(", ")
    is_name = line.shape.kind == "name"
    return is_name or (bool(comma) and line.shape.words <= 6 and is_only_names(name))


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
