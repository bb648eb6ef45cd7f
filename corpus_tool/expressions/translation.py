"""From the text of a condition to a Polars expression: parsed, admitted node by node, its kinds checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import polars as pl

from corpus_tool.expressions import operators
from corpus_tool.expressions.functions import FUNCTIONS, Function
from corpus_tool.expressions.parsing import called, place_of, read_tree
from corpus_tool.expressions.terms import Inadmissible, Kind, Term, ask, kind_of, literal, made
from corpus_tool.vocabulary import did_you_mean

Node = Any
"""A node of the parser's tree; which types there are differs between its versions, so they go by name."""
Columns = Mapping[str, pl.DataType]
MAX_NUMBER = 2**53
"""The largest number that can be written: beyond it, whole numbers are not exact."""
MAX_PATTERNS = 10
"""So many regular expressions a condition looks for."""
_ALWAYS = frozenset({"safe", "typed"})
"""What the parser notes of its dialect, and has no meaning here."""


def read_expression(text: str, columns: Columns) -> pl.Expr:
    """The Polars expression of a condition over a row of these columns; Inadmissible says what is not admitted."""
    try:
        term = _Translation(columns).term(read_tree(text))
    except RecursionError:
        raise Inadmissible("it is nested too deeply") from None
    ask(term, Kind.BOOLEAN, "a condition")
    if not term.of_column:
        raise Inadmissible("it names no column, so it says the same of every row")
    try:
        # Polars makes one row of what no column changes, such as coalesce(0, n): beside a column it has them all.
        whole = term.expression & pl.col(next(iter(columns))).is_null().is_not_null()
        # What the engine has to say against it is said now, and not while articles are read.
        found = pl.DataFrame(schema=dict(columns)).select(holds=whole)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise Inadmissible(str(error).split("\n", maxsplit=1)[0][:200]) from error
    assert found.schema == {"holds": pl.Boolean}
    return whole


class _Translation:
    """Translates the nodes of one tree: a node of a type that is not named, or with parts that are not, is refused."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.patterns = 0
        self.nodes: dict[str, tuple[Callable[[Any], Term], tuple[str, ...]]] = {
            "Paren": (lambda node: self.term(node.this), ("this",)),
            "Column": (self.column, ("this",)),
            "Literal": (self.literal, ("this", "is_string")),
            "Boolean": (lambda node: literal(bool(node.this)), ("this",)),
            "Null": (lambda node: literal(None), ()),  # noqa: ARG005
            "Is": (self.is_, ("this", "expression")),
            "In": (self.in_, ("this", "expressions")),
            "Case": (self.case, ("ifs", "default")),
            "Cast": (self.cast, ("this", "to")),
            "TryCast": (self.cast, ("this", "to")),
            "Like": (self.like, ("this", "expression", "negate")),
            "ILike": (self.like, ("this", "expression", "negate")),
        }
        for name, (build, parts) in operators.OPERATORS.items():
            self.nodes[name] = (self.all_parts(build, parts), parts)

    def term(self, node: Node) -> Term:
        try:
            return self.admitted(node)
        except Inadmissible as refused:
            if refused.at is None:
                refused.at = place_of(node)
            raise

    def admitted(self, node: Node) -> Term:
        name = type(node).__name__
        self.patterns += name == "RegexpLike"
        if self.patterns > MAX_PATTERNS:
            raise Inadmissible(f"there are more than {MAX_PATTERNS} regular expressions")
        if name in self.nodes:
            build, parts = self.nodes[name]
        else:
            function = _function(node)
            parts = (*function.arguments, "position")
            build = self.all_parts(function.build, function.arguments)
        said = {key for key, value in node.args.items() if value is not None and value is not False and value != []}
        if unknown := said - _ALWAYS - {*parts}:
            raise Inadmissible(f"{called(node)} with '{min(unknown)}' is not admitted")
        return build(node)

    def all_parts(self, build: Callable[[list[Term]], Term], names: tuple[str, ...]) -> Callable[[Any], Term]:
        """A builder that takes the translated parts of a node, in order."""
        return lambda node: build([self.term(part) for part in _parts(node, names)])

    def column(self, node: Any) -> Term:
        name = node.name
        if type(node.this).__name__ != "Identifier" or name not in self.columns:
            raise Inadmissible(f"there is no column '{name[:60]}'{did_you_mean(name[:60], self.columns)}")
        kind = kind_of(self.columns[name])
        if kind is None:
            raise Inadmissible(f"the column '{name}' is a list or an object, which expressions cannot use")
        column = pl.col(name)
        return Term(column.dt.to_string("iso:strict") if self.columns[name].is_temporal() else column, kind)

    def literal(self, node: Any) -> Term:
        if node.is_string:
            return literal(str(node.this))
        text = str(node.this)
        value = int(text) if text.isdecimal() and len(text) < 20 else float(text)
        if not abs(value) <= MAX_NUMBER:
            raise Inadmissible(f"the number {text[:40]} is larger than {MAX_NUMBER:,}")
        return literal(value)

    def is_(self, node: Any) -> Term:
        what = type(node.expression).__name__
        term = self.term(node.this)
        if what == "Null":
            return made(term.expression.is_null(), Kind.BOOLEAN, term)
        if what == "Boolean":
            value = bool(node.expression.this)
            return made(ask(term, Kind.BOOLEAN, "is").expression.eq_missing(value), Kind.BOOLEAN, term)
        raise Inadmissible("after 'is' stand null, true, false and 'distinct from' only")

    def in_(self, node: Any) -> Term:
        return operators.within(self.term(node.this), [self.term(part) for part in node.expressions])

    def case(self, node: Any) -> Term:
        branches = []
        for branch in node.args["ifs"]:
            if set(branch.args) - {"this", "true", "false"} or branch.args.get("false") is not None:
                raise Inadmissible("'case' has branches of 'when' and 'then' only")
            branches.append((self.term(branch.this), self.term(branch.args["true"])))
        default = node.args.get("default")
        return operators.case(branches, literal(None) if default is None else self.term(default))

    def cast(self, node: Any) -> Term:
        to = node.args["to"]
        plain = type(to).__name__ == "DataType" and not to.expressions and not to.args.get("nested")
        return operators.cast(self.term(node.this), getattr(to.this, "name", "") if plain else "")

    def like(self, node: Any) -> Term:
        parts = [self.term(node.this), self.term(node.expression)]
        found = operators.like(parts, fold=type(node).__name__ == "ILike")
        return made(~found.expression, Kind.BOOLEAN, found) if node.args.get("negate") else found


def _function(node: Node) -> Function:
    """The function that a node calls."""
    of_node = [function for function in FUNCTIONS if function.node == type(node).__name__]
    for function in of_node:
        if function.position == (node.args.get("position") or ""):
            return function
    if of_node:
        raise Inadmissible(f"{called(node)} is admitted as {of_node[0].signature} only")
    name = called(node)
    raise Inadmissible(f"{name} is not admitted{_suggestion(name)}")


def _suggestion(name: str) -> str:
    return did_you_mean(name.rpartition(" ")[2].strip("'"), [function.name for function in FUNCTIONS])


def _parts(node: Node, names: tuple[str, ...]) -> Iterator[Node]:
    for name in names:
        part = node.args.get(name)
        if isinstance(part, list):
            yield from part
        elif part is not None:
            yield part
