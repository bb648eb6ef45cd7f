"""What selectors select of a text: by position, by quotation, one within another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from corpus_tool.formats import Unit
from corpus_tool.formats.units import Offsets, Stated
from corpus_tool.formats.w3c.names import listed, types

Piece = tuple[int, int]
_DEEPEST = 10
_CHARACTERS = re.compile(r"char=([0-9]{1,15}),([0-9]{1,15})")
_POSITIONS = ("TextPositionSelector", "FragmentSelector", "DataPositionSelector", "RangeSelector")


@dataclass(frozen=True, slots=True)
class Selected:
    """The piece that was found; `moved` where position and quotation disagree, and None where nothing was found."""

    piece: Piece | None
    message: str = ""
    moved: bool = False


@dataclass(slots=True)
class Selecting:
    """Selections from one text; `offsets` are in the unit that the file turned out to have."""

    text: str
    offsets: Offsets
    bytes: Offsets | None = None

    def select(self, selector: Any, within: Piece | None = None, depth: int = 0) -> Selected:
        """What a selector, or several that say the same in different ways, select."""
        selectors = [one for one in listed(selector) if isinstance(one, dict)]
        if depth > _DEEPEST or not selectors:
            return Selected(None, "no selector that can be read" if not selectors else "selectors nest too deep")
        refined = next((one for one in selectors if one.get("refinedBy") is not None), None)
        if refined is not None:
            outer = [{key: value for key, value in one.items() if key != "refinedBy"} for one in selectors]
            return self._refined(outer, refined["refinedBy"], within, depth)
        position = next((one for one in selectors if types(one) & set(_POSITIONS)), None)
        quotation = next((one for one in selectors if "TextQuoteSelector" in types(one)), None)
        place = self._position(position, within, depth) if position else None
        if quotation is None or not isinstance(quotation.get("exact"), str):
            kinds = ", ".join(sorted(set().union(*(types(one) for one in selectors)))) or "a selector without a type"
            return Selected(place, "" if place else f"{kinds} selects no characters of the text")
        return self._quoted(quotation, place, within, stated=position is not None)

    def _refined(self, outer: list[Any], inner: Any, within: Piece | None, depth: int) -> Selected:
        whole = self.select(outer, within, depth + 1)
        if whole.piece is not None:
            return self.select(inner, whole.piece, depth + 1)
        # Of what nobody can select here (a path in a page), a quotation inside it may still be found.
        quotations = [one for one in listed(inner) if isinstance(one, dict) and "TextQuoteSelector" in types(one)]
        return self.select(quotations, within, depth + 1) if quotations else whole

    def _position(self, one: dict[str, Any], within: Piece | None, depth: int) -> Piece | None:
        if "RangeSelector" in types(one):
            first = self.select(one.get("startSelector"), within, depth + 1).piece
            last = self.select(one.get("endSelector"), within, depth + 1).piece
            return (first[0], last[0]) if first and last and first[0] <= last[0] else None
        found = numbers(one)
        if found is None:
            return None
        offsets = self.offsets
        if "DataPositionSelector" in types(one):
            offsets = self.bytes = self.bytes or Offsets(self.text, Unit.BYTES)
        base = 0 if within is None else offsets.from_points(within[0]) or 0
        start, end = (offsets.to_points(base + number) for number in found)
        if start is None or end is None or (within is not None and end > within[1]):
            return None
        return start, end

    def _quoted(self, one: dict[str, Any], place: Piece | None, within: Piece | None, *, stated: bool) -> Selected:
        exact = one["exact"]
        if place is not None and _same(self.text[slice(*place)], exact):
            return Selected(place)
        around = tuple(value if isinstance(value := one.get(name), str) else "" for name in ("prefix", "suffix"))
        found = self._find(exact, (around[0], around[1]), within) or self._find(exact, ("", ""), within)
        if len(found) != 1:
            how = "nowhere" if not found else f"{len(found)} times"
            return Selected(None, f"'{exact[:80]}' stands {how} in the text")
        message = (
            f"'{exact[:80]}' does not stand where its position says, and stands at {found[0][0]}: taken from there"
        )
        return Selected(found[0], message if stated else "", moved=stated)

    def _find(self, exact: str, around: tuple[str, str], within: Piece | None) -> list[Piece]:
        """Where the quotation stands with this before and after it; of more than two places, two."""
        start, end = within or (0, len(self.text))
        found: list[Piece] = []
        at = self.text.find(exact, start, end) if exact else -1
        while at >= 0 and len(found) < 2:
            behind = at + len(exact)
            if self.text.endswith(around[0], 0, at) and self.text.startswith(around[1], behind):
                found.append((at, behind))
            at = self.text.find(exact, at + 1, end)
        return found


def _same(covered: str, exact: str) -> bool:
    """Whether these are the same words: pages are quoted with their white space normalised."""
    return covered == exact or covered.split() == exact.split()


def numbers(selector: dict[str, Any]) -> Piece | None:
    """Start and end of a position; None where they are no numbers in this order."""
    start, end = selector.get("start"), selector.get("end")
    value = selector.get("value")
    if isinstance(value, str) and (match := _CHARACTERS.match(value)):
        start, end = int(match[1]), int(match[2])
    if not isinstance(start, int) or not isinstance(end, int) or isinstance(start, bool) or isinstance(end, bool):
        return None
    return (start, end) if 0 <= start <= end else None


def stated(selector: Any) -> Stated | None:
    """What a position and a quotation side by side say of the text."""
    selectors = [one for one in listed(selector) if isinstance(one, dict) and one.get("refinedBy") is None]
    position = next((one for one in selectors if "TextPositionSelector" in types(one)), None)
    quotation = next((one for one in selectors if "TextQuoteSelector" in types(one)), None)
    found = numbers(position) if position else None
    if found is None or quotation is None or not isinstance(quotation.get("exact"), str):
        return None
    return *found, quotation["exact"]
