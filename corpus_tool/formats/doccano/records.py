"""Records of a doccano export: a line each, or, in its JSON exports and samples, values spread over many lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Source
from corpus_tool.formats.json_values import read_value
from corpus_tool.positions import locate
from corpus_tool.refusals import BOM, wide_encoding

MALFORMED = ("IO019", "source-is-well-formed")
_TOO_LONG = ("IO013", "line-is-not-too-long")
MOST = 64 * 2**20
"""Bytes of a line, and of a file that is one JSON value."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record, its number from 1 among those of the file, and its line; the member whose file it is, if of one."""

    value: dict[str, Any]
    number: int
    line: int
    path: str
    member: str | None = None


def records_of(source: Source) -> Iterator[Record | Finding]:
    """The records of a source, one at a time; what is none is a finding."""
    with source.stream() as stream:
        first, line = b"", 0
        while not first.strip():
            line += 1
            first = stream.readline(MOST + 1)
            if not first:
                return
            first = first.removeprefix(BOM) if line == 1 else first
        if first.strip() in {b"{", b"["} or first.lstrip()[:1] == b"[":
            yield from _whole(source, b"\n" * (line - 1) + first + stream.read(MOST + 1))
        elif wide_encoding(first):
            yield _record(source, read_value(first, source.path, source.id, line), 1, line)
        elif first.lstrip()[:1] != b"{":
            yield _finding(source, line, _foreign(source, first))
        else:
            yield from _lines(source, stream, first, line)


def _lines(source: Source, stream: BinaryIO, line: bytes, at: int) -> Iterator[Record | Finding]:
    number = 0
    while line:
        if len(line) > MOST:
            message = f"the line has more than {MOST // 2**20} MiB: it is not read, nor what comes after"
            at_line = Location(source.path, at, 1, article=source.id)
            yield Finding(*_TOO_LONG, Severity.ERROR, at_line, message)
            return
        if not line.isspace():
            number += 1
            value = read_value(line.rstrip(b"\r\n"), source.path, f"{source.id}-{number}", at)
            yield _record(source, value, number, at)
        line, at = stream.readline(MOST + 1), at + 1


def _whole(source: Source, data: bytes) -> Iterator[Record | Finding]:
    """A file that is one JSON value: a list of records, or one record over several lines."""
    if len(data) > MOST:
        yield _finding(source, 1, f"one JSON value of more than {MOST // 2**20} MiB: export it as JSONL")
        return
    value = read_value(data, source.path, source.id)
    if isinstance(value, Finding):
        yield value
        return
    values = value if isinstance(value, list) else [value]
    pointers = [f"/{number}" if isinstance(value, list) else "" for number in range(len(values))]
    places = locate(data, pointers)
    for number, (one, pointer) in enumerate(zip(values, pointers, strict=True), start=1):
        yield _record(source, one, number, places[pointer].line)


def _record(source: Source, value: Any, number: int, line: int) -> Record | Finding:
    if isinstance(value, Finding):
        return value
    if not isinstance(value, dict):
        return _finding(source, line, "no record of doccano: it is no object")
    return Record(value, number, line, source.path)


def _foreign(source: Source, first: bytes) -> str:
    """What a file is that has no JSON."""
    start = first.lstrip()
    if start.startswith(b"__label__"):
        kind = "the fastText export"
    elif source.path.lower().endswith((".csv", ".tsv")) or (b"," in start and not start.startswith(b"-")):
        kind = "a table, such as the CSV export"
    elif b"\t" in start or source.path.lower().endswith((".conll", ".txt")):
        kind = "the columns of a CoNLL file, which is read as conll"
    else:
        kind = "no JSON at all"
    return f"it looks like {kind}: of doccano, export JSONL"


def _finding(source: Source, line: int, message: str) -> Finding:
    return Finding(*MALFORMED, Severity.ERROR, Location(source.path, line, 1, article=source.id), message)
