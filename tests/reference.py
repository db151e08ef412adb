"""What is made of the commands' help: the manual pages, and the table that completion reads."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import typer.main

from isisdocs import __version__
from isisdocs.cli import COMMANDS, app
from isisdocs.query.language import FIELDS, SECTIONS, SLIPS

from .conftest import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Fields = dict[str, Any]

DATE = "2026-11-21"
"""Of the manual; to be changed with the version."""
ENVIRONMENT = {
    "ISISDOCS_CORPUS": "Folder of articles, where --corpus does not say it.",
    "ISISDOCS_INDEX": "Folder of the index, where --index does not say it.",
    "ISISDOCS_PAGER, PAGER": "Command that shows what is longer than the screen, the first that is"
    " set, else less; empty or cat: none.",
    "ISISDOCS_LINKS": "Whether path:line is a link in a terminal: auto, always, never, or the"
    " address it leads to, such as vscode://file{path}:{line}.",
    "NO_COLOR, CLICOLOR, CLICOLOR_FORCE, FORCE_COLOR, TERM": "Whether there are colours: not where"
    " NO_COLOR is set; else where one of the _FORCE or FORCE_ ones is not 0; else in a terminal,"
    " unless CLICOLOR is 0 or TERM is dumb.",
    "VISUAL, EDITOR": "What isisdocs open runs, the first that is set.",
    "SOURCE_DATE_EPOCH": "The time that exports bear, for exports that are to be the same again.",
}
EXIT_CODES = {
    "0": "Something was found, or what was asked for was done.",
    "1": "Nothing was found; for verify and replay: something differs.",
    "2": "The command, the query or a file was wrong.",
    "130": "It was interrupted.",
}
FILES = {
    "isisdocs.toml": "Settings, in the current folder or one above it; see README.",
    "repairs.toml": "What isisdocs repairs review was told, beside it.",
    "index": "The index, a cache: deleting it loses nothing.",
}


def targets() -> dict[Path, str]:
    """Return every file that is made, with its content."""
    root = _described(typer.main.get_command(app()))
    table = {**root, "fields": FIELDS}
    manuals = REPOSITORY / "share" / "man"
    return {
        REPOSITORY / "isisdocs" / "completion" / "commands.json": (
            json.dumps(table, indent=1, ensure_ascii=False) + "\n"
        ),
        manuals / "man1" / "isisdocs.1": _page(_commands_page(root)),
        manuals / "man7" / "isisdocs-query.7": _page(_query_page()),
    }


def _described(command: Any) -> Fields:
    """Return a command as the table has it; *command* is one of click's, whichever click it is."""
    help_text = " ".join((command.help or "").split("\n\n")[0].split())
    fields: Fields = {
        "help": help_text.removesuffix("."),
        "text": [" ".join(part.split()) for part in (command.help or "").split("\n\n")[1:]],
        "example": (command.epilog or "").removeprefix("Example: "),
    }
    options = [
        *(one for one in command.params if one.param_type_name == "option"),
        command.get_help_option(typer.Context(command, help_option_names=["-h", "--help"])),
    ]
    fields["options"] = [_option(one) for one in options if one is not None and not one.hidden]
    fields["arguments"] = [
        {
            "takes": one.make_metavar(typer.Context(command)),
            "help": one.help or "",
            "repeats": one.nargs == -1,
            "choices": _choices(one),
        }
        for one in command.params
        if one.param_type_name == "argument"
    ]
    if hasattr(command, "commands"):
        fields["commands"] = {name: _described(one) for name, one in command.commands.items()}
        if set(fields["commands"]) == set(COMMANDS):
            fields["commands"] = {name: fields["commands"][name] for name in COMMANDS}
    return fields


def _option(option: Any) -> Fields:
    choices = _choices(option)
    takes = (
        "" if option.is_flag else option.metavar or "|".join(choices) or option.type.name.upper()
    )
    return {
        "names": [*sorted(option.opts, key=len, reverse=True), *option.secondary_opts],
        "takes": "" if option.is_flag else takes,
        "choices": choices,
        "help": option.help or "",
        "repeats": bool(option.multiple),
    }


def _choices(parameter: Any) -> list[str]:
    return [str(getattr(one, "value", one)) for one in getattr(parameter.type, "choices", ())]


def _page(lines: Iterator[str]) -> str:
    """Return the lines as a page, without paragraphs that begin where a section has."""
    kept: list[str] = []
    for line in lines:
        if not (line == ".PP" and kept[-1].startswith((".SH", ".SS"))):
            kept.append(line)
    return "".join(f"{line}\n" for line in kept)


def _commands_page(root: Fields) -> Iterator[str]:
    yield from _head("ISISDOCS", 1, "isisdocs - full-text search over a folder of article files")
    yield from (".SH SYNOPSIS", ".B isisdocs", ".I COMMAND", "[\\fIARGUMENT\\fR]...")
    yield ".SH DESCRIPTION"
    yield from _paragraphs(
        "isisdocs searches a folder of articles. It repairs what encodings lost and cuts what a web"
        " page left around them, and remembers both. The index is built by the first search and"
        " brought up to date by those after it.",
        "Results go to stdout and everything else to stderr.",
    )
    yield ".SH COMMANDS"
    for name, command in root["commands"].items():
        for full, one in _whole(name, command):
            yield from _command(full, one)
    for title, entries in (
        ("ENVIRONMENT", ENVIRONMENT),
        ("FILES", FILES),
        ("EXIT STATUS", EXIT_CODES),
    ):
        yield f".SH {title}"
        for name, meaning in entries.items():
            yield from (".TP", f".B {_roff(name)}", _roff(meaning))
    yield from (".SH SEE ALSO", ".BR isisdocs\\-query (7)")


def _whole(name: str, command: Fields) -> Iterator[tuple[str, Fields]]:
    if "commands" not in command:
        yield name, command
    for part, inner in command.get("commands", {}).items():
        yield f"{name} {part}", inner


def _command(name: str, command: Fields) -> Iterator[str]:
    arguments = " ".join(f"\\fI{_roff(one['takes'])}\\fR" for one in command["arguments"])
    yield f".SS isisdocs {_roff(name)} {arguments}".rstrip()
    yield from _paragraphs(f"{command['help']}.", *command["text"])
    for argument in command["arguments"]:
        if argument["help"]:
            yield from (".TP", f"\\fI{_roff(argument['takes'])}\\fR", _roff(argument["help"]))
    for option in command["options"]:
        names = ", ".join(f"\\fB{_roff(one)}\\fR" for one in option["names"])
        takes = f" \\fI{_roff(option['takes'])}\\fR" if option["takes"] else ""
        yield from (".TP", names + takes, _roff(option["help"]))
    if command["example"]:
        yield from (".PP", "Example:", *_example(command["example"]))


def _query_page() -> Iterator[str]:
    yield from _head("ISISDOCS-QUERY", 7, "isisdocs-query - what can be searched for")
    yield ".SH DESCRIPTION"
    yield from _paragraphs(
        "Queries are words and what says how they belong together. In a shell a query with"
        " quotation marks, parentheses or * is to be put in single quotation marks:"
    )
    yield from _example("isisdocs search '\"islamic state\" mosul -raqqa'")
    for section in SECTIONS:
        yield f".SH {section.title.upper()}"
        for example in section.examples:
            yield from (".TP", f".B {_roff(example.typed)}", _roff(_sentence(example.finds)))
        if section.remark:
            yield from _paragraphs(section.remark)
        if section.title == "Fields":
            yield from _paragraphs("The fields are:")
            for name, meaning in FIELDS.items():
                yield from (".TP", f".B {name}:", _roff(_sentence(meaning)))
    yield ".SH SLIPS"
    yield from _paragraphs(SLIPS)
    yield from (".SH SEE ALSO", ".BR isisdocs (1)")


def _head(name: str, section: int, line: str) -> Iterator[str]:
    title = _roff(name)
    yield ".\\\" Made of the program's help: pytest tests/test_reference.py --update-goldens"
    yield f'.TH {title} {section} "{DATE}" "isisdocs {__version__}" "isisdocs"'
    yield from (".SH NAME", _roff(line).replace(" \\- ", " \\- ", 1))


def _paragraphs(*texts: str) -> Iterator[str]:
    for text in texts:
        yield from (".PP", _roff(text))


def _example(command: str) -> Iterator[str]:
    yield from (".PP", ".RS 4", ".EX", _roff(command), ".EE", ".RE")


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _roff(text: str) -> str:
    """Return text that roff prints as it is."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    escaped = escaped.replace("`", "\\(ga").replace("~", "\\(ti").replace("^", "\\(ha")
    escaped = escaped.replace('"', "\\(dq")
    return re.sub(r"^\.", r"\\&.", escaped)
