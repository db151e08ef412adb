"""How strongly two things go together: measures over a contingency table.

    O11  how often both are met          R1  how often the first is met
    C1   how often the second is met     N   how often anything is met

For words near a node, as surface cooccurrence (Evert 2008, "Corpora and collocations", 4.1): R1 is
the number of words in the windows, C1 that of the collocate outside the nodes, N that of all words
outside the nodes. For keywords R1 is the size of the one corpus and N that of both together.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, log2


@dataclass(frozen=True, slots=True)
class Table:
    """A contingency table by its first cell and its margins."""

    o11: int
    r1: int
    c1: int
    n: int

    @property
    def expected(self) -> float:
        """The first cell if the two were independent: R1 C1 / N."""
        return self.r1 * self.c1 / self.n if self.n else 0.0


def log_likelihood(table: Table) -> float:
    """Return Dunning's G2 = 2 sum O ln(O/E), negative where O11 is less than expected.

    Dunning 1993, "Accurate methods for the statistics of surprise and coincidence". 3.84 is the
    5 % point of chi-squared with one degree of freedom, 10.83 that of 0.1 %.
    """
    rows = (table.r1, table.n - table.r1)
    columns = (table.c1, table.n - table.c1)
    observed = (
        (table.o11, table.r1 - table.o11),
        (table.c1 - table.o11, table.n - table.r1 - table.c1 + table.o11),
    )
    total = sum(
        count * log(count * table.n / (row * column))
        for counts, row in zip(observed, rows, strict=True)
        for count, column in zip(counts, columns, strict=True)
        if count > 0
    )
    # What is exactly as expected may come out a little below 0.
    return max(2 * total, 0.0) * (1 if table.o11 >= table.expected else -1)


def mutual_information(table: Table) -> float:
    """Return the pointwise log2(O11 / E11); minus infinity where they are never met together.

    Church & Hanks 1990, "Word association norms, mutual information, and lexicography".
    """
    return log2(table.o11 / table.expected) if table.o11 else float("-inf")


def log_dice(together: int, first: int, second: int) -> float:
    """Return 14 + log2(2 f_xy / (f_x + f_y)): at most 14, and independent of the corpus's size.

    Rychlý 2008, "A lexicographer-friendly association score". Minus infinity where they are never
    met together.
    """
    return 14 + log2(2 * together / (first + second)) if together else float("-inf")


def log_ratio(table: Table) -> float:
    """Return how many times doubled the relative frequency is in the first corpus.

    Hardie 2014, "Log Ratio: an informal introduction": log2 of the ratio of relative frequencies,
    with half an occurrence for none.
    """
    here = (table.o11 or 0.5) / table.r1
    there = (table.c1 - table.o11 or 0.5) / (table.n - table.r1)
    return log2(here / there)
