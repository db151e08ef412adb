"""People's names as bylines write them: `By Ada Lovelace and Mary Somerville, Science editors`."""

from __future__ import annotations

import re

_CAPITAL = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶĹĻĽŁŃŅŇŌŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽ"
_WORD = rf"(?:[{_CAPITAL}][\w'’´-]*+\.?|(?:[{_CAPITAL}]\.)+)"
_PARTICLE = r"(?:de|da|del|della|di|do|dos|du|van|von|den|der|ter|bin|ibn|al|el|la|le|y|e)"
_NAME = re.compile(rf"{_WORD}(?:[ ](?:{_PARTICLE}[ ])*{_WORD}){{1,3}}")

# Words that stand in section names, outlets and kickers, and hardly ever in a person's name.
_NOT_IN_NAMES = frozenset(
    """
    a about account act action address afp africa african age all am america american an analysis
    and ap app are army article articles asia assembly associated association at audio author back
    best big book books breaking briefing british bureau business by campaign center central
    centre change check city click climate college column columnist comments committee community
    conference contact cookie cookies corp council country court crime culture cup daily day days
    debate december department desk digital district donate economic edition editors edt education
    election email energy environment essay est europe european events exclusive explore facebook
    fact feature features february feelings film finance find first follow food for foundation
    founder free friday friends from front full fund gallery game general get getty global gmt
    gold government great green group guide has have health help her highlights his history home
    hour hours house how image images in inc independent inside institute international interview
    is issue it january join journal july justice key land latest law lead left letter letters
    life like line list listen live local log ltd magazine mail make man media member men menu
    middle military minister mission monday money more morning most movement museum music my names
    national network new news newsletter next no north november now october of office old on
    online opinion or other our out over own page park part party password past peace people photo
    photos picture pm podcast policy politics pop popular post posts power president press prime
    print privacy prize profile program project public published question questions quick read
    recent related report reports republic republican reuters review reviews right road rss ruling
    saturday school science season section see september service services share shop should show
    side sign site social socialist society source sources south special sport sports staff star
    state statement states still stories story street style subscribe sunday support supreme tags
    team tech technology terms test than the then these thing things this those three thursday
    time times title today top topics town trade travel trending truth tuesday tv tweet twitter
    two under union united university up updated us use video view voices vote wall war was watch
    way wednesday week weekly welcome west what when where who why wins with woman women words
    work worker workers world would year years you your
    """.split()
)
_ROLES = frozenset(
    """
    analyst assistant associate attorney bureau chief columnist commentator contributing contributor
    contributors correspondent correspondents deputy director editor editorial editors fellow former
    freelance guest health journalist journalists national photographer political producer professor
    reporter reporters researcher senior special staff writer writers
    """.split()
)
# A scraper glues what stood beside the name to it: "Ada LovelaceLeave a comment".
_GLUED = re.compile(
    r"(?<=[a-zà-ÿ.])(?=(?:Leave|Share|Follow|Post|Publish|Updat|Print|Email|Mon|Tues?|Wed|Thu|Fri|Sat|"
    r"Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*(?:[\s,.]|$))"
)
_DAY = re.compile(
    r"[\s,]+(?:on\s+)?(?:Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun)"
    r"(?:day|nesday|rsday|sday|urday)?\b,?(?=\s*(?:\d|[A-Z]|$)).*",
    re.DOTALL,
)
_END = re.compile(r"\s*[|•·(@\[\d]|\s[-–—]\s|\son\s|\s(?:for|in|at|of|from|with)\s|https?:")
_SEPARATOR = re.compile(r"\s*,\s*(?:and\s)?|\s+(?:and|&|with)\s+|\s*[/;]\s*", re.IGNORECASE)
_INITIAL_AT_END = re.compile(rf"(?:\b[{_CAPITAL}]|\b[JS]r)\.$")


def split_names(text: str) -> list[str]:
    """Return the names that *text* starts with, in order; what follows them is left out.

    A part that is no name ends the list, so that a role or an employer is not taken for an author.

    >>> split_names("Ada Lovelace and Mary Somerville | 3 May 1835")
    ['Ada Lovelace', 'Mary Somerville']
    >>> split_names("Ada Lovelace, Mathematics editor")
    ['Ada Lovelace']
    """
    names, _ = _take_names(text)
    return names


def is_only_names(text: str) -> bool:
    """Whether *text* is one or more names, each perhaps with a role, and nothing else."""
    names, rest = _take_names(text)
    words = rest.replace(",", " ").lower().split()
    return bool(names) and (not words or not _ROLES.isdisjoint(words[:3]))


def _take_names(text: str) -> tuple[list[str], str]:
    """Return the names that *text* starts with and what is left of it."""
    text = text.replace("\u00ad", "").replace("\u200b", "").strip(" /|•·:&")[:300]
    if glued := _GLUED.search(text):
        text = text[: glued.start()]
    text = _DAY.sub("", text)
    if (end := _END.search(text)) and end.start():
        text = text[: end.start()]
    names: list[str] = []
    parts = _SEPARATOR.split(text)
    for number, part in enumerate(parts):
        name, rest = _name_at_start(part)
        if not name:
            return names, " ".join(parts[number:])
        names.append(name)
        if rest:
            return names, " ".join([rest, *parts[number + 1 :]])
    return names, ""


def _name_at_start(part: str) -> tuple[str, str]:
    """Return the name that *part* starts with and the rest; no name, the empty string."""
    match = _NAME.match(part)
    if not match:
        return "", part
    name, rest = match[0], part[match.end() :].strip(" .-")
    words = name.lower().replace("-", " ").split()
    if rest and rest.split()[0].lower() in _ROLES and len(name.split()) > 2:
        name, _, title = name.rpartition(" ")  # the role's own adjective: "Science editor"
        rest = f"{title} {rest}"
        words = name.lower().split()
    if not _NOT_IN_NAMES.isdisjoint(words) or not _ROLES.isdisjoint(words):
        return "", part
    return name if _INITIAL_AT_END.search(name) else name.rstrip(".-"), rest
