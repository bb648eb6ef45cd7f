from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from corpus_tool.findings import Finding
from corpus_tool.formats import Imported, Loss, Source
from corpus_tool.formats.tei import EXPORTER, IMPORTER, looks_like
from corpus_tool.formats.tei.names import from_reference, from_xml_id, to_reference, to_xml_id
from corpus_tool.resources import schema
from tests.formats.round_trips import SHAPES, check_declared, check_kept, samples, there_and_back
from tests.generated import Shape

VALID = Draft202012Validator(schema("article-1"))
HEADER = "<teiHeader><fileDesc><titleStmt><title/></titleStmt><publicationStmt><p/></publicationStmt><sourceDesc><p/></sourceDesc></fileDesc></teiHeader>"


def document(body: str, header: str = HEADER, more: str = "") -> str:
    return f'<TEI xmlns="http://www.tei-c.org/ns/1.0">{header}<text><body>{body}</body></text>{more}</TEI>'


def read(data: bytes | str, name: str = "a") -> list[Imported]:
    raw = data.encode() if isinstance(data, str) else data
    return list(IMPORTER.read(Source(f"{name}.xml", name, lambda _: raw), None))


def imported(body: str, **more: str) -> Imported:
    (found,) = read(document(body, **more))
    assert found.article is not None
    assert list(VALID.iter_errors(found.article)) == []
    for layer in ("passages", "sentences", "tokens", "entities", "quotations"):
        for one in found.article.get(layer, ()):
            for span in one["spans"]:
                assert found.article["text"][span["start"] : span["end"]] == span["text"]
    return found


def article(body: str, **more: str) -> dict[str, Any]:
    found = imported(body, **more)
    assert found.findings == ()
    assert found.article is not None
    return found.article


def shown(layer: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one.get("type", ""), " … ".join(span["text"] for span in one["spans"])) for one in layer]


TEXTS = {
    "white space is one space, a blank line parts blocks": (
        "\n <p>One\n  two </p>\n <p> three</p>\n", "One two\n\nthree",
    ),
    "white space that is preserved": ('<p xml:space="preserve"> One\n  two </p>', " One\n  two "),
    "a line break": ("<p>one <lb/>two<lb break='no'/>three<pb n='2'/> four</p>", "one\ntwothree four"),
    "what was written": (
        "<p><choice><corr>the</corr><sic>teh</sic></choice> <choice><expan>Mister</expan><abbr>Mr</abbr></choice></p>", "teh Mr",
    ),
    "deleted words and running heads": ("<p>one <del>two </del><fw>Page 3</fw>three</p>", "one three"),
    "spaces between tokens are those of the file": ("<p><s><w>It</w> <w>rains</w><pc>.</pc></s></p>", "It rains."),
    "spaces between tokens are those that join allows": (
        '<p><s>\n<w>It</w>\n<w join="right">rains</w>\n<pc>.</pc>\n</s>\n<s><pc join="right">“</pc>\n<w>Yes</w>\n<pc join="left">”</pc></s></p>',
        "It rains. “Yes”",
    ),
    "verse, lists, tables": (
        "<lg><l>a</l><l>b</l></lg><list><item>c</item></list><table><row><cell>d</cell><cell>e</cell></row></table>",
        "a\n\nb\n\nc\n\nd\te",
    ),
    "characters by number": ("<p xml:space='preserve'>a&#13;b&#x1F6A2;<g type='U+000B'/>c</p>", "a\rb\U0001f6a2\x0bc"),
    "a line feed for each break of the file": ("<p xml:space='preserve'>a\r\nb</p>", "a\nb"),
    "a line separator stays": ("<p>a\u2028b\u0085c</p>", "a\u2028b\u0085c"),
    "notes are no text": ("<p>one<note>no</note> two</p>", "one two"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "text"), TEXTS.values(), ids=TEXTS.keys())
def test_text(body: str, text: str) -> None:
    assert article(body)["text"] == text


def test_passages() -> None:
    made = article(
        "<head>Late</head><byline>By Ann</byline><dateline>Ostrow</dateline><p>One.</p><div><head>Why</head><p>Two.</p></div>"
        "<figure><head>A ferry</head><figDesc>no</figDesc><byline>Bo</byline></figure><ab type='related'>More</ab>"
        "<ab type='text'>Loose</ab><list><head>List</head><item>Three</item></list>",
    )
    assert shown(made["passages"]) == [
        ("headline", "Late"), ("byline", "By Ann"), ("dateline", "Ostrow"), ("paragraph", "One."), ("subheading", "Why"),
        ("paragraph", "Two."), ("caption", "A ferry"), ("credit", "Bo"), ("related", "More"), ("subheading", "List"),
        ("paragraph", "Three"),
    ]  # fmt: skip


def test_entities_with_links_attributes_and_confidence() -> None:
    made = article(
        '<p><persName xml:id="p1" ref="https://www.wikidata.org/entity/Q42 #x" key="K 1" cert="0.5">Ann <surname>Lee</surname></persName> '
        'of <placeName type="city">Ost<lb break="no"/>row</placeName>, <orgName>A<rs type="ship">B</rs></orgName> '
        '<date when="2026-03-02">today</date> <name type="award" cert="high">P</name> <country>Fr</country><geogName/></p>',
    )
    entities = made["entities"]
    assert shown(entities) == [
        ("PER", "Ann Lee"), ("LOC", "Ostrow"), ("ORG", "AB"), ("ship", "B"), ("DATE", "today"), ("award", "P"),
        ("LOC", "Fr"), ("GEO", ""),
    ]  # fmt: skip
    assert (entities[0]["id"], entities[0]["confidence"]) == ("p1", 0.5)
    assert entities[0]["links"] == [
        {"db": "wikidata", "id": "Q42"}, {"db": "local", "id": "x"}, {"db": "key", "id": "K 1"},
    ]  # fmt: skip
    assert [one.get("attributes") for one in entities] == [
        None, [{"name": "type", "value": "city"}], None, None, [{"name": "when", "value": "2026-03-02"}],
        [{"name": "cert", "value": "high"}], [{"name": "element", "value": "country"}], None,
    ]  # fmt: skip
    assert {one["prov"] for one in entities} == {"A1"}
    assert made["provenance"] == [
        {"id": "A1", "agent": "unknown", "agent_type": "human", "role": "annotator", "tool": "tei"}
    ]


def test_fragments_are_one_entity() -> None:
    made = article(
        '<p><rs xml:id="a" type="X" next="#b">one</rs> two <rs xml:id="b" type="X" prev="#a">three</rs></p>'
        '<p><rs xml:id="c" type="Y">fo</rs><rs prev="#c" type="Y">ur</rs> <rs xml:id="d" prev="#d" type="Z">five</rs></p>'
    )
    assert shown(made["entities"]) == [("X", "one … three"), ("Y", "four"), ("Z", "five")]


def test_speech() -> None:
    made = article(
        '<p><q who="#p1" corresp="#c1">“Yes,”</q> <rs xml:id="c1" type="CUE">said</rs> <persName xml:id="p1">Ann</persName>, '
        '<said direct="false" who="#nobody">no</said> <quote>as was written</quote> <q type="mixed">and “so”</q></p>'
    )
    said = made["quotations"]
    assert shown(said) == [
        ("direct", "“Yes,”"), ("indirect", "no"), ("direct", "as was written"), ("mixed", "and “so”"),
    ]  # fmt: skip
    assert (said[0]["speaker"], said[0]["cue"]) == ("p1", ["c1"])
    assert said[1]["attributes"] == [{"name": "who", "value": "#nobody"}]


def test_words_as_parlamint_writes_them() -> None:
    made = article(
        '<p><s xml:id="s1"><w xml:id="w1" lemma="he" msd="UPosTag=PRON|Case=Nom">He</w> '
        '<w xml:id="w2">won\'t<w xml:id="w3" norm="will" msd="UPosTag=AUX"/><w xml:id="w4" norm="not" pos="RB"/></w><pc pos="PUNCT">.</pc>'
        '<linkGrp type="UD-SYN" targFunc="head argument"><link ana="ud-syn:nsubj_pass" target="#w3 #w1"/>'
        '<link ana="ud-syn:root" target="#s1 #w3"/></linkGrp></s> <w>bare</w></p>'
    )
    assert [span["text"] for token in made["tokens"] for span in token["spans"]] == ["He", "won't", ".", "bare"]
    assert [(word["form"], word.get("lemma"), word.get("upos"), word.get("xpos"), word.get("head"), word.get("deprel"))
            for word in made["words"]] == [
        ("He", "he", "PRON", None, "w3", "nsubj:pass"), ("will", None, "AUX", None, None, "root"),
        ("not", None, None, "RB", None, None), (".", None, "PUNCT", None, None, None),
    ]  # fmt: skip
    assert made["words"][0]["feats"] == [{"name": "Case", "value": "Nom"}]
    assert [word["token"] for word in made["words"][1:3]] == ["w2", "w2"]
    assert [one["id"] for one in made["sentences"]] == ["s1"]


def test_what_stands_off() -> None:
    made = article(
        '<p xml:id="x"><persName xml:id="a">Ann</persName> <w xml:id="w1">leads</w> <w xml:id="w2">the</w> <orgName xml:id="b">AB</orgName>'
        '<note type="editorial">sic</note></p>',
        more='<standOff><listRelation><relation xml:id="r" name="leads" active="#a" passive="#b"/></listRelation>'
        '<listEvent><event xml:id="e" type="Lead" corresp="#b"><desc><ref type="Who" target="#a"/></desc></event></listEvent>'
        '<linkGrp type="coreference"><link xml:id="c" type="identity" target="#a #b" corresp="#a"/></linkGrp>'
        '<spanGrp><span from="#w1" to="#w2" type="V"/></spanGrp><fs corresp="#r"><f name="sure"><binary value="true"/></f></fs>'
        '<note xml:id="n" target="#a">who?</note><listPerson><person/></listPerson></standOff>',
    )
    assert made["relations"][0]["arguments"] == [{"role": "active", "ref": "a"}, {"role": "passive", "ref": "b"}]
    assert made["relations"][0]["attributes"] == [{"name": "sure"}]
    assert (made["events"][0]["trigger"], made["events"][0]["arguments"]) == ("b", [{"role": "Who", "ref": "a"}])
    assert made["coreference"][0] == {
        "id": "c", "type": "identity", "mentions": ["a", "b"], "representative": "a", "prov": "A1",
    }  # fmt: skip
    assert shown(made["entities"])[-1] == ("V", "leads the")
    assert [(note.get("type"), note["ref"], note["text"]) for note in made["notes"]] == [
        ("editorial", "x", "sic"), (None, "a", "who?"),
    ]  # fmt: skip


FULL_HEADER = """<teiHeader><fileDesc><titleStmt><title type="main">Late</title><title>Again</title><author>Ann</author><author>Bo</author>
<respStmt xml:id="resp.M1"><resp>annotator</resp><name type="model">tagger</name><note type="model_version">3</note></respStmt>
<respStmt><resp>scan</resp><name>Cy</name></respStmt></titleStmt>
<publicationStmt><publisher>The Agency</publisher><date when="2026-03-02"/><idno type="URL">https://news.example/1</idno><idno type="isbn">5</idno>
<availability><licence target="https://cc.example">free</licence><p>Ours.</p></availability></publicationStmt>
<sourceDesc><bibl><publisher>Herald</publisher><title>Herald</title></bibl></sourceDesc></fileDesc>
<encodingDesc><p>x</p></encodingDesc><profileDesc><langUsage><language ident="en"/></langUsage>
<creation><placeName>Ostrow</placeName></creation><textClass><keywords><term>sea</term></keywords>
<keywords scheme="#topic"><list><item>ships</item></list></keywords><classCode scheme="iptc">04</classCode></textClass></profileDesc></teiHeader>"""


def test_header() -> None:
    found = imported('<p><rs resp="#resp.M1" type="X">x</rs><rs type="Y">y</rs></p>', header=FULL_HEADER)
    made = found.article
    assert made is not None
    assert made["metadata"] == {
        "uri": "https://news.example/1", "language": "en", "headlines": [{"role": "main", "value": "Late"}, {"value": "Again"}],
        "by": "Ann, Bo", "located": "Ostrow", "contentCreated": "2026-03-02", "copyrightHolder": "The Agency",
        "copyrightNotice": "Ours.", "usageTerms": "free", "infoSources": [{"name": "Herald"}], "keywords": ["sea"],
    }  # fmt: skip
    assert made["labels"] == [{"axis": "topic", "value": "ships"}, {"axis": "iptc", "value": "04"}]
    assert made["provenance"] == [
        {"id": "M1", "agent": "tagger", "agent_type": "model", "role": "annotator", "model_version": "3"}
    ]
    assert [one.get("prov") for one in made["entities"]] == ["M1", None]
    assert {loss.what for loss in found.losses} == {
        "TEI titleStmt/respStmt", "TEI publicationStmt/idno", "TEI sourceDesc/title", "TEI teiHeader/encodingDesc",
    }  # fmt: skip


def test_what_an_article_cannot_hold_is_counted() -> None:
    found = imported(
        '<p rend="x"><hi>a</hi><hi>b</hi><persName role="r" sortKey="s">c <forename>d</forename></persName><seg>e</seg></p>'
    )
    assert {(loss.what, loss.count) for loss in found.losses} == {
        ("TEI hi", 2), ("TEI p/@rend", 1), ("TEI persName/@sortKey", 1), ("TEI forename", 1), ("TEI seg", 1),
    }  # fmt: skip


def test_a_corpus_is_several_articles_with_places() -> None:
    inner = document("\n<p>x</p>").replace("<TEI", "\n<TEI", 1)
    named = document("<p>y</p>").replace("<TEI ", '<TEI xml:id="own_x0020_name" ', 1)
    found = read(
        f'<teiCorpus xmlns="http://www.tei-c.org/ns/1.0" xml:space="default">{HEADER}{inner}<teiCorpus>{named}</teiCorpus></teiCorpus>'
    )
    assert [each.article and each.article["id"] for each in found] == ["a-0001", "own name"]
    assert found[0].places["/passages/0"] == (3, 1)


BOMB = '<!DOCTYPE TEI [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + document("<p>&b;</p>")
WRONG = {
    "not XML": (b"<TEI", "IO019", 1),
    "an entity that is declared": (BOMB.encode(), "IO019", 1),
    "an entity from outside": (
        b'<!DOCTYPE TEI [\n<!ENTITY x SYSTEM "file:///etc/passwd">]>' + document("<p>&x;</p>").encode(), "IO019", 2,
    ),
    "an entity of a DTD that is not read": (
        b'<!DOCTYPE TEI SYSTEM "tei.dtd">\n' + document("<p>&eacute;</p>").encode(), "IO019", 2,
    ),
    "another root": (b'<html xmlns="http://www.w3.org/1999/xhtml"/>', "IO019", 1),
    "TEI P4": (b"<TEI.2><text/></TEI.2>", "IO019", 1),
    "not UTF-8": (document("<p>\n").encode() + b"\xff</p>", "IO001", 2),
    "an encoding nobody knows": (b'<?xml version="1.0" encoding="klingon"?>' + document("<p/>").encode(), "IO019", 1),
    "deep": (document("<p>" + "<hi>" * 300 + "</hi>" * 300 + "</p>").encode(), "IO019", 1),
    "no text": (b'<TEI xmlns="http://www.tei-c.org/ns/1.0"/>', "IO019", 1),
    "an empty corpus": (b'<teiCorpus xmlns="http://www.tei-c.org/ns/1.0"/>', "IO019", 1),
    "a NUL": (document("<p>\0</p>").encode(), "IO019", 1),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code", "line"), WRONG.values(), ids=WRONG.keys())
def test_what_is_no_tei_is_a_finding_with_its_place(data: bytes, code: str, line: int) -> None:
    (found,) = read(data)
    assert found.article is None
    assert [(finding.code, finding.location.line) for finding in found.findings] == [(code, line)]


def test_a_declared_encoding_is_read() -> None:
    (found,) = read(b'<?xml version="1.0" encoding="ISO-8859-1"?>' + document("<p>caf\xe9</p>").encode("latin-1"))
    assert found.article is not None
    assert found.article["text"] == "café"


def test_an_id_that_is_given_twice_is_named() -> None:
    found = imported('<p><rs xml:id="a" type="X">a</rs>\n<rs xml:id="a" type="X">b</rs></p>')
    assert [(finding.code, finding.location.line) for finding in found.findings] == [("IO019", 2)]
    assert found.article is not None
    assert len({one["id"] for one in found.article["entities"]}) == 2


def test_certain_signs() -> None:
    assert looks_like("a.xml", b"\xef\xbb\xbf<?xml version='1.0'?>\n" + document("<p/>").encode())
    assert looks_like("a.xml", b'<t:TEI xmlns:t="http://www.tei-c.org/ns/1.0">')
    assert not looks_like("a.xml", b"<TEI>")
    assert not looks_like("a.xml", b"<html><!-- http://www.tei-c.org/ns/1.0 --></html>")


@given(st.text(min_size=1))
def test_any_id_is_a_name_and_comes_back(name: str) -> None:
    made = to_xml_id(name)
    assert from_xml_id(made) == name or any("\ud800" <= character <= "\udfff" for character in name)
    assert not any(character.isspace() or character in "#:<>&\"'" for character in made)


@given(st.text(min_size=1), st.text(min_size=1))
def test_any_link_is_one_pointer_and_comes_back(database: str, entry: str) -> None:
    try:
        made = to_reference(database, entry)
    except UnicodeEncodeError:
        return
    assert not any(character.isspace() for character in made)
    assert from_reference(made) == (database, entry)


# Out


def test_declaration_is_what_a_round_trip_shows() -> None:
    check_declared("tei")


@settings(max_examples=25, deadline=None)
@given(SHAPES)
def test_what_is_declared_comes_back(shape: Shape) -> None:
    check_kept("tei", shape)


def write(made: dict[str, Any], folder: Path) -> tuple[str, list[Loss | Finding]]:
    said = list(EXPORTER.write([made], folder, None))
    return next(iter(folder.glob("**/*.xml"))).read_text(encoding="utf-8"), said


def spanned(text: str, *pieces: tuple[int, int], **more: Any) -> dict[str, Any]:
    return {**more, "spans": [{"start": start, "end": end, "text": text[start:end]} for start, end in pieces]}


def test_crossing_and_discontinuous_entities_are_fragments(tmp_path: Path) -> None:
    text = "ab cd\n\nef gh"
    made = {"id": "a", "text": text, "passages": [
        spanned(text, (0, 5), id="P1", type="headline"), spanned(text, (7, 12), id="P2", type="paragraph"),
    ], "entities": [
        spanned(text, (0, 4), id="T1", type="PER"), spanned(text, (3, 9), id="T2", type="LOC"),
        spanned(text, (0, 2), (10, 12), id="T3", type="X Y"),
    ]}  # fmt: skip
    written, said = write(made, tmp_path)
    assert said == []
    assert (
        '<body xml:space="preserve"><div><head xml:id="P1" type="headline"><persName xml:id="T1"><rs xml:id="T3"'
        in written
    )
    assert '<placeName xml:id="T2" next="#T2.2">d' not in written
    assert 'prev="#T3"' in written
    (back,) = there_and_back("tei", [made])
    assert shown(back["entities"]) == [("PER", "ab c"), ("X Y", "ab … gh"), ("LOC", "cd\n\nef")]
    assert back["text"] == text


def test_loose_words_and_other_passages_are_kept() -> None:
    text = " By Ann. One two. Photo: Bo three"
    made = {"id": "a", "text": text, "passages": [
        spanned(text, (9, 27), id="P1", type="caption"), spanned(text, (18, 27), id="P2", type="credit"),
        spanned(text, (24, 33), id="P3", type="source"),
    ]}  # fmt: skip
    (back,) = there_and_back("tei", [made])
    assert sorted(shown(back["passages"])) == sorted(shown(made["passages"]))
    assert back["text"] == text


def test_every_field_of_a_record_comes_back() -> None:
    text = "Ann went."
    made = {
        "id": "harbour/1 #2", "text": text,
        "metadata": {
            "uri": "https://news.example/1", "language": "en", "headlines": [{"role": "main", "value": " A <b> "}, {"value": "B"}],
            "by": "Ann", "located": "Ostrow", "slugline": "ferry", "firstCreated": "2026-03-02T05:00:00Z", "contentCreated": "2026-03-02",
            "versionCreated": "2026-03-02T05:00:00Z", "embargoedUntil": "2026-03-03T05:00:00Z", "pubStatus": "withheld",
            "copyrightHolder": "C", "copyrightNotice": "N", "usageTerms": "U\nV",
            "infoSources": [{"name": "S", "role": "originator", "uri": "urn:s:1"}, {"name": "T"}], "keywords": ["sea", "a, b"],
            "digitalSourceType": {"uri": "http://cv.example/d", "name": "d"},
        },
        "entities": [spanned(text, (0, 3), id="1:a", type="PER", prov="M1", attributes=[
            {"name": "type", "value": "x"}, {"name": "Flag"}, {"id": "at1", "name": "odd name", "value": " <\n\r> "},
        ], links=[{"db": "my db", "id": "Q 1"}, {"db": "uri", "id": "http://e.example/x"}, {"db": "key", "id": "K"}], confidence=1)],
        "labels": [{"id": "L1", "axis": "topic", "value": "sea", "prov": "M1", "confidence": 0.25}, {"axis": "x", "value": "y"}],
        "notes": [{"id": "N1", "type": "t", "ref": "1:a", "text": " a\n<b>\r", "prov": "M1"}, {"id": "N2", "text": "whole"}],
        "provenance": [
            {"id": "M1", "agent": "tagger", "agent_type": "model", "model_version": "1 beta", "prompt_sha256": "0" * 64, "decoding": "greedy",
             "run": "r", "created": "2026-03-02T05:00:00Z", "guideline_version": "2", "tool": "t", "derived_from": ["A 1"]},
            {"id": "A 1", "agent": "annotator", "agent_type": "human", "role": "adjudicator"},
        ],
    }  # fmt: skip
    (back,) = there_and_back("tei", [made])
    expected = dict(made.items())
    assert {name: back[name] for name in expected} == expected


LOSSES = {
    "pieces that touch": ({"entities": [spanned("ab cd", (0, 2), (2, 5), id="T", type="X")]}, "pieces that touch"),
    "a passage of nothing": ({"passages": [spanned("ab cd", (2, 2), id="P", type="credit")]}, "passages without a char"),
    "texts of links": (
        {"entities": [spanned("ab cd", (0, 2), id="T", type="X", links=[{"db": "d", "id": "i", "text": "t"}])]}, "links: text",
    ),
    "an id that is another's": (
        {"entities": [spanned("ab cd", (0, 2), id="a", type="X")]}, "ids that something else",
    ),
    "misc of words": (
        {"tokens": [spanned("ab cd", (0, 2), id="K")], "words": [{"id": "W", "token": "K", "form": "ab", "misc": [{"name": "m"}]}]},
        "misc of words",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("layers", "what"), LOSSES.values(), ids=LOSSES.keys())
def test_what_tei_cannot_hold_is_counted(tmp_path: Path, layers: dict[str, Any], what: str) -> None:
    _, said = write({"id": "a", "text": "ab cd", **layers}, tmp_path)
    assert [(loss.what[: len(what)], loss.count) for loss in said if isinstance(loss, Loss)] == [(what, 1)]


def test_an_attribute_with_a_character_that_xml_has_not_is_refused(tmp_path: Path) -> None:
    made = {"id": "a", "text": "ab\x0b", "entities": [spanned("ab\x0b", (0, 2), id="T", type="X\x0b")]}
    (said,) = EXPORTER.write([made], tmp_path, None)
    assert isinstance(said, Finding)
    assert list(tmp_path.iterdir()) == []


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=6),
)
def test_any_text_comes_back_with_any_entities(text: str, places: list[tuple[int, int]]) -> None:
    entities = [
        spanned(text, (min(low, high, len(text)), min(max(low, high), len(text))), id=f"T{number}", type="X")
        for number, (low, high) in enumerate(places)
    ]
    made = {"id": "a", "text": text, "entities": entities}
    if not text.strip():
        return
    (back,) = there_and_back("tei", [made])
    assert back["text"] == text
    assert {one["id"]: one["spans"] for one in back.get("entities", ())} == {
        one["id"]: one["spans"] for one in entities
    }


def test_peers_read_what_is_written(tmp_path: Path) -> None:
    etree = pytest.importorskip("lxml.etree")
    list(EXPORTER.write(samples(), tmp_path, None))
    space = {"t": "http://www.tei-c.org/ns/1.0"}
    for made in samples():
        tree = etree.parse(
            str(tmp_path / f"{made['id']}.xml"), etree.XMLParser(resolve_entities=False, no_network=True)
        )
        assert "".join(tree.xpath("//t:body", namespaces=space)[0].itertext()) == made["text"]
        ids = tree.xpath("//@xml:id")
        assert len(ids) == len(set(ids))
        targets = {
            name
            for value in tree.xpath("//@target|//@corresp|//@who|//@active|//@passive|//@prev|//@next|//@resp")
            for name in value.split()
        }
        assert {name[1:] for name in targets if name.startswith("#")} <= set(ids)


# Anything


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_findings(data: bytes) -> None:
    for found in read(data):
        assert found.article is not None or found.findings


BUSY = document(
    '<head>A</head><p><persName xml:id="a" ref="w:1" cert="0.5" next="#b">Ann</persName> <q who="#a">x</q> <persName xml:id="b" prev="#a">L</persName>'
    '<w lemma="x" msd="UPosTag=X|A=b">w</w><note target="#a">n</note></p>',
    header=FULL_HEADER,
    more='<standOff><relation name="r" active="#a #b"/><event corresp="#a"/><span from="#a" to="#b"/><fs corresp="#a"><f name="x"/></fs>'
    '<linkGrp type="coreference"><link target="#a #b"/></linkGrp></standOff>',
).encode()  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damage_to_a_document_is_never_a_traceback(data: st.DataObject) -> None:
    raw = bytearray(BUSY)
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(raw) - 1))
        end = data.draw(st.integers(start, min(len(raw), start + 9)))
        raw[start:end] = data.draw(st.sampled_from([b"", b"#a", b"<p>", b'"', b"x", b"<w/>", b"\xff", b"-1", b"&a;"]))
    for found in read(bytes(raw)):
        if found.article is None:
            assert found.findings
        else:
            assert list(VALID.iter_errors(found.article)) == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([
    "<p>", "</p>", "<w>", "</w>", "<w/>", "<s>", "</s>", "<q>", "</q>", "<lb/>", "<seg type='credit'>", "</seg>", "a", " ", "\n",
    "<note>n</note>", "<figure>", "</figure>", "<head>", "</head>", "<list>", "</list>", "<choice>", "</choice>", "<rs xml:id='r'>", "</rs>",
    "<w join='right'>", "<ab xml:space='preserve'>", "</ab>",
]), max_size=14))  # fmt: skip
def test_any_nesting_has_spans_where_they_say(parts: list[str]) -> None:
    for found in read(document("".join(parts))):
        made = found.article or {}
        for layer in ("passages", "sentences", "tokens", "entities", "quotations"):
            for span in (span for one in made.get(layer, ()) for span in one["spans"]):
                assert made["text"][span["start"] : span["end"]] == span["text"]
