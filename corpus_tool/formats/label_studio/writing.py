"""An article as a task of Label Studio."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from corpus_tool.formats import Article
from corpus_tool.formats.columns_of_metadata import to_columns
from corpus_tool.formats.label_studio.results import OBJECT, Item, results_of
from corpus_tool.formats.label_studio.tasks import ARTICLE_ID
from corpus_tool.formats.tally import Tally

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

LAYERS = ("passages", "sentences", "entities", "relations", "events", "quotations", "coreference", "labels")
"""What a project can ask for."""
_HELD = {"id", "agent", "agent_type", "role", "model_version", "created", "derived_from", "tool"}


def layers_in(article: Article) -> tuple[str, ...]:
    """The layers of an article that a project has to ask for, so that what was not annotated stays absent."""
    return tuple(layer for layer in LAYERS if article.get(layer) is not None)


def task_of(article: Article, number: int, inventory: Inventory | None, losses: Tally) -> dict[str, Any]:
    """The task of that number: an annotation of each person, a prediction of each model or rule."""
    results = results_of(article, inventory, losses)
    records = {record["id"]: record for record in article.get("provenance") or ()}
    makers = _makers(article, records, results)
    numbers = {prov: place + 1 for place, prov in enumerate(makers)}
    gold = {entry.get("prov") for entry in article.get("adjudication") or () if entry["status"] == "adjudicated"}
    people = [prov for prov in makers if _is_person(records, prov)]
    models = [prov for prov in makers if prov not in people]
    _count_layers(article, makers, losses)
    _count_people(article, makers, losses)
    return {
        "id": number,
        "data": {OBJECT: article["text"], ARTICLE_ID: article["id"]},
        "meta": to_columns(article),
        "annotations": [
            _annotation(records.get(prov or "", {}), numbers[prov], results.get(prov, []), prov in gold)
            | _parents(records, prov, numbers)
            for prov in people
        ],
        "predictions": [_prediction(records[prov or ""], numbers[prov], results.get(prov, [])) for prov in models],
    }


def _makers(article: Article, records: Mapping[str, Any], results: Mapping[str | None, Any]) -> list[str | None]:
    """Who annotated: those who made something, and those who looked and found nothing."""
    looked = {entry["prov"] for entry in article.get("coverage") or () if entry.get("prov")}
    named: list[str | None] = [name for name in records if name in results or name in looked]
    makers = [*named, *(prov for prov in results if prov not in named)]
    if any(_is_person(records, prov) for prov in makers) or not layers_in(article):
        return makers
    # Layers that are there, if empty, were annotated: somebody submitted the task.
    if not all(article[layer] for layer in layers_in(article)):
        makers.append(next((name for name in records if _is_person(records, name)), None))
    return makers


def _is_person(records: Mapping[str, Any], prov: str | None) -> bool:
    return prov is None or prov not in records or records[prov]["agent_type"] == "human"


def _annotation(record: Mapping[str, Any], number: int, results: list[Item], gold: bool) -> dict[str, Any]:  # noqa: FBT001 (a fact)
    agent = record.get("agent", "unknown")
    by = {} if agent == "unknown" else {"completed_by": {"email": agent}}
    made = {"id": number, **by, "result": results, "was_cancelled": False, "ground_truth": gold}
    return made | _created(record)


def _parents(records: Mapping[str, Any], prov: str | None, numbers: Mapping[str | None, int]) -> dict[str, int]:
    """What the annotation began with: Label Studio knows one annotation or prediction."""
    before = [name for name in records.get(prov or "", {}).get("derived_from") or () if name in numbers]
    if not before:
        return {}
    kind = "parent_annotation" if _is_person(records, before[0]) else "parent_prediction"
    return {kind: numbers[before[0]]}


def _prediction(record: Mapping[str, Any], number: int, results: list[Item]) -> dict[str, Any]:
    version = record.get("model_version")
    named = f"{record['agent']}:{version}" if version and version != record["agent"] else record["agent"]
    return {"id": number, "model_version": named, "result": results} | _created(record)


def _created(record: Mapping[str, Any]) -> dict[str, Any]:
    return {"created_at": record["created"]} if record.get("created") else {}


def _count_layers(article: Article, makers: list[str | None], losses: Tally) -> None:
    """What a task does not say of layers."""
    name = article["id"]
    for layer in ("tokens", "words"):
        if article.get(layer) == []:
            losses.add("empty layers that a project cannot ask for", f"{name}: {layer}")
    for entry in article.get("coverage") or ():
        if entry["status"] != "complete" or entry.get("labels"):
            losses.add("coverage that is partial", f"{name}: {entry['layer']}")
        elif entry["layer"] not in layers_in(article):
            losses.add("coverage of layers that a project cannot ask for", f"{name}: {entry['layer']}")
    for entry in article.get("adjudication") or ():
        if entry["status"] != "adjudicated" or entry.get("prov") not in makers:
            losses.add("adjudication other than the annotation that counts", f"{name}: {entry['layer']}")


def _count_people(article: Article, makers: list[str | None], losses: Tally) -> None:
    """What a task does not say of who annotated."""
    name = article["id"]
    for record in article.get("provenance") or ():
        for field in record.keys() - _HELD:
            if record[field] is not None:
                losses.add(f"provenance: {field}", f"{name}: {record['id']}")
        if record["agent_type"] == "rule" and record["id"] in makers:
            losses.add("rules that become models", f"{name}: {record['agent']}")
