"""The fields of a compiled schema as a tree, and their Arrow types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from corpus_tool import vocabulary

_SCALARS = ("string", "integer", "number", "boolean")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `type` is string, integer, number, boolean, object, array, or any (`problem` says why no type).

    `pointer` is its place in the schema, `keywords` its own subschema.
    """

    name: str
    type: str
    nullable: bool
    required: bool
    pointer: str
    keywords: Mapping[str, Any]
    fields: tuple[Field, ...] = ()
    item: Field | None = None
    problem: str | None = None

    def __getitem__(self, name: str) -> Field:
        return next(child for child in self.fields if child.name == name)

    def says(self, keyword: str) -> Any:
        """The value of a vocabulary keyword; None where it is absent."""
        return self.keywords.get(keyword)

    @property
    def labels(self) -> tuple[str, ...] | None:
        """The labels of a label field, in class-number order; None for other fields and open labels."""
        if not self.says(vocabulary.LABEL) or "enum" not in self.keywords:
            return None
        return tuple(name for name in self.keywords["enum"] if name is not None)

    @property
    def is_label(self) -> bool:
        return bool(self.says(vocabulary.LABEL))

    def walk(self) -> Iterator[Field]:
        """This field and all below it, in schema order."""
        yield self
        for child in self.fields:
            yield from child.walk()
        if self.item is not None:
            yield from self.item.walk()

    def child(self, keyword: str, value: Any = None) -> Field | None:
        """The first direct property that carries the keyword (with that value, if one is given)."""
        for field in self.fields:
            said = field.says(keyword)
            if said is not None and said is not False and (value is None or said == value):
                return field
        return None


def read_fields(schema: Mapping[str, Any]) -> Field:
    """The tree of a compiled schema; what has no Arrow type is there with its problem."""
    root = _field("", schema, "#", required=True)
    return replace(root, fields=tuple(field for field in root.fields if field.name != vocabulary.EDITORS))


def _field(name: str, node: Any, at: str, *, required: bool) -> Field:
    if not isinstance(node, Mapping):
        return Field(name, "any", True, required, at, {}, problem="has no type")
    node, at, nullable = _without_null(node, at)
    said = _type_list(node)
    types = [kind for kind in said if kind != "null"]
    if set(types) == {"integer", "number"}:
        types = ["number"]
    nullable = nullable or "null" in said
    problem = _problem(node, types)
    if problem is not None:
        return Field(name, "any", nullable, required, at, node, problem=problem)
    kind = types[0]
    if kind == "array":
        item = _field("items", node["items"], f"{at}/items", required=True)
        return Field(name, kind, nullable, required, at, node, item=item)
    if kind == "object":
        needed = set(node.get("required", ()))
        children = tuple(
            _field(child, part, f"{at}/properties{vocabulary.pointer([child])}", required=child in needed)
            for child, part in node["properties"].items()
        )
        return Field(name, kind, nullable, required, at, node, fields=children)
    return Field(name, kind, nullable, required, at, node)


def _without_null(node: Mapping[str, Any], at: str) -> tuple[Mapping[str, Any], str, bool]:
    """`anyOf [T, null]` is nullable T; branches that only constrain a typed field are no union."""
    for key in ("anyOf", "oneOf"):
        branches = node.get(key)
        if not branches or "type" in node:
            continue
        real = [number for number, branch in enumerate(branches) if branch != {"type": "null"}]
        if len(real) == 1 and len(branches) == 2 and isinstance(branches[real[0]], Mapping):
            rest = {name: value for name, value in node.items() if name != key}
            return {**branches[real[0]], **rest}, f"{at}/{key}/{real[0]}", True
    return node, at, False


def _type_list(node: Mapping[str, Any]) -> list[str]:
    kind = node.get("type")
    if kind is None:
        if "enum" in node or "const" in node:
            return _types_of_values(node.get("enum", [node.get("const")]))
        return []
    return [kind] if isinstance(kind, str) else list(kind)


def _types_of_values(values: list[Any]) -> list[str]:
    names = {bool: "boolean", str: "string", int: "integer", float: "number", type(None): "null"}
    return list(dict.fromkeys(names.get(type(value), "object") for value in values))


def _problem(node: Mapping[str, Any], types: list[str]) -> str | None:
    """Why a schema node has no Arrow type; None where it has one."""
    if "$ref" in node or "$dynamicRef" in node:
        return "is recursive"
    if not types:
        return "is a union" if "anyOf" in node or "oneOf" in node else "has no type"
    if len(types) > 1:
        return f"is a union of {' and '.join(types)}"
    if types[0] == "array":
        return _list_problem(node)
    if types[0] == "object":
        return _object_problem(node)
    return None if types[0] in _SCALARS else f"has the type {types[0]}"


def _list_problem(node: Mapping[str, Any]) -> str | None:
    if "prefixItems" in node:
        return "is a tuple"
    return None if "items" in node else "is a list of anything"


def _object_problem(node: Mapping[str, Any]) -> str | None:
    if "patternProperties" in node or isinstance(node.get("additionalProperties"), Mapping):
        return "is a map"
    if not node.get("properties"):
        return "lists no properties"
    if node.get("additionalProperties") is not False and node.get("unevaluatedProperties") is not False:
        return "is open: any property may stand in it"
    return None
