"""Where annotations stand: their offsets as code points of the text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from corpus_tool.formats import Unit
from corpus_tool.formats.cas.noted import Noted
from corpus_tool.formats.cas.structures import Structure
from corpus_tool.formats.units import Offsets, Settled, explains

_UNITS = (Unit.UTF16, Unit.CODE_POINTS, Unit.BYTES)


def settled(text: str, documents: Iterable[Structure], declared: Unit) -> Settled:
    """The unit of the offsets: what stands for the document covers all of its text, whatever the unit."""
    stated = [(0, end, text) for each in documents if each.number("begin") == 0 and (end := each.number("end"))]
    explaining = [unit for unit in (declared, *_UNITS) if stated and explains(text, stated, unit)]
    return Settled(explaining[0] if explaining else declared, bool(explaining))


@dataclass(slots=True)
class Placed:
    """Annotations of one text by number, once they are taken in: of those that stand somewhere."""

    text: str
    unit: Unit
    sofa: int | None
    noted: Noted
    spans: dict[int, tuple[int, int]] = field(default_factory=dict)

    def take(self, annotations: Iterable[Structure]) -> None:
        """Convert the offsets; an annotation that stands nowhere in the text is a finding, and left out."""
        offsets = Offsets(self.text, self.unit)
        for each in annotations:
            begin, end = each.number("begin"), each.number("end")
            if each.ref("sofa") not in {None, self.sofa}:
                self.noted.malformed(f"{each.type} {each.id} is in this view and stands on another text", each.place)
            elif begin is None or end is None:
                self.noted.malformed(f"{each.type} {each.id} has no begin and end: left out", each.place)
            else:
                first, last = offsets.to_points(begin), offsets.to_points(end)
                if first is None or last is None or last < first:
                    why = self._why(begin, end, offsets)
                    self.noted.offset(f"{each.type} {each.id} stands at {begin}-{end}, {why}: left out", each.place)
                else:
                    self.spans[each.id] = (first, last)

    def _why(self, begin: int, end: int, offsets: Offsets) -> str:
        if end < begin:
            return "where it ends before it begins"
        size = offsets.from_points(offsets.length) or 0
        return "outside the text" if min(begin, end) < 0 or max(begin, end) > size else "within a character"

    def in_order(self, annotations: Iterable[Structure]) -> list[Structure]:
        """Those that stand somewhere, in the order of the text, the longer first."""
        there = [each for each in annotations if each.id in self.spans]
        return sorted(there, key=lambda each: (self.spans[each.id][0], -self.spans[each.id][1]))
