"""An article as the bytes that an engine keeps, and back.

Compressed JSON rather than a pickle: reading it can run nobody's code.
"""

from __future__ import annotations

import json
import zlib

from isisdocs.model import Article, Cut, Metadata, Paragraph, Repair


def pack(article: Article) -> bytes:
    """Return the article as bytes for `unpack`."""
    m = article.metadata
    fields = [
        article.id,
        [m.title, m.authors, m.date, m.issue, m.url, m.outlet],
        article.title_line,
        [[p.line, p.text, p.later_lines] for p in article.paragraphs],
        [[r.line, r.column, r.before, r.after, r.rule, r.confidence] for r in article.repairs],
        [[c.line, c.text, c.rule] for c in article.cuts],
        article.encoding,
        article.sha256,
    ]
    # A lone surrogate can come out of a damaged file; JSON's escapes carry it.
    return zlib.compress(json.dumps(fields, separators=(",", ":")).encode("ascii"), 3)


def unpack(stored: bytes) -> Article:
    """Return the article that `pack` made bytes of."""
    id_, metadata, title_line, paragraphs, repairs, cuts, encoding, sha256 = json.loads(
        zlib.decompress(stored)
    )
    title, authors, date, issue, url, outlet = metadata
    return Article(
        id=id_,
        metadata=Metadata(title, tuple(authors), date, issue, url, outlet),
        title_line=title_line,
        paragraphs=tuple(
            Paragraph(line, text, tuple((offset, further) for offset, further in later))
            for line, text, later in paragraphs
        ),
        repairs=tuple(Repair(*repair) for repair in repairs),
        cuts=tuple(Cut(*cut) for cut in cuts),
        encoding=encoding,
        sha256=sha256,
    )
