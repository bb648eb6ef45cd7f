"""The labelling configuration of a project: which controls it has, and the inventory they make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from corpus_tool.inventory import Attribute, Axis, Inventory, Label

SPAN_LAYERS = ("passages", "sentences", "quotations")
"""A `Labels` control of one of these names brings that layer; any other brings entities."""
CHAIN, ROLE = "coreference", "events"
"""What a `Relation` has as its category where it is no relation."""
_SPANS = frozenset({"labels", "hypertextlabels", "paragraphlabels"})
_TEXTS = frozenset({"text", "hypertext"})


@dataclass(frozen=True, slots=True)
class Control:
    """One control tag: its kind in lower case, its values, and whether it is about a region or the whole text."""

    name: str
    kind: str
    values: tuple[str, ...] = ()
    per_region: bool = False
    single: bool = False


@dataclass(frozen=True, slots=True)
class Config:
    """A labelling configuration: controls by name, labels of relations and of chains, where the text comes from.

    `relates` is that it asks for relations of any label.
    """

    controls: dict[str, Control] = field(default_factory=dict)
    relations: tuple[str, ...] = ()
    chains: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    relates: bool = False
    text_key: str | None = None

    def layers(self) -> set[str]:
        """The layers that its controls bring."""
        found = {layer_of(control) for control in self.controls.values()} - {None}
        if self.relations or self.relates:
            found.add("relations")
        if self.chains:
            found.add("coreference")
        return {layer for layer in found if layer}

    def inventory(self) -> Inventory:
        """What its controls allow."""
        labels: dict[str, tuple[Label, ...]] = {}
        for control in self.controls.values():
            layer = layer_of(control)
            kind = {"entities": "entity", "quotations": "quotation", "passages": "passage", "events": "event"}.get(
                layer or ""
            )
            if kind is not None:
                labels[kind] = labels.get(kind, ()) + tuple(Label(value) for value in control.values)
        pairs = {"relation": self.relations, "coreference": tuple(sorted(self.chains))}
        labels |= {kind: tuple(map(Label, names)) for kind, names in pairs.items() if names}
        whole = [control for control in self.controls.values() if control.kind == "choices" and control.values]
        return Inventory(
            labels=labels,
            attributes=tuple(
                _attribute(control) for control in whole if control.per_region and layer_of(control) is None
            ),
            axes=tuple(Axis(one.name, one.values, exclusive=one.single) for one in whole if not one.per_region),
        )


def _attribute(control: Control) -> Attribute:
    return Attribute(control.name, values=None if control.values == (control.name,) else control.values)


def layer_of(control: Control) -> str | None:
    """The layer that a control brings; None where it brings attributes, notes, or nothing of a text."""
    if control.kind in _SPANS:
        return control.name if control.name in SPAN_LAYERS else "entities"
    if control.per_region:
        return "events" if control.name == "events" and control.kind == "choices" else None
    return "labels" if control.kind in {"choices", "taxonomy", "rating", "number"} else None


def parse(text: str) -> Config:
    """The configuration that an XML text says; ValueError where it is none."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("a labelling configuration declares no document type and no entities")
    try:
        root = ET.fromstring(text.removeprefix("\ufeff"))  # noqa: S314 (no entity can be declared: see above)
    except (ET.ParseError, ValueError, RecursionError) as error:
        raise ValueError(f"not XML: {error}") from error
    tags = list(root.iter())
    relations = [tag for tag in tags if tag.tag == "Relation" and tag.get("value")]
    named = {
        category: frozenset(tag.get("value", "") for tag in relations if tag.get("category") == category)
        for category in (CHAIN, ROLE)
    }
    return Config(
        controls={control.name: control for control in _controls(tags)},
        relations=tuple(tag.get("value", "") for tag in relations if tag.get("category") is None),
        chains=named[CHAIN],
        roles=named[ROLE],
        relates=not relations and any(tag.tag == "Relations" for tag in tags),
        text_key=next((key for tag in tags if (key := _text_key(tag))), None),
    )


def _text_key(tag: ET.Element) -> str | None:
    value = tag.get("value", "")
    return value[1:] if tag.tag.lower() in _TEXTS and value.startswith("$") else None


def _controls(tags: list[ET.Element]) -> Iterator[Control]:
    for tag in tags:
        if tag.get("name") and tag.get("toName"):
            parts = [part for part in tag.iter() if part.tag in {"Label", "Choice"}]
            values = (part.get("alias") or part.get("value") for part in parts)
            yield Control(
                tag.get("name", ""),
                tag.tag.lower(),
                tuple(dict.fromkeys(value for value in values if value)),
                per_region=tag.get("perRegion") == "true",
                single=tag.tag == "Choices" and tag.get("choice", "single") != "multiple",
            )
