"""Who made what the tasks of one input hold, as provenance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.formats.made import by_unknown
from corpus_tool.formats.prodigy.task import Answer, Task

TOOL = "prodigy"
UNKNOWN = "unknown"
_PACKAGE = re.compile(r"(.+)-([0-9]+(?:\.[0-9]+)+[0-9A-Za-z.]*)", re.ASCII)
"""A model by name and version, as packages of models are named: `en_core_web_sm-3.8.0`."""


@dataclass(slots=True)
class Makers:
    """The provenance records of one article; one an agent."""

    records: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)

    def model(self, name: str) -> str:
        """The id of a model that suggested something."""
        found = _PACKAGE.fullmatch(name)
        agent, version = (found[1], found[2]) if found else (name, UNKNOWN)
        record = self._record(agent, "model", "M", version)
        record["model_version"] = version
        return str(record["id"])

    def of(self, task: Task) -> str:
        """The id of who answered a task, or of the model that made it where nobody has."""
        agent = task.annotator or task.session
        sources = suggested_by(task)
        if agent is not None and (task.answer is Answer.NONE or agent in sources):
            return self.model(agent)
        if agent is None and task.answer is Answer.NONE and sources:
            return self.model(sources[0])
        record = self._record(agent or by_unknown(TOOL)["agent"], "human", "A")
        if task.reviewed:
            record["role"] = "adjudicator"
        elif sources and task.answer is Answer.ACCEPT and record["role"] == "annotator":
            record |= {"role": "corrector", "derived_from": [self.model(name) for name in sources]}
        if task.created is not None:
            record["created"] = max(task.created, record.get("created", ""))
        if task.annotator is not None and task.session not in {None, task.annotator}:
            record["run"] = task.session
        return str(record["id"])

    def _record(self, agent: str, agent_type: str, letter: str, version: str = "") -> dict[str, Any]:
        key = (agent, agent_type, version)
        if key not in self.records:
            number = 1 + sum(kind == agent_type for _, kind, _ in self.records)
            self.records[key] = by_unknown(TOOL, agent_type) | {"id": f"{letter}{number}", "agent": agent}
        return self.records[key]


def source(maker: Mapping[str, Any]) -> str:
    """How spans name the model that they come from."""
    version = maker.get("model_version")
    named = f"{maker['agent']}-{version}"
    return named if version and version != UNKNOWN and _PACKAGE.fullmatch(named) else str(maker["agent"])


def suggested_by(task: Task) -> list[str]:
    """The models that a task's spans come from, as its spans say."""
    named = (one.get("source") for one in task.spans or ())
    return list(dict.fromkeys(name for name in named if isinstance(name, str) and name))
