"""The tables that a release offers, derived from articles by the kinds of their layers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpus_tool.alike import alike, unfit
from corpus_tool.arrow_types import arrow_field
from corpus_tool.contract import Contract
from corpus_tool.errors import SettingsError
from corpus_tool.fields import Field
from corpus_tool.layers import EACH, Layer, Path_, RefPlace
from corpus_tool.nested import Numbers, descend, parents, relisted
from corpus_tool.tags import Marks, tag_labels, tag_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import numpy.typing as npt

    from corpus_tool.features import Labels

ARTICLES, RAW, TOKENS = "articles", "articles_raw", "tokens"
_NAMES = {"entity": "entities", "relation": "relations", "event": "events", "quotation": "quotations"}
_BESIDE = {"relation": ("type", "start", "end", "text"), "event": ("start", "end", "text"), "quotation": ("text",)}
"""What stands beside a plain reference, in columns of its own; arguments get all of it."""
_REFERRED = {"type": pa.string(), "start": pa.int64(), "end": pa.int64(), "text": pa.string()}


@dataclass(frozen=True, slots=True)
class View:
    """One table: `schema` has labels as strings, `labels` the names of those that are closed, by path."""

    name: str
    kind: str
    schema: pa.Schema
    labels: Labels = field(default_factory=dict)
    layer: str | None = None


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of a view: how it is called, typed, labelled, and made."""

    name: str
    type: pa.DataType
    make: Callable[[Block, Layer], pa.Array]
    labels: Labels = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Hulls:
    """For each annotation of a layer, where it stands in the text, and how many fragments it has."""

    start: pa.Array
    end: pa.Array
    text: pa.Array
    fragments: Numbers


@dataclass(frozen=True, slots=True)
class Marked:
    """The annotations of layers: hulls, fragments, ids and labels."""

    spans: Marks
    fragments: Numbers
    ids: pa.Array
    labels: pa.Array


@dataclass(frozen=True, slots=True)
class _Targets:
    """What references can name, in a block: by row of the article and id."""

    article: Numbers
    id: pa.Array
    computed: Mapping[str, pa.Array]

    def find(self, article: Numbers, refs: pa.Array) -> pa.Array:
        """The position of each target; null where there is none."""
        encoded = pa.concat_arrays([self.id, refs.cast(pa.string())]).dictionary_encode()
        codes = encoded.indices.fill_null(-1).to_numpy().astype(np.int64)
        known, asked = codes[: len(self.id)], codes[len(self.id) :]
        stride = len(encoded.dictionary) + 1
        keys = pa.array(article * stride + asked, mask=asked < 0)
        return pc.index_in(keys, value_set=pa.array(self.article * stride + known), skip_nulls=True)


def views(contract: Contract) -> tuple[View, ...]:
    """The views of a contract, in the order they are declared.

    Raises SettingsError where a field of a layer has the name of a column that is computed.
    """
    whole = contract.arrow
    labels = dict(_labels(contract.root, ()))
    found = [View(ARTICLES, "article", whole, labels)]
    for kind in _NAMES:
        found += (_view(contract, layer, _name(contract, layer)) for layer in contract.of_kind(kind))
    if any(layer.spans for layer in contract.of_kind("token")) and contract.of_kind("entity"):
        found.append(_token_view(contract))
    found.append(View(RAW, "article", whole, labels))
    for name, other in alike(view.name for view in found):
        raise SettingsError(f"the view {name} is on some file systems that of {other}: rename one of the layers")
    order = contract.inventory.order if contract.inventory is not None else {}
    return tuple(_in_order(view, order) for view in found) if order else tuple(found)


def column_key(view: str, path: Path_) -> str:
    """What `order` of an inventory calls a column of a view."""
    return f"{view}.{'.'.join(path)}"


def _in_order(view: View, order: Mapping[str, tuple[str, ...]]) -> View:
    """The view with the names of its labels in the order that was released, those it does not know behind them."""
    labels = {}
    for path, names in view.labels.items():
        known = [name for name in order.get(column_key(view.name, path), ()) if name in names]
        labels[path] = (*known, *(name for name in names if name not in known))
    return replace(view, labels=labels)


class Block:
    """A block of articles under its contract; what several views need is computed once."""

    def __init__(self, batch: pa.RecordBatch, contract: Contract) -> None:
        self.batch = batch
        self.contract = contract
        self._hulls: dict[str, _Hulls] = {}
        self._targets: dict[tuple[str, ...], _Targets] = {}
        self._resolved: dict[tuple[str, RefPlace], tuple[_Targets, pa.Array]] = {}

    def rows(self, view: View) -> pa.RecordBatch:
        """The rows of a view of articles or of a layer; those of the tokens view are more work."""
        if view.kind == "article":
            return self.batch
        layer = next(layer for layer in self.contract.layers if layer.name == view.layer)
        made = [column.make(self, layer) for column in _columns(self.contract, layer)]
        return pa.record_batch(made, schema=view.schema)

    @cached_property
    def ids(self) -> pa.Array:
        return self.batch.column(str(self.contract.id)).cast(pa.string())

    def items(self, layer: Layer) -> pa.StructArray:
        return self.batch.column(layer.name).flatten()

    def articles(self, layer: Layer) -> Numbers:
        """The row of the article of each annotation of a layer."""
        return parents(self.batch.column(layer.name))

    def article_ids(self, layer: Layer) -> pa.Array:
        return self.ids.take(pa.array(self.articles(layer)))

    def hulls(self, layer: Layer) -> _Hulls:
        if layer.name not in self._hulls:
            self._hulls[layer.name] = self._hull(layer)
        return self._hulls[layer.name]

    def resolved(self, layer: Layer, place: RefPlace) -> tuple[_Targets, pa.Array]:
        """What a reference can name, and the position there of what each one names."""
        if (layer.name, place) not in self._resolved:
            targets = self._targets_of(place.kinds)
            refs, owner = descend(self.items(layer), place.path)
            self._resolved[layer.name, place] = targets, targets.find(self.articles(layer)[owner], refs)
        return self._resolved[layer.name, place]

    def _hull(self, layer: Layer) -> _Hulls:
        """Where annotations stand by their own spans, else by what they name first: an event by its trigger."""
        items = self.items(layer)
        if not layer.spans:
            place = _trigger(self.contract, layer)
            if place is None:
                start, end, text = (pa.nulls(len(items), _REFERRED[name]) for name in ("start", "end", "text"))
                return _Hulls(start, end, text, np.zeros(len(items), dtype=np.int64))
            targets, at = self.resolved(layer, place)
            start, end, text = (targets.computed[name].take(at) for name in ("start", "end", "text"))
            return _Hulls(start, end, text, np.ones(len(items), dtype=np.int64))
        span = layer.spans[0]
        spans, owner = descend(items, span.path)
        start, end = (pc.struct_field(spans, name).cast(pa.int64()) for name in (span.start, span.end))
        surface = self._surfaces(layer, spans, owner, start, end)
        there = pc.and_(start.is_valid(), end.is_valid())
        if not pc.all(there).as_py():
            start, end, surface = start.filter(there), end.filter(there), surface.filter(there)
            owner = owner[there.to_numpy(zero_copy_only=False)]
        return _spanned(start, end, surface, owner, len(items))

    def _surfaces(self, layer: Layer, spans: pa.Array, owner: Numbers, start: pa.Array, end: pa.Array) -> pa.Array:
        """The text that spans cover; cut from the article where they do not carry it."""
        name = layer.spans[0].surface
        said = pc.struct_field(spans, name).cast(pa.string()) if name else pa.nulls(len(spans), pa.string())
        if not said.null_count:
            return said
        texts = self.batch.column(str(self.contract.text)).to_pylist()
        places = zip(self.articles(layer)[owner].tolist(), start.to_pylist(), end.to_pylist(), strict=True)
        cut = [None if a is None or b is None or texts[at] is None else texts[at][a:b] for at, a, b in places]
        return pc.coalesce(said, pa.array(cut, pa.string()))

    def _targets_of(self, kinds: tuple[str, ...]) -> _Targets:
        if kinds not in self._targets:
            layers = _target_layers(self.contract, kinds)
            made = [self._target(layer) for layer in layers]
            self._targets[kinds] = _Targets(
                article=_joined([part.article for part in made]),
                id=pa.concat_arrays([pa.nulls(0, pa.string()), *(part.id for part in made)]),
                computed={
                    name: pa.concat_arrays([pa.nulls(0, kind), *(part.computed[name] for part in made)])
                    for name, kind in _REFERRED.items()
                },
            )
        return self._targets[kinds]

    def _target(self, layer: Layer) -> _Targets:
        items, hulls = self.items(layer), self.hulls(layer)
        label = _strings(items, layer.label)
        computed = {"type": label, "start": hulls.start, "end": hulls.end, "text": hulls.text}
        return _Targets(self.articles(layer), _strings(items, layer.id), computed)

    def marks(self, layers: tuple[Layer, ...]) -> Marked:
        """The annotations of layers as one table of hulls."""
        hulls = [self.hulls(layer) for layer in layers]
        spans = Marks(
            _joined([self.articles(layer) for layer in layers]),
            _joined([hull.start.fill_null(0).to_numpy() for hull in hulls]),
            _joined([hull.end.fill_null(0).to_numpy() for hull in hulls]),
        )
        ids, labels = (
            pa.concat_arrays([pa.nulls(0, pa.string()), *(_strings(self.items(each), name) for each, name in named)])
            for named in ([(each, each.id) for each in layers], [(each, each.label) for each in layers])
        )
        return Marked(spans, _joined([hull.fragments for hull in hulls]), ids, labels)

    def has(self, layers: tuple[Layer, ...]) -> npt.NDArray[np.bool_]:
        """Which articles have any of these layers."""
        found = np.zeros(self.batch.num_rows, dtype=bool)
        for layer in layers:
            found |= self.batch.column(layer.name).is_valid().to_numpy(zero_copy_only=False)
        return found


def _joined(parts: list[Numbers]) -> Numbers:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _strings(items: pa.Array, name: str | None) -> pa.Array:
    return pa.nulls(len(items), pa.string()) if name is None else pc.struct_field(items, name).cast(pa.string())


def _spanned(start: pa.Array, end: pa.Array, text: pa.Array, owner: Numbers, count: int) -> _Hulls:
    """The hull of the spans of each of `count` annotations, and their fragments joined by a space."""
    fragments = np.bincount(owner, minlength=count)
    if len(owner) == count and (fragments == 1).all():
        return _Hulls(start, end, text, fragments)
    there = fragments > 0
    opens = (np.cumsum(fragments) - fragments)[there]
    least, most = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    if len(opens):
        least[there] = np.minimum.reduceat(start.to_numpy(), opens)
        most[there] = np.maximum.reduceat(end.to_numpy(), opens)
    offsets = np.concatenate(([0], np.cumsum(fragments))).astype(np.int32)
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), text), " ")
    first, last = pa.array(least, mask=~there), pa.array(most, mask=~there)
    return _Hulls(first, last, pc.if_else(pa.array(there), joined, None), fragments)


def _target_layers(contract: Contract, kinds: tuple[str, ...]) -> list[Layer]:
    """What references to these kinds can name: entities, events, then the rest."""
    order = [*(kind for kind in ("entity", "event") if kind in kinds), *(k for k in kinds if k not in _NAMES)]
    order += [kind for kind in kinds if kind not in order]
    return [layer for kind in order for layer in contract.of_kind(kind) if layer.id is not None]


def _trigger(contract: Contract, layer: Layer) -> RefPlace | None:
    """The first single reference to something that has a span."""
    for place in layer.references:
        kinds = tuple(kind for kind in place.kinds if all(each.spans for each in contract.of_kind(kind)))
        if kinds and EACH not in place.path:
            return RefPlace(place.path, kinds, place.role)
    return None


def _labels(node: Field, path: Path_) -> Iterator[tuple[Path_, tuple[str, ...]]]:
    if node.labels:
        yield path, node.labels
    for child in node.fields:
        yield from _labels(child, (*path, child.name))
    if node.item is not None:
        yield from _labels(node.item, (*path, EACH))


def _name(contract: Contract, layer: Layer) -> str:
    """The name of a layer's view; of several layers of a kind, each adds its own."""
    if len(contract.of_kind(layer.kind)) == 1:
        return _NAMES[layer.kind]
    name = f"{_NAMES[layer.kind]}_{layer.name}"
    if not re.fullmatch(r"[\w.]+", name) or unfit(name) is not None:
        why = unfit(name) or "use letters, digits, '_' and '.'"
        raise SettingsError(f"the layer '{layer.name[:99]}' cannot name a view: {why}")
    return name


def _view(contract: Contract, layer: Layer, name: str) -> View:
    columns = list(_columns(contract, layer))
    _refuse_twice([column.name for column in columns], f"the view {name} of '{layer.name}'")
    labels = {path: names for column in columns for path, names in column.labels.items()}
    schema = pa.schema([pa.field(column.name, column.type) for column in columns])
    return View(name, layer.kind, schema, labels, layer.name)


def _token_view(contract: Contract) -> View:
    texts, offsets = pa.list_(pa.field("element", pa.string())), pa.list_(pa.field("element", pa.int64()))
    schema = pa.schema({
        "article_id": pa.string(), "sentence_id": pa.string(),
        "tokens": texts, "starts": offsets, "ends": offsets, "tags": texts,
    })  # fmt: skip
    labels = tag_labels(contract)
    return View(TOKENS, "token", schema, {("tags", EACH): tag_names(labels)} if labels else {})


def _refuse_twice(names: list[str], where: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise SettingsError(
                f"{where} has a field '{name}', and a column of that name is computed: rename the field"
            )


def _columns(contract: Contract, layer: Layer) -> Iterator[_Column]:
    """The columns of a layer's view: what it has in its own order, what is computed beside what it is computed from."""
    yield _Column("article_id", pa.string(), Block.article_ids)
    span = layer.spans[0] if layer.spans else None
    for own in sorted(layer.item.fields, key=lambda own: _rank(layer, own.name)):
        if span and span.path and span.path[0] == own.name:
            yield from (_Column(name, _REFERRED[name], partial(_of_hull, name)) for name in ("start", "end", "text"))
        yield from _own_columns(contract, layer, own)
        if span and not span.path and span.surface is None and own.name == span.end:
            yield _Column("text", pa.string(), partial(_of_hull, "text"))


def _rank(layer: Layer, name: str) -> int:
    """Where a field stands: id, label, span, references, attributes, the rest."""
    attributes = layer.meanings.get("attribute-name", ("",))[0]
    spans = {name for span in layer.spans for name in span.path[:1] or (span.start, span.end, span.surface)}
    refs = {place.field for place in layer.references}
    ranked: tuple[set[str | None], ...] = ({layer.id}, {layer.label}, spans, {*refs}, {attributes})
    return next((rank for rank, names in enumerate(ranked) if name in names), len(ranked))


def _own_columns(contract: Contract, layer: Layer, own: Field) -> Iterator[_Column]:
    kind = arrow_field(own).type
    labels = dict(_labels(own, (own.name,)))
    place = next((place for place in layer.references if place.field == own.name), None)
    if place is None or layer.kind not in _BESIDE:
        yield _Column(own.name, kind, partial(_as_is, own.name), labels)
        return
    names = _target_names(contract, place.kinds)
    if place.path in ((own.name, EACH, place.path[-1]), (own.name, place.path[-1])) and place.path[-1] != EACH:
        listed = EACH in place.path
        inner = kind.value_type if listed else kind
        _refuse_twice([*(part.name for part in inner), *_REFERRED], f"'{own.name}' of '{layer.name}'")
        inner = pa.struct([*inner, *_REFERRED.items()])
        at = (own.name, EACH, "type") if listed else (own.name, "type")
        full = pa.list_(kind.value_field.with_type(inner)) if listed else inner
        yield _Column(own.name, full, partial(_resolved_struct, place), labels | ({at: names} if names else {}))
        return
    yield _Column(own.name, kind, partial(_as_is, own.name), labels)
    if place.path not in ((own.name,), (own.name, EACH)):
        return
    for computed in _BESIDE[layer.kind]:
        inner = _REFERRED[computed]
        full = pa.list_(kind.value_field.with_type(inner)) if EACH in place.path else inner
        column = f"{own.name}_{computed}"
        closed = {(column, *place.path[1:]): names} if names and computed == "type" else {}
        yield _Column(column, full, partial(_resolved, place, computed), closed)


def _target_names(contract: Contract, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The labels of everything that references to these kinds can name, each once."""
    layers = [layer for layer in _target_layers(contract, kinds) if layer.label is not None]
    return tuple(dict.fromkeys(name for layer in layers for name in layer.item[str(layer.label)].labels or ()))


def _as_is(name: str, block: Block, layer: Layer) -> pa.Array:
    return pc.struct_field(block.items(layer), name)


def _of_hull(name: str, block: Block, layer: Layer) -> pa.Array:
    return getattr(block.hulls(layer), name)


def _resolved(place: RefPlace, computed: str, block: Block, layer: Layer) -> pa.Array:
    targets, at = block.resolved(layer, place)
    values = targets.computed[computed].take(at)
    return relisted(_as_is(place.field, block, layer), values) if EACH in place.path else values


def _resolved_struct(place: RefPlace, block: Block, layer: Layer) -> pa.Array:
    targets, at = block.resolved(layer, place)
    own = _as_is(place.field, block, layer)
    structs = own.flatten() if EACH in place.path else own
    parts = [*structs.flatten(), *(targets.computed[name].take(at) for name in _REFERRED)]
    names = [*(part.name for part in structs.type), *_REFERRED]
    made = pa.StructArray.from_arrays(parts, names=names, mask=structs.is_null() if structs.null_count else None)
    return relisted(own, made) if EACH in place.path else made
