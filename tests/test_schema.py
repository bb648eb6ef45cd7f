"""Breaches: their code, place and words; what stops an article; that nothing hangs or swells."""

from __future__ import annotations

import time
from typing import Any

import pytest

from corpus_tool.breaches import Breach
from corpus_tool.compiling import compile_schema
from corpus_tool.contract import Contract, base_schema
from corpus_tool.errors import SettingsError
from corpus_tool.inventory_files import parse_inventory
from corpus_tool.schema import Verdict
from corpus_tool.vocabulary import pointer

INVENTORY = parse_inventory(
    {"inventory": "1.0", "entity": [{"name": "PER"}, {"name": "ORG"}, {"name": "org"}]}, "inventory"
)
CONTRACT = Contract(compile_schema(base_schema(), INVENTORY, None, "article-1"), INVENTORY)
VERDICT = Verdict(CONTRACT)
SPAN = {"start": 0, "end": 1, "text": "a"}
ENTITY = {"id": "T1", "type": "PER", "spans": [SPAN]}


def breaches(change: dict[str, Any], verdict: Verdict = VERDICT) -> list[Breach]:
    article = {"id": "a", "text": "abc", **change}
    found = verdict.breaches(article)
    assert verdict.accepts(article) is not bool(found) or not found
    return found


def entity(**change: Any) -> dict[str, Any]:
    return {"entities": [{**ENTITY, **change}]}


SHAPE, VALUE = True, False
BREACHES = [
    pytest.param({"text": 3}, "SCH101", "/text", "3 is a number; a string belongs here", SHAPE, id="type"),
    pytest.param({"entities": {}}, "SCH101", "/entities", "an object stands here; a list belongs here", SHAPE, id="type of a layer"),
    pytest.param({"metadata": [1]}, "SCH101", "/metadata", "a list stands here; an object or null belongs here", SHAPE, id="types"),
    pytest.param({"metadata": {"by": True}}, "SCH101", "/metadata/by", "true is a boolean; a string or null belongs here", SHAPE, id="boolean"),
    pytest.param(entity(spans=[{**SPAN, "start": 1.5}]), "SCH101", "/entities/0/spans/0/start", "1.5 has a fraction; an integer belongs here", SHAPE, id="half an offset"),
    pytest.param(entity(spans=[{"start": 0, "end": 1}]), "SCH101", "/entities/0/spans/0", "'text' is missing", SHAPE, id="missing"),
    pytest.param(entity(spans=[]), "SCH101", "/entities/0/spans", "0 items where at least 1 must stand", SHAPE, id="too few"),
    pytest.param({"id": ""}, "SCH101", "/id", "'' is shorter than 1 characters", VALUE, id="too short"),
    pytest.param({"id": "x" * 201}, "SCH101", "/id", f"'{'x' * 60}…' is longer than 200 characters", VALUE, id="too long"),
    pytest.param(entity(confidence=2), "SCH101", "/entities/0/confidence", "2 is more than 1", VALUE, id="too much"),
    pytest.param(entity(confidence=-0.5), "SCH101", "/entities/0/confidence", "-0.5 is less than 0", VALUE, id="too little"),
    pytest.param({"text_sha256": "AB"}, "SCH101", "/text_sha256", "'AB' does not match ^[0-9a-f]{64}$", VALUE, id="pattern"),
    pytest.param({"text_sha256": "0" * 64 + "\n"}, "SCH101", "/text_sha256", f"'{'0' * 60}…' does not match ^[0-9a-f]{{64}}$", VALUE, id="newline behind a pattern"),
    pytest.param({"metadata": {"pubStatus": "usabel"}}, "SCH101", "/metadata/pubStatus", "'usabel' is not one of usable, withheld, canceled: did you mean 'usable'?", VALUE, id="enum"),
    pytest.param({"schema_version": "2.0"}, "SCH102", "/schema_version", "'2.0' is no version that this contract knows: ^1\\.[0-9]+$", VALUE, id="schema version"),
    pytest.param({"note": 1}, "SCH103", "/note", "unknown property 'note': did you mean 'notes'?", SHAPE, id="unknown property"),
    pytest.param({"entities": [], "entitties": []}, "SCH103", "/entitties", "unknown property 'entitties'", SHAPE, id="unknown, what is near is there"),
    pytest.param({"metadata": {"versionCreated": "yesterday"}}, "SCH104", "/metadata/versionCreated", "'yesterday' is no date-time, as 2026-03-02T05:00:00Z", VALUE, id="format"),
    pytest.param({"metadata": {"versionCreated": "2026-01-01T00:00:00"}}, "SCH104", "/metadata/versionCreated", "'2026-01-01T00:00:00' is no date-time, as 2026-03-02T05:00:00Z", VALUE, id="no time zone"),
    pytest.param({"metadata": {"contentCreated": "2026-13-01"}}, "SCH104", "/metadata/contentCreated", "'2026-13-01' is no date or date-time, as 2026-03-02 or 2026-03-02T05:00:00Z", VALUE, id="one of two formats"),
    pytest.param({"entities": None}, "SCH105", "/entities", "a layer is null: leave it out where nothing was annotated, write [] where nothing was found", SHAPE, id="null layer"),
    pytest.param({"text": None}, "SCH105", "/text", "null stands here; a string belongs here", SHAPE, id="null"),
    pytest.param(entity(type="PERR"), "LBL501", "/entities/0/type", "label 'PERR' is not in the inventory: did you mean 'PER'?", VALUE, id="label"),
    pytest.param(entity(type="zebra"), "LBL501", "/entities/0/type", "label 'zebra' is not in the inventory", VALUE, id="label, nothing near"),
    pytest.param(entity(spans=[{**SPAN, "start": -1e300}]), "SCH101", "/entities/0/spans/0/start", "-1e+300 is less than 0", VALUE, id="an offset no column holds"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "code", "at", "message", "shape"), BREACHES)
def test_breaches(change: dict[str, Any], code: str, at: str, message: str, shape: bool) -> None:
    found = breaches(change)
    assert [(breach.code, pointer(breach.path), breach.message, breach.shape) for breach in found] == [
        (code, at, message, shape)
    ]


def test_a_misspelt_property_is_named_where_the_right_one_is_missing() -> None:
    found = VERDICT.breaches({"id": "a", "txt": "abc"})
    assert [(breach.code, breach.message) for breach in found] == [
        ("SCH101", "'text' is missing (there is 'txt')"), ("SCH103", "unknown property 'txt': did you mean 'text'?"),
    ]  # fmt: skip


@pytest.mark.parametrize(("label", "new"), [("per", "PER"), ("Per", "PER"), ("Org", None), ("PERS", None)])
def test_a_label_is_mended_where_one_differs_in_case_only(label: str, new: str | None) -> None:
    [breach] = breaches(entity(type=label))
    edits = breach.fix.edits if breach.fix else ()
    assert [(edit.pointer, edit.old, edit.new) for edit in edits] == ([("/entities/0/type", label, new)] if new else [])


@pytest.mark.parametrize("start", [-1, -(2**63)])
def test_a_negative_offset_is_left_to_the_rule_of_spans(start: int) -> None:
    article = {"id": "a", "text": "abc", **entity(spans=[{**SPAN, "start": start}])}
    assert not VERDICT.accepts(article)
    assert VERDICT.breaches(article) == []


def test_every_breach_is_found_in_one_go() -> None:
    found = breaches({"id": "", "split": "a b", "entities": [{**ENTITY, "type": "X"}, {"id": "T2"}]})
    assert [(breach.code, pointer(breach.path)) for breach in found] == [
        ("LBL501", "/entities/0/type"), ("SCH101", "/entities/1"), ("SCH101", "/entities/1"), ("SCH101", "/id"), ("SCH101", "/split"),
    ]  # fmt: skip


@pytest.mark.parametrize("value", [None, 1, "x", [], [[]], True, float("nan"), {}, {"id": 1}], ids=repr)
def test_what_is_no_article(value: Any) -> None:
    assert not VERDICT.accepts(value)
    assert VERDICT.breaches(value)
    assert all(breach.shape for breach in VERDICT.breaches(value))


def test_a_lone_surrogate_that_cannot_be_judged_is_a_breach() -> None:
    assert [(breach.code, breach.shape) for breach in VERDICT.breaches("\ud800")] == [("IO001", True)]
    assert not VERDICT.accepts("\ud800")


def nested(levels: int, inner: Any = 1) -> Any:
    for _ in range(levels):
        inner = [inner]
    return inner


@pytest.mark.parametrize("levels", [250, 254, 255, 256, 400, 510])
def test_what_is_nested_deeper_than_can_be_explained_is_a_breach(levels: int) -> None:
    assert [(breach.code, breach.path, breach.shape) for breach in breaches({"deep": nested(levels), "split": "a b"})] == [
        ("SCH103", ("deep",), True), ("SCH101", ("split",), False),
    ]  # fmt: skip


def test_what_breaks_the_schema_below_the_levels_that_are_explained() -> None:
    tree = Verdict(Contract({"$defs": {"t": {"type": ["array", "integer"], "items": {"$ref": "#/$defs/t"}}},
                             "properties": {"tree": {"$ref": "#/$defs/t"}}}))  # fmt: skip
    assert tree.accepts({"tree": nested(500)})
    [breach] = tree.breaches({"tree": nested(251, {"a": nested(256)})})
    assert (breach.code, breach.path, breach.shape) == ("SCH101", ("tree", *[0] * 249), True)


def own(**properties: Any) -> Verdict:
    schema = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "x-id": True},
            "text": {"type": "string", "x-text": True},
            **properties,
        },
    }
    return Verdict(Contract(compile_schema(schema, None, None, "own")))


UNION = {"anyOf": [
    {"type": "object", "properties": {"kind": {"const": "a"}, "n": {"type": "integer"}}, "required": ["kind", "n"]},
    {"type": "object", "properties": {"kind": {"const": "b"}}, "required": ["kind"]},
]}  # fmt: skip
TREE = {
    "type": "object",
    "properties": {
        "kids": {"type": "array", "minItems": 1, "items": {"$ref": "#/properties/tree"}},
        "n": {"type": "integer"},
    },
}


@pytest.mark.parametrize(("field", "value", "at", "message"), [
    pytest.param(UNION, {"kind": "a", "n": "x"}, "/f/n", '"x" is not of type "integer"', id="the branch that fails deepest"),
    pytest.param({"oneOf": [{"type": "integer"}, {"type": "string"}]}, [], "/f", "a list stands here; an integer or a string belongs here", id="types of branches"),
    pytest.param({"oneOf": [{"minimum": 1}, {"minimum": 2}]}, 3, "/f", "3 fits more than one branch of oneOf", id="two branches"),
    pytest.param({"anyOf": [{"minimum": 5}, {"const": "a"}]}, 3, "/f", "3 fits no branch of anyOf: 3 is less than the minimum of 5", id="no branch"),
    pytest.param({"not": {"type": "string"}}, "a", "/f", '{"type":"string"} is not allowed for "a"', id="not"),
    pytest.param({"type": "array", "uniqueItems": True}, [1, 1], "/f", "[1,1] has non-unique elements", id="unique"),
    pytest.param({"type": "array", "maxItems": 1}, [1, 2], "/f", "2 items where at most 1 may stand", id="too many"),
    pytest.param({"type": "number", "multipleOf": 0.5}, 0.7, "/f", "0.7 is no multiple of 0.5", id="multiple"),
    pytest.param({"type": "number", "exclusiveMaximum": 1}, 1, "/f", "1 is not less than 1", id="exclusive"),
    pytest.param({"type": "string", "const": "a"}, "b", "/f", "'b' is not 'a'", id="constant"),
    pytest.param(False, 1, "/f", "the schema allows nothing here", id="false"),
])  # fmt: skip
def test_words_for_other_keywords(field: Any, value: Any, at: str, message: str) -> None:
    [breach] = breaches({"f": value}, own(f=field))
    assert (pointer(breach.path), breach.message) == (at, message)


def test_breaches_behind_a_reference_that_stays() -> None:
    found = breaches({"tree": {"kids": [{"kids": []}, {"n": "x"}]}}, own(tree=TREE))
    assert [(pointer(breach.path), breach.message) for breach in found] == [
        ("/tree/kids/0/kids", "0 items where at least 1 must stand"), ("/tree/kids/1/n", "'x' is a string; an integer belongs here"),
    ]  # fmt: skip


EVIL = "a" * 100_000 + "!"


@pytest.mark.parametrize("field", [
    pytest.param({"type": "string", "pattern": "^(a+)+$"}, id="pattern"),
    pytest.param({"anyOf": [{"type": "string", "pattern": "^(a+)+$"}, {"type": "null"}]}, id="in a branch"),
    pytest.param({"oneOf": [{"pattern": "^(a+)+$"}, {"pattern": "^(a|aa)+$"}]}, id="in two branches"),
    pytest.param({"type": "string", "pattern": "^(a|a)*$"}, id="alternatives"),
])  # fmt: skip
def test_an_evil_pattern_does_not_hang(field: dict[str, Any]) -> None:
    started = time.monotonic()
    [breach] = breaches({"f": EVIL}, own(f=field))
    assert breach.code == "SCH101"
    assert len(breach.message) < 400
    assert time.monotonic() - started < 5


def test_a_pattern_that_takes_too_long_is_the_fault_of_the_contract() -> None:
    verdict = own(f={"type": "string", "pattern": r"^(?=a)(a|aa)+\1$"})
    assert verdict.accepts({"id": "a", "f": "aa"})
    with pytest.raises(SettingsError, match="takes too long to match at /f"):
        verdict.breaches({"id": "a", "f": "a" * 50 + "!"})


@pytest.mark.parametrize("pattern", ["(", "[z-a]", "\\", "a{99999999}", "(?P<", "\\k<x>"])
def test_a_pattern_that_is_none(pattern: str) -> None:
    with pytest.raises(SettingsError):
        own(f={"type": "string", "pattern": pattern}).check_patterns()


@pytest.mark.parametrize("article", [
    pytest.param({"id": 1, "text": "x" * 2_000_000}, id="article"),
    pytest.param({"id": "a", "text": "", "x" * 2_000_000: 1}, id="name"),
    pytest.param({"id": "a", "text": "", "entities": ["x" * 2_000_000]}, id="item"),
    pytest.param({"id": "a", "text": "", "entities": [{**ENTITY, "type": "x" * 2_000_000}]}, id="label"),
    pytest.param({"id": "a", "text": "", "metadata": {"uri": "x " * 1_000_000}}, id="format"),
    pytest.param({"id": "a", "text": "", "metadata": ["x" * 2_000_000]}, id="object"),
])  # fmt: skip
def test_messages_stay_short(article: dict[str, Any]) -> None:
    found = VERDICT.breaches(article)
    assert found
    assert max(len(breach.message) for breach in found) < 400


def test_many_breaches_take_no_time() -> None:
    article = {
        "id": "a",
        "text": "",
        **{f"propertty{n}": n for n in range(20_000)},
        "entities": [{**ENTITY, "type": "PERR"}] * 5000,
    }
    started = time.monotonic()
    assert len(VERDICT.breaches(article)) == 25_000
    assert time.monotonic() - started < 10
