"""What is measured side by side, and the commands that each of them takes for it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

QUERIES = ("one word", "two words", "phrase", "prefix", "common prefix", "fuzzy", "100-hit export")
_TERMS = {
    "one word": "mosul",
    "two words": "mosul government",
    "phrase": '"islamic state"',
    "prefix": "govern*",
    "common prefix": "s*",
    "fuzzy": "goverment~1",
    "100-hit export": "military",
}

Command = Sequence[str]


@dataclass(frozen=True)
class Peer:
    """A program that indexes and searches a folder."""

    name: str
    program: str
    build: Callable[[Path, Path], Command] | None
    """The command for corpus and index; None where nothing is built."""
    update: Callable[[Path, Path], Command] | None
    search: Callable[[str, Path, Path], Command | None]
    """The command for one of QUERIES; None where there is no such query."""
    library: str = ""
    """What it needs besides, by the name it is imported by."""
    version_option: str = "--version"
    index_in_corpus: str = ""
    """Where the index is, if that cannot be chosen."""
    environment: Callable[[Path], dict[str, str]] = field(default=lambda _: {})

    def is_installed(self) -> bool:
        """Whether its program is at hand."""
        return _path(self.program) is not None and (
            not self.library or find_spec(self.library) is not None
        )

    def version(self) -> str:
        """Return what it says of its version, the last word of it."""
        done = subprocess.run(
            (program(self.program), self.version_option),
            capture_output=True,
            text=True,
            check=False,
        )
        words = (done.stdout or done.stderr).split()
        return next((word for word in words if word[0].isdigit()), "")


def _path(program: str) -> str | None:
    beside = Path(sys.executable).with_name(program)
    return str(beside) if beside.exists() else shutil.which(program)


def program(name: str) -> str:
    """Return where a program is, its name where it is nowhere."""
    return _path(name) or name


def _isisdocs(*arguments: str) -> Command:
    return (program("isisdocs"), *arguments)


def _isisdocs_search(query: str, corpus: Path, index: Path) -> Command:  # noqa: ARG001
    if query == "100-hit export":
        return _isisdocs(
            "export", _TERMS[query], "-m", "100", "--format", "jsonl", "--index", str(index)
        )
    return _isisdocs("search", _TERMS[query], "--index", str(index))


def _whoosh_search(query: str, corpus: Path, index: Path) -> Command | None:  # noqa: ARG001
    if query in ("fuzzy", "100-hit export"):
        return None  # no option for either
    return (program("whoosh"), "search", _TERMS[query], str(corpus))


def _recoll_search(query: str, corpus: Path, index: Path) -> Command | None:  # noqa: ARG001
    if query == "fuzzy":
        return None
    limit = "100" if query == "100-hit export" else "10"
    return (program("recollq"), "-A", "-n", limit, *_TERMS[query].split(" OR "))


def _recoll_index(corpus: Path, index: Path) -> Command:
    index.mkdir(parents=True, exist_ok=True)
    (index / "recoll.conf").write_text(
        f"topdirs = {corpus}\nindexedmimetypes = text/plain\nnoaspell = 1\n"
    )
    return (program("recollindex"), "-c", str(index))


_LOAD = """
import sys
from pathlib import Path
import sqlite_utils
corpus, path = Path(sys.argv[1]), Path(sys.argv[2])
path.parent.mkdir(parents=True, exist_ok=True)
db = sqlite_utils.Database(path)
articles = db["articles"]
files = sorted(corpus.rglob("*.txt"))
articles.insert_all(
    ({"path": str(p), "text": p.read_bytes().decode("utf-8", "replace")} for p in files),
    pk="path", replace=True,
)
if articles.detect_fts() is None:
    articles.enable_fts(["text"], tokenize="porter", create_triggers=True)
"""


def _sqlite_index(corpus: Path, index: Path) -> Command:
    return (sys.executable, "-c", _LOAD, str(corpus), str(index / "articles.db"))


def _sqlite_search(query: str, corpus: Path, index: Path) -> Command | None:  # noqa: ARG001
    if query == "fuzzy":
        return None
    limit = "100" if query == "100-hit export" else "10"
    return (
        *(program("sqlite-utils"), "search", str(index / "articles.db"), "articles"),
        *(_TERMS[query], "--limit", limit),
    )


def _ripgrep_search(query: str, corpus: Path, index: Path) -> Command | None:  # noqa: ARG001
    patterns = {
        "one word": r"(?i)\bmosul\b",
        "phrase": r"(?i)\bislamic\s+state\b",
        "prefix": r"(?i)\bgovern\w*",
        "100-hit export": r"(?i)\bmilitary\b",
    }
    if query not in patterns:
        return None
    return (program("rg"), "-c", "--no-messages", patterns[query], str(corpus))


def _isisdocs_build(*options: str) -> Callable[[Path, Path], Command]:
    def build(corpus: Path, index: Path) -> Command:
        return _isisdocs("index", str(corpus), "--index", str(index), "-q", *options)

    return build


PEERS = (
    Peer(
        name="isisdocs",
        program="isisdocs",
        build=_isisdocs_build(),
        update=_isisdocs_build(),
        search=_isisdocs_search,
    ),
    Peer(
        name="isisdocs, tantivy",
        program="isisdocs",
        library="tantivy",
        build=_isisdocs_build("--engine", "tantivy"),
        update=_isisdocs_build(),
        search=_isisdocs_search,
    ),
    Peer(
        name="whoosh",
        program="whoosh",
        build=lambda corpus, index: (program("whoosh"), "index", str(corpus)),  # noqa: ARG005
        update=lambda corpus, index: (  # noqa: ARG005
            *(program("whoosh"), "index", "--update", str(corpus)),
        ),
        search=_whoosh_search,
        version_option="-V",
        index_in_corpus=".whoosh_index",
    ),
    Peer(
        name="recoll",
        program="recollindex",
        build=_recoll_index,
        update=_recoll_index,
        search=_recoll_search,
        version_option="-v",
        environment=lambda index: {"RECOLL_CONFDIR": str(index)},
    ),
    Peer(
        name="sqlite-utils",
        program="sqlite-utils",
        build=_sqlite_index,
        update=_sqlite_index,
        search=_sqlite_search,
    ),
    Peer(name="ripgrep", program="rg", build=None, update=None, search=_ripgrep_search),
)
