"""The strings of an article that may be text of it, and where in the text each of them comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus_tool import vocabulary
from corpus_tool.layers import EACH, span_names

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.fields import Field
    from corpus_tool.layers import Layer

SPELLED = ("form", "lemma")
"""The fields of words that spell the text, as the base schema calls them; no keyword says so of them."""
_NAMES = (vocabulary.ID, vocabulary.REF, vocabulary.ROLE, vocabulary.LABEL, vocabulary.PROVENANCE, vocabulary.TEXT)
_MEANINGS = ("text-digest", "split", "schema-version")

Near = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a string, perhaps null: what it stands in and under which key, and where in the text it comes from.

    `spells` is of what is text by its nature: what spans cover, and the letters of words.
    """

    pointer: str
    holder: Any
    key: Any
    near: Near = None
    spells: bool = False

    @property
    def value(self) -> str | None:
        found: str | None = self.holder[self.key]
        return found


def spots(article: Mapping[str, Any], contract: Contract) -> list[Spot]:
    """The places of an article where text of it may stand; what names something is none of them."""
    words = {layer.name: _places(article, contract, layer) for layer in contract.of_kind("word")}
    found: list[Spot] = []
    for field in contract.root.fields:
        at = vocabulary.pointer([field.name])
        if field.name not in words:
            found += _below(article, field.name, field, at)
            continue
        for number, word in enumerate(article.get(field.name) or ()):
            assert field.item is not None
            found += _word(word, field.item, f"{at}/{number}", words[field.name](word))
    return found


def is_spelled(field: Field) -> bool:
    """Whether a field of a word holds letters of the text."""
    return field.name in SPELLED and field.type == "string" and not _is_name(field)


def _word(word: Mapping[str, Any], item: Field, at: str, near: Near) -> Iterator[Spot]:
    for child in item.fields:
        place = f"{at}{vocabulary.pointer([child.name])}"
        if not is_spelled(child):
            yield from _below(word, child.name, child, place)
        elif child.name in word:
            yield Spot(place, word, child.name, near, spells=True)


def _below(holder: Any, key: Any, field: Field, at: str) -> Iterator[Spot]:
    """The strings at one place, and below it."""
    if isinstance(holder, Mapping) and key not in holder:
        return
    value = holder[key]
    if field.type == "string":
        if not _is_name(field) and (value is None or isinstance(value, str)):
            yield Spot(at, holder, key, spells=bool(field.says(vocabulary.SURFACE)))
    elif value is not None and field.type == "object":
        yield from _object(value, field, at)
    elif value is not None and field.type == "array" and field.item is not None:
        for number in range(len(value)):
            yield from _below(value, number, field.item, f"{at}/{number}")


def _object(value: Mapping[str, Any], field: Field, at: str) -> Iterator[Spot]:
    covered = field.child(vocabulary.SURFACE) if field.says(vocabulary.SPAN) else None
    for child in field.fields:
        place = f"{at}{vocabulary.pointer([child.name])}"
        if child is not covered:
            yield from _below(value, child.name, child, place)
        elif child.name in value:
            names = span_names(field)
            start, end = value.get(names["start"]), value.get(names["end"])
            yield Spot(place, value, child.name, None if start is None or end is None else (start, end), spells=True)


def _places(article: Mapping[str, Any], contract: Contract, layer: Layer) -> Callable[[Mapping[str, Any]], Near]:
    """For a word of a layer, where the token stands that it is of."""
    place = next((one for one in layer.references if "token" in one.kinds and len(one.path) == 1), None)
    if place is None:
        return lambda _: None
    spans: dict[str, Near] = {}
    for tokens in contract.of_kind("token"):
        for item in article.get(tokens.name) or () if tokens.spans else ():
            found = _first(item, tokens.spans[0].path)
            if found and tokens.id is not None:
                spans.setdefault(item[tokens.id], (found[tokens.spans[0].start], found[tokens.spans[0].end]))
    return lambda word: spans.get(word.get(place.field) or "")


def _first(item: Any, path: tuple[str, ...]) -> Any:
    """The first object at a path of an annotation."""
    for step in path:
        if not item:
            return None
        item = item[0] if step == EACH else item.get(step)
    return item


def _is_name(field: Field) -> bool:
    """Whether a string names something or is no text at all, and so stays whatever it is like."""
    return (
        any(field.says(keyword) for keyword in _NAMES)
        or "enum" in field.keywords
        or field.says(vocabulary.FIELD) in _MEANINGS
        or field.says(vocabulary.ARROW) not in (None, "string", "large_string")
    )
