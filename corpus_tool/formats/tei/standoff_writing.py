"""What stands off the text: features, relations, events, chains, trees of words, notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from corpus_tool.formats.tei.elements import Annotation, made_by
from corpus_tool.formats.tei.escaping import attribute, text_of
from corpus_tool.formats.tei.standoff_reading import CHAINS
from corpus_tool.formats.tei.text_writing import Inline
from corpus_tool.formats.tei.words import ENHANCED, SYNTAX


def element(tag: str, said: Iterable[tuple[str, Any]], content: str | None = "") -> str:
    """An element; attributes that are None are left out."""
    start = tag + "".join(f' {name}="{attribute(str(value))}"' for name, value in said if value is not None)
    return f"<{start}/>" if not content else f"<{start}>{content}</{tag}>"


def write_standoff(inline: Inline) -> str:
    """The `standOff` of the document; empty where nothing stands off its text."""
    names = inline.names
    for layer in ("relations", "events", "coreference", "notes"):
        for one in inline.layer(layer):
            names.give(one["id"])
    parts = [
        *_wrapped("listRelation", (_relation(one, inline) for one in inline.layer("relations"))),
        *_wrapped("listEvent", (_event(one, inline) for one in inline.layer("events"))),
        *_chains(inline),
        *_trees(inline),
        *_features(inline),
        *(_note(one, inline) for one in inline.layer("notes")),
    ]
    return f"<standOff>{''.join(parts)}</standOff>\n" if parts else ""


def _wrapped(tag: str, parts: Iterable[str]) -> list[str]:
    made = list(parts)
    return [element(tag, (), "".join(made))] if made else []


def _identity(one: Annotation, inline: Inline) -> tuple[str, str]:
    return "xml:id", inline.names.given[one["id"]]


def _relation(one: Annotation, inline: Inline) -> str:
    arguments = one.get("arguments") or ()
    ends = [inline.names.point(argument["ref"]) for argument in arguments]
    said = [_identity(one, inline), ("name", one["type"]), ("active", ends[0] if ends else None)]
    said += [("passive", " ".join(ends[1:]) or None), *made_by(one)]
    _stands_off(one, inline)
    return element("relation", said, _described(arguments, inline))


def _described(arguments: Iterable[Annotation], inline: Inline) -> str:
    refs = [
        element("ref", [("type", argument["role"]), ("target", inline.names.point(argument["ref"]))])
        for argument in arguments
    ]
    return element("desc", (), "".join(refs)) if refs else ""


def _event(one: Annotation, inline: Inline) -> str:
    said = [_identity(one, inline), ("type", one["type"]), ("corresp", inline.names.point(one["trigger"]))]
    _stands_off(one, inline)
    return element("event", [*said, *made_by(one)], _described(one.get("arguments") or (), inline) or "<desc/>")


def _stands_off(one: Annotation, inline: Inline) -> None:
    if one.get("attributes"):
        inline.features.append((one["id"], list(one["attributes"])))


def _chains(inline: Inline) -> list[str]:
    links = []
    for one in inline.layer("coreference"):
        target = " ".join(inline.names.point(mention) for mention in one["mentions"])
        first = one.get("representative")
        said = [_identity(one, inline), ("type", one.get("type")), ("target", target)]
        said += [("corresp", inline.names.point(first) if first else None), *made_by(one)]
        links.append(element("link", said))
    return [element("linkGrp", [("type", CHAINS)], "".join(links))] if links else []


def _trees(inline: Inline) -> list[str]:
    """Links from head to dependant; the head of a root is the document."""
    names = inline.names
    root = "#" + names.given[""]
    plain, enhanced = [], []
    for word in inline.layer("words"):
        if word["id"] not in names.given:
            continue
        here = names.point(word["id"])
        if word.get("head") is not None or word.get("deprel") is not None:
            plain.append(_tree_link(names.point(word["head"]) if word.get("head") else root, here, word.get("deprel")))
        enhanced += [
            _tree_link(names.point(dep["head"]) if dep.get("head") else root, here, dep["rel"])
            for dep in word.get("deps") or ()
        ]
    return [
        element("linkGrp", [("type", kind), ("targFunc", "head argument")], "".join(links))
        for kind, links in ((SYNTAX, plain), (ENHANCED, enhanced))
        if links
    ]


def _tree_link(head: str, here: str, relation: str | None) -> str:
    said = None if relation is None else "ud-syn:" + quote(relation, safe=":").replace("_", "%5F")
    return element("link", [("ana", said), ("target", f"{head} {here}")])


def _features(inline: Inline) -> Iterator[str]:
    for owner, attributes in inline.features:
        made = []
        for one in attributes:
            value = one.get("value")
            said = [("xml:id", inline.names.give(one["id"]) if one.get("id") else None), ("name", one["name"])]
            inner = element("binary", [("value", "true")]) if value is None else f"<string>{text_of(value)}</string>"
            made.append(element("f", said, inner))
        yield element("fs", [("corresp", inline.names.point(owner))], "".join(made))


def _note(one: Annotation, inline: Inline) -> str:
    target = inline.names.point(one["ref"]) if one.get("ref") else None
    if one.get("id_in_source"):
        inline.lose("notes: id_in_source", one["id"])
    said = [_identity(one, inline), ("xml:space", "preserve"), ("type", one.get("type")), ("target", target)]
    return element("note", [*said, *made_by(one)], text_of(one["text"]))
