"""The record sets of a Croissant description: the fields of each view, their labels, and the splits.

A list of objects is declared where it is a column. Where it is in something else, `mlcroissant` reads nothing or fails,
so the description of what it is in names it instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from corpus_tool.features import Feature

SPLITS = "splits"
_TYPES = (("int", "Integer"), ("uint", "Integer"), ("float", "Float"), ("bool", "Boolean"), ("date", "Date"),
          ("timestamp", "DateTime"))  # fmt: skip
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED = ("parent", "where")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a field stands: its id, the files of its view, the column, and the steps below that."""

    id: str
    files: str
    column: str
    steps: tuple[str, ...] = ()

    def below(self, name: str) -> _Place:
        return _Place(f"{self.id}/{_id(name)}", self.files, self.column, (*self.steps, name))

    @property
    def source(self) -> dict[str, Any]:
        found = {"fileSet": {"@id": self.files}, "extract": {"column": self.column}}
        return {**found, "transform": {"jsonPath": ".".join(map(_step, self.steps))}} if self.steps else found


def file_set_id(view: str) -> str:
    """The id of the files of a view."""
    return f"{view}/files"


def record_sets(views: Iterable[tuple[str, Sequence[Feature], Sequence[str]]]) -> list[dict[str, Any]]:
    """The splits, then each view, after the names of its labels; `views` are name, columns and splits of each."""
    everything = [(_id(name), name, columns, splits) for name, columns, splits in views]
    names = list(dict.fromkeys(split for *_, splits in everything for split in splits))
    found = [_names(SPLITS, names, "cr:Split")]
    for view, name, columns, splits in everything:
        places = [(_Place(f"{view}/{_id(column.name)}", file_set_id(view), column.name), column) for column in columns]
        found += [
            _names(f"labels/{at}", labels, "sc:Enumeration")
            for place, column in places
            for at, labels in _labels(place, column)
        ]
        fields = [field for place, column in places for field in _field(place, column)]
        found.append({
            "@type": "cr:RecordSet",
            "@id": view,
            "name": name,
            "field": [*fields, _split(view, [column.name for column in columns], splits)],
        })  # fmt: skip
    return found


def _names(at: str, names: Sequence[str], kind: str) -> dict[str, Any]:
    """Names and their numbers, in order."""
    number, name = f"{at}/number", f"{at}/name"
    return {
        "@type": "cr:RecordSet",
        "@id": at,
        "name": at,
        "dataType": kind,
        "key": {"@id": name},
        "field": [
            {"@type": "cr:Field", "@id": number, "name": "number", "dataType": "sc:Integer"},
            {"@type": "cr:Field", "@id": name, "name": "name", "dataType": "sc:Text"},
        ],
        "data": [{number: at, name: said} for at, said in enumerate(names)],
    }


def _split(view: str, columns: Sequence[str], splits: Sequence[str]) -> dict[str, Any]:
    """The split of a row, which the name of its file says; matches the bare name, too: a join reads it twice."""
    name = SPLITS[:-1]
    while name in columns:
        name += "_"
    known = "|".join(map(re.escape, splits))
    return {
        "@type": "cr:Field",
        "@id": f"{view}/{name}",
        "name": name,
        "dataType": "sc:Text",
        "source": {
            "fileSet": {"@id": file_set_id(view)},
            "extract": {"fileProperty": "fullpath"},
            "transform": {"regex": f"^(?:{re.escape(view)}/)?({known})(?:-.+parquet)?$"},
        },
        "references": {"field": {"@id": f"{SPLITS}/name"}},
    }


def _field(place: _Place, feature: Feature) -> Iterator[dict[str, Any]]:
    """The field of a column or of what is in one; none where no reader would get its values."""
    inner, depth = _inside(feature)
    if inner.kind == "struct" and depth > (0 if place.steps else 1):
        return
    field: dict[str, Any] = {"@type": "cr:Field", "@id": place.id, "name": feature.name}
    if depth:
        field |= {"isArray": True, "arrayShape": ",".join(["-1"] * depth)}
    if inner.kind == "struct":
        yield from _nested(place, field, inner)
    elif inner.kind == "label":
        yield {**field, "description": f"Numbers of labels/{place.id}.", "dataType": "sc:Integer",
               "source": place.source}  # fmt: skip
    else:
        yield {**field, "dataType": _type(inner.dtype), "source": place.source}


def _nested(place: _Place, field: dict[str, Any], inner: Feature) -> Iterator[dict[str, Any]]:
    parts = [(part, list(_field(place.below(part.name), part))) for part in inner.parts]
    unread = [part.name for part, found in parts if not found]
    if unread:
        field["description"] = f"In the Parquet files and not declared here: {', '.join(unread)}."
    declared = [one for _, found in parts for one in found]
    if declared:
        yield {**field, "subField": declared}


def _inside(feature: Feature) -> tuple[Feature, int]:
    """What is in lists, and how many there are around it."""
    depth = 0
    while feature.kind == "list":
        feature, depth = feature.parts[0], depth + 1
    return feature, depth


def _labels(place: _Place, feature: Feature) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Ids and names of the label columns in a column, whether or not their values can be read."""
    inner, _ = _inside(feature)
    if inner.kind == "label":
        yield place.id, inner.names
    for part in inner.parts if inner.kind == "struct" else ():
        yield from _labels(place.below(part.name), part)


def _type(dtype: str) -> str:
    return next((f"sc:{name}" for start, name in _TYPES if dtype.startswith(start)), "sc:Text")


def _id(name: str) -> str:
    return quote(name, safe="")


def _step(name: str) -> str:
    """A step of a JSONPath."""
    if _PLAIN.fullmatch(name) and name not in _RESERVED:
        return name
    return "'" + name.replace("\\", "\\\\").replace("'", "\\'") + "'"
