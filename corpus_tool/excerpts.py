"""Windows of an article's text around what a finding is about, and what a finding is recognised by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from corpus_tool.findings import Excerpt, Finding
from corpus_tool.layers import EACH, Path_, SpanPlace
from corpus_tool.vocabulary import steps

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.layers import Layer

AROUND = 32
"""Code points of text shown on either side of a span."""
LONGEST = 80
"""Code points of a span that are shown; of a longer one its beginning and end."""
_ELLIPSIS = "…"

Range = tuple[int, int]


@dataclass
class Windows:
    """The text of one article, and where its annotations stand in it."""

    value: Any
    contract: Contract

    @cached_property
    def text(self) -> str | None:
        text = self.value.get(self.contract.text) if isinstance(self.value, dict) else None
        return text if isinstance(text, str) else None

    def around(self, pointer: str, span: Range | None = None) -> Excerpt | None:
        """The window of a span, or of the one that a pointer leads to; None where there is none."""
        if self.text is None:
            return None
        found = span or self.span(pointer)
        if found is None:
            return None
        start, end = found[0], min(found[1], len(self.text))
        if not 0 <= start <= end:
            return None
        covered = self.text[start:end]
        if len(covered) > LONGEST:
            covered = covered[: LONGEST // 2] + _ELLIPSIS + covered[-LONGEST // 4 :]
        before, after = self.text[max(0, start - AROUND) : start], self.text[end : end + AROUND]
        return Excerpt(start, end, before, covered, after)

    def span(self, pointer: str) -> Range | None:
        """The span a pointer leads into, else the hull of its annotation or of the annotation that it names."""
        path = steps(pointer)
        layer = self.layers.get(path[0]) if path else None
        item = self._item(path)
        if layer is None or item is None:
            return None
        inside = tuple(path[2:])
        for place in layer.spans:
            found = _walk(item, inside[: len(place.path)])
            if len(inside) >= len(place.path) and _is_way(inside, place.path):
                return _range(found, place)
        named = _walk(item, inside)
        if any(_is_way(inside, place.path) and len(inside) == len(place.path) for place in layer.references):
            target = self.named.get(named) if isinstance(named, str) else None
            return _hull(*target) if target is not None else None
        return _hull(layer, item)

    def _item(self, path: list[str]) -> Any:
        if len(path) < 2 or not path[1].isdecimal():
            return None
        items = self.value.get(path[0])
        return items[int(path[1])] if isinstance(items, list) and int(path[1]) < len(items) else None

    @cached_property
    def layers(self) -> dict[str, Layer]:
        return {layer.name: layer for layer in self.contract.layers}

    @cached_property
    def named(self) -> dict[str, tuple[Layer, Any]]:
        """Annotations with spans by id; of several with one id the first."""
        found: dict[str, tuple[Layer, Any]] = {}
        for layer in self.contract.layers:
            items = self.value.get(layer.name) if layer.spans and layer.id else None
            for item in items if isinstance(items, list) else ():
                name = item.get(layer.id) if isinstance(item, dict) else None
                if isinstance(name, str):
                    found.setdefault(name, (layer, item))
        return found


def _is_way(inside: tuple[str, ...], path: Path_) -> bool:
    return all(step in (EACH, taken) for step, taken in zip(path, inside, strict=False))


def _walk(value: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _range(value: Any, place: SpanPlace) -> Range | None:
    start, end = (value.get(place.start), value.get(place.end)) if isinstance(value, dict) else (None, None)
    return (start, end) if isinstance(start, int) and isinstance(end, int) else None


def _hull(layer: Layer, item: Any) -> Range | None:
    found = [
        one for place in layer.spans for value in _each(item, place.path) if (one := _range(value, place)) is not None
    ]
    return (min(start for start, _ in found), max(end for _, end in found)) if found else None


def _each(value: Any, path: Path_) -> Iterator[Any]:
    if not path:
        yield value
    elif path[0] == EACH:
        for part in value if isinstance(value, list) else ():
            yield from _each(part, path[1:])
    elif isinstance(value, dict):
        yield from _each(value.get(path[0]), path[1:])


def fingerprint(finding: Finding, value: Any) -> str:
    """What a finding is recognised by: rule, article, annotation, field, and what stands there; 32 hexadecimal digits.

    `value` is the article, None where there is none.
    """
    at = finding.location
    path = steps(at.pointer)
    field = [step for step in path if not step.isdecimal()]
    window = finding.excerpt
    if window is not None:
        there: Any = [window.before[-8:], window.covered, window.after[:8]]
    else:
        there = _walk(value, tuple(path)) if value is not None and path else finding.message
    parts = [finding.code, at.article or at.path, at.annotation, field, there]
    data = json.dumps(parts, ensure_ascii=True, sort_keys=True, default=str)
    return hashlib.sha256(data.encode()).hexdigest()[:32]
