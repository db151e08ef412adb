"""What was lost comes back, what is whole stays, and every change can be taken back."""

from __future__ import annotations

import re
import subprocess
import sys
import tracemalloc

import pytest

from isisdocs.load.lexicon import common_words, elided_words
from isisdocs.load.repair import (
    THRESHOLD,
    Decision,
    Lexicon,
    Repaired,
    is_damaged,
    repair,
    restore,
    undo,
)
from isisdocs.load.repair.damage import whole_paragraphs
from isisdocs.load.repair.lost import LONGEST_CHUNK
from isisdocs.load.repair.weights import Weights, shipped
from isisdocs.model import Repair
from isisdocs.settings import LoadSettings

RESTORED = {
    "apostrophe-inside": ("Iraq?s army didn?t fight.", "Iraq’s army didn’t fight."),
    "apostrophe-in-a-name": ("She couldn?t find Al-Qa?im.", "She couldn’t find Al-Qa’im."),
    "quotes": (
        "They call it ?the great turn? and don?t know why.",
        "They call it “the great turn” and don’t know why.",
    ),
    "bullets": ("It?s this:\n\n? Bread.\n\n? Peace.", "It’s this:\n\n• Bread.\n\n• Peace."),
    "questions-stay": ("It isn?t so. Is it? Why?", "It isn’t so. Is it? Why?"),
    "address-stays": (
        "It isn?t at http://example.org/?q=a?b, is it?",
        "It isn’t at http://example.org/?q=a?b, is it?",
    ),
    "replacement-character": ("It\ufffds here.", "It’s here."),
}
WHOLE = {
    "nothing": "",
    "no-mark": "A plain line.",
    "questions": "Why? Who knows? “Why?” he asked. (Why?) What?! Really??",
    "address": "See http://example.org/?q=why and /search?a=b&c=d for more.",
    "code": "`x = a ? b : c` is a conditional. Is it?",
    "curly": "It’s “whole”. Isn’t it?",
}


@pytest.mark.parametrize(("damaged", "whole"), RESTORED.values(), ids=RESTORED)
def test_lost_characters_come_back(damaged: str, whole: str) -> None:
    assert restore(damaged) == whole


@pytest.mark.parametrize("text", WHOLE.values(), ids=WHOLE)
def test_whole_text_is_the_same_object(text: str) -> None:
    assert restore(text) is text
    assert repair(text) == Repaired(text)
    assert repair(text).text is text
    assert not is_damaged(text)


@pytest.mark.parametrize(
    ("text", "mended", "rule"),
    [
        pytest.param(
            r"It cost \$8,000 then.", "It cost $8,000 then.", "markdown-escape", id="escape"
        ),
        pytest.param("Fish &amp; chips", "Fish & chips", "entity", id="entity"),
        pytest.param("It&#8217;s", "It’s", "entity", id="numeric-entity"),
        pytest.param("Fish &amp;amp; chips", "Fish & chips", "entity", id="entity-escaped-twice"),
        pytest.param("10\xa0km", "10 km", "no-break-space", id="no-break-space"),
        pytest.param("har\xadbour", "harbour", "soft-hyphen", id="soft-hyphen"),
        pytest.param("a con\ufb02ict", "a conflict", "ligature", id="ligature"),
        pytest.param("a\x07b", "ab", "control-character", id="bell"),
        pytest.param("page\x0cnext", "page next", "control-character", id="form-feed"),
        pytest.param("it\x92s", "it’s", "control-character", id="cp1252-byte-as-control"),
        pytest.param("\x1b[1mbold\x1b[0m", "bold", "control-character", id="terminal-escape"),
    ],
)
def test_marks_of_editors_and_scrapers_are_mended(text: str, mended: str, rule: str) -> None:
    repaired = repair(text)

    assert repaired.text == mended
    assert {change.rule for change in repaired.repairs} == {rule}
    assert undo(repaired.text, repaired.repairs) == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(r"C:\Users\me\_files costs \$8", id="windows-path"),
        pytest.param(r"\frac{1}{2} and \[x\]", id="tex"),
        pytest.param("AT&T and ?a=1&copy=2", id="ampersands"),
        pytest.param("write `&amp;` for an ampersand", id="code"),
        pytest.param("har\xad\nbour", id="soft-hyphen-at-a-line-end"),
    ],
)
def test_what_only_looks_like_a_mark_stays(text: str) -> None:
    assert repair(text).text is text


def test_repairs_of_one_line_carry_its_columns() -> None:
    repaired = repair("One\n&quot;It?s&quot; \\$8 and can?t.")

    changes = [(c.line, c.column, c.before, c.after, c.rule) for c in repaired.repairs]
    assert repaired.text == "One\n\"It's\" $8 and can't."
    assert changes == [
        (2, 1, "&quot;", '"', "entity"),
        (2, 9, "?", "'", "apostrophe"),
        (2, 11, "&quot;", '"', "entity"),
        (2, 18, "\\$", "$", "markdown-escape"),
        (2, 29, "?", "'", "apostrophe"),
    ]


def test_word_seen_elsewhere_in_the_corpus_comes_back() -> None:
    lexicon = Lexicon.collect(["By Zdeněk Vlček and Zdeněk", "Vlček"])

    assert repair("Zden?k Vl?ek isn?t here.", lexicon=lexicon).text == "Zdeněk Vlček isn’t here."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("A fa?ade of brick.", "A façade of brick.", id="any-corpus"),
        pytest.param("By Zden?k himself.", "By Zdeněk himself.", id="this-corpus"),
        pytest.param("What?how? Who knows.", "What?how? Who knows.", id="no-known-word"),
    ],
)
def test_one_known_word_is_damage_enough(text: str, expected: str) -> None:
    assert repair(text, lexicon=Lexicon.collect(["Zdeněk"])).text == expected


def test_words_that_a_lexicon_learns_later_are_known() -> None:
    text = "Old Brzt?k sold it, and didn?t say why."
    lexicon = Lexicon.collect(["Zdeněk"])
    before = repair(text, lexicon=lexicon).text

    lexicon.merge(Lexicon.collect(["Brztěk"]))

    assert "Brztěk" not in before
    assert repair(text, lexicon=lexicon).text == "Old Brztěk sold it, and didn’t say why."


def test_lexicons_of_parts_merge_in_any_order() -> None:
    one, two = Lexicon.collect(["café Tomáš"]), Lexicon.collect(["Tomáš Zoë"])
    whole = Lexicon.collect(["café Tomáš Tomáš Zoë"])

    one_two, two_one = Lexicon(), Lexicon()
    for part in (one, two):
        one_two.merge(part)
    for part in (two, one):
        two_one.merge(part)

    assert one_two.to_json() == two_one.to_json() == whole.to_json()
    assert Lexicon.from_json(whole.to_json()) == whole


def test_low_confidence_stays_lost() -> None:
    repaired = repair("It?s in Bel?ga.", threshold=0.9)

    assert repaired.text == "It’s in Bel?ga."
    assert repair("It?s in Al-Qa?im.", threshold=0.1).text == "It’s in Al-Qa’im."


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        pytest.param(Decision(2, 3, "?", "?"), "Iraq’s war.\nIt?s here.", id="rejected"),
        pytest.param(Decision(2, 3, "?", "'"), "Iraq’s war.\nIt's here.", id="another-reading"),
        pytest.param(Decision(2, 6, "here", "there"), "Iraq’s war.\nIt’s there.", id="elsewhere"),
        pytest.param(Decision(2, 3, "x", "y"), "Iraq’s war.\nIt’s here.", id="out-of-date"),
        pytest.param(Decision(9, 1, "?", "y"), "Iraq’s war.\nIt’s here.", id="no-such-line"),
    ],
)
def test_decision_of_a_reader_stands_above_rules(decision: Decision, expected: str) -> None:
    text = "Iraq?s war.\nIt?s here."

    repaired = repair(text, decisions=[decision])

    assert repaired.text == expected
    assert undo(repaired.text, repaired.repairs) == text


def test_decision_against_the_only_repair_leaves_the_same_object() -> None:
    text = "It?s here."

    assert repair(text, decisions=[Decision(1, 3, "?", "?")]).text is text


def test_taking_back_from_another_text_is_an_error() -> None:
    with pytest.raises(ValueError, match="line 1 does not hold"):
        undo("something else", [Repair(1, 1, "?", "•", "bullet", 1.0)])


def test_seed_is_repaired_whole(seed_004: str) -> None:
    """Every lost character of the damaged seed comes back and every question stays."""
    repaired = repair(seed_004)

    changes = [(change.line, change.after) for change in repaired.repairs if change.before == "?"]
    assert changes == [
        *((9, "'"),) * 6,
        (15, "'"),
        *((17, "'"),) * 2,
        *((21, "'"),) * 2,
        *((23, "'"),) * 2,
        (61, "ā"),
        (61, "ʿ"),
        (111, '"'),
        (117, "•"),
        (119, "•"),
        (119, "–"),
        (121, "•"),
        (123, "•"),
        (125, "•"),
    ]
    kept = [
        number for number, line in enumerate(repaired.text.split("\n"), 1) for c in line if c == "?"
    ]
    assert kept == [35, 89, 89, 89, 107]
    assert undo(repaired.text, repaired.repairs) == seed_004
    assert repair(repaired.text).text is repaired.text


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        pytest.param(
            'He isn?t sure. "It?s a trap?, she said.',
            'He isn’t sure. "It’s a trap", she said.',
            id="close-pairs-with-what-opened",
        ),
        pytest.param(
            "It?s ?quite so” and isn?t odd.",
            "It’s “quite so” and isn’t odd.",
            id="open-pairs-with-what-closes",
        ),
        pytest.param(
            "‘I can’t,’ he said. ‘I won’t.’ They didn?t. He isn?t here, said ?the boss?, and left.",
            "‘I can’t,’ he said. ‘I won’t.’ They didn’t. He isn’t here, said ‘the boss’, and left.",
            id="british-single-quotes",
        ),
        pytest.param(
            "It isn?t cheap: it?s ?4.50 a head.",
            "It isn’t cheap: it’s £4.50 a head.",
            id="currency",
        ),
        pytest.param("It wasn?t so in 1914?18.", "It wasn’t so in 1914–18.", id="range-of-years"),
        pytest.param(
            "She didn?t like the caf?, its clich?s or its fa?ade.",
            "She didn’t like the café, its clichés or its façade.",
            id="loan-words",
        ),
        pytest.param("It isn?t in S?O PAULO.", "It isn’t in SÃO PAULO.", id="capitals"),
    ],
)
def test_style_of_the_text_decides(damaged: str, whole: str) -> None:
    assert repair(damaged).text == whole


@pytest.mark.parametrize(
    ("damaged", "whole"),
    [
        pytest.param(
            "St. Edmund?s stands. He didn?t go.",
            "St. Edmund’s stands. He didn’t go.",
            id="english-word-and-ending",
        ),
        pytest.param(
            "How is it that 18F? Both of them can?t say.",
            "How is it that 18F? Both of them can’t say.",
            id="digits",
        ),
    ],
)
def test_no_letter_is_missing_from_what_is_complete(damaged: str, whole: str) -> None:
    assert restore(damaged) == whole


def test_owner_is_one_everywhere_except_at_the_end_of_a_sentence() -> None:
    damaged = (
        "He didn?t see the dockers? Committee. The dockers? Union won?t yield to the dockers? "
        "Board. Who are the dockers? What do they want?"
    )

    assert restore(damaged) == (
        "He didn’t see the dockers’ Committee. The dockers’ Union won’t yield to the dockers’ "
        "Board. Who are the dockers? What do they want?"
    )


def test_evidence_of_many_places_has_a_bound() -> None:
    damaged = "The dockers? hall is shut. " * 7_000

    assert restore(f"It can?t be.\n\n{damaged}").count("dockers’ hall") == 7_000


def test_ellipses_of_a_document_agree() -> None:
    damaged = "They didn?t go. ? Nobody spoke. ? The rain fell. ? He waited ? and then it was over."

    assert restore(damaged) == (
        "They didn’t go. … Nobody spoke. … The rain fell. … He waited … and then it was over."
    )


def test_word_that_stands_elsewhere_in_the_text_comes_back() -> None:
    text = "Jiří Zedwořák came.\n\nIt wasn?t he, said Ji?? Zedwo??k."

    assert restore(text) == "Jiří Zedwořák came.\n\nIt wasn’t he, said Jiří Zedwořák."


def test_paragraph_that_kept_its_marks_asks_real_questions() -> None:
    text = "‘And you want the whole sum??\n\nIt can?t be done, and it won?t be.\n\n“So”—he said?"
    spans = [(0, 29), (31, 66), (68, 82)]

    assert whole_paragraphs(text, spans) == {0, 2}
    assert restore(text) == (
        "‘And you want the whole sum??\n\nIt can’t be done, and it won’t be.\n\n“So”—he said?"
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("“It can?t be.”\n\n“So”\n\nIt won?t be.", id="both-in-one"),
        pytest.param("It can?t be.\n\nIt won?t be.", id="none-kept"),
        pytest.param("“So.”\n\n“So?”", id="none-damaged"),
        pytest.param("It can\ufffdt be “so”.\n\n“So?”", id="replacement-character"),
    ],
)
def test_damage_of_another_kind_leaves_no_paragraph_out(text: str) -> None:
    spans = [(match.start(), match.end()) for match in re.finditer(r"[^\n]+", text)]

    assert whole_paragraphs(text, spans) == frozenset()


def test_what_is_no_prose_stays_as_it_is() -> None:
    blob = "a?b" * (LONGEST_CHUNK // 3 + 1)

    assert restore(f"It can?t be {blob} or so?") == f"It can’t be {blob} or so?"
    assert "?" not in restore(f"It can?t be {'It can?t be ' * (LONGEST_CHUNK // 10)}")


def test_replacement_character_is_never_a_question() -> None:
    assert "\ufffd" not in restore("Don\ufffdt you know Iraq\ufffds army?")
    assert restore("Don\ufffdt you know Iraq\ufffds army?").endswith("army?")


def test_empty_model_word_lists_are_no_evidence() -> None:
    lexicon = Lexicon()

    assert lexicon.restore("caf?") is None
    assert lexicon.find("the caf? is", 7) is None


@pytest.mark.parametrize(
    ("lost", "word"),
    [
        pytest.param("fa?ade", "façade", id="as-it-stands"),
        pytest.param("Fa?ade", "Façade", id="at-a-sentence-start"),
        pytest.param("FA?ADE", "FAÇADE", id="in-capitals"),
        pytest.param("fa?des", None, id="another-word"),
    ],
)
def test_lexicon_restores_words_in_their_case(lost: str, word: str | None) -> None:
    assert Lexicon.collect(["façade"]).restore(lost) == word


def test_capitals_that_take_more_letters_are_no_match() -> None:
    assert Lexicon.collect(["groß"]).restore("GRO?") is None


def test_model_survives_being_written_and_read() -> None:
    model = shipped()

    assert Weights.from_bytes(model.to_bytes()) == model
    assert model.to_bytes() == model.to_bytes()
    assert len(model.to_bytes()) < 3_000_000


def test_whole_text_loads_no_model() -> None:
    program = (
        "import sys; from isisdocs.load.repair import repair; repair('Why? It’s “so” &amp; so.');"
        "from isisdocs.load.repair.weights import shipped; sys.exit(shipped.cache_info().currsize)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


WORST = {
    "prose": "It can?t be so, said ?the chief?. Why? ",
    "one-word": "a?b",
    "address": "It can?t http://a?a?",
    "marks": "It can?t ????",
    "paragraphs": "It can?t\n\n",
    "dashes": "It can?t ? so ? be ",
    "lines": "It can?t be that this line of it breaks off\n",
    "replacements": "It can\ufffdt \ufffd\ufffd ",
}


@pytest.mark.parametrize("unit", WORST.values(), ids=WORST)
def test_work_grows_no_faster_than_the_text(unit: str) -> None:
    """Twice the text takes about twice the calls, for prose and for the worst that came to mind."""
    short, long = (_calls(unit * count) for count in (400, 800))

    assert long < 2.3 * short


def _calls(text: str) -> int:
    """Return how many functions are called to repair *text*, those written in C among them."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    repair(text[:100])
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        repair(text)
    finally:
        sys.setprofile(before)
    return calls


def test_memory_grows_no_faster_than_the_text() -> None:
    """One line of prose without end takes some hundred bytes for each lost character."""
    short, long = (_peak(WORST["prose"] * count) for count in (2_000, 4_000))

    assert long < 2.3 * short
    assert long < 1_000 * 4_000 * 4


def _peak(text: str) -> int:
    """Return the most bytes that are held at any moment of repairing *text*."""
    repair(text[:100])
    tracemalloc.start()
    try:
        repair(text)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_bytes_of_one_character_are_one_lost_character() -> None:
    text = "It\ufffd\ufffd\ufffds the army\ufffd\ufffd\ufffds caf\ufffd\ufffd."

    repaired = repair(text)

    assert repaired.text == "It’s the army’s café."
    assert [(c.column, c.before, c.after) for c in repaired.repairs] == [
        (3, "\ufffd\ufffd\ufffd", "’"),
        (16, "\ufffd\ufffd\ufffd", "’"),
        (24, "\ufffd\ufffd", "é"),
    ]
    assert undo(repaired.text, repaired.repairs) == text


def test_replacement_character_is_never_read_as_a_question() -> None:
    assert repair("What\ufffd Iraq\ufffds army.").text.count("\ufffd") == 0


# What remains a word of English although `attach?` may be a question.
LOANWORDS = {
    *("exposé", "touché", "passé", "attaché", "coupé", "employé", "marché", "unité", "difficulté"),
    *("Perú", "Alí", "Thị", "qué"),
}


def test_no_listed_name_reads_as_a_question_about_a_common_word() -> None:
    """`It?` is a question before it is Itō."""
    found = {
        word
        for lost, forms in common_words().words.items()
        if lost.count("?") == 1
        and len(lost) > 2
        and lost.endswith("?")
        and lost[:-1].lower() in shipped().vocabulary
        for word in forms
    }

    assert found <= LOANWORDS


def test_no_listed_word_reads_as_one_with_an_apostrophe() -> None:
    """Where damage makes `o’er` and another word the same, the apostrophe is meant."""
    found = {
        word
        for lost, forms in common_words().words.items()
        if lost.replace("?", "’").lower() in elided_words()
        for word in forms
        if not set(word) & set("ʿʾʼʻ")
    }

    assert found <= {"Léon"}


KNOWN_FAILURES = {
    # What broke off and what asked look the same before a closing quote.
    "broken-off-speech": (
        "It wasn?t her. ?It is simply a matter of?? ?Of what??",
        "It wasn’t her. “It is simply a matter of—” “Of what?”",
    ),
    # Which of two came first depends on whether the quoted words or the sentence asks.
    "quote-inside-a-question": ("Isn?t it ?so?? ?Yes.?", "Isn’t it “so”? “Yes.”"),
    # A dialect's clipped word, seen once, reads like a name with an accent.
    "clipped-word": ("He?s in kn?wledge of it.", "He’s in kn’wledge of it."),
}


@pytest.mark.xfail(strict=True, reason="not told apart by the context that the model sees")
@pytest.mark.parametrize(("damaged", "whole"), KNOWN_FAILURES.values(), ids=KNOWN_FAILURES)
def test_known_failures(damaged: str, whole: str) -> None:
    assert restore(damaged) == whole


def test_threshold_is_the_default_of_the_settings() -> None:
    assert LoadSettings().threshold == THRESHOLD
