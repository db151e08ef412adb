"""What makes an article the better answer: which words of a query count, and how much.

The matching set is decided by the query tree alone; a ranking only orders it. How a weighted word
scores in an article, and words close together, is in `engine.bm25f`; here is which words are
weighed. Words that carry no subject (`the`, `what`) count nothing beside words that do. A question
of several words, any of which may do, is filled up with words of the articles that answer it best:
the relevance model RM3, Abdul-Jaleel et al., UMass at TREC 2004: Novelty and HARD.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from typing import TYPE_CHECKING

from isisdocs import words
from isisdocs.engine.base import Ranking, Weighted
from isisdocs.fields import texts_of
from isisdocs.query.tree import And, Layer, Leaf, Near, Node, Or, Term, is_place, leaves, untyped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from isisdocs.engine.base import Reader
    from isisdocs.model import Article

FEEDBACK_ARTICLES = 5
FEEDBACK_WORDS = 20
ORIGINAL_WEIGHT = 0.5
"""RM3: the best articles read, the words taken from them, the share that the query's own keep."""
COMMON_SHARE = 0.25
"""Words in more of the articles than this are no subject of any."""
MIN_QUESTION_WORDS = 3
"""A query of fewer words says too little for its first answers to be trusted."""

FUNCTION_WORDS = frozenset(
    """
    a about above after again all also am an and any are as at be because been before being below
    between both but by can cannot could did do does doing down during each few for from further
    had has have having he her here hers him his how i if in into is it its itself me more most my
    no nor not of off on once only or other our out over own same she should so some such than that
    the their them then there these they this those through to too under until up very was we were
    what when where which while who whom why will with would you your
    """.split()
)


def of(node: Node) -> Ranking:
    """Return the ranking of a query as it stands: each of its words and phrases counts the same."""
    places = list(_places(node))
    subjects = [place for place in places if not _is_function_word(place)] or places
    # `flow` and `flows` are one word asked for twice.
    counts = Counter(untyped(one) if isinstance(one, Leaf) else one for one in subjects)
    return Ranking(tuple(Weighted(place, float(count)) for place, count in counts.items()))


def is_question(ranking: Ranking) -> bool:
    """Tell whether a query has words enough to be filled up."""
    return len(ranking.weighted) >= MIN_QUESTION_WORDS


def filled_up(ranking: Ranking, best: Sequence[tuple[Article, float]], reader: Reader) -> Ranking:
    """Return the ranking with words of the *best* articles, given with their scores (RM3).

    A word's weight is the mean of its share in these articles, weighed by their scores.
    """
    shares: dict[str, float] = defaultdict(float)
    total_score = sum(score for _, score in best) or 1.0
    for article, score in best:
        counts = _stems(article)
        length = sum(counts.values()) or 1
        for stem, count in counts.items():
            shares[stem] += score / total_score * count / length
    subjects = [stem for stem in shares if len(stem) > 1 and stem not in _function_stems()]
    subjects.sort(key=lambda stem: (-shares[stem], stem))
    most = COMMON_SHARE * reader.count_all()
    chosen: list[str] = []
    for stem in subjects:
        if len(chosen) == FEEDBACK_WORDS:
            break
        if reader.search(Term(stem), limit=0).total <= most:
            chosen.append(stem)

    own_total = sum(weighted.weight for weighted in ranking.weighted)
    new_total = sum(shares[stem] for stem in chosen)
    # Nothing is to be shared out where the best were found by none of the words that are weighed.
    unit = (1 - ORIGINAL_WEIGHT) * own_total / new_total if new_total else 0.0
    own = [Weighted(w.place, ORIGINAL_WEIGHT * w.weight) for w in ranking.weighted]
    new = [Weighted(Term(stem), unit * shares[stem]) for stem in chosen]
    return Ranking((*own, *new), close=())


def _places(node: Node) -> Iterator[Node]:
    """Yield what can be counted in a text, outside of what must not be there."""
    if (is_place(node) and not isinstance(node, Or)) or (
        isinstance(node, Or) and is_place(node) and _is_one_word(node)
    ):
        yield node
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from _places(part)
    elif isinstance(node, Near):
        yield node


def _is_one_word(node: Or) -> bool:
    """Tell whether the alternatives are one word typed once, as of `al-Maliki` or `Tomáš`."""
    whole = next((part.typed for part in node.parts if isinstance(part, Term)), "")
    return bool(whole) and all(leaf.typed in whole for leaf in leaves(node))


def _is_function_word(place: Node) -> bool:
    return isinstance(place, Term) and place.layer is Layer.STEM and place.text in _function_stems()


@cache
def _function_stems() -> frozenset[str]:
    return frozenset(map(words.stem, FUNCTION_WORDS))


def _stems(article: Article) -> Counter[str]:
    counts: Counter[str] = Counter()
    for field in ("title", "body"):
        for exact, codes in words.occurrences(texts_of(article, field)).codes.items():
            if all(map(words.is_word, codes)):
                counts[words.stem(words.fold(exact))] += len(codes)
    return counts
