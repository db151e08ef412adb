"""Prints how many texts are decoded right, by encoding and length: ours beside chardet alone.

    python -m tests.eval_decode DATA_DIR

DATA_DIR holds the undamaged texts in `dev/`. Each is encoded after what the encoding lacks has
been typed as on a typewriter, and cut to 200 bytes (around the first character beyond ASCII), to
2 KB or not at all. Pieces that are all ASCII prove nothing and are left out. A piece is right if
every character is.
"""

# ruff: noqa: T201 - it prints a table
from __future__ import annotations

import argparse
import unicodedata
from pathlib import Path

import chardet

from isisdocs.load.decode import BinaryData, decode

ENCODINGS = (
    "cp1252",
    "latin-1",
    "iso8859-2",
    "iso8859-15",
    "cp1250",
    "cp1251",
    "mac-roman",
    "utf-16-le",
    "utf-16-be",
    "utf-8",
)
LENGTHS = (200, 2048, None)
TYPED = {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "--", "…": "...", "•": "*"}


def encodable(text, encoding):
    """Return *text* with what *encoding* lacks typed otherwise."""
    kept = []
    for c in text:
        try:
            c.encode(encoding)
        except UnicodeEncodeError:
            c = TYPED.get(c) or unicodedata.normalize("NFKD", c).encode("ascii", "ignore").decode()
        kept.append(c)
    return "".join(kept)


def piece_of(text, encoding, length):
    """Return *length* bytes of *text* around its first character beyond ASCII, or None."""
    text = encodable(text, encoding)
    first = next((index for index, c in enumerate(text) if c > "\x7f"), None)
    if first is None:
        return None
    if length is None:
        return text
    width = len("a".encode(encoding))
    start = max(0, first - length // width // 2)
    piece = text[start : start + length // width]
    while len(piece.encode(encoding)) > length:
        piece = piece[:-1]
    return None if piece.isascii() else piece


def by_chardet(data):
    name = chardet.detect(data)["encoding"] or "cp1252"
    return data.decode(name, errors="replace").removeprefix("\ufeff")


def by_us(data):
    try:
        return decode(data).text
    except BinaryData:
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    folder = parser.parse_args().data / "dev"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    print(f"{'encoding':12s} {'length':>8s} {'pieces':>7s} {'chardet':>8s} {'ours':>8s}")
    for encoding in ENCODINGS:
        for length in LENGTHS:
            pieces = [p for text in texts if (p := piece_of(text, encoding, length))]
            if not pieces:
                continue
            scores = []
            for reader in (by_chardet, by_us):
                right = sum(reader(piece.encode(encoding)) == piece for piece in pieces)
                scores.append(f"{100 * right / len(pieces):7.1f}%")
            size = "whole" if length is None else str(length)
            print(f"{encoding:12s} {size:>8s} {len(pieces):7d} {scores[0]} {scores[1]}")


if __name__ == "__main__":
    main()
