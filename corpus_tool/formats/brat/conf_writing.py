"""An inventory as brat's `annotation.conf`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus_tool.inventory import Argument, Attribute, Inventory, Label

KINDS = {"<ENTITY>": "entity", "<RELATION>": "relation", "<EVENT>": "event"}
"""brat's words for any label of a kind."""
HOW = {"equal": "equal", "contain": "nested", "cross": "crossing"}
"""brat's words for how spans may overlap."""
NESTING = ("<OVERLAP>", "ENTITY-NESTING")
EQUIV = ("<EQUIV>", "Equiv")
_WORDS = {kind: word for word, kind in KINDS.items()}
_SUFFIX = {(1, 1): "", (0, 1): "?", (0, None): "*", (1, None): "+"}
_TERMS = re.compile(r"[^\s|,<>!]+(\|[^\s|,<>!]+)*")


def storable(name: str) -> str:
    """The name as `annotation.conf` can hold it: what has a meaning there becomes an underscore."""
    plain = re.sub(r"[\s|,<>]", "_", name)
    return "_" + plain[1:] if plain[:1] in ("!", "#", "[") or not plain.strip("-") else plain


def storable_role(name: str) -> str:
    """The same for a role, whose end says how often it may be filled."""
    return re.sub(r"[:?*+{}]", "_", storable(name))


def dumps(inventory: Inventory) -> str:
    """The text of an `annotation.conf`.

    It always parses; reading it again gives the inventory but for what `annotation_conf_loss.losses` names.
    """
    declared = {storable(label.name) for kind in KINDS.values() for label, _ in _placed(inventory.of(kind))}
    declared -= {*NESTING, *EQUIV}
    sections: list[list[str]] = []
    if "entity" in inventory.labels:
        sections.append(["[entities]", *_tree(_own_entities(inventory), declared)])
    relations = [*_relations(inventory, declared), *_overlaps(inventory, declared)]
    if relations or "relation" in inventory.labels:
        sections.append(["[relations]", *relations])
    if "event" in inventory.labels:
        sections.append(["[events]", *_tree(inventory.of("event"), declared)])
    if inventory.attributes:
        lines = (_attribute(attribute, declared) for attribute in inventory.attributes)
        sections.append(["[attributes]", *(line for line in lines if line)])
    return "\n".join("\n".join(lines) + "\n" for lines in sections)


def _own_entities(inventory: Inventory) -> tuple[Label, ...]:
    """Entity labels without those that reading adds at the end, because they are names of events."""
    entities = inventory.of("entity")
    events = dict.fromkeys(storable(label.name) for label in inventory.of("event") if not label.abstract)
    for length in range(len(entities) + 1):
        kept = {storable(label.name) for label in entities[:length]}
        if entities[length:] == tuple(Label(name, trigger=True) for name in events if name not in kept):
            return entities[:length]
    return entities


def _tree(labels: tuple[Label, ...], declared: set[str]) -> Iterator[str]:
    """One line a label, each below its parent and one tab deeper."""
    for label, depth in _placed(labels):
        yield "\t" * depth + _line(label, storable(label.name), declared)


def _placed(labels: tuple[Label, ...]) -> Iterator[tuple[Label, int]]:
    """Each label after its parent, with its depth; those that are their own ancestors are left out."""
    below: dict[str | None, list[Label]] = {}
    names = {label.name for label in labels}
    for label in labels:
        below.setdefault(label.parent if label.parent in names else None, []).append(label)
    waiting = [(label, 0) for label in reversed(below.get(None, ()))]
    while waiting:
        label, depth = waiting.pop()
        yield label, depth
        waiting += [(child, depth + 1) for child in reversed(below.pop(label.name, ()))]


def _line(label: Label, name: str, declared: set[str]) -> str:
    terms = f"{'!' if label.abstract else ''}{name}"
    if label.description and _TERMS.fullmatch(label.description):
        terms += f"|{label.description}"
    roles = {storable_role(argument.role): argument for argument in reversed(label.arguments)}
    pairs = [_argument(role, argument, declared) for role, argument in reversed(roles.items())]
    properties = [word for word in ("symmetric", "transitive") if getattr(label, word)]
    if properties:
        pairs.append(f"<REL-TYPE>:{'-'.join(properties)}")
    return f"{terms}\t{', '.join(pairs)}" if pairs else terms


def _argument(role: str, argument: Argument, declared: set[str]) -> str:
    least, most = argument.min, argument.max
    suffix = _SUFFIX.get((least, most))
    if suffix is None:
        suffix = "+" if most is None else f"{{{least}}}" if least == most else f"{{{least}-{most}}}"
    return f"{role}{suffix}:{_licence(argument.types, argument.kinds, declared) or '<ANY>'}"


def _licence(types: Iterable[str], kinds: Iterable[str], declared: set[str]) -> str:
    words = [_WORDS[kind] for kind in kinds if kind in _WORDS]
    names = [storable(name) for name in types if storable(name) in declared]
    return "|".join([*words, *names])


def _relations(inventory: Inventory, declared: set[str]) -> Iterator[str]:
    yield from _tree(tuple(x for x in inventory.of("relation") if x.name not in (*NESTING, *EQUIV)), declared)
    identity = inventory.label("coreference", "identity")
    if identity is not None and (identity.arguments or (identity.symmetric and identity.transitive)):
        yield _line(identity, "Equiv", declared)


def _overlaps(inventory: Inventory, declared: set[str]) -> Iterator[str]:
    brat = {ours: word for word, ours in HOW.items()}
    for overlap in inventory.overlaps or ():
        inner, outer = (
            _licence(labels, () if labels else ("entity",), declared) for labels in (overlap.inner, overlap.outer)
        )
        how = "<ANY>" if overlap.how == tuple(brat) else "|".join(brat[how] for how in overlap.how)
        if inner and outer and how:
            yield f"<OVERLAP>\tArg1:{inner}, Arg2:{outer}, <OVL-TYPE>:{how}"


def _attribute(attribute: Attribute, declared: set[str]) -> str | None:
    """The line of an attribute; None where it stands on nothing that brat has."""
    anything = not attribute.types and not attribute.kinds
    carriers = "<ANY>" if anything else _licence(attribute.types, attribute.kinds, declared)
    if not carriers:
        return None
    pairs = [f"Arg:{carriers}"]
    values = [storable(value) for value in attribute.values or () if value]
    if values:
        pairs.append(f"Value:{'|'.join(values)}")
    if attribute.default is not None and storable(attribute.default) in values:
        pairs.append(f"DEFAULT:{storable(attribute.default)}")
    terms = storable(attribute.name)
    if attribute.description and _TERMS.fullmatch(attribute.description):
        terms += f"|{attribute.description}"
    return f"{terms}\t{', '.join(pairs)}"
