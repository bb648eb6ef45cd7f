"""Inventories: read, refused with the place, written back."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from corpus_tool.errors import SettingsError
from corpus_tool.inventory import Argument, Inventory, Label
from corpus_tool.inventory_files import load_inventory, parse_inventory

WHOLE: dict[str, Any] = {
    "inventory": "1.0", "name": "harbour",
    "entity": [
        {"name": "PER", "tag": True, "description": "A person."}, {"name": "NAME", "abstract": True}, {"name": "ORG", "parent": "NAME"},
        {"name": "OLD", "deprecated": True, "replaced_by": "ORG"}, {"name": "ARREST", "trigger": True},
    ],
    "relation": [{"name": "Employer", "arguments": [{"role": "Of", "types": ["PER"], "max": 1}, {"role": "At", "kinds": ["entity"], "min": 0}]}],
    "event": [{"name": "Arrest", "triggers": ["ARREST"], "arguments": [{"role": "Agent"}]}],
    "attribute": [{"name": "Sure", "types": ["PER"], "values": ["High", "Low"], "default": "High"}, {"name": "Note", "open": True, "default": "x"}],
    "axis": [{"name": "subject", "values": ["politics", "sport"], "exclusive": True}],
    "overlap": [{"inner": ["PER"], "outer": ["ORG"], "how": ["nested"]}],
}  # fmt: skip


def refusal(value: Any) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        parse_inventory(value, "i.json")
    assert caught.value.exit_code == 2
    assert len(caught.value.message) < 800
    return caught.value


def test_reads_and_writes() -> None:
    inventory = parse_inventory(WHOLE, "i.json")
    assert inventory.as_json() == WHOLE
    assert parse_inventory(inventory.as_json(), "again") == inventory
    assert inventory.names("entity") == ("PER", "NAME", "ORG", "OLD", "ARREST")
    assert inventory.names("label") == ("politics", "sport")
    assert inventory.names("note") == ()
    assert inventory.tags == ("PER",)
    assert inventory.label("relation", "Employer") == Label(
        "Employer", arguments=(Argument("Of", ("PER",), max=1), Argument("At", kinds=("entity",), min=0))
    )
    assert inventory.label("event", "PER") is None


@pytest.mark.parametrize("suffix", ["toml", "json"])
def test_loads(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"i.{suffix}"
    path.write_text(tomli_w.dumps(WHOLE) if suffix == "toml" else "\ufeff" + json.dumps(WHOLE))
    assert load_inventory(path) == parse_inventory(WHOLE, "i")


@pytest.mark.parametrize(("labels", "tags"), [
    pytest.param([{"name": "A"}, {"name": "B"}], ("A", "B"), id="none marked: all"),
    pytest.param([{"name": "A", "abstract": True}, {"name": "B"}], ("B",), id="abstract ones are not"),
    pytest.param([], (), id="no labels"),
])  # fmt: skip
def test_tags(labels: list[Any], tags: tuple[str, ...]) -> None:
    assert parse_inventory({"inventory": "1.0", "entity": labels}, "i").tags == tags


def test_no_limits_and_no_licences_differ() -> None:
    assert parse_inventory({"inventory": "1.0"}, "i") == Inventory()
    assert parse_inventory({"inventory": "1.0", "overlap": []}, "i").overlaps == ()


CONTRADICTIONS = [
    ({"entity": [{"name": "A"}, {"name": "A"}]}, ".entity[1]", "the entity label 'A' is listed twice"),
    ({"entity": [{"name": "A", "parent": "B"}]}, ".entity[0].parent", "'B' is not a label of kind entity"),
    ({"entity": [{"name": "A", "parent": "A"}]}, ".entity[0].parent", "'A' is its own ancestor"),
    ({"entity": [{"name": "A", "parent": "B"}, {"name": "B", "parent": "A"}]}, ".entity[0].parent", "'A' is its own ancestor"),
    ({"entity": [{"name": "A", "replaced_by": "B"}]}, ".entity[0].replaced_by", "'B' is not a label of kind entity"),
    ({"entity": [{"name": "A", "replaced_by": "A"}]}, ".entity[0].replaced_by", "'A' is replaced by itself in the end"),
    ({"entity": [{"name": "C", "replaced_by": "A"}, {"name": "A", "replaced_by": "B"}, {"name": "B", "replaced_by": "A"}]},
     ".entity[1].replaced_by", "'A' is replaced by itself in the end"),
    ({"entity": [{"name": "A", "abstract": True, "tag": True}]}, ".entity[0].tag", "'A' is abstract, so no token can carry it"),
    ({"event": [{"name": "E", "triggers": ["X"]}]}, ".event[0].triggers", "'X' is not a label of this inventory"),
    ({"event": [{"name": "E", "triggers": ["E"]}]}, ".event[0].triggers", "'E' is not a label of this inventory"),
    ({"entity": [{"name": "PER"}], "relation": [{"name": "R", "arguments": [{"role": "x", "types": ["per"]}]}]},
     ".relation[0].arguments[0].types", "'per' is not a label of this inventory: did you mean 'PER'?"),
    ({"relation": [{"name": "R", "arguments": [{"role": "x"}, {"role": "x"}]}]}, ".relation[0].arguments[1]", "the role 'x' is listed twice"),
    ({"relation": [{"name": "R", "arguments": [{"role": "x", "min": 3, "max": 2}]}]}, ".relation[0].arguments[0]", "at least 3 and at most 2"),
    ({"attribute": [{"name": "a"}, {"name": "a"}]}, ".attribute[1]", "the attribute 'a' is listed twice"),
    ({"attribute": [{"name": "a", "values": ["x"], "default": "y"}]}, ".attribute[0].default", "'y' is not one of the values"),
    ({"attribute": [{"name": "a", "default": "y"}]}, ".attribute[0].default", "'y' is not one of the values"),
    ({"attribute": [{"name": "a", "types": ["X"]}]}, ".attribute[0].types", "'X' is not a label of this inventory"),
    ({"axis": [{"name": "a", "values": []}, {"name": "a", "values": []}]}, ".axis[1]", "the axis 'a' is listed twice"),
    ({"overlap": [{"how": ["nested"], "inner": ["X"]}]}, ".overlap[0].inner", "'X' is not a label of this inventory"),
    ({"overlap": [{"how": ["nested"], "outer": ["X"]}]}, ".overlap[0].outer", "'X' is not a label of this inventory"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "place", "message"), CONTRADICTIONS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_contradictions(parts: dict[str, Any], place: str, message: str) -> None:
    error = refusal({"inventory": "1.0", **parts})
    assert (error.place, error.message) == (f"i.json{place}", message)


@pytest.mark.parametrize(("value", "place", "message"), [
    pytest.param({"inventory": "1.0", "entity": [{"nam": "A"}]}, "i.json.entity[0]", "unknown key 'nam': did you mean 'name'?", id="misspelt key"),
    pytest.param({"inventory": "1.0", "entities": []}, "i.json", "unknown key 'entities'", id="misspelt kind"),
    pytest.param({"entity": []}, "i.json", "'inventory' is a required property", id="no version"),
    pytest.param({"inventory": "2.0"}, "i.json.inventory", "'1.0' was expected", id="another version"),
    pytest.param({"inventory": "1.0", "entity": [{"name": ""}]}, "i.json.entity[0].name", "", id="empty name"),
    pytest.param({"inventory": "1.0", "overlap": [{"how": ["sideways"]}]}, "i.json.overlap[0].how[0]", "'sideways' is not one of", id="no way to overlap"),
    pytest.param({"inventory": "1.0", "entity": [{"name": "A" * 100_000, "tag": "A" * 100_000}]}, "i.json.entity[0].tag", "", id="long values"),
    pytest.param([], "i.json", "[] is not of type 'object'", id="a list"),
    pytest.param(3, "i.json", "3 is not of type 'object'", id="a number"),
    pytest.param(None, "i.json", "None is not of type 'object'", id="null"),
])  # fmt: skip
def test_no_inventory(value: Any, place: str, message: str) -> None:
    error = refusal(value)
    assert error.place == place
    assert message in error.message


@pytest.mark.parametrize(("name", "data", "message"), [
    pytest.param("i.json", b"", "not valid JSON", id="empty"),
    pytest.param("i.json", b'{"inventory": NaN}', "i.json:1:15: not valid JSON", id="NaN"),
    pytest.param("i.json", b'{\n "inventory": "1.0",\n "inventory": "1.0"}', "the key 'inventory' stands twice", id="key twice"),
    pytest.param("i.json", b'{"inventory":\n "1.0"', "i.json:2:", id="cut off"),
    pytest.param("i.json", b"\xff\xfe{", "not valid JSON", id="no UTF-8"),
    pytest.param("i.json", b'"\\ud800"', "not valid JSON", id="lone surrogate"),
    pytest.param("i.json", b"[" * 100_000, "not valid JSON", id="100,000 brackets"),
    pytest.param("i.json", b"[" * 900 + b"]" * 900, "", id="900 brackets"),
    pytest.param("i.json", b"[" + b"1" * 5000 + b"]", "not valid JSON", id="5000 digits"),
    pytest.param("i.toml", b"inventory = ", "not valid TOML", id="TOML cut off"),
    pytest.param("i.toml", b"\xff", "not valid TOML", id="TOML, no UTF-8"),
    pytest.param("i.toml", b"a = " + b"[" * 5000 + b"]" * 5000, "nested too deeply", id="TOML nested"),
    pytest.param("i.toml", b'inventory = "1.0"\nname = 2026-01-01', "is not of type 'string'", id="TOML date"),
])  # fmt: skip
def test_files_refused(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SettingsError) as caught:
        load_inventory(tmp_path / name)
    assert message in str(caught.value)
    assert str(tmp_path / name) in str(caught.value)


@pytest.mark.parametrize(
    "name", ["none.json", "none.toml", ".", "a\0b.json"], ids=["missing", "missing TOML", "a folder", "NUL"]
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="cannot read the inventory"):
        load_inventory(tmp_path / name)


def test_a_large_inventory_takes_no_time() -> None:
    labels: list[dict[str, Any]] = [{"name": "L0"}, *({"name": f"L{n}", "parent": f"L{n - 1}"} for n in range(1, 5000))]
    started = time.monotonic()
    assert len(parse_inventory({"inventory": "1.0", "entity": labels}, "i").of("entity")) == 5000
    assert time.monotonic() - started < 10
