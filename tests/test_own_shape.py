"""A corpus whose schema shares no property name with the packaged one: everything goes by kinds and meanings."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import datasets
import jsonschema
import pyarrow as pa
import pytest
from typer.testing import CliRunner

from corpus_tool import api
from corpus_tool.cli import app
from corpus_tool.compiling import compile_schema
from corpus_tool.contract import base_schema, load_contract
from corpus_tool.errors import CorpusError, SettingsError
from corpus_tool.inventory_files import load_inventory

HOME = Path(__file__).parents[1] / "examples" / "lighthouse"
ARTICLES, CONFIG = HOME / "articles.jsonl", HOME / "corpus.toml"
SCHEMA = json.loads((HOME / "schema.json").read_bytes())
LINES: list[dict[str, Any]] = [json.loads(line) for line in ARTICLES.read_bytes().split(b"\n") if line]
TYPES = ["TURM", "PERSON", "ORT", "TAT"]

Edits = dict[str, Any]
Change = Callable[[dict[str, Any]], object]


def run(*arguments: object) -> tuple[int, str]:
    """What the program ends with, and what it says; an error is said and ended with as `main` does."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if isinstance(result.exception, CorpusError):
        return result.exception.exit_code, str(result.exception)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def put(value: Any, edits: Edits) -> Any:
    """A copy with values put at JSON Pointers."""
    changed = copy.deepcopy(value)
    for at, new in edits.items():
        *path, last = at.split("/")[1:]
        holder = changed
        for step in path:
            holder = holder[int(step)] if isinstance(holder, list) else holder[step]
        holder[int(last) if isinstance(holder, list) else last] = new
    return changed


def write(folder: Path, articles: list[dict[str, Any]]) -> Path:
    path = folder / "articles.jsonl"
    path.write_text("".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in articles), encoding="utf-8")
    return path


def other_schema(folder: Path, change: Change) -> Path:
    schema = copy.deepcopy(SCHEMA)
    change(schema)
    path = folder / "schema.json"
    path.write_text(json.dumps(schema), encoding="utf-8")
    return path


def property_names(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for part in node:
            yield from property_names(part)
    if isinstance(node, dict):
        if isinstance(node.get("properties"), dict):
            yield from node["properties"]
        for part in node.values():
            yield from property_names(part)


def test_the_schema_shares_no_property_name_with_the_packaged_one() -> None:
    own, packaged = set(property_names(SCHEMA)), set(property_names(base_schema()))
    assert len(own) > 50
    assert len(packaged) > 50
    assert own & packaged == set()


def test_every_kind_but_words_has_a_layer() -> None:
    contract = load_contract(HOME / "schema.json", load_inventory(HOME / "inventory.toml"))
    kinds = {part["x-layer"] for part in base_schema()["properties"].values() if "x-layer" in part}
    assert {layer.kind for layer in contract.layers} == kinds - {"word"}
    assert (contract.id, contract.text) == ("kennung", "wortlaut")


def test_the_corpus_is_clean() -> None:
    report = api.validate([str(ARTICLES)])
    assert [finding.as_json() for finding in report.findings] == []
    assert report.summary.articles == len(LINES) == 8
    assert report.summary.not_checked == {}
    assert run("validate", ARTICLES, "--severity", "info") == (0, "8 articles in 1 file: no findings\n")


def test_characters_outside_the_basic_plane_stand_before_spans() -> None:
    before = [
        max(article["wortlaut"][: mention["von"]], default="")
        for article in LINES
        for mention in article.get("erwaehnungen", ())
    ]
    assert sum(character > "\uffff" for character in before) > 10


BROKEN: dict[str, tuple[Edits, list[tuple[str, str]]]] = {
    "wrong surface": ({"/erwaehnungen/0/wort": "Süderhoek"}, [("SPN304", "/erwaehnungen/0/wort")]),
    "wrong surface of a fragment": ({"/zitate/0/stellen/1/inhalt": "x"}, [("SPN304", "/zitate/0/stellen/1/inhalt")]),
    "wrong surface of a token": ({"/stuecke/3/wort": "ab"}, [("SPN304", "/stuecke/3/wort")]),
    "start after end": ({"/erwaehnungen/0/von": 31}, [("SPN302", "/erwaehnungen/0")]),
    "start after end in a fragment": ({"/zitate/0/stellen/1/ende": 3}, [("SPN302", "/zitate/0/stellen/1")]),
    "end after the text": ({"/erwaehnungen/0/bis": 99999}, [("SPN301", "/erwaehnungen/0/bis")]),
    "start before the text": ({"/erwaehnungen/0/von": -1}, [("SPN301", "/erwaehnungen/0/von")]),
    "dangling argument": ({"/beziehungen/0/enden/1/ziel": "E99"}, [("REF402", "/beziehungen/0/enden/1/ziel")]),
    "dangling speaker": ({"/zitate/0/sprecher": "E99"}, [("REF402", "/zitate/0/sprecher")]),
    "dangling member": ({"/ketten/0/glieder/1": "E98"}, [("REF402", "/ketten/0/glieder/1")]),
    "dangling coverage": (
        {"/abdeckung": [{"schicht": "ketten", "umfang": "complete", "urheber": "M8"}]},
        [("REF402", "/abdeckung/0/urheber")],
    ),
    "argument of another kind": ({"/beziehungen/0/enden/1/ziel": "Z1"}, [("REF403", "/beziehungen/0/enden/1/ziel")]),
    "id twice": ({"/zitate/0/nr": "B1"}, [("REF401", "/zitate/0/nr")]),
    "label of another case": ({"/beziehungen/1/art": "Steht-bei"}, [("LBL501", "/beziehungen/1/art")]),
    "label of the schema": ({"/absaetze/0/sorte": "Titel"}, [("LBL501", "/absaetze/0/sorte")]),
    "label of the article": ({"/gebiete/0/wert": "pazifik"}, [("LBL501", "/gebiete/0/wert")]),
    "value of an attribute": (
        {"/erwaehnungen/1/merkmale/0/auspraegung": "vielleicht"},
        [("LBL504", "/erwaehnungen/1/merkmale/0/auspraegung")],
    ),
    "second value of an exclusive axis": (
        {"/gebiete": [{"achse": "gewaesser", "wert": wert, "urheber": "M1"} for wert in ("ostsee", "nordsee")]},
        [("LBL506", "/gebiete/1")],
    ),
    "integer out of bounds": ({"/kopf/baujahr": 3000}, [("SCH101", "/kopf/baujahr")]),
    "integer that int32 does not hold": ({"/kopf/baujahr": 2**31}, [("SCH101", "/kopf/baujahr")]),
    "integer that float64 does not hold": ({"/kopf/feuerhoehe": 2**53 + 1}, [("SCH101", "/kopf/feuerhoehe")]),
    "a value that fits no column beside another error": (
        {"/kopf/feuerhoehe": 2**53 + 1, "/kopf/sprache": "fr"},
        [("SCH101", "/kopf/sprache"), ("SCH101", "/kopf/feuerhoehe")],
    ),
    "no such day": ({"/kopf/datum": "2026-02-30"}, [("SCH104", "/kopf/datum")]),
    "number out of bounds in a nullable object": ({"/kopf/lage/breite": 91}, [("SCH101", "/kopf/lage/breite")]),
    "unknown property of a nullable object": ({"/kopf/lage/hoehe": 1}, [("SCH103", "/kopf/lage/hoehe")]),
    "nullable object that is a string": ({"/kopf/lage": "hier"}, [("SCH101", "/kopf/lage")]),
    "string in place of a boolean": ({"/kopf/bewohnt": "ja"}, [("SCH101", "/kopf/bewohnt")]),
    "unknown layer": ({"/erwaehnungn": []}, [("SCH103", "/erwaehnungn")]),
    "null in place of a layer": ({"/saetze": None}, [("SCH105", "/saetze")]),
    "unknown version": ({"/fassung": "2.0"}, [("SCH102", "/fassung")]),
    "unknown split": ({"/teilmenge": "dev"}, [("SCH101", "/teilmenge")]),
    "id of another article": ({"/kennung": "falscher-alarm"}, [("COL801", "/kennung")]),
}


@pytest.mark.parametrize(("edits", "expected"), BROKEN.values(), ids=BROKEN.keys())
def test_what_is_wrong_is_found_where_it_stands(tmp_path: Path, edits: Edits, expected: list[tuple[str, str]]) -> None:
    source = write(tmp_path, [put(LINES[0], edits), *LINES[1:]])
    report = api.validate([str(source)], api.Options(config=CONFIG, jobs=1))
    assert [(finding.code, finding.location.pointer) for finding in report.findings] == expected


def test_one_typo_does_not_hide_the_rest(tmp_path: Path) -> None:
    edits = {
        "/kopf/datum": "2026-02-30",
        "/kopf/baujahr": 2**40,
        "/erwaehnungen/3/wort": "x",
        "/zitate/0/sprecher": "E0",
    }
    source = write(tmp_path, [put(LINES[0], edits), put(LINES[1], {"/kopf/datum": "gestern"})])
    report = api.validate([str(source)], api.Options(config=CONFIG, jobs=1))
    assert {(finding.code, finding.location.pointer, finding.location.line) for finding in report.findings} == {
        ("SCH104", "/kopf/datum", 1), ("SCH101", "/kopf/baujahr", 1), ("SPN304", "/erwaehnungen/3/wort", 1),
        ("REF402", "/zitate/0/sprecher", 1), ("SCH104", "/kopf/datum", 2),
    }  # fmt: skip


def test_a_finding_names_line_article_annotation_and_fix(tmp_path: Path) -> None:
    at = "/erwaehnungen/2/kategorie"
    source = write(tmp_path, [LINES[2], put(LINES[0], {at: "Person"})])
    report = api.validate([str(source)], api.Options(config=CONFIG, select=("LBL501",)))
    (finding,) = [each.as_json() for each in report.findings]
    assert (finding["line"], finding["article"], finding["annotation"]) == (2, "letzte-schicht", "E3")
    assert [(edit["pointer"], edit["old"], edit["new"]) for edit in finding["fix"]["edits"]] == [
        (at, "Person", "PERSON")
    ]


@pytest.mark.parametrize("at", ["/kopf/lage", "/kopf/stufen", "/kopf/feuerhoehe", "/teilmenge", "/zitate/0/sprecher"])
def test_null_stands_where_the_schema_allows_it(tmp_path: Path, at: str) -> None:
    source = write(tmp_path, [put(LINES[0], {at: None}), *LINES[1:]])
    report = api.validate([str(source)], api.Options(config=CONFIG, jobs=1))
    assert [finding.as_json() for finding in report.findings] == []


def test_plain_articles_beside_others(tmp_path: Path) -> None:
    plain = {
        "kennung": "plain",
        "kopf": LINES[2]["kopf"],
        "wortlaut": "A lamp.",
        "gebiete": LINES[2]["gebiete"],
        "quellen": LINES[2]["quellen"],
    }
    report = api.validate([str(write(tmp_path, [plain, *LINES]))], api.Options(config=CONFIG, jobs=1))
    assert [finding.as_json() for finding in report.findings] == []


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lighthouse") / "out"
    code, said = run("export", ARTICLES, "--output", folder, "--jobs", "1")
    assert code == 0, said
    return folder


def load(folder: Path, view: str, tmp_path: Path) -> dict[str, list[dict[str, Any]]]:
    loaded = datasets.load_dataset(str(folder), view, cache_dir=str(tmp_path))
    return {split: list(rows) for split, rows in loaded.items()}


def features(folder: Path, view: str) -> datasets.Features:
    return datasets.load_dataset_builder(str(folder), view).info.features


def test_articles_load_as_they_were_written(exported: Path, tmp_path: Path) -> None:
    found = load(exported, "articles_raw", tmp_path)
    assert {split: len(rows) for split, rows in found.items()} == {"train": 5, "test": 3}
    by_id = {row["kennung"]: row for rows in found.values() for row in rows}
    assert list(by_id["nebel"]) == list(SCHEMA["properties"])
    kopf = by_id["letzte-schicht"]["kopf"]
    assert kopf | {"fundort": None} == {
        "sprache": "de", "datum": dt.date(2026, 1, 9), "fundort": None, "faden": "letzte-schicht", "rechte": "CC0-1.0",
        "baujahr": 1861, "stufen": 212, "feuerhoehe": 47.5, "bewohnt": True, "lage": {"breite": 54.25, "laenge": 8.5},
    }  # fmt: skip
    assert by_id["versunken"]["kopf"]["lage"] is None
    assert by_id["gannets"]["teilmenge"] is None
    assert by_id["nebel"]["erwaehnungen"] == []
    assert by_id["postkarte"]["erwaehnungen"] is None
    for article in LINES:
        row = by_id[article["kennung"]]
        assert row["wortlaut"] == article["wortlaut"]
        assert row["stuecke"] == article.get("stuecke")


def test_articles_have_the_types_of_the_schema(exported: Path) -> None:
    found = features(exported, "articles")
    kopf = found["kopf"]
    dtypes = {name: kopf[name].dtype for name in ("datum", "baujahr", "stufen", "feuerhoehe", "bewohnt")}
    assert dtypes == {
        "datum": "date32",
        "baujahr": "int32",
        "stufen": "int64",
        "feuerhoehe": "float64",
        "bewohnt": "bool",
    }
    assert item(found["erwaehnungen"])["kategorie"].names == TYPES
    assert item(found["absaetze"])["sorte"].names == ["titel", "absatz"]
    assert item(found["gebiete"])["wert"].names == ["nordsee", "ostsee", "atlantik"]


def item(feature: Any) -> Any:
    """What a list holds, in every version of `datasets`."""
    return feature[0] if isinstance(feature, list) else feature.feature


def test_entities_are_gold_in_the_fields_of_the_corpus(exported: Path, tmp_path: Path) -> None:
    found = load(exported, "entities", tmp_path)
    rows = [row for rows in found.values() for row in rows]
    assert list(rows[0]) == ["article_id", "nr", "kategorie", "von", "bis", "wort", "merkmale", "urheber", "sicherheit"]
    assert features(exported, "entities")["kategorie"].names == TYPES
    texts = {article["kennung"]: article["wortlaut"] for article in LINES}
    assert all(texts[row["article_id"]][row["von"] : row["bis"]] == row["wort"] for row in rows)
    of = {
        name: [(r["nr"], TYPES[r["kategorie"]], r["wort"]) for r in rows if r["article_id"] == name] for name in texts
    }
    assert of["falscher-alarm"] == [
        ("F1", "TURM", "Greetmark"),
        ("F2", "PERSON", "Tammo Reents"),
        ("F3", "TAT", "löschte"),
    ]
    assert of["versunken"] == [
        ("E1", "TURM", "Turm Rungwarf"),
        ("E2", "ORT", "Rungwarf"),
        ("E3", "ORT", "Hallig Norderoog"),
    ]
    assert of["nebel"] == of["postkarte"] == []


def test_relations_show_what_they_name(exported: Path, tmp_path: Path) -> None:
    rows = load(exported, "relations", tmp_path)["test"]
    assert features(exported, "relations")["art"].names == ["waerter-von", "steht-bei"]
    assert rows == [{
        "article_id": "versunken", "nr": "B1", "art": 1, "urheber": "M1",
        "enden": [
            {"ziel": "E1", "als": "turm", "type": 0, "start": 62, "end": 75, "text": "Turm Rungwarf"},
            {"ziel": "E3", "als": "ort", "type": 2, "start": 130, "end": 146, "text": "Hallig Norderoog"},
        ],
    }]  # fmt: skip


def test_events_show_their_triggers(exported: Path, tmp_path: Path) -> None:
    rows = load(exported, "events", tmp_path)
    assert features(exported, "events")["art"].names == ["loeschen", "bauen"]
    assert [(row["article_id"], row["nr"], row["ausloeser_text"]) for row in rows["train"]] == [
        ("falscher-alarm", "V1", "löschte"), ("second-stone", "V1", "rebuilt"),
    ]  # fmt: skip
    assert rows["test"] == [{
        "article_id": "one-dark-hour", "nr": "V1", "art": 0, "ausloeser": "E2", "ausloeser_start": 50, "ausloeser_end": 57,
        "ausloeser_text": "go dark", "enden": [], "urheber": "M2",
    }]  # fmt: skip


def test_quotations_have_hull_fragments_and_speaker(exported: Path, tmp_path: Path) -> None:
    rows = load(exported, "quotations", tmp_path)["train"]
    assert features(exported, "quotations")["weise"].names == ["woertlich", "sinngemaess"]
    assert next(row for row in rows if row["article_id"] == "letzte-schicht") == {
        "article_id": "letzte-schicht", "nr": "Z1", "weise": 0, "start": 192, "end": 239,
        "text": "„Das Licht kommt mit mir in Rente“",
        "stellen": [
            {"ab": 192, "ende": 202, "inhalt": "„Das Licht"}, {"ab": 216, "ende": 239, "inhalt": "kommt mit mir in Rente“"},
        ],
        "sprecher": "E5", "sprecher_text": "sie", "urheber": "M1",
    }  # fmt: skip


def test_tokens_are_tagged_with_gold(exported: Path, tmp_path: Path) -> None:
    rows = [row for rows in load(exported, "tokens", tmp_path).values() for row in rows]
    names = item(features(exported, "tokens")["tags"]).names
    assert names == ["O", "B-TURM", "I-TURM", "B-PERSON", "I-PERSON", "B-ORT", "I-ORT"]
    tagged = {
        (row["article_id"], row["sentence_id"]): [
            (token, names[tag]) for token, tag in zip(row["tokens"], row["tags"], strict=True) if tag
        ]
        for row in rows
        if row["tags"] is not None
    }
    assert tagged["second-stone", "S2"] == [
        ("Skerry", "B-TURM"),
        ("Nab", "I-TURM"),
        ("Port", "B-ORT"),
        ("Torran", "I-ORT"),
    ]
    assert tagged["versunken", "S2"] == [("Turm", "B-TURM"), ("Rungwarf", "I-TURM")]
    assert tagged["nebel", "S3"] == []
    assert [row["sentence_id"] for row in rows if row["tags"] is None] == ["S1", "S2"]
    texts = {article["kennung"]: article["wortlaut"] for article in LINES}
    for row in rows:
        cut = [texts[row["article_id"]][start:end] for start, end in zip(row["starts"], row["ends"], strict=True)]
        assert cut == row["tokens"]


def test_a_release_is_built_and_verified(tmp_path: Path) -> None:
    code, said = run("release", "build", ARTICLES, "--name", "lighthouse", "--output", tmp_path, "--jobs", "1")
    assert code == 0, said
    release = tmp_path / "lighthouse" / "1.0.0"
    for level in ("full", "logical"):
        assert run("release", "verify", release, "--level", level)[0] == 0
    assert "# Leuchttürme" in (release / "README.md").read_text(encoding="utf-8")
    loaded = datasets.load_dataset(str(release), "entities", cache_dir=str(tmp_path / "cache"))
    assert (loaded["train"].num_rows, loaded["test"].num_rows) == (14, 6)


def test_labels_are_inferred_where_no_inventory_is_given(tmp_path: Path) -> None:
    config = tmp_path / "corpus.toml"
    config.write_text(f"schema = {json.dumps(str(HOME / 'schema.json'))}\n", encoding="utf-8")
    code, said = run("export", ARTICLES, "--config", config, "--output", tmp_path / "out", "--jobs", "1")
    assert code == 0, said
    assert "no inventory was given; event labels of the data, sorted: bauen 1, loeschen 3" in said
    assert features(tmp_path / "out", "events")["art"].names == ["bauen", "loeschen"]


def test_articles_survive_conversion(tmp_path: Path) -> None:
    code, said = run("convert", ARTICLES, "--to", "jsonl", "--output", tmp_path / "again.jsonl")
    assert code == 0, said
    assert (tmp_path / "again.jsonl").read_bytes() == ARTICLES.read_bytes()


def test_schema_commands(tmp_path: Path) -> None:
    code, said = run("schema", "check", "--config", CONFIG)
    assert (code, said.rstrip().endswith(": 13 layers")) == (0, True)
    assert run("schema", "compile", "--config", CONFIG, "--output", tmp_path / "contract.json")[0] == 0
    compiled = json.loads((tmp_path / "contract.json").read_bytes())
    kopf = compiled["properties"]["kopf"]
    assert "$defs" not in compiled
    assert list(kopf["properties"])[:2] == ["sprache", "datum"]
    assert kopf["required"] == ["sprache", "baujahr", "bewohnt"]
    assert kopf["properties"]["lage"]["type"] == ["object", "null"]
    assert compiled["properties"]["teilmenge"]["enum"] == ["train", "test", None]
    assert all(jsonschema.Draft202012Validator(compiled).is_valid(article) for article in LINES)
    shown = run("schema", "show", "--config", CONFIG)[1]
    assert "    kategorie: string [TURM, PERSON, ORT, TAT]  x-label\n" not in shown
    assert "  kategorie: string [TURM, PERSON, ORT, TAT]  x-label\n" in shown
    assert "x-span=von,bis\n" in shown
    assert "baujahr: int32" in run("schema", "arrow", "--config", CONFIG)[1]
    said = run("schema", "features", "--config", CONFIG)[1]
    assert "- config_name: quotations\n" in said
    assert "'0': woertlich\n" in said


def recursive(schema: dict[str, Any]) -> None:
    inner = schema["properties"]["anmerkungen"]["items"]
    schema["$defs"]["bemerkung"] = copy.deepcopy(inner)
    schema["$defs"]["bemerkung"]["properties"]["antworten"] = {"type": "array", "items": {"$ref": "#/$defs/bemerkung"}}
    schema["properties"]["anmerkungen"]["items"] = {"$ref": "#/$defs/bemerkung"}


def opened(schema: dict[str, Any]) -> None:
    schema["$defs"]["lage"]["additionalProperties"] = True


def union(schema: dict[str, Any]) -> None:
    schema["$defs"]["lage"]["properties"]["breite"] = {"type": ["number", "string"]}


def mapped(schema: dict[str, Any]) -> None:
    schema["properties"]["zaehler"] = {"type": "object", "additionalProperties": {"type": "integer"}}


def anything(schema: dict[str, Any]) -> None:
    schema["properties"]["beiwerk"] = {"type": "array"}


UNEXPORTABLE: dict[str, tuple[Change, str, str]] = {
    "recursion": (recursive, "#/properties/anmerkungen/items", "is recursive"),
    "open object": (opened, "#/properties/kopf/properties/lage", "is open"),
    "union": (union, "#/properties/kopf/properties/lage/properties/breite", "is a union of number and string"),
    "map": (mapped, "#/properties/zaehler", "is a map"),
    "list of anything": (anything, "#/properties/beiwerk", "is a list of anything"),
}


@pytest.mark.parametrize(("change", "at", "why"), UNEXPORTABLE.values(), ids=UNEXPORTABLE.keys())
def test_what_has_no_arrow_type_is_validated_and_not_exported(
    tmp_path: Path, change: Change, at: str, why: str
) -> None:
    schema = other_schema(tmp_path, change)
    source = write(tmp_path, [LINES[0], put(LINES[1], {"/kopf/baujahr": 1, "/erwaehnungen/0/wort": "x"})])
    code, said = run("validate", source, "--config", CONFIG, "--schema", schema, "--format", "concise")
    assert code == 1
    assert f"the schema at {at} {why}" in said
    assert "only the schema is checked" in said
    assert "SCH101" in said
    assert "not checked" in said
    code, said = run("export", source, "--config", CONFIG, "--schema", schema, "--output", tmp_path / "out")
    assert (code, f"the schema at {at} {why}" in said) == (2, True)
    assert not (tmp_path / "out").exists()
    code, said = run("schema", "check", "--config", CONFIG, "--schema", schema)
    assert (code, at in said) == (2, True)


def computed_name(schema: dict[str, Any]) -> None:
    schema["properties"]["zitate"]["items"]["properties"]["text"] = {"type": "string"}


def computed_argument(schema: dict[str, Any]) -> None:
    schema["$defs"]["enden"]["items"]["properties"]["start"] = {"type": "integer"}


def computed_id(schema: dict[str, Any]) -> None:
    schema["properties"]["erwaehnungen"]["items"]["properties"]["article_id"] = {"type": "string"}


@pytest.mark.parametrize(
    ("change", "layer", "name"),
    [
        (computed_name, "zitate", "text"),
        (computed_argument, "enden", "start"),
        (computed_id, "erwaehnungen", "article_id"),
    ],
    ids=["text of a quotation", "start of an argument", "article_id"],
)
def test_a_field_named_like_a_computed_column_is_refused(tmp_path: Path, change: Change, layer: str, name: str) -> None:
    schema = other_schema(tmp_path, change)
    assert run("validate", ARTICLES, "--schema", schema)[0] == 0
    code, said = run("export", ARTICLES, "--schema", schema, "--output", tmp_path / "out")
    assert (code, f"'{layer}'" in said, f"'{name}'" in said) == (2, True, True)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arrow", "value", "expected"),
    [
        ("timestamp[s]", "2026-03-02T10:00:00Z", []),
        ("timestamp[s]", "2026-03-02T10:00:00.5Z", ["SCH101"]),
        ("timestamp[ms]", "2026-03-02T10:00:00.5+02:00", []),
        ("timestamp[s]", "morgen", ["SCH104"]),
        ("date32", "2026-02-29", ["SCH104"]),
        ("date32", "2024-02-29", []),
        ("large_string", "morgen", []),
    ],
)
def test_a_string_that_does_not_fit_its_arrow_type(tmp_path: Path, arrow: str, value: str, expected: list[str]) -> None:
    def change(schema: dict[str, Any]) -> None:
        schema["$defs"]["herkunft"]["properties"]["datum"] = {"type": "string", "x-arrow": arrow}

    source = write(tmp_path, [put(LINES[0], {"/kopf/datum": value})])
    options = api.Options(config=CONFIG, schema=other_schema(tmp_path, change), jobs=1)
    report = api.validate([str(source)], options)
    assert [(finding.code, finding.location.pointer) for finding in report.findings] == [
        (code, "/kopf/datum") for code in expected
    ]


@pytest.mark.parametrize(
    ("arrow", "least", "most"),
    [("int8", -128, 127), ("uint16", 0, 65535), ("int32", -(2**31), 2**31 - 1), ("uint64", 0, 2**63 - 1)],
)
def test_integers_are_bounded_by_their_arrow_type(tmp_path: Path, arrow: str, least: int, most: int) -> None:
    def change(schema: dict[str, Any]) -> None:
        schema["properties"]["kopf"]["allOf"][1]["properties"]["baujahr"] = {"type": "integer", "x-arrow": arrow}

    contract = load_contract(other_schema(tmp_path, change), None)
    field = contract.root["kopf"]["baujahr"]
    assert (field.keywords["minimum"], field.keywords["maximum"]) == (least, most)
    assert contract.arrow.field("kopf").type.field("baujahr").type == getattr(pa, arrow)()


@pytest.mark.parametrize(
    ("kind", "arrow"), [("string", "int32"), ("integer", "date32"), ("boolean", "int8"), ("number", "int64")]
)
def test_an_arrow_type_that_holds_no_such_value_is_refused(tmp_path: Path, kind: str, arrow: str) -> None:
    def change(schema: dict[str, Any]) -> None:
        schema["properties"]["kopf"]["allOf"][1]["properties"]["bewohnt"] = {"type": kind, "x-arrow": arrow}

    with pytest.raises(SettingsError, match=f"x-arrow '{arrow}' cannot hold what the schema calls {kind}"):
        load_contract(other_schema(tmp_path, change), None)


VALUES = [None, "a", "b", "ab", 0, 1, 2.5, True, [], ["a"], {}, {"x": 1}, {"x": 1, "y": 2}]


@pytest.mark.parametrize(
    "branches",
    [
        [{"type": "string", "maxLength": 1}, {"type": "null"}],
        [{"type": "null"}, {"type": "string", "enum": ["a"]}],
        [{"type": "string", "const": "a"}, {"type": "null"}],
        [{"type": "object", "additionalProperties": False, "properties": {"x": {"type": "integer"}}}, {"type": "null"}],
        [{"type": "array", "minItems": 1, "items": {"type": "string"}}, {"type": "null"}],
        [{"type": ["integer", "string"], "not": {"const": 1}}, {"type": "null"}],
        [{"type": ["number", "null"], "minimum": 1}, {"type": "null"}],
        [{"enum": ["a", 1]}, {"type": "null"}],
        [{"type": "string"}, {"type": "integer"}],
    ],
    ids=["string", "enum", "const", "object", "list", "not", "null twice", "no type", "two types"],
)
@pytest.mark.parametrize("key", ["anyOf", "oneOf"])
def test_compiling_a_nullable_branch_keeps_its_meaning(key: str, branches: list[Any]) -> None:
    written = {"type": "object", "properties": {"t": {"type": "string", "x-text": True}, "v": {key: branches}}}
    compiled = compile_schema(written, None, None, "schema")
    before, after = (jsonschema.Draft202012Validator(schema) for schema in (written, compiled))
    assert [after.is_valid({"v": value}) for value in VALUES] == [before.is_valid({"v": value}) for value in VALUES]
