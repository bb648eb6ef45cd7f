"""What stands off the text: relations, events, chains, notes, features of annotations, and spans by pointers."""

from __future__ import annotations

from collections.abc import Iterator

from corpus_tool.formats.made import span
from corpus_tool.formats.tei.layers import Annotation, Draft, confidence
from corpus_tool.formats.tei.names import from_xml_id, pointers
from corpus_tool.formats.tei.text_reading import Text
from corpus_tool.formats.tei.xml import Node

CHAINS = "coreference"
_ROLES = (("active", "active"), ("passive", "passive"), ("mutual", "mutual"))
_KNOWN = frozenset({
    "listRelation", "relation", "listEvent", "event", "linkGrp", "link", "note", "noteGrp", "fs", "f",
    "spanGrp", "span",
})  # fmt: skip


def read_standoff(root: Node, draft: Draft) -> None:
    """Everything below the document that points at its text."""
    for node in root.every("span"):
        _span(node, draft)
    for node in root.every("relation"):
        made = _named(node, draft, "R", "type", node.get("name") or node.get("type") or "relation")
        _add(draft, "relations", {**made, "arguments": list(_arguments(node))}, node)
    for node in root.every("event"):
        _event(node, draft)
    for group in root.every("linkGrp"):
        for node in group.elements() if group.get("type") == CHAINS else ():
            _chain(node, draft)
    for node in root.every("fs"):
        _features(node, draft)
    for area in root.every("standOff"):
        for node in area.every("annotation", "person", "place", "org", "interp", "join", "listBibl"):
            draft.unheld[f"standOff/{node.tag}"] += 1


def _named(node: Node, draft: Draft, letter: str, field: str, kind: str) -> Annotation:
    content = (kind, *node.attributes.values(), node.text())
    return {"id": draft.name(node, letter, *content), field: kind, **draft.made_by(node), **confidence(node)}


def _add(draft: Draft, layer: str, made: Annotation, node: Node) -> None:
    draft.named.setdefault(made["id"], made)
    draft.add(layer, made, node.place)


def _arguments(node: Node) -> Iterator[Annotation]:
    described = [
        {"role": ref.get("type") or "argument", "ref": target}
        for desc in node.elements()
        if desc.tag == "desc"
        for ref in desc.elements()
        for target in pointers(ref.get("target"))
    ]
    if described:
        yield from described
        return
    for attribute, role in _ROLES:
        for target in pointers(node.get(attribute)):
            yield {"role": role, "ref": target}


def _event(node: Node, draft: Draft) -> None:
    trigger = pointers(node.get("corresp"))
    if not trigger:
        draft.unheld["event without a trigger"] += 1
        return
    made = _named(node, draft, "E", "type", node.get("type") or "event")
    _add(draft, "events", {**made, "trigger": trigger[0], "arguments": list(_arguments(node))}, node)


def _chain(node: Node, draft: Draft) -> None:
    mentions = pointers(node.get("target"))
    kind = {"type": kind} if (kind := node.get("type")) else {}
    chain = {"id": draft.name(node, "C", *mentions), **kind, "mentions": mentions}
    first = pointers(node.get("corresp"))
    chain |= {"representative": first[0]} if first else {}
    _add(draft, "coreference", {**chain, **draft.made_by(node), **confidence(node)}, node)


def _features(node: Node, draft: Draft) -> None:
    """The attributes of an annotation as a feature structure that corresponds to it."""
    owner = next((draft.named[name] for name in pointers(node.get("corresp")) if name in draft.named), None)
    if owner is None:
        draft.unheld["fs of nothing in the text"] += 1
        return
    for feature in node.elements():
        value = next(feature.elements(), None)
        made: Annotation = {"id": from_xml_id(raw)} if (raw := feature.get("xml:id")) else {}
        made["name"] = feature.get("name") or "feature"
        if value is not None and value.tag == "string":
            made["value"] = value.verbatim()
        elif value is not None and value.tag != "binary":
            made["value"] = value.get("value") or value.text()
        owner.setdefault("attributes", []).append(made)


def _span(node: Node, draft: Draft) -> None:
    """A stretch between two elements of the text, or the elements it names."""
    targets = pointers(node.get("target")) or [*pointers(node.get("from")), *pointers(node.get("to"))]
    found = [draft.spans[name] for name in targets if name in draft.spans]
    if not found or len(found) != len(targets):
        draft.unheld["span of nothing in the text"] += 1
        return
    if node.get("target"):
        pieces = sorted({piece for pieces in found for piece in pieces})
    else:
        pieces = [(min(piece[0][0] for piece in found), max(piece[-1][1] for piece in found))]
    spans = [span(draft.text, *piece) for piece in pieces]
    made = _named(node, draft, "T", "type", node.get("type") or (node.get("ana") or "").lstrip("#") or "span")
    _add(draft, "entities", {**made, "spans": spans}, node)


def read_notes(text: Text, root: Node, draft: Draft) -> None:
    """Notes in the text, on what is around them or what they point to, and notes that stand off it."""
    seen: set[int] = set()
    for one in text.found:
        if one.node.tag == "note":
            seen.add(id(one.node))
            around = one.within
            while around is not None and around not in draft.elements:
                around = text.found[around].within
            _note(one.node, None if around is None else draft.elements[around]["id"], draft)
    for area in root.elements():
        for node in area.every("note") if area.tag == "standOff" else ():
            if id(node) not in seen:
                _note(node, None, draft)


def _note(node: Node, around: str | None, draft: Draft) -> None:
    target = pointers(node.get("target"))
    ref = target[0] if target else around
    preserved = node.attributes.get("xml:space") == "preserve"
    words = node.verbatim() if preserved else node.text()
    note: Annotation = {"id": draft.name(node, "N", words, ref)}
    note |= {"type": kind} if (kind := node.get("type")) else {}
    note |= {"ref": ref} if ref else {}
    _add(draft, "notes", {**note, "text": words, **draft.made_by(node)}, node)


def unknown_parts(root: Node) -> list[str]:
    """What stands directly in `standOff` and is not read."""
    return [
        f"standOff/{node.tag}"
        for area in root.elements()
        if area.tag == "standOff"
        for node in area.elements()
        if node.tag not in _KNOWN
    ]
