"""Unified diffs: what they say, applied to the old file, gives the new one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.fixing.diffs import CONTEXT, Part, unified

HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n")


def diff(*parts: Part, name: str = "x") -> bytes:
    return b"".join(unified(name, parts))


def lines(data: bytes) -> list[bytes]:
    return re.findall(rb"[^\n]*\n|[^\n]+", data)


def hunks(text: bytes) -> Iterator[tuple[int, int, list[tuple[bytes, bytes]]]]:
    """First line and number of each side, and marked lines, of each hunk."""
    for hunk in re.split(rb"^(?=@@ )", text, flags=re.MULTILINE)[1:]:
        header = HUNK.match(hunk)
        assert header is not None
        marked: list[tuple[bytes, bytes]] = []
        for line in lines(hunk[header.end() :]):
            if line.startswith(b"\\"):
                marked[-1] = marked[-1][0], marked[-1][1].removesuffix(b"\n")
            else:
                marked.append((line[:1], line[1:]))
        old, new = (int(header[at] or 1) for at in (2, 4))
        assert (old, new) == (sum(mark != b"+" for mark, _ in marked), sum(mark != b"-" for mark, _ in marked))
        yield int(header[1]) - bool(old), int(header[3]) - bool(new), marked


def applied(text: bytes, old: bytes) -> bytes:
    """What a diff makes of a file; every line it takes for old has to be there."""
    left, out, done = lines(old), [], 0
    for start, place, marked in hunks(text):
        out += left[done:start]
        assert len(out) == place
        done = start
        for mark, line in marked:
            if mark != b"+":
                assert left[done] == line
                done += 1
            if mark != b"-":
                out.append(line)
    return b"".join([*out, *left[done:]])


TABLE = {
    "nothing": ([(b"a\n", b"a\n")], b""),
    "a line": ([(b"a\n", b"b\n")], b"@@ -1 +1 @@\n-a\n+b\n"),
    "the only line goes": ([(b"a\n", b"")], b"@@ -1 +0,0 @@\n-a\n"),
    "no line end": ([(b"a\nb", b"a\nc")], b"@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n"),
    "a line end more": ([(b"a", b"a\n")], b"@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"),
    "carriage returns": ([(b"a\r\n", b"b\r\n")], b"@@ -1 +1 @@\n-a\r\n+b\r\n"),
    "line separators": ([("a\u2028b\n".encode(), b"b\n")], "@@ -1 +1 @@\n-a\u2028b\n+b\n".encode()),
}  # fmt: skip


@pytest.mark.parametrize(("parts", "wanted"), TABLE.values(), ids=TABLE)
def test_hunks(parts: list[Part], wanted: bytes) -> None:
    made = diff(*parts)
    assert made == (b"--- x\n+++ x\n" + wanted if wanted else b"")


@pytest.mark.parametrize(("apart", "number"), [(2 * CONTEXT, 1), (2 * CONTEXT + 1, 2)], ids=["one hunk", "two"])
def test_changes_that_are_near_are_one_hunk(apart: int, number: int) -> None:
    between = b"".join(b"%d\n" % line for line in range(apart))
    parts = [(b"a\n", b"b\n"), (between, between), (b"a\n", b"b\n")]
    assert diff(*parts).count(b"@@ -") == number


def test_far_beyond_what_is_looked_at_for_the_same_line() -> None:
    new = b"".join(b"%d\n" % line for line in range(500))
    made = diff((b"a\nz\nz\nz\n", b"a\n" + new + b"z\nz\nz\n"))
    assert applied(made, b"a\nz\nz\nz\n") == b"a\n" + new + b"z\nz\nz\n"


@pytest.mark.parametrize("name", ['a"b', "a\nb", "a\x1b[31mb", "a\u202eb"])
def test_names_that_would_break_the_header(name: str) -> None:
    header = diff((b"a\n", b"b\n"), name=name).split(b"@@")[0].decode()
    assert header.count("\n") == 2
    assert header.replace("\n", "").isprintable()


BLOBS = st.lists(st.sampled_from([b"a\n", b"b\n", b"\n", b"c\r\n", b"}\n"]), max_size=12).map(b"".join)


@given(
    st.lists(st.tuples(BLOBS, BLOBS) | BLOBS.map(lambda blob: (blob, blob)), max_size=6),
    st.sampled_from([b"", b"a", b"b"]),
    st.sampled_from([b"", b"a"]),
)
def test_a_diff_makes_the_new_of_the_old(parts: list[Part], old_end: bytes, new_end: bytes) -> None:
    parts = [*parts, (old_end, new_end)]
    old, new = (b"".join(part[side] for part in parts) for side in (0, 1))
    assert applied(diff(*parts), old) == new
    assert old != new or not diff((old, new))
