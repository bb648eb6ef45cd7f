"""The rules: what must hold beyond the schema, each in one place with its documentation and examples."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from corpus_tool.errors import SettingsError
from corpus_tool.findings import Fix, Severity
from corpus_tool.tables import ANNOTATIONS as ANNOTATIONS
from corpus_tool.tables import ARTICLES as ARTICLES
from corpus_tool.tables import ATTRIBUTES as ATTRIBUTES
from corpus_tool.tables import REFERENCES as REFERENCES
from corpus_tool.tables import SPANS as SPANS
from corpus_tool.vocabulary import did_you_mean

if TYPE_CHECKING:
    import polars as pl

    from corpus_tool.contract import Contract
    from corpus_tool.findings import Finding
    from corpus_tool.tables import Tables

BYTES, SCHEMA, TABLES, CORPUS, SOURCE, RELEASE = "bytes", "schema", "tables", "corpus", "source", "release"
ROWS = (ARTICLES, ANNOTATIONS, SPANS, REFERENCES, ATTRIBUTES)
FAMILIES = ("bytes", "schema", "text", "spans", "references", "labels", "structure", "collection", "release")
MOST_PER_BLOCK = 1000
"""So many findings of a rule are kept of one block; all are counted."""

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


@dataclass(frozen=True, slots=True)
class Bad:
    """An example where the rule does not hold: the example article with values put at pointers (`drop` removed).

    `at` is the pointer the finding must have. `raw` is the whole file instead, for rules about bytes; `corpus` are
    further articles, each a mapping of values put into the example article, for rules about a corpus.
    """

    put: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""
    drop: tuple[str, ...] = ()
    raw: bytes | None = None
    corpus: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A row of a table that a rule found; the message is the rule's unless one is given."""

    table: str
    row: dict[str, Any]
    message: str | None = None
    fix: Fix | None = None
    point: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    `on` says what it is about. Rules on a table are functions of the contract that return the Polars expression which
    must hold for every row (null is a breach), or None where the corpus has nothing it applies to. Rules on `tables`
    take the tables of a block and the contract and yield Hits; rules on `corpus` take the index. Rules on bytes,
    schema, source and release are found where those are read; the function holds their documentation.
    """

    code: str
    name: str
    on: str
    severity: Severity
    since: str
    message: str
    doc: str
    check: Callable[..., Any]
    point: str | None = None
    needs: tuple[str, ...] = ()
    fix: Callable[[dict[str, Any], str], Fix | None] | None = None
    bad: tuple[Bad, ...] = ()
    good: tuple[Mapping[str, Any], ...] = ()


_registry: dict[str, Rule] = {}


def rule(  # noqa: PLR0913 (each is a part of a rule)
    code: str, *, on: str, message: str, severity: Severity = ERROR, since: str = "0.1", point: str | None = None,
    needs: tuple[str, ...] = (), fix: Callable[[dict[str, Any], str], Fix | None] | None = None,
    bad: Iterable[Bad] = (), good: Iterable[Mapping[str, Any]] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # fmt: skip
    """Register a rule: the function's name becomes its name, the docstring its documentation.

    `message` is formatted with the columns of the row; `point` names the part of the row the finding points at;
    `needs` are rules on the same table without which a row is not checked.
    """

    def register(check: Callable[..., Any]) -> Callable[..., Any]:
        if code in _registry and _registry[code].check is not check:
            raise ValueError(f"{code} is taken by {_registry[code].name}")
        name = check.__name__.replace("_", "-")
        doc = inspect.getdoc(check) or ""
        _registry[code] = Rule(
            code, name, on, severity, since, message, doc, check, point, needs, fix, tuple(bad), tuple(good)
        )
        return check

    return register


@cache
def all_rules() -> Mapping[str, Rule]:
    """Every rule by code, sorted."""
    for family in FAMILIES:
        import_module(f"corpus_tool.rules.{family}")
    return dict(sorted(_registry.items()))


def find_rule(code: str) -> Rule:
    """The rule of that code or name; SettingsError with a suggestion where there is none."""
    rules = all_rules()
    found = rules.get(code.upper()) or next((rule for rule in rules.values() if rule.name == code), None)
    if found is None:
        known = [*rules, *(rule.name for rule in rules.values())]
        raise SettingsError(f"no rule '{code}'{did_you_mean(code.upper(), known) or did_you_mean(code, known)}")
    return found


def selected(select: Iterable[str], ignore: Iterable[str]) -> frozenset[str]:
    """Codes of the rules that run: `select` and `ignore` are codes, names, or beginnings of codes (`SPN`)."""
    chosen = _expand(select) or frozenset(all_rules())
    return chosen - _expand(ignore)


def _expand(patterns: Iterable[str]) -> frozenset[str]:
    codes: set[str] = set()
    for pattern in patterns:
        matches = {code for code in all_rules() if code.startswith(pattern.upper())}
        codes |= matches or {find_rule(pattern).code}
    return frozenset(codes)


def named(finding: Finding) -> Finding:
    """A finding of an importer or of a release, under the name that the registry has for its code."""
    return replace(finding, name=all_rules()[finding.code].name)


@dataclass(frozen=True, slots=True)
class Checked:
    """What the rules found in one block: hits (capped), all counts by code, and objects that could not be checked.

    `articles` are, by code, all rows of the batch that have a hit, also where it is beyond the cap.
    """

    hits: tuple[tuple[Rule, Hit], ...]
    counts: Mapping[str, int]
    articles: Mapping[str, frozenset[int]]
    not_checked: Mapping[str, int]


def check_tables(tables: Tables, contract: Contract, codes: frozenset[str]) -> Checked:
    """Run every row and table rule over one block: the rows of a table are looked at once for all its rules."""
    hits: list[tuple[Rule, Hit]] = []
    counts: dict[str, int] = {}
    articles: dict[str, frozenset[int]] = {}
    not_checked: dict[str, int] = {}
    for table in ROWS:
        for rule, rows, skipped in _row_rules(tables[table], table, contract, codes):
            if skipped:
                not_checked[rule.code] = skipped
            if rows.height:
                counts[rule.code] = rows.height
                articles[rule.code] = frozenset(rows["article"])
                hits += [(rule, Hit(table, row)) for row in rows.head(MOST_PER_BLOCK).iter_rows(named=True)]
    for rule in all_rules().values():
        if rule.on == TABLES and rule.code in codes:
            found = list(rule.check(tables, contract))
            if found:
                counts[rule.code] = len(found)
                articles[rule.code] = frozenset(hit.row["article"] for hit in found)
                hits += [(rule, hit) for hit in found[:MOST_PER_BLOCK]]
    return Checked(tuple(hits), counts, articles, not_checked)


def _row_rules(
    frame: pl.DataFrame, table: str, contract: Contract, codes: frozenset[str]
) -> Iterator[tuple[Rule, pl.DataFrame, int]]:
    """The rows where each rule does not hold, and how many it could not be asked of.

    What a rule needs is looked at for its sake even where it is not to be reported.
    """
    import polars as pl

    rules = [rule for rule in all_rules().values() if rule.on == table and rule.code in codes]
    asked = {rule.code for rule in rules}.union(*(rule.needs for rule in rules))
    must = {code: expression for code in sorted(asked) if (expression := find_rule(code).check(contract)) is not None}
    if not must or frame.is_empty():
        return
    failed = frame.select((~expression).fill_null(True).alias(code) for code, expression in must.items())
    totals = failed.sum().row(0, named=True)
    for rule in rules:
        needed = [need for need in rule.needs if totals.get(need)]
        if rule.code not in must or not (needed or totals[rule.code]):
            continue
        skipped = failed.select(pl.any_horizontal(needed)).to_series() if needed else ~failed[rule.code]
        yield rule, frame.filter(failed[rule.code] & ~skipped), int(skipped.sum()) if needed else 0
