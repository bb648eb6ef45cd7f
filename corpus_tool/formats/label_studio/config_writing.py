"""The labelling configuration that a project of some articles needs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from corpus_tool.formats import Article
from corpus_tool.formats.label_studio.config import CHAIN, ROLE, SPAN_LAYERS
from corpus_tool.formats.label_studio.regions import EVENTS, LINKS, NOTES
from corpus_tool.formats.label_studio.relations import UNNAMED
from corpus_tool.formats.label_studio.results import OBJECT, regions_in

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KINDS = {"entities": "entity", "passages": "passage", "quotations": "quotation"}
_SPEAKING = ("speaker", "cue")


@dataclass(slots=True)
class Seen:
    """Labels by layer, attributes and axes with their values, and types of notes, of the articles so far."""

    layers: tuple[str, ...]
    labels: dict[str, dict[str, None]] = field(default_factory=dict)
    attributes: dict[str, dict[str, None]] = field(default_factory=dict)
    axes: dict[str, dict[str, None]] = field(default_factory=dict)
    links: dict[str, dict[str, None]] = field(default_factory=dict)
    region_notes: dict[str, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)

    def add(self, article: Article) -> None:
        """Take in an article."""
        for layer, one in regions_in(article):
            self.labels.setdefault(layer, {})[one.get("type", "sentence")] = None
            for attribute in one.get("attributes") or ():
                value = attribute.get("value")
                name = attribute["name"]
                self.attributes.setdefault(name, {})[name if value is None else value] = None
            for link in one.get("links") or ():
                self.links.setdefault(link["db"], {})[link["id"]] = None
        for event in article.get("events") or ():
            self.labels.setdefault("roles", {}).update(
                dict.fromkeys(part["role"] for part in event.get("arguments") or ())
            )
        for layer in ("relations", "coreference", "events"):
            for one in article.get(layer) or ():
                self.labels.setdefault(layer, {})[one.get("type") or "identity"] = None
        for label in article.get("labels") or ():
            self.axes.setdefault(label["axis"], {})[label["value"]] = None
        for note in article.get("notes") or ():
            (self.notes if note.get("ref") is None else self.region_notes)[note.get("type") or NOTES] = None

    def allow(self, inventory: Inventory) -> None:
        """Take in what may still come, of the layers that these articles have."""
        for layer, kind in _KINDS.items():
            if layer in self.layers:
                names = (label.name for label in inventory.of(kind) if not label.abstract)
                self.labels.setdefault(layer, {}).update(dict.fromkeys(names))
        for layer, kind in (("relations", "relation"), ("coreference", "coreference"), ("events", "event")):
            if layer in self.layers:
                self.labels.setdefault(layer, {}).update(dict.fromkeys(inventory.names(kind)))
        roles = [argument.role for event in inventory.of("event") for argument in event.arguments]
        self.labels.setdefault("roles", {}).update(dict.fromkeys(roles))
        for axis in inventory.axes if "labels" in self.layers else ():
            self.axes.setdefault(axis.name, {}).update(dict.fromkeys(axis.values))
        for attribute in inventory.attributes if "entities" in self.layers else ():
            values = [attribute.name] if attribute.values is None else attribute.values
            self.attributes.setdefault(attribute.name, {}).update(dict.fromkeys(values))


def to_xml(seen: Seen) -> bytes:
    """The configuration as XML; control characters, which it cannot hold, as question marks."""
    view = ET.Element("View")
    _tag(view, "Text", name=OBJECT, value=f"${OBJECT}")
    for layer in (*SPAN_LAYERS, "entities"):
        if layer in seen.layers:
            control = _tag(view, "Labels", name=layer, toName=OBJECT, choice="multiple")
            _values(control, "Label", seen.labels.get(layer) or (["sentence"] if layer == "sentences" else []))
    _relations(view, seen)
    _choices(view, seen)
    for names, of_region in ((seen.region_notes, True), (seen.notes, False)):
        for name in names:
            _tag(view, "TextArea", name=name, toName=OBJECT, **({"perRegion": "true"} if of_region else {}))
    ET.indent(view)
    return ET.tostring(view, encoding="unicode").encode() + b"\n"


def _relations(view: ET.Element, seen: Seen) -> None:
    chains = seen.labels.get("coreference") or {"identity": None}
    if not {"relations", "quotations", "coreference", "events"} & set(seen.layers):
        return
    relations = _tag(view, "Relations")
    _values(relations, "Relation", (seen.labels.get("relations") or [UNNAMED]) if "relations" in seen.layers else ())
    for name in chains if "coreference" in seen.layers else ():
        _tag(relations, "Relation", value=name, category=CHAIN)
    for name in seen.labels.get("roles", ()) if "events" in seen.layers else ():
        _tag(relations, "Relation", value=name, category=ROLE)
    for name in _SPEAKING if "quotations" in seen.layers else ():
        _tag(relations, "Relation", value=name, category="quotations")
    if not len(relations):
        view.remove(relations)  # without any, it would ask for relations of any label


def _choices(view: ET.Element, seen: Seen) -> None:
    if "events" in seen.layers:
        control = _tag(view, "Choices", name=EVENTS, toName=OBJECT, perRegion="true")
        _values(control, "Choice", seen.labels.get("events", ()))
    for name, values in seen.attributes.items():
        control = _tag(view, "Choices", name=name, toName=OBJECT, perRegion="true", choice="multiple")
        _values(control, "Choice", values)
    if seen.links:
        taxonomy = _tag(view, "Taxonomy", name=LINKS, toName=OBJECT, perRegion="true")
        for database, entries in seen.links.items():
            _values(_tag(taxonomy, "Choice", value=database), "Choice", entries)
    # A control without choices still says that labels were asked for.
    for name, values in (seen.axes or ({"label": {}} if "labels" in seen.layers else {})).items():
        _values(_tag(view, "Choices", name=name, toName=OBJECT, choice="multiple"), "Choice", values)


def _tag(parent: ET.Element, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, tag, {name: _NO_XML.sub("?", value) for name, value in attributes.items()})


def _values(parent: ET.Element, tag: str, values: Iterable[str]) -> None:
    for value in values:
        _tag(parent, tag, value=value)
