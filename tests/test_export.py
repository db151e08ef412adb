"""Exports can be read back, by us or by others, and no passage can break out of its place."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import gris
import pytest
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string

from isisdocs.cli import destination
from isisdocs.errors import OutputError
from isisdocs.model import Article, Metadata, Passage, Span
from isisdocs.output import cells, chart
from isisdocs.output.export import Manner, Provenance, page, records, references
from isisdocs.output.location import Location

HOSTILE = (
    '</p><script>alert("x")</script> & {{ 7 }} =1+1 \\ } @article{x, "q" ‘s’ 100% $5 a_b #1 ~ ^'
)


def made_article(**fields: object) -> Article:
    metadata = Metadata(
        title=f"Title {HOSTILE}",
        authors=("Ada {Okafor}", "Smith and Sons; Ltd"),
        date="2014-06-24",
        issue="2561",
        url="https://example.org/a?b=c&d=%20e",
        outlet="The Paper & Co",
    )
    whole = {
        "id": "deep/a b.txt",
        "metadata": metadata,
        "title_line": 1,
        "paragraphs": (),
        "repairs": (),
        "cuts": (),
        "encoding": "utf-8",
        "sha256": "ab" * 32,
    }
    return Article(**(whole | fields))  # type: ignore[arg-type]  # a test's own fields


def made_passage(text: str = f"Some {HOSTILE}\n\nMore.", *ranges: Span) -> Passage:
    return Passage(text, ranges, 7, 2, 5, 3, 40)


PROVENANCE = Provenance(
    'mosul "a|b" <i>',
    "2026-01-01T00:00:00Z",
    Location(Path("corpus")),
    Manner(since="2014", context=2),
)
FOUND = [
    (made_article(), (made_passage(f"Some {HOSTILE}\n\nMore.", Span(0, 4)), made_passage("Two."))),
    (made_article(id="none.txt"), ()),
    (made_article(id="a b.txt", metadata=Metadata()), (made_passage("Three."),)),
]


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_records_give_the_passages_back(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    write = {".csv": records.write_csv, ".jsonl": records.write_jsonl}[suffix]

    with path.open("w", encoding="utf-8", newline="") as stream:
        count = write(stream, FOUND, PROVENANCE)
    found = records.read(path)

    assert count == 3
    assert [record.passage for record in found] == [p for _, passages in FOUND for p in passages]
    assert found[0] == records.Record(
        passage=FOUND[0][1][0],
        id="deep/a b.txt",
        path=PROVENANCE.location.path(FOUND[0][0]),
        title=f"Title {HOSTILE}",
        authors=("Ada {Okafor}", "Smith and Sons; Ltd"),
        date="2014-06-24",
        source="The Paper & Co",
        sha256="ab" * 32,
        query=PROVENANCE.query,
        run_at=PROVENANCE.run_at,
        manner=PROVENANCE.manner,
    )
    assert (found[2].title, found[2].authors, found[2].date, found[2].source) == (
        "",
        (),
        None,
        None,
    )


writable = st.text(st.characters(exclude_categories=["Cs"]))


@given(
    text=writable,
    authors=st.lists(writable.filter(bool), max_size=3).map(tuple),
    query=writable,
    ranges=st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=3),
)
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_any_passage_comes_back_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory,
    suffix: str,
    text: str,
    authors: tuple[str, ...],
    query: str,
    ranges: list[tuple[int, int]],
) -> None:
    path = tmp_path_factory.mktemp("export") / f"out{suffix}"
    passage = made_passage(text, *(Span(*pair) for pair in ranges))
    article = made_article(metadata=Metadata(title=text, authors=authors))
    provenance = Provenance(query, "now", Location(Path("corpus")))
    write = {".csv": records.write_csv, ".jsonl": records.write_jsonl}[suffix]

    with path.open("w", encoding="utf-8", newline="") as stream:
        write(stream, [(article, (passage,))], provenance)
    (found,) = records.read(path)

    assert (found.passage, found.title, found.authors) == (passage, text, authors)
    assert found.query == query


@given(st.text(min_size=1))
def test_no_cell_begins_like_a_formula(text: str) -> None:
    cell = cells.defused(text)

    assert cell[0] not in "=+-@\t\r\n＝＋－＠"
    assert cells.restored(cell) == text


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", "no json\n"),
        ("a.jsonl", "[1]\n"),
        ("a.jsonl", '{"quote": "x"}\n'),
        ("a.csv", "quote,line\nx,1\n"),
        ("a.csv", 'quote\n"x'),
        ("a.jsonl", "\udcff"),
    ],
)
def test_what_is_no_export_says_so(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8", errors="surrogateescape")

    with pytest.raises(OutputError, match="is not an export"):
        records.read(path)


def test_csv_is_one_table_for_a_spreadsheet() -> None:
    stream = io.StringIO(newline="")

    records.write_csv(stream, [(made_article(), (made_passage("=1+1"),))], PROVENANCE)

    header, row = csv.reader(io.StringIO(stream.getvalue(), newline=""))
    assert tuple(header) == records.COLUMNS
    assert row[0] == "'=1+1"
    assert row[5] == "Ada {Okafor}; Smith and Sons\\; Ltd"


def test_bibtex_is_read_by_pybtex() -> None:
    stream = io.StringIO()

    count = references.write_bibtex(stream, FOUND, PROVENANCE)
    entries = parse_string(stream.getvalue(), "bibtex").entries

    place = PROVENANCE.location.of(FOUND[0][0], 7).replace("_", "\\_")
    assert count == 3
    assert list(entries) == ["a-b", "a-b-2"]
    first = entries["a-b"]
    assert first.type == "article"
    assert [str(person) for person in first.persons["author"]] == [
        "{Ada \\textbraceleft{}Okafor\\textbraceright{}}",
        "{Smith and Sons; Ltd}",
    ]
    assert dict(first.fields) == {
        "title": '{Title </p><script>alert("x")</script> \\& \\textbraceleft{}\\textbraceleft{} 7'
        " \\textbraceright{}\\textbraceright{} =1+1 \\textbackslash{} \\textbraceright{}"
        ' @article\\textbraceleft{}x, "q" ‘s’ 100\\% \\$5 a\\_b \\#1 \\textasciitilde{}'
        " \\textasciicircum{}}",
        "journal": "The Paper \\& Co",
        "number": "2561",
        "year": "2014",
        "month": "06",
        "url": "https://example.org/a?b=c&d=%20e",
        "note": 'Found with mosul "a|b" <i> on 2026-01-01T00:00:00Z',
        "annote": first.fields["annote"],
    }
    assert first.fields["annote"].endswith(f"“Two.” ({place})")
    assert entries["a-b-2"].type == "misc"


# It leaves the file open.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ris_is_read_by_another_reader(tmp_path: Path) -> None:
    path = tmp_path / "out.ris"

    with path.open("w", encoding="utf-8", newline="") as stream:
        count = references.write_ris(stream, FOUND, PROVENANCE)
    found = gris.read_ris(str(path))

    where = [PROVENANCE.location.of(article, 7) for article, _ in FOUND]
    note = 'Found with mosul "a|b" <i> on 2026-01-01T00:00:00Z'
    assert count == 3
    assert [{tag: reference[tag] for tag in reference} for reference in found] == [
        {
            "TY": "MGZN",
            "ID": "a-b",
            "TI": f"Title {HOSTILE}",
            "AU": ["Ada {Okafor}", "Smith and Sons; Ltd"],
            "JO": "The Paper & Co",
            "IS": "2561",
            "PY": "2014",
            "DA": "2014/06/24/",
            "UR": "https://example.org/a?b=c&d=%20e",
            "N1": [f"“Some {HOSTILE} More.” ({where[0]})", f"“Two.” ({where[0]})", note],
        },
        {"TY": "GEN", "ID": "a-b-2", "N1": [f"“Three.” ({where[2]})", note]},
    ]


def test_csl_json_is_read_by_a_citation_processor() -> None:
    stream = io.StringIO()

    count = references.write_csl(stream, FOUND, PROVENANCE)
    items = json.loads(stream.getvalue())
    read = CiteProcJSON(items)

    assert count == 3
    assert list(read) == ["a-b", "a-b-2"]
    assert (read["a-b"].title, read["a-b"].issued.year) == ([f"Title {HOSTILE}"], 2014)
    assert items[0] | {"note": ""} == {
        "id": "a-b",
        "type": "article-magazine",
        "title": f"Title {HOSTILE}",
        "author": [{"literal": "Ada {Okafor}"}, {"literal": "Smith and Sons; Ltd"}],
        "container-title": "The Paper & Co",
        "issue": "2561",
        "issued": {"date-parts": [[2014, 6, 24]]},
        "URL": "https://example.org/a?b=c&d=%20e",
        "note": "",
    }
    assert items[1].keys() == {"id", "type", "note"}


class Reader(HTMLParser):
    """What a browser would make of a page: its elements, their attributes, its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.marked: list[str] = []
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" not in self._open:
            self.text += data
        if self._open and self._open[-1] == "mark":
            self.marked.append(data)


def written_page(found: list[tuple[Article, tuple[Passage, ...]]]) -> tuple[int, Reader]:
    stream = io.StringIO()
    count = page.write(stream, found, PROVENANCE)
    return count, Reader(stream.getvalue())


def test_page_shows_hostile_text_as_it_stands() -> None:
    count, read = written_page(FOUND)

    assert count == 3
    assert read.marked == ["Some"]
    assert f"Some {HOSTILE}\n\nMore." in read.text
    assert f"Title {HOSTILE}" in read.text
    assert 'Passages for mosul "a|b" <i>' in read.text


def test_page_runs_nothing_and_asks_for_nothing() -> None:
    bad = Metadata(title="x", url="javascript:alert(1)")
    worse = Metadata(title="y", url="http://[", outlet="z")

    _, read = written_page(
        [*FOUND, *((made_article(metadata=m), (made_passage(),)) for m in (bad, worse))]
    )

    assert "script" not in {tag for tag, _ in read.tags}
    names = {name for _, attributes in read.tags for name in attributes}
    assert not {name for name in names if name.startswith("on") or name in ("src", "srcset")}
    links = [attributes["href"] for tag, attributes in read.tags if tag == "a"]
    assert [link for link in links if not re.fullmatch(r"#\w+", link or "")] == [
        "https://example.org/a?b=c&d=%20e"
    ]
    policy = [a["content"] for tag, a in read.tags if "http-equiv" in a]
    assert policy[0] is not None
    assert policy[0].startswith("default-src 'none';")


def test_page_has_a_timeline_where_there_is_time() -> None:
    def dated(*dates: str | None) -> Reader:
        found = [
            (made_article(metadata=Metadata(title="x", date=date)), (made_passage("One."),))
            for date in dates
        ]
        return written_page(found)[1]

    def bars(read: Reader) -> int:
        return sum(a.get("class") == "s0" for tag, a in read.tags if tag == "rect")

    assert bars(dated("2014-06-24", "2014-06-25", None)) == 0
    assert bars(dated("2014-06-24", "2014-08", "2014-08-01")) == 2
    assert "1 undated article is not shown" in dated("2014-06", "2014-07", None).text
    assert "Passages by year" in dated("1990-01", "2014-07").text


def test_page_of_nothing_says_so() -> None:
    count, read = written_page([])

    assert count == 0
    assert "Nothing was found." in read.text


def test_chart_that_stands_alone_has_a_legend_and_shades_silence() -> None:
    series = [chart.Series("<a>", (1, 0.5)), chart.Series("b", (0, 250))]

    text = chart.svg(
        ["2014-06", "2014-07"], series, title="T&", silent=(True, False), is_alone=True
    )

    read = Reader(text)
    classes = [a["class"] for tag, a in read.tags if tag == "rect"]
    assert classes == ["paper", "silent", "s0", "s0", "s1", "s0", "s1"]
    assert "T&" in read.text
    assert "2014-06: no article" in read.text
    assert "<a>, 2014-07: 0.5" in read.text
    assert chart.svg([], [], title="empty").count("<rect") == 0


def test_export_to_a_terminal_cannot_drive_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(destination, "is_terminal", lambda: True)

    with destination.opened_output(None) as stream:
        cells.write(stream, ("a",), [("\x1b[31m\u202ered",)])

    assert capsys.readouterr().out == "a\n␛[31m�red\n"
