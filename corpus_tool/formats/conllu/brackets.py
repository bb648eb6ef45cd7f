"""Entities and chains as brackets on words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from corpus_tool.formats.conllu.entities import ASIDE
from corpus_tool.formats.conllu.escapes import encoded
from corpus_tool.formats.conllu.mentions import EID
from corpus_tool.formats.conllu.nodes import Edges, Node

if TYPE_CHECKING:
    from corpus_tool.formats.conllu.layout import Laid
    from corpus_tool.formats.tally import Tally

Annotation = Mapping[str, Any]
Piece = tuple[Node, Node]


@dataclass(slots=True)
class Placed:
    """An entity on the words that it is, and the name of what it is a mention of."""

    entity: Annotation
    pieces: list[Piece]
    eid: str
    chain: Annotation | None = None
    more: list[Annotation] = field(default_factory=list)
    """Chains that it is in besides."""

    @property
    def reach(self) -> tuple[tuple[int, int], tuple[int, int]]:
        return self.pieces[0][0].order, self.pieces[-1][1].order


def place_entities(article: Annotation, sentences: Sequence[Laid], tally: Tally) -> list[Placed]:
    """The entities that stand on words, in the order of the article; the others are counted."""
    edges = Edges.of([one.nodes for one in sentences])
    words = {node.word: node for one in sentences for node in one.nodes if node.word is not None}
    chains = _chains(article)
    taken = {one.id for one in sentences if one.id is not None}
    placed: list[Placed] = []
    for entity in article.get("entities") or ():
        own = _pieces(entity, edges, words)
        if own is None:
            tally.add("entities that do not stand on whole tokens", f"{article['id']}: {_called(entity)}")
            continue
        first, *more = chains.get(entity["id"]) or [None]
        placed.append(Placed(entity, own, eid_of((first or entity)["id"], taken), first, [one for one in more if one]))
    _untangle(placed, taken)
    return placed


def _called(entity: Annotation) -> str:
    return f"{entity['id']} {entity['type']} '{' … '.join(part['text'] for part in entity['spans'])[:60]}'"


def eid_of(name: str, taken: set[str]) -> str:
    """The name of an entity in the file."""
    bare = name.removeprefix(ASIDE)
    return bare if bare in taken else name


def _chains(article: Annotation) -> dict[str, list[Annotation | None]]:
    """The chains of each mention; brackets name the first."""
    found: dict[str, list[Annotation | None]] = defaultdict(list)
    for chain in article.get("coreference") or ():
        for name in dict.fromkeys(chain["mentions"]):
            found[name].append(chain)
    return found


def _pieces(entity: Annotation, edges: Edges, words: Mapping[str, Node]) -> list[Piece] | None:
    """The words of each piece; by name where the text does not tell."""
    spans = sorted(entity["spans"], key=lambda part: (part["start"], part["end"]))
    named = next((one.get("value") for one in entity.get("attributes") or () if one["name"] == "words"), None)
    by_name = _named(named, spans, words) if named else None
    if by_name is not None:
        return by_name
    found = [edges.of_span(part) for part in spans]
    good = [piece for piece in found if piece is not None]
    apart = all(one[1].order < other[0].order for one, other in pairwise(good))
    return good if len(good) == len(found) and apart and good else None


def _named(value: str, spans: Sequence[Annotation], words: Mapping[str, Node]) -> list[Piece] | None:
    """The words that an attribute names, as long as they still are those of the spans."""
    found = []
    for part in value.split(", "):
        first, _, last = part.partition(" ")
        if first not in words or last not in words or words[first].order > words[last].order:
            return None
        found.append((words[first], words[last]))
    if len(found) != len(spans):
        return None
    for (begin, end), span in zip(found, spans, strict=True):
        if (begin.start >= 0 and begin.start != span["start"]) or (end.end >= 0 and end.end != span["end"]):
            return None
    return found


def _untangle(placed: Sequence[Placed], taken: set[str]) -> None:
    """Mentions of one name that cross would be closed in the wrong order: such a one gets a name of its own."""
    groups: dict[tuple[str, int], list[Placed]] = defaultdict(list)
    for one in placed:
        if one.chain is not None:
            groups[one.eid, len(one.pieces)].append(one)
    for group in groups.values():
        around: list[Placed] = []
        for one in sorted(group, key=lambda each: (each.reach[0], [-part for part in each.reach[1]])):
            while around and _behind(one, around[-1]):
                around.pop()
            if around and _tangled(one, around[-1]):
                assert one.chain is not None
                one.more.insert(0, one.chain)
                one.chain, one.eid = None, eid_of(one.entity["id"], taken)
            else:
                around.append(one)


def _behind(one: Placed, other: Placed) -> bool:
    """Whether it begins where the other has ended; at one word, that closes before this opens."""
    (start, end), (first, last) = one.reach, other.reach
    return last < start or first < last == start < end


def _tangled(one: Placed, around: Placed) -> bool:
    return one.reach[1] > around.reach[1] or len(one.pieces) > 1 or len(around.pieces) > 1


@dataclass(slots=True)
class _Chunks:
    """What opens and closes at one word; each with what it is sorted by."""

    closing: list[tuple[tuple[int, ...], str]] = field(default_factory=list)
    opening: list[tuple[tuple[int, ...], str]] = field(default_factory=list)
    single: list[str] = field(default_factory=list)

    def cell(self) -> str:
        """Closing brackets before opening ones, longer mentions around shorter ones, single words innermost."""
        opening = "".join(chunk for _, chunk in sorted(self.opening, key=lambda each: each[0]))
        closing = "".join(chunk for _, chunk in sorted(self.closing, key=lambda each: each[0]))
        single = "".join(self.single)
        return closing + opening + single if opening else single + closing


def entity_cells(placed: Sequence[Placed], said: Sequence[str]) -> dict[tuple[int, int], str]:
    """`Entity=` of each word; `said` is of each mention what stands in its opening bracket, behind its name."""
    chunks: dict[tuple[int, int], _Chunks] = defaultdict(_Chunks)
    for number, (one, rest) in enumerate(zip(placed, said, strict=True)):
        eid = encoded(one.eid, EID)
        for part, (first, last) in enumerate(one.pieces, 1):
            name = f"{eid}[{part}/{len(one.pieces)}]" if len(one.pieces) > 1 else eid
            opens = f"({rest.replace(MARK, name, 1)}"
            if first.order == last.order:
                chunks[first.order].single.append(f"{opens})")
            else:
                chunks[first.order].opening.append(((-last.sentence, -last.at, number), opens))
                chunks[last.order].closing.append(((-first.sentence, -first.at, -number), f"{name})"))
    return {order: each.cell() for order, each in chunks.items()}


MARK = "\0"
"""Where the name of the entity goes in what stands in an opening bracket."""
