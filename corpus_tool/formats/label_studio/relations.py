"""Results that join two regions: relations, chains, and who said a quotation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from corpus_tool.findings import Severity
from corpus_tool.formats.json_values import fraction, mapping, words
from corpus_tool.formats.label_studio.draft import AMBIGUOUS, DANGLING, Draft
from corpus_tool.formats.label_studio.regions import Maker, Result
from corpus_tool.formats.pairs import arguments_of, joined

UNNAMED = "related"
"""The label of a relation that has none."""


def add_relations(draft: Draft, maker: Maker, results: Iterable[Result]) -> None:
    """The relations of one annotation; pairs whose label names chains are put together."""
    links: dict[str, list[tuple[str, str]]] = {}
    pointers: dict[str, str] = {}
    for result in results:
        ends = _ends(draft, maker, result)
        for label in _labels(draft, result) if ends else ():
            source, target = ends or ("", "")
            if label in draft.project.chains:
                links.setdefault(label, []).append((source, target))
                pointers.setdefault(source, result[1])
            elif not _of_quotation(maker, result, label, target) and not _of_event(draft, maker, result, label):
                _relation(draft, maker, result, label, (source, target))
    for label, pairs in links.items():
        for mentions in joined(pairs):
            name = draft.own_id(draft.content_ids.make("C", label, mentions), maker.prov)
            chain = {"id": name, "type": label, "mentions": mentions, "prov": maker.prov}
            draft.add("coreference", chain, next(pointers[one] for one in mentions if one in pointers))


def _ends(draft: Draft, maker: Maker, result: Result) -> tuple[str, str] | None:
    item, pointer = result
    source, target = item.get("from_id"), item.get("to_id")
    if item.get("direction") == "left":
        source, target = target, source
    for name in (source, target):
        if not isinstance(name, str) or name not in maker.regions:
            message = f"a relation joins '{name}', which is no region with a label of this annotation: left out"
            draft.report(DANGLING, Severity.ERROR, message, pointer)
            return None
    return maker.regions[str(source)][1]["id"], maker.regions[str(target)][1]["id"]


def _labels(draft: Draft, result: Result) -> list[str]:
    item, pointer = result
    found = words(item.get("labels")) or words(mapping(item.get("value")).get("labels"))
    if not found:
        message = f"a relation has no label: it is called '{UNNAMED}'"
        draft.report(AMBIGUOUS, Severity.WARNING, message, pointer)
    return found or [UNNAMED]


def _of_quotation(maker: Maker, result: Result, label: str, target: str) -> bool:
    """Whether a pair says who spoke a quotation, or by which words; then the quotation says it."""
    item, _ = result
    named = item.get("to_id") if item.get("direction") == "left" else item.get("from_id")
    layer, one = maker.regions[str(named)]
    if layer != "quotations" or label not in {"speaker", "cue"} or (label == "speaker" and "speaker" in one):
        return False
    if label == "speaker":
        one["speaker"] = target
    else:
        one.setdefault("cue", []).append(target)
    return True


def _of_event(draft: Draft, maker: Maker, result: Result, label: str) -> bool:
    """Whether a pair leads from a trigger, by the name of a role; then its event has an argument."""
    item, _ = result
    names = [str(item.get("from_id")), str(item.get("to_id"))]
    source, target = names[::-1] if item.get("direction") == "left" else names
    event = maker.events.get(source)
    if event is None or not draft.project.is_role(label):
        return False
    filler = maker.events.get(target) or maker.regions[target][1]
    event.setdefault("arguments", []).append({"role": label, "ref": filler["id"]})
    return True


def _relation(draft: Draft, maker: Maker, result: Result, label: str, ends: tuple[str, str]) -> None:
    item, pointer = result
    inventory = draft.project.inventory
    declared = inventory.label("relation", label) if inventory is not None else None
    if item.get("direction") == "bi" and not (declared is not None and declared.symmetric):
        draft.lose("relations that go both ways: the direction", f"{label} of {ends[0]} and {ends[1]}")
    name = draft.own_id(draft.content_ids.make("R", label, *ends), maker.prov)
    arguments = arguments_of(label, *ends, inventory)
    relation: dict[str, Any] = {"id": name, "type": label, "arguments": arguments, "prov": maker.prov}
    score = fraction(item.get("score"))
    confidence = maker.score if score is None else score
    draft.add("relations", relation if confidence is None else {**relation, "confidence": confidence}, pointer)
