"""An export can be asked again, and many queries at once."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isisdocs.explore.replay import Change, Fate, Quoted, changes
from isisdocs.model import Passage, Span

from . import sessions
from .test_main import workplace

__all__ = ["workplace"]


def quoted(text: str, line: int = 3, *ranges: Span, id_: str = "a.txt") -> Quoted:
    return Quoted(id_, Passage(text, ranges, line, 0, 0, 0, len(text)))


def test_every_passage_has_its_fate() -> None:
    same, moved = quoted("Nothing has changed."), quoted("It went down.", 5)
    matched, edited = quoted("Other matches.", 7, Span(0, 5)), quoted("The city fell in June.", 9)
    gone = quoted("It was taken out.", 11)
    before = [gone, same, moved, matched, edited, quoted("x y z", id_="b.txt")]
    after = [
        same,
        quoted("It went down.", 6),
        quoted("Other matches.", 7, Span(6, 13)),
        quoted("The town fell in June.", 9),
        quoted("All is new here.", 20),
        quoted("x y z", id_="c.txt"),
    ]

    found = changes(before, after)

    assert found == [
        Change(Fate.SAME, "a.txt", same.passage, same.passage),
        Change(Fate.MOVED, "a.txt", moved.passage, after[1].passage),
        Change(Fate.CHANGED, "a.txt", matched.passage, after[2].passage),
        Change(Fate.CHANGED, "a.txt", edited.passage, after[3].passage),
        Change(Fate.NEW, "a.txt", None, after[4].passage),
        Change(Fate.NEW, "c.txt", None, after[5].passage),
        Change(Fate.GONE, "a.txt", gone.passage, None),
        Change(Fate.GONE, "b.txt", before[5].passage, None),
    ]


passages = st.lists(
    st.builds(quoted, st.sampled_from(["a b c", "a b d", "e f"]), st.integers(1, 3))
)


@given(passages, passages)
def test_no_passage_is_lost_or_counted_twice(before: list[Quoted], after: list[Quoted]) -> None:
    found = changes(before, after)

    assert [one.after for one in found if one.after] == [one.passage for one in after]
    assert sorted(map(str, (one.before for one in found if one.before))) == sorted(
        str(one.passage) for one in before
    )


@given(passages)
def test_what_has_not_changed_is_the_same(before: list[Quoted]) -> None:
    assert {one.fate for one in changes(before, before)} <= {Fate.SAME}


def run(command: str, monkeypatch: pytest.MonkeyPatch) -> sessions.Outcome:
    return sessions.execute(f"SOURCE_DATE_EPOCH=1700000000 isisdocs {command}", monkeypatch)


@pytest.mark.parametrize("name", ["then.jsonl", "then.csv"])
def test_replay_says_what_has_changed(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    corpus = workplace / "seeds"
    run(f"export 'tartus OR palmyra' --until 2016 --any -C1 -o {name}", monkeypatch)
    unchanged = run(f"replay {name}", monkeypatch)
    everything = run(f"replay {name} --all --json", monkeypatch)
    path = corpus / "001_4f3644e8517436fa.txt"
    path.write_text(path.read_text().replace("crucial gas fields", "vital gas fields"))

    changed = run(f"replay {name} --format csv", monkeypatch)

    assert (unchanged.stdout, unchanged.code) == ("", 0)
    assert unchanged.stderr.startswith("isisdocs: since 2023-11-14T22:13:20Z: ")
    assert unchanged.stderr.endswith(" same\n")
    assert {row["fate"] for row in json.loads(everything.stdout)["passages"]} == {"same"}
    (row,) = csv.DictReader(io.StringIO(changed.stdout))
    assert row == {
        "fate": "changed",
        "path": "seeds/001_4f3644e8517436fa.txt",
        "line": "9",
        "text": row["text"],
        "line_before": "9",
        "text_before": row["text"].replace("vital gas fields", "crucial gas fields"),
    }
    assert "vital gas fields" in row["text"]
    assert changed.code == 1


def test_replay_asks_by_loose_dates_as_the_export_did(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The article is known as 2015-05.
    run("export palmyra --since 2015-05-10 --until 2015-05-20 --loose-dates -o p.csv", monkeypatch)

    same = run("replay p.csv", monkeypatch)

    assert (workplace / "p.csv").read_text(encoding="utf-8").count("001_4f3644e8517436fa.txt,") > 1
    assert (same.stdout, same.code) == ("", 0)


def test_replay_of_what_holds_no_query_says_so(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workplace / "empty.jsonl").write_text("")

    empty = run("replay empty.jsonl", monkeypatch)
    missing = run("replay missing.jsonl", monkeypatch)

    assert str(empty) == "2> isisdocs: empty.jsonl has no passage in it, and so no query\n[2]\n"
    assert str(missing) == "2> isisdocs: missing.jsonl: No such file or directory\n[2]\n"


QUERIES = "\ufeffname,query\nTown,tartus\n=evil,-x zeppelin\n,palmyra AND tartus\nshort\n"


def test_batch_counts_every_query_in_every_article(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workplace / "q.csv").write_text(QUERIES, encoding="utf-8")
    run("index -q", monkeypatch)

    table = run("batch q.csv", monkeypatch)
    matrix = run("batch q.csv --matrix --format text", monkeypatch)

    assert str(table) == (
        "name,query,path,id,title,date,matches,snippet,line\n"
        "Town,tartus,seeds/003_9ac2e0fc0982371c.txt,003_9ac2e0fc0982371c.txt,"
        "Mission accomplished? Iraq’s heard that before,,1,Meanwhile Russia is backing the Assad"
        " regime partly because it gives it access to strategic assets such as the port of Tartus"
        " in the Mediterranean.,58\n"
        "'=evil,'-x zeppelin,,,,,0,,\n"
        "palmyra AND tartus,palmyra AND tartus,,,,,0,,\n"
    )
    assert str(matrix) == "seeds/003_9ac2e0fc0982371c.txt\t1\t0\t0\n"


@pytest.mark.usefixtures("workplace")
def test_batch_takes_one_query_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    run("index -q", monkeypatch)

    found = sessions.execute(
        "isisdocs batch - --matrix", monkeypatch, stdin=b'tartus\n\n"""islamic state"""\n'
    )
    nothing = sessions.execute("isisdocs batch -", monkeypatch, stdin=b"zeppelin\n")
    empty = sessions.execute("isisdocs batch -", monkeypatch, stdin=b"\n")
    missing = run("batch nowhere.csv", monkeypatch)

    assert found.stdout.splitlines()[0] == 'path,tartus,"""islamic state"""'
    assert len(found.stdout.splitlines()) == 6
    assert nothing.code == 1
    assert str(empty) == "2> isisdocs: there is no query in -\n[2]\n"
    assert str(missing) == "2> isisdocs: cannot read nowhere.csv: No such file or directory\n[2]\n"
