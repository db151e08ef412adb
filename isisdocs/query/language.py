"""The query language, in words and examples: what its manual says."""

from __future__ import annotations

from typing import NamedTuple


class Example(NamedTuple):
    """What can be typed and what it finds."""

    typed: str
    finds: str


class Section(NamedTuple):
    """Examples of one kind."""

    title: str
    examples: tuple[Example, ...]
    remark: str = ""


FIELDS = {
    "title": "in titles",
    "body": "in what is neither title nor byline",
    "author": "by this author",
    "source": "from this outlet or site",
    "date": "a time: 2014, 2014-06, 2014-06..2015-05, last year, none",
    "path": "a path in the corpus, with * and **",
    "cuts": "in the lines that were cut",
    "raw": "in the files as they came",
}
"""What can stand before a colon, and what it then asks for."""

SECTIONS = (
    Section(
        "Words",
        (
            Example("attack mosul", "articles with both words, in any form: attacks, attacked"),
            Example("mosul OR raqqa", "with one of them or both"),
            Example("mosul -raqqa", "with the first and without the second; NOT is the same"),
            Example("(mosul OR raqqa) army", "parentheses say what belongs together"),
            Example("=US", "the word as it is written: case, accents, no other ending"),
        ),
        "Words are found whatever their case and accents. al-Maliki, Al Maliki and almaliki find"
        " each other, and so do U.S. and US, 1,700 and 1700, curly and straight apostrophes.",
    ),
    Section(
        "Phrases and nearness",
        (
            Example('"islamic state"', "words side by side, also those that are met everywhere"),
            Example('"islamic (state OR caliphate)"', "with alternatives inside"),
            Example('"maliki saudi"~5', "within five words of each other, in any order"),
            Example("maliki NEAR/5 saudi", "the same; NEAR alone is NEAR/10"),
            Example("maliki ADJ/5 saudi", "in this order"),
            Example('="Islamic State"', "the phrase as it is written"),
        ),
    ),
    Section(
        "Parts of words and slips",
        (
            Example("terror*", "words that begin so; * is any number of letters"),
            Example("wom?n", "? is one letter"),
            Example("teror~1", "words one edit away; ~2 for two"),
        ),
    ),
    Section(
        "Fields",
        (
            Example("title:mosul", "in the title"),
            Example("author:stockton", "by an author"),
            Example('source:"socialist worker"', "from an outlet or site"),
            Example("date:2014-06..2015-05", "from that time; an end may be left open: 2014.."),
            Example("date:none", "without a date"),
            Example("path:1998/*", "in files of these paths; ** is any folders"),
            Example("in:title (mosul OR raqqa)", "all that stands around it is in the field"),
            Example("in:cuts donation", "in what was cut: menus, appeals, footers"),
            Example("raw:mosul", "in the files as they came"),
        ),
    ),
)

SLIPS = (
    "No query is an error but an empty one: what cannot be meant, such as an open parenthesis or a"
    " last OR, is read as the nearest sensible query, and the reading is said on stderr."
)
