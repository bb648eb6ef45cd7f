"""What the attributes of XMI say, by the type system: numbers, references, lists of them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus_tool.formats.cas.structures import Ref, Value
from corpus_tool.formats.cas.types import BOOLEAN, FLOATS, INTEGERS, STRING, Feature, TypeSystem, element_of

BYTES = "uima.cas.Byte"
_INTEGER = re.compile(r"-?[0-9]{1,19}")
_SPECIAL = {"NaN", "Infinity", "-Infinity"}
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,4})?[fFdD]?")


class MistypedError(Exception):
    """A value that is not of the type that its feature has."""


def typed(types: TypeSystem, feature: Feature, said: str) -> Value:
    """The value of an attribute. Raises MistypedError."""
    held = element_of(feature)
    if held is None and feature.range.startswith("uima.cas.") and types.is_list(feature.range):
        held = "uima.cas.TOP"
    if held is None:
        return one(types, feature.range, said)
    kind = types.primitive(held)
    if feature.shared and not feature.range.startswith("uima.cas.Sofa") and _INTEGER.fullmatch(said.strip()):
        return Ref(int(said))  # the array or list stands apart
    if held == BYTES:
        return _bytes(said)
    if kind == STRING:
        return (said,) if said.strip() else ()
    return tuple(one(types, held, part) for part in said.split())


def one(types: TypeSystem, range_: str, said: str) -> Value:
    """A value of a type that is no array. Raises MistypedError."""
    kind = types.primitive(range_)
    if kind == STRING:
        return said
    if kind in INTEGERS or kind is None:
        if not _INTEGER.fullmatch(said.strip()):
            raise MistypedError("is no number" if kind else "is no reference")
        return int(said) if kind else Ref(int(said))
    if kind == BOOLEAN:
        if said not in {"true", "false"}:
            raise MistypedError("is neither true nor false")
        return said == "true"
    assert kind in FLOATS
    if said not in _SPECIAL and not _FLOAT.fullmatch(said):
        raise MistypedError("is no number")
    return float(said.rstrip("fFdD")) if said not in _SPECIAL else float(said)


def children(types: TypeSystem, feature: Feature, said: Sequence[str]) -> Value:
    """The value of a feature that is written as elements, one a member. Raises MistypedError."""
    held = element_of(feature) or STRING
    return tuple(one(types, held, each) for each in said)


def _bytes(said: str) -> Value:
    try:
        return tuple(bytes.fromhex(said))
    except ValueError as error:
        raise MistypedError("is not hexadecimal") from error
