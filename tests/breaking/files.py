"""IO: the bytes of a file of articles."""

from __future__ import annotations

import re
from random import Random

from tests.breaking import breaks_file

File = tuple[bytes, int]
_NUMBER = rb'(?<="end": )\d+'


def _line(pick: Random, lines: list[bytes]) -> int:
    return pick.randrange(len(lines))


def _joined(lines: list[bytes], line: int) -> File:
    return b"\n".join(lines) + b"\n", line + 1


def _put(lines: list[bytes], line: int, at: int, what: bytes) -> File:
    lines[line] = lines[line][:at] + what + lines[line][at:]
    return _joined(lines, line)


def _in_the_text(pick: Random, line: bytes) -> int:
    """Between two letters of the text."""
    found = re.search(rb'"text": "((?:[^"\\]|\\.)*)"', line)
    assert found
    return pick.choice(
        [found.start(1) + at.start() + 1 for at in re.finditer(rb"[a-z ](?=[a-z ])", found[1])] or [found.start(1)]
    )


@breaks_file("IO001")
def stray_byte(pick: Random, lines: list[bytes]) -> File:
    line = _line(pick, lines)
    return _put(
        lines,
        line,
        _in_the_text(pick, lines[line]),
        pick.choice([b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf5\x80\x80\x80"]),
    )


@breaks_file("IO001")
def half_a_pair(pick: Random, lines: list[bytes]) -> File:
    line = _line(pick, lines)
    return _put(lines, line, _in_the_text(pick, lines[line]), pick.choice([b"\\ud83d", b"\\udc00", b"\\ud83d\\ud83d"]))


@breaks_file("IO001")
def wide_characters(pick: Random, lines: list[bytes]) -> File:
    encoding = pick.choice(["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
    return b"\n".join(lines).decode().encode(encoding), 1


@breaks_file("IO002")
def cut_short(pick: Random, lines: list[bytes]) -> File:
    line = _line(pick, lines)
    at = pick.choice([at.start() for at in re.finditer(rb"[ -~]", lines[line])][1:])
    lines[line] = lines[line][:at]
    return _joined(lines, line)


@breaks_file("IO002")
def mark_too_many(pick: Random, lines: list[bytes]) -> File:
    line = _line(pick, lines)
    at = pick.choice(
        [at.end() for at in re.finditer(rb'"(?:start|end)": \d+|"arguments": \[|"spans": \[\{', lines[line])]
    )
    return _put(lines, line, at, pick.choice([b",", b":", b"'", b" NaN ", b"//", b"\\"]))


@breaks_file("IO002")
def two_on_a_line(pick: Random, lines: list[bytes]) -> File:
    line = _line(pick, lines)
    return _put(lines, line, len(lines[line]), pick.choice([b" ", b"", b","]) + lines[_line(pick, lines)])


@breaks_file("IO003")
def key_twice(pick: Random, lines: list[bytes]) -> File:
    line = _line(pick, lines)
    key = pick.choice(list(re.finditer(rb'\{("[a-z_]+"): ', lines[line])))
    return _put(lines, line, key.start() + 1, key[1] + b": 1, ")


@breaks_file("IO004")
def byte_order_mark(pick: Random, lines: list[bytes]) -> File:
    return _put(lines, 0, 0, b"\xef\xbb\xbf")


@breaks_file("IO006")
def blank_line(pick: Random, lines: list[bytes]) -> File:
    line = pick.randrange(len(lines) + 1)
    lines.insert(line, pick.choice([b"", b" ", b"\t", b"\r"]))
    return _joined(lines, line)


@breaks_file("IO006")
def nothing(pick: Random, lines: list[bytes]) -> File:
    return pick.choice([b"", b"\n", b" \n\n", b"\r\n"]), 1


@breaks_file("IO011")
def number_too_large(pick: Random, lines: list[bytes]) -> File:
    line = _line(pick, lines)
    number = pick.choice(list(re.finditer(_NUMBER, lines[line])))
    new = pick.choice([b"9223372036854775808", b"-9223372036854775809", b"1e999", b"1" * 400])
    lines[line] = lines[line][: number.start()] + new + lines[line][number.end() :]
    return _joined(lines, line)


@breaks_file("IO012")
def nested_too_deep(pick: Random, lines: list[bytes]) -> File:
    line = _line(pick, lines)
    value = pick.choice(list(re.finditer(_NUMBER, lines[line])))
    deep = pick.choice([600, 5000])
    new = pick.choice([(b"[", b"]"), (b'{"a":', b"}")])
    lines[line] = lines[line][: value.start()] + new[0] * deep + b"1" + new[1] * deep + lines[line][value.end() :]
    return _joined(lines, line)
