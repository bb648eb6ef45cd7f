"""The tasks of one input as one article."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus_tool.formats import Article, Imported, Unit
from corpus_tool.formats.asked_places import AskedPlaces, by_line
from corpus_tool.formats.categories import axis_and_value
from corpus_tool.formats.kb_ids import is_wikidata, link
from corpus_tool.formats.made import begun
from corpus_tool.formats.metadata import usable
from corpus_tool.formats.noticed import Noticed
from corpus_tool.formats.prodigy.decisions import (
    Decisions,
    is_choice,
    is_classification,
    is_linking,
    layers,
    status,
)
from corpus_tool.formats.prodigy.entities import add_entities
from corpus_tool.formats.prodigy.makers import Makers, suggested_by
from corpus_tool.formats.prodigy.reader import Marked, Reader
from corpus_tool.formats.prodigy.relations import add_relations, chains
from corpus_tool.formats.prodigy.task import Answer, Task
from corpus_tool.formats.prodigy.tokens import add_tokens
from corpus_tool.formats.units import Settled, another_unit

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

_META = {"url": "uri"}
"""Names that `meta` has for what the metadata of an article name otherwise."""


@dataclass(slots=True)
class _Draft:
    """An article as its tasks are read."""

    noticed: Noticed
    marked: Marked
    inventory: Inventory | None
    makers: Makers = field(default_factory=Makers)
    decisions: Decisions = field(default_factory=Decisions)
    layers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    pairs: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def layer(self, name: str) -> list[dict[str, Any]]:
        return self.layers.setdefault(name, self.marked.entities if name == "entities" else [])


def read_tasks(name: str, tasks: list[Task], noticed: Noticed, inventory: Inventory | None) -> Imported:
    """One article of tasks on one text; `name` is its id."""
    text = tasks[0].text
    draft = _Draft(noticed, Marked(text, noticed), inventory)
    for task in tasks:
        _take(draft, task)
    metadata, split = _metadata(tasks, noticed)
    article: Article = begun(name, text)
    article |= {"split": split} if split else {}
    article |= {"metadata": metadata} if metadata else {}
    article |= {"tokens": draft.marked.tokens} if draft.marked.tokens is not None else {}
    _chains(draft)
    order = [layer for layer in ("entities", "relations", "coreference", "labels") if layer in draft.layers]
    article |= {layer: draft.layers[layer] for layer in order}
    records = {
        "provenance": list(draft.makers.records.values()),
        "coverage": draft.decisions.coverage(),
        "adjudication": draft.decisions.adjudication(),
    }
    article |= {layer: found for layer, found in records.items() if found}
    few, lines = {"": (tasks[0].line, 1), **draft.marked.places}, draft.marked.lines
    places = AskedPlaces(lambda: few | by_line(lines))
    return Imported(noticed.path, article, tuple(noticed.findings), places, noticed.losses)


def _take(draft: _Draft, task: Task) -> None:
    reader = Reader(task, draft.marked)
    settled = Settled(reader.unit, agrees=True)
    draft.noticed.findings += another_unit(settled, Unit.CODE_POINTS, draft.noticed.path, draft.noticed.article or "")
    add_tokens(reader)
    asked = layers(task)
    if not asked and not task.spans:
        return
    prov = draft.makers.of(task)
    by_model = prov.startswith("M")
    if not (task.answer is Answer.NONE and by_model):
        said = status(task)
        for layer in asked:
            draft.decisions.answered(task, said, layer, prov, _offered(task) if layer == "labels" else [])
    if task.answer in (Answer.REJECT, Answer.IGNORE):
        _count_refused(draft, task)
        return
    _annotate(draft, reader, asked, prov)


def _annotate(draft: _Draft, reader: Reader, asked: list[str], prov: str) -> None:
    task = reader.task
    if task.spans and "entities" not in asked:  # they stand there to be read, and were not asked about
        _shown(draft, reader)
    if "labels" in asked:
        _labels(draft, task, prov)
        return
    if "entities" in asked:
        draft.layer("entities")
        found = add_entities(reader, prov)
        if is_linking(task):
            _link(found, task)
    if "relations" in asked or "coreference" in asked:
        draft.layer("entities")
        made, pairs = add_relations(reader, prov, draft.inventory)
        draft.pairs.setdefault(prov, []).extend(pairs)
    if "relations" in asked:
        known = {(one["type"], repr(one["arguments"])) for one in draft.layer("relations") if one["prov"] == prov}
        draft.layer("relations").extend(one for one in made if (one["type"], repr(one["arguments"])) not in known)


def _shown(draft: _Draft, reader: Reader) -> None:
    """Spans that stood there to be read: their models made them, else nobody knows who."""
    models = {name: draft.makers.model(name) for name in suggested_by(reader.task)}
    named = [one for one in reader.task.spans or () if str(one.get("source")) in models]
    if len(named) < len(reader.task.spans or ()):
        nobody = len(reader.task.spans or ()) - len(named)
        draft.noticed.lose("spans that were shown with a question about something else, by nobody", f"{nobody}", nobody)
    if named:
        draft.layer("entities")
        own = Reader(reader.task._replace(spans=named), reader.marked)
        add_entities(own, next(iter(models.values())), shown=models)


def _link(entities: list[dict[str, Any]], task: Task) -> None:
    """What was chosen is what the one span names: an entry of a knowledge base, or why there is none."""
    for entity in entities:
        for chosen in task.accepted:
            if is_wikidata(chosen):
                links = entity.setdefault("links", [])
                if link(chosen) not in links:
                    links.append(link(chosen))
            else:
                entity.setdefault("attributes", []).append({"name": "link", "value": chosen})


def _labels(draft: _Draft, task: Task, prov: str) -> None:
    chosen = task.accepted if is_choice(task) else [task.label or ""]
    found = draft.layer("labels")
    for name in filter(None, chosen):
        axis, value = axis_and_value(name)
        made = {"axis": axis, "value": value, "prov": prov}
        if made not in found:
            draft.marked.lines.setdefault("labels", []).append(task.line)
            found.append(made)


def _offered(task: Task) -> list[str]:
    names = task.options or [] if is_choice(task) else [task.label or ""] if is_classification(task) else []
    return [axis_and_value(name)[1] for name in names if name]


def _count_refused(draft: _Draft, task: Task) -> None:
    what = "rejected" if task.answer is Answer.REJECT else "ignored"
    marks = [*(task.spans or ()), *(task.relations or ())]
    named = [str(one.get("label")) for one in marks] or task.accepted or [task.label or "nothing marked"]
    draft.noticed.lose(f"{what} tasks", f"line {task.line}: {', '.join(named)[:80]}")
    if marks:
        draft.noticed.lose(f"annotations of {what} tasks", f"line {task.line}: {named[0][:40]}", len(marks))


def _chains(draft: _Draft) -> None:
    for prov, pairs in draft.pairs.items():
        for mentions in chains(pairs):
            name = draft.marked.ids.make("C", "coreference", *sorted(mentions))
            made = {"id": name, "type": "identity", "mentions": mentions, "prov": prov}
            draft.layer("coreference").append(made)


def _metadata(tasks: list[Task], noticed: Noticed) -> tuple[dict[str, Any], str | None]:
    """What `meta` says that an article has a place for, and the split."""
    merged: dict[str, Any] = {}
    for task in tasks:
        merged = {**task.meta, **merged}
    found: dict[str, Any] = {}
    split = merged.pop("split", None)
    if isinstance(merged.get("source"), str) and "infoSources" not in merged and merged["source"]:
        found["infoSources"] = [{"name": merged.pop("source")}]
    for name, value in merged.items():
        own = _META.get(name, name)
        if own not in found and usable(own, value):
            found[own] = value
        elif name != "id" and value not in (None, "", [], {}):
            noticed.lose(f"meta: {name}", repr(value)[:60])
    return found, split if isinstance(split, str) and split else None
