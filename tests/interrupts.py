"""What does Ctrl-C do in the first moments of the program? It is sent at each of them.

    python -m tests.interrupts [--milliseconds 150] [--times 1] [--step 1]

The program that is installed is started, and interrupted so many milliseconds after. It ends with
130 and says nothing, or has finished. Before its first line runs, Python itself answers: until it
listens the signal ends it, silently, and then it prints a traceback that names none of our files;
how often that was is told. A traceback that names one of them is a failure, and the exit code 1.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import isisdocs
from isisdocs.index.update import update
from isisdocs.settings import Settings
from tests.hostile import BODY
from tests.samples import hear_ctrl_c, unmeasured

PACKAGE = str(Path(isisdocs.__file__).parent)
SILENT, FINISHED = "130, silent", "finished before"
ENDED, PYTHONS = "ended by the signal before Python hears it", "a traceback of Python's own start"
OURS = "A TRACEBACK OF OURS"


def program() -> list[str]:
    """Return how the program is started: by its script where it is installed."""
    script = Path(sys.executable).parent / "isisdocs"
    return [str(script)] if script.exists() else [sys.executable, "-m", "isisdocs"]


def prepare(folder: Path) -> None:
    """Make an index in which there is something to find."""
    (folder / "seeds").mkdir()
    (folder / "seeds" / "one.txt").write_text(f"A title\n\n{BODY}")
    update(Settings(folder / "seeds", folder / "index"))


def outcome(command: Sequence[str], milliseconds: float, folder: Path) -> tuple[str, str]:
    """Return what came of the program when it was interrupted, and what it said on stderr."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=unmeasured(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_ctrl_c,
        start_new_session=True,
    )
    time.sleep(milliseconds / 1000)
    os.kill(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    match process.returncode, errors:
        case 130, "":
            return SILENT, ""
        case 0, "":
            return FINISHED, ""
        case code, "" if code == -signal.SIGINT:
            return ENDED, ""
    if "KeyboardInterrupt" in errors and f'File "{PACKAGE}' not in errors:
        return PYTHONS, errors
    return OURS, errors


def main() -> int:
    """Print what came of how many, and the tracebacks that are ours."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--milliseconds", type=int, default=150)
    parser.add_argument("--step", type=float, default=1.0)
    parser.add_argument("--times", type=int, default=1)
    options = parser.parse_args()
    found: Counter[str] = Counter()
    last = dict.fromkeys((ENDED, PYTHONS), 0.0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        for number in range(int(options.milliseconds / options.step) * options.times):
            milliseconds = number // options.times * options.step
            what, errors = outcome([*program(), "search", "harbour"], milliseconds, folder)
            found[what] += 1
            if what in last:
                last[what] = max(last[what], milliseconds)
            if what == OURS:
                sys.stdout.write(f"{milliseconds} ms:\n{errors}\n")
    for what, count in found.most_common():
        until = f", the last after {last[what]:g} ms" if what in last else ""
        sys.stdout.write(f"{count:5,}  {what}{until}\n")
    return bool(found[OURS])


if __name__ == "__main__":
    sys.exit(main())
