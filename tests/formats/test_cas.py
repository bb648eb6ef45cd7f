"""UIMA CAS: small files with their articles, what is wrong with files, signs of the format, damage."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool import formats
from corpus_tool.formats.cas.json_reading import read_json
from corpus_tool.formats.cas.noted import Noted
from corpus_tool.formats.cas.structures import Cas
from corpus_tool.formats.cas.types import TypeSystem
from corpus_tool.formats.cas.xmi_reading import read_xmi
from tests.formats.cas_files import DKPRO, HEAD, good, imported, json_value, of_json, said, typesystem, xmi
from tests.formats.round_trips import read, written


class TestArticles:
    def test_entities_in_utf16_become_code_points(self) -> None:
        article = good(xmi('<ner:NamedEntity xmi:id="2" sofa="1" begin="8" end="14" value="ACT" identifier="Q7"/>'))
        (entity,) = article["entities"]
        assert entity["type"] == "ACT"
        assert entity["spans"] == [{"start": 7, "end": 13, "text": "sailed"}]
        assert [link["id"] for link in entity["links"]] == ["Q7"]

    def test_an_id_alone_is_none_that_a_tool_has_given(self) -> None:
        article = good(xmi('<meta:DocumentMetaData xmi:id="2" sofa="1" begin="0" end="15" documentId="doc"/>'))
        assert article["id"] != "doc"

    def test_the_document_metadata_name_the_article(self) -> None:
        inner = (
            '<meta:DocumentMetaData xmi:id="2" sofa="1" begin="0" end="15" language="en" documentId="sea-1" '
            'documentUri="https://example.org/1" documentTitle="Sea"/>'
        )
        article = good(xmi(inner))
        assert article["id"] == "sea-1"
        assert article["metadata"] == {"language": "en", "uri": "https://example.org/1"}

    @pytest.mark.parametrize("address", ["file:/home/x/y.txt", "y.txt", "classpath:/y.txt"])
    def test_addresses_on_somebodys_machine_are_no_source(self, address: str) -> None:
        inner = f'<meta:DocumentMetaData xmi:id="2" sofa="1" begin="0" end="15" documentUri="{address}"/>'
        assert "metadata" not in good(xmi(inner))

    def test_chains_follow_their_links(self) -> None:
        inner = (
            '<coref:CoreferenceChain xmi:id="2" sofa="1" first="3"/>'
            '<coref:CoreferenceLink xmi:id="3" sofa="1" begin="0" end="4" next="4"/>'
            '<coref:CoreferenceLink xmi:id="4" sofa="1" begin="8" end="14"/>'
        )
        article = good(xmi(inner))
        (chain,) = article["coreference"]
        spans = {one["id"]: one["spans"][0]["text"] for one in article["entities"]}
        assert [spans[name] for name in chain["mentions"]] == ["Mara", "sailed"]

    def test_links_are_arguments(self) -> None:
        inner = (
            '<my:Frame xmi:id="2" sofa="1" begin="8" end="14" roles="3 4"/>'
            '<my:RoleLink xmi:id="3" role="Agent" target="5"/><my:RoleLink xmi:id="4" target="6"/>'
            '<ner:NamedEntity xmi:id="5" sofa="1" begin="0" end="4" value="PER"/>'
            '<ner:NamedEntity xmi:id="6" sofa="1" begin="5" end="7" value="SIGN"/>'
        )
        article = good(xmi(inner))
        (event,) = article["events"]
        names = {one["id"]: one["type"] for one in article["entities"]}
        assert [(part["role"], names[part["ref"]]) for part in event["arguments"]] == [
            ("Agent", "PER"),
            ("roles", "SIGN"),
        ]

    @pytest.mark.parametrize("kind", ["FSArray", "my.types.RoleLink[]", "uima.cas.FSList"])
    def test_links_through_arrays_and_lists_are_the_same(self, kind: str) -> None:
        shared = "<multipleReferencesAllowed>true</multipleReferencesAllowed>"
        types = typesystem(
            (
                "my.types.RoleLink",
                "uima.cas.TOP",
                [("role", "uima.cas.String", ""), ("target", "uima.tcas.Annotation", "")],
            ),
            (
                "my.types.Frame",
                "uima.tcas.Annotation",
                [("roles", kind if "." in kind else f"uima.cas.{kind}", shared)],
            ),
        )
        inner = (
            '<my:Frame xmi:id="2" sofa="1" begin="8" end="14" roles="7"/><my:RoleLink xmi:id="3" role="Agent" target="5"/>'
            '<ner:NamedEntity xmi:id="5" sofa="1" begin="0" end="4" value="PER"/>'
        ) + (
            '<cas:NonEmptyFSList xmi:id="7" head="3" tail="8"/><cas:EmptyFSList xmi:id="8"/>' if "List" in kind and "Link" not in kind
            else '<cas:FSArray xmi:id="7" elements="3"/>'
        )  # fmt: skip
        (event,) = good(xmi(inner), beside=types)["events"]
        assert [part["role"] for part in event["arguments"]] == ["Agent"]

    def test_subtypes_are_what_their_parents_are(self) -> None:
        types = typesystem(
            ("my.types.Person", f"{DKPRO}ner.type.NamedEntity", []),
            ("my.types.Word", f"{DKPRO}segmentation.type.Token", []),
        )
        inner = '<my:Person xmi:id="2" sofa="1" begin="0" end="4"/><my:Word xmi:id="3" sofa="1" begin="0" end="4"/>'
        article = good(xmi(inner), beside=types)
        assert [one["type"] for one in article["entities"]] == ["Person"]
        assert len(article["tokens"]) == 1

    @pytest.mark.parametrize("name", ["x.xml", "x-typesystem.xml", "TypeSystem.xml"])
    def test_type_systems_are_found_beside_the_file(self, name: str, tmp_path: Path) -> None:
        (tmp_path / name).write_bytes(typesystem(("my.types.Person", f"{DKPRO}ner.type.NamedEntity", [])))
        (tmp_path / "x.xmi").write_bytes(xmi('<my:Person xmi:id="2" sofa="1" begin="0" end="4"/>'))
        (found,) = read("cas", tmp_path / "x.xmi")
        assert found.findings == ()
        assert found.article is not None
        assert [one["type"] for one in found.article["entities"]] == ["Person"]

    def test_a_slot_that_nobody_filled_is_an_event_without_arguments(self) -> None:
        types = typesystem(
            ("my.types.Link", "uima.cas.TOP", [("target", "uima.tcas.Annotation", "")]),
            (
                "my.types.Frame",
                "uima.tcas.Annotation",
                [("roles", "uima.cas.FSArray", "<elementType>my.types.Link</elementType>")],
            ),
        )
        (event,) = good(xmi('<my:Frame xmi:id="2" sofa="1" begin="8" end="14"/>'), beside=types)["events"]
        assert "arguments" not in event

    def test_what_articles_have_no_place_for_is_counted(self) -> None:
        inner = (
            '<meta:DocumentMetaData xmi:id="2" sofa="1" begin="0" end="15" documentId="a" collectionId="Sea" documentTitle="Sailing"/>'
            '<seg:Token xmi:id="3" sofa="1" begin="0" end="4" syntacticFunction="subject" order="0"/>'
            '<coref:CoreferenceLink xmi:id="4" sofa="1" begin="0" end="4" mood="x"/>'
        )
        assert [(loss.what, loss.count) for loss in imported(xmi(inner)).losses] == [
            ("features of tokens and sentences", 1), ("other features of links of chains", 1),
            ("fields of metadata that articles do not have", 2),
        ]  # fmt: skip

    def test_strings_in_elements_keep_their_spaces(self) -> None:
        types = typesystem(("my.types.Note", "uima.tcas.Annotation", [("words", "uima.cas.StringArray", "")]))
        inner = '<my:Note xmi:id="2" sofa="1" begin="0" end="4"><words>two words</words></my:Note>'
        (entity,) = good(xmi(inner), beside=types)["entities"]
        assert entity["attributes"] == [{"name": "words", "value": "two words"}]

    def test_places_are_those_of_the_elements(self) -> None:
        found = imported(
            xmi(
                '<ner:NamedEntity xmi:id="2" sofa="1" begin="0" end="4"/>\n<seg:Token xmi:id="3" sofa="1" begin="0" end="4"/>'
            )
        )
        assert found.places["/entities/0"] == (3, 1)
        assert found.places["/tokens/0"] == (4, 1)

    def test_columns_count_characters(self) -> None:
        found = imported(
            xmi(
                '<my:Note xmi:id="2" sofa="1" begin="0" end="4" v="é😀"/><seg:Token xmi:id="3" sofa="1" begin="0" end="4"/>'
            )
        )
        line, column = found.places["/tokens/0"]
        assert (line, column) == (3, len('<my:Note xmi:id="2" sofa="1" begin="0" end="4" v="é😀"/>') + 1)

    @pytest.mark.parametrize(
        ("written_so", "text"),
        [("a&#13;&#10;b", "a\r\nb"), ("a&#10;b", "a\nb"), ("a\u2028b\u0085", "a\u2028b\u0085"), ("&#65279;a", "\ufeffa"), ("&amp;&lt;", "&<")],
    )  # fmt: skip
    def test_text_is_verbatim(self, written_so: str, text: str) -> None:
        assert good(xmi("", written_so))["text"] == text

    def test_control_characters_of_xml_eleven(self) -> None:
        data = xmi('<seg:Token xmi:id="2" sofa="1" begin="2" end="3"/>', "a&#1;b\u0085").replace(b'"1.0"', b'"1.1"', 1)
        article = good(data)
        assert article["text"] == "a\x01b "  # 1.1 takes U+0085 for a line break, and attributes have spaces for those
        assert article["tokens"][0]["spans"] == [{"start": 2, "end": 3, "text": "b"}]

    def test_utf16_files(self) -> None:
        data = (
            xmi('<seg:Token xmi:id="2" sofa="1" begin="5" end="7"/>')
            .decode()
            .replace("UTF-8", "UTF-16")
            .encode("utf-16")
        )
        assert good(data)["tokens"][0]["spans"][0]["text"] == "😀"


class TestJson:
    def test_offsets_are_utf16(self) -> None:
        (entity,) = of_json(json_value()).article["entities"]
        assert entity["spans"][0]["text"] == "sailed"
        assert entity["attributes"] == [{"name": "n", "value": "7"}]

    @pytest.mark.parametrize(("encoding", "begin", "end"), [("UTF-8", 10, 16), ("UTF-16", 8, 14), ("UTF-32", 7, 13)])
    @pytest.mark.parametrize("where", ["header", "top"])
    def test_another_encoding_may_be_declared(self, encoding: str, begin: int, end: int, where: str) -> None:
        declared = {"%HEADER": {"offset-encoding": encoding}} if where == "header" else {"%OFFSET_ENCODING": encoding}
        value = json_value(**declared)
        value["%FEATURE_STRUCTURES"][1] |= {"begin": begin, "end": end}
        found = of_json(value)
        assert found.findings == ()
        assert found.article["entities"][0]["spans"][0]["text"] == "sailed"

    def test_structures_may_be_an_object(self) -> None:
        value = json_value()
        value["%FEATURE_STRUCTURES"] = {str(each.pop("%ID")): each for each in value["%FEATURE_STRUCTURES"]}
        assert of_json(value).article == of_json(json_value()).article

    def test_anchors_may_be_marked(self) -> None:
        value = json_value()
        note = value["%FEATURE_STRUCTURES"][1]
        note["^begin"], note["^end"] = note.pop("begin"), note.pop("end")
        assert of_json(value).article == of_json(json_value()).article

    @pytest.mark.parametrize(
        ("damage", "message"),
        [
            ({"%FEATURE_STRUCTURES": 3}, "neither a list nor an object"),
            ({"%FEATURE_STRUCTURES": ["x"]}, "has a string where an object with a number should stand"),
            ({"%FEATURE_STRUCTURES": [{"%ID": "1", "%TYPE": "a"}]}, "without a number or a type"),
            ({"%VIEWS": []}, "%VIEWS is a list, not an object"),
            ({"%VIEWS": {"_InitialView": {"%SOFA": 1, "%MEMBERS": [2, 3]}}}, "1 members that there are not"),
            ({"%TYPES": 7}, "%TYPES is a number, not an object"),
            ({"%OFFSET_ENCODING": "UTF-7"}, "is none of UTF-8, UTF-16, UTF-32"),
        ],
    )
    def test_what_is_wrong_is_said(self, damage: dict[str, Any], message: str) -> None:
        assert message in "\n".join(said(of_json(json_value(**damage))))

    def test_types_that_nothing_declares_are_read_by_shape(self) -> None:
        found = of_json(json_value(**{"%TYPES": {}}))
        assert said(found) == [
            "IO020:None no type system declares my.Note: read by the names and shapes of what they have"
        ]
        assert found.article is not None
        assert found.article["entities"][0]["spans"][0]["text"] == "sailed"

    def test_a_value_of_another_type_is_left_out(self) -> None:
        value = json_value()
        value["%FEATURE_STRUCTURES"][1]["n"] = "seven"
        found = of_json(value)
        assert "IO019:None 'n' of feature structure 2 is a string, not uima.cas.Integer" in said(found)
        assert "attributes" not in found.article["entities"][0]


class TestFindings:
    @pytest.mark.parametrize(
        ("inner", "message"),
        [
            ('<seg:Token xmi:id="2" sofa="1" begin="6" end="8"/>', "IO018:3 .*stands at 6-8, within a character"),
            ('<seg:Token xmi:id="2" sofa="1" begin="9" end="99"/>', "IO018:3 .*stands at 9-99, outside the text"),
            ('<seg:Token xmi:id="2" sofa="1" begin="-1" end="2"/>', "IO018:3 .*stands at -1-2, outside the text"),
            ('<seg:Token xmi:id="2" sofa="1" begin="4" end="0"/>', "IO018:3 .*ends before it begins"),
            ('<seg:Token xmi:id="2" sofa="1" begin="x" end="4"/>', "IO019:3 'begin' of .*Token is no number: 'x'"),
            ('<seg:Token xmi:id="2" sofa="1"/>', "IO019:3 .*Token 2 has no begin and end"),
            ('<seg:Token xmi:id="2" sofa="7" begin="0" end="4"/>', "IO019:3 .*stands on another text"),
            ('<seg:Token sofa="1" begin="0" end="4"/>', "IO019:3 <Token> has no xmi:id"),
            ('<seg:Token xmi:id="1" sofa="1" begin="0" end="4"/>', "IO019:4 <Sofa> has the xmi:id 1 of another"),
            ('<my:Thing xmi:id="2" sofa="1" begin="0" end="4"/>', "IO020:None no type system declares my.types.Thing"),
            ('<seg:Token xmi:id="2" sofa="1" begin="0" end="4" colour="red"/>', "IO020:None no type system declares 'colour' of "),
            ('<coref:CoreferenceChain xmi:id="2" sofa="1" first="9"/>', "IO019:3 .*begins with 9, no link that is free"),
            ('<coref:CoreferenceLink xmi:id="3" sofa="1" begin="0" end="4" next="3"/>', "IO019:3 .*is in a circle of links"),
            ('<coref:CoreferenceLink xmi:id="3" sofa="1" begin="0" end="4"/>', "IO020:3 .*is in no chain"),
            ('<my:Rel xmi:id="2" sofa="1" begin="0" end="4" Governor="1" Dependent="1"/>', "IO019:3 .*does not lead from one annotation"),
        ],
    )  # fmt: skip
    def test_of_structures(self, inner: str, message: str) -> None:
        found = imported(xmi(inner))
        assert any(re.search(message, one) for one in said(found)), said(found)

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"", "IO019:1 not well-formed XML: no element found"),
            (b"<a/>", "IO019:None the root element is <a>, not <xmi:XMI>"),
            (xmi("")[:-20], "IO019:5 not well-formed XML"),
            (xmi("").replace(b"Mara", b"M\xffra"), "IO001:4 the file is not UTF-8"),
            (xmi("").replace(b"Mara", b"M\0ra"), "IO019:4 not well-formed XML"),
            (xmi("").replace(b"?>\n", b'?><!DOCTYPE x [<!ENTITY a "b">]>', 1), "IO019:1 the file has a DOCTYPE"),
            (b"<a>" * 100_000, "IO019:1 elements nest more than 64 levels deep"),
            (b"\xac\xed\x00\x05sr\x00\x10java", "IO019:None the file is Java serialisation"),
            (b"PK\x03\x04rest", "IO019:None the file is a ZIP archive"),
            (b"UIMA\x00\x00\x00\x04", "IO019:None the file is the binary form of a CAS"),
            (b"<CAS version='2'>", "IO019:None the file is XCAS"),
            (xmi("").replace(b"sofaString", b"sofaURI"), "IO019:None the view '_InitialView' has no text, only the address"),
            (xmi("").replace(b' sofaString="Mara \xf0\x9f\x98\x80 sailed."', b""), "IO019:None no view has a text ('_InitialView')"),
            (HEAD.encode() + b"</xmi:XMI>", "IO019:None there is no view, and so no text"),
        ],
    )  # fmt: skip
    def test_of_files_that_are_no_article(self, data: bytes, message: str) -> None:
        found = imported(data)
        assert found.article is None
        assert said(found)[-1].startswith(message)

    @pytest.mark.parametrize("path", ["x.ser", "x.bcas", "x.zip"])
    def test_suffixes_that_are_never_read(self, path: str) -> None:
        assert "are not read" in said(imported(b"anything", path=path))[0]

    def test_several_texts_are_not_chosen_from(self) -> None:
        second = '<cas:Sofa xmi:id="7" sofaNum="2" sofaID="German" sofaString="Mara"/><cas:View sofa="7" members=""/>'
        found = imported(xmi(second))
        assert found.article is None
        assert said(found) == [
            "IO020:None the views 'German', '_InitialView' have a text each, and which of them is the article is not said: keep one of them"
        ]  # fmt: skip

    def test_a_view_without_a_text_is_no_other_article(self) -> None:
        assert good(xmi('<cas:Sofa xmi:id="7" sofaNum="2" sofaID="Empty"/>'))["text"] == "Mara 😀 sailed."

    def test_offsets_in_code_points_are_seen_by_the_document(self) -> None:
        inner = '<tcas:DocumentAnnotation xmi:id="2" sofa="1" begin="0" end="14"/><seg:Token xmi:id="3" sofa="1" begin="7" end="13"/>'
        found = imported(xmi(inner))
        assert said(found) == [
            "IO017:None offsets are code points, where the format has UTF-16 code units: converted from those"
        ]
        assert found.article["tokens"][0]["spans"][0]["text"] == "sailed"

    def test_a_broken_type_system_is_named_and_left_out(self) -> None:
        found = imported(xmi('<ner:NamedEntity xmi:id="2" sofa="1" begin="0" end="4"/>'), beside=b"<types>")
        assert said(found)[0].startswith("IO019:1 the type system beside the file is left out")
        assert len(found.article["entities"]) == 1

    def test_types_in_a_circle_end(self) -> None:
        types = typesystem(("my.types.A", "my.types.B", []), ("my.types.B", "my.types.A", []))
        found = imported(xmi('<my:A xmi:id="2" sofa="1" begin="0" end="4"/>'), beside=types)
        assert found.article["text"] == "Mara 😀 sailed."


class TestDetection:
    @pytest.mark.parametrize(
        ("name", "head", "expected"),
        [
            ("x.xmi", xmi(""), ["cas"]),
            ("x.json", json.dumps(json_value()).encode(), ["cas-json"]),
            ("x.xml", typesystem(), []),
            ("x.xmi", b'<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:uml="http://www.eclipse.org/uml2"/>', []),
            ("x.json", b'{"id": "a", "text": "%FEATURE_STRUCTURES"}', []),
        ],
    )
    def test_certain_signs_only(self, name: str, head: bytes, expected: list[str]) -> None:
        found = []
        for each in ("cas", "cas-json"):
            about = formats.about(each)
            assert about is not None
            assert about.looks_like is not None
            found += [each] if about.looks_like(name, head) else []
        assert found == expected


def _damaged() -> st.SearchStrategy[bytes]:
    whole = {name: _whole(name) for name in ("cas", "cas-json")}
    edits = st.lists(
        st.tuples(st.integers(0, 10_000), st.integers(0, 30), st.binary(max_size=8)), min_size=1, max_size=4
    )

    def damage(data: bytes, made: list[tuple[int, int, bytes]]) -> bytes:
        for at, length, new in made:
            begin = at % (len(data) + 1)
            data = data[:begin] + new + data[begin + length :]
        return data

    return st.one_of(st.binary(max_size=200), *(st.builds(damage, st.just(data), edits) for data in whole.values()))


def _whole(name: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        article = {
            "id": "x", "text": "Mara 😀 sailed.", "tokens": [{"id": "K1", "spans": [{"start": 0, "end": 4, "text": "Mara"}]}],
            "words": [{"id": "W1", "token": "K1", "form": "Mara", "feats": [{"name": "Case", "value": "Nom"}]}],
            "entities": [
                {"id": "T1", "type": "PER", "spans": [{"start": 0, "end": 4, "text": "Mara"}], "prov": "A1"},
                {"id": "T2", "type": "ACT", "spans": [{"start": 7, "end": 13, "text": "sailed"}], "confidence": 0.5},
            ],
            "events": [{"id": "E1", "type": "Sail", "trigger": "T2", "arguments": [{"role": "Agent", "ref": "T1"}]}],
            "coreference": [{"id": "C1", "mentions": ["T1", "T2"]}], "labels": [{"axis": "a", "value": "b"}],
            "metadata": {"headlines": [{"value": "x"}], "language": "en"}, "provenance": [{"id": "A1", "agent": "a", "agent_type": "human"}],
        }  # fmt: skip
        assert written(name, [article], Path(folder)) == []
        return next(path for path in Path(folder).iterdir() if path.suffix != ".xml").read_bytes()


class TestDamage:
    @settings(max_examples=300, deadline=None)
    @given(data=_damaged(), types=st.one_of(st.none(), st.binary(max_size=50), st.just(typesystem(("a.B", "a.B", [])))))
    def test_whatever_stands_in_a_file_is_an_article_or_a_finding(self, data: bytes, types: bytes | None) -> None:
        for name in ("cas", "cas-json"):
            found = imported(data, name, beside=types)
            assert found.article is not None or found.findings
            if found.article is not None:
                text = found.article["text"]
                for layer in ("entities", "tokens", "sentences"):
                    for one in found.article.get(layer, ()):
                        assert all(text[span["start"] : span["end"]] == span["text"] for span in one["spans"])

    @pytest.mark.parametrize("steps", [["0"] * 900, ["x", "0"], ["headlines"] * 3])
    def test_keys_of_metadata_lead_no_further_than_metadata_go(self, steps: list[str]) -> None:
        key = "/".join(["headlines", *steps])
        inner = '<meta:MetaDataStringField xmi:id="{}" sofa="1" begin="0" end="0" key="{}" value="v"/>'
        found = imported(xmi(inner.format(2, "headlines/0/value") + inner.format(3, key)))
        assert found.article is not None
        assert found.article["metadata"] == {"headlines": [{"value": "v"}]}
        assert [loss.count for loss in found.losses] == [1]

    def test_an_array_that_holds_itself_ends(self) -> None:
        value = json_value()
        value["%FEATURE_STRUCTURES"][1]["@n"] = 3
        value["%FEATURE_STRUCTURES"].append({"%ID": 3, "%TYPE": "uima.cas.FSArray", "@elements": 3})
        assert of_json(value).article is not None

    @pytest.mark.parametrize("reading", ["json", "xmi"])
    def test_lists_that_bite_their_tails_end(self, reading: str) -> None:
        noted = Noted("x", "x")
        inner = '<cas:NonEmptyFSList xmi:id="2" head="2" tail="2"/>'
        value = {"%ID": 2, "%TYPE": "uima.cas.NonEmptyFSList", "@head": 2, "@tail": 2}
        cas: Cas = (
            read_xmi(xmi(inner), TypeSystem(), noted, stated=True) if reading == "xmi"
            else read_json(json.dumps(json_value(**{"%FEATURE_STRUCTURES": [value]})).encode(), TypeSystem(), noted)
        )  # fmt: skip
        assert cas.several(cas.structures[2].values["tail"]) == (cas.structures[2].values["head"],)
