"""`isisdocs index`: build the index, or bring it up to date."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from isisdocs import settings as settings_
from isisdocs.cli import options
from isisdocs.index import outgrown
from isisdocs.index.update import Progress, Report, update
from isisdocs.output.console import say
from isisdocs.output.counted import counted
from isisdocs.output.location import Location
from isisdocs.settings import Settings

EXAMPLE = "Example: isisdocs index articles --rebuild"

SKIPPED_SHOWN = 10


class Engine(Enum):
    """What can keep an index."""

    WHOOSH = "whoosh"
    TANTIVY = "tantivy"


def command(
    corpus: Annotated[
        Path | None,
        typer.Argument(
            metavar="[CORPUS]",
            help="Folder of articles; without it, the one the index was made of, or seeds.",
            show_default=False,
        ),
    ] = None,
    corpus_option: options.Corpus = None,
    index: options.Index = None,
    engine: Annotated[
        Engine | None,
        typer.Option(
            "--engine",
            envvar="ISISDOCS_ENGINE",
            show_envvar=True,
            help="What keeps the index, tantivy for large corpora; without it, the one there is.",
            show_default=False,
        ),
    ] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build everything anew.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "-n", help="Only say what would be done.")
    ] = False,
    follow: Annotated[
        bool | None,
        typer.Option(
            "--follow/--no-follow",
            help="Follow links, now and from now on; without it, none.",
            show_default=False,
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", "-j", min=1, metavar="N", help="Processes; without it, one a core."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
    as_json: options.Json = False,
) -> None:
    """Build the index, or bring it up to date."""
    settings = settings_.read(corpus or corpus_option, index, engine and engine.value)
    if follow is not None:
        settings = replace(settings, load=replace(settings.load, follow=follow))
    started = time.perf_counter()
    report = update_with_progress(
        settings, rebuild=rebuild, dry_run=dry_run, jobs=jobs, quiet=quiet
    )
    seconds = time.perf_counter() - started
    if as_json:
        from isisdocs.output import structured

        structured.write(sys.stdout, _fields(report, seconds, dry_run=dry_run))
    elif not quiet:
        _summarise(report, seconds, dry_run=dry_run)
        if not dry_run and outgrown.is_news(settings.index):
            many = counted(report.article_count, "article")
            say(
                f"{many} are many for Whoosh; tantivy is faster:"
                " `pip install 'isisdocs[fast]'`, then `isisdocs index --engine tantivy`"
            )


def update_with_progress(
    settings: Settings,
    *,
    rebuild: bool = False,
    dry_run: bool = False,
    jobs: int | None = None,
    quiet: bool = False,
    lock_seconds: float | None = None,
) -> Report:
    """Update the index, with a bar on stderr while it takes long and somebody looks."""
    if quiet or dry_run:
        return update(
            settings, rebuild=rebuild, dry_run=dry_run, jobs=jobs, lock_seconds=lock_seconds
        )
    if not sys.stderr.isatty():
        return update(
            settings,
            rebuild=rebuild,
            jobs=jobs,
            progress=lines_of_progress(),
            lock_seconds=lock_seconds,
        )
    from rich.progress import (  # a quarter of a search's time, for builds only
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskID,
        TextColumn,
        TimeRemainingColumn,
    )

    from isisdocs.output.console import for_progress

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("files"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=for_progress(), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                for earlier in tasks.values():
                    bar.remove_task(earlier)
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        return update(
            settings,
            rebuild=rebuild,
            jobs=jobs,
            lock_seconds=lock_seconds,
            progress=progress,
        )


def lines_of_progress(every_seconds: float = 5.0) -> Progress:
    """Return a progress that writes a line now and then while the work is long."""
    last = time.monotonic()

    def progress(stage: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= every_seconds:
            last = time.monotonic()
            say(f"{stage}: {done:,} of {total:,} files")

    return progress


def summary(report: Report, *, dry_run: bool = False) -> str:
    """Return what an update did in one line."""
    counts = ", ".join(
        f"{count:,} {word}"
        for count, word in (
            (report.added, "added"),
            (report.changed, "changed"),
            (report.removed, "removed"),
            (report.renamed, "renamed"),
            (report.unchanged, "unchanged"),
            (len(report.skipped), "skipped"),
        )
        if count
    )
    shown = Location(report.corpus).root
    return f"{shown}: {counts}{' (a dry run: nothing is written)' if dry_run else ''}"


def _summarise(report: Report, seconds: float, *, dry_run: bool) -> None:
    say(summary(report, dry_run=dry_run))
    if not dry_run:
        loaded = report.added + report.changed
        speed = (
            f" in {seconds:.1f} s ({loaded / seconds:,.0f} files/s,"
            f" {report.bytes_read / 1e6 / seconds:,.1f} MB/s)"
            if loaded
            else ""
        )
        say(f"{counted(report.article_count, 'article')} in the index{speed}")
    for skipped in report.skipped[:SKIPPED_SHOWN]:
        say(f"skipped {skipped.path}: {skipped.reason}")
    if (more := len(report.skipped) - SKIPPED_SHOWN) > 0:
        say(f"skipped {more:,} more; `isisdocs index --json` lists them")


def _fields(report: Report, seconds: float, *, dry_run: bool) -> dict[str, Any]:
    from isisdocs.output import structured

    return {
        "format_version": structured.FORMAT_VERSION,
        "corpus": str(report.corpus),
        "dry_run": dry_run,
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "renamed": report.renamed,
        "unchanged": report.unchanged,
        "skipped": [{"path": s.path, "reason": s.reason} for s in report.skipped],
        "articles": report.article_count,
        "bytes_read": report.bytes_read,
        "seconds": round(seconds, 3),
        "rebuilt_because": report.rebuilt_because or None,
    }
