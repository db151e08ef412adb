"""`isisdocs doctor`: what is wrong in corpus and index."""

from __future__ import annotations

import sys

from isisdocs import settings as settings_
from isisdocs.cli import options
from isisdocs.index.health import examine
from isisdocs.output import health, structured
from isisdocs.output.console import for_results
from isisdocs.output.location import Location

EXAMPLE = "Example: isisdocs doctor --json"
PAGED = True


def command(
    corpus: options.Corpus = None,
    index: options.Index = None,
    as_json: options.Json = False,
) -> int:
    """Say what is wrong in corpus and index: damage, furniture, reprints, files left out.

    Nothing is built or changed. The exit code is 1 where the index is missing, damaged or stale.
    """
    settings = settings_.read(corpus, index)
    found = examine(settings)
    location = Location(found.corpus)
    if as_json:
        structured.write(sys.stdout, health.fields(found, settings.index, location))
    else:
        health.show(for_results(), found, location)
    return 1 if found.problem else 0
