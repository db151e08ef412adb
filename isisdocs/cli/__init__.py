"""The command line: one short function for each command, and the only place that exits.

Exit codes: 0 found, 1 nothing found, 2 usage, query or I/O error, 130 interrupted.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from types import ModuleType
from typing import ParamSpec

import typer

from isisdocs import __version__
from isisdocs.cli.paging import paging
from isisdocs.errors import IsisdocsError, place_of
from isisdocs.output.console import say, use_utf8

# Whichever click typer stands on, its own or the one beside it.
UsageError: type[typer.BadParameter] = typer.BadParameter.__mro__[1]

P = ParamSpec("P")

WRONG = 2
INTERRUPTED = 130

COMMANDS = (
    *("index", "watch", "search", "export", "show", "open", "list", "clean", "doctor"),
    *("kwic", "timeline", "facets", "similar", "collocates", "keywords"),
    *("replay", "batch", "verify", "names", "repairs", "schema", "completion"),
)

_MODULES = {"list": "list_", "open": "open_"}
"""Of commands that are called as something of Python's is."""


def app(names: tuple[str, ...] = COMMANDS) -> typer.Typer:
    """Return the program with these commands; only their modules are imported."""
    made = typer.Typer(
        name="isisdocs",
        no_args_is_help=True,
        add_completion=False,  # `isisdocs.completion` asks no command
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    made.callback(epilog="Example: isisdocs search mosul")(_options)
    for name in names:
        module = import_module(f"isisdocs.cli.{_MODULES.get(name, name)}")
        _add(made, name, module)
    return made


def _add(program: typer.Typer, name: str, module: ModuleType) -> None:
    """Add the command of a module, or its group of commands."""
    group: dict[str, tuple[Callable[..., int | None], str]] = getattr(module, "GROUP", {})
    if not group:
        command = paging(module.command) if getattr(module, "PAGED", False) else module.command
        program.command(name, epilog=module.EXAMPLE)(_telling_of_closed_pipes(command))
        return
    made = typer.Typer(no_args_is_help=True, help=module.HELP, epilog=module.EXAMPLE)
    for part, (command, example) in group.items():
        made.command(part, epilog=example)(_telling_of_closed_pipes(command))
    program.add_typer(made, name=name)


class _ClosedPipe(Exception):  # noqa: N818  # no error: whoever read has had enough
    """What typer must not see as a BrokenPipeError, which it takes for a failure."""


def _telling_of_closed_pipes(command: Callable[P, int | None]) -> Callable[P, int | None]:
    @wraps(command)
    def wrapped(*arguments: P.args, **options: P.kwargs) -> int | None:
        try:
            code = command(*arguments, **options)
            sys.stdout.flush()
        except BrokenPipeError:
            raise _ClosedPipe from None
        return code

    return wrapped


def _version(wanted: bool) -> None:  # typer calls it so
    if wanted:
        typer.echo(f"isisdocs {__version__}")
        raise typer.Exit


def _options(
    *,
    version: bool = typer.Option(
        False, "--version", help="Print the version.", callback=_version, is_eager=True
    ),
) -> None:
    """Full-text search over a folder of article files."""


def main() -> None:
    """Run the program and exit."""
    use_utf8()
    try:
        code = run(sys.argv[1:])
    except Exception as error:  # whatever it is, it is a fault here
        if os.environ.get("ISISDOCS_TRACEBACK"):
            raise
        say(_fault(error), "`ISISDOCS_TRACEBACK=1` in the environment shows all of it")
        code = WRONG
    sys.exit(code)


def _fault(error: Exception) -> str:
    """Return what is said of an error that nobody foresaw, with where it was raised."""
    said = " ".join(f"{type(error).__name__}: {error}".split())[:200]
    return f"a fault in isisdocs itself, in {place_of(error)}: {said}"


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; every error becomes a line on stderr here."""
    try:
        program = app(_named(arguments))
        code = program(_with_words(arguments), prog_name="isisdocs", standalone_mode=False)
    except IsisdocsError as error:
        say(error.message, error.hint)
        return WRONG
    except UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # not in every click: it carries the help
            typer.echo(error.format_message(), err=True)
            return WRONG
        message = error.format_message().removesuffix(".")
        say(message[:1].lower() + message[1:], _help_on(arguments))
        return WRONG
    except _ClosedPipe:
        _drop_stdout()
        return 0
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except OSError as error:
        say(f"{error.filename or 'input or output'}: {error.strerror}")
        try:
            sys.stdout.flush()
        except OSError:  # it was that which failed
            _drop_stdout()
        return WRONG
    return code if isinstance(code, int) else 0


def _drop_stdout() -> None:
    """Have what was not written go nowhere: Python would complain once more when it closes it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _help_on(arguments: list[str]) -> str:
    """Return the hint after a mistake in the arguments of a command, or in its name."""
    if arguments[:1] and arguments[0] in COMMANDS:
        return f"`isisdocs {arguments[0]} --help` says what it takes"
    return "`isisdocs --help` lists what there is"


def _named(arguments: list[str]) -> tuple[str, ...]:
    """Return the one command that is meant, where that is plain, so that only it is imported."""
    first = arguments[0] if arguments else ""
    return (first,) if first in COMMANDS else COMMANDS


QUERYING = ("search", "export", "kwic", "facets", "collocates", "keywords")
# A minus before two letters or more, or before a quotation mark: `-raqqa`, not `-l`, `-m5`, `-lc`.
_EXCLUDED_WORD = re.compile(r"-(?=\W?[^\W\d_])(?![lc0]{1,3}\Z|[A-Za-z]\d+\Z)[^-\s].+", re.DOTALL)


def _with_words(arguments: list[str]) -> list[str]:
    """Return the arguments with `-word` of a query written as `NOT word`, which no option is."""
    if not arguments or arguments[0] not in QUERYING:
        return arguments
    end = arguments.index("--") if "--" in arguments else len(arguments)
    done = []
    for argument in arguments[:end]:
        if _EXCLUDED_WORD.fullmatch(argument):
            done += ["NOT", argument[1:]]
        else:
            done.append(argument)
    return done + arguments[end:]
