"""Fits the model of `isisdocs.load.repair.lost` and measures it on sources it has not seen.

    python -m tests.fit_repair DATA_DIR                   writes isisdocs/load/repair/lost.json.gz
    python -m tests.fit_repair DATA_DIR --words FILE...   with other English words
    python -m tests.fit_repair DATA_DIR --cross-validate  scores, one source left out at a time
    python -m tests.fit_repair DATA_DIR --cross-validate --doubts 0.02,0.05,0.1
                                                          what each doubt brings back and harms
    python -m tests.fit_repair DATA_DIR --cross-validate --calibrate
                                                          calibrates the model that is there

DATA_DIR holds `SOURCES.tsv` (columns `file`, `source`, `licence`), the undamaged texts in `dev/`
and, for cross-validation, `score.py`. Only texts in the public domain, under CC0 or CC BY are
fitted on, and the sentences beside this file. Needs scipy, which the program itself does not. The
same data gives the same file.
"""

# ruff: noqa: T201, S311 - it prints tables, and chance is seeded so that it repeats
from __future__ import annotations

import argparse
import csv
import importlib.util
import random
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from isisdocs.load.ledger import apply_edits, chain
from isisdocs.load.lexicon import Lexicon, common_words, lose
from isisdocs.load.repair import THRESHOLD, is_damaged, lost, sequence
from isisdocs.load.repair.context import ParagraphContext, evidence_of
from isisdocs.load.repair.damage import in_address
from isisdocs.load.repair.letters import letter_features
from isisdocs.load.repair.weights import LABELS, SCALE, Weights, shipped

# Two fits that see different damage; their weights are averaged, which harms less than either.
FITS = (
    (
        "all",
        "all-varied",
        "all-varied-2",
        "punctuation",
        "some-varied",
        "some",
        "some-straight",
    ),
    (
        "all",
        "all-varied-3",
        "all-varied-4",
        "punctuation-varied",
        "some",
        "some-varied-3",
        "some-varied-4",
        "some-straight",
    ),
)
STRENGTH = 1.0
RAREST = 2


@dataclass(frozen=True, slots=True)
class Document:
    name: str
    source: str
    licence: str
    text: str

    @property
    def group(self):
        """Sources that share a book are one."""
        book = re.sub(r"^(se|british)-", "", self.source)
        return book[:20]

    @property
    def is_free(self):
        licence = self.licence.lower()
        return licence in ("cc-by", "cc by 4.0") or "public domain" in licence or "cc0" in licence


def load(folder):
    documents = []
    with (folder / "SOURCES.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            text = (folder / "dev" / row["file"]).read_text(encoding="utf-8")
            text = unicodedata.normalize("NFC", text)
            documents.append(Document(row["file"], row["source"], row["licence"], text))
    # What news and history hold and the documents do not; written for this purpose.
    extra = Path(__file__).with_name("fit_repair_extra.txt").read_text(encoding="utf-8")
    documents.append(Document("extra", "extra", "CC0", extra))
    return sorted(documents, key=lambda document: document.name)


# --- damage -----------------------------------------------------------------------------------

PUNCTUATION = set("‐‑‒–—―‘’‚‛“”„†‡•…‰′″‹›€™●▪")
STRAIGHT = {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": " - ", "…": "...", "•": "-"}


def damage(text, regime, chance):
    """Return damaged text and {position: what stood there}."""
    parts, gold, length = [], {}, 0
    pieces = re.split(r"(\n\s*\n)", text)
    order = list(range(0, len(pieces), 2))
    chance.shuffle(order)
    hit = set(order[: (len(order) + 1) // 2]) if regime.startswith("some") else set(order)
    for number, piece in enumerate(pieces):
        if number % 2 == 0:
            if number not in hit and regime == "some-straight":
                piece = "".join(STRAIGHT.get(c, c) for c in piece)
            labels = label_of(piece)
            out = []
            for index, c in enumerate(piece):
                if c == "?":
                    gold[length + index] = sequence.QUESTION
                elif number in hit and c > "\x7f" and (regime != "punctuation" or c in PUNCTUATION):
                    gold[length + index] = labels[index]
                    c = "?"
                out.append(c)
            piece = "".join(out)
        parts.append(piece)
        length += len(piece)
    return "".join(parts), gold


# What the documents hold too little of, for texts of other kinds. Each is tried in some documents.
VARIATIONS = (
    # share of documents, share of places, pattern, replacement
    (0.5, 0.2, r"(?<=[a-z]{2})’s(?= [A-Za-z]{3})", "s’"),
    (0.1, 0.2, r"(?<=[a-z]{2}in)g(?=[ ,.])", "’"),
    (0.2, 0.4, r"(?<= )them(?=[ ,.])", "’em"),
    (0.2, 0.3, r"(?<= )about(?= )", "’bout"),
    (0.2, 0.3, r"(?<= )of(?= the )", "o’"),
    (0.1, 0.1, r"(?<= )and(?= )", "’n’"),
    (0.2, 0.3, r"\b[Ii]t (?=is |was )", "’T"),
    (0.15, 0.2, r"(?<= )with the(?= )", "à la"),
    (0.3, 0.5, r"\b(?:18|19|20)(?=\d\ds?\b)", "’"),
    (0.2, 0.6, r"\$(?=\d)", "£"),
    (0.1, 0.6, r"\$(?=\d)", "€"),
    (0.2, 0.2, r"(?<=[a-z] )(?=\d{1,3}(?:,\d{3})*[ .,])", "£"),
    (0.5, 0.3, r"(?<=\d)-(?=\d)", "–"),
    (0.3, 1.0, r"(?<=\w)—(?=\w)", " – "),
    (0.1, 1.0, r"(?<=\w)—(?=\w)", " — "),
    (0.3, 0.1, r"(?<=[a-z]), (?=[a-z])", " – "),
    (0.3, 0.15, r"(?<=[a-z]\.) (?=[A-Z])", " … "),
    (0.2, 0.2, r"(?<=[a-z]\.)(?=”?\n\n)", " …"),
    (0.2, 0.1, r"(?<=\n\n“)(?=[A-Z])", "… "),
    (0.1, 0.1, r"(?<=[a-z]), (?=[a-z])", " … "),
    (0.1, 0.1, r"(?<=[a-z]\.)(?=”)", " …"),
)


def vary(text, lexicon, chance):
    """Return *text* with names that have accents, and with punctuation of other styles."""
    for share, places, pattern, replacement in VARIATIONS:
        if chance.random() < share:
            text = re.sub(
                pattern,
                lambda match, new=replacement, share=places: (
                    new if chance.random() < share else match.group()
                ),
                text,
            )
    if chance.random() < 0.4:
        text = cut_off(text, chance)
    if chance.random() < 0.6:
        text = quote_ends(text, chance)
    if chance.random() < 0.4:
        text = own_by_many(text, chance)
    counts = Counter(re.findall(r"(?<=[a-z,] )[A-Z][a-z]{2,}\b", text))
    if counts and chance.random() < 0.2:
        name = chance.choice([name for name, _ in counts.most_common(6)])
        ending = chance.choice(("és", "ès", "às", "ís", "ós", "ûs"))
        text = re.sub(rf"\b{name}\b", name.rstrip("aeiouys") + ending, text)
        counts.pop(name)
    names = sorted(name for name, count in counts.items())
    known = sorted(
        word
        for lost_word, forms in lexicon.words.items()
        for word in forms
        if len(word) > 2 and (not lost_word.endswith("?s") or chance.random() < 0.35)
    )
    for name in chance.sample(names, min(len(names) // 8, 12)):
        word = chance.choice(known)
        if word[0].isupper() or chance.random() < 0.3:
            text = re.sub(rf"\b{name}\b", word, text)
    return text


def cut_off(text, chance):
    """Return *text* with some of what is said broken off by a dash."""
    return re.sub(
        r"(?<=[a-z] )([a-z]+)(?: [a-z’,]+){1,12}[.!](?=”|’\s)",
        lambda match: match.group(1) + "—" if chance.random() < 0.15 else match.group(),
        text,
    )


def quote_ends(text, chance):
    """Return *text* with the last words of some questions in quotes: `“X”?`, not `“X?”`."""

    def quote(match):
        if chance.random() > 0.15:
            return match.group()
        words = match.group(1).split(" ")
        first = chance.randrange(len(words))
        is_inside = text.rfind("“", 0, match.start()) > text.rfind("”", 0, match.start())
        opening, closing = "‘’" if is_inside else "“”"
        head = "".join(word + " " for word in words[:first])
        return f"{head}{opening}{' '.join(words[first:])}{closing}?"

    return re.sub(r"(?<=[a-z] )((?:[A-Za-z’-]+ ){0,4}[A-Za-z-]+)\?(?=\s|\Z)", quote, text)


def own_by_many(text, chance):
    """Return *text* with a plural or two as owners throughout: `workers’ committees`."""
    plural = (
        r"(?<= )([A-Za-z][a-z]{3,}[^s\W]s)(?= (?!of|in|to|and|or|the|an?|is|are|was|were|that|for|"
        r"on|with|from|by|as|at|who|which|have|has|had|will|would|can|could)[A-Za-z]{3})"
    )
    counts = Counter(re.findall(plural, text))
    for word, count in counts.most_common(8):
        if count > 2 and chance.random() < 0.3:
            text = re.sub(rf"\b{word}(?= [A-Za-z]{{3}})", word + "’", text)
    return text


@cache
def _thinned(key):
    lexicon = _LEXICONS[key]
    chance = random.Random("thin")
    kept = {
        lost_word: forms
        for lost_word, forms in sorted(lexicon.words.items())
        if chance.random() < 0.6
    }
    return Lexicon(kept)


_LEXICONS = {}


def thin(lexicon):
    """Return part of *lexicon*, so that the model learns what to make of words it lacks."""
    _LEXICONS[id(lexicon)] = lexicon
    return _thinned(id(lexicon))


def label_of(text):  # noqa: C901 - one branch for each label
    """Return the label of every character beyond ASCII of a paragraph."""
    labels = {}
    closers = [m.start() for m in re.finditer("’(?![^\\W_])", text)]
    unmatched = []
    for index, c in enumerate(text):
        if c < "\x80":
            continue
        before, after = text[index - 1 : index], text[index + 1 : index + 2]
        middle = before.isalnum() and after.isalnum()
        if c in "’ʼ′‛":
            label = sequence.APOSTROPHE
            if not after.isalnum() and unmatched:
                later = [x for x in closers if x > index]
                opener = text.find("‘", index)
                another = later and (opener < 0 or later[0] < opener)
                possessive = before in "sSnNoOdD" and re.match("’ [a-z]", text[index : index + 3])
                if not (possessive and another):
                    label = sequence.CLOSE
                    unmatched.pop()
        elif c == "‘" and middle:
            label = sequence.APOSTROPHE
        elif c in "“‘«„‟":
            label = sequence.OPEN
            if c == "‘":
                unmatched.append(index)
        elif c in "”»":
            label = sequence.CLOSE
        elif c in "–—―‐‑‒−⸺":
            label = sequence.DASH
        elif c in "•●▪◦‣·":
            label = sequence.BULLET
        elif c == "…":
            label = sequence.ELLIPSIS
        elif unicodedata.category(c)[0] in "LM":
            label = sequence.LETTER
        else:
            label = sequence.SIGN
        labels[index] = label
    return labels


# --- examples ---------------------------------------------------------------------------------


def examples_of(document, regime, vocabulary, lexicon):
    """Yield features, label for every lost character along the true path; then the ends."""
    chance = random.Random(f"{regime}:{document.name}")
    text = document.text
    if "varied" in regime:
        text = vary(text, lexicon, chance)
    damaged, gold = damage(text, regime.partition("-varied")[0], chance)
    evidence = evidence_of(
        damaged,
        lexicon=thin(lexicon),
        vocabulary=vocabulary,
        english=english_words(),
    )
    spans = lost.paragraph_spans(damaged)
    rows, ends = [], Counter()
    for number, (start, end) in enumerate(spans):
        places = [p for p in lost.find_places(damaged, start, end) if not in_address(damaged, p)]
        if not places:
            continue
        follows = damaged[slice(*spans[number + 1])][:40] if number + 1 < len(spans) else ""
        context = ParagraphContext(
            damaged[start:end], [p - start for p in places], evidence, follows
        )
        shifts = sequence.drift(context)
        state, opened = 0, 0
        for index, place in enumerate(places):
            if shifts[index]:
                state = sequence.shift(state, shifts[index])
                opened = place - start
            label = gold[place]
            rows.append(
                (context.features(index) + context.state_features(index, state, opened), label)
            )
            ends[f"visit{state}"] += 1
            if label == sequence.OPEN:
                opened = place - start
            state = sequence.step(state, label)
        state = sequence.shift(state, shifts[len(places)])
        ends[context.end_features(state)[1]] += 1
    return rows, ends


def vocabulary_of(documents):
    """Return words, lower case, that at least three sources use."""
    sources = defaultdict(set)
    for document in documents:
        for word in set(re.findall(r"[^\W\d_]+", document.text)):
            if word.isascii() and (word.islower() or word.istitle()):
                sources[word.lower()].add(document.group)
    return frozenset(word for word, groups in sources.items() if len(groups) > 2)


WORDS = []


@cache
def english_words():
    """Return the words of the files of WORDS, lower case, or of the model that is there."""
    if not WORDS:
        return shipped().english
    return frozenset(
        word.lower()
        for path in WORDS
        for word in path.read_text(encoding="utf-8").split()
        if word.isalpha() and len(word) > 1
    )


def solve(examples, size, strength):
    """Return {feature: whole-number weights} of a softmax regression with L2 penalty *strength*.

    *examples* are (features, label, weight).
    """
    counts = Counter()
    for features, _, _ in examples:
        counts.update(features)
    kept = sorted(f for f, n in counts.items() if n >= RAREST)
    index_of = {f: i for i, f in enumerate(kept)}
    indices, pointers = [], [0]
    for features, _, _ in examples:
        indices.extend(sorted({index_of[f] for f in features if f in index_of}))
        pointers.append(len(indices))
    n, d = len(examples), len(kept)
    x = csr_matrix((np.ones(len(indices)), indices, pointers), shape=(n, d))
    xt = x.T.tocsr()
    y = np.array([label for _, label, _ in examples])
    importance = np.array([weight for _, _, weight in examples], dtype=float)
    hot = np.zeros((n, size))
    hot[np.arange(n), y] = 1

    def loss(flat):
        w = flat.reshape(d, size)
        z = x @ w
        z -= z.max(1, keepdims=True)
        p = np.exp(z)
        p /= p.sum(1, keepdims=True)
        value = -(importance * np.log(p[np.arange(n), y] + 1e-300)).sum()
        gradient = xt @ ((p - hot) * importance[:, None])
        return value + strength / 2 * (flat**2).sum(), (gradient + strength * w).ravel()

    result = minimize(
        loss, np.zeros(d * size), jac=True, method="L-BFGS-B", options={"maxiter": 70}
    )
    w = np.clip(np.rint(result.x.reshape(d, size) * SCALE), -250, 250).astype(int)
    return {f: tuple(w[i].tolist()) for f, i in index_of.items() if np.abs(w[i]).max() > 2}


def ends_of(parts):
    """Return how likely a paragraph ends with quotes open, relative to none open."""
    ends = Counter()
    for _, part in parts:
        ends.update(part)
    table = {}
    for state in range(3):
        for flag in ("True", "False"):
            here = (ends[f"end{state}{flag}"] + 0.5) / (ends[f"visit{state}"] + 10)
            none = (ends[f"end0{flag}"] + 0.5) / (ends["visit0"] + 10)
            table[f"end{state}{flag}"] = round(min(1.0, here / none), 5)
    return table


def fit_letters(lexicon):
    """Return letters and their rows, from the words of the lexicon."""
    words = Counter(word for forms in lexicon.words.values() for word in forms)
    counts = Counter(c for word in words for c in word.lower() if c > "\x7f")
    letters = "".join(sorted(c for c, n in counts.items() if n >= 3 and c.isalpha()))
    examples = []
    for word, count in sorted(words.items()):
        lost_word = lose(word)
        for index, c in enumerate(word.lower()):
            if c in letters and len(word) > 1:
                examples.append(
                    (letter_features(lost_word, index), letters.index(c), 1 + np.log(count))
                )
    return letters, solve(examples, len(letters), 0.5)


def scorer_of(folder):
    spec = importlib.util.spec_from_file_location("score", folder / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_EXAMPLES = {}


def cached_examples(document, regime, vocabulary, lexicon):
    key = (document.name, regime)
    if key not in _EXAMPLES:
        rows, ends = examples_of(document, regime, vocabulary, lexicon)
        _EXAMPLES[key] = (
            [([sys.intern(f) for f in features], label) for features, label in rows],
            ends,
        )
    return _EXAMPLES[key]


@cache
def letters_of(key):
    return fit_letters(_LEXICONS[key])


def average(fits):
    """Return the mean of rows of weights; a fit that lacks a feature counts as zeros."""
    sums = defaultdict(lambda: [0] * len(LABELS))
    for rows in fits:
        for feature, row in rows.items():
            sums[feature] = [
                total + weight for total, weight in zip(sums[feature], row, strict=True)
            ]
    means = {
        feature: tuple(round(total / len(fits)) for total in totals)
        for feature, totals in sums.items()
    }
    return {feature: row for feature, row in means.items() if max(map(abs, row)) > 2}


def train(documents, lexicon, vocabulary=None):
    """Return weights fitted on *documents*."""
    vocabulary = vocabulary or vocabulary_of(documents)
    fits, ends = [], []
    for regimes in FITS:
        parts = [
            cached_examples(document, regime, vocabulary, lexicon)
            for document in documents
            for regime in regimes
        ]
        examples = [(features, label, 1.0) for rows, _ in parts for features, label in rows]
        fits.append(solve(examples, len(LABELS), STRENGTH))
        ends += parts
    _LEXICONS[id(lexicon)] = lexicon
    letters, letter_rows = letters_of(id(lexicon))
    return Weights(
        rows=average(fits),
        ends=ends_of(ends),
        vocabulary=vocabulary,
        english=english_words(),
        letters=letters,
        letter_rows=letter_rows,
        accents=Lexicon.collect(document.text for document in documents).to_json(),
    )


def edits_with(text, weights, lexicon, doubt=lost.DOUBT):
    """Return the edits that restore *text*, as `restore` makes them, with these weights."""
    edits, restored = [], text
    while is_damaged(restored, lexicon=lexicon) and (
        found := list(
            lost.find_lost(
                restored, lexicon=lexicon, weights=weights, threshold=THRESHOLD, doubt=doubt
            )
        )
    ):
        edits = chain(text, edits, found)
        restored = apply_edits(restored, found)
    return edits


def is_right(score, after, gold):
    """Tell whether *after* is what stood there, up to search folding or as a quote's direction."""
    return score.fold(after) == score.fold(gold) or score.role(after) == score.role(gold)


BOUNDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.01)


KNOTS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999, 1.0)
PRIOR = 20
"""As how many outcomes it counts that the model is right about itself."""


def calibrate(outcomes):
    """Return pairs of a probability and how often repairs that the model gave it were right.

    Isotonic regression (pool adjacent violators) of *outcomes*, (probability, is right), between
    KNOTS; one interpolates.
    """
    blocks = []
    for low, high in pairwise((0.0, *KNOTS)):
        inside = [right for sure, right in outcomes if low < sure <= high]
        count = len(inside) + PRIOR
        blocks.append([sum(inside) + PRIOR * (low + high) / 2, count, [(low + high) / 2]])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] >= blocks[-1][0] / blocks[-1][1]:
            rights, count, middles = blocks.pop()
            blocks[-1][0] += rights
            blocks[-1][1] += count
            blocks[-1][2] += middles
    pairs = [
        (round(middle, 4), round(rights / count, 4))
        for rights, count, middles in blocks
        for middle in middles
    ]
    return (*pairs, (1.0, pairs[-1][1]))


def calibrated(outcomes_by_fold):
    """Return all outcomes, each calibrated on those of half of the folds that it is not of."""
    found = []
    for half in (0, 1):
        others = [o for fold, some in outcomes_by_fold.items() if fold % 2 != half for o in some]
        model = Weights({}, {}, frozenset(), calibration=calibrate(others))
        found += [
            (model.sure(sure), right)
            for fold, some in outcomes_by_fold.items()
            if fold % 2 == half
            for sure, right in some
        ]
    return found


def print_reliability(outcomes, kind):
    """Print, for classes of confidence, how often what was put in the place was right."""
    print(f"== reliability of repairs, {kind}: confidence, count, mean, share right (role)")
    for low, high in pairwise(BOUNDS):
        inside = [(sure, right) for sure, right in outcomes if low <= sure < high]
        if inside:
            mean = sum(sure for sure, _ in inside) / len(inside)
            share = sum(right for _, right in inside) / len(inside)
            print(f"   {low:.2f}-{min(high, 1.0):.2f} {len(inside):7d} {mean:7.3f} {share:7.3f}")


SCORED = ("ascii", "cp1252-lost", "partial", "partial-straight", "clean")


def cross_validate(documents, folder, lexicon, options):
    """Print scores of documents whose sources were left out of the fit; return all outcomes.

    With several doubts the last is what the scores are for; of the others the trade-off is shown.
    """
    score = scorer_of(folder)
    groups = sorted({document.group for document in documents})
    folds = options.folds or len(groups)
    assigned = {group: index % folds for index, group in enumerate(groups)}
    # Of a word in three sources two are left when one is left out.
    vocabulary = vocabulary_of([document for document in documents if document.is_free])
    tallies = defaultdict(score.Tally)
    outcomes = defaultdict(list)
    cached = {}
    for fold in sorted(set(assigned.values())):
        kept = [
            d for d in documents if d.name == "extra" or (d.is_free and assigned[d.group] != fold)
        ]
        key = tuple(d.name for d in kept)
        if key not in cached:
            cached[key] = train(kept, lexicon, vocabulary)
        for document in documents:
            if assigned[document.group] != fold or document.name == "extra":
                continue
            for regime in options.regimes:
                damaged, gold, slots = score.corrupt(document.text, regime, "1", document.name[:-4])
                for doubt in options.doubts:
                    edits = edits_with(damaged, cached[key], lexicon, doubt)
                    restored = apply_edits(damaged, edits)
                    tallies[regime, doubt].add(
                        gold, damaged, restored, slots, document.name, options.errors
                    )
                stood = {place: character for place, character, *_ in slots}
                outcomes[fold] += [
                    (edit.confidence, is_right(score, edit.after, stood[edit.start]))
                    for edit in edits
                ]
        print(".", end="", flush=True, file=sys.stderr)
    for regime in options.regimes:
        tally = tallies[regime, options.doubts[-1]]
        score.show(f"left out / {regime}", tally.result())
        print_trade_off(tallies, regime, options.doubts)
        if options.errors:
            print_errors(tally, options.errors)
    print_reliability([o for some in outcomes.values() for o in some], "as the model gives it")
    print_reliability(calibrated(outcomes), "calibrated on the other half of the sources")
    return [o for some in outcomes.values() for o in some]


def print_trade_off(tallies, regime, doubts):
    """Print what is brought back and what is harmed for each doubt that keeps a mark."""
    print(f"== {regime}: doubt, role, searchable words, harm")
    for doubt in doubts:
        result = tallies[regime, doubt].result()
        shares = [100 * (result[name] or 0) for name in ("lost_role", "word_token_accuracy")]
        harm = result["genuine_changed_per_10k"]
        print(f"   {doubt:.3f} {shares[0]:6.2f} {shares[1]:6.2f} {harm:6.1f}")


def print_errors(tally, count):
    """Print the commonest confusions, *count* examples of each."""
    chance = random.Random(7)
    for (kind, gold, got), n in tally.conf.most_common(40):
        print(f"   -- {kind} {gold!r} -> {got!r}: {n}")
        examples = tally.ex[kind, gold, got]
        chance.shuffle(examples)
        for line in examples[:count]:
            print("        ", line)


def write(weights):
    target = Path(lost.__file__).with_name("lost.json.gz")
    target.write_bytes(weights.to_bytes())
    print(f"{len(weights.rows)} features, {target.stat().st_size} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--words", type=Path, nargs="*", default=[])
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--calibrate", action="store_true")
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--regimes", type=lambda names: names.split(","), default=SCORED)
    parser.add_argument(
        "--doubts",
        type=lambda numbers: [float(number) for number in numbers.split(",")],
        default=[lost.DOUBT],
    )
    options = parser.parse_args()
    WORDS.extend(options.words)
    documents = load(options.data)
    lexicon = common_words()
    if options.cross_validate:
        outcomes = cross_validate(documents, options.data, lexicon, options)
        if options.calibrate:
            write(replace(shipped(), calibration=calibrate(outcomes)))
        return
    weights = train([d for d in documents if d.is_free], lexicon)
    write(replace(weights, calibration=shipped().calibration))


if __name__ == "__main__":
    main()
