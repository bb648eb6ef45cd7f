"""Where an inventory contradicts itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from corpus_tool.inventory import LABELLED_KINDS, Argument, Attribute, Inventory, Label
from corpus_tool.vocabulary import did_you_mean


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
