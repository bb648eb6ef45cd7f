"""What the answers to the tasks of one input say of each layer: who looked, and whether it is settled.

Only what was accepted is an annotation. A rejected or skipped task brings none; that it was seen stays as
`adjudication` (`withdrawn`, `disagreed`, `pending`), which keeps its layers from ever being gold, or as partial
`coverage` where one suggestion was declined. A layer that nobody accepted anything of is absent, never `[]`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from corpus_tool.formats.kb_ids import is_wikidata
from corpus_tool.formats.prodigy.task import COREF, Answer, Task

MANUAL = frozenset({"ner_manual", "spans_manual", "pos_manual", "relations"})
"""Interfaces in which everything is marked that is there."""
_ONE_BY_ONE = frozenset({"ner", "spans", "pos", "dep", "classification"})
_SHOWN_ONLY = frozenset({"text", "text_input"})


def layers(task: Task) -> list[str]:
    """The layers that a task asks about."""
    if is_linking(task):
        return ["entities"]
    if is_choice(task) or is_classification(task):
        return ["labels"]
    marked = ["entities"] if task.view in MANUAL or (task.spans is not None and task.view not in _SHOWN_ONLY) else []
    return marked + _related(task)


def _related(task: Task) -> list[str]:
    """Arrows that all join mentions of one chain ask about chains, and about no other relations."""
    if task.relations and all(one.get("label") == COREF for one in task.relations):
        return ["coreference"]
    return ["relations"] if task.relations is not None or task.view == "relations" else []


def is_choice(task: Task) -> bool:
    """Whether labels were chosen from a list."""
    return task.options is not None or bool(task.accepted)


def is_linking(task: Task) -> bool:
    """Whether the entry of a knowledge base was chosen that the one span of the text names."""
    return len(task.spans or ()) == 1 and any(map(is_wikidata, [*(task.options or ()), *task.accepted]))


def is_classification(task: Task) -> bool:
    """Whether one label was offered for the text."""
    return task.label is not None and not is_choice(task) and (not task.spans or task.view == "classification")


def status(task: Task) -> str | None:
    """What an accepted task says of its layers; None where its interface is not known."""
    if is_classification(task) or is_linking(task) or task.binary or (task.binary is None and task.view in _ONE_BY_ONE):
        return "partial"
    manual = task.view in MANUAL or (task.view == "choice" and is_choice(task))
    return "complete" if manual or task.binary is False else None


@dataclass(slots=True)
class Decisions:
    """Coverage and adjudication of one article, from the answers to its tasks."""

    seen: dict[str, set[Answer]] = field(default_factory=dict)
    covered: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    labels: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)
    reviewed: dict[str, str] = field(default_factory=dict)

    def answered(self, task: Task, said: str | None, layer: str, prov: str, offered: list[str]) -> None:
        """One task, its `status`, one layer that it asks about, and the labels that it offered, if it did.

        Where it is partial, a rejection means the one suggestion, and not the text.
        """
        declined = task.answer is Answer.REJECT and said == "partial"
        if (task.answer is Answer.ACCEPT or declined) and said is not None:
            self.covered.setdefault((layer, prov), set()).add(said)
            self.labels.setdefault((layer, prov), {}).update(dict.fromkeys(offered))
        if not declined:
            self.seen.setdefault(layer, set()).add(task.answer)
        if task.reviewed and task.answer is Answer.ACCEPT:
            self.reviewed[layer] = prov

    def undecided(self, layer: str) -> None:
        """A layer that holds what somebody unknown suggested."""
        self.seen.setdefault(layer, set()).add(Answer.NONE)

    def coverage(self) -> list[dict[str, Any]]:
        found = []
        for (layer, prov), said in self.covered.items():
            whole = "complete" if said == {"complete"} else "partial"
            labels = list(self.labels[layer, prov])
            record = {"layer": layer, "prov": prov, "status": whole}
            found.append(record | ({"labels": labels} if labels else {}))
        return found

    def adjudication(self) -> list[dict[str, Any]]:
        return [record for layer, answers in self.seen.items() if (record := self._settled(layer, answers))]

    def _settled(self, layer: str, answers: set[Answer]) -> dict[str, Any] | None:
        if layer in self.reviewed:
            return {"layer": layer, "status": "adjudicated", "prov": self.reviewed[layer]}
        if Answer.REJECT in answers:
            return {"layer": layer, "status": "disagreed" if Answer.ACCEPT in answers else "withdrawn"}
        return None if Answer.ACCEPT in answers else {"layer": layer, "status": "pending"}
