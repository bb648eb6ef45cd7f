"""Which version a change asks for: a test for each row of the rules, by a change that leads to it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from corpus_tool.contract import Contract
from corpus_tool.errors import SettingsError
from corpus_tool.inventory import Inventory, Label
from corpus_tool.release.difference.changes import (
    AnnotationChange,
    ArticleChange,
    ContractChange,
    Difference,
    Renumbered,
)
from corpus_tool.release.difference.contract_changes import contract_changes
from corpus_tool.release.difference.planning import Plan
from corpus_tool.release.difference.policy import POLICIES, RULES, Bump, bump_of, reasons
from tests.release.edits import side
from tests.release.sample import SCHEMA

Schema = dict[str, Any]


def article(what: Any, split: str = "train", **more: Any) -> Difference:
    return Difference("a", "b", articles=(ArticleChange("x", what, split, **more),))


def annotation(what: Any, *, record: bool = False) -> Difference:
    return Difference("a", "b", annotations=(AnnotationChange("x", "train", "l", "PER", "T1", (what,), record=record),))


def changed_whole(what: str) -> Difference:
    return Difference("a", "b", contract=(ContractChange(what, "body"),))


def contract(edit: Callable[[Schema], object]) -> Difference:
    schema = copy.deepcopy(SCHEMA)
    edit(schema)
    return sides(contract=(Contract(SCHEMA), Contract(schema)))


def labels(*names: str, tag: bool = False) -> Difference:
    """An inventory that was PER, LOC."""
    return sides(contract=(_inventory("PER", "LOC"), _inventory(*names, tag=tag)))


def _inventory(*names: str, tag: bool = False) -> Contract:
    found = Inventory(labels={"entity": tuple(Label(name, tag=tag) for name in names)})
    schema = copy.deepcopy(SCHEMA)
    kind(schema)["enum"] = list(names)
    return Contract(schema, found)


def view(old: Any, new: Any) -> Difference:
    return sides(views=({"names": old} if old else {}, {"names": new} if new else {}))


def sides(**pairs: tuple[Any, Any]) -> Difference:
    first, second = (side([], **{name: pair[at] for name, pair in pairs.items()}) for at in (0, 1))
    return Difference("a", "b", contract=contract_changes(first, second))


def top(schema: Schema) -> Schema:
    found: Schema = schema["properties"]
    return found


def item(schema: Schema) -> Schema:
    found: Schema = top(schema)["names"]["items"]
    return found


def kind(schema: Schema) -> Schema:
    found: Schema = item(schema)["properties"]["kind"]
    return found


def rename(schema: Schema) -> None:
    item(schema)["properties"]["sort"] = item(schema)["properties"].pop("kind")
    item(schema)["required"] = ["id", "sort", "von", "bis"]


def reorder(schema: Schema) -> None:
    top(schema)["key"] = top(schema).pop("key")


def one(name: str, **said: Any) -> list[Schema]:
    return [{"name": name, **(said or {"dtype": "string"})}]


def numbered(*names: str) -> list[Schema]:
    return one("kind", dtype={"class_label": {"names": {str(at): name for at, name in enumerate(names)}}})


P, M, X = Bump.PATCH, Bump.MINOR, Bump.MAJOR
ROWS: dict[str, tuple[Difference, Bump, Bump, Bump]] = {
    "id renumbered": (Difference("a", "b", renumbered=Renumbered(annotations=1)), P, X, P),
    "card changed": (sides(about=({"title": "A"}, {"title": "B"})), P, P, P),
    "licence stated": (sides(about=({}, {"licence": "mit"})), M, M, M),
    "licence changed": (sides(about=({"licence": "mit"}, {"licence": "cc0-1.0"})), X, X, X),
    "article added to train": (article("added"), M, X, M),
    "article added to a new split": (article("added", "test2", new_split=True), M, M, M),
    "article added to a held-out split": (article("added", "test"), X, X, M),
    "article removed": (article("removed"), X, X, X),
    "article moved": (article("moved", "test", before="train"), X, X, X),
    "text changed": (article("text"), X, X, X),
    "text withheld": (changed_whole("text withheld"), X, X, X),
    "text given": (changed_whole("text given"), M, M, M),
    "metadata changed": (article("metadata"), M, X, P),
    "layer annotated or withdrawn": (article("layer"), M, X, M),
    "annotation added": (annotation("added"), M, X, M),
    "annotation removed": (annotation("removed"), M, X, P),
    "annotation retyped": (annotation("retyped"), M, X, P),
    "annotation respanned": (annotation("respanned"), M, X, P),
    "annotation changed": (annotation("changed"), M, X, P),
    "annotation gold": (annotation("gold"), M, X, P),
    "record added": (annotation("added", record=True), M, X, M),
    "record removed": (annotation("removed", record=True), M, X, P),
    "record changed": (annotation("changed", record=True), M, X, P),
    "nullable field added": (contract(lambda s: top(s).update(note={"type": ["string", "null"]})), M, M, X),
    "required field added": (
        contract(lambda s: (top(s).update(n={"type": "string"}), s["required"].append("n"))), X, X, X,
    ),
    "field removed": (contract(lambda s: item(s)["properties"].pop("bis")), X, X, X),
    "field renamed": (contract(rename), X, X, X),
    "field retyped": (contract(lambda s: item(s)["properties"].update(von={"type": "number"})), X, X, X),
    "field made required": (contract(lambda s: s["required"].append("names")), X, X, X),
    "field made optional": (contract(lambda s: s["required"].remove("body")), M, M, M),
    "fields reordered": (contract(reorder), M, M, X),
    "constraint changed": (contract(lambda s: top(s)["key"].update(minLength=3)), P, P, X),
    "description changed": (contract(lambda s: top(s)["key"].update(description="its id")), P, P, P),
    "label appended": (labels("PER", "LOC", "ORG"), M, M, M),
    "label removed": (labels("LOC"), X, X, X),
    "labels reordered": (labels("LOC", "PER"), X, X, X),
    "inventory rule changed": (labels("PER", "LOC", tag=True), M, M, X),
    "view added": (view(None, one("a")), M, M, M),
    "view removed": (view(one("a"), None), X, X, X),
    "column added": (view(one("a"), [*one("a"), *one("b")]), M, M, X),
    "column removed": (view([*one("a"), *one("b")], one("a")), X, X, X),
    "column retyped": (view(one("a"), one("a", list="string")), X, X, X),
    "column label appended": (view(numbered("A"), numbered("A", "B")), M, M, M),
    "column label removed": (view(numbered("A", "B"), numbered("A")), X, X, X),
    "column labels reordered": (view(numbered("A", "B"), numbered("B", "A")), X, X, X),
}  # fmt: skip


def test_every_row_has_a_test() -> None:
    assert ROWS.keys() == RULES.keys()


@pytest.mark.parametrize(("name", "row"), ROWS.items(), ids=ROWS.keys())
def test_row(name: str, row: tuple[Difference, Bump, Bump, Bump]) -> None:
    found, *wanted = row
    assert set(found.facts()) == {name}
    assert [bump_of(found, policy) for policy in POLICIES] == wanted


def test_the_licence_of_an_article_counts_as_that_of_the_corpus() -> None:
    assert set(article("licence").facts()) == {"licence changed"}


def test_nothing_is_a_patch() -> None:
    found = Difference("a", "b")
    assert [bump_of(found, policy) for policy in POLICIES] == [P, P, P]
    assert reasons(found, "default") == ()


def test_a_label_before_others_moves_their_numbers() -> None:
    assert set(labels("ORG", "PER", "LOC").facts()) == {"label appended", "labels reordered"}


def test_the_strongest_reason_decides() -> None:
    found = Difference("a", "b", (ArticleChange("x", "removed", "train"),), annotation("added").annotations)
    assert bump_of(found, "default") is X
    assert [one.change for one in reasons(found, "default")] == ["article removed", "annotation added"]


BUMPS = {"patch": (P, "1.2.4"), "minor": (M, "1.3.0"), "major": (X, "2.0.0")}


@pytest.mark.parametrize(("bump", "version"), BUMPS.values(), ids=BUMPS.keys())
def test_what_follows(bump: Bump, version: str) -> None:
    assert bump.after("1.2.3") == version


def planned() -> Plan:
    found = annotation("retyped")
    return Plan("1.1.0", "default", "1.0.0", found, M, reasons(found, "default"))


@pytest.mark.parametrize("version", ["1.1.0", "1.1.1", "2.0.0"])
def test_a_version_may_be_raised(version: str) -> None:
    assert planned().version(version) == version
    assert planned().version(None) == "1.1.0"


def test_a_lower_version_is_refused_with_the_reason() -> None:
    with pytest.raises(SettingsError, match=r"1\.0\.1 is too low: 1\.1\.0 is the least .*annotation retyped: 1"):
        planned().version("1.0.1")
