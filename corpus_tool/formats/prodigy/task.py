"""One task of Prodigy as far as it can be trusted: fields of the wrong type count as absent, and are reported."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from corpus_tool.formats.noticed import Noticed

COREF = "COREF"
"""The label that Prodigy's own coreference workflow has for its one relation."""


class Answer(StrEnum):
    """What the annotator said of a task."""

    ACCEPT = "accept"
    REJECT = "reject"
    IGNORE = "ignore"
    NONE = "none"
    """Nobody has answered it: what it holds are suggestions."""


class Task(NamedTuple):
    """The fields of a task that an article has a place for.

    `view` is the interface it was answered in, that of the reviewed tasks where it is a `review`. None of `spans`,
    `relations`, `tokens` and `options` means that the task does not have it.
    """

    line: int
    text: str
    answer: Answer
    view: str | None
    reviewed: bool
    binary: bool | None
    annotator: str | None
    session: str | None
    created: str | None
    label: str | None
    tokens: list[dict[str, Any]] | None
    spans: list[dict[str, Any]] | None
    relations: list[dict[str, Any]] | None
    options: list[str] | None
    accepted: list[str]
    meta: dict[str, Any]


_KNOWN = frozenset({
    "text", "answer", "_view_id", "view_id", "_is_binary", "_annotator_id", "_session_id", "_timestamp", "label",
    "tokens", "spans", "relations", "options", "accept", "meta", "_input_hash", "_task_hash", "config", "priority",
    "score",
})  # fmt: skip
"""What is read, can be worked out from the text again, or says how a task was shown."""
_ANSWERS = {answer.value: answer for answer in (Answer.ACCEPT, Answer.REJECT, Answer.IGNORE)}
_MEDIA = ("image", "audio", "video", "html")


def media(value: dict[str, Any]) -> str | None:
    """What the task shows in place of a text."""
    return next((name for name in _MEDIA if isinstance(value.get(name), str)), None)


def parse(value: dict[str, Any], line: int, report: Noticed) -> Task:
    """The task of a line that has a text."""
    view, answer = _text(value, "_view_id", report), _text(value, "answer", report)
    _report_others(value, line, report)
    reviewed = view == "review"
    return Task(
        line,
        value["text"],
        _answer(answer, line, report),
        view=_text(value, "view_id", report) if reviewed else view,
        reviewed=reviewed,
        binary=value["_is_binary"] if isinstance(value.get("_is_binary"), bool) else None,
        annotator=_text(value, "_annotator_id", report),
        session=_text(value, "_session_id", report),
        created=_created(value.get("_timestamp")),
        label=_text(value, "label", report),
        tokens=_objects(value, "tokens", line, report),
        spans=_objects(value, "spans", line, report),
        relations=_objects(value, "relations", line, report),
        options=_options(value, line, report),
        accepted=_accepted(value, line, report),
        meta=value["meta"] if isinstance(value.get("meta"), dict) else {},
    )


def _answer(answer: str | None, line: int, report: Noticed) -> Answer:
    if answer is None:
        return Answer.NONE
    known = _ANSWERS.get(answer)
    if known is not None:
        return known
    report.wrong(line, f"the answer '{answer[:40]}' is none of accept, reject and ignore: taken for ignore")
    return Answer.IGNORE


def _report_others(value: dict[str, Any], line: int, report: Noticed) -> None:
    if value.keys() <= _KNOWN:
        return
    for name, other in value.items():
        if name not in _KNOWN and other not in (None, [], {}, ""):
            report.lose(f"fields of tasks: {name}", f"line {line}")


def _text(value: dict[str, Any], name: str, report: Noticed) -> str | None:
    found = value.get(name)
    if found is None or (isinstance(found, str) and found):
        return found
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    report.lose(f"fields of tasks that are no text: {name}", repr(found)[:60])
    return None


def _objects(value: dict[str, Any], name: str, line: int, report: Noticed) -> list[dict[str, Any]] | None:
    found = value.get(name)
    if found is None:
        return None
    if not isinstance(found, list):
        report.wrong(line, f"'{name}' is no list: left out")
        return None
    good = [one for one in found if isinstance(one, dict)]
    if len(good) < len(found):
        report.wrong(line, f"{len(found) - len(good)} of '{name}' are no objects: left out")
    return good


def _options(value: dict[str, Any], line: int, report: Noticed) -> list[str] | None:
    options = _objects(value, "options", line, report)
    if options is None:
        return None
    return [str(one["id"]) for one in options if isinstance(one.get("id"), str | int) and str(one["id"])]


def _accepted(value: dict[str, Any], line: int, report: Noticed) -> list[str]:
    found = value.get("accept") or []
    listed = found if isinstance(found, list) else [found]
    good = [str(one) for one in listed if isinstance(one, str | int) and str(one)]
    if len(good) < len(listed):
        report.wrong(line, "'accept' names something that is no id of an option: left out")
    return list(dict.fromkeys(good))


def _created(stamp: object) -> str | None:
    if not isinstance(stamp, int | float) or isinstance(stamp, bool):
        return None
    try:
        return datetime.fromtimestamp(int(stamp), UTC).isoformat().replace("+00:00", "Z")
    except (OverflowError, OSError, ValueError):
        return None
