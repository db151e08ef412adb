"""How long does a process take, and how much memory do it and its children?"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SAMPLE_SECONDS = 0.1
REPEATS = 7
ENOUGH_SECONDS = 10.0


class Measured(NamedTuple):
    """One run of a command."""

    seconds: float
    peak_bytes: int
    """Of all processes together, shared memory counted once; 0 where /proc does not tell."""


def once(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Measured:
    """Run a command and measure it; CalledProcessError where it fails."""
    started = time.perf_counter()
    process = _start(command, environment)
    peak = 0
    done = threading.Event()

    def sample() -> None:
        nonlocal peak
        while not done.wait(SAMPLE_SECONDS):
            peak = max(peak, _memory(process.pid))

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        code = process.wait()
    finally:
        done.set()
        sampler.join()
    seconds = time.perf_counter() - started
    _check(command, code)
    return Measured(seconds, peak)


def several(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> float:
    """Return the seconds that a command takes, the best of a few runs; of one that is slow, two."""
    best = float("inf")
    first = time.perf_counter()
    for run in range(REPEATS):
        started = time.perf_counter()
        code = _start(command, environment).wait()
        best = min(best, time.perf_counter() - started)
        _check(command, code)
        if run and time.perf_counter() - first > ENOUGH_SECONDS:
            break
    return best


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def load_average() -> str:
    """Return how busy the machine has been in the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def _start(
    command: Sequence[str], environment: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    # As users have it: programs in Python keep their byte code.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**kept, **(environment or {})},
    )


def _check(command: Sequence[str], code: int) -> None:
    if code > 1:  # 1 is what a search that finds nothing gives
        raise subprocess.CalledProcessError(code, list(command))


def _memory(pid: int) -> int:
    """Return the proportional memory of a process and all below it."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        children.setdefault(parent, []).append(int(path.parent.name))
    total = 0
    todo = [pid]
    while todo:
        one = todo.pop()
        todo += children.get(one, [])
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024
    return total
