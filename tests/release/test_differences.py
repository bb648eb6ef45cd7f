"""The difference of two states of a corpus: by content, and each change called what it is."""

from __future__ import annotations

import copy
import json
from collections import Counter
from random import Random
from typing import Any

import jsonschema
import pytest

from corpus_tool.release.difference.changes import AnnotationChange, Comparability, Difference
from corpus_tool.release.difference.differing import difference
from corpus_tool.release.difference.pages import difference_json, markdown, text_lines
from corpus_tool.resources import schema
from tests.generated import LAYERS, Shape, article
from tests.release.edits import EDITS, Article, sample, shuffled, side

SAMPLES = [sample(seed) for seed in range(50)]


def test_500_edits_are_classified_right() -> None:
    """Each edit alone, of articles as they are or with every id given anew and every layer in another order."""
    pick, done = Random(1), 0
    wrong, kinds = [], Counter[str]()
    while done < 500:
        name = pick.choice(list(EDITS))
        old = pick.choice(SAMPLES)
        new = copy.deepcopy(old)
        fact = EDITS[name](pick, new)
        if fact is None:
            continue
        done += 1
        kinds[name] += 1
        anew = shuffled(pick, new) if pick.random() < 0.5 else new
        found = difference(side([old]), side([anew])).facts()
        del found["id renumbered"]
        if found != Counter({fact: 1}):
            wrong.append((name, old["id"], anew is new, dict(found)))
    assert wrong == []
    assert kinds.keys() == EDITS.keys()


@pytest.mark.parametrize("seed", range(2))
def test_ids_and_order_are_no_difference(seed: int) -> None:
    pick = Random(seed)
    anew = [shuffled(pick, one) for one in SAMPLES]
    pick.shuffle(anew)
    found = difference(side(SAMPLES), side(anew))
    assert found.empty
    assert found.renumbered.annotations > 0
    assert all(split.comparable for split in found.splits)


def edited(old: Article, **changes: Any) -> Article:
    return {**copy.deepcopy(old), **changes}


ONE, TWO = SAMPLES[0], SAMPLES[1]


def test_articles_come_and_go() -> None:
    found = difference(side([ONE, TWO]), side([TWO, edited(SAMPLES[2], split="test")]))
    assert [(one.what, one.article, one.split, one.new_split) for one in found.articles] == [
        ("added", "a-2", "test", True),
        ("removed", "a-0", "train", False),
    ]
    assert [(one.split, one.members, one.comparable) for one in found.splits] == [
        ("test", 1, False),
        ("train", 1, False),
    ]


def test_an_article_under_another_id_is_the_same() -> None:
    found = difference(side([ONE]), side([edited(ONE, id="other")]))
    assert found.empty
    assert found.renumbered.articles == (("a-0", "other"),)


def test_a_move_counts_for_both_splits() -> None:
    found = difference(side([ONE, TWO]), side([ONE, edited(TWO, split="test")]))
    assert [(one.what, one.before, one.split) for one in found.articles] == [("moved", "train", "test")]
    assert [(one.split, one.members) for one in found.splits] == [("test", 1), ("train", 1)]


def test_what_is_not_gold_leaves_scores_comparable() -> None:
    """The second annotator of an article whose gold is the first's."""
    old = article(Shape(3, people=2, layers=frozenset(LAYERS), split="test", paragraphs=4))
    new = copy.deepcopy(old)
    item = next(each for each in new["entities"] if each["prov"] == "A2")
    item["confidence"] = 0.25
    found = difference(side([old]), side([new]))
    assert [(one.what, one.fields, one.gold) for one in found.annotations] == [(("changed",), ("confidence",), False)]
    assert all(split.comparable for split in found.splits)
    item["prov"] = "A1"
    assert [split.gold for split in difference(side([old]), side([new])).splits] == [1]


def test_each_change_says_where() -> None:
    old = article(Shape(3, layers=frozenset(LAYERS), paragraphs=4))
    new = copy.deepcopy(old)
    item = next(each for each in new["entities"] if each["type"] == "PER")
    item |= {"type": "ORG", "confidence": 0.125}
    [change] = difference(side([old]), side([new])).annotations
    assert (change.article, change.layer, change.id) == ("a-3", "entities", item["id"])
    assert (change.label, change.before, change.what) == ("ORG", "PER", ("retyped", "changed"))
    assert change.fields == ("confidence",)


def test_text_that_is_withheld_is_not_a_change() -> None:
    bare = {name: value for name, value in ONE.items() if name != "text"}
    assert "text changed" not in difference(side([ONE]), side([bare])).facts()


def test_json_keeps_its_schema_and_holds_no_text() -> None:
    pick = Random(4)
    new = [shuffled(pick, one) for one in SAMPLES[:8]]
    for one, name in zip(new, EDITS, strict=False):
        EDITS[name](pick, one)
    found = difference(side(SAMPLES[:9]), side(new))
    value = json.loads(json.dumps(difference_json(found)))
    jsonschema.Draft202012Validator(schema("diff-1")).validate(value)
    assert value["counts"] == dict(found.facts())
    assert value["not_listed"] == {"articles": 0, "annotations": 0, "renumbered": 0}
    assert not any(word in json.dumps(value) for word in SAMPLES[0]["text"].split() if len(word) > 6)


def test_pages_for_people() -> None:
    found = difference(side([ONE, TWO]), side([TWO, edited(SAMPLES[2], id="a_2|x")]))
    assert list(text_lines(found)) == [
        "a to a: they differ",
        "articles:",
        "  1 added (train): a_2|x",
        "  1 removed (train): a-0",
        "scores:",
        "  train: scores do not compare (2 articles came or went, 0 texts and 0 gold annotations differ)",
    ]
    assert markdown(found).startswith("## Articles\n\n- 1 added (train): a\\_2\\|x\n")
    same = difference(side([ONE]), side([ONE]))
    assert list(text_lines(same)) == ["a to a: no difference"]
    assert markdown(same) == "Nothing differs.\n"


@pytest.mark.parametrize(
    ("members", "gold", "said"),
    [
        (1, 0, "1 article came or went, 0 texts and 0 gold annotations differ"),
        (0, 1, "0 articles came or went, 0 texts and 1 gold annotation differ"),
        (1200, 2, "1,200 articles came or went, 0 texts and 2 gold annotations differ"),
    ],
)
def test_numbers_are_told_as_people_say_them(members: int, gold: int, said: str) -> None:
    changed = (AnnotationChange("x", "test", "entities", "A", "T1", ("gold",)),)
    found = Difference("a", "b", annotations=changed, splits=(Comparability("test", members, 0, gold),))
    lines = list(text_lines(found))
    assert f"  test: scores do not compare ({said})" in lines
    assert "  test entities A: 1 now gold, or no longer" in lines
