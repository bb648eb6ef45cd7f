"""Values as plain JSON data and back: never as pickles, so that no file can make this program run anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

Classes = Mapping[str, type[Any]]
Shift = Mapping[str, int]
"""By path: how many lines further down what stands in that file is meant to be."""

_PLACED = frozenset({"Location", "Entry", "Finding"})
"""What says where in a file it stands, or holds something that does so without saying in which."""


def named(classes: Iterable[type[Any]]) -> Classes:
    return {one.__name__: one for one in classes}


def encode(value: Any, classes: Classes | None = None, shift: Shift | None = None) -> Any:
    """A value as JSON data, in the order it has; TypeError where it holds what is none of `classes` (None: any)."""
    if value is None or (isinstance(value, bool | int | float | str) and not isinstance(value, Enum)):
        return value
    name = type(value).__name__
    if is_dataclass(value) or isinstance(value, Enum):
        if classes is not None and classes.get(name) is not type(value):
            raise TypeError(f"{name} is not among what the cache keeps")
        if isinstance(value, Enum):
            return [name, value.name]
        parts = _moved(value, shift, -1) if shift and name in _PLACED else value
        return [name, *(encode(getattr(parts, one.name), classes, shift) for one in fields(parts))]
    return _encode_collection(value, classes, shift)


def _encode_collection(value: Any, classes: Classes | None, shift: Shift | None) -> Any:
    if isinstance(value, bytes):
        return ["bytes", value.hex()]
    if isinstance(value, Mapping):
        kind = "counter" if isinstance(value, Counter) else "dict"
        return [kind, *([encode(key, classes, shift), encode(part, classes, shift)] for key, part in value.items())]
    if isinstance(value, frozenset | set):
        return ["set", *sorted((encode(part, classes, shift) for part in value), key=repr)]
    if isinstance(value, list | tuple):
        return ["list" if isinstance(value, list) else "tuple", *(encode(part, classes, shift) for part in value)]
    if isinstance(value, date | Path) and classes is None:
        return [type(value).__name__, str(value)]
    raise TypeError(f"{type(value).__name__} is not among what the cache keeps")


def decode(data: Any, classes: Classes, shift: Shift | None = None) -> Any:
    """The value that was encoded; an exception of any kind where the data is none of this making."""
    if not isinstance(data, list):
        return data
    name, *parts = data
    made = _COLLECTIONS.get(name)
    if made is not None:
        return made([decode(part, classes, shift) for part in parts])
    if name == "bytes":
        return bytes.fromhex(parts[0])
    if name in ("dict", "counter"):
        pairs = {decode(key, classes, shift): decode(part, classes, shift) for key, part in parts}
        return Counter(pairs) if name == "counter" else pairs
    kind = classes[name]
    if issubclass(kind, Enum):
        return kind[parts[0]]
    value = kind(*(decode(part, classes, shift) for part in parts))
    return _moved(value, shift, 1) if shift and name in _PLACED else value


_COLLECTIONS: Mapping[str, Any] = {"list": list, "tuple": tuple, "set": frozenset}


def _moved(value: Any, shift: Shift, sign: int) -> Any:
    """A place in a file, or the changes of lines that a finding has, some lines further down or up."""
    lines = sign * shift.get(value.location.path if hasattr(value, "location") else value.path, 0)
    if not lines:
        return value
    if hasattr(value, "location"):
        fix = value.fix
        moved = [replace(one, line=one.line + lines) for one in fix.lines] if fix is not None else []
        return replace(value, fix=replace(fix, lines=tuple(moved))) if moved else value
    names = [one.name for one in fields(value) if one.name in ("line", "end_line")]
    return replace(value, **{name: at + lines for name in names if (at := getattr(value, name)) is not None})
