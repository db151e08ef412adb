"""Where the articles and the index are, and what the user has decided for a corpus.

A flag beats an environment variable, which beats `isisdocs.toml`, which beats the default. The file
is looked for in the current folder and the folders above it; folders it names are relative to it.

    corpus = "articles"          # folder of articles
    index = ".index"             # where the index is kept
    links = "auto"               # of `path:line` in a terminal: auto, never, always or a URL
    engine = "tantivy"           # what keeps it; without this, the one there is, or Whoosh

    [load]
    encoding = "cp1252"          # for files that are not UTF-8 and do not say
    threshold = 0.3              # repairs less sure than this are not made, 0 to 1
    keep = ["^Translated by"]    # lines that stay whatever the loader thinks of them
    drop = ["^Reading time"]     # lines that go
    strip = true                 # false: leave every line in
    max_file_size = "16 MB"      # larger files are skipped, and said to be
    follow = false               # true: links are followed, as with `isisdocs index --follow`

    [encodings]                  # of single files, whatever their bytes look like: the first holds
    "1998/*.txt" = "cp1250"      # paths inside the corpus; `**/` is any folders

    [synonyms]
    isis = ["isil", "daesh", "islamic state"]

What a reader decided about single repairs is beside it, in `repairs.toml`; without an
`isisdocs.toml`, in the current folder.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from isisdocs import sidecar
from isisdocs.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from isisdocs.sidecar import Decided

FILE_NAME = "isisdocs.toml"
DEFAULT_CORPUS = Path("seeds")
DEFAULT_INDEX = Path("index")
ENGINES = ("whoosh", "tantivy")

LINKS_AUTO, LINKS_NEVER, LINKS_ALWAYS = "auto", "never", "always"
_UNITS = {"": 1, "B": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30}
DEFAULT_MAX_FILE_SIZE = 16 * _UNITS["MB"]


@dataclass(frozen=True, slots=True)
class LoadSettings:
    """How files become articles. A change in these rebuilds the index."""

    encoding: str | None = None
    """Of files that are not UTF-8 and do not say."""
    threshold: float = 0.3
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    strip: bool = True
    encodings: tuple[tuple[str, str], ...] = ()
    """Globs of paths inside the corpus and the encoding of what they match; the first holds."""
    max_file_size: int = DEFAULT_MAX_FILE_SIZE
    """Bytes of the largest file that is read."""
    follow: bool | None = None
    """Whether links are followed; None: as when the index was made, and at first not. No part of
    what makes two settings read a file differently, so that a change is seen in the listing."""
    decisions: Mapping[str, tuple[Decided, ...]] = field(default_factory=dict)
    """What a reader decided about single repairs, by the article's path inside the corpus."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What has been decided for this run."""

    corpus: Path | None
    """The folder of articles; None where nobody named one, so that the index's own is meant."""
    index: Path
    load: LoadSettings = LoadSettings()
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: str = LINKS_AUTO
    """Whether `path:line` is a link in a terminal, or the URL with `{path}` that it leads to."""
    engine: str | None = None
    """One of ENGINES; None where nobody named one, so that the index's own is meant."""
    decisions_path: Path = Path(sidecar.FILE_NAME)
    """Where decisions about repairs are kept."""


def read(
    corpus: Path | None = None, index: Path | None = None, engine: str | None = None
) -> Settings:
    """Return the settings for this run, *corpus*, *index* and *engine* being what flags said.

    SettingsError where `isisdocs.toml` or `repairs.toml` is not what it should be.
    """
    settings = _from_file(_find_file(Path.cwd()))
    if decisions := sidecar.read(settings.decisions_path):
        settings = replace(settings, load=replace(settings.load, decisions=decisions))
    if named := os.environ.get("ISISDOCS_CORPUS"):
        settings = replace(settings, corpus=Path(named))
    if named := os.environ.get("ISISDOCS_INDEX"):
        settings = replace(settings, index=Path(named))
    if links := os.environ.get("ISISDOCS_LINKS"):
        if not _is_links(links):
            raise SettingsError(f"ISISDOCS_LINKS must be {_LINKS}, not {links!r}")
        settings = replace(settings, links=links)
    if named := os.environ.get("ISISDOCS_ENGINE"):
        if named not in ENGINES:
            raise SettingsError(f"ISISDOCS_ENGINE is {named!r}", hint=_ENGINES_HINT)
        settings = replace(settings, engine=named)
    return replace(
        settings,
        corpus=corpus or settings.corpus,
        index=index or settings.index,
        engine=engine or settings.engine,
    )


def _find_file(folder: Path) -> Path | None:
    return next(
        (path for parent in (folder, *folder.parents) if (path := parent / FILE_NAME).is_file()),
        None,
    )


def _from_file(path: Path | None) -> Settings:
    if path is None:
        return Settings(corpus=None, index=DEFAULT_INDEX)
    import tomllib  # 2 ms that only a settings file costs

    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"cannot read {path}: {error}", hint="mend it or remove it") from error
    table = _Table(path, "", content)
    load = table.table("load")
    encodings, synonyms = table.table("encodings"), table.table("synonyms")
    corpus, index = table.text("corpus"), table.text("index")
    links = table.text("links") or LINKS_AUTO
    if not _is_links(links):
        raise SettingsError(f"{path}: `links` must be {_LINKS}", hint="see README")
    settings = Settings(
        corpus=path.parent / corpus if corpus else None,
        index=path.parent / index if index else DEFAULT_INDEX,
        load=LoadSettings(
            encoding=load.encoding("encoding") if "encoding" in load.content else None,
            threshold=load.fraction("threshold", 0.3),
            keep=load.patterns("keep"),
            drop=load.patterns("drop"),
            strip=load.flag("strip", default=True),
            max_file_size=load.size("max_file_size", DEFAULT_MAX_FILE_SIZE),
            follow=load.flag("follow", default=False) if "follow" in load.content else None,
            encodings=tuple((glob, encodings.encoding(glob)) for glob in [*encodings.content]),
        ),
        engine=table.one_of("engine", ENGINES),
        synonyms={word: synonyms.texts(word) for word in list(synonyms.content)},
        links=links,
        decisions_path=path.parent / sidecar.FILE_NAME,
    )
    for part in (load, synonyms, table):
        part.refuse_the_rest()
    return settings


_LINKS = "`auto`, `never`, `always` or a URL with `{path}` in it"


def _is_links(text: str) -> bool:
    return text in (LINKS_AUTO, LINKS_NEVER, LINKS_ALWAYS) or ("{path}" in text and ":" in text)


class _Table:
    """One table of the file; takes out what it is asked for, and complains of what it is not."""

    def __init__(self, path: Path, name: str, content: dict[str, Any]) -> None:
        self.content = content
        self._path = path
        self._name = name

    def table(self, key: str) -> _Table:
        value = self.content.pop(key, {})
        if not isinstance(value, dict):
            raise self._wrong(key, "a table")
        return _Table(self._path, f"{key}.", value)

    def text(self, key: str) -> str | None:
        value = self.content.pop(key, None)
        if value is not None and not isinstance(value, str):
            raise self._wrong(key, "a text")
        return value

    def one_of(self, key: str, names: Sequence[str]) -> str | None:
        value = self.text(key)
        if value not in (None, *names):
            raise self._wrong(key, " or ".join(f"`{name}`" for name in names))
        return value

    def encoding(self, key: str) -> str:
        """Return a name that Python decodes text by."""
        name = self.text(key) or ""
        try:
            b"a".decode(name, "replace")
        except (LookupError, ValueError) as error:
            raise self._wrong(key, "an encoding", _encodings_like(name)) from error
        return name

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.content.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wrong(key, "a list of texts")
        return tuple(value)

    def patterns(self, key: str) -> tuple[str, ...]:
        patterns = self.texts(key)
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                raise self._wrong(key, f"a list of regular expressions ({error})") from error
        return patterns

    def fraction(self, key: str, default: float) -> float:
        value = self.content.pop(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise self._wrong(key, "a number from 0 to 1")
        return float(value)

    def size(self, key: str, default: int) -> int:
        """Return a number of bytes, which may be written with a unit of 1,024, such as `16 MB`."""
        value = self.content.pop(key, default)
        if isinstance(value, str) and (match := _SIZE.fullmatch(value.strip())):
            number, unit = match[1], match[2].upper().replace("I", "")
            if unit in _UNITS:
                value = int(float(number) * _UNITS[unit])
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise self._wrong(key, "a number of bytes", 'such as `"16 MB"`')
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.content.pop(key, default)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false")
        return value

    def refuse_the_rest(self) -> None:
        if self.content:
            name = f"{self._name}{next(iter(self.content))}"
            raise SettingsError(f"{self._path}: `{name}` is not a setting", hint="see README")

    def _wrong(self, key: str, wanted: str, hint: str = "see README") -> SettingsError:
        return SettingsError(f"{self._path}: `{self._name}{key}` must be {wanted}", hint=hint)


def in_units(size: int) -> str:
    """Return a number of bytes as one would write it.

    >>> in_units(16 * 2**20), in_units(1536), in_units(100)
    ('16 MB', '1.5 KB', '100 B')
    """
    unit = next(unit for unit in ("GB", "MB", "KB", "B") if size >= _UNITS[unit] or unit == "B")
    return f"{size / _UNITS[unit]:.4g} {unit}"


_SIZE = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)\s*([A-Za-z]{0,3})")


_ENGINES_HINT = "there are `whoosh` and `tantivy`"


def _encodings_like(name: str) -> str:
    """Return a hint which encoding may have been meant."""
    from difflib import get_close_matches  # a slip only
    from encodings.aliases import aliases

    known = sorted({one.replace("_", "-") for one in (*aliases, *aliases.values())})
    near = get_close_matches(name.lower().replace("_", "-"), known, n=1)
    return f"`{near[0]}` is one" if near else "such as `utf-8`, `cp1252` or `mac-roman`"
