"""How well does `verify` tell quotations apart? Precision and recall for each verdict.

    python -m tests.eval_verify                  quotations by known edits, and 100 invented
    python -m tests.eval_verify --speed 10000    time of 50 quotations against that of one search

Quotations are made from the seeds and from articles written by `made_articles`, which repeat each
other's phrases, by a known edit each, and go through a draft with all kinds of marks. The exit
code is 1 where a figure is below its floor.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from isisdocs.explore.quotations import quotations, word_count
from isisdocs.explore.verify import Checked, Verdict, Verifier
from isisdocs.index import current
from isisdocs.index.update import update
from isisdocs.sentences import sentences
from isisdocs.settings import Settings

SEEDS = Path(__file__).parent.parent / "seeds"
FLOOR = 0.98
MOST_TIMES_ONE_SEARCH = 5.0
EACH = 40


@dataclass(frozen=True)
class Case:
    """A quotation, how it was made, and what `verify` should say of it."""

    kind: str
    expected: Verdict
    text: str
    origin: str = ""
    """What the draft says that it is from."""


# -- a corpus ------------------------------------------------------------------------------------

WHO = """the government|the old garrison|a column of refugees|the harbour committee|her brother
the railway workers|nobody in the valley
the miller's widow|an envoy from the coast|the night watch
the provincial council|two young surveyors|the editor of the Gazette|a grain merchant|the rebels
the ministry of works
the last ferryman|most of the villagers|a retired colonel|the union's secretary"""
DID = """had refused to pay|could not explain|quietly abandoned|was said to have bought|rebuilt
had long since forgotten|wanted to inspect|never again mentioned|spoke at length about|burned
surrendered without a fight|had promised to defend|was forced to sell|openly mocked|described"""
WHAT = """the stone bridge at Harlow
the price of bread|the lower quarter of the town|its own archives
the treaty of that spring|the mill and its pond|all the horses in the district|the northern pass
the water works|a shipment of rifles|the strike fund|the unfinished canal|the customs house
the sermon of the previous Sunday|the flooded mine|the new tax on salt|the lighthouse"""
WHEN = """in the first week of March|after the harvest had failed|before anyone could object
while the council was still in session|although the roads were closed|on the eve of the election
because the letters never arrived|as the newspapers later reported|to the surprise of the whole town
during the longest winter in memory|without consulting the families|when the river rose again"""
THEN = """and the matter was dropped|but the damage had been done|and few people noticed
which cost the province dearly|so the inquiry came to nothing|and a second delegation set out
but that was not the end of it|and the shops stayed shut for days|which nobody had foreseen"""


def made_sentence(chance: random.Random) -> str:
    parts = [
        chance.choice(column.replace("\n", "|").split("|")) for column in (WHO, DID, WHAT, WHEN)
    ]
    if chance.random() < 0.5:
        parts.append(chance.choice(THEN.replace("\n", "|").split("|")))
    if chance.random() < 0.3:
        parts = [parts[3] + ",", *parts[:3], *parts[4:]]
    text = " ".join(parts)
    return text[0].upper() + text[1:] + "."


SYLLABLES = "ba den mor ti ral kos ven ul sha dri gan pel oth mi zar lin fo the wix car".split()
VOCABULARY = 50_000


def with_rare_words(text: str, chance: random.Random) -> str:
    """Return the text with every third word made up, by Zipf's law as in real articles."""
    words = text.split()
    for index in range(len(words)):
        if chance.random() < 1 / 3:
            number = int(VOCABULARY ** chance.random())  # log-uniform: the n-th with a share of 1/n
            made = ""
            while number:
                number, syllable = divmod(number, len(SYLLABLES))
                made += SYLLABLES[syllable]
            words[index] = made
    return " ".join(words)


def made_articles(count: int, seed: int, *, has_rare_words: bool = False) -> Iterator[str]:
    """Yield articles about nothing that happened, of some 200 words that they all share.

    Harder than a real corpus; with rare words about as hard.
    """
    chance = random.Random(seed)  # noqa: S311  # no secret
    for number in range(count):
        paragraphs = [
            " ".join(
                with_rare_words(sentence, chance) if has_rare_words else sentence
                for sentence in (made_sentence(chance) for _ in range(chance.randint(2, 5)))
            )
            for _ in range(chance.randint(4, 9))
        ]
        yield "\n\n".join([f"Report number {number} from the valley", *paragraphs]) + "\n"


# -- quotations ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sentence:
    article: str
    index: int
    """Number in its article."""
    text: str


def sentences_of(reader: current.Reader) -> list[Sentence]:
    """Return the sentences of the corpus that stand in it once and have ten words or more."""
    found = []
    for article in reader.articles(reader.ids()):
        index = 0
        for paragraph in article.paragraphs:
            for start, end in sentences(paragraph.text):
                index += 1
                text = paragraph.text[start:end]
                if 10 <= word_count(text) <= 40 and not any(mark in text for mark in '[]“”"«»…'):
                    found.append(Sentence(article.id, index, text))
    counts = Counter(sentence.text for sentence in found)
    return [sentence for sentence in found if counts[sentence.text] == 1]


def swapped(words: list[str], chance: random.Random) -> list[str]:
    index = chance.randrange(len(words))
    return [*words[:index], chance.choice(["purple", "seventeen", "gently"]), *words[index + 1 :]]


def dropped(words: list[str], chance: random.Random) -> list[str]:
    # A dash or a bullet is no word: without it the quotation would still be exact.
    inner = [index for index in range(1, len(words) - 1) if word_count(words[index])]
    first = next(index for index, word in enumerate(words) if word_count(word))
    index = chance.choice([index for index in inner if index != first])
    return words[:index] + words[index + 1 :]


def added(words: list[str], chance: random.Random) -> list[str]:
    index = chance.randrange(1, len(words))
    return [*words[:index], chance.choice(["really", "never", "Danish"]), *words[index:]]


def elided(words: list[str], chance: random.Random) -> list[str]:
    start = chance.randrange(2, len(words) - 5)
    end = chance.randrange(start + 1, len(words) - 3)
    return [*words[:start], chance.choice(["…", "...", "[...]", "[…]", "(...)"]), *words[end:]]


def bracketed(words: list[str], chance: random.Random) -> list[str]:
    index = chance.randrange(2, len(words) - 2)
    kind = chance.choice(["sic", "words", "letter"])
    if kind == "sic":
        return [*words[:index], "[sic]", *words[index:]]
    if kind == "words":
        return [*words[:index], "[the speaker]", *words[index + 1 :]]
    return [f"[{words[0][0].swapcase()}]{words[0][1:]}", *words[1:]]


def cases(reader: current.Reader, seed: int) -> list[Case]:
    chance = random.Random(seed)  # noqa: S311  # no secret
    known = sentences_of(reader)
    real = [sentence for sentence in known if sentence.article[:3].isdigit()]
    made = [sentence for sentence in known if not sentence.article[:3].isdigit()]
    pool = chance.sample(real, len(real)) + chance.sample(made, min(len(made), 400))
    taken = iter(pool)
    edits: list[tuple[str, Verdict, Callable[[list[str], random.Random], list[str]]]] = [
        ("unchanged", Verdict.EXACT, lambda words, _: words),
        ("word swapped", Verdict.DIFFERS, swapped),
        ("word dropped", Verdict.DIFFERS, dropped),
        ("word added", Verdict.DIFFERS, added),
        ("ellipsis", Verdict.EXACT, elided),
    ]
    found = [
        Case(kind, verdict, " ".join(edit(next(taken).text.split(), chance)))
        for _ in range(EACH)
        for kind, verdict, edit in edits
    ]
    found += [
        Case("brackets", Verdict.EXACT, " ".join(bracketed(next(taken).text.split(), chance)))
        for _ in range(EACH // 2)
    ]
    for _ in range(EACH):
        one = next(taken)
        other = next(
            sentence
            for sentence in chance.sample(pool, len(pool))
            if sentence.article != one.article or abs(sentence.index - one.index) > 2
        )
        found.append(Case("two joined", Verdict.STITCHED, f"{one.text} {other.text}"))
    for _ in range(EACH // 2):
        one = next(taken)
        elsewhere = chance.choice([s.article for s in pool if s.article != one.article])
        found.append(Case("attributed wrongly", Verdict.ELSEWHERE, one.text, elsewhere))
    texts = {sentence.text for sentence in known}
    invented = [text for text in INVENTED if text not in texts]
    while len(invented) < 75:
        text = nonsense(chance, pool)
        invented.append(text)
    invented += [shuffled(chance.choice(pool).text, chance) for _ in range(100 - len(invented))]
    found += [Case("invented", Verdict.NOT_FOUND, text) for text in invented]
    return chance.sample(found, len(found))


def nonsense(chance: random.Random, pool: list[Sentence]) -> str:
    """Return words of the corpus in an order that they do not have."""
    words = [word for sentence in chance.sample(pool, 12) for word in sentence.text.split()]
    return " ".join(chance.sample(words, chance.randint(6, 24)))


def shuffled(text: str, chance: random.Random) -> str:
    words = text.split()
    return " ".join(chance.sample(words, len(words)))


INVENTED = """The army never left Mosul, and its generals knew exactly why they had stayed.
ISIS has been defeated once and for all, the prime minister told a cheering parliament.
Nobody in Baghdad believes that the Americans will come back to finish the war.
We will hold a referendum on independence before the snow melts in the mountains.
The price of oil decided this war long before the first shot was fired in Anbar.
I have seen the burned villages with my own eyes, said the bishop of Nineveh.
Without the Kurdish militias the city would have fallen within a single week.
The caliphate is a bankrupt business run by former officers of the secret police.
Every bomb that falls on Raqqa creates ten more recruits for the cause.
Saudi Arabia offered to pay for the reconstruction of the Sunni provinces.
It was the unions, not the clerics, who brought the people into the streets of Basra.
Iran and the United States found themselves on the same side of the front again.
Russian pilots flew more than nine thousand sorties in the first six months.
The borders drawn by Sykes and Picot were never more than lines on a French map.
A whole generation of Syrian children has grown up without going to school.
Obama knew that the air strikes alone could not win back the lost territory.
The workers of the Baiji refinery kept the plant running under fire for weeks.
There is no military solution to a crisis that poverty and corruption have made.
Turkish lorries crossed the frontier every night with their headlights turned off.
The militias answered only to their commanders, and the commanders to nobody.""".splitlines()


# -- a draft -------------------------------------------------------------------------------------

MARKS = ["“{}”", '"{}"', "«{}»", "„{}“", "‘{}’", "> {}"]


def drafted(made: list[Case]) -> str:
    """Return a draft with a paragraph for each case, between marks that do not stand in it."""
    paragraphs = []
    for case, mark in zip(made, cycle(MARKS), strict=False):
        if mark == "‘{}’" and ("’" in case.text or "'" in case.text):
            mark = "“{}”"
        if mark == "> {}":
            paragraphs.append(
                f"> {case.text}" + (f"\n>\n> — `{case.origin}:3`" if case.origin else "")
            )
        else:
            origin = f" ({case.origin})" if case.origin else ""
            paragraphs.append(f"As they put it: {mark.format(case.text)}{origin}.")
    return "\n\n".join(paragraphs) + "\n"


def index_of(folder: Path, made: int, *, has_rare_words: bool = False) -> Path:
    corpus = folder / "corpus"
    corpus.mkdir()
    for path in SEEDS.glob("*.txt"):
        (corpus / path.name).write_bytes(path.read_bytes())
    for number, text in enumerate(made_articles(made, 1, has_rare_words=has_rare_words)):
        (corpus / f"made{number:05}.txt").write_text(text, encoding="utf-8")
    update(Settings(corpus=corpus, index=folder / "index"))
    return folder / "index"


def measured(*, made: int = 60, seed: int = 2) -> list[tuple[Case, Checked]]:
    """Return every case with what `verify` says of it."""
    with tempfile.TemporaryDirectory() as folder:
        _, reader = current.open_reader(index_of(Path(folder), made))
        with closing(reader):
            wanted = cases(reader, seed)
            found = quotations(drafted(wanted))
            assert len(found) == len(wanted), "the draft gives back what was put into it"
            verifier = Verifier(reader)
            return [(case, verifier.check(one)) for case, one in zip(wanted, found, strict=True)]


def scores(results: list[tuple[Case, Checked]]) -> dict[Verdict, tuple[float, float, int]]:
    """Return precision, recall and number of cases for each verdict."""
    table = {}
    for verdict in Verdict:
        wanted = [checked for case, checked in results if case.expected is verdict]
        said = [case for case, checked in results if checked.verdict is verdict]
        right = sum(checked.verdict is verdict for checked in wanted)
        table[verdict] = (right / max(len(said), 1), right / max(len(wanted), 1), len(wanted))
    return table


def speed(articles: int) -> float:
    """Return how many times one search 50 quotations take, as commands, at their fastest."""
    with tempfile.TemporaryDirectory() as folder:
        index = index_of(Path(folder), articles, has_rare_words=True)
        _, reader = current.open_reader(index)
        wanted = [case for case in cases(reader, seed=3) if case.kind != "attributed wrongly"][:50]
        reader.close()
        draft = Path(folder) / "draft.md"
        draft.write_text(drafted(wanted), encoding="utf-8")
        command = [sys.executable, "-c", "from isisdocs.cli import main; main()"]
        search = seconds([*command, "search", "government bridge", "--index", str(index)])
        verify = seconds([*command, "verify", str(draft), "--index", str(index)])
        say(f"{articles:,} articles: search {search:.3f} s, 50 quotations {verify:.3f} s")
        return verify / search


def seconds(command: list[str]) -> float:
    times = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run(command, check=False, capture_output=True)
        times.append(time.perf_counter() - started)
    return min(times)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--speed", type=int, metavar="ARTICLES")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--wrong", action="store_true", help="Show what was judged wrongly.")
    options = parser.parse_args()
    if options.speed:
        times = speed(options.speed)
        say(f"{times:.1f} times one search (at most {MOST_TIMES_ONE_SEARCH:.0f})")
        return int(times > MOST_TIMES_ONE_SEARCH)
    results = measured(seed=options.seed)
    table = scores(results)
    say("verdict      cases  precision  recall")
    for verdict, (precision, recall, count) in table.items():
        say(f"{verdict.value:<12} {count:>5}  {precision:>9.3f}  {recall:>6.3f}")
    if options.wrong:
        for case, checked in results:
            if case.expected is not checked.verdict:
                say(f"{case.kind}: {checked.verdict.value}: {case.text}")
                for source in checked.sources:
                    say(f"    {source.id}:{source.line}: {source.text}")
    return int(min(min(precision, recall) for precision, recall, _ in table.values()) < FLOOR)


if __name__ == "__main__":
    sys.exit(main())
