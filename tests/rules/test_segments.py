"""Tokens and sentences that overlap, or stand in another order than the text."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.tables import checked, places, under

TEXT = "abcdefghijklmnopqrst"
PLAIN = under(None)


def segment(name: str, *edges: int, prov: str | None = None) -> dict[str, Any]:
    pairs = zip(edges[::2], edges[1::2], strict=True)
    spans = [{"start": low, "end": high, "text": TEXT[low:high]} for low, high in pairs]
    return {"id": name, "spans": spans, **({"prov": prov} if prov else {})}


def found(layer: str, *segments: dict[str, Any]) -> list[tuple[str, str]]:
    return places({"id": "a", "text": TEXT, layer: list(segments)}, contract=PLAIN, codes="SPN310 SPN316")


@pytest.mark.parametrize("layer", ["tokens", "sentences"])
@pytest.mark.parametrize(
    ("edges", "wrong"),
    [
        ([(0, 4), (4, 10), (11, 12)], []),
        ([(0, 4), (2, 10)], [("SPN316", 1)]),
        ([(0, 10), (2, 4), (5, 6), (10, 12)], [("SPN316", 1), ("SPN316", 2)]),
        ([(0, 10), (2, 4), (9, 12)], [("SPN316", 1), ("SPN316", 2)]),
        ([(5, 8), (0, 4)], [("SPN316", 1)]),
        ([(9, 10), (0, 1), (2, 3), (4, 5)], [("SPN316", 1)]),
        ([(0, 1), (2, 3), (0, 1)], [("SPN310", 2)]),
        ([(0, 2, 5, 7), (2, 4)], []),
        ([(0, 2, 5, 7), (2, 6)], [("SPN316", 0)]),
    ],
    ids=["in-line", "crossing", "inside", "under-a-long-one", "order", "last-first", "twice", "in-the-gap", "over-the-gap"],
)  # fmt: skip
def test_segments(layer, edges, wrong) -> None:
    some = [segment(f"K{number}", *pair) for number, pair in enumerate(edges)]
    assert found(layer, *some) == [(code, f"/{layer}/{number}") for code, number in wrong]


def test_two_ways_to_cut_a_text() -> None:
    one = [segment(f"A{low}", low, low + 4, prov="A1") for low in range(0, 12, 4)]
    two = [segment(f"B{low}", low, low + 3, prov="A2") for low in range(0, 12, 3)]
    assert found("tokens", *one, *two) == []
    assert found("tokens", *(each for pair in zip(one, two, strict=False) for each in pair)) == []
    assert found("tokens", *one, *two[::-1]) == [("SPN316", f"/tokens/{number}") for number in (4, 5, 6)]


def test_passages_and_entities_may_overlap() -> None:
    layers = {
        "passages": [segment("P1", 0, 10), segment("P2", 5, 12)],
        "entities": [segment("T1", 0, 10), segment("T2", 5, 12)],
    }
    for layer in layers.values():
        for one in layer:
            one["type"] = "paragraph"
    assert places({"id": "a", "text": TEXT, **layers}, contract=PLAIN, codes="SPN316") == []


def test_articles_are_apart() -> None:
    one = {"id": "a", "text": TEXT, "tokens": [segment("K1", 5, 9)]}
    other = {"id": "b", "text": TEXT, "tokens": [segment("K1", 0, 7), segment("K2", 6, 8)]}
    ((_, at, message, _),) = checked(one, other, contract=PLAIN, codes="SPN316")
    assert (at, message) == ("/tokens/1", "the token 'K2' [6, 8) overlaps 'K1' [0, 7): keep them apart, or drop one")


EDGES = st.tuples(st.integers(0, 19), st.integers(1, 6)).map(lambda edge: (edge[0], min(20, edge[0] + edge[1])))


@settings(max_examples=100, deadline=None)
@given(st.lists(EDGES, max_size=7))
def test_something_is_found_where_characters_are_shared_or_the_order_is_not_that_of_the_text(edges) -> None:
    line = all(one[1] <= two[0] for one, two in pairwise(edges))
    assert (found("tokens", *(segment(f"K{number}", *pair) for number, pair in enumerate(edges))) == []) is line
