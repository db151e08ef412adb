"""The vocabulary says what it can about itself."""

from __future__ import annotations

import pytest

from isisdocs.model import Metadata, Paragraph


@pytest.mark.parametrize(
    ("outlet", "url", "source"),
    [
        ("The Paper", "https://example.org/1", "The Paper"),
        (None, "https://www.example.org/1", "example.org"),
        (None, "https://news.example.org", "news.example.org"),
        (None, "http://[", None),
        (None, "no address", None),
        (None, None, None),
        ("", "https://example.org", "example.org"),
    ],
)
def test_source_is_the_outlet_or_else_the_host(
    outlet: str | None, url: str | None, source: str | None
) -> None:
    assert Metadata(outlet=outlet, url=url).source == source


def test_characters_know_the_line_of_the_file_they_came_from() -> None:
    joined = Paragraph(3, "one two three", ((4, 5), (8, 6)))

    assert [joined.line_at(offset) for offset in (0, 3, 4, 7, 8, 12)] == [3, 3, 5, 5, 6, 6]
    assert Paragraph(3, "one").line_at(2) == 3
