"""Articles for tests, made from as little as a test wants to say."""

import os
import signal

from isisdocs.model import Article, Cut, Metadata, Paragraph
from isisdocs.passages import ArticleText
from isisdocs.query import tree
from isisdocs.query.parse import parse


def article(
    *texts: str,
    title: str = "",
    date: str | None = None,
    authors: tuple[str, ...] = (),
    outlet: str | None = None,
    path: str = "one.txt",
    cuts: tuple[str, ...] = (),
    raw: tuple[str, ...] = (),
) -> Article:
    """An article of one paragraph for each text, every second line of its file from 3 on.

    The lines of the file as it came are all of *raw*, from 1 on.
    """
    return Article(
        id=path,
        metadata=Metadata(title=title, authors=authors, date=date, outlet=outlet),
        title_line=1,
        paragraphs=tuple(Paragraph(3 + 2 * i, text) for i, text in enumerate(texts)),
        repairs=(),
        cuts=tuple(Cut(90 + i, text, "appeal") for i, text in enumerate(cuts)),
        encoding="utf-8",
        sha256="",
        raw=tuple(Paragraph(1 + i, text) for i, text in enumerate(raw)),
    )


def hear_ctrl_c() -> None:
    """Make a process that is about to start hear SIGINT, which shells turn off in the background.

    For `preexec_fn`.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def unmeasured() -> dict[str, str]:
    """Return an environment in which a process does not measure its coverage.

    For one that is interrupted: in the middle of its measuring it would wait for itself forever.
    """
    return {name: value for name, value in os.environ.items() if "COVERAGE" not in name}


def is_found(query: str, made: Article, **options: object) -> bool:
    """Whether a scan of the article's words finds it."""
    text = ArticleText(made)
    node = parse(query, **options).node  # type: ignore[arg-type]
    return tree.holds(node, text.leaf_spans, text.filter_holds)
