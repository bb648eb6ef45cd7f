"""Unified diffs of files that are read as a stream: what changes is known, and need not be looked for."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

Part = tuple[bytes, bytes]
"""Bytes of a file and what they become; whole lines."""

CONTEXT = 3
_NEAR = 100
_NO_END = b"\n\\ No newline at end of file\n"


def unified(name: str, parts: Iterable[Part]) -> Iterator[bytes]:
    """The lines of a unified diff that turns the old side of parts into the new; nothing where they are the same."""
    shown = name if name.isprintable() and '"' not in name else json.dumps(name)
    end = "\t" if " " in shown else ""  # without which `patch` takes the name to end at the first space
    header = f"--- {shown}{end}\n+++ {shown}{end}\n".encode()
    hunk = _Hunk()
    for mark, line in _marked(parts):
        for out in hunk.take(mark, line):
            yield header + out
            header = b""
    for out in hunk.ended():
        yield header + out
        header = b""


@dataclass(slots=True)
class _Hunk:
    """The hunk that is open, if one is, and the lines that may stand before the next."""

    lines: list[bytes] = field(default_factory=list)
    start: tuple[int, int] = (0, 0)
    """Lines of each side before the open hunk."""
    past: tuple[int, int] = (0, 0)
    """Lines of each side that have gone by."""
    before: deque[bytes] = field(default_factory=lambda: deque(maxlen=CONTEXT))
    same: int = 0
    """Lines at the end of the open hunk that did not change."""

    def take(self, mark: bytes, line: bytes) -> Iterator[bytes]:
        if mark == b" " and not self.lines:
            self.before.append(mark + line)
        elif mark == b" ":
            self.lines.append(mark + line)
            self.same += 1
            if self.same > 2 * CONTEXT:
                self.before.extend(self.lines[-CONTEXT:])
                yield from self.ended()
        else:
            if not self.lines:
                self.lines = list(self.before)
                self.start = self.past[0] - len(self.lines), self.past[1] - len(self.lines)
                self.before.clear()
            self.lines.append(mark + line)
            self.same = 0
        self.past = self.past[0] + (mark != b"+"), self.past[1] + (mark != b"-")

    def ended(self) -> Iterator[bytes]:
        """The open hunk."""
        if not self.lines:
            return
        kept = self.lines[: len(self.lines) - max(self.same - CONTEXT, 0)]
        old = _range(self.start[0], sum(line[:1] != b"+" for line in kept))
        new = _range(self.start[1], sum(line[:1] != b"-" for line in kept))
        self.lines, self.same = [], 0
        body = b"".join(line if line.endswith(b"\n") else line + _NO_END for line in kept)
        yield f"@@ -{old} +{new} @@\n".encode() + body


def _range(before: int, number: int) -> str:
    start = before + 1 if number else before
    return f"{start}" if number == 1 else f"{start},{number}"


def _marked(parts: Iterable[Part]) -> Iterator[tuple[bytes, bytes]]:
    """Lines of both sides, each with its mark."""
    for old, new in parts:
        if old == new:
            yield from ((b" ", line) for line in _lines(old))
        else:
            yield from _changed(_lines(old), _lines(new))


def _lines(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _changed(old: list[bytes], new: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Lines with their marks: in one pass, since what a fix changes is near where it was."""
    left = right = 0
    while left < len(old) or right < len(new):
        if left < len(old) and right < len(new) and old[left] == new[right]:
            yield b" ", old[left]
            left, right = left + 1, right + 1
            continue
        gone, come = _next_alike(old, left, new, right)
        if gone == come:
            yield from _pairs(old[left : left + gone], new[right : right + come])
        else:
            yield from ((b"-", line) for line in old[left : left + gone])
            yield from ((b"+", line) for line in new[right : right + come])
        left, right = left + gone, right + come


def _next_alike(old: list[bytes], left: int, new: list[bytes], right: int) -> tuple[int, int]:
    """How many lines of each side are passed over until the next that are alike; all where none are near."""
    for both in range(1, _NEAR):
        for gone in range(max(both + right - len(new), 0), min(both, len(old) - left) + 1):
            low, first = left + gone, right + both - gone
            if old[low : low + CONTEXT] == new[first : first + CONTEXT]:
                return gone, both - gone
    return len(old) - left, len(new) - right


def _pairs(old: list[bytes], new: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """As many lines as there were, each of which changed or did not."""
    for alike, group in groupby(zip(old, new, strict=True), key=lambda pair: pair[0] == pair[1]):
        pairs = list(group)
        yield from ((b" " if alike else b"-", line) for line, _ in pairs)
        yield from ((b"+", line) for _, line in pairs if not alike)
