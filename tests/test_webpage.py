"""Web pages with their tags load as texts do: the same fields, records and lines of the file."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isisdocs.cli import run
from isisdocs.load import corpus, evidence, webpage
from isisdocs.model import Article, Cut, Metadata, Paragraph, Repair, Skipped
from isisdocs.settings import LoadSettings

pytest.importorskip("trafilatura")

PAGE = """\
<!DOCTYPE html>
<html><head><title>Bridge reopens | Harbour Herald</title>
<meta property="article:published_time" content="2015-05-03T10:00:00Z">
<meta property="og:site_name" content="Harbour Herald">
<meta name="author" content="Ada Lovelace">
<link rel="canonical" href="https://www.example.org/news/bridge">
<style>p { color: red }</style>
</head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>
<article>
<h1>Bridge reopens</h1>
<p class="byline">By Ada Lovelace and <a href="/bob">Bob Kahn</a></p>
<p>The old bridge over the <em>harbour</em> reopened on
Sunday after three years of repairs, the town&rsquo;s council said. It
<!-- a comment
of two lines --> had been closed since a ship ran into one of its piers. The mayor
didn?t come, and the town?s council wouldn?t say why.</p>
<h2>What it cost</h2>
<p>The repairs cost &pound;3m.<br>Nobody was hurt, and nobody was asked to pay for them.</p>
<ul><li>The first ship is to pass it on Monday</li><li>The second will on Friday</li></ul>
<table><tr><th>1999</th><td>Built</td></tr>
<tr><th>2003</th><td>Closed to all traffic</td></tr></table>
</article>
<footer><p>&copy; 2019 Harbour Herald. All rights reserved.</p>
<script>
let x = "<p>No text";
</script></footer>
</body></html>
"""


def loaded(html: str | bytes, decided: LoadSettings | None = None) -> Article:
    data = html.encode() if isinstance(html, str) else html
    return corpus.article("news/bridge.html", data, decided or LoadSettings())


def test_a_page_is_an_article_with_all_its_fields():
    article = loaded(PAGE)

    assert article.metadata == Metadata(
        title="Bridge reopens",
        authors=("Ada Lovelace", "Bob Kahn"),
        date="2015-05-03",
        url="https://www.example.org/news/bridge",
        outlet="Harbour Herald",
    )
    assert article.title_line == 11
    assert article.paragraphs == (
        Paragraph(
            13,
            "The old bridge over the harbour reopened on Sunday after three years of repairs, the"
            " town’s council said. It had been closed since a ship ran into one of its piers. The"
            " mayor didn’t come, and the town’s council wouldn’t say why.",
            ((44, 14), (109, 16), (175, 17)),
        ),
        Paragraph(18, "What it cost"),
        Paragraph(19, "The repairs cost £3m."),
        Paragraph(19, "Nobody was hurt, and nobody was asked to pay for them."),
        Paragraph(20, "The first ship is to pass it on Monday"),
        Paragraph(20, "The second will on Friday"),
        Paragraph(21, "1999 Built"),
        Paragraph(22, "2003 Closed to all traffic"),
    )
    assert article.cuts == (
        Cut(9, "Home", "web-page"),
        Cut(9, "News", "web-page"),
        Cut(24, "© 2019 Harbour Herald. All rights reserved.", "web-page"),
    )


def test_repairs_count_in_what_stands_on_a_line_of_the_file():
    article = loaded(PAGE)
    lines = corpus.decoded_lines("news/bridge.html", PAGE.encode(), LoadSettings())

    found = [
        (repair.line, repair.column, repair.before, repair.after) for repair in article.repairs
    ]

    assert found == [(17, 5, "?", "’"), (17, 26, "?", "’"), (17, 43, "?", "’")]
    assert lines[16] == "didn?t come, and the town?s council wouldn?t say why."
    assert lines[18].split("\n") == [
        "The repairs cost £3m.",
        "Nobody was hurt, and nobody was asked to pay for them.",
    ]


def test_all_text_of_a_page_can_be_searched_as_it_came():
    units = [unit.text for unit in loaded(PAGE).raw]

    assert units[0] == "Bridge reopens | Harbour Herald"
    assert any("didn?t come" in unit for unit in units)
    assert units[-1] == "© 2019 Harbour Herald. All rights reserved."
    assert not any("color" in unit or "No text" in unit or "comment" in unit for unit in units)


LINKED_DATA = '<script type="application/ld+json">%s</script>'


@pytest.mark.parametrize(
    ("tags", "date"),
    [
        (
            '<meta property="article:published_time" content="2015-05-03T23:59:00-04:00">',
            "2015-05-03",
        ),
        ('<meta name="date" content="2015-05">', "2015-05"),
        ('<meta itemprop="datePublished" content="2015">', "2015"),
        ('<meta name="pubdate" content="3 May 2015">', "2015-05-03"),
        ('<meta name="dc.date" content="soon">', None),
        ('<meta property="article:modified_time" content="2016-01-01">', None),
        (
            LINKED_DATA
            % '{"@graph": [{"dateModified": "2016"}, {"datePublished": "2015-05-03T1"}]}',
            "2015-05-03",
        ),
        (LINKED_DATA % '{"datePublished": ', None),
        ('<time datetime="2015-05-03" pubdate>3 May</time>', "2015-05-03"),
        ('<time datetime="2015-05-03">3 May</time>', None),
        ("<p>May 2015</p>", "2015-05"),  # as the text says it
        ("", None),
    ],
)
def test_a_date_is_as_precise_as_the_page_says_it(tags, date):
    start = PAGE.index("<p>The old")
    html = f"<html><head></head><body><h1>Bridge reopens</h1>{tags}{PAGE[start:]}"

    assert loaded(html).metadata.date == date


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Bridge reopens | Harbour Herald", "Bridge reopens"),
        ("Bridge reopens - Harbour Herald", "Bridge reopens"),
        ("Harbour Herald", "Harbour Herald"),
        ("A day at the Harbour Herald", "A day at the Harbour Herald"),
    ],
)
def test_the_site_is_no_part_of_the_title(title, expected):
    html = PAGE.replace("<h1>Bridge reopens</h1>", "").replace(
        "<title>Bridge reopens | Harbour Herald</title>", f"<title>{title}</title>"
    )

    assert loaded(html).metadata.title == expected


def test_a_page_without_an_article_is_read_as_text():
    article = loaded("<p>One short line.</p>")

    assert [paragraph.text for paragraph in article.paragraphs] == ["One short line."]
    assert loaded("<html></html>").paragraphs == ()


def test_the_users_patterns_have_the_last_word():
    decided = LoadSettings(keep=("^© 2019",), drop=("ship is to pass",))

    article = loaded(PAGE, decided)

    assert article.paragraphs[-1] == Paragraph(24, "© 2019 Harbour Herald. All rights reserved.")
    assert Cut(20, "The first ship is to pass it on Monday", "drop") in article.cuts
    whole = loaded(PAGE, LoadSettings(strip=False))
    assert whole.cuts == ()
    assert {"Home", "What it cost"} <= {paragraph.text for paragraph in whole.paragraphs}


def test_mojibake_and_declared_charsets_are_read():
    broken = PAGE.replace("town&rsquo;s", "townâ€™s").replace("Sunday", "Sunday, caf\u00e9")

    article = loaded(broken)

    assert "town’s council" in article.paragraphs[0].text
    assert Repair(14, 52, "â€™", "’", "mojibake", 0.99) in article.repairs
    charset = '<meta charset="iso-8859-2">'
    data = PAGE.replace("<head>", f"<head>{charset}").replace("Ada", "Tomáš").encode("iso-8859-2")
    assert loaded(data).metadata.authors[0] == "Tomáš Lovelace"


def test_a_page_is_evidence_by_its_text(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)

    part = evidence.collect(tmp_path, ["a.html"], LoadSettings())

    assert part.documents[0].id == "a.html"
    assert part.documents[0].sketch.size > 40


def test_without_the_extra_a_page_is_skipped_with_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webpage, "can_read", lambda: False)
    (tmp_path / "a.htm").write_text(PAGE)

    assert corpus.load(tmp_path, "a.htm", LoadSettings()) == [
        Skipped("a.htm", "a web page: reading it takes `pip install 'isisdocs[html]'`")
    ]


def test_stdin_may_be_a_page() -> None:
    command = [sys.executable, "-m", "isisdocs", "clean", "--json"]

    done = subprocess.run(command, input=PAGE.encode(), capture_output=True, check=True)

    assert json.loads(done.stdout)["paragraphs"][1] == {"line": 18, "text": "What it cost"}
    plain = subprocess.run(command, input=b"1 < 2, html\n", capture_output=True, check=True)
    assert json.loads(plain.stdout)["text"] == "1 < 2, html"


def test_a_text_is_read_without_importing_what_reads_pages():
    script = (
        "import sys; from isisdocs.load import corpus; from isisdocs.settings import LoadSettings;"
        "corpus.article('a.txt', b'One line.', LoadSettings());"
        "print(*{'trafilatura', 'lxml'} & {*sys.modules})"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout == "\n"


def test_pages_are_searched_and_shown_like_other_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "bridge.html").write_text(PAGE)
    monkeypatch.chdir(tmp_path)

    codes = [
        run(["search", "in:cuts reserved", "-l"]),
        run(["search", "raw:didn?t", "--hits"]),
        run(["show", "bridge", "--repairs"]),
        run(["show", "bridge", "--raw"]),
    ]

    out = capsysbinary.readouterr().out.decode()
    assert codes == [0, 0, 0, 0]
    assert out.startswith("seeds/bridge.html\nseeds/bridge.html:17: The mayor didn?t come, ")
    assert out.endswith(PAGE)


TAGS = st.sampled_from(
    "<p> </p> <br> <td> <tr> <li> <b> </b> <!--x--> <script>a</script> \n &amp; ".split(" ")
)


@settings(deadline=None)  # the first page costs the import
@given(st.lists(st.one_of(TAGS, st.text("ab c\n<>&é?", max_size=6)), max_size=30).map("".join))
def test_any_tags_are_read_and_lines_are_those_of_the_file(html: str) -> None:
    article = loaded(f"<html><body>{html}</body></html>")
    count = html.count("\n") + 1

    numbers = [
        number for unit in article.raw for number in (unit.line, *dict(unit.later_lines).values())
    ]
    assert all(1 <= number <= count for number in numbers)
    kept = [paragraph.text for paragraph in article.paragraphs]
    assert len(kept) + len(article.cuts) <= len(article.raw)
    for unit in article.raw:
        assert unit.text == " ".join(unit.text.split())
