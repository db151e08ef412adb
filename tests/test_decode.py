"""Bytes become the text they were, in the encoding they most likely have."""

from __future__ import annotations

import codecs
import subprocess
import sys

import pytest

from isisdocs.load.decode import BinaryData, Decoded, decode
from isisdocs.load.repair import undo
from isisdocs.model import Repair

CURLY = "The café’s owner said: “It’s a naïve façade – nothing more…”"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"", Decoded("", "utf-8"), id="empty"),
        pytest.param(b"Plain.\n", Decoded("Plain.\n", "utf-8"), id="ascii"),
        pytest.param(CURLY.encode(), Decoded(CURLY, "utf-8"), id="utf-8"),
        pytest.param(CURLY.encode("utf-8-sig"), Decoded(CURLY, "utf-8"), id="utf-8-bom"),
        pytest.param(CURLY.encode("cp1252"), Decoded(CURLY, "cp1252"), id="cp1252"),
        pytest.param(b"caf\xe9", Decoded("café", "cp1252"), id="four-bytes"),
        pytest.param(
            b"\xff\xfe" + CURLY.encode("utf-16-le"), Decoded(CURLY, "utf-16-le"), id="utf-16-le-bom"
        ),
        pytest.param(
            b"\xfe\xff" + CURLY.encode("utf-16-be"), Decoded(CURLY, "utf-16-be"), id="utf-16-be-bom"
        ),
        pytest.param(
            b"\xff\xfe\0\0" + CURLY.encode("utf-32-le"),
            Decoded(CURLY, "utf-32-le"),
            id="utf-32-bom",
        ),
        pytest.param(CURLY.encode("utf-16-le"), Decoded(CURLY, "utf-16-le"), id="utf-16-le"),
        pytest.param(CURLY.encode("utf-16-be"), Decoded(CURLY, "utf-16-be"), id="utf-16-be"),
        pytest.param(CURLY.encode("utf-32-le"), Decoded(CURLY, "utf-32-le"), id="utf-32-le"),
        pytest.param(CURLY.encode("utf-32-be"), Decoded(CURLY, "utf-32-be"), id="utf-32-be"),
        pytest.param(b"a\r\nb\rc\n", Decoded("a\nb\nc\n", "utf-8"), id="newlines"),
        pytest.param(
            b"<html><head><meta charset='iso-8859-2'></head>Tom\xe1\xb9",
            Decoded("<html><head><meta charset='iso-8859-2'></head>Tomáš", "iso8859-2"),
            id="declared-charset",
        ),
        pytest.param(
            b"<meta charset=iso-8859-1>\x93So\x94",
            Decoded("<meta charset=iso-8859-1>“So”", "cp1252"),
            id="declared-latin-1-is-cp1252",
        ),
        pytest.param(
            b"<meta charset=utf-8>caf\xe9",
            Decoded("<meta charset=utf-8>café", "cp1252"),
            id="declared-wrongly",
        ),
        pytest.param(
            b"<meta charset=klingon>caf\xe9",
            Decoded("<meta charset=klingon>café", "cp1252"),
            id="declared-unknown",
        ),
        pytest.param(
            "One café’s line\n".encode() + b"another caf\xe9\x92s line\n",
            Decoded("One café’s line\nanother café’s line\n", "utf-8+cp1252"),
            id="mixed-lines",
        ),
        pytest.param(
            "“café".encode()[:-1], Decoded("“caf\ufffd", "utf-8"), id="cut-in-a-character"
        ),
    ],
)
def test_bytes_become_text(data: bytes, expected: Decoded) -> None:
    assert decode(data) == expected


def test_given_encoding_is_obeyed() -> None:
    assert decode(b"Tom\xe1\x9a", encoding="cp1250") == Decoded("Tomáš", "cp1250")


def test_bytes_that_the_given_encoding_lacks_are_lost_characters() -> None:
    assert decode(b"caf\xe9!", encoding="utf-8") == Decoded("caf\ufffd!", "utf-8")


def test_unknown_encoding_is_a_lookup_error() -> None:
    with pytest.raises(LookupError):
        decode(b"text", encoding="klingon")


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"%PDF-1.4\n%\xe2\xe3", id="pdf"),
        pytest.param(b"PK\x03\x04rest", id="zip"),
        pytest.param(bytes(range(256)) * 8, id="all-bytes"),
        pytest.param(b"\0" * 64, id="zeros"),
        pytest.param(bytes(range(1, 256)) * 8, id="no-zeros"),
    ],
)
def test_binary_data_is_no_text(data: bytes) -> None:
    with pytest.raises(BinaryData):
        decode(data)


@pytest.mark.parametrize(
    ("garbled", "expected"),
    [
        pytest.param("Iraqâ€™s army", "Iraq’s army", id="curly-apostrophe-stays-curly"),
        pytest.param("By TomÃ¡Å¡ Novák", "By Tomáš Novák", id="beside-whole-words"),
        pytest.param("It is naÃƒÂ¯ve", "It is naïve", id="twice"),
    ],
)
def test_mojibake_is_mended(garbled: str, expected: str) -> None:
    decoded = decode(garbled.encode())

    assert decoded.text == expected
    assert undo(decoded.text, decoded.repairs) == garbled


def test_mojibake_is_recorded_where_it_stood() -> None:
    decoded = decode("One\nIraqâ€™s army".encode())

    assert decoded.repairs == (Repair(2, 5, "â€™", "’", "mojibake", 0.99),)


def test_clean_utf8_needs_neither_chardet_nor_ftfy() -> None:
    program = (
        "import sys; from isisdocs.load.decode import decode; decode('Iraq’s “café” – à'.encode());"
        "sys.exit(bool({'chardet', 'ftfy'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


RUSSIAN = "Москва слезам не верит, и это давно известно всем"
JAPANESE = "これは日本語の文章です。文字コードを判定するために十分な長さがあります。"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param("It’s “so”, he said", "cp1252", id="short-cp1252"),
        pytest.param("It’s “so”, he said", "mac-roman", id="short-mac-roman"),
        pytest.param("Don’t – it’s £5 … • no", "cp1252", id="signs"),
        pytest.param("By Radovan Karadžić and Slobodan Milošević", "cp1250", id="cp1250"),
        pytest.param(RUSSIAN, "cp1251", id="cp1251"),
        pytest.param(RUSSIAN, "koi8-r", id="koi8-r"),
        pytest.param(JAPANESE, "shift_jis", id="shift-jis"),
        pytest.param("It was 20 °C, © the author", "cp1252", id="degrees"),
        pytest.param("ÉTAT D’URGENCE À PARIS", "cp1252", id="capitals"),
        pytest.param("The inn at Étretat isn't far", "cp1252", id="capital-at-a-start"),
        pytest.param("They waited. … In the end it rained.", "mac-roman", id="ellipsis-alone"),
        pytest.param("It was so.—Jane Roe, a baker", "mac-roman", id="dash-before-a-name"),
    ],
)
def test_bytes_that_are_no_unicode_are_read_as_what_makes_sense(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


def test_bytes_that_cp1252_lacks_are_lost_characters() -> None:
    assert decode("“Café” – it’s".encode("cp1252") + b" a\x81b").text == "“Café” – it’s a\ufffdb"


def test_given_wide_encoding_drops_its_mark() -> None:
    assert decode(codecs.BOM_UTF16_LE + "So".encode("utf-16-le"), encoding="utf-16-le").text == "So"
