"""The labels a corpus allows: read from JSON or TOML, checked, written."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from corpus_tool.errors import SettingsError
from corpus_tool.resources import read_bytes, read_json
from corpus_tool.vocabulary import did_you_mean, explain, worst_error

_T = TypeVar("_T")

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


def load_inventory(path: Path) -> Inventory:
    """Read and check an inventory, JSON or TOML by its suffix.

    Raises SettingsError with the place: not readable, not `inventory-1`, or contradicting itself.
    """
    if path.suffix != ".toml":
        return parse_inventory(read_json(path, "inventory"), str(path))
    try:
        value = tomllib.loads(read_bytes(path, "inventory").decode())
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else error
        raise SettingsError(f"not valid TOML: {reason}", str(path)) from error
    return parse_inventory(value, str(path))


def parse_inventory(value: Any, place: str) -> Inventory:
    """An inventory from decoded JSON, checked against `inventory-1` and against itself."""
    error = worst_error("inventory-1", value)
    if error is not None:
        raise SettingsError(explain(error, "key"), f"{place}{error.json_path[1:]}")
    inventory = Inventory(
        name=value.get("name"),
        labels={kind: tuple(_label(item) for item in value[kind]) for kind in LABELLED_KINDS if kind in value},
        attributes=tuple(_build(Attribute, item) for item in value.get("attribute", ())),
        axes=tuple(_build(Axis, item) for item in value.get("axis", ())),
        overlaps=tuple(_build(Overlap, item) for item in value["overlap"]) if "overlap" in value else None,
    )
    for where, message in contradictions(inventory):
        raise SettingsError(message, f"{place}{where}")
    return inventory


def _label(item: Mapping[str, Any]) -> Label:
    arguments = tuple(_build(Argument, argument) for argument in item.get("arguments", ()))
    return _build(Label, {**item, "arguments": arguments})


def _build(made: type[_T], item: Mapping[str, Any]) -> _T:
    return made(**{name: tuple(value) if isinstance(value, list) else value for name, value in item.items()})


def contradictions(inventory: Inventory) -> Iterator[tuple[str, str]]:
    """Where an inventory contradicts itself: (place, message)."""
    everything = {name for kind in LABELLED_KINDS for name in inventory.names(kind)}
    for kind, labels in inventory.labels.items():
        yield from _label_contradictions(kind, labels, everything, set(inventory.names("entity")))
    yield from _twice("attribute", "attribute", [attribute.name for attribute in inventory.attributes])
    for number, attribute in enumerate(inventory.attributes):
        yield from _attribute_contradictions(f".attribute[{number}]", attribute, everything)
    yield from _twice("axis", "axis", [axis.name for axis in inventory.axes])
    for number, overlap in enumerate(inventory.overlaps or ()):
        yield from _unknown(f".overlap[{number}].inner", overlap.inner, everything)
        yield from _unknown(f".overlap[{number}].outer", overlap.outer, everything)


def _label_contradictions(
    kind: str, labels: tuple[Label, ...], everything: set[str], entities: set[str]
) -> Iterator[tuple[str, str]]:
    names = {label.name for label in labels}
    yield from _twice(kind, f"{kind} label", [label.name for label in labels])
    for number, label in enumerate(labels):
        at = f".{kind}[{number}]"
        for field_name, other in (("parent", label.parent), ("replaced_by", label.replaced_by)):
            if other is not None and other not in names:
                yield f"{at}.{field_name}", f"'{other}' is not a label of kind {kind}"
        if label.abstract and label.tag:
            yield f"{at}.tag", f"'{label.name}' is abstract, so no token can carry it"
        yield from _unknown(f"{at}.triggers", label.triggers, entities)
        yield from _argument_contradictions(at, label.arguments, everything)
    for name in _in_cycles({label.name: label.parent for label in labels}):
        yield f"{_place(kind, labels, name)}.parent", f"'{name}' is its own ancestor"
    for name in _in_cycles({label.name: label.replaced_by for label in labels}):
        yield f"{_place(kind, labels, name)}.replaced_by", f"'{name}' is replaced by itself in the end"


def _place(kind: str, labels: tuple[Label, ...], name: str) -> str:
    return f".{kind}[{next(number for number, label in enumerate(labels) if label.name == name)}]"


def _attribute_contradictions(at: str, attribute: Attribute, everything: set[str]) -> Iterator[tuple[str, str]]:
    closed = not attribute.open
    if closed and attribute.default is not None and attribute.default not in (attribute.values or ()):
        yield f"{at}.default", f"'{attribute.default}' is not one of the values"
    yield from _unknown(f"{at}.types", attribute.types, everything)


def _argument_contradictions(at: str, arguments: tuple[Argument, ...], known: set[str]) -> Iterator[tuple[str, str]]:
    yield from _twice(f"{at[1:]}.arguments", "role", [argument.role for argument in arguments])
    for number, argument in enumerate(arguments):
        here = f"{at}.arguments[{number}]"
        if argument.max is not None and argument.max < argument.min:
            yield here, f"at least {argument.min} and at most {argument.max}"
        yield from _unknown(f"{here}.types", argument.types, known)


def _twice(at: str, what: str, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            yield f".{at}[{number}]", f"the {what} '{name}' is listed twice"
        seen.add(name)


def _unknown(at: str, names: Iterable[str], known: set[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        if name not in known:
            yield at, f"'{name}' is not a label of this inventory{did_you_mean(name, known)}"


def _in_cycles(following: Mapping[str, str | None]) -> Iterator[str]:
    """The first name of every cycle."""
    done: set[str] = set()
    for start in following:
        trail: dict[str, None] = {}
        name: str | None = start
        while name is not None and name not in done and name not in trail:
            trail[name] = None
            name = following.get(name)
        if name is not None and name in trail:
            yield name
        done.update(trail)
