"""The inventory that articles themselves show, for an `annotation.conf` where none was given."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from corpus_tool.formats import Article
from corpus_tool.formats.brat.conf_writing import storable
from corpus_tool.formats.brat.reading import IDENTITY
from corpus_tool.inventory import Argument, Attribute, Inventory, Label

_KINDS = {"entity": "entities", "relation": "relations", "event": "events"}

Roles = dict[str, dict[str, set[str]]]
"""By label and role, the labels that stood there."""


@dataclass(slots=True)
class Seen:
    """Labels, roles and attributes of the articles so far."""

    labels: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in _KINDS})
    roles: dict[str, Roles] = field(default_factory=lambda: {"relation": {}, "event": {}})
    carriers: dict[str, set[str]] = field(default_factory=dict)
    values: dict[str, set[str | None]] = field(default_factory=dict)
    chains: dict[str, set[str]] = field(default_factory=dict)

    def add(self, article: Article) -> None:
        """Take in an article."""
        types = {item["id"]: item["type"] for layer in ("entities", "events") for item in article.get(layer) or ()}
        for chain in article.get("coreference") or ():
            kind = chain.get("type") or IDENTITY
            if kind != IDENTITY:
                named = {types[mention] for mention in chain["mentions"] if mention in types}
                self.chains.setdefault(kind, set()).update(named)
        for kind, layer in _KINDS.items():
            for item in article.get(layer) or ():
                self.labels[kind].add(item["type"])
                for attribute in item.get("attributes") or ():
                    self.carriers.setdefault(attribute["name"], set()).add(kind)
                    self.values.setdefault(attribute["name"], set()).add(attribute.get("value"))
                if kind in self.roles:
                    stood = self.roles[kind].setdefault(item["type"], {})
                    for role, label in _arguments(item, types):
                        stood.setdefault(role if kind == "relation" else _unnumbered(role), set()).add(label)

    def inventory(self) -> Inventory:
        """Everything seen, sorted; a role takes the labels that stood in it.

        A section that cannot name all that is there is left out: it would forbid the rest.
        """
        events = self.labels["event"]
        found = {
            "entity": tuple(Label(name, trigger=bool(events)) for name in sorted(self.labels["entity"])),
            "relation": tuple(self._relation(name) for name in sorted(self.labels["relation"] | self.chains.keys())),
            "event": tuple(self._label("event", name, 0, None) for name in sorted(events)),
        }
        attributes = tuple(self._attribute(name) for name in sorted(self.carriers))
        labels = {kind: labels for kind, labels in found.items() if labels and _nameable(one.name for one in labels)}
        values = (value for one in attributes for value in (one.name, *(one.values or ())))
        return Inventory(labels=labels, attributes=attributes if _nameable(values) else ())

    def _relation(self, name: str) -> Label:
        """A relation, or the type of a chain, which `annotation.conf` declares as an equivalence."""
        label = self._label("relation", name, 1, 1)
        if name not in self.chains:
            return label
        mentions = tuple(sorted(self.chains[name]))
        ends = tuple(Argument(role, mentions, (), 1, 1) for role in ("Arg1", "Arg2"))
        return replace(label, arguments=label.arguments or ends, symmetric=True, transitive=True)

    def _label(self, kind: str, name: str, least: int, most: int | None) -> Label:
        roles = self.roles[kind].get(name, {})
        arguments = (Argument(role, tuple(sorted(stood)), (), least, most) for role, stood in roles.items())
        return Label(name, arguments=tuple(arguments))

    def _attribute(self, name: str) -> Attribute:
        values = tuple(sorted(value for value in self.values[name] if value is not None))
        default = values[0] if values and None in self.values[name] else None
        return Attribute(name, kinds=tuple(sorted(self.carriers[name])), values=values or None, default=default)


def _nameable(names: Iterable[str]) -> bool:
    return all(storable(name) == name for name in names)


def _arguments(item: Mapping[str, Any], types: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for argument in item.get("arguments") or ():
        if argument["ref"] in types:
            yield argument["role"], types[argument["ref"]]


def _unnumbered(role: str) -> str:
    """Brat numbers the arguments of one role: Crime, Crime2."""
    return re.sub(r"[0-9]+$", "", role) or role
