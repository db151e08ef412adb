"""A folder of files as a stream of articles, and of those that cannot be one, with the reason."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from isisdocs.errors import place_of
from isisdocs.load import decode, files, paragraphs, repair, seams, untouched, webpage
from isisdocs.load.clean import clean, clean_blocks
from isisdocs.load.ledger import line_starts
from isisdocs.load.overrides import encoding_of
from isisdocs.load.places import Places
from isisdocs.model import Article, Cut, Metadata, Paragraph, Repair, Skipped
from isisdocs.settings import in_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from isisdocs.load.evidence import Evidence
    from isisdocs.settings import LoadSettings
    from isisdocs.sidecar import Decided

TEXT_SUFFIXES = frozenset({".txt", ".md"})
RECORD_SUFFIXES = frozenset({".jsonl"})
_SUFFIXES = TEXT_SUFFIXES | RECORD_SUFFIXES | webpage.SUFFIXES


def load(
    folder: Path,
    path: str,
    settings: LoadSettings,
    evidence: Evidence | None = None,
    *,
    known_as: str | None = None,
) -> list[Article | Skipped]:
    """Return the articles in one file of the corpus: one, or for records one for each line.

    *evidence* is what the rest of the corpus says about its lines and words. *known_as* is the
    path inside the corpus where *folder* is not the corpus: by it the settings name encodings and
    decisions.
    """
    known_as = known_as or path
    data = _read(folder, path, settings)
    if isinstance(data, Skipped):
        return [data]
    if _holds_records(path):
        return list(_records(path, data, settings, evidence, known_as))
    return [attempt(path, data, settings, evidence, known_as=known_as)]


def attempt(
    id_: str,
    data: bytes,
    settings: LoadSettings,
    evidence: Evidence | None = None,
    *,
    known_as: str | None = None,
    is_page: bool | None = None,
) -> Article | Skipped:
    """Return what `article` does, or why it cannot.

    A text that the loader itself fails at is skipped, with the place of the fault: no one file
    may cost the user all others.
    """
    try:
        return article(id_, data, settings, evidence, known_as=known_as, is_page=is_page)
    except decode.BinaryData:
        return Skipped(id_, "binary, not text")
    except Exception as error:  # noqa: BLE001  # what nobody foresaw
        return _fault(id_, error)


def _fault(id_: str, error: Exception) -> Skipped:
    """Return what is said of a text that the loader failed at."""
    where = f"{type(error).__name__} at {place_of(error)}"
    return Skipped(id_, f"a fault of isisdocs, please report it: {where}")


def texts(folder: Path, path: str, settings: LoadSettings) -> Iterator[tuple[str, str]]:
    """Yield id and decoded text of every article that `load` returns, before it is cleaned.

    A text that cannot even be decoded yields nothing; `load` says why.
    """
    data = _read(folder, path, settings)
    if isinstance(data, Skipped):
        return
    if _holds_records(path):
        for id_, _, record in _parsed(path, data):
            if isinstance(record, dict):
                yield id_, record["text"]
        return
    with suppress(Exception):  # BinaryData, and what nobody foresaw
        text = _decode(data, path, settings).text
        if _is_page(path):
            text = "\n".join(block.text for block in webpage.blocks(text))
        yield path, text


def _read(folder: Path, path: str, settings: LoadSettings) -> bytes | Skipped:
    """Return what is in the file, or why it is no file that holds articles."""
    file = folder / path
    suffix = file.suffix.lower()
    follow = bool(settings.follow)
    try:
        if suffix not in _SUFFIXES or (suffix in webpage.SUFFIXES and not webpage.can_read()):
            files.opened(file, follow=follow).close()  # what is no file is said to be that
            if suffix in _SUFFIXES:
                return Skipped(path, webpage.MISSING)
            return Skipped(path, f"{suffix or 'a file without an ending'} is not a kind it reads")
        data = files.read(file, most=settings.max_file_size, follow=follow)
    except files.NotOrdinary as error:
        return Skipped(path, str(error))
    except files.TooLarge:
        return Skipped(path, f"larger than `max_file_size`, {in_units(settings.max_file_size)}")
    except OSError as error:
        return Skipped(path, f"cannot be read: {error.strerror}")
    return data if data.strip() else Skipped(path, "empty")


def _holds_records(path: str) -> bool:
    return PurePath(path).suffix.lower() in RECORD_SUFFIXES


def _is_page(path: str) -> bool:
    return PurePath(path).suffix.lower() in webpage.SUFFIXES


def article(
    id_: str,
    data: bytes,
    settings: LoadSettings,
    evidence: Evidence | None = None,
    *,
    known_as: str | None = None,
    is_page: bool | None = None,
) -> Article:
    """Return the cleaned article in the bytes of a file; BinaryData where they are not text.

    *is_page* tells whether it is a web page with its tags; without it the file's name does.
    """
    known_as = known_as or id_
    decoded = _decode(data, known_as, settings)
    sha256 = hashlib.sha256(data).hexdigest()
    decisions = settings.decisions.get(known_as, ())
    if _is_page(known_as) if is_page is None else is_page:
        return _clean_page(
            id_,
            decoded.original,
            settings,
            evidence,
            decoded.encoding,
            sha256,
            decisions=decisions,
        )
    return _clean(
        id_,
        decoded.original,
        settings,
        evidence,
        decoded.encoding,
        sha256,
        decisions=decisions,
        decoding=decoded.repairs,
    )


def _decode(data: bytes, known_as: str, settings: LoadSettings) -> decode.Decoded:
    encoding = encoding_of(known_as, settings)
    return decode.decode(data, encoding=encoding, otherwise=settings.encoding)


def decoded_lines(id_: str, data: bytes, settings: LoadSettings) -> list[str]:
    """Return the lines of an article's file before repair, as its repairs count in them.

    A record's line is its text, whatever lines that has of its own; other lines are empty.
    """
    name, _, number = id_.rpartition("#")
    if number.isdecimal() and name.lower().endswith(tuple(RECORD_SUFFIXES)):
        line = int(number)
        try:
            record = _record(data.split(b"\n")[line - 1])
        except (ValueError, IndexError):
            return []
        text: str = record["text"]
        return [""] * (line - 1) + [text]
    text = _decode(data, id_, settings).original
    if not _is_page(id_):
        return text.split("\n")
    by_number = Places(webpage.blocks(text)).lines
    return [by_number.get(number, "") for number in range(1, max(by_number, default=0) + 1)]


def _clean(
    id_: str,
    text: str,
    settings: LoadSettings,
    evidence: Evidence | None,
    encoding: str,
    sha256: str,
    *,
    decisions: Iterable[Decided],
    decoding: Sequence[Repair] = (),
) -> Article:
    repaired = repair.repair(
        text,
        lexicon=evidence.lexicon if evidence else None,
        threshold=settings.threshold,
        decisions=repair.place(text, decisions),
        decoding=decoding,
    )
    cleaned = clean(
        repaired.text.split("\n"),
        recurring=evidence.recurring if evidence else None,
        keep=settings.keep,
        drop=settings.drop,
        strip=settings.strip,
    )
    joined = paragraphs.join(cleaned.paragraphs)
    joins = seams.locate(joined.repairs, text, repaired.repairs)
    return Article(
        id=id_,
        metadata=cleaned.metadata,
        title_line=cleaned.title_line,
        paragraphs=joined.paragraphs,
        repairs=tuple(
            sorted(
                (*repaired.repairs, *joins),
                key=lambda r: (r.line, r.column),
            )
        ),
        cuts=cleaned.cuts,
        encoding=encoding,
        sha256=sha256,
        raw=untouched.units(text, joined.paragraphs),
    )


def _clean_page(
    id_: str,
    html: str,
    settings: LoadSettings,
    evidence: Evidence | None,
    encoding: str,
    sha256: str,
    *,
    decisions: Iterable[Decided],
) -> Article:
    """Return the article of a web page: each of its blocks is cleaned as a line is."""
    page = webpage.read(html)
    text = "\n".join(block.text for block in page.blocks)
    repaired = repair.repair(
        text,
        lexicon=evidence.lexicon if evidence else None,
        threshold=settings.threshold,
        decisions=repair.place(text, decisions),
        decoding=decode.mojibake(text),
    )
    lines = repaired.text.split("\n")
    recurring = evidence.recurring if evidence else None
    kept = {number + 1 for number in page.kept}
    if kept:
        cleaned = clean_blocks(
            lines,
            kept,
            page.metadata,
            recurring=recurring,
            keep=settings.keep,
            drop=settings.drop,
            strip=settings.strip,
        )
    else:  # no article was found by the tags
        cleaned = clean(
            lines,
            recurring=recurring,
            keep=settings.keep,
            drop=settings.drop,
            strip=settings.strip,
        )
    by_block: dict[int, list[Repair]] = {}
    for made in repaired.repairs:
        by_block.setdefault(made.line, []).append(made)
    places = Places(page.blocks)
    return Article(
        id=id_,
        metadata=cleaned.metadata,
        title_line=places.line(cleaned.title_line) if page.blocks else 1,
        paragraphs=tuple(
            places.paragraph(paragraph, by_block.get(paragraph.line, ()))
            for paragraph in cleaned.paragraphs
        ),
        repairs=tuple(map(places.repair, repaired.repairs)),
        cuts=tuple(map(places.cut, cleaned.cuts)),
        encoding=encoding,
        sha256=sha256,
        raw=page.blocks,
    )


def _records(
    path: str,
    data: bytes,
    settings: LoadSettings,
    evidence: Evidence | None,
    known_as: str,
) -> Iterator[Article | Skipped]:
    """Yield the articles of a file with one JSON object in each line."""
    for id_, line, record in _parsed(path, data):
        if isinstance(record, Skipped):
            yield record
            continue
        sha256 = hashlib.sha256(line).hexdigest()
        number = id_.rpartition("#")[2]
        decisions = settings.decisions.get(f"{known_as}#{number}", ())
        text = record["text"]
        try:
            made = _clean(id_, text, settings, evidence, "utf-8", sha256, decisions=decisions)
            found: Article | Skipped = _with_fields(made, record, int(number))
        except Exception as error:  # noqa: BLE001  # what nobody foresaw
            found = _fault(id_, error)
        yield found


def _parsed(path: str, data: bytes) -> Iterator[tuple[str, bytes, dict[str, Any] | Skipped]]:
    """Yield id, line and record of every line that has something in it."""
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        id_ = f"{path}#{number}"
        try:
            record = _record(line)
        except ValueError as error:
            yield id_, line, Skipped(id_, f"not a record: {error}")
        else:
            yield id_, line, record


def _record(line: bytes) -> dict[str, Any]:
    """Return the record in a line; ValueError where there is none."""
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise ValueError("no object with a `text`")  # its data is wrong, not ours
    return record


def _with_fields(article: Article, record: dict[str, Any], line: int) -> Article:
    """Return the article of a record: its fields beat what was found in the text."""
    found = article.metadata

    def field(*names: str) -> str | None:
        value = next((record[name] for name in names if record.get(name)), None)
        return str(value) if isinstance(value, str | int) else None

    starts = line_starts(record["text"])
    authors = record.get("authors") or record.get("author") or found.authors
    if isinstance(authors, str):
        authors = [authors]
    return Article(
        id=article.id,
        metadata=Metadata(
            title=field("title") or found.title,
            authors=tuple(str(author) for author in authors),
            date=field("date") or found.date,
            issue=field("issue") or found.issue,
            url=field("url") or found.url,
            outlet=field("outlet", "source") or found.outlet,
        ),
        title_line=line,
        # Everything stands in one line of the file, whatever lines the text has of its own.
        paragraphs=tuple(Paragraph(line, paragraph.text) for paragraph in article.paragraphs),
        repairs=tuple(
            _moved(repair, line, starts[repair.line - 1] + repair.column)
            for repair in article.repairs
        ),
        cuts=tuple(Cut(line, cut.text, cut.rule) for cut in article.cuts),
        encoding=article.encoding,
        sha256=article.sha256,
        raw=tuple(Paragraph(line, unit.text) for unit in article.raw),
    )


def _moved(repair: Repair, line: int, column: int) -> Repair:
    return Repair(line, column, repair.before, repair.after, repair.rule, repair.confidence)
