"""Pointers to lines and columns, against what a slice of the text parses to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.positions import Extent, locate, place_of
from corpus_tool.vocabulary import pointer

KEYS = st.text(st.sampled_from('ab~/"\\é😀\u2028\n0'), max_size=4)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.sampled_from('ab"\\{}[],:é😀\u2028\r\n')),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=25,
)  # fmt: skip
SPACES = st.sampled_from(["", " ", "\n", "\r\n", "\t", " \n  "])


@st.composite
def dumped(draw: st.DrawFn, value: Any) -> str:
    """A value as JSON with white space at random."""
    gaps = [draw(SPACES) for _ in range(4)]
    ascii_only = draw(st.booleans())

    def write(part: Any) -> str:
        a, b, c, d = gaps
        if isinstance(part, dict):
            members = (
                f"{a}{json.dumps(key, ensure_ascii=ascii_only)}{b}:{c}{write(item)}{d}" for key, item in part.items()
            )
            return "{" + (",".join(members) or a) + "}"
        if isinstance(part, list):
            return "[" + (",".join(f"{a}{write(item)}{d}" for item in part) or a) + "]"
        return json.dumps(part, ensure_ascii=ascii_only)

    return f"{gaps[0]}{write(value)}{gaps[1]}"


def pointers(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str, Any]]:
    yield pointer(path), value
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in children:
        yield from pointers(child, (*path, step))


def cut(text: str, extent: Extent, first_line: int) -> str:
    """What stands at an extent, by lines alone."""
    lines = text.split("\n")[extent.line - first_line : extent.end_line - first_line + 1]
    lines[-1] = lines[-1][: extent.end_column - 1]
    lines[0] = lines[0][extent.column - 1 :]
    return "\n".join(lines)


@given(st.data(), JSON, st.integers(1, 1000))
def test_every_pointer_leads_to_its_value(data: st.DataObject, value: Any, first_line: int) -> None:
    text = data.draw(dumped(value))
    wanted = dict(pointers(value))
    chosen = data.draw(st.lists(st.sampled_from(sorted(wanted)), unique=True))
    found = locate(text.encode(), chosen, first_line)
    assert {at: json.loads(cut(text, extent, first_line)) for at, extent in found.items()} == {
        at: wanted[at] for at in chosen
    }


TEXT = '{"a": [1, "é😀x", {"b": true}],\r\n "c~/d": {"\\u0065": [] },\r\n "z": -1.5e3}'


@pytest.mark.parametrize(("at", "extent"), [
    pytest.param("", (1, 1, 3, 14), id="the whole"),
    pytest.param("/a", (1, 7, 1, 30), id="list"),
    pytest.param("/a/1", (1, 11, 1, 16), id="columns are code points"),
    pytest.param("/a/2/b", (1, 24, 1, 28), id="behind an astral character"),
    pytest.param("/c~0~1d", (2, 10, 2, 25), id="escaped step, behind CRLF"),
    pytest.param("/c~0~1d/e", (2, 21, 2, 23), id="escaped key"),
    pytest.param("/z", (3, 7, 3, 13), id="number"),
    pytest.param("/a/7", (1, 7, 1, 30), id="no such item: the list"),
    pytest.param("/a/1/x/y", (1, 11, 1, 16), id="below a scalar: the scalar"),
    pytest.param("/q/0", (1, 1, 3, 14), id="no such property: the object"),
])  # fmt: skip
def test_extents(at: str, extent: tuple[int, int, int, int]) -> None:
    found = locate(TEXT.encode(), [at])[at]
    assert (found.line, found.column, found.end_line, found.end_column) == extent


def test_a_byte_order_mark_is_the_first_column() -> None:
    assert locate(b'\xef\xbb\xbf{"a":1}', ["/a"])["/a"] == Extent(1, 7, 1, 8)


def test_deep_pointers() -> None:
    depth = 512
    at = "/a/0" * (depth // 2)
    data = b'{"a":[' * (depth // 2) + b"7" + b"]}" * (depth // 2)
    assert locate(data, [at])[at] == Extent(1, 6 * depth // 2 + 1, 1, 6 * depth // 2 + 2)


@pytest.mark.parametrize(("data", "offset", "place"), [
    pytest.param(b"abc", 0, (5, 1), id="start"),
    pytest.param("é😀x".encode(), 6, (5, 3), id="bytes to code points"),
    pytest.param(b"a\r\nb\nc", 5, (7, 1), id="third line"),
    pytest.param("a\u2028b".encode(), 4, (5, 3), id="U+2028 ends no line"),
    pytest.param(b"\xff\xfeab", 3, (5, 4), id="no UTF-8 before"),
    pytest.param(b"", 0, (5, 1), id="nothing"),
])  # fmt: skip
def test_place_of(data: bytes, offset: int, place: tuple[int, int]) -> None:
    assert place_of(data, offset, 5) == place
