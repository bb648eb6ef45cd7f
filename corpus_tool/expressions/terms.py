"""The parts of an expression while it is translated: a Polars expression, its kind, and what is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import polars as pl

MAX_JOINED = 8
"""So many columns are joined to one text at most: what is made is a small multiple of the block."""
INFINITE = [float("nan"), float("inf"), float("-inf")]


class Inadmissible(Exception):  # noqa: N818 (never leaves the package)
    """Something of an expression is not admitted; `at` is its code point in the text, None where it is all of it."""

    def __init__(self, message: str, at: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.at = at


class Kind(Enum):
    """What a part of an expression gives."""

    TEXT = "text"
    NUMBER = "a number"
    BOOLEAN = "true or false"
    NULL = "null"


def kind_of(dtype: pl.DataType) -> Kind | None:
    """The kind of a column; None where expressions cannot use it."""
    if dtype == pl.String or dtype.is_temporal():
        return Kind.TEXT
    if dtype.is_numeric():
        return Kind.NUMBER
    return Kind.BOOLEAN if dtype == pl.Boolean else None


@dataclass(frozen=True, slots=True)
class Term:
    """A translated part. `value` is that of a literal; `joined` counts the columns that are put into one text."""

    expression: pl.Expr
    kind: Kind
    value: Any = None
    of_column: bool = True
    joined: int = 1


def literal(value: Any) -> Term:
    """The term of a text, number or truth value that is written out, or of null."""
    kind = Kind.NUMBER
    if value is None:
        kind = Kind.NULL
    elif isinstance(value, bool):
        kind = Kind.BOOLEAN
    elif isinstance(value, str):
        kind = Kind.TEXT
    return Term(pl.lit(value), kind, value, of_column=False, joined=0)


def made(expression: pl.Expr, kind: Kind, *parts: Term, joined: int | None = None) -> Term:
    """A term made of others."""
    most = max((part.joined for part in parts), default=0) if joined is None else joined
    return Term(expression, kind, None, any(part.of_column for part in parts), most)


def ask(term: Term, kind: Kind, what: str) -> Term:
    """The term, where it is of that kind."""
    if term.kind is not kind:
        raise Inadmissible(f"{what} takes {kind.value}, and this is {term.kind.value}")
    return term


def same_kind(parts: Sequence[Term], what: str) -> Kind:
    """The kind that all parts have; null goes with any."""
    kinds = list(dict.fromkeys(part.kind for part in parts if part.kind is not Kind.NULL))
    if len(kinds) > 1:
        raise Inadmissible(f"{what} cannot put {kinds[0].value} beside {kinds[1].value}")
    return kinds[0] if kinds else Kind.NULL


def number(term: Term, what: str) -> pl.Expr:
    """The term as a floating-point number, which never wraps; whole numbers are exact up to 2^53."""
    return ask(term, Kind.NUMBER, what).expression.cast(pl.Float64)


def finite(expression: pl.Expr) -> pl.Expr:
    """Null where a calculation has no result, as a division by zero."""
    return expression.replace(INFINITE, [None, None, None])


def whole(term: Term, what: str, least: int = 0) -> int:
    """The value of a literal that is a whole number."""
    if not isinstance(term.value, int) or isinstance(term.value, bool) or term.value < least:
        raise Inadmissible(f"{what} must be a whole number from {least}, written out")
    return term.value


def written(term: Term, what: str) -> str:
    """The value of a literal text."""
    if not isinstance(term.value, str):
        raise Inadmissible(f"{what} must be a text in quotes, written out")
    return term.value


def joined(parts: Sequence[Term], what: str) -> Term:
    """Texts one after the other; null where one of them is."""
    columns = sum(ask(part, Kind.TEXT, what).joined for part in parts)
    if columns > MAX_JOINED:
        raise Inadmissible(f"{what} puts {columns} columns together, and {MAX_JOINED} is the most")
    return made(pl.concat_str([part.expression for part in parts]), Kind.TEXT, *parts, joined=columns)
