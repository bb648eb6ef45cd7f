from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.errors import SettingsError
from corpus_tool.release.ranges import Range, parse_range

NUMBERS = st.integers(0, 12)
VERSIONS = st.tuples(NUMBERS, NUMBERS, NUMBERS)
FULL = VERSIONS.map(lambda version: "{}.{}.{}".format(*version))


# The first rows are the tables of "Specifying Dependencies" in the Cargo book.
@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("^1.2.3", (1, 2, 3), (2, 0, 0)),
        ("^1.2", (1, 2, 0), (2, 0, 0)),
        ("^1", (1, 0, 0), (2, 0, 0)),
        ("^0.2.3", (0, 2, 3), (0, 3, 0)),
        ("^0.2", (0, 2, 0), (0, 3, 0)),
        ("^0.0.3", (0, 0, 3), (0, 0, 4)),
        ("^0.0", (0, 0, 0), (0, 1, 0)),
        ("^0", (0, 0, 0), (1, 0, 0)),
        ("~1.2.3", (1, 2, 3), (1, 3, 0)),
        ("~1.2", (1, 2, 0), (1, 3, 0)),
        ("~1", (1, 0, 0), (2, 0, 0)),
        ("*", (0, 0, 0), None),
        ("1.*", (1, 0, 0), (2, 0, 0)),
        ("1.2.*", (1, 2, 0), (1, 3, 0)),
        (">= 1.2.0", (1, 2, 0), None),
        (">1", (2, 0, 0), None),
        (">1.2", (1, 3, 0), None),
        (">1.2.3", (1, 2, 4), None),
        ("<2", (0, 0, 0), (2, 0, 0)),
        ("<=1.2", (0, 0, 0), (1, 3, 0)),
        ("<=1.2.3", (0, 0, 0), (1, 2, 4)),
        ("= 1.2.3", (1, 2, 3), (1, 2, 4)),
        (">=1.2, <1.5", (1, 2, 0), (1, 5, 0)),
        (">=1.0,<2", (1, 0, 0), (2, 0, 0)),
        ("^1.2,~1.3.1,*", (1, 3, 1), (1, 4, 0)),
        ("1.1.0", (1, 1, 0), (1, 1, 1)),
        ("1.1", (1, 1, 0), (1, 2, 0)),
        ("1", (1, 0, 0), (2, 0, 0)),
        ("latest", (0, 0, 0), None),
        ("", (0, 0, 0), None),
    ],
)
def test_meaning(text: str, low: object, high: object) -> None:
    found = parse_range(text)
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize(
    ("text", "pinned"),
    [("1.1.0", True), ("=1.1.0", True), ("=1.1.0,<2", True), ("=1.1", False), ("1.1", False), ("^1.1.0", False), ("", False)],
)  # fmt: skip
def test_only_a_whole_version_is_a_pin(text: str, pinned: bool) -> None:
    assert parse_range(text).pinned is pinned


@pytest.mark.parametrize(
    "text",
    [
        ",", "1.0,", ",1.0", "^", "^^1", "1.2.3.4", "1.2.3.*", "^1.*", "*.1", "v1.0.0", "1.0.0-rc1", "1.0.0+build", "01.0.0",
        "1..0", "1.", ".1", "=>1", "1.0 2.0", "1.0\n", "1.0.0\x00", "latest,1.0", "²", "1.x", "!=1.0", "~=1.0", "-1", "1e3",
        "9999999999.0.0", "None", "\ud800",
    ],
)  # fmt: skip
def test_what_is_no_range_is_refused(text: str) -> None:
    if text == "1.0\n":  # white space around a part says nothing
        assert parse_range(text) == parse_range("1.0")
        return
    with pytest.raises(SettingsError, match="not a range of versions"):
        parse_range(text)


def test_a_long_text_is_refused_at_once() -> None:
    with pytest.raises(SettingsError, match="too long"):
        parse_range("1.0.0," * 100_000)


@pytest.mark.parametrize("text", [">=2,<1", "1.0.0,1.0.1", "<0", "^1,^2", "=1.0.0,>1.0.0"])
def test_parts_that_exclude_each_other_are_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="exclude each other"):
        parse_range(text)


@given(VERSIONS, FULL)
def test_operators_part_the_versions(version: tuple[int, int, int], bound: str) -> None:
    def inside(text: str) -> bool:
        try:
            return version in parse_range(text)
        except SettingsError:  # nothing is below 0.0.0
            return False

    assert inside(f"<{bound}") + inside(f"={bound}") + inside(f">{bound}") == 1
    assert inside(f"<={bound}") is not inside(f">{bound}")
    assert inside(f">={bound}") is not inside(f"<{bound}")


@given(VERSIONS, FULL, st.sampled_from(["^", "~", "", ">="]), FULL, st.sampled_from(["<", "<=", "^"]))
def test_commas_intersect(version: tuple[int, int, int], first: str, one: str, second: str, other: str) -> None:
    left, right = f"{one}{first}", f"{other}{second}"
    try:
        whole = parse_range(f"{left},{right}")
        parts = parse_range(left), parse_range(right)
    except SettingsError:
        return
    assert (version in whole) == (version in parts[0] and version in parts[1])


@given(FULL)
def test_tilde_lies_within_caret_from_1_on(text: str) -> None:
    caret, tilde = parse_range(f"^{text}"), parse_range(f"~{text}")
    assert caret.low == tilde.low
    if not text.startswith("0."):
        assert tilde.high is not None
        assert caret.high is not None
        assert tilde.high <= caret.high


def test_an_empty_range_holds_nothing() -> None:
    assert Range((1, 0, 0), (1, 0, 0)).empty
    assert (1, 0, 0) not in Range((1, 0, 0), (1, 0, 0))
