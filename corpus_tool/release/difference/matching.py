"""Which annotation of an article became which: by content first, then by id, then by where it stands and its type."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.release.difference.content import Graph, Node

Key = tuple[str, int]
Which = Callable[[Node], bool]


@dataclass(slots=True)
class Matching:
    """Pairs of annotations of two states of an article; whatever has no partner was added or removed."""

    old: Graph
    new: Graph
    pairs: dict[Key, Node] = field(default_factory=dict)
    """By the place of the old annotation, the new one."""
    partners: dict[Key, Node] = field(default_factory=dict)
    """By the place of the new annotation, the old one."""

    def pair(self, one: Node, other: Node) -> None:
        self.pairs[one.key] = other
        self.partners[other.key] = one

    def rest(self) -> tuple[list[Node], list[Node]]:
        """The old and the new annotations that have no partner."""
        return (
            [one for one in self.old.nodes if one.key not in self.pairs],
            [one for one in self.new.nodes if one.key not in self.partners],
        )

    def tokens(self) -> tuple[dict[Key, str], dict[Key, str]]:
        """What stands for an annotation that is referred to: the same for the two of a pair, and for equal content."""
        first, second = dict(self.old.colours), dict(self.new.colours)
        for key, other in self.pairs.items():
            if self.old.colours[key] != self.new.colours[other.key]:
                first[key] = second[other.key] = f"pair {key}"
        return first, second


def match(old: Graph, new: Graph) -> Matching:
    """Pair the annotations of two states of one article.

    Records of provenance come first, then what has spans, then the rest: each names those before it.
    """
    made = Matching(old, new)
    fixed: tuple[set[Key], set[Key]] = (set(), set())
    for which in (_is_provenance, _has_spans, _is_other):
        _by(made, _colour, which)
        _by_standing(made, which)
        _by_overlap(made, which)
        for graph, keys in zip((old, new), fixed, strict=True):
            keys.update(one.key for one in graph.nodes if which(one))
        if any(old.colours[key] != new.colours[other.key] for key, other in made.pairs.items() if which(other)):
            for graph, known, keys in zip((old, new), made.tokens(), fixed, strict=True):
                graph.recolour({key: known[key] for key in keys})
    return made


def _by_standing(made: Matching, which: Which) -> None:
    """Pair by own content and place, by id, by type and place, by place."""
    _by(made, lambda graph, one, prov: (graph.own[one.key], prov, graph.place(one)), which)
    _by_id(made, which)
    _by(made, lambda graph, one, prov: _standing((one.label, prov), graph.place(one)), which)
    _by(made, lambda graph, one, prov: _standing((prov,), graph.place(one)), which)


def _colour(graph: Graph, one: Node, _: str) -> str:
    return graph.colours[one.key]


def _is_provenance(one: Node) -> bool:
    return one.layer.kind == "provenance"


def _has_spans(one: Node) -> bool:
    return bool(one.layer.spans)


def _is_other(one: Node) -> bool:
    return not (_is_provenance(one) or _has_spans(one))


def _standing(what: tuple[Any, ...], place: tuple[Any, ...]) -> Hashable:
    """None for what stands nowhere: of that, nothing tells one from another."""
    return (*what, place) if place else None


def _by(made: Matching, of: Callable[[Graph, Node, str], Hashable], which: Which) -> None:
    """Pair the remaining annotations of equal keys: those of one id first, the others in order."""
    old, new = made.rest()
    first, second = made.tokens()
    waiting: dict[Hashable, list[Node]] = {}
    for one in filter(which, new):
        key = of(made.new, one, _prov(made.new, one, second))
        if key is not None:
            waiting.setdefault((one.layer.name, key), []).append(one)
    left: list[tuple[Node, list[Node]]] = []
    for one in filter(which, old):
        found = waiting.get((one.layer.name, of(made.old, one, _prov(made.old, one, first))))
        same = next((other for other in found or () if one.id is not None and other.id == one.id), None)
        if found and same is not None:
            found.remove(same)
            made.pair(one, same)
        elif found is not None:
            left.append((one, found))
    for one, found in left:
        if found:
            made.pair(one, found.pop(0))


def _prov(graph: Graph, one: Node, tokens: dict[Key, str]) -> str:
    """Who made it, by a token that does not depend on the id of the record."""
    return "" if one.prov is None else graph.token(tokens)(True, one.prov)


def _by_id(made: Matching, which: Which) -> None:
    """Pair by id what also has the type or the place in common: a number can be given anew."""
    old, new = made.rest()
    by_id: dict[tuple[str, str | None], Node] = {
        (one.layer.name, one.id): one for one in reversed(new) if one.id is not None
    }
    for one in filter(which, old):
        other = by_id.get((one.layer.name, one.id))
        if other is not None and _akin(made, one, other):
            made.pair(one, other)


def _akin(made: Matching, one: Node, other: Node) -> bool:
    if one.label is None and other.label is None and not (made.old.place(one) and made.new.place(other)):
        return True
    return (one.label is not None and one.label == other.label) or _overlap(made, one, other)


def _by_overlap(made: Matching, which: Which) -> None:
    """Pair what has one type and maker and stands partly in the same place; where it can be, with the same content."""
    old, new = made.rest()
    for one in filter(which, old):
        tokens = made.tokens()
        own = one.layer.name, one.label, _prov(made.old, one, tokens[0])
        like = [
            other
            for other in new
            if other.key not in made.partners
            and own == (other.layer.name, other.label, _prov(made.new, other, tokens[1]))
            and _overlap(made, one, other)
        ]
        if like:
            made.pair(one, max(like, key=lambda other: made.old.own[one.key] == made.new.own[other.key]))


def _overlap(made: Matching, one: Node, other: Node) -> bool:
    """Whether two annotations have characters in common, or name the same or something in the same place."""
    if one.spans and other.spans:
        return any(left[0] < right[1] and right[0] < left[1] for left in one.spans for right in other.spans)
    named = {made.pairs[target.key].key for target in _targets(made.old, one) if target.key in made.pairs}
    if named & {target.key for target in _targets(made.new, other)}:
        return True
    return bool({place[1] for place in made.old.place(one)} & {place[1] for place in made.new.place(other)})


def _targets(graph: Graph, one: Node) -> list[Node]:
    found = (graph.named.get((False, name)) for _, name in one.references)
    return [target for target in found if target is not None]
