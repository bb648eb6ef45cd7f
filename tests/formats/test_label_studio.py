"""Label Studio: exports of both dialects to articles, and articles to tasks that fit their labelling configuration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.errors import SettingsError, StoreError
from corpus_tool.findings import Finding, Severity
from corpus_tool.formats import Imported, Loss, Source
from corpus_tool.formats.label_studio import EXPORTER, IMPORTER
from corpus_tool.formats.label_studio.about import looks_like
from corpus_tool.inventory import Inventory
from tests.corpora import corpora
from tests.formats.round_trips import SHAPES, check_declared, check_kept, read, samples, there_and_back, written
from tests.generated import LAYERS, Shape, article, inventory
from tests.program import run

TEXT = "Mara Quill sailed to Port Ellis."


def region(name: str, start: int, end: int, *labels: str, said: str | None = None, **more: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": list(labels)} | ({} if said is None else {"text": said})
    return {"id": name, "from_name": "label", "to_name": "text", "type": "labels", "value": value, **more}


def answer(kind: str, control: str, value: Any, name: str = "x1", **more: Any) -> dict[str, Any]:
    inner = {"text" if kind == "textarea" else kind: value, **more}
    return {"id": name, "from_name": control, "to_name": "text", "type": kind, "value": inner}


def pair(source: str, target: str, *labels: str, direction: str = "right") -> dict[str, Any]:
    return {"type": "relation", "from_id": source, "to_id": target, "direction": direction, "labels": list(labels)}


def annotation(*results: dict[str, Any], number: int = 7, by: Any = 3, **more: Any) -> dict[str, Any]:
    return {"id": number, "completed_by": by, "result": list(results), **more}


def task(*annotations: dict[str, Any], text: str = TEXT, **more: Any) -> dict[str, Any]:
    return {"id": 1, "data": {"text": text}, "annotations": list(annotations), **more}


def imports(value: Any, config: str | None = None, labels: Inventory | None = None) -> list[Imported]:
    data = value if isinstance(value, bytes) else json.dumps(value, indent=1, ensure_ascii=False).encode()
    files = {None: data, ".xml": None if config is None else config.encode()}
    return list(IMPORTER.read(Source("boats.json", "boats", files.get), labels))


def only(value: Any, **more: Any) -> dict[str, Any]:
    (one,) = imports(value, **more)
    assert [found for found in one.findings if found.severity is Severity.ERROR] == []
    assert one.article is not None
    return one.article


def codes(found: list[Imported]) -> list[str]:
    return [one.code for each in found for one in each.findings]


def losses(found: list[Imported]) -> dict[str, int]:
    return {loss.what: loss.count for each in found for loss in each.losses}


def test_regions_become_entities_of_who_made_them() -> None:
    made = only(
        [task(annotation(region("r1", 0, 10, "PER", said="Mara Quill"), created_at="2024-05-15T12:09:16.789Z"))]
    )
    assert made["id"] == "boats-1"
    assert made["entities"] == [
        {"id": "r1", "type": "PER", "spans": [{"start": 0, "end": 10, "text": "Mara Quill"}], "prov": "A7"}
    ]
    assert made["provenance"] == [
        {"id": "A7", "agent": "annotator-3", "agent_type": "human", "role": "annotator", "tool": "label-studio",
         "created": "2024-05-15T12:09:16.789Z"}
    ]  # fmt: skip
    assert made["coverage"] == [{"layer": "entities", "prov": "A7", "status": "complete"}]


WHO = {
    "a number": (3, "annotator-3"),
    "an address": ("mara@boats.example", "mara@boats.example"),
    "an object with an address": ({"id": 3, "email": "mara@boats.example"}, "mara@boats.example"),
    "an object with a number": ({"id": 3}, "annotator-3"),
    "an object with a name": ({"email": "mara"}, "mara"),
    "nobody": (None, "unknown"),
}


@pytest.mark.parametrize(("by", "agent"), WHO.values(), ids=WHO)
def test_people_are_agents(by: Any, agent: str) -> None:
    assert only([task(annotation(by=by))])["provenance"][0]["agent"] == agent


def test_an_empty_annotation_found_nothing_and_none_says_nothing() -> None:
    nothing, absent = imports([task(annotation()), {**task(), "id": 2}])
    assert nothing.article["entities"] == []
    assert nothing.article["coverage"] == [{"layer": "entities", "prov": "A7", "status": "complete"}]
    assert "entities" not in absent.article
    assert "coverage" not in absent.article


def test_an_annotation_covers_what_any_task_of_the_project_shows() -> None:
    first, second = imports([
        task(annotation(region("r1", 0, 10, "PER"), answer("choices", "tone", ["calm"]))), {**task(annotation()), "id": 2}
    ])  # fmt: skip
    assert first.article["labels"] == [{"axis": "tone", "value": "calm", "prov": "A7"}]
    assert second.article["entities"] == second.article["labels"] == []


def test_skipped_annotations_and_drafts_are_none() -> None:
    found = imports([
        task(annotation(region("r1", 0, 10, "PER"), was_cancelled=True), drafts=[annotation(region("r2", 0, 4, "PER"))])
    ])  # fmt: skip
    assert "entities" not in found[0].article
    assert losses(found) == {"annotations that were skipped or cancelled": 1, "drafts, which nobody submitted": 1}


def test_predictions_are_of_models_and_corrections_say_so() -> None:
    prediction = {"id": 9, "model_version": "tagger:2.1", "score": 0.5, "result": [
        region("r1", 0, 10, "PER", score=0.25), region("r2", 21, 31, "LOC"),
    ]}  # fmt: skip
    made = only([task(annotation(region("r1", 0, 10, "PER"), parent_prediction=9), predictions=[prediction])])
    assert [(one["id"], one["prov"], one.get("confidence")) for one in made["entities"]] == [
        ("r1", "M9", 0.25), ("r2", "M9", 0.5), ("r1-A7", "A7", None),
    ]  # fmt: skip
    model, person = made["provenance"]
    assert (model["agent"], model["agent_type"], model["model_version"]) == ("tagger", "model", "2.1")
    assert (person["role"], person["derived_from"]) == ("corrector", ["M9"])
    assert {entry["prov"] for entry in made["coverage"]} == {"A7"}


def test_reviews_and_ground_truth_are_adjudication() -> None:
    reviews = [{"id": 4, "accepted": False, "created_by": {"email": "ann@boats.example"}}]
    made = only([
        task(annotation(region("r1", 0, 4, "PER"), reviews=reviews), annotation(number=8, by=4, ground_truth=True))
    ])  # fmt: skip
    assert made["adjudication"] == [
        {"layer": "entities", "status": "disagreed", "prov": "V4", "derived_from": ["A7"]},
        {"layer": "entities", "status": "adjudicated", "prov": "A8"},
    ]
    reviewer = next(one for one in made["provenance"] if one["id"] == "V4")
    assert (reviewer["role"], reviewer["derived_from"]) == ("adjudicator", ["A7"])


def test_answers_about_a_region_and_about_the_text() -> None:
    place = {"start": 0, "end": 10}
    made = only([task(annotation(
        region("r1", 0, 10, "PER", meta={"text": ["see there"]}),
        answer("choices", "sure", ["high", "seen"], "r1", **place),
        answer("choices", "named", ["named"], "r1", **place),
        answer("taxonomy", "kind", [["being", "human"]], "r1", **place),
        answer("taxonomy", "links", [["wikidata", "Q25"]], "r1", **place),
        answer("rating", "stars", 4, "r1", **place),
        answer("textarea", "why", ["a sailor"], "r1", **place),
        answer("textarea", "summary", ["She sailed."]),
        answer("taxonomy", "subject", [["sea", "port"], ["sea"]]),
        answer("number", "boats", 2),
    ))])  # fmt: skip
    (one,) = made["entities"]
    assert [(part["name"], part.get("value")) for part in one["attributes"]] == [
        ("sure", "high"), ("sure", "seen"), ("named", None), ("kind", "being/human"), ("stars", "4"),
    ]  # fmt: skip
    assert one["links"] == [{"db": "wikidata", "id": "Q25"}]
    assert [(note.get("type"), note.get("ref"), note["text"]) for note in made["notes"]] == [
        (None, "r1", "see there"), ("why", "r1", "a sailor"), ("summary", None, "She sailed."),
    ]  # fmt: skip
    assert [(label["axis"], label["value"]) for label in made["labels"]] == [
        ("subject", "sea/port"), ("subject", "sea"), ("boats", "2"),
    ]  # fmt: skip


def test_relations_go_where_they_point() -> None:
    regions = region("r1", 0, 10, "PER", "CAPTAIN"), region("r2", 21, 31, "LOC"), region("r3", 21, 25, "LOC")
    made = only(
        [task(annotation(*regions, pair("r1", "r2", "Near"), pair("r1", "r2", "PartOf", direction="left"),
                         pair("r2", "r3", "identity")))],
        labels=inventory(),
    )  # fmt: skip
    assert [(one["id"], one["type"]) for one in made["entities"]] == [
        ("r1", "PER"), ("r1-A7", "CAPTAIN"), ("r2", "LOC"), ("r3", "LOC"),
    ]  # fmt: skip
    assert [(one["type"], [(end["role"], end["ref"]) for end in one["arguments"]]) for one in made["relations"]] == [
        ("Near", [("Arg1", "r1"), ("Arg2", "r2")]), ("PartOf", [("Arg1", "r2"), ("Arg2", "r1")]),
    ]  # fmt: skip
    assert [one["mentions"] for one in made["coreference"]] == [["r2", "r3"]]


def test_events_are_choices_of_their_trigger_and_roles_are_relations() -> None:
    place = {"start": 11, "end": 17}
    results = [
        region("r1", 0, 10, "PER"), region("r2", 11, 17, "TRIGGER"), region("r3", 21, 31, "TRIGGER"),
        answer("choices", "events", ["Sail"], "r2", **place), answer("choices", "events", ["Sail"], "r3", **place),
        pair("r2", "r1", "Agent1"), pair("r3", "r2", "Cause", direction="left"), pair("r2", "r1", "Near"),
    ]  # fmt: skip
    made = only([task(annotation(*results))], labels=inventory())
    first, second = made["events"]
    assert (first["type"], first["trigger"], second["trigger"]) == ("Sail", "r2", "r3")
    assert first["arguments"] == [{"role": "Agent1", "ref": "r1"}, {"role": "Cause", "ref": second["id"]}]
    assert [one["type"] for one in made["relations"]] == ["Near"]
    bare = only([task(annotation(*results))])
    assert [one["type"] for one in bare["relations"]] == ["Agent1", "Cause", "Near"]


def test_further_pieces_of_a_region_stand_below_it() -> None:
    (one, other) = only([
        task(annotation(
            region("r1", 0, 4, "PER"), region("r1.2", 5, 10, "PER", parentID="r1"), region("x", 5, 10, "PER", parentID="r1")
        ))
    ])["entities"]  # fmt: skip
    assert [span["text"] for span in one["spans"]] == ["Mara", "Quill"]
    assert [span["text"] for span in other["spans"]] == ["Quill"]


LINES = "🐱 Warning:\n🐱 This is a test "
COUNTED = {
    "code points, as it counts now": (LINES, (23, 27, "test"), []),
    "a break as backslash and n": (LINES, (2, 27, "Warning:\\n🐱 This is a test"), []),
    "UTF-16, as it counted": (LINES, (25, 29, "test"), ["IO017"]),
    "code points, CRLF as one": (LINES.replace("\n", "\r\n"), (23, 27, "test"), ["IO017"]),
    "UTF-16, CRLF as one": (LINES.replace("\n", "\r\n"), (25, 29, "test"), ["IO017"]),
}


@pytest.mark.parametrize(("text", "place", "expected"), COUNTED.values(), ids=COUNTED)
def test_offsets_are_counted_as_the_words_say(text: str, place: tuple[int, int, str], expected: list[str]) -> None:
    found = imports([task(annotation(region("r1", place[0], place[1], "X", said=place[2])), text=text)])
    assert codes(found) == expected
    assert found[0].article["entities"][0]["spans"][0]["text"] == place[2].replace("\\n", "\n")


ODD = {
    "other words": (region("r1", 0, 4, "PER", said="Port"), "SPN304", 1),
    "white space at the end": (region("r1", 0, 5, "PER", said="Mara"), "IO020", 1),
    "behind the end": (region("r1", 0, 99, "PER"), "IO018", 0),
    "the wrong way round": (region("r1", 4, 0, "PER"), "IO018", 0),
    "no offsets": ({**region("r1", 0, 4, "PER"), "value": {"labels": ["PER"]}}, "IO019", 0),
    "a relation to nothing": (pair("r1", "r9", "Near"), "REF402", 0),
    "an answer of no control": ({"id": "c", "type": "choices", "value": {"choices": ["a"]}}, "IO019", 0),
}


@pytest.mark.parametrize(("result", "code", "kept"), ODD.values(), ids=ODD)
def test_what_is_odd_is_found_at_its_place(result: dict[str, Any], code: str, kept: int) -> None:
    (found,) = imports([task(annotation(result))])
    assert [one.code for one in found.findings] == [code]
    assert found.findings[0].location.line > 5
    assert len(found.article.get("entities", [])) == kept


def test_a_span_with_a_space_at_its_end_stays_as_it_is() -> None:
    made = only([task(annotation(region("r1", 0, 5, "PER", said="Mara ")))])
    assert made["entities"][0]["spans"] == [{"start": 0, "end": 5, "text": "Mara "}]


def test_without_words_the_unit_of_some_texts_cannot_be_known() -> None:
    assert codes(imports([task(annotation(region("r1", 3, 5, "X")), text="🐱 test")])) == ["IO020"]
    assert codes(imports([task(annotation(region("r1", 3, 5, "X")), text="A test")])) == []


def test_html_counts_only_where_offsets_hold_for_the_text() -> None:
    by_path = {**region("r1", 0, 0, "X"), "type": "hypertextlabels", "value": {
        "start": "/p[1]/text()[1]", "end": "/p[1]/text()[1]", "hypertextlabels": ["X"], "startOffset": 0, "endOffset": 4,
    }}  # fmt: skip
    both = {
        **by_path,
        "id": "r2",
        "value": {**by_path["value"], "text": "Mara", "globalOffsets": {"start": 0, "end": 4}},
    }
    found = imports([task(annotation(by_path, both))])
    assert [one["id"] for one in found[0].article["entities"]] == ["r2"]
    assert losses(found) == {"regions placed by XPath in HTML, without offsets that hold for the text": 1}


REFUSED = {
    "pictures": {"id": 1, "data": {"image": "/data/upload/1.png"}},
    "an address of a text": {"id": 1, "data": {"text": "https://boats.example/1.txt"}},
    "several columns": {"id": 1, "data": {"title": "Mara Quill", "place": "Port Ellis"}},
    "no task": {"name": "Mara"},
    "no object": 7,
}


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED)
def test_what_has_no_text_is_refused(value: Any) -> None:
    found = imports([value, task(annotation())])
    assert [one.article is None for one in found] == [True, False]
    assert codes(found) == ["IO019"]


TEXTS = {
    "the name that lines get": ({"$undefined$": TEXT}, None),
    "the only column": ({"body": TEXT}, None),
    "by the configuration": ({"body": TEXT, "title": "Boats"}, '<View><Text name="t" value="$body"/></View>'),
    "where the words stand": ({"title": "Boats", "body": TEXT}, None),
}


@pytest.mark.parametrize(("data", "config"), TEXTS.values(), ids=TEXTS)
def test_the_text_is_found(data: dict[str, str], config: str | None) -> None:
    value = {**task(annotation(region("r1", 0, 10, "PER", said="Mara Quill"))), "data": data}
    assert only([value], config=config)["text"] == TEXT


def test_minimal_records_of_one_task_are_one_article() -> None:
    spans = [{"start": 0, "end": 10, "text": "Mara Quill", "labels": ["PER"]}]
    records = [
        {"text": TEXT, "language": "en", "id": 5, "label": spans, "tone": "calm", "annotator": 3, "annotation_id": 7,
         "lead_time": 2.5},
        {"text": TEXT, "language": "en", "id": 5, "tone": {"choices": ["calm", "dry"]}, "annotator": 4,
         "annotation_id": 8, "lead_time": 2.5},
    ]  # fmt: skip
    (one,) = imports(records)
    made = one.article
    assert made["metadata"] == {"language": "en"}
    assert [(each["type"], each["prov"]) for each in made["entities"]] == [("PER", "A7")]
    assert [(each["value"], each["prov"]) for each in made["labels"]] == [("calm", "A7"), ("calm", "A8"), ("dry", "A8")]
    assert [finding.code for finding in one.findings] == ["IO020"]


def test_a_configuration_says_what_minimal_records_mean() -> None:
    config = """<View><Text name="text" value="$text"/><TextArea name="why" toName="text"/>
    <Choices name="tone" toName="text"><Choice value="calm"/></Choices></View>"""
    record = {"text": TEXT, "id": 5, "why": "a boat", "tone": "calm", "annotator": 3, "annotation_id": 7}
    (one,) = imports([record], config=config)
    assert one.findings == ()
    assert [note["text"] for note in one.article["notes"]] == ["a boat"]
    assert [label["value"] for label in one.article["labels"]] == ["calm"]


def test_metadata_is_read_from_columns_and_the_rest_is_counted() -> None:
    value = {**task(), "data": {"text": TEXT, "language": "en", "rank": 3}, "meta": {"by": "Ann", "uri": "no address"}}
    found = imports([value])
    assert found[0].article["metadata"] == {"language": "en", "by": "Ann"}
    assert losses(found) == {"columns of tasks: rank": 1, "columns of tasks: uri": 1}


def test_places_are_those_of_the_source() -> None:
    (one,) = imports([task(annotation(region("r1", 0, 10, "PER")))])
    lines = json.dumps([task(annotation(region("r1", 0, 10, "PER")))], indent=1).split("\n")
    assert lines[one.places["/entities/0"][0]].strip() == '"id": "r1",'


BROKEN = {
    "no JSON": (b'[{"id": 1,', "IO002"),
    "not UTF-8": (b'[{"data": {"text": "\xff"}}]', "IO001"),
    "too deep": (b"[" * 600 + b"]" * 600, "IO012"),
    "no list": (b'{"a": 1}', "IO019"),
    "nothing": (b"", "IO002"),
}


@pytest.mark.parametrize(("data", "code"), BROKEN.values(), ids=BROKEN)
def test_broken_files_are_findings(data: bytes, code: str) -> None:
    found = imports(data)
    assert codes(found) == [code]
    assert found[0].article is None


@pytest.mark.parametrize("config", ["<View>", '<!DOCTYPE a [<!ENTITY b "c">]><View/>', "\0"])
def test_a_broken_configuration_is_not_used(config: str) -> None:
    first, second = imports([task(annotation(region("r1", 0, 4, "PER")))], config=config)
    assert (first.article, first.findings[0].location.path) == (None, "boats.xml")
    assert second.article["entities"] != []


CONFIG = """<View><Text name="text" value="$text"/>
<Labels name="label" toName="text"><Label value="PER"/><Label value="Location" alias="LOC"/></Labels>
<Relations><Relation value="Near"/></Relations>
<Choices name="sure" toName="text" perRegion="true"><Choice value="high"/></Choices>
<Choices name="tone" toName="text"><Choice value="calm"/></Choices></View>"""


def test_the_configuration_is_an_inventory(tmp_path: Path) -> None:
    (tmp_path / "boats.json").write_text("[]")
    assert IMPORTER.inventory([tmp_path / "boats.json"]) is None
    (tmp_path / "label_config.xml").write_text(CONFIG)
    found = IMPORTER.inventory([tmp_path / "boats.json"])
    assert found.names("entity") == ("PER", "LOC")
    assert found.names("relation") == ("Near",)
    assert [(axis.name, axis.values, axis.exclusive) for axis in found.axes] == [("tone", ("calm",), True)]
    assert [(one.name, one.values) for one in found.attributes] == [("sure", ("high",))]
    (tmp_path / "boats.xml").write_text("<View>")
    with pytest.raises(SettingsError, match=r"boats\.xml"):
        IMPORTER.inventory([tmp_path / "boats.json"])


def test_different_configurations_allow_what_either_allows(tmp_path: Path) -> None:
    for name, config in (("one", CONFIG), ("two", CONFIG.replace("PER", "ORG").replace("calm", "loud"))):
        (tmp_path / f"{name}.json").write_text("[]")
        (tmp_path / f"{name}.xml").write_text(config)
    found = IMPORTER.inventory([tmp_path / "one.json", tmp_path / "two.json"])
    assert found.names("entity") == ("PER", "LOC", "ORG")
    assert [(axis.name, axis.values) for axis in found.axes] == [("tone", ("calm", "loud"))]


def test_projects_of_several_layers_are_read_again(tmp_path: Path) -> None:
    articles = [
        {"id": "a", "text": "Rain.", "entities": []},
        {"id": "b", "text": "Rain.", "labels": []},
    ]
    written("label-studio", articles, tmp_path / "out", None)
    ran = run("convert", tmp_path / "out", "--to", "jsonl", "--output", tmp_path / "b.jsonl")
    assert ran.code == 0, ran.err


REAL = {
    "test_export_csv/csv_test.json": (2, 0),
    "test_export_csv/csv_test2.json": (0, 1),
    "test_export_csv/csv_test_history.json": (1, 0),
    "test_export_json_min/data.json": (0, 1),
    "test_export_json_min/data_repeater.json": (0, 1),
    "test_export_json_min/label_config_repeater.json": (0, 1),
}


@pytest.mark.parametrize(("name", "counts"), REAL.items(), ids=REAL)
def test_real_exports(name: str, counts: tuple[int, int]) -> None:
    found = list(read("label-studio", corpora("label-studio") / name))
    articles = [one.article for one in found if one.article is not None]
    assert (len(articles), len(codes(found))) == counts


def test_real_reviews_and_results_of_pictures() -> None:
    found = list(read("label-studio", corpora("label-studio") / "test_export_csv" / "csv_test.json"))
    assert losses(found)["results of another kind: rectanglelabels"] == 5
    assert all("entities" not in one.article for one in found)
    (history,) = read("label-studio", corpora("label-studio") / "test_export_csv" / "csv_test_history.json")
    assert [(one["axis"], one["value"]) for one in history.article["labels"]] == [("sentiment", "Positive")]


def test_the_declaration_is_what_round_trips_show() -> None:
    check_declared("label-studio")


@settings(max_examples=25, deadline=None)
@given(SHAPES)
def test_what_is_kept_comes_back(shape: Shape) -> None:
    check_kept("label-studio", shape)


def test_layers_that_were_not_annotated_stay_absent() -> None:
    before = [
        {"id": "found", "text": TEXT, "entities": [], "labels": []},
        {"id": "only entities", "text": TEXT, "entities": []},
        {"id": "nothing", "text": TEXT},
    ]
    after = there_and_back("label-studio", before)
    layers = [{name for name in each if name in {"entities", "labels", "relations"}} for each in after]
    assert layers == [{"entities", "labels"}, {"entities"}, set()]


def test_roles_and_adjudication_come_back() -> None:
    before = article(Shape(3, people=2, model=True, layers=frozenset(LAYERS), split="test"))
    before["provenance"][1] |= {"role": "corrector", "derived_from": [before["provenance"][0]["id"]]}
    (after,) = there_and_back("label-studio", [before], inventory())
    people = [one for one in after["provenance"] if one["agent_type"] == "human" and one["agent"] != "unknown"]
    assert [one["role"] for one in people] == ["annotator", "corrector"]
    assert people[1]["derived_from"] == [people[0]["id"]]
    assert {(one["layer"], one["status"], one["prov"]) for one in after["adjudication"]} >= {
        ("entities", "adjudicated", people[0]["id"])
    }


TYPES = {"labels": "Labels", "choices": "Choices", "taxonomy": "Taxonomy", "textarea": "TextArea"}


def test_tasks_fit_their_configuration(tmp_path: Path) -> None:
    """As Label Studio checks what is imported: controls, objects and labels have to be those of the configuration."""
    written("label-studio", samples(), tmp_path, inventory())
    tasks = 0
    for file in tmp_path.glob("*.json"):
        view = ET.fromstring(file.with_suffix(".xml").read_text())
        controls = {tag.get("name"): tag for tag in view if tag.get("toName") == "text"}
        relations = {tag.get("value") for tag in view.iter("Relation")}
        assert view.find("Text").attrib == {"name": "text", "value": "$text"}
        for one in json.loads(file.read_text()):
            tasks += 1
            assert isinstance(one["data"]["text"], str)
            for made in [*one["annotations"], *one["predictions"]]:
                for result in made["result"]:
                    _check_result(result, controls, relations)
    assert tasks == len(samples())


def _check_result(result: dict[str, Any], controls: dict[str, ET.Element], relations: set[str]) -> None:
    if result["type"] == "relation":
        assert set(result["labels"]) <= relations
        return
    tag = controls[result["from_name"]]
    assert (tag.tag, result["to_name"]) == (TYPES[result["type"]], "text")
    listed = {part.get("value") for part in tag.iter() if part is not tag}
    said = result["value"].get(result["type"], [])
    assert {word for part in said for word in (part if isinstance(part, list) else [part])} <= listed


LOST = {
    "relations": {"relations": [{"id": "R1", "type": "Near", "arguments": [{"role": "Arg1", "ref": "T1"}]}]},
    "chains": {"coreference": [{"id": "C1", "mentions": ["T1"]}]},
    "notes": {"notes": [{"id": "N1", "ref": "R1", "text": "so"}]},
    "events": {"events": [{"id": "E1", "type": "Sail", "trigger": "T9"}]},
    "tokens": {"tokens": []},
    "coverage": {"coverage": [{"layer": "entities", "prov": "A1", "status": "partial"}]},
    "adjudication": {"adjudication": [{"layer": "entities", "status": "pending"}]},
}


@pytest.mark.parametrize("more", LOST.values(), ids=LOST)
def test_losses_are_counted(more: dict[str, Any], tmp_path: Path) -> None:
    entity = {"id": "T1", "type": "PER", "spans": [{"start": 0, "end": 4, "text": "Mara"}]}
    said = written("label-studio", [{"id": "a", "text": TEXT, "entities": [entity], **more}], tmp_path)
    assert [(one.count, one.example[:2]) for one in said if isinstance(one, Loss)] == [(1, "a:")]


def test_files_are_never_replaced(tmp_path: Path) -> None:
    before = [{"id": "a", "text": TEXT, "entities": []}]
    assert list(EXPORTER.write(before, tmp_path, None)) == []
    with pytest.raises(StoreError):
        list(EXPORTER.write(before, tmp_path, None))


def test_text_that_utf8_cannot_hold_is_refused(tmp_path: Path) -> None:
    (said,) = EXPORTER.write([{"id": "a", "text": "\ud800", "entities": []}], tmp_path, None)
    assert isinstance(said, Finding)
    assert said.code == "IO001"


LIKE = {
    "an export": (b'[{"id":1,"annotations":[{"result":[{"from_name":"a","to_name":"b"}]}]}]', True),
    "a minimal one": (b'[{"text":"a","annotator":1,"annotation_id":2,"lead_time":3}]', True),
    "an article": (b'{"id":"a","text":"from_name to_name"}', False),
    "another list": (b'[{"text":"a","annotations":[]}]', False),
}


@pytest.mark.parametrize(("head", "expected"), LIKE.values(), ids=LIKE)
def test_files_are_known_by_certain_signs(head: bytes, *, expected: bool) -> None:
    assert looks_like("a.json", head) is expected


VALID = json.dumps([
    task(annotation(region("r1", 0, 10, "PER", said="Mara Quill"), region("r2", 21, 31, "LOC"), pair("r1", "r2", "Near"),
                    answer("choices", "tone", ["calm"]), reviews=[{"id": 1, "accepted": True}]),
         predictions=[{"id": 1, "result": [], "model_version": "m"}]),
    {"text": TEXT, "id": 5, "tone": "calm", "annotator": 3, "annotation_id": 7},
]).encode()  # fmt: skip
PARTS = st.sampled_from(
    [b"null", b"7", b"[]", b"{}", b'"x"', b"-1", b"1e300", b"true", b"[[]]", b'{"id":[]}', b"\\u0000"]
)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(VALID)), st.integers(0, 12), PARTS | st.binary(max_size=6))
def test_damage_gives_articles_or_findings(at: int, gone: int, put: bytes) -> None:
    for one in imports(VALID[:at] + put + VALID[at + gone :]):
        assert one.article is not None or one.findings


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 40) | st.floats(allow_nan=False) | st.sampled_from(["a", "r1", "labels", "relation", ""]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["id", "data", "text", "annotations", "predictions", "drafts", "result", "value", "labels", "type",
                         "start", "end", "from_id", "to_id", "from_name", "reviews", "completed_by", "meta", "choices"]),
        inner, max_size=5,
    ),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.builds(lambda value, data: {"data": data, "annotations": value}, VALUES, VALUES), max_size=3) | VALUES
)
def test_any_json_gives_articles_or_findings(value: Any) -> None:
    for one in imports(value):
        assert one.article is not None or one.findings
