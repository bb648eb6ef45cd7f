"""The verdict of the contract on one article, and its explanation where the verdict is no."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from corpus_tool import vocabulary
from corpus_tool.errors import SettingsError
from corpus_tool.findings import Edit, Fix

if TYPE_CHECKING:
    from corpus_tool.contract import Contract

Path_ = tuple[str | int, ...]

_VALUE = frozenset({
    "enum", "const", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "minLength", "maxLength", "multipleOf",
})  # fmt: skip
_BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
_ENGINE_FAILURES = frozenset({"BacktrackLimitExceeded", "RegexEngineFailure"})
INT64 = (-(2**63), 2**63 - 1)
MANY = 100
"""Unknown properties of one object that get a suggestion each; a hostile article can have a million."""
_WORDS = {"string": "a string", "integer": "an integer", "number": "a number", "boolean": "true or false",
          "object": "an object", "array": "a list", "null": "null"}  # fmt: skip


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


@dataclass(frozen=True)
class Verdict:
    """Decides whether an article keeps the contract: by jsonschema-rs alone.

    The jsonschema package reads patterns, formats and numbers otherwise, fetches references, and its patterns can
    hang: it would explain what is not so.
    """

    contract: Contract

    @cached_property
    def _validator(self) -> Any:
        import jsonschema_rs

        schema = dict(self.contract.schema)
        options: dict[str, Any] = {"validate_formats": True, "retriever": _refuse}
        try:
            return jsonschema_rs.Draft202012Validator(schema, pattern_options=jsonschema_rs.RegexOptions(), **options)
        except jsonschema_rs.ValidationError:
            # Look-around needs the backtracking engine; its limit keeps a pattern from hanging the run.
            fancy = jsonschema_rs.FancyRegexOptions(backtrack_limit=100_000)
            try:
                return jsonschema_rs.Draft202012Validator(schema, pattern_options=fancy, **options)
            except jsonschema_rs.ValidationError as error:
                raise SettingsError(f"the contract is no JSON Schema: {_cut(error.message)}") from error
        except jsonschema_rs.ReferencingError as error:
            raise SettingsError(f"the contract refers to what it does not hold: {error}") from error

    def accepts(self, article: Any) -> bool:
        """Whether the article keeps the contract."""
        try:
            return bool(self._validator.is_valid(article))
        except UnicodeEncodeError:  # a lone surrogate, which no JSON text that was decoded here holds
            return False

    def check_patterns(self) -> None:
        """Raise SettingsError where the contract cannot be compiled."""
        _ = self._validator

    def breaches(self, article: Any) -> list[Breach]:
        """Every breach of a refused article, sorted by path.

        Raises SettingsError where a pattern of the contract takes too long to match.
        """
        try:
            errors = list(self._validator.iter_errors(article))
        except UnicodeEncodeError:
            return [Breach("IO001", (), "a string holds a lone surrogate, which is no character", shape=True)]
        found = [breach for error in errors for breach in self._explain(error, article)]
        return sorted(found, key=lambda breach: [(isinstance(step, str), step) for step in breach.path])

    def _explain(self, error: Any, article: Any) -> Iterator[Breach]:
        kind, path = error.kind.name, tuple(error.instance_path)
        node = _follow(self.contract.schema, error.schema_path[:-1])
        value = _follow(article, path)
        if type(error.kind).__name__ in _ENGINE_FAILURES:
            raise SettingsError(f"a pattern of the contract takes too long to match at {vocabulary.pointer(path)}")
        if kind in ("additionalProperties", "unevaluatedProperties"):
            yield from _unknown(error.kind.unexpected, path, node, value)
        elif kind == "required":
            missing = error.kind.property
            message = f"'{_cut(missing, 60)}' is missing{_misspelt(missing, value, node)}"
            yield Breach("SCH101", path, message, shape=True)
        elif kind in _BOUNDS and self._is_offset(error.schema_path) and _in_int64(value):
            return  # SPN301 says the same with the length of the text
        elif kind in _VALUE and isinstance(node, Mapping) and "type" in node:
            yield _value_breach(kind, path, node, value)
        elif kind in ("anyOf", "oneOf"):
            yield _branch(path, node, value, error)
        elif kind == "type" and value is None:
            yield Breach("SCH105", path, _null_message(node), shape=True)
        else:
            yield Breach("SCH101", path, _shape_message(kind, node, value, error), shape=True)

    def _is_offset(self, schema_path: list[str | int]) -> bool:
        """Whether a schema path leads to a keyword of the start or end of a span."""
        if len(schema_path) < 3:
            return False
        span = (_follow(self.contract.schema, schema_path[:-3]) or {}).get(vocabulary.SPAN)
        names = {"start": "start", "end": "end", **(span if isinstance(span, Mapping) else {})}
        return bool(span) and schema_path[-2] in names.values()


def _unknown(unexpected: list[str], path: Path_, node: Any, value: Any) -> Iterator[Breach]:
    known = list(node.get("properties", ())) if isinstance(node, Mapping) else []
    free = tuple(name for name in known if not isinstance(value, Mapping) or name not in value)
    for number, name in enumerate(unexpected):
        hint = _suggestion(name, free) if number < MANY else ""
        yield Breach("SCH103", (*path, name), f"unknown property '{_cut(name, 60)}'{hint}", shape=True)


def _branch(path: Path_, node: Any, value: Any, error: Any) -> Breach:
    """The branch of an anyOf or oneOf that comes nearest: the one that fails deepest inside the value."""
    kind = error.kind.name
    scalar = isinstance(value, str | int | float) and isinstance(node, Mapping) and "type" in node
    branches = _branches(node, kind)
    formats = [str(branch["format"]) for branch in branches if "format" in branch]
    if scalar and formats:
        return Breach("SCH104", path, f"{_show(value)} is no {' or '.join(formats)}", shape=False)
    inner = [one for branch in getattr(error.kind, "context", None) or () for one in branch]
    nearest = max(inner, key=lambda one: len(one.instance_path), default=None)
    if nearest is not None and len(nearest.instance_path) > len(path):
        return Breach("SCH101", tuple(nearest.instance_path), _cut(nearest.message), shape=True)
    if inner and all(one.kind.name == "type" for one in inner):
        kinds = [name for branch in branches for name in _as_list(branch.get("type", ()))]
        return Breach("SCH101", path, f"{_show(value)} stands where {_types({'type': kinds})} must", shape=not scalar)
    many = kind == "oneOf" and not inner
    reason = f": {_cut(nearest.message)}" if nearest is not None else ""
    message = f"{_show(value)} fits {'more than one branch' if many else 'no branch'} of {kind}{reason}"
    return Breach("SCH101", path, message, shape=not scalar)


def _as_list(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _in_int64(value: Any) -> bool:
    return isinstance(value, int | float) and INT64[0] <= value < INT64[1] + 1


def _branches(node: Any, kind: str) -> list[Mapping[str, Any]]:
    branches = node.get(kind, ()) if isinstance(node, Mapping) else ()
    return [branch for branch in branches if isinstance(branch, Mapping)]


def _refuse(uri: str) -> Any:
    raise ValueError(f"nothing is fetched: {uri}")


def _follow(value: Any, path: Any) -> Any:
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _value_breach(kind: str, path: Path_, node: Mapping[str, Any], value: Any) -> Breach:
    if kind == "enum":
        allowed = [name for name in node["enum"] if name is not None]
        if node.get(vocabulary.LABEL):
            return _label_breach(path, allowed, value)
        message = f"{_show(value)} is not one of {_list(allowed)}{_near(value, allowed)}"
        return Breach("SCH101", path, message, shape=False)
    if kind == "format":
        return Breach("SCH104", path, f"{_show(value)} is no {node['format']}", shape=False)
    if kind == "pattern":
        code = "SCH102" if node.get(vocabulary.FIELD) == "schema-version" else "SCH101"
        return Breach(code, path, f"{_show(value)} does not match {_cut(node['pattern'])}", shape=False)
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
    message = f"label {_show(value)} is not in the inventory{_near(value, allowed)}"
    return Breach("LBL501", path, message, shape=False, fix=fix)


def _near(value: Any, allowed: list[Any]) -> str:
    return _suggestion(value, tuple(str(name) for name in allowed)) if isinstance(value, str) else ""


@lru_cache(maxsize=4096)
def _suggestion(name: str, known: tuple[str, ...]) -> str:
    """What may have been meant; the same wrong label stands in many articles."""
    return vocabulary.did_you_mean(name, known) if len(name) <= 200 else ""


def _misspelt(missing: str, value: Any, node: Any) -> str:
    known = node.get("properties", ()) if isinstance(node, Mapping) else ()
    strange = [name for name in value if name not in known] if isinstance(value, Mapping) else []
    near = difflib.get_close_matches(missing, strange[:MANY], n=1, cutoff=0.7)
    return f" (there is '{_cut(near[0], 60)}')" if near else ""


def _null_message(node: Any) -> str:
    layer = isinstance(node, Mapping) and vocabulary.LAYER in node
    if layer:
        return "a layer is null: leave it out where nothing was annotated, write [] where nothing was found"
    return f"null stands where {_types(node)} must"


def _types(node: Any) -> str:
    kinds = node.get("type", "another value") if isinstance(node, Mapping) else "another value"
    return " or ".join(_WORDS.get(name, name) for name in _as_list(kinds))


def _shape_message(kind: str, node: Any, value: Any, error: Any) -> str:
    if kind == "type":
        return f"{_show(value)} stands where {_types(node)} must"
    if kind == "minItems" and isinstance(node, Mapping):
        return f"{len(value)} items where at least {node['minItems']} must stand"
    if kind == "maxItems" and isinstance(node, Mapping):
        return f"{len(value)} items where at most {node['maxItems']} may stand"
    return _cut(error.message)


def _show(value: Any) -> str:
    """A value for a message, short."""
    if isinstance(value, str):
        return f"'{_cut(value, 60)}'"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return _cut(repr(value), 60)


def _list(values: list[Any]) -> str:
    shown = [_cut(str(value), 60) for value in values[:12]]
    return ", ".join(shown) + (f" … ({len(values)} in all)" if len(values) > 12 else "")


def _cut(text: str, width: int = 200) -> str:
    return text if len(text) <= width else f"{text[:width]}…"
