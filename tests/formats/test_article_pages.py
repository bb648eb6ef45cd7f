from __future__ import annotations

import codecs
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from corpus_tool.findings import Finding
from corpus_tool.formats import Imported, Loss, Source
from corpus_tool.formats.article import EXPORTER, IMPORTER, looks_like
from corpus_tool.resources import schema
from tests.corpora import corpora
from tests.formats.round_trips import SHAPES, check_declared, check_kept, there_and_back
from tests.generated import Shape

VALID = Draft202012Validator(schema("article-1"))


def read(data: str | bytes, path: str = "a.html") -> Imported:
    raw = data.encode() if isinstance(data, str) else data
    (found,) = IMPORTER.read(Source(path, "a", lambda _: raw), None)
    if found.article is not None:
        assert list(VALID.iter_errors(found.article)) == []
        for passage in found.article["passages"]:
            (span,) = passage["spans"]
            assert found.article["text"][span["start"] : span["end"]] == span["text"]
    return found


def article(data: str | bytes, path: str = "a.html") -> dict[str, Any]:
    found = read(data, path)
    assert found.article is not None
    return found.article


def shown(made: dict[str, Any]) -> list[tuple[str, str]]:
    return [(passage["type"], passage["spans"][0]["text"]) for passage in made["passages"]]


PAGE = """<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><title>Ferry late | Harbour News</title>
<link rel="canonical" href="https://news.example/ferry"><meta property="og:title" content="Ferry late">
<script type="application/ld+json">{"@graph": [{"@type": "NewsArticle", "headline": "Ferry late, again",
 "author": [{"@type": "Person", "name": "Mara Quill"}, {"name": "Bo Lind"}], "publisher": {"name": "Harbour News"},
 "datePublished": "2026-03-02T05:00:00Z", "dateModified": "2026-03-02T06:00:00Z", "keywords": "sea, ferry"}]}</script></head>
<body><nav><p>Home and much more that is only a menu</p></nav><main><article>
<h1>Ferry late <em>again</em></h1>
<p class="article__byline">By <a rel="author" href="/mara">Mara Quill</a></p><time datetime="2026-03-02">2 March 2026</time>
<figure><img src="a.jpg"><figcaption>At Ostrow. <span class="credit">Photo: Bo Lind</span></figcaption></figure>
<p>The ferry   was late
again, said the captain.</p>
<div class="social-share">Share this</div>
<h2>Nobody knew why</h2><p>Caf&eacute;s stayed open&nbsp;until ten.<br>Then they closed.</p>
<aside><p>More news</p></aside><script>alert("no")</script>
</article></main><footer><p>Harbour News</p></footer></body></html>
"""


def test_a_page_is_the_text_of_its_article() -> None:
    found = read(PAGE)
    made = found.article
    assert made is not None
    assert shown(made) == [
        ("headline", "Ferry late again"), ("byline", "By Mara Quill"), ("dateline", "2 March 2026"),
        ("caption", "At Ostrow. Photo: Bo Lind"), ("credit", "Photo: Bo Lind"),
        ("paragraph", "The ferry was late again, said the captain."), ("subheading", "Nobody knew why"),
        ("paragraph", "Cafés stayed open\xa0until ten.\nThen they closed."),
    ]  # fmt: skip
    assert made["text"] == "\n\n".join(text for kind, text in shown(made) if kind != "credit")
    assert made["metadata"] == {
        "uri": "https://news.example/ferry", "language": "en-GB", "headlines": [{"role": "main", "value": "Ferry late, again"}],
        "by": "Mara Quill, Bo Lind", "contentCreated": "2026-03-02T05:00:00Z", "versionCreated": "2026-03-02T06:00:00Z",
        "infoSources": [{"name": "Harbour News"}], "keywords": ["sea", "ferry"],
    }  # fmt: skip
    assert found.losses == (Loss("pictures and films of a page", 1, "a"),)
    assert found.places["/passages/0"] == (8, 1)
    assert found.places["/passages/6"] == (14, 1)


PAGES = {
    "main": ("<html><nav>no</nav><main><p>One.</p></main><p>two", [("paragraph", "One.")]),
    "the longest article": ("<html><article><p>One.</article><article><p>One and two.</article>", [("paragraph", "One and two.")]),
    "a headline outside": (
        "<html><header><h1>Late</h1></header><div><p>One.</p></div>", [("headline", "Late"), ("paragraph", "One.")],
    ),
    "what holds most paragraphs": (
        "<html><div><p>Ad</p></div><div id=x><p>One and two.</p><p>Three.</p></div>",
        [("paragraph", "One and two."), ("paragraph", "Three.")],
    ),
    "lines that say who and when": (
        "<html><article><h1>Late</h1><p>By Ann Lee</p><p>March 2, 2026</p><p>One.</p></article>",
        [("headline", "Late"), ("byline", "By Ann Lee"), ("dateline", "March 2, 2026"), ("paragraph", "One.")],
    ),
    "text in JSON-LD only": (
        '<html><div></div><script type="application/ld+json">{"@type":"NewsArticle","articleBody":"One.\\n\\nTwo."}</script>',
        [("paragraph", "One."), ("paragraph", "Two.")],
    ),
    "JSON-LD that is broken": ('<html><script type="application/ld+json">{"@type":</script><p>One.</p>', [("paragraph", "One.")]),
}  # fmt: skip


@pytest.mark.parametrize(("page", "passages"), PAGES.values(), ids=PAGES.keys())
def test_the_article_of_a_page(page: str, passages: list[tuple[str, str]]) -> None:
    assert shown(article(page)) == passages


ENCODINGS = {
    "UTF-8 by default": ("<html><p>é", "utf-8", ""),
    "a byte order mark": ("<html><meta charset='koi8-r'><p>é", "utf-8-sig", ""),
    "UTF-16 by its mark": ("<html><p>é", "utf-16", ""),
    "a declaration": ('<html><meta charset="windows-1251"><p>Қала'.replace("Қ", "К"), "cp1251", ""),
    "an older declaration": (
        '<html><meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>Порт',
        "koi8-r",
        "",
    ),
    "Latin-1 is Windows-1252": ("<html><meta charset=iso-8859-1><p>“é”", "cp1252", ""),
    "XHTML": ('<?xml version="1.0" encoding="ISO-8859-2"?><html><p>ł', "iso-8859-2", ""),
    "a declaration nobody knows": ("<html><meta charset=rot13><p>é", "utf-8", ""),
}


@pytest.mark.parametrize(("page", "codec", "_"), ENCODINGS.values(), ids=ENCODINGS.keys())
def test_the_encoding_is_what_the_page_declares(page: str, codec: str, _: str) -> None:
    assert article(page.encode(codec))["text"] == page.rpartition(">")[2]


WRONG = {
    "no text": (b"<html><script>x</script>", "TXT203"),
    "not its encoding": (b"<html>\n<p>\xff", "IO001"),
    "not what it declares": (b"<html><meta charset=gb18030><p>\x81", "IO001"),
}


@pytest.mark.parametrize(("data", "code"), WRONG.values(), ids=WRONG.keys())
def test_what_is_no_page_is_a_finding(data: bytes, code: str) -> None:
    found = read(data)
    assert found.article is None
    assert [finding.code for finding in found.findings] == [code]


def test_values_that_metadata_cannot_hold_are_named() -> None:
    found = read("<html lang='?'><meta name=date content='some day'><link rel=canonical href='http://a b/'><p>One.")
    assert [finding.location.pointer for finding in found.findings] == [
        "/metadata/uri", "/metadata/language", "/metadata/contentCreated",
    ]  # fmt: skip


SIGNS = {
    "HTML": ("a", b"\xef\xbb\xbf \n<!-- x --><!DOCTYPE html>", True),
    "XHTML": ("a", b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml">', True),
    "Markdown": ("a.md", b"# x", True),
    "plain text": ("a.txt", b"x", False),
    "other XML": ("a.xml", b"<TEI>", False),
}


@pytest.mark.parametrize(("name", "head", "expected"), SIGNS.values(), ids=SIGNS.keys())
def test_certain_signs(name: str, head: bytes, expected: bool) -> None:
    assert looks_like(name, head) is expected


def test_a_page_in_a_text_file_is_text() -> None:
    assert article("<html><p>One.", "a.md")["text"] == "<html><p>One."
    assert article("<html><p>One.", "<stdin>")["text"] == "One."


@pytest.mark.parametrize(
    "part",
    [
        "<a ",
        "<!--",
        "<",
        '<a b="',
        "<div>",
        "<p>x",
        "<![CDATA[",
        "</a",
        "&",
        "<script>",
        "<b>x",
        "<x y=z",
        "<td>",
        "a<!---->",
    ],
)
def test_hostile_markup_takes_no_time(part: str) -> None:
    page = ("<html>" + part * (200_000 // len(part))).encode()
    start = time.process_time()
    (found,) = IMPORTER.read(Source("a.html", "a", lambda _: page), None)
    assert time.process_time() - start < 5
    assert found.article is not None or found.findings


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([
    "<html>", "<p>", "</p>", "<article>", "</article>", "<h1>", "<figure>", "<figcaption>", "</figure>", "<br>", "<td>", "<table>", "a", " ", "\n",
    "<pre>", "</pre>", "<time>", "<span class=credit>", "</span>", "<script>", "</script>", "<![CDATA[", "]]>", "&amp;", "&#0;", "&#xD800;", "<", "'",
    "<div hidden>", "</div>", "\xa0", "By Ann", "<meta charset=x>", "<title>", "\0", "\ufeff",
]), max_size=16))  # fmt: skip
def test_any_page_has_passages_where_they_say(parts: list[str]) -> None:
    found = read("".join(parts))
    assert found.article is not None or found.findings


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_an_article_or_a_finding(data: bytes) -> None:
    found = read(data)
    assert found.article is not None or found.findings


# Out


def test_declaration_is_what_a_round_trip_shows() -> None:
    check_declared("article")


@settings(max_examples=25, deadline=None)
@given(SHAPES)
def test_what_is_declared_comes_back(shape: Shape) -> None:
    check_kept("article", shape)


FULL = {
    "id": "harbour/1: a", "text": "---\ntitle: Its own\n---\n\n# Ferry late\r\n\nBy Mara Quill\n\nIt was late.\u2028\n", "split": "test",
    "metadata": {
        "uri": "https://news.example/1", "language": "en", "headlines": [{"role": "main", "value": 'Ferry: "late"\n---\n'}],
        "by": "Mara\u2028\x07\x85\ufeff \U0001f6a2 # {x}", "located": "Ostrow", "contentCreated": "2026-03-02",
        "copyrightHolder": "null", "usageTerms": "1.0", "infoSources": [{"name": "A", "role": "originator"}, {"name": "no"}],
        "keywords": ["sea", "yes", "2026-03-02"], "digitalSourceType": {"uri": "http://cv.example/d"},
    },
}  # fmt: skip


def test_everything_that_front_matter_holds_comes_back(tmp_path: Path) -> None:
    (back,) = there_and_back("article", [FULL])
    assert {name: back[name] for name in FULL} == FULL
    assert list(EXPORTER.write([FULL], tmp_path, None)) == []
    written = (tmp_path / "harbour" / "1: a.md").read_bytes().decode()
    assert written.endswith("---\n" + FULL["text"])
    assert 'title: "Ferry' in written
    assert "\nauthor: " in written
    assert f"\ntext_sha256: {sha256(str(FULL['text']).encode()).hexdigest()}\n" in written


def test_places_are_those_of_the_file(tmp_path: Path) -> None:
    assert list(EXPORTER.write([{"id": "a", "text": "# Late\n\nIt was late.\n"}], tmp_path, None)) == []
    found = read((tmp_path / "a.md").read_bytes(), "a.md")
    assert found.places["/passages/0"] == (5, 3)


@pytest.mark.parametrize("change", [(" late", " later"), ("text_sha256", "text_sha"), ("---\n", "--- \n")])
def test_front_matter_whose_digest_does_not_hold_is_text(tmp_path: Path, change: tuple[str, str]) -> None:
    assert list(EXPORTER.write([{"id": "a", "text": "It was late.\n"}], tmp_path, None)) == []
    written = (tmp_path / "a.md").read_text(encoding="utf-8").replace(*change)
    assert article(written, "a.md")["text"] == written


def test_front_matter_with_aliases_is_text() -> None:
    text = "It was late.\n"
    front = f"---\ntext_sha256: {sha256(text.encode()).hexdigest()}\na: &a [x, x]\nb: [*a, *a]\n---\n"
    assert article(front + text, "a.md")["text"] == front + text


def test_passages_that_rules_do_not_find_are_counted(tmp_path: Path) -> None:
    text = "# Late\n\nIt was late.\n"
    made = {"id": "a", "text": text, "passages": [
        {"id": "P1", "type": "headline", "spans": [{"start": 2, "end": 6, "text": "Late"}]},
        {"id": "P2", "type": "caption", "spans": [{"start": 8, "end": 20, "text": "It was late."}]},
    ]}  # fmt: skip
    assert list(EXPORTER.write([made], tmp_path, None)) == [
        Loss("passages that rules do not find again in the text", 1, "a: caption 8-20")
    ]


@pytest.mark.parametrize(
    ("made", "code"),
    [
        ({"id": "../a", "text": "x"}, "IO010"),
        ({"id": "a", "text": " \n"}, "TXT203"),
        ({"id": "a", "text": "\ud800"}, "IO001"),
    ],
    ids=["name", "blank", "surrogate"],
)
def test_what_cannot_be_a_file_is_refused(tmp_path: Path, made: dict[str, Any], code: str) -> None:
    (said,) = EXPORTER.write([made], tmp_path, None)
    assert isinstance(said, Finding)
    assert said.code == code
    assert list(tmp_path.iterdir()) == []


def test_real_posts_go_out_and_come_back() -> None:
    folder = corpora("markdown-posts")
    files = sorted(file for file in folder.rglob("*.md") if not file.name.startswith(("README", "SOURCE", "LICENSE")))
    made = [article(file.read_bytes(), file.name) | {"id": file.stem} for file in files]
    assert len(made) == 13
    kept = ("id", "text", "metadata", "passages")
    for before, after in zip(
        sorted(made, key=lambda one: one["id"]),
        sorted(there_and_back("article", made), key=lambda one: one["id"]),
        strict=True,
    ):
        assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


def test_every_declared_encoding_is_one_that_python_has() -> None:
    for label in ("utf-8", "windows-1250", "windows-1258", "iso-8859-2", "iso-8859-16", "koi8-r", "koi8-u", "ibm866", "gbk", "big5", "big5-hkscs",
                  "euc-jp", "shift_jis", "iso-2022-jp", "euc-kr", "macintosh", "x-mac-cyrillic", "tis-620", "iso-8859-9", "windows-874"):  # fmt: skip
        page = f"<html><meta charset={label}><p>x".encode()
        assert article(page)["text"] == "x"
    assert codecs.lookup("cp949").name == "cp949"
