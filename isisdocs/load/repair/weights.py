"""The fitted model: what each feature says for and against each reading of a lost character.

The file is written by `python -m tests.fit_repair`; it is read only when a damaged text is met.
"""

from __future__ import annotations

import gzip
import json
import math
import struct
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LABELS = (
    "question",
    "apostrophe",
    "open",
    "close",
    "dash",
    "bullet",
    "ellipsis",
    "letter",
    "sign",
)
"""What a lost character may have been; `question` is a real question mark, and not lost."""

SCALE = 48.0
"""Weights are kept as whole numbers, so many to one natural unit of log-odds."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Log-linear weights of features for labels."""

    rows: Mapping[str, tuple[int, ...]]
    """One row for each feature, in the order of `LABELS`."""
    ends: Mapping[str, float]
    """How likely a paragraph ends with so many quotes open, against none: log-odds by feature."""
    vocabulary: frozenset[str]
    """Common English words, lower case."""
    english: frozenset[str] = frozenset()
    """The words of an English dictionary, names among them, lower case."""
    letters: str = ""
    """The letters beyond ASCII that a lost letter may have been, in lower case."""
    letter_rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Weights of the features of `letters`, in the order of `letters`."""
    accents: Mapping[str, int] = field(default_factory=dict)
    """Words with letters beyond ASCII in the texts that the model was fitted on, and how often."""

    calibration: tuple[tuple[float, float], ...] = ()
    """Probability as the model gives it, and how often it was right of sources not fitted on."""

    _packed: Mapping[str, int] = field(init=False, repr=False, compare=False)
    """The rows, each as one number, so that adding one number adds a row: see `_pack`."""

    def __post_init__(self) -> None:
        packed = {feature: _pack(row) for feature, row in self.rows.items()}
        object.__setattr__(self, "_packed", packed)

    def sure(self, chance: float) -> float:
        """Return how often a reading to which the model gives *chance* is right."""
        if not self.calibration:
            return chance
        low, low_sure = 0.0, 0.0
        for high, high_sure in self.calibration:
            if chance <= high:
                share = (chance - low) / (high - low)
                return low_sure + share * (high_sure - low_sure)
            low, low_sure = high, high_sure
        return low_sure

    def scores(self, features: Iterable[str]) -> list[int]:
        """Return the sum of the rows of *features*, for each label."""
        found = list(filter(None, map(self._packed.get, features)))
        total = sum(found)
        less = len(found) * _SHIFT
        return [score - less for score in _ROW.unpack(total.to_bytes(_ROW.size, "little"))]

    def letter_chances(self, features: Iterable[str]) -> dict[str, float]:
        """Return the probability of each letter; empty for a model without letters."""
        rows = self.letter_rows
        found = [rows[feature] for feature in features if feature in rows]
        scores = [sum(column) for column in zip((0,) * len(self.letters), *found, strict=True)]
        return dict(zip(self.letters, probabilities(scores), strict=True))

    def to_bytes(self) -> bytes:
        """Return the model as `from_bytes` reads it; the same model gives the same bytes."""
        content = {
            "labels": LABELS,
            "ends": dict(sorted(self.ends.items())),
            "rows": {feature: list(row) for feature, row in sorted(self.rows.items())},
            "vocabulary": sorted(self.vocabulary),
            "calibration": self.calibration,
            "english": sorted(self.english),
            "accents": dict(sorted(self.accents.items())),
            "letters": self.letters,
            "letter_rows": {
                feature: list(row) for feature, row in sorted(self.letter_rows.items())
            },
        }
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return gzip.compress(text.encode(), mtime=0)

    @classmethod
    def from_bytes(cls, data: bytes) -> Weights:
        """Return the model that `to_bytes` wrote."""
        content = json.loads(gzip.decompress(data))
        return cls(
            rows={feature: tuple(row) for feature, row in content["rows"].items()},
            ends=content["ends"],
            vocabulary=frozenset(content["vocabulary"]),
            english=frozenset(content["english"]),
            calibration=tuple((at, sure) for at, sure in content["calibration"]),
            accents=content["accents"],
            letters=content["letters"],
            letter_rows={feature: tuple(row) for feature, row in content["letter_rows"].items()},
        )


_ROW = struct.Struct(f"<{len(LABELS)}I")
_SHIFT = 1 << 15
"""Added to each weight in a packed row, so that none is below zero."""


def _pack(row: Iterable[int]) -> int:
    """Return a number whose 32 bit digits are the weights of *row*, each plus `_SHIFT`."""
    return int.from_bytes(_ROW.pack(*[weight + _SHIFT for weight in row]), "little")


def probabilities(scores: Iterable[int]) -> list[float]:
    """Return the softmax of integer *scores*."""
    powers = [math.exp(score / SCALE) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]


@cache
def shipped() -> Weights:
    """Return the model that comes with the package."""
    return Weights.from_bytes(Path(__file__).with_name("lost.json.gz").read_bytes())
