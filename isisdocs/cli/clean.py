"""`isisdocs clean`: the loader as a filter, without an index."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from isisdocs import settings as settings_
from isisdocs.cli import options
from isisdocs.errors import CorpusError
from isisdocs.load import corpus, webpage
from isisdocs.load.evidence import Evidence, collect, merge
from isisdocs.model import Article, Skipped
from isisdocs.output import structured
from isisdocs.output.console import is_terminal, say
from isisdocs.output.location import Location
from isisdocs.output.visible import visible

EXAMPLE = "Example: isisdocs clean page.txt > clean.txt"
PAGED = True

STDIN = "-"


def command(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE]...", help="Files; without any, or for -, stdin."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write one JSON object a line for each article.")
    ] = False,
    no_strip: Annotated[
        bool, typer.Option("--no-strip", help="Repair only; take no line out.")
    ] = False,
    corpus_dir: Annotated[
        Path | None,
        typer.Option(
            "--corpus",
            metavar="DIR",
            help="Use what the index of this folder knows of it: lines that recur, names.",
        ),
    ] = None,
    index: options.Index = None,
) -> int:
    """Clean files or stdin and write the articles' text.

    Several files given together are evidence for each other.
    """
    decided = settings_.read()
    settings = replace(decided.load, follow=True)  # who names a link means what it leads to
    root = corpus_dir or decided.corpus or settings_.DEFAULT_CORPUS
    evidence = _evidence(files or [], settings, corpus_dir, index)
    if no_strip:
        settings = replace(settings, strip=False)
    found_any = was_skipped = False
    for file in files or [Path(STDIN)]:
        for item in _load(file, settings, evidence, root):
            if isinstance(item, Skipped):
                say(f"skipped {item.path}: {item.reason}")
                was_skipped = True
                continue
            if as_json:
                fields = structured.whole(item, Location(Path.cwd()))
                structured.write_lines(sys.stdout, [fields])
            else:
                _write_text(item, is_first=not found_any)
            found_any = True
    return 2 if was_skipped else 0


def _evidence(
    files: list[Path], settings: settings_.LoadSettings, corpus_dir: Path | None, index: Path | None
) -> Evidence | None:
    """Return what the index of the corpus knows, or without one what the files say together."""
    if corpus_dir:
        from isisdocs.cli.session import opened  # a filter has no index
        from isisdocs.index import evidence

        with opened(corpus_dir, index) as session:
            return evidence.read(session.settings.index, session.current)
    if len(files) < 2:
        return None
    paths = [str(file) for file in files if str(file) != STDIN]
    return merge([collect(Path(), paths, settings)])


def _load(
    file: Path, settings: settings_.LoadSettings, evidence: Evidence | None, root: Path
) -> list[Article | Skipped]:
    if str(file) == STDIN:
        data = sys.stdin.buffer.read()
        is_page = webpage.looks_like_one(data)
        if is_page and not webpage.can_read():
            return [Skipped("standard input", webpage.MISSING)]
        made = corpus.attempt(STDIN, data, settings, evidence, is_page=is_page)
        return [Skipped("standard input", made.reason) if isinstance(made, Skipped) else made]
    if not file.exists():
        raise CorpusError(f"there is no file {file}")
    return corpus.load(Path(), str(file), settings, evidence, known_as=_inside(root, file))


def _inside(root: Path, file: Path) -> str | None:
    """Return the file's path inside the corpus, None where it is elsewhere."""
    folder, path = (Path(os.path.normpath(one.absolute())) for one in (root, file))
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else None


def _write_text(article: Article, *, is_first: bool) -> None:
    text = structured.clean_text(article)
    # Between articles a form feed, which text files have always had between documents.
    sys.stdout.write(("" if is_first else "\f\n") + (visible(text) if is_terminal() else text))
    sys.stdout.write("\n")
