"""Text to sentences: each case is a text with a bar between its sentences."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isisdocs.sentences import sentences

CASES = """
Mr. Smith met J. R. Ewing in the U.S. Senate.|He left.
He lives in the U.S.|The army left.
He fought the U.S. Army in the U.K. Parliament.
Gen. David Petraeus spoke (at 5 p.m.).|Then he went...
Sgt. Pepper and Lt. Col. Allen West met St. John.|Fine.
J. K. Rowling wrote.|George W. Bush read.
Dr. and Mrs. Jones et al. said so.|See pp. 5-6, Fig. 3.
No. 10 said e.g. nothing.|It works i.e. well.
It cost 41.6bn, or 1.5 million a day.|In 10.5 years it doubles.
It was 5 p.m.|The army left.
“Really?” he asked.|“No.”|She left.
"Really?" he asked.
“Really?” asked Mr. Smith.|“Yes!” Tom Jones said.
“Is it over?” the general asked.|“No!”|The army left.
“This is war. We will win,” he said.|She agreed.
He said: “This is war. We will win.”|She agreed.
He said: 'It is over.'|Then left.
He said ‘It is over.’|Then left.
Who are ISIS?|What do they want?|Why now?
Wait… what?|Yes!|Really?!|OK.
Then he went...|The end.
It took Mosul.[1]|Then it left.
The war began in 2014.|300 people died.
See www.bbc.co.uk.|It is there.
He left at once.|The army stayed.
Mission accomplished?|Iraq’s heard that before
1. The first point.|2. The second point.
مرحبا؟|نعم.|هذا.
中文句子。|第二句！|“第三。”
One line\nand the next.|Two.
  Spaces around. | Are left out.
At 5 a.m. Mr. Smith went.
He works for Acme Inc.|The next day he left.
It was No.|The answer was no.
But, alas! it was too late.|Then it went.
The election for Central Mass. seat was held.
The war began.|iPhones sold.|https://a.org/b has it.
It was over.|… Then it was not.|Good! 👍👍
? No to a Shia state.|• Workers unite!
no end
"""

KNOWN_FAILURES = """
(This is a note. It has two sentences.)|After it comes one.
Well…|The army left.
"""


def lines(cases: str) -> list[str]:
    return [case.replace("\\n", "\n") for case in cases.strip("\n").splitlines()]


@pytest.mark.parametrize("case", lines(CASES))
def test_sentences_end_where_a_reader_ends_them(case):
    text = case.replace(" |", " ").replace("|", " ") if "。" not in case else case.replace("|", "")

    found = [text[start:end] for start, end in sentences(text)]

    assert found == [sentence.strip() for sentence in case.split("|")]


@pytest.mark.xfail(strict=True, reason="nothing in the words says where this sentence ends")
@pytest.mark.parametrize("case", lines(KNOWN_FAILURES))
def test_what_no_rule_gets_right(case):
    text = case.replace("|", " ")

    assert [text[start:end] for start, end in sentences(text)] == case.split("|")


@given(st.text(st.one_of(st.sampled_from("abA .!?…\"”“'’()1\n\ud800é。👍"), st.characters())))
def test_sentences_cover_everything_but_space(text):
    found = sentences(text)

    kept = "".join(text[start:end] for start, end in found)
    assert "".join(kept.split()) == "".join(text.split())
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in found)
    assert found == sorted(found)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10**6,
        ". " * 10**5,
        '"a. ' * 10**5,
        "(a.) " * 10**5,
        "1. " * 10**5,
        "A a. " * 10**5,
        "? " * 10**5,
    ],
)
def test_hostile_texts_take_linear_time(text):
    start = time.process_time()

    sentences(text)

    assert time.process_time() - start < 60
