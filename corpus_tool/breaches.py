"""What is wrong where an article breaks the schema, in words."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from corpus_tool import masking, vocabulary
from corpus_tool.compiling import INT64
from corpus_tool.findings import ABSENT, Edit, Fix

Path_ = tuple[str | int, ...]


MANY = 100
"""Unknown properties of one object that get a suggestion each; a hostile article can have a million."""


_WORDS = {"string": "a string", "integer": "an integer", "number": "a number", "boolean": "true or false",
          "object": "an object", "array": "a list", "null": "null"}  # fmt: skip
_EXAMPLES = {
    "date-time": "2026-03-02T05:00:00Z", "date": "2026-03-02", "time": "05:00:00Z", "duration": "P1DT2H",
    "uri": "https://news.example/tide", "uri-reference": "/tide", "iri": "https://news.example/tide",
    "iri-reference": "/tide", "email": "desk@news.example", "idn-email": "desk@news.example",
    "hostname": "news.example", "idn-hostname": "news.example", "ipv4": "192.0.2.1", "ipv6": "2001:db8::1",
    "uuid": "2f1a4c1e-8a55-4b5e-9c39-0d6f5a1b7c21", "json-pointer": "/entities/0", "regex": "^T[0-9]+$",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where an article breaks the schema.

    `shape` breaches (type, required, unknown property, number of items) stop the article; the others (enum,
    pattern, format, bounds) let it go on.
    """

    code: str
    path: Path_
    message: str
    shape: bool
    fix: Fix | None = None


def unknown_properties(unexpected: list[str], path: Path_, node: Any, value: Any) -> Iterator[Breach]:
    known = list(node.get("properties", ())) if isinstance(node, Mapping) else []
    free = tuple(name for name in known if not isinstance(value, Mapping) or name not in value)
    for number, name in enumerate(unexpected):
        hint = _suggestion(name, free) if number < MANY else ""
        yield Breach("SCH103", (*path, name), f"unknown property '{cut(name, 60)}'{hint}", shape=True)


def nearest_branch(path: Path_, node: Any, value: Any, error: Any) -> Breach:
    """The branch of an anyOf or oneOf that comes nearest: the one that fails deepest inside the value."""
    kind = error.kind.name
    scalar = isinstance(value, str | int | float) and isinstance(node, Mapping) and "type" in node
    branches = _branches(node, kind)
    formats = [str(branch["format"]) for branch in branches if "format" in branch]
    if scalar and formats:
        return Breach("SCH104", path, _no_format(value, formats), shape=False)
    inner = [one for branch in getattr(error.kind, "context", None) or () for one in branch]
    nearest = max(inner, key=lambda one: len(one.instance_path), default=None)
    if nearest is not None and len(nearest.instance_path) > len(path):
        return Breach("SCH101", tuple(nearest.instance_path), _said(nearest), shape=True)
    if inner and all(one.kind.name == "type" for one in inner):
        kinds = [name for branch in branches for name in _as_list(branch.get("type", ()))]
        return Breach("SCH101", path, _misplaced(value, {"type": kinds}), shape=not scalar)
    many = kind == "oneOf" and not inner
    reason = f": {_said(nearest)}" if nearest is not None else ""
    message = f"{_show(value)} fits {'more than one branch' if many else 'no branch'} of {kind}{reason}"
    return Breach("SCH101", path, message, shape=not scalar)


def _as_list(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def in_int64(value: Any) -> bool:
    return isinstance(value, int | float) and INT64[0] <= value < INT64[1] + 1


def _branches(node: Any, kind: str) -> list[Mapping[str, Any]]:
    branches = node.get(kind, ()) if isinstance(node, Mapping) else ()
    return [branch for branch in branches if isinstance(branch, Mapping)]


def shallow(value: Any, levels: int) -> tuple[Any, Path_]:
    """A copy in which every list and object below so many levels is empty, and where the first of those stands."""
    deepest: list[Path_] = []

    def cut_off(inner: Any, path: Path_) -> Any:
        if not isinstance(inner, dict | list):
            return inner
        if len(path) == levels:
            deepest.append(path)
            return type(inner)()
        if isinstance(inner, dict):
            return {name: cut_off(part, (*path, name)) for name, part in inner.items()}
        return [cut_off(part, (*path, number)) for number, part in enumerate(inner)]

    return cut_off(value, ()), next(iter(deepest), ())


def follow(value: Any, path: Any) -> Any:
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def value_breach(kind: str, path: Path_, node: Mapping[str, Any], value: Any) -> Breach:
    if kind == "enum":
        allowed = [name for name in node["enum"] if name is not None]
        if node.get(vocabulary.LABEL):
            return _label_breach(path, allowed, value)
        message = f"{_show(value)} is not one of {_list(allowed)}{_near(value, allowed)}"
        return Breach("SCH101", path, message, shape=False)
    if kind == "format":
        return Breach("SCH104", path, _no_format(value, [str(node["format"])]), shape=False)
    if kind == "pattern":
        code = "SCH102" if node.get(vocabulary.FIELD) == "schema-version" else "SCH101"
        says = "is no version that this contract knows:" if code == "SCH102" else "does not match"
        return Breach(code, path, f"{_show(value)} {says} {cut(node['pattern'])}", shape=False)
    texts = {
        "const": "is not {}", "minimum": "is less than {}", "maximum": "is more than {}",
        "exclusiveMinimum": "is not more than {}", "exclusiveMaximum": "is not less than {}",
        "minLength": "is shorter than {} characters", "maxLength": "is longer than {} characters",
        "multipleOf": "is no multiple of {}",
    }  # fmt: skip
    return Breach("SCH101", path, f"{_show(value)} {texts[kind].format(_show(node[kind]))}", shape=False)


def _label_breach(path: Path_, allowed: list[str], value: Any) -> Breach:
    same = [name for name in allowed if isinstance(value, str) and name.casefold() == value.casefold()]
    fix = None
    if len(same) == 1:
        fix = Fix(f"write '{same[0]}'", (Edit(vocabulary.pointer(path), value, same[0]),))
    label = f"'{cut(value, 60)}'" if isinstance(value, str) else _show(value)
    message = f"label {label} is not in the inventory{_near(value, allowed)}"
    return Breach("LBL501", path, message, shape=False, fix=fix)


def _near(value: Any, allowed: list[Any]) -> str:
    return _suggestion(value, tuple(str(name) for name in allowed)) if isinstance(value, str) else ""


@lru_cache(maxsize=4096)
def _suggestion(name: str, known: tuple[str, ...]) -> str:
    """What may have been meant; the same wrong label stands in many articles."""
    return vocabulary.did_you_mean(name, known) if len(name) <= 200 else ""


def misspelt(missing: str, value: Any, node: Any) -> str:
    known = node.get("properties", ()) if isinstance(node, Mapping) else ()
    strange = [name for name in value if name not in known] if isinstance(value, Mapping) else []
    near = difflib.get_close_matches(missing, strange[:MANY], n=1, cutoff=0.7)
    return f" (there is '{cut(near[0], 60)}')" if near else ""


def null_breach(path: Path_, node: Any, schema_path: Sequence[str | int], schema: Any) -> Breach:
    """Null where the contract wants a value; a property that may be left out is mended by leaving it out.

    A null layer is mended unsafely: whoever wrote it may have meant that nothing was found, which is `[]`.
    """
    layer = isinstance(node, Mapping) and vocabulary.LAYER in node
    message = _misplaced(None, node)
    if layer:
        message = "a layer is null: leave it out where nothing was annotated, write [] where nothing was found"
    holder = follow(schema, schema_path[:-3]) if schema_path[-3:-2] == ["properties"] else None
    if not isinstance(holder, Mapping) or not path or path[-1] in holder.get("required", ()):
        return Breach("SCH105", path, message, shape=True)
    what = "leave out the layer, as one that was not annotated" if layer else f"leave out '{cut(str(path[-1]), 60)}'"
    fix = Fix(what, (Edit(vocabulary.pointer(path), None, ABSENT),), "unsafe" if layer else "safe")
    return Breach("SCH105", path, message if layer else f"{message}: leave it out", shape=True, fix=fix)


def _types(node: Any) -> str:
    kinds = node.get("type", "another value") if isinstance(node, Mapping) else "another value"
    return " or ".join(_WORDS.get(name, name) for name in _as_list(kinds))


def _misplaced(value: Any, node: Any) -> str:
    """What stands at a place, and what belongs there."""
    belongs = _types(node)
    if value is None or isinstance(value, Mapping | list):
        what = "stands here"
    elif isinstance(value, str):
        what = "is a string"
    elif isinstance(value, bool):
        what = "is a boolean"
    else:
        what = "has a fraction" if isinstance(value, float) and "an integer" in belongs else "is a number"
    return f"{_show(value)} {what}; {belongs} belongs here"


def _no_format(value: Any, formats: Sequence[str]) -> str:
    """That a value is in none of these formats, with an example of each that is known."""
    examples = " or ".join(_EXAMPLES[name] for name in formats if name in _EXAMPLES)
    return f"{_show(value)} is no {' or '.join(formats)}" + (f", as {examples}" if examples else "")


def shape_message(kind: str, node: Any, value: Any, error: Any) -> str:
    if kind == "type":
        return _misplaced(value, node)
    if kind == "minItems" and isinstance(node, Mapping):
        return f"{len(value)} items where at least {node['minItems']} must stand"
    if kind == "maxItems" and isinstance(node, Mapping):
        return f"{len(value)} items where at most {node['maxItems']} may stand"
    return _said(error)


def _said(error: Any) -> str:
    """What the validator says, which quotes the value; the keyword that does not hold where text is hidden."""
    if type(error.kind).__name__.endswith("FalseSchema"):
        return "the schema allows nothing here"
    return f"{error.kind.name} does not hold" if masking.is_hidden() else cut(error.message)


def _show(value: Any) -> str:
    """A value for a message, short."""
    if isinstance(value, str):
        return masking.veiled(value) if masking.hides(value) else f"'{cut(value, 60)}'"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return cut(repr(value), 60)


def _list(values: list[Any]) -> str:
    shown = [cut(str(value), 60) for value in values[:12]]
    return ", ".join(shown) + (f" … ({len(values)} in all)" if len(values) > 12 else "")


def cut(text: str, width: int = 200) -> str:
    return text if len(text) <= width else f"{text[:width]}…"
