"""Provenance: makers, machines, and whether the work is done."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_tool.compiling import compile_schema
from corpus_tool.contract import Contract, load_contract
from corpus_tool.policy import Policy
from tests.rules.tables import article, checked, places
from tests.shapes import values

PLAIN = load_contract(None, None)
A1 = {"id": "A1", "agent": "one", "agent_type": "human", "role": "annotator"}
A2 = {"id": "A2", "agent": "two", "agent_type": "human", "role": "annotator"}
A9 = {"id": "A9", "agent": "nine", "agent_type": "human", "role": "adjudicator"}
M1 = {"id": "M1", "agent": "tagger", "agent_type": "model", "model_version": "2"}


def made(*provs: str | None, **layers: Any) -> dict[str, Any]:
    found = article("abcdefgh", *(("X", at, at + 1) for at in range(len(provs))), **layers)
    for entity, prov in zip(found["entities"], provs, strict=True):
        entity["prov"] = prov
    return found


def test_annotations_of_nobody() -> None:
    structure = {"tokens": [{"id": "K1", "spans": [{"start": 0, "end": 1, "text": "a"}]}]}
    notes = {"notes": [{"id": "N1", "text": "x", "ref": "T1"}]}
    found = checked(made(None), made("A1", None, provenance=[A1], **structure, **notes), contract=PLAIN, codes="PRV703")
    assert [(at, message) for _, at, message, _ in found] == [
        ("/entities/1/prov", "the entity 'T2' does not say who made it, and the article has provenance"),
        ("/notes/0/prov", "the note 'N1' does not say who made it, and the article has provenance"),
    ]


@pytest.mark.parametrize(
    ("agent", "why"),
    [
        ("annotator-01", None),
        ("mara", None),
        ("MQ", None),
        ("Annotator One", None),
        ("News Desk", None),
        ("Mara", None),
        ("BRAT Team", None),
        ("Native Speaker", None),
        ("first second third fourth", None),
        ("en_core_web_sm", None),
        ("a@b", None),
        ("mara.quill@news.example", "is an e-mail address"),
        ("Mara <mq@news.example>", "is an e-mail address"),
        ("Mara Quill", "looks like the name of a person"),
        ("Mara J. Quill", "looks like the name of a person"),
        ("Anne-Marie O'Neill", "looks like the name of a person"),
        ("Айгүл Нұрсейіт", "looks like the name of a person"),
    ],
)
def test_people_who_can_be_recognised(agent: str, why: str | None) -> None:
    found = checked(made("A1", provenance=[{**A1, "agent": agent}]), contract=PLAIN, codes="PRV703")
    assert [message for _, _, message, _ in found] == ([f"'{agent}' {why}"] if why else [])
    model = made("A1", provenance=[{**M1, "id": "A1", "agent": agent}])
    assert places(model, contract=PLAIN, codes="PRV703") == []


def test_a_pseudonym_is_the_same_everywhere() -> None:
    people = [{**A1, "agent": "Mara Quill"}, {**A2, "agent": "Mara Quill"}]
    found = checked(made("A1", provenance=people), made("A1", provenance=people[:1]), contract=PLAIN, codes="PRV703")
    fixes = [fix for _, _, _, fix in found if fix is not None]
    name = f"annotator-{hashlib.sha256(b'Mara Quill').hexdigest()[:8]}"
    assert [(edit.pointer, edit.old, edit.new) for fix in fixes for edit in fix.edits] == [
        ("/provenance/0/agent", "Mara Quill", name), ("/provenance/1/agent", "Mara Quill", name),
        ("/provenance/0/agent", "Mara Quill", name),
    ]  # fmt: skip
    assert {fix.safety for fix in fixes} == {"unsafe"}
    assert places(made("A1", provenance=[{**A1, "agent": name}]), contract=PLAIN, codes="PRV703") == []


def test_the_registry_of_agents() -> None:
    contract = replace(PLAIN, policy=Policy(annotators=("annotator-one", "Mara Quill")))
    people = [{**A1, "agent": "anotator-one"}, {**A2, "agent": "Mara Quill"}, M1, {**A9, "agent": "x@y.example"}]
    found = checked(made("A1", provenance=people), contract=contract, codes="PRV703")
    assert [(at, message, fix is not None) for _, at, message, fix in found] == [
        ("/provenance/0/agent", "corpus.toml lists no agent 'anotator-one': did you mean 'annotator-one'?", False),
        ("/provenance/2/agent", "corpus.toml lists no agent 'tagger'", False),
        ("/provenance/3/agent", "'x@y.example' is an e-mail address; corpus.toml lists no agent 'x@y.example'", True),
    ]


@pytest.mark.parametrize(
    ("decided", "found"),
    [
        ([("adjudicated", "M1")], ["/adjudication/0/prov"]),
        ([("adjudicated", "A1")], []),
        ([("adjudicated", "M1"), ("adjudicated", "A1")], []),
        ([("pending", "M1")], []),
        ([("adjudicated", None)], []),
        ([("adjudicated", "no")], []),
    ],
    ids=["model", "human", "both", "pending", "nobody", "unknown"],
)
def test_gold_by_a_model(decided, found) -> None:
    records = [{"layer": "entities", "status": status, "prov": prov} for status, prov in decided]
    ran = made("A1", "M1", provenance=[A1, M1], adjudication=records)
    assert places(made("A1", provenance=[A1]), ran, contract=PLAIN, codes="PRV704") == [("PRV704", at) for at in found]


@pytest.mark.parametrize(
    ("version", "wrong"), [("1", False), (None, True), (" ", True)], ids=["named", "none", "blank"]
)
def test_models_without_version(version, wrong) -> None:
    ran = made("M1", provenance=[{**M1, "model_version": version}, A1])
    assert places(ran, contract=PLAIN, codes="PRV704") == [("PRV704", "/provenance/0/model_version")] * wrong


@pytest.mark.parametrize(
    ("bounds", "value", "wrong"),
    [
        ({}, 0.5, False),
        ({}, 1, False),
        ({}, 1.5, True),
        ({}, -0.1, True),
        ({"minimum": 0}, 87, True),
        ({}, None, False),
    ],
    ids=["share", "one", "over", "under", "percent", "none"],
)
def test_confidence_of_an_own_shape(bounds, value, wrong) -> None:
    item = {"type": "object", "properties": {
        "key": {"type": "string", "x-id": True}, "sure": {"type": ["number", "null"], "x-field": "confidence", **bounds},
    }}  # fmt: skip
    schema = {"type": "object", "properties": {
        "name": {"type": "string", "x-id": True}, "body": {"type": "string", "x-text": True},
        "marks": {"type": "array", "x-layer": "entity", "items": item},
    }}  # fmt: skip
    contract = Contract(compile_schema(schema, None, None, "own"))
    ran = {"name": "a", "body": "x", "marks": [{"key": "1", "sure": 0}, {"key": "2", "sure": value}]}
    assert places(ran, contract=contract, codes="PRV704") == [("PRV704", "/marks/1/sure")] * wrong


def test_a_schema_that_names_no_versions_is_not_asked_for_them() -> None:
    record = {"type": "object", "properties": {
        "key": {"type": "string", "x-id": True}, "who": {"type": "string", "x-field": "agent"},
        "what": {"type": "string", "x-field": "agent-type"},
    }}  # fmt: skip
    schema = {"type": "object", "properties": {
        "name": {"type": "string", "x-id": True}, "body": {"type": "string", "x-text": True},
        "makers": {"type": "array", "x-layer": "provenance", "items": record},
    }}  # fmt: skip
    contract = Contract(compile_schema(schema, None, None, "own"))
    ran = {"name": "a", "body": "x", "makers": [{"key": "1", "who": "tagger", "what": "model"}]}
    assert places(ran, contract=contract, codes="PRV703 PRV704 PRV705") == []


@pytest.mark.parametrize(
    ("prov", "number"), [("A1", 2), ("A2", 1), (None, 3), ("M1", 0)], ids=["one", "two", "all", "not-there"]
)
def test_withdrawn_work_that_is_still_there(prov, number) -> None:
    ran = made(
        "A1",
        "A2",
        "A1",
        provenance=[A1, A2, M1],
        adjudication=[{"layer": "entities", "status": "withdrawn", "prov": prov}],
    )
    found = checked(made("A1"), ran, contract=PLAIN, codes="PRV705")
    assert [(at, f"{number} of its annotations" in message) for _, at, message, _ in found] == [
        ("/adjudication/0", True)
    ] * (number > 0)


DONE = {"layer": "entities", "prov": "A1", "status": "complete"}


@pytest.mark.parametrize(
    ("provs", "layers", "at"),
    [
        (["A1", "A1"], {}, None),
        (["A1", "A2"], {}, "/entities/0"),
        (["A1", None], {}, "/entities/0"),
        (["A1", "A2"], {"coverage": [DONE]}, None),
        (["A1", "A2"], {"coverage": [DONE, {**DONE, "prov": "A2"}]}, "/entities/0"),
        (["A1", "A2"], {"coverage": [{**DONE, "status": "partial"}]}, "/entities/0"),
        (["A1", "A2"], {"adjudication": [{"layer": "entities", "status": "adjudicated", "prov": "A2"}]}, None),
        (["A1"], {"adjudication": [{"layer": "entities", "status": "disagreed"}]}, "/adjudication/0"),
        (["A1"], {"adjudication": [{"layer": "entities", "status": "pending"}], "coverage": [DONE]}, None),
        (["M1"], {}, None),
    ],
    ids=["one", "two", "half-known", "one-complete", "two-complete", "partial", "adjudicated", "disagreed",
         "pending-and-complete", "model"],
)  # fmt: skip
@pytest.mark.parametrize("split", ["test", "train", None], ids=str)
def test_gold_outside_of_train(provs, layers, at, split) -> None:
    ran = made(*provs, provenance=[A1, A2, M1], split=split, **layers)
    wanted = [("PRV705", at)] if at and split == "test" else []
    assert places(made("A1", provenance=[A1]), ran, contract=PLAIN, codes="PRV705") == wanted


@pytest.mark.parametrize(
    ("provs", "records", "people", "number"),
    [
        (["A1"], {}, [A1], 1),
        (
            ["A1", "A2"],
            {"adjudication": [{"layer": "entities", "status": "adjudicated", "prov": "A1"}]},
            [A1, A2],
            None,
        ),
        (["A1"], {"coverage": [DONE, {**DONE, "prov": "A2", "status": "partial"}]}, [A1, A2], None),
        (["A1"], {"coverage": [DONE, {**DONE, "prov": "A2", "status": "partial"}]}, [A1, {**A2, "agent": "one"}], 1),
        (["A9", "A1"], {"adjudication": [{"layer": "entities", "status": "adjudicated", "prov": "A9"}]}, [A1, A9], 1),
        (["M1"], {}, [M1], 0),
    ],
    ids=["one", "two", "one-found-nothing", "same-person", "adjudicator", "model"],
)
def test_as_many_annotators_as_asked(provs, records, people, number) -> None:
    contract = replace(PLAIN, policy=Policy(min_annotators=2))
    ran = made(*provs, provenance=people, split="test", **records)
    found = [message for _, _, message, _ in checked(ran, contract=contract, codes="PRV705")]
    plural = "annotator" if number == 1 else "annotators"
    message = f"entities of this test article have {number} {plural}, and the corpus asks for 2"
    assert found == ([] if number is None else [message])
    assert places({**ran, "split": "train"}, contract=contract, codes="PRV705") == []


STRICT = replace(PLAIN, policy=Policy(("language", "story"), annotators=("T1",), min_annotators=2))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(values(PLAIN.root), max_size=3))
def test_whatever_an_article_says_a_finding_has_its_place(articles: list[dict[str, Any]]) -> None:
    names = {field.name for field in PLAIN.root.fields}
    for contract in (PLAIN, STRICT):
        for _, at, _, _ in checked(*articles, contract=contract, codes="MET701 MET702 PRV703 PRV704 PRV705"):
            assert at.split("/")[1] in names
