"""What only a whole corpus knows: lines that recur, words that stand undamaged, near copies.

Each file gives its part where it is read, in any process; the parts are merged once, in any order
with the same result. `load.corpus` takes the evidence with each file it loads.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from isisdocs.load import corpus, repair
from isisdocs.load.boilerplate.page import outline
from isisdocs.load.lexicon import Lexicon
from isisdocs.load.near import Sketch, near_copies, sketch
from isisdocs.load.recurring import Digests, Recurring, count_lines, line_digests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from isisdocs.settings import LoadSettings


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the documents of a corpus say about each other."""

    recurring: Recurring = field(default_factory=lambda: Recurring(0, MappingProxyType({})))
    lexicon: Lexicon = field(default_factory=Lexicon)
    """Words with letters beyond ASCII from texts that are not damaged."""
    copies: tuple[tuple[str, ...], ...] = ()
    """Groups of ids of articles that are near copies of each other; groups and ids sorted."""

    def with_copies(self, copies: Iterable[tuple[str, ...]]) -> Evidence:
        """Return the evidence with other groups of near copies."""
        return Evidence(self.recurring, self.lexicon, tuple(copies))

    def to_json(self) -> str:
        """Return the evidence as JSON, the same text for the same corpus."""
        content = {
            "recurring": self.recurring.to_json(),
            "lexicon": self.lexicon.to_json(),
            "copies": self.copies,
        }
        return json.dumps(content, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read what `to_json` wrote. Raises ValueError, TypeError or KeyError for anything else."""
        content = json.loads(text)
        return cls(
            Recurring.from_json(content["recurring"]),
            Lexicon.from_json(content["lexicon"]),
            tuple(tuple(map(str, group)) for group in content["copies"]),
        )

    # A mapping that cannot be changed cannot be pickled either, and worker processes need it.
    def __reduce__(self) -> tuple[Callable[[str], Evidence], tuple[str]]:
        return Evidence.from_json, (self.to_json(),)


@dataclass(frozen=True, slots=True)
class Part:
    """What some files of a corpus contribute."""

    documents: tuple[Document, ...]
    lexicon: Lexicon


@dataclass(frozen=True, slots=True)
class Document:
    """What one text contributes to what is counted over all of them."""

    id: str
    sketch: Sketch
    """Of its prose: furniture would make copies of any two short pages of one site."""
    lines: Digests


def collect(folder: Path, paths: Iterable[str], settings: LoadSettings) -> Part:
    """Return what these files of the corpus contribute; those that are no articles give nothing."""
    documents = []
    lexicon = Lexicon()
    for id_, text in _texts(folder, paths, settings):
        with suppress(Exception):  # `load.corpus` says what is wrong with it
            mended = _mended(text, settings)
            page = list(outline(mended.split("\n")))
            lines = line_digests(line for line, _ in page)
            documents.append(Document(id_, _sketch(page), lines))
            if not repair.is_damaged(text):
                lexicon.merge(Lexicon.collect([mended]))
    return Part(tuple(documents), lexicon)


def sketches(folder: Path, paths: Iterable[str], settings: LoadSettings) -> dict[str, Sketch]:
    """Return the sketches of the articles in these files, which `collect` has in its documents."""
    found = {}
    for id_, text in _texts(folder, paths, settings):
        with suppress(Exception):  # `load.corpus` says what is wrong with it
            found[id_] = _sketch(outline(_mended(text, settings).split("\n")))
    return found


def _texts(folder: Path, paths: Iterable[str], settings: LoadSettings) -> Iterator[tuple[str, str]]:
    for path in paths:
        yield from corpus.texts(folder, path, settings)


def _mended(text: str, settings: LoadSettings) -> str:
    return repair.repair(text, threshold=settings.threshold).text


def _sketch(page: Iterable[tuple[str, bool]]) -> Sketch:
    return sketch("\n".join(line for line, is_prose in page if is_prose))


def merge(parts: Iterable[Part]) -> Evidence:
    """Return the evidence of all parts; their order is of no account.

    Near copies, and texts that have the very same lines, count as one document.
    """
    lexicon = Lexicon()
    documents: dict[str, Document] = {}
    for part in parts:
        lexicon.merge(part.lexicon)
        documents.update((document.id, document) for document in part.documents)
    copies = near_copies({id_: document.sketch for id_, document in documents.items()})
    grouped = [[documents.pop(id_).lines for id_ in group] for group in copies]
    single = {document.lines for document in documents.values()}
    return Evidence(count_lines([*grouped, *single]), lexicon, tuple(copies))
