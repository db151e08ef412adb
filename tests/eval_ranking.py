"""Print how well a ranking puts the judged articles first: nDCG@10, MAP and recall at 100.

    python -m tests.eval_ranking COLLECTION [--run FILE] [--engine tantivy]
    python -m tests.eval_ranking COLLECTION --cross-validate

The second chooses the title's weight on four fifths of the queries and scores it on the others.

COLLECTION holds `corpus/ID.txt`, `queries.tsv` (id, question) and `qrels.tsv` (query, article,
gain), as ../shared/data/ranking/cranfield does. Every question is asked as `search --any` asks it,
with default settings. The measures are those of the collection's own `score.py`.
"""

from __future__ import annotations

import argparse
import math
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from isisdocs.engine import bm25f
from isisdocs.engine.base import Reader
from isisdocs.index import current
from isisdocs.index.update import update
from isisdocs.search import Page, Query, ranked
from isisdocs.settings import ENGINES, Settings

Run = Mapping[str, Sequence[str]]
"""For each query the ids of the articles found, best first, without `.txt`."""


@dataclass(frozen=True)
class Scores:
    """Averages over all judged queries."""

    ndcg_at_10: float
    average_precision: float
    recall_at_100: float

    def __str__(self) -> str:
        return (
            f"nDCG@10 {self.ndcg_at_10:.4f}  MAP {self.average_precision:.4f}"
            f"  R@100 {self.recall_at_100:.4f}"
        )


def questions(collection: Path) -> Iterator[tuple[str, str]]:
    """Yield id and text of each query."""
    for line in (collection / "queries.tsv").read_text(encoding="utf-8").splitlines():
        id_, _, text = line.partition("\t")
        yield id_, text


def run(reader: Reader, collection: Path, **options: object) -> Run:
    """Return what every query of the collection finds, up to 1,000 articles."""
    page = Page(limit=1000)
    return {
        id_: [
            scored.id.removesuffix(".txt")
            for scored in ranked(reader, Query(text, any_word=True, **options), page).page  # type: ignore[arg-type]
        ]
        for id_, text in questions(collection)
    }


def score(found: Run, collection: Path, only: Sequence[str] | None = None) -> Scores:
    """Return the averages over the judged queries, or *only* those of them.

    Gains are linear, as in `score.py`.
    """
    gains: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (collection / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, article, gain = line.split("\t")
        if only is None or query in only:
            gains[query][article] = int(gain)
    ndcg = precision = recall = 0.0
    for query, judged in gains.items():
        articles = found.get(query, ())
        dcg = sum(judged.get(a, 0) / math.log2(i + 2) for i, a in enumerate(articles[:10]))
        best = sorted(judged.values(), reverse=True)[:10]
        ndcg += dcg / sum(gain / math.log2(i + 2) for i, gain in enumerate(best))
        hits = [rank for rank, article in enumerate(articles, 1) if article in judged]
        precision += sum(n / rank for n, rank in enumerate(hits, 1)) / len(judged)
        recall += sum(rank <= 100 for rank in hits) / len(judged)
    count = len(gains)
    return Scores(ndcg / count, precision / count, recall / count)


TITLE_WEIGHTS = (2.0, 3.0, 4.0, 5.0, 6.0)
FOLDS = 5


def cross_validate(index: Path, collection: Path) -> Iterator[str]:
    """Yield a line for each title weight, and what choosing it on other queries is worth."""
    ids = [id_ for id_, _ in questions(collection)]
    runs: dict[float, Run] = {}
    shipped = bm25f.FIELD_WEIGHTS
    try:
        for weight in TITLE_WEIGHTS:
            bm25f.FIELD_WEIGHTS = {**shipped, "title": weight}
            _, reader = current.open_reader(index)
            runs[weight] = run(reader, collection)
            reader.close()
            yield f"title weight {weight:.0f}: {score(runs[weight], collection)}"
    finally:
        bm25f.FIELD_WEIGHTS = shipped
    held_out: dict[str, Sequence[str]] = {}
    for fold in range(FOLDS):
        rest = [id_ for number, id_ in enumerate(ids) if number % FOLDS != fold]
        best = max(
            TITLE_WEIGHTS, key=lambda weight: score(runs[weight], collection, rest).ndcg_at_10
        )
        held_out |= {id_: runs[best][id_] for id_ in ids if id_ not in rest}
        yield f"fold {fold + 1}: title weight {best:.0f}"
    yield f"chosen on other queries: {score(held_out, collection)}"


def main() -> None:
    """Build an index of the collection beside nothing of the user's, ask, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("collection", type=Path)
    parser.add_argument("--run", type=Path, help="write QUERY<tab>ARTICLE lines here for score.py")
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--engine", choices=ENGINES, default=ENGINES[0])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        corpus = arguments.collection / "corpus"
        update(Settings(corpus=corpus, index=index, engine=arguments.engine))
        if arguments.cross_validate:
            for line in cross_validate(index, arguments.collection):
                sys.stdout.write(f"{line}\n")
            return
        _, reader = current.open_reader(index)
        found = run(reader, arguments.collection)
        reader.close()
    if arguments.run:
        lines = (f"{query}\t{article}\n" for query, ids in found.items() for article in ids)
        arguments.run.write_text("".join(lines), encoding="utf-8")
    sys.stdout.write(f"{score(found, arguments.collection)}\n")


if __name__ == "__main__":
    main()
