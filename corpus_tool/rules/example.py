"""The article and inventory that the examples of rules are edits of."""

from __future__ import annotations

import copy
import hashlib
from typing import Any

from corpus_tool.inventory import Inventory
from corpus_tool.inventory_files import parse_inventory
from corpus_tool.policy import Policy
from corpus_tool.rules import Bad
from corpus_tool.vocabulary import steps

TEXT = 'Mara Quill sailed from Port Ellery. "The tide waits," she said.\n\nThe crew stayed ashore.'


OF_THE_TEXT = (
    "/passages", "/sentences", "/tokens", "/words", "/entities", "/relations", "/events", "/quotations", "/coreference",
    "/notes", "/text_sha256",
)  # fmt: skip
"""What is about the text of the example article: an example with another text goes without, or puts its own."""


def without_text(*kept: str) -> tuple[str, ...]:
    """What an example with another text drops: all of it, but for what it keeps or puts."""
    return tuple(at for at in OF_THE_TEXT if at not in kept)


def span(start: int, end: int) -> dict[str, Any]:
    """A span of the example article."""
    return {"start": start, "end": end, "text": TEXT[start:end]}


def entity(label: str, start: int, end: int, **more: Any) -> dict[str, Any]:
    """Another entity for the example article."""
    return {"id": "T9", "type": label, "spans": [span(start, end)], "prov": "A1", **more}


def annotator(name: str, role: str = "annotator", **more: Any) -> dict[str, Any]:
    """Another provenance for the example article."""
    return {
        "id": name,
        "agent": "annotator-02",
        "agent_type": "human",
        "role": role,
        "guideline_version": "1.0",
        **more,
    }


def example_article() -> dict[str, Any]:
    """A small article with every layer, on which no rule finds anything."""
    return {
        "schema_version": "1.0",
        "id": "example-1",
        "text": TEXT,
        "text_sha256": hashlib.sha256(TEXT.encode()).hexdigest(),
        "split": "train",
        "metadata": {
            "uri": "https://news.example/tide", "language": "en", "contentCreated": "2026-03-02", "usageTerms": "CC-BY-4.0",
        },
        "passages": [{"id": "P1", "type": "paragraph", "spans": [span(0, 63)]}, {"id": "P2", "type": "paragraph", "spans": [span(65, 88)]}],
        "sentences": [{"id": "S1", "spans": [span(0, 35)]}, {"id": "S2", "spans": [span(36, 63)]}, {"id": "S3", "spans": [span(65, 88)]}],
        "tokens": [{"id": "K1", "spans": [span(0, 4)]}, {"id": "K2", "spans": [span(5, 10)]}],
        "words": [
            {"id": "W1", "token": "K1", "form": "Mara", "upos": "PROPN", "deprel": "root"},
            {"id": "W2", "token": "K2", "form": "Quill", "upos": "PROPN", "head": "W1", "deprel": "flat"},
        ],
        "entities": [
            {"id": "T1", "type": "PER", "spans": [span(0, 10)], "attributes": [{"name": "Sure", "value": "High"}], "prov": "A1"},
            {"id": "T2", "type": "LOC", "spans": [span(23, 34)], "prov": "A1"},
            {"id": "T3", "type": "PER", "spans": [span(54, 57)], "attributes": [{"name": "Sure", "value": "Low"}], "prov": "A1"},
            {"id": "T4", "type": "CUE", "spans": [span(58, 62)], "prov": "A1"},
            {"id": "T5", "type": "TRIGGER", "spans": [span(11, 17)], "prov": "A1"},
        ],
        "relations": [
            {"id": "R1", "type": "Near", "arguments": [{"role": "Arg1", "ref": "T1"}, {"role": "Arg2", "ref": "T2"}], "prov": "A1"},
        ],
        "events": [
            {"id": "E1", "type": "Sail", "trigger": "T5", "arguments": [{"role": "Agent", "ref": "T1"}], "prov": "A1"},
        ],
        "quotations": [{"id": "Q1", "type": "direct", "spans": [span(36, 53)], "speaker": "T3", "cue": ["T4"], "prov": "A1"}],
        "coreference": [{"id": "C1", "type": "identity", "mentions": ["T1", "T3"], "representative": "T1", "prov": "A1"}],
        "labels": [{"axis": "subject", "value": "sea", "prov": "A1"}],
        "notes": [{"id": "N1", "ref": "T1", "text": "the captain", "prov": "A1"}],
        "provenance": [{"id": "A1", "agent": "annotator-01", "agent_type": "human", "role": "annotator", "guideline_version": "1.0"}],
        "coverage": [{"layer": "entities", "prov": "A1", "status": "complete"}],
    }  # fmt: skip


def example_inventory() -> Inventory:
    """The inventory of the example article."""
    return parse_inventory({
        "inventory": "1.0",
        "entity": [
            {"name": "THING", "abstract": True},
            {"name": "PER", "parent": "THING", "tag": True},
            {"name": "LOC", "parent": "THING", "tag": True},
            {"name": "PLACE", "deprecated": True, "replaced_by": "LOC"},
            {"name": "CUE"},
            {"name": "TRIGGER", "trigger": True},
        ],
        "relation": [{"name": "Near", "acyclic": True, "arguments": [
            {"role": "Arg1", "types": ["PER"], "max": 1}, {"role": "Arg2", "types": ["LOC", "PER"], "max": 1},
        ]}],
        "event": [{"name": "Sail", "arguments": [{"role": "Agent", "kinds": ["entity"]}]}],
        "quotation": [{"name": "direct"}, {"name": "indirect"}],
        "coreference": [{"name": "identity"}],
        "attribute": [
            {"name": "Sure", "types": ["PER"], "values": ["High", "Low"], "required": True},
            {"name": "Named", "kinds": ["entity"]},
        ],
        "axis": [{"name": "subject", "values": ["sea", "land"], "exclusive": True, "required": True},
                 {"name": "tone", "values": ["calm", "rough"]}],
        "overlap": [{"how": ["nested"], "inner": ["PER"], "outer": ["LOC"]}],
    }, "the example inventory")  # fmt: skip


def example_policy() -> Policy:
    """The settings under which the examples are looked at."""
    return Policy(
        required_metadata=("language", "licence", "uri"),
        near_duplicates=0.7,
        whole_layers=True,
        min_agreement=0.5,
        singletons=False,
    )


def broken(example: Bad) -> dict[str, Any]:
    """The example article with the edits of a bad example."""
    return edited(example.put, example.drop)


def edited(put: Any, drop: tuple[str, ...] = ()) -> dict[str, Any]:
    """The example article with values put at JSON Pointers (`-` appends to a list) and others removed."""
    article = copy.deepcopy(example_article())
    for at, value in put.items():
        holder, last = _holder(article, at)
        if isinstance(holder, list) and last == "-":
            holder.append(copy.deepcopy(value))
        elif isinstance(holder, list):
            holder[int(last)] = copy.deepcopy(value)
        else:
            holder[last] = copy.deepcopy(value)
    for at in drop:
        holder, last = _holder(article, at)
        del holder[int(last) if isinstance(holder, list) else last]
    return article


def _holder(article: Any, at: str) -> tuple[Any, str]:
    *path, last = steps(at)
    for step in path:
        article = article[int(step) if isinstance(article, list) else step]
    return article, last
