"""Cells of a WebAnno TSV file to annotations: which are the same from unit to unit, and what each says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from corpus_tool.formats.noticed import Noticed
from corpus_tool.formats.typed_layers.model import LayerKind
from corpus_tool.formats.webanno.drafts import Draft, Place, Slot
from corpus_tool.formats.webanno.escapes import Numbered, linked, numbered, parts, stack, unescape_value
from corpus_tool.formats.webanno.header import Cell, Column

_NOTHING, _UNSET = "_", "*"


@dataclass(slots=True)
class Annotations:
    """All annotations of a file, in the order of their first unit, and by number and layer.

    Numbers are unique in a file, but some writers count by layer.
    """

    noticed: Noticed
    drafts: dict[str, Draft] = field(default_factory=dict)
    by_number: dict[int, dict[str, Draft]] = field(default_factory=dict)
    with_number: set[str] = field(default_factory=set)
    links: dict[tuple[str, int, int], Draft] = field(default_factory=dict)
    read_before: dict[tuple[str, ...], dict[str, list[Draft]]] = field(default_factory=dict)
    """Stacks by cells that say no more where they stand again: all that they name has a number."""

    def new(self, column: Column, place: Place) -> Draft:
        draft = Draft(f"{column.layer}#{len(self.drafts)}", column.layer, place.line, place.id, place.begin, place.end)
        self.drafts[draft.id] = draft
        return draft

    def read_all(self, place: Place, columns: Sequence[Column], cells: tuple[str, ...]) -> None:
        """Take in the cells of a unit; an empty one says something only of what another cell says is there."""
        known = self.read_before.get(cells)
        if known is not None:
            place.stacked = known
            for draft in chain.from_iterable(known.values()):
                draft.end = max(draft.end, place.end)
            return
        for column, cell in zip(columns, cells, strict=True):
            if cell not in (_NOTHING, ""):
                self.read(place, column, cell)
        for column, cell in zip(columns, cells, strict=True):
            if cell == "" and column.cell is Cell.VALUE and len(place.stacked.get(column.layer, ())) == 1:
                self.read(place, column, cell)
        if all(map(_is_numbered, columns, cells)):
            self.read_before[cells] = place.stacked

    def read(self, place: Place, column: Column, cell: str) -> None:
        """Take in one cell that says something."""
        if column.kind is LayerKind.CHAIN:
            for index, part in enumerate(parts(cell, "|")):
                self._chain(place, column, index, part)
        elif column.cell is Cell.FILLERS:
            for index, part in enumerate(parts(cell, "|")):
                self._annotation(place, column, index, (part, None))
        else:
            for index, said in enumerate(stack(cell)):
                self._annotation(place, column, index, said)

    def _annotation(self, place: Place, column: Column, index: int, said: Numbered) -> None:
        value, numbers = said
        number = numbers[0] if numbers is not None and column.kind is LayerKind.SPAN else 0
        draft = self._stacked(place, column, index, number)
        if number and column.layer not in (known := self.by_number.setdefault(number, {})):
            known[column.layer] = draft
            self.with_number.add(draft.id)
        self._say(draft, column, value, numbers)

    def _stacked(self, place: Place, column: Column, index: int, number: int) -> Draft:
        """The annotation of that number, or of that place in the stack of the unit; a new one where there is none."""
        there = place.stacked.setdefault(column.layer, [])
        known = self.by_number[number].get(column.layer) if number in self.by_number else None
        if known is not None:
            if known not in there:
                there.append(known)
                known.end = max(known.end, place.end)
            return known
        if index < len(there) and not (number and there[index].id in self.with_number):
            return there[index]
        there.append(self.new(column, place))
        return there[-1]

    def _say(self, draft: Draft, column: Column, value: str, numbers: tuple[int, int] | None) -> None:
        if column.cell is Cell.VALUE:
            if column.feature not in draft.features and value not in (_UNSET, _NOTHING):
                draft.features[column.feature] = unescape_value(value)
        elif column.cell is Cell.SOURCE:
            draft.source, draft.numbers, draft.base = value, numbers or (0, 0), column.target
        elif column.cell is Cell.ROLES:
            slot = draft.slots.setdefault(column.feature, Slot(column))
            if value != _NOTHING:
                slot.roles = [None if role == _UNSET else unescape_value(role) for role in parts(value, ";")]
        elif column.cell is Cell.FILLERS:
            slot = draft.slots.setdefault(column.feature, Slot(column))
            slot.fillers = [] if value in (_UNSET, _NOTHING) else parts(value, ";")

    def _chain(self, place: Place, column: Column, index: int, part: str) -> None:
        there = place.stacked.setdefault(column.layer, [])
        if column.cell is Cell.LINK:
            value, link = linked(part)
            if link is None:
                self.noticed.wrong(place.line, f"'{part[:40]}' names no link of a chain, as '->1-1' would")
                return
            draft = self.links.get((column.layer, *link))
            if draft is None:
                draft = self.links[column.layer, *link] = self.new(column, place)
                draft.link = link
            draft.end = max(draft.end, place.end)
            there.append(draft)
        else:
            value, _ = numbered(part)
            if index >= len(there):
                self.noticed.wrong(place.line, f"'{part[:40]}' is of no link of a chain")
                return
            draft = there[index]
        if value not in (_UNSET, _NOTHING):
            draft.features.setdefault(column.cell.value, unescape_value(value))


def _is_numbered(column: Column, cell: str) -> bool:
    """Whether a cell says nothing, or values of spans that have numbers."""
    if cell == _NOTHING:
        return True
    if column.kind is not LayerKind.SPAN or column.cell is not Cell.VALUE:
        return False
    return all(numbers is not None and numbers[0] for _, numbers in stack(cell))
