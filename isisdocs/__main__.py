"""Where the program starts: what speeds up every run of it, then `cli`.

Nothing is imported before Ctrl-C is heard but what Python has loaded by then: `_signal` is what
`signal` wraps, and `contextlib` would take longer than everything here.
"""

import _signal  # type: ignore[import-not-found]  # no stubs: nobody should need it
import os
import sys

INTERRUPTED = 130


def main() -> None:
    """Run the program and exit."""
    _fill_streams()
    # Shells turn Ctrl-C off for what runs in the background.
    hears = _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler
    if hears:
        _signal.signal(_signal.SIGINT, _leave)
    try:
        _run(hears=hears)
    except KeyboardInterrupt:  # between two lines of which neither hears it
        _leave()


def _run(*, hears: bool) -> None:
    if "_ISISDOCS_COMPLETE" in os.environ:  # a shell asks what could be typed
        from isisdocs import completion

        completion.main(sys.argv[1:])
        return
    import gc

    # Imports make some 100,000 objects that stay. To look through them for garbage again and
    # again, and once more at the end, takes an eighth of a search's time.
    gc.set_threshold(200_000, 50, 50)
    from isisdocs.index import glance

    glance.start(sys.argv[1:])
    try:
        from isisdocs.cli import main as run  # what takes long

        if hears:
            _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        run()
    except SystemExit as done:
        if done.code == INTERRUPTED:
            # Python kills itself by the same signal in the end, and so has another exit code, where
            # Ctrl-C met an `exec` of source text, such as that which makes a data class.
            glance.end()
            _flush()
            _leave()
        raise
    finally:
        if hears:
            # All is written; only the interpreter still has to put its things away.
            _signal.signal(_signal.SIGINT, _signal.SIG_IGN)
        glance.end()
        gc.freeze()


def _fill_streams() -> None:
    """Open what was closed of stdin, stdout and stderr, or the next file would be taken for it.

    From the one nothing is read, to the last what is written is lost, and to write results to a
    stdout that nobody has opened is an error.
    """
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # takes the lowest number that is free
    sys.stdin = sys.stdin or open(0)  # noqa: SIM115  # as long as the program runs
    sys.stdout = sys.stdout or open(1, "w")  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w")  # noqa: SIM115


def _flush() -> None:
    try:
        sys.stdout.flush()
    except (OSError, ValueError):  # nobody is there to read it
        return


def _leave(*_: object) -> None:
    """Leave at once: nothing has begun or all is cleared up, and no import ends well."""
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
