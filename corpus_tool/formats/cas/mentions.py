"""Which annotations the links of a chain are: DKPro's links only name pieces of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from corpus_tool.formats import Article
from corpus_tool.formats.cas.structures import Cas, Ref, Structure, Value
from corpus_tool.formats.cas.types import STRING, TOP, Feature, Type

CHAIN = "corpustool.Chain"
TYPE = Type(CHAIN, TOP, (
    Feature("target", TOP), Feature("representative", STRING), Feature("mentions", "uima.cas.StringArray"),
))  # fmt: skip


def chains(article: Article) -> dict[str, dict[str, Value]]:
    """What there is to say of each chain, by its id."""
    return {one["id"]: _said(one) for one in article.get("coreference") or ()}


def _said(chain: Mapping[str, Any]) -> dict[str, Value]:
    representative = chain.get("representative")
    said: dict[str, Value] = {"mentions": tuple(chain["mentions"])}
    return said if representative is None else {**said, "representative": representative}


def without_representatives(article: Article) -> Article:
    """The article with chains as DKPro has them."""
    listed = article.get("coreference")
    if not listed:
        return article
    bare = [{name: value for name, value in one.items() if name != "representative"} for one in listed]
    return {**article, "coreference": bare}


def put_back_mentions(article: Article, pointers: Mapping[str, str], cas: Cas, structures: Iterable[Structure]) -> None:
    """Take the mentions as they were named, where they stand where the links do; then the representative."""
    spans = {one["id"]: one["spans"][0] for one in article.get("entities") or ()}
    for each in structures:
        layer, _, number = pointers.get(str(each.ref("target")), "").strip("/").partition("/")
        if each.type != CHAIN or layer != "coreference":
            continue
        chain = article[layer][int(number)]
        named = [name for name in cas.several(each.values.get("mentions")) if isinstance(name, str)]
        if [spans.get(name) for name in named] == [spans.get(name) for name in chain["mentions"]]:
            chain["mentions"] = named
        representative = each.text("representative")
        if representative in chain["mentions"]:
            chain["representative"] = representative


def told(said: Mapping[str, Value], number: int) -> dict[str, Value]:
    """The features of our own structure for a chain of that number."""
    return {"target": Ref(number), **said}
