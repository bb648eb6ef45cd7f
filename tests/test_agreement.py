"""Agreement between annotators of the same articles, in counts that add up."""

from __future__ import annotations

from typing import Any

import pytest

from corpus_tool.agreement import Agreement, measure_agreement
from corpus_tool.columns import to_batch
from corpus_tool.contract import load_contract
from corpus_tool.flattening import read_tables

CONTRACT = load_contract(None, None)
TEXT = "abcdefgh"
PEOPLE = [
    {"id": name, "agent": f"agent-{name}", "agent_type": "human", "role": role}
    for name, role in (("A1", "annotator"), ("A2", "annotator"), ("A3", None), ("A8", "corrector"), ("A9", "adjudicator"))
] + [{"id": "M1", "agent": "m", "agent_type": "model"}]  # fmt: skip


def entity(name: str, label: str, prov: str, *edges: int) -> dict[str, Any]:
    spans = [
        {"start": low, "end": high, "text": TEXT[low:high]} for low, high in zip(edges[::2], edges[1::2], strict=True)
    ]
    return {"id": name, "type": label, "spans": spans, "prov": prov}


def covering(*provs: str, layer: str = "entities", **more: Any) -> list[dict[str, Any]]:
    return [{"layer": layer, "prov": prov, "status": "complete", **more} for prov in provs]


def made(*entities: dict[str, Any], **layers: Any) -> dict[str, Any]:
    return {"id": "a", "text": TEXT, "entities": list(entities), "provenance": PEOPLE, **layers}


def measured(*articles: dict[str, Any]) -> dict[tuple[str, str], tuple[int, int]]:
    batch = to_batch(articles, CONTRACT)
    found, _ = measure_agreement(read_tables(batch, CONTRACT), batch, CONTRACT)
    return {label: (found.agreed[label], number) for label, number in found.compared.items()}


X1, X2 = entity("T1", "X", "A1", 0, 1), entity("T2", "X", "A2", 0, 1)
X = ("entities", "X")


@pytest.mark.parametrize(
    ("article", "found"),
    [
        (made(X1), {}),
        (made(X1, X2), {X: (2, 2)}),
        (made(X1, entity("T2", "X", "A2", 0, 2)), {X: (0, 2)}),
        (made(X1, entity("T2", "Y", "A2", 0, 1)), {X: (0, 1), ("entities", "Y"): (0, 1)}),
        (made(X1, entity("T2", "X", "M1", 0, 1)), {}),
        (made(X1, entity("T2", "X", "A8", 0, 1)), {}),
        (made(X1, entity("T2", "X", "A9", 0, 1)), {}),
        (made(X1, X2, entity("T3", "X", "A3", 1, 2)), {X: (2, 6)}),
        (made(entity("T1", "X", "A1", 0, 1, 2, 3), entity("T2", "X", "A2", 2, 3, 0, 1)), {X: (2, 2)}),
        (made(X1, coverage=covering("A1")), {}),
        (made(X1, coverage=covering("A1", "A2")), {X: (0, 1)}),
        (made(X1, X2, coverage=covering("A1")), {}),
        (made(X1, entity("T2", "Y", "A1", 1, 2), X2, coverage=[*covering("A1"), *covering("A2", labels=["X"])]), {X: (2, 2)}),
        (made(X1, X2, coverage=covering("A1", "A2", layer="relations")), {X: (2, 2)}),
    ],
    ids=["alone", "same", "other-end", "other-label", "model", "corrector", "adjudicator", "three", "fragments",
         "one-covers", "found-nothing", "not-complete", "some-labels", "another-layer"],
)  # fmt: skip
def test_entities(article, found) -> None:
    assert measured(made(X1), article) == found


def test_one_person_does_not_agree_with_himself() -> None:
    same = [{**record, "agent": "same"} if record["id"] in {"A1", "A2"} else record for record in PEOPLE]
    assert measured(made(X1, X2, provenance=same)) == {}


def relation(name: str, prov: str, one: str, two: str, label: str = "R") -> dict[str, Any]:
    return {
        "id": name,
        "type": label,
        "prov": prov,
        "arguments": [{"role": "From", "ref": one}, {"role": "To", "ref": two}],
    }


def test_relations_are_the_same_where_their_arguments_stand() -> None:
    entities = [X1, entity("T3", "Y", "A1", 3, 4), X2, entity("T4", "Z", "A2", 3, 4)]
    same = [relation("R1", "A1", "T1", "T3"), relation("R2", "A2", "T2", "T4")]
    turned = [relation("R1", "A1", "T1", "T3"), relation("R2", "A2", "T4", "T2")]
    assert measured(made(*entities, relations=same))["relations", "R"] == (2, 2)
    assert measured(made(*entities, relations=turned))["relations", "R"] == (0, 2)


def test_events_in_events_end() -> None:
    entities = [X1, X2]
    events = [
        {"id": f"E{n}{a}", "type": "E", "trigger": f"T{a}", "prov": f"A{a}", "arguments": [{"role": "Of", "ref": f"E{(n + 1) % 2}{a}"}]}
        for a in (1, 2) for n in (0, 1)
    ]  # fmt: skip
    assert measured(made(*entities, events=events))["events", "E"][0] > 0


def test_labels_of_articles() -> None:
    labels = [
        {"axis": "topic", "value": value, "prov": prov}
        for value, prov in (("sea", "A1"), ("sea", "A2"), ("land", "A2"))
    ]
    assert measured(made(labels=labels)) == {("labels", "sea"): (2, 2), ("labels", "land"): (0, 1)}


def test_blocks_add_up() -> None:
    articles = [made(X1, X2), made(X1, coverage=covering("A1", "A2")), made(X1)]
    whole = Agreement()
    for article in articles:
        batch = to_batch([article], CONTRACT)
        whole.add(measure_agreement(read_tables(batch, CONTRACT), batch, CONTRACT)[0])
    assert (
        {label: (whole.agreed[label], number) for label, number in whole.compared.items()}
        == measured(*articles)
        == {X: (2, 3)}
    )
    assert whole.f1(X) == pytest.approx(2 / 3)
