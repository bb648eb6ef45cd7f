"""The keywords that say what a field of an article means, and the check that a schema is a schema."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cache
from typing import Any

from corpus_tool.errors import SettingsError
from corpus_tool.resources import schema as packaged

TEXT, LAYER, SPAN, SURFACE, ID = "x-text", "x-layer", "x-span", "x-surface", "x-id"
REF, ROLE, LABEL, PROVENANCE, FIELD, ARROW = "x-ref", "x-role", "x-label", "x-provenance", "x-field", "x-arrow"


EDITORS = "$schema"
"""The property of an article that names its contract to editors, and is no part of the article."""

MAX_LEVELS = 500
"""Levels of brackets in a schema file."""


def check_schema(value: Any, place: str) -> None:
    """Raise SettingsError where `value` is not a JSON Schema of draft 2020-12 with this vocabulary.

    Closed: a keyword neither knows is taken for a misspelling. Of several errors the deepest is the one reported.
    Patterns are not looked at: they are of the dialect of jsonschema-rs, which says so when it compiles them.
    """
    if _levels(value) > MAX_LEVELS:
        raise SettingsError("the schema is nested too deeply", place)
    try:
        error = worst_error("vocabulary-1", value)
    except RecursionError as error_:
        raise SettingsError("the schema is nested too deeply", place) from error_
    if error is not None:
        raise SettingsError(explain(error), f"{place}#{pointer(error.absolute_path)}")


def _levels(value: Any) -> int:
    levels, waiting = 0, [value]
    while waiting and levels <= MAX_LEVELS:
        levels += 1
        inner = (part.values() if isinstance(part, dict) else part for part in waiting if isinstance(part, dict | list))
        waiting = [part for parts in inner for part in parts]
    return levels


def worst_error(name: str, value: Any) -> Any | None:
    """The deepest error of a settings value against a packaged schema (of equals the first); None where it keeps it."""
    if _keeps(name, value):
        return None
    from jsonschema import Draft202012Validator

    errors = sorted(Draft202012Validator(packaged(name)).iter_errors(value), key=_depth, reverse=True)
    return _deepest(errors[0]) if errors else None


def _keeps(name: str, value: Any) -> bool:
    """Whether a value keeps a packaged schema. Asked first, since loading jsonschema takes longer than a small run."""
    try:
        return bool(_validator(name).is_valid(value))
    except (TypeError, ValueError):  # a date of TOML, a number beyond JSON: jsonschema explains
        return False


@cache
def _validator(name: str) -> Any:
    from jsonschema_rs import Draft202012Validator

    return Draft202012Validator(packaged(name))


def _depth(error: Any) -> int:
    return len(error.absolute_path)


def _deepest(error: Any) -> Any:
    inner = sorted(error.context or (), key=_depth, reverse=True)
    return _deepest(inner[0]) if inner and _depth(inner[0]) > _depth(error) else error


def explain(error: Any, what: str = "keyword") -> str:
    """A jsonschema error in words, short; what is unknown, with what may have been meant."""
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        unknown = [name for name in error.instance if name not in known]
        shown = [f"unknown {what} '{_cut(name, 60)}'{did_you_mean(name, known)}" for name in unknown[:5]]
        more = [f"and {len(unknown) - 5} more"] if len(unknown) > 5 else []
        return "; ".join([*shown, *more])
    return _cut(str(error.message), 300)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[:width]}…"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A suggestion to append to a message; empty where nothing comes near."""
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.7)
    if not near:
        near = [other for other in known if other.casefold() == name.casefold()]
    return f": did you mean '{near[0]}'?" if near else ""


def pointer(path: Iterable[str | int]) -> str:
    """The RFC 6901 JSON Pointer of a path."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def steps(at: str) -> list[str]:
    """The path of a JSON Pointer."""
    return [step.replace("~1", "/").replace("~0", "~") for step in at.split("/")[1:]]
