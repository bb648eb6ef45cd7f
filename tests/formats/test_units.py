"""Offsets of other units, and which unit explains what a source says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.formats import Unit
from corpus_tool.formats.units import Offsets, Settled, explains, settle

TEXT = "Zoë\u0301 👩‍👧 x\r\n𐐷."
UNITS = [Unit.CODE_POINTS, Unit.UTF16, Unit.BYTES, Unit.GRAPHEMES]


@pytest.mark.parametrize(
    ("unit", "before", "points"),
    [
        (Unit.CODE_POINTS, 4, 4),
        (Unit.CODE_POINTS, len(TEXT), len(TEXT)),
        (Unit.CODE_POINTS, len(TEXT) + 1, None),
        (Unit.CODE_POINTS, -1, None),
        (Unit.UTF16, 6, None),
        (Unit.UTF16, 7, 6),
        (Unit.BYTES, 3, None),
        (Unit.BYTES, 4, 3),
        (Unit.GRAPHEMES, 3, 4),
        (Unit.GRAPHEMES, 5, 8),
        (Unit.GRAPHEMES, 7, 10),
        (Unit.GRAPHEMES, 99, None),
    ],
)
def test_offsets_become_code_points(unit: Unit, before: int, points: int | None) -> None:
    assert Offsets(TEXT, unit).to_points(before) == points


@given(st.text(), st.sampled_from(UNITS))
def test_there_and_back(text: str, unit: Unit) -> None:
    offsets = Offsets(text, unit)
    for point in range(len(text) + 1):
        outer = offsets.from_points(point)
        assert outer is None or offsets.to_points(outer) == point
    assert offsets.from_points(len(text)) is not None


@given(st.text())
def test_sizes_are_those_of_the_encodings(text: str) -> None:
    assert Offsets(text, Unit.UTF16).from_points(len(text)) == len(text.encode("utf-16-le", "surrogatepass")) // 2
    assert Offsets(text, Unit.BYTES).from_points(len(text)) == len(text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("declared", UNITS)
def test_the_unit_that_explains_every_surface(unit: Unit, declared: Unit) -> None:
    offsets = Offsets(TEXT, unit)
    places = [(at, at + 1) for at in (0, 9, 12)]
    stated = [
        (first, last, TEXT[start:end])
        for start, end in places
        if (first := offsets.from_points(start)) is not None and (last := offsets.from_points(end)) is not None
    ]
    assert explains(TEXT, stated, unit)
    assert settle(TEXT, stated, declared) == Settled(unit, agrees=True)


def test_where_none_does_the_declared_one_stands() -> None:
    assert settle(TEXT, [(0, 1, "Q")], Unit.UTF16) == Settled(Unit.UTF16, agrees=False)


def test_where_several_do_the_declared_one_stands() -> None:
    assert settle("plain", [(0, 5, "plain")], Unit.BYTES) == Settled(Unit.BYTES, agrees=True)
