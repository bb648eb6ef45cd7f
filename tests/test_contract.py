"""The contract: its layers and meanings, and keywords that stand where they mean nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.contract import Contract, load_contract
from corpus_tool.errors import SettingsError
from corpus_tool.inventory_files import parse_inventory
from corpus_tool.layers import RefPlace, SpanPlace
from corpus_tool.schema import Verdict
from corpus_tool.vocabulary import pointer

BASE = load_contract(None, None)
STRING = {"type": "string"}
ID, TEXT = {**STRING, "x-id": True}, {**STRING, "x-text": True}


def load(folder: Path, schema: Any, extension: Any = None) -> Contract:
    paths = [folder / "s.json", folder / "e.json"]
    for path, value in zip(paths, (schema, extension), strict=True):
        path.write_text(json.dumps(value))
    return load_contract(paths[0], None, paths[1] if extension is not None else None)


def own(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"id": ID, "text": TEXT, **properties}}


def layer(kind: str, **properties: Any) -> dict[str, Any]:
    return {"type": "array", "x-layer": kind, "items": {"type": "object", "properties": properties}}


def test_the_packaged_article() -> None:
    assert (BASE.id, BASE.text) == ("id", "text")
    assert [each.name for each in BASE.layers][:4] == ["passages", "sentences", "tokens", "words"]
    assert BASE.problems == ()
    assert BASE.arrow.names == [field.name for field in BASE.root.fields]
    assert BASE.meanings["language"] == ("metadata", "language")
    assert BASE.meanings["split"] == ("split",)
    assert "axis" not in BASE.meanings


def test_a_layer_knows_what_its_fields_mean() -> None:
    [quotations] = BASE.of_kind("quotation")
    assert (quotations.id, quotations.label, quotations.provenance) == ("id", "type", "prov")
    assert quotations.spans == (SpanPlace(("spans", "*"), "start", "end", "text"),)
    assert quotations.references == (
        RefPlace(("speaker",), ("entity",), None),
        RefPlace(("cue", "*"), ("entity",), None),
    )
    [relations] = BASE.of_kind("relation")
    assert relations.references == (RefPlace(("arguments", "*", "ref"), ("entity", "event"), "role"),)
    assert relations.references[0].field == "arguments"
    assert relations.meanings["attribute-name"] == ("attributes", "*", "name")


def test_names_are_free(tmp_path: Path) -> None:
    span = {"von": {"type": "integer"}, "bis": {"type": "integer"}, "wort": {**STRING, "x-surface": True}}
    marks = layer("entity", **span)
    marks["items"]["x-span"] = {"start": "von", "end": "bis"}
    contract = load(tmp_path, {"type": "object", "properties": {"nr": ID, "inhalt": TEXT, "marken": marks}})
    assert (contract.id, contract.text) == ("nr", "inhalt")
    assert contract.layers[0].spans == (SpanPlace((), "von", "bis", "wort"),)


@pytest.mark.parametrize("kinds", [
    pytest.param({"type": "string"}, id="may be absent"),
    pytest.param({"type": ["string", "null"]}, id="may be null"),
    pytest.param({"anyOf": [{"type": "string"}, {"type": "null"}]}, id="string or null"),
    pytest.param({"type": "string", "minLength": 0}, id="may be empty"),
])  # fmt: skip
def test_an_article_has_an_id_whatever_its_schema_lets_go(tmp_path: Path, kinds: dict[str, Any]) -> None:
    verdict = Verdict(load(tmp_path, {"type": "object", "properties": {"key": {**kinds, "x-id": True}, "text": TEXT}}))
    assert verdict.accepts({"key": "a", "text": "b"})
    found = [verdict.breaches({**one, "text": "b"}) for one in ({}, {"key": None}, {"key": ""})]
    assert [[pointer(breach.path) for breach in each] for each in found] == [[""], ["/key"], ["/key"]]


def test_the_digest_is_of_schema_and_inventory() -> None:
    other = parse_inventory({"inventory": "1.0", "entity": [{"name": "PER"}]}, "i")
    digests = {BASE.digest, BASE.relabelled(other).digest, load_contract(None, other).digest}
    assert len(digests) == 2
    assert load_contract(None, None).digest == BASE.digest
    assert all(len(digest) == 64 for digest in digests)


@pytest.mark.parametrize(("schema", "place", "message"), [
    pytest.param(own(more=TEXT), "#/properties/more", "two fields carry x-text", id="two texts"),
    pytest.param(own(box={"type": "object", "properties": {"t": TEXT}}), "#/properties/box/properties/t", "x-text stands on a top-level string only", id="a text inside"),
    pytest.param(own(n={"type": "integer", "x-id": True}), "#/properties/n", "x-id stands on strings only", id="an id that is a number"),
    pytest.param(own(l={"type": "array", "items": STRING, "x-layer": "entity"}), "#/properties/l", "x-layer stands on a top-level array of objects only", id="a layer of strings"),
    pytest.param(own(box={"type": "object", "properties": {"l": layer("entity", id=ID)}}), "#/properties/box/properties/l", "x-layer stands on a top-level array", id="a layer inside"),
    pytest.param(own(l=layer("relation", a={**STRING, "x-ref": ["entity"]})), "#/properties/l/items/properties/a", "x-ref names the kind entity, and no layer is of it", id="a reference to no layer"),
    pytest.param(own(s={**STRING, "x-span": True}), "#/properties/s", "x-span stands on objects only", id="a span that is a string"),
    pytest.param(own(s={"type": "object", "x-span": True, "properties": {"start": {"type": "integer"}}}), "#/properties/s", "x-span needs an integer field 'end'", id="half a span"),
    pytest.param(own(s={"type": "object", "x-span": {"start": "a"}, "properties": {"a": STRING, "end": {"type": "integer"}}}), "#/properties/s", "x-span needs an integer field 'a'", id="a span from a string"),
    pytest.param(own(n={**STRING, "x-arrow": "int8"}), "#/properties/n", "x-arrow 'int8' cannot hold what the schema calls string", id="a string as int8"),
    pytest.param(own(key=ID), "#/properties/key", "two fields of one object carry x-id", id="two ids of an article"),
    pytest.param(own(l=layer("entity", id=ID, nr=ID)), "#/properties/l/items/properties/nr", "two fields of one object carry x-id", id="two ids of an annotation"),
    pytest.param(own(l=layer("entity", a={**STRING, "x-label": True}, b={**STRING, "x-label": True})), "#/properties/l/items/properties/b", "two fields of one object carry x-label", id="two labels"),
    *(pytest.param(own(box={"type": "object", "properties": {"f": {**STRING, key: says}}}, l=layer("entity", id=ID)), "#/properties/box/properties/f", f"{key} stands inside a layer only", id=f"{key} outside of layers")
      for key, says in (("x-label", True), ("x-surface", True), ("x-ref", ["entity"]), ("x-role", True), ("x-provenance", True))),
    pytest.param(own(s={"type": "object", "x-span": True, "properties": {"start": {"type": "integer"}, "end": {"type": "integer"}}}), "#/properties/s", "x-span stands inside a layer only", id="x-span outside of layers"),
    pytest.param(own(n={"requried": []}), "#/properties/n", "unknown keyword 'requried': did you mean 'required'?", id="misspelt"),
    pytest.param([1, 2], "#", "is not of type 'object', 'boolean'", id="a list"),
    pytest.param("schema", "#", "is not of type", id="a string"),
    pytest.param(1e400, ":1:1", "not valid JSON", id="Infinity"),
])  # fmt: skip
def test_refused(tmp_path: Path, schema: Any, place: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, schema)
    assert caught.value.place == f"{tmp_path / 's.json'}{place}"
    assert message in caught.value.message


def test_an_extension_is_refused_under_its_own_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, own(), {"propertise": {}})
    assert caught.value.place == f"{tmp_path / 'e.json'}#"
    assert "did you mean 'properties'?" in caught.value.message


@pytest.mark.parametrize("data", [
    b"", b"{", b"\xff", b"\xff\xfe{\x00", b"[" * 100_000, b'{"a": NaN}', b'{"type": "string", "type": "null"}', b'"\\ud800"', b"\x00",
], ids=repr)  # fmt: skip
def test_files_that_are_no_json(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "s.json").write_bytes(data)
    with pytest.raises(SettingsError, match="not valid JSON"):
        load_contract(tmp_path / "s.json", None)


def nested(depth: int) -> bytes:
    opening, closing = b'{"type":"array","items":', b"}"
    field = opening * depth + b'{"type":"string"}' + closing * depth
    return (
        b'{"type":"object","properties":{"id":{"type":"string","x-id":true},"text":{"type":"string","x-text":true},"f":'
        + field
        + b"}}"
    )


def test_nesting_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_bytes(nested(90))
    assert load_contract(tmp_path / "s.json", None).arrow.names == ["id", "text", "f"]


@pytest.mark.parametrize("depth", [100, 300, 900, 20_000])
def test_nesting_that_cannot(tmp_path: Path, depth: int) -> None:
    (tmp_path / "s.json").write_bytes(nested(depth))
    with pytest.raises(SettingsError, match=r"nested too deeply|not valid JSON"):
        load_contract(tmp_path / "s.json", None)


@pytest.mark.parametrize(("schema", "problem"), [
    pytest.param({"type": "object", "properties": {"id": ID, "a": STRING}, "additionalProperties": False}, ("#", "names no text: one string must carry x-text"), id="no text"),
    pytest.param({"type": "object", "properties": {"text": TEXT}}, ("#", "names no article id: one top-level string must carry x-id"), id="no id"),
    pytest.param(own(m={"type": "object", "additionalProperties": STRING}), ("#/properties/m", "is a map"), id="map"),
    pytest.param(own(t={"$ref": "#"}), ("#/properties/t", "is recursive"), id="recursive"),
])  # fmt: skip
def test_what_cannot_be_exported_says_why(tmp_path: Path, schema: Any, problem: tuple[str, str]) -> None:
    contract = load(tmp_path, schema)
    assert problem in contract.problems
    with pytest.raises(SettingsError, match="so it has no Arrow type"):
        _ = contract.arrow
