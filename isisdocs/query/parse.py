"""What a user typed, to a query tree; nothing is an error but asking for nothing.

The words themselves are read in `query.terms`, dates in `query.dates`; the way back, from a tree to
what could have been typed, is `query.interpret`.

    query     = run ("OR" run)*
    run       = clause+                     all of them; with `any_word` at least one
    clause    = near ("AND" near)*
    near      = item (("NEAR/5" | "ADJ/5") item)*
    item      = ("-" | "NOT")* [field ":"] (word | "=" word | phrase | "(" query ")")
    phrase    = ["="] '"' (word | "(" words ("OR" words)* ")")* '"' ["~5"]
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from isisdocs.errors import QueryError
from isisdocs.frozen import frozen
from isisdocs.query.terms import Manner, Reader, Synonyms, as_place, clip
from isisdocs.query.tree import (
    MAX_NEAR_PARTS,
    And,
    DateRange,
    Everything,
    Filter,
    Near,
    Node,
    Not,
    Or,
    PathGlob,
    Pattern,
    Phrase,
    Term,
    Undated,
    is_place,
    leaves,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

FIELDS = ("title", "body", "author", "source", "date", "path", "cuts", "raw")
"""What can stand before a colon; `in:title` gives the field to everything around it."""

MAX_DEPTH = 32
"""Parentheses inside each other; further ones are left out."""

DEFAULT_DISTANCE = {"near": 10, "adj": 1}
"""Positions of a NEAR and an ADJ that names no distance."""

MAX_DISTANCE = 10_000

MAX_NEARS = 64
"""NEARs and ADJs of one query: each looks at every place of its words."""

MAX_ALTERNATIVE_WORDS = 32
"""Words in the parentheses of one phrase: a phrase may stand in as many ways in one place."""

MAX_NOTES = 8
"""Notes of one query; the last counts those that are left out."""

MAX_DATE_WORDS = 4
"""Words a date is written in: `date:the day before yesterday`."""

MAX_WORDED_DATES = 32
"""Dates in words of one query; each takes a millisecond, so that more are left out."""


@frozen
class Parsed:
    """A query as it was understood."""

    node: Node
    notes: tuple[str, ...]
    """How slips were read, each once, in the order they were met."""


def parse(
    typed: str,
    *,
    any_word: bool = False,
    exact: bool = False,
    synonyms: Mapping[str, Sequence[str]] | None = None,
    dates: Callable[[str], DateRange] | None = None,
) -> Parsed:
    """Return the query tree of what was *typed*, with a note for each slip.

    With *any_word* words side by side are alternatives, and what is excluded or filtered still
    holds for all. With *exact* every word is taken as written and *synonyms* are left alone: they
    give for a word or phrase others that are found with it. *dates* reads what follows `date:`.
    Raises QueryError when nothing is left that could be looked up.
    """
    options = _Options(
        any_word=any_word,
        is_exact=exact,
        synonyms=Synonyms(synonyms) if synonyms and not exact else None,
        dates=dates or _dates_of_today,
    )
    tokens = list(_TOKEN.finditer(typed.translate(_QUOTES)))
    parser = _Parser(options)
    node = parser.read(tokens)
    if any(parser.scopes):  # what stands before an `in:` is read knowing of it, too
        parser = _Parser(options, scopes=parser.scopes)
        node = parser.read(tokens)
    notes = list(dict.fromkeys(parser.reader.notes))
    if len(notes) > MAX_NOTES:
        notes[MAX_NOTES - 1 :] = [f"and {len(notes) - MAX_NOTES + 1} more slips"]
    if node is None:
        raise QueryError(
            f"nothing to look up in {clip(typed)!r}",
            hint='type words, a "phrase" or a filter such as `date:2014`',
        )
    return Parsed(node, tuple(notes))


class _Options(NamedTuple):
    any_word: bool
    is_exact: bool
    synonyms: Synonyms | None
    dates: Callable[[str], DateRange]


def _dates_of_today(text: str) -> DateRange:
    # Imported here: only dates need them.
    from datetime import date

    from isisdocs.query.dates import range_of

    return range_of(text, today=date.today())


_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_TOKEN = re.compile(
    r"""
      \s+
    | (?P<open>\()
    | (?P<close>\))
    | (?P<near>(?:NEAR|ADJ|(?i:near|adj)(?=/[0-9]))(?:/(?P<distance>[0-9]+))?)(?=[\s()"]|\Z)
    | (?P<and>(?:AND|&&?)(?=[\s()"]|\Z))
    | (?P<or>(?:OR|\|\|?)(?=[\s()"]|\Z))
    | (?P<not>NOT(?=[\s()"]|\Z)|-(?=[^\s)-]))
    | date:\((?P<dates>[^()]*)\)
    | (?P<scope>(?i:in):(?i:title|body|author|source|cuts|raw))(?=[\s()"]|\Z)
    | (?P<field>(?i:title|body|author|source|date|path|cuts|raw)):
    | (?P<exact>=?)"(?P<quoted>[^"]*)(?:(?P<closed>")(?:~(?P<slop>[0-9]+))?|\Z)
    | (?P<word>[^\s()"]+)
    """,
    re.VERBOSE,
)


class _Group:
    """What has been read of the query, or of one of its parentheses."""

    def __init__(
        self,
        number: int,
        *,
        scope: str | None = None,
        within: str | None = None,
        is_negated: bool = False,
    ) -> None:
        self.number = number
        """How many groups were opened before it."""
        self.scope = scope
        """The field that `in:` gives to all in it."""
        self.within = within
        """The field that stands before its parenthesis."""
        self.is_negated = is_negated
        """Whether NOT stands before it."""
        self.runs: list[Node] = []
        """The alternatives before the last OR."""
        self.clauses: list[list[Node]] = []
        """The clauses since then, each with the items that AND joins."""
        self.has_long_run = False
        """Whether one of the alternatives has several clauses."""
        self.last: Node | None = None
        """The item a NEAR would take to its left."""
        self.nots = False
        """Whether an odd number of NOTs waits for an item."""
        self.field_name: str | None = None
        """The field that waits for an item."""
        self.operator = ""
        """The `and`, `or`, `near` or `adj` that waits for an item."""
        self.distance = 0
        """That of the NEAR or ADJ that waits."""


class _Parser:
    """Takes tokens one by one and keeps the open groups on a stack of its own."""

    def __init__(self, options: _Options, scopes: Sequence[str | None] = ()) -> None:
        self.options = options
        self.reader = Reader()
        self.known = scopes
        """The scope of each group in the order of their opening, from an earlier reading."""
        self.scopes: list[str | None] = []
        """The same of this reading."""
        self.groups: list[_Group] = []
        self._push()
        self.left_out = 0
        """Open parentheses that were too many."""
        self.date_words: list[str] = []
        """The words after `date:` that are being read."""
        self.date_found: Node | None = None
        """The date they make, if they do."""
        self.dates: dict[str, DateRange | QueryError] = {}
        """What has been read as a date, or could not."""
        self.near_count = 0
        self.alternative_words = 0
        """In the parentheses of the phrase that is being read."""

    def note(self, text: str) -> None:
        self.reader.notes.append(text)

    def read(self, tokens: Iterable[re.Match[str]]) -> Node | None:
        """Return the tree of all tokens, None where they make none."""
        for token in tokens:
            self._next(token)
        return self._end()

    def _next(self, token: re.Match[str]) -> None:
        while self.date_words and token.lastgroup:
            if token.lastgroup == "word" and self._extends_date(token["word"]):
                return
            self._end_date()
        self._take(token)

    def _take(self, token: re.Match[str]) -> None:
        # The last of its named parts says what it is.
        match token.lastgroup:
            case "open":
                self._open()
            case "close":
                self._close()
            case "not":
                self.groups[-1].nots ^= True
            case "and" | "or" | "near" | "distance":
                self._operator(token)
            case "scope":
                self.scopes[self.groups[-1].number] = token["scope"].partition(":")[2].lower()
            case "field":
                self.groups[-1].field_name = token["field"].lower()
            case "dates":
                self._add(self._any_date(token["dates"]))
            case "quoted" | "closed" | "slop":
                self._quoted(token)
            case "word":
                self._word(token["word"])

    def _end(self) -> Node | None:
        while self.date_words:
            self._end_date()
        if len(self.groups) > 1 or self.left_out:
            self.note("a parenthesis is not closed; read as closed at the end")
        self.left_out = 0
        while len(self.groups) > 1:
            self._close()
        return self._finished(self.groups[0])

    def _open(self) -> None:
        group = self.groups[-1]
        if len(self.groups) > MAX_DEPTH:
            self.left_out += 1
            self.note(f"parentheses more than {MAX_DEPTH} deep are left out")
            return
        self._push(self._field(group), is_negated=group.nots)
        group.nots = False
        group.field_name = None

    def _push(self, within: str | None = None, *, is_negated: bool = False) -> None:
        number = len(self.scopes)
        scope = self.known[number] if self.known else None
        self.scopes.append(None)
        self.groups.append(_Group(number, scope=scope, within=within, is_negated=is_negated))

    def _close(self) -> None:
        if self.left_out:
            self.left_out -= 1
        elif len(self.groups) == 1:
            self.note("`)` closes nothing; left out")
        else:
            group = self.groups.pop()
            node = self._finished(group)
            self.groups[-1].nots = group.is_negated
            self._add(node)

    def _operator(self, token: re.Match[str]) -> None:
        """Let an operator wait for its right side; one without a left side is left out."""
        group = self.groups[-1]
        name = _operator_name(token)
        if group.nots or group.operator or group.field_name:
            self._drop_waiting(group)
        if not group.clauses:
            self.note(f"nothing stands before {name.upper()}; left out")
            return
        group.operator = name
        if name in DEFAULT_DISTANCE:
            digits = token["distance"]
            distance = int(digits[:9]) if digits else DEFAULT_DISTANCE[name]
            group.distance = max(1, min(distance, MAX_DISTANCE))
            if group.distance != distance:
                self.note(f"{name.upper()}/{digits[:9]} is read as {name.upper()}/{group.distance}")

    def _drop_waiting(self, group: _Group) -> None:
        if group.field_name:
            name, group.field_name = group.field_name, None
            self.note(f"nothing stands after `{name}:`; read as the word {name}")
            self._word(name)
        if group.nots:
            self.note("nothing stands after NOT; left out")
        if group.operator:
            self.note(f"nothing stands after {group.operator.upper()}; left out")
        group.nots = False
        group.operator = ""

    def _manner(self) -> Manner:
        return Manner(self._field(self.groups[-1]), self.options.is_exact)

    def _field(self, group: _Group) -> str | None:
        """Return the field of what comes next in a group: the nearest one that is named."""
        return group.field_name or group.scope or group.within

    def _word(self, typed: str) -> None:
        manner = self._manner()
        if manner.field == "path":
            self._add(_path(typed))
            return
        if manner.field == "date":
            self.date_words = [typed]
            self.date_found = self._date(typed)
            return
        if match := _OTHER_FIELD.match(typed):
            self.note(f"there is no field `{clip(match[0])}`; read as words of the text")
        stripped = typed.lstrip("+")
        if stripped.startswith("="):
            manner = Manner(manner.field, is_exact=True, is_strict=True)
        places = self.reader.places(stripped, manner)
        if self.options.synonyms and not manner.is_exact:
            places = self.options.synonyms.widened(places, manner)
        self._add(as_place(places))

    def _quoted(self, token: re.Match[str]) -> None:
        content, manner = token["quoted"], self._manner()
        if not token["closed"]:
            self.note(f'no closing quotation mark; read as "{clip(content.strip())}"')
        if manner.field == "path":
            self._add(_path(content.strip()))
            return
        if manner.field == "date":
            self._add(self._date_or_note(content.strip()))
            return
        if token["exact"]:
            manner = Manner(manner.field, is_exact=True, is_strict=True)
        places = self._places(content, manner)
        if not places and token["closed"]:
            self.note("a phrase without words is left out")
        distance = min(int((token["slop"] or "0")[:9]), MAX_DISTANCE)
        if not distance or len(places) < 2:
            self._add(as_place(places))
        elif len(places) <= MAX_NEAR_PARTS:
            self._add(Near(tuple(places), distance))
        else:
            self.note(f"`~` takes a phrase of up to {MAX_NEAR_PARTS} words; read as AND")
            self._add(_joined(And, places))

    def _places(self, content: str, manner: Manner) -> Sequence[Node]:
        """Return the places of a phrase; `(a OR b c)` in it is one place."""
        stack: list[list[list[Node]]] = [[[]]]
        self.alternative_words = 0
        for part in _PHRASE_PART.findall(content):
            if part == "(" and len(stack) <= MAX_DEPTH:
                stack.append([[]])
            elif part == ")" and len(stack) > 1:
                self._end_alternatives(stack, manner)
            elif part == "OR" and len(stack) > 1:
                stack[-1].append([])
            elif part not in ("(", ")"):
                is_exact = manner.is_exact or part.startswith("=")
                found = self.reader.places(part, Manner(manner.field, is_exact, manner.is_strict))
                stack[-1][-1] += [place for place in found if is_place(place)]
        while len(stack) > 1:
            self._end_alternatives(stack, manner)
        return self._widened(stack[0][0], manner)

    def _end_alternatives(self, stack: list[list[list[Node]]], manner: Manner) -> None:
        alternatives = list(dict.fromkeys(tuple(places) for places in stack.pop() if places))
        if len(alternatives) > 1:
            self.alternative_words += sum(1 for way in alternatives for p in way for _ in leaves(p))
            if self.alternative_words > MAX_ALTERNATIVE_WORDS:
                self.note(
                    f"a phrase takes up to {MAX_ALTERNATIVE_WORDS} words in parentheses; "
                    "of further alternatives the first is read"
                )
                del alternatives[1:]
        if len(alternatives) < 2:  # no place of its own, but words of the phrase around it
            stack[-1][-1] += [place for places in alternatives for place in places]
            return
        places = [as_place(self._widened(places, manner)) for places in alternatives]
        if found := _joined(Or, places):
            stack[-1][-1].append(found)

    def _widened(self, places: Sequence[Node], manner: Manner) -> Sequence[Node]:
        is_short = len(places) <= MAX_ALTERNATIVE_WORDS
        if self.options.synonyms and not manner.is_exact and is_short:
            return self.options.synonyms.widened(places, manner)
        return places

    def _extends_date(self, word: str) -> bool:
        """Take a word that makes a date of the words after `date:`, as in `date:June 2014`."""
        # Imported here: only dates in words need it.
        from isisdocs.query.dates import is_date_word

        words, found = self.date_words, self.date_found
        is_complete = found and (_NUMERIC.fullmatch(" ".join(words)) or not is_date_word(word))
        if is_complete or len(words) == MAX_DATE_WORDS:
            return False
        longer = self._date(" ".join([*words, word]))
        if longer is None and (found or len(words) > 1):
            return False
        words.append(word)
        self.date_found = longer
        return True

    def _end_date(self) -> None:
        """Put the date that has been read in its place; what is none is left out."""
        words, found = self.date_words, self.date_found
        self.date_words = []
        self._add(found or self._date_or_note(words[0]))
        if found is None:
            for word in words[1:]:
                self._word(word)

    def _date(self, typed: str) -> Node | None:
        """Return the filter of what stands after `date:`, None where it is no date."""
        if typed.lower() == "none":
            return Undated()
        if typed == "*":
            return Not(Undated())
        if typed not in self.dates:
            is_cheap = _NUMERIC.fullmatch(typed)
            if not is_cheap and len(self.dates) >= MAX_WORDED_DATES:
                return None
            try:
                self.dates[typed] = self.options.dates(typed)
            except QueryError as error:
                self.dates[typed] = error
        found = self.dates[typed]
        return None if isinstance(found, QueryError) else found

    def _date_or_note(self, typed: str) -> Node | None:
        found = self._date(typed)
        if found is None:
            error = self.dates.get(typed)
            why = error.hint if isinstance(error, QueryError) else "too many dates in words"
            self.note(f"`date:{clip(typed)}` is left out: {why}")
        return found

    def _any_date(self, typed: str) -> Node | None:
        texts = [text.strip(' "') for text in re.split(r"\sOR\s", typed)]
        return _joined(Or, [self._date_or_note(text) for text in texts if text])

    def _add(self, node: Node | None) -> None:
        """Put an item where the operators before it say."""
        group = self.groups[-1]
        group.field_name = None
        if node is None:
            if group.nots:
                self.note("nothing stands after NOT; left out")
                group.nots = False
            return
        operator, group.operator = group.operator, ""
        if group.nots:
            node = _opposite(node)
            group.nots = False
        if operator in ("near", "adj") and group.last is not None:
            self._add_near(group, node, is_ordered=operator == "adj")
        elif operator == "and" and group.clauses:
            group.clauses[-1].append(node)
        else:
            if operator == "or":
                self._end_run(group)
            group.clauses.append([node])
        group.last = node

    def _add_near(self, group: _Group, node: Node, *, is_ordered: bool) -> None:
        left = group.last
        clause = group.clauses[-1]
        if left is None or not (is_place(left) and is_place(node)):
            self.note("NEAR and ADJ join words, phrases and their alternatives; read as AND")
            clause.append(node)
            return
        if self.near_count == MAX_NEARS:
            self.note(f"a query takes up to {MAX_NEARS} NEARs and ADJs; the others are read as AND")
            clause.append(node)
            return
        self.near_count += 1
        near = Near((left, node), group.distance, is_ordered)
        if clause[-1] is left:
            clause[-1] = near
        else:  # `left` is the right side of another NEAR
            clause.append(near)

    def _end_run(self, group: _Group) -> None:
        if node := self._run(group):
            group.runs.append(node)
        group.has_long_run |= len(group.clauses) > 1
        group.clauses = []

    def _run(self, group: _Group) -> Node | None:
        if not self.options.any_word:
            return _joined(And, [item for clause in group.clauses for item in clause])
        clauses = [_joined(And, clause) for clause in group.clauses]
        wanted = [node for node in clauses if not isinstance(node, Not | Filter)]
        limits = [node for node in clauses if isinstance(node, Not | Filter)]
        return _joined(And, [_joined(Or, wanted), *limits])

    def _finished(self, group: _Group) -> Node | None:
        if group.nots or group.operator or group.field_name:
            self._drop_waiting(group)
        self._end_run(group)
        if len(group.runs) > 1 and group.has_long_run and not self.options.any_word:
            self.note("OR binds looser than words side by side; parentheses say it otherwise")
        return _joined(Or, group.runs)


def _operator_name(token: re.Match[str]) -> str:
    if token["near"]:
        return token["near"].partition("/")[0].lower()
    return "and" if token["and"] else "or"


def _path(pattern: str) -> Node:
    return PathGlob(pattern) if pattern.strip("*") else Everything()


def in_field(node: Node, name: str) -> Node:
    """Return the tree with *name* for the field of every leaf that has none."""
    match node:
        case Term(text, layer, None, typed):
            return Term(text, layer, name, typed)
        case Pattern(text, kind, distance, None, typed):
            return Pattern(text, kind, distance, name, typed)
        case And(parts) | Or(parts):
            return _joined(type(node), [in_field(part, name) for part in parts]) or node
        case Phrase(parts):
            return Phrase(tuple(in_field(part, name) for part in parts))
        case Near(parts, distance, is_ordered):
            return Near(tuple(in_field(part, name) for part in parts), distance, is_ordered)
        case Not(part):
            return Not(in_field(part, name))
    return node


def _joined(kind: type[And] | type[Or], nodes: Sequence[Node | None]) -> Node | None:
    """Return And or Or of the nodes, each once; the only one as it is; None for none."""
    parts = tuple(dict.fromkeys(node for node in nodes if node is not None))
    if len(parts) > 1:
        return kind(parts)
    return parts[0] if parts else None


def _opposite(node: Node) -> Node:
    return node.part if isinstance(node, Not) else Not(node)


_OTHER_FIELD = re.compile("[a-zA-Z]+:(?=[^/:])")
"""A slip such as `auther:smith`, but no `https://`."""
_NUMERIC = re.compile(r"[0-9./-]+")
_PHRASE_PART = re.compile(r"[()]|[^\s()]+")
