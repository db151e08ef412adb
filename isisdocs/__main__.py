"""Where the program starts: what speeds up every run of it, then `cli`."""

from __future__ import annotations

import gc
import os
import sys


def main() -> None:
    """Run the program and exit."""
    if "_ISISDOCS_COMPLETE" in os.environ:  # a shell asks what could be typed
        from isisdocs import completion

        completion.main(sys.argv[1:])
        return
    # Imports make some 100,000 objects that stay. To look through them for garbage again and
    # again, and once more at the end, takes an eighth of a search's time.
    gc.set_threshold(200_000, 50, 50)
    from isisdocs.index import glance

    glance.start(sys.argv[1:])
    try:
        from isisdocs.cli import main as run  # what takes long

        run()
    finally:
        glance.end()
        gc.freeze()


if __name__ == "__main__":
    main()
