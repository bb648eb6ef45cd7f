"""Every rule on tables finds its bad examples where it says, and nothing in the good ones."""

from __future__ import annotations

import pytest

from corpus_tool.rules import ROWS, TABLES, all_rules
from corpus_tool.rules.example import broken, edited, example_article
from tests.rules.tables import checked, places

RULES = all_rules()
ON_TABLES = [rule for rule in RULES.values() if rule.on in (*ROWS, TABLES)]
BAD = [(rule, number, example) for rule in ON_TABLES for number, example in enumerate(rule.bad)]
GOOD = [(rule, number, put) for rule in ON_TABLES for number, put in enumerate(rule.good)]

ALSO: dict[tuple[str, int], set[str]] = {("PRV703", 2): {"PRV707"}, ("TXT208", 3): {"IO005"}}


def test_the_example_article_is_clean() -> None:
    assert checked(example_article()) == []


@pytest.mark.parametrize(("rule", "number", "example"), BAD, ids=[f"{rule.code}-{number}" for rule, number, _ in BAD])
def test_bad_example_is_found_where_it_says(rule, number, example) -> None:
    found = places(broken(example))
    assert (rule.code, example.at) in found
    others = {code for code, _ in found} - {rule.code}
    assert others == ALSO.get((rule.code, number), set())


@pytest.mark.parametrize(("rule", "number", "put"), GOOD, ids=[f"{rule.code}-{number}" for rule, number, _ in GOOD])
def test_good_example_is_clean(rule, number, put) -> None:
    assert checked(edited(put)) == []


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_is_documented(rule) -> None:
    assert len(rule.doc) > 30
    assert rule.since
    assert rule.message


@pytest.mark.parametrize("rule", ON_TABLES, ids=[rule.code for rule in ON_TABLES])
def test_rule_on_tables_has_a_bad_example(rule) -> None:
    assert rule.bad
