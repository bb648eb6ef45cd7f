"""The coreference of an article as chains, and which of its mentions are nothing but links of one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from corpus_tool.formats import Article
from corpus_tool.formats.typed_layers.features import Layered
from corpus_tool.formats.typed_layers.mentions import KIND, RELATION, Mentions, links, where_of
from corpus_tool.formats.typed_layers.model import TypedChain, TypedElement
from corpus_tool.formats.typed_layers.names import link_layer

Lose = Callable[[str, object], None]


def link_layers(article: Article) -> set[str]:
    """The layers of links that the chains of an article need."""
    return {link_layer(chain.get("type") or "identity") for chain in article.get("coreference") or ()}


def links_alone(article: Article, layers: Mapping[str, Layered]) -> set[str]:
    """The mentions of which links of chains say all, and that nothing else refers to."""
    told = {made.layer for made in layers.values() if made.label == KIND} & link_layers(article)
    within = {name for chain in article.get("coreference") or () for name in chain["mentions"]}
    free = within - set(_referred(article))
    return {
        one["id"]
        for one in article.get("entities") or ()
        if one["id"] in free and layers[one["id"]].layer in told and _is_bare(one)
    }


def _is_bare(one: Mapping[str, Any]) -> bool:
    names = {part["name"] for part in one.get("attributes") or ()}
    return names <= {"layer", RELATION} and not one.get("links") and one.get("confidence") is None


def write_chains(
    article: Article, layers: Mapping[str, Layered], alone: Collection[str], lose: Lose
) -> Iterator[TypedChain]:
    """A chain for each; its links stand where the mentions do, one for each piece of a mention."""
    entities = {one["id"]: one for one in article.get("entities") or ()}
    spans = Mentions(one for one in entities.values() if one["id"] not in alone)
    for chain in article.get("coreference") or ():
        elements: list[TypedElement] = []
        for name in chain["mentions"]:
            if name not in entities:
                lose("mentions that are no entity", name)
            elif name in alone:
                elements += _own(entities[name], layers[name])
            else:
                elements += links(where_of(entities[name]), spans.kind(entities[name]), None)
        kind = link_layer(chain.get("type") or "identity")
        if elements:
            yield TypedChain(chain["id"], kind, tuple(elements), chain["id"], chain.get("prov"))
        else:
            lose("chains without a mention", chain["id"])


def _own(one: Mapping[str, Any], made: Layered) -> Iterator[TypedElement]:
    kind = None if one["type"] == made.layer else one["type"]
    said = {part["name"]: part.get("value") for part in one.get("attributes") or ()}
    return links(where_of(one), kind, said.get(RELATION))


def _referred(article: Article) -> Iterator[str]:
    """The ids that anything but a chain refers to."""
    for layer in ("relations", "events"):
        for one in article.get(layer) or ():
            yield from (part["ref"] for part in one.get("arguments") or ())
            yield from ([one["trigger"]] if "trigger" in one else [])
    for one in article.get("quotations") or ():
        yield from [*(one.get("cue") or ()), one.get("speaker") or ""]
    for one in article.get("notes") or ():
        yield one.get("ref") or ""
