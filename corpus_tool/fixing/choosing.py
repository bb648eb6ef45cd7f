"""Which fixes of an article are made together: the first of those that touch the same place; the others wait."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from corpus_tool.findings import Fix, Replacement
from corpus_tool.fixing.editing import edited
from corpus_tool.fixing.offsets import retold, stands
from corpus_tool.fixing.values import END, holds
from corpus_tool.vocabulary import steps

if TYPE_CHECKING:
    from corpus_tool.contract import Contract

_Path = tuple[str, ...]


@dataclass(slots=True)
class _Claims:
    """Places that fixes have taken."""

    taken: set[_Path] = field(default_factory=set)
    above: set[_Path] = field(default_factory=set)

    def take(self, fix: Fix) -> bool:
        """Take the places of a fix, all or none; False where one of them is inside another or has been taken."""
        own = _Claims()
        for edit in fix.edits:
            path = tuple(steps(edit.pointer))
            if not (self.free(path) and (path[-1:] == (END,) or own.free(path))):
                return False
            own.add(path)
        self.taken |= own.taken
        self.above |= own.above
        return True

    def free(self, path: _Path) -> bool:
        if path in self.above:
            return False
        return not any(path[:length] in self.taken for length in range(len(path) + 1))

    def add(self, path: _Path) -> None:
        self.taken.add(path)
        self.above.update(path[:length] for length in range(len(path)))


def mended(text: str, value: Any, fixes: Sequence[Fix], contract: Contract) -> tuple[str, list[int]]:
    """The JSON text of an article with fixes made, and the numbers of those that were.

    Edits come first; changes of the text, which move all offsets, only where no edit could be made.
    """
    chosen = list(_edits(value, fixes))
    if chosen:
        made = _try(text, value, [fixes[number] for number in chosen])
        return (made, _alike(fixes, chosen)) if made not in (None, text) else _one_by_one(text, value, fixes, chosen)
    chosen = list(_texts(value, fixes, contract))
    parts = sorted((part for number in chosen for part in fixes[number].text), key=_order)
    try:
        story = retold(value, parts, contract) if parts else None
        made = edited(text, value, story.edits, story.pieces) if story else text
    except ValueError:
        return text, []
    return (made, _alike(fixes, chosen)) if made != text else (text, [])


def _edits(value: Any, fixes: Sequence[Fix]) -> Iterable[int]:
    claims = _Claims()
    for number, fix in enumerate(fixes):
        if fix.edits and not fix.text and all(holds(edit, value) for edit in fix.edits) and claims.take(fix):
            yield number


def _try(text: str, value: Any, fixes: Iterable[Fix]) -> str | None:
    try:
        return edited(text, value, [edit for fix in fixes for edit in fix.edits])
    except (ValueError, RecursionError):
        return None


def _one_by_one(text: str, value: Any, fixes: Sequence[Fix], chosen: Iterable[int]) -> tuple[str, list[int]]:
    """The first fix that can be made and changes something: one whose value has no JSON stands in nobody's way."""
    for number in chosen:
        made = _try(text, value, [fixes[number]])
        if made not in (None, text):
            return str(made), [number]
    return text, []


def _texts(value: Any, fixes: Sequence[Fix], contract: Contract) -> Iterable[int]:
    text = value.get(contract.text) if isinstance(value, dict) else None
    taken: list[Replacement] = []
    for number, fix in enumerate(fixes):
        made = fix.text and not fix.edits and isinstance(text, str) and all(stands(part, text) for part in fix.text)
        if made and _apart(sorted([*taken, *fix.text], key=_order)):
            taken += fix.text
            yield number


def _order(part: Replacement) -> tuple[int, int]:
    return part.start, part.start + len(part.old)


def _apart(parts: Sequence[Replacement]) -> bool:
    """Whether replacements, in order, do not overlap, and no two insert at the same place."""
    return all(_order(one)[1] <= other.start and _order(one) != _order(other) for one, other in pairwise(parts))


def _alike(fixes: Sequence[Fix], chosen: Iterable[int]) -> list[int]:
    """The numbers of fixes that were made, and of those that say the same: two findings may have one cure."""
    numbers = set(chosen)
    made = {repr((fixes[number].edits, fixes[number].text)) for number in numbers}
    return [n for n, fix in enumerate(fixes) if n in numbers or repr((fix.edits, fix.text)) in made]
