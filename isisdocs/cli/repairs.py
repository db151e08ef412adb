"""`isisdocs repairs`: the repairs of the whole corpus, and a reader's decisions about them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from isisdocs import sidecar
from isisdocs.cli import options, originals
from isisdocs.cli.paging import paging
from isisdocs.cli.session import Session, opened
from isisdocs.errors import OutputError
from isisdocs.frozen import frozen
from isisdocs.load.repair import place
from isisdocs.model import Article, Repair
from isisdocs.output import structured, terminal
from isisdocs.output.console import for_results, say
from isisdocs.output.counted import counted
from isisdocs.output.diff import WordDiff, word_diffs
from isisdocs.output.files import written_atomically
from isisdocs.sidecar import Decided

HELP = "List the repairs of all articles, or decide about them."
EXAMPLE = "Example: isisdocs repairs review"

_UNSURE = 0.99
"""What is surer is asked about only where `--below` says so."""

Below = Annotated[
    float | None,
    typer.Option(
        "--below", min=0, max=1, metavar="P", help="Only repairs less sure than P, from 0 to 1."
    ),
]


def list_(
    below: Below = None,
    corpus: options.Corpus = None,
    index: options.Index = None,
    as_json: options.Json = False,
    no_refresh: options.NoRefresh = False,
) -> int:
    """List the repairs of all articles, the least certain first."""
    with opened(corpus, index, refresh=not no_refresh) as session:
        if as_json:
            found = [
                (article, repair)
                for article, repairs in _repaired(session, below)
                for repair in repairs
            ]
            found.sort(key=lambda item: _rank(item[1].confidence, item[0], item[1]))
            fields = [structured.repair(*item, session.location) for item in found]
            structured.write(
                sys.stdout, {"format_version": structured.FORMAT_VERSION, "repairs": fields}
            )
            return 0 if found else 1
        words = _words(session, below)
        console = for_results()
        for word in words:
            terminal.repaired_word(console, word.article, word.diff, session.location)
        if not words:
            say("there is no repair" + ("" if below is None else f" less sure than {below:g}"))
        return 0 if words else 1


def review(
    below: Below = None,
    corpus: options.Corpus = None,
    index: options.Index = None,
    no_refresh: options.NoRefresh = False,
) -> int:
    """Decide about repairs one by one, the least certain first.

    Each is shown as a word before and after. Type a to accept it, r to reject it, s to skip it or q
    to quit, and Enter. Decisions are kept in repairs.toml, and later builds obey them. Without
    --below it is those less sure than 0.99.
    """
    with opened(corpus, index, refresh=not no_refresh) as session:
        path = session.settings.decisions_path
        _refuse_corpus(path, session.corpus)
        limit = _UNSURE if below is None else below
        words = [word for word in _words(session, limit) if word.is_open]
        if not words:
            say("there is no repair to decide about")
            return 1
        decisions = _Decisions(path)
        try:
            _review(session, words, decisions)
        finally:
            decisions.sum_up()
    return 0


GROUP: dict[str, tuple[Callable[..., int | None], str]] = {
    "review": (review, "Example: isisdocs repairs review --below 0.95"),
    "list": (paging(list_), "Example: isisdocs repairs list --below 0.95"),
}


@frozen
class _Word:
    """A repaired word of the corpus."""

    article: Article
    diff: WordDiff
    is_open: bool
    """Whether a decision about it can be made."""

    def decided(self, *, is_accepted: bool) -> Decided:
        diff = self.diff
        return Decided(diff.left, diff.before, diff.right, diff.after, is_accepted)

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What names it in the file of decisions."""
        return self.article.id, self.diff.left, self.diff.before, self.diff.right


def _repaired(session: Session, below: float | None) -> Iterator[tuple[Article, list[Repair]]]:
    """Yield the articles that have repairs less sure than *below* (None: any), with these."""
    ids = session.reader.ids()
    for start in range(0, len(ids), _AT_ONCE):
        for article in session.reader.articles(ids[start : start + _AT_ONCE]):
            repairs = [
                repair for repair in article.repairs if below is None or repair.confidence < below
            ]
            if repairs:
                yield article, repairs


_AT_ONCE = 500
"""Articles in memory."""


def _words(session: Session, below: float | None) -> list[_Word]:
    """Return the repaired words less sure than *below*, the least sure first."""
    words = []
    for article, _ in _repaired(session, below):
        lines = originals.lines(session, article)
        text = "\n".join(lines)
        for diff in word_diffs(lines, article.repairs):
            if below is None or diff.confidence < below:
                word = _Word(article, diff, is_open=False)
                decided = word.decided(is_accepted=True)
                is_open = (
                    # What is joined is decided after lines have been cut.
                    "\n" not in diff.before
                    and sidecar.can_be_written((article.id, *decided.texts))
                    and bool(place(text, [decided]))
                )
                words.append(_Word(article, diff, is_open))
    words.sort(key=lambda word: _rank(word.diff.confidence, word.article, word.diff.repairs[0]))
    return words


def _rank(confidence: float, article: Article, repair: Repair) -> tuple[float, str, int, int]:
    return confidence, article.id, repair.line, repair.column


def _review(session: Session, words: list[_Word], decisions: _Decisions) -> None:
    console = for_results()
    seen: set[tuple[str, str, str, str]] = set()
    for number, word in enumerate(words, 1):
        if word.place in seen:  # the same characters around: one decision holds for both
            continue
        seen.add(word.place)
        terminal.repaired_word(console, word.article, word.diff, session.location)
        sys.stdout.flush()
        answer = _ask(f"{number:,} of {len(words):,}: accept, reject, skip or quit? [a/r/s/q] ")
        if answer == "q":
            return
        if answer != "s":
            decisions.add(word.article.id, word.decided(is_accepted=answer == "a"))


def _ask(question: str) -> str:
    """Return the key that was typed, q at the end of the input."""
    while True:
        sys.stderr.write(question)
        sys.stderr.flush()
        typed = sys.stdin.readline()
        if not (typed.endswith("\n") and sys.stdin.isatty()):  # no Enter was seen on the screen
            sys.stderr.write("\n")
        answer = typed.strip()[:1].lower()
        if not typed:
            return "q"
        if answer in ("a", "r", "s", "q"):
            return answer


class _Decisions:
    """The file of decisions, written after each, so that nothing interrupts what was decided."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._content = path.read_text(encoding="utf-8") if path.exists() else sidecar.HEADER
        self._count = 0

    def add(self, id_: str, decided: Decided) -> None:
        self._content += sidecar.as_toml(id_, decided)
        with written_atomically(self._path) as file:
            file.write(self._content)
        self._count += 1

    def sum_up(self) -> None:
        if self._count:
            decisions = counted(self._count, "decision")
            say(f"{decisions} added to {self._path}; the next search builds by them")


def _refuse_corpus(path: Path, corpus: Path) -> None:
    if Path(os.path.realpath(path)).is_relative_to(os.path.realpath(corpus)):
        raise OutputError(
            f"{path} would be in the corpus, which is never written to",
            hint="put an `isisdocs.toml` into the folder above, and run it from there",
        )
