from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from corpus_tool.contract import load_contract
from corpus_tool.errors import SettingsError
from corpus_tool.formats import Article, Loss, Source
from corpus_tool.formats.brat import EXPORTER, IMPORTER
from corpus_tool.formats.lift import Lift, Role, check_lifts, lift, parse_lifts
from corpus_tool.resources import schema
from tests.corpora import seed

TABLE: dict[str, Any] = {
    "layer": "quotations",
    "from": "entities",
    "types": {"QUOTE": "direct", "INDIRECT_QUOTE": "indirect"},
    "speaker": {"relation": "Speaker", "self": "Quote", "other": "Source"},
    "cue": {"relation": "Cue", "self": "Quote", "other": "Cue"},
}
LIFTS = parse_lifts([TABLE], "corpus.toml")


def relation(name: str, kind: str, *pairs: tuple[str, str]) -> dict[str, Any]:
    return {"id": name, "type": kind, "arguments": [{"role": role, "ref": ref} for role, ref in pairs]}


def entity(name: str, kind: str, start: int, end: int, **more: Any) -> dict[str, Any]:
    return {"id": name, "type": kind, "spans": [{"start": start, "end": end, "text": TEXT[start:end]}], **more}


TEXT = '"Aye," said Mara. "No," she and Lind added.'
ARTICLE: Article = {
    "id": "a",
    "text": TEXT,
    "entities": [
        entity("T1", "QUOTE", 0, 6, attributes=[{"id": "A1", "name": "Loud"}], prov="brat", confidence=0.5),
        entity("T2", "CUE", 7, 11),
        entity("T3", "PER", 12, 16),
        entity("T4", "INDIRECT_QUOTE", 18, 23),
        entity("T5", "PER", 32, 36),
        entity("T6", "QUOTE", 19, 21),
    ],
    "relations": [
        relation("R1", "Speaker", ("Quote", "T1"), ("Source", "T3")),
        relation("R2", "Cue", ("Quote", "T1"), ("Cue", "T2")),
        relation("R3", "Speaker", ("Source", "T5"), ("Quote", "T4")),
        relation("R4", "Speaker", ("Quote", "T4"), ("Source", "T3")),
        relation("R5", "Other", ("Quote", "T6"), ("Source", "T3")),
        relation("R6", "Speaker", ("Topic", "T6"), ("Source", "T3")),
    ],
    "coverage": [
        {"layer": "entities", "prov": "brat", "status": "complete"},
        {"layer": "entities", "prov": "m", "status": "partial", "labels": ["PER", "QUOTE"]},
        {"layer": "entities", "prov": "n", "status": "partial", "labels": ["PER"]},
    ],
}


def test_copies_with_speaker_and_cue() -> None:
    made, _ = lift(ARTICLE, LIFTS)
    assert made["quotations"] == [
        {
            "id": "Q:T1",
            "type": "direct",
            "spans": [{"start": 0, "end": 6, "text": '"Aye,"'}],
            "prov": "brat",
            "confidence": 0.5,
            "speaker": "T3",
            "cue": ["T2"],
        },
        {
            "id": "Q:T4",
            "type": "indirect",
            "spans": [{"start": 18, "end": 23, "text": '"No,"'}],
            "speaker": "T5",
            "cue": [],
        },
        {"id": "Q:T6", "type": "direct", "spans": [{"start": 19, "end": 21, "text": "No"}], "cue": []},
    ]
    assert list(Draft202012Validator(schema("article-1")).iter_errors(made)) == []


def test_a_second_speaker_is_said() -> None:
    _, (finding,) = lift(ARTICLE, LIFTS)
    at = finding.location
    assert finding.code == "IO016"
    assert (at.article, at.annotation, at.pointer) == ("a", "Q:T4", "/quotations/1/speaker")
    assert "T5, T3" in finding.message


def test_coverage_is_lifted_with_its_labels() -> None:
    made, _ = lift(ARTICLE, LIFTS)
    assert made["coverage"][3:] == [
        {"layer": "quotations", "prov": "brat", "status": "complete"},
        {"layer": "quotations", "prov": "m", "status": "partial", "labels": ["direct"]},
    ]


def test_the_article_that_was_given_stays_as_it_is() -> None:
    given = copy.deepcopy(ARTICLE)
    made, _ = lift(given, LIFTS)
    made["quotations"][0]["spans"][0]["start"] = 99
    assert given == ARTICLE


def test_lifting_twice_changes_nothing() -> None:
    once, _ = lift(ARTICLE, LIFTS)
    twice, findings = lift(once, LIFTS)
    assert (twice, findings) == (once, [])


def test_quotations_that_are_there_stay() -> None:
    own = {"id": "q", "type": "mixed", "spans": []}
    made, _ = lift(ARTICLE | {"quotations": [own]}, LIFTS)
    assert [quotation["id"] for quotation in made["quotations"]] == ["q", "Q:T1", "Q:T4", "Q:T6"]


@pytest.mark.parametrize(
    ("article", "expected"),
    [
        pytest.param({"id": "a", "text": ""}, None, id="not-annotated"),
        pytest.param({"id": "a", "text": "", "entities": []}, [], id="nothing-found"),
    ],
)
def test_absent_stays_absent_and_empty_empty(article: Article, expected: list[Any] | None) -> None:
    made, findings = lift(article, LIFTS)
    assert (made.get("quotations"), findings) == (expected, [])


def test_copies_are_not_written_back(tmp_path: Path) -> None:
    made, _ = lift(ARTICLE, LIFTS)
    (tmp_path / "a").mkdir()
    said = [list(EXPORTER.write([each], tmp_path / name, None)) for each, name in ((ARTICLE, "x"), (made, "y"))]
    assert (tmp_path / "x" / "a.ann").read_bytes() == (tmp_path / "y" / "a.ann").read_bytes()
    assert not [loss for loss in said[1] if isinstance(loss, Loss) and "quotations" in loss.what]


def test_parsed() -> None:
    assert parse_lifts([TABLE], "corpus.toml") == (
        Lift(
            "quotations",
            "entities",
            {"QUOTE": "direct", "INDIRECT_QUOTE": "indirect"},
            {"speaker": Role("Speaker", "Quote", "Source"), "cue": Role("Cue", "Quote", "Cue")},
        ),
    )


@pytest.mark.parametrize(
    ("tables", "place"),
    [
        pytest.param({}, "c", id="no-list"),
        pytest.param([1], "c: lift[0]", id="no-table"),
        pytest.param([TABLE, TABLE | {"layer": "events"}], "c: lift[1].layer", id="layer"),
        pytest.param([TABLE | {"from": ["entities"]}], "c: lift[0].from", id="from"),
        pytest.param([TABLE | {"types": {}}], "c: lift[0].types", id="no-types"),
        pytest.param([TABLE | {"types": {"QUOTE": 1}}], "c: lift[0].types", id="type-of-type"),
        pytest.param([TABLE | {"speakers": {}}], "c: lift[0]", id="unknown-key"),
        pytest.param([TABLE | {"cue": {"relation": "Cue"}}], "c: lift[0].cue", id="half-a-role"),
        pytest.param([TABLE | {"speaker": "Speaker"}], "c: lift[0].speaker", id="role-no-table"),
    ],
)
def test_a_malformed_table_has_its_place(tables: Any, place: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse_lifts(tables, "c")
    assert caught.value.place == place


def test_seed() -> None:
    (path,) = seed().glob("*.ann")
    source = Source(str(path), path.stem, lambda suffix: path.with_suffix(suffix or ".ann").read_bytes())
    (imported,) = IMPORTER.read(source, None)
    assert imported.article is not None
    made, findings = lift(imported.article, LIFTS)
    quotations = made["quotations"]
    assert findings == []
    assert [sum(quotation["type"] == kind for quotation in quotations) for kind in ("direct", "indirect")] == [13, 1]
    assert sum("speaker" in quotation for quotation in quotations) == 13
    assert sum(bool(quotation["cue"]) for quotation in quotations) == 11


def test_a_label_that_the_layer_does_not_have_is_refused() -> None:
    table = {"layer": "quotations", "from": "entities", "types": {"QUOTE": "dirct"}}
    with pytest.raises(SettingsError, match=r"corpus\.toml\.lift\[0\]\.types: 'dirct' .*did you mean 'direct'"):
        check_lifts(parse_lifts([table], "corpus.toml"), load_contract(None, None), "corpus.toml")
