"""Words and their trees, as ParlaMint writes them: attributes of `w`, and links between a head and its dependant.

A token of several words holds a `w` for each, with its form in `norm`; an empty `w` of its own is a word of no token.
`msd` holds `UPosTag` and features; `pos` is the other part of speech, unless it alone is there and is one of UD's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from corpus_tool.formats.tei.layers import Annotation, Draft, is_word
from corpus_tool.formats.tei.names import UPOS, from_xml_id, pointers
from corpus_tool.formats.tei.text_reading import Found, Text
from corpus_tool.formats.tei.xml import Node

SYNTAX, ENHANCED = "UD-SYN", "UD-ENH"
_SAYS = ("lemma", "pos", "msd", "norm")


def read_words(text: Text, draft: Draft, root: Node) -> None:
    """The words of a text, and the links below an element that make trees of them."""
    links = [
        (group.get("type") == ENHANCED, link)
        for group in root.every("linkGrp")
        if group.get("type") in {SYNTAX, ENHANCED} or group.get("targFunc") == "head argument"
        for link in group.elements()
    ]
    linked = {name for _, link in links for name in pointers(link.get("target"))}
    words: dict[str, Annotation] = {}
    for number, one in enumerate(text.found):
        if one.node.tag not in {"w", "pc"} or one.node.get("prev"):
            continue
        made = _word(number, one, text, draft, linked)
        if made is not None:
            words.setdefault(from_xml_id(one.node.get("xml:id") or made["id"]), made)
            draft.named.setdefault(made["id"], made)
            draft.add("words", made, one.node.place)
    for enhanced, link in links:
        _link(link, words, draft, enhanced=enhanced)


def _word(number: int, one: Found, text: Text, draft: Draft, linked: set[str]) -> Annotation | None:
    node = one.node
    token: Annotation | None = draft.elements.get(number)
    if token is not None:
        holds = any(inner.tag == "w" for inner in node.elements())
        says = any(node.get(name) for name in _SAYS) or token["id"] in linked
        if holds or not says:
            return None
        form = "".join(piece["text"] for piece in token["spans"])
        name = draft.ids.make("W", token["id"], form)
    elif is_word(one, text.found):
        token = _token_of(one, text, draft)
        form = text.text[one.start : one.end]
        name = draft.name(node, "W", token and token["id"], node.attributes.get("norm", form))
    else:
        return None
    made: Annotation = {"id": name, **({"token": token["id"]} if token else {})}
    return {**made, "form": node.attributes.get("norm", form), **_morphology(node), **draft.made_by(node)}


def _token_of(one: Found, text: Text, draft: Draft) -> Annotation | None:
    at = one.within
    while at is not None and text.found[at].node.tag not in {"w", "pc"}:
        at = text.found[at].within
    return draft.elements.get(at) if at is not None else None


def _morphology(node: Node) -> dict[str, Any]:
    pairs = list(_features(node.get("msd")))
    upos = next((value for name, value in pairs if name == "UPosTag"), None)
    feats = [_feature(name, value) for name, value in pairs if name != "UPosTag"]
    pos = node.attributes.get("pos")
    if upos is None and pos in UPOS:
        upos, pos = pos, None
    made = {"lemma": node.attributes.get("lemma"), "upos": upos if upos in UPOS else None, "xpos": pos, "feats": feats}
    return {name: value for name, value in made.items() if value not in (None, [])}


def _feature(name: str, value: str | None) -> dict[str, str]:
    return {"name": name} if value is None else {"name": name, "value": value}


def _features(msd: str | None) -> Iterator[tuple[str, str | None]]:
    for part in (msd or "").split("|"):
        name, equals, value = part.partition("=")
        if name:
            yield unquote(name), unquote(value) if equals else None


def _link(link: Node, words: dict[str, Annotation], draft: Draft, *, enhanced: bool) -> None:
    ends = pointers(link.get("target"))
    word = words.get(ends[1]) if len(ends) == 2 else None
    if word is None:
        draft.unheld["links of words that are not there"] += 1
        return
    head = words.get(ends[0])
    said = (link.get("ana") or "").rpartition("ud-syn:")[2]
    relation = unquote(said.replace("_", ":")) if said else None
    above = {} if head is None else {"head": head["id"]}
    if enhanced:
        word.setdefault("deps", []).append({**above, "rel": relation or "dep"})
    else:
        word |= {**above, **({"deprel": relation} if relation else {})}
