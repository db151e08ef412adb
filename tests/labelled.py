"""The labelled pages of `$ISISDOCS_SHARED/data/boilerplate`, as the tests and the fit read them.

They belong to others and stay outside the repository; where they are absent, `pages` is empty.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("ISISDOCS_SHARED", ROOT.parent / "shared"))
DATA = SHARED / "data" / "boilerplate"


@dataclass(frozen=True)
class LabelledPage:
    name: str
    site: str
    """Pages of one site are always left out together."""
    is_seed: bool
    lines: tuple[str, ...]
    labels: tuple[str, ...]
    """One of `C P M B -` for each line; see the data's README."""
    metadata: dict[str, Any]


def pages() -> list[LabelledPage]:
    """Return all labelled pages in order of their names; empty where the data is absent."""
    if not DATA.is_dir():
        return []
    with (DATA / "SOURCES.tsv").open(encoding="utf-8", newline="") as file:
        sites = {row["name"]: row["site"] for row in csv.DictReader(file, delimiter="\t")}
    found = []
    for folder in ("dev", "seeds"):
        for path in sorted((DATA / folder).glob("*.labels")):
            text = path.with_suffix(".txt").read_text(encoding="utf-8", errors="replace")
            lines = tuple(text.removesuffix("\n").split("\n"))
            labels = tuple(path.read_text(encoding="utf-8").split("\n"))[: len(lines)]
            metadata = json.loads(path.with_suffix(".meta.json").read_text(encoding="utf-8"))
            site = sites.get(path.stem, "the seeds")
            found.append(LabelledPage(path.stem, site, folder == "seeds", lines, labels, metadata))
    return found


def digest() -> str:
    """Return a hash of everything that scores depend on in the data."""
    total = hashlib.sha256()
    for page in pages():
        content = (page.name, page.site, page.lines, page.labels, page.metadata)
        total.update(json.dumps(content, sort_keys=True).encode())
    return total.hexdigest()[:16]
