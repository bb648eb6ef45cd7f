"""What rules find in articles, without files around them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from corpus_tool.columns import to_batch
from corpus_tool.contract import Contract, load_contract
from corpus_tool.flattening import read_tables
from corpus_tool.rules import Case, all_rules
from corpus_tool.rules.example import example_inventory, example_policy
from corpus_tool.rules.running import check_tables

if TYPE_CHECKING:
    from corpus_tool.findings import Fix
    from corpus_tool.inventory import Inventory

Found = list[tuple[str, str, str]]
"""Code, pointer and message of each finding."""


@cache
def example_contract() -> Contract:
    return replace(load_contract(None, example_inventory()), policy=example_policy())


def checked(
    *articles: dict[str, Any], contract: Contract | None = None, codes: str = ""
) -> list[tuple[str, str, str, Fix | None]]:
    """Code, pointer, message and fix of everything that row and table rules find in a block."""
    contract = contract or example_contract()
    tables = read_tables(to_batch(articles, contract), contract)
    chosen = frozenset(code for code in all_rules() if not codes or code in codes.split())
    found = []
    for rule, hit in check_tables(tables, contract, chosen).hits:
        at = tables.pointer(hit.row, hit.point or rule.point)
        message = hit.message if hit.message is not None else rule.message.format(**hit.row)
        value = articles[hit.row["article"]]
        fix = hit.fix or (rule.fix(Case(tables, contract, hit, value)) if rule.fix else None)
        found.append((rule.code, at, message, fix))
    return found


def places(*articles: dict[str, Any], contract: Contract | None = None, codes: str = "") -> list[tuple[str, str]]:
    """Code and pointer of everything found."""
    return [(code, at) for code, at, _, _ in checked(*articles, contract=contract, codes=codes)]


def under(inventory: Inventory | None) -> Contract:
    return load_contract(None, inventory)


def article(text: str, *entities: tuple[Any, ...], **layers: Any) -> dict[str, Any]:
    """An article whose entities are (label, start, end, start, end, …)."""
    made = []
    for number, (label, *edges) in enumerate(entities, 1):
        pairs = zip(edges[::2], edges[1::2], strict=True)
        spans = [{"start": low, "end": high, "text": text[low:high]} for low, high in pairs]
        made.append({"id": f"T{number}", "type": label, "spans": spans})
    return {"id": "a", "text": text, "entities": made, **layers}
