"""COR605, COR606, COR611: coreference chains. COR607 and COR608 are in `mentions`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus_tool.findings import Fix
from corpus_tool.layers import EACH
from corpus_tool.rules import TABLES, WARNING, Bad, Case, Hit, Skipped, rule
from corpus_tool.rules.arguments import coded
from corpus_tool.rules.characters import shown
from corpus_tool.rules.extents import once_a_block
from corpus_tool.rules.members import CHAIN, called_chain, members
from corpus_tool.rules.mending import edits, standing, take_out
from corpus_tool.tables import ANNOTATIONS, REFERENCES
from corpus_tool.vocabulary import pointer

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.tables import Tables

_WIDE = 1 << 32
_SECOND = {"id": "C2", "type": "identity", "mentions": ["T3", "T1"], "prov": "A1"}


@rule(
    "COR605",
    on=TABLES,
    severity=WARNING,
    message="the chain mixes labels",
    bad=[
        Bad({"/coreference/0/mentions/-": "T2"}, "/coreference/0"),
    ],
)
def chain_has_one_label(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """All mentions of a coreference chain have the same label.

    A person is no place: one of the mentions has the wrong label, or belongs to another chain. Where labels tell how
    something is mentioned rather than what it is, turn the rule off.
    """
    found = members(tables, contract)
    named = found.mentions
    (own,) = coded(named, "target_label")
    if not ((own.codes[1:] != own.codes[:-1]) & (found.chain[1:] == found.chain[:-1])).any():
        return
    named = named.filter(pl.col("target_label").is_not_null() & _known_label(contract))
    labels = named.unique(["row", "target"]).group_by("row").agg("target_label")
    mixed = labels.filter(pl.col("target_label").list.n_unique() > 1).sort("row")
    for row, names in mixed.iter_rows():
        counted = sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0]))
        what = [f"{label} ({number})" for label, number in counted]
        message = f"the chain mixes {', '.join(what[:-1])} and {what[-1]}"
        yield Hit(ANNOTATIONS, tables.annotations.row(row, named=True), message)


def _known_label(contract: Contract) -> pl.Expr:
    """Whether the label is one of the contract's: one that is not has a finding of its own, and mixes nothing."""
    kind, label = pl.col("target_kind"), pl.col("target_label")
    closed = {layer.kind: layer.item[layer.label].labels for layer in contract.layers if layer.label}
    unknown = pl.lit(value=False)
    for name, labels in closed.items():
        if labels is not None:
            unknown |= (kind == name) & ~label.is_in(labels)
    return ~unknown


@once_a_block
def _shared(tables: Tables, contract: Contract) -> tuple[tuple[int, int, tuple[int, ...]], ...]:
    """Chains of one type and annotator that share mentions: the earlier, the later, the mentions' numbers in it."""
    found = members(tables, contract)
    ordered = np.sort(found.target)
    if not (ordered[1:] == ordered[:-1]).any():
        return ()
    first: dict[Any, int] = {}
    shared: dict[tuple[int, int], list[int]] = {}
    seen: set[tuple[int, int]] = set()
    rows = found.mentions.select("row", "target", "label", "prov")
    for number, (row, target, label, prov) in enumerate(rows.iter_rows()):
        before = first.setdefault((target, label, prov), row)
        if before != row and (row, target) not in seen:
            seen.add((row, target))
            shared.setdefault((before, row), []).append(number)
    return tuple((before, row, tuple(numbers)) for (before, row), numbers in shared.items())


def _merge(case: Case) -> Fix | None:
    """Move what the later chain has more into the first, and let what names it name the first."""
    tables = case.tables
    pair = next((pair for pair in _shared(tables, case.contract) if pair[1] == case.row["row"]), None)
    if pair is None:
        return None
    first, later = (tables.annotations.row(row, named=True) for row in pair[:2])
    place = tables.places[case.row["at"]].path
    if place.count(EACH) != 2 or place[0] != tables.places[first["at"]].path[0]:
        return None
    within = place[3:]
    lists = [f"{tables.pointer(row)}{pointer(place[2:3])}" for row in (first, later)]
    own, more = (standing(case.article, at) for at in lists)
    named = [_reference(part, within[1:]) for part in own]
    whole = [*own, *(part for part in more if _reference(part, within[1:]) not in named)]
    naming = tables.references.filter(pl.col("target") == pair[1])
    if naming.height and first["id"] is None:
        return None
    moved = {tables.pointer(row): first["id"] for row in naming.iter_rows(named=True)}
    changes = edits(case, {lists[0]: whole, **moved})
    return Fix(f"merge {called_chain(later)} into {called_chain(first)}", (*changes, take_out(case, later)), "unsafe")


def _reference(part: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        part = part.get(step) if isinstance(part, dict) else None
    return part


@rule(
    "COR606",
    on=TABLES,
    message="the mention is in two chains",
    fix=_merge,
    fixes=("unsafe",),
    bad=[
        Bad({"/coreference/-": _SECOND}, "/coreference/1/mentions/0"),
    ],
    good=[{"/coreference/-": {**_SECOND, "prov": "A2", "mentions": ["T1", "T3"]},
           "/provenance/-": {"id": "A2", "agent": "annotator-02", "agent_type": "human", "role": "corrector",
                             "guideline_version": "1.0", "derived_from": ["A1"]}}],
)  # fmt: skip
def mention_is_in_one_chain(tables: Tables, contract: Contract) -> Iterator[Hit | Skipped]:
    """A mention is in one chain only, of those that one annotator made of one type.

    What is the same as two things makes these the same. Take the mention out of one of the chains; where they are one,
    the unsafe fix merges the later into the first.
    """
    lost = members(tables, contract).lost
    if lost:
        yield Skipped(lost)
    rows = members(tables, contract).mentions
    for before, _, numbers in _shared(tables, contract):
        row = rows.row(numbers[0], named=True)
        first = tables.annotations.row(before, named=True)
        rest = len(numbers) - 1
        more = f", and so {'is' if rest == 1 else 'are'} {rest} more" if rest else ""
        name = shown(first["id"]) if first["id"] else tables.pointer(first)
        yield Hit(REFERENCES, row, f"{shown(row['ref'])} is in the chain {name}, too{more}")


@rule(
    "COR611",
    on=TABLES,
    severity=WARNING,
    message="the chain has too few mentions",
    bad=[
        Bad({"/coreference/0/mentions": ["T1"]}, "/coreference/0"),
    ],
)
def chain_has_two_mentions(tables: Tables, contract: Contract) -> Iterator[Hit | Skipped]:
    """A chain has two mentions or more, where `corpus.toml` says `singletons = false` under `[policy]`.

    One mention is the same as nothing else. Remove the chain, or find what else mentions the same.
    """
    if contract.policy.singletons:
        return
    found = members(tables, contract)
    if found.unsure:
        yield Skipped(len(found.unsure))
    chains = tables.annotations.filter(pl.col("kind") == CHAIN)
    pairs = np.unique(np.stack([found.chain, found.target]), axis=1)[0]
    number = np.bincount(pairs, minlength=tables.annotations.height)
    for row in chains.filter(pl.Series(number[chains["row"].to_numpy()] < 2)).iter_rows(named=True):
        if row["row"] in found.unsure:
            continue
        count = ("no mention", "one mention")[int(number[row["row"]])]
        yield Hit(ANNOTATIONS, row, f"{called_chain(row)} has {count}, and singletons are not allowed")
