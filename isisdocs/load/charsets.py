"""Which encoding makes sense of bytes that are no Unicode, given what news archives hold.

Each candidate decodes the bytes, and every character beyond ASCII is judged where it stands: an
apostrophe inside a word, an opening quote before one, a letter among letters of its case. chardet
judges by languages and takes short cp1252 for MacRoman; it is asked for what is not Western.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from isisdocs.load.lexicon import common_words

if TYPE_CHECKING:
    from collections.abc import Iterator

# Prior log-odds: archives of English texts are cp1252 unless something speaks against it.
_PRIOR = {
    "cp1252": 2.0,
    "iso8859-15": 0.0,
    "cp1250": 0.0,
    "mac-roman": 0.0,
    "iso8859-2": -0.5,
    "cp1251": 0.0,
    "cp1254": -0.5,
    "koi8-r": -1.0,
    "cp1253": -1.0,
    "cp850": -3.0,
    "cp437": -3.0,
}
_EAST_ASIAN = ("shift_jis", "cp932", "euc", "gb", "big5", "iso-2022", "iso2022", "johab", "hz")
_MOST_JUDGED = 1500
_SAMPLE = 65_536
_CONTROL = -8.0
_TWO_CAPITALS = -2.5


def choose(data: bytes) -> tuple[str, str]:
    """Return the text of *data*, which is not UTF-8, and the encoding it most likely has.

    Bytes that the encoding lacks become U+FFFD.
    """
    if east_asian := _multi_byte(data):
        return data.decode(east_asian, errors="replace"), east_asian
    # A page or twenty decides: the characters judged are counted, and so are the bytes decoded.
    high = _HIGH.search(data)
    first = high.start() if high else 0
    sample = data[max(0, first - 200) : first + _SAMPLE]
    best, best_score = "cp1252", float("-inf")
    for name, prior in _PRIOR.items():
        score = prior + plausibility(sample.decode(name, errors="replace"))
        if score > best_score:
            best, best_score = name, score
    return data.decode(best, errors="replace"), best


def _multi_byte(data: bytes) -> str | None:
    """Return the East Asian encoding that chardet is sure of, if there is one."""
    high = len(data) - len(data.translate(None, bytes(range(128, 256))))
    if high < 8 or high * 5 < len(data):
        return None  # Two of three bytes of such a text are high ones; few are in a Western text.
    # chardet takes 30 ms to import, and only such texts need it.
    from chardet import detect

    found = detect(data[:20_000])
    name = (found["encoding"] or "").lower()
    if name.startswith(_EAST_ASIAN) and (found["confidence"] or 0) > 0.5:
        return name
    return None


_HIGH = re.compile(rb"[\x80-\xff]")
_BEYOND = re.compile(r"[^\x00-\x7f]")


def plausibility(text: str) -> float:
    """Return how well the characters beyond ASCII of *text* fit where they stand, in log-odds."""
    total = 0.0
    for judged, match in enumerate(_BEYOND.finditer(text)):
        if judged >= _MOST_JUDGED:
            break
        at = match.start()
        character, after = match.group(), text[at + 1 : at + 2] or "\n"
        total += _fit(text[at - 1 : at] or "\n", character, after)
        if character.isupper() and after.isupper() and text[at + 2 : at + 3].islower():
            total += _TWO_CAPITALS
    return total + sum(_known(text))


def _known(text: str) -> Iterator[float]:
    """Yield a reward for each of the first words that the lexicon knows."""
    words = common_words().words
    # Most words are ASCII, and trying each of them took three quarters of decoding.
    chunks = (chunk for chunk in text.split() if not chunk.isascii())
    for judged, match in enumerate(_WORD.finditer(" ".join(chunks))):
        if judged >= _MOST_JUDGED // 4:
            return
        word = match.group()
        if len(word) < 2:
            continue  # A letter alone is as likely a sign of another encoding.
        lost = "".join(c if c < "\x80" else "?" for c in word)
        forms = words.get(lost) or words.get(lost[:1].lower() + lost[1:])
        if forms and (word in forms or word.lower() in forms):
            yield 4.0


# A word is tried from its start only: from each letter of a long one it would be quadratic.
_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]*[^\x00-\x7f\W\d_][^\W\d_]*")


def _fit(before: str, character: str, after: str) -> float:
    if character.isalpha():
        return _letter(before, character, after)
    if character in _QUOTES:
        return _quote(before, character, after)
    if character == "…" and not before.isalnum() and after.isalpha():
        return 0.5
    if character in _PLAIN:
        return _PLAIN[character]
    if character in "£€":
        return 2.5 if after.isdigit() else -0.5
    if character in "°²³½¼¾%‰":
        return 0.5 if before.isdigit() or before in " \n" else -3.0
    if character == "\ufffd" or character < "\xa0":
        return _CONTROL
    # Any other sign, and most of all inside a word, is an encoding's mistake.
    beside = before.isalpha() + after.isalpha()
    return (0.3, 0.3, -4.0)[beside] if character in "©®™§«»·¡¿" else (-1.5, -4.0, -4.0)[beside]


def _quote(before: str, mark: str, after: str) -> float:
    if mark in "“‘„":
        return 3.0 if not before.isalnum() and (after.isalnum() or after in "‘“.…") else -2.0
    if before.isalnum() or before in ".,!?…:;)’—%":
        return 3.0 if mark == "’" or not after.isalnum() else -1.0
    return 1.0 if mark == "’" and after.isalnum() else -1.0


_QUOTES = frozenset("“‘„’”")
_PLAIN = {"–": 2.5, "—": 2.5, "…": 2.0, "•": 2.0, "\xa0": 0.5}
_COMMON = frozenset("éèêëàâáäåãçíîïìñóôöøúûüßæœõòùÉÈÀÁÇÖÜÄÅØÍÓÚÑÎÔÂ")
_CENTRAL = frozenset("šžčćłńőřěůýśżźąęășțğşıİŠŽČĆŁŚŻŞĞďťľĺŕňŐŰűőŘŻ")


def _letter(before: str, letter: str, after: str) -> float:
    if letter >= "\u0370":
        # Greek or Cyrillic: among its own kind, never beside Latin letters.
        beside = [c for c in (before, after) if c.isalpha()]
        if any(c < "\u0370" for c in beside) or (letter.isupper() and before.islower()):
            return -4.0
        return 1.2 if beside else -1.0
    score = 0.6 if letter in _COMMON else 0.2 if letter in _CENTRAL else -1.5
    if letter.isupper() and before.islower():
        return -5.0
    if not before.isalpha() and not after.isalpha():
        return 0.3 if letter in "àéóöâ" and before == " " == after else -3.0
    if letter.islower() and before.isupper() and after.isupper():
        return -3.0
    if letter.islower() and letter not in "ßıĸ" and not before.isalpha() and letter not in _INITIAL:
        score -= 1.0
    if letter in "æåøãõðþ" and not after.isalpha() and letter not in "åøæ":
        score -= 0.5
    if letter == "æ" and not after.isalpha() and before.isalpha():
        score -= 1.5
    return score


_INITIAL = frozenset("éèêàâáäåíîïóôöøúûüñæœšžčćłśżçş")
