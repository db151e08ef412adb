"""`isisdocs schema`: what the JSON that other commands write looks like."""

from __future__ import annotations

import sys
from importlib.resources import files

EXAMPLE = "Example: isisdocs schema > isisdocs.schema.json"
PAGED = True


def command() -> None:
    """Print the JSON Schema of what --json writes."""
    text = files("isisdocs.output").joinpath("schema.json").read_text(encoding="utf-8")
    sys.stdout.write(text)
