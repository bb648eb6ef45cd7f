from __future__ import annotations

import json

import pyarrow as pa
import pytest

from corpus_tool.contract import Contract, load_contract
from corpus_tool.errors import SettingsError
from corpus_tool.inventory_files import parse_inventory
from corpus_tool.tokens import rows, token_rows
from corpus_tool.views import Block, View, views

INVENTORY = parse_inventory(
    {
        "inventory": "1.0",
        "entity": [{"name": "PER"}, {"name": "ORG"}, {"name": "ACT"}],
        "relation": [{"name": "Employer"}],
        "event": [{"name": "Arrest"}, {"name": "ACT"}],
    },
    "inventory",
)
CONTRACT = load_contract(None, INVENTORY)
TEXT = "Aliya 😀 Serova of ACME was\r\narrested. E\u0301mile left.\u2028"


def at(text: str, surface: str) -> dict[str, object]:
    """The span of the first occurrence."""
    start = text.index(surface)
    return {"start": start, "end": start + len(surface), "text": surface}


def entity(own: str, label: str, *surfaces: str, text: str = TEXT, **more: object) -> dict[str, object]:
    return {"id": own, "type": label, "spans": [at(text, surface) for surface in surfaces], **more}


def article(own: str = "a", **layers: object) -> dict[str, object]:
    return {"id": own, "text": TEXT, **layers}


def batch(*articles: dict[str, object], contract: Contract = CONTRACT) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(list(articles), schema=contract.arrow)


def view(name: str, contract: Contract = CONTRACT) -> View:
    return next(each for each in views(contract) if each.name == name)


def table(name: str, *articles: dict[str, object], contract: Contract = CONTRACT) -> list[dict[str, object]]:
    found = rows(view(name, contract), batch(*articles, contract=contract), contract)
    found.validate(full=True)
    return found.to_pylist()


FULL = article(
    entities=[
        entity("T1", "PER", "Aliya", "Serova", prov="A1"),
        entity("T2", "ORG", "ACME", links=[{"db": "wikidata", "id": "Q1"}], prov="A1", confidence=0.5),
        entity("T3", "ACT", "arrested", attributes=[{"name": "past"}], prov="A1"),
        entity("T4", "PER", "E\u0301mile", prov="A1"),
    ],
    relations=[
        {"id": "R1", "type": "Employer", "arguments": [{"role": "who", "ref": "T1"}, {"role": "what", "ref": "E1"}]},
        {"id": "R2", "type": "Employer", "arguments": []},
        {"id": "R3", "type": "Employer", "arguments": [{"role": "who", "ref": "gone"}]},
    ],
    events=[{"id": "E1", "type": "Arrest", "trigger": "T3", "arguments": [{"role": "whom", "ref": "T4"}]}],
    quotations=[
        {"id": "Q1", "type": "direct", "spans": [at(TEXT, "left")], "speaker": "T4", "cue": ["T3", "T2"]},
        {"id": "Q2", "type": "indirect", "spans": [at(TEXT, "left")], "cue": []},
    ],
)


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("entities", "article_id id type start end text spans attributes links prov confidence"),
        ("relations", "article_id id type arguments attributes prov confidence"),
        (
            "events",
            "article_id id type trigger trigger_start trigger_end trigger_text arguments attributes prov confidence",
        ),
        (
            "quotations",
            "article_id id type start end text spans speaker speaker_text cue cue_text attributes prov confidence",
        ),
        ("tokens", "article_id sentence_id tokens starts ends tags"),
        ("articles", " ".join(field.name for field in CONTRACT.root.fields)),
        ("articles_raw", " ".join(field.name for field in CONTRACT.root.fields)),
    ],
)
def test_columns_of_the_base_contract(name: str, columns: str) -> None:
    assert " ".join(view(name).schema.names) == columns


def test_labels_of_arguments_are_those_of_entities_then_the_new_ones_of_events() -> None:
    assert view("relations").labels == {
        ("type",): ("Employer",),
        ("arguments", "*", "type"): ("PER", "ORG", "ACT", "Arrest"),
    }
    assert view("articles").labels["entities", "*", "type"] == ("PER", "ORG", "ACT")
    assert view("tokens").labels["tags", "*"] == ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-ACT", "I-ACT")


def test_without_an_inventory_labels_are_open() -> None:
    contract = load_contract(None, None)
    assert view("entities", contract).labels == {}
    assert view("tokens", contract).labels == {}
    assert list(view("quotations", contract).labels) == [("type",)]


def test_entities_have_hull_and_joined_text_in_code_points() -> None:
    found = table("entities", FULL, article("b"), article("c", entities=[]), {**FULL, "id": "d"})
    assert [(row["article_id"], row["id"]) for row in found] == [
        (own, f"T{number}") for own in "ad" for number in (1, 2, 3, 4)
    ]
    first, second, third, fourth = found[:4]
    assert (first["start"], first["end"], first["text"]) == (0, 14, "Aliya Serova")
    assert first["spans"] == [{"start": 0, "end": 5, "text": "Aliya"}, {"start": 8, "end": 14, "text": "Serova"}]
    assert (first["attributes"], first["links"], first["confidence"]) == (None, None, None)
    assert second["links"] == [{"db": "wikidata", "id": "Q1", "text": None, "confidence": None, "id_in_source": None}]
    assert (second["prov"], second["confidence"]) == ("A1", 0.5)
    assert third["attributes"] == [{"id": None, "name": "past", "value": None}]
    for row in (second, third, fourth):
        assert TEXT[row["start"] : row["end"]] == row["text"]


def test_arguments_are_resolved_within_the_article() -> None:
    other = article("b", entities=[entity("T1", "ORG", "ACME")], relations=FULL["relations"])
    one, two, three, *rest = table("relations", FULL, other)
    assert one["arguments"] == [
        {"role": "who", "ref": "T1", "type": "PER", "start": 0, "end": 14, "text": "Aliya Serova"},
        {"role": "what", "ref": "E1", "type": "Arrest", **at(TEXT, "arrested")},
    ]
    assert two["arguments"] == []
    nothing = {"type": None, "start": None, "end": None, "text": None}
    assert three["arguments"] == [{"role": "who", "ref": "gone", **nothing}]
    assert rest[0]["arguments"] == [
        {"role": "who", "ref": "T1", "type": "ORG", **at(TEXT, "ACME")},
        {"role": "what", "ref": "E1", **nothing},
    ]


def test_events_have_their_trigger() -> None:
    (found,) = table("events", article("0"), FULL)
    place = at(TEXT, "arrested")
    assert found["trigger"] == "T3"
    assert (found["trigger_start"], found["trigger_end"], found["trigger_text"]) == tuple(place.values())
    assert found["arguments"] == [{"role": "whom", "ref": "T4", "type": "PER", **at(TEXT, "E\u0301mile")}]


def test_quotations_have_speaker_and_cues() -> None:
    one, two = table("quotations", FULL)
    assert (one["speaker_text"], one["cue"], one["cue_text"]) == ("E\u0301mile", ["T3", "T2"], ["arrested", "ACME"])
    assert (two["speaker"], two["speaker_text"], two["cue"], two["cue_text"]) == (None, None, [], [])


@pytest.mark.parametrize("name", [each.name for each in views(CONTRACT)])
@pytest.mark.parametrize("cut", [(0, 0), (1, 2), (2, 1), (0, 3)], ids=str)
def test_a_slice_gives_the_rows_of_its_articles(name: str, cut: tuple[int, int]) -> None:
    articles = [FULL, article("b"), {**FULL, "id": "c", "tokens": [], "sentences": []}]
    whole = batch(*articles)
    part = whole.slice(*cut)
    fresh = batch(*articles[cut[0] : cut[0] + cut[1]])
    assert rows(view(name), part, CONTRACT).to_pylist() == rows(view(name), fresh, CONTRACT).to_pylist()


WORDS = ["Aliya", "😀", "Serova", "of", "ACME", "was", "arrested", ".", "E\u0301mile", "left"]
TOKENIZED = article(
    tokens=[{"id": f"K{number}", "spans": [at(TEXT, word)]} for number, word in enumerate(WORDS)],
    sentences=[
        {"id": "S1", "spans": [at(TEXT, TEXT[: TEXT.index(" E")])]},
        {"id": "S2", "spans": [at(TEXT, "E\u0301mile left.")]},
    ],
)


@pytest.mark.parametrize(
    ("entities", "tags", "left_out"),
    [
        pytest.param([entity("T1", "PER", "Aliya 😀 Serova")], {0: "B-PER", 1: "I-PER", 2: "I-PER"}, {}, id="emoji"),
        pytest.param(
            [entity("T1", "PER", "Serova"), entity("T2", "ORG", "Aliya 😀 Serova")],
            {0: "B-ORG", 1: "I-ORG", 2: "I-ORG"},
            {"under a longer one": 1},
            id="nested: the longest",
        ),
        pytest.param(
            [entity("T2", "ORG", "ACME"), entity("T1", "PER", "ACME")],
            {4: "B-PER"},
            {"under a longer one": 1},
            id="equal: the first id",
        ),
        pytest.param(
            [entity("T1", "PER", "Aliya 😀"), entity("T2", "ORG", "😀 Serova of"), entity("T3", "ACT", "ACME")],
            {1: "B-ORG", 2: "I-ORG", 3: "I-ORG", 4: "B-ACT"},
            {"under a longer one": 1},
            id="crossing, and a neighbour",
        ),
        pytest.param(
            [entity("T1", "PER", "Ser"), entity("T2", "PER", "ova"), entity("T3", "PER", "Aliya ")],
            {},
            {"not on token boundaries": 3},
            id="boundaries",
        ),
        pytest.param([entity("T1", "PER", "Aliya", "Serova")], {}, {"discontinuous": 1}, id="discontinuous"),
        pytest.param(
            [entity("T1", "PER", "arrested. E\u0301mile")], {}, {"across or outside sentences": 1}, id="two sentences"
        ),
        pytest.param([], {}, {}, id="none found"),
    ],
)
def test_tags(entities: list[object], tags: dict[int, str], left_out: dict[str, int]) -> None:
    block = Block(batch(article("0"), {**TOKENIZED, "entities": entities}), CONTRACT)
    found, counts = token_rows(block, view("tokens"))
    assert counts == left_out
    one, two = found.to_pylist()
    assert (one["article_id"], one["sentence_id"], two["sentence_id"]) == ("a", "S1", "S2")
    assert one["tokens"] + two["tokens"] == WORDS
    assert one["tags"] + two["tags"] == [tags.get(number, "O") for number in range(len(WORDS))]
    spans = zip(one["starts"] + two["starts"], one["ends"] + two["ends"], strict=True)
    assert [TEXT[start:end] for start, end in spans] == WORDS


def test_without_sentences_an_article_is_a_row() -> None:
    (row,) = table("tokens", {**TOKENIZED, "sentences": [], "entities": [entity("T1", "ORG", "ACME")]})
    assert (row["sentence_id"], row["tokens"], row["tags"][4]) == (None, WORDS, "B-ORG")


def test_tags_are_null_where_entities_were_not_annotated() -> None:
    assert [row["tags"] for row in table("tokens", TOKENIZED)] == [None, None]


def test_a_token_outside_sentences_is_counted() -> None:
    block = Block(batch({**TOKENIZED, "sentences": TOKENIZED["sentences"][:1], "entities": []}), CONTRACT)
    found, counts = token_rows(block, view("tokens"))
    assert found.num_rows == 1
    assert counts == {"tokens outside sentences": 2}


def test_only_labels_marked_for_tags_give_tags() -> None:
    marked = {"inventory": "1.0", "entity": [{"name": "PER"}, {"name": "ORG", "tag": True}]}
    contract = load_contract(None, parse_inventory(marked, "inventory"))
    assert view("tokens", contract).labels["tags", "*"] == ("O", "B-ORG", "I-ORG")
    entities = [entity("T1", "PER", "Aliya"), entity("T2", "ORG", "ACME")]
    one, _ = table("tokens", {**TOKENIZED, "entities": entities}, contract=contract)
    assert [tag for tag in one["tags"] if tag != "O"] == ["B-ORG"]


def strings(**keywords: object) -> dict[str, object]:
    return {"type": "string", **keywords}


def layer(kind: str, **properties: object) -> dict[str, object]:
    item = {"type": "object", "properties": properties}
    return {"type": "array", "x-layer": kind, "items": item}


OWN = {
    "type": "object",
    "properties": {
        "key": strings(**{"x-id": True}),
        "body": strings(**{"x-text": True}),
        "names": layer(
            "entity",
            nr=strings(**{"x-id": True}),
            art=strings(**{"x-label": True, "enum": ["P", "O"]}),
            von={"type": "integer"},
            bis={"type": "integer"},
        ),
        "links": layer(
            "relation",
            nr=strings(**{"x-id": True}),
            wer=strings(**{"x-ref": ["entity"]}),
            was={"type": "object", "properties": {"wie": strings(**{"x-role": True}), "ziel": strings(**{"x-ref": ["entity"]})}},
        ),
    },
}  # fmt: skip
OWN["properties"]["names"]["items"]["x-span"] = {"start": "von", "end": "bis"}


def own_contract(tmp_path: object, schema: object) -> Contract:
    path = tmp_path / "own.json"
    path.write_text(json.dumps(schema))
    return load_contract(path, None)


def test_a_corpus_of_its_own_shape_keeps_its_names(tmp_path: object) -> None:
    contract = own_contract(tmp_path, OWN)
    assert [each.name for each in views(contract)] == ["articles", "entities", "relations", "articles_raw"]
    assert view("relations", contract).labels == {("wer_type",): ("P", "O"), ("was", "type"): ("P", "O")}
    one = {
        "key": "x",
        "body": "😀 Anna",
        "names": [{"nr": "1", "art": "P", "von": 2, "bis": 6}],
        "links": [{"nr": "2", "wer": "1", "was": {"wie": "selbst", "ziel": "1"}}, {"nr": "3", "was": None}],
    }
    found = table("entities", one, contract=contract)
    assert found == [{"article_id": "x", "nr": "1", "art": "P", "von": 2, "bis": 6, "text": "Anna"}]
    place = {"type": "P", "start": 2, "end": 6, "text": "Anna"}
    first, second = table("relations", one, contract=contract)
    assert first["was"] == {"wie": "selbst", "ziel": "1", **place}
    assert {name: first[f"wer_{name}"] for name in place} == place
    assert second == {name: "x" if name == "article_id" else "3" if name == "nr" else None for name in second}


def test_two_layers_of_a_kind_give_two_views(tmp_path: object) -> None:
    schema = json.loads(json.dumps(OWN))
    schema["properties"]["places"] = schema["properties"]["names"]
    contract = own_contract(tmp_path, schema)
    assert [each.name for each in views(contract)][1:3] == ["entities_names", "entities_places"]
    one = {"key": "x", "body": "in Oslo", "places": [{"nr": "1", "art": "O", "von": 3, "bis": 7}],
           "links": [{"nr": "2", "wer": "1"}]}  # fmt: skip
    assert table("entities_names", one, contract=contract) == []
    assert table("relations", one, contract=contract)[0]["wer_text"] == "Oslo"


@pytest.mark.parametrize(
    ("where", "name"),
    [("names", "article_id"), ("names", "text"), ("links", "wer_start")],
)
def test_a_field_with_the_name_of_a_computed_column_is_refused(tmp_path: object, where: str, name: str) -> None:
    schema = json.loads(json.dumps(OWN))
    schema["properties"][where]["items"]["properties"][name] = strings()
    contract = own_contract(tmp_path, schema)
    with pytest.raises(SettingsError, match=f"'{name}'"):
        views(contract)
