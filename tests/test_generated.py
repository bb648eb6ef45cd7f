"""Articles made up at random that keep every rule: nothing is found in them, in any script and of any shape."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.contract import load_contract
from corpus_tool.policy import Policy
from corpus_tool.records import Record
from corpus_tool.rules import all_rules
from corpus_tool.validate import Checker, gather
from tests.generated import LAYERS, SCRIPTS, Shape, article, inventory

POLICY = Policy(required_metadata=(), singletons=False, min_annotators=1, today=date(2026, 6, 1))
CHECKER = Checker(replace(load_contract(None, inventory()), policy=POLICY), frozenset(all_rules()))
SHAPES = st.builds(
    Shape,
    seed=st.integers(0, 2**32),
    scripts=st.lists(st.sampled_from(sorted(SCRIPTS)), min_size=1, max_size=3, unique=True).map(tuple),
    paragraphs=st.integers(1, 6),
    people=st.integers(1, 3),
    model=st.booleans(),
    layers=st.frozensets(st.sampled_from(LAYERS)),
    split=st.sampled_from([None, "train", "test", "validation"]),
)


def found(*shapes: Shape) -> list[tuple[str, str, str]]:
    """Everything that is found in articles, as blocks of one and of all of them."""
    records = [Record(article(shape), "a.jsonl", line) for line, shape in enumerate(shapes, 1)]
    report = gather([CHECKER.check(records[:1]), CHECKER.check(records[1:])], CHECKER)
    return [(finding.code, finding.location.pointer, finding.message) for finding in report.findings]


@settings(max_examples=150, deadline=None)
@given(SHAPES)
def test_a_valid_article_has_no_finding(shape: Shape) -> None:
    assert found(shape) == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_with_every_layer(script: str) -> None:
    whole = Shape(0, (script,), 4, 2, model=True, layers=frozenset(LAYERS), split="test")
    assert found(*(replace(whole, seed=seed) for seed in range(12))) == []


def test_articles_have_what_they_are_made_to_show() -> None:
    whole = Shape(0, tuple(SCRIPTS), 6, 2, model=True, layers=frozenset(LAYERS), split="test")
    made = [article(replace(whole, seed=seed)) for seed in range(20)]
    assert {layer for one in made for layer in one} >= {*LAYERS, "provenance", "adjudication"}
    entities = [entity for one in made for entity in one["entities"]]
    assert {len(entity["spans"]) for entity in entities} == {1, 2}
    assert {entity["type"] for entity in entities} == {"PER", "LOC", "ORG", "CUE", "TRIGGER"}
    assert any(len(one["spans"]) == 2 for each in made for one in each["quotations"])
    assert any(ord(char) > 0xFFFF for one in made for char in one["text"])
    assert any(len(entity["attributes"]) > 1 for entity in entities if entity.get("attributes"))
