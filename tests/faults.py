"""Let every write, rename, sync and open of a command fail in turn, and see what is left.

    python -m tests.faults

An index is built, brought up to date, built anew, searched and examined, and an export is written
over another. Each time the next call on a file fails: "no space left on device", "input/output
error", "permission denied" and "too many open files"; a write after half of its bytes. After each:

- the command said in one line what failed, exit code 2, or did without what had failed;
- the corpus is as it was, byte for byte;
- the old index answers, or the new one, or there is none where there was none;
- an export is the old one or the new one, and nothing is left beside it;
- the next run completes, finds what a fresh build finds, and leaves no file behind.
"""

from __future__ import annotations

import argparse
import builtins
import contextlib
import errno
import io
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from isisdocs import verified
from isisdocs.cli import run
from isisdocs.index import current

ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EMFILE)
ARTICLES = {
    "one.txt": "One\n\nThe first ship left the harbour at noon.\n",
    "two.txt": "Two\n\nThe second ship stayed where it was.\n",
    "three.txt": "Three\n\nNobody saw the third ship again.\n",
}


class Fault(NamedTuple):
    """A call that fails."""

    number: int
    """Which call of them all, from 1."""
    error: int
    """The error's number."""


class _File:
    """A file whose writes, flushes and closing can fail."""

    def __init__(self, file: Any, calls: Calls, path: str) -> None:
        self._file, self._calls, self._path = file, calls, path

    def write(self, content: Any) -> Any:
        try:
            self._calls.call("write", self._path)
        except OSError:
            self._file.write(content[: len(content) // 2])
            raise
        return self._file.write(content)

    def flush(self) -> None:
        self._calls.call("flush", self._path)
        self._file.flush()

    def close(self) -> None:
        is_open = not self._file.closed
        self._file.close()
        if is_open:
            self._calls.call("close", self._path)

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._file)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class Calls:
    """Counts the calls on files in some folders while it is entered, and lets one of them fail."""

    def __init__(self, folders: Sequence[Path], fault: Fault | None = None) -> None:
        self._folders = tuple(f"{folder}{os.sep}" for folder in folders)
        self._fault = fault
        self._undo = contextlib.ExitStack()
        self.seen: list[str] = []

    def call(self, kind: str, path: str) -> None:
        """Count a call, and raise OSError where it is the one that fails."""
        self.seen.append(kind)
        if self._fault and self._fault.number == len(self.seen):
            raise OSError(self._fault.error, os.strerror(self._fault.error), path)

    def __enter__(self) -> Calls:
        for module, name in ((builtins, "open"), (io, "open")):
            self._replace(module, name, self._opening(getattr(module, name)))
        self._replace(os, "open", self._failing("open", os.open))
        for name in ("replace", "rename", "unlink", "mkdir"):
            self._replace(os, name, self._failing(name, getattr(os, name)))
        for module, name in ((os, "fsync"), (verified, "pread")):
            real = getattr(module, name)
            self._replace(module, name, self._failing(name, real, always=True))
        return self

    def __exit__(self, *_: object) -> None:
        self._undo.close()

    def _replace(self, module: Any, name: str, new: Any) -> None:
        self._undo.callback(setattr, module, name, getattr(module, name))
        setattr(module, name, new)

    def _is_ours(self, path: object) -> bool:
        return isinstance(path, str | os.PathLike) and str(path).startswith(self._folders)

    def _opening(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def opened(path: Any, *rest: Any, **named: Any) -> Any:
            if not self._is_ours(path):
                return real(path, *rest, **named)
            self.call("open", str(path))
            return _File(real(path, *rest, **named), self, str(path))

        return opened

    def _failing(
        self, kind: str, real: Callable[..., Any], *, always: bool = False
    ) -> Callable[..., Any]:
        def called(path: Any, *rest: Any, **named: Any) -> Any:
            if always or self._is_ours(path):
                self.call(kind, str(path))
            return real(path, *rest, **named)

        return called


class Scene:
    """A corpus with its index and an export, and one command that is to meet faults."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.corpus, self.index = folder / "corpus", folder / "index"
        self.exports = folder / "exports"
        self.target = self.exports / "found.jsonl"
        self._kept = folder / "kept"
        self._ours = (self.corpus, self.index, self.exports)
        for path in (self.corpus, self.exports):
            path.mkdir(parents=True)
        for file, text in ARTICLES.items():
            (self.corpus / file).write_text(text)
        os.utime(self.corpus / "one.txt", (1e9, 1e9))
        where = ["--index", str(self.index)]
        build = ["index", "-q", str(self.corpus), *where]
        self.command = {
            "build": build,
            "update": build,
            "rebuild": [*build, "--rebuild"],
            "search": ["search", "ship", "-l", *where],
            "doctor": ["doctor", *where],
            "export": ["export", "harbour", "-o", str(self.target), *where],
        }[name]
        if name != "build":
            _quietly(build)
            _quietly(["export", "ship", "-o", str(self.target), *where])
        if name == "update":
            (self.corpus / "two.txt").unlink()
            (self.corpus / "three.txt").rename(self.corpus / "drei.txt")
            (self.corpus / "four.txt").write_text("Four\n\nA fourth ship was built.\n")
        self._corpus_content = _content(self.corpus)
        self._old_export = self.target.read_bytes() if self.target.exists() else b""
        self._before = self._ids()
        shutil.copytree(folder, self._kept, ignore=shutil.ignore_patterns("kept"))
        self.calls = self.meet(None)[1]
        self._after = self._ids()
        self._new_export = self.target.read_bytes() if self.target.exists() else b""
        self._shape = _shape(self.index)

    def restore(self) -> None:
        """Have everything as it was before the command."""
        for path in self._ours:
            shutil.rmtree(path, ignore_errors=True)
            kept = self._kept / path.name
            if kept.exists():
                shutil.copytree(kept, path)

    def meet(self, fault: Fault | None) -> tuple[tuple[int, str], list[str]]:
        """Run the command with a fault; return its exit code and what it said, and the calls."""
        with Calls(self._ours[1:], fault) as calls:
            done = _quietly(self.command)
        return done, calls.seen

    def outcome(self, fault: Fault) -> tuple[str, str]:
        """Return which call failed and what came of it; AssertionError where anything is lost."""
        self.restore()
        (code, errors), seen = self.meet(fault)
        kind = seen[fault.number - 1]
        what = f"{self.name}: {kind} {fault}: exit {code}: {errors}"
        assert code in ((0, 2) if self.name != "doctor" else (0, 1, 2)), what
        lines = [line for line in errors.splitlines() if not line.startswith("  ")]
        assert "Traceback" not in errors, what
        assert code != 2 or lines, what
        assert _content(self.corpus) == self._corpus_content, what
        ids = self._ids()
        assert ids in (self._before, self._after), what
        if self.name == "export":
            expected = {self._old_export, self._new_export}
            assert self.target.read_bytes() in expected, what
            assert len(list(self.exports.iterdir())) == 1, what
        with Calls(self._ours[1:]):
            again, errors = _quietly(self.command)
        assert again == 0 or self.name == "doctor", f"{what}; then {errors}"
        assert self._ids() == self._after, what
        if _shape(self.index) != self._shape:
            # A run that finds nothing to do deletes nothing either; the next that does, does.
            done = _quietly(["index", "-q", "--rebuild", "--index", str(self.index)])
            assert done == (0, ""), what
            assert set(_shape(self.index).values()) == {1}, what
        result = "did without it" if code == 0 else "said so"
        if ids is None:
            return kind, f"{result}: no index yet"
        if self._before == self._after:
            return kind, f"{result}: the index answers"
        return kind, f"{result}: the {'new' if ids == self._after else 'old'} index answers"

    def _ids(self) -> list[str] | None:
        if current.read(self.index) is None:
            return None
        _, reader = current.open_reader(self.index)
        try:
            return [article.id for article in reader.articles(reader.ids())]
        finally:
            reader.close()


SCENES = ("build", "update", "rebuild", "search", "doctor", "export")


def _quietly(command: Sequence[str]) -> tuple[int, str]:
    """Run a command; return its exit code and what it said on stderr."""
    os.environ["SOURCE_DATE_EPOCH"] = "0"  # exports of the same are the same
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    errors = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        code = run(list(command))
    return code, errors.getvalue()


def _content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def _shape(index: Path) -> Counter[str]:
    """Return how many files of each kind there are, whatever number they have."""
    if not index.exists():
        return Counter()
    names = (path.name for path in index.iterdir())
    kinds = (name.split(".", 1)[-1] if name.startswith("isisdocs_") else name for name in names)
    return Counter("".join(letter for letter in kind if not letter.isdigit()) for kind in kinds)


def outcomes(
    folder: Path, name: str, *, most: int | None = None, seed: int = 1
) -> Counter[tuple[str, str, str]]:
    """Return how often each call, with each error, came to what; *most* faults at most."""
    scene = Scene(folder, name)
    faults = [Fault(number, error) for number in range(1, len(scene.calls) + 1) for error in ERRORS]
    if most is not None and most < len(faults):
        # The same chance for each kind of call: most of them write a term.
        kinds = Counter(scene.calls)
        chance = random.Random(seed)  # noqa: S311  # nothing secret
        weights = [1 / kinds[scene.calls[fault.number - 1]] for fault in faults]
        faults = chance.choices(faults, weights, k=most)
    counts: Counter[tuple[str, str, str]] = Counter()
    for fault in faults:
        kind, outcome = scene.outcome(fault)
        counts[kind, errno.errorcode[fault.error], outcome] += 1
    return counts


def main() -> None:
    """Print what came of each kind of call and error in each command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, help="So many faults for each command at most.")
    options = parser.parse_args()
    total = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in SCENES:
            counts = outcomes(Path(folder) / name, name, most=options.most)
            total += counts.total()
            for (kind, error, outcome), count in sorted(counts.items()):
                sys.stdout.write(f"{name:8} {kind:8} {error:7} {count:5,}  {outcome}\n")
    sys.stdout.write(f"{total:,} faults: nothing lost, every next run completed\n")


if __name__ == "__main__":
    main()
