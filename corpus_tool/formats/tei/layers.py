"""Elements of a text as layers of an article: fragments put together, ids kept, pointers followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.formats import Place
from corpus_tool.formats.made import ContentIds, span
from corpus_tool.formats.tei.names import (
    LABELS,
    QUOTATIONS,
    RESP,
    TYPED,
    from_reference,
    from_xml_id,
    pointers,
)
from corpus_tool.formats.tei.passages import passage_types
from corpus_tool.formats.tei.text_reading import Found, Text
from corpus_tool.formats.tei.xml import Node

Annotation = dict[str, Any]
UNKNOWN = "A1"
NATIVE = (
    "type", "subtype", "role", "when", "when-iso", "from", "to", "notBefore", "notAfter", "dur", "calendar", "full",
    "nymRef", "period", "who", "toWhom", "ana",
)  # fmt: skip
"""Attributes of elements that are attributes of the annotation."""
_PLACES = frozenset({"country", "settlement", "region", "district", "bloc"})
_COMMON = frozenset({"xml:id", "xml:space", "next", "prev", "part", "resp"})
_HELD = {
    "passages": frozenset({"type"}),
    "sentences": frozenset(),
    "tokens": frozenset(["join", "lemma", "pos", "msd", "norm"]),
    "entities": frozenset({"key", "ref", "cert", *NATIVE}),
    "quotations": frozenset({"corresp", "direct", "cert", *NATIVE}),
}
"""Attributes that each layer takes from its elements; others are counted."""
ORDER = ("passages", "sentences", "tokens", "words", "entities", "relations", "events", "quotations", "coreference", "labels", "notes")  # fmt: skip  # noqa: E501


@dataclass(slots=True)
class Draft:
    """Layers as they grow, with what each id of the document became and where it stands."""

    text: str
    unknown: str | None = UNKNOWN
    """Who made what names nobody; None where the document says of everything else who made it."""
    layers: dict[str, list[Annotation]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    named: dict[str, Annotation] = field(default_factory=dict)
    spans: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """Where the elements of the text stand that have an id."""
    elements: dict[int, Annotation] = field(default_factory=dict)
    """What the elements of the text became, by number."""
    ids: ContentIds = field(default_factory=ContentIds)
    twice: list[tuple[str, Place]] = field(default_factory=list)
    makers: dict[str, None] = field(default_factory=dict)
    unheld: Counter[str] = field(default_factory=Counter)

    def add(self, layer: str, one: Annotation, place: Place) -> Annotation:
        items = self.layers.setdefault(layer, [])
        self.places[f"/{layer}/{len(items)}"] = place
        items.append(one)
        return one

    def name(self, node: Node, letter: str, *content: object) -> str:
        """The id of what an element becomes: its own, unless it has none or another has it too."""
        raw = node.get("xml:id")
        if raw is not None and (own := from_xml_id(raw)) not in self.named:
            return own
        if raw is not None:
            self.twice.append((raw, node.place))
        return self.ids.make(letter, *content)

    def made_by(self, node: Node) -> Annotation:
        """`prov`, as an element says."""
        stated = (node.get("resp") or "").split()
        name = stated[0].removeprefix("#") if stated else None
        prov = self.unknown if name is None else from_xml_id(name.removeprefix(RESP))
        if prov is None:
            return {}
        self.makers.setdefault(prov)
        for _ in stated[1:]:
            self.unheld["several resp"] += 1
        return {"prov": prov}


def read_layers(text: Text, draft: Draft) -> None:
    """Everything that elements of the text say."""
    types = passage_types(text.found)
    chains = _chains(text.found)
    for number, one in enumerate(text.found):
        if number not in chains:
            continue
        pieces = _merged([text.found[part] for part in chains[number]])
        if raw := one.node.get("xml:id"):
            draft.spans.setdefault(from_xml_id(raw), pieces)
        layer = "passages" if number in types else _layer(one, text.found)
        if layer is None:
            if one.node.tag == "seg":
                draft.unheld["seg"] += 1
            continue
        _count(one.node, _HELD[layer], draft)
        made = _MAKERS[layer](one, [span(text.text, *piece) for piece in pieces], types.get(number, ""), draft)
        draft.named.setdefault(made["id"], made)
        draft.elements[number] = made
        draft.add(layer, made, one.node.place)


def _layer(one: Found, found: list[Found]) -> str | None:
    tag = one.node.tag
    if tag in LABELS or tag in _PLACES:
        return "entities"
    if tag in {"w", "pc"}:
        return None if is_word(one, found) else "tokens"
    return {"s": "sentences", "q": "quotations", "said": "quotations", "quote": "quotations"}.get(tag)


def is_word(one: Found, found: list[Found]) -> bool:
    """Whether a `w` is only a word: one within the `w` that is the token, or one that holds no text."""
    if one.node.tag != "w":
        return False
    if one.start == one.end:
        return True
    at = one.within
    while at is not None and found[at].node.tag != "w":
        at = found[at].within
    return at is not None


def _count(node: Node, held: frozenset[str], draft: Draft) -> None:
    for name in node.attributes:
        if name not in held and name not in _COMMON:
            draft.unheld[f"{node.tag}/@{name}"] += 1


def _chains(found: list[Found]) -> dict[int, list[int]]:
    """For each first fragment its fragments, itself among them, in the order of the document."""
    numbers = {one.node.attributes["xml:id"]: number for number, one in enumerate(found) if one.node.get("xml:id")}
    before: dict[int, int] = {}
    for number, one in enumerate(found):
        for attribute, backwards in (("prev", True), ("next", False)):
            other = numbers.get((one.node.get(attribute) or "").removeprefix("#"))
            if other is None or other == number or found[other].node.tag != one.node.tag:
                continue
            first, second = (other, number) if backwards else (number, other)
            # Only forward: a ring of fragments would have no first.
            if first < second:
                before.setdefault(second, first)
    chains: dict[int, list[int]] = {}
    heads: dict[int, int] = {}
    for number in range(len(found)):
        heads[number] = heads[before[number]] if number in before else number
        chains.setdefault(heads[number], []).append(number)
    return chains


def _merged(parts: list[Found]) -> list[tuple[int, int]]:
    """The stretches of fragments; what stands side by side was cut by an element that crosses it."""
    pieces: list[tuple[int, int]] = []
    for part in parts:
        if pieces and pieces[-1][1] == part.start:
            pieces[-1] = (pieces[-1][0], part.end)
        else:
            pieces.append((part.start, part.end))
    return pieces


def _passage(one: Found, spans: list[Annotation], kind: str, draft: Draft) -> Annotation:
    return {"id": draft.name(one.node, "P", kind, spans), "type": kind, "spans": spans, **draft.made_by(one.node)}


def _sentence(one: Found, spans: list[Annotation], _: str, draft: Draft) -> Annotation:
    return {"id": draft.name(one.node, "S", spans), "spans": spans, **draft.made_by(one.node)}


def _token(one: Found, spans: list[Annotation], _: str, draft: Draft) -> Annotation:
    return {"id": draft.name(one.node, "K", spans), "spans": spans, **draft.made_by(one.node)}


def _entity(one: Found, spans: list[Annotation], _: str, draft: Draft) -> Annotation:
    node = one.node
    own = node.get("type") if node.tag in TYPED else None
    label = own or LABELS.get(node.tag, "LOC")
    attributes = [{"name": "element", "value": node.tag}] if node.tag in _PLACES else []
    attributes += _attributes(node, () if own is None else ("type",))
    links = list(_links(node))
    return {
        "id": draft.name(node, "T", label, spans), "type": label, "spans": spans,
        **({"links": links} if links else {}), **({"attributes": attributes} if attributes else {}),
        **draft.made_by(node), **confidence(node),
    }  # fmt: skip


def _attributes(node: Node, used: tuple[str, ...]) -> list[Annotation]:
    found = [{"name": name, "value": node.attributes[name]} for name in NATIVE if node.get(name) and name not in used]
    if node.get("cert") and not confidence(node):
        found.append({"name": "cert", "value": node.attributes["cert"]})
    return found


def confidence(node: Node) -> Annotation:
    """`cert` where it is a probability."""
    try:
        value = float(node.get("cert") or "")
    except ValueError:
        return {}
    return {"confidence": int(value) if value.is_integer() else value} if 0 <= value <= 1 else {}


def _links(node: Node) -> Iterator[Annotation]:
    for pointer in (node.get("ref") or "").split():
        if named := from_reference(pointer):
            yield {"db": named[0], "id": named[1]}
    if key := node.get("key"):
        yield {"db": "key", "id": key}


def _quotation(one: Found, spans: list[Annotation], _: str, draft: Draft) -> Annotation:
    """Speaker and cue are settled once every entity is known."""
    node = one.node
    used = ["who", "corresp"]
    kind = node.get("type") if node.get("type") in QUOTATIONS else None
    if kind is not None:
        used.append("type")
    elif node.tag == "said" and "direct" in node.attributes:
        kind = "indirect" if node.attributes["direct"] == "false" else "direct"
    used.append("direct")
    attributes = _attributes(node, tuple(used))
    return {
        "id": draft.name(node, "Q", spans), "type": kind or "direct", "spans": spans,
        "who": node.get("who"), "corresp": pointers(node.get("corresp")), "attributes": attributes,
        **draft.made_by(node), **confidence(node),
    }  # fmt: skip


_MAKERS = {
    "passages": _passage, "sentences": _sentence, "tokens": _token, "entities": _entity, "quotations": _quotation,
}  # fmt: skip


def settle_quotations(draft: Draft) -> None:
    """Who speaks: an entity where the pointer names one, else an attribute."""
    entities = {one["id"] for one in draft.layers.get("entities", ())}
    for one in draft.layers.get("quotations", ()):
        who, cue = one.pop("who"), one.pop("corresp")
        named = pointers(who)
        if len(named) == 1 and named[0] in entities:
            one["speaker"] = named[0]
        elif who:
            one["attributes"].append({"name": "who", "value": who})
        if cue:
            one["cue"] = cue
        if not one["attributes"]:
            del one["attributes"]
