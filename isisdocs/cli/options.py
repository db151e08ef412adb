"""The options that several commands share, each with one meaning and one help text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Corpus = Annotated[
    Path | None,
    typer.Option(
        "--corpus",
        metavar="DIR",
        envvar="ISISDOCS_CORPUS",
        show_envvar=True,
        help="Folder of articles; without it, the one the index was made of, or seeds.",
    ),
]
Index = Annotated[
    Path | None,
    typer.Option(
        "--index",
        metavar="DIR",
        envvar="ISISDOCS_INDEX",
        show_envvar=True,
        help="Folder of the index; without it, index.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Write JSON.")]
QueryWords = Annotated[
    list[str],
    typer.Argument(
        metavar="QUERY...",
        help='Words, "a phrase", OR, -word, word*, =Word, title:word, a NEAR/5 b.',
        show_default=False,
    ),
]
AnyWord = Annotated[bool, typer.Option("--any", help="Find articles with any of the words.")]
Exact = Annotated[
    bool, typer.Option("--exact", help="Words as written: case, accents, no other endings.")
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="DATE", help="From then on: 2014, 2014-06, 2014-06-24."),
]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Up to and with then.")]
Author = Annotated[
    str | None, typer.Option("--author", metavar="NAME", help="Only articles by this author.")
]
Source = Annotated[
    str | None, typer.Option("--source", metavar="NAME", help="Only articles from this outlet.")
]
LooseDates = Annotated[
    bool,
    typer.Option(
        "--loose-dates",
        help="An article known as 2015-05 is in 2015-05-10.. too; else only in all of its month.",
    ),
]
Context = Annotated[
    int, typer.Option("--context", "-C", min=0, metavar="N", help="Sentences around each match.")
]
Rows = Annotated[
    int, typer.Option("--limit", "-m", min=0, metavar="N", help="Rows at most; 0: all.")
]
AtLeast = Annotated[
    int, typer.Option("--min", min=1, metavar="N", help="Leave out what is met less often.")
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Where to; without it, stdout."),
]
NoRefresh = Annotated[
    bool, typer.Option("--no-refresh", help="Do not look whether the corpus has changed.")
]
ArticleName = Annotated[
    str,
    typer.Argument(
        metavar="ARTICLE",
        help="A path, or the beginning of the file's name where only one article has it.",
        show_default=False,
    ),
]
