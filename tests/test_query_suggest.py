"""What could have been meant by a word that is nowhere."""

import random
import time

import pytest

from isisdocs.query.suggest import Suggestion, spellings, suggestions

VOCABULARY = {
    "terrorism": 12,
    "terrorist": 30,
    "terrorists": 9,
    "islamic": 50,
    "state": 90,
    "caliphate": 5,
    "caliphates": 1,
    "isis": 300,
    "isil": 4,
    "mosul": 20,
    "baghdad": 40,
    "aleppo": 10,
}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("terorism", [("terrorism", 12), ("terrorist", 30)]),
        ("Mosuls", [("mosul", 20)]),
        ("omsul", [("mosul", 20)]),
        ("bagdhad", [("baghdad", 40)]),
        ("caliph", [("caliphate", 5)]),
        ("islamicstate", [("islamic state", 50)]),
        ("isi", [("isis", 300), ("isil", 4)]),
        ("Áleppo", []),
        ("washington", []),
        ("", []),
    ],
)
def test_slips_bring_up_what_could_be_meant(word, expected):
    assert suggestions(word, VOCABULARY) == tuple(Suggestion(*pair) for pair in expected)


def test_the_limit_is_kept():
    assert suggestions("isi", VOCABULARY, limit=1) == (Suggestion("isis", 300),)


def test_150_000_forms_take_no_second():
    chance = random.Random(1)  # noqa: S311 - no secret
    forms = (
        "".join(chance.choices("etaoinshrdlu", k=chance.randint(3, 12))) for _ in range(150_000)
    )
    vocabulary = dict.fromkeys(forms, 1) | VOCABULARY
    start = time.process_time()

    assert suggestions("terorism", vocabulary)[0] == Suggestion("terrorism", 12)

    assert time.process_time() - start < 60


def test_the_spellings_of_a_name_come_with_their_counts():
    counts = {
        "al-Maliki": 12,
        "Al-Maliki": 3,
        "almaliki": 1,
        "al-Malaki": 2,
        "al-Malikis": 5,  # the same stem
        "Almeliko": 4,
        "almulike": 9,  # no name
        "Maliki": 30,
        "Bl-Maliki": 1,
    }

    assert spellings("al-Maliki", counts) == (
        Suggestion("al-Maliki", 12),
        Suggestion("Almeliko", 4),
        Suggestion("Al-Maliki", 3),
        Suggestion("al-Malaki", 2),
        Suggestion("almaliki", 1),
    )
    assert spellings("Isis", {"ISIS": 2, "Iris": 1, "Isi": 1, "crisis": 7}) == (
        Suggestion("ISIS", 2),
        Suggestion("Iris", 1),
        Suggestion("Isi", 1),
    )
