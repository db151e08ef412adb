"""What a corpus knows about itself mends and cleans each of its articles."""

from __future__ import annotations

import json
import pickle
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as settings_
from hypothesis import strategies as st

from isisdocs.errors import DamagedIndexError, IndexStoreError
from isisdocs.index import build, copies, current
from isisdocs.index import evidence as stored
from isisdocs.index.current import Current
from isisdocs.index.update import update
from isisdocs.load import corpus
from isisdocs.load.evidence import Evidence, collect, merge
from isisdocs.load.folder import scan
from isisdocs.load.lexicon import Lexicon
from isisdocs.load.recurring import digest
from isisdocs.model import Article
from isisdocs.settings import LoadSettings, Settings

from .conftest import SEEDS

FURNITURE = "Bulletin of the reading circle"
DAMAGED = (
    "Letters to Zem?lov\n\nThe writer didn?t stay in Zem?lov, but the people of Zem?lov did.\n"
)


def prose(seed: int, sentences: int = 30) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    return [
        "The " + " ".join(f"word{chance.randrange(3000)}" for _ in range(12)) + "."
        for _ in range(sentences)
    ]


def state(settings: Settings) -> Current:
    """Return the state its index is in."""
    made = current.read(settings.index)
    assert made is not None
    return made


def page(title: str, lines: list[str]) -> str:
    return "\n\n".join([FURNITURE, title, *lines]) + "\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a corpus: two reprints of one article, two other articles, one that is damaged."""
    made = tmp_path / "corpus"
    made.mkdir()
    (made / "a.txt").write_text(page("An owl in the mill", prose(1)))
    (made / "b.txt").write_text(page("Owls of the mill", prose(1)[:24]))
    (made / "c.txt").write_text(page("The harbour in winter", prose(2)))
    (made / "d.txt").write_text(page("Bread from Zemølov", prose(3)))
    (made / "e.txt").write_text(DAMAGED)
    (made / "f.pdf").write_text("no article")
    (made / "g.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0" * 20)
    return made


def paths(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def load(folder: Path, path: str, evidence: Evidence | None) -> Article:
    (article,) = corpus.load(folder, path, LoadSettings(), evidence)
    assert isinstance(article, Article)
    return article


def test_near_copies_count_once_and_damaged_texts_lend_no_words(folder: Path) -> None:
    evidence = merge([collect(folder, paths(folder), LoadSettings())])

    assert evidence.copies == (("a.txt", "b.txt"),)
    assert evidence.recurring.documents == 4
    assert dict(evidence.recurring.counts) == {digest(FURNITURE): 3}
    assert evidence.lexicon.to_json() == {"Zemølov": 1}


def test_parts_merge_in_any_order(folder: Path) -> None:
    parts = [collect(folder, [path], LoadSettings()) for path in paths(folder)]

    whole = merge([collect(folder, paths(folder), LoadSettings())])

    assert merge(parts) == merge(reversed(parts)) == whole
    assert merge(parts).to_json() == merge(reversed(parts)).to_json() == whole.to_json()


def test_evidence_survives_json_and_pickle(folder: Path) -> None:
    evidence = merge([collect(folder, paths(folder), LoadSettings())])

    assert Evidence.from_json(evidence.to_json()) == evidence
    assert pickle.loads(pickle.dumps(evidence)) == evidence  # noqa: S301  # our own


def test_no_evidence_is_empty() -> None:
    assert merge([]) == Evidence()
    assert Evidence.from_json(Evidence().to_json()) == Evidence()


def test_texts_with_the_same_lines_count_once(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(f"A notice\n\nNumber {number} is closed.\n")

    evidence = merge([collect(tmp_path, paths(tmp_path), LoadSettings())])

    assert evidence == Evidence(evidence.recurring)
    assert (evidence.recurring.documents, dict(evidence.recurring.counts)) == (1, {})


def test_records_are_documents_of_their_own(tmp_path: Path) -> None:
    lines = [json.dumps({"text": page(f"Title {n}", prose(n))}) for n in range(3)]
    (tmp_path / "all.jsonl").write_text("\n".join([*lines, "nonsense", '{"text": 3}', ""]))

    part = collect(tmp_path, ["all.jsonl"], LoadSettings())

    assert [document.id for document in part.documents] == [
        "all.jsonl#1",
        "all.jsonl#2",
        "all.jsonl#3",
    ]
    assert merge([part]).recurring.count(FURNITURE) == 3


def test_word_seen_whole_elsewhere_is_restored(folder: Path) -> None:
    evidence = Evidence(lexicon=Lexicon.collect(["Zemølov"]))

    alone = load(folder, "e.txt", None)
    among = load(folder, "e.txt", evidence)

    assert "Zemølov" not in alone.paragraphs[0].text
    assert among.metadata.title == "Letters to Zemølov"
    assert [p.text for p in among.paragraphs] == [
        "The writer didn’t stay in Zemølov, but the people of Zemølov did."
    ]


def test_recurring_line_is_cut(folder: Path) -> None:
    evidence = merge([collect(folder, paths(folder), LoadSettings())])

    article = load(folder, "c.txt", evidence)

    assert [cut.text for cut in article.cuts] == [FURNITURE]
    assert article.metadata.title == "The harbour in winter"
    assert [p.text for p in article.paragraphs] == prose(2)


def test_title_is_not_the_line_that_every_page_starts_with(tmp_path: Path) -> None:
    for number, title in enumerate(["Owls seen", "Bread for all", "The harbour in winter"]):
        (tmp_path / f"{number}.txt").write_text(page(title, prose(number)))
    evidence = merge([collect(tmp_path, paths(tmp_path), LoadSettings())])

    alone = load(tmp_path, "0.txt", None)
    among = load(tmp_path, "0.txt", evidence)

    assert alone.metadata.title == FURNITURE
    assert among.metadata.title == "Owls seen"
    assert [cut.text for cut in among.cuts] == [FURNITURE]


def test_title_that_recurs_stays(tmp_path: Path) -> None:
    for number in range(6):
        text = "\n\n".join(["A week in the world", *prose(number)]) + "\n"
        (tmp_path / f"{number}.txt").write_text(text)
    evidence = merge([collect(tmp_path, paths(tmp_path), LoadSettings())])

    articles = [load(tmp_path, path, evidence) for path in paths(tmp_path)]

    assert evidence.recurring.count("A week in the world") == 6
    assert {article.metadata.title for article in articles} == {"A week in the world"}
    assert {article.cuts for article in articles} == {()}


def test_the_seeds_come_out_as_each_does_alone() -> None:
    evidence = merge([collect(SEEDS, paths(SEEDS), LoadSettings())])

    together = [load(SEEDS, path, evidence) for path in paths(SEEDS)]

    assert together == [load(SEEDS, path, None) for path in paths(SEEDS)]
    assert evidence.copies == ()


def test_index_uses_and_keeps_the_evidence_of_its_last_rebuild(
    folder: Path, tmp_path: Path
) -> None:
    settings = Settings(folder, tmp_path / "index")

    update(settings)
    first = stored.read(settings.index, state(settings))
    (folder / "e.txt").write_text(DAMAGED.replace("writer", "baker"))
    (folder / "h.txt").write_text(page("Owls once more", prose(1)))
    update(settings)
    (folder / "b.txt").unlink()
    update(settings)
    _, reader = current.open_reader(settings.index)
    (article,) = reader.articles(["e.txt"])
    reader.close()

    assert first.copies == (("a.txt", "b.txt"),)
    assert article.paragraphs[0].text.startswith("The baker didn’t stay in Zemølov")
    group = ("a.txt", "h.txt")
    assert stored.read(settings.index, state(settings)) == first.with_copies([group])
    assert copies.read_copies(settings.index, state(settings)) == dict.fromkeys(group, group)
    records = [f"{name}-*" for name in ("copies", "evidence", "sketches")]
    assert [path.name for one in records for path in settings.index.glob(one)] == [
        "copies-3.json",
        "evidence-3.json",
        "sketches-3",
    ]


def test_renamed_article_stays_among_its_near_copies(folder: Path, tmp_path: Path) -> None:
    settings = Settings(folder, tmp_path / "index")
    update(settings)
    (folder / "a.txt").rename(folder / "z.txt")

    update(settings)

    group = ("b.txt", "z.txt")
    assert copies.read_copies(settings.index, state(settings)) == dict.fromkeys(group, group)


def test_rebuild_collects_anew(folder: Path, tmp_path: Path) -> None:
    settings = Settings(folder, tmp_path / "index")
    update(settings)
    (folder / "h.txt").write_text(page("Owls once more", prose(1)))
    (folder / "i.txt").write_text(page("No owls", prose(9)))

    update(settings)
    kept = stored.read(settings.index, state(settings))
    update(settings, rebuild=True)

    collected = stored.read(settings.index, state(settings))
    assert kept.recurring.documents < collected.recurring.documents
    assert kept.copies == collected.copies == (("a.txt", "b.txt", "h.txt"),)


FOLDERS = st.dictionaries(
    st.sampled_from(["a.txt", "b.txt", "c.txt", "d.txt", "e.jsonl"]),
    st.tuples(st.integers(1, 2), st.integers(20, 30)),
)


@settings_(deadline=None, max_examples=12)
@given(st.lists(FOLDERS.filter(bool), min_size=2, max_size=4), st.booleans())
def test_groups_after_updates_are_those_of_a_build_from_scratch(states, with_rename) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder, index = Path(place, "corpus"), Path(place, "index")
        folder.mkdir()
        for state in states:
            for path in folder.iterdir():
                if path.name not in state:
                    path.unlink()
            for name, (seed, length) in state.items():
                text = page(f"{name} {seed}", prose(seed)[:length])
                records = (json.dumps({"text": text}), "", json.dumps({"text": text + text}))
                content = "\n".join(records) if name.endswith("l") else text
                (folder / name).write_text(content)
            update(Settings(folder, index))
        if with_rename:
            for path in list(folder.iterdir()):
                path.rename(path.with_stem(f"{path.stem}-renamed"))
            update(Settings(folder, index))
        update(Settings(folder, Path(place, "fresh")))

        after, scratch = current.read(index), current.read(Path(place, "fresh"))

        assert after is not None and scratch is not None
        assert copies.read_copies(index, after) == copies.read_copies(Path(place, "fresh"), scratch)
        assert copies.read_sketches(index, after) == copies.read_sketches(
            Path(place, "fresh"), scratch
        )


def test_several_processes_collect_the_same_as_one(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(folder, tmp_path / "index")
    update(settings)
    alone = stored.read(settings.index, state(settings))
    monkeypatch.setattr(build, "PARALLEL_BYTES", 0)
    monkeypatch.setattr(stored, "BATCH_BYTES", 1)

    update(settings, rebuild=True, jobs=2)

    assert stored.read(settings.index, state(settings)) == alone


def test_failure_in_a_process_stops_the_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "BATCH_BYTES", 1)
    settings = LoadSettings(max_file_size=None)  # type: ignore[arg-type]  # wrong on purpose

    with pytest.raises(TypeError):
        stored.collect(folder, scan(folder).files(), settings, jobs=2)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"recurring": 3}', '{"lexicon": [1]}', None])
def test_damaged_evidence_says_how_to_build_it_anew(
    content: str | None, folder: Path, tmp_path: Path
) -> None:
    settings = Settings(folder, tmp_path / "index")
    update(settings)
    path = settings.index / "evidence-1.json"
    if content is None:
        path.unlink()
    else:
        path.write_text(content)
    (folder / "h.txt").write_text(page("Owls once more", prose(1)))

    with pytest.raises(IndexStoreError, match="damaged") as raised:
        update(settings)

    assert raised.value.hint == "build it anew: `isisdocs index --rebuild`"


def test_record_of_copies_is_needed_but_for_a_state_that_is_past(
    folder: Path, tmp_path: Path
) -> None:
    settings = Settings(folder, tmp_path / "index")
    update(settings)
    first = state(settings)
    update(settings, rebuild=True)
    second = state(settings)

    assert copies.read_copies(settings.index, first) == {}
    (settings.index / "copies-2.json").write_text("[]")
    with pytest.raises(DamagedIndexError, match=r"copies-2\.json is not as it was written"):
        copies.read_copies(settings.index, second)
    (settings.index / "copies-2.json").unlink()
    with pytest.raises(DamagedIndexError, match=r"copies-2\.json is missing"):
        copies.read_copies(settings.index, second)
