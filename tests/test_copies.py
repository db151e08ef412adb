"""Near-copies of an article are one hit, and every article is still found."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from isisdocs import search
from isisdocs.engine.base import Engine, Order
from isisdocs.engine.tantivy.store import TantivyEngine
from isisdocs.engine.whoosh import WhooshEngine
from isisdocs.search import Page, Query, run
from tests import sessions

from .test_engine import made_article
from .test_evidence import FURNITURE, page, prose
from .test_main import workplace

__all__ = ["workplace"]

SENTENCE = "The owls of Zemgale were seen from the tower."


def story(seed: int, cut: int = 30) -> list[str]:
    return [SENTENCE, *prose(seed)[:cut]]


@pytest.fixture
def owls(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with an index: three reprints, two of another article, two single ones."""
    folder = workplace / "owls"
    folder.mkdir()
    (folder / "a.txt").write_text(page("An owl in the mill", story(1)))
    (folder / "b.txt").write_text(page("A tower with owls", story(1, 26)))
    (folder / "c.txt").write_text(page("Owls and a tower", story(1, 24)))
    (folder / "d.txt").write_text(page("Birds of winter", story(2)))
    (folder / "e.txt").write_text(page("Winter and its birds", story(2, 28)))
    (folder / "f.txt").write_text(page("A third story", story(3)))
    (folder / "g.txt").write_text(page("A fourth story", story(4)))
    monkeypatch.setenv("ISISDOCS_CORPUS", "owls")
    assert sessions.execute("isisdocs index -q", monkeypatch).code == 0
    return folder


def ids(outcome: sessions.Outcome) -> list[tuple[str, list[str]]]:
    return [(hit["id"], hit["near_copies"]) for hit in json.loads(outcome.stdout)["hits"]]


@pytest.mark.usefixtures("owls")
def test_hit_says_how_many_near_copies_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = sessions.execute("isisdocs search zemgale --sort path -m 2", monkeypatch)

    assert outcome == sessions.Outcome(
        "1  An owl in the mill\n"
        "   +2 near-copies\n"
        "   owls/a.txt:5\n"
        f"     {SENTENCE}\n"
        "\n"
        "2  Birds of winter\n"
        "   +1 near-copy\n"
        "   owls/d.txt:5\n"
        f"     {SENTENCE}\n",
        "isisdocs: 1–2 of 4 articles and 3 near-copies; `--offset 2` shows more\n",
        0,
    )


@pytest.mark.usefixtures("owls")
def test_near_copies_are_data(monkeypatch: pytest.MonkeyPatch) -> None:
    collapsed = sessions.execute("isisdocs search zemgale --sort path --json", monkeypatch)
    every = sessions.execute(
        "isisdocs search zemgale --sort path --json --no-collapse", monkeypatch
    )
    table = sessions.execute("isisdocs search zemgale --sort path --format csv -m1", monkeypatch)

    assert ids(collapsed) == [
        ("a.txt", ["b.txt", "c.txt"]),
        ("d.txt", ["e.txt"]),
        ("f.txt", []),
        ("g.txt", []),
    ]
    assert ids(every) == [(f"{name}.txt", []) for name in "abcdefg"]
    assert json.loads(collapsed.stdout)["total"] == json.loads(every.stdout)["total"] == 7
    assert table.stdout.splitlines()[1].endswith(f"{SENTENCE},b.txt; c.txt")


@pytest.mark.usefixtures("owls")
@pytest.mark.parametrize("order", ["relevance", "newest", "path", "title"])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_have_every_article_once(
    order: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = f"isisdocs search zemgale --sort {order} --json"
    whole = ids(sessions.execute(command, monkeypatch))

    pages = [
        ids(sessions.execute(f"{command} -m {size} --offset {offset}", monkeypatch))
        for offset in range(0, 6, size)
    ]

    assert [hit for page in pages for hit in page] == whole
    assert sorted(id_ for hit, copies in whole for id_ in (hit, *copies)) == [
        f"{name}.txt" for name in "abcdefg"
    ]


@pytest.mark.usefixtures("owls")
def test_only_near_copies_that_are_found_count(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = sessions.execute("isisdocs search 'zemgale title:tower' --json", monkeypatch)

    (hit,) = ids(outcome)
    assert sorted([hit[0], *hit[1]]) == ["b.txt", "c.txt"]


@pytest.mark.usefixtures("owls")
def test_counts_and_lists_are_of_all_articles(monkeypatch: pytest.MonkeyPatch) -> None:
    count = sessions.execute("isisdocs search zemgale -c", monkeypatch)
    files = sessions.execute("isisdocs search zemgale -l --sort path", monkeypatch)
    hits = sessions.execute("isisdocs search zemgale --hits --sort path", monkeypatch)

    assert count.stdout == "7\n"
    assert files.stdout == "".join(f"owls/{name}.txt\n" for name in "abcdefg")
    assert hits.stdout == "".join(f"owls/{name}.txt:5: {SENTENCE}\n" for name in "abcdefg")


@pytest.mark.usefixtures("owls")
def test_page_after_the_last_hit_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = sessions.execute("isisdocs search zemgale --offset 5", monkeypatch)

    assert outcome == sessions.Outcome(
        "", "isisdocs: 4 articles and 3 near-copies, none after the first 5\n", 0
    )


def test_removed_article_leaves_its_group(owls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (owls / "b.txt").unlink()
    (owls / "e.txt").unlink()

    outcome = sessions.execute("isisdocs search zemgale --sort path --json", monkeypatch)

    assert ids(outcome) == [("a.txt", ["c.txt"]), ("d.txt", []), ("f.txt", []), ("g.txt", [])]


def test_new_article_joins_its_group_at_once(owls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (owls / "h.txt").write_text(page("Owls again", story(1, 28)))
    (owls / "g.txt").write_text(page("Owls for the fifth time", story(1, 27)))
    (owls / "i.txt").write_text(page("A fifth story", story(3)))

    outcome = sessions.execute("isisdocs search zemgale --sort path --json", monkeypatch)

    assert ids(outcome) == [
        ("a.txt", ["b.txt", "c.txt", "g.txt", "h.txt"]),
        ("d.txt", ["e.txt"]),
        ("f.txt", ["i.txt"]),
    ]


def test_clean_uses_what_the_corpus_knows(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = workplace / "owls"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text(page("The harbour in winter", prose(number)))
    body = "\n\n".join(["The harbour in winter", *prose(0)]) + "\n"

    alone = sessions.execute("isisdocs clean owls/0.txt", monkeypatch)
    together = sessions.execute("isisdocs clean owls/0.txt owls/1.txt owls/2.txt", monkeypatch)
    among = sessions.execute("isisdocs clean owls/0.txt --corpus owls", monkeypatch)
    elsewhere = sessions.execute("isisdocs clean owls/0.txt --corpus seeds", monkeypatch)

    assert FURNITURE in alone.stdout
    assert together.stdout.split("\f\n")[0] == body
    assert among.stdout == body
    assert among.stderr == "isisdocs: no index in index yet: building it\n"
    assert elsewhere.code == 2
    assert elsewhere.stderr.startswith(f"isisdocs: the index in index is of {folder}, not of")


@pytest.mark.parametrize("spare", [0, 1, 40])
@pytest.mark.parametrize("make_engine", [WhooshEngine, TantivyEngine])
@pytest.mark.parametrize("order", [Order.RELEVANCE, Order.NEWEST, Order.PATH])
def test_a_page_is_a_part_of_the_whole(
    order: Order,
    make_engine: Callable[[Path], Engine],
    spare: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search, "SPARE", spare)
    made = [
        made_article(
            f"{number * 7 % 30:02}.txt",
            "Rivers" if number % 9 else "Hills",
            f"The river{' rose' * (number % 5)} in June{' and in July' * (number % 4)}.",
            date=f"20{number % 3 + 10}",
        )
        for number in range(30)
    ]
    # Of twelve articles three groups, in each one that has no `rose`, and so is not found.
    groups = [tuple(article.id for article in made[start:12:3]) for start in range(3)]
    copies = {id_: group for group in groups for id_ in group}
    engine = make_engine(tmp_path)
    state = engine.commit(None, engine.prepare(made), removed=(), generation=1)
    query = Query("rose")
    with closing(engine.open(state)) as reader:
        whole = run(reader, query, Page(order=order, limit=None), copies=copies)

        parts = {
            (offset, limit): run(
                reader, query, Page(order=order, offset=offset, limit=limit), copies=copies
            )
            for offset in (0, 1, 5, 16, 40)
            for limit in (0, 1, 3, 10)
        }

    assert (whole.total, whole.collapsed, len(whole.hits)) == (24, 6, 18)
    assert {part.listed for part in parts.values()} == {18}
    assert {place: part.hits for place, part in parts.items()} == {
        (first, most): whole.hits[first : first + most] for first, most in parts
    }
