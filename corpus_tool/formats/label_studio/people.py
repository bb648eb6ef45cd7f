"""Who made an annotation or prediction of a task, as provenance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from corpus_tool.formats.users import agent_of

TOOL = "label-studio"
_WHEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)")


def by_person(name: str, annotation: Mapping[str, Any]) -> dict[str, Any]:
    """The provenance of an annotation."""
    return _made(name, agent_of(annotation.get("completed_by")), "human", annotation)


def by_model(name: str, prediction: Mapping[str, Any]) -> dict[str, Any]:
    """The provenance of a prediction: `name:version`, or a version that is all that is known."""
    said = prediction.get("model_version")
    said = said if isinstance(said, str) and said.strip() else "unknown"
    agent, colon, version = said.rpartition(":")
    record = _made(name, agent if colon and agent and version else said, "model", prediction)
    return {**record, "model_version": version if colon and agent and version else said}


def by_reviewer(name: str, review: Mapping[str, Any], reviewed: str) -> dict[str, Any]:
    """The provenance of a review of an annotation."""
    record = _made(name, agent_of(review.get("created_by")), "human", review)
    return {**record, "role": "adjudicator", "derived_from": [reviewed]}


def corrects(record: Mapping[str, Any], parent: str | None) -> dict[str, Any]:
    """The same provenance, of somebody who corrected another's."""
    return dict(record) if parent is None else {**record, "role": "corrector", "derived_from": [parent]}


def _made(name: str, agent: str, agent_type: str, part: Mapping[str, Any]) -> dict[str, Any]:
    record = {"id": name, "agent": agent, "agent_type": agent_type, "role": "annotator", "tool": TOOL}
    created = part.get("created_at")
    return {**record, "created": created} if _is_moment(created) else record


def _is_moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(_WHEN.fullmatch(value) and datetime.fromisoformat(value))
    except ValueError:
        return False
