"""PubAnnotation: small sources with their articles, the real document, hostile files, ways there and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_tool import formats
from corpus_tool.findings import Finding
from corpus_tool.formats import Imported, Source
from corpus_tool.formats.fidelity import items
from corpus_tool.inventory_files import parse_inventory
from tests.corpora import corpora
from tests.formats.round_trips import SHAPES, check_declared, check_kept, read, samples, there_and_back, written
from tests.generated import Shape

NAME = "pubannotation"
TEXT = "IRF-4 binds κB 😀 in CML."


def parse(value: Any, path: str = "dir/x.json", labels: Any = None) -> list[Imported]:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(formats.importer(NAME).read(Source(path, "x", lambda suffix: None if suffix else data), labels))


def one(value: Any, labels: Any = None) -> Imported:
    (found,) = parse(value, labels=labels)
    return found


def denotation(name: str, begin: int, end: int, obj: Any = "Protein", **more: Any) -> dict[str, Any]:
    return {"id": name, "span": {"begin": begin, "end": end}, "obj": obj, **more}


def codes(imported: Imported) -> list[str]:
    return [finding.code for finding in imported.findings]


def layers(imported: Imported) -> dict[str, Any]:
    assert imported.article is not None
    return {
        name: [{key: value for key, value in each.items() if key != "prov"} for each in layer]
        for name, layer in imported.article.items()
        if isinstance(layer, list) and name != "provenance"
    }


def entity(name: str, kind: str, *pieces: tuple[int, int], **more: Any) -> dict[str, Any]:
    spans = [{"start": start, "end": end, "text": TEXT[start:end]} for start, end in pieces]
    return {"id": name, "type": kind, "spans": spans, **more}


READ = {
    "a-denotation": ({"denotations": [denotation("T1", 0, 5)]}, {"entities": [entity("T1", "Protein", (0, 5))]}),
    "a-span-in-brackets": (
        {"denotations": [{"id": "T1", "span": [0, 5], "obj": "P"}]}, {"entities": [entity("T1", "P", (0, 5))]},
    ),
    "a-list-of-spans": (
        {"denotations": [{"id": "T1", "span": [{"begin": 0, "end": 3}, {"begin": 4, "end": 5}], "obj": "P"}]},
        {"entities": [entity("T1", "P", (0, 3), (4, 5))]},
    ),
    "a-list-of-brackets": (
        {"denotations": [{"id": "T1", "span": [[0, 3], [4, 5]], "obj": "P"}]},
        {"entities": [entity("T1", "P", (0, 3), (4, 5))]},
    ),
    "a-chain-of-fragments": (
        {"denotations": [denotation("T1", 0, 3, "_FRAGMENT"), denotation("T2", 4, 5)],
         "relations": [{"id": "R1", "subj": "T2", "pred": "_lexicallyChainedTo", "obj": "T1"}]},
        {"entities": [entity("T2", "Protein", (0, 3), (4, 5))]},
    ),
    "fragments-in-a-circle": (
        {"denotations": [denotation("T1", 0, 3, "_FRAGMENT"), denotation("T2", 4, 5)],
         "relations": [{"id": "R1", "subj": "T2", "pred": "_lexicallyChainedTo", "obj": "T1"},
                       {"id": "R2", "subj": "T1", "pred": "_lexicallyChainedTo", "obj": "T1"}]},
        {"entities": [entity("T2", "Protein", (0, 3), (4, 5))]},
    ),
    "attributes-of-every-type": (
        {"denotations": [denotation("T1", 0, 5)],
         "attributes": [{"id": f"A{number}", "subj": "T1", "pred": "p", "obj": obj}
                        for number, obj in enumerate(["s", True, False, 1.5, None, ["x", {"y": 1}]])]},
        {"entities": [entity("T1", "Protein", (0, 5), attributes=[
            {"name": "p", "value": "s", "id": "A0"}, {"name": "p", "id": "A1"}, {"name": "p", "value": "false", "id": "A2"},
            {"name": "p", "value": "1.5", "id": "A3"}, {"name": "p", "value": "null", "id": "A4"},
            {"name": "p", "value": '["x",{"y":1}]', "id": "A5"}])]},
    ),
    "a-modification": (
        {"denotations": [denotation("T1", 0, 5)], "modifications": [{"id": "M1", "pred": "Negation", "obj": "T1"}]},
        {"entities": [entity("T1", "Protein", (0, 5), attributes=[{"name": "Negation", "id": "M1"}])]},
    ),
    "a-relation": (
        {"denotations": [denotation("T1", 0, 5), denotation("T2", 12, 14)],
         "relations": [{"id": "R1", "subj": "T1", "pred": "binds", "obj": "T2"}],
         "attributes": [{"subj": "R1", "pred": "sure", "obj": True}]},
        {"entities": [entity("T1", "Protein", (0, 5)), entity("T2", "Protein", (12, 14))],
         "relations": [{"id": "R1", "type": "binds", "attributes": [{"name": "sure"}],
                        "arguments": [{"role": "Arg1", "ref": "T1"}, {"role": "Arg2", "ref": "T2"}]}]},
    ),
    "blocks": (
        {"blocks": [denotation("B1", 0, 24, "Title"), denotation("B2", 0, 24, "sentence"), denotation("B3", 0, 5, "Zone")]},
        {"passages": [entity("B1", "headline", (0, 24))],
         "sentences": [{"id": "B2", "spans": entity("", "", (0, 24))["spans"]}],
         "entities": [entity("B3", "Zone", (0, 5), attributes=[{"name": "block"}])]},
    ),
    "a-relation-to-a-block": (
        {"denotations": [denotation("T1", 0, 5)], "blocks": [denotation("B1", 0, 24, "Title")],
         "relations": [{"id": "R1", "subj": "T1", "pred": "in", "obj": "B1"}]},
        {"entities": [entity("T1", "Protein", (0, 5)), entity("B1", "Title", (0, 24), attributes=[{"name": "block"}])],
         "relations": [{"id": "R1", "type": "in",
                        "arguments": [{"role": "Arg1", "ref": "T1"}, {"role": "Arg2", "ref": "B1"}]}]},
    ),
    "nothing-found": ({"denotations": [], "relations": []}, {"entities": [], "relations": []}),
    "not-annotated": ({}, {}),
}  # fmt: skip


@pytest.mark.parametrize(("said", "expected"), READ.values(), ids=READ)
def test_what_is_read(said: dict[str, Any], expected: dict[str, Any]) -> None:
    found = one({"text": TEXT, **said})
    assert layers(found) == expected
    assert codes(found) == []
    assert found.losses == ()


def test_roles_are_those_of_the_inventory() -> None:
    labels = parse_inventory({"inventory": "1.0", "relation": [
        {"name": "binds", "arguments": [{"role": "Agent"}, {"role": "Theme"}]}
    ]}, "here")  # fmt: skip
    marks = [denotation("T1", 0, 5), denotation("T2", 12, 14)]
    value = {"text": TEXT, "denotations": marks, "relations": [{"subj": "T1", "pred": "binds", "obj": "T2"}]}
    found = one(value, labels)
    assert found.article is not None
    assert [end["role"] for end in found.article["relations"][0]["arguments"]] == ["Agent", "Theme"]


NAMES = {
    "database": ({"sourcedb": "PMC", "sourceid": "12"}, "PMC:12"),
    "division": ({"sourcedb": "PMC", "sourceid": "12", "divid": 3}, "PMC:12-3"),
    "entry-alone": ({"sourceid": "12"}, "12"),
    "target": ({"target": "https://pubannotation.org/docs/sourcedb/PubMed/sourceid/7"}, "PubMed:7"),
    "none": ({}, "x"),
    "no-names": ({"sourceid": ["12"], "sourcedb": True}, "x"),
}


@pytest.mark.parametrize(("said", "name"), NAMES.values(), ids=NAMES)
def test_the_name_of_the_article(said: dict[str, Any], name: str) -> None:
    found = one({"text": TEXT, **said})
    assert found.article is not None
    assert found.article["id"] == name


def test_a_list_is_an_article_each() -> None:
    divisions = [{"sourcedb": "PMC", "sourceid": "1", "divid": number, "text": TEXT} for number in range(2)]
    assert [each.article["id"] for each in parse([*divisions, {"text": TEXT}]) if each.article] == [
        "PMC:1-0", "PMC:1-1", "x-0003"
    ]  # fmt: skip


def test_places_in_a_list_of_documents() -> None:
    bad = {"text": TEXT, "denotations": [denotation("T1", 3, 99)]}
    data = json.dumps([bad, bad], indent=1).encode()
    lines = [number for number, line in enumerate(data.split(b"\n"), 1) if b'"id": "T1"' in line]
    assert [each.findings[0].location.line for each in parse(data)] == [line - 1 for line in lines]


def test_lines_are_an_article_each() -> None:
    lines = b'{"text": "a"}\n\n{"text": \n{"text": "b", "denotations": [{"span": {}, "obj": 1}]}'
    first, broken, last = parse(lines, "dir/x.jsonl")
    assert (first.article or {})["id"] == "x-0001"
    assert [(finding.code, finding.location.line) for finding in broken.findings] == [("IO002", 3)]
    assert (last.article or {})["text"] == "b"
    assert [(finding.code, finding.location.line) for finding in last.findings] == [("IO019", 4)]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [(17, 19, []), (18, 20, ["IO017"]), (21, 23, ["IO017"])],
    ids=["code-points", "utf-16", "bytes"],
)
def test_the_unit_is_the_one_that_explains_every_word(start: int, end: int, expected: list[str]) -> None:
    found = one({"text": TEXT, "denotations": [denotation("T1", start, end, text="in")]})
    assert layers(found)["entities"] == [entity("T1", "Protein", (17, 19))]
    assert codes(found) == expected


WRONG = {
    "outside": ({"denotations": [denotation("T1", 3, 99)]}, ["IO018"]),
    "backwards": ({"denotations": [denotation("T1", 5, 3)]}, ["IO019"]),
    "span-no-span": ({"denotations": [{"id": "T1", "span": "0-5", "obj": "P"}]}, ["IO019"]),
    "half-a-list": ({"denotations": [{"id": "T1", "span": [{"begin": 0, "end": 1}, 5], "obj": "P"}]}, ["IO019"]),
    "list-no-list": ({"denotations": {"T1": 1}}, ["IO019"]),
    "element-no-object": ({"denotations": [5]}, ["IO019"]),
    "id-twice": ({"denotations": [denotation("T1", 0, 1), denotation("T1", 2, 3)]}, ["IO020"]),
    "relation-without-end": ({"relations": [{"subj": "T1", "pred": "p"}]}, ["IO019"]),
    "attribute-of-nothing": ({"attributes": [{"subj": "T9", "pred": "p", "obj": 1}]}, ["REF402"]),
    "attribute-without-name": ({"attributes": [{"subj": "T9", "obj": 1}]}, ["IO019"]),
    "track-no-object": ({"tracks": ["a"]}, ["IO019"]),
}


@pytest.mark.parametrize(("said", "expected"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_found_and_the_rest_is_read(said: dict[str, Any], expected: list[str]) -> None:
    found = one({"text": TEXT, **said})
    assert found.article is not None
    assert codes(found) == expected
    assert all(finding.location.line == 1 for finding in found.findings)


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "IO002"), (b"[]", "IO019"), (b"5", "IO019"), (b"{}", "IO019"), (b'{"text": 5}', "IO019"),
     (b'{"text": "\xff"}', "IO001"), (b"[" * 9999, "IO012"), (b'{"text": NaN}', "IO002")],
)  # fmt: skip
def test_a_hostile_file_is_refused(data: bytes, code: str) -> None:
    found = one(data)
    assert found.article is None
    assert codes(found) == [code]


def test_what_an_article_has_no_place_for_is_counted() -> None:
    extra = {
        "namespaces": [{"prefix": "_base", "uri": "http://x/"}], "config": "http://c/",
        "typesettings": [{"span": {"begin": 0, "end": 5}, "style": "italic"}], "section": "TIAB",
    }  # fmt: skip
    found = one({"text": TEXT, **extra})
    assert {loss.what: loss.count for loss in found.losses} == dict.fromkeys(extra, 1)
    assert next(loss.example for loss in found.losses if loss.what == "typesettings") == "x: 0-5"


def test_the_real_document() -> None:
    (found,) = read(NAME, corpora("pubannotation"))
    article = found.article
    assert article is not None
    assert codes(found) == []
    assert article["id"] == "PubMed:25314077"
    assert article["metadata"] == {"uri": "http://www.ncbi.nlm.nih.gov/pubmed/25314077"}
    assert [record["agent"] for record in article["provenance"]] == ["Inflammaging", "PubmedHPO"]
    assert {one["prov"] for one in article["sentences"]} == {"Inflammaging"}
    assert len(article["sentences"]) + len(article["entities"]) == 4
    assert [len(one["spans"]) for one in article["entities"]] == [1, 2]
    assert len(article["relations"]) == 1
    assert [one["attributes"] for one in article["entities"]] == [
        [{"name": "uniprot", "value": "Q15306", "id": "A1"}], [{"name": "uncertain", "id": "A2"}]
    ]  # fmt: skip
    assert found.places["/entities/1"] == (40, 9)
    assert there_and_back(NAME, [article]) == [article]


def test_the_declaration_is_what_comes_back() -> None:
    check_declared(NAME)


@settings(max_examples=25, deadline=None)
@given(shape=SHAPES)
def test_what_is_declared_comes_back(shape: Shape) -> None:
    check_kept(NAME, shape)


ODD = {
    "id": "PMC:1:2",
    "text": TEXT,
    "entities": [
        entity("T1", "Sentence", (0, 5), attributes=[{"name": "subj", "value": "x"}, {"name": "note:a"}], confidence=1),
        entity("T2", "Title", (6, 11), attributes=[{"name": "block"}, {"name": "layer", "value": "tokens"}]),
        entity("T3", "P", (6, 11), attributes=[{"name": "type", "value": "q"}, {"name": "n", "value": "true"}]),
    ],
    "passages": [entity("P1", "related", (0, 5))],
    "relations": [
        {"id": "R1", "type": "three", "arguments": [{"role": "a", "ref": f"T{number}"} for number in (1, 2, 3)]},
        {"id": "R2", "type": "none", "arguments": []},
        {"id": "R3", "type": "of", "arguments": [{"role": "a", "ref": "E1"}, {"role": "Arg2", "ref": "T1"}]},
    ],
    "events": [{"id": "E1", "type": "Bind", "trigger": "T3", "arguments": [{"role": "trigger", "ref": "T3"}]}],
    "labels": [{"axis": "a", "value": "v"}, {"id": "L", "axis": "a", "value": "w", "confidence": 0.5}],
    "notes": [{"id": "N1", "ref": "L", "type": "k:l", "text": "on a label"}],
}


def test_names_that_mean_something_to_the_format_come_back() -> None:
    (after,) = there_and_back(NAME, [ODD])
    assert {name: found for name, found in items(after).items() if name != "provenance"} == {
        name: found for name, found in items(ODD).items() if name != "provenance"
    }


def test_what_gets_lost_is_counted(tmp_path: Path) -> None:
    article = {
        "id": "a", "text": "ab",
        "entities": [{"id": "T", "type": "X", "spans": [{"start": 0, "end": 1, "text": "a"}], "own": 1,
                      "attributes": [{"name": "n", "value": ""}], "prov": "M"}],
        "notes": [{"id": "N", "text": "t"}, {"id": "O", "ref": "N", "text": "u"}],
        "provenance": [{"id": "M", "agent": "m", "agent_type": "model"}],
    }  # fmt: skip
    lost = {said.what: said.count for said in written(NAME, [article], tmp_path) if not isinstance(said, Finding)}
    assert lost == {
        "what provenance says beyond a name": 1, "empty values of attributes": 1, "entities: own": 1,
        "notes on the whole article": 1, "notes on notes": 1,
    }  # fmt: skip


def test_an_id_that_leaves_the_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    (said,) = written(NAME, [{"id": "../a", "text": "a"}], folder)
    assert isinstance(said, Finding)
    assert said.code == "IO010"
    assert list(tmp_path.rglob("*.json")) == []


def test_files_that_are_there_are_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("mine")
    (said,) = written(NAME, [{"id": "a", "text": "a"}], tmp_path)
    assert isinstance(said, Finding)
    assert (tmp_path / "a.json").read_text() == "mine"


def test_written_documents_have_the_shape_of_the_format(tmp_path: Path) -> None:
    """Every reference of what we write leads to something of the same document, and every span is inside its text."""
    written(NAME, [*samples(), ODD], tmp_path)
    for path in tmp_path.rglob("*.json"):
        document = json.loads(path.read_bytes())
        tracks = [document, *document.get("tracks", ())]
        parts = {
            name: [each for track in tracks for each in track.get(name, ())]
            for name in ("denotations", "blocks", "relations", "attributes")
        }
        marks = {each["id"] for each in (*parts["denotations"], *parts["blocks"])}
        assert all(each["subj"] in marks and each["obj"] in marks for each in parts["relations"])
        named = marks | {each["id"] for each in parts["relations"] if "id" in each}
        notes = {each["id"] for each in parts["attributes"] if "id" in each}
        assert all(each["subj"] in named | notes for each in parts["attributes"])
        for each in (*parts["denotations"], *parts["blocks"]):
            spans = each["span"] if isinstance(each["span"], list) else [each["span"]]
            assert all(0 <= span["begin"] <= span["end"] <= len(document["text"]) for span in spans)


VALID = json.dumps({
    "text": TEXT, "sourcedb": "P", "denotations": [denotation("T1", 0, 5), denotation("T2", 6, 11)],
    "relations": [{"id": "R1", "subj": "T1", "pred": "p", "obj": "T2"}], "tracks": [{"project": "a", "blocks": []}],
    "attributes": [{"subj": "T1", "pred": "p", "obj": True}],
}).encode()  # fmt: skip
PIECES = (b"", b"\0", b"\xff", b'"', b"null", b"[", b"{", b"-1", b"1e9", b"99999999999999999999", b"true", b"5", b"T2")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_damage_makes_findings_only(data: st.DataObject) -> None:
    broken = bytearray(VALID)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(broken) - 1))
        broken[at : at + data.draw(st.integers(0, 6))] = data.draw(st.sampled_from(PIECES))
    for found in parse(data.draw(st.one_of(st.binary(max_size=200), st.just(bytes(broken))))):
        assert found.article is not None or found.findings
        assert all(place[0] >= 1 for place in found.places.values())


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 30) | st.sampled_from(["T1", "", "p"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "span", "begin", "end", "obj", "subj", "pred", "text", "project"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(
    document=st.dictionaries(
        st.sampled_from(
            [
                "sourceid",
                "divid",
                "target",
                "tracks",
                "denotations",
                "blocks",
                "relations",
                "attributes",
                "modifications",
            ]
        ),
        st.lists(VALUES, max_size=3) | VALUES,
    )
)
def test_values_of_any_type_make_findings_only(document: dict[str, Any]) -> None:
    found = one({"text": TEXT, **document})
    assert found.article is not None


@pytest.mark.parametrize(("head", "expected"), [(VALID, True), (b'{"text": "a", "entities": []}', False)])
def test_signs(head: bytes, expected: bool) -> None:
    about = formats.about(NAME)
    assert about is not None
    assert about.looks_like is not None
    assert about.looks_like("x.json", head) is expected
