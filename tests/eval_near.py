"""Print precision and recall of near-copy detection on pairs made from the labelled pages.

    python -m tests.eval_near

Every page's content is copied in six ways: cut short to 60 % and to 35 %, re-headlined, re-edited
(each sentence dropped or a word changed with a chance of 8 %), re-ordered, and re-edited after
being cut to 60 %. A copy and its original are a true pair; any two different pages, of one site or
of two, are a false one. Pages under 1,500 characters of content are left out.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

from isisdocs.load.near import containment, sketch
from tests.labelled import LabelledPage, pages

if TYPE_CHECKING:
    from collections.abc import Callable

THRESHOLD = 0.6
_SENTENCE_END = re.compile(r"(?<=[.!?”\"]) ")


def content_of(page: LabelledPage) -> list[str]:
    labelled = zip(page.lines, page.labels, strict=True)
    return [line.strip() for line, label in labelled if label == "C"]


def cut_short(lines: list[str], share: float) -> list[str]:
    return lines[: max(2, round(len(lines) * share))]


def re_headlined(lines: list[str], _: random.Random) -> list[str]:
    return ["An altogether different headline for the same piece", *lines[2:]]


def re_edited(lines: list[str], chance: random.Random) -> list[str]:
    edited = []
    for line in lines:
        sentences = [s for s in _SENTENCE_END.split(line) if chance.random() > 0.08]
        for number, sentence in enumerate(sentences):
            if chance.random() < 0.08:
                words = sentence.split()
                words[chance.randrange(len(words))] = "reportedly"
                sentences[number] = " ".join(words)
        edited.append(" ".join(sentences))
    return edited


def re_ordered(lines: list[str], chance: random.Random) -> list[str]:
    middle = lines[1:]
    chance.shuffle(middle)
    return lines[:1] + middle


COPIES: dict[str, Callable[[list[str], random.Random], list[str]]] = {
    "cut to 60 %": lambda lines, _: cut_short(lines, 0.6),
    "cut to 35 %": lambda lines, _: cut_short(lines, 0.35),
    "re-headlined": re_headlined,
    "re-edited": re_edited,
    "re-ordered": re_ordered,
    "cut and re-edited": lambda lines, chance: re_edited(cut_short(lines, 0.6), chance),
}


def main() -> None:
    originals = [content_of(page) for page in pages()]
    originals = [lines for lines in originals if sum(map(len, lines)) >= 1500]
    sketches = [sketch("\n".join(lines)) for lines in originals]
    chance = random.Random(1)  # noqa: S311 - nothing secret
    found: Counter[str] = Counter()
    for way, copy in COPIES.items():
        for lines, original in zip(originals, sketches, strict=True):
            found[way] += containment(original, sketch("\n".join(copy(lines, chance)))) >= THRESHOLD
    wrong = sum(containment(one, other) >= THRESHOLD for one, other in combinations(sketches, 2))
    right = found.total()
    pairs = len(originals) * len(COPIES)
    print(f"true pairs {pairs}, false pairs {len(originals) * (len(originals) - 1) // 2}")  # noqa: T201
    print(f"precision {right / (right + wrong):.4f}")  # noqa: T201
    print(f"recall    {right / pairs:.4f}")  # noqa: T201
    for way in COPIES:
        print(f"  {way:18} {found[way] / len(originals):.4f}")  # noqa: T201


if __name__ == "__main__":
    main()
