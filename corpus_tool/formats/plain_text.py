"""The text that a format keeps in a file of its own."""

from __future__ import annotations

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.refusals import of_encoding, undecodable, wide_encoding

_UTF8 = ("IO001", "text-is-utf8")


def read_text(data: bytes, path: str, article_id: str) -> str | Finding:
    """The bytes decoded and nothing else, or the finding of where they are not UTF-8."""
    wide = wide_encoding(data)
    if wide is not None:
        return Finding(*_UTF8, Severity.ERROR, Location(path, 1, 1, article=article_id), of_encoding(wide).message)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = len(data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode()) + 1
        at = Location(path, line, column, article=article_id)
        return Finding(*_UTF8, Severity.ERROR, at, undecodable(data, error.start).message)
