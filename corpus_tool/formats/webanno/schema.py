"""The columns that the layers of a document need, in the order in which WebAnno and INCEpTION write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpus_tool.formats.typed_layers.model import LayerKind, TypedDocument, TypedSlot
from corpus_tool.formats.typed_layers.names import (
    ANNOTATION,
    DEPENDENCY,
    LABELS,
    NAMED_ENTITY,
    POS,
    TOKEN,
    conventional_link,
)
from corpus_tool.formats.webanno.header import Cell, Column

_KNOWN = {
    NAMED_ENTITY: ("identifier", "value"), POS: ("PosValue", "coarseValue"), DEPENDENCY: ("DependencyType", "flavor"),
}  # fmt: skip


def schema(document: TypedDocument) -> list[Column]:
    """Span layers, those with slots behind the others, then chains, then relations; by name, and so their features."""
    kinds = _kinds(document)
    slots = _slots(document)
    ranks = {LayerKind.SPAN: 0, LayerKind.CHAIN: 2, LayerKind.RELATION: 3}
    order = sorted(kinds, key=lambda layer: (ranks[kinds[layer]] + (layer in slots), layer))
    found: list[Column] = []
    for layer in order:
        if kinds[layer] is LayerKind.CHAIN:
            found += [Column(layer, LayerKind.CHAIN, Cell.LINK), Column(layer, LayerKind.CHAIN, Cell.ELEMENT)]
        else:
            found += _own(document, layer, kinds[layer], slots.get(layer, {}))
    return found


def _kinds(document: TypedDocument) -> dict[str, LayerKind]:
    found = {layer.type: layer.kind for layer in document.layers}
    found |= {span.type: LayerKind.SPAN for span in document.spans}
    found |= {chain.type: LayerKind.CHAIN for chain in document.chains}
    return found | {one.type: LayerKind.RELATION for one in document.relations}


def _slots(document: TypedDocument) -> dict[str, dict[str, list[TypedSlot]]]:
    found: dict[str, dict[str, list[TypedSlot]]] = {}
    for span in document.spans:
        for slot in span.slots:
            found.setdefault(span.type, {}).setdefault(slot.feature, []).append(slot)
    return found


def _own(document: TypedDocument, layer: str, kind: LayerKind, slots: dict[str, list[TypedSlot]]) -> Iterator[Column]:
    """The columns of a layer of spans or relations; a relation names its source last."""
    names = {name for one in document.layers if one.type == layer for name in one.features}
    ones = document.spans if kind is LayerKind.SPAN else document.relations
    names |= {name for one in ones if one.type == layer for name in one.features}
    names |= set(_KNOWN.get(layer, (LABELS[layer],) if layer in LABELS else ()))
    for name in sorted({*names, *slots}):
        if name not in slots:
            yield Column(layer, kind, Cell.VALUE, name)
            continue
        links = next((slot.link_type for slot in slots[name] if slot.link_type), conventional_link(layer, name))
        target = _one(slot.target_type or ANNOTATION for slot in slots[name])
        yield Column(layer, kind, Cell.ROLES, name, target, links)
        yield Column(layer, kind, Cell.FILLERS, name, target, links)
    if kind is LayerKind.RELATION:
        yield Column(layer, kind, Cell.SOURCE, target=_base(document, layer))
    elif not names and not slots:
        yield Column(layer, kind, Cell.NOTHING)


def _base(document: TypedDocument, layer: str) -> str:
    """What relations of a layer lead from: POS for dependencies, as WebAnno has it; any annotation if not one layer."""
    if layer == DEPENDENCY:
        return POS
    types = {span.id: span.type for span in document.spans}
    ends = [
        types.get(name, TOKEN) for one in document.relations if one.type == layer for name in (one.source, one.target)
    ]
    return _one(ends) if ends else NAMED_ENTITY


def _one(types: Iterable[str]) -> str:
    found = set(types)
    return found.pop() if len(found) == 1 else ANNOTATION
