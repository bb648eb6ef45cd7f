"""UIMA CAS JSON (0.4) to feature structures."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from corpus_tool.decoding import decode
from corpus_tool.formats import Unit
from corpus_tool.formats.cas.guessing import guessed
from corpus_tool.formats.cas.noted import Noted, UnreadableError
from corpus_tool.formats.cas.structures import SOFA, Cas, Ref, Structure, Value, View
from corpus_tool.formats.cas.types import ELEMENTS, FS_ARRAY, PREDEFINED, TOP, Feature, Type, TypeSystem
from corpus_tool.positions import place_of
from corpus_tool.refusals import BOM, Refusal

STRUCTURES = "%FEATURE_STRUCTURES"
_UNITS = {"UTF-8": Unit.BYTES, "UTF-16": Unit.UTF16, "UTF-32": Unit.CODE_POINTS}
_BYTE_ARRAY = "uima.cas.ByteArray"
_FLOATS = {"NaN": "NaN", "Infinity": "Infinity", "Inf": "Infinity", "-Infinity": "-Infinity", "-Inf": "-Infinity"}


def read_json(data: bytes, fallback: TypeSystem, noted: Noted) -> Cas:
    """The feature structures of a file. Types that it does not bring are those of `fallback`.

    Raises UnreadableError.
    """
    data = data.removeprefix(BOM)
    value = decode(data)
    if isinstance(value, Refusal):
        place = None if value.offset is None else place_of(data, value.offset)
        raise UnreadableError(value.message, place, _rule(value.code))
    if not isinstance(value, dict):
        raise UnreadableError(f"the file is {_what(value)}, not the object of a CAS")
    types, stated = _types(value.get("%TYPES"), fallback, noted)
    structures = dict(_structures(value.get(STRUCTURES), types, noted))
    views = tuple(_views(value.get("%VIEWS"), structures, noted))
    cas = Cas(types, structures, views, _unit(value, noted), stated)
    return guessed(cas, _undeclared(cas), noted)


def _undeclared(cas: Cas) -> dict[str, set[str]]:
    """Types and features that nothing declares."""
    found: dict[str, set[str]] = {}
    for each in cas.structures.values():
        unknown = each.values.keys() - cas.types.features(each.type).keys()
        if not each.type.endswith("[]") and (unknown or cas.types.get(each.type) is None):
            found.setdefault(each.type, set()).update(unknown)
    return found


def _rule(code: str) -> tuple[str, str]:
    from corpus_tool.rules import find_rule  # rules are made from all modules of rules

    return code, find_rule(code).name


def _unit(value: Mapping[str, Any], noted: Noted) -> Unit:
    """What the header says of offsets: they are UTF-16 where it says nothing."""
    header = value.get("%HEADER")
    said = header.get("offset-encoding") if isinstance(header, dict) else None
    said = value.get("%OFFSET_ENCODING", said)
    if said is None:
        return Unit.UTF16
    if not isinstance(said, str) or said.upper() not in _UNITS:
        noted.ambiguous(f"the offset encoding '{said!s:.40}' is none of {', '.join(_UNITS)}: read as UTF-16")
        return Unit.UTF16
    return _UNITS[said.upper()]


def _types(said: Any, fallback: TypeSystem, noted: Noted) -> tuple[TypeSystem, bool]:
    if said is None:
        return fallback, False
    if not isinstance(said, dict):
        noted.malformed(f"%TYPES is {_what(said)}, not an object")
        return fallback, False
    own = [_type(name, each) for name, each in said.items() if isinstance(each, dict)]
    if len(own) < len(said):
        noted.malformed("%TYPES has types that are no objects: left out")
    declared = {each.name for each in own}
    return TypeSystem.of([*own, *(each for name, each in fallback.own.items() if name not in declared)]), True


def _type(name: str, said: Mapping[str, Any]) -> Type:
    features = tuple(
        Feature(
            key, _string(each.get("%RANGE")) or TOP, _string(each.get("%ELEMENT_TYPE")),
            each.get("%MULTIPLE_REFERENCES_ALLOWED") is True,
        )
        for key, each in said.items() if isinstance(each, dict)
    )  # fmt: skip
    return Type(name, _string(said.get("%SUPER_TYPE")) or TOP, features, _string(said.get("%DESCRIPTION")) or "")


def _string(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _structures(said: Any, types: TypeSystem, noted: Noted) -> Iterator[tuple[int, Structure]]:
    seen: set[int] = set()
    for key, each in _numbered(said, noted):
        number = key if key is not None else each.get("%ID")
        kind = each.get("%TYPE")
        if not isinstance(number, int) or isinstance(number, bool) or not isinstance(kind, str):
            noted.malformed(f"a feature structure without a number or a type: %ID {number!r:.40}, %TYPE {kind!r:.80}")
            continue
        if number in seen:
            noted.malformed(f"the %ID {number} stands twice: the second one, of type {kind}, is left out")
            continue
        seen.add(number)
        yield number, Structure(number, kind, dict(_values(number, kind, each, types, noted)))


def _numbered(said: Any, noted: Noted) -> Iterator[tuple[int | None, Mapping[str, Any]]]:
    """Feature structures as a list, where each has its number, or as an object whose keys are the numbers."""
    pairs = (
        list(said.items())
        if isinstance(said, dict)
        else [(None, each) for each in said or ()]
        if isinstance(said, list | None)
        else None
    )
    if pairs is None:
        noted.malformed(f"{STRUCTURES} is {_what(said)}, neither a list nor an object")
        return
    for key, each in pairs:
        number = int(key) if isinstance(key, str) and key.isascii() and key.isdigit() and len(key) < 18 else None
        if isinstance(each, dict) and (key is None or number is not None):
            yield number, each
        else:
            noted.malformed(f"{STRUCTURES} has {_what(each)} where an object with a number should stand")


def _values(
    number: int, kind: str, said: Mapping[str, Any], types: TypeSystem, noted: Noted
) -> Iterator[tuple[str, Value]]:
    features = types.features(kind)
    for key, value in said.items():
        name = key.lstrip("@#^")
        if key == "%ELEMENTS":
            yield "elements", _elements(kind, value, noted, number)
        elif key.startswith("%") or value is None:
            continue
        elif key.startswith("@"):
            if isinstance(value, int) and not isinstance(value, bool):
                yield name, Ref(value)
            else:
                noted.malformed(f"'{key}' of feature structure {number} is no number of another")
        elif isinstance(value, str | int | float):
            if features and name in features and not _fits(types, features[name], value):
                noted.malformed(f"'{name}' of feature structure {number} is {_what(value)}, not {features[name].range}")
            else:
                yield name, float(_FLOATS[value]) if key.startswith("#") and value in _FLOATS else value
        else:
            noted.malformed(f"'{name}' of feature structure {number} is {_what(value)}, not one value")


def _fits(types: TypeSystem, feature: Feature, value: str | float) -> bool:
    """Whether a value is of the kind that its feature declares."""
    kind = types.primitive(feature.range)
    if kind is None or kind == "uima.cas.String":
        return kind is None or isinstance(value, str)
    if kind == "uima.cas.Boolean":
        return isinstance(value, bool)
    if kind in {"uima.cas.Float", "uima.cas.Double"}:
        return (isinstance(value, int | float) and not isinstance(value, bool)) or value in _FLOATS
    return isinstance(value, int) and not isinstance(value, bool)


def _elements(kind: str, value: Any, noted: Noted, number: int) -> Value:
    if kind == _BYTE_ARRAY and isinstance(value, str):
        try:
            return tuple(base64.b64decode(value, validate=True))
        except (binascii.Error, ValueError):
            noted.malformed(f"the bytes of feature structure {number} are not Base64")
            return ()
    if not isinstance(value, list):
        noted.malformed(f"%ELEMENTS of feature structure {number} is {_what(value)}, not a list")
        return ()
    if kind == FS_ARRAY or (kind.endswith("[]") and f"{kind[:-2]}Array" not in ELEMENTS):
        return tuple(Ref(each) for each in value if isinstance(each, int) and not isinstance(each, bool))
    return tuple(each for each in value if each is None or isinstance(each, str | int | float))


def _views(said: Any, structures: Mapping[int, Structure], noted: Noted) -> Iterator[View]:
    spoken: set[int] = set()
    if not isinstance(said, dict | None):
        noted.malformed(f"%VIEWS is {_what(said)}, not an object")
    for name, each in said.items() if isinstance(said, dict) else ():
        sofa = each.get("%SOFA") if isinstance(each, dict) else None
        members = each.get("%MEMBERS") if isinstance(each, dict) else None
        if not isinstance(members, list):
            noted.malformed(f"the view '{name[:60]}' has no list of %MEMBERS")
            members = []
        known = [one for one in members if isinstance(one, int) and one in structures]
        if len(known) < len(members):
            noted.malformed(f"the view '{name[:60]}' has {len(members) - len(known)} members that there are not")
        spoken.add(sofa if isinstance(sofa, int) else 0)
        yield View(name, sofa if isinstance(sofa, int) else None, tuple(known))
    for number, structure in structures.items():
        if structure.type == SOFA and number not in spoken:
            yield View(structure.text("sofaID") or "_InitialView", number)


def _what(value: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return kinds.get(type(value), "a number")


__all__ = ["PREDEFINED", "STRUCTURES", "read_json"]
