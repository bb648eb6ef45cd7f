"""Annotations as elements of TEI: which element, with which attributes, and what neither can hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from corpus_tool.formats.tei.layers import NATIVE
from corpus_tool.formats.tei.names import ELEMENTS, RESP, TYPED, UPOS, from_reference, to_reference, to_xml_id

Annotation = Mapping[str, Any]
DIVISION, PASSAGE, INNER, SENTENCE, QUOTATION, ENTITY, TOKEN = range(7)
"""How far outside an element stands: of two that cross, the inner one is cut."""

_BLOCKS = {"paragraph": "p", "headline": "head", "subheading": "head", "byline": "byline", "dateline": "dateline"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the text that becomes an element; `content` is what it holds besides text."""

    start: int
    end: int
    level: int
    tag: str
    attributes: tuple[tuple[str, str], ...] = ()
    name: str | None = None
    """The annotation's `xml:id`, which its fragments are linked by."""
    content: str = ""


@dataclass(slots=True)
class Names:
    """The `xml:id` of each annotation; every name stands once in the document."""

    taken: set[str] = field(default_factory=set)
    given: dict[str, str] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)

    def give(self, name: str) -> str:
        """The name of an annotation; another than its own where that is taken."""
        made = self.free(to_xml_id(name))
        if made != to_xml_id(name):
            self.repeated.append(name)
        self.given.setdefault(name, made)
        return made

    def free(self, wanted: str) -> str:
        """A name like this one that nothing has."""
        made, number = wanted, 1
        while made in self.taken:
            number += 1
            made = f"{wanted}.{number}"
        self.taken.add(made)
        return made

    def point(self, name: str) -> str:
        """A pointer to an annotation, or to what no annotation is."""
        return "#" + self.given.get(name, to_xml_id(name))


Lose = Callable[[str, str], None]


def made_by(one: Annotation) -> tuple[tuple[str, str], ...]:
    """`resp` and `cert`."""
    found = [("resp", "#" + RESP + to_xml_id(one["prov"]))] if one.get("prov") else []
    if one.get("confidence") is not None:
        found.append(("cert", repr(one["confidence"])))
    return tuple(found)


def split_attributes(one: Annotation, tag: str, used: Sequence[str]) -> tuple[list[tuple[str, str]], list[Annotation]]:
    """The attributes of an annotation that are attributes of its element, and the others.

    In the order of the annotation: once one cannot be, those after it stand off too, so that they come back in order.
    """
    native: list[tuple[str, str]] = []
    for number, attribute in enumerate(one.get("attributes") or ()):
        name, value = attribute["name"], attribute.get("value")
        order = [NATIVE.index(known) for known, _ in native]
        fits = (
            name in NATIVE
            and name not in used
            and value
            and not attribute.get("id")
            and not (name == "type" and tag in TYPED)
            and all(NATIVE.index(name) > at for at in order)
        )
        if not fits:
            return native, list((one.get("attributes") or ())[number:])
        native.append((name, value))
    return native, []


def entity(one: Annotation, name: str, lose: Lose) -> tuple[str, list[tuple[str, str]], list[Annotation]]:
    """Element, attributes and the attributes of the annotation that stand off."""
    tag = ELEMENTS.get(one["type"], "rs")
    attributes = [("xml:id", name)]
    if tag == "rs" and one["type"] != "RS":
        attributes.append(("type", one["type"]))
    references: list[str] = []
    keys: list[tuple[str, str]] = []
    for link in one.get("links") or ():
        for field_name in ("text", "confidence", "id_in_source"):
            if link.get(field_name) is not None:
                lose(f"links: {field_name}", f"{link['db']}:{link['id']}")
        pointer = to_reference(link["db"], link["id"])
        if link["db"] == "key" and not keys:
            keys.append(("key", link["id"]))
        elif from_reference(pointer) == (link["db"], link["id"]):
            references.append(pointer)
        else:
            lose("links that no pointer can hold", f"{link['db']}:{link['id']}")
    attributes += [("ref", " ".join(references))] if references else []
    native, rest = split_attributes(one, tag, ("type",) if tag in TYPED else ())
    return tag, [*attributes, *keys, *native, *made_by(one)], rest


def quotation(one: Annotation, name: str, names: Names) -> tuple[str, list[tuple[str, str]], list[Annotation]]:
    """`said` for direct and indirect speech, `q` for what is both."""
    tag = "q" if one["type"] == "mixed" else "said"
    attributes = [("xml:id", name)]
    attributes.append(("type", "mixed") if tag == "q" else ("direct", "true" if one["type"] == "direct" else "false"))
    used = ["type"] if tag == "q" else []
    if one.get("speaker"):
        attributes.append(("who", names.point(one["speaker"])))
        used.append("who")
    if one.get("cue"):
        attributes.append(("corresp", " ".join(names.point(cue) for cue in one["cue"])))
    native, rest = split_attributes(one, tag, (*used, "type"))
    return tag, [*attributes, *native, *made_by(one)], rest


def morphology(word: Annotation, surface: str) -> list[tuple[str, str]]:
    """The attributes of a `w` that make it a word."""
    found = []
    if word.get("lemma") is not None:
        found.append(("lemma", word["lemma"]))
    upos, xpos = word.get("upos"), word.get("xpos")
    parts = [f"UPosTag={upos}"] if upos else ["UPosTag=_"] if xpos in UPOS else []
    if xpos is not None:
        found.append(("pos", xpos))
    for feature in word.get("feats") or ():
        value = feature.get("value")
        parts.append(quote(feature["name"]) + ("" if value is None else "=" + quote(value, safe=",")))
    if parts:
        found.append(("msd", "|".join(parts)))
    # Without any of these a reader would take the element for a token only.
    if word["form"] != surface or not found:
        found.append(("norm", word["form"]))
    return found


def passage(one: Annotation, name: str) -> tuple[str, list[tuple[str, str]]]:
    """The element of a passage that stands by itself."""
    kind = one["type"]
    tag = _BLOCKS.get(kind, "ab")
    typed = [("type", kind)] if tag in {"ab", "head"} else []
    return tag, [("xml:id", name), *typed, *made_by(one)]
