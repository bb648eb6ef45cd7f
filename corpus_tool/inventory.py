"""The labels a corpus allows: read from JSON or TOML, checked, written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LABELLED_KINDS = (
    "entity", "relation", "event", "quotation", "coreference", "passage", "sentence", "token", "word", "label", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Argument:
    """What may stand in a role of a relation or event: labels, kinds, and how many (`max` None: any number)."""

    role: str
    types: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    min: int = 1
    max: int | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """One label of one kind."""

    name: str
    description: str | None = None
    parent: str | None = None
    abstract: bool = False
    deprecated: bool = False
    replaced_by: str | None = None
    tag: bool = False
    trigger: bool = False
    triggers: tuple[str, ...] = ()
    arguments: tuple[Argument, ...] = ()
    symmetric: bool = False
    transitive: bool = False
    acyclic: bool = False


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute, what may carry it, and its values (None: a flag)."""

    name: str
    description: str | None = None
    types: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    values: tuple[str, ...] | None = None
    default: str | None = None
    open: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """A family of labels of the whole article."""

    name: str
    values: tuple[str, ...]
    exclusive: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Overlap:
    """A licence to overlap: `how` is any of equal, nested, crossing; no labels means any."""

    how: tuple[str, ...]
    inner: tuple[str, ...] = ()
    outer: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inventory:
    """All labels by kind, in class-number order, with attributes, axes and licences to overlap (None: no limits)."""

    name: str | None = None
    labels: Mapping[str, tuple[Label, ...]] = field(default_factory=dict)
    attributes: tuple[Attribute, ...] = ()
    axes: tuple[Axis, ...] = ()
    overlaps: tuple[Overlap, ...] | None = None
    order: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of labels by column of a view, where releases before have them in another order than the labels here."""

    def of(self, kind: str) -> tuple[Label, ...]:
        """The labels of a kind; empty where the inventory says nothing of it."""
        return self.labels.get(kind, ())

    def label(self, kind: str, name: str) -> Label | None:
        """The label of that kind and name."""
        return next((label for label in self.of(kind) if label.name == name), None)

    def names(self, kind: str) -> tuple[str, ...]:
        """Names of the labels of a kind, in class-number order; the values of all axes for `label`."""
        own = [label.name for label in self.of(kind)]
        if kind == "label":
            own += [value for axis in self.axes for value in axis.values]
        return tuple(dict.fromkeys(own))

    @property
    def tags(self) -> tuple[str, ...]:
        """The entity labels that token tags are made of."""
        entities = self.of("entity")
        marked = tuple(label.name for label in entities if label.tag)
        return marked or tuple(label.name for label in entities if not label.abstract)

    def as_json(self) -> dict[str, Any]:
        """The inventory as `inventory-1`; what is at its default is left out."""
        out: dict[str, Any] = {"inventory": "1.0"}
        if self.name:
            out["name"] = self.name
        for kind in LABELLED_KINDS:
            if kind in self.labels:
                out[kind] = [_plain(label) for label in self.labels[kind]]
        if self.attributes:
            out["attribute"] = [_plain(attribute) for attribute in self.attributes]
        if self.axes:
            out["axis"] = [_plain(axis) for axis in self.axes]
        if self.overlaps is not None:
            out["overlap"] = [_plain(overlap) for overlap in self.overlaps]
        if self.order:
            out["order"] = {column: list(names) for column, names in self.order.items()}
        return out


def _plain(value: Any) -> dict[str, Any]:
    """A dataclass as JSON, without what is at its default."""
    out: dict[str, Any] = {}
    for name, spec in type(value).__dataclass_fields__.items():
        item = getattr(value, name)
        if item == spec.default:
            continue
        if isinstance(item, tuple):
            item = [_plain(part) if hasattr(part, "__dataclass_fields__") else part for part in item]
        out[name] = item
    return out
