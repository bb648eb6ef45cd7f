"""Annotations on tokens and parts of tokens, with the numbers that tell them apart, as INCEpTION gives them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from corpus_tool.formats.tally import Tally
from corpus_tool.formats.typed_layers.model import LayerKind
from corpus_tool.formats.webanno.blocks import Token


@dataclass(slots=True)
class Placed:
    """An annotation to be placed, in code points."""

    id: str
    layer: str
    kind: LayerKind
    begin: int
    end: int


@dataclass(slots=True)
class Unit:
    """A token or a part of one, and the ids of its annotations by layer."""

    id: str
    begin: int
    end: int
    parts: list[Unit] = field(default_factory=list)
    stacked: dict[str, list[str]] = field(default_factory=dict)

    def part(self, begin: int, end: int) -> Unit:
        """The part with these offsets; a new one if there is none."""
        for one in self.parts:
            if (one.begin, one.end) == (begin, end):
                return one
        self.parts.append(Unit(f"{self.id}.{len(self.parts) + 1}", begin, end))
        return self.parts[-1]


class Placing:
    """Units, which of them names each annotation, and the numbers of annotations."""

    def __init__(self, tokens: Sequence[tuple[str, Token]], article: str, lost: Tally) -> None:
        self.units = [Unit(name, token.begin, token.end) for name, token in tokens]
        self.begins = [unit.begin for unit in self.units]
        self.ends = [unit.end for unit in self.units]
        self.article, self.lost = article, lost
        self.named: dict[str, Unit] = {}
        self.numbers: dict[str, int] = {}

    def number(self, name: str) -> None:
        self.numbers.setdefault(name, len(self.numbers) + 1)

    def place(self, annotations: Iterable[Placed]) -> None:
        """Put the annotations of a layer on their units, by place, the longer first."""
        for one in sorted(annotations, key=lambda each: (each.begin, -each.end)):
            self._place(one)

    def _ends(self, one: Placed) -> tuple[int, int] | None:
        """The first and the last token; None where an annotation lies between two."""
        first = bisect_right(self.begins, one.begin) - 1
        if first < 0 or self.ends[first] < one.begin or (self.ends[first] == one.begin < one.end):
            first = bisect_right(self.ends, one.begin)
        last = bisect_left(self.ends, one.end)
        if last == len(self.ends) or self.begins[last] > one.end or (self.begins[last] == one.end > one.begin):
            last = bisect_left(self.ends, one.end) - 1
        if one.begin == one.end:
            last = min(bisect_left(self.ends, one.end), len(self.ends) - 1)
            if last > 0 and self.begins[last] > one.end:
                last -= 1
            return (last, last) if self.units else None
        return (first, last) if 0 <= first <= last < len(self.units) else None

    def _place(self, one: Placed) -> None:
        found = self._ends(one)
        if found is None:
            self.lost.add("annotations that no token covers", f"{self.article}: {one.begin}-{one.end}")
            return
        first, last = (self.units[at] for at in found)
        wide = one.kind is not LayerKind.RELATION
        if one.begin == one.end:
            at = min(max(first.begin, one.begin), first.end)
            where = [first.part(at, at)]
        else:
            begin, end = max(one.begin, first.begin), min(one.end, last.end)
            where = [first if begin == first.begin and end >= first.end else first.part(begin, min(first.end, end))]
            if first is not last and wide:
                where += [last if end == last.end else last.part(last.begin, end)]
                where += self.units[found[0] + 1 : found[1]]
            self._trimmed(one, begin, end)
        self.named[one.id] = where[0]
        for unit in where:
            self._stack(unit, one)
        if one.kind is LayerKind.SPAN and first is not last:
            self.number(one.id)

    def _trimmed(self, one: Placed, begin: int, end: int) -> None:
        if (begin, end) != (one.begin, one.end):
            self.lost.add("edges of annotations outside tokens", f"{self.article}: {one.begin}-{one.end}")

    def _stack(self, unit: Unit, one: Placed) -> None:
        there = unit.stacked.setdefault(one.layer, [])
        there.append(one.id)
        if one.kind is LayerKind.SPAN and len(there) > 1:
            for name in there:
                self.number(name)
