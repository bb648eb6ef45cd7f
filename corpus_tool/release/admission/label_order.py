"""Class numbers that never change: the labels of a release in the order of the one before, new ones at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool import vocabulary
from corpus_tool.contract import Contract
from corpus_tool.inventory import Inventory, Label
from corpus_tool.layers import EACH
from corpus_tool.release.articles import release_contract
from corpus_tool.release.index import versions_on_disk
from corpus_tool.views import ARTICLES, RAW, column_key, views

if TYPE_CHECKING:
    from corpus_tool.fields import Field
    from corpus_tool.layers import Path_


def in_released_order(contract: Contract, home: Path) -> Contract:
    """The contract with its labels in the order of the newest release below `home`.

    Raises ReleaseError where that is damaged.
    """
    released = versions_on_disk(home)
    return after(contract, release_contract(home / released[-1])) if released else contract


def after(contract: Contract, before: Contract) -> Contract:
    """The contract with every column of labels numbered as before: kept labels in their order, then new ones in theirs.

    That holds for the fields of articles, for token tags (B-X and I-X stay side by side), and for columns that hold the
    labels of several layers. A label that went leaves a gap that closes: such a change is MAJOR.
    """
    known = dict(_fields(before.root, ()))
    schema = _reordered(contract.schema, (), known)
    made = replace(contract, schema=schema, inventory=_inventory(contract.inventory, schema))
    orders = _orders(made, before)
    if not orders:
        return made
    inventory = made.inventory or Inventory()
    return replace(made, inventory=replace(inventory, order={**inventory.order, **orders}))


def append_only(before: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """The names in the order they had before, those that are new behind them."""
    now = tuple(names)
    kept = [name for name in before if name in set(now)]
    return (*kept, *(name for name in now if name not in set(kept)))


def _orders(contract: Contract, before: Contract) -> dict[str, tuple[str, ...]]:
    """The columns that are made of several lists of labels, where these alone would put them in another order."""
    was = {column_key(view.name, path): names for view in views(before) for path, names in view.labels.items()}
    found = {}
    for view in views(contract):
        for path, names in view.labels.items() if view.name not in (ARTICLES, RAW) else ():
            key = column_key(view.name, path)
            wanted = append_only(was.get(key, ()), names)
            if wanted != names:
                found[key] = wanted
    return found


def _fields(node: Field, path: Path_) -> Iterable[tuple[Path_, tuple[str, ...]]]:
    if node.labels:
        yield path, node.labels
    for child in node.fields:
        yield from _fields(child, (*path, child.name))
    if node.item is not None:
        yield from _fields(node.item, (*path, EACH))


def _reordered(node: Any, path: Path_, known: Mapping[Path_, tuple[str, ...]]) -> Any:
    """A schema whose labels stand in the known order."""
    if not isinstance(node, Mapping):
        return node
    out = dict(node)
    if node.get(vocabulary.LABEL) and path in known and isinstance(node.get("enum"), list):
        names = append_only(known[path], [name for name in node["enum"] if name is not None])
        out["enum"] = [*names, *(name for name in node["enum"] if name is None)]
    if "properties" in out:
        below = out["properties"].items()
        out["properties"] = {name: _reordered(part, (*path, name), known) for name, part in below}
    if "items" in out:
        out["items"] = _reordered(out["items"], (*path, EACH), known)
    for key in ("anyOf", "oneOf"):
        if key in out:
            out[key] = [_reordered(part, path, known) for part in out[key]]
    return out


def _inventory(inventory: Inventory | None, schema: Any) -> Inventory | None:
    """The inventory with its labels in the order of the schema."""
    if inventory is None:
        return None
    order = {
        layer.kind: {name: number for number, name in enumerate(layer.item[layer.label].labels or ())}
        for layer in Contract(schema).layers
        if layer.label is not None
    }
    labels = {kind: _sorted(found, order.get(kind, {})) for kind, found in inventory.labels.items()}
    return replace(inventory, labels=labels)


def _sorted(labels: Iterable[Label], order: Mapping[str, int]) -> tuple[Label, ...]:
    return tuple(sorted(labels, key=lambda label: order.get(label.name, len(order))))
