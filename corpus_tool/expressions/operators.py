"""Operators of expressions, in SQL's logic of three values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from corpus_tool.expressions import patterns
from corpus_tool.expressions.terms import (
    Inadmissible,
    Kind,
    Term,
    ask,
    finite,
    joined,
    made,
    number,
    same_kind,
    written,
)

Parts = Sequence[Term]
Build = Callable[[list[Term]], Term]


def _logic(word: str, combine: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> Build:
    def build(parts: Parts) -> Term:
        one, other = (ask(part, Kind.BOOLEAN, word).expression for part in parts)
        return made(combine(one, other), Kind.BOOLEAN, *parts)

    return build


def _not(parts: Parts) -> Term:
    return made(~ask(parts[0], Kind.BOOLEAN, "not").expression, Kind.BOOLEAN, parts[0])


def _comparison(sign: str, compare: Callable[[Any, Any], Any]) -> Build:
    def build(parts: Parts) -> Term:
        _check_null(parts, sign)
        same_kind(parts, f"'{sign}'")
        return made(compare(parts[0].expression, parts[1].expression), Kind.BOOLEAN, *parts)

    return build


def _check_null(parts: Parts, what: str) -> None:
    if any(part.kind is Kind.NULL for part in parts):
        raise Inadmissible(f"null is never '{what}' anything: write 'is null'")


def _distinct(*, negate: bool) -> Build:
    def build(parts: Parts) -> Term:
        same_kind(parts, "'is distinct from'")
        one, other = (part.expression for part in parts)
        found = one.ne_missing(other) if negate else one.eq_missing(other)
        return made(found, Kind.BOOLEAN, *parts)

    return build


def _between(parts: Parts) -> Term:
    _check_null(parts, "between")
    same_kind(parts, "between")
    value, low, high = (part.expression for part in parts)
    return made((value >= low) & (value <= high), Kind.BOOLEAN, *parts)


def _arithmetic(sign: str, calculate: Callable[[pl.Expr, pl.Expr], pl.Expr]) -> Build:
    def build(parts: Parts) -> Term:
        one, other = (number(part, f"'{sign}'") for part in parts)
        return made(finite(calculate(one, other)), Kind.NUMBER, *parts)

    return build


def _negative(parts: Parts) -> Term:
    return made(-number(parts[0], "'-'"), Kind.NUMBER, parts[0])


def within(value: Term, values: Parts) -> Term:
    """Whether a value is one of those written out."""
    if not values or any(part.value is None for part in values):
        raise Inadmissible("'in' takes a list of values that are written out")
    same_kind([value, *values], "'in'")
    literals = [part.value for part in values]
    if value.kind is Kind.NUMBER:
        return made(number(value, "'in'").is_in([float(one) for one in literals]), Kind.BOOLEAN, value)
    return made(value.expression.is_in(literals), Kind.BOOLEAN, value)


def case(branches: Sequence[tuple[Term, Term]], default: Term) -> Term:
    """The value of the first branch whose condition is true."""
    kind = same_kind([*(value for _, value in branches), default], "'case'")
    chain: Any = pl
    for condition, value in branches:
        chain = chain.when(ask(condition, Kind.BOOLEAN, "'when'").expression).then(value.expression)
    return made(chain.otherwise(default.expression), kind, default, *(term for branch in branches for term in branch))


def cast(term: Term, to: str) -> Term:
    """A number as text, or a text as a number: null where it is none."""
    if to in {"TEXT", "VARCHAR"} and term.kind in {Kind.NUMBER, Kind.TEXT}:
        return made(term.expression.cast(pl.String), Kind.TEXT, term)
    if to in {"INT", "BIGINT"} and term.kind is Kind.TEXT:
        return made(term.expression.cast(pl.Int64, strict=False), Kind.NUMBER, term)
    if to in {"DOUBLE", "FLOAT"} and term.kind in {Kind.NUMBER, Kind.TEXT}:
        return made(finite(term.expression.cast(pl.Float64, strict=False)), Kind.NUMBER, term)
    raise Inadmissible("'cast' makes text of a number, and an integer or a double of a text")


def like(parts: Parts, *, fold: bool) -> Term:
    """Whether a text fits a LIKE pattern that is written out."""
    word = "ilike" if fold else "like"
    text = ask(parts[0], Kind.TEXT, word).expression
    pattern = patterns.like(written(parts[1], f"the pattern of {word}"), fold=fold)
    return made(text.str.contains(pattern), Kind.BOOLEAN, parts[0])


_TWO = ("this", "expression")
OPERATORS: dict[str, tuple[Build, tuple[str, ...]]] = {
    "And": (_logic("and", lambda one, other: one & other), _TWO),
    "Or": (_logic("or", lambda one, other: one | other), _TWO),
    "Not": (_not, ("this",)),
    "EQ": (_comparison("=", lambda one, other: one == other), _TWO),
    "NEQ": (_comparison("<>", lambda one, other: one != other), _TWO),
    "LT": (_comparison("<", lambda one, other: one < other), _TWO),
    "LTE": (_comparison("<=", lambda one, other: one <= other), _TWO),
    "GT": (_comparison(">", lambda one, other: one > other), _TWO),
    "GTE": (_comparison(">=", lambda one, other: one >= other), _TWO),
    "NullSafeEQ": (_distinct(negate=False), _TWO),
    "NullSafeNEQ": (_distinct(negate=True), _TWO),
    "Between": (_between, ("this", "low", "high")),
    "Add": (_arithmetic("+", lambda one, other: one + other), _TWO),
    "Sub": (_arithmetic("-", lambda one, other: one - other), _TWO),
    "Mul": (_arithmetic("*", lambda one, other: one * other), _TWO),
    "Div": (_arithmetic("/", lambda one, other: one / other), _TWO),
    "Mod": (_arithmetic("%", lambda one, other: one % other), _TWO),
    "Neg": (_negative, ("this",)),
    "DPipe": (lambda parts: joined(parts, "'||'"), _TWO),
}
"""By what the parser calls it: how it is built, and of which parts of the node."""
