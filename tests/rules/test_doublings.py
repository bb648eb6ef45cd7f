"""Attributes, labels of an article and arguments that stand twice, and provenances derived from each other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus_tool.inventory_files import parse_inventory
from corpus_tool.rules.example import annotator, edited
from tests.rules.tables import checked, example_contract, under

PLAIN = under(None)
HIGH, LOW = {"name": "Sure", "value": "High"}, {"name": "Sure", "value": "Low"}
LABEL = {"axis": "tone", "value": "calm", "prov": "A1"}


@pytest.mark.parametrize(
    ("attributes", "found", "mended"),
    [
        ([HIGH, LOW], ["1"], [False]),
        ([HIGH, LOW, HIGH], ["1", "2"], [False, True]),
        ([HIGH, {**HIGH, "id": "A7"}], ["1"], [True]),
        ([{**HIGH, "id": "A6"}, {**HIGH, "id": "A7"}], ["1"], [True]),
        ([HIGH, {"name": "Other", "value": "High"}, {"name": "Other", "value": "Low"}], [], []),
        ([{"name": "Named"}, {"name": "Named"}], ["1"], [True]),
        ([HIGH, {"name": "Sure", "value": "Very"}], [], []),
    ],
    ids=["two-values", "both", "id", "ids", "not-listed", "flag", "unknown-value"],
)
def test_attributes_twice(attributes, found, mended) -> None:
    article = edited({"/entities/0/attributes": attributes})
    hits = checked(article, contract=example_contract(), codes="LBL507")
    assert [at for _, at, _, _ in hits] == [f"/entities/0/attributes/{number}" for number in found]
    assert [fix is not None for *_, fix in hits] == mended


def test_an_attribute_may_have_several_values_where_the_inventory_lets_it() -> None:
    for says in ({"open": True}, {"values": ["High", "Low"], "open": True}):
        inventory = parse_inventory({"inventory": "1.0", "attribute": [{"name": "Sure", **says}]}, "")
        article = edited({"/entities/0/attributes": [HIGH, LOW]})
        assert checked(article, contract=under(inventory), codes="LBL507") == []
    assert checked(edited({"/entities/0/attributes": [HIGH, LOW]}), contract=PLAIN, codes="LBL507") == []


@pytest.mark.parametrize(
    ("more", "found", "mended"),
    [
        ([LABEL, LABEL], True, True),
        ([LABEL, {**LABEL, "confidence": 0.5}], True, False),
        ([{**LABEL, "confidence": 0.5}, LABEL], True, True),
        ([LABEL, {**LABEL, "prov": "A2"}], False, False),
        ([LABEL, {**LABEL, "axis": "mood"}], False, False),
    ],
    ids=["same", "surer", "less-sure", "another-annotator", "another-axis"],
)
def test_labels_twice(more, found, mended) -> None:
    article = edited({"/labels": more, "/provenance/-": annotator("A2")})
    hits = checked(article, contract=PLAIN, codes="LBL507")
    assert [at for _, at, _, _ in hits] == ["/labels/1"] * found
    assert [fix is not None for *_, fix in hits] == [mended] * found


def test_a_label_of_an_exclusive_axis_twice_is_no_conflict() -> None:
    again = {"axis": "subject", "value": "sea", "prov": "A1"}
    land = {**again, "value": "land"}
    contract = replace(example_contract())
    assert [code for code, *_ in checked(edited({"/labels/-": again}), contract=contract, codes="LBL506 LBL507")] == [
        "LBL507"
    ]
    three = checked(edited({"/labels": [again, land, again]}), contract=contract, codes="LBL506 LBL507")
    assert [(code, at) for code, at, *_ in three] == [("LBL506", "/labels/1"), ("LBL507", "/labels/2")]


@pytest.mark.parametrize(
    ("arguments", "at", "mended"),
    [
        ([("Agent", "T1"), ("Agent", "T1")], "/events/0/arguments/1/ref", True),
        ([("Agent", "T1"), ("Agent", "T3")], None, None),
        ([("Agent", "T1"), ("Agent2", "T1")], None, None),
        ([("Agent", "T1"), ("Place", "T2"), ("Agent", "T1")], "/events/0/arguments/2/ref", True),
        ([("Agent", "no"), ("Agent", "no")], None, None),
    ],
    ids=["same", "another", "another-role", "apart", "dangling"],
)
def test_arguments_twice(arguments, at, mended) -> None:
    some = [{"role": role, "ref": ref} for role, ref in arguments]
    hits = checked(edited({"/events/0/arguments": some}), contract=PLAIN, codes="REL603")
    assert [(found, fix is not None) for _, found, _, fix in hits] == ([(at, mended)] if at else [])


def test_a_relation_keeps_two_arguments() -> None:
    ends = [{"role": "Arg1", "ref": ref} for ref in ("T1", "T1")]
    ((_, at, message, fix),) = checked(edited({"/relations/0/arguments": ends}), contract=PLAIN, codes="REL603")
    assert (at, message, fix) == ("/relations/0/arguments/1/ref", "Near 'R1' has the Arg1 'T1' twice: drop one", None)
    third = edited({"/relations/0/arguments": [*ends, {"role": "Arg2", "ref": "T2"}]})
    ((*_, fix),) = checked(third, contract=PLAIN, codes="REL603")
    assert fix is not None
    assert [(edit.pointer, fix.safety) for edit in fix.edits] == [("/relations/0/arguments/1", "safe")]


@pytest.mark.parametrize(
    ("derived", "found"),
    [
        ([[], ["A1"], ["A2", "A1"]], []),
        ([["A2"], ["A1"], []], ["/provenance/1/derived_from/0"]),
        ([["A3"], ["A1"], ["A2"]], ["/provenance/1/derived_from/0"]),
        ([["A1"], [], []], ["/provenance/0/derived_from/0"]),
        ([["A2", "A3"], ["A3"], []], []),
    ],
    ids=["line", "two", "three", "itself", "two-ways"],
)
def test_provenances_derived_from_each_other(derived, found) -> None:
    records = [annotator(f"A{number}", derived_from=names) for number, names in enumerate(derived, 1)]
    hits = checked(edited({"/provenance": records}), contract=PLAIN, codes="REF405")
    assert [at for _, at, _, _ in hits] == found
