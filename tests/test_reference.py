"""Manual pages and the table of completion say what the commands' help says."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from isisdocs.query import parse
from isisdocs.query.language import FIELDS, SECTIONS
from isisdocs.search import Query, read_query

from . import reference
from .conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

PAGES = sorted((REPOSITORY / "share" / "man").rglob("*.[17]"))


@pytest.mark.parametrize("path", reference.targets(), ids=lambda path: path.name)
def test_what_is_made_of_the_help_is_as_it_would_be_made_now(
    path: Path, update_goldens: bool
) -> None:
    wanted = reference.targets()[path]

    if update_goldens:
        path.write_text(wanted, encoding="utf-8")

    said = "`pytest tests/test_reference.py --update-goldens` makes it anew"
    assert path.read_text(encoding="utf-8") == wanted, said


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "checker",
    ["mandoc -Tlint -Wwarning", "groff -man -ww -z -Tutf8 -K utf8"],
    ids=["mandoc", "groff"],
)
def test_manual_page_has_no_mistake(path: Path, checker: str) -> None:
    program, *options = checker.split()
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")

    done = subprocess.run(
        [program, *options, str(path)], capture_output=True, text=True, check=False
    )

    assert done.stdout + done.stderr == ""


def test_every_field_has_its_meaning() -> None:
    assert tuple(FIELDS) == parse.FIELDS


@pytest.mark.parametrize(
    "typed", [example.typed for section in SECTIONS for example in section.examples]
)
def test_examples_of_the_query_language_are_read_without_a_slip(typed: str) -> None:
    assert read_query(Query(typed)).notes == ()
