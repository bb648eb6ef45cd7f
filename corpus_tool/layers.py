"""The layers of an article: where in an annotation spans and references stand, and what its fields mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from corpus_tool import vocabulary
from corpus_tool.fields import Field

EACH = "*"
"""The step of a path that stands for every element of a list."""


Path_ = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpanPlace:
    """Where spans stand in an annotation: the path to the object, and the names of its fields (surface may be None)."""

    path: Path_
    start: str
    end: str
    surface: str | None


@dataclass(frozen=True, slots=True)
class RefPlace:
    """Where a reference stands in an annotation: its path, the kinds it may name, the field of the role beside it."""

    path: Path_
    kinds: tuple[str, ...]
    role: str | None

    @property
    def field(self) -> str:
        """The property of the annotation that holds the reference."""
        return self.path[0]


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: the property that holds it, its kind, and which fields of its items mean what."""

    name: str
    kind: str
    item: Field
    id: str | None
    label: str | None
    provenance: str | None
    spans: tuple[SpanPlace, ...]
    references: tuple[RefPlace, ...]
    meanings: Mapping[str, Path_]


def is_layer(field: Field) -> bool:
    return field.item is not None and field.item.type == "object"


def read_layer(field: Field) -> Layer:
    item = field.item
    assert item is not None
    own = item.child(vocabulary.ID)
    label = item.child(vocabulary.LABEL)
    provenance = item.child(vocabulary.PROVENANCE)
    return Layer(
        name=field.name,
        kind=field.says(vocabulary.LAYER),
        item=item,
        id=own.name if own else None,
        label=label.name if label else None,
        provenance=provenance.name if provenance else None,
        spans=tuple(_spans(item, ())),
        references=tuple(_references(item, ())),
        meanings=dict(read_meanings(item, (), skip_layers=False)),
    )


def span_names(field: Field) -> dict[str, str]:
    said = field.says(vocabulary.SPAN)
    return {"start": "start", "end": "end", **(said if isinstance(said, Mapping) else {})}


def _spans(field: Field, path: Path_) -> Iterator[SpanPlace]:
    if field.says(vocabulary.SPAN):
        names = span_names(field)
        surface = field.child(vocabulary.SURFACE)
        yield SpanPlace(path, names["start"], names["end"], surface.name if surface else None)
        return
    for step, child in _below(field):
        yield from _spans(child, (*path, step))


def _references(field: Field, path: Path_) -> Iterator[RefPlace]:
    role = field.child(vocabulary.ROLE)
    for step, child in _below(field):
        kinds = child.says(vocabulary.REF)
        if kinds:
            yield RefPlace((*path, step), tuple(kinds), role.name if role and field.type == "object" else None)
        else:
            yield from _references(child, (*path, step))


def nested_id(layer: Layer, path: Path_) -> str | None:
    """The property that holds the id of what stands at a path of an annotation; None where it has none."""
    field: Field | None = layer.item
    for step in path:
        field = None if field is None else field.item if step == EACH else field[step]
    found = field.child(vocabulary.ID) if field is not None else None
    return found.name if found and path else None


def read_meanings(field: Field, path: Path_, *, skip_layers: bool) -> Iterator[tuple[str, Path_]]:
    for step, child in _below(field):
        if skip_layers and child.says(vocabulary.LAYER):
            continue
        meaning = child.says(vocabulary.FIELD)
        if meaning:
            yield meaning, (*path, step)
        yield from read_meanings(child, (*path, step), skip_layers=skip_layers)


def _below(field: Field) -> Iterator[tuple[str, Field]]:
    for child in field.fields:
        yield child.name, child
    if field.item is not None:
        yield EACH, field.item
