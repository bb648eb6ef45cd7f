"""What the author of a plug-in puts into a test of its rules.

from corpus_tool.testing import check_rule

def test_org101():
    check_rule("ORG101")
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from corpus_tool.contract import Contract, load_contract
from corpus_tool.findings import Finding
from corpus_tool.records import Record
from corpus_tool.rules import CORPUS, ROWS, TABLES, Bad, all_rules, find_rule
from corpus_tool.rules.example import broken, edited, example_article, example_inventory
from corpus_tool.validate import Checker, gather

__all__ = ["Bad", "check_rule", "edited", "example_article", "example_contract", "findings"]


@cache
def example_contract() -> Contract:
    """The contract of the example article, which examples of rules are edits of."""
    return load_contract(None, example_inventory())


def findings(
    *articles: Mapping[str, Any], contract: Contract | None = None, codes: Iterable[str] = ()
) -> list[Finding]:
    """All that the rules find in articles, as one corpus: those of `codes`, else every rule there is."""
    chosen = frozenset(find_rule(code).code for code in codes) or frozenset(all_rules())
    checker = Checker(contract or example_contract(), chosen)
    records = [Record(dict(article), "articles.jsonl", line) for line, article in enumerate(articles, 1)]
    return gather([checker.check(records)], checker).findings


def check_rule(code: str, also: Iterable[str] = ()) -> None:
    """Assert what a rule must have: documentation, examples that it is found in where they say, and good ones.

    In a bad example nothing else is found; `also` are codes of rules that do not hold there either.
    """
    rule = find_rule(code)
    assert rule.on in (*ROWS, TABLES, CORPUS), f"{code} is on '{rule.on}', which only corpus-tool itself looks at"
    assert len(rule.doc) > 30, f"{code} has no docstring that says what it asks, why, and how to mend"
    assert rule.bad, f"{code} has no bad example"
    assert findings(example_article(), codes=[code]) == [], f"{code} is found in the example article"
    for number, bad in enumerate(rule.bad):
        assert bad.raw is None, f"{code}, bad example {number}: raw bytes are for corpus-tool's own rules"
        found = findings(broken(bad), *(edited(put) for put in bad.corpus))
        places = {finding.location.pointer for finding in found if finding.code == rule.code}
        assert places == {bad.at}, f"{code}, bad example {number}: found at {sorted(places)}, not at '{bad.at}'"
        others = {finding.code for finding in found} - {rule.code, *also}
        assert not others, f"{code}, bad example {number}: {sorted(others)} are found as well"
    for number, put in enumerate(rule.good):
        found = findings(edited(put))
        wrong = [f"{finding.code} at {finding.location.pointer}: {finding.message}" for finding in found]
        assert not wrong, f"{code}, good example {number}: {'; '.join(wrong)}"
