"""Rules over the tables of a block: every row looked at once for all its rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus_tool import plugins
from corpus_tool.rule import MOST_PER_BLOCK, ROWS, TABLES, Hit, Rule, Skipped
from corpus_tool.rules import all_rules, find_rule

if TYPE_CHECKING:
    import polars as pl

    from corpus_tool.contract import Contract
    from corpus_tool.tables import Tables


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
            found, skipped = _found(rule, tables, contract)
            if skipped:
                not_checked[rule.code] = skipped
            if found:
                counts[rule.code] = len(found)
                articles[rule.code] = frozenset(hit.row["article"] for hit in found)
                hits += [(rule, hit) for hit in found[:most]]
    return Checked(tuple(hits), counts, articles, not_checked)


def _found(rule: Rule, tables: Tables, contract: Contract) -> tuple[list[Hit], int]:
    """What a rule on tables finds, and how many rows it could not look at."""
    answers = asked(rule, tables, contract)
    skipped = sum(one.number for one in answers if isinstance(one, Skipped))
    return [one for one in answers if not isinstance(one, Skipped)], skipped


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
