"""How fast words, sentences, queries and passages are: `python tests/speed.py [FOLDER]`.

Not a test: what it prints depends on the machine. The folder holds text files; without one the
seeds are read.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from isisdocs.model import Article, Metadata, Paragraph
from isisdocs.passages import find, snippets
from isisdocs.query.parse import parse
from isisdocs.query.suggest import suggestions
from isisdocs.sentences import sentences
from isisdocs.words import occurrences, tokens

IMPORT = (
    "import time, isisdocs.words, isisdocs.query.tree; start = time.process_time();"
    "import isisdocs.query.parse; print(time.process_time() - start)"
)


def seconds(run: Callable[[], object], times: int = 9) -> float:
    """The median processor time of a run, the first left out."""
    run()
    found = []
    for _ in range(times):
        start = time.process_time()
        run()
        found.append(time.process_time() - start)
    return median(found)


def articles(folder: Path, size: int) -> list[Article]:
    """The first *size* characters of each file as an article."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text(encoding="utf-8", errors="replace")[:size]
        lines = enumerate(text.splitlines(), start=1)
        paragraphs = tuple(Paragraph(number, line) for number, line in lines if line.strip())
        found.append(Article(path.name, Metadata(), 1, paragraphs, (), (), "utf-8", ""))
    return found


def keeping_bytecode() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def say(what: str, figure: float, unit: str) -> None:
    sys.stdout.write(f"{what:44} {figure:8.1f} {unit}\n")


def main(folder: Path) -> None:
    made = articles(folder, 1_000_000)
    bodies = [[paragraph.text for paragraph in article.paragraphs] for article in made]
    texts = [text for body in bodies for text in body]
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    start = time.process_time()
    list(map(occurrences, bodies))
    say("occurrences, nothing met before", megabytes / (time.process_time() - start), "MB/s")
    say("occurrences", megabytes / seconds(lambda: list(map(occurrences, bodies))), "MB/s")
    say("tokens", megabytes / seconds(lambda: list(map(tokens, texts))), "MB/s")
    say("sentences", megabytes / seconds(lambda: list(map(sentences, texts))), "MB/s")

    short = [article for article in articles(folder, 4096) if article.paragraphs]
    for typed in ("mosul", 'mosul isis "islamic state"', "al-Maliki OR sect* NEAR/5 war"):
        node = parse(typed).node
        took = seconds(lambda node=node: [snippets(find(node, one), one) for one in short])
        say(f"find + snippets, 4 KB: {typed}"[:44], 1000 * took / len(short), "ms")

    many = " ".join(f"word{number}" for number in range(10_000))
    say("parse, 10,000 words", 1000 * seconds(lambda: parse(many)), "ms")
    runs = [
        subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, env=keeping_bytecode())
        for _ in range(5)
    ]
    took = median(float(run.stdout) for run in runs)
    say("import of query.parse, after words and tree", 1000 * took, "ms")

    chance = random.Random(1)  # noqa: S311 - no secret
    letters = "etaoinshrdlu"
    forms = ("".join(chance.choices(letters, k=chance.randint(3, 12))) for _ in range(150_000))
    vocabulary = dict.fromkeys(forms, 1)
    took = seconds(lambda: suggestions("terorism", vocabulary))
    say(f"suggestions of {len(vocabulary):,} forms", 1000 * took, "ms")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "seeds")
