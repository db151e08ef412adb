"""At a real terminal: colours, the pager, links, and what none of them may do."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from isisdocs.errors import SettingsError
from isisdocs.output import links, pager
from isisdocs.settings import read
from tests import sessions

from .conftest import SEEDS
from .terminals import Shown, at_terminal, environment
from .test_main import workplace

__all__ = ["workplace"]

COLOURED = "\x1b[1;31mMosul\x1b[0m"
BOLD = "\x1b[1mMosul\x1b[0m"
PLAIN = "Mosul"
LINK = re.compile(r"\x1b\]8;id=\d+;([^\x1b]*)\x1b\\(.*?)\x1b\]8;;\x1b\\")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an index of the seeds."""
    folder = tmp_path_factory.mktemp("terminal")
    shutil.copytree(SEEDS, folder / "seeds")
    subprocess.run(
        [sys.executable, "-m", "isisdocs", "index", "-q"], cwd=folder, env=environment(), check=True
    )
    return folder


def piped(folder: Path, *arguments: str, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "isisdocs", *arguments],
        cwd=folder,
        env=environment(**variables),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize(
    ("variables", "shown"),
    [
        ({}, COLOURED),
        ({"NO_COLOR": "1"}, BOLD),
        ({"NO_COLOR": ""}, COLOURED),
        ({"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, BOLD),
        ({"CLICOLOR": "0"}, BOLD),
        ({"CLICOLOR": "1"}, COLOURED),
        ({"CLICOLOR": "0", "CLICOLOR_FORCE": "1"}, COLOURED),
        ({"TERM": "dumb"}, PLAIN),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, COLOURED),
    ],
    ids=str,
)
def test_colours_of_a_terminal(folder: Path, variables: dict[str, str], shown: str) -> None:
    found = at_terminal("search", "--hits", "mosul", folder=folder, rows=99, **variables)

    first = found.text.partition("\n")[0]
    assert [form for form in (COLOURED, BOLD) if form in first] == (
        [shown] if shown != PLAIN else []
    )
    assert ("\x1b[" in first) == (shown != PLAIN)


@pytest.mark.parametrize(
    ("variables", "is_coloured"),
    [
        ({}, False),
        ({"CLICOLOR": "1"}, False),
        ({"CLICOLOR_FORCE": "0"}, False),
        ({"CLICOLOR_FORCE": "1"}, True),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "3", "TERM": "dumb"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
    ids=str,
)
def test_colours_of_a_pipe_change_no_line(
    folder: Path, variables: dict[str, str], is_coloured: bool
) -> None:
    plain = piped(folder, "search", "mosul")

    found = piped(folder, "search", "mosul", VTE_VERSION="7000", **variables)

    assert ("\x1b[1;31mMosul\x1b[0m" in found) == is_coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", found) == plain


MARKING = "sed s/^/P/"


def is_paged(found: Shown) -> bool:
    return found.text.startswith("P")


def test_what_overflows_the_screen_is_paged_and_nothing_else(folder: Path) -> None:
    def shown(*command: str, rows: int) -> Shown:
        return at_terminal(*command, folder=folder, rows=rows, PAGER=MARKING, TERM="dumb")

    (whole,) = {shown("list", rows=99).text, shown("list", "--no-pager", rows=3).text}
    height = whole.count("\n")

    fitting, overflowing = shown("list", rows=height + 1), shown("list", rows=height)

    assert fitting == Shown(whole, 0)
    assert overflowing == Shown(re.sub("^(?=.)", "P", whole, flags=re.MULTILINE), 0)


def test_lines_that_wrap_take_more_rows(folder: Path) -> None:
    command = ("search", "--hits", "tartus")

    wide = at_terminal(*command, folder=folder, rows=4, columns=300, PAGER=MARKING, TERM="dumb")
    narrow = at_terminal(*command, folder=folder, rows=4, columns=40, PAGER=MARKING, TERM="dumb")

    assert (is_paged(wide), is_paged(narrow)) == (False, True)


def test_messages_stand_below_the_results(folder: Path) -> None:
    for rows in (99, 5):
        found = at_terminal("search", "isis", "-m2", folder=folder, rows=rows, PAGER=MARKING)

        last = found.text.splitlines()[-1]
        assert last == "isisdocs: 1–2 of 5 articles; `--offset 2` shows more"


def test_pagers_own_variable_comes_first_and_none_is_none(folder: Path) -> None:
    own = at_terminal("list", folder=folder, rows=4, ISISDOCS_PAGER=MARKING, PAGER="head -1")
    through = at_terminal("list", folder=folder, rows=4, PAGER=f"head -2 | {MARKING}")
    set_up = at_terminal("list", folder=folder, rows=4, PAGER=f"LANG=C {MARKING}")
    none = at_terminal("list", folder=folder, rows=4, ISISDOCS_PAGER="", PAGER=MARKING)
    cat = at_terminal("list", folder=folder, rows=4, PAGER="cat")

    assert is_paged(own)
    assert set_up == own
    assert through.text.splitlines() == own.text.splitlines()[:2]
    assert not is_paged(none)
    assert cat == none
    assert {found.code for found in (own, through, set_up, none, cat)} == {0}


@pytest.mark.parametrize("command", ["no-such-pager -x", "unbalanced '"])
def test_pager_that_is_missing_is_said_and_done_without(folder: Path, command: str) -> None:
    without = at_terminal("list", "--no-pager", folder=folder, rows=4)

    found = at_terminal("list", folder=folder, rows=4, PAGER=command)

    message = f"isisdocs: there is no pager {command!r}: shown without one\n"
    assert found == Shown(message + without.text, 0)


@pytest.mark.parametrize("command", ["head -1", "true"])
def test_pager_that_ends_early_ends_it_silently(folder: Path, command: str) -> None:
    found = at_terminal(
        "search", "isis", "--snippets", "all", folder=folder, rows=4, PAGER=command, TERM="dumb"
    )

    assert found.code == 0
    assert found.text.count("\n") <= 1
    assert "isisdocs:" not in found.text


@pytest.mark.skipif(not shutil.which("less"), reason="less is not installed")
@pytest.mark.parametrize(
    # Of what is typed in the moment of a Ctrl-C less may lose something.
    "keys",
    [(("\n:", "q"),), (("\n:", "\x03"), ("", "q"), ("", "q"), ("", "q"))],
    ids=["q", "^C"],
)
def test_less_shows_colours_and_has_the_keyboard(
    folder: Path, keys: tuple[tuple[str, str], ...]
) -> None:
    found = at_terminal("search", "mosul", folder=folder, rows=12, keys=keys, LESS="S")

    assert "\x1b[1;31mMosul\x1b[0m" in found.text
    assert "Traceback" not in found.text
    assert found.text.endswith("\x1b[23;0;0t")  # less has put the screen back, nobody ended it
    # A first page is there before the last result, and then Ctrl-C ends what makes them too.
    assert found.code in ((0,) if len(keys) == 1 else (0, 130))


def test_default_pager_is_less_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    there = pager.command_of({})
    monkeypatch.setattr(shutil, "which", lambda _: None)

    assert there in ("less", "")
    assert pager.command_of({}) == ""


def linked(found: Shown) -> list[tuple[str, str]]:
    """Return where each link leads to and its text, without styles."""
    return [(url, re.sub(r"\x1b\[[\d;]*m", "", text)) for url, text in LINK.findall(found.text)]


def test_places_are_links_where_the_terminal_has_them(folder: Path) -> None:
    found = at_terminal("search", "tartus", folder=folder, rows=99, VTE_VERSION="7000")
    hits = at_terminal("search", "--hits", "tartus", folder=folder, rows=99, VTE_VERSION="7000")

    (url, text), *_ = linked(found)
    assert re.fullmatch(r"file://[^/]*" + re.escape(f"{folder}/{text[:-3]}"), url)
    assert text == "seeds/003_9ac2e0fc0982371c.txt:58"
    assert linked(hits) == [(url, text)]


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"VTE_VERSION": "7000", "TERM": "dumb"},
        {"VTE_VERSION": "7000", "NO_COLOR": "1"},
        {"VTE_VERSION": "7000", "ISISDOCS_LINKS": "never"},
        {"VTE_VERSION": "7000", "TMUX": "tmux-0", "TERM_PROGRAM_VERSION": "3.3a"},
        {"VTE_VERSION": "7000", "STY": "1.screen"},
        {"ISISDOCS_LINKS": "vscode://file{path}:{line}", "TERM": "dumb", "FORCE_COLOR": "1"},
    ],
    ids=str,
)
def test_elsewhere_there_is_no_link(folder: Path, variables: dict[str, str]) -> None:
    found = at_terminal("search", "tartus", folder=folder, rows=99, **variables)

    assert "003_9ac2e0fc0982371c.txt:58" in found.text
    assert "\x1b]8" not in found.text


def test_links_go_through_less_alone(folder: Path) -> None:
    there = {"VTE_VERSION": "7000", "folder": folder, "rows": 5}

    marked = at_terminal("search", "mosul", PAGER=MARKING, **there)  # type: ignore[arg-type]
    less = at_terminal("search", "mosul", PAGER="less -E +G", **there)  # type: ignore[arg-type]

    assert is_paged(marked)
    assert "\x1b]8" not in marked.text
    assert "\x1b]8" in less.text


def test_links_change_no_column_and_escape_the_path(tmp_path: Path) -> None:
    name = "a b%1;\x1b]8;;x\x07 摩.txt"
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / name).write_text("The bridge\n\nThe bridge at Tikrit was closed.\n")
    there = {"folder": tmp_path, "rows": 99}
    form = "editor://open?file={path}&line={line}"
    at_terminal("index", "-q", **there)  # type: ignore[arg-type]

    plain = at_terminal("kwic", "tikrit", TERM="dumb", **there)  # type: ignore[arg-type]
    found = at_terminal("kwic", "tikrit", ISISDOCS_LINKS=form, **there)  # type: ignore[arg-type]

    without_links = LINK.sub(r"\2", found.text)
    assert re.sub(r"\x1b\[[\d;]*m", "", without_links) == plain.text
    ((url, text),) = linked(found)
    escaped = "a%20b%251%3B%1B%5D8%3B%3Bx%07%20%E6%91%A9.txt"
    assert url == f"editor://open?file={tmp_path}/seeds/{escaped}&line=3"
    assert text.endswith(" 摩.txt:3")


@pytest.mark.parametrize(
    ("variables", "are_known"),
    [
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "linux"}, False),
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "alacritty"}, True),
        ({"TERM": "foot-extra"}, True),
        ({"TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"TERM_PROGRAM": "iTerm.app"}, True),
        ({"WT_SESSION": "1"}, True),
        ({"VTE_VERSION": "4602"}, False),
        ({"VTE_VERSION": "0.60"}, False),
        ({"VTE_VERSION": "6800"}, True),
        ({"TMUX": "x", "TERM_PROGRAM_VERSION": "3.4"}, True),
        ({"TMUX": "x", "TERM_PROGRAM_VERSION": "next"}, False),
    ],
    ids=str,
)
def test_terminals_that_are_known_to_have_links(variables: dict[str, str], are_known: bool) -> None:
    assert links.are_known(variables) is are_known


def test_links_setting_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "isisdocs.toml").write_text('links = "vscode://file{path}:{line}"\n')
    monkeypatch.delenv("ISISDOCS_LINKS", raising=False)
    of_file = read().links
    monkeypatch.setenv("ISISDOCS_LINKS", "always")
    of_environment = read().links
    monkeypatch.setenv("ISISDOCS_LINKS", "sometimes")

    with pytest.raises(SettingsError, match="ISISDOCS_LINKS must be `auto`"):
        read()
    (tmp_path / "isisdocs.toml").write_text('links = "vscode"\n')
    with pytest.raises(SettingsError, match="`links` must be `auto`"):
        read()

    assert (of_file, of_environment) == ("vscode://file{path}:{line}", "always")


@pytest.mark.usefixtures("workplace")
def test_pipe_takes_no_module_of_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("isisdocs.output.pager", "isisdocs.output.links"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setenv("ISISDOCS_LINKS", "always")

    sessions.execute("isisdocs search mosul", monkeypatch)

    assert {"isisdocs.output.pager", "isisdocs.output.links"} & sys.modules.keys() == set()
