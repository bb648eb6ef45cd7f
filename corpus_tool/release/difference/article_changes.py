"""What changed in one article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus_tool.canonical import canonical
from corpus_tool.layers import EACH
from corpus_tool.release.difference.changes import AnnotationChange, AnnotationWhat, ArticleChange
from corpus_tool.release.difference.content import RECORDS, Graph, Node, Token, plain
from corpus_tool.release.difference.matching import Matching, match

if TYPE_CHECKING:
    from corpus_tool.contract import Contract

Article = Mapping[str, Any]


@dataclass(slots=True)
class Changed:
    """The changes of one article, how many of its annotations bear other ids, and those of gold."""

    articles: list[ArticleChange] = field(default_factory=list)
    annotations: list[AnnotationChange] = field(default_factory=list)
    renumbered: int = 0
    gold: int = 0
    texts: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """An article as one side has it."""

    id: str
    split: str
    article: Article
    contract: Contract


def changed(old: State, new: State) -> Changed:
    """How an article became another; ids of annotations and the order of layers do not count."""
    out = Changed()
    if old.split != new.split:
        out.articles.append(ArticleChange(new.id, "moved", new.split, old.split))
    texts = [side.article.get(side.contract.text or "") for side in (old, new)]
    if None not in texts and texts[0] != texts[1]:
        out.articles.append(ArticleChange(new.id, "text", new.split))
        out.texts = 1
    licences, fields = _fields(old, new)
    out.articles += [ArticleChange(new.id, "licence", new.split, fields=licences)] if licences else []
    out.articles += [ArticleChange(new.id, "metadata", new.split, fields=fields)] if fields else []
    found = match(Graph(old.article, old.contract), Graph(new.article, new.contract))
    golds = _Gold.of(old), _Gold.of(new)
    out.annotations = sorted(_annotations(found, golds, new), key=_order)
    out.renumbered = sum(one.id != found.pairs[one.key].id for one in found.old.nodes if one.key in found.pairs)
    layers = _layers(old, new)
    out.articles += [ArticleChange(new.id, "layer", new.split, fields=layers)] if layers else []
    out.gold = sum(one.gold for one in out.annotations if not one.record) + len(layers)
    return out


@dataclass(frozen=True, slots=True)
class _Gold:
    """The makers whose annotations are gold, by layer."""

    makers: Mapping[str, frozenset[str | None]]

    @classmethod
    def of(cls, side: State) -> _Gold:
        import pyarrow as pa

        from corpus_tool.gold import gold

        contract = side.contract
        batch = pa.RecordBatch.from_pylist([dict(side.article)], schema=contract.arrow)
        truth = canonical(gold(batch, contract)[0].to_pylist()[0], contract)
        return cls({
            layer.name: frozenset(item.get(layer.provenance or "") for item in truth.get(layer.name) or ())
            for layer in contract.layers
        })  # fmt: skip

    def __contains__(self, one: Node) -> bool:
        return one.prov in self.makers.get(one.layer.name, ())


def _annotations(found: Matching, golds: tuple[_Gold, _Gold], new: State) -> Iterator[AnnotationChange]:
    first, second = found.tokens()
    tokens = found.old.token(first), found.new.token(second)
    gone, come = found.rest()
    for one in gone:
        yield _change(one, new, ("removed",), gold=one in golds[0])
    for one in come:
        yield _change(one, new, ("added",), gold=one in golds[1])
    for one in found.old.nodes:
        other = found.pairs.get(one.key)
        if other is None:
            continue
        what, fields = _compared(one, other, tokens)
        was, now = one in golds[0], other in golds[1]
        if was != now and one.layer.kind not in RECORDS:
            what.append("gold")
        if what:
            before = one.label if one.label != other.label else None
            moved = dict(zip(("was_start", "was_end"), _hull(one), strict=True)) if one.spans != other.spans else {}
            yield _change(other, new, tuple(what), before=before, fields=fields, gold=was or now, **moved)


def _change(one: Node, new: State, what: tuple[AnnotationWhat, ...], **more: Any) -> AnnotationChange:
    start, end = _hull(one)
    more |= {"record": one.layer.kind in RECORDS, "start": start, "end": end}
    return AnnotationChange(new.id, new.split, one.layer.name, one.label, one.id, what, **more)


def _hull(one: Node) -> tuple[int | None, int | None]:
    return (one.spans[0][0], max(end for _, end in one.spans)) if one.spans else (None, None)


def _compared(one: Node, other: Node, tokens: tuple[Token, Token]) -> tuple[list[AnnotationWhat], tuple[str, ...]]:
    """What differs of a pair: its label, its spans, and the other fields by name."""
    what: list[AnnotationWhat] = []
    if one.label != other.label:
        what.append("retyped")
    if one.spans != other.spans:
        what.append("respanned")
    left = _own(one, tokens[0])
    right = _own(other, tokens[1])
    fields = tuple(sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name)))
    if fields:
        what.append("changed")
    return what, fields


def _own(one: Node, token: Token) -> dict[str, Any]:
    """The fields of an annotation beside its label and spans."""
    known = {one.layer.label, *(name for place in one.layer.spans for name in _of_span(place.path, place))}
    content = plain(one.item, one.layer.item, token)
    return {name: value for name, value in content.items() if name not in known and value not in (None, [])}


def _of_span(path: tuple[str, ...], place: Any) -> tuple[str, ...]:
    """The fields of an annotation that hold its span, which may be the annotation itself."""
    return path[:1] or tuple(name for name in (place.start, place.end, place.surface) if name)


def _fields(old: State, new: State) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields of the article that differ, outside text, layers and split: those of its licence, and the others."""
    left, right = (_beside(side) for side in (old, new))
    names = sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))
    licences = {_dotted(side, "licence") for side in (old, new)}
    return tuple(name for name in names if name in licences), tuple(name for name in names if name not in licences)


def _beside(side: State) -> dict[str, Any]:
    contract = side.contract
    apart = {contract.id, contract.text, *(layer.name for layer in contract.layers)}
    split = _dotted(side, "split")
    flat: dict[str, Any] = {}
    for name, value in side.article.items():
        if name not in apart:
            flat |= {f"{name}.{key}": part for key, part in value.items()} if isinstance(value, dict) else {name: value}
    return {name: value for name, value in flat.items() if name != split}


def _dotted(side: State, meaning: str) -> str | None:
    path = side.contract.meanings.get(meaning)
    return None if path is None else ".".join(step for step in path if step != EACH)


def _layers(old: State, new: State) -> tuple[str, ...]:
    """Layers that were not annotated on one side, and on the other without a finding."""
    names = {layer.name for side in (old, new) for layer in side.contract.layers}
    found = []
    for name in sorted(names):
        values = [side.article.get(name) for side in (old, new)]
        if None in values and [] in values:
            found.append(name)
    return tuple(found)


def _order(change: AnnotationChange) -> tuple[str, str, str, tuple[str, ...]]:
    return change.layer, change.label or "", change.id or "", change.what
