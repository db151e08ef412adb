"""Prints how fast texts pass the damage test and how fast damaged ones are restored, on one core.

    python -m tests.bench_repair DATA_DIR

DATA_DIR holds undamaged texts in `dev/`. Damage is every character beyond ASCII lost to `?`.
"""

# ruff: noqa: T201 - it prints a table

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

from isisdocs.load.repair import is_damaged, repair, restore


def speed_of(function, texts, rounds):
    started = time.process_time()
    for _ in range(rounds):
        for text in texts:
            function(text)
    return rounds * sum(map(len, texts)) / (time.process_time() - started)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    folder = parser.parse_args().data / "dev"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    damaged = ["".join(c if c < "\x80" else "?" for c in text) for text in texts]
    restore("It can?t load the model later than here.")
    print(f"damage test, undamaged   {speed_of(is_damaged, texts, 20) / 1e6:8.1f} M characters/s")
    print(f"repair, undamaged        {speed_of(repair, texts, 20) / 1e6:8.1f} M characters/s")
    print(f"repair, damaged          {speed_of(repair, damaged, 1) / 1e6:8.3f} M characters/s")
    for joint, name in (("\n\n", "one text"), (" ", "one line")):
        for copies in (1, 2, 4, 8):
            text = joint.join(damaged[:10] * copies)
            if joint == " ":
                text = text.replace("\n", " ")
            speed = speed_of(repair, [text], 1)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(
                f"{name} of {len(text):8d}     {speed / 1e6:8.3f} M characters/s, "
                f"most memory so far {memory} MB"
            )
    for name, text in {
        "marks": "?" * 20_000,
        "words of marks": "a?b" * 5_000,
        "one line": "It can?t be so " * 2_000,
        "blank lines": "It can?t\n\n" * 3_000,
        "spaces": "It can?t" + " " * 20_000 + "?",
        "address": "It can?t http://" + "a?" * 10_000,
    }.items():
        print(f"{name:24s} {speed_of(repair, [text], 1) / 1e6:8.3f} M characters/s")


if __name__ == "__main__":
    main()
