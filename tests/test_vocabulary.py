"""The closed metaschema: what is said of a schema that is none, and where."""

from __future__ import annotations

from typing import Any

import pytest

from corpus_tool.errors import SettingsError
from corpus_tool.vocabulary import check_schema, did_you_mean, pointer, steps

DEEP: Any = {}
for _ in range(3000):
    DEEP = {"items": DEEP}


@pytest.mark.parametrize(("schema", "place", "message"), [
    pytest.param({"requried": []}, "#", "unknown keyword 'requried': did you mean 'required'?", id="misspelt"),
    pytest.param({"properties": {"a/b": {"typ": "string"}}}, "#/properties/a~1b", "unknown keyword 'typ': did you mean 'type'?", id="misspelt, inside"),
    pytest.param({"anyOf": [{"type": "string"}, {"items": {"minItem": 1}}]}, "#/anyOf/1/items", "unknown keyword 'minItem': did you mean 'minItems'?", id="misspelt, in a branch"),
    pytest.param({"qq": 1, "items": {"requird": 1}}, "#/items", "unknown keyword 'requird': did you mean 'required'?", id="the deepest error"),
    pytest.param({"x-lable": True}, "#", "unknown keyword 'x-lable': did you mean 'x-label'?", id="misspelt, ours"),
    pytest.param({"X-TEXT": True}, "#", "unknown keyword 'X-TEXT': did you mean 'x-text'?", id="wrong case"),
    pytest.param({"zzz": 1, "yyy": 2}, "#", "unknown keyword 'zzz'; unknown keyword 'yyy'", id="nothing near"),
    pytest.param({str(n): 1 for n in range(9)}, "#", "unknown keyword '0'; unknown keyword '1'; unknown keyword '2'; unknown keyword '3'; unknown keyword '4'; and 4 more", id="many"),
    pytest.param({"type": "strng"}, "#/type", "'strng' is not valid under any of the given schemas", id="no type"),
    pytest.param({"required": "a"}, "#/required", "'a' is not of type 'array'", id="no list"),
    pytest.param({"x-layer": "entities"}, "#/x-layer", "'entities' is not one of", id="no kind"),
    pytest.param({"x-span": {"begin": "b"}}, "#/x-span", "", id="x-span of another name"),
    pytest.param({"x-ref": []}, "#/x-ref", "", id="x-ref to nothing"),
    pytest.param({"$schema": "http://json-schema.org/draft-07/schema#"}, "#/$schema", "draft/2020-12", id="another draft"),
    pytest.param([], "#", "[] is not of type 'object', 'boolean'", id="a list"),
    pytest.param(None, "#", "None is not of type", id="null"),
    pytest.param(1.5, "#", "1.5 is not of type", id="a number"),
    pytest.param(float("nan"), "#", "nan is not of type", id="NaN"),
    pytest.param("x" * 100_000, "#", "", id="a long string"),
    pytest.param(DEEP, "", "the schema is nested too deeply", id="nested 3,000 deep"),
])  # fmt: skip
def test_refused(schema: Any, place: str, message: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        check_schema(schema, "s.json")
    assert refusal.value.place == f"s.json{place}"
    assert message in refusal.value.message
    assert len(refusal.value.message) < 800
    assert refusal.value.exit_code == 2


@pytest.mark.parametrize("schema", [
    pytest.param(True, id="true"),
    pytest.param({}, id="empty"),
    pytest.param({"pattern": "^\\p{Lu}\\z"}, id="a pattern that python's re does not know"),
    pytest.param({"properties": {"requried": {"type": "string"}}}, id="a property of an odd name"),
    pytest.param({"default": {"typ": 1}, "examples": [{"typ": 1}], "const": {"typ": 1}}, id="values are no schemas"),
    pytest.param({"x-text": True, "x-span": {"start": "von", "end": "bis"}, "x-ref": ["entity"], "x-arrow": "date32"}, id="ours"),
])  # fmt: skip
def test_accepted(schema: Any) -> None:
    check_schema(schema, "s.json")


@pytest.mark.parametrize(("name", "suggestion"), [
    ("PERS", ": did you mean 'PER'?"), ("per", ": did you mean 'PER'?"), ("zebra", ""), ("", ""), ("P" * 100_000, ""),
])  # fmt: skip
def test_did_you_mean(name: str, suggestion: str) -> None:
    assert did_you_mean(name, ["ORG", "PER"]) == suggestion


@pytest.mark.parametrize(("path", "at"), [
    ((), ""), (("a", 0, "b"), "/a/0/b"), (("a/b", "c~d", "~1"), "/a~1b/c~0d/~01"), (("",), "/"), (("é", "😀"), "/é/😀"),
])  # fmt: skip
def test_pointers(path: tuple[str | int, ...], at: str) -> None:
    assert pointer(path) == at
    assert steps(at) == [str(step) for step in path]
