"""Two JSON Schemas made into one: both at once, which says no more and no less than the two, or one extended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus_tool.errors import SettingsError
from corpus_tool.vocabulary import pointer

Schema = dict[str, Any]

OBJECTS = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs", "definitions"})
"""Keywords whose value maps names to schemas."""
LISTS = frozenset({"anyOf", "oneOf", "allOf", "prefixItems"})
"""Keywords whose value is a list of schemas."""
SINGLES = frozenset({
    "items", "contains", "additionalProperties", "propertyNames", "if", "then", "else", "not",
    "unevaluatedItems", "unevaluatedProperties", "contentSchema",
})  # fmt: skip
"""Keywords whose value is a schema."""

_GROUPS = (
    frozenset({"properties", "patternProperties", "additionalProperties"}),
    frozenset({"prefixItems", "items"}),
    frozenset({"contains", "minContains", "maxContains"}),
    frozenset({"if", "then", "else"}),
)
"""Keywords that look at each other, so that they cannot be moved one by one."""
_SIMPLE = (frozenset({"properties"}), frozenset({"items"}))
_UNEVALUATED = frozenset({"unevaluatedProperties", "unevaluatedItems"})
_ANNOTATIONS = frozenset({
    "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment", "$id", "$schema",
})  # fmt: skip
_LOWER = frozenset({"minimum", "minLength", "minItems", "minProperties", "exclusiveMinimum"})
_UPPER = frozenset({"maximum", "maxLength", "maxItems", "maxProperties", "exclusiveMaximum"})


def both(inner: Any, outer: Any) -> Any:
    """The schema `outer` with `inner` in its `allOf`, merged as far as that changes nothing; notes of `outer` win."""
    if inner is False or outer is False:
        return False
    if inner is True or not inner:
        return outer
    if not isinstance(outer, Mapping) or not outer:
        return dict(inner)
    if _UNEVALUATED.intersection(inner) and not all(_is_note(key) for key in outer):
        return {**outer, "allOf": [*outer.get("allOf", ()), inner]}
    out = dict(inner)
    apart: Schema = {
        key: outer[key] for group in _GROUPS if _collide(inner, outer, group) for key in group & set(outer)
    }
    for key, value in outer.items():
        if key in apart:
            continue
        if key not in out or same(out[key], value):
            out[key] = value
        else:
            _add(out, apart, key, value)
    if apart:
        out["allOf"] = [*out.get("allOf", ()), apart]
    return out


def _add(out: Schema, apart: Schema, key: str, value: Any) -> None:
    """Put a further demand on a keyword of `out`; into `apart` where one value cannot say both."""
    if key == "properties":
        out[key] = {name: _sides(out[key], value, name) for name in {**out[key], **value}}
    elif key == "items":
        out[key] = beside(out[key], value)
    elif key == "type":
        common = _common_types(out[key], value)
        if common:
            out[key] = common[0] if len(common) == 1 else common
        else:
            apart[key] = value
    elif not _add_bound(out, key, value):
        apart[key] = value


def _add_bound(out: Schema, key: str, value: Any) -> bool:
    if key == "required":
        out[key] = list(dict.fromkeys([*out[key], *value]))
    elif key in _LOWER:
        out[key] = max(out[key], value)
    elif key in _UPPER:
        out[key] = min(out[key], value)
    elif key == "enum":
        out[key] = [item for item in value if any(same(item, other) for other in out[key])]
    elif key == "allOf":
        out[key] = [*out[key], *value]
    elif _is_note(key):
        out[key] = value
    else:
        return False
    return True


def extended(base: Any, extension: Any, place: str, at: str = "") -> Any:
    """The base with the fields of the extension added, at every level; a closed object takes them in.

    Raises SettingsError where the extension gives a field another type than the base does.
    """
    if not isinstance(base, Mapping) or not isinstance(extension, Mapping):
        return beside(base, extension)
    if "type" in base and "type" in extension and not _common_types(base["type"], extension["type"]):
        mine, theirs = ("/".join(_as_list(side["type"])) for side in (base, extension))
        raise SettingsError(f"a field of the extension cannot be both {mine} and {theirs}", f"{place}#{at}")
    out: Schema = both(*({key: side[key] for key in side if key not in _SAME_FIELDS} for side in (base, extension)))
    if "properties" in base or "properties" in extension:
        left, right = base.get("properties", {}), extension.get("properties", {})
        both_have = left.keys() & right.keys()
        below = {
            name: extended(left[name], right[name], place, at + pointer(["properties", name])) for name in both_have
        }
        out["properties"] = {**left, **right, **below}
    if "items" in base or "items" in extension:
        out["items"] = extended(base.get("items", True), extension.get("items", True), place, f"{at}/items")
    return out


_SAME_FIELDS = ("properties", "items")


def same(left: Any, right: Any) -> bool:
    """Whether two values are the same JSON: `1` is `1.0`, and no `true`."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def _is_note(key: str) -> bool:
    return key in _ANNOTATIONS or key.startswith("x-")


def _collide(left: Mapping[str, Any], right: Mapping[str, Any], group: frozenset[str]) -> bool:
    mine, theirs = group.intersection(left), group.intersection(right)
    if not mine or not theirs or (mine | theirs) in _SIMPLE:
        return False
    return not (mine == theirs and all(same(left[key], right[key]) for key in mine))


def _sides(left: Mapping[str, Any], right: Mapping[str, Any], name: str) -> Any:
    return beside(left.get(name, True), right.get(name, True))


def beside(left: Any, right: Any) -> Any:
    """Two schemas for one place, neither around the other."""
    if isinstance(right, Mapping) and _UNEVALUATED.intersection(right) and isinstance(left, Mapping) and left:
        return {"allOf": [left, right]}
    return both(left, right)


def _common_types(left: str | list[str], right: str | list[str]) -> list[str]:
    mine, theirs = _as_list(left), _as_list(right)
    common = [name for name in mine if name in theirs or (name == "integer" and "number" in theirs)]
    return common + [name for name in theirs if name == "integer" and "number" in mine and name not in common]


def _as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
