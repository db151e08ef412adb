"""What could be typed next: commands, options, fields of a query, articles.

A shell asks when TAB is pressed, so that it must be fast and can say nothing else: every error is
silence. What commands there are and what they take is read from `commands.json`, which is made of
their help (`pytest tests/test_reference.py --update-goldens`); no command is imported.

`bash.sh`, `zsh.sh` and `fish.fish` are the scripts that ask: they run the program with the variable
`_ISISDOCS_COMPLETE` set to the shell's name, and read from it a line for each candidate, with a tab
before what it means. zsh and fish give the words up to the cursor; bash gives the line, see `bash`.
"""

from __future__ import annotations

import json
import os
import re
import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

VARIABLE = "_ISISDOCS_COMPLETE"
SCRIPTS = {"bash": "bash.sh", "zsh": "zsh.sh", "fish": "fish.fish"}
FILES, FOLDERS = ":files", ":folders"
"""For a candidate: let the shell complete a path."""

_NOTHING: dict[str, Any] = {"options": [], "arguments": []}
_OPERATORS = ("AND", "OR", "NOT", "NEAR/5", "ADJ/5", "in:")
_LAST_WORD = re.compile(r"(.*[\s(]|)([-+=]?)([^\s(]*)", re.DOTALL)
_ARTICLES = ("ARTICLE", "ARTICLE[:LINE]")
_QUERIES = ("QUERY", "QUERY...")
_FILE = re.compile(r"\[?(?:FILE|DRAFT|QUERIES\.csv)\b")
_FOLDER = re.compile(r"\[?(?:DIR|CORPUS)\b")


class Candidate(NamedTuple):
    """What the last word could be."""

    value: str
    meaning: str = ""


def script(shell: str) -> str:
    """Return the script that a shell is to read."""
    return files(__package__).joinpath(SCRIPTS[shell]).read_text(encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    """Write candidates to stdout, in the way of the shell that asks, and nothing else ever."""
    try:
        if os.environ[VARIABLE] == "bash":
            from isisdocs.completion import bash

            lines = bash.replies(*arguments)
        else:
            lines = ["\t".join(one) for one in candidates(arguments) if _is_printable(one.value)]
        sys.stdout.buffer.write("".join(f"{line}\n" for line in lines).encode())
        sys.stdout.flush()
    except Exception:  # noqa: BLE001, S110  # nobody wants to read it at a prompt
        pass


def candidates(words: Sequence[str]) -> list[Candidate]:
    """Return what the last of the words could be; the program's name is none of them."""
    *before, typed = words or [""]
    command, before = _command(before)
    found = _of_option(command, before, typed)
    if found is None:
        found = [*_options(command, before, typed), *_arguments(command, before, typed)]
    return [one for one in found if one.value.startswith((typed, ":")) and one.value != typed]


def _command(before: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Return the command that has been named, and the words after its name."""
    command = json.loads(files(__package__).joinpath("commands.json").read_bytes())
    rest = list(before)
    while "commands" in command:
        # What it takes before a command are flags.
        while rest and rest[0].startswith("-"):
            rest.pop(0)
        if not rest:
            break
        command = command["commands"].get(rest.pop(0), _NOTHING)
    return command, rest


def _of_option(
    command: dict[str, Any], before: Sequence[str], typed: str
) -> list[Candidate] | None:
    """Return the values of the option that waits for one; None where none does."""
    if "--" in before:
        return None
    name, equals, _ = typed.partition("=")
    if equals and name.startswith("--"):
        prefix = f"{name}="
    elif before:
        name, prefix = before[-1], ""
    else:
        return None
    option = next((one for one in command["options"] if name in one["names"]), None)
    if option is None or not option["takes"]:
        return None
    if option["choices"]:
        return [Candidate(prefix + value) for value in option["choices"]]
    return list(_kind(option["takes"], typed.removeprefix(prefix))) if not prefix else []


def _options(command: dict[str, Any], before: Sequence[str], typed: str) -> Iterator[Candidate]:
    if not typed.startswith("-") or "--" in before:
        return
    for option in command["options"]:
        if option["names"][0] in before and not option["repeats"]:
            continue
        for name in option["names"]:
            if name.startswith("--") or len(typed) == 2:
                yield Candidate(name, option["help"])


def _arguments(command: dict[str, Any], before: Sequence[str], typed: str) -> Iterator[Candidate]:
    for name, inner in command.get("commands", {}).items():
        yield Candidate(name, inner["help"])
    given = _positional(command, before)
    names = command["arguments"]
    if names and (given < len(names) or names[-1]["repeats"]):
        argument = names[min(given, len(names) - 1)]
        if argument["choices"]:
            yield from map(Candidate, argument["choices"])
        else:
            yield from _kind(argument["takes"], typed)


def _positional(command: dict[str, Any], before: Sequence[str]) -> int:
    """Return how many of the words are arguments: no options, nor their values."""
    takes = {name for option in command["options"] if option["takes"] for name in option["names"]}
    count, is_value = 0, False
    for word in before:
        if is_value:
            is_value = False
        elif word.startswith("-") and word != "-":
            is_value = word in takes
        else:
            count += 1
    return count


def _kind(metavar: str, typed: str) -> Iterable[Candidate]:
    if metavar in _QUERIES:
        return _query(typed)
    if metavar in _ARTICLES:
        return _articles(typed)
    if _FILE.match(metavar):
        return [Candidate(FILES)]
    return [Candidate(FOLDERS)] if _FOLDER.match(metavar) else []


def _query(typed: str) -> Iterator[Candidate]:
    """Yield the query with its last word as a field or an operator."""
    if typed.startswith("--"):
        return
    split = _LAST_WORD.fullmatch(typed)
    if split is None:
        return
    before, sign, word = split.groups()
    fields = json.loads(files(__package__).joinpath("commands.json").read_bytes())["fields"]
    for name, meaning in fields.items():
        if name.startswith(word):
            yield Candidate(f"{before}{sign}{name}:", meaning)
    if word and not sign:
        for operator in _OPERATORS:
            if operator.startswith(word):
                yield Candidate(before + operator)


def _articles(typed: str) -> Iterator[Candidate]:
    """Yield the ids of articles, the beginnings of their files' names, and their paths from here.

    Of those in folders only the next folder.
    """
    from isisdocs import settings as settings_
    from isisdocs.index import changes, current  # only here is an index looked into

    settings = settings_.read()
    state = current.read(settings.index)
    if state is None:
        return
    ids = [id_ for file in changes.read_known(settings.index, state).values() for id_ in file.ids]
    root = os.path.relpath(state.corpus) if state.corpus.is_relative_to(Path.cwd()) else ""
    seen: set[str] = set()
    for name in (*ids, *(f"{root}/{id_}" for id_ in ids if typed and root)):
        end = name.find("/", len(typed))
        shown = name if end < 0 else name[: end + 1]
        if name.startswith(typed) and shown not in seen:
            seen.add(shown)
            yield Candidate(shown)
    if typed and "/" not in typed:
        for id_ in ids:
            if "/" in id_ and (name := id_.rpartition("/")[2]).startswith(typed):
                yield Candidate(name)


def _is_printable(value: str) -> bool:
    return value.isprintable()
