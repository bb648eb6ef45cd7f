"""Places of annotations that are worked out when somebody first asks: most articles have no findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from corpus_tool.formats import Place


class AskedPlaces(Mapping[str, Place]):
    """From pointers to places, by what `found` gives."""

    __slots__ = ("_found", "_known")

    def __init__(self, found: Callable[[], Mapping[str, Place]]) -> None:
        self._found = found
        self._known: Mapping[str, Place] | None = None

    def _all(self) -> Mapping[str, Place]:
        if self._known is None:
            self._known = self._found()
        return self._known

    def __getitem__(self, pointer: str) -> Place:
        return self._all()[pointer]

    def __contains__(self, pointer: object) -> bool:
        return pointer in self._all()

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def by_line(lines: Mapping[str, list[int | None]]) -> dict[str, Place]:
    """The places of annotations by their lines, layer by layer; of those without a line there is none."""
    return {
        f"/{layer}/{number}": (line, 1)
        for layer, found in lines.items()
        for number, line in enumerate(found)
        if line is not None
    }
