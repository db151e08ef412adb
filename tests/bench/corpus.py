"""Corpora to measure with: as many articles as wanted, always the same, none of them anybody's.

Sentences come from a Markov chain over the words of the seeds. A share of the words is replaced:
by a new one, ever less often, or by one that was drawn before, so that the vocabulary grows with
the text as Heaps found it to do and words are as unequal as Zipf has them. Pages are damaged and
have furniture around the article, as those of the seeds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SEEDS = Path(__file__).resolve().parents[2] / "seeds"

ARTICLE_BYTES = 4_000
"""About so long is a file."""
REPLACED = 0.16
"""Of the words of the chain, so many are others."""
NOVELTY, HEAPS = 7.0, 0.66
"""Of those, the n-th is a new word with a chance of `NOVELTY * n ** (HEAPS - 1)`."""
FILES_PER_FOLDER = 1_000

_ONSETS = "b br c ch cr d dr f fl g gr h j k kh l m n p pr q qu r s sh st t tr v w y z".split()
_VOWELS = "a a e e i i o o u ai ea ee ie ou".split()
_CODAS = "b d f k l m n n nd nt r r rd rt s s st t x".split() + [""] * 6
_ENDINGS = "s ed ing er ers ly ation al ist ism ment ness".split() + [""] * 18
_GIVEN = "Ada Ben Cem Dina Elif Femi Greta Hana Idris Jo Kemal Layla Mona Nils Omar Pia".split()
_OUTLETS = "Harbour Herald, Northern Star, The Valley Post, Morning Courier, Red Line".split(", ")
_TOP = (
    ["Skip to content", "Home | News | Opinion | Sport | Culture", "Search"],
    ["Downloading PDF. Please wait...", "Issue {number}"],
    ["Share this article", "Facebook Twitter Email"],
    ["Advertisement"],
    [],
    [],
)
_BOTTOM = (
    ["Sign up for our daily email update", "Latest News", "Make a donation"],
    ["Liked this article? We need your support.", "Be the first to comment", "Leave a Reply"],
    ["Read more", "Related articles", "© 2019 All rights reserved", "Privacy policy"],
    ["---", "**Source URL:** <https://www.example.org/content/{number}>"],
    [],
    [],
)
_MONTHS = "January February March April May June July August September October November December"


def write(folder: Path, count: int, *, start: int = 0, seed: int = 1) -> None:
    """Write articles number *start* to *count* into *folder*; longer corpora begin as shorter."""
    for number, (name, content) in enumerate(articles(count, seed=seed)):
        if number >= start:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def articles(count: int, *, seed: int = 1) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of each file."""
    random = Random(seed)  # noqa: S311  # nothing secret
    language = _Language(random)
    for number in range(count):
        text = _page(language, random, number)
        name = f"{number // FILES_PER_FOLDER:03}/{number:06}_{random.getrandbits(32):08x}.txt"
        yield name, _damaged(text, random)


class _Language:
    """Words, one after the other."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._chain: dict[str, list[str]] = defaultdict(list)
        words = " ".join(
            line
            for path in sorted(SEEDS.glob("*.txt"))
            for line in path.read_text(encoding="utf-8").replace("?", "’").split("\n")
            if len(line) > 120
        ).split()
        for word, following in pairwise(words):
            self._chain[word].append(following)
        self._starts = [word for word in self._chain if word[0].isupper()]
        self._drawn: list[str] = []
        self._made = 0

    def sentence(self) -> str:
        """Return a sentence of eight words or more."""
        choose = self._random.random
        word = self._starts[int(choose() * len(self._starts))]
        words = []
        while len(words) < 40:
            replaced = word[1:].isalpha() and choose() < REPLACED
            words.append(self.word() if replaced else word)
            if word[-1] in ".?!" and len(words) >= 8:
                break
            following = self._chain.get(word) or self._starts
            word = following[int(choose() * len(following))]
        words[0] = words[0][0].upper() + words[0][1:]
        return " ".join(words).rstrip(".,;:") + "."

    def word(self) -> str:
        """Return a word that was drawn before, those drawn often more likely, or a new one."""
        choose = self._random.random
        if choose() < NOVELTY * (len(self._drawn) + 1) ** (HEAPS - 1):
            word = self._new()
        else:
            word = self._drawn[int(choose() * len(self._drawn))]
        self._drawn.append(word)
        return word

    def name(self) -> str:
        """Return a person's name."""
        return f"{self._random.choice(_GIVEN)} {self.word().capitalize()}"

    def _new(self) -> str:
        choice = self._random.choice
        syllables = self._random.choice((1, 2, 2, 2, 3, 3))
        word = "".join(choice(_ONSETS) + choice(_VOWELS) + choice(_CODAS) for _ in range(syllables))
        kind = self._random.random()
        if kind < 0.35:
            return word.capitalize()
        if kind < 0.40:
            return f"al-{word.capitalize()}"
        if kind < 0.44:
            return word.replace("a", "á", 1).replace("o", "ö", 1)
        if kind < 0.48:
            return str(self._random.randrange(10, 100_000))
        return word + choice(_ENDINGS)


def _page(language: _Language, random: Random, number: int) -> str:
    day, month, year = random.randrange(1, 29), random.randrange(12), random.randrange(2003, 2021)
    title = language.sentence()[:90].rsplit(" ", 1)[0]
    lines = [title, "", f"By {language.name()}", random.choice(_OUTLETS)]
    lines.append(f"{day} {_MONTHS.split()[month]} {year}")
    lines += ["", *random.choice(_TOP), ""]
    size = 0
    while size < ARTICLE_BYTES - 400:
        paragraph = " ".join(language.sentence() for _ in range(random.randrange(1, 6)))
        lines += [paragraph, ""]
        size += len(paragraph)
    lines += random.choice(_BOTTOM)
    return "\n".join(lines).replace("{number}", str(number)) + "\n"


def _damaged(text: str, random: Random) -> bytes:
    """Return the bytes of a page: most whole, the others as scrapers and encodings leave them."""
    kind = random.random()
    if kind < 0.08:
        return re.sub("[’‘“”–]", "?", text).encode()
    if kind < 0.14:
        return text.encode().decode("cp1252", "replace").encode()
    if kind < 0.18:
        return text.encode("cp1252", "replace")
    return text.encode()
