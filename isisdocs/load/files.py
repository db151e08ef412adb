"""Read a file of the corpus, without ever waiting for it and without reading more than is wanted.

A pipe or a device is never opened: one blocks for ever, the other may do things. What is put in a
file's place between the look at it and its opening is found out before anything is read.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # the opening of a pipe waits for its other end
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_NO_LINKS = getattr(os, "O_NOFOLLOW", 0)


class NotOrdinary(Exception):  # noqa: N818  # it says what is there
    """There is something, but no file of bytes; the message says what."""


class TooLarge(Exception):  # noqa: N818
    """The file has more bytes than are wanted."""


def opened(path: Path, *, follow: bool = False) -> BufferedReader:
    """Open an ordinary file for reading; links are followed only where *follow* says so.

    Raises NotOrdinary for anything else, OSError where it cannot be read.
    """
    _check(path.stat() if follow else path.lstat(), is_link=follow and path.is_symlink())
    descriptor = os.open(path, _FLAGS | (0 if follow else _NO_LINKS))
    try:
        _check(os.fstat(descriptor))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read(path: Path, *, most: int, follow: bool = False) -> bytes:
    """Return the bytes of a file; errors are as for `opened`.

    Raises TooLarge where there are more than *most*, also where they become more while it is read.
    """
    with opened(path, follow=follow) as file:
        size = os.fstat(file.fileno()).st_size
        # One byte more tells whether that was all.
        data = file.read(min(size, most) + 1)
        while len(data) <= most and (more := file.read(most + 1 - len(data))):
            data += more
    if len(data) > most:
        raise TooLarge
    return data


def _check(status: os.stat_result, *, is_link: bool = False) -> None:
    mode = status.st_mode
    if stat.S_ISREG(mode):
        return
    if stat.S_ISLNK(mode):
        raise NotOrdinary("a link; `--follow` follows links")
    if stat.S_ISDIR(mode) and is_link:
        raise NotOrdinary("a link to a folder that is in the corpus already")
    if stat.S_ISDIR(mode):
        raise NotOrdinary("a folder that cannot be read")
    raise NotOrdinary(_KINDS.get(stat.S_IFMT(mode), "not an ordinary file"))


_KINDS = {
    stat.S_IFIFO: "a named pipe, not a file",
    stat.S_IFSOCK: "a socket, not a file",
    stat.S_IFCHR: "a device, not a file",
    stat.S_IFBLK: "a device, not a file",
}
