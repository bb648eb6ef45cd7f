"""Arguments, triggers, repeats, chains, links and quotations."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.columns import to_batch
from corpus_tool.contract import Contract, load_contract
from corpus_tool.fixing.choosing import mended
from corpus_tool.flattening import read_tables
from corpus_tool.inventory_files import load_inventory, parse_inventory
from corpus_tool.policy import Policy
from corpus_tool.rules import all_rules
from corpus_tool.rules.quoting import bounds, enclosed
from corpus_tool.rules.running import check_tables
from tests.corpora import corpora, seed
from tests.program import run
from tests.rules.tables import article, checked, places, under

EXAMPLES = Path(__file__).parents[2] / "examples"
LEVEL = " ".join(code for code in all_rules() if code[3:4] == "6")
PLAIN = under(None)
LABELS = under(
    parse_inventory(
        {
            "inventory": "1.0",
            "entity": [
                {"name": "PER"},
                {"name": "CHILD", "parent": "PER"},
                {"name": "ORG"},
                {"name": "WORD", "trigger": True},
                {"name": "VERB", "parent": "WORD"},
                {"name": "NAME", "trigger": True},
            ],
            "relation": [
                {"name": "Works", "arguments": [
                    {"role": "Who", "types": ["PER"], "max": 1},
                    {"role": "Where", "types": ["ORG"], "max": 1},
                ]},
                {"name": "Pair", "symmetric": True, "arguments": [{"role": "A", "types": ["PER"]}, {"role": "B", "types": ["PER"]}]},
                {"name": "Numbered", "arguments": [
                    {"role": "Theme", "types": ["PER"], "max": 2},
                    {"role": "Theme2", "types": ["ORG"], "min": 0},
                    {"role": "Site", "types": ["PER"], "min": 2, "max": 3},
                ]},
                {"name": "Free"},
            ],
            "event": [
                {"name": "Meet", "triggers": ["WORD"], "arguments": [{"role": "Of", "types": ["PER", "Meet"], "kinds": ["relation"]}]},
                {"name": "Part", "arguments": [{"role": "Any", "min": 0}]},
            ],
            "quotation": [{"name": "direct"}, {"name": "indirect"}],
        },
        "test",
    )
)  # fmt: skip
TEXT = "Ann and Bo met the Quay Company and the Mill Company twice."
ENTITIES = (("PER", 0, 3), ("CHILD", 8, 10), ("ORG", 19, 31), ("WORD", 11, 14), ("ORG", 40, 52), ("VERB", 53, 58))


def made(**layers: Any) -> dict[str, Any]:
    """Ann (T1), her child Bo (T2), two companies (T3, T5), two words (T4, T6), and layers of them."""
    return article(TEXT, *ENTITIES, **layers)


def bound(label: str, *arguments: str, **more: Any) -> dict[str, Any]:
    """A relation of arguments such as `Who:T1`."""
    pairs = [argument.split(":") for argument in arguments]
    return {"id": "R1", "type": label, "arguments": [{"role": role, "ref": ref} for role, ref in pairs], **more}


def event(label: str, word: str, *arguments: str, **more: Any) -> dict[str, Any]:
    return {**bound(label, *arguments), "id": "E1", "trigger": word, **more}


def fixed(value: dict[str, Any], contract: Contract, codes: str, *safety: str) -> dict[str, Any]:
    """The article with the fixes applied that have one of these safeties."""
    fixes = [fix for *_, fix in checked(value, contract=contract, codes=codes) if fix and fix.safety in safety]
    text = json.dumps(value, ensure_ascii=False)
    found: dict[str, Any] = json.loads(mended(text, value, fixes, contract)[0])
    return found


@pytest.mark.parametrize(
    ("relation", "found"),
    [
        (bound("Works", "Who:T1", "Where:T3"), []),
        (bound("Works", "Who:T2", "Where:T3"), []),
        (bound("Works", "Who:T1", "Where:T4"), ["/relations/0/arguments/1/ref"]),
        (bound("Works", "Who:T4", "Where:T4"), ["/relations/0/arguments/0/ref", "/relations/0/arguments/1/ref"]),
        (bound("Works", "Whom:T1", "Where:T3"), ["/relations/0/arguments/0/role"]),
        (bound("Works", "Who7:T1", "Where:T3"), []),
        (bound("Works", "7:T1", "Where:T3"), ["/relations/0/arguments/0/role"]),
        (bound("Numbered", "Theme:T1", "Theme2:T3", "Theme3:T2"), []),
        (bound("Numbered", "Theme2:T1"), ["/relations/0/arguments/0/ref"]),
        (bound("Numbered", "Theme3:T3"), ["/relations/0/arguments/0/ref"]),
        (bound("Free", "Any:T1", "Thing:T3"), []),
        (bound("Unknown", "Any:T1", "Thing:T3"), []),
        (bound("Works", "Who:T99", "Where:T3"), []),
        (bound("Works", "Who:N1", "Where:T3"), []),
    ],
    ids=["right", "below", "label", "both", "role", "number", "number-alone", "declared-number", "wrong-for-number",
         "undeclared-number", "no-roles", "unknown-label", "dangling", "wrong-kind"],
)  # fmt: skip
def test_licences_of_relations(relation, found) -> None:
    value = made(relations=[relation], notes=[{"id": "N1", "text": "x"}])
    assert [at for _, at in places(value, contract=LABELS, codes="REL601")] == found


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ([event("Meet", "T4", "Of:T1")], []),
        ([event("Meet", "T4", "Of:T3")], ["/events/0/arguments/0/ref"]),
        ([event("Meet", "T4", "Of:E2"), event("Meet", "T6", "Of:T1", id="E2")], []),
        ([event("Meet", "T4", "Of:E2"), event("Part", "T6", id="E2")], ["/events/0/arguments/0/ref"]),
        ([event("Part", "T4", "Any:T3", "Any:T1")], []),
    ],
    ids=["label", "other-label", "event", "other-event", "anything"],
)
def test_licences_of_events(events, found) -> None:
    assert [at for _, at in places(made(events=events), contract=LABELS, codes="REL601")] == found


@pytest.mark.parametrize(
    ("relation", "message"),
    [
        (bound("Works", "Who:T1", "Where:T4"), "Where of Works 'R1' is the WORD 'T4', and may be ORG"),
        (bound("Works", "Whoo:T1", "Where:T3"), "Works 'R1' has no role 'Whoo': did you mean 'Who'?"),
        (bound("Works", "Agent:T1", "Where:T3"), "Works 'R1' has no role 'Agent', but Who or Where"),
        (
            bound("Works", "Who:T3", "Where:T1"),
            "Who of Works 'R1' is the ORG 'T3', and may be PER: the two arguments stand the wrong way round",
        ),
    ],
    ids=["label", "near", "far", "reversed"],
)
def test_what_is_said_of_an_argument(relation, message) -> None:
    assert [said for _, _, said, _ in checked(made(relations=[relation]), contract=LABELS, codes="REL601")] == [message]


def test_reversed_arguments_are_swapped() -> None:
    value = made(relations=[bound("Works", "Who:T3", "Where:T1")])
    assert fixed(value, LABELS, "REL601", "safe") == value
    assert fixed(value, LABELS, "REL601", "unsafe")["relations"] == [bound("Works", "Who:T1", "Where:T3")]


@pytest.mark.parametrize("arguments", [("Who:T3", "Where:T5"), ("Who:T3", "Where:T1", "Who:T1"), ("Who:T3", "Whom:T1")])
def test_what_swapping_does_not_mend_has_no_fix(arguments) -> None:
    found = checked(made(relations=[bound("Works", *arguments)]), contract=LABELS, codes="REL601")
    assert found
    assert all(fix is None for *_, fix in found)


def test_arguments_that_name_nothing_are_not_checked() -> None:
    batch = to_batch([made(relations=[bound("Works", "Who:T99", "Where:T4")])], LABELS)
    found = check_tables(read_tables(batch, LABELS), LABELS, frozenset({"REL601"}))
    assert found.not_checked == {"REL601": 1}
    assert found.counts == {"REL601": 1}


@pytest.mark.parametrize(
    ("relation", "found"),
    [
        (bound("Works", "Who:T1", "Where:T3"), []),
        (bound("Works", "Who:T1", "Where:T3", "Who:T2"), [("REL602", "/relations/0/arguments/2/ref")]),
        (bound("Works", "Who:T1", "Where:T3", "Who2:T2"), [("REL602", "/relations/0/arguments/2/ref")]),
        (bound("Works", "Who:T1"), [("REL610", "/relations/0")]),
        (bound("Works"), [("REL610", "/relations/0"), ("REL610", "/relations/0")]),
        (bound("Works", "Whom:T1", "Where:T3"), [("REL610", "/relations/0")]),
        (bound("Numbered", "Theme:T1", "Theme1:T2", "Site:T1", "Site:T2"), []),
        (bound("Numbered", "Theme:T1", "Theme1:T2", "Theme9:T1", "Site:T1", "Site:T2"),
         [("REL602", "/relations/0/arguments/2/ref")]),
        (bound("Numbered", "Theme2:T3", "Site:T1", "Site:T2"), [("REL610", "/relations/0")]),
        (bound("Numbered", "Theme:T1", "Site:T2"), [("REL610", "/relations/0")]),
        (bound("Free", "Any:T1"), []),
    ],
    ids=["right", "twice", "twice-by-number", "missing", "none", "other-role", "two", "three", "declared-number",
         "one-of-two", "no-roles"],
)  # fmt: skip
def test_how_often_roles_are_filled(relation, found) -> None:
    assert sorted(places(made(relations=[relation]), contract=LABELS, codes="REL602 REL610")) == found


def test_roles_are_counted_by_annotation() -> None:
    value = made(
        relations=[
            bound("Works", "Who:T1", "Where:T3"),
            bound("Works", "Who:T2", "Where:T3", id="R2"),
            bound("Works", "Where:T3", id="R3"),
        ]
    )
    found = checked(value, value, contract=LABELS, codes="REL602 REL610")
    assert [(at, said) for _, at, said, _ in found] == [
        ("/relations/2", "Works 'R3' has no argument for the role Who")
    ] * 2


def test_an_event_without_arguments_is_unfinished() -> None:
    assert places(made(events=[event("Meet", "T4")]), contract=LABELS, codes="REL610") == [("REL610", "/events/0")]


@pytest.mark.parametrize(
    ("label", "word", "wrong"),
    [
        ("Meet", "T4", False),
        ("Meet", "T6", False),
        ("Meet", "T1", True),
        ("Part", "T4", False),
        ("Part", "T6", False),
        ("Part", "T3", True),
        ("Unknown", "T3", False),
        ("Meet", "T99", False),
    ],
    ids=["listed", "below", "not-listed", "any-trigger", "below-any", "no-trigger", "unknown-event", "dangling"],
)
def test_triggers(label, word, wrong) -> None:
    found = places(made(events=[event(label, word, "Of:T1")]), contract=LABELS, codes="EVT604")
    assert found == [("EVT604", "/events/0/trigger")] * wrong


def test_where_nothing_is_called_a_trigger_anything_may_trigger() -> None:
    free = under(
        parse_inventory({"inventory": "1.0", "entity": [{"name": "PER"}], "event": [{"name": "Meet"}]}, "test")
    )
    value = article("Ann", ("PER", 0, 3), events=[event("Meet", "T1")])
    assert places(value, contract=free, codes="EVT604") == []


def own_shape(optional: str, tmp_path: Path) -> Contract:
    """The schema of the lighthouses, in which one property of an event is optional."""
    schema = json.loads((EXAMPLES / "lighthouse/schema.json").read_text())
    schema["properties"]["ereignisse"]["items"]["required"].remove(optional)
    path = tmp_path / "schema.json"
    path.write_text(json.dumps(schema))
    return load_contract(path, load_inventory(EXAMPLES / "lighthouse/inventory.toml"))


def lighthouse(**layers: Any) -> dict[str, Any]:
    spans = {"E1": ("PERSON", 0, 4), "E2": ("TURM", 11, 16), "E3": ("TAT", 5, 10)}
    text = "Rosa built Kante."
    entities = [
        {"nr": nr, "kategorie": label, "von": low, "bis": high, "wort": text[low:high], "urheber": "M1"}
        for nr, (label, low, high) in spans.items()
    ]
    return {"kennung": "a", "wortlaut": text, "kopf": {}, "erwaehnungen": entities, **layers}


def test_an_event_without_trigger(tmp_path) -> None:
    contract = own_shape("ausloeser", tmp_path)
    events = [{"nr": "V1", "art": "bauen", "ausloeser": "E3"}, {"nr": "V2", "art": "bauen"}]
    (found,) = checked(lighthouse(ereignisse=events), contract=contract, codes="EVT604")
    assert found[1:3] == ("/ereignisse/1", "bauen 'V2' has no trigger")


def test_arguments_of_another_shape(tmp_path) -> None:
    contract = own_shape("ausloeser", tmp_path)
    ends = [{"als": "waerter", "ziel": "E2"}, {"als": "turm", "ziel": "E1"}]
    value = lighthouse(beziehungen=[{"nr": "B1", "art": "waerter-von", "enden": ends}])
    assert places(value, contract=contract, codes=LEVEL) == [("REL601", "/beziehungen/0/enden/0/ziel")]
    assert [end["ziel"] for end in fixed(value, contract, LEVEL, "unsafe")["beziehungen"][0]["enden"]] == ["E1", "E2"]
    ends[0] = {"als": "warter", "ziel": "E1"}
    assert ("REL601", "/beziehungen/0/enden/0/als") in places(value, contract=contract, codes=LEVEL)


def test_references_in_fields_of_their_own_have_the_field_as_role(tmp_path) -> None:
    string = {"type": "string"}
    schema = {
        "type": "object", "additionalProperties": False,
        "properties": {
            "id": {**string, "x-id": True}, "text": {**string, "x-text": True},
            "names": {"type": "array", "x-layer": "entity", "items": {
                "type": "object", "additionalProperties": False, "x-span": True,
                "properties": {"id": {**string, "x-id": True}, "is": {**string, "x-label": True},
                               "start": {"type": "integer"}, "end": {"type": "integer"}}}},
            "links": {"type": "array", "x-layer": "relation", "items": {
                "type": "object", "additionalProperties": False,
                "properties": {"is": {**string, "x-label": True}, "part": {**string, "x-ref": ["entity"]},
                               "whole": {**string, "x-ref": ["entity"]}}}},
        },
    }  # fmt: skip
    path = tmp_path / "schema.json"
    path.write_text(json.dumps(schema))
    labels = {"inventory": "1.0", "entity": [{"name": "A"}, {"name": "B"}], "relation": [
        {"name": "In", "arguments": [{"role": "part", "types": ["A"]}, {"role": "whole", "types": ["B"]}]}]}  # fmt: skip
    contract = load_contract(path, parse_inventory(labels, "test"))
    names = [{"id": "1", "is": "A", "start": 0, "end": 1}, {"id": "2", "is": "B", "start": 1, "end": 2}]
    links = [
        {"is": "In", "part": "1", "whole": "2"},
        {"is": "In", "part": "2", "whole": "2"},
        {"is": "In", "part": "1"},
    ]
    found = places({"id": "a", "text": "ab", "names": names, "links": links}, contract=contract, codes=LEVEL)
    assert sorted(found) == [("REL601", "/links/1/part"), ("REL610", "/links/2")]


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        (bound("Works", "Who:T1", "Where:T3"), bound("Works", "Who:T1", "Where:T3"), True),
        (bound("Works", "Who:T1", "Where:T3"), bound("Works", "Where:T3", "Who:T1"), True),
        (bound("Works", "Who:T1", "Where:T3"), bound("Works", "Who:T2", "Where:T3"), False),
        (bound("Works", "Who:T1", "Where:T3"), bound("Works", "Who:T3", "Where:T1"), False),
        (bound("Works", "Who:T1", "Where:T3"), bound("Free", "Who:T1", "Where:T3"), False),
        (bound("Pair", "A:T1", "B:T2"), bound("Pair", "A:T2", "B:T1"), True),
        (bound("Pair", "A:T1", "B:T2"), bound("Pair", "A:T2", "B:T2"), False),
        (bound("Works", "Who:T1", prov="A1"), bound("Works", "Who:T1", prov="A2"), False),
        (bound("Works", "Who:T1", attributes=[{"name": "x"}]), bound("Works", "Who:T1"), False),
        (bound("Works", "Who:T77"), bound("Works", "Who:T77"), False),
        (bound("Free"), bound("Free"), False),
    ],
    ids=["same", "order", "other", "direction", "label", "symmetric", "symmetric-other", "annotators", "attributes",
         "dangling", "empty"],
)  # fmt: skip
def test_repeated_relations(one, two, same) -> None:
    makers = [{"id": name, "agent": name, "agent_type": "human"} for name in ("A1", "A2")]
    value = made(relations=[one, {**two, "id": "R2"}], provenance=makers)
    assert places(value, contract=LABELS, codes="REL603") == [("REL603", "/relations/1")] * same
    apart = [{**made(relations=[one]), "id": name} for name in "ab"]
    assert places(*apart, contract=LABELS, codes="REL603") == []


def test_repeated_events() -> None:
    events = [
        event("Part", "T4", "Any:T1"),
        event("Part", "T6", "Any:T1", id="E2"),
        event("Part", "T4", "Any:T1", id="E3"),
    ]
    assert places(made(events=events), contract=PLAIN, codes="REL603") == [("REL603", "/events/2")]


def test_dropping_a_repeat_redirects_what_names_it() -> None:
    events = [event("Part", "T4"), event("Part", "T4", id="E2"), event("Meet", "T6", "Of:E2", id="E3")]
    value = made(events=events, notes=[{"id": "N1", "ref": "E2", "text": "x"}])
    after = fixed(value, LABELS, "REL603", "safe")
    assert [each["id"] for each in after["events"]] == ["E1", "E3"]
    assert after["events"][1]["arguments"] == [{"role": "Of", "ref": "E1"}]
    assert after["notes"][0]["ref"] == "E1"
    assert places(after, contract=LABELS, codes="REF402 REL603") == []


@pytest.mark.parametrize(
    ("more", "other", "safety"),
    [
        ({"confidence": 0.5}, [], "unsafe"),
        ({"confidence": None}, [], "safe"),
        ({"attributes": []}, [], "safe"),
        ({"attributes": [{"id": "A7", "name": "x"}]}, [], "safe"),
        ({}, [event("Meet", "T6", "Of:E1", "Of:E2", id="E3")], "unsafe"),
    ],
    ids=["says-more", "null", "empty", "id-of-an-attribute", "named-together"],
)
def test_dropping_a_repeat_is_safe_where_nothing_is_lost(more, other, safety) -> None:
    first = {"attributes": [{"name": "x"}]} if more.get("attributes") else {}
    events = [event("Part", "T4", "Any:T1", **first), event("Part", "T4", "Any:T1", id="E2", **more)]
    (found,) = checked(made(events=[*events, *other]), contract=LABELS, codes="REL603")
    assert found[3] is not None
    assert found[3].safety == safety


def chain(name: str, *mentions: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "type": "identity", "mentions": list(mentions), **more}


@pytest.mark.parametrize(
    ("chains", "found"),
    [
        ([chain("C1", "T1", "T2"), chain("C2", "T3", "T5")], []),
        ([chain("C1", "T1", "T2"), chain("C2", "T3", "T2")], ["/coreference/1/mentions/1"]),
        ([chain("C1", "T1", "T2"), chain("C2", "T2", "T1")], ["/coreference/1/mentions/0"]),
        ([chain("C1", "T1", "T2"), chain("C2", "T3", "T2", type="bridging")], []),
        ([chain("C1", "T1", "T2"), chain("C2", "T3", "T2", prov="A1")], []),
        ([chain("C1", "T1", "T1")], []),
        ([chain("C1", "T1", "T88"), chain("C2", "T3", "T88")], []),
    ],
    ids=["apart", "shared", "two-shared", "types", "annotators", "in-itself", "dangling"],
)
def test_mentions_in_two_chains(chains, found) -> None:
    value = made(coreference=chains, provenance=[{"id": "A1", "agent": "a", "agent_type": "human"}])
    assert [at for _, at in places(value, contract=PLAIN, codes="COR606")] == found


def test_chains_are_merged() -> None:
    chains = [chain("C1", "T1", "T2"), chain("C2", "T2", "T3", "T5"), chain("C3", "T4", "T6")]
    value = made(coreference=chains, notes=[{"id": "N1", "ref": "C2", "text": "x"}])
    assert fixed(value, PLAIN, "COR606", "safe") == value
    after = fixed(value, PLAIN, "COR606", "unsafe")
    assert after["coreference"] == [chain("C1", "T1", "T2", "T3", "T5"), chains[2]]
    assert after["notes"][0]["ref"] == "C1"


@pytest.mark.parametrize(
    ("mentions", "singletons", "said"),
    [
        (["T1"], True, None),
        (["T1", "T2"], False, None),
        (["T1"], False, "the chain 'C1' has one mention, and singletons are not allowed"),
        (["T1", "T1"], False, "the chain 'C1' has one mention, and singletons are not allowed"),
        ([], False, "the chain 'C1' has no mention, and singletons are not allowed"),
        (["T1", "T77"], False, None),
    ],
    ids=["allowed", "two", "one", "one-twice", "none", "dangling"],
)
def test_singletons(mentions, singletons, said) -> None:
    contract = replace(PLAIN, policy=Policy(singletons=singletons))
    found = checked(made(coreference=[chain("C1", *mentions)]), contract=contract, codes="COR611")
    assert [message for _, _, message, _ in found] == [said] * (said is not None)


def test_a_mention_listed_twice_is_dropped() -> None:
    value = made(coreference=[chain("C1", "T1", "T2", "T1", "T1")])
    assert [at for _, at in places(value, contract=PLAIN, codes="COR607")] == [
        "/coreference/0/mentions/2",
        "/coreference/0/mentions/3",
    ]
    assert fixed(value, PLAIN, "COR607", "safe")["coreference"] == [chain("C1", "T1", "T2")]


@pytest.mark.parametrize(
    ("mentions", "after"),
    [(["E1", "E1"], ["E1", "E1"]), (["E1", "E1", "E1"], ["E1", "E1", "E1"]), (["E1", "E2", "E1"], ["E1", "E2"])],
    ids=["two", "three", "enough"],
)
def test_a_mention_stays_where_its_list_would_be_too_short(mentions, after, tmp_path) -> None:
    contract = own_shape("ausloeser", tmp_path)
    value = lighthouse(ketten=[{"nr": "K1", "glieder": mentions}])
    assert places(value, contract=contract, codes="COR607")
    assert fixed(value, contract, "COR607", "safe")["ketten"][0]["glieder"] == after


@pytest.mark.parametrize(("chosen", "wrong"), [("T1", False), ("T3", True), ("T99", False), (None, False)])
def test_representative_is_a_mention(chosen, wrong) -> None:
    value = made(coreference=[chain("C1", "T1", "T2", representative=chosen)])
    assert places(value, contract=PLAIN, codes="COR607") == [("COR607", "/coreference/0/representative")] * wrong


@pytest.mark.parametrize(
    ("spans", "crossing"),
    [
        (["0 3", "8 10"], []),
        (["0 10", "8 10"], []),
        (["0 3", "0 3"], []),
        (["0 5", "5 9"], []),
        (["0 9", "8 10"], [1]),
        (["8 10", "0 9"], [0]),
        (["0 10", "2 3", "5 12"], [2]),
        (["0 10", "2 6", "4 8"], [2]),
        (["0 2 8 12", "4 10"], [1]),
        (["0 2 8 12", "3 7"], []),
        (["0 2 8 12", "3 7 14 15"], []),
    ],
    ids=[
        "apart",
        "nested",
        "equal",
        "touching",
        "crossing",
        "order",
        "over-a-nested",
        "in-a-third",
        "fragment",
        "gap",
        "gaps",
    ],
)
def test_crossing_mentions(spans, crossing) -> None:
    value = article(TEXT, *(("PER", *map(int, span.split())) for span in spans))
    names = [f"T{number}" for number in range(1, len(spans) + 1)]
    value["coreference"] = [chain("C1", *names), *(chain(f"D{name}", name) for name in names)]
    found = places(value, value, contract=PLAIN, codes="COR607")
    assert found == [("COR607", f"/coreference/0/mentions/{number}") for number in crossing] * 2


def linked(*links: str | None) -> dict[str, Any]:
    """An article with a chain of mentions linked so: `wikidata:Q1 wikidata:Q2`."""
    value = article(TEXT, *(("PER", number, number + 1) for number in range(len(links))))
    for entity, said in zip(value["entities"], links, strict=True):
        if said is not None:
            pairs = [link.split(":") for link in said.split()]
            entity["links"] = [{"db": db, "id": name} for db, name in pairs]
    value["coreference"] = [chain("C1", *(entity["id"] for entity in value["entities"]))]
    return value


@pytest.mark.parametrize(
    ("links", "said"),
    [
        (("w:Q1", "w:Q1", None), None),
        (("w:Q1", "v:7"), None),
        (("w:Q1 w:Q2", "w:Q2"), None),
        (("w:Q1 w:Q2", None), None),
        (("w:Q1", "w:Q2", "w:Q1"), "the chain 'C1' is linked to 'Q1' (T1, T3) and 'Q2' (T2) in 'w'"),
        (("w:Q1 v:7", "w:Q1 v:8"), "the chain 'C1' is linked to '7' (T1) and '8' (T2) in 'v'"),
    ],
    ids=["agree", "other-base", "one-shared", "one-mention", "disagree", "second-base"],
)
def test_links_of_a_chain(links, said) -> None:
    found = checked(linked(*links), contract=PLAIN, codes="COR608")
    assert [(at, message) for _, at, message, _ in found] == ([("/coreference/0", said)] if said else [])


def test_links_are_those_of_the_mention() -> None:
    assert places(linked("w:Q1", "w:Q1"), linked("w:Q2"), contract=PLAIN, codes="COR608") == []


@pytest.mark.parametrize(
    "text",
    [
        'He said: ["We sail,"] and left.', 'He said: "[We sail]," and left.', '["We sail,]" he said.', "[“We sail.”]", "“[We sail].”",
        "[„Wir segeln“]", "[»Wir segeln«]", "[«Мы идём»], – сказал он.", "« [Nous partons] »", "[『行こう』]と言った。",
        "「[行こう]」と言った。", "[《走吧》]", "'[We sail]', he said", "``[We sail]''", "&quot;[We sail]&quot;, he said", "<<[Идём]>>",
        "*[“We sail,”]* he said.", "He cried _ [Borach mevolah] _ twice.", "**[“We sail.]”**", "[“¡Vamos!”]", "“…[we sail]…”",
        "— [Мы идём], — сказал он.", "— Да, — сказал он. — [Мы идём].", "– [Мы идём]\n– Куда?", "[— Мы идём], — сказал он.",
        "> [We sail tomorrow.]\n\nSo he said.", "[“We sail tomorrow.]\n\n“And you stay.”", "[“We sail”]", "[“⚽ sail 💙”]",
        "[“Sail,” he said, “now.”]",
    ],
)  # fmt: skip
def test_bounded_quotations(text) -> None:
    assert places(quoted(text), contract=PLAIN, codes="QUO609") == []


def quoted(text: str, label: str = "direct") -> dict[str, Any]:
    """An article with a quotation of each piece in square brackets, which are not part of its text."""
    edges = [text.replace("]", "").replace("[", "\0"), text.replace("[", "").replace("]", "\0")]
    starts, ends = (
        [number - taken for taken, number in enumerate(at for at, char in enumerate(edge) if char == "\0")]
        for edge in edges
    )
    plain = text.replace("[", "").replace("]", "")
    pairs = zip(starts, ends, strict=True)
    spans = [{"start": low, "end": high, "text": plain[low:high]} for low, high in pairs]
    made = [{"id": f"Q{number}", "type": label, "spans": [span]} for number, span in enumerate(spans, 1)]
    return {"id": "a", "text": plain, "quotations": made}


@pytest.mark.parametrize(
    ("text", "how", "fixed_to"),
    [
        ("He said “we [sail tomorrow” and] left.", "begins and ends", None),
        ("He said “[we sail] tomorrow” and left.", "ends", "we sail tomorrow"),
        ("He said [“we sail] tomorrow” and left.", "ends", "“we sail tomorrow”"),
        ("He said “we [sail tomorrow”] and left.", "begins", "“we sail tomorrow”"),
        ("He said “we [sail tomorrow]” and left.", "begins", "we sail tomorrow"),
        ("He said “we [sail] tomorrow” and left.", "begins and ends", "“we sail tomorrow”"),
        ("He said [we sail] and left.", "begins and ends", None),
        ('"A," he said, and then [we sail]. "B"', "begins", None),
        ("“[We sail tomorrow, he said, and left.]\n", "ends", None),
        ("“We [sail\n\nand] stay.”", "begins and ends", None),
        ("„Wir [segeln] morgen“, sagte er.", "begins and ends", "„Wir segeln morgen“"),
        ("「船は[行く]よ」と言った。", "begins and ends", "「船は行くよ」"),
    ],
)
def test_unbounded_quotations(text, how, fixed_to) -> None:
    value = quoted(text)
    (found,) = checked(value, contract=PLAIN, codes="QUO609")
    assert found[1:3] == ("/quotations/0/spans/0", f"the quotation 'Q1' is direct, and {how} without a quotation mark")
    after = fixed(value, PLAIN, "QUO609", "unsafe")
    span = after["quotations"][0]["spans"][0]
    assert span["text"] == after["text"][span["start"] : span["end"]]
    assert (span["text"] if after != value else None) == fixed_to
    assert fixed_to is None or places(after, contract=PLAIN, codes="QUO609") == []
    assert fixed(value, PLAIN, "QUO609", "safe") == value


def test_quotations_that_follow_each_other_bound_each_other() -> None:
    assert places(quoted("[“We sail.] [You stay.] [They sink.”]"), contract=PLAIN, codes="QUO609") == []
    assert places(quoted("[“We sail.] And [you stay.”]"), contract=PLAIN, codes="QUO609") != []


@pytest.mark.parametrize(("label", "found"), [("direct", 1), ("indirect", 0), ("spoken", 1), ("mixed", 0)])
def test_what_is_direct(label, found) -> None:
    labels = [{"name": "direct"}, {"name": "indirect"}, {"name": "mixed"}, {"name": "spoken", "parent": "direct"}]
    contract = under(parse_inventory({"inventory": "1.0", "quotation": labels}, "test"))
    assert len(places(quoted("He said [we sail].", label), contract=contract, codes="QUO609")) == found


def test_fragments_are_bounded_at_the_outer_edges() -> None:
    text = "“We sail,” he said, “tomorrow or never.” He left."
    spans = [(0, 10), (20, 40)]

    def of(*edges: tuple[int, int]) -> dict[str, Any]:
        made = [{"start": low, "end": high, "text": text[low:high]} for low, high in edges]
        return {"id": "a", "text": text, "quotations": [{"id": "Q1", "type": "direct", "spans": made}]}

    assert places(of(*spans), of(*reversed(spans)), of((0, 9), (21, 40)), contract=PLAIN, codes="QUO609") == []
    assert places(of((0, 10), (20, 29)), contract=PLAIN, codes="QUO609") == [("QUO609", "/quotations/0/spans/1")]
    after = fixed(of((4, 10), (20, 29)), PLAIN, "QUO609", "unsafe")
    assert [(span["start"], span["end"]) for span in after["quotations"][0]["spans"]] == spans


def spoken(cue: str, spans: list[tuple[int, int]], **more: Any) -> dict[str, Any]:
    """An article of ten sentences; a cue stands in one of them, a direct quotation in the fifth."""
    sentences = [f"Sentence {number} is said." for number in range(10)]
    sentences[5] = "“We sail,” she said, “now.”"
    text = " ".join(sentences)
    base = text.index("“")
    low = text.index(cue)
    value = article(text, ("X", low, low + len(cue)), **more)
    pieces = [(base + start, base + end) for start, end in spans]
    value["quotations"] = [{"id": "Q1", "type": "direct", "cue": ["T1"], "speaker": "T1",
                            "spans": [{"start": start, "end": end, "text": text[start:end]} for start, end in pieces]}]  # fmt: skip
    starts = [text.index(sentence) for sentence in sentences]
    value["sentences"] = [
        {"id": f"S{number}", "spans": [{"start": start, "end": start + len(sentence), "text": sentence}]}
        for number, (start, sentence) in enumerate(zip(starts, sentences, strict=True))
    ]
    return value


WHOLE, PARTS = [(0, 27)], [(0, 10), (21, 27)]


@pytest.mark.parametrize(
    ("cue", "spans", "found"),
    [
        ("she said", PARTS, []),
        ("she said", WHOLE, ["/quotations/0/cue/0", "/quotations/0/speaker"]),
        ("sail", PARTS, ["/quotations/0/cue/0", "/quotations/0/speaker"]),
        ("Sentence 3", PARTS, []),
        ("Sentence 7", PARTS, []),
        ("Sentence 2", PARTS, ["/quotations/0/cue/0"]),
        ("Sentence 8", PARTS, ["/quotations/0/cue/0"]),
    ],
    ids=["between", "in-one-span", "within", "before", "after", "far-before", "far-after"],
)
def test_where_speaker_and_cue_stand(cue, spans, found) -> None:
    value = spoken(cue, spans)
    assert sorted(at for _, at in places(value, value, contract=PLAIN, codes="QUO609")) == sorted(found * 2)


def test_without_sentences_nothing_is_far() -> None:
    value = spoken("Sentence 8", PARTS)
    others = value.pop("sentences")
    assert places({**value, "quotations": [], "sentences": others}, value, contract=PLAIN, codes="QUO609") == []


@pytest.mark.parametrize(
    ("text", "start", "end", "left", "right"),
    [("“a”", 0, 3, "mark", "mark"), ("a", 0, 1, None, None), ("— a.", 2, 3, "dash", "dash"), ("“a b", 1, 2, "mark", None), ("", 0, 0, None, None)],
)  # fmt: skip
def test_bounds(text, start, end, left, right) -> None:
    found = bounds(text, start, end)
    assert (found.left, found.right) == (left, right)


def test_what_marks_enclose() -> None:
    assert enclosed("x “a b” y", 3, 4) == (2, 7)
    assert enclosed("x “a b” y", 8, 9) is None
    assert enclosed("“a\nb”", 1, 4) is None
    assert enclosed("“" + "a" * 30_000 + "”", 5, 6) is None


@pytest.mark.parametrize("name", ["harbour-news", "lighthouse"])
def test_the_sample_corpora_are_clean(name) -> None:
    folder = EXAMPLES / name
    own = folder / "schema.json"
    contract = load_contract(own if own.exists() else None, load_inventory(folder / "inventory.toml"))
    lines = [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text("utf-8").split("\n") if line]
    lines += [path.read_text("utf-8") for path in sorted(folder.glob("articles/*.json"))]
    assert len(lines) >= 8
    assert checked(*map(json.loads, lines), contract=contract, codes=LEVEL) == []


LIFT = """
[[lift]]
layer = "quotations"
from = "entities"
types = {QUOTE = "direct", INDIRECT_QUOTE = "indirect"}
speaker = {relation = "Speaker", self = "Quote", other = "Source"}
cue = {relation = "Cue", self = "Quote", other = "Cue"}
"""


@pytest.mark.parametrize(
    ("corpus", "articles", "found"),
    [("seed", 1, [("COR605", "/coreference/0")]), ("brat-tutorials/bio", 13, []), ("brat-tutorials/news", 13, [])],
)
def test_real_annotation_has_no_false_finding(corpus, articles, found, tmp_path) -> None:
    folder = seed() if corpus == "seed" else corpora(corpus)
    (tmp_path / "lift.toml").write_text(LIFT if corpus == "seed" else "")
    out, labels = tmp_path / "a.jsonl", tmp_path / "inventory.toml"
    ran = run("convert", folder, "--from", "brat", "--to", "jsonl", "--output", out, "--inventory", labels,
              "--config", tmp_path / "lift.toml", "--quiet")  # fmt: skip
    assert ran.code == 0
    values = [json.loads(line) for line in out.read_text("utf-8").split("\n") if line]
    assert len(values) == articles
    assert places(*values, contract=load_contract(None, load_inventory(labels)), codes=LEVEL) == found


def test_quotations_of_novels_are_bounded() -> None:
    values = [_novel(path) for path in sorted((corpora("litbank-brat") / "quotations/tsv").glob("*.ann"))]
    assert sum(len(value["quotations"]) for value in values) == 230
    assert places(*values, contract=PLAIN, codes="QUO609") == []


def _novel(path: Path) -> dict[str, Any]:
    """An article of a text in tokens, a sentence a line, and a table of where quotations begin and end."""
    text = path.with_suffix(".txt").read_text("utf-8")
    tokens: list[list[tuple[int, int]]] = []
    at = 0
    for line in text.split("\n"):
        tokens.append([])
        for token in line.split(" "):
            tokens[-1].append((at, at + len(token)))
            at += len(token) + 1
    made = []
    for row in path.read_text("utf-8").split("\n"):
        what, name, *place = row.split("\t")[:6] if row else ("", "")
        if what == "QUOTE":
            line, token, last_line, last = map(int, place)
            low, high = tokens[line][token][0], tokens[last_line][last][1]
            made.append({"id": name, "type": "direct", "spans": [{"start": low, "end": high, "text": text[low:high]}]})
    return {"id": path.stem, "text": text, "quotations": made}
