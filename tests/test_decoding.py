"""Bytes to values by the stated policy: what is refused, where, and that nothing else happens."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.decoding import decode
from corpus_tool.refusals import MAX_DEPTH, Refusal
from tests.corpora import corpora

ACCEPTED = [
    pytest.param(b'{"a\\":b":1,"c":2}', {'a":b': 1, "c": 2}, id="quote and colon in a key"),
    pytest.param(b'{"k":"a\\":b","a":1}', {"k": 'a":b', "a": 1}, id="quote and colon in a value"),
    pytest.param(b'{"k":"\\u0022:"}', {"k": '":'}, id="escaped quote"),
    pytest.param(b'{"k":"\\"\\u003a"}', {"k": '":'}, id="escaped colon"),
    pytest.param(b'{"a" : 1 , "b"\t:2}', {"a": 1, "b": 2}, id="space before the colon"),
    pytest.param(b'{"a":{"b":1},"b":{"a":1}}', {"a": {"b": 1}, "b": {"a": 1}}, id="one name in two objects"),
    pytest.param(b'[{"a":1},{"a":1}]', [{"a": 1}, {"a": 1}], id="one name in two items"),
    pytest.param(b"[9223372036854775807,-9223372036854775808]", [2**63 - 1, -(2**63)], id="largest integers"),
    pytest.param(b'["9223372036854775808"]', ["9223372036854775808"], id="digits in a string"),
    pytest.param(b"[0.1111111111111111111111]", [0.1111111111111111111111], id="many decimals"),
    pytest.param(b"[100000000000000000000.0,1e19]", [1e20, 1e19], id="large floats"),
    pytest.param(b"[1e-400]", [0.0], id="underflow"),
    pytest.param(b'"\\ud83d\\ude00"', "😀", id="surrogate pair"),
    pytest.param(b'"\\\\ud800"', "\\ud800", id="escaped backslash before u"),
    pytest.param('"\u2028\u2029\ufeff"'.encode(), "\u2028\u2029\ufeff", id="line separators"),
    pytest.param(b" null\r\n", None, id="null"),
]

REFUSED = [
    pytest.param(b'{"a":1,"a":1}', "IO003", 7, id="key twice"),
    pytest.param(b'{"\\u0061":1,"a":2}', "IO003", 12, id="key twice, once escaped"),
    pytest.param(b'{"a":1,"\\u0061":2}', "IO003", 7, id="key twice, then escaped"),
    pytest.param(b'{"a" :1,"a":2}', "IO003", 8, id="key twice, space before the colon"),
    pytest.param(b'{"a" :1,"b":1,"b":2}', "IO003", 14, id="key twice, the count of colons agrees"),
    pytest.param(b'{"x":"\\"\\u003a","a":1,"a":2}', "IO003", 22, id="key twice, escaped colon"),
    pytest.param(b'{"x":"\\"\\u003A","a":1,"a":2}', "IO003", 22, id="key twice, escaped colon, upper case"),
    pytest.param(b'{"x":"\\u0022:","a":1,"a":2}', "IO003", 21, id="key twice, escaped quote"),
    pytest.param(b'{"":1,"":2}', "IO003", 6, id="empty key twice"),
    pytest.param('{"é😀":{"b":1,"b":2}}'.encode(), "IO003", 17, id="key twice, inside, behind non-ASCII"),
    pytest.param(b"[NaN]", "IO002", 1, id="NaN"),
    pytest.param(b"[Infinity]", "IO002", 1, id="Infinity"),
    pytest.param(b"[-Infinity]", "IO002", None, id="minus Infinity"),
    pytest.param('["é",1e400]'.encode(), "IO011", 6, id="1e400"),
    pytest.param('["😀",9223372036854775808]'.encode(), "IO011", 8, id="2^63"),
    pytest.param(b"[18446744073709551616]", "IO011", 1, id="2^64"),
    pytest.param(b"[-9223372036854775809]", "IO011", 1, id="-2^63-1"),
    pytest.param(b"[" + b"9" * 300 + b"]", "IO011", 1, id="300 digits"),
    pytest.param(b"[" + b"1" * 5000 + b"]", "IO011", 1, id="5000 digits"),
    pytest.param('{"é":"\\ud800"}'.encode(), "IO001", 7, id="lone high surrogate"),
    pytest.param(b'"\\uDE00"', "IO001", 1, id="lone low surrogate"),
    pytest.param(b'"\\uD83D\\u0041"', "IO001", 1, id="high surrogate before a letter"),
    pytest.param(b'"\\uD83Dx\\uDE00"', "IO001", 1, id="pair apart"),
    pytest.param(b'"\\ud83d\\ud83d\\ude00"', "IO001", 1, id="high surrogate before a pair"),
    pytest.param(b'"\\ud83d\\ude00\\ude00"', "IO001", 13, id="low surrogate behind a pair"),
    pytest.param(b'"\\ude00\\ud83d"', "IO001", 1, id="pair the wrong way round"),
    pytest.param(b'"\\\\ud800 \\uDBFF"', "IO001", 9, id="lone surrogate behind an escaped backslash"),
    pytest.param(b'{"\\udfff":1}', "IO001", 2, id="lone surrogate in a key"),
    pytest.param(b'"\xed\xa0\x80"', "IO001", 1, id="surrogate as bytes"),
    pytest.param(b'"\xc3\xa9\xff"', "IO001", 3, id="no UTF-8"),
    pytest.param(b'"\xc3', "IO001", 1, id="cut off inside a character"),
    pytest.param('{"a":1}'.encode("utf-16"), "IO001", 0, id="UTF-16 with BOM"),
    pytest.param('{"a":1}'.encode("utf-16-le"), "IO001", 0, id="UTF-16 little endian"),
    pytest.param('{"a":1}'.encode("utf-16-be"), "IO001", 0, id="UTF-16 big endian"),
    pytest.param(b"\xef\xbb\xbf{}", "IO002", 0, id="BOM"),
    pytest.param(b'{"a":1}{"a":2}', "IO002", 7, id="two values"),
    pytest.param(b"{}\r{}", "IO002", 3, id="two values, carriage return"),
    pytest.param(b"{}\x00", "IO002", 2, id="trailing NUL"),
    pytest.param('{"ééé": x}'.encode(), "IO002", 11, id="syntax behind non-ASCII"),
    pytest.param(b'{"a":1 "b"}', "IO002", 7, id="missing comma"),
    pytest.param(b'"a\tb"', "IO002", None, id="raw tab"),
    pytest.param(b'{"a":"b', "IO002", None, id="cut off"),
    pytest.param(b"", "IO002", 0, id="nothing"),
    pytest.param(b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "IO012", MAX_DEPTH, id="depth 513"),
    pytest.param(b'{"a":' * 513 + b"1" + b"}" * 513, "IO012", 512 * 5, id="depth 513 of objects"),
    pytest.param(b"[" * 1100 + b"]" * 1100, "IO012", MAX_DEPTH, id="depth 1100"),
    pytest.param(b"[" * 100_000 + b"]" * 100_000, "IO012", MAX_DEPTH, id="depth 100,000"),
    pytest.param(b"[" * 100_000, "IO012", MAX_DEPTH, id="depth 100,000, cut off"),
]


@pytest.mark.parametrize(("data", "value"), ACCEPTED)
def test_accepted(data: bytes, value: Any) -> None:
    assert decode(data) == value


@pytest.mark.parametrize(("data", "code", "offset"), REFUSED)
def test_refused(data: bytes, code: str, offset: int | None) -> None:
    refusal = decode(data)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert len(refusal.message) < 200
    if offset is not None:
        assert refusal.offset == offset


@pytest.mark.parametrize("opening", ["[", '{"a":'], ids=["lists", "objects"])
def test_deepest_that_is_accepted(opening: str) -> None:
    value = decode((opening * MAX_DEPTH + "1" + {"[": "]"}.get(opening, "}") * MAX_DEPTH).encode())
    depth = 0
    while not isinstance(value, int):
        value, depth = value[0] if isinstance(value, list) else value["a"], depth + 1
    assert depth == MAX_DEPTH


@pytest.mark.parametrize("data", [
    b'"' + b'\\"' * 200_000, b'["' + b"\\" * 400_001, b'{"a":"' + b'x\\"' * 200_000 + b"\n", b'"\\ud800' + b'\\"' * 200_000 + b'"',
], ids=["quotes", "backslashes", "raw newline", "surrogate first"])  # fmt: skip
def test_strings_that_never_end_take_no_time(data: bytes) -> None:
    started = time.monotonic()
    assert isinstance(decode(data), Refusal)
    assert time.monotonic() - started < 2


POLICY = {
    "y_object_duplicated_key.json": "IO003",
    "y_object_duplicated_key_and_value.json": "IO003",
    "i_number_double_huge_neg_exp.json": None,
    "i_number_real_underflow.json": None,
    "i_structure_500_nested_arrays.json": None,
    "i_structure_UTF-8_BOM_empty_object.json": "IO002",
}
"""What is not as the first letter of the name says, or as `i_number` (beyond its type) and `i_string` (no UTF-8)."""


def expected(name: str) -> tuple[bool, str | None]:
    if name in POLICY:
        return POLICY[name] is None, POLICY[name]
    beyond = {"i_number": "IO011", "i_string": "IO001", "i_object": "IO001"}
    return name.startswith("y_"), beyond.get(name[:8])


def test_json_parsing_suite() -> None:
    """318 files by others: every y is accepted, every n refused, every i as the policy says."""
    files = sorted((corpora("json-parsing-suite") / "test_parsing").glob("*.json"))
    assert len(files) == 318
    wrong = []
    for file in files:
        value = decode(file.read_bytes())
        accepted, code = expected(file.name)
        got = value.code if isinstance(value, Refusal) else None
        if accepted is isinstance(value, Refusal) or (code is not None and got != code):
            wrong.append((file.name, got))
    assert wrong == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(['":', '"', "\\", "\\u0022", "\u2028"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=4), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(
    JSON, st.booleans(), st.sampled_from([None, 1]), st.sampled_from([(",", ":"), (" , ", " : "), ("\n,", "\t:\r\n")])
)
def test_round_trip(value: Any, ascii_only: bool, indent: int | None, separators: tuple[str, str]) -> None:
    assert decode(json.dumps(value, ensure_ascii=ascii_only, indent=indent, separators=separators).encode()) == value


@given(st.binary(max_size=60) | st.text('{}[]":,\\u0dD89a1eE+-. \n\ufeffé', max_size=60).map(str.encode))
def test_any_bytes_have_a_value_or_a_refusal(data: bytes) -> None:
    value = decode(data)
    if isinstance(value, Refusal):
        assert value.offset is None or 0 <= value.offset <= len(data)


def has_a_key_twice(data: bytes) -> bool:
    found = False

    def look(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal found
        found = found or len({name for name, _ in pairs}) < len(pairs)
        return dict(pairs)

    json.loads(data, object_pairs_hook=look)
    return found


KEYS = st.sampled_from(
    ['"a"', '"\\u0061"', '"a":1,"b"', '"b" ', '"\\":"', '"x\\u003a"', '"\\"\\u003A"', '"\\u0022:"', '"é"']
)
VALUES = st.sampled_from(["1", '"\\":"', '"\\"\\u003a"', '"\\u0022:"', '"a\\":1"', "[]", '{"a":1}', '{"a":1,"a" :2}'])


@given(st.lists(st.tuples(KEYS, VALUES), max_size=6), st.sampled_from(["", " " * 5000]))
def test_keys_that_stand_twice_are_always_seen(members: list[tuple[str, str]], filling: str) -> None:
    data = ("{" + ",".join(f"{key}:{value}" for key, value in members) + filling + "}").encode()
    value = decode(data)
    assert (isinstance(value, Refusal) and value.code == "IO003") == has_a_key_twice(data)
