"""The header of WebAnno TSV 3: its version, and what its columns are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from corpus_tool.formats.typed_layers.model import LayerKind, TypedLayer
from corpus_tool.formats.typed_layers.names import ANNOTATION

_FORMAT = re.compile(r"#FORMAT=(?:WebAnno TSV (?P<major>[0-9]{1,3})(?:\.(?P<minor>[0-9]{1,3}))?)?")
_LAYER = re.compile(r"#T_(SP|RL|CH)=(.*)", re.DOTALL)
_KINDS = {"SP": LayerKind.SPAN, "RL": LayerKind.RELATION, "CH": LayerKind.CHAIN}
_OLD = re.compile(r" ?# ?[\w.]+(?: \|| \t|\s*$)|#id=[0-9]|#text=")
_SLOT, _BASE = "ROLE_", "BT_"


class Cell(Enum):
    """What the cells of a column hold."""

    NOTHING = "*"
    VALUE = "value"
    ROLES = "roles"
    FILLERS = "fillers"
    SOURCE = "source"
    ELEMENT = "referenceType"
    LINK = "referenceRelation"


@dataclass(frozen=True, slots=True)
class Column:
    """A column behind id, offsets and form: of which layer, what its cells hold, and of which feature.

    `target` is the type that references lead to, `link_type` that of the links of a slot.
    """

    layer: str
    kind: LayerKind
    cell: Cell
    feature: str = ""
    target: str = ANNOTATION
    link_type: str = ""


def version(line: str) -> tuple[int | None, str | None]:
    """The minor version of TSV 3 that the first line tells, or what is wrong with it."""
    match = _FORMAT.match(line)
    if match is not None and match["major"]:
        if match["major"] == "3" and int(match["minor"] or 0) <= 3:
            return int(match["minor"] or 0), None
        return None, f"WebAnno TSV {match['major']}.{match['minor'] or 0} is not read: only 3.0 to 3.3 are"
    if _OLD.match(line):
        which = "1" if line.startswith(("#id=", "#text=")) else "2"
        return None, f"WebAnno TSV {which} has no offsets and is not read: export it as WebAnno TSV 3 or UIMA CAS XMI"
    return None, "the first line is not '#FORMAT=WebAnno TSV 3.x'"


def columns(line: str) -> list[Column] | None:
    """The columns that a line of the header declares; None where it declares none."""
    match = _LAYER.fullmatch(line)
    if match is None:
        return None
    layer, *features = match[2].split("|")
    return list(_columns(layer, _KINDS[match[1]], [name for name in features if name]))


def _columns(layer: str, kind: LayerKind, features: list[str]) -> Iterator[Column]:
    slot: Column | None = None
    for name in features:
        if slot is not None:
            yield Column(layer, kind, Cell.ROLES, slot.feature, name, slot.link_type)
            yield Column(layer, kind, Cell.FILLERS, slot.feature, name, slot.link_type)
            slot = None
        elif kind is LayerKind.SPAN and name.startswith(_SLOT):
            slot = Column(layer, kind, Cell.ROLES, *_slot(name, layer))
        elif kind is LayerKind.RELATION and name.startswith(_BASE):
            yield Column(layer, kind, Cell.SOURCE, target=name.removeprefix(_BASE))
        elif kind is LayerKind.CHAIN and name in ("referenceType", "referenceRelation"):
            yield Column(layer, kind, Cell(name))
        else:
            yield Column(layer, kind, Cell.VALUE, name)
    if slot is not None:
        yield slot
    elif not features:
        yield Column(layer, kind, Cell.NOTHING)


def _slot(name: str, layer: str) -> tuple[str, str, str]:
    """Feature, target and type of links of `ROLE_host:feature_links`; names of packages seldom have an underscore."""
    rest = name.removeprefix(_SLOT).removeprefix(f"{layer}:")
    rest = rest.partition(":")[2] if rest.startswith(f"{layer}:") else rest
    head, dot, tail = rest.partition(".")
    feature, _, first = head.rpartition("_") if "_" in head else (head, "", "")
    return feature, ANNOTATION, f"{first}{dot}{tail}"


def declare(layer: str, own: Iterable[Column]) -> str:
    """The line of the header for the columns of a layer."""
    found = list(own)
    letters = next(name for name, kind in _KINDS.items() if kind is found[0].kind)
    return f"#T_{letters}={layer}" + "".join(f"|{_declared(column)}" for column in found)


def _declared(column: Column) -> str:
    if column.cell is Cell.ROLES:
        return f"{_SLOT}{column.layer}:{column.feature}_{column.link_type}"
    if column.cell is Cell.FILLERS:
        return column.target
    if column.cell is Cell.SOURCE:
        return f"{_BASE}{column.target}"
    return column.cell.value if column.cell in (Cell.ELEMENT, Cell.LINK) else column.feature


def layers(declared: Iterable[Column]) -> list[TypedLayer]:
    """The layers of columns, each with its features."""
    found: dict[str, list[str]] = {}
    kinds: dict[str, LayerKind] = {}
    for column in declared:
        kinds[column.layer] = column.kind
        names = found.setdefault(column.layer, [])
        if column.cell is Cell.VALUE:
            names.append(column.feature)
    return [TypedLayer(layer, kinds[layer], tuple(names)) for layer, names in found.items()]
