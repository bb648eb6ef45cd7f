from __future__ import annotations

import json
from dataclasses import replace

import pytest

from corpus_tool.contract import load_contract
from corpus_tool.gold import gold, judge
from corpus_tool.policy import Policy
from tests.test_views import CONTRACT, OWN, article, batch, entity

PEOPLE = [
    {"id": "A1", "agent": "annotator-01", "agent_type": "human"},
    {"id": "A2", "agent": "annotator-02", "agent_type": "human"},
    {"id": "M1", "agent": "tagger", "agent_type": "model"},
]


def by(prov: str | None, own: str) -> dict[str, object]:
    return entity(own, "PER", "Aliya", prov=prov)


def complete(*provs: str) -> dict[str, object]:
    return {"coverage": [{"layer": "entities", "prov": prov, "status": "complete"} for prov in provs]}


def adjudicated(status: str, *provs: str | None) -> dict[str, object]:
    return {"adjudication": [{"layer": "entities", "prov": prov, "status": status} for prov in provs]}


@pytest.mark.parametrize(
    ("provs", "said", "kept"),
    [
        pytest.param(["A1", "A1"], {}, [0, 1], id="one provenance, nothing said"),
        pytest.param([None, None], {}, [0, 1], id="none named"),
        pytest.param(["M1"], {}, None, id="one provenance, a model"),
        pytest.param(["A1", None], {}, None, id="one named and one not are two"),
        pytest.param(["A1", "A2"], {}, None, id="two, nothing said"),
        pytest.param(["A1", "M1", "A1"], complete("A1"), [0, 2], id="the only complete human"),
        pytest.param(["A1", "M1"], complete("M1"), None, id="a complete model is no human"),
        pytest.param(["A1", "M1"], complete("A1", "M1"), [0], id="complete model beside complete human"),
        pytest.param(["A1", "A2"], complete("A1", "A2"), None, id="two complete humans"),
        pytest.param(["A1"], complete("A1", "A2"), None, id="two complete humans, one of whom found nothing"),
        pytest.param(["M1"], complete("A1"), [], id="the complete human found nothing"),
        pytest.param(["A1", "A2"], complete("A1", "A2") | adjudicated("adjudicated", "A2"), [1], id="adjudicated"),
        pytest.param(["A1", "A2", "M1"], adjudicated("adjudicated", "A1", "M1"), [0, 2], id="adjudicated to two"),
        pytest.param(["A1", "A2"], adjudicated("adjudicated", "A9"), [], id="adjudicated to one who kept nothing"),
        pytest.param(["A1", "A2"], complete("A1") | adjudicated("pending", None), [0], id="pending, one complete"),
        pytest.param(["A1"], adjudicated("disagreed", None), None, id="disagreed"),
        pytest.param(["A1"], adjudicated("adjudicated", None), [0], id="adjudicated without a name"),
        pytest.param(["A1", "A2"], adjudicated("withdrawn", "A1"), None, id="withdrawn names nothing"),
    ],
)
def test_gold_of_a_layer(provs: list[str | None], said: dict[str, object], kept: list[int] | None) -> None:
    entities = [by(prov, f"T{number}") for number, prov in enumerate(provs)]
    one = article("x", entities=entities, provenance=PEOPLE, **said)
    plain = article("w", entities=[by("A1", "T0")])
    for articles, row in (([one], 0), ([plain, one], 1), ([article("v"), plain, one, plain], 2)):
        found, left_out = gold(batch(*articles), CONTRACT)
        found.validate(full=True)
        truth = found.to_pylist()
        ids = None if truth[row]["entities"] is None else [each["id"] for each in truth[row]["entities"]]
        assert ids == (None if kept is None else [f"T{number}" for number in kept])
        assert sum(left_out.values()) == len(provs) - len(kept or [])
        assert {name: truth[row][name] for name in said} == {
            name: batch(one).to_pylist()[0][name] for name in said
        }  # what was said is kept
        assert all(other["entities"] is None or len(other["entities"]) == 1 for other in truth[:row])


def test_what_is_said_of_one_layer_or_article_says_nothing_of_another() -> None:
    two = [by("A1", "T0"), by("A2", "T1")]
    covered = article(
        "a", entities=two, provenance=PEOPLE, coverage=[{"layer": "events", "prov": "A1", "status": "complete"}]
    )
    partial = article(
        "b", entities=two, provenance=PEOPLE, coverage=[{"layer": "entities", "prov": "A1", "status": "partial"}]
    )
    named = article("c", entities=two, provenance=PEOPLE, **complete("A1"))
    found, left_out = gold(batch(covered, partial, named), CONTRACT)
    assert [row["entities"] and len(row["entities"]) for row in found.to_pylist()] == [None, None, 1]
    assert left_out == {"entities": 5}


def test_absent_stays_absent_and_empty_stays_empty() -> None:
    articles = [article("a"), article("b", entities=[], provenance=PEOPLE, **complete("A1", "A2"))]
    mixed = article("c", entities=[by("A1", "T0"), by("M1", "T1")])
    found, left_out = gold(batch(*articles, mixed).slice(0, 2), CONTRACT)
    assert [row["entities"] for row in found.to_pylist()] == [None, []]
    assert not left_out
    found, left_out = gold(batch(*articles, mixed), CONTRACT)
    assert [row["entities"] for row in found.to_pylist()] == [None, [], None]
    assert left_out == {"entities": 2}


def test_one_provenance_leaves_the_batch_as_it_is() -> None:
    whole = batch(article("a", entities=[by("A1", "T0")]), article("b", entities=[by("A1", "T0")]))
    assert gold(whole, CONTRACT)[0] is whole


def test_every_layer_is_judged_for_itself() -> None:
    sentences = [{"id": "S1", "spans": [{"start": 0, "end": 1, "text": "A"}], "prov": prov} for prov in ("A1", "M1")]
    one = article("a", entities=[by("A1", "T0")], sentences=sentences)
    found, left_out = gold(batch(one), CONTRACT)
    assert found.to_pylist()[0]["sentences"] is None
    assert len(found.to_pylist()[0]["entities"]) == 1
    assert left_out == {"sentences": 2}


def test_references_to_what_was_left_out_are_counted() -> None:
    arguments = [{"role": "a", "ref": "T0"}, {"role": "b", "ref": "T1"}]
    one = article(
        "a",
        entities=[by("A1", "T0"), by("M1", "T1")],
        relations=[{"id": "R1", "type": "Employer", "arguments": arguments, "prov": "A1"}],
        coreference=[{"id": "C1", "mentions": ["T0", "T1"], "prov": "A1"}],
        provenance=PEOPLE,
        **complete("A1"),
    )
    untouched = article("b", entities=[by("A1", "T1")], coreference=[{"id": "C1", "mentions": ["T1"]}])
    _, left_out = gold(batch(one, untouched), CONTRACT)
    assert left_out == {"entities": 1, "dangling": 2}


def test_a_contract_without_provenance_has_nothing_to_choose(tmp_path: object) -> None:
    path = tmp_path / "own.json"
    path.write_text(json.dumps(OWN))
    contract = load_contract(path, None)
    whole = batch({"key": "x", "body": "Oslo", "names": [{"nr": "1", "von": 0, "bis": 4}]}, contract=contract)
    assert gold(whole, contract) == (whole, {})


RULE = {"id": "R1", "agent": "gazetteer", "agent_type": "rule"}
EVERYBODY = [*PEOPLE, RULE]


@pytest.mark.parametrize(
    ("machine", "split", "prov", "kept"),
    [
        ("none", "train", "M1", False),
        ("none", "test", "M1", False),
        ("train", "train", "M1", True),
        ("train", None, "M1", True),
        ("train", "validation", "M1", False),
        ("train", "test", "R1", False),
        ("all", "test", "M1", True),
        ("none", "test", "A1", True),
        ("none", "test", "nobody knows whose", True),
    ],
)
def test_a_machine_alone_makes_no_gold(machine: str, split: str | None, prov: str, kept: bool) -> None:
    contract = replace(CONTRACT, policy=Policy(machine=machine))
    one = article(
        "a", entities=[by(prov, "T0")], labels=[{"axis": "x", "value": "y", "prov": prov}], provenance=EVERYBODY
    )
    one |= {} if split is None else {"split": split}
    found = judge(batch(one, contract=contract), contract)
    row = found.articles.to_pylist()[0]
    assert [row[layer] is not None for layer in ("entities", "labels")] == [kept, kept]
    assert found.reasons == ({} if kept else {(name, "a machine alone made it"): 1 for name in ("entities", "labels")})


def test_what_takes_no_judgement_a_machine_may_make() -> None:
    spans = [{"start": 0, "end": 1, "text": "A"}]
    layers = {
        "sentences": [{"id": "S1", "spans": spans, "prov": "M1"}],
        "tokens": [{"id": "K1", "spans": spans, "prov": "R1"}],
    }
    whole = batch(article("a", provenance=EVERYBODY, **layers))
    assert gold(whole, CONTRACT)[0] is whole


@pytest.mark.parametrize(
    ("said", "there"),
    [
        pytest.param(complete("M1"), False, id="a machine found nothing"),
        pytest.param(
            {"coverage": [{"layer": "entities", "prov": "M1", "status": "partial"}]}, False, id="looked in part"
        ),
        pytest.param(complete("M1", "R1"), False, id="two machines"),
        pytest.param(complete("A1"), True, id="a person found nothing"),
        pytest.param(complete("M1", "A1"), True, id="both"),
        pytest.param({}, True, id="nobody says"),
        pytest.param(complete("M1") | adjudicated("adjudicated", "A2"), True, id="adjudicated"),
    ],
)
def test_where_a_machine_found_nothing_nothing_is_known(said: dict[str, object], there: bool) -> None:
    one = article("a", entities=[], provenance=EVERYBODY, **said)
    for articles in ([one], [article("b", entities=[by("A1", "T0")]), one]):
        found, left_out = gold(batch(*articles), CONTRACT)
        assert found.to_pylist()[-1]["entities"] == ([] if there else None)
        assert left_out == ({} if there else {"empty layers": 1})


@pytest.mark.parametrize(
    ("provs", "said", "reasons"),
    [
        pytest.param(["A1", "A2"], {}, {"not adjudicated": 2}, id="two"),
        pytest.param(["A1"], adjudicated("pending", None), {"not adjudicated": 1}, id="pending"),
        pytest.param(
            ["A1", "A2", "A2"], adjudicated("adjudicated", "A1"), {"adjudication names another": 2}, id="named"
        ),
        pytest.param(["A1", "M1"], complete("A1"), {"another annotator is complete": 1}, id="complete"),
        pytest.param(["M1"], {}, {"a machine alone made it": 1}, id="machine"),
        pytest.param(["M1"], adjudicated("pending", None), {"a machine alone made it": 1}, id="machine, pending"),
        pytest.param(["M1", "R1"], {}, {"a machine alone made it": 2}, id="two machines"),
        pytest.param(["A1"], {}, {}, id="nothing left out"),
    ],
)
def test_reasons_add_up(provs: list[str], said: dict[str, object], reasons: dict[str, int]) -> None:
    entities = [by(prov, f"T{number}") for number, prov in enumerate(provs)]
    found = judge(batch(article("a", entities=entities, provenance=EVERYBODY, **said)), CONTRACT)
    assert found.reasons == {("entities", why): number for why, number in reasons.items()}
    assert found.left_out["entities"] == sum(reasons.values())
