"""Which annotations a release offers as the truth."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus_tool.contract import Contract
from corpus_tool.layers import Layer
from corpus_tool.nested import Numbers, descend, lengths, parents

DANGLING = "dangling"
"""The count of references from gold to what is not gold; all other counts go by the layer's name."""

_RECORDS = ("provenance", "coverage", "adjudication")


def gold(batch: pa.RecordBatch, contract: Contract) -> tuple[pa.RecordBatch, Counter[str]]:
    """The articles with the gold of each layer, and how many annotations were left out.

    Gold are the annotations whose provenance the layer's adjudication names, else those of its only complete human
    annotator; where nothing of that is said and one provenance exists, that one. A layer that has annotations and no
    such provenance becomes null: not annotated. One whose gold provenance found nothing becomes `[]`.
    """
    said = _said(batch, contract)
    left_out: Counter[str] = Counter()
    changed: dict[str, pa.Array] = {}
    dropped: dict[str, Any] = {}
    for layer in contract.layers:
        if layer.kind in _RECORDS or layer.provenance is None:
            continue
        lists = batch.column(layer.name)
        keep, none = _decide(lists, layer, said.get(layer.name, {}))
        if keep is None:
            continue
        left_out[layer.name] += int((~keep).sum())
        changed[layer.name] = _kept(lists, keep, none)
        dropped[layer.name] = (lists, ~keep)
    if not changed:
        return batch, left_out

    columns = [changed.get(name, batch.column(name)) for name in batch.schema.names]
    truth = pa.record_batch(columns, schema=batch.schema)
    dangling = _dangling(truth, contract, dropped)
    if dangling:
        left_out[DANGLING] = dangling
    return truth, left_out


Said = dict[int, tuple[set[str] | None, set[str]]]
"""By row: the provenances that adjudication names (None: no record of it), and the complete human annotators."""


def _said(batch: pa.RecordBatch, contract: Contract) -> dict[str, Said]:
    """What adjudication and coverage say, by layer."""
    out: dict[str, Said] = {}
    humans = _humans(batch, contract)
    for row, name, prov, status in _records(batch, contract, "adjudication", "adjudication-status"):
        if status == "adjudicated" and prov is None:
            continue
        named, complete = out.setdefault(name, {}).get(row, (None, set()))
        more = {prov} if status == "adjudicated" and prov is not None else set()
        out[name][row] = ((named or set()) | more, complete)
    for row, name, prov, status in _records(batch, contract, "coverage", "coverage-status"):
        if status == "complete" and prov is not None and (row, prov) in humans:
            out.setdefault(name, {}).setdefault(row, (None, set()))[1].add(prov)
    return out


def _humans(batch: pa.RecordBatch, contract: Contract) -> set[tuple[int, str]]:
    out: set[tuple[int, str]] = set()
    for layer in contract.of_kind("provenance"):
        path = layer.meanings.get("agent-type")
        if layer.id is None or path is None:
            continue
        lists = batch.column(layer.name)
        items = lists.flatten()
        kinds, _ = descend(items, path)
        ids, _ = descend(items, (layer.id,))
        found = zip(parents(lists).tolist(), ids.to_pylist(), kinds.to_pylist(), strict=True)
        out.update((row, own) for row, own, kind in found if kind == "human")
    return out


def _records(
    batch: pa.RecordBatch, contract: Contract, kind: str, status: str
) -> list[tuple[int, str, str | None, str]]:
    """(row, layer, provenance, status) of each record of that kind."""
    out: list[tuple[int, str, str | None, str]] = []
    for layer in contract.of_kind(kind):
        about, state = layer.meanings.get("layer"), layer.meanings.get(status)
        if about is None or state is None or layer.provenance is None:
            continue
        lists = batch.column(layer.name)
        items = lists.flatten()
        columns = [descend(items, path)[0].to_pylist() for path in (about, (layer.provenance,), state)]
        out += zip(parents(lists).tolist(), *columns, strict=True)
    return out


def _decide(
    lists: pa.ListArray, layer: Layer, said: Said
) -> tuple[npt.NDArray[np.bool_] | None, npt.NDArray[np.bool_]]:
    """Which annotations stay (None: all), and in which rows no provenance is gold."""
    items = lists.flatten()
    none = np.zeros(len(lists), dtype=bool)
    if not len(items):
        return None, none
    encoded = pc.struct_field(items, layer.provenance).dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    ends = np.cumsum(lengths(lists))
    starts = ends - lengths(lists)
    if len(encoded.dictionary) + (encoded.null_count > 0) < 2 and not said:
        return None, none
    number = {name: code for code, name in enumerate(encoded.dictionary.to_pylist())}
    keep = np.ones(len(items), dtype=bool)
    for row in sorted({*_mixed(codes, starts, ends), *said}):
        span = slice(int(starts[row]), int(ends[row]))
        present = set(codes[span].tolist())
        wanted = _wanted(said.get(row, (None, set())), number, present)
        if wanted is None:
            keep[span] = False
            none[row] = bool(present)
        elif not present <= wanted:
            keep[span] = np.isin(codes[span], list(wanted))
    return (None if keep.all() else keep), none


def _mixed(codes: Numbers, starts: Numbers, ends: Numbers) -> list[int]:
    """The rows whose annotations have more than one provenance."""
    rows = np.flatnonzero(ends > starts)
    least = np.minimum.reduceat(codes, starts[rows])
    most = np.maximum.reduceat(codes, starts[rows])
    found: list[int] = rows[least != most].tolist()
    return found


def _wanted(said: tuple[set[str] | None, set[str]], number: dict[str, int], present: set[int]) -> set[int] | None:
    """The provenances that are gold, by code; None where none is. -2 is one that made no annotation here."""
    named, complete = said
    if named:
        return {number.get(prov, -2) for prov in named}
    if len(complete) == 1:
        return {number.get(prov, -2) for prov in complete}
    if named is None and not complete and len(present) <= 1:
        return present
    return None


def has_gold(named: set[str] | None, complete: set[str], present: int) -> bool:
    """Whether a layer of an article has gold, by what is said of it and the number of provenances that it has.

    `named` are those that its adjudication names (None: there is no record of it), `complete` its complete human
    annotators.
    """
    return _wanted((named, complete), {}, set(range(present))) is not None


def _kept(lists: pa.ListArray, keep: npt.NDArray[np.bool_], none: npt.NDArray[np.bool_]) -> pa.ListArray:

    counts = np.bincount(parents(lists)[keep], minlength=len(lists))
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    missing = lists.is_null().to_numpy(zero_copy_only=False) | none
    values = lists.flatten().filter(pa.array(keep))
    return pa.ListArray.from_arrays(pa.array(offsets), values, type=lists.type, mask=pa.array(missing))


def _dangling(truth: pa.RecordBatch, contract: Contract, dropped: dict[str, Any]) -> int:
    """How many references of gold name an annotation that was left out."""
    gone: set[tuple[int, str]] = set()
    for layer in contract.layers:
        if layer.name in dropped and layer.id is not None:
            lists, mask = dropped[layer.name]
            ids, _ = descend(lists.flatten(), (layer.id,))
            gone.update(zip(parents(lists)[mask].tolist(), ids.filter(pa.array(mask)).to_pylist(), strict=True))
    count = 0
    for layer in contract.layers:
        if layer.kind in _RECORDS:
            continue
        lists = truth.column(layer.name)
        items, rows = lists.flatten(), parents(lists)
        for place in layer.references:
            refs, owners = descend(items, place.path)
            count += sum(pair in gone for pair in zip(rows[owners].tolist(), refs.to_pylist(), strict=True))
    return count
