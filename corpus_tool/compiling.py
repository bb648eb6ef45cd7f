"""Base schema, inventory and extensions made into one flat, closed JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from corpus_tool import vocabulary
from corpus_tool.errors import SettingsError
from corpus_tool.merging import LISTS, OBJECTS, SINGLES, beside, both, extended

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAX_PARTS = 50_000
"""Subschemas that a schema may have once its references are written out: small ones can name each other often."""

MAX_LEVELS = 100
"""Levels of lists and objects in an article: what reads its fields goes down one by one."""

Schema = dict[str, Any]

SPLIT_NAME = "^[A-Za-z0-9_]+([._][A-Za-z0-9_]+)*$"
"""What `datasets` loads as a split; it refuses a dash."""
INT64 = (-(2**63), 2**63 - 1)
_BOUNDS: dict[str, tuple[float, float]] = {
    "integer": INT64,
    **{f"int{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": (0, 2**bits - 1) for bits in (8, 16, 32)},
    "uint64": (0, 2**63 - 1),
    "float32": (-3.4028234663852886e38, 3.4028234663852886e38),
}


def compile_schema(base: Any, inventory: Inventory | None, extension: Any, place: str) -> Schema:
    """The contract of a corpus: `$ref` and `allOf` merged, objects closed, labels from the inventory.

    A recursive `$ref` stays, with its `$defs`. A reference to another document is a SettingsError: nothing is fetched.
    A schema without `x-text` is no article's, and is left as it stands.
    """
    vocabulary.check_schema(base, place)
    try:
        if extension is None:
            flat = inlined(base, place) if _is_article(base) else _local(base, place)
        else:
            flat = extended(inlined(base, place), _inlined_extension(extension, base, place), place)
        if isinstance(flat, Mapping) and _is_article(flat):
            if _levels(flat) > MAX_LEVELS:
                raise SettingsError(f"the schema is nested too deeply: over {MAX_LEVELS} levels", place)
            flat = _for_editors(_identified(_with_names(_closed(flat), _layer_names(flat))))
            if inventory is not None:
                flat = _with_labels(flat, inventory, None)
    except RecursionError as error:
        raise SettingsError("the schema is nested too deeply", place) from error
    return flat if isinstance(flat, dict) else {"$schema": DIALECT, "allOf": [flat]}


def inlined(schema: Any, place: str) -> Any:
    """A schema that accepts the same with its `$ref` and `allOf` merged, as far as that says no more and no less.

    Raises SettingsError where a reference names nothing, or leads out of the schema.
    """
    _local(schema, place)
    if not isinstance(schema, Mapping) or any(_moves_badly(part, schema) for part in _walk(schema)):
        return schema
    flat = _Inliner(schema, place).run()
    return flat if all(_target(flat, part["$ref"]) is not None for part in _walk(flat) if "$ref" in part) else schema


def _moves_badly(part: Mapping[str, Any], root: Mapping[str, Any]) -> bool:
    """Whether what a reference means depends on where it stands, or on the way there."""
    return "$dynamicRef" in part or "$dynamicAnchor" in part or ("$id" in part and part is not root)


def _inlined_extension(extension: Any, base: Any, place: str) -> Mapping[str, Any]:
    """An extension may refer to the definitions of the base as to its own."""
    if not isinstance(extension, Mapping) or not isinstance(base, Mapping):
        raise SettingsError("an extension is an object with properties, and so is what it extends", place)
    shared = {key: {**base.get(key, {}), **extension.get(key, {})} for key in ("$defs", "definitions")}
    flat = inlined({**extension, **{key: value for key, value in shared.items() if value}}, place)
    keeps = any("$ref" in part for part in _walk(flat))
    return {key: value for key, value in flat.items() if keeps or key not in shared}


def _is_article(schema: Any) -> bool:
    return any(vocabulary.TEXT in part for part in _walk(schema))


def _walk(schema: Any) -> Iterator[Mapping[str, Any]]:
    """A schema and all below it; what stands in an enum or an example is no schema."""
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            yield node
            waiting += [child for _, child in _children(node)]


def _levels(schema: Any) -> int:
    levels, waiting = 0, [schema]
    while waiting:
        levels += 1
        waiting = [child for node in waiting if isinstance(node, Mapping) for _, child in _children(node)]
    return levels


def _children(node: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in node.items():
        if key in SINGLES:
            yield key, value
        elif key in OBJECTS:
            yield from ((key, part) for part in value.values())
        elif key in LISTS:
            yield from ((key, part) for part in value)


def _local(schema: Any, place: str) -> Any:
    """The schema, where all it refers to stands in itself. Parts with an `$id` of their own are not looked into."""
    if any("$id" in part and part is not schema for part in _walk(schema)):
        return schema
    for ref in (part["$ref"] for part in _walk(schema) if "$ref" in part):
        if _target(schema, ref) is None:
            problem = "names nothing" if ref.startswith("#") else "leads out of the schema; nothing is fetched"
            raise SettingsError(f"$ref '{ref[:200]}' {problem}", place)
    return schema


def _target(root: Any, ref: str) -> Any:
    """What a local reference names; None where it names nothing."""
    if not ref.startswith("#"):
        own = root.get("$id") if isinstance(root, Mapping) else None
        return _target(root, "#" + ref[len(own) :].removeprefix("#")) if own and ref.startswith(own) else None
    if ref not in ("#", "#/") and not ref.startswith("#/"):
        return next((part for part in _walk(root) if part.get("$anchor") == ref[1:]), None)
    node = root
    for step in vocabulary.steps(unquote(ref[1:])):
        if isinstance(node, Mapping) and step in node:
            node = node[step]
        elif isinstance(node, list) and step.isdecimal() and int(step) < len(node):
            node = node[int(step)]
        else:
            return None
    return node


class _Inliner:
    """Replaces every local `$ref` that does not lead back to itself by what it names."""

    def __init__(self, root: Mapping[str, Any], place: str) -> None:
        self.root = root
        self.place = place
        self.recursive = False
        self.parts = 0

    def run(self) -> Any:
        own = {key: value for key, value in self.root.items() if key not in ("$defs", "definitions")}
        flat = self.inline(own, ())
        if self.recursive and isinstance(flat, dict):
            flat |= {key: self.root[key] for key in ("$defs", "definitions") if key in self.root}
        return flat

    def inline(self, node: Any, open_refs: tuple[str, ...]) -> Any:
        if not isinstance(node, Mapping):
            return node
        self.parts += 1
        if self.parts > MAX_PARTS:
            raise SettingsError(f"the schema has over {MAX_PARTS:,} parts with its references written out", self.place)
        out: Schema = {}
        for key, value in node.items():
            if key in ("$defs", "definitions"):
                out[key] = value
            elif key in OBJECTS:
                out[key] = {name: self.inline(part, open_refs) for name, part in value.items()}
            elif key in LISTS:
                out[key] = [self.inline(part, open_refs) for part in value]
            elif key in SINGLES:
                out[key] = self.inline(value, open_refs)
            else:
                out[key] = value
        return self.without_ref(self.without_all_of(out), open_refs)

    def without_ref(self, node: Any, open_refs: tuple[str, ...]) -> Any:
        if not isinstance(node, Mapping) or "$ref" not in node:
            return node
        ref = node["$ref"]
        if ref in open_refs:
            self.recursive = True
            return node
        target = self.inline(_target(self.root, ref), (*open_refs, ref))
        rest = {key: value for key, value in node.items() if key != "$ref"}
        if isinstance(target, Mapping):
            if any("$ref" in part for part in _walk(target)):
                self.recursive = True
                return node
            target = {key: value for key, value in target.items() if key not in ("$anchor", "$defs", "definitions")}
        return both(target, rest)

    def without_all_of(self, node: Schema) -> Any:
        parts = node.get("allOf")
        if parts is None or any(isinstance(part, Mapping) and "$ref" in part for part in parts):
            return node
        merged: Any = True
        for part in parts:
            merged = beside(merged, part)
        return both(merged, {key: value for key, value in node.items() if key != "allOf"})


def _in_place(node: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The T of `anyOf [T, null]`, which is a nullable T."""
    for key in ("anyOf", "oneOf"):
        branches = node.get(key, ())
        if len(branches) == 2 and {"type": "null"} in branches and "type" not in node:
            yield from ((key, branch) for branch in branches if branch != {"type": "null"})


_OF_ANY_TYPE = frozenset({"$ref", "const", "allOf", "anyOf", "oneOf", "not", "if", "then", "else"})
"""Keywords that judge null, too, so that a branch which has them cannot simply admit it."""


def _nullable(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """`anyOf [T, null]` as T whose type allows null, so that what is wrong inside T is said of T."""
    for key, branch in _in_place(node):
        rest = {name: value for name, value in node.items() if name != key}
        kinds = branch.get("type") if isinstance(branch, Mapping) else None
        kinds = [kinds] if isinstance(kinds, str) else kinds or ["null"]
        if "null" in kinds or _OF_ANY_TYPE.intersection(branch):
            continue
        values = {"enum": [*(value for value in branch["enum"] if value is not None), None]} if "enum" in branch else {}
        whole = both({**branch, **values, "type": [*kinds, "null"]}, rest)
        return whole if isinstance(whole, Mapping) else node
    return node


def _rebuilt(node: Mapping[str, Any], change: Any) -> Schema:
    """A node with its properties, items and nullable branch changed."""
    out = dict(node)
    if "properties" in out:
        out["properties"] = {name: change(part) for name, part in out["properties"].items()}
    if "items" in out:
        out["items"] = change(out["items"])
    for key, branch in _in_place(node):
        out[key] = [change(part) if part is branch else part for part in out[key]]
    return out


_SAYS_MORE = frozenset({
    "additionalProperties", "patternProperties", "allOf", "anyOf", "oneOf", "$ref", "$dynamicRef", "if",
    "dependentSchemas",
})  # fmt: skip


def _closed(node: Any) -> Any:
    """Objects that list their properties take no others, and numbers and dates fit their Arrow type."""
    if not isinstance(node, Mapping):
        return node
    out = _rebuilt(_nullable(node), _closed)
    if "properties" in out and not _SAYS_MORE.intersection(out):
        if out.get("unevaluatedProperties") is False:
            del out["unevaluatedProperties"]
        if "unevaluatedProperties" not in out:
            out["additionalProperties"] = False
    kinds = [out["type"]] if isinstance(out.get("type"), str) else out.get("type", [])
    arrow = out.get(vocabulary.ARROW)
    bounds = _BOUNDS.get(arrow) if arrow else _BOUNDS["integer"] if "integer" in kinds else None
    if bounds is not None:
        out["minimum"] = max(bounds[0], out.get("minimum", bounds[0]))
        out["maximum"] = min(bounds[1], out.get("maximum", bounds[1]))
    if arrow is not None and "string" in kinds and not arrow.endswith("string"):
        out.setdefault("format", "date" if arrow == "date32" else "date-time")
    return out


def _identified(root: Schema) -> Schema:
    """An article has an id: it is what files are sorted by, and rows of other views name."""
    for name, part in root.get("properties", {}).items():
        if not isinstance(part, Mapping) or vocabulary.ID not in part:
            continue
        own = dict(part, minLength=max(1, part.get("minLength", 1)))
        if isinstance(own.get("type"), list):
            kinds = [kind for kind in own["type"] if kind != "null"]
            own["type"] = kinds[0] if len(kinds) == 1 else kinds
        needed = root.get("required", [])
        required = needed if name in needed else [*needed, name]
        return {**root, "properties": {**root["properties"], name: own}, "required": required}
    return root


def _for_editors(root: Schema) -> Schema:
    """An article may name its contract by `$schema`, as editors ask for; that is no part of the article."""
    if root.get("additionalProperties") is not False or vocabulary.EDITORS in root["properties"]:
        return root
    said = {"type": "string", "description": "The contract, for editors; no part of the article."}
    return {**root, "properties": {vocabulary.EDITORS: said, **root["properties"]}}


def _layer_names(root: Mapping[str, Any]) -> list[str]:
    properties = root.get("properties", {})
    return [name for name, part in properties.items() if isinstance(part, Mapping) and vocabulary.LAYER in part]


def _with_names(node: Any, names: list[str]) -> Any:
    """A field that means a layer names one that there is (else gold changes unseen), and a split one that loads."""
    if not isinstance(node, Mapping):
        return node
    out = _rebuilt(node, lambda part: _with_names(part, names))
    if out.get(vocabulary.FIELD) == "layer" and "enum" not in out:
        out["enum"] = [*names, None] if "null" in out.get("type", ()) else names
    if out.get(vocabulary.FIELD) == "split" and not {"enum", "const", "pattern"}.intersection(out):
        out["pattern"] = SPLIT_NAME
    return out


def _with_labels(node: Any, inventory: Inventory, kind: str | None) -> Any:
    if not isinstance(node, Mapping):
        return node
    own = node.get(vocabulary.LAYER, kind)
    out = _rebuilt(node, lambda part: _with_labels(part, inventory, own))
    if out.get(vocabulary.LABEL) and own is not None and (names := inventory.names(own)):
        out["enum"] = [*names, None] if "null" in out.get("type", ()) else list(names)
    return out
