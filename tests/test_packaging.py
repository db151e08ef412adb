"""What is built to be installed holds all that the program needs, and nothing of others'."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import PurePosixPath

import pytest

from .conftest import REPOSITORY


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], set[str]]:
    """Return the paths in the wheel and those in the sdist, without its own folder."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(folder)],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
    )
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        members = {name.partition("/")[2] for name in archive.getnames()}
    return set(zipfile.ZipFile(wheel).namelist()), members


def files_of(folder: str) -> set[str]:
    """Return the files below a folder of the repository that git would keep."""
    return {
        path.relative_to(REPOSITORY).as_posix()
        for path in (REPOSITORY / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_wheel_holds_the_package_with_its_data_and_nothing_else(
    built: tuple[set[str], set[str]],
) -> None:
    wheel, _ = built

    own = {path for path in wheel if not path.partition("/")[0].endswith((".dist-info", ".data"))}

    assert own == files_of("isisdocs")
    assert {PurePosixPath(path).suffix for path in own} > {".txt", ".tsv", ".gz", ".json", ".html"}


def test_sdist_holds_what_a_wheel_is_made_of_and_no_article(
    built: tuple[set[str], set[str]],
) -> None:
    _, sdist = built

    assert sdist >= files_of("isisdocs") | {"pyproject.toml", "README.md", "LICENSE"}
    assert {path.partition("/")[0] for path in sdist} <= {
        *("isisdocs", "share", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"),
        *("constraints.txt", "PKG-INFO", ".gitignore"),
    }


def test_manuals_and_completions_are_where_they_are_looked_for(
    built: tuple[set[str], set[str]],
) -> None:
    wheel, _ = built

    installed = {path.partition(".data/data/")[2] for path in wheel if ".data/data/" in path}

    assert installed == {
        "share/man/man1/isisdocs.1",
        "share/man/man7/isisdocs-query.7",
        "share/bash-completion/completions/isisdocs",
        "share/zsh/site-functions/_isisdocs",
        "share/fish/vendor_completions.d/isisdocs.fish",
    }


def test_workflows_run_the_readme_test_line() -> None:
    from .test_readme import blocks

    workflow = (REPOSITORY / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")

    assert blocks("sh")[1].strip() in map(str.strip, workflow.splitlines())


def test_workflow_runs_every_version_that_is_named() -> None:
    import tomllib

    yaml = pytest.importorskip("yaml")
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    workflow = yaml.safe_load(
        (REPOSITORY / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    )

    named = [line.rpartition(" ")[2] for line in project["classifiers"] if "Python :: 3." in line]

    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == named
