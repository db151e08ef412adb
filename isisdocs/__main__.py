"""Where the program starts: what speeds up every run of it, then `cli`."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress

INTERRUPTED = 130


def main() -> None:
    """Run the program and exit."""
    if "_ISISDOCS_COMPLETE" in os.environ:  # a shell asks what could be typed
        from isisdocs import completion

        completion.main(sys.argv[1:])
        return
    # Imports make some 100,000 objects that stay. To look through them for garbage again and
    # again, and once more at the end, takes an eighth of a search's time.
    gc.set_threshold(200_000, 50, 50)
    # Shells turn Ctrl-C off for what runs in the background.
    hears = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if hears:
        signal.signal(signal.SIGINT, _leave)
    from isisdocs.index import glance

    glance.start(sys.argv[1:])
    try:
        from isisdocs.cli import main as run  # what takes long

        if hears:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        run()
    except SystemExit as done:
        if done.code == INTERRUPTED:
            # Python kills itself by the same signal in the end, and so has another exit code, where
            # Ctrl-C met an `exec` of source text, such as that which makes a data class.
            glance.end()
            with suppress(OSError):
                sys.stdout.flush()
            os._exit(INTERRUPTED)
        raise
    finally:
        if hears:
            # All is written; only the interpreter still has to put its things away.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        glance.end()
        gc.freeze()


def _leave(*_: object) -> None:
    """Leave before anything has begun: nothing is to be cleared up, and no import ends well."""
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
