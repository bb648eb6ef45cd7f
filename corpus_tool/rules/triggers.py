"""EVT604: what triggers events, against the inventory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from corpus_tool.rules import TABLES, Bad, Hit, rule
from corpus_tool.rules.arguments import annotations_of, called, coded, lineage, listed, references_at, rows_at, trigger
from corpus_tool.rules.characters import shown
from corpus_tool.tables import ANNOTATIONS, REFERENCES

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.inventory import Inventory
    from corpus_tool.tables import Tables


@rule(
    "EVT604",
    on=TABLES,
    message="the event has no trigger of its own",
    bad=[
        Bad(
            {
                "/events/-": {
                    "id": "E2",
                    "type": "Sail",
                    "trigger": "T4",
                    "arguments": [{"role": "Agent", "ref": "T3"}],
                    "prov": "A1",
                }
            },
            "/events/1/trigger",
        ),
    ],
)
def trigger_fits_its_event(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """Every event names its trigger, and the trigger has a label that may trigger this event.

    The inventory lists these labels as `triggers` of the event; where it lists none, any label that it marks as
    `trigger` will do, and where it marks none, any at all. Give the trigger the right label, name the right trigger, or
    change the inventory.
    """
    for layer in contract.of_kind("event"):
        place = trigger(contract, layer)
        if place is None:
            continue
        ats = [at for at, own, ref in references_at(tables, contract, "event") if own == layer and ref == place]
        named = rows_at(tables.references, ats)
        events = annotations_of(tables, layer.name)
        if named.height < events.height:
            for row in events.filter(~pl.col("row").is_in(named["row"].implode())).iter_rows(named=True):
                yield Hit(ANNOTATIONS, row, f"{called(row)} has no trigger")
        if named.height and contract.inventory is not None:
            yield from _unfit(named, contract.inventory)


def _unfit(named: pl.DataFrame, inventory: Inventory) -> Iterator[Hit]:
    events, kinds, labels = coded(named, "label", "target_kind", "target_label")
    key = (events.codes * (len(kinds.values) + 1) + kinds.codes) * (len(labels.values) + 1) + labels.codes
    values, first = np.unique(key, return_index=True)
    wrong = {
        value: may
        for value, row in zip(values.tolist(), first.tolist(), strict=True)
        if (may := _others(inventory, events[row], kinds[row], labels[row]))
    }
    if wrong:
        for number in np.flatnonzero(np.isin(key, list(wrong))).tolist():
            row = named.row(number, named=True)
            if row["licensed"]:
                own = f"the {row['target_label']} {shown(row['ref'])}"
                said = f"{called(row)} is triggered by {own}, and may be by {listed(wrong[int(key[number])])}"
                yield Hit(REFERENCES, row, said)


def _others(inventory: Inventory, event: str | None, kind: str | None, label: str | None) -> tuple[str, ...]:
    """The labels that may trigger an event, where the one that does may not."""
    known = None if event is None else inventory.label("event", event)
    if known is None or kind is None or label is None or inventory.label(kind, label) is None:
        return ()
    may = known.triggers or tuple(each.name for each in inventory.of(kind) if each.trigger)
    return may if lineage(inventory, kind, label).isdisjoint(may) else ()
