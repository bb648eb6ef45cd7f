"""The rules: what must hold beyond the schema, each in one place with its documentation and examples."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

from corpus_tool import plugins
from corpus_tool.errors import SettingsError
from corpus_tool.findings import Fix, Severity
from corpus_tool.tables import ANNOTATIONS as ANNOTATIONS
from corpus_tool.tables import ARTICLES as ARTICLES
from corpus_tool.tables import ATTRIBUTES as ATTRIBUTES
from corpus_tool.tables import REFERENCES as REFERENCES
from corpus_tool.tables import SPANS as SPANS
from corpus_tool.versions import is_newer
from corpus_tool.vocabulary import did_you_mean

if TYPE_CHECKING:
    import polars as pl

    from corpus_tool.contract import Contract
    from corpus_tool.findings import Finding
    from corpus_tool.tables import Tables

BYTES, SCHEMA, TABLES, CORPUS, SOURCE, RELEASE = "bytes", "schema", "tables", "corpus", "source", "release"
ROWS = (ARTICLES, ANNOTATIONS, SPANS, REFERENCES, ATTRIBUTES)
FAMILIES = (
    "bytes", "schema", "text", "spans", "references", "labels", "relations", "cardinality", "repeats", "triggers",
    "chains", "mentions", "quotations", "metadata", "provenance", "collection", "assertions", "release",
)  # fmt: skip
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
    """A row of a table that a rule found; the message is the rule's unless one is given.

    `span` is the piece of the text it is about (code points), where that is not what the row covers.
    """

    table: str
    row: dict[str, Any]
    message: str | None = None
    fix: Fix | None = None
    point: str | None = None
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """So many rows that a rule on `tables` could not look at, because what it needs does not hold there."""

    number: int


@dataclass(frozen=True, slots=True)
class Case:
    """A hit together with what a fix is made from: its block, the contract, and the article as it was read."""

    tables: Tables
    contract: Contract
    hit: Hit
    article: Any

    @property
    def row(self) -> dict[str, Any]:
        return self.hit.row


Mend = Callable[[Case], Fix | None]
Safety = Literal["safe", "unsafe"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    `on` says what it is about. Rules on a table are functions of the contract that return the Polars expression which
    must hold for every row (null is a breach), or None where the corpus has nothing it applies to. Rules on `tables`
    take the tables of a block and the contract and yield Hits (and Skipped, for rows they could not look at); rules
    on `corpus` take the index. Rules on bytes, schema, source and release are found where those are read; the function
    holds their documentation. `fix` is asked for each hit that is kept; `fixes` says how safe its fixes are, though
    some findings may have none.
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
    fix: Mend | None = None
    fixes: tuple[Safety, ...] = ()
    bad: tuple[Bad, ...] = ()
    good: tuple[Mapping[str, Any], ...] = ()
    origin: str = ""
    """What the rule comes from: a plug-in and its version, or corpus.toml; empty for the tool's own."""


_registry: dict[str, Rule] = {}


def rule(  # noqa: PLR0913 (each is a part of a rule)
    code: str, *, on: str, message: str, severity: Severity = ERROR, since: str = "", point: str | None = None,
    needs: tuple[str, ...] = (), fix: Mend | None = None, fixes: tuple[Safety, ...] = (),
    bad: Iterable[Bad] = (), good: Iterable[Mapping[str, Any]] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # fmt: skip
    """Register a rule: the function's name becomes its name, the docstring its documentation.

    `message` is formatted with the columns of the row; `point` names the part of the row the finding points at;
    `needs` are rules on the same table without which a row is not checked; `since` is the version that brought it:
    where it is not said the tool's first, or of a plug-in the one installed.
    """

    def register(check: Callable[..., Any]) -> Callable[..., Any]:
        if code in _registry and _registry[code].check is not check:
            raise ValueError(f"{code} is taken by {_registry[code].name}")
        name = check.__name__.replace("_", "-")
        doc = inspect.getdoc(check) or ""
        first = since or plugins.first_version(check)
        _registry[code] = Rule(
            code, name, on, severity, first, message, doc, check, point, needs, fix, fixes, tuple(bad), tuple(good)
        )
        all_rules.cache_clear()
        return check

    return register


@cache
def all_rules() -> Mapping[str, Rule]:
    """Every rule by code, sorted: the tool's own, and those of plug-ins that are installed.

    Raises CorpusError where a plug-in cannot be loaded, or registers what it may not.
    """
    for family in FAMILIES:
        import_module(f"corpus_tool.rules.{family}")
    plugins.load()
    return dict(sorted(plugins.credited(_registry, families()).items()))


def families() -> frozenset[str]:
    """The beginnings of the tool's own codes, which nobody else may use."""
    own = [rule.code for rule in _registry.values() if plugins.is_built_in(rule)]
    return frozenset(code.rstrip("0123456789") for code in own)


def find_rule(code: str, own: Iterable[Rule] = ()) -> Rule:
    """The rule of that code or name; SettingsError with a suggestion where there is none.

    `own` are those of a corpus.
    """
    rules = {**all_rules(), **{rule.code: rule for rule in own}}
    found = rules.get(code.upper()) or next((rule for rule in rules.values() if rule.name == code), None)
    if found is None:
        known = [*rules, *(rule.name for rule in rules.values())]
        raise SettingsError(f"no rule '{code[:60]}'{did_you_mean(code.upper(), known) or did_you_mean(code, known)}")
    return found


def selected(
    select: Iterable[str], ignore: Iterable[str], target_version: str | None = None, own: tuple[Rule, ...] = ()
) -> frozenset[str]:
    """Codes of the rules that run: `select` and `ignore` are codes, names, or beginnings of codes (`SPN`).

    With a `target_version` only those that this version had; `own` rules of a corpus, and those of plug-ins, count
    versions of their own.
    """
    chosen = codes_of(select, own) or frozenset([*all_rules(), *(rule.code for rule in own)])
    tools = [rule for rule in all_rules().values() if not rule.origin]
    later = {rule.code for rule in tools if target_version and is_newer(rule.since, target_version)}
    return chosen - codes_of(ignore, own) - later


def codes_of(patterns: Iterable[str], own: tuple[Rule, ...] = ()) -> frozenset[str]:
    """The codes that codes, names and beginnings of codes mean."""
    known = [*all_rules(), *(rule.code for rule in own)]
    codes: set[str] = set()
    for pattern in patterns:
        matches = {code for code in known if code.startswith(pattern.upper())}
        codes |= matches or {find_rule(pattern, own).code}
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


def check_tables(
    tables: Tables,
    contract: Contract,
    codes: frozenset[str],
    most: int = MOST_PER_BLOCK,
    own: tuple[Rule, ...] = (),
) -> Checked:
    """Run every row and table rule over one block: the rows of a table are looked at once for all its rules.

    Of each rule `most` findings are kept, and all are counted. `own` are rules of the corpus, on tables with their
    layers. Raises CorpusError where a rule of a plug-in fails.
    """
    hits: list[tuple[Rule, Hit]] = []
    counts: dict[str, int] = {}
    articles: dict[str, frozenset[int]] = {}
    not_checked: dict[str, int] = {}
    for table in ROWS:
        mine = [rule for rule in own if rule.on == table and rule.code in codes]
        rules = [rule for rule in all_rules().values() if rule.on == table and rule.code in codes] + mine
        frame = tables.layered(table) if mine else tables[table]
        for rule, rows, skipped in _row_rules(frame, rules, contract):
            if skipped:
                not_checked[rule.code] = skipped
            if rows.height:
                counts[rule.code] = rows.height
                articles[rule.code] = frozenset(rows["article"])
                hits += [(rule, Hit(table, row)) for row in rows.head(most).iter_rows(named=True)]
    for rule in all_rules().values():
        if rule.on == TABLES and rule.code in codes:
            found = []
            for one in asked(rule, tables, contract):
                if isinstance(one, Skipped):
                    not_checked[rule.code] = not_checked.get(rule.code, 0) + one.number
                else:
                    found.append(one)
            if found:
                counts[rule.code] = len(found)
                articles[rule.code] = frozenset(hit.row["article"] for hit in found)
                hits += [(rule, hit) for hit in found[:most]]
    return Checked(tuple(hits), counts, articles, not_checked)


def asked(rule: Rule, *about: Any) -> list[Any]:
    """All that a rule on tables or on the corpus finds."""
    with plugins.blamed(rule):
        return list(rule.check(*about))


def _row_rules(frame: pl.DataFrame, rules: list[Rule], contract: Contract) -> Iterator[tuple[Rule, pl.DataFrame, int]]:
    """The rows where each rule does not hold, and how many it could not be asked of.

    What a rule needs is looked at for its sake even where it is not to be reported.
    """
    import polars as pl

    every = {rule.code: rule for rule in rules}
    every |= {need: find_rule(need) for rule in rules for need in rule.needs if need not in every}
    asked_of = {code: _expression(every[code], contract) for code in sorted(every)}
    must = {code: expression for code, expression in asked_of.items() if expression is not None}
    if not must or frame.is_empty():
        return
    failed = _failed(frame, must, every)
    totals = failed.sum().row(0, named=True)
    for rule in rules:
        needed = [need for need in rule.needs if totals.get(need)]
        if rule.code not in must or not (needed or totals[rule.code]):
            continue
        skipped = failed.select(pl.any_horizontal(needed)).to_series() if needed else ~failed[rule.code]
        yield rule, frame.filter(failed[rule.code] & ~skipped), int(skipped.sum()) if needed else 0


def _expression(rule: Rule, contract: Contract) -> pl.Expr | None:
    with plugins.blamed(rule):
        found: pl.Expr | None = rule.check(contract)
        return found


def _failed(frame: pl.DataFrame, must: Mapping[str, pl.Expr], rules: Mapping[str, Rule]) -> pl.DataFrame:
    """For each rule whether it fails on a row: null is a breach."""

    def select(codes: Iterable[str]) -> pl.DataFrame:
        return frame.select((~must[code]).fill_null(True).alias(code) for code in codes)

    if not any(rules[code].origin for code in must):
        return select(must)
    try:
        return select(must)
    except Exception:
        for code in must:
            with plugins.blamed(rules[code]):
                select([code])
        raise
