"""What a draft quotes is found in it, and judged as the corpus has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isisdocs.explore.quotations import Quotation, quotations
from isisdocs.explore.verify import Checked, Edit, Kept, Source, Verdict, Verifier
from isisdocs.explore.wording import Gap, Wording, segments
from isisdocs.index import current
from isisdocs.index.update import update
from isisdocs.query.parse import parse
from isisdocs.settings import Settings

from . import eval_verify, sessions
from .samples import article
from .test_main import workplace

__all__ = ["workplace"]


# -- quotations ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ("He said “all of it is lost”.", ["all of it is lost"]),
        ('He said "all of it is lost".', ["all of it is lost"]),
        ("Il dit «all of it is lost».", ["all of it is lost"]),
        ("Er sagt »all of it is lost«.", ["all of it is lost"]),
        ("Er sagt „all of it is lost“.", ["all of it is lost"]),
        ("He said ‘all of it’s lost now’.", ["all of it’s lost now"]),
        ("He said 'all of it's lost now'.", ["all of it's lost now"]),
        ("“one “two three” four five”", ["one “two three” four five"]),
        ("“only three words” here", []),
        ("“only three words [and more of ours]” here", []),
        ("It's the soldiers' boots and it's the generals' war.", []),
        ("A “mark that\n\nis never closed in its own paragraph", []),
        (
            "“It goes on and on\n\n“and it ends down here”",
            ["It goes on and on", "and it ends down here"],
        ),
        ("```\n“all of it is lost”\n```\nmore", []),
        ("> all of it\n> is lost", ["all of it\nis lost"]),
        ("> “all of it is lost”", ["all of it is lost"]),
        ("> all of it **is** \\*lost\\*", ["all of it is *lost*"]),
        ("text\n> all of it is lost\nmore text", ["all of it is lost"]),
    ],
)
def test_quotations_stand_between_marks_or_in_blocks(draft: str, expected: list[str]) -> None:
    assert [quotation.text for quotation in quotations(draft)] == expected


@pytest.mark.parametrize(
    ("draft", "stated", "names"),
    [
        ("“all of it is lost” (Ada Okafor, The Paper)", ("Ada Okafor, The Paper",), ()),
        ("“all of it is lost” — `a/b.txt:7`", ("a/b.txt:7",), ()),
        ("> all of it is lost\n>\n> — *Ada Okafor*", ("Ada Okafor",), ()),
        ("> all of it is lost\n\n— Ada Okafor", ("Ada Okafor",), ()),
        ("> all of it is lost\n\n(Ada Okafor)", ("Ada Okafor",), ()),
        ("As Ada Okafor wrote, “all of it is lost”.", (), ("As Ada Okafor", "Ada Okafor")),
        ("“all of it is lost”, says Ada Okafor. Ben Ruiz left.", (), ("Ada Okafor",)),
        ("Ben Ruiz left. “all of it is lost”", (), ()),
    ],
)
def test_origin_of_a_quotation_stands_beside_it(
    draft: str, stated: tuple[str, ...], names: tuple[str, ...]
) -> None:
    assert quotations(draft) == [Quotation("all of it is lost", 1, stated, names)]


def test_lines_are_those_of_the_draft() -> None:
    draft = "# Head\n\nText\nand “all of it is lost”.\n\n>\n> all of it is lost\n"

    assert [quotation.line for quotation in quotations(draft)] == [4, 7]


@given(st.text(st.sampled_from("ab '\"“”‘’«»„>\n—()[].…`*\\"), max_size=200))
def test_any_draft_can_be_read(draft: str) -> None:
    lines = max(len(draft.splitlines()), 1)
    assert all(1 <= quotation.line <= lines for quotation in quotations(draft, min_words=1))


# -- wording -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("All of it", [(Gap.NONE, "All of it")]),
        ("All … of it", [(Gap.NONE, "All"), (Gap.ELLIPSIS, "of it")]),
        (
            "All [. . .] of [it was] it",
            [(Gap.NONE, "All"), (Gap.ELLIPSIS, "of"), (Gap.BRACKET, "it")],
        ),
        ("… all [sic] of it ...", [(Gap.NONE, "all of it")]),
        ("[A]ll of it [emphasis added]", [(Gap.NONE, "All of it")]),
        ("all [we] … of it", [(Gap.NONE, "all"), (Gap.ELLIPSIS, "of it")]),
        ("[…]", []),
    ],
)
def test_quotation_is_cut_at_ellipses_and_brackets(
    text: str, expected: list[tuple[Gap, str]]
) -> None:
    assert [(s.gap, " ".join(word.exact for word in s.words)) for s in segments(text)] == expected


MADE = article(
    "The U.S. army’s “tanks” crossed the river at Qa'im. Then the al-Tikriti clan took the town.",
    "Nothing was left of it, and 1,700 people had gone. The town is called Dāʿish by nobody.",
    title="A quiet front",
)


@pytest.mark.parametrize(
    ("quotation", "found"),
    [
        ("the US army's 'tanks' crossed the river", "The U.S. army’s “tanks” crossed the river"),
        ("Army's tanks crossed", "army’s “tanks” crossed"),
        ("the river at Qa?im", "the river at Qa'im"),
        ("called D??ish by nobody", "called Dāʿish by nobody"),
        ("U.S. army?s tanks crossed", "U.S. army’s “tanks” crossed"),
        ("took the town. Nothing was left", "took the town. Nothing was left"),
        ("army … crossed the river", "army’s “tanks” crossed the river"),
        ("Then [they] took the town", "Then the al-Tikriti clan took the town"),
        ("1700 people had gone", "1,700 people had gone"),
        ("a quiet front", "A quiet front"),
        ("took [it] … it, and 1700", "took the town. Nothing was left of it, and 1,700"),
        ("people had gone … The US army", None),
        ("the Army’s tanks", None),
        ("crossed the [wide and very deep] town", None),
        ("the river at Qa?????im", None),
        ("by nobody at all", None),
    ],
)
def test_wording_is_found_as_an_editor_would_quote_it(quotation: str, found: str | None) -> None:
    wording = Wording(MADE)

    spans = wording.whole(segments(quotation))

    assert (wording.text(spans[0][0], spans[-1][1]) if spans else None) == found


# -- verdicts ------------------------------------------------------------------------------------

FILES = {
    "a.txt": "Front\n\nBy Ada Okafor\n\nThe army crossed the wide river in the last days of March."
    " Nobody in the town had expected them before April.\n\nThe harbour was empty when they came.",
    "b.txt": "Rear\n\nBy Ben Ruiz\n\nThe council met in the old school and voted for peace."
    " The harbour was empty when they came.\n",
}


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verifier]:
    folder = tmp_path_factory.mktemp("verify")
    for name, text in FILES.items():
        (folder / name).write_text(text)
    update(Settings(corpus=folder, index=folder / ".index"))
    _, reader = current.open_reader(folder / ".index")
    yield Verifier(reader)
    reader.close()


RIVER = "The army crossed the wide river in the last days of March"


@pytest.mark.parametrize(
    ("text", "verdict", "ids"),
    [
        ("the army crossed the wide river", Verdict.EXACT, ["a.txt"]),
        ("The harbour was empty when they came", Verdict.EXACT, ["a.txt", "b.txt"]),
        ("the army crossed the deep river in the last days", Verdict.DIFFERS, ["a.txt"]),
        ("The army crossed the wide river. The council met in the old school",
         Verdict.STITCHED, ["a.txt", "b.txt"]),
        ("The council met in the old school [...] the army crossed the wide river",
         Verdict.STITCHED, ["b.txt", "a.txt"]),
        ("The moon is made of green cheese", Verdict.NOT_FOUND, []),
        ("?? … 摩苏尔 ?? ☂", Verdict.NOT_FOUND, []),
        ("… [nothing] …", Verdict.NOT_FOUND, []),
    ],
)  # fmt: skip
def test_verdicts(verifier: Verifier, text: str, verdict: Verdict, ids: list[str]) -> None:
    checked = verifier.check(Quotation(text, 1))

    assert (checked.verdict, [source.id for source in checked.sources]) == (verdict, ids)


def test_difference_is_shown_by_words(verifier: Verifier) -> None:
    quotation = Quotation("Quote: the army had crossed the deep river in the last days of May", 1)

    checked = verifier.check(quotation)

    assert checked == Checked(
        quotation,
        Verdict.DIFFERS,
        (Source("a.txt", 5, RIVER),),
        (
            Edit(Kept.DRAFT, "Quote the"),
            Edit(Kept.CORPUS, "The"),
            Edit(Kept.SAME, "army"),
            Edit(Kept.DRAFT, "had"),
            Edit(Kept.SAME, "crossed the"),
            Edit(Kept.DRAFT, "deep"),
            Edit(Kept.CORPUS, "wide"),
            Edit(Kept.SAME, "river in the last days of"),
            Edit(Kept.DRAFT, "May"),
            Edit(Kept.CORPUS, "March"),
        ),
    )


@pytest.mark.parametrize(
    ("stated", "names", "verdict"),
    [
        (("Ada Okafor",), (), Verdict.EXACT),
        (("Ada Okafor, Front",), (), Verdict.EXACT),
        (("folder/a.txt:5",), (), Verdict.EXACT),
        (("Front",), (), Verdict.EXACT),
        (("Ben Ruiz",), (), Verdict.ELSEWHERE),
        (("Ben Ruiz, 3 May",), (), Verdict.ELSEWHERE),
        (("b.txt",), (), Verdict.ELSEWHERE),
        ((), ("Ben Ruiz",), Verdict.ELSEWHERE),
        ((), ("Somebody Else", "Ada Okafor"), Verdict.EXACT),
        (("Somebody Else",), (), Verdict.EXACT),
        (("my emphasis, ??",), (), Verdict.EXACT),
        (("missing.txt",), (), Verdict.EXACT),
    ],
)
def test_attribution_is_checked_where_it_names_articles(
    verifier: Verifier, stated: tuple[str, ...], names: tuple[str, ...], verdict: Verdict
) -> None:
    checked = verifier.check(Quotation(RIVER, 1, stated, names))

    assert (checked.verdict, [source.id for source in checked.sources]) == (verdict, ["a.txt"])


def test_of_several_articles_the_one_it_is_attributed_to_is_cited(verifier: Verifier) -> None:
    checked = verifier.check(Quotation("The harbour was empty when", 1, ("Ben Ruiz",)))

    assert (checked.verdict, [s.id for s in checked.sources]) == (Verdict.EXACT, ["b.txt"])


def test_only_articles_within_the_filter_count(verifier: Verifier) -> None:
    within = Verifier(verifier._reader, parse("path:b.txt").node)

    assert within.check(Quotation(RIVER, 1)).verdict is Verdict.NOT_FOUND


def test_quotations_by_known_edits_are_told_apart() -> None:
    scores = eval_verify.scores(eval_verify.measured())

    assert {verdict: count for verdict, (_, _, count) in scores.items()} == {
        Verdict.EXACT: 100,
        Verdict.ELSEWHERE: 20,
        Verdict.DIFFERS: 120,
        Verdict.STITCHED: 40,
        Verdict.NOT_FOUND: 100,
    }
    low = {v: (p, r) for v, (p, r, _) in scores.items() if min(p, r) < eval_verify.FLOOR}
    assert low == {}


# -- the command ---------------------------------------------------------------------------------


def test_files_that_could_not_be_read_are_named(
    workplace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (workplace / "seeds" / "broken.txt").write_bytes(b"\x00\x01\x02" * 500)
    (workplace / "draft.txt").write_text("“the moon is made of cheese”")
    sessions.execute("isisdocs index -q", monkeypatch)

    text = sessions.execute("isisdocs verify draft.txt", monkeypatch)
    data = sessions.execute("isisdocs verify - --json", monkeypatch, stdin=b"\xef\xbb\xbfnone")

    assert text.stdout == "draft.txt:1: not found: the moon is made of cheese\n"
    assert "isisdocs: not searched: broken.txt: " in text.stderr
    assert text.code == 1
    searched = json.loads(data.stdout)["searched"]
    assert (searched["articles"], [one["path"] for one in searched["skipped"]]) == (
        5,
        ["broken.txt"],
    )
    assert (data.stderr, data.code) == ("isisdocs: no quotation of 4 words or more\n", 0)


DRAFT = """They wrote “gave him a blank check, backing any future attacks” and, as Simon Assaf
has it, “gave him a blank cheque, backing any”. It is “not there, not there at all”.

> In return, al-Maliki has blamed Saudi Arabia and Qatar. We reject Nouri al-Maliki's sectarian
> and reactionary policies.
"""


def test_draft_is_judged_line_by_line(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (workplace / "draft.md").write_text(DRAFT)
    sessions.execute("isisdocs index -q", monkeypatch)

    text = sessions.execute("isisdocs verify draft.md --since 2010", monkeypatch)
    everywhere = sessions.execute("isisdocs verify draft.md", monkeypatch)
    data = sessions.execute("isisdocs verify draft.md --json", monkeypatch)

    assert text.stdout.count("not found") == 3
    assert str(everywhere) == (
        "draft.md:1: differs: gave him a blank check, backing any future attacks\n"
        "    seeds/003_9ac2e0fc0982371c.txt:77  gave him a blank [-check-] {+cheque+}"
        " backing any future attacks\n"
        "draft.md:2: elsewhere: gave him a blank cheque, backing any\n"
        "    seeds/003_9ac2e0fc0982371c.txt:77  gave him a blank cheque, backing any\n"
        "draft.md:2: not found: not there, not there at all\n"
        "draft.md:4: stitched: In return, al-Maliki has blamed Saudi Arabia and Qatar. We reject"
        " Nouri al-Maliki's sectarian and reactionary policies.\n"
        "    seeds/004_d865e67523a737b9.txt:33  In return, al-Maliki has blamed Saudi Arabia and"
        " Qatar\n"
        "    seeds/004_d865e67523a737b9.txt:99  We reject Nouri al-Maliki's sectarian and"
        " reactionary policies\n"
        "2> isisdocs: 4 quotations: 1 elsewhere, 1 differs, 1 stitched, 1 not found\n"
        "2> isisdocs: searched: 5 articles, 2014-06-24 to 2016-06; tried: the words in this order;"
        " the words with some of them changed, left out or added; pieces of it from several"
        " places\n[1]\n"
    )
    first = json.loads(data.stdout)["quotations"][0]
    assert first == {
        "line": 1,
        "text": "gave him a blank check, backing any future attacks",
        "attributed_to": [],
        "verdict": "differs",
        "sources": [
            {
                "id": "003_9ac2e0fc0982371c.txt",
                "line": 77,
                "text": "gave him a blank cheque, backing any future attacks",
            }
        ],
        "diff": [
            {"in": "same", "text": "gave him a blank"},
            {"in": "draft", "text": "check"},
            {"in": "corpus", "text": "cheque"},
            {"in": "same", "text": "backing any future attacks"},
        ],
    }
