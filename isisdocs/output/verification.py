"""What was found for the quotations of a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from isisdocs.explore.verify import TRIED, Kept, Verdict
from isisdocs.output.places import placed
from isisdocs.output.visible import visible_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from isisdocs.explore.verify import Checked, Edit
    from isisdocs.output.location import Location

SHOWN_SOURCES = 3
_INDENT = "    "
_STYLES = {Verdict.EXACT: "added", Verdict.NOT_FOUND: "removed"}


def show(console: Console, draft: str, checked: Sequence[Checked], location: Location) -> None:
    """Print each quotation with its verdict, then where it stands or how it differs."""
    for one in checked:
        place = f"{visible_line(draft)}:{one.quotation.line}"
        quote = " ".join(one.quotation.text.split())
        verdict = (one.verdict.value, _STYLES.get(one.verdict, "match"))
        line = Text.assemble((place, "path"), ": ", verdict, f": {visible_line(quote)}")
        console.print(line, soft_wrap=True)
        for source in one.sources[:SHOWN_SOURCES]:
            text = Text.assemble(_INDENT, placed(location, source.id, source.line))
            if one.diff:
                text.append("  ").append_text(_diff(one.diff))
            elif one.verdict is not Verdict.EXACT:
                text.append(f"  {visible_line(source.text)}")
            console.print(text, soft_wrap=True)
        if (more := len(one.sources) - SHOWN_SOURCES) > 0:
            console.print(f"{_INDENT}and {more:,} more", soft_wrap=True)


def fields(draft: str, checked: Sequence[Checked], searched: dict[str, Any]) -> dict[str, Any]:
    """Return the same for JSON; *searched* is what the quotations were compared with."""
    return {
        "format_version": 1,
        "draft": draft,
        "searched": {**searched, "tried": list(TRIED)},
        "quotations": [_fields(one) for one in checked],
    }


def _fields(one: Checked) -> dict[str, Any]:
    return {
        "line": one.quotation.line,
        "text": one.quotation.text,
        "attributed_to": [*one.quotation.stated, *one.quotation.names],
        "verdict": one.verdict.value,
        "sources": [{"id": s.id, "line": s.line, "text": s.text} for s in one.sources],
        "diff": [{"in": edit.kept.value, "text": edit.text} for edit in one.diff],
    }


def _diff(edits: Sequence[Edit]) -> Text:
    text = Text()
    for number, edit in enumerate(edits):
        words = visible_line(edit.text)
        if number:
            text.append(" ")
        if edit.kept is Kept.DRAFT:
            text.append(f"[-{words}-]", "removed")
        elif edit.kept is Kept.CORPUS:
            text.append(f"{{+{words}+}}", "added")
        else:
            text.append(words)
    return text
