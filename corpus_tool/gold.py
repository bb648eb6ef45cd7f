"""Which annotations a release offers as the truth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from corpus_tool.contract import Contract
from corpus_tool.layers import Layer
from corpus_tool.makers import JUDGED, Makers, barred_machines, read_makers
from corpus_tool.nested import Numbers, descend, lengths, parents

DANGLING = "dangling"
"""The count of references from gold to what is not gold."""
EMPTY = "empty layers"
"""The count of layers in which a machine alone found nothing; all other counts go by the layer's name."""
OTHER_NAMED, OTHER_COMPLETE = "adjudication names another", "another annotator is complete"
UNDECIDED, BY_MACHINE = "not adjudicated", "a machine alone made it"

_RECORDS = ("provenance", "coverage", "adjudication")


@dataclass(frozen=True, slots=True)
class Judged:
    """The articles with the gold of each layer; what was left out by layer, and by (layer, reason)."""

    articles: pa.RecordBatch
    left_out: Counter[str]
    reasons: Counter[tuple[str, str]]


def gold(batch: pa.RecordBatch, contract: Contract) -> tuple[pa.RecordBatch, Counter[str]]:
    """The articles with the gold of each layer, and how many annotations were left out: see `judge`."""
    judged = judge(batch, contract)
    return judged.articles, judged.left_out


def judge(batch: pa.RecordBatch, contract: Contract) -> Judged:
    """The articles with the gold of each layer, and what was left out, with the reasons.

    Gold are the annotations whose provenance the layer's adjudication names, else those of its only complete human
    annotator; where nothing of that is said and one provenance exists, that one, unless it is a machine's and the
    layer takes judgement (`[release] machine`). A layer that has annotations and no such provenance becomes null: not
    annotated. One whose gold provenance found nothing becomes `[]`.
    """
    makers = read_makers(batch, contract)
    machines = barred_machines(batch, contract, makers)
    said, covered = _said(batch, contract, makers, machines)
    left_out: Counter[str] = Counter()
    reasons: Counter[tuple[str, str]] = Counter()
    changed: dict[str, pa.Array] = {}
    dropped: dict[str, Any] = {}
    for layer in contract.layers:
        if layer.kind in _RECORDS or layer.provenance is None:
            continue
        lists, about = batch.column(layer.name), said.get(layer.name, {})
        barred = machines if layer.kind in JUDGED else {}
        choice = _decide(lists, layer, about, barred)
        empty = _empty(lists, about, covered.get(layer.name, {}), barred)
        choice.none[empty] = True
        if choice.keep is None and not empty:
            continue
        keep = np.ones(len(lists.flatten()), dtype=bool) if choice.keep is None else choice.keep
        left_out[layer.name] += int((~keep).sum())
        left_out[EMPTY] += len(empty)
        reasons.update({(layer.name, why): number for why, number in choice.reasons.items()})
        changed[layer.name] = _kept(lists, keep, choice.none)
        dropped[layer.name] = (lists, ~keep)
    left_out = +left_out
    if not changed:
        return Judged(batch, left_out, reasons)

    columns = [changed.get(name, batch.column(name)) for name in batch.schema.names]
    truth = pa.record_batch(columns, schema=batch.schema)
    dangling = _dangling(truth, contract, dropped)
    if dangling:
        left_out[DANGLING] = dangling
    return Judged(truth, left_out, reasons)


Said = dict[int, tuple[set[str] | None, set[str]]]
"""By row: the provenances that adjudication names (None: no record of it), and the complete human annotators."""


Covered = dict[int, set[str]]
"""By row: the provenances whose coverage of a layer is stated."""


def _said(
    batch: pa.RecordBatch, contract: Contract, makers: Makers, machines: Mapping[int, set[str]]
) -> tuple[dict[str, Said], dict[str, Covered]]:
    """What adjudication and coverage say, by layer; who looked only where machines count for nothing."""
    out: dict[str, Said] = {}
    covered: dict[str, Covered] = {}
    for row, name, prov, status in _records(batch, contract, "adjudication", "adjudication-status"):
        if status == "adjudicated" and prov is None:
            continue
        named, complete = out.setdefault(name, {}).get(row, (None, set()))
        more = {prov} if status == "adjudicated" and prov is not None else set()
        out[name][row] = ((named or set()) | more, complete)
    for row, name, prov, status in _records(batch, contract, "coverage", "coverage-status"):
        if prov is None:
            continue
        if row in machines:
            covered.setdefault(name, {}).setdefault(row, set()).add(prov)
        if status == "complete" and makers.get((row, prov)) == "human":
            out.setdefault(name, {}).setdefault(row, (None, set()))[1].add(prov)
    return out, covered


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


@dataclass(frozen=True, slots=True)
class _Choice:
    """Which annotations stay (None: all), in which rows no provenance is gold, and why the others go."""

    keep: npt.NDArray[np.bool_] | None
    none: npt.NDArray[np.bool_]
    reasons: Counter[str]


def _decide(lists: pa.ListArray, layer: Layer, said: Said, machines: Mapping[int, set[str]]) -> _Choice:
    items = lists.flatten()
    none = np.zeros(len(lists), dtype=bool)
    reasons: Counter[str] = Counter()
    if not len(items):
        return _Choice(None, none, reasons)
    encoded = pc.struct_field(items, layer.provenance).dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    ends = np.cumsum(lengths(lists))
    starts = ends - lengths(lists)
    if len(encoded.dictionary) + (encoded.null_count > 0) < 2 and not said and not machines:
        return _Choice(None, none, reasons)
    number = {name: code for code, name in enumerate(encoded.dictionary.to_pylist())}
    names = [*number, None]
    keep = np.ones(len(items), dtype=bool)
    for row, least, most in _extremes(codes, starts, ends):
        about = said.get(row, (None, set()))
        if least == most and (names[least] in _named(about) if row in said else row not in machines):
            continue  # most rows: all that is there is gold
        span = slice(int(starts[row]), int(ends[row]))
        present = set(codes[span].tolist())
        wanted = _wanted(about, number, present)
        alone = present <= {number[prov] for prov in machines.get(row, ()) if prov in number}
        if wanted is None or (wanted is present and present and alone):
            keep[span] = False
            none[row] = bool(present)
            reasons[BY_MACHINE if alone else UNDECIDED] += span.stop - span.start
        elif not present <= wanted:
            keep[span] = np.isin(codes[span], list(wanted))
            reasons[OTHER_NAMED if about[0] else OTHER_COMPLETE] += int((~keep[span]).sum())
    return _Choice(None if keep.all() else keep, none, +reasons)


def _empty(lists: pa.ListArray, said: Said, covered: Covered, machines: Mapping[int, set[str]]) -> list[int]:
    """The rows whose layer is empty because machines alone looked for something."""
    sizes, there = lengths(lists), lists.is_valid().to_numpy(zero_copy_only=False)
    return [
        row
        for row in sorted(machines.keys() & covered.keys())
        if there[row] and not sizes[row] and covered[row] <= machines[row] and not any(said.get(row, ()))
    ]


def _extremes(codes: Numbers, starts: Numbers, ends: Numbers) -> Iterator[tuple[int, int, int]]:
    """The rows that have annotations, with the least and the most of the codes there: the same where it is only one."""
    rows = np.flatnonzero(ends > starts)
    least = np.minimum.reduceat(codes, starts[rows])
    most = np.maximum.reduceat(codes, starts[rows])
    yield from zip(rows.tolist(), least.tolist(), most.tolist(), strict=True)


def _named(about: tuple[set[str] | None, set[str]]) -> set[str]:
    """The provenances that are said to be gold: by adjudication, else as the only complete human annotator."""
    named, complete = about
    return named or (complete if len(complete) == 1 else set())


def _wanted(said: tuple[set[str] | None, set[str]], number: dict[str, int], present: set[int]) -> set[int] | None:
    """The provenances that are gold, by code; None where none is. -2 is one that made no annotation here."""
    named, complete = said
    if gold := _named(said):
        return {number.get(prov, -2) for prov in gold}
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
