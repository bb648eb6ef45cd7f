"""Relations of a task: between entities, or, labelled COREF, as chains of mentions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from corpus_tool.formats.pairs import HEAD_AND_CHILD, arguments_of
from corpus_tool.formats.prodigy.entities import unlabelled
from corpus_tool.formats.prodigy.reader import Reader
from corpus_tool.formats.prodigy.task import COREF

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

_RELATION = frozenset({"head", "child", "head_span", "child_span", "label", "color"})


def add_relations(
    reader: Reader, prov: str, inventory: Inventory | None
) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """The relations of a task, and the pairs of mentions that it says are one."""
    made, pairs = [], []
    for one in reader.task.relations or ():
        label = one.get("label")
        if not isinstance(label, str) or not label:
            reader.noticed.wrong(reader.task.line, "a relation without a label: left out")
            continue
        refs = [_end(reader, one, end, prov) for end in ("head", "child")]
        if refs[0] is None or refs[1] is None:
            message = f"a relation '{label[:40]}' whose {'head' if refs[0] is None else 'child'} is not in the text"
            reader.noticed.wrong(reader.task.line, f"{message}: left out")
            continue
        for name in [each for each in one if each not in _RELATION]:
            reader.noticed.lose(f"fields of relations: {name}", f"line {reader.task.line}")
        if label == COREF:
            pairs.append((refs[0], refs[1]))
            continue
        arguments = arguments_of(label, refs[0], refs[1], inventory, HEAD_AND_CHILD)
        name = reader.marked.ids.make("R", "relations", label, *refs)
        made.append({"id": name, "type": label, "arguments": arguments, "prov": prov})
    return made, pairs


def _end(reader: Reader, relation: dict[str, Any], end: str, prov: str) -> str | None:
    span = relation.get(f"{end}_span")
    at = relation.get(end)
    if isinstance(span, dict):
        own = reader.marked.by_id.get(span["id"]) if isinstance(span.get("id"), str) else None
        piece = reader.piece(span, f"{end} of a relation")
        if piece is None:
            return None
        _check(reader, span, at)
        found = own if own is not None and _stands(own, piece) else _find(reader, piece, span.get("label"), prov)
        return str((found or unlabelled(reader, piece, prov))["id"])
    if not isinstance(at, int) or at not in reader.tokens:
        return None
    piece = reader.tokens[at]
    ended = [one for one in _own(reader, prov) if one["spans"][0]["end"] == piece[1]]
    return str((ended[0] if ended else unlabelled(reader, piece, prov))["id"])


def _check(reader: Reader, span: dict[str, Any], at: object) -> None:
    last = span.get("token_end")
    if isinstance(at, int) and isinstance(last, int) and at != last:
        message = f"a relation joins token {at}, and a span that ends with token {last}: the span is taken"
        reader.noticed.doubt(reader.task.line, message)


def _stands(entity: dict[str, Any], piece: tuple[int, int]) -> bool:
    span = entity["spans"][0]
    return (span["start"], span["end"]) == piece


def _find(reader: Reader, piece: tuple[int, int], label: object, prov: str) -> dict[str, Any] | None:
    """The entity there: of that label and annotator, else of that annotator, else of any."""
    marked = reader.marked
    if isinstance(label, str) and (prov, (*piece, label)) in marked.by_key:
        return marked.by_key[prov, (*piece, label)]
    there = [one for one in marked.entities if _stands(one, piece)]
    alike = [one for one in there if one["type"] == label] or there
    return next((one for one in alike if one["prov"] == prov), alike[0] if alike else None)


def _own(reader: Reader, prov: str) -> Iterator[dict[str, Any]]:
    return (one for one in reader.marked.entities if one["prov"] == prov)


def chains(pairs: list[tuple[str, str]]) -> Iterator[list[str]]:
    """Mentions that are one, directly or by others, in the order in which they were named."""
    chain_of: dict[str, list[str]] = {}
    for pair in pairs:
        one, other = (chain_of.setdefault(name, [name]) for name in pair)
        if one is not other:
            one += other
            chain_of |= dict.fromkeys(other, one)
    seen: set[int] = set()
    for chain in chain_of.values():
        if id(chain) not in seen:
            seen.add(id(chain))
            yield chain
