"""Scores on the labelled pages may rise and not fall; skipped where the pages are absent.

    python -m tests.test_boilerplate_gate            print floors and scores
    python -m tests.test_boilerplate_gate --update   raise floors to today's scores
    python -m tests.test_boilerplate_gate --reset    set them to today's scores, lower or not

The floors stand in `boilerplate_floors.json` beside a hash of the data they were measured on.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from tests.eval_clean import figures, shipped
from tests.labelled import DATA, digest, pages

FLOORS = Path(__file__).parent / "boilerplate_floors.json"
# Floors are rounded down to this many digits, so that one letter more or less does not matter.
_DIGITS = 4


def measured() -> dict[str, dict[str, float]]:
    scored = shipped(pages())
    return {
        "dev": figures([pair for pair in scored if not pair[0].is_seed]),
        "seeds": figures([pair for pair in scored if pair[0].is_seed]),
    }


def is_worse(name: str, score: float, floor: float) -> bool:
    if name.startswith("pages under"):
        return score > floor
    return score < floor - 0.5 * 10**-_DIGITS


@pytest.mark.skipif(not DATA.is_dir(), reason=f"the labelled pages are not at {DATA.name}")
def test_scores_have_not_fallen() -> None:
    floors: dict[str, Any] = json.loads(FLOORS.read_text(encoding="utf-8"))
    if floors["data"] != digest():
        pytest.skip(
            "the labelled pages have changed: `python -m tests.test_boilerplate_gate --reset`"
        )

    scores = measured()

    fallen = {
        f"{part} {name}": (score, floors[part][name])
        for part, rows in scores.items()
        for name, score in rows.items()
        if is_worse(name, score, floors[part][name])
    }
    assert fallen == {}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--reset", action="store_true")
    options = parser.parse_args()
    scores = measured()
    old: dict[str, Any] = json.loads(FLOORS.read_text("utf-8")) if FLOORS.exists() else {}
    new: dict[str, Any] = {"data": digest()}
    for part, rows in scores.items():
        new[part] = {}
        for name, score in rows.items():
            floor = old.get(part, {}).get(name, score)
            keeps_old = not options.reset and is_worse(name, score, floor)
            new[part][name] = floor if keeps_old else round(score, _DIGITS)
            print(f"{part:5} {name:24} floor {floor:.4f} score {score:.4f}")  # noqa: T201
    if options.update or options.reset:
        FLOORS.write_text(json.dumps(new, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
