"""REF: identifiers, and what refers to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from corpus_tool.findings import Edit, Fix
from corpus_tool.layers import EACH
from corpus_tool.rules import INFO, TABLES, Bad, Case, Hit, Skipped, rule
from corpus_tool.rules.characters import shown
from corpus_tool.rules.example import annotator, entity
from corpus_tool.rules.extents import once_a_block, references_of
from corpus_tool.rules.mending import allowed, is_named, removable, removal, standing, take_out
from corpus_tool.tables import ANNOTATIONS, ATTRIBUTES, PROVENANCE_KIND, REFERENCES
from corpus_tool.vocabulary import pointer, steps

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.tables import Tables

    Edges = dict[int, list[tuple[int, int]]]

_WITH_ARGUMENTS = ("relation", "event")
_BINDING = ("relation", "coreference")
_FEWEST_BOUND = 2
_STRUCTURE = ("passage", "sentence", "token", "word")


def _renumber(case: Case) -> Fix | None:
    row = case.row
    at = case.tables.pointer(row, case.hit.point)
    if not allowed(case, at, row["free"]):
        return None
    edit = Edit(at, standing(case.article, at), row["free"])
    return Fix(f"rename it {shown(row['free'])}; what refers to {shown(edit.old)} means the first", (edit,), "unsafe")


@rule(
    "REF401",
    on=TABLES,
    message="the id stands twice",
    fix=_renumber,
    fixes=("unsafe",),
    bad=[
        Bad({"/sentences/1/id": "S1"}, "/sentences/1/id"),
        Bad({"/notes/0/id": "T4"}, "/notes/0/id"),
        Bad({"/provenance/-": {"id": "A1", "agent": "annotator-02", "agent_type": "human"}}, "/provenance/1/id"),
        Bad({"/entities/0/attributes/0/id": "T2"}, "/entities/0/attributes/0/id"),
    ],
    good=[
        {"/entities/4/id": "A1", "/events/0/trigger": "A1"},
        {"/entities/0/attributes/0/id": "A1", "/entities/2/attributes/0/id": "A2"},
    ],
)
def id_is_unique_in_its_article(tables: Tables, contract: Contract) -> Iterator[Hit]:  # noqa: ARG001 - one shape of rule
    """No two annotations or attributes of an article have the same id, over all layers; provenance ids are apart.

    What refers to such an id means either. Give the second a new id, and mend what means it. The fix takes the next
    free number, and leaves what refers to the id with the first.
    """
    for again in _taken(tables):
        table, point = (ATTRIBUTES, "own_id") if again.nested else (ANNOTATIONS, "id")
        row = tables[table].row(again.number, named=True)
        message = f"the id {shown(again.id)} is that of {again.first}, too: give it another"
        yield Hit(table, {**row, "free": again.free}, message, point=point)


@dataclass(frozen=True, slots=True)
class _Taken:
    """An id that another annotation or attribute of the article has: where, and an id that nothing has."""

    number: int
    nested: bool
    id: str
    first: str
    free: str


@once_a_block
def _taken(tables: Tables) -> tuple[_Taken, ...]:
    own_space = (pl.col("kind") == PROVENANCE_KIND).alias("space")
    columns = "article", "id", own_space
    ids = tables.annotations.select(*columns, nested=False).with_row_index("number").drop_nulls("id")
    if tables.attributes["own_id"].null_count() < len(tables.attributes):
        inner = tables.attributes.select("article", pl.col("own_id").alias("id"), space=False, nested=True)
        ids = pl.concat([ids, inner.with_row_index("number").drop_nulls("id").select(ids.columns)])
    digest = pl.col("id").hash() ^ ((pl.col("article").cast(pl.UInt64) * 2 + pl.col("space").cast(pl.UInt64)).hash())
    if ids.is_empty() or ids.select(digest.is_unique().all()).item():
        return ()
    again = ids.filter(pl.struct("article", "space", "id").is_duplicated())
    known = ids.filter(pl.col("article").is_in(again["article"].unique().to_list())).select("article", "space", "id")
    free = _Free(known.iter_rows())
    first: dict[Any, str] = {}
    found = []
    for number, article, name, space, nested in again.select("number", "article", "id", "space", "nested").iter_rows():
        key = article, space, name
        if key in first:
            found.append(_Taken(number, nested, name, first[key], free(article, space, name)))
        else:
            row = tables[ATTRIBUTES if nested else ANNOTATIONS].row(number, named=True)
            first[key] = tables.pointer(row)
    return tuple(found)


class _Free:
    """Ids that nothing has yet, in the manner of one that something has: `T7` where there are `T1` to `T6`."""

    def __init__(self, known: Iterator[tuple[int, bool, str]]) -> None:
        self.known: dict[tuple[int, bool], set[str]] = defaultdict(set)
        self.last: dict[tuple[int, bool, str], int] = {}
        for article, space, name in known:
            self.known[article, space].add(name)

    def __call__(self, article: int, space: bool, name: str) -> str:  # noqa: FBT001 - a column of a row
        stem = name.rstrip("0123456789") or f"{name}-"
        stem = stem if stem != name else f"{name}-"
        number = self.last.get((article, space, stem), 0) + 1
        while f"{stem}{number}" in self.known[article, space]:
            number += 1
        self.last[article, space, stem] = number
        self.known[article, space].add(f"{stem}{number}")
        return f"{stem}{number}"


def _drop_reference(case: Case) -> Fix | None:
    row = case.row
    made_by = {(layer.name, EACH, layer.provenance) for layer in case.contract.layers}
    at = removable(case, case.tables.pointer(row))
    if at is None or case.tables.places[row["at"]].path in made_by:
        return None
    above = standing(case.article, pointer(steps(at)[:-1]))
    if row["kind"] in _BINDING and isinstance(above, list) and len(above) <= _FEWEST_BOUND:
        return None  # what is left would bind nothing
    return Fix(f"drop what names {shown(row['ref'])} in {row['field']}", (removal(case, at),), "unsafe")


@rule(
    "REF402",
    on=REFERENCES,
    message="{field}: nothing in this article has the id '{ref:.60}'",
    fix=_drop_reference,
    fixes=("unsafe",),
    bad=[
        Bad({"/relations/0/arguments/0/ref": "T77"}, "/relations/0/arguments/0/ref"),
        Bad({"/coreference/0/mentions/1": "T77"}, "/coreference/0/mentions/1"),
        Bad({"/entities/1/prov": "A7"}, "/entities/1/prov"),
        Bad({"/events/0/arguments/-": {"role": "Agent", "ref": "T77"}}, "/events/0/arguments/1/ref"),
    ],
)
def reference_names_something(contract: Contract) -> pl.Expr | None:  # noqa: ARG001
    """What a reference names is in the same article.

    It was deleted, renamed, or never came along. Name the right annotation, or remove what refers to it. The fix drops
    the reference, or the argument it stands in, where the annotation can go without; what names who made it stays.
    """
    return pl.col("target").is_not_null()


@rule(
    "REF403",
    on=REFERENCES,
    message="{field}: '{ref:.60}' is of kind {target_kind}, which may not stand here",
    needs=("REF402",),
    bad=[
        Bad({"/relations/0/arguments/1/ref": "N1"}, "/relations/0/arguments/1/ref"),
        Bad({"/words/1/token": "W1"}, "/words/1/token"),
    ],
)
def reference_names_the_right_kind(contract: Contract) -> pl.Expr | None:  # noqa: ARG001
    """A reference names an annotation of a kind that its field allows.

    A trigger is an entity, a head is a word: whoever follows the reference finds fields it does not expect. Name the
    annotation that was meant.
    """
    return pl.col("target").is_null() | pl.col("licensed")


@rule(
    "REF404",
    on=TABLES,
    message="the reference leads to another annotator",
    needs=("REF402",),
    bad=[
        Bad({"/provenance/-": annotator("A2"), "/relations/0/prov": "A2"}, "/relations/0/arguments/0/ref"),
    ],
    good=[{"/provenance/-": annotator("A2", "corrector", derived_from=["A1"]), "/relations/0/prov": "A2"}],
)
def reference_stays_with_its_annotator(tables: Tables, contract: Contract) -> Iterator[Hit | Skipped]:  # noqa: ARG001
    """An annotation refers to annotations of its own provenance, or of one that its provenance is `derived_from`.

    Otherwise it breaks as soon as one annotator's work is taken alone, as every release does. Notes may refer to all,
    and all may refer to tokens, sentences and passages. Say `derived_from` where one annotator builds on another.
    """
    rows = references_of(tables, lambda kind: kind not in ("note", *_STRUCTURE))
    yield from _dangling(rows)
    foreign = rows.filter(
        (pl.col("prov") != pl.col("target_prov")) & ~pl.col("target_kind").is_in([*_STRUCTURE, PROVENANCE_KIND])
    )
    if foreign.is_empty():
        return
    built_on = _derivations(tables)
    makers = set(tables.annotations.filter(pl.col("kind") == PROVENANCE_KIND).select("article", "id").iter_rows())
    for row in foreign.iter_rows(named=True):
        article, own, other = row["article"], row["prov"], row["target_prov"]
        known = {(article, own), (article, other)} <= makers  # what is not, REF402 has said
        if known and other not in _reached(built_on, (article, own)):
            message = (f"{row['field']} of {shown(row['id'] or row['kind'])}, made by {shown(own)}, names "
                       f"{shown(row['ref'])}, made by {shown(other)}, from which {shown(own)} is not derived")  # fmt: skip
            yield Hit(REFERENCES, row, message)


def _dangling(rows: pl.DataFrame) -> Iterator[Skipped]:
    """How many references lead nowhere, which REF402 has said."""
    if number := rows["target"].null_count():
        yield Skipped(number)


def _derivations(tables: Tables) -> dict[tuple[int, str], set[str]]:
    """What each provenance of an article says it is derived from, there or in an adjudication."""
    rows = tables.references.filter(
        (pl.col("target_kind") == PROVENANCE_KIND) & pl.col("kind").is_in([PROVENANCE_KIND, "adjudication"])
    )
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    for article, kind, own, prov, ref in rows.select("article", "kind", "id", "prov", "ref").iter_rows():
        maker = own if kind == PROVENANCE_KIND else prov
        if maker is not None:
            found[article, maker].add(ref)
    return found


def _reached(built_on: dict[tuple[int, str], set[str]], start: tuple[int, str]) -> set[str]:
    article, maker = start
    seen, todo = {maker}, [maker]
    while todo:
        new = built_on.get((article, todo.pop()), set()) - seen
        seen |= new
        todo += new
    return seen


@rule(
    "REF405",
    on=TABLES,
    message="the reference leads back to itself",
    needs=("REF402",),
    bad=[
        Bad({"/words/1/head": "W2"}, "/words/1/head"),
        Bad({"/words/0/head": "W2"}, "/words/0/head"),
        Bad({"/notes/0/ref": "N1"}, "/notes/0/ref"),
        Bad({"/events/0/arguments/0/ref": "E1"}, "/events/0/arguments/0/ref"),
        Bad(
            {
                "/relations/0/arguments/1/ref": "T3",
                "/relations/-": {
                    "id": "R2",
                    "type": "Near",
                    "prov": "A1",
                    "arguments": [{"role": "Arg1", "ref": "T3"}, {"role": "Arg2", "ref": "T1"}],
                },
            },
            "/relations/1",
        ),
        Bad(
            {"/provenance/0/derived_from": ["A2"], "/provenance/-": annotator("A2", derived_from=["A1"])},
            "/provenance/1/derived_from/0",
        ),
    ],
)
def reference_does_not_lead_back(tables: Tables, contract: Contract) -> Iterator[Hit | Skipped]:
    """No reference leads back to where it stands.

    No annotation names itself; heads of words, arguments of events, what provenances are derived from, and relations that
    the inventory calls `acyclic` lead in no circle. A tree with a circle has no root, and whoever follows it never arrives:
    of two works that each are derived from the other nobody knows which was first. Change the reference that closes the circle.
    """
    references = tables.references
    yield from _dangling(references)
    own = references.filter(pl.col("row") == pl.col("target"))
    for row in own.iter_rows(named=True):
        yield Hit(
            REFERENCES, row, f"{row['field']} of {shown(row['id'] or row['kind'])} names {shown(row['ref'])} itself"
        )
    other = pl.col("row") != pl.col("target")
    yield from _head_circles(tables, references_of(tables, lambda kind: kind == "word").filter(other))
    arguments = references_of(tables, lambda kind: kind in _WITH_ARGUMENTS)
    inner = arguments.filter(pl.col("target_kind").is_in(_WITH_ARGUMENTS) & other)
    yield from _circles(inner, "whose arguments lead back to it")
    works = references_of(tables, lambda kind: kind == PROVENANCE_KIND)
    built_on = works.filter((pl.col("target_kind") == PROVENANCE_KIND) & other) if works.height else works
    yield from _circles(built_on, "which is derived from it in turn")
    yield from _acyclic_circles(tables, contract)


def _head_circles(tables: Tables, references: pl.DataFrame) -> Iterator[Hit]:
    """Circles of words along a field that holds one reference, such as `head`."""
    if references.is_empty():
        return
    scalar = [at for at, place in enumerate(tables.places) if place.path.count(EACH) == 1]
    words = references.filter((pl.col("target_kind") == "word") & pl.col("at").is_in(scalar))
    for _, rows in words.group_by("at", maintain_order=True):
        yield from _word_circles(tables, rows)


def _word_circles(tables: Tables, rows: pl.DataFrame) -> Iterator[Hit]:
    """Follow all heads at once, twice as far each time: what has not arrived by then never does."""
    root = len(tables.annotations)
    head = np.full(root + 1, root)
    head[rows["row"].to_numpy()] = rows["target"].to_numpy()
    steps, far = head, 1
    while far <= root and (steps < root).any():
        steps, far = steps[steps], far * 2
    lost = set(np.unique(steps[steps < root]).tolist())
    while lost:
        start = min(lost)
        circle, word = [start], int(head[start])
        while word != start:
            circle.append(word)
            word = int(head[word])
        lost -= set(circle)
        ids = tables.annotations["id"].gather(circle).to_list()
        row = rows.filter(pl.col("row") == start).row(0, named=True)
        yield Hit(REFERENCES, row, f"{row['field']} leads in a circle: {_circle(ids)}")


def _circle(ids: list[Any]) -> str:
    shown_ids = [str(name) for name in ids[:6]] + ["…"] * (len(ids) > 6)
    return " → ".join([*shown_ids, str(ids[0])])


def _circles(rows: pl.DataFrame, says: str) -> Iterator[Hit]:
    """Circles of annotations that name each other, such as events in each other's arguments."""
    back = rows["target"] < rows["row"]
    if back.all() or not back.any():  # no circle leads in one direction only
        return
    edges: Edges = defaultdict(list)
    for number, (row, target) in enumerate(rows.select("row", "target").iter_rows()):
        edges[row].append((target, number))
    for number in _closing(edges):
        row = rows.row(number, named=True)
        names = f"{row['field']} of {shown(row['id'] or row['kind'])} names {shown(row['ref'])}"
        yield Hit(REFERENCES, row, f"{names}, {says}")


def _acyclic_circles(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """Circles of what relations of an acyclic label bind, from their first argument to the others.

    The first is that of the role which the inventory names first, wherever it stands in the list.
    """
    inventory = contract.inventory
    labels = [] if inventory is None else [label for label in inventory.of("relation") if label.acyclic]
    if not labels:
        return
    rows = references_of(tables, lambda kind: kind == "relation").filter(
        pl.col("label").is_in([label.name for label in labels]) & (pl.col("target_kind") != PROVENANCE_KIND)
    )
    order = {(label.name, each.role): number for label in labels for number, each in enumerate(label.arguments)}
    ends: dict[Any, list[tuple[int, int]]] = defaultdict(list)
    for row, label, prov, role, target in rows.select("row", "label", "prov", "role", "target").iter_rows():
        ends[row, label, prov].append((order.get((label, role), len(order)), target))
    graphs: dict[Any, Edges] = defaultdict(lambda: defaultdict(list))
    for (row, label, prov), own in ends.items():
        first, *others = (target for _, target in sorted(own, key=lambda end: end[0]))
        graphs[label, prov][first] += [(target, row) for target in others]
    for (label, _), edges in graphs.items():
        for row in _closing(edges):
            hit = tables.annotations.row(row, named=True)
            yield Hit(
                ANNOTATIONS,
                hit,
                f"{label} {shown(hit['id'] or '')} closes a circle, and the inventory calls {label} acyclic",
            )


def _closing(edges: Edges) -> list[int]:
    """The names of edges, one for each circle met, that close a circle; a walk without recursion."""
    done: set[int] = set()
    found = []
    for start in list(edges):
        if start in done:
            continue
        path, open_ = [(start, iter(edges[start]))], {start}
        while path:
            node, further = path[-1]
            for target, name in further:
                if target in open_:
                    found.append(name)
                elif target not in done and target in edges:
                    path.append((target, iter(edges[target])))
                    open_.add(target)
                    break
            else:
                path.pop()
                open_.discard(node)
                done.add(node)
    return sorted(found)


def _drop_trigger(case: Case) -> Fix | None:
    if is_named(case.tables, case.row):
        return None
    return Fix(f"drop {case.row['label']} {shown(case.row['id'] or '')}", (take_out(case, case.row),), "unsafe")


@rule(
    "REF406",
    on=TABLES,
    severity=INFO,
    message="the trigger is not used",
    fix=_drop_trigger,
    fixes=("unsafe",),
    bad=[
        Bad({"/entities/-": entity("TRIGGER", 74, 80)}, "/entities/5"),
    ],
)
def trigger_is_used(tables: Tables, contract: Contract) -> Iterator[Hit]:
    """An entity whose label is there to trigger events triggers one, in an article that has events.

    An event was deleted and its trigger stayed, or it has yet to be annotated. Labels count that the inventory marks as
    `trigger`, where it does not mark all. The fix drops it, where nothing else names it.
    """
    entities = () if contract.inventory is None else tuple(x for x in contract.inventory.of("entity") if not x.abstract)
    triggers = [label.name for label in entities if label.trigger]
    if not triggers or len(triggers) == len(entities):
        return
    references = references_of(tables, lambda kind: kind == "event")
    if references.is_empty():
        return
    rows = tables.annotations.filter(
        (pl.col("kind") == "entity")
        & pl.col("label").is_in(triggers)
        & pl.col("article").is_in(references["article"].unique().to_list())
        & ~pl.col("row").is_in(references["target"].drop_nulls().to_list())
    )
    for row in rows.iter_rows(named=True):
        yield Hit(ANNOTATIONS, row, f"no event has {row['label']} {shown(row['id'] or '')} as its trigger")
