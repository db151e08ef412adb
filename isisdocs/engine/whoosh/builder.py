"""One Whoosh segment, written from articles."""

from __future__ import annotations

from array import array
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from whoosh.filedb.filestore import FileStorage

from isisdocs import words
from isisdocs.engine import stored
from isisdocs.engine.whoosh import lexicon, raw_runs, sums
from isisdocs.engine.whoosh.codec import CODEC, COLUMNS, ListsWriter
from isisdocs.engine.whoosh.postings import (
    ALL,
    FORMS,
    INDEX_NAME,
    MAX_NARROW,
    STEMS,
    WORDS,
    PostingList,
    form_key,
    to_bytes,
)
from isisdocs.engine.whoosh.segment import Segment
from isisdocs.fields import SEARCHED, raw_texts, texts_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from isisdocs.model import Article


_NARROW = array("H").itemsize


class _Pending(NamedTuple):
    """Where one spelling occurs, while articles are still taken in."""

    heads: array[int]
    """Document and number of places, in turns: two arrays to grow rather than three."""
    codes: array[int]

    @classmethod
    def narrow(cls) -> _Pending:
        return cls(array("H"), array("H"))

    def widened(self) -> _Pending:
        return _Pending(array("I", self.heads), array("I", self.codes))

    def finished(self) -> PostingList:
        documents, counts = self.heads[::2], self.heads[1::2]
        if self.heads.itemsize == _NARROW:
            counts = array("B", counts)
        return PostingList(documents, counts, self.codes)


class SegmentBuilder:
    """Collects articles in memory and writes them as one Whoosh segment."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._storage = FileStorage(str(folder))
        self._columns: list[dict[str, bytes | int]] = []
        self._forms: dict[str, dict[str, _Pending]] = {name: {} for name in SEARCHED}
        self.posting_count = 0

    def add(self, article: Article) -> None:
        """Take an article in; its document number is the count of those before."""
        document = len(self._columns)
        lengths: dict[str, int] = {}
        starts: dict[str, list[int]] = {}
        in_raw = raw_texts(article)
        for name in SEARCHED:
            texts: Sequence[str | int] = texts_of(article, name)
            if name == "raw":
                texts = raw_runs.without_shared(in_raw, starts)
            forms, lengths[name], starts[name] = words.occurrences(texts)
            by_form = self._forms[name]
            is_small = document <= 0xFFFF and starts[name][-1] < MAX_NARROW
            for exact, places in forms.items():
                found = by_form.get(exact)
                if found is None:
                    found = by_form[exact] = _Pending.narrow()
                count = len(places)
                if not (is_small and count < 256) and found.heads.itemsize == _NARROW:
                    found = by_form[exact] = found.widened()
                heads, codes = found
                heads.append(document)
                heads.append(count)
                if count == 1:
                    codes.append(places[0])
                else:
                    codes.extend(places)
            self.posting_count += len(forms)
        # As bytes, which take less memory than the articles.
        self._columns.append(
            {
                "id": article.id.encode("utf-8", "surrogateescape"),
                "date": (article.metadata.date or "").encode(),
                "title_text": article.metadata.title.encode("utf-8", "surrogatepass"),
                "article": stored.pack(article, in_raw),
                "title_length": lengths["title"],
                "body_length": lengths["body"],
                "raw_runs": raw_runs.pack(in_raw, starts),
            }
        )

    def __len__(self) -> int:
        return len(self._columns)

    def write(self) -> Segment:
        """Write the segment and return what is to be known of it."""
        segment = CODEC.new_segment(self._storage, INDEX_NAME)
        self._write_columns(segment)
        self._write_postings(segment)
        segment.set_doc_count(len(self._columns))
        seal = sums.seal(self._start(segment), segment.list_files(self._storage))
        return Segment(segment.segid, len(self._columns), seal)

    def _start(self, segment: Any) -> Path:
        return self._folder / str(segment.segment_id())

    def _write_columns(self, segment: Any) -> None:
        writer = CODEC.per_document_writer(self._storage, segment)
        for document, values in enumerate(self._columns):
            writer.start_doc(document)
            for name, value in values.items():
                writer.add_column_value(name, COLUMNS[name], value)
            writer.finish_doc()
        writer.close()
        # Whoosh's own column of stored fields: there are none.
        start = self._start(segment)
        start.with_name(f"{start.name}._stored.col").unlink()

    def _write_postings(self, segment: Any) -> None:
        writer = ListsWriter(self._storage, segment)
        try:
            for name in sorted(SEARCHED):  # in the order of FIELDS
                self._write_field(writer, name)
            writer.close()
        except BaseException:
            writer.abandon()
            raise

    def _write_field(self, writer: ListsWriter, name: str) -> None:
        lists: dict[bytes, _Pending] = {}
        stems: dict[bytes, list[bytes]] = defaultdict(list)
        for exact, found in self._forms.pop(name).items():
            folded = words.fold(exact)
            term = to_bytes(form_key(folded, exact))
            lists[term] = found
            stems[to_bytes(words.stem(folded))].append(term)
        terms = sorted(lists)
        counts = [len(lists[term].heads) // 2 for term in terms]
        packed = (lists[term].finished().pack() for term in terms)
        writer.write(name + FORMS, zip(terms, counts, packed, strict=True))
        writer.write(name + STEMS, ((s, 1, b"\n".join(stems[s])) for s in sorted(stems)))
        whole = lexicon.pack(terms, counts)
        writer.write(name + WORDS, [(ALL, len(terms), whole)] if terms else ())
