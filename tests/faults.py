"""Let every write, rename, sync and open of a command fail in turn, and see what is left.

    python -m tests.faults [--engine tantivy] [--native] [--scene build] [--most 100]

An index is built, brought up to date, built anew, searched and examined, and an export is written
over another. Each time the next call on a file fails: "no space left on device", "input/output
error", "permission denied" and "too many open files"; a write after half of its bytes. After each:

- the command said in one line what failed, exit code 2, or did without what had failed;
- the corpus is as it was, byte for byte;
- the old index answers, or the new one, or there is none where there was none;
- an export is the old one or the new one, and nothing is left beside it;
- the next run completes, finds what a fresh build finds, and leaves no file behind.

The calls are those of Python, of which most write a term. With --native they are those on the C
library, of the program's own and of tantivy, whose writing Python does not see: `faults.c` is
compiled for it and loaded before the library, so that it needs a compiler and Linux. There is no
disk to wait for where /dev/shm can hold the files. What does not hold is printed, and then the exit
code is 1.
"""

from __future__ import annotations

import argparse
import builtins
import contextlib
import ctypes
import errno
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
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


class NativeCalls:
    """The same for the calls on the C library; this process must have been started with `faults.c`.

    A thread of tantivy's may make another number of calls each time.
    """

    KINDS: Mapping[str, str] = dict(
        zip("ocwrsmnud", "open close write read sync mmap rename unlink mkdir".split(), strict=True)
    )

    def __init__(self, folders: Sequence[Path], fault: Fault | None = None) -> None:
        self._library = ctypes.CDLL(os.environ[PRELOADED])
        self._library.faults_seen.restype = ctypes.c_char_p
        self._folders, self._fault = folders, fault or Fault(-1, 0)
        self.seen: list[str] = []

    def __enter__(self) -> NativeCalls:
        for folder in self._folders:
            self._library.faults_folder(os.fsencode(folder))
        self._library.faults_begin(*self._fault)
        return self

    def __exit__(self, *_: object) -> None:
        count = self._library.faults_end()
        self.seen = [self.KINDS[kind] for kind in self._library.faults_seen()[:count].decode()]


PRELOADED = "LD_PRELOAD"


def start_native(arguments: Sequence[str]) -> None:
    """Start this program anew with `faults.c` before the C library."""
    library = Path(tempfile.mkdtemp()) / "faults.so"
    source = Path(__file__).with_suffix(".c")
    compiler = shutil.which("cc") or sys.exit("no C compiler")
    command = [compiler, "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl", "-lpthread"]
    subprocess.run(command, check=True)
    environment = {**os.environ, PRELOADED: str(library)}
    os.execve(sys.executable, [sys.executable, "-m", "tests.faults", *arguments], environment)  # noqa: S606


class Scene:
    """A corpus with its index and an export, and one command that is to meet faults."""

    def __init__(
        self, folder: Path, name: str, *, engine: str = "whoosh", native: bool = False
    ) -> None:
        self._calls = NativeCalls if native else Calls
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
        build = ["index", "-q", str(self.corpus), *where, "--engine", engine]
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
            while path.exists():  # a thread of tantivy's may still write where it was told to
                shutil.rmtree(path, ignore_errors=True)
            kept = self._kept / path.name
            if kept.exists():
                shutil.copytree(kept, path)

    def meet(self, fault: Fault | None) -> tuple[tuple[int, str], list[str]]:
        """Run the command with a fault; return its exit code and what it said, and the calls."""
        with self._calls(self._ours[1:], fault) as calls:
            done = _quietly(self.command)
        return done, calls.seen

    def outcome(self, fault: Fault) -> tuple[str, str]:
        """Return which call failed and what came of it; AssertionError where anything is lost."""
        self.restore()
        (code, errors), seen = self.meet(fault)
        kind = seen[fault.number - 1] if fault.number <= len(seen) else "none"
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
        with self._calls(self._ours[1:]):
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
    # Of tantivy's own files the endings, of its folders how many there are.
    inner = [path for path in index.rglob("*") if path.parent != index]
    names = [path.name for path in index.iterdir()]
    names += [f"isisdocs_.{path.suffix or 'folder'}" for path in inner]
    kinds = (name.split(".", 1)[-1] if name.startswith("isisdocs_") else name for name in names)
    return Counter("".join(letter for letter in kind if not letter.isdigit()) for kind in kinds)


def outcomes(
    folder: Path,
    name: str,
    *,
    engine: str = "whoosh",
    native: bool = False,
    most: int | None = None,
    seed: int = 1,
    failed: Callable[[str], object] | None = None,
) -> Counter[tuple[str, str, str]]:
    """Return how often each call, with each error, came to what; *most* faults at most.

    What does not hold is told to *failed*; without it AssertionError.
    """
    scene = Scene(folder, name, engine=engine, native=native)
    faults = [Fault(number, error) for number in range(1, len(scene.calls) + 1) for error in ERRORS]
    if most is not None and most < len(faults):
        # The same chance for each kind of call: most of them write a term.
        kinds = Counter(scene.calls)
        chance = random.Random(seed)  # noqa: S311  # nothing secret
        weights = [1 / kinds[scene.calls[fault.number - 1]] for fault in faults]
        faults = chance.choices(faults, weights, k=most)
    counts: Counter[tuple[str, str, str]] = Counter()
    for fault in faults:
        try:
            kind, outcome = scene.outcome(fault)
        except AssertionError as error:
            if failed is None:
                raise
            failed(str(error).partition("\n")[0])
            kind, outcome = scene.calls[fault.number - 1], "FAILED"
        counts[kind, errno.errorcode[fault.error], outcome] += 1
    return counts


def main() -> int:
    """Print what came of each kind of call and error in each command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, help="so many faults for each command at most")
    parser.add_argument("--engine", default="whoosh")
    parser.add_argument("--native", action="store_true", help="calls on the C library")
    parser.add_argument("--scene", action="append", choices=SCENES)
    options = parser.parse_args()
    if options.native and PRELOADED not in os.environ:
        start_native(sys.argv[1:])
    total = 0
    failures: list[str] = []
    memory = Path("/dev/shm")  # noqa: S108  # there is no disk to wait for
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        for name in options.scene or SCENES:
            counts = outcomes(
                Path(folder) / name,
                name,
                engine=options.engine,
                native=options.native,
                most=options.most,
                failed=failures.append,
            )
            total += counts.total()
            for (kind, error, outcome), count in sorted(counts.items()):
                sys.stdout.write(f"{name:8} {kind:8} {error:7} {count:5,}  {outcome}\n")
            sys.stdout.flush()
    for failure in failures:
        sys.stdout.write(f"{failure}\n")
    if failures:
        sys.stdout.write(f"{total:,} faults, {len(failures):,} of which something was lost by\n")
        return 1
    sys.stdout.write(f"{total:,} faults: nothing lost, every next run completed\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
