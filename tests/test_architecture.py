"""Imports point upstream only, and each library is used in its home only."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "isisdocs"

# From upstream to downstream: a layer may import those before it, and its own.
LAYERS = (
    ("frozen", "errors", "durable", "verified"),
    ("model",),
    ("sidecar",),
    ("settings", "words", "sentences", "fields"),
    ("load", "query"),
    ("engine", "passages"),
    ("ranking",),
    ("explain", "index", "search", "explore"),
    ("output", "completion"),
    ("cli",),
)
# Within one layer these may not see each other.
STRANGERS = {("load", "query"), ("query", "load"), ("index", "search"), ("search", "index")}
HOMES = {
    "tantivy": ("engine/tantivy/",),
    "whoosh": ("engine/whoosh/",),
    "bibtexparser": ("output/export/references.py",),
    "rispy": ("output/export/references.py",),
    "jinja2": ("output/export/page.py",),
    "wcwidth": ("output/columns.py",),
    "typer": ("cli/",),
    "rich": ("output/", "cli/index.py"),
    "chardet": ("load/charsets.py",),
    "ftfy": ("load/decode.py",),
    "filelock": ("index/lock.py",),
    "Stemmer": ("words.py",),
    "sentencex": ("sentences.py",),
    "rapidfuzz": ("query/", "engine/whoosh/lexicon.py"),
    "dateparser": ("query/dates.py",),
    "watchfiles": ("cli/watch.py",),
    "trafilatura": ("load/webpage.py",),
    "lxml": ("load/webpage.py",),
}

MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def imported_by(module: str) -> set[str]:
    """Return the dotted names a module imports anywhere, type checking apart."""
    found = set()
    tree = ast.parse((PACKAGE / module).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def layer_of(part: str) -> int:
    return next(number for number, layer in enumerate(LAYERS) if part in layer)


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_upstream_only(module: str) -> None:
    part = module.split("/")[0].removesuffix(".py")
    if part == "__init__" or part == "__main__":
        return

    others = {
        name.split(".")[1]
        for name in imported_by(module)
        if name.startswith("isisdocs.") and name != "isisdocs.__version__"
    } - {part}

    downstream = {other for other in others if layer_of(other) > layer_of(part)}
    strangers = {other for other in others if (part, other) in STRANGERS}
    assert (downstream, strangers) == (set(), set())


@pytest.mark.parametrize("module", MODULES)
def test_libraries_are_used_in_their_homes_only(module: str) -> None:
    libraries = {name.split(".")[0] for name in imported_by(module)}

    strays = {
        library for library in libraries & HOMES.keys() if not module.startswith(HOMES[library])
    }

    assert strays == set()


def test_every_dependency_has_a_home() -> None:
    import tomllib

    project = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text())["project"]
    imported_as = {"whoosh3": "whoosh", "PyStemmer": "Stemmer"}

    names = {line.split(">=")[0] for line in project["dependencies"]}

    optional = {"tantivy", "watchfiles", "trafilatura", "lxml"}
    assert {imported_as.get(name, name) for name in names} == HOMES.keys() - optional


HEAVY = {
    "chardet",
    "ftfy",
    "dateparser",
    "rapidfuzz",
    "multiprocessing",
    "rich.console",
    "rich.progress",
    "rich.table",
    "whoosh.codec",
    "whoosh.qparser",
    "jinja2",
    "bibtexparser",
    "rispy",
    "filelock",
    "trafilatura",
    "lxml",
    "isisdocs.load.corpus",
    "concurrent.futures",
}


def test_a_search_imports_only_what_it_uses(seeds_index: Path) -> None:
    script = (
        "import sys; from isisdocs.cli import run;"
        f"run(['search', 'mosul', '--index', {str(seeds_index)!r}]);"
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )

    # Coverage would measure the process too, and brings modules of its own.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
    )

    assert "Mosul" in done.stdout
    assert HEAVY & set(done.stderr.split()) == set()
