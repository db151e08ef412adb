"""What an article is in a tantivy index: fields, terms, stored bytes.

tantivy is given words already analysed, between spaces, and splits them there:

    text                     stems of title and body, with positions; the title stands in it as
                             often as it counts more, so that tantivy's BM25 is our BM25F
    body                     stems of the body, without positions: these are in `text`
    title, author, …         stems of every other field but `raw`, with positions
    raw                      stems of those texts of the untouched file that are neither in body
                             nor in cuts
    raw_lacks                stems in body or cuts that are nowhere in the untouched file
    body_folded, …           folded forms of each field, to look for patterns in
    body_exact, …            exact forms of each field
    body_joined, …           stems of the joined forms of each field; those of `raw` are in itself
    id                       of the article
    title_key, date          to sort by
    first_day, last_day      YYYYMMDD as a number; nothing where there is no date
    title_words, body_words  lengths
    article, words           stored: `engine.stored`, and `wording`
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import tantivy

from isisdocs import words
from isisdocs.engine import bm25f, stored
from isisdocs.engine.tantivy import wording
from isisdocs.fields import SEARCHED, Shared, raw_texts
from isisdocs.query import match
from isisdocs.query.tree import TEXT_FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from isisdocs.model import Article

TEXT = "text"
FOLDED, EXACT, JOINED = "_folded", "_exact", "_joined"
RAW, LACKING = "raw", "raw_lacks"
UNPLACED = ("body", RAW)
"""Fields of stems without positions."""
TITLE_COPIES = round(bm25f.FIELD_WEIGHTS["title"])

MAX_TITLE_KEY = 500
"""Titles are sorted by so many characters."""

_ODD = "\ufdd0"
"""Begins what stands for a byte of a path that is not UTF-8, which a Rust text cannot hold."""


def schema() -> tantivy.Schema:
    """Return the fields."""
    builder = tantivy.SchemaBuilder()

    def add(name: str, kept: str) -> None:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option=kept)

    add(TEXT, "position")
    for field in (*SEARCHED, LACKING):
        is_scored = field in TEXT_FIELDS
        add(field, "basic" if field in (*UNPLACED, LACKING) else "position")
        add(field + FOLDED, "freq" if is_scored else "basic")
        add(field + EXACT, "freq" if is_scored else "basic")
        if field not in (RAW, LACKING):
            add(field + JOINED, "basic")
    builder.add_text_field("id", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("title_key", fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("date", "first_day", "last_day", "title_words", "body_words"):
        builder.add_unsigned_field(name, fast=True)
    for name in ("article", "words"):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


def document(article: Article) -> tantivy.Document:
    """Return an article as tantivy takes it."""
    made = tantivy.Document()
    fields = wording.words_of(article)
    in_raw = raw_texts(article)
    for name, found in fields.items():
        if name == RAW:
            continue
        stems = [line.stems for line in found.lines]
        for text in [" ".join(stems)] if name in UNPLACED else stems:
            made.add_text(name, text)
        forms = _forms(found.lines)
        for layer in (EXACT, FOLDED, JOINED):
            if forms[layer]:
                made.add_text(name + layer, forms[layer])
        if name in TEXT_FIELDS:
            made.add_unsigned(f"{name}_words", found.word_count)
    _add_raw(made, fields, in_raw)
    titles = [*fields["title"].lines] * TITLE_COPIES
    for line in (*titles, *fields["body"].lines):
        made.add_text(TEXT, line.stems)
    made.add_text("id", id_key(article.id))
    title = words.fold(article.metadata.title[:MAX_TITLE_KEY])
    made.add_text("title_key", title.encode("utf-8", "replace").decode())
    if date := article.metadata.date:
        made.add_unsigned("date", int(date.replace("-", "").ljust(8, "0")))
        for name, day in zip(("first_day", "last_day"), match.days_of(date), strict=True):
            made.add_unsigned(name, day_number(day))
    made.add_bytes("article", stored.pack(article, in_raw))
    made.add_bytes("words", wording.pack(article, fields, in_raw))
    return made


def _forms(lines: Sequence[wording.Line]) -> dict[str, str]:
    """Return the forms of some texts by layer; their order means nothing."""
    joined = [form for line in lines for form in line.joined]
    exacts = [line.exacts for line in lines]
    if joined:
        exacts.append(" ".join([form.exact for form in joined]))
    return {
        EXACT: " ".join(exacts),
        FOLDED: " ".join(map(words.folded, exacts)),
        JOINED: " ".join([form.stem for form in joined]),
    }


def _add_raw(
    made: tantivy.Document,
    fields: Mapping[str, wording.FieldWords],
    in_raw: Sequence[str | Shared],
) -> None:
    """Add what makes the words of `raw` out of those of body and cuts, by layer.

    They are those of its own texts, and those of body and cuts without the ones it lacks.
    """
    lines = fields[RAW].lines
    own = [line for line, text in zip(lines, in_raw, strict=True) if isinstance(text, str)]
    shared = {text for text in in_raw if isinstance(text, Shared)}
    elsewhere = [
        line
        for field in ("body", "cuts")
        for number, line in enumerate(fields[field].lines)
        if (field, number) not in shared
    ]
    own_forms = _of_raw(own)
    for layer, forms in own_forms.items():
        made.add_text(RAW + layer, forms)
    if elsewhere:
        present = _of_raw(lines)
        for layer, forms in _of_raw(elsewhere).items():
            lacking = set(forms.split()).difference(present[layer].split())
            made.add_text(LACKING + layer, " ".join(sorted(lacking)))


def _of_raw(lines: Sequence[wording.Line]) -> dict[str, str]:
    """Return the forms of some texts, the stems of joined forms among the others."""
    forms = _forms(lines)
    stems = " ".join([*(line.stems for line in lines), forms[JOINED]])
    return {"": stems, EXACT: forms[EXACT], FOLDED: forms[FOLDED]}


def day_number(day: str) -> int:
    """Return a day as a number that sorts as the days do."""
    return int(day.replace("-", ""))


def id_key(id_: str) -> str:
    """Return an article's id as tantivy can hold it."""
    if id_.isascii():
        return id_
    return "".join(
        f"{_ODD}{ord(c):x}" if c == _ODD or "\ud800" <= c <= "\udfff" else c for c in id_
    )


def id_of(key: str) -> str:
    """Return the id that `id_key` made the key of."""
    if _ODD not in key:
        return key
    first, *rest = key.split(_ODD)
    return first + "".join(chr(int(part[:4], 16)) + part[4:] for part in rest)
