"""What the beginning of a JSON file shows of its first object, though the file may be cut off anywhere."""

from __future__ import annotations

from collections.abc import Iterator

from corpus_tool.refusals import TOKEN


def members(text: str, depth: int = 1) -> Iterator[tuple[str, str]]:
    """The properties of the first object, each with how its value begins; `depth` is 2 for the first of a list."""
    now = 0
    for token in TOKEN.finditer(text):
        mark = token[0]
        if mark in "{[":
            now += 1
        elif mark in "}]":
            now -= 1
            if now < depth:
                return
        elif now == depth and mark[0] == '"':
            value = text[token.end() : token.end() + 80].lstrip()
            if value.startswith(":"):
                yield mark[1:-1], value[1:].lstrip()
