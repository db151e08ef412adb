"""What is computed from what was found: against the literature, by hand, and by brute force."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import comb, inf, log, log2
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console as RichConsole

from isisdocs import passages
from isisdocs.errors import QueryError
from isisdocs.explore import kwic
from isisdocs.explore.association import (
    Table,
    log_dice,
    log_likelihood,
    log_ratio,
    mutual_information,
)
from isisdocs.explore.collocates import Collocate, Measure, Windows, ranked
from isisdocs.explore.corpus import Found, Frequencies, frequencies
from isisdocs.explore.facets import By, Facet, facets
from isisdocs.explore.keywords import keywords
from isisdocs.explore.periods import Scale, filled, period_of
from isisdocs.explore.similar import similar
from isisdocs.explore.timeline import Bucket, Count, timeline
from isisdocs.index import current
from isisdocs.output import columns, concordance, progress, table
from isisdocs.output.console import theme
from isisdocs.output.location import Location
from isisdocs.query.parse import parse
from isisdocs.query.tree import Everything
from isisdocs.words import tokens

from .samples import article


def Console(**options: object) -> RichConsole:  # noqa: N802  # as in Rich, with our theme
    return RichConsole(theme=theme(), markup=False, highlight=False, emoji=False, **options)  # type: ignore[arg-type]


# -- measures ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bigram", "cells", "expected"),
    [
        ("the swiss", (110, 2442, 111, 29114), 270.72),
        ("can be", (29, 13, 123, 31612), 263.90),
        ("previous year", (31, 23, 139, 31584), 256.84),
        ("mineral water", (10, 0, 3, 31764), 167.23),
        ("at the", (76, 104, 2476, 29121), 157.21),
        ("real terms", (16, 16, 51, 31694), 157.03),
    ],
)
def test_log_likelihood_is_that_of_dunning_1993_table_2(
    bigram: str, cells: tuple[int, int, int, int], expected: float
) -> None:
    a, b, c, d = cells

    assert round(log_likelihood(Table(a, a + b, a + c, a + b + c + d)), 2) == expected, bigram


@pytest.mark.parametrize(
    ("bigram", "first", "second", "expected"),
    [
        ("Ayatollah Ruhollah", 42, 20, 18.38),
        ("Bette Midler", 41, 27, 17.98),
        ("Agatha Christie", 30, 117, 16.31),
        ("videocassette recorder", 77, 59, 15.94),
        ("unsalted butter", 24, 320, 15.19),
        ("first made", 14907, 9017, 1.09),
    ],
)
def test_mutual_information_is_that_of_manning_and_schuetze_1999_table_5_14(
    bigram: str, first: int, second: int, expected: float
) -> None:
    table = Table(20, first, second, 14_307_668)

    assert round(mutual_information(table), 2) == expected, bigram


def test_log_dice_has_the_properties_rychly_2008_gives() -> None:
    always, once = log_dice(50, 50, 50), log_dice(1, 16_384, 16_384)

    assert (always, once) == (14, 0)
    assert log_dice(20, 300, 200) - log_dice(10, 300, 200) == pytest.approx(1, abs=1e-9)
    assert log_dice(0, 5, 5) == -inf


tables = st.builds(
    lambda a, b, c, d: Table(a, a + b, a + c, a + b + c + d),
    *([st.integers(0, 40)] * 3),
    st.integers(1, 200),
).filter(lambda t: 0 < t.r1 < t.n and t.c1 > 0)


def binomial(k: int, n: int, p: float) -> float:
    return log(comb(n, k)) + (k * log(p) if k else 0) + ((n - k) * log(1 - p) if n - k else 0)


@given(tables)
def test_log_likelihood_is_the_ratio_of_binomial_likelihoods(table: Table) -> None:
    k1, n1, k2, n2 = table.o11, table.r1, table.c1 - table.o11, table.n - table.r1
    free = binomial(k1, n1, k1 / n1) + binomial(k2, n2, k2 / n2)
    same = binomial(k1, n1, table.c1 / table.n) + binomial(k2, n2, table.c1 / table.n)

    value = log_likelihood(table)

    assert abs(value) == pytest.approx(2 * (free - same), abs=1e-6)
    assert value >= 0 if k1 * table.n >= table.r1 * table.c1 else value <= 0


def test_log_ratio_counts_doublings() -> None:
    # 8 in 1,000 here, 2 in 1,000 there; and nothing there is taken as half an occurrence.
    assert log_ratio(Table(8, 1000, 10, 2000)) == pytest.approx(2, abs=1e-9)
    assert log_ratio(Table(8, 1000, 8, 2000)) == pytest.approx(4, abs=1e-9)


def test_never_together_is_minus_infinity() -> None:
    assert mutual_information(Table(0, 5, 5, 100)) == -inf
    assert Table(0, 0, 0, 0).expected == 0


# -- collocates and keywords ---------------------------------------------------------------------


def test_collocates_are_counted_in_windows_that_share_places() -> None:
    # Positions      0     1      2     3       4     5     6     7
    made = article("Strong winds and strong Coffee with strong coffee", "cold tea")
    node = parse("strong").node
    windows = Windows(node, 1)
    windows.add(made)
    windows.add(article("nothing here"))

    found = windows.collocates(frequencies([made]))

    # Of ten words three are nodes; winds, and, Coffee, with and coffee stand beside one.
    def collocate(word: str, together: int, left: int, total: int) -> Collocate:
        counted = Table(together, 5, total, 7)
        return Collocate(
            word,
            together,
            left,
            total,
            14 + log2(2 * together / (3 + total)),
            log_likelihood(counted),
            log2(together * 7 / (5 * total)),
        )

    assert windows.nodes == 3
    assert found == [
        collocate("and", 1, 1, 1),
        collocate("Coffee", 2, 0, 2),
        collocate("winds", 1, 0, 1),
        collocate("with", 1, 1, 1),
    ]
    assert [one.word for one in ranked(found, Measure.LOG_DICE)] == [
        "Coffee",
        "and",
        "winds",
        "with",
    ]
    assert windows.collocates(frequencies([made]), at_least=2) == [found[1]]


@given(
    st.lists(st.lists(st.sampled_from("xabc"), min_size=1, max_size=9), min_size=1, max_size=4),
    st.integers(1, 4),
)
def test_collocates_are_those_of_a_scan(texts: list[list[str]], window: int) -> None:
    made = article(*(" ".join(words) for words in texts))
    windows = Windows(parse("x").node, window)
    windows.add(made)

    found = windows.collocates(frequencies([made]))

    near: Counter[str] = Counter()
    for words in texts:
        for index, word in enumerate(words):
            around = words[max(0, index - window) : index + window + 1]
            near[word] += word != "x" and "x" in around
    assert {one.word: one.together for one in found} == {w: c for w, c in near.items() if c}
    size = sum(word != "x" for words in texts for word in words)
    for one in found:
        counted = Table(one.together, near.total(), sum(t.count(one.word) for t in texts), size)
        assert one.score(Measure.LOG_LIKELIHOOD) == pytest.approx(log_likelihood(counted), abs=1e-6)
        assert one.score(Measure.MUTUAL_INFORMATION) == pytest.approx(
            mutual_information(counted), abs=1e-6
        )


def test_keywords_are_more_frequent_here_than_there() -> None:
    here = frequencies([article("Oil oil OIL and the oil", title="Oil")])
    rest = frequencies([article("the tea and the milk and the oil in it")])

    found = keywords(here, rest)

    # 5 of 7 words here, 1 of 10 there; "and" and "the" once here.
    expected = Table(5, 7, 6, 17)
    (oil,) = found
    assert (oil.word, oil.here, oil.elsewhere) == ("Oil", 5, 1)
    assert oil.log_likelihood == log_likelihood(expected)
    assert oil.log_ratio == log_ratio(expected)
    assert keywords(here, Frequencies()) == keywords(Frequencies(), rest) == []


@given(
    st.lists(st.lists(st.sampled_from(["Isis", "isis", "al-Maliki", "Tomáš", "1,700"])), max_size=4)
)
def test_frequencies_are_those_of_the_tokens(texts: list[list[str]]) -> None:
    made = article(*(" ".join(words) for words in texts), title="Isis")

    found = Frequencies()
    total = found.add(made)

    scanned = Counter(
        token.folded
        for text in ("Isis", *(" ".join(words) for words in texts))
        for token in tokens(text)
        if token.width == 1
    )
    assert found.by_word() == scanned
    assert total == found.total == scanned.total()


# -- kwic ----------------------------------------------------------------------------------------

MADE = [
    article("The fall of Mosul  was\nquick. Mosul fell.", title="Mosul falls", path="a.txt"),
    article("Nothing.", path="b.txt"),
    article("Old Mosul, new Raqqa.", path="c.txt"),
]


def shape(found: Sequence[kwic.Line]) -> list[tuple[str, int, str, str, str]]:
    return [(x.article.id, x.line, x.left, x.match, x.right) for x in found]


def test_every_match_has_a_line() -> None:
    found = list(kwic.lines(parse("mosul").node, MADE))

    assert shape(found) == [
        ("a.txt", 1, "", "Mosul", " falls"),
        ("a.txt", 3, "The fall of ", "Mosul", " was quick. Mosul fell."),
        ("a.txt", 3, "The fall of Mosul was quick. ", "Mosul", " fell."),
        ("c.txt", 3, "Old ", "Mosul", ", new Raqqa."),
    ]


@pytest.mark.parametrize(
    "query", ["mosul", '"fall of mosul"', "mosul NEAR/3 raqqa", "f*", "-x the"]
)
def test_lines_are_as_many_as_hits(query: str) -> None:
    node = parse(query).node

    found = list(kwic.lines(node, MADE))

    hits = [hit for made in MADE for hit in passages.hits(passages.find(node, made), made)]
    assert [(x.line, x.match) for x in found] == [
        (h.line, re.sub(r"\s+", " ", h.text[slice(*h.ranges[0])])) for h in hits
    ]


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        (["L1"], [0, 1, 3, 2]),
        (["R1", "L1"], [0, 2, 3, 1]),
        (["M", "r2"], [0, 2, 1, 3]),
    ],
)
def test_lines_are_sorted_from_the_nearest_word_on(keys: list[str], order: list[int]) -> None:
    found = list(kwic.lines(parse("mosul").node, MADE))

    assert kwic.sorted_by(found, keys) == [found[index] for index in order]


@given(
    st.lists(
        st.sampled_from(
            ["a", "Mosul", "U.S.", "al-Maliki", "1,700", "don’t", "—", "”", "x" * 90, "naïve", "y."]
        ),
        max_size=120,
    ),
    st.integers(1, 12),
)
def test_nearest_words_are_those_of_the_whole_side(words: list[str], number: int) -> None:
    side = " ".join(words)
    all_words = [token.folded for token in tokens(side) if token.width == 1]
    made = article("Title")

    for key, lines in (("L", (side, "")), ("R", ("", side))):
        found = [kwic.Line(made, 1, lines[0], "", lines[1]), kwic.Line(made, 1, "", "", "")]
        nearest = kwic._nearest(side, number, is_left=key == "L")
        expected = all_words[::-1] if key == "L" else all_words
        assert nearest[:number] == expected[:number]
        reached = number <= len(all_words)
        assert kwic.sorted_by(found, [f"{key}{number}"]) == (found[::-1] if reached else found)


def test_unknown_key_is_refused() -> None:
    with pytest.raises(QueryError, match="cannot sort by 'L0'"):
        kwic.sorted_by([], ["L0"])


def test_sample_is_the_same_for_one_seed_and_keeps_the_order() -> None:
    found = list(kwic.lines(parse("mosul OR raqqa").node, MADE))

    chosen = kwic.sample(found, 3, seed=1)

    assert chosen == kwic.sample(found, 3, seed=1)
    assert chosen == [line for line in found if line in chosen]
    assert len(chosen) == 3
    assert kwic.sample(found, 99, seed=1) == found


WIDE = article("他们说 摩苏尔 e\u0301te\u0301 mosul 🇮🇶 陷落了。", path="w.txt")


def test_matches_stand_in_one_column(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    found = list(kwic.lines(parse("mosul").node, [*MADE, WIDE]))
    stream = io.StringIO()

    concordance.show(Console(file=stream, width=200), found, Location(Path()), side=13)

    shown = stream.getvalue().splitlines()
    assert shown == [
        "a.txt:1               Mosul falls",
        "a.txt:3   The fall of Mosul was quick. M",
        "a.txt:3  l was quick. Mosul fell.",
        "c.txt:3           Old Mosul, new Raqqa.",
        "w.txt:3    摩苏尔 e\u0301te\u0301 mosul 🇮🇶 陷落了。",
    ]
    column = len("a.txt:1") + 2 + 13
    after = [line[len(columns.beginning(line, column)) :] for line in shown]
    assert [text[:5].casefold() for text in after] == ["mosul"] * 5


def test_lines_fit_the_terminal() -> None:
    long = article("摩苏尔 " * 50 + "mosul " + "x" * 300, path="very/long/path/" * 9 + "a.txt")
    (line,) = kwic.lines(parse("mosul").node, [long])
    stream = io.StringIO()

    console = Console(file=stream, width=60, force_terminal=True, color_system=None)
    concordance.show(console, [line], Location(Path()))

    (shown,) = stream.getvalue().splitlines()
    assert 50 < columns.width(shown) < 60
    assert shown.startswith("…")
    assert "mosul x" in shown


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])), st.integers(0, 12))
def test_cut_text_fits_its_columns(text: str, room: int) -> None:
    for cut in (columns.beginning(text, room), columns.ending(text, room)):
        assert sum(map(columns.width, columns.iter_graphemes(cut))) <= room
    assert text.startswith(columns.beginning(text, room))
    assert text.endswith(columns.ending(text, room))


# -- facets, time --------------------------------------------------------------------------------

DATED = [
    article("mosul one two three", date="2014-06-24", authors=("A", "B"), outlet="P", path="a"),
    article("mosul mosul", title="Mosul", date="2014-06", authors=("A",), outlet="P", path="b"),
    article("nothing at all here", date="2014-09-01", authors=("A",), path="c"),
    article("mosul", date="2014", path="d"),
    article("mosul raqqa", path="e"),
]


def test_facets_sum_to_the_total_and_show_what_is_missing() -> None:
    found = facets(DATED, [By.AUTHOR, By.SOURCE, By.YEAR, By.MONTH])

    assert found == [
        Facet(By.AUTHOR, "A", 2),
        Facet(By.AUTHOR, "A, B", 1),
        Facet(By.AUTHOR, None, 2),
        Facet(By.SOURCE, "P", 2),
        Facet(By.SOURCE, None, 3),
        Facet(By.YEAR, "2014", 4),
        Facet(By.YEAR, None, 1),
        Facet(By.MONTH, "2014-06", 2),
        Facet(By.MONTH, "2014", 1),
        Facet(By.MONTH, "2014-09", 1),
        Facet(By.MONTH, None, 1),
    ]


def test_timeline_has_every_month_and_what_is_undated() -> None:
    every = frozenset(made.id for made in DATED)
    nodes = [parse("mosul").node, parse("raqqa").node]

    found = timeline([(node, every) for node in nodes], DATED, Scale.MONTH)

    none = (Count(0, 0), Count(0, 0))
    assert found == [
        Bucket("2014", 1, 1, (Count(1, 1), Count(0, 1))),
        Bucket("2014-06", 2, 7, (Count(4, 2), Count(0, 2))),
        Bucket("2014-07", 0, 0, none),
        Bucket("2014-08", 0, 0, none),
        Bucket("2014-09", 1, 4, (Count(0, 1), Count(0, 1))),
        Bucket(None, 1, 2, (Count(1, 1), Count(1, 1))),
    ]
    assert found[1].counts[0].per_million(7) == pytest.approx(4e6 / 7, abs=1e-6)
    assert found[2].counts[0].per_million(0) == 0
    assert timeline([], [], Scale.YEAR) == []


def test_periods_are_filled_across_years() -> None:
    assert filled(["2013-12", "2014-02", "2014"], Scale.MONTH) == [
        *("2013-12", "2014", "2014-01", "2014-02")
    ]
    assert filled(["2011", "2014"], Scale.YEAR) == ["2011", "2012", "2013", "2014"]
    assert filled(["2014"], Scale.MONTH) == ["2014"]
    assert filled(["0001-01", "2014-01"], Scale.MONTH) == ["0001-01", "2014-01"]
    assert period_of(None, Scale.YEAR) is None


# -- over a real index ---------------------------------------------------------------------------


@pytest.fixture
def seeds(seeds_index: Path) -> Iterator[current.Reader]:
    _, reader = current.open_reader(seeds_index)
    yield reader
    reader.close()


def test_similar_articles_share_telling_words(seeds: current.Reader) -> None:
    (one,) = seeds.articles(["004_d865e67523a737b9.txt"])

    found = similar(seeds, one, limit=3)
    allowed = similar(seeds, one, limit=3, allowed={found[1].id})

    assert one.id not in [other.id for other in found]
    assert [other.likeness for other in found] == sorted(
        (other.likeness for other in found), reverse=True
    )
    for other in found:
        (text,) = seeds.articles([other.id])
        assert other.likeness == pytest.approx(sum(s.weight for s in other.shared), abs=1e-9)
        for shared in other.shared:
            assert passages.find(parse(shared.word).node, text).paragraphs
    assert allowed == [found[1]]


def test_found_articles_are_read_in_the_order_of_their_paths(seeds: current.Reader) -> None:
    found = Found(seeds, Everything())

    assert len(found) == 5
    assert [made.id for made in found] == found.ids == seeds.ids()


# -- tables and progress -------------------------------------------------------------------------

ROWS = table.Table(
    "rows",
    ("word", "count", "log_ratio", "names"),
    [
        ("=a\x1b", 1234, 1.23456789, ["x", "y;z"]),
        ("摩苏尔 a very long text indeed", None, -inf, []),
    ],
)


def test_table_is_tabs_in_a_pipe() -> None:
    stream = io.StringIO()

    table.show(Console(file=stream, width=30), ROWS)

    assert stream.getvalue() == (
        "=a␛\t1,234\t1.23\tx, y;z\n摩苏尔 a very long text indeed\t-\t-inf\t\n"
    )


def test_table_is_aligned_and_narrowed_in_a_terminal() -> None:
    stream = io.StringIO()

    console = Console(file=stream, width=40, force_terminal=True, color_system=None)
    table.show(console, ROWS)
    table.show(console, table.Table("rows", ("word",), []))

    assert stream.getvalue().splitlines() == [
        "word            count  log ratio  names",
        "=a␛             1,234       1.23  x, y;z",
        "摩苏尔 a very…      -       -inf",
    ]


def test_table_that_cannot_fit_is_left_wide() -> None:
    stream = io.StringIO()

    table.show(Console(file=stream, width=5, force_terminal=True, color_system=None), ROWS)

    assert "摩苏尔 …" in stream.getvalue()


def test_table_as_data() -> None:
    written: dict[table.Form, str] = {}
    for form in (table.Form.CSV, table.Form.JSON, table.Form.JSONL):
        stream = io.StringIO(newline="")
        table.write(stream, ROWS, form, about={"query": "q"})
        written[form] = stream.getvalue()

    first = {"word": "=a\x1b", "count": 1234, "log_ratio": 1.234568, "names": ["x", "y;z"]}
    second = {"word": ROWS.rows[1][0], "count": None, "log_ratio": None, "names": []}
    assert json.loads(written[table.Form.JSON]) == {
        "format_version": 1,
        "query": "q",
        "rows": [first, second],
    }
    assert [json.loads(line) for line in written[table.Form.JSONL].splitlines()] == [first, second]
    assert written[table.Form.CSV] == (
        "word,count,log_ratio,names\r\n"
        "'=a\x1b,1234,1.234568,x; y\\;z\r\n摩苏尔 a very long text indeed,,,\r\n"
    )


@pytest.mark.parametrize("patience", [-1.0, 60.0])
@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_progress_passes_everything_on(
    monkeypatch: pytest.MonkeyPatch, patience: float, count: int
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    monkeypatch.setattr(progress.sys, "stderr", stream)
    monkeypatch.setattr(progress, "PATIENCE_SECONDS", patience)
    monkeypatch.setenv("TERM", "xterm")

    assert list(progress.watched(range(count), count, "reading")) == list(range(count))

    assert ("reading" in stream.getvalue()) is (patience < 0 and count > 1)
