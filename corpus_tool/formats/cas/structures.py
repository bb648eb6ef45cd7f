"""What a CAS holds: feature structures with typed values, and views of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from corpus_tool.formats import Place, Unit
from corpus_tool.formats.cas.types import TypeSystem

SOFA = "uima.cas.Sofa"
ANNOTATION_BASE = "uima.cas.AnnotationBase"
ANNOTATION = "uima.tcas.Annotation"
DOCUMENT_ANNOTATION = "uima.tcas.DocumentAnnotation"
INITIAL_VIEW = "_InitialView"
_NODES = 100_000


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to the feature structure of that number; 0 is none."""

    id: int


Value: TypeAlias = "str | int | float | bool | Ref | tuple[Value, ...] | None"


@dataclass(frozen=True, slots=True)
class Structure:
    """A feature structure: its type by full name, the features that are set, where it stands in the source."""

    id: int
    type: str
    values: Mapping[str, Value]
    place: Place | None = None

    def number(self, name: str) -> int | None:
        """The value of a feature where it is an integer."""
        value = self.values.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def text(self, name: str) -> str | None:
        """The value of a feature where it is a string."""
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def ref(self, name: str) -> int | None:
        """The number of what a feature refers to."""
        value = self.values.get(name)
        return value.id if isinstance(value, Ref) else None


@dataclass(frozen=True, slots=True)
class View:
    """Some of the feature structures, under a name; `sofa` is the number of what they speak of, None where unknown."""

    name: str
    sofa: int | None
    members: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cas:
    """All feature structures by number, in the order of the source, their types, and the views.

    `unit` is what `begin` and `end` count. `stated` says whether the source brought its types.
    """

    types: TypeSystem
    structures: Mapping[int, Structure]
    views: tuple[View, ...]
    unit: Unit = Unit.UTF16
    stated: bool = True
    lists: dict[int, tuple[Value, ...]] = field(default_factory=dict)

    def several(self, value: Value) -> tuple[Value, ...]:
        """The values of a feature that may have several: in place, in an array or in a linked list."""
        if isinstance(value, tuple):
            return value
        if not isinstance(value, Ref):
            return () if value is None else (value,)
        if value.id not in self.lists:
            self.lists[value.id] = tuple(self._held(value))
        return self.lists[value.id]

    def _held(self, ref: Ref) -> Iterator[Value]:
        structure = self.structures.get(ref.id)
        if structure is None:
            return
        elements = structure.values.get("elements")
        if structure.type.endswith(("Array", "[]")) and (elements is None or isinstance(elements, tuple)):
            yield from elements or ()
        elif self.types.is_list(structure.type):
            yield from self._linked(structure)
        else:
            yield ref

    def _linked(self, structure: Structure | None) -> Iterator[Value]:
        """The heads of a linked list; one that bites its tail ends there."""
        passed: set[int] = set()
        while structure is not None and structure.id not in passed and len(passed) < _NODES:
            passed.add(structure.id)
            if "head" in structure.values:
                yield structure.values["head"]
            structure = self.structures.get(structure.ref("tail") or 0)
