"""JSON-MIN: one flat record an annotation, made into the tasks of a full export again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus_tool.formats.label_studio.config import Config

_MARKS = {"annotation_id", "annotator", "lead_time"}
_OWN = {"id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement"}
_ANSWERS = ("labels", "hypertextlabels", "paragraphlabels", "choices", "taxonomy", "rating", "number")
_FIELDS = {"annotation_id": "id", "annotator": "completed_by", "created_at": "created_at", "updated_at": "updated_at",
           "lead_time": "lead_time"}  # fmt: skip


def is_minimal(record: Mapping[str, Any]) -> bool:
    """Whether a record is one of JSON-MIN."""
    return "data" not in record and len(_MARKS & record.keys()) > 1


def task_of(record: Mapping[str, Any], config: Config | None) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The task, with the one annotation that the record is of, and the controls whose kind had to be guessed."""
    answers = [name for name in _outputs(record) if _is_answer(name, record[name], config)]
    results = [one for name in answers for one in _results(name, record[name], config)]
    data = {name: value for name, value in record.items() if name not in answers and name not in _OWN}
    annotation = {new: record[old] for old, new in _FIELDS.items() if old in record}
    annotated = [] if record.get("annotation_id") is None else [{**annotation, "result": results}]
    guessed = () if config is not None else tuple(name for name in answers if _is_bare(record[name]))
    return {"id": record.get("id"), "data": data, "annotations": annotated}, guessed


def _outputs(record: Mapping[str, Any]) -> list[str]:
    """What stands between the number of the task and who annotated it: Label Studio writes answers there."""
    names = list(record)
    first = names.index("id") + 1 if "id" in names else 0
    last = next((at for at, name in enumerate(names) if name in {"annotator", "annotation_id"}), len(names))
    return [name for name in names[first:last] if name not in _OWN]


def _is_answer(name: str, value: Any, config: Config | None) -> bool:
    if config is not None:
        return name in config.controls
    if isinstance(value, str | int | float):
        return name != "text"
    parts = value if isinstance(value, list) else [value]
    return bool(parts) and all(_kind(part) or isinstance(part, str) for part in parts)


def _is_bare(value: Any) -> bool:
    return any(isinstance(part, str) for part in (value if isinstance(value, list) else [value]))


def _kind(part: Any) -> str | None:
    if not isinstance(part, dict):
        return None
    return next((kind for kind in _ANSWERS if kind in part), "textarea" if "text" in part else None)


def _results(name: str, value: Any, config: Config | None) -> list[dict[str, Any]]:
    """The results of one control: a bare string is the only choice, or the only text, of it."""
    parts = value if isinstance(value, list) else [value]
    made = []
    for part in parts:
        kind, inner = _kind(part), part
        if kind is None:
            kind, inner = _bare(name, part, config)
        made.append({"from_name": name, "type": kind, "value": inner})
    return made


def _bare(name: str, part: Any, config: Config | None) -> tuple[str, dict[str, Any]]:
    control = config.controls.get(name) if config is not None else None
    kind = control.kind if control is not None else "choices"
    if kind == "textarea":
        return kind, {"text": [part]}
    return ("choices", {"choices": [part]}) if isinstance(part, str) else ("number", {"number": part})
