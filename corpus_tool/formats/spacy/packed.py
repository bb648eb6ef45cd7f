"""The bytes of a DocBin as its parts: unpacked under a limit, and without the hooks of libraries.

spaCy's own reader unpacks without a limit, cuts documents short where `lengths` lie, and checks spans and strings only
when they are asked for; here everything is checked before any of it is used.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

RATIO = 100
"""zlib packs a DocBin ten to thirty times; more than this is a bomb, beyond what is small anyway."""
SMALL, MOST = 32 * 2**20, 256 * 2**20
SPAN = struct.Struct(">QQQllll")
"""A span of a group: id, kb_id, label, first and last token, first and last character."""
_FIELDS = ("attrs", "tokens", "spaces", "lengths", "strings")


class NotADocBinError(ValueError):
    """The bytes are no DocBin; the message says why."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A DocBin: `attrs` name the columns of `tokens`, `ends` are the last rows of its documents."""

    attrs: list[int]
    tokens: Any
    spaces: Any
    ends: list[int]
    strings: list[str]
    cats: list[Any]
    flags: list[Any]
    groups: list[Any]
    user_data: list[Any]


def unpacked(data: bytes) -> Packed:
    """The parts of a DocBin; NotADocBinError where they do not fit together."""
    value = message(_inflated(data))
    if not isinstance(value, dict) or any(name not in value for name in _FIELDS):
        raise NotADocBinError("it lacks " + ", ".join(name for name in _FIELDS if name not in (value or ())))
    attrs, strings = value["attrs"], value["strings"]
    if not _are(attrs, int) or not attrs or not _are(strings, str):
        raise NotADocBinError("its attributes are no numbers, or its strings no strings")
    columns = [value[name] for name in ("tokens", "spaces", "lengths")]
    if not _are(columns, bytes) or len(columns[0]) % (8 * len(attrs)) or len(columns[2]) % 4:
        raise NotADocBinError("its tokens are no table")
    tokens = np.frombuffer(columns[0], "<u8").reshape(-1, len(attrs))
    lengths = np.frombuffer(columns[2], "<i4").astype(np.int64)
    if (lengths < 0).any() or lengths.sum() != len(tokens) or len(columns[1]) != len(tokens):
        raise NotADocBinError(f"its documents have {lengths.sum():,} tokens by length, and there are {len(tokens):,}")
    spaces = np.frombuffer(columns[1], np.uint8) != 0
    several = [_list(value, name, len(lengths)) for name in ("cats", "flags", "span_groups", "user_data")]
    return Packed(list(attrs), tokens, spaces, np.cumsum(lengths).tolist(), list(strings), *several)


def _are(values: object, kind: type) -> bool:
    return isinstance(values, list) and all(isinstance(one, kind) and not isinstance(one, bool) for one in values)


def _list(value: dict[str, Any], name: str, length: int) -> list[Any]:
    found = value.get(name)
    if found is None:
        return [None] * length
    if not isinstance(found, list) or len(found) != length:
        raise NotADocBinError(f"its '{name}' are not one a document")
    return found


def _inflated(data: bytes) -> bytes:
    limit = min(MOST, max(SMALL, RATIO * len(data)))
    engine = zlib.decompressobj()
    try:
        out = engine.decompress(data, limit + 1)
    except zlib.error as error:
        raise NotADocBinError(f"not packed by zlib, or damaged ({error})") from error
    if len(out) > limit:
        raise NotADocBinError(f"unpacked it has more than {limit:,} bytes: divide it")
    if not engine.eof:
        raise NotADocBinError("it is cut off: the file ends in the middle")
    if engine.unused_data:
        raise NotADocBinError(f"{len(engine.unused_data):,} bytes stand behind it")
    return out


def message(data: bytes, *, lists: bool = True) -> Any:
    """A value of msgpack, by no hooks; `lists` False makes tuples, which keys of maps have to be."""
    from srsly import msgpack

    unpack: Callable[..., Any] = msgpack.unpackb
    try:
        return unpack(data, raw=False, use_list=lists, strict_map_key=False, object_pairs_hook=dict)
    except (ValueError, TypeError, RecursionError, OverflowError, MemoryError, msgpack.UnpackException) as error:
        raise NotADocBinError(f"not msgpack ({type(error).__name__}: {str(error)[:80]})") from error


def groups_of(data: object) -> dict[str, tuple[list[Any], dict[str, Any]]]:
    """The span groups of a document by name: packed spans, and the attributes of the group."""
    if not isinstance(data, bytes) or not data:
        return {}
    value = message(data, lists=False)
    found: dict[str, tuple[list[Any], dict[str, Any]]] = {}
    for packed, names in value.items() if isinstance(value, dict) else ((one, None) for one in value):
        group = message(packed) if isinstance(packed, bytes) else None
        if not isinstance(group, dict) or not _are(group.get("spans"), bytes):
            raise NotADocBinError("a span group is no list of spans")
        named = names if isinstance(names, tuple | list) else [group.get("name")]
        for name in named:
            found[str(name)] = (group["spans"], group.get("attrs") or {})
    if any(len(one) != SPAN.size for spans, _ in found.values() for one in spans):
        raise NotADocBinError("a span of a group has another size")
    return found
