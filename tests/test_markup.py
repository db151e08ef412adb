"""Markdown goes, what only looks like it stays."""

from __future__ import annotations

import time

import pytest

from isisdocs.load.markup import Plain, plain


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("## A heading", "A heading"),
        ("### **Both**", "Both"),
        ("  * an item", "• an item"),
        ("  *   * nested", "• nested"),
        ("a [link](https://example.org/a_(b)) here", "a link here"),
        ('[titled](https://example.org "A (title)")', "titled"),
        ("[](https://example.org)", ""),
        ("[![alt](a.png)](b.html)", ""),
        ("## [ Headed ](/x)", "Headed"),
        ("**Source:** <https://example.org/a>", "Source: https://example.org/a"),
        ("_so_ and *so* and **so**", "so and so and so"),
        ("left over.__", "left over."),
        ("* * *", ""),
        ("*", "*"),
        ("#hashtag stays", "#hashtag stays"),
        (
            "snake_case_name, 3 * 4 * 5, [sic] (he said)",
            "snake_case_name, 3 * 4 * 5, [sic] (he said)",
        ),
        ("- Sappho", "- Sappho"),
        ("a\tb\u00a0c  d", "a b c d"),
    ],
)
def test_reader_sees(line: str, text: str) -> None:
    assert plain(line).text == text


def test_markup_is_described() -> None:
    assert plain("# [Home](/)") == Plain("Home", 1, False, 1.0, ())
    assert plain("  * ![a](b.png) half [half](/)") == Plain(
        "• half half", 0, True, 4 / 9, ("![a](b.png)",)
    )


@pytest.mark.parametrize(
    "unit", ["[a](", "[", "_a ", "**a ", '[a](b "', "a_", "*a ", "(", "![a](("]
)
def test_cost_is_linear_in_a_hostile_line(unit: str) -> None:
    line = unit * 200_000
    started = time.process_time()

    plain(line)

    assert time.process_time() - started < 60
