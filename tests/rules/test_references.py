"""Ids, references, circles, labels and attributes."""

from __future__ import annotations

import pytest

from corpus_tool.inventory_files import parse_inventory
from tests.rules.tables import article, checked, places, under

PLAIN = under(None)


def words(*heads: str | None) -> dict[str, object]:
    made = [{"id": f"W{number}", "form": "x", "head": head} for number, head in enumerate(heads)]
    return article("text", words=made)


@pytest.mark.parametrize(
    ("heads", "found"),
    [
        ([None, "W0", "W1", "W1"], []),
        (["W0"], ["/words/0/head"]),
        (["W1", "W0", "W1"], ["/words/0/head"]),
        (["W1", "W2", "W0", "W2", None], ["/words/0/head"]),
        (["W1", "W0", "W3", "W2"], ["/words/0/head", "/words/2/head"]),
        ([None, *(f"W{number}" for number in range(300))], []),
        ([f"W{(number + 1) % 97}" for number in range(97)], ["/words/0/head"]),
    ],
    ids=["tree", "self", "two", "three", "two-circles", "deep", "long-circle"],
)
def test_heads_make_a_tree(heads, found) -> None:
    assert [at for _, at in places(words(*heads), contract=PLAIN, codes="REF405")] == found


def test_a_circle_is_spelt_out() -> None:
    (finding,) = checked(words("W1", "W2", "W0"), contract=PLAIN, codes="REF405")
    assert "W0 → W1 → W2 → W0" in finding[2]


def test_enhanced_dependencies_may_lead_in_circles() -> None:
    made = words(None, "W0")
    made["words"][0]["deps"] = [{"head": "W1", "rel": "a"}]
    made["words"][1]["deps"] = [{"head": "W0", "rel": "a"}]
    assert places(made, contract=PLAIN, codes="REF405") == []


def test_events_in_each_other() -> None:
    made = article("abc", ("X", 0, 3))
    made["events"] = [
        {"id": f"E{number}", "type": "A", "trigger": "T1", "arguments": [{"role": "Of", "ref": f"E{(number + 1) % 3}"}]}
        for number in range(3)
    ]
    assert places(made, contract=PLAIN, codes="REF405") == [("REF405", "/events/2/arguments/0/ref")]
    made["events"][2]["arguments"] = []
    assert places(made, contract=PLAIN, codes="REF405") == []


@pytest.mark.parametrize(
    ("pairs", "circles"),
    [(["12", "23", "13"], 0), (["12", "21"], 1), (["12", "23", "31"], 1), (["11"], 1)],
    ids=["diamond", "two", "three", "itself"],
)
def test_acyclic_relations(pairs, circles) -> None:
    contract = under(parse_inventory({"inventory": "1.0", "entity": [{"name": "X"}],
                                      "relation": [{"name": "PartOf", "acyclic": True}, {"name": "Near"}]}, "test"))  # fmt: skip
    made = article("abc", ("X", 0, 1), ("X", 1, 2), ("X", 2, 3))
    for label, expected in (("PartOf", circles), ("Near", 0)):
        made["relations"] = [
            {
                "id": f"R{number}",
                "type": label,
                "arguments": [{"role": "Part", "ref": f"T{a}"}, {"role": "Whole", "ref": f"T{b}"}],
            }
            for number, (a, b) in enumerate(pairs)
        ]
        assert len(places(made, contract=contract, codes="REF405")) == expected


def test_ids_are_apart_by_article_and_provenance() -> None:
    made = article("abc", ("X", 0, 1), provenance=[{"id": "T1", "agent": "a", "agent_type": "human"}])
    assert places(made, article("abc", ("X", 0, 1)), contract=PLAIN, codes="REF401") == []


def test_the_first_of_two_ids_is_named() -> None:
    made = article("abc", ("X", 0, 1), ("X", 1, 2), ("X", 2, 3))
    for entity in made["entities"]:
        entity["id"] = "T1"
    found = checked(article("x", ("X", 0, 1)), made, contract=PLAIN, codes="REF401")
    assert [at for _, at, _, _ in found] == ["/entities/1/id", "/entities/2/id"]
    assert all("/entities/0" in message for _, _, message, _ in found)


@pytest.mark.parametrize(
    ("derived", "adjudication", "wrong"),
    [
        ([], [], True),
        (["A1"], [], False),
        (["M1"], [], False),
        ([], [{"layer": "entities", "status": "adjudicated", "prov": "A2", "derived_from": ["A1"]}], False),
    ],
    ids=["parallel", "corrector", "by-way-of-another", "adjudicator"],
)
def test_references_to_another_annotator(derived, adjudication, wrong) -> None:
    made = article("abc", ("X", 0, 1), ("X", 1, 2), adjudication=adjudication)
    made["provenance"] = [
        {"id": "A1", "agent": "a", "agent_type": "human"},
        {"id": "M1", "agent": "m", "agent_type": "model", "derived_from": ["A1"]},
        {"id": "A2", "agent": "b", "agent_type": "human", "derived_from": derived},
    ]
    for entity in made["entities"]:
        entity["prov"] = "A1"
    made["coreference"] = [{"id": "C1", "mentions": ["T1", "T2"], "prov": "A2"}]
    made["notes"] = [{"id": "N1", "ref": "T1", "text": "x", "prov": "A2"}]
    expected = [("REF404", f"/coreference/0/mentions/{number}") for number in range(2)] if wrong else []
    assert places(made, contract=PLAIN, codes="REF404") == expected


@pytest.mark.parametrize(
    ("spec", "attribute", "point"),
    [
        ({"name": "A"}, {"name": "A"}, None),
        ({"name": "A"}, {"name": "A", "value": "x"}, "/value"),
        ({"name": "A", "values": ["x"]}, {"name": "A", "value": "x"}, None),
        ({"name": "A", "values": ["x"]}, {"name": "A", "value": "y"}, "/value"),
        ({"name": "A", "values": ["x"]}, {"name": "A"}, ""),
        ({"name": "A", "values": ["x"], "default": "x"}, {"name": "A"}, None),
        ({"name": "A", "values": ["x"], "open": True}, {"name": "A", "value": "y"}, None),
        ({"name": "A", "open": True}, {"name": "A", "value": "y"}, None),
        ({"name": "A", "types": ["BIG"]}, {"name": "A"}, None),
        ({"name": "A", "types": ["ORG"]}, {"name": "A"}, "/name"),
        ({"name": "A", "kinds": ["event"]}, {"name": "A"}, "/name"),
        ({"name": "A", "kinds": ["event", "entity"]}, {"name": "A"}, None),
        ({"name": "B"}, {"name": "A"}, "/name"),
    ],
    ids=["flag", "flag-with-value", "listed", "unlisted", "no-value", "default", "open", "open-flag", "parent", "other-label",
         "other-kind", "kind", "unknown"],
)  # fmt: skip
def test_attributes(spec, attribute, point) -> None:
    labels = [{"name": "BIG"}, {"name": "SUB", "parent": "BIG"}, {"name": "ORG"}]
    contract = under(parse_inventory({"inventory": "1.0", "entity": labels, "attribute": [spec]}, "test"))
    made = article("abc", ("SUB", 0, 3))
    made["entities"][0]["attributes"] = [attribute]
    found = [at for _, at in places(made, contract=contract, codes="LBL504")]
    assert found == ([] if point is None else [f"/entities/0/attributes/0{point}"])


def test_a_deprecated_label_is_renamed() -> None:
    labels = [
        {"name": "NEW"},
        {"name": "OLD", "deprecated": True, "replaced_by": "NEW"},
        {"name": "GONE", "deprecated": True},
    ]
    contract = under(parse_inventory({"inventory": "1.0", "entity": labels}, "test"))
    found = checked(article("abc def", ("OLD", 0, 3), ("GONE", 4, 7), ("NEW", 0, 3)), contract=contract, codes="LBL503")
    assert [(at, fix and fix.edits[0].new) for _, at, _, fix in found] == [
        ("/entities/0/type", "NEW"),
        ("/entities/1/type", None),
    ]


def test_an_exclusive_axis_has_one_value_by_annotator() -> None:
    axis = {"name": "topic", "values": ["a", "b"], "exclusive": True, "required": True}
    contract = under(parse_inventory({"inventory": "1.0", "axis": [axis]}, "test"))
    both = [{"axis": "topic", "value": "a", "prov": "A1"}, {"axis": "topic", "value": "b", "prov": "A2"}]
    again = [*both, {"axis": "topic", "value": "a", "prov": "A2"}]
    found = places(
        article("x", labels=both), article("x", labels=again), article("x"), contract=contract, codes="LBL506"
    )
    assert found == [("LBL506", "/labels/2")]


def test_a_mixed_chain_counts_each_mention_once() -> None:
    made = article("abcdef", ("PER", 0, 1), ("PER", 1, 2), ("ROLE", 2, 3), ("PER", 3, 4))
    made["coreference"] = [
        {"id": "C1", "mentions": ["T1", "T2", "T3"], "representative": "T1"},
        {"id": "C2", "mentions": ["T1", "T4"]},
    ]
    (finding,) = checked(made, contract=PLAIN, codes="COR605")
    assert finding[1:3] == ("/coreference/0", "the chain mixes PER (2) and ROLE (1)")


@pytest.mark.parametrize(
    ("marked", "events", "found"),
    [({"ACT"}, True, ["/entities/1"]), ({"ACT", "PER"}, True, []), (set(), True, []), ({"ACT"}, False, [])],
    ids=["some", "all", "none", "no-events"],
)
def test_triggers_that_no_event_uses(marked, events, found) -> None:
    labels = [{"name": name, "trigger": name in marked} for name in ("ACT", "PER")]
    contract = under(parse_inventory({"inventory": "1.0", "entity": labels, "event": [{"name": "Do"}]}, "test"))
    made = article("abc", ("ACT", 0, 1), ("ACT", 1, 2), ("PER", 2, 3))
    if events:
        made["events"] = [{"id": "E1", "type": "Do", "trigger": "T1"}]
    assert [at for _, at in places(made, contract=contract, codes="REF406")] == found
