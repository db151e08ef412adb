"""Pages of many kinds, all invented: no line of an article is lost, whatever it looks like.

A page's file says its title, authors (parted by `;`) and date, as precise as known. Below, each
line starts with `+` where it is the article's, `-` where it is furniture, `~` where it may go or
stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from isisdocs.load import corpus
from isisdocs.model import Article, Metadata
from isisdocs.settings import LoadSettings

PAGES = sorted((Path(__file__).parent / "kinds").glob("*.page"))


@dataclass(frozen=True)
class Page:
    title: str
    authors: tuple[str, ...]
    date: str | None
    lines: list[str]
    marks: list[str]

    @property
    def cleaned(self) -> Article:
        return corpus.article("page.txt", "\n".join(self.lines).encode(), LoadSettings())


def read(path: Path) -> Page:
    head, _, body = path.read_text(encoding="utf-8").partition("\n\n")
    title, authors, date = (
        line.partition(": ")[2].strip() for line in (head + "\n").split("\n")[:3]
    )
    lines = body.rstrip("\n").split("\n")
    return Page(
        title,
        tuple(name.strip() for name in authors.split(";") if name),
        date or None,
        [line[2:] for line in lines],
        [line[:1] for line in lines],
    )


def kept_lines(article: Article) -> set[int]:
    joined = {line for p in article.paragraphs for _, line in p.later_lines}
    return joined | {paragraph.line for paragraph in article.paragraphs} | {article.title_line}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_line_of_the_article_is_lost(path: Path) -> None:
    page = read(path)

    kept = kept_lines(page.cleaned)

    wanted = [n for n, mark in enumerate(page.marks, 1) if mark == "+"]
    assert [page.lines[n - 1] for n in wanted if n not in kept] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_title_authors_and_date_are_as_the_page_has_them(path: Path) -> None:
    page = read(path)

    found = page.cleaned.metadata

    assert Metadata(found.title, found.authors, found.date) == Metadata(
        page.title, page.authors, page.date
    )


def test_nine_lines_of_furniture_in_ten_are_cut() -> None:
    furniture = left = 0
    for page in map(read, PAGES):
        kept = kept_lines(page.cleaned)
        numbers = [n for n, mark in enumerate(page.marks, 1) if mark == "-"]
        furniture += len(numbers)
        left += sum(n in kept for n in numbers)

    assert furniture > 130
    assert 10 * left <= furniture
