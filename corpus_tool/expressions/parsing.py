"""The parser's side: what is too large is refused before it, what it says is put into our words after it."""

from __future__ import annotations

from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, SqlglotError

from corpus_tool.expressions.terms import Inadmissible

MAX_TEXT = 4096
"""Code points of an expression."""
MAX_PARTS = 1000
"""Words, names, values and signs of an expression."""
MAX_DEPTH = 64
"""Levels of an expression, one inside the other."""
MAX_BRACKETS = 20
"""Brackets that are open at once: the parser goes some twenty calls deep for each."""


def read_tree(text: str) -> Any:
    """The tree of a condition, which may still hold anything that SQL knows."""
    if len(text) > MAX_TEXT:
        raise Inadmissible(f"it has {len(text):,} characters, and {MAX_TEXT:,} is the most")
    try:
        parts = sqlglot.tokenize(text)
        if len(parts) > MAX_PARTS:
            raise Inadmissible(f"it has {len(parts):,} parts, and {MAX_PARTS:,} is the most")
        if semicolon := next((part for part in parts if part.token_type.name == "SEMICOLON"), None):
            raise Inadmissible("it is one expression, and has no ';'", semicolon.start)
        _check_brackets(parts)
        tree = sqlglot.parse_one(text, into=exp.Condition)
    except SqlglotError as error:
        raise Inadmissible(*_explained(text, error)) from error
    _check_depth(tree)
    return tree


def _check_brackets(parts: list[Any]) -> None:
    levels = 0
    for part in parts:
        levels += (part.token_type.name == "L_PAREN") - (part.token_type.name == "R_PAREN")
        if levels > MAX_BRACKETS:
            raise Inadmissible(f"it is nested too deeply: {MAX_BRACKETS} brackets are the most", part.start)


def _check_depth(tree: Any) -> None:
    levels, waiting = 0, [tree]
    while waiting:
        levels += 1
        if levels > MAX_DEPTH:
            raise Inadmissible(f"it is nested too deeply: {MAX_DEPTH} levels are the most", place_of(waiting[0]))
        waiting = [child for node in waiting for child in node.iter_expressions()]


def place_of(node: Any) -> int | None:
    """Where a node stands: the first code point that it or something in it is known to begin at."""
    if "start" in node.meta:
        return int(node.meta["start"])
    return min((part.meta["start"] for part in node.walk() if "start" in part.meta), default=None)


def called(node: Any) -> str:
    """What a node is called in a message: a function by its name, anything else by its kind."""
    if isinstance(node, exp.Anonymous):
        return f"the function '{node.name.lower()}'"
    if isinstance(node, exp.Func):
        return f"the function '{node.sql_name().lower()}'"
    if isinstance(node, exp.Query | exp.Subquery):
        return "a query"
    return f"'{type(node).__name__.lower()}'"


def _explained(text: str, error: SqlglotError) -> tuple[str, int | None]:
    told = error.errors[0] if isinstance(error, ParseError) and error.errors else {}
    start, word = len(told.get("start_context") or ""), told.get("highlight") or ""
    if not text.strip() or not word:
        return "it is no SQL expression", None
    description = str(told.get("description") or "").partition(" for <class")[0]
    # The context is a window of the text, cut on the left: the word is looked for from its end.
    at = text.find((told.get("start_context") or "") + word)
    return f"it is no SQL expression: {description or 'unexpected'} at '{word[:40]}'", None if at < 0 else at + start
