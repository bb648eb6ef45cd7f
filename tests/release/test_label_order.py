"""Class numbers are locked: an inventory in another order changes none, a new label comes last, tags in pairs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.compiling import compile_schema
from corpus_tool.contract import Contract, load_contract
from corpus_tool.inventory import Axis, Inventory, Label
from corpus_tool.inventory_files import parse_inventory
from corpus_tool.release.admission.label_order import after, append_only
from corpus_tool.release.articles import release_contract
from corpus_tool.release.difference.contract_changes import contract_changes
from corpus_tool.release.difference.sides import Side
from corpus_tool.release.manifest import parse_manifest
from corpus_tool.release.verification.verify import verify
from corpus_tool.releasing import build_release
from corpus_tool.views import views
from tests.program import lines, run
from tests.release.sample import SCHEMA

NAMES = st.lists(st.sampled_from("ABCDEFG"), unique=True)


@settings(max_examples=200)
@given(NAMES, NAMES, NAMES)
def test_only_ever_appended(first: list[str], second: list[str], third: list[str]) -> None:
    after_two = append_only(first, second)
    assert set(after_two) == set(second)
    kept = [name for name in first if name in second]
    assert list(after_two[: len(kept)]) == kept
    assert list(after_two[len(kept) :]) == [name for name in second if name not in first]
    whole = append_only(first, [*second, *(name for name in first if name not in second)])
    assert list(whole[: len(first)]) == first
    grown = append_only(whole, [*third, *whole])
    assert grown[: len(whole)] == whole


def inventory(*entities: str, tags: str = "", events: str = "", values: str = "xy", second: str = "uv") -> Inventory:
    return Inventory(
        labels={
            "entity": tuple(Label(name, tag=name in tags) for name in entities),
            "event": tuple(Label(name) for name in events),
        },
        axes=(Axis("one", tuple(values)), Axis("two", tuple(second))),
    )


def contract(*entities: str, **more: Any) -> Contract:
    return load_contract(None, inventory(*entities, **more))


def columns(made: Contract) -> dict[str, tuple[str, ...]]:
    return {f"{view.name}.{'.'.join(path)}": names for view in views(made) for path, names in view.labels.items()}


def test_another_order_of_the_inventory_changes_nothing() -> None:
    before, other = contract("PER", "ORG", "LOC", events="st"), contract("LOC", "PER", "ORG", events="ts", values="yx")
    made = after(other, before)
    assert columns(made) == columns(before)
    assert made.schema == before.schema
    assert made.inventory is not None
    assert made.inventory.names("entity") == ("PER", "ORG", "LOC")


def test_a_label_put_in_the_middle_comes_last_and_its_tags_as_a_pair() -> None:
    before = contract("PER", "ORG", events="s")
    made = columns(after(contract("PER", "NEW", "ORG", "LAST", events="rs", values="xzy"), before))
    assert made["entities.type"] == ("PER", "ORG", "NEW", "LAST")
    assert made["tokens.tags.*"] == ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-NEW", "I-NEW", "B-LAST", "I-LAST")
    assert made["articles.labels.*.value"] == made["articles_raw.labels.*.value"] == ("x", "y", "u", "v", "z")
    assert made["articles.events.*.type"] == made["events.type"] == ("s", "r")
    was = columns(before)["relations.arguments.*.type"]
    assert was[:3] == ("PER", "ORG", "s")
    assert made["relations.arguments.*.type"] == (*was, "NEW", "LAST", "r")


def test_a_tag_that_was_none_comes_last_whatever_its_label_is() -> None:
    before = contract("A", "B", "C", tags="AC")
    made = after(contract("A", "B", "C", tags="ABC"), before)
    assert columns(made)["tokens.tags.*"] == ("O", "B-A", "I-A", "B-C", "I-C", "B-B", "I-B")
    assert columns(made)["entities.type"] == ("A", "B", "C")
    third = after(contract("Z", "C", "B", "A", tags="ZABC"), made)
    assert columns(third)["tokens.tags.*"] == (*columns(made)["tokens.tags.*"], "B-Z", "I-Z")


def test_the_order_survives_being_written_and_read() -> None:
    made = after(contract("A", "B", "C", tags="ABC"), contract("A", "B", "C", tags="AC"))
    assert made.inventory is not None
    again = parse_inventory(json.loads(json.dumps(made.inventory.as_json())), "")
    assert again == made.inventory
    assert columns(Contract(made.schema, again)) == columns(made)


def test_a_first_order_needs_nothing_beside_the_labels() -> None:
    made = after(contract("A", "B"), contract("A", "B"))
    assert made == contract("A", "B")
    assert made.inventory is not None
    assert "order" not in made.inventory.as_json()


def test_labels_of_a_schema_without_an_inventory_are_locked_too() -> None:
    other = json.loads(json.dumps(SCHEMA))
    other["properties"]["names"]["items"]["properties"]["kind"]["enum"] = ["NEW", "NO", "PER", "été 🌞"]
    made = after(Contract(other), Contract(SCHEMA))
    assert columns(made)["entities.kind"] == ("PER", "NO", "été 🌞", "NEW")
    assert made.inventory is None


def test_an_order_that_the_inventory_brings_is_kept() -> None:
    released = after(contract("A", "B", "C", tags="ABC", events="s"), contract("A", "B", "C", tags="AC", events="s"))
    assert released.inventory is not None
    grown = replace(released.inventory, labels={**released.inventory.labels, "event": (Label("r"), Label("s"))})
    grown = replace(grown, labels={**grown.labels, "entity": (Label("N"), *grown.labels["entity"])})
    made = columns(after(load_contract(None, grown), released))
    assert made["tokens.tags.*"] == columns(released)["tokens.tags.*"]
    assert made["relations.arguments.*.type"] == ("A", "B", "C", "s", "N", "r")


def two_layers(names: list[str], places: list[str]) -> dict[str, Any]:
    """The sample's schema with a second layer of entities, and a relation between any of them; no inventory."""
    own = json.loads(json.dumps(SCHEMA))
    first = own["properties"]["names"]
    second = json.loads(json.dumps(first))
    first["items"]["properties"]["kind"]["enum"] = names
    second["items"]["properties"]["kind"]["enum"] = places
    ends = {name: {"type": "string", "x-ref": ["entity"]} for name in ("a", "b")}
    items = {"type": "object", "properties": {"id": {"type": "string", "x-id": True}, **ends}}
    own["properties"] |= {"places": second, "ties": {"type": "array", "x-layer": "relation", "items": items}}
    return own


def test_columns_over_layers_are_locked_without_an_inventory() -> None:
    before = load_contract_of(two_layers(["A"], ["x"]))
    made = after(load_contract_of(two_layers(["A", "B"], ["w", "x"])), before)
    assert columns(before)["relations.a_type"] == ("A", "x")
    assert columns(made)["relations.a_type"] == columns(made)["relations.b_type"] == ("A", "x", "B", "w")
    assert made.inventory is not None
    again = Contract(made.schema, parse_inventory(made.inventory.as_json(), ""))
    assert columns(again) == columns(made)


def load_contract_of(schema: dict[str, Any]) -> Contract:
    return Contract(compile_schema(schema, None, None, "own"))


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.permutations("ABCDE"), st.integers(1, 5), st.sets(st.sampled_from("ABCDE"))),
        min_size=2,
        max_size=4,
    )
)
def test_no_number_of_a_label_that_stays_ever_moves(drawn: list[Any]) -> None:
    known: set[str] = set()
    made: Contract | None = None
    tagged: set[str] = set()
    for order, number, tags in drawn:
        known |= set(order[:number])
        tagged |= tags & known
        now = contract(*(name for name in order if name in known), tags="".join(tagged) or "".join(known), events="st")
        now = now if made is None else after(now, made)
        if made is not None:
            for column, names in columns(made).items():
                if not column.startswith("tokens") or set(names) <= set(columns(now)[column]):
                    assert columns(now)[column][: len(names)] == names, column
        tags_now = columns(now)["tokens.tags.*"]
        assert [(b[2:], b[0], i[0]) for b, i in zip(tags_now[1::2], tags_now[2::2], strict=True)] == [
            (i[2:], "B", "I") for i in tags_now[2::2]
        ]
        made = now


@pytest.mark.parametrize(
    ("names", "found"),
    [
        pytest.param(("A", "C"), {"label removed"}, id="removed"),
        pytest.param(("A", "BB", "C"), {"label removed", "label appended"}, id="renamed"),
        pytest.param(("C", "N", "B", "A"), {"label appended"}, id="appended"),
        pytest.param(("B", "C", "A"), set(), id="reordered"),
    ],
)
def test_what_the_difference_calls_it(names: tuple[str, ...], found: set[str]) -> None:
    before = contract("A", "B", "C")
    made = after(contract(*names), before)
    sides = [Side("", one, {}, {}, lambda: iter(())) for one in (before, made)]
    assert {change.what for change in contract_changes(*sides)} == found


def corpus(folder: Path, entities: list[str], used: list[str]) -> str:
    text = "Mara saw Ada."
    spans = [{"start": 0, "end": 4, "text": "Mara"}]
    one = {
        "id": "a", "text": text, "tokens": [{"id": "K1", "spans": spans}],
        "entities": [{"id": f"T{at}", "type": label, "spans": spans} for at, label in enumerate(used)],
    }  # fmt: skip
    (folder / "a.jsonl").write_bytes(lines(one))
    named = {"inventory": "1.0", "entity": [{"name": name} for name in entities]}
    (folder / "inventory.json").write_text(json.dumps(named))
    (folder / "corpus.toml").write_text('name = "bay"\nlicence = "CC-BY-4.0"\ninventory = "inventory.json"\n')
    return str(folder / "a.jsonl")


def test_a_release_keeps_the_numbers_of_the_one_before(tmp_path: Path) -> None:
    versions = {
        "1.0.0": (["PER", "ORG"], ["PER"]),
        "1.0.1": (["ORG", "PER"], ["PER"]),
        "1.1.0": (["LOC", "ORG", "PER"], ["PER", "LOC"]),
        "2.0.0": (["LOC", "PER"], ["PER", "LOC"]),
    }
    stored = []
    for version, (entities, used) in versions.items():
        source = corpus(tmp_path, entities, used)
        if version == "2.0.0":
            planned = run("release", "plan", source, "-o", str(tmp_path / "out"), "--format", "json").json
        made = build_release([source], tmp_path / "out", name=None, version=None)
        assert made.path.name == version
        assert verify(made.path, "logical") == ()
        manifest = parse_manifest((made.path / "manifest.json").read_bytes(), "")
        stored.append(next(view for view in manifest.views if view.name == "entities").labels["type"])
        rows = pq.read_table(made.path / "entities").to_pylist()
        assert [stored[-1][row["type"]] for row in rows] == used
        assert release_contract(made.path).inventory is not None
    assert planned["least"] == "2.0.0"
    assert stored == [("PER", "ORG"), ("PER", "ORG"), ("PER", "ORG", "LOC"), ("PER", "LOC")]
    reasons = {one["change"]: one["bump"] for one in planned["reasons"]}
    assert reasons["label removed"] == reasons["column label removed"] == "MAJOR"


def test_inferred_labels_are_appended_as_well(tmp_path: Path) -> None:
    for used, names in ((["PER"], ("PER",)), (["PER", "LOC"], ("PER", "LOC"))):
        source = corpus(tmp_path, [], used)
        (tmp_path / "corpus.toml").write_text('name = "bay"\nlicence = "CC-BY-4.0"\n')
        made = build_release([source], tmp_path / "out", name=None, version=None)
        assert verify(made.path, "logical") == ()
        manifest = parse_manifest((made.path / "manifest.json").read_bytes(), "")
        labels = {view.name: view.labels for view in manifest.views}
        assert labels["entities"]["type"] == names
        assert labels["tokens"]["tags.*"] == ("O", *(f"{mark}-{name}" for name in names for mark in "BI"))
    assert made.path.name == "1.1.0"


def test_the_policy_of_the_corpus_stays(tmp_path: Path) -> None:
    one = contract("A")
    asked = replace(one, policy=replace(one.policy, machine="train"))
    assert after(asked, one).policy.machine == "train"
