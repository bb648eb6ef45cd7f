"""A block of articles flattened into its tables: zero-copy from Arrow, one frame a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from corpus_tool.covering import with_text
from corpus_tool.layers import EACH, nested_id
from corpus_tool.nested import explode, struct_field

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpus_tool.contract import Contract
    from corpus_tool.fields import Field
    from corpus_tool.layers import Layer, Path_, RefPlace, SpanPlace
    from corpus_tool.nested import Indices
from corpus_tool.tables import JOINT, PROVENANCE_KIND, RECORD_KINDS, RECORD_MEANINGS, REMARK, ROLE, Place, Tables


def read_tables(batch: pa.RecordBatch, contract: Contract) -> Tables:
    """Flatten a block of accepted articles."""
    return _Reader(batch, contract).run()


_OWN = ("kind", "id", "label", "prov")
_CLOSED = frozenset({"enum", "const", "format"})
"""What keeps a field from holding what somebody wrote."""
_TYPES = {"start": pa.int64(), "end": pa.int64(), "confidence": pa.float64()}


class _Rows:
    """The rows of one table, gathered layer by layer as arrays, and made a frame at the end."""

    def __init__(self, texts: tuple[str, ...]) -> None:
        self.numbers: dict[str, list[NDArray[Any]]] = {name: [] for name in ("article", "at", "i", "j", "k", "row")}
        self.texts: dict[str, list[pa.Array]] = {name: [] for name in texts}

    def add(self, at: int, indices: Indices, row: NDArray[Any], texts: Mapping[str, pa.Array]) -> None:
        number = len(row)
        missing = np.full(number, -1, np.int32)
        self.numbers["article"].append(indices[0])
        self.numbers["at"].append(np.full(number, at, np.uint16))
        self.numbers["row"].append(row)
        for depth, name in enumerate("ijk", 1):
            self.numbers[name].append(indices[depth] if depth < len(indices) else missing)
        for name, values in texts.items():
            self.texts[name].append(values)

    def frame(self) -> pl.DataFrame:
        kinds = {"article": pl.UInt32, "at": pl.UInt16, "row": pl.UInt32}
        columns = {
            name: pl.Series(np.concatenate(parts) if parts else np.empty(0, np.int32), dtype=kinds.get(name, pl.Int32))
            for name, parts in self.numbers.items()
        }
        for name, arrays in self.texts.items():
            columns[name] = _series(pa.chunked_array(arrays, _TYPES.get(name, pa.string())))
        return pl.DataFrame(columns)


class _Reader:
    """Walks the layers of one batch and gathers the rows of each table."""

    def __init__(self, batch: pa.RecordBatch, contract: Contract) -> None:
        self.batch = batch
        self.contract = contract
        self.places: list[Place] = [Place(())]
        self.kinds: dict[int, str] = {0: ""}
        self.licences: dict[int, tuple[str, ...]] = {}
        self.annotations = _Rows(("id", "label", "prov", "axis"))
        self.spans = _Rows(("start", "end", "surface"))
        self.references = _Rows(("ref", "role"))
        self.attributes = _Rows(("name", "value", "own_id"))
        self.links = _Rows(("db", "target"))
        self.records = _Rows(("id", "prov", *RECORD_MEANINGS, "coverage-labels"))
        self.scores = _Rows(("confidence",))
        self.remarks = _Rows(("field", "value"))
        self.row = 0

    def run(self) -> Tables:
        articles = self.articles()
        for layer in self.contract.layers:
            self.layer(layer)
        annotations = self.annotations.frame()
        annotations = annotations.with_columns(kind=self.by_place(self.kinds))
        self.places += [Place(path) for path in self.contract.meanings.values() if EACH not in path]
        return Tables(
            places=tuple(self.places),
            articles=articles,
            annotations=annotations,
            spans=with_text(self.owned(self.spans, annotations), articles),
            references=self.resolved(self.owned(self.references, annotations), annotations),
            attributes=self.owned(self.attributes, annotations),
            links=self.links.frame(),
            records=self.records.frame().with_columns(kind=self.by_place(self.kinds)),
            scores=self.scores.frame(),
            remarks=self.remarks.frame(),
        )

    def by_place(self, names: Mapping[int, str]) -> pl.Expr:
        """A column of names that depend on the place only."""
        found = pl.Series([names.get(at) for at in range(len(self.places))], dtype=pl.String)
        return pl.lit(found).gather(pl.col("at"))

    def owned(self, rows: _Rows, annotations: pl.DataFrame) -> pl.DataFrame:
        """Rows with what their annotation has."""
        row = pl.col("row")
        return rows.frame().with_columns(pl.lit(annotations[name]).gather(row).alias(name) for name in _OWN)

    def articles(self) -> pl.DataFrame:
        number = self.batch.num_rows
        columns: dict[str, Any] = {
            "article": np.arange(number, dtype=np.uint32),
            "at": np.zeros(number, np.uint16),
            **{name: np.full(number, -1, np.int32) for name in "ijk"},
            "id": self.top(self.contract.id),
            "text": self.top(self.contract.text),
        }
        for meaning, path in self.contract.meanings.items():
            if EACH not in path:
                columns[meaning] = _series(explode(_column(self.batch, path[0]), path[1:])[0])
        text = pl.col("text")
        frame = pl.DataFrame(columns).with_columns(chars=text.str.len_chars().cast(pl.Int64))
        return frame.with_columns(ascii=text.str.len_bytes().cast(pl.Int64) == pl.col("chars"))

    def top(self, name: str | None) -> pl.Series:
        return _series(pa.nulls(self.batch.num_rows, pa.string()) if name is None else _column(self.batch, name))

    def place(self, layer: Layer, path: Path_, names: tuple[tuple[str, str], ...] = ()) -> int:
        self.places.append(Place((layer.name, EACH, *path), names))
        self.kinds[len(self.places) - 1] = layer.kind
        return len(self.places) - 1

    def layer(self, layer: Layer) -> None:
        items, (article, i) = explode(_column(self.batch, layer.name), (EACH,))
        if not len(items):
            return
        first, self.row = self.row, self.row + len(items)
        row = np.arange(first, self.row, dtype=np.uint32)
        axis = layer.meanings.get("axis")
        parts = {"id": layer.id, "label": layer.label, "prov": layer.provenance}
        names = tuple((role, name) for role, name in parts.items() if name)
        texts = {role: _text_field(items, name) for role, name in parts.items()}
        texts["axis"] = _text_field(items, axis[0] if axis else None)
        self.annotations.add(self.place(layer, (), names), [article, i], row, texts)
        for span in layer.spans:
            self.span(layer, span, items, [article, i], row)
        for reference in layer.references:
            self.reference(layer, reference, items, [article, i], row)
        if layer.provenance is not None:
            values = struct_field(items, layer.provenance)
            roles = pa.nulls(len(items), pa.string())
            self.add_references(layer, (layer.provenance,), (PROVENANCE_KIND,), values, [article, i], row, roles)
        if "attribute-name" in layer.meanings:
            self.attribute(layer, items, [article, i], row)
        if "link-id" in layer.meanings:
            self.link(layer, items, [article, i], row)
        direct = {meaning: path[0] for meaning, path in layer.meanings.items() if len(path) == 1}
        if layer.kind in RECORD_KINDS:
            said = {meaning: _text_field(items, direct.get(meaning)) for meaning in RECORD_MEANINGS}
            said |= {role: texts[role] for role in ("id", "prov")}
            said["coverage-labels"] = _joined_field(items, direct.get("coverage-labels"))
            self.records.add(self.place(layer, (), names + tuple(direct.items())), [article, i], row, said)
        if layer.kind == PROVENANCE_KIND:
            self.remark(layer, items, [article, i], row)
        if "confidence" in direct and not _is_share(layer.item[direct["confidence"]]):
            at = self.place(layer, (), (("confidence", direct["confidence"]),))
            values = struct_field(items, direct["confidence"]).cast(pa.float64())
            self.scores.add(at, [article, i], row, {"confidence": values})

    def below(self, items: pa.Array, path: Path_, start: Indices) -> tuple[pa.Array, NDArray[np.int32], Indices]:
        """What stands at a path of the items: the values, the item of each, the indices of each."""
        values, (item, *more) = explode(items, path)
        if not more:
            return values, item, start
        return values, item, [index[item] for index in start] + more

    def span(self, layer: Layer, span: SpanPlace, items: pa.Array, start: Indices, row: NDArray[Any]) -> None:
        values, item, indices = self.below(items, span.path, start)
        row = row[item]
        if values.null_count:
            there = values.is_valid().to_numpy(zero_copy_only=False)
            values, row, indices = values.drop_null(), row[there], [index[there] for index in indices]
        names = (("start", span.start), ("end", span.end), ("surface", span.surface or ""))
        texts = {end: struct_field(values, name).cast(pa.int64()) for end, name in names[:2]}
        texts["surface"] = _text_field(values, span.surface)
        self.spans.add(self.place(layer, span.path, names), indices, row, texts)

    def reference(self, layer: Layer, place: RefPlace, items: pa.Array, start: Indices, row: NDArray[Any]) -> None:
        holder, item, indices = self.below(items, place.path[:-1], start)
        row, roles = row[item], _text_field(holder, place.role)
        if place.path[-1] == EACH:
            values, (inner, number) = explode(holder, (EACH,))
            row, indices = row[inner], [index[inner] for index in indices] + [number]
            roles = roles.take(pa.array(inner)) if place.role else pa.nulls(len(values), pa.string())
        else:
            values = struct_field(holder, place.path[-1])
        self.add_references(layer, place.path, place.kinds, values, indices, row, roles)
        if place.role is not None:
            self.place(layer, place.path[:-1], ((ROLE, place.role),))

    def add_references(  # noqa: PLR0913, PLR0917 (the columns of one row, given once)
        self, layer: Layer, path: Path_, kinds: tuple[str, ...], values: pa.Array, indices: Indices,
        row: NDArray[Any], roles: pa.Array,
    ) -> None:  # fmt: skip
        if values.null_count:
            there = values.is_valid().to_numpy(zero_copy_only=False)
            values, roles = values.drop_null(), roles.filter(pa.array(there))
            row, indices = row[there], [index[there] for index in indices]
        at = self.place(layer, path)
        self.licences[at] = kinds
        self.references.add(at, indices, row, {"ref": values.cast(pa.string()), "role": roles})

    def attribute(self, layer: Layer, items: pa.Array, start: Indices, row: NDArray[Any]) -> None:
        path = layer.meanings["attribute-name"]
        holder, item, indices = self.below(items, path[:-1], start)
        value = layer.meanings.get("attribute-value")
        own = nested_id(layer, path[:-1])
        names = (("name", path[-1]), ("value", value[-1] if value else ""), ("own_id", own or ""))
        at = self.place(layer, path[:-1], names)
        texts = {"name": _text_field(holder, path[-1]), "value": _text_field(holder, value[-1] if value else None)}
        texts["own_id"] = _text_field(holder, own)
        self.attributes.add(at, indices, row[item], texts)

    def link(self, layer: Layer, items: pa.Array, start: Indices, row: NDArray[Any]) -> None:
        path, db = layer.meanings["link-id"], layer.meanings.get("link-db", ("",))
        holder, item, indices = self.below(items, path[:-1], start)
        beside = db[-1] if db[:-1] == path[:-1] else None
        texts = {"db": _text_field(holder, beside), "target": _text_field(holder, path[-1])}
        self.links.add(self.place(layer, path[:-1]), indices, row[item], texts)

    def remark(self, layer: Layer, items: pa.Array, start: Indices, row: NDArray[Any]) -> None:
        for field in layer.item.fields:
            if field.type != "string" or field.name == layer.id or _CLOSED.intersection(field.keywords):
                continue
            values = struct_field(items, field.name).cast(pa.string())
            there = values.is_valid().to_numpy(zero_copy_only=False)
            if there.any():
                at = self.place(layer, (), ((REMARK, field.name),))
                names = pa.repeat(field.name, int(there.sum()))
                texts = {"field": names, "value": values.drop_null()}
                self.remarks.add(at, [index[there] for index in start], row[there], texts)

    def resolved(self, references: pl.DataFrame, annotations: pl.DataFrame) -> pl.DataFrame:
        """References with what they name: the first annotation of that id in the article, in its namespace."""
        references = references.with_columns(field=self.by_place({at: self.places[at].path[2] for at in self.licences}))
        targets = annotations.filter(pl.col("id").is_not_null()).select(
            "article",
            pl.col("id").alias("ref"),
            space=pl.col("kind") == PROVENANCE_KIND,
            target=pl.col("row"),
        ).unique(["article", "space", "ref"], keep="first", maintain_order=True)  # fmt: skip
        to_provenance = [at for at, kinds in self.licences.items() if kinds == (PROVENANCE_KIND,)]
        joined = references.with_columns(space=pl.col("at").is_in(to_provenance)).join(
            targets, on=["article", "space", "ref"], how="left", maintain_order="left"
        )
        target = pl.col("target")
        joined = joined.with_columns(
            pl.lit(annotations[name]).gather(target).alias(f"target_{name}") for name in _OWN
        )  # fmt: skip
        licence = pl.lit(value=False)
        for kinds in set(self.licences.values()):
            places = [at for at, licensed in self.licences.items() if licensed == kinds]
            licence = licence | (pl.col("at").is_in(places) & pl.col("target_kind").is_in(kinds))
        return joined.with_columns(licensed=licence)


def _column(batch: pa.RecordBatch, name: str) -> pa.Array:
    return batch.column(batch.schema.get_field_index(name))


def _series(array: pa.Array | pa.ChunkedArray) -> pl.Series:
    made = pl.from_arrow(array)
    assert isinstance(made, pl.Series)
    return made


def _is_share(field: Field) -> bool:
    """Whether the schema keeps a number within 0 and 1."""
    says = field.keywords
    least = says.get("minimum", says.get("exclusiveMinimum", -1))
    most = says.get("maximum", says.get("exclusiveMaximum", 2))
    return bool(least >= 0 and most <= 1)


def _text_field(items: pa.Array, name: str | None) -> pa.Array:
    return pa.nulls(len(items), pa.string()) if name is None else struct_field(items, name).cast(pa.string())


def _joined_field(items: pa.Array, name: str | None) -> pa.Array:
    """A list of strings as one string; null where there is no list, or it holds nulls."""
    if name is None or not pa.types.is_list(items.type.field(name).type):
        return pa.nulls(len(items), pa.string())
    return pc.binary_join(struct_field(items, name).cast(pa.list_(pa.string())), JOINT)


def explode_layer(batch: pa.RecordBatch, name: str) -> tuple[pa.Array, NDArray[np.int32]]:
    """The items of a layer, and the row of the article that each is of."""
    items, (article, _) = explode(_column(batch, name), (EACH,))
    return items, article


def read_column(items: pa.Array, name: str | None) -> pl.Series:
    """A string field of structs as a series; nulls where the field has no name."""
    return _series(_text_field(items, name))
