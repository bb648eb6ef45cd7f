"""Words of a sentence as places where mentions begin and end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple


class Node(NamedTuple):
    """A word or empty node: its sentence, its place there, its number, and the piece of text it is.

    An empty node has no piece: `start` is -1. Words of one token have their own pieces where their forms add up to it,
    else all of it.
    """

    sentence: int
    at: int
    number: str
    start: int
    end: int
    word: str | None
    head: int | None
    """The place of the word that it depends on in the sentence; itself at the root, None where nothing is said."""

    @property
    def order(self) -> tuple[int, int]:
        return self.sentence, self.at


def pieces(start: int, end: int, surface: str, forms: Sequence[str]) -> list[tuple[int, int]]:
    """Which part of a token each of its words is."""
    if len(forms) < 2 or "".join(forms) != surface:
        return [(start, end)] * len(forms)
    found = []
    for form in forms:
        found.append((start, start + len(form)))
        start += len(form)
    return found


def head_of(nodes: Sequence[Node]) -> int:
    """The number, from 1, of the word of a mention on which the others depend; 1 where no tree tells."""
    if nodes[0].head is None and all(node.head is None for node in nodes):
        return 1
    inside = {node.at for node in nodes}
    for number, node in enumerate(nodes, 1):
        if node.head is not None and (node.head == node.at or node.head not in inside):
            return number
    return 1


@dataclass(slots=True)
class Edges:
    """Which nodes begin and end where, over all sentences: what a span of characters means in words."""

    first: dict[int, Node]
    last: dict[int, Node]

    @classmethod
    def of(cls, sentences: Sequence[Sequence[Node]]) -> Edges:
        edges = cls({}, {})
        for nodes in sentences:
            for node in nodes:
                if node.start >= 0:
                    edges.first.setdefault(node.start, node)
                    edges.last[node.end] = node
        return edges

    def of_span(self, span: Mapping[str, Any]) -> tuple[Node, Node] | None:
        """The first and the last word of a span; None where it begins or ends within one."""
        first, last = self.first.get(span["start"]), self.last.get(span["end"])
        return (first, last) if first and last and first.order <= last.order else None
