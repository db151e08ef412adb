"""Do two engines give the same answers? Asked of bench articles, or of a judged collection.

    python -m tests.conformance [--articles 10000] [--queries 500] [--seed 1]
    python -m tests.conformance --collection ../shared/data/ranking/cranfield

Builds an index with each engine and asks both: queries made of the corpus's own words with every
operator of the query language, or the collection's questions as `search --any` asks them. Totals
and sets of articles must be equal; told are, too, how many pages of ten have the same articles in
the same order, and where pages differ by how much the scores do. Of some queries the output of
whole commands is compared, byte for byte. The exit code is 1 where the engines disagree.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from itertools import chain
from pathlib import Path
from random import Random
from typing import NamedTuple

from isisdocs.cli import run
from isisdocs.engine.base import Order, Reader
from isisdocs.index import current
from isisdocs.index.update import update
from isisdocs.search import Page, Query, ranked
from isisdocs.settings import ENGINES, Settings
from tests.bench import corpus as corpora
from tests.eval_ranking import questions

COMMANDS = (
    ("search", "--json", "--no-collapse"),
    ("search", "--sort", "newest", "-l", "-m", "0"),
    ("facets", "--by", "author,source,year"),
    ("timeline", "--by", "month"),
    ("kwic", "--sample", "50"),
    ("export", "--format", "jsonl", "-m", "20"),
    ("collocates", "-m", "20"),
    ("search", "--explain", "-m", "1"),
)
"""Asked of the first queries, one command after the other."""
SCORE_TOLERANCE = 1e-9


class Compared(NamedTuple):
    """How two engines answered one query."""

    typed: str
    totals: tuple[int, int]
    is_limited: bool
    """Whether the first engine said that it looked up the most common words of a pattern only."""
    same_articles: bool
    same_page: bool
    score_difference: float
    """The largest between the scores of the first ten, by rank, as a share of the best score."""

    @property
    def agrees(self) -> bool:
        """Whether both found the same, or the first one had a reason not to."""
        return self.same_articles or self.is_limited


def queries(reader: Reader, count: int, seed: int) -> Iterator[str]:
    """Yield queries in the words of an index, those of few articles as likely as common ones."""
    random = Random(seed)  # noqa: S311  # nothing secret
    ids = reader.ids()
    common = sorted(reader.vocabulary(), key=lambda pair: -pair[1])[:300]

    def word() -> str:
        if random.random() < 0.4:
            return random.choice(common)[0]
        return random.choice(text().split()).strip(".,;:!?()[]\"'’‘“”") or "the"

    def text() -> str:
        article = reader.articles([random.choice(ids)])[0]
        texts = [paragraph.text for paragraph in article.paragraphs if paragraph.text.split()]
        return random.choice(texts or ["the state"])

    def phrase() -> str:
        words = text().split()
        start = random.randrange(len(words))
        return f'"{" ".join(words[start : start + random.randint(2, 4)])}"'.replace('""', '"')

    def slip() -> str:
        letters = word()
        place = random.randrange(len(letters))
        return letters[:place] + random.choice("aeiou") + letters[place + 1 :]

    def wild() -> str:
        letters = word()
        place = random.randrange(1, len(letters) + 1)
        return letters[:place] + random.choice("*?") + letters[place + 1 :]

    kinds = (
        word,
        lambda: f"{word()} {word()}",
        lambda: f"{word()} OR {word()} OR {word()}",
        lambda: f"{word()} -{word()}",
        phrase,
        phrase,
        lambda: f"{phrase()} -{word()}",
        lambda: f"{word()} NEAR/{random.randint(1, 20)} {word()}",
        lambda: f"{word()} ADJ/{random.randint(1, 20)} {word()}",
        lambda: f"{phrase()} NEAR/9 {word()} NEAR/9 ({word()} OR {word()})",
        lambda: f"{word()[:4]}*",
        wild,
        lambda: f"{wild()} {word()}",
        lambda: f'"{word()} {word()[:3]}*"',
        lambda: f"{slip()}~1",
        lambda: f"{slip()}~2",
        lambda: f"={word()}",
        lambda: f"title:{word()}",
        lambda: f"body:{phrase()}",
        lambda: f"in:cuts {word()}",
        lambda: f"raw:{word()}",
        lambda: f"author:{word()[:3]}* OR source:herald",
        lambda: f"{word()} date:{random.randint(2003, 2020)}..{random.randint(2010, 2021)}",
        lambda: f"path:0{random.randint(0, 9)} {word()}",
    )
    for number in range(count):
        yield kinds[number % len(kinds)]()


def compared(usual: Reader, other: Reader, query: Query) -> Compared:
    """Return how two readers answer a query."""
    every = Page(order=Order.PATH, limit=None)
    first, second = (ranked(reader, query, every) for reader in (usual, other))
    best = [ranked(reader, query, Page()).page for reader in (usual, other)]
    top = max((scored.score for scored in best[0]), default=0.0) or 1.0
    return Compared(
        typed=query.typed,
        totals=(first.total, second.total),
        is_limited=bool(first.notes),
        same_articles=first.total == second.total
        and [one.id for one in first.page] == [one.id for one in second.page],
        same_page=[one.id for one in best[0]] == [one.id for one in best[1]],
        score_difference=max(
            (abs(a.score - b.score) / top for a, b in zip(*best, strict=False)), default=0.0
        ),
    )


def printed(arguments: Sequence[str]) -> tuple[int, bytes, bytes]:
    """Return exit code, stdout and stderr of a command."""
    out, errors = (TextIOWrapper(BytesIO(), encoding="utf-8") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(errors):
        code = run([*arguments])
        written = []
        for stream in (out, errors):
            stream.flush()
            written.append(stream.buffer.getvalue())  # type: ignore[attr-defined]  # a BytesIO
    return code, *written


def differing_outputs(indexes: Sequence[Path], typed: Sequence[str]) -> Iterator[str]:
    """Yield the commands whose output is not the same for two indexes."""
    for number, query in enumerate(typed):
        command, *options = COMMANDS[number % len(COMMANDS)]
        arguments = [command, *options, "--no-refresh", "--", query]
        outputs = {printed([*arguments[:-2], "--index", str(i), "--", query]) for i in indexes}
        if len(outputs) > 1:
            yield " ".join(arguments)


def report(found: Sequence[Compared]) -> Iterator[str]:
    """Yield lines for a person: every disagreement, then the sums."""
    for one in found:
        if not one.agrees:
            yield f"DIFFERENT: {one.typed}: {one.totals[0]:,} and {one.totals[1]:,} articles"
    limited = [one for one in found if one.is_limited]
    equal = [one for one in found if one.same_articles]
    pages = [one for one in found if one.same_page]
    scores = [one for one in found if one.score_difference <= SCORE_TOLERANCE]
    yield f"{len(found):,} queries, {sum(one.totals[1] > 0 for one in found):,} find something"
    yield f"{len(equal):,} find the same articles in both engines"
    yield f"{len(limited):,} are patterns for more words than Whoosh looks up"
    yield f"{len(pages):,} have the same ten best articles in the same order"
    yield f"{len(scores):,} with the same scores to {SCORE_TOLERANCE:g}"
    worst = max((one.score_difference for one in found), default=0.0)
    yield f"largest difference of scores by rank: {worst:.2%} of the best score"


def main() -> None:
    """Build, ask, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--outputs", type=int, default=24, help="Commands compared byte for byte.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=ENGINES[1:], default=ENGINES[1])
    parser.add_argument("--collection", type=Path, help="Its questions instead.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.collection:
            corpus = options.collection / "corpus"
        else:
            corpus = folder / "corpus"
            corpora.write(corpus, options.articles)
        indexes = [folder / engine for engine in (ENGINES[0], options.engine)]
        for index in indexes:
            update(Settings(corpus=corpus, index=index, engine=index.name))
        usual, other = (current.open_reader(index)[1] for index in indexes)
        if options.collection:
            asked = [Query(text, any_word=True) for _, text in questions(options.collection)]
        else:
            typed = queries(usual, options.queries, options.seed)
            asked = [Query(text) for text in typed]
        found = [compared(usual, other, query) for query in asked]
        vocabularies = [list(reader.vocabulary()) for reader in (usual, other)]
        texts = [query.typed for query in asked][:: max(1, len(asked) // options.outputs)]
        different = list(differing_outputs(indexes, texts))
        usual.close()
        other.close()
    lines = [
        *report(found),
        f"vocabularies {'equal' if vocabularies[0] == vocabularies[1] else 'DIFFERENT'}",
        *(f"DIFFERENT OUTPUT: {command}" for command in different),
        f"{len(texts) - len(different):,} of {len(texts):,} commands print the same bytes",
    ]
    sys.stdout.write("\n".join(chain(lines, ("",))))
    agree = all(one.agrees for one in found) and vocabularies[0] == vocabularies[1]
    sys.exit(0 if agree and not different else 1)


if __name__ == "__main__":
    main()
