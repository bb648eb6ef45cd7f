"""Tokens of tasks as those of an article."""

from __future__ import annotations

from typing import Any

from corpus_tool.formats.prodigy.reader import Reader
from corpus_tool.formats.token_ids import token_ids


def add_tokens(reader: Reader) -> None:
    """The tokens of a task become those of the article, where it has none yet."""
    task = reader.task
    if task.tokens is None:
        return
    text, standing = task.text, reader.standing
    made, spaces = [], 0
    names = token_ids("K", standing.pieces)
    for name, (start, end), token in zip(names, standing.pieces, standing.tokens, strict=True):
        said = token.get("text")
        words = said if isinstance(said, str) else text[start:end]
        made.append({"id": name, "spans": [{"start": start, "end": end, "text": words}]})
        if token.get("ws"):
            spaces += text[end : end + 1] not in {" ", ""}
    if spaces:
        reader.noticed.doubt(task.line, f"{spaces} tokens have a space behind them by 'ws', and none in the text")
    _keep_tokens(reader, made)


def _keep_tokens(reader: Reader, made: list[dict[str, Any]]) -> None:
    marked = reader.marked
    if marked.tokens is None:
        marked.tokens = made
        marked.places |= {"/tokens": (reader.task.line, 1)}
    elif [one["spans"] for one in marked.tokens] != [one["spans"] for one in made]:
        message = "its tokens differ from those of an earlier task on the same text: the earlier ones are kept"
        reader.noticed.doubt(reader.task.line, message)
