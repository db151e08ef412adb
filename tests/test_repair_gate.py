"""Scores of `restore` on the evaluation data do not fall unnoticed.

    python -m tests.test_repair_gate --update          raises the floors to what is reached now
    python -m tests.test_repair_gate --update --lower  lowers them too

The floors stand in `repair_floors.json` beside a hash of the data, so that other data never pass
for these. The data are looked for in `../shared`, or where ISISDOCS_SHARED says.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
from pathlib import Path
from typing import Any

from isisdocs.load.repair import restore

FLOORS = Path(__file__).with_name("repair_floors.json")
REGIMES = ("ascii", "cp1252-lost", "partial", "partial-straight", "clean")
HIGHER_IS_BETTER = {"role": True, "words": True, "harm": False}


def hash_of(folder: Path) -> str:
    """Return the hash of the gold texts and of the scorer."""
    digest = hashlib.sha256()
    for path in [folder / "score.py", *sorted((folder / "dev").glob("*.txt"))]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def scores_of(folder: Path) -> dict[str, dict[str, float]]:
    """Return role and searchable words in per cent, and harm per 10,000, by regime."""
    spec = importlib.util.spec_from_file_location("repair_score", folder / "score.py")
    assert spec is not None
    assert spec.loader is not None
    score: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    scores: dict[str, dict[str, float]] = {}
    for regime in REGIMES:
        tally = score.Tally()
        for path in sorted((folder / "dev").glob("*.txt")):
            text = path.read_bytes().decode()
            damaged, gold, slots = score.corrupt(text, regime, "1", path.stem)
            tally.add(gold, damaged, restore(damaged), slots, path.stem, 0)
        result = tally.result()
        scores[regime] = {"harm": round(result["genuine_changed_per_10k"], 1)}
        if result["lost_count"]:
            scores[regime]["role"] = round(100 * result["lost_role"], 2)
            scores[regime]["words"] = round(100 * result["word_token_accuracy"], 2)
    return scores


def is_worse(name: str, score: float, floor: float) -> bool:
    return score < floor if HIGHER_IS_BETTER[name] else score > floor


def test_scores_have_not_fallen(shared_data: Path) -> None:
    folder = shared_data / "repair"
    pinned = json.loads(FLOORS.read_text(encoding="utf-8"))
    assert hash_of(folder) == pinned["data"], "other data than the floors are for"

    scores = scores_of(folder)

    fallen = {
        (regime, name): (score, pinned["floors"][regime][name])
        for regime, reached in scores.items()
        for name, score in reached.items()
        if is_worse(name, score, pinned["floors"][regime][name])
    }
    assert fallen == {}


def update(*, may_lower: bool) -> None:
    """Write the scores reached now as floors, keeping a higher floor unless it may be lowered."""
    repository = Path(__file__).resolve().parent.parent
    shared = Path(os.environ.get("ISISDOCS_SHARED", repository.parent / "shared"))
    folder = shared / "data" / "repair"
    scores = scores_of(folder)
    data = hash_of(folder)
    if FLOORS.exists() and not may_lower:
        pinned = json.loads(FLOORS.read_text(encoding="utf-8"))
        if pinned["data"] == data:
            for regime, floors in pinned["floors"].items():
                for name, floor in floors.items():
                    if is_worse(name, scores[regime][name], floor):
                        scores[regime][name] = floor
    content = {"data": data, "floors": scores}
    FLOORS.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true", required=True)
    parser.add_argument("--lower", action="store_true")
    update(may_lower=parser.parse_args().lower)
