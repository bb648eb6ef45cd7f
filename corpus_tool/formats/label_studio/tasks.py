"""Tasks of an export, in either dialect: what is a task, which of its columns is the text, what it was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corpus_tool.formats.json_values import mapping, objects, words
from corpus_tool.formats.label_studio.config import SPAN_LAYERS, Config
from corpus_tool.formats.label_studio.regions import EVENTS, SPAN_TYPES, Result, stated

ARTICLE_ID = "article_id"
"""The column of `data` in which articles keep their id."""
PARTS = ("annotations", "completions", "predictions", "drafts")
_TEXT_KEYS = ("text", "$undefined$")
"""The second is what Label Studio calls the only column of lines that were imported."""
_ADDRESS = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:/|/|\w:\\)\S*\s*", re.IGNORECASE)
_WHOLE = {"choices", "taxonomy", "rating", "number"}


@dataclass(frozen=True, slots=True)
class Task:
    """One task as a full export has it, its pointer in the file, and its number from 1.

    `guessed` are the controls whose kind a record of JSON-MIN does not tell.
    """

    value: dict[str, Any]
    guessed: tuple[str, ...]
    pointer: str
    number: int


def annotations_of(task: Task) -> list[Result]:
    """Its annotations, which the first versions called completions."""
    key = "annotations" if "annotations" in task.value else "completions"
    return objects(task.value.get(key), f"{task.pointer}/{key}")


def is_cancelled(annotation: Mapping[str, Any]) -> bool:
    """Whether it was skipped: what it has then is no annotation."""
    return annotation.get("was_cancelled") is True or annotation.get("skipped") is True


def text_key(task: Mapping[str, Any], config: Config | None) -> str | None:
    """The column that is the text: as the configuration says, by its name, or the only one that is words."""
    data = mapping(task.get("data"))
    named = (config.text_key,) if config is not None and config.text_key else _TEXT_KEYS
    for key in named:
        if isinstance(data.get(key), str) and not _ADDRESS.fullmatch(data[key]):
            return key
    if config is not None and config.text_key:
        return None
    strings = [key for key, value in data.items() if isinstance(value, str) and not _ADDRESS.fullmatch(value)]
    found = [key for key in strings if key != ARTICLE_ID]
    if len(found) == 1 and (len(data) == 1 or _covers(task, data[found[0]])):
        return found[0]
    return next((key for key in found if _covers(task, data[key])), None)


def _covers(task: Mapping[str, Any], text: str) -> bool:
    """Whether regions of the task say words that stand in the text."""
    parts = [part for name in PARTS[:3] for part, _ in objects(task.get(name), "")]
    places = [stated(item) for part in parts for item, _ in objects(part.get("result"), "")]
    said = [place[2] for place in places if place is not None and place[2]]
    return bool(said) and all(word in text for word in said)


def layers_of(tasks: Iterable[Task], config: Config | None, chains: frozenset[str]) -> set[str]:
    """The layers that a project asks for: as its configuration says, else all that any of its tasks shows."""
    if config is not None:
        return config.layers()
    results = [item for task in tasks for item in _results(task)]
    # Where nobody has found anything at all, it is entities that were looked for.
    return {layer for item in results if (layer := _layer(item, chains))} if results else {"entities"}


def _results(task: Task) -> Iterator[dict[str, Any]]:
    for value, pointer in annotations_of(task):
        if not is_cancelled(value):
            yield from (item for item, _ in objects(value.get("result"), pointer))


def _layer(item: Mapping[str, Any], chains: frozenset[str]) -> str | None:
    kind, named = item.get("type"), item.get("from_name")
    if kind in SPAN_TYPES:
        return str(named) if named in SPAN_LAYERS else "entities"
    if kind == "relation":
        return "coreference" if chains.intersection(words(item.get("labels"))) else "relations"
    if kind == "choices" and named == EVENTS and "start" in mapping(item.get("value")):
        return EVENTS
    return "labels" if kind in _WHOLE and "start" not in mapping(item.get("value")) else None
