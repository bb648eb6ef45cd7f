"""BioC: small sources with their articles, the real collection, hostile files, ways there and back, the peer."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_tool import formats
from corpus_tool.findings import Finding
from corpus_tool.formats import Imported, Source
from corpus_tool.formats.fidelity import items
from tests.corpora import corpora
from tests.formats.round_trips import SHAPES, check_declared, check_kept, read, samples, there_and_back, written
from tests.generated import Shape

NAMES = ("bioc", "bioc-json")


def xml(documents: str, head: str = "<source/><date/><key/>") -> bytes:
    return f'<?xml version="1.0"?><collection>{head}{documents}</collection>'.encode()


def document(passages: str, name: str = "d") -> str:
    return f"<document><id>{name}</id>{passages}</document>"


def passage(offset: int, text: str, inner: str = "", infons: str = "") -> str:
    return f"<passage>{infons}<offset>{offset}</offset><text>{text}</text>{inner}</passage>"


def mark(name: str, offset: int, length: int, words: str, infons: str = "") -> str:
    where = f'<location offset="{offset}" length="{length}"/>'
    return f'<annotation id="{name}">{infons}{where}<text>{words}</text></annotation>'


def parse(data: bytes, name: str = "bioc", path: str = "dir/c.xml") -> list[Imported]:
    def bytes_of(suffix: str | None) -> bytes | None:
        return data if suffix is None else None

    return list(formats.importer(name).read(Source(path, "c", bytes_of), None))


def one(data: bytes, name: str = "bioc") -> Imported:
    (found,) = parse(data, name)
    return found


def codes(imported: Imported) -> list[str]:
    return [finding.code for finding in imported.findings]


TEXTS = {
    "one": (passage(0, "Rain."), "Rain."),
    "gap-is-filled": (passage(0, "Rain.") + passage(7, "Snow."), "Rain.\n\nSnow."),
    "first-begins-later": (passage(2, "Rain."), "\n\nRain."),
    "out-of-order": (passage(5, "Snow.") + passage(0, "Rain"), "Rain\nSnow."),
    "space-verbatim": (passage(0, " Rain \n"), " Rain \n"),
    "return": (passage(0, "a&#13;&#10;b\u2028c"), "a\r\nb\u2028c"),
    "cdata": (passage(0, "<![CDATA[<b>&amp;]]>"), "<b>&amp;"),
    "no-text": (passage(0, ""), ""),
    "sentences": (
        "<passage><offset>0</offset><sentence><offset>0</offset><text>One.</text></sentence>"
        "<sentence><offset>6</offset><text>Two.</text></sentence></passage>",
        "One.  Two.",
    ),
    "bioc-2": (
        '<passage offset="0"><text>Rain.</text></passage><passage offset="6"><text>x</text></passage>',
        "Rain.\nx",
    ),
}


@pytest.mark.parametrize(("passages", "text"), TEXTS.values(), ids=TEXTS)
def test_text_is_what_the_offsets_say(passages: str, text: str) -> None:
    found = one(xml(document(passages)))
    assert found.article is not None
    assert found.article["text"] == text
    assert found.findings == ()


def test_an_annotation_with_everything() -> None:
    infons = "".join(
        f'<infon key="{key}">{value}</infon>'
        for key, value in [
            ("type", "Gene"), ("identifier", "NCBI:7157"), ("identifier.2", "12"), ("confidence", "0.5"),
            ("annotator", "ann@site"), ("stage", "two"), ("flag", ""), ("stage", "three"),
        ]
    )  # fmt: skip
    data = xml(document(passage(0, "TP53 κcts", mark("7", 0, 4, "TP53", infons))))
    found = one(data)
    assert found.article is not None
    assert found.article["entities"] == [
        {
            "id": "7", "type": "Gene", "spans": [{"start": 0, "end": 4, "text": "TP53"}], "prov": "ann@site",
            "confidence": 0.5, "links": [{"db": "NCBI", "id": "7157"}, {"db": "identifier", "id": "12"}],
            "attributes": [{"name": "stage", "value": "two"}, {"name": "flag"}, {"name": "stage", "value": "three"}],
        }
    ]  # fmt: skip
    assert found.article["provenance"][0] == {
        "id": "ann@site", "agent": "ann@site", "agent_type": "human", "role": "annotator", "tool": "BioC"
    }  # fmt: skip
    assert found.places["/entities/0"] == (1, data.decode().index("<annotation") + 1)


def test_fragments_relations_and_labels() -> None:
    pieces = '<location offset="0" length="2"/><location offset="6" length="2"/>'
    inner = (
        f'<annotation id="1">{pieces}<text>ab gh</text></annotation>'
        '<annotation id="2"><infon key="type">MeSH</infon><infon key="identifier">D1</infon></annotation>'
        '<relation id="R"><infon key="type">Bind</infon><node refid="1" role="a"/><node refid="1" role="b"/>'
        '<node refid="R0" role="c"/></relation>'
    )
    found = one(xml(document(passage(0, "abcdefgh", inner))))
    article = found.article
    assert article is not None
    assert [span["text"] for span in article["entities"][0]["spans"]] == ["ab", "gh"]
    assert article["relations"][0]["arguments"] == [
        {"role": "a", "ref": "1"}, {"role": "b", "ref": "1"}, {"role": "c", "ref": "R0"}
    ]  # fmt: skip
    assert article["labels"] == [{"id": "2", "axis": "MeSH", "value": "D1", "prov": "bioc"}]
    assert codes(found) == []


GREEK = "κκ — a 😀b"


@pytest.mark.parametrize(
    ("offset", "stated", "expected"),
    [
        (10, [(0, 2, "κκ"), (5, 1, "a"), (8, 1, "b"), (10, 3, "end")], []),
        (17, [(0, 4, "κκ"), (9, 1, "a"), (15, 1, "b"), (17, 3, "end")], ["IO017"]),
        (11, [(0, 2, "κκ"), (5, 1, "a"), (9, 1, "b"), (11, 3, "end")], ["IO017"]),
    ],
    ids=["code-points", "bytes", "utf-16"],
)
def test_the_unit_is_the_one_that_explains_every_word(
    offset: int, stated: list[tuple[int, int, str]], expected: list[str]
) -> None:
    marks = "".join(mark(f"T{number}", *each) for number, each in enumerate(stated))
    found = one(xml(document(passage(0, GREEK, marks) + passage(offset, "end"))))
    assert found.article is not None
    assert found.article["text"] == f"{GREEK}\nend"
    assert [each["spans"][0]["text"] for each in found.article["entities"]] == [words for _, _, words in stated]
    assert all(
        found.article["text"][span["start"] : span["end"]] == span["text"]
        for each in found.article["entities"]
        for span in each["spans"]
    )
    assert codes(found) == expected


WRONG = {
    "passages-overlap": (passage(0, "Rain.") + passage(3, "Snow.", mark("1", 3, 4, "Snow")), ["IO020"]),
    "gap-too-wide": (passage(0, "Rain.") + passage(10**12, "Snow."), ["IO020"]),
    "offset-no-number": (passage(0, "a").replace("<offset>0</offset>", "<offset>x</offset>"), ["IO019"]),
    "location-outside": (passage(0, "Rain.", mark("1", 3, 9, "")), ["IO018"]),
    "location-no-number": (passage(0, "Rain.", mark("1", 0, 1, "R").replace('"0"', '"-1"')), ["IO019"]),
    "id-twice": (passage(0, "Rain.", mark("1", 0, 1, "R") + mark("1", 1, 1, "a")), ["IO020"]),
    "pieces-say-other": (
        passage(0, "abcd", '<annotation id="1"><location offset="0" length="1"/><location offset="2" length="1"/>'
                           "<text>x y</text></annotation>"),
        ["SPN304"],
    ),
    "node-without-refid": (passage(0, "a", '<relation id="R"><node role="x"/></relation>'), ["IO019"]),
}  # fmt: skip


@pytest.mark.parametrize(("passages", "expected"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_found_and_the_rest_is_read(passages: str, expected: list[str]) -> None:
    found = one(xml(document(passages)))
    assert found.article is not None
    assert codes(found) == expected
    assert all(finding.location.line == 1 for finding in found.findings)


def test_annotations_of_a_passage_that_overlaps_move_with_it() -> None:
    found = one(xml(document(passage(0, "Rain.") + passage(3, "Snow.", mark("1", 3, 4, "Snow")))))
    assert found.article is not None
    assert found.article["text"] == "Rain.Snow."
    assert found.article["entities"][0]["spans"] == [{"start": 5, "end": 9, "text": "Snow"}]


def test_ids_that_begin_anew_in_each_passage() -> None:
    link = '<relation id="R"><node refid="1" role="x"/></relation>'
    data = xml(document(passage(0, "ab", mark("1", 0, 1, "a")) + passage(3, "cd", mark("1", 3, 1, "c") + link)))
    found = one(data)
    assert found.article is not None
    second = found.article["entities"][1]["id"]
    assert second != "1"
    assert found.article["relations"][0]["arguments"] == [{"role": "x", "ref": second}]


BOMB = '<!DOCTYPE c [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
REFUSED = {
    "empty": (b"", "IO019"),
    "no-xml": (b"hello", "IO019"),
    "another-root": (b"<html/>", "IO019"),
    "no-document": (xml(""), "IO019"),
    "bomb": (f"<?xml version='1.0'?>{BOMB}<collection><key>&b;</key></collection>".encode(), "IO019"),
    "external-entity": (
        b'<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]><collection><key>&x;</key></collection>',
        "IO019",
    ),
    "undeclared-entity": (b'<!DOCTYPE collection SYSTEM "BioC.dtd"><collection><key>&x;</key></collection>', "IO019"),
    "parameter-entity": (b'<!DOCTYPE c [<!ENTITY % p SYSTEM "http://127.0.0.1/x"> %p;]><collection/>', "IO019"),
    "nul": (xml(document(passage(0, "a\0b"))), "IO019"),
    "not-utf-8": (xml(document(passage(0, "aXb"))).replace(b"X", b"\xff"), "IO001"),
    "deep": (b"<collection>" + b"<passage>" * 5000, "IO019"),
    "unknown-encoding": (b'<?xml version="1.0" encoding="zork"?><collection/>', "IO019"),
}


@pytest.mark.parametrize(("data", "code"), REFUSED.values(), ids=REFUSED)
def test_a_hostile_file_is_refused(data: bytes, code: str) -> None:
    found = one(data)
    assert found.article is None
    assert codes(found) == [code]


def test_a_file_that_breaks_off_keeps_what_came_before() -> None:
    data = xml(document(passage(0, "a"), "one") + document(passage(0, "b"), "two"))
    first, broken = parse(data[: data.index(b"two")])
    assert first.article is not None
    assert first.article["id"] == "one"
    assert codes(broken) == ["IO019"]


def test_the_usual_doctype_is_nothing_special() -> None:
    data = xml(document(passage(0, "a"))).replace(b"?>", b'?><!DOCTYPE collection SYSTEM "BioC.dtd">', 1)
    assert codes(one(data)) == []


REFUSED_JSON = {
    "empty": (b"", "IO002"),
    "list": (b"[1, [2]]", "IO019"),
    "nan": (b'{"documents": NaN}', "IO002"),
    "key-twice": (b'{"documents": [], "documents": []}', "IO003"),
    "deep": (b'{"documents":' + b"[" * 600 + b"]" * 600 + b"}", "IO012"),
}


@pytest.mark.parametrize(("data", "code"), REFUSED_JSON.values(), ids=REFUSED_JSON)
def test_hostile_json_is_refused(data: bytes, code: str) -> None:
    found = one(data, "bioc-json")
    assert found.article is None
    assert codes(found) == [code]


def test_json_with_wrong_types_is_read_as_far_as_it_goes() -> None:
    nested: Any = {"offset": 0, "text": "x"}
    for _ in range(200):
        nested = {"offset": 0, "text": "x", "passages": [nested]}
    value = {"documents": [5, {"id": 7, "passages": [3, {"offset": "x", "text": 5}, nested], "annotations": "no"}]}
    found = parse(json.dumps(value).encode(), "bioc-json")
    assert [each.article["id"] for each in found if each.article] == ["c-0001", "7"]
    assert {"IO019"} <= set(codes(found[1]))


def test_places_in_a_list_of_documents() -> None:
    bad = {"id": "1", "infons": {}, "text": "x", "locations": [{"offset": 9, "length": 1}]}
    made = {"passages": [{"offset": 0, "text": "κ", "infons": {}, "annotations": [bad]}]}
    lines = [json.dumps({"id": name, **made}, ensure_ascii=False) for name in "ab"]
    data = ('[{"documents": [' + ",\n  ".join(lines) + "]}]").encode()
    second = parse(data, "bioc-json")[1]
    (finding,) = second.findings
    assert (finding.location.line, finding.location.column) == (2, lines[1].index('{"id": "1"') + 3)


def everything(name: str) -> list[dict[str, Any]]:
    suffix = ".xml" if name == "bioc" else ".json"
    found = list(read(name, corpora("bioc") / f"everything{suffix}"))
    assert [each.findings for each in found] == [(), ()]
    assert [each.losses for each in found] == [(), ()]
    return [each.article for each in found if each.article]


def test_the_real_collection_is_the_same_in_both_forms() -> None:
    first, second = articles = everything("bioc")
    assert articles == everything("bioc-json")
    assert {layer: len(first[layer]) for layer in ("entities", "relations", "notes")} == {
        "entities": 3, "relations": 2, "notes": 5
    }  # fmt: skip
    assert {layer: len(second[layer]) for layer in ("entities", "relations", "sentences")} == {
        "entities": 2, "relations": 1, "sentences": 2
    }  # fmt: skip
    assert second["text"] == "\n" * 27 + "abcdefg测试Non-ASCII"
    assert second["entities"][1]["spans"] == [{"start": 34, "end": 36, "text": "测试"}]


@pytest.mark.parametrize("name", NAMES)
def test_the_real_collection_goes_there_and_back(name: str) -> None:
    articles = everything(name)
    assert there_and_back(name, articles) == articles


@pytest.mark.parametrize("name", NAMES)
def test_the_declaration_is_what_comes_back(name: str) -> None:
    check_declared(name)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25, deadline=None)
@given(shape=SHAPES)
def test_what_is_declared_comes_back(name: str, shape: Shape) -> None:
    check_kept(name, shape)


ODD = {
    "id": "odd/1", "text": "Mara sailed.",
    "metadata": {"keywords": ["a", "b"], "headlines": [{"role": "main", "value": "H"}, {"value": "I"}],
                 "infoSources": [{"name": "n", "uri": "http://x.example/"}], "digitalSourceType": {"name": "d"}},
    "entities": [
        {"id": "T1", "type": "type", "spans": [{"start": 0, "end": 4, "text": "Mara"}],
         "links": [{"db": "a:b%", "id": "x:y", "text": "t", "confidence": 0.25}, {"db": "http", "id": "//h/1"},
                   {"db": "identifier", "id": "7"}],
         "attributes": [{"name": "type", "value": "x"}, {"name": "attribute:q", "value": "y"}, {"name": "note"},
                        {"name": "identifier.2", "value": "z"}, {"name": "layer", "value": "tokens"}]},
    ],
    "events": [{"id": "E1", "type": "Sail", "trigger": "T1", "arguments": [{"role": "trigger", "ref": "T1"}]}],
    "labels": [{"id": "L1", "axis": "a", "value": "v"}, {"axis": "a", "value": "w", "confidence": 1}],
    "words": [{"id": "W1", "form": "Mara", "head": "W1", "deps": [{"rel": "root"}, {"head": "W1", "rel": "a:b"}],
               "misc": [{"name": "SpaceAfter", "value": "No"}]}],
    "notes": [{"id": "N1", "text": "whole"}, {"id": "N2", "ref": "N1", "text": "on a note", "type": "k"}],
    "coverage": [{"layer": "entities", "prov": None, "status": "partial", "labels": ["a b", "c"]}],
}  # fmt: skip


@pytest.mark.parametrize("name", ["bioc", "bioc-json", "w3c"])
def test_names_that_mean_something_to_the_format_come_back(name: str) -> None:
    (after,) = there_and_back(name, [ODD])
    assert items(after) == items(ODD)
    assert after["entities"][0]["links"] == ODD["entities"][0]["links"]  # type: ignore[index]
    assert after["words"][0]["deps"] == ODD["words"][0]["deps"]  # type: ignore[index]
    assert after["words"][0]["misc"] == ODD["words"][0]["misc"]  # type: ignore[index]


def test_xml_refuses_what_it_cannot_write(tmp_path: Path) -> None:
    bad, good = {"id": "bad", "text": "a\x01b"}, {"id": "good", "text": "a\r\nb\u2028 <&>\"'"}
    (said,) = written("bioc", [bad, good], tmp_path)
    assert isinstance(said, Finding)
    assert (said.code, said.location.article) == ("IO019", "bad")
    (after,) = read("bioc", tmp_path)
    assert after.article is not None
    assert after.article["text"] == good["text"]
    assert there_and_back("bioc-json", [bad])[0]["text"] == bad["text"]


def test_what_gets_lost_is_counted(tmp_path: Path) -> None:
    attributes = [{"id": "A1", "name": "n", "value": ""}, {"name": "n", "value": "x"}]
    spans = [{"start": 0, "end": 1, "text": "a"}]
    entity = {"id": "T", "type": "X", "spans": spans, "attributes": attributes, "own": 5}
    article = {"id": "a", "text": "a", "entities": [entity], "extra": 1, "metadata": {"desk": "x"}}
    lost = {said.what: said.count for said in written("bioc", [article], tmp_path) if not isinstance(said, Finding)}
    assert lost == {
        "attributes that stand twice under one name": 1, "empty values of attributes": 1, "ids of attributes": 1,
        "entities: own": 1, "extra": 1, "metadata that have no name in ninjs": 1,
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_the_library_reads_what_we_write(name: str, tmp_path: Path) -> None:
    pytest.importorskip("bioc")
    from bioc import biocjson, biocxml
    from bioc.utils import get_text

    before = [*samples(), ODD]
    written(name, before, tmp_path)
    load: Callable[[Any], Any] = biocxml.load if name == "bioc" else biocjson.load
    (path,) = tmp_path.iterdir()
    mode = {"mode": "rb"} if name == "bioc" else {"encoding": "utf-8", "newline": ""}
    with path.open(**mode) as stream:  # type: ignore[call-overload]
        collection = load(stream)
    assert [each.id for each in collection.documents] == [each["id"] for each in before]
    for article, made in zip(before, collection.documents, strict=True):
        parts = [part for each in made.passages for part in (each, *each.sentences)]
        marks = [one for part in (made, *parts) for one in part.annotations]
        found = {one.id: one for one in marks}
        for entity in article.get("entities") or ():
            spans = [(location.offset, location.offset + location.length) for location in found[entity["id"]].locations]
            assert spans == [(span["start"], span["end"]) for span in entity["spans"]]
            assert found[entity["id"]].infons["type"] == entity["type"]
        assert get_text(made)[1] == article["text"]


VALID = {
    "bioc": xml(document(passage(0, "κ Rain", mark("1", 2, 4, "Rain") + '<relation id="r"><node refid="1" role="x"/></relation>'))),
    "bioc-json": json.dumps({"documents": [{"id": "d", "infons": {"a": "b"}, "passages": [
        {"offset": 0, "text": "κ Rain", "infons": {}, "sentences": [], "relations": [],
         "annotations": [{"id": "1", "infons": {}, "text": "Rain", "locations": [{"offset": 2, "length": 4}]}]},
    ]}]}).encode(),
}  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, valid: bytes) -> bytes:
    data = bytearray(valid)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data) - 1))
        data[at : at + draw(st.integers(0, 6))] = draw(
            st.sampled_from(
                [b"", b"\0", b"\xff", b"<", b">", b'"', b"&", b"-1", b"99999999999999999999", b"null", b"[", b"{"]
            )
        )
    return bytes(data)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_damage_makes_findings_only(name: str, data: st.DataObject) -> None:
    broken = data.draw(st.one_of(st.binary(max_size=200), damaged(VALID[name])))
    for found in parse(broken, name):
        assert found.article is None or isinstance(found.article["text"], str)
        assert found.article is not None or found.findings
        assert dict(found.places) is not None


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("bioc", VALID["bioc"], True),
        ("bioc", b"<collection><a/></collection>", False),
        ("bioc", b"<TEI><text/></TEI>", False),
        ("bioc-json", VALID["bioc-json"], True),
        ("bioc-json", b'{"documents": [{"text": "a"}]}', False),
    ],
)
def test_signs(name: str, head: bytes, expected: bool) -> None:
    about = formats.about(name)
    assert about is not None
    assert about.looks_like is not None
    assert about.looks_like("x", head) is expected
