"""`path:line` for a person's eyes, a link to the file where the terminal has links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text

from isisdocs.output.visible import visible_line

if TYPE_CHECKING:
    from isisdocs.output.location import Location


def placed(location: Location, article_id: str, line: int, column: int | None = None) -> Text:
    """Return `path:line`, or `path:line:column`."""
    place = f"{visible_line(location.path_of(article_id))}:{line}"
    if column is not None:
        place += f":{column}"
    return linked(Text(place, style="path"), location, article_id, line)


def linked(text: Text, location: Location, article_id: str, line: int) -> Text:
    """Make all of the text a link to a line of the article's file, and return it."""
    if link := location.link(article_id, line):
        text.stylize(Style(link=link))
    return text
