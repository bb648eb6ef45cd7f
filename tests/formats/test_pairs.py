"""Every pair of formats: what both declare to keep comes through both, and back."""

from __future__ import annotations

import os
from functools import cache
from itertools import permutations

import pytest
from hypothesis import given, seed, settings

from corpus_tool import formats
from corpus_tool.formats import Article, Kept
from corpus_tool.formats.fidelity import ASPECTS, declared, items
from tests.formats.round_trips import SHAPES, samples, there_and_back
from tests.generated import Shape, article, inventory

BOTH_WAYS = sorted(set(formats.names(formats.IMPORTERS)) & set(formats.names(formats.EXPORTERS)))
PAIRS = list(permutations(BOTH_WAYS, 2))
EXAMPLES = int(os.environ.get("CORPUS_TOOL_PAIR_EXAMPLES", "1"))
"""Articles made up at random for each pair: `make pairs` asks for more."""


@cache
def kept(name: str) -> frozenset[str]:
    said = formats.about(name)
    return frozenset(
        aspect for aspect in ASPECTS if said is not None and declared(said.fidelity, aspect).kept is Kept.WHOLLY
    )


def check(first: str, second: str, before: Article) -> None:
    once = there_and_back(first, [before], inventory())
    over = there_and_back(second, once, inventory())
    (after,) = there_and_back(first, over, inventory())
    here, there = items(before), items(after)
    lost = {aspect: (here[aspect] - there[aspect], there[aspect] - here[aspect])
            for aspect in kept(first) & kept(second) if here[aspect] != there[aspect]}  # fmt: skip
    assert lost == {}


@pytest.mark.parametrize(("first", "second"), PAIRS, ids=lambda name: name)
def test_what_both_keep_comes_back(first: str, second: str) -> None:
    check(first, second, samples()[-2])

    @seed(len(first) * 31 + len(second))
    @settings(max_examples=EXAMPLES, deadline=None, database=None)
    @given(SHAPES)
    def of_any_shape(shape: Shape) -> None:
        check(first, second, article(shape))

    of_any_shape()


def test_every_format_says_what_it_keeps() -> None:
    assert [name for name in BOTH_WAYS if not kept(name)] == []
