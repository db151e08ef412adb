"""What the user may not read or write is said in one line, with the right exit code.

Root may read everything, so that as root each command runs without the capabilities that let it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile import BODY

IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
HUMBLED = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--"] if IS_ROOT else []
SOMEBODY = 12_345
REFUSED = "Permission denied"

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="has other permissions"),
    pytest.mark.skipif(IS_ROOT and not shutil.which("setpriv"), reason="root, and no `setpriv`"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a corpus of two articles, and the index of it."""
    (tmp_path / "corpus" / "inner").mkdir(parents=True)
    for name in ("one", "inner/two"):
        (tmp_path / "corpus" / f"{name}.txt").write_text(f"Title of {name}\n\n{BODY}")
    assert isisdocs(tmp_path, "index", "-q", "corpus") == (0, "", "")
    return tmp_path


def isisdocs(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Run the program as a user without privileges; return exit code, stdout and stderr."""
    done = subprocess.run(
        [*HUMBLED, sys.executable, "-m", "isisdocs", *arguments],
        cwd=folder,
        env={**os.environ, "ISISDOCS_INDEX": "index", "EDITOR": "cat"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_files_and_folders_that_cannot_be_read_are_skipped(folder: Path) -> None:
    corpus = folder / "corpus"
    (corpus / "closed").mkdir()
    (corpus / "listed").mkdir()
    for name in ("shut", "closed/three", "listed/four"):
        (corpus / f"{name}.txt").write_text(f"Title of {name}\n\n{BODY}")
    (corpus / "shut.txt").chmod(0)
    (corpus / "closed").chmod(0)
    (corpus / "listed").chmod(0o444)

    code, _, errors = isisdocs(folder, "index")
    found = isisdocs(folder, "search", "harbour", "-l", "--sort", "path")

    for name in ("closed", "listed"):
        (corpus / name).chmod(0o755)
    assert (code, errors.splitlines()[2:]) == (
        0,
        [
            "isisdocs: skipped closed: a folder that cannot be read",
            "isisdocs: skipped listed/four.txt: cannot be read: Permission denied",
            "isisdocs: skipped shut.txt: cannot be read: Permission denied",
        ],
    )
    assert found == (0, "corpus/inner/two.txt\ncorpus/one.txt\n", "")


def test_a_corpus_that_cannot_be_read_any_more_leaves_the_index(folder: Path) -> None:
    (folder / "corpus").chmod(0)

    searched = isisdocs(folder, "search", "harbour", "-l")
    indexed = isisdocs(folder, "index")

    (folder / "corpus").chmod(0o755)
    assert (searched[0], len(searched[1].splitlines())) == (0, 2)
    assert REFUSED in searched[2]
    assert searched[2].endswith(": the index is searched as it was\n")
    assert (indexed[0], len(indexed[2].splitlines())) == (2, 1)
    assert isisdocs(folder, "search", "harbour", "-c") == (0, "2\n", "")


@pytest.mark.parametrize("owner", ["ours, read-only", "somebody's"])
def test_an_index_that_cannot_be_written_is_searched(folder: Path, owner: str) -> None:
    if owner == "somebody's":
        if not IS_ROOT:
            pytest.skip("only root can give files away")
        for path in (folder / "index", *(folder / "index").iterdir()):
            os.chown(path, SOMEBODY, SOMEBODY)
    else:
        (folder / "index").chmod(0o555)
    (folder / "corpus" / "new.txt").write_text(f"A new title\n\n{BODY}")
    before = {path.name: path.read_bytes() for path in (folder / "index").iterdir()}

    searched = isisdocs(folder, "search", "harbour", "-c")
    refused = [isisdocs(folder, *words) for words in (["index"], ["index", "--rebuild"])]

    assert searched[:2] == (0, "2\n")
    assert searched[2].splitlines() == [
        "isisdocs: the articles have changed: bringing the index up to date",
        "isisdocs: cannot write to index: Permission denied: the index is searched as it was",
    ]
    line = "isisdocs: cannot write to index: Permission denied\n"
    assert refused == [(2, "", f"{line}isisdocs: hint: name another folder with `--index`\n")] * 2
    assert {path.name: path.read_bytes() for path in (folder / "index").iterdir()} == before


@pytest.mark.parametrize("command", ["search harbour", "list", "doctor", "index", "show one"])
@pytest.mark.parametrize("closed", ["index", "current.json", "every file"])
def test_an_index_that_cannot_be_read_is_said_in_one_line(
    folder: Path, closed: str, command: str
) -> None:
    index = folder / "index"
    some = {"index": [index], "current.json": [index / closed], "every file": index.iterdir()}
    for path in some[closed]:
        path.chmod(0)

    code, printed, errors = isisdocs(folder, *command.split())

    index.chmod(0o755)
    if command == "doctor" and closed != "index":  # what is wrong is what it was asked for
        assert (code, errors) == (1, "")
        assert REFUSED in printed
        return
    lines = [line for line in errors.splitlines() if not line.startswith("isisdocs: hint: ")]
    assert (code, printed, len(lines)) == (2, "", 1)
    assert REFUSED in errors or "is not readable" in errors


@pytest.mark.parametrize(
    "command", ["show one --raw", "clean corpus/one.txt", "verify corpus/one.txt"]
)
def test_a_file_that_cannot_be_read_any_more_is_said_in_one_line(
    folder: Path, command: str
) -> None:
    (folder / "corpus" / "one.txt").chmod(0)

    code, printed, errors = isisdocs(folder, *command.split())

    lines = [line for line in errors.splitlines() if not line.startswith("isisdocs: hint: ")]
    assert (code != 0, printed, len(lines)) == (True, "", 1)
    assert REFUSED in errors or "is not readable" in errors


def test_an_export_to_a_folder_that_cannot_be_written_is_refused(folder: Path) -> None:
    (folder / "closed").mkdir(mode=0o555)

    done = isisdocs(folder, "export", "harbour", "-o", "closed/found.md")

    assert done == (2, "", "isisdocs: cannot write closed/found.md: Permission denied\n")
    assert not [*(folder / "closed").iterdir()]
