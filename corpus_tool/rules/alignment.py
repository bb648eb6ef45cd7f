"""Where the pieces of an annotated text stand in the text as it is now: a shift, and the places where it changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Codes = NDArray[np.int32]

UNKNOWN = -1
_PROBES = (24, 8, 3, 1)
_SKIPS = (0, *(2**power for power in range(12)))
_WIDTHS = (64, 4096, 1 << 40)
_MOST_EACH_SIDE = 16
_FAR = 2048
_SURE = 48
_MOST_LOOKS = 15_000
_STEP = 1 << 16


@dataclass(frozen=True, slots=True)
class Slip:
    """From `start` on a shift holds; what was annotated from `changed` to `start` is no longer in the text."""

    changed: int
    start: int
    shift: int


@dataclass(frozen=True, slots=True)
class Moves:
    """Where offsets of the annotated text are in the text as it is now."""

    slips: tuple[Slip, ...]

    def starts(self, offsets: Numbers) -> Numbers:
        """Where the characters at these offsets are; of those that are gone, what follows."""
        changed = np.array([slip.changed for slip in self.slips])
        first = np.array([slip.start for slip in self.slips])
        shift = np.array([0, *(slip.shift for slip in self.slips)])
        most = np.append((first + shift[1:]), np.iinfo(np.int64).max)
        number = np.searchsorted(changed, offsets, side="right")
        begin = np.append(0, first)[number]
        moved: Numbers = np.minimum(np.maximum(offsets, begin) + shift[number], most[number])
        return np.maximum(moved, 0)

    def ends(self, starts: Numbers, ends: Numbers) -> Numbers:
        """Where spans end, behind their last character."""
        wide = ends > starts
        changed = np.array([slip.changed for slip in self.slips])
        first = np.array([slip.start for slip in self.slips])
        number = np.searchsorted(changed, ends - 1, side="right")
        gone = (number > 0) & (ends <= np.append(0, first)[number])
        # The last character is gone: the span ends where the first one that is gone stood.
        before = np.append(0, changed)[number]
        last = self.starts(np.where(gone, np.maximum(before - 1, 0), ends - 1)) + 1
        last = np.where(gone & (before == 0), 0, last)
        moved = self.starts(starts)
        return np.where(wide, np.maximum(last, moved), moved)


@dataclass(slots=True)
class _Search:
    """The annotated text as far as surfaces tell it (UNKNOWN elsewhere), the text, and how much was looked at."""

    old: Codes
    new: Codes
    text: str
    known: Numbers = field(init=False)
    string: str = field(init=False)
    looks: int = 0

    def __post_init__(self) -> None:
        self.known = np.flatnonzero(self.old != UNKNOWN)
        plain = np.where(self.old == UNKNOWN, 0, self.old).astype("<u4")
        self.string = plain.tobytes().decode("utf-32-le")

    def differing(self, low: int, high: int, shift: int) -> Numbers:
        """Where between `low` and `high` something else stands in the text, shifted; the first ones do."""
        high = min(high, len(self.old))
        old = self.old[low:high]
        at = np.arange(low + shift, high + shift)
        outside = (at < 0) | (at >= len(self.new))
        there = self.new[np.clip(at, 0, max(len(self.new) - 1, 0))] if len(self.new) else np.full(len(at), UNKNOWN)
        return low + np.flatnonzero((old != UNKNOWN) & (outside | (old != there)))

    def first_difference(self, low: int, shift: int) -> int | None:
        step = 1024
        while low < len(self.old):
            found = self.differing(low, low + step, shift)
            if len(found):
                return int(found[0])
            low, step = low + step, min(step * 2, _STEP)
        return None

    def reach(self, at: int, shift: int) -> int:
        """How many known characters match from there on."""
        found = self.differing(at, at + _FAR, shift)
        end = int(found[0]) if len(found) else at + _FAR
        low, high = np.searchsorted(self.known, (at, end))
        return int(high - low)

    def occurrences(self, probe: str, near: int, low: int, width: int) -> Iterator[int]:
        """Where a piece stands in the text, not before `low`: some on each side, the nearest ones."""
        low, high = max(low, near - width), min(len(self.text), near + width + len(probe))
        self.looks += 1 + (max(high - low, 0) >> 13)
        at = self.text.find(probe, max(near, low), high)
        for _ in range(_MOST_EACH_SIDE):
            if at < 0:
                break
            yield at
            at = self.text.find(probe, at + 1, high)
        at = self.text.rfind(probe, low, max(near + len(probe) - 1, low))
        for _ in range(_MOST_EACH_SIDE):
            if at < 0:
                break
            yield at
            at = self.text.rfind(probe, low, at + len(probe) - 1)

    def resumed(self, gone: int, shift: int) -> Slip | None:
        """Where the annotated text goes on in the text, after it differs at `gone`."""
        before = int(np.searchsorted(self.known, gone))
        low = int(self.known[before - 1]) + 1 + shift if before else 0
        best = (0.0, UNKNOWN, 0)
        for width in _WIDTHS:
            best = max(best, self._best(before, gone, shift, low, width), key=lambda one: (one[1] != UNKNOWN, one[0]))
            _, at, found = best
            if self.looks > _MOST_LOOKS or (at != UNKNOWN and (best[0] >= _SURE or width >= _WIDTHS[1])):
                break
        if at == UNKNOWN:
            return None
        while at > gone and at - 1 + found >= low and not len(self.differing(at - 1, at, found)):
            at -= 1
        return Slip(gone, at, found)

    def _best(self, before: int, gone: int, shift: int, low: int, width: int) -> tuple[float, int, int]:
        """How good it is to go on where, with which shift: what matches then, less what is lost."""
        best = (0.0, UNKNOWN, 0)
        for skip in _SKIPS:
            number = int(np.searchsorted(self.known, gone + skip))
            if number >= len(self.known) or self.looks > _MOST_LOOKS:
                break
            at = int(self.known[number])
            for found in self._shifts(at, shift, low, width):
                score = self.reach(at, found) - 2.0 * (number - before) - 2.0 * abs(found - shift).bit_length()
                if best[1] == UNKNOWN or score > best[0]:
                    best = score, at, found
            if best[1] != UNKNOWN and best[0] >= _SURE:
                break
        return best

    def _shifts(self, at: int, shift: int, low: int, width: int) -> list[int]:
        run = np.flatnonzero(self.old[at : at + _PROBES[0]] == UNKNOWN)
        longest = min(int(run[0]) if len(run) else _PROBES[0], len(self.old) - at)
        for length in dict.fromkeys(min(length, longest) for length in _PROBES):
            if length < _PROBES[1] and length < longest and width > _WIDTHS[0]:
                break
            probe = self.string[at : at + length]
            found = list(dict.fromkeys(self.occurrences(probe, at + shift, low, width)))
            self.looks += len(found)
            if found:
                return [place - at for place in found]
        return []


def aligned(old: Codes, text: str) -> Moves | None:
    """The fewest changes of shift that bring an annotated text, as far as it is known, onto a text.

    None where there is no way, or it takes too long to find one.
    """
    new = np.frombuffer(text.encode("utf-32-le"), np.int32)
    search = _Search(old, new, text)
    slips: list[Slip] = []
    at, shift = 0, 0
    while (gone := search.first_difference(at, shift)) is not None:
        slip = search.resumed(gone, shift)
        if slip is None or search.looks > _MOST_LOOKS:
            return None
        slips.append(slip)
        at, shift = slip.start, slip.shift
    return Moves(tuple(slips))
