"""Build sdist and wheel, install the wheel in an environment of its own, and search with it.

    python -m tests.install [--constraints constraints.txt]

Needs the package `build` and an index of packages. The home folder is an empty one, and the current
folder has neither articles nor an index. It prints what it does and exits with 1 where something is
not as it should be.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent

ARTICLE = "The bridge at Tikrit\n\nThe bridge was closed on Friday, and nobody said why.\n"


class _Failed(Exception):  # noqa: N818  # the end of it
    """Something is not as it should be."""


def main() -> int:
    """Run all of it; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--constraints", type=Path, help="Exact versions to install.")
    constraints = parser.parse_args().constraints
    with tempfile.TemporaryDirectory() as folder:
        try:
            _all(Path(folder), constraints and constraints.resolve())
        except _Failed as failed:
            _say(f"FAILED: {failed}")
            return 1
    _say("all as it should be")
    return 0


def _all(folder: Path, constraints: Path | None) -> None:
    _say("building")
    build = [sys.executable, "-m", "build", "--outdir", str(folder / "dist"), str(REPOSITORY)]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = (folder / "dist").glob("*.whl")
    _say(f"installing {wheel.name}")
    venv.create(folder / "venv", with_pip=True)
    programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    home = folder / "home"
    (home / "articles").mkdir(parents=True)
    (home / "articles" / "bridge.txt").write_text(ARTICLE, encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("ISISDOCS", "PYTHON"))}
    subprocess.run(
        [
            *(str(programs / "python"), "-m", "pip", "install", "-q", str(wheel)),
            *(("-c", str(constraints)) if constraints else ()),
        ],
        check=True,
        env=environment,
    )
    environment |= {"HOME": str(home), "USERPROFILE": str(home)}

    def expect(arguments: str, code: int, *, stdout: str = "", stderr: str = "") -> None:
        done = subprocess.run(
            [str(programs / "isisdocs"), *arguments.split()],
            cwd=home,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        _say(f"$ isisdocs {arguments}  [{done.returncode}]")
        if done.returncode != code or stdout not in done.stdout or stderr not in done.stderr:
            raise _Failed(f"{done.returncode}\n{done.stdout}{done.stderr}")

    expect("--version", 0, stdout="isisdocs ")
    expect("search bridge", 2, stderr="`isisdocs index FOLDER` makes one of your articles")
    expect("index articles", 0, stderr="1 article in the index")
    expect("search bridges", 0, stdout="articles")
    expect("search zeppelin", 1, stderr="nothing found")
    expect("export bridge -o bridge.html", 0, stderr="1 passage in bridge.html")
    expect("show bridge", 0, stdout="nobody said why")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
