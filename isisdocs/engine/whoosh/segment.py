"""One Whoosh segment: written from articles, and read as columns and postings."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whoosh.reading import TermNotFound

from isisdocs import words
from isisdocs.durable import sync
from isisdocs.engine import stored
from isisdocs.engine.whoosh import lexicon
from isisdocs.engine.whoosh.format import (
    CODEC,
    COLUMNS,
    FORMS,
    INDEX_NAME,
    LISTS,
    MAX_NARROW,
    STEMS,
    WORDS,
    PostingList,
    encode,
    form_key,
    to_bytes,
)
from isisdocs.engine.whoosh.lexicon import Lexicon
from isisdocs.errors import IndexStoreError
from isisdocs.fields import SEARCHED, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from whoosh.codec.whoosh3 import W3Segment
    from whoosh.filedb.filestore import FileStorage

    from isisdocs.model import Article

_ALL = b"all"
"""The one term of a field of words."""


class SegmentBuilder:
    """Collects articles in memory and writes them as one Whoosh segment."""

    def __init__(self, storage: FileStorage) -> None:
        self._storage = storage
        self._articles: list[tuple[Article, dict[str, int]]] = []
        self._forms: dict[str, dict[str, PostingList]] = {name: {} for name in SEARCHED}
        self.posting_count = 0

    def add(self, article: Article) -> None:
        """Take an article in; its document number is the count of those before."""
        document = len(self._articles)
        lengths: dict[str, int] = {}
        for name in SEARCHED:
            texts = texts_of(article, name)
            forms, length = words.occurrences(texts)
            lengths[name] = length
            by_form = self._forms[name]
            last_position = length + (len(texts) + 1) * words.PARAGRAPH_GAP
            is_small = document <= 0xFFFF and last_position < MAX_NARROW
            for exact, places in forms.items():
                found = by_form.get(exact)
                if found is None:
                    found = by_form[exact] = PostingList.narrow()
                if not (is_small and len(places) < 256) and not found.is_wide:
                    found = by_form[exact] = found.widened()
                documents, counts, codes = found
                documents.append(document)
                counts.append(len(places))
                if len(places) == 1:
                    codes.append(encode(places[0]))
                else:
                    codes.extend(map(encode, places))
            self.posting_count += len(forms)
        self._articles.append((article, lengths))

    def __len__(self) -> int:
        return len(self._articles)

    def write(self) -> str:
        """Write the segment and return its name and size, as `commit` reads them."""
        segment = CODEC.new_segment(self._storage, INDEX_NAME)
        self._write_columns(segment)
        self._write_postings(segment)
        segment.set_doc_count(len(self._articles))
        for name in segment.list_files(self._storage):
            sync(Path(self._storage.folder) / name)
        return f"{segment.segid}:{len(self._articles)}"

    def _write_columns(self, segment: Any) -> None:
        writer = CODEC.per_document_writer(self._storage, segment)
        for document, (article, lengths) in enumerate(self._articles):
            values = {
                "id": article.id.encode("utf-8", "surrogateescape"),
                "date": (article.metadata.date or "").encode(),
                "title_text": article.metadata.title.encode("utf-8", "surrogatepass"),
                "article": stored.pack(article),
                "title_length": lengths["title"],
                "body_length": lengths["body"],
            }
            writer.start_doc(document)
            for name, value in values.items():
                writer.add_column_value(name, COLUMNS[name], value)
            writer.finish_doc()
        writer.close()

    def _write_postings(self, segment: Any) -> None:
        writer = CODEC.field_writer(self._storage, segment)

        def write(field: str, values: Iterable[tuple[bytes, int, bytes]]) -> None:
            writer.start_field(field, LISTS)
            for term, count, value in values:
                writer.start_term(term)
                writer.add(0, count, value, None)
                writer.finish_term()
            writer.finish_field()

        # Whoosh wants fields and terms in order.
        for name in sorted(SEARCHED):
            lists: dict[bytes, PostingList] = {}
            stems: dict[bytes, list[bytes]] = defaultdict(list)
            for exact, found in self._forms[name].items():
                folded = words.fold(exact)
                term = to_bytes(form_key(folded, exact))
                lists[term] = found
                stems[to_bytes(words.stem(folded))].append(term)
            terms = sorted(lists)
            write(name + FORMS, ((t, len(lists[t].documents), lists[t].pack()) for t in terms))
            write(name + STEMS, ((s, 1, b"\n".join(stems[s])) for s in sorted(stems)))
            if terms:
                counts = (len(lists[term].documents) for term in terms)
                write(name + WORDS, [(_ALL, len(terms), lexicon.pack(terms, counts))])
        writer.close()


class SegmentReader:
    """One segment's columns and postings; documents are numbered from *base*."""

    def __init__(self, storage: FileStorage, segment: W3Segment, *, base: int) -> None:
        self.base = base
        self.size = segment.doc_count_all()
        self.deleted = frozenset(segment.deleted_docs())
        columns = CODEC.per_document_reader(storage, segment)
        self._columns = columns
        try:
            # All at once: a writer may delete the files while we have them open.
            self._loaded = {
                name: columns.column_reader(name, column) for name, column in COLUMNS.items()
            }
            self._terms = CODEC.terms_reader(storage, segment)
        except Exception as error:
            # Whoosh raises whatever its parsing of the bytes runs into.
            columns.close()
            raise IndexStoreError(
                f"the index is damaged: {error}", hint="build it anew: `isisdocs index --rebuild`"
            ) from error
        self._lexicons: dict[str, Lexicon] = {}

    def column(self, name: str) -> Any:
        """Return the reader of a column."""
        return self._loaded[name]

    def lengths(self, field: str) -> list[int]:
        """Return the number of words in a text field of each document."""
        lengths: list[int] = self.column(f"{field}_length").load()
        return lengths

    @property
    def ids(self) -> list[str]:
        """The ids of the articles, those deleted included."""
        return [id_.decode("utf-8", "surrogateescape") for id_ in self.column("id")]

    def article(self, document: int) -> Article:
        """Return the article as it was stored."""
        return stored.unpack(self.column("article")[document])

    def postings(self, field: str, term: bytes) -> PostingList | None:
        """Return where a spelling occurs, documents numbered from 0; None where it does not."""
        value = self._value(field + FORMS, term)
        return None if value is None else PostingList.unpack(value)

    def spellings(self, field: str, stem: str) -> list[bytes]:
        """Return the terms of the spellings that have a stem."""
        value = self._value(field + STEMS, to_bytes(stem))
        return value.split(b"\n") if value else []

    def lexicon(self, field: str) -> Lexicon:
        """Return all spellings of a field."""
        if field not in self._lexicons:
            value = self._value(field + WORDS, _ALL) or b""
            size = self._terms.doc_frequency(field + WORDS, _ALL) if value else 0
            self._lexicons[field] = Lexicon(value, size)
        return self._lexicons[field]

    def _value(self, field: str, term: bytes) -> bytes | None:
        try:
            value: bytes = self._terms.matcher(field, term, None)
        except TermNotFound:
            return None
        return value

    def close(self) -> None:
        """Close the files."""
        self._terms.close()
        self._columns.close()
