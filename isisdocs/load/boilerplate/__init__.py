"""Lines of a page → the article's own lines, plus every cut and the rule that made it.

`page` sees each line, `cues` knows the phrases, `features` adds the neighbours, `scorer` decides,
`blocks` corrects what only several lines together show, this module cuts. What the page says about
itself is found in `load.metadata`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from isisdocs.load.boilerplate import blocks
from isisdocs.load.boilerplate.features import densest_prose, evidence
from isisdocs.load.boilerplate.page import Line, read, seen_shape
from isisdocs.load.boilerplate.scorer import State, shipped_weights, states
from isisdocs.load.paragraphs import hard_wraps
from isisdocs.model import Cut, Paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from isisdocs.load.boilerplate.scorer import Weights
    from isisdocs.load.recurring import Recurring

__all__ = ["Stripped", "strip", "strip_page"]

_POSITION_RULE = {
    State.BEFORE: "before-article",
    State.INSIDE: "aside",
    State.AFTER: "after-article",
}


@dataclass(frozen=True, slots=True)
class Stripped:
    """A page divided: every character of a non-blank line is in one of the two."""

    kept: tuple[Paragraph, ...]
    """The lines of the article, title and byline among them, without markup."""
    cuts: tuple[Cut, ...]
    """What was taken out, in line order."""


def strip(
    lines: Sequence[str],
    *,
    recurring: Recurring | None = None,
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
) -> Stripped:
    r"""Divide the lines of a page into article and furniture.

    *lines* are decoded and repaired, `text.split("\n")`. *recurring* knows the lines that stand in
    several documents of the corpus. *keep* and *drop* are regular expressions for a corpus's own
    habits, searched for in each line as written; `keep` wins.
    Raises `re.error` where one of them cannot be compiled.
    """
    return strip_page(read(lines), lines, recurring=recurring, keep=keep, drop=drop)


def strip_page(
    page: Sequence[Line],
    lines: Sequence[str],
    *,
    recurring: Recurring | None = None,
    keep: Sequence[str] = (),
    drop: Sequence[str] = (),
    weights: Weights | None = None,
) -> Stripped:
    """Do as `strip` does for lines that `page.read` has read into *page* already.

    *weights* stand in for those that are shipped, to score others.
    """
    whole, members = _unwrapped(page)
    decided = _decide(whole, _states(whole, recurring, weights or shipped_weights()))
    rules = [rule for rule, count in zip(decided, members, strict=True) for _ in range(count)]
    _override(page, lines, rules, keep=keep, drop=drop)
    kept: list[Paragraph] = []
    cuts: list[Cut] = []
    for line, rule in zip(page, rules, strict=True):
        if rule is None:
            kept.append(Paragraph(line.number, line.plain.text))
            cuts.extend(Cut(line.number, image, "image") for image in line.plain.images)
            cuts.extend(Cut(line.number, piece, family) for piece, family in line.pieces)
        else:
            cuts.append(Cut(line.number, lines[line.number - 1].strip(), rule))
    return Stripped(tuple(kept), tuple(cuts))


class _Numbered(NamedTuple):
    line: int
    text: str


def _unwrapped(page: Sequence[Line]) -> tuple[Sequence[Line], list[int]]:
    """Return the lines with hard wraps undone, and of how many lines of the page each consists.

    A line that was cut off in mid-sentence looks like furniture; the paragraph it is of does not.
    """
    wraps = hard_wraps([_Numbered(line.number, line.plain.text) for line in page])
    if not any(wraps):
        return page, [1] * len(page)
    groups: list[list[Line]] = []
    for line, goes_on in zip(page, wraps, strict=True):
        if goes_on:
            groups[-1].append(line)
        else:
            groups.append([line])
    whole = [group[0] if len(group) == 1 else _joined(group) for group in groups]
    return whole, [len(group) for group in groups]


def _joined(group: Sequence[Line]) -> Line:
    text = " ".join(line.plain.text for line in group)
    first = group[0]
    return Line(first.number, first.plain._replace(text=text), seen_shape(text))


def _states(page: Sequence[Line], recurring: Recurring | None, weights: Weights) -> list[State]:
    """Return where each line stands; one that is passed over stands where both neighbours do."""
    seen = [position for position, line in enumerate(page) if not line.shape.is_passed_over]
    found = _found([page[position] for position in seen], recurring, weights)
    above = State.BEFORE
    all_states: list[State] = []
    by_position = dict(zip(seen, found, strict=True))
    for position in range(len(page)):
        above = by_position.get(position, above)
        all_states.append(above)
    below = State.AFTER
    for position in range(len(page) - 1, -1, -1):
        if position in by_position:
            below = by_position[position]
        elif all_states[position] is State.BODY:
            all_states[position] = below
    return all_states


def _found(page: Sequence[Line], recurring: Recurring | None, weights: Weights) -> list[State]:
    """Return the state of each line; a body has prose if the page has any."""
    seen = evidence(page, recurring)
    found = states(seen, weights)
    prose = {state for line, state in zip(page, found, strict=True) if line.shape.is_prose}
    if prose and State.BODY not in prose:
        start, _ = densest_prose(page)
        found = states(seen, weights, no_end_before=start + 1)
    return found


def _decide(page: Sequence[Line], found: Sequence[State]) -> list[str | None]:
    """Name the rule that cuts each line; None keeps it."""
    rules: list[str | None] = []
    for line, state in zip(page, found, strict=True):
        if line.shape.is_certain:
            rules.append(line.shape.family)
        elif not line.plain.text:
            rules.append("image" if line.plain.images else "empty")
        elif state is State.BODY:
            rules.append(None)
        else:
            rules.append(line.shape.family or _POSITION_RULE[state])
    blocks.keep_unmarked_asides(page, rules)
    blocks.keep_quoted(page, rules)
    blocks.keep_unmarked_end(page, rules)
    blocks.keep_after_interruption(page, rules)
    blocks.cut_related(page, rules)
    blocks.keep_last_signature(page, rules)
    blocks.cut_repeated_captions(page, rules)
    return rules


def _override(
    page: Sequence[Line],
    lines: Sequence[str],
    rules: list[str | None],
    *,
    keep: Sequence[str],
    drop: Sequence[str],
) -> None:
    """Let the user's patterns have the last word."""
    if not keep and not drop:
        return
    wanted = [re.compile(pattern) for pattern in keep]
    unwanted = [re.compile(pattern) for pattern in drop]
    for position, line in enumerate(page):
        text = lines[line.number - 1]
        if any(pattern.search(text) for pattern in wanted):
            rules[position] = None if line.plain.text else rules[position]
        elif any(pattern.search(text) for pattern in unwanted):
            rules[position] = "drop"
