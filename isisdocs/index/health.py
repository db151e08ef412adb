"""What is wrong in the corpus folder and in its index? Looks only; mends nothing."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from isisdocs.errors import CorpusError, DamagedIndexError, IndexStoreError
from isisdocs.index import changes as folder_changes
from isisdocs.index import current as current_state
from isisdocs.index import evidence as evidence_store
from isisdocs.index import records
from isisdocs.index.copies import read_copies
from isisdocs.index.update import plan
from isisdocs.load.boilerplate.trim import trim
from isisdocs.load.markup import plain
from isisdocs.load.recurring import digest
from isisdocs.load.repair.damage import LOST, count_lost
from isisdocs.settings import DEFAULT_CORPUS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from isisdocs.engine.base import Reader
    from isisdocs.index.changes import Changes
    from isisdocs.index.current import Current
    from isisdocs.load.recurring import Recurring
    from isisdocs.model import Article, Repair, Skipped
    from isisdocs.settings import Settings

UNSURE = 0.8
"""A repair is listed as uncertain below this confidence."""
_AT_A_TIME = 256


@dataclass(frozen=True, slots=True)
class RecurringLine:
    """A line that stands in several articles."""

    text: str
    documents: int
    """Articles that have it, near-copies counted once, as of the last rebuild."""
    cut: int
    """Articles in which it was taken out."""
    kept: int
    """Articles in which it stands in the text."""


@dataclass(frozen=True, slots=True)
class Damaged:
    """An article that has lost characters."""

    article: Article
    repaired: int
    """Lost characters that were brought back."""
    left: int
    """Places where a `?` or U+FFFD still stands for a lost character, as far as one can tell."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What is to be said of the articles in an index; everything sorted by article or count."""

    recurring: tuple[RecurringLine, ...] = ()
    copies: tuple[tuple[str, ...], ...] = ()
    """Groups of ids of near-copies."""
    untitled: tuple[Article, ...] = ()
    undated: tuple[Article, ...] = ()
    damaged: tuple[Damaged, ...] = ()
    unsure: tuple[tuple[Article, Repair], ...] = ()
    """Repairs with a confidence under `UNSURE`, the least sure first."""
    undecoded: tuple[Article, ...] = ()
    """Articles of files with U+FFFD, mended or not: bytes that their encoding does not have."""


@dataclass(frozen=True, slots=True)
class Health:
    """What was found out about a corpus and its index."""

    corpus: Path
    current: Current | None
    """The index's state; None where there is none that can be read."""
    problem: str = ""
    """What is wrong with the index as a whole: missing, damaged, stale; empty: nothing."""
    hint: str = ""
    changes: Changes | None = None
    """How the folder differs from the index; None where either cannot be read."""
    skipped: tuple[Skipped, ...] = ()
    findings: Findings = Findings()


def examine(settings: Settings) -> Health:
    """Return what is wrong in the corpus and its index; nothing is written."""
    corpus = _absolute(settings.corpus or DEFAULT_CORPUS)
    try:
        current = current_state.read(settings.index)
        if current is None:
            hint = "build it: `isisdocs index`"
            return Health(corpus, None, f"there is no index in {settings.index}", hint)
        if settings.corpus and corpus != current.corpus:
            problem = f"the index in {settings.index} is of {current.corpus}, not of {corpus}"
            hint = f"`isisdocs index {settings.corpus}` replaces it, `--index DIR` names another"
            return Health(corpus, None, problem, hint)
        corpus = current.corpus
        return _examine_index(settings, current)
    except IndexStoreError as error:
        return Health(corpus, None, error.message, error.hint)


def _examine_index(settings: Settings, current: Current) -> Health:
    _verify(settings.index, current)
    known = folder_changes.read_known(settings.index, current)
    recurring = evidence_store.read(settings.index, current).recurring
    copies = read_copies(settings.index, current)
    current, reader = current_state.open_reader(settings.index)
    try:
        findings = _findings(reader, recurring, copies)
    finally:
        reader.close()
    problem, hint, changes = "", "", None
    try:
        found = plan(settings)
    except CorpusError as error:
        problem, hint = error.message, "name the folder of articles: `isisdocs index FOLDER`"
    else:
        changes = found.changes
        if found.reason:
            problem = "the index is stale: the loader or its settings have changed"
            hint = "the next search or `isisdocs index` builds it anew"
        elif not changes.are_none:
            problem = "the index is stale: the folder has changed"
            hint = "the next search or `isisdocs index` brings it up to date"
    skipped = tuple(skipped for file in known.values() for skipped in file.skipped)
    return Health(current.corpus, current, problem, hint, changes, skipped, findings)


def _verify(index: Path, current: Current) -> None:
    """Read all of the index; DamagedIndexError where a byte is not as it was written."""
    engine = current_state.engine_for(current.engine, index)
    damaged = (*records.damaged(index, current), *engine.damaged_files(current.state))
    if damaged:
        raise DamagedIndexError(index, f"not as it was written: {', '.join(sorted(damaged))}")


def _findings(
    reader: Reader, recurring: Recurring, copies: Mapping[str, tuple[str, ...]]
) -> Findings:
    untitled, undated, undecoded = [], [], []
    damaged, unsure = [], []
    lines = _Lines(recurring)
    for article in _articles(reader):
        if not article.metadata.title:
            untitled.append(article)
        if not article.metadata.date:
            undated.append(article)
        texts = [article.metadata.title, *(paragraph.text for paragraph in article.paragraphs)]
        befores = (repair.before for repair in article.repairs)
        is_undecoded = any("\ufffd" in text for text in (*texts, *befores))
        if is_undecoded:
            undecoded.append(article)
        repaired = sum(_was_lost(repair) for repair in article.repairs)
        left = sum(map(count_lost, texts))
        if repaired or left > 1 or is_undecoded:
            damaged.append(Damaged(article, repaired, left))
        unsure += [(article, repair) for repair in article.repairs if repair.confidence < UNSURE]
        lines.add(article, texts)
    unsure.sort(key=lambda pair: pair[1].confidence)
    return Findings(
        recurring=lines.found(),
        copies=tuple(sorted(set(copies.values()))),
        untitled=tuple(untitled),
        undated=tuple(undated),
        damaged=tuple(damaged),
        unsure=tuple(unsure),
        undecoded=tuple(undecoded),
    )


def _articles(reader: Reader) -> Iterator[Article]:
    ids = reader.ids()
    for start in range(0, len(ids), _AT_A_TIME):
        yield from reader.articles(ids[start : start + _AT_A_TIME])


def _was_lost(repair: Repair) -> bool:
    return any(mark in repair.before for mark in LOST) and not any(
        mark in repair.after for mark in LOST
    )


class _Lines:
    """The lines that recur, with their texts, which the index's evidence does not hold."""

    def __init__(self, recurring: Recurring) -> None:
        self._recurring = recurring
        self._texts: dict[str, str] = {}
        self._cut: Counter[str] = Counter()
        self._kept: Counter[str] = Counter()

    def add(self, article: Article, kept: Iterable[str]) -> None:
        if not self._recurring.counts:
            return
        # A line was counted as it is seen, without markup and what a trim takes off its ends.
        cut = self._digests(trim(plain(one.text).text)[0] for one in article.cuts)
        self._cut.update(cut)
        self._kept.update(self._digests(kept) - cut)

    def found(self) -> tuple[RecurringLine, ...]:
        """Return the lines, those of most articles first."""
        lines = (
            RecurringLine(text, self._recurring.count(text), self._cut[key], self._kept[key])
            for key, text in self._texts.items()
        )
        return tuple(sorted(lines, key=lambda line: (-line.documents, line.text)))

    def _digests(self, texts: Iterable[str]) -> set[str]:
        keys = set()
        for text in texts:
            if self._recurring.count(text):
                key = digest(text)
                self._texts[key] = min(text, self._texts.get(key, text))
                keys.add(key)
        return keys


def _absolute(folder: Path) -> Path:
    return Path(os.path.normpath(folder.absolute()))
