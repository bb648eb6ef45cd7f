"""SCH and LBL501: what the contract's JSON Schema says."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from tests.breaking import Article, breaks
from tests.breaking.places import annotations, choose

LAYERS = (
    "passages", "sentences", "tokens", "words", "entities", "relations", "events", "quotations", "coreference", "labels", "notes",
    "provenance", "coverage", "adjudication",
)  # fmt: skip
LABELLED = {
    "passages": "type",
    "entities": "type",
    "relations": "type",
    "events": "type",
    "quotations": "type",
    "labels": "value",
}
REQUIRED = {
    "id",
    "spans",
    "start",
    "end",
    "role",
    "ref",
    "mentions",
    "agent",
    "agent_type",
    "layer",
    "status",
    "form",
    "axis",
}


def _objects(value: Any, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield at, value
    for step, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _objects(part, f"{at}/{step}")


@breaks("SCH101")
def required_property_lost(pick: Random, article: Article) -> str:
    """Of notes and attributes, of layers and in the depth of them."""
    required = {"spans": "/spans/", "arguments": "/arguments/"}
    found = [(at, one, name) for at, one in _objects(article) for name in ("start", "end") if name in one]
    found += [
        (at, one, name)
        for at, one in annotations(article, *LAYERS)
        for name in ("id", "spans", "mentions")
        if name in one and not at.startswith("/labels")
    ]
    found += [
        (at, one, name)
        for at, one in _objects(article)
        if required["arguments"] in at
        for name in ("role", "ref")
        if name in one
    ]
    at, one, name = pick.choice([*found, ("", article, "text"), ("", article, "id")])
    del one[name]
    return str(at)


@breaks("SCH101")
def value_of_another_type(pick: Random, article: Article) -> str:
    found = [
        (f"{at}/{name}", one, name)
        for at, one in _objects(article)
        for name, value in one.items()
        if isinstance(value, str | int | list)
    ]
    at, one, name = pick.choice(found)
    one[name] = {"x": one[name]}
    return str(at)


@breaks("SCH101")
def value_out_of_bounds(pick: Random, article: Article) -> str:
    provenance = [
        (f"{at}/{name}", one, name) for at, one in annotations(article, "provenance") for name in ("agent_type", "role")
    ]
    found = [*provenance, ("/split", article, "split"), ("/metadata/language", article["metadata"], "language")]
    found += [(f"{at}/upos", one, "upos") for at, one in annotations(article, "words")[:9]]
    at, one, name = pick.choice(found)
    one[name] = pick.choice(["", "no such thing", "?"])
    return str(at)


@breaks("SCH101")
def no_spans(pick: Random, article: Article) -> str:
    at, one = pick.choice(annotations(article, "passages", "sentences", "tokens", "entities", "quotations"))
    one["spans"] = []
    return f"{at}/spans"


@breaks("SCH102")
def version_of_another_time(pick: Random, article: Article) -> str:
    article["schema_version"] = pick.choice(["0.9", "2.0", "1", "v1.0", "1.0.0", ""])
    return "/schema_version"


@breaks("SCH103")
def unknown_property(pick: Random, article: Article) -> str:
    at, one = pick.choice(list(_objects(article)))
    name = pick.choice(["spams", "note", "a/b~c", "", "\u202e", "Id", "x-layer"])
    one[name] = pick.choice([1, "x", [], {}])
    return f"{at}/{name.replace('~', '~0').replace('/', '~1')}"


@breaks("SCH104")
def date_of_another_format(pick: Random, article: Article) -> str:
    metadata = article["metadata"]
    found = [(f"/metadata/{name}", metadata, name) for name in ("versionCreated", "contentCreated") if name in metadata]
    found += [(f"{at}/created", one, "created") for at, one in annotations(article, "provenance") if "created" in one]
    at, one, name = pick.choice(found)
    one[name] = pick.choice(["yesterday", "2026-13-01T00:00:00Z", "03/02/2026", "2026-02-30", "2026-03-02T10:00:00"])
    return str(at)


@breaks("SCH104")
def address_that_is_none(pick: Random, article: Article) -> str:
    metadata = article["metadata"]
    source = metadata.get("digitalSourceType", metadata)
    at, one = pick.choice(
        [("/metadata", metadata), ("/metadata/digitalSourceType", source)][: 1 + (source is not metadata)]
    )
    one["uri"] = pick.choice(["no address", "courier.example.org/a", "http://a b/", ""])
    return f"{at}/uri"


@breaks("SCH105")
def layer_that_is_null(pick: Random, article: Article) -> str:
    layer = pick.choice([layer for layer in LAYERS if layer in article])
    article[layer] = None
    return f"/{layer}"


@breaks("SCH105")
def null_in_an_annotation(pick: Random, article: Article) -> str:
    found = [
        (f"{at}/{name}", one, name)
        for at, one in _objects(article)
        for name in one
        if name in REQUIRED
        and not (at.startswith(("/labels", "/words", "/notes", "/metadata", "/provenance")) or "attributes" in at)
    ]
    at, one, name = pick.choice(found)
    one[name] = None
    return str(at)


@breaks("LBL501")
def label_misspelt(pick: Random, article: Article) -> str:
    found = [(at, one, LABELLED[at.split("/")[1]]) for at, one in annotations(article, *LABELLED)]
    at, one, name = pick.choice(found)
    label = one[name]
    where = pick.randrange(len(label))
    one[name] = pick.choice([label.swapcase(), f"{label}s", label[:where] + "\u0430" + label[where + 1 :], f"{label} "])
    return f"{at}/{name}"


@breaks("LBL501")
def kind_of_chain_misspelt(pick: Random, article: Article) -> str | None:
    chosen = choose(pick, annotations(article, "coreference"))
    if chosen is None:
        return None
    chosen[1]["type"] = pick.choice(["Identity", "apposition", "identiy"])
    return f"{chosen[0]}/type"
