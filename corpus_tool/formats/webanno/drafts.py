"""Annotations of a WebAnno TSV file as they grow from unit to unit."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus_tool.formats.webanno.header import Column


@dataclass(slots=True)
class Slot:
    """Roles and fillers of a slot, still as they are written."""

    column: Column
    roles: list[str | None] = field(default_factory=list)
    fillers: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Draft:
    """A span, relation, or link of a chain: offsets in code points, features that are set, and what it refers to.

    Equal to itself only: stacks are searched for it.
    """

    id: str
    layer: str
    line: int
    unit: str
    begin: int
    end: int
    features: dict[str, str] = field(default_factory=dict)
    slots: dict[str, Slot] = field(default_factory=dict)
    source: str | None = None
    numbers: tuple[int, int] = (0, 0)
    base: str = ""
    link: tuple[int, int] | None = None


@dataclass(slots=True)
class Place:
    """A unit with its offsets in code points, and its annotations by layer in the order of their stacking."""

    id: str
    line: int
    begin: int
    end: int
    stacked: dict[str, list[Draft]] = field(default_factory=dict)
