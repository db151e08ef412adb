"""The option `--no-pager` of every command whose results may be longer than the screen.

Such a command's module says `PAGED = True`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, get_type_hints

import typer

from isisdocs.output.console import is_terminal

NoPager = Annotated[
    bool, typer.Option("--no-pager", help="Print what is longer than the screen without a pager.")
]
_NAME = "no_pager"


def paging(command: Callable[..., int | None]) -> Callable[..., int | None]:
    """Return the command with `--no-pager`; without it, it pages what overflows a terminal."""

    @wraps(command)
    def paged(*arguments: Any, no_pager: bool = False, **options: Any) -> int | None:
        if no_pager or not is_terminal():
            return command(*arguments, **options)
        from isisdocs.output import pager  # for a terminal only

        with pager.paged():
            return command(*arguments, **options)
        return 0  # the reader has left the pager

    hints = get_type_hints(command, include_extras=True)
    own = inspect.Parameter(
        _NAME, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=NoPager
    )
    parameters = [
        parameter.replace(annotation=hints[parameter.name])
        for parameter in inspect.signature(command).parameters.values()
    ]
    signature = inspect.Signature([*parameters, own])
    paged.__signature__ = signature  # type: ignore[attr-defined]  # read by inspect
    paged.__annotations__ = {**hints, _NAME: NoPager}
    return paged
