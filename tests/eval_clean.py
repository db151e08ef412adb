"""Score cleaning on the labelled pages, as shipped and with whole sites left out of the fit.

    python -m tests.eval_clean              the shipped weights
    python -m tests.eval_clean --cross      ten folds of sites, three deals; needs numpy and scipy
    python -m tests.eval_clean --pages      one line a page as well

Pages are cleaned end to end and scored as text by the data's own `score.py`. A page's text is its
title and its paragraphs.
"""

from __future__ import annotations

import argparse
import importlib.util
import statistics
from typing import TYPE_CHECKING, Any

from isisdocs.load.boilerplate import strip_page
from isisdocs.load.boilerplate.page import read
from isisdocs.load.boilerplate.scorer import shipped_weights
from isisdocs.load.clean import Cleaned, compose
from tests.labelled import DATA, LabelledPage, pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from isisdocs.load.boilerplate.scorer import Weights

    Scored = list[tuple[LabelledPage, Cleaned]]

FIELDS = ("title", "authors", "date", "url", "issue", "outlet")


def scorer() -> Any:
    """Import the data's `score.py` from where it is."""
    spec = importlib.util.spec_from_file_location("score", DATA / "score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cleaned_with(weights: Weights, page: LabelledPage) -> Cleaned:
    read_lines = read(page.lines)
    return compose(read_lines, strip_page(read_lines, page.lines, weights=weights))


def text_of(cleaned: Cleaned) -> str:
    title = [cleaned.metadata.title] if cleaned.metadata.title else []
    return "\n".join(title + [paragraph.text for paragraph in cleaned.paragraphs])


def prediction(cleaned: Cleaned) -> dict[str, Any]:
    found = cleaned.metadata
    values = (found.title, list(found.authors), found.date, found.url, found.issue, found.outlet)
    return dict(zip(FIELDS, values, strict=True))


def figures(scored: Scored) -> dict[str, float]:
    """Return every figure of a set of pages, micro-averaged unless its name says `macro`."""
    score = scorer()
    by_page = [
        score.score_page(page.lines, page.labels, pred_text=text_of(cleaned))
        for page, cleaned in scored
    ]
    total = {key: sum(page[key] for page in by_page) for key in ("C", "Ckept", "B", "Bkept")}
    found, extra, missed = (sum(page[key] for page in by_page) for key in ("tp", "fp", "fn"))
    result = {
        "recall": total["Ckept"] / total["C"],
        "removal": 1 - total["Bkept"] / max(1, total["B"]),
        "f1": 2 * found / (2 * found + extra + missed),
        "recall macro": statistics.fmean(page["content_recall"] for page in by_page),
        "removal macro": statistics.fmean(
            page["boiler_removal"] for page in by_page if page["boiler_removal"] is not None
        ),
        "pages under .95 recall": sum(page["content_recall"] < 0.95 for page in by_page),
    }
    metadata = [score.score_meta(page.metadata, prediction(cleaned)) for page, cleaned in scored]
    for field in FIELDS:
        given = [page[field][2] for page in metadata if page[field][0]]
        absent = [page[field][2] for page in metadata if not page[field][0]]
        result[field] = sum(given) / max(1, len(given))
        result[f"{field} absent"] = sum(absent) / max(1, len(absent))
    absent_all = [page[field][2] for page in metadata for field in FIELDS if not page[field][0]]
    result["absent"] = sum(absent_all) / max(1, len(absent_all))
    return result


def shipped(data: Sequence[LabelledPage]) -> Scored:
    return [(page, cleaned_with(shipped_weights(), page)) for page in data]


def cross_validated(data: Sequence[LabelledPage], seed: int) -> Scored:
    """Clean every page with weights fitted without its site."""
    from tests.fit_boilerplate import example, fit, folds

    fold_of = folds((page.site for page in data), seed=seed)
    examples = [(page.site, example(page)) for page in data]
    weights = {
        fold: fit([found for site, found in examples if fold_of[site] != fold])
        for fold in sorted(set(fold_of.values()))
    }
    return [(page, cleaned_with(weights[fold_of[page.site]], page)) for page in data]


def report(name: str, results: Iterable[dict[str, float]]) -> None:
    rows = list(results)
    print(name)  # noqa: T201 - a command
    for key in rows[0]:
        print(f"  {key:24} {statistics.fmean(row[key] for row in rows):.4f}")  # noqa: T201


def print_pages(scored: Scored) -> None:
    score = scorer()
    for page, cleaned in scored:
        one = score.score_page(page.lines, page.labels, pred_text=text_of(cleaned))
        wrong = {
            field: (page.metadata.get(field), prediction(cleaned)[field])
            for field, found in score.score_meta(page.metadata, prediction(cleaned)).items()
            if not found[2]
        }
        removal = "-" if one["boiler_removal"] is None else f"{one['boiler_removal']:.3f}"
        print(  # noqa: T201
            f"{page.name[:8]:8} recall {one['content_recall']:.3f}"
            f" removal {removal} f1 {one['f1']:.3f} {wrong}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cross", action="store_true")
    parser.add_argument("--pages", action="store_true")
    options = parser.parse_args()
    data = pages()
    runs: list[Callable[[], Scored]] = [lambda: shipped(data)]
    if options.cross:
        runs = [lambda seed=seed: cross_validated(data, seed) for seed in (1, 2, 3)]  # type: ignore[misc]
    scored = [run() for run in runs]
    if options.pages:
        print_pages(scored[0])
    for is_seed, name in ((False, "dev"), (True, "seeds")):
        chosen = [[pair for pair in run if pair[0].is_seed == is_seed] for run in scored]
        report(name, [figures(run) for run in chosen])


if __name__ == "__main__":
    main()
