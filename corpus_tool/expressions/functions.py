"""The functions that expressions may call, and no others: each row by row, of bounded cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from corpus_tool.expressions.patterns import regular
from corpus_tool.expressions.terms import (
    Inadmissible,
    Kind,
    Term,
    ask,
    joined,
    made,
    number,
    same_kind,
    whole,
    written,
)

Build = Callable[[Sequence[Term]], Term]


@dataclass(frozen=True, slots=True)
class Function:
    """A function: how it is written, what it gives, and how it is built of its arguments.

    `node` is what the parser makes of it, `arguments` where that keeps them (a list is taken to pieces), `position`
    which of several functions of that node it is.
    """

    signature: str
    says: str
    node: str
    arguments: tuple[str, ...]
    build: Build
    position: str = ""

    @property
    def name(self) -> str:
        return self.signature.partition("(")[0]


def _on_text(name: str, change: Callable[[pl.Expr], pl.Expr], kind: Kind = Kind.TEXT) -> Build:
    def build(parts: Sequence[Term]) -> Term:
        return made(change(ask(parts[0], Kind.TEXT, name).expression), kind, parts[0])

    return build


def _on_two_texts(name: str, test: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> Build:
    def build(parts: Sequence[Term]) -> Term:
        one, other = (ask(part, Kind.TEXT, name).expression for part in parts)
        return made(test(one, other), Kind.BOOLEAN, *parts)

    return build


def _left(parts: Sequence[Term]) -> Term:
    text = ask(parts[0], Kind.TEXT, "left").expression
    return made(text.str.slice(0, whole(parts[1], "the length of left")), Kind.TEXT, parts[0])


def _right(parts: Sequence[Term]) -> Term:
    text = ask(parts[0], Kind.TEXT, "right").expression
    return made(text.str.tail(whole(parts[1], "the length of right")), Kind.TEXT, parts[0])


def _substring(parts: Sequence[Term]) -> Term:
    text = ask(parts[0], Kind.TEXT, "substring").expression
    start = whole(parts[1], "the start of substring", 1) - 1
    length = whole(parts[2], "the length of substring") if len(parts) > 2 else None
    return made(text.str.slice(start, length), Kind.TEXT, parts[0])


def _replace(parts: Sequence[Term]) -> Term:
    text = ask(parts[0], Kind.TEXT, "replace").expression
    old, new = (written(part, "what replace looks for and puts there") for part in parts[1:])
    if not old or len(new) > len(old):
        raise Inadmissible("replace puts no more characters there than it takes away")
    return made(text.str.replace_all(old, new, literal=True), Kind.TEXT, parts[0])


def _matches(parts: Sequence[Term]) -> Term:
    text = ask(parts[0], Kind.TEXT, "regexp_like").expression
    return made(text.str.contains(regular(written(parts[1], "the pattern"))), Kind.BOOLEAN, parts[0])


def _coalesce(parts: Sequence[Term]) -> Term:
    kind = same_kind(parts, "coalesce")
    return made(pl.coalesce([part.expression for part in parts]), kind, *parts)


def _if(parts: Sequence[Term]) -> Term:
    kind = same_kind(parts[1:], "if")
    condition = ask(parts[0], Kind.BOOLEAN, "if").expression
    otherwise = parts[2].expression if len(parts) > 2 else pl.lit(None)
    return made(pl.when(condition).then(parts[1].expression).otherwise(otherwise), kind, *parts)


def _abs(parts: Sequence[Term]) -> Term:
    return made(number(parts[0], "abs").abs(), Kind.NUMBER, parts[0])


_LENGTH = _on_text("length", lambda text: text.str.len_chars().cast(pl.Int64), Kind.NUMBER)
_CONTAINS = _on_two_texts("contains", lambda text, part: text.str.contains(part, literal=True))

FUNCTIONS = (
    Function("length(text)", "how many code points the text has", "Length", ("this",), _LENGTH),
    Function(
        "lower(text)",
        "the text in small letters",
        "Lower",
        ("this",),
        _on_text("lower", lambda text: text.str.to_lowercase()),
    ),
    Function(
        "upper(text)",
        "the text in capitals",
        "Upper",
        ("this",),
        _on_text("upper", lambda text: text.str.to_uppercase()),
    ),
    Function(
        "trim(text)",
        "the text without white space around it",
        "Trim",
        ("this",),
        _on_text("trim", lambda text: text.str.strip_chars()),
    ),
    Function(
        "ltrim(text)",
        "the text without white space before it",
        "Trim",
        ("this",),
        _on_text("ltrim", lambda text: text.str.strip_chars_start()),
        "LEADING",
    ),
    Function(
        "rtrim(text)",
        "the text without white space after it",
        "Trim",
        ("this",),
        _on_text("rtrim", lambda text: text.str.strip_chars_end()),
        "TRAILING",
    ),
    Function("left(text, 3)", "the first code points of the text", "Left", ("this", "expression"), _left),
    Function("right(text, 3)", "the last code points of the text", "Right", ("this", "expression"), _right),
    Function(
        "substring(text, 2, 3)",
        "code points of the text from a place on, counted from 1; without the last, all",
        "Substring",
        ("this", "start", "length"),
        _substring,
    ),
    Function(
        "replace(text, 'ab', 'c')",
        "the text with a part replaced by one that is not longer",
        "Replace",
        ("this", "expression", "replacement"),
        _replace,
    ),
    Function(
        "concat(text, …)",
        "texts one after the other, as `||`",
        "Concat",
        ("expressions",),
        lambda parts: joined(parts, "concat"),
    ),
    Function("contains(text, part)", "whether the text has that part", "Contains", ("this", "expression"), _CONTAINS),
    Function(
        "starts_with(text, part)",
        "whether the text begins with it",
        "StartsWith",
        ("this", "expression"),
        _on_two_texts("starts_with", lambda text, part: text.str.starts_with(part)),
    ),
    Function(
        "ends_with(text, part)",
        "whether the text ends with it",
        "EndsWith",
        ("this", "expression"),
        _on_two_texts("ends_with", lambda text, part: text.str.ends_with(part)),
    ),
    Function(
        "regexp_like(text, 'pattern')",
        "whether the pattern is found in the text",
        "RegexpLike",
        ("this", "expression"),
        _matches,
    ),
    Function("coalesce(value, …)", "the first value that is not null", "Coalesce", ("this", "expressions"), _coalesce),
    Function(
        "if(condition, value, other)",
        "one value or the other; null without the other",
        "If",
        ("this", "true", "false"),
        _if,
    ),
    Function("abs(number)", "the number without its sign", "Abs", ("this",), _abs),
)
