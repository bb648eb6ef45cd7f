from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from corpus_tool.findings import Finding, Severity
from corpus_tool.formats import Imported, Loss, Source
from corpus_tool.formats.ninjs import EXPORTER, IMPORTER, looks_like, looks_like_newsml
from corpus_tool.resources import schema
from tests.corpora import corpora
from tests.formats.round_trips import SHAPES, check_declared, check_kept, samples, there_and_back
from tests.generated import Shape

VALID = Draft202012Validator(schema("article-1"))


def read(data: bytes | dict[str, Any] | list[Any], name: str = "a") -> list[Imported]:
    raw = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False, indent=1).encode()
    return list(IMPORTER.read(Source(f"{name}.json", name, lambda _: raw), None))


def one(item: dict[str, Any]) -> dict[str, Any]:
    (imported,) = read(item)
    assert imported.article is not None
    assert list(VALID.iter_errors(imported.article)) == []
    return imported.article


def passages(article: dict[str, Any]) -> list[tuple[str, str]]:
    for passage in article["passages"]:
        (span,) = passage["spans"]
        assert article["text"][span["start"] : span["end"]] == span["text"]
    return [(passage["type"], passage["spans"][0]["text"]) for passage in article["passages"]]


def body(value: str, kind: str = "text/html") -> dict[str, Any]:
    return {"uri": "urn:x:1", "bodies": [{"contentType": kind, "value": value}]}


MARKUP = {
    "paragraphs": (
        "<p>Ann  sang.</p>\n <p>Bob\nwept&nbsp;&amp; left.</p>",
        "Ann sang.\n\nBob wept\xa0& left.",
        [("paragraph", "Ann sang."), ("paragraph", "Bob wept\xa0& left.")],
    ),
    "a headline once": (
        "<h1>One</h1><h1>Two</h1><h3>Three</h3>",
        "One\n\nTwo\n\nThree",
        [("headline", "One"), ("subheading", "Two"), ("subheading", "Three")],
    ),
    "byline and dateline": (
        '<p class="byline">By Ann</p><p><time>4 May</time></p><p>By <a rel="author">Bob</a></p>',
        "By Ann\n\n4 May\n\nBy Bob",
        [("byline", "By Ann"), ("dateline", "4 May"), ("byline", "By Bob")],
    ),
    "a figure": (
        '<figure><img alt="no"><figcaption>Ships. <small class="credit">Ann</small></figcaption>'
        '<div class="byline">Bob</div></figure>',
        "Ships. Ann\n\nBob",
        [("caption", "Ships. Ann"), ("credit", "Ann"), ("credit", "Bob")],
    ),
    "line breaks and cells": (
        "a<br>b <table><tr><td>c</td><td>d</td></tr><tr><td>e</table>",
        "a\nb\n\nc\td\n\ne",
        [("paragraph", "a\nb"), ("paragraph", "c\td"), ("paragraph", "e")],
    ),
    "what is not shown": (
        "<script>x</script><p>seen<span hidden>h</span></p><style>s</style><!-- c --><p style='display: none'>d</p>",
        "seen",
        [("paragraph", "seen")],
    ),
    "tags left open": ("<p>one<p>two<ul><li>three<li>four</ul>", "one\n\ntwo\n\nthree\n\nfour", None),
    "verbatim lines": ("<pre>a\n  b</pre>", "a\n  b", [("paragraph", "a\n  b")]),
    "an astral character": (
        "<p>\U0001f6a2</p><p>b</p>",
        "\U0001f6a2\n\nb",
        [("paragraph", "\U0001f6a2"), ("paragraph", "b")],
    ),
    "a marked section": ("<p>a<![CDATA[ <b> ]]></p>", "a <b>", [("paragraph", "a <b>")]),
}


@pytest.mark.parametrize(("markup", "text", "expected"), MARKUP.values(), ids=MARKUP.keys())
def test_markup_becomes_text_and_passages(markup: str, text: str, expected: list[tuple[str, str]] | None) -> None:
    article = one(body(markup))
    assert article["text"] == text
    if expected is not None:
        assert passages(article) == expected


NITF = """<?xml version="1.0"?><nitf><head><title>not shown</title></head><body><body.head>
<hedline><hl1>Ferry late</hl1><hl2>Again</hl2></hedline><byline>By <person>Mara Quill</person></byline>
<distributor>The Agency</distributor><dateline><location>Ostrow</location>, <story.date>4 May</story.date></dateline>
</body.head><body.content><block><p>The ferry   was late.</p><media media-type="image">
<media-reference source="x"/><media-caption>A ferry.</media-caption><media-producer>Bo</media-producer></media>
</block></body.content></body></nitf>"""


def test_nitf_becomes_text_and_passages() -> None:
    (imported,) = read(body(NITF, "text/vnd.IPTC.NITF"))
    assert imported.article is not None
    assert passages(imported.article) == [
        ("headline", "Ferry late"), ("subheading", "Again"), ("byline", "By Mara Quill"), ("source", "The Agency"),
        ("dateline", "Ostrow, 4 May"), ("paragraph", "The ferry was late."), ("caption", "A ferry."), ("credit", "Bo"),
    ]  # fmt: skip
    assert [(loss.what[:20], loss.count) for loss in imported.losses] == [("words that NITF anno", 2)]


def test_plain_text_is_preferred_and_markup_says_where_its_passages_are() -> None:
    plain = "Ferry late\r\n\r\n  – The ferry was\u2028late.  Nobody knew.\r\n"
    markup = "<h1>Ferry late</h1><p>The ferry was late.</p><p>Nobody knew.</p><p>Not there.</p>"
    (imported,) = read({"uri": "urn:x:1", "bodies": [
        {"role": "xhtml", "value": markup}, {"role": "text", "value": plain}, {"role": "html5", "value": "<p>Else</p>"},
    ]})  # fmt: skip
    assert imported.article is not None
    assert imported.article["text"] == plain
    assert passages(imported.article) == [
        ("headline", "Ferry late"), ("paragraph", "The ferry was\u2028late."), ("paragraph", "Nobody knew."),
    ]  # fmt: skip
    assert [(finding.code, finding.location.line) for finding in imported.findings] == [("IO020", 6)]
    assert {(loss.what, loss.count) for loss in imported.losses} == {
        ("blocks of bodies beside the plain text", 1), ("bodies beside the one that is the text", 1),
    }  # fmt: skip


def test_a_body_that_says_something_else_is_named() -> None:
    (imported,) = read({"uri": "urn:x:1", "bodies": [
        {"role": "text", "value": "A caption."}, {"role": "xhtml", "value": "<p>Of another item.</p>"},
    ]})  # fmt: skip
    assert imported.article is not None
    assert "passages" not in imported.article
    assert [finding.code for finding in imported.findings] == ["IO020"]


OLD = {
    "uri": "http://news.example/1", "type": "text", "versioncreated": "2026-03-02T05:00:00Z", "byline": "Mara Quill",
    "headline": "Ferry late", "headline_short": "Late", "copyrightholder": "The Agency", "pubstatus": "usable",
    "embargoed": "2026-03-03T00:00:00Z", "language": "en", "infosource": [{"name": "Reuter", "code": "x"}],
    "subject": [{"name": "sea", "rel": "about", "scheme": "urn:s", "code": "1"}], "person": [{"name": "Mara Quill"}],
    "place": [{"code": "it"}], "body_xhtml": "<p>The ferry was late.</p>", "urgency": 4, "associations": {"main": {}},
}  # fmt: skip


def test_version_1_is_read_by_its_own_names() -> None:
    (imported,) = read(OLD)
    article = imported.article
    assert article is not None
    assert article["metadata"] == {
        "uri": "http://news.example/1", "language": "en", "by": "Mara Quill",
        "headlines": [{"role": "main", "value": "Ferry late"}, {"role": "short", "value": "Late"}],
        "versionCreated": "2026-03-02T05:00:00Z", "embargoedUntil": "2026-03-03T00:00:00Z", "pubStatus": "usable",
        "copyrightHolder": "The Agency", "infoSources": [{"name": "Reuter"}],
    }  # fmt: skip
    assert [(label["axis"], label["value"]) for label in article["labels"]] == [
        ("subject", "sea"), ("person", "Mara Quill"), ("place", "it"),
    ]  # fmt: skip
    assert {loss.what for loss in imported.losses} == {
        "infoSources: code", "subjects: rel", "subjects: scheme", "subjects: code", "property urgency",
        "property associations",
    }  # fmt: skip
    assert list(VALID.iter_errors(article)) == []


def test_version_2_and_3_mean_the_same() -> None:
    three = {
        "uri": "urn:x:1", "versionCreated": "2026-03-02T05:00:00Z", "copyrightNotice": "ours", "located": "Ostrow",
        "embargoedUntil": "2026-03-03T00:00:00Z", "usageTerms": "free", "slugline": "ferry",
        "contentCreated": "2026-03-02T05:00:00Z", "genres": [{"name": "Actuality"}], "organisations": [{"name": "A Ltd"}],
        "digitalSourceType": {"name": "digital", "uri": "http://cv.example/digital"},
        "bodies": [{"role": "x", "contentType": "text/plain", "value": "Text."}],
    }  # fmt: skip
    two = {name.lower(): value for name, value in three.items()} | {
        "bodies": [{"role": "x", "contenttype": "text/plain", "value": "Text."}]
    }
    two["embargoed"] = two.pop("embargoeduntil")
    assert one(two) == one(three)
    assert one(three)["metadata"]["digitalSourceType"] == {"uri": "http://cv.example/digital", "name": "digital"}


def test_who_classified_is_a_provenance_and_per_cents_are_confidence() -> None:
    article = one(body("<p>x</p>") | {"subjects": [
        {"name": "a", "creator": "system", "confidence": 58}, {"name": "b", "creator": "Mara"}, {"name": "c"},
    ]})  # fmt: skip
    assert article["labels"] == [
        {"axis": "subject", "value": "a", "prov": "C1", "confidence": 0.58},
        {"axis": "subject", "value": "b", "prov": "C2"},
        {"axis": "subject", "value": "c", "prov": "A1"},
    ]
    assert [(each["id"], each["agent"], each["agent_type"]) for each in article["provenance"]] == [
        ("A1", "unknown", "human"), ("C1", "system", "rule"), ("C2", "Mara", "human"),
    ]  # fmt: skip


WRONG = {
    "not JSON": (b'{"uri": "urn:x:1",', "IO002", 1),
    "not UTF-8": (b'{"uri": "\xff"}', "IO001", 1),
    "a key twice": (b'{"uri": "a",\n"uri": "b"}', "IO003", 2),
    "no object": (b'["x"]', "IO019", 1),
    "no text at all": (b'{"uri": "urn:x:1", "type": "planning"}', "TXT203", 1),
    "NewsML-G2": (b'<?xml version="1.0"?>\n<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/"/>', "IO019", 1),
    "deep": (b'{"uri":' + b"[" * 600 + b"]" * 600 + b"}", "IO012", 1),
    "bodies of no list": (b'{"uri": "urn:x:1", "bodies": "x"}', "IO019", 1),
}


@pytest.mark.parametrize(("data", "code", "line"), WRONG.values(), ids=WRONG.keys())
def test_what_is_no_item_is_a_finding_with_its_place(data: bytes, code: str, line: int) -> None:
    (imported,) = read(data)
    assert imported.article is None
    assert (imported.findings[0].code, imported.findings[0].location.line) == (code, line)
    assert any(finding.severity is Severity.ERROR for finding in imported.findings)


def test_values_that_metadata_cannot_hold_are_named_and_left_out() -> None:
    (imported,) = read(
        body("<p>x</p>") | {"uri": "no uri at all", "versionCreated": 5, "pubStatus": "old", "people": "Ann"}
    )
    assert imported.article is not None
    assert imported.article["metadata"] == {}
    assert [(finding.code, finding.location.pointer) for finding in imported.findings] == [
        ("IO019", ""), ("IO019", "/metadata/uri"), ("IO019", "/metadata/versionCreated"), ("IO019", "/metadata/pubStatus"),
    ]  # fmt: skip


def test_without_a_body_a_description_is_the_text_and_else_a_headline() -> None:
    item = {"uri": "urn:x:1", "type": "picture", "headlines": [{"value": "Late"}], "descriptions": [
        {"role": "caption", "value": "<p>At <i>Ostrow</i>.</p>"}, {"value": "More."},
    ]}  # fmt: skip
    (described,) = read(item)
    (headed,) = read({name: value for name, value in item.items() if name != "descriptions"})
    assert described.article is not None
    assert headed.article is not None
    assert (described.article["text"], headed.article["text"]) == ("At Ostrow.", "Late")
    assert [finding.code for finding in (*described.findings, *headed.findings)] == ["IO020", "IO020"]
    assert described.places["/text"] == (12, 13)
    assert [(loss.what, loss.count) for loss in described.losses] == [("descriptions", 1), ("property type", 1)]


def test_a_list_is_several_articles_each_with_its_places() -> None:
    found = read([body("<p>x</p>"), {"uri": "urn:x:2"}, body("<p>y</p>")])
    assert [each.article and each.article["id"] for each in found] == ["a-0001", None, "a-0003"]
    assert found[1].findings[0].location.line == 11
    assert found[2].places["/text"][0] == 19


def test_a_byte_order_mark_is_read_over_and_named() -> None:
    (imported,) = read(b"\xef\xbb\xbf" + json.dumps(body("<p>x</p>")).encode())
    assert imported.article is not None
    assert [finding.code for finding in imported.findings] == ["IO004"]


SIGNS = {
    "names its schema": (b'{"uri": "urn:1", "standard": {"name": "ninjs", "version": "3.0"}}', True),
    "version 1": (b'{"uri": "urn:1", "versioncreated": "2026", "headline": "x", "body_text": "y"}', True),
    "version 3": (b'{"uri": "urn:1", "versionCreated": "2026", "bodies": [{"role": "text", "value": ""}]}', True),
    "the schema itself": (
        b'{"$defs": {}, "$id": "http://x/ninjs-schema_3.1.json", "uri": "x", "properties": {}}',
        False,
    ),
    "another JSON": (b'{"uri": "urn:1", "text": "x"}', False),
    "a list of numbers": (b"[1, 2]", False),
}


@pytest.mark.parametrize(("head", "expected"), SIGNS.values(), ids=SIGNS.keys())
def test_certain_signs(head: bytes, expected: bool) -> None:
    assert looks_like("a.json", head) is expected
    assert not looks_like("a.xml", head)


def test_newsml_g2_is_known() -> None:
    assert looks_like_newsml(WRONG["NewsML-G2"][0])
    assert not looks_like_newsml(json.dumps(OLD).encode())


# Real files


def schema_of(folder: Path, version: str) -> Draft202012Validator:
    """The schema of a version, without the one schema that it takes from the web."""
    text = (folder / "specification" / f"ninjs-schema_{version}.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(re.sub(r'"\$ref"(\s*:\s*"https://geojson)', r'"geojson"\1', text)))


def test_real_items_become_articles() -> None:
    folder = corpora("ninjs")
    counts = {}
    for kind in ("should_pass", "should_fail", "examples"):
        files = sorted(
            file for file in folder.rglob("*.json") if kind in file.parts and file.name != "extension-schema.json"
        )
        found = [each for file in files for each in read(file.read_bytes(), file.stem)]
        for each in found:
            assert all(finding.location.line for finding in each.findings)
            if each.article is not None:
                assert list(VALID.iter_errors(each.article)) == []
                passages(each.article | {"passages": each.article.get("passages", [])})
        counts[kind] = (len(files), len(found), sum(each.article is not None for each in found))
        silent = [each for each in found if each.article is None and not each.findings]
        assert silent == []
    assert counts == {  # files, items, articles: the others have no text of any kind
        "should_pass": (51, 51, 22), "should_fail": (17, 17, 7), "examples": (32, 45, 45),
    }  # fmt: skip


def test_all_real_files_are_known_by_their_signs() -> None:
    folder = corpora("ninjs")
    known = {file.name for file in (folder / "examples").rglob("*.json") if looks_like(file.name, file.read_bytes())}
    assert {"dpa_text.json", "tt_text_image_3.json", "ninjsExSimpleText_2.json"} <= known
    assert not any(looks_like(file.name, file.read_bytes()) for file in (folder / "specification").glob("*.json"))


# Out


def test_declaration_is_what_a_round_trip_shows() -> None:
    check_declared("ninjs")


@settings(max_examples=25, deadline=None)
@given(SHAPES)
def test_what_is_declared_comes_back(shape: Shape) -> None:
    check_kept("ninjs", shape)


def test_written_items_are_of_the_schema_of_3_1(tmp_path: Path) -> None:
    valid = schema_of(corpora("ninjs"), "3.1")
    assert [said for said in EXPORTER.write(samples(), tmp_path, None) if isinstance(said, Finding)] == []
    items = [json.loads(file.read_bytes()) for file in sorted(tmp_path.glob("*.json"))]
    assert len(items) == len(samples())
    assert [error.message for item in items for error in valid.iter_errors(item)] == []


FULL = {
    "id": "harbour/1", "text": "Ferry late\n\nBy Mara\x0b\n\nA ferry. Photo: Bo  It < was & late.\r\n",
    "metadata": {
        "language": "en", "headlines": [{"role": "main", "value": "Ferry <late>"}, {"value": "Late"}], "by": "Mara",
        "contentCreated": "2026-03-02", "infoSources": [{"name": "A", "role": "originator", "uri": "urn:a:1"}, {"name": "B"}],
        "keywords": ["sea", "ferry"], "digitalSourceType": {"uri": "http://cv.example/d"},
    },
    "passages": [
        {"id": "P1", "type": "headline", "spans": [{"start": 0, "end": 10, "text": "Ferry late"}]},
        {"id": "P2", "type": "byline", "spans": [{"start": 12, "end": 19, "text": "By Mara"}]},
        {"id": "P3", "type": "caption", "spans": [{"start": 22, "end": 40, "text": "A ferry. Photo: Bo"}]},
        {"id": "P4", "type": "credit", "spans": [{"start": 38, "end": 40, "text": "Bo"}]},
        {"id": "P5", "type": "headline", "spans": [{"start": 42, "end": 57, "text": "It < was & late."[:15]}]},
    ],
    "labels": [{"axis": "subject", "value": "sea", "confidence": 0.5}, {"axis": "genre", "value": "Actuality"}],
}  # fmt: skip


def test_an_article_with_everything_comes_back() -> None:
    (back,) = there_and_back("ninjs", [FULL])
    assert back["id"] == "harbour/1"
    assert (back["text"], back["metadata"]) == (FULL["text"], FULL["metadata"])
    assert [(each["id"], each["type"], each["spans"]) for each in back["passages"]] == [
        (each["id"], each["type"], each["spans"]) for each in FULL["passages"]
    ]
    assert [(each["axis"], each["value"], each.get("confidence")) for each in back["labels"]] == [
        ("subject", "sea", 0.5), ("genre", "Actuality", None),
    ]  # fmt: skip


def span(text: str, start: int, end: int) -> dict[str, Any]:
    return {"start": start, "end": end, "text": text[start:end]}


LOSSES = {
    "pieces": ([(0, 2), (4, 6)], "passages of several pieces"),
    "blank": ([(2, 3)], "passages without a character that shows"),
    "edges": ([(2, 5)], "white space at the edge of passages"),
}


@pytest.mark.parametrize(("pieces", "what"), LOSSES.values(), ids=LOSSES.keys())
def test_passages_that_markup_cannot_hold_are_counted(tmp_path: Path, pieces: list[tuple[int, int]], what: str) -> None:
    text = "ab cd ef"
    article = {"id": "a", "text": text, "passages": [
        {"id": "P", "type": "paragraph", "spans": [span(text, *piece) for piece in pieces]},
    ]}  # fmt: skip
    assert list(EXPORTER.write([article], tmp_path, None)) == [Loss(what, 1, "a: P")]


def test_labels_of_other_axes_and_odd_confidence_are_counted(tmp_path: Path) -> None:
    article = {"id": "a", "text": "x", "labels": [
        {"axis": "tone", "value": "calm"}, {"axis": "subject", "value": "sea", "confidence": 0.123},
    ]}  # fmt: skip
    assert [(said.what[:16], said.count) for said in EXPORTER.write([article], tmp_path, None) if isinstance(said, Loss)] == [
        ("labels: axes tha", 1), ("labels: confiden", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["../a", "/a", ""])
def test_ids_that_name_no_file_are_refused(tmp_path: Path, name: str) -> None:
    (said,) = EXPORTER.write([{"id": name, "text": "x"}], tmp_path / "out", None)
    assert isinstance(said, Finding)
    assert said.code == "IO010"


def test_a_file_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("mine")
    (said,) = EXPORTER.write([{"id": "a", "text": "x"}], tmp_path, None)
    assert isinstance(said, Finding)
    assert (tmp_path / "a.json").read_text() == "mine"


# Anything


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: json.dumps(body(text)).encode())))
def test_any_bytes_are_articles_or_findings(data: bytes) -> None:
    for imported in read(data):
        assert imported.article is not None or imported.findings


@settings(max_examples=150, deadline=None)
@given(st.text("<>/!-[]&;#pab \n=\"'\0\x1a\u2028\ufeff", max_size=120), st.text("pab \n", max_size=40))
def test_any_markup_has_passages_where_they_say(markup: str, plain: str) -> None:
    for item in (
        body(markup),
        {"uri": "urn:x:1", "bodies": [{"role": "text", "value": plain}, {"role": "html", "value": markup}]},
    ):
        for imported in read(item):
            if imported.article is not None:
                assert list(VALID.iter_errors(imported.article)) == []
                passages(imported.article | {"passages": imported.article.get("passages", [])})


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_damage_to_an_item_is_never_a_traceback(data: st.DataObject) -> None:
    raw = bytearray(json.dumps(OLD).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)))
    for imported in [*read(bytes(raw)), *read(bytes(raw[:cut]))]:
        assert imported.article is not None or imported.findings


ODD_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 200) | st.text(max_size=4), lambda inner: st.lists(inner, max_size=2) | st.dictionaries(
        st.sampled_from(["name", "value", "role", "rel", "uri", "confidence", "creator", "contentType"]), inner, max_size=3,
    ), max_leaves=6,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*OLD, "bodies", "altIds", "subjects", "headlines", "keywords", "digitalSourceType"]),
        ODD_VALUES,
    )
)
def test_values_of_any_type_never_stop_it(changes: dict[str, Any]) -> None:
    (imported,) = read(OLD | changes)
    if imported.article is None:
        assert imported.findings
    else:
        assert list(VALID.iter_errors(imported.article)) == []
