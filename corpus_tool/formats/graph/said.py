"""What an annotation says of itself, as pairs of a name and a text, for formats that have nothing but such pairs.

An attribute keeps its name; one that is called like a field of its layer gets a prefix.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, unquote

Pair = tuple[str, str | None]
"""None is a name that says all: a flag."""
ANNOTATOR = "annotator"
LAYER = "layer"
NO_DATABASE = "identifier"
"""The knowledge base of an identifier that names none."""
_FIELDS = {
    "words": ("form", "lemma", "upos", "xpos", "deprel"),
    "labels": ("axis", "value"),
    "notes": ("type", "text", "id_in_source"),
    "provenance": (
        "agent", "agent_type", "role", "model_version", "prompt_sha256", "decoding", "run", "created",
        "guideline_version", "tool",
    ),
    "coverage": ("status",),
    "adjudication": ("status",),
    "tokens": (),
    "sentences": (),
}  # fmt: skip
_NAMED = {"words": ("feats", "misc")}
_COVERED = "of"
_WITH_ATTRIBUTES = ("entities", "relations", "events", "quotations")
_IDENTIFIER = re.compile(r"[Ii]dentifier(?:\.([1-9][0-9]{0,5}))?(?:\.(text|confidence|id_in_source))?")
_ATTRIBUTE = "attribute:"
_RESERVED = re.compile(
    rf"(?:type|note(?::.*)?|subj|obj|{LAYER}|{ANNOTATOR}|confidence|{_ATTRIBUTE}.*|{_IDENTIFIER.pattern})", re.DOTALL
)
_LABEL, _DEPS = "label.", "deps"


def said_of(layer: str, one: dict[str, Any]) -> Iterator[Pair]:
    """Everything an annotation has but its id, its spans and its ends."""
    names = _FIELDS.get(layer, ("type",))
    yield from ((name, one[name]) for name in names if one.get(name) is not None)
    if layer in {"coverage", "adjudication"}:
        yield _COVERED, one["layer"]
    yield from ((f"{_LABEL}{number}", label) for number, label in enumerate(one.get("labels") or (), 1))
    for group in _NAMED.get(layer, ()):
        yield from ((f"{group}.{part['name']}", part.get("value")) for part in one.get(group) or ())
    roots = [part["rel"] for part in one.get("deps") or () if not part.get("head")]
    yield from [(_DEPS, "|".join(roots))] if roots else []
    for number, link in enumerate(one.get("links") or (), 1):
        yield from _link(f"identifier.{number}" if number > 1 else "identifier", link)
    if one.get("confidence") is not None:
        yield "confidence", repr(one["confidence"])
    if one.get("prov") is not None:
        yield ANNOTATOR, one["prov"]
    for part in one.get("attributes") or ():
        name = part["name"]
        yield attribute_key(name), part.get("value")


def attribute_key(name: str) -> str:
    """What an attribute of that name is called among other things that are said."""
    return _ATTRIBUTE + name if _RESERVED.fullmatch(name) else name


def _link(key: str, link: dict[str, Any]) -> Iterator[Pair]:
    yield key, identifier(link["db"], link["id"])
    for name in ("text", "confidence", "id_in_source"):
        if link.get(name) is not None:
            yield f"{key}.{name}", link[name] if isinstance(link[name], str) else repr(link[name])


def identifier(database: str, entry: str) -> str:
    """An entry of a knowledge base in one text: `wikidata:Q1`."""
    if database == NO_DATABASE and ":" not in entry:
        return entry
    if database in {"http", "https"} and entry.startswith("//"):
        return f"%68{database[1:]}:{entry}"
    return f"{quote(database, safe=' /') if re.search('[:%]', database) else database}:{entry}"


def entry(text: str) -> tuple[str, str]:
    """The knowledge base and the entry of an identifier."""
    before, colon, behind = text.partition(":")
    address = before in {"http", "https"} and behind.startswith("//")
    if colon and before and behind and not address:
        return unquote(before), behind
    return NO_DATABASE, text


def put_said(layer: str, one: dict[str, Any], pairs: Iterable[Pair]) -> list[Pair]:
    """Give an annotation what was said of it; what its layer has no place for is returned.

    Where a layer has attributes, whatever is no field of it becomes one.
    """
    left = [pair for pair in pairs if not _placed(layer, one, *pair)]
    links = one.pop("links", None)
    if links:
        one["links"] = [links[number] for number in sorted(links) if "db" in links[number]]
    if layer not in _WITH_ATTRIBUTES:
        return left
    made = [_attribute(name, value) for name, value in left if name.removeprefix(_ATTRIBUTE)]
    if made:
        one["attributes"] = made
    return [pair for pair in left if not pair[0].removeprefix(_ATTRIBUTE)]


def _attribute(name: str, value: str | None) -> dict[str, Any]:
    made = {"name": name.removeprefix(_ATTRIBUTE)}
    return made if value in (None, "") else made | {"value": str(value)}


def _placed(layer: str, one: dict[str, Any], name: str, value: str | None) -> bool:
    if name in _FIELDS.get(layer, ("type",)):
        return bool(one.setdefault(name, value or "") == (value or ""))
    if name == ANNOTATOR and value and layer != "provenance":
        return bool(one.setdefault("prov", value) == value)
    if name == "confidence" and layer not in {"coverage", "adjudication", "provenance", "notes"}:
        return _number(one, value)
    group, _, inner = name.partition(".")
    if inner and group in _NAMED.get(layer, ()):
        one.setdefault(group, []).append({"name": inner} | ({"value": value} if value else {}))
        return True
    if layer == "entities" and value and (match := _IDENTIFIER.fullmatch(name)):
        return _linked(one, int(match[1] or 1), match[2], value)
    return _placed_elsewhere(layer, one, name, value or "")


def _placed_elsewhere(layer: str, one: dict[str, Any], name: str, value: str) -> bool:
    if layer == "words" and name == _DEPS:
        one.setdefault("deps", []).extend({"rel": rel} for rel in value.split("|"))
    elif layer == "coverage" and name.startswith(_LABEL):
        one.setdefault("labels", []).append(value)
    elif layer in {"coverage", "adjudication"} and name == _COVERED:
        one["layer"] = value
    else:
        return False
    return True


def _linked(one: dict[str, Any], number: int, field: str | None, value: str) -> bool:
    link = one.setdefault("links", {}).setdefault(number, {})
    if field is None:
        if "db" in link:
            return False
        link["db"], link["id"] = entry(value)
    elif field == "confidence":
        return _number(link, value)
    else:
        link[field] = value
    return True


def _number(one: dict[str, Any], value: str | None) -> bool:
    """Whether it is a number from 0 to 1, and then its confidence."""
    if "confidence" in one or not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,40})?([eE][-+]?[0-9]{1,3})?", value or ""):
        return False
    one["confidence"] = float(value or "") if re.search(r"[.eE]", value or "") else int(value or "")
    return True


_SAID = frozenset({
    "id", "type", "spans", "prov", "confidence", "attributes", "links", "arguments", "trigger", "speaker", "cue",
    "mentions", "representative", "token", "head", "deps", "feats", "misc", "ref", "derived_from", "labels", "layer",
}).union(*_FIELDS.values())  # fmt: skip


def unsaid(one: dict[str, Any]) -> list[str]:
    """The fields of a corpus's own, which `said_of` leaves out."""
    return [name for name, value in one.items() if name not in _SAID and value not in (None, [], {})]
