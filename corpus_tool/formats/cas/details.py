"""What parts of annotations say of themselves, and features cannot hold: ids of attributes, texts of links.

Each is a structure of our own that names the annotation, the part and what it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from corpus_tool.formats import Article
from corpus_tool.formats.cas.structures import Structure
from corpus_tool.formats.cas.types import STRING, TOP, Feature, Type

DETAIL = "corpustool.Detail"
_FEATURES = ("annotation", "part", "key", "name", "value")
TYPE = Type(DETAIL, TOP, tuple(Feature(name, STRING) for name in _FEATURES))
_HELD = {"attributes": ("id",), "links": ("text", "id_in_source")}
_LAYERS = ("entities", "relations", "events", "quotations", "notes")


def details(article: Article) -> Iterator[dict[str, str]]:
    """All of them: values of features."""
    for one in _annotations(article):
        if one.get("id_in_source") is not None:
            yield dict(zip(_FEATURES, (one["id"], "", "", "id_in_source", one["id_in_source"]), strict=True))
        for part, names in _HELD.items():
            for each in one.get(part) or ():
                for name in names:
                    if each.get(name) is not None:
                        yield dict(zip(_FEATURES, (one["id"], part, _key(each), name, each[name]), strict=True))


def without_details(article: Article) -> Article:
    """The article without them."""
    return {**article, **{layer: [_bare(one) for one in article[layer]] for layer in _LAYERS if article.get(layer)}}


def put_back_details(article: Article, structures: Iterable[Structure]) -> None:
    """Put them where they were; what names nothing that is there was of something deleted since."""
    by_id = {one["id"]: one for one in _annotations(article)}
    notes = {one["id"] for one in article.get("notes") or ()}
    for each in structures:
        said = {name: each.text(name) or "" for name in _FEATURES}
        one = by_id.get(said["annotation"])
        if each.type != DETAIL or one is None or each.text("value") is None:
            continue
        if (said["part"], said["name"]) == ("", "id_in_source") and one["id"] in notes:
            one["id_in_source"] = said["value"]
        elif said["name"] in _HELD.get(said["part"], ()):
            parts = [part for part in one.get(said["part"]) or () if _key(part) == said["key"]]
            free = next((part for part in parts if said["name"] not in part), None)
            if free is not None:
                free[said["name"]] = said["value"]


def _annotations(article: Article) -> Iterator[dict[str, Any]]:
    for layer in _LAYERS:
        yield from article.get(layer) or ()


def _key(part: Mapping[str, Any]) -> str:
    """What tells a part from its neighbours: the name of an attribute, the entry of a link."""
    return str(part["name"] if "name" in part else f"{part.get('db')} {part.get('id')}")


def _bare(one: Mapping[str, Any]) -> dict[str, Any]:
    bare = {name: value for name, value in one.items() if name != "id_in_source"}
    for part, names in _HELD.items():
        if bare.get(part):
            bare[part] = [{name: value for name, value in each.items() if name not in names} for each in bare[part]]
    return bare
