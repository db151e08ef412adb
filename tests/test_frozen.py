"""Frozen classes are to their users what the standard library's frozen, slotted ones are."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass

import pytest

from isisdocs.frozen import frozen


@frozen
class Point:
    """A place."""

    x: int
    y: int = 0
    """Up."""

    @property
    def sum(self) -> int:
        return self.x + self.y


@frozen
class Other:
    x: int
    y: int = 0


@frozen
class Empty:
    """Nothing in it."""


@dataclass(frozen=True, slots=True)
class Standard:
    x: int
    y: int = 0


def test_values_by_place_and_by_name() -> None:
    assert Point(1) == Point(1, 0) == Point(y=0, x=1)
    assert (Point(1, 2).x, Point(1, 2).y, Point(1, 2).sum) == (1, 2, 3)


def test_equal_only_to_the_same_class() -> None:
    assert Point(1) != Point(2)
    assert Point(1) != Other(1)
    assert Empty() == Empty()
    assert len({Point(1), Point(1), Other(1), Empty(), Empty()}) == 3


def test_looks_like_a_data_class() -> None:
    assert repr(Point(1)) == repr(Standard(1)).replace("Standard", "Point")
    assert Point.__match_args__ == Standard.__match_args__
    assert Point.__doc__ == "A place."


@pytest.mark.parametrize(
    ("values", "named", "message"),
    [
        pytest.param((), {}, "Point lacks x", id="missing"),
        pytest.param((1, 2, 3), {}, "Point takes x, y, each once", id="too many"),
        pytest.param((1,), {"z": 1}, "Point takes x, y, each once", id="unknown"),
        pytest.param((1, 2), {"x": 1}, "Point takes x, y, each once", id="twice"),
    ],
)
def test_wrong_arguments_are_refused(
    values: tuple[int, ...], named: dict[str, int], message: str
) -> None:
    with pytest.raises(TypeError, match=message):
        Point(*values, **named)


def test_nothing_can_be_changed_or_added() -> None:
    point = Point(1)

    with pytest.raises(FrozenInstanceError, match="cannot change x of a Point"):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del point.x
    with pytest.raises(FrozenInstanceError):
        point.z = 2  # type: ignore[attr-defined]
    assert not hasattr(point, "__dict__")


def test_goes_to_other_processes_and_back() -> None:
    assert pickle.loads(pickle.dumps(Point(1, 2))) == Point(1, 2)  # noqa: S301  # our own
    assert copy.deepcopy(Point(1, 2)) == Point(1, 2)
