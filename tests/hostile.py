"""A corpus that means no good: every kind of file, name and text that was ever a program's undoing.

    python -m tests.hostile FOLDER [--tiny 100000]

writes it into a folder, with so many tiny files beside it; `tests.test_hostile_corpora` indexes a
small one. Nothing of it is kept in the repository, and no text is longer than it has to be.
"""

from __future__ import annotations

import argparse
import os
import socket
from pathlib import Path

BODY = "The harbour was closed for three days, and nobody said why. The ships waited outside it.\n"
ESCAPES = "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J \x1b]8;;http://e.example\x07link\x1b]8;;\x07"
BIDI = "\u202egnp.exe\u202c \u2066left\u2069 \u200f"
FORMULA = '=HYPERLINK("http://e.example","here")'
HTML = "<script>alert(1)</script><img src=x onerror=alert(1)>"
BIBTEX = "}\n@article{evil, title={x}}\n\\input{/etc/passwd}"
RIS = "harbour\nER  - \nTY  - JOUR\nTI  - evil\n"
RICH = "[red]markup[/red] [link=http://e.example]here[/link] [/] [bold"

TEXTS: dict[str, bytes] = {
    "empty.txt": b"",
    "blank.txt": b" \n\t\n\r\n",
    "nul.txt": b"A title\n\n" + b"The har\0bour was closed. " * 40,
    "one_nul.txt": f"A title\n\n{BODY * 40}\0{BODY}".encode(),
    "utf16le_bom.txt": f"\ufeffA wide title\n\n{BODY * 3}".encode("utf-16-le"),
    "utf16be_bom.txt": f"\ufeffA wide title\n\n{BODY * 3}".encode("utf-16-be"),
    "utf16le.txt": f"A wide title\n\n{BODY * 3}".encode("utf-16-le"),
    "utf16be.txt": f"A wide title\n\n{BODY * 3}".encode("utf-16-be"),
    "utf16_odd.txt": f"\ufeffA wide title\n\n{BODY * 3}".encode("utf-16-le") + b"x",
    "utf32le_bom.txt": f"\ufeffA wider title\n\n{BODY * 3}".encode("utf-32-le"),
    "utf32be.txt": f"A wider title\n\n{BODY * 3}".encode("utf-32-be"),
    "mixed.txt": f"A café title\n\n{BODY}".encode() + "Déjà vu à l’été\n".encode("cp1252") * 9,
    "surrogates.txt": f"A title\n\n{BODY}\ud800 and \udfff\n".encode("utf-8", "surrogatepass"),
    "overlong.txt": f"A title\n\n{BODY}".encode() + b"\xc0\xaf\xe0\x80\xaf\xf8\x88\x80\x80\x80",
    "noncharacters.txt": f"A title\n\n{BODY}\uffff \U0010ffff \ufdd0\n".encode(),
    "combining.txt": f"A title\n\n{BODY}a{chr(0x301) * 10_000} harbour\n".encode(),
    "bidi.txt": f"A {BIDI} title\n\n{BODY}{BIDI}\n".encode(),
    "escapes.txt": f"A {ESCAPES} title\n\nBy {ESCAPES}\n\n{BODY}{ESCAPES} war.\n".encode(),
    "rich.txt": f"A {RICH} title\n\n{BODY}{RICH} harbour.\n".encode(),
    "formula.txt": f"{FORMULA}\n\n{FORMULA} harbour. {BODY}\n".encode(),
    "html.txt": f"A {HTML} title\n\n{BODY}{HTML} harbour.\n".encode(),
    "bibtex.txt": f"A {BIBTEX} title\n\n{BODY}{BIBTEX} harbour.\n".encode(),
    "ris.txt": f"A title\n\n{BODY}{RIS}".encode(),
    "repetition.txt": b"A title\n\n" + b"harbour " * 300,
    "questions.txt": b"A title\n\n" + b"?" * 100_000 + b"\n",
    "quotes.txt": "A title\n\n{}\n".format("\"'“" * 30_000).encode(),
    "short_lines.txt": b"A title\n\n" + b"a\n" * 50_000,
    "blank_lines.txt": b"A title\n\n" + b"\n" * 100_000 + BODY.encode(),
    "spaces.txt": b"A title\n\n" + b" " * 200_000 + BODY.encode(),
    "one_word.txt": b"A title\n\n" + b"a" * 200_000 + b"\n",
    "carriage.txt": f"A title\r\rThe harbour.\r{BODY}".encode(),
    "deep.jsonl": b'{"text": ' + b"[" * 100_000 + b"\n",
    "numbers.jsonl": b'{"text": "The harbour.", "date": ' + b"9" * 10_000 + b"}\n",
    "fields.jsonl": b'{"text": "The harbour.", "title": {"a": 1}, "authors": [[1], null]}\n',
    "escapes.jsonl": b'{"text": "The harbour.", "title": "\\u001b[31m\\u009b2J", "id": 3}\n',
    "surrogate.jsonl": b'{"text": "The harbour \\ud800.", "title": "\\udfff", "id": "\\ud800"}\n',
}

NAMES: tuple[bytes, ...] = (
    b"new\nline.txt",
    b"\x1b[31mred\x1b[0m.txt",
    b"\x1b]0;title\x07.txt",
    b"bell\x07.txt",
    "c1\x9b2J.txt".encode(),
    "bidi\u202etxt.exe.txt".encode(),
    b"latin1\xe9\xff.txt",
    b"half\xed\xa0\x80.txt",
    b"l" * 251 + b".txt",
    b"-rf.txt",
    b"=1+1.txt",
    b"a b'c\"d`e$f.txt",
    b"<b>&amp;.txt",
    b"{brace}@.txt",
    b"#1.jsonl#2.txt",
    b"tab\t.txt",
    b"back\\slash.txt",
)


def write(folder: Path, *, tiny: int = 0) -> None:
    """Fill the folder, which is made; what the file system does not take is left out."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plain.txt").write_text(f"A plain title\n\n{BODY}")
    for name, content in TEXTS.items():
        (folder / name).write_bytes(content)
    for number, raw in enumerate(NAMES):
        try:
            with open(os.fsencode(folder) + b"/" + raw, "wb") as file:  # noqa: PTH123  # bytes
                file.write(f"Name {number}\n\nThe harbour of number {number}. {BODY}".encode())
        except OSError:  # macOS takes names of text only
            continue
    deep = folder / Path(*["d" * 20] * 60)
    deep.mkdir(parents=True)
    (deep / "deep.txt").write_text(f"A deep title\n\n{BODY}")
    write_links(folder)
    for number in range(tiny):
        path = folder / f"tiny{number // 1000}" / f"{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"Tiny {number}\n\nThe harbour.\n")


def write_links(folder: Path) -> None:
    """Add what is no file: links in, out of and around the corpus, pipes, sockets, devices."""
    outside = folder.parent / f"{folder.name}.outside"
    outside.mkdir(exist_ok=True)
    (outside / "secret.txt").write_text(f"A secret title\n\n{BODY}")
    (outside / "back").symlink_to(folder)
    links = folder / "links"
    links.mkdir()
    (links / "out.txt").symlink_to(outside / "secret.txt")
    (links / "out").symlink_to(outside)
    (links / "loop").symlink_to(folder)
    (links / "self.txt").symlink_to("self.txt")
    (links / "here").symlink_to(".")
    (links / "nowhere.txt").symlink_to("nowhere")
    (links / "zero.txt").symlink_to("/dev/zero")
    os.mkfifo(folder / "pipe.txt")
    (links / "pipe.txt").symlink_to(folder / "pipe.txt")
    here = Path.cwd()
    os.chdir(folder)  # the path of a socket may have 107 bytes
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("socket.txt")
    finally:
        os.chdir(here)


def main() -> None:
    """Write a hostile corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tiny", type=int, default=0, metavar="N")
    options = parser.parse_args()
    write(options.folder, tiny=options.tiny)


if __name__ == "__main__":
    main()
