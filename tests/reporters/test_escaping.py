from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from corpus_tool.reporters.escaping import (
    commands,
    fenced,
    github_data,
    github_property,
    json_text,
    log_line,
    markdown,
    plain,
    sarif_message,
    uri,
)
from tests.reporters.hostile import LEGACY, OWN, SEEN_OR_OBEYED

TEXTS = st.text(st.characters(), max_size=30) | st.sampled_from(OWN)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Қала 🌞 é", "Қала 🌞 é"), ("\x1b[31m", "\\u001b[31m"), ("a\nb\r\tc", "a\\u000ab\\u000d\\u0009c"), ("\x9b2J\x7f\x00", "\\u009b2J\\u007f\\u0000"),
        ("\u202eabc\u2066", "\\u202eabc\\u2066"), ("\u2028\u2029\u0085\ufeff", "\\u2028\\u2029\\u0085\\ufeff"), ("\udcff", "\\udcff"),
        ("a\u200bb\u00ad", "a\\u200bb\\u00ad"), ("\U000e0041", "\\U000e0041"), ("👩‍👧 ❤️‍🔥", "👩‍👧 ❤️‍🔥"), ("می‌خواهم क्‍ष", "می‌خواهم क्‍ष"), ("a\u200db\u200c", "a\\u200db\\u200c"),
        ("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"),
        ("x##[error]", "x##\\u005berror]"), ("##vso[a]", "##vso\\u005ba]"), ("# [x] ## [y]", "# [x] ## [y]"), ("\\u001b", "\\u001b"),
    ],
    ids=[
        "letters", "ESC", "white space", "C1", "bidi", "line breaks", "surrogate", "zero width", "tag", "joined pictures", "joined letters", "joiners alone",
        "flag", "command", "command of another service", "brackets", "what looks escaped",
    ],
)  # fmt: skip
def test_plain(text: str, shown: str) -> None:
    assert plain(text) == shown


@settings(deadline=None)
@given(TEXTS)
def test_plain_is_plain_and_stays_so(text: str) -> None:
    shown = plain(text)
    assert SEEN_OR_OBEYED.findall(shown) == []
    assert "\n" not in shown
    assert LEGACY.findall(shown) == []
    assert plain(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("::error::x", "./::error::x"), (" \u3000::x", "./ \u3000::x"), ("a::b", "a::b"), ("\t::x", "\\u0009::x")],
)
def test_a_line_of_a_log_begins_no_command(text: str, shown: str) -> None:
    assert log_line(text) == shown


def test_commands_are_where_their_bracket_stands() -> None:
    assert commands("a ##[x] ##vso[y] #[z]") == [4, 13]


@settings(deadline=None)
@given(
    st.recursive(
        TEXTS | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=8
    )
)
def test_json_reads_back_and_is_plain(value: Any) -> None:
    text = json_text(value)
    assert json.loads(text) == value
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "data", "value"),
    [("a:b,c", "a:b,c", "a%3Ab%2Cc"), ("50%\r\n", "50%25\\u000d\\u000a", "50%25\\u000d\\u000a"), ("%0A::x", "%250A::x", "%250A%3A%3Ax")],
)  # fmt: skip
def test_workflow_commands(text: str, data: str, value: str) -> None:
    assert github_data(text) == data
    assert github_property(text) == value


@pytest.mark.parametrize(
    ("text", "shown"),
    [("{0} {}", "{{0}} {{}}"), ("[a](http://x)", "[a]\\u0028http://x)"), ("[0, 5) [a]", "[0, 5) [a]")],
)
def test_sarif_messages_have_no_placeholders_and_no_links(text: str, shown: str) -> None:
    assert sarif_message(text) == shown


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("a/b.json", "a/b.json"), ("a b?c#d%e.json", "a%20b%3Fc%23d%25e.json"), ("a:b", "a%3Ab"), ("/x/é", "file:///x/%C3%A9"), ("../x", "../x"),
        ("\udcff", "%FF"), ("\ud800", "%ED%A0%80"), ("<stdin>", "%3Cstdin%3E"), ("", ""),
    ],
)  # fmt: skip
def test_uri(path: str, shown: str) -> None:
    assert uri(path) == shown


@settings(deadline=None)
@given(TEXTS)
def test_markdown_is_one_paragraph_of_that_text(text: str) -> None:
    line = markdown(text)
    blocks = MarkdownIt("gfm-like", {"linkify": False}).parse(f"{line}\n")
    assert [block.type for block in blocks] == (["paragraph_open", "inline", "paragraph_close"] if blocks else [])
    shown = "".join(child.content for block in blocks for child in block.children or ())
    assert shown == plain(text).rstrip() or text.isspace()
    assert "@" not in line
    assert "://" not in line


@settings(deadline=None)
@given(st.lists(TEXTS, min_size=1))
def test_fenced_is_one_block_of_those_lines(texts: list[str]) -> None:
    lines = [plain(text) for text in texts]
    (block,) = MarkdownIt("gfm-like", {"linkify": False}).parse(fenced(lines))
    assert block.type == "fence"
    assert block.content == "\n".join(lines) + "\n"
