"""An export of Label Studio, read whole: JSON has no line at which a task ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Imported, Source
from corpus_tool.formats.json_values import read_value
from corpus_tool.formats.label_studio.config import Config, parse
from corpus_tool.formats.label_studio.draft import AMBIGUOUS, MALFORMED, Draft, Project
from corpus_tool.formats.label_studio.minimal import is_minimal, task_of
from corpus_tool.formats.label_studio.reading import article_of, metadata_of, read_task
from corpus_tool.formats.label_studio.tasks import Task, layers_of
from corpus_tool.formats.pairs import chain_labels
from corpus_tool.positions import locate
from corpus_tool.refusals import BOM

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory


def read_source(source: Source, inventory: Inventory | None) -> Iterator[Imported]:
    """The articles of an export; what is wrong with the file as a whole comes first."""
    data = source.read(None) or b""
    value = read_value(data, source.path, source.id)
    tasks = [value] if isinstance(value, dict) and "data" in value else value
    if isinstance(value, Finding):
        yield Imported(source.path, None, (value,))
    elif not isinstance(tasks, list):
        message = "no export of Label Studio: that is a list of tasks, each with its data"
        yield Imported(source.path, None, (_wrong(source, message),))
    else:
        config, problems = _config(source)
        if problems:
            yield Imported(source.path, None, problems)
        base = "" if isinstance(value, list) else None
        yield from _read(source, data, _tasks(tasks, config, base), inventory, config)


def _wrong(source: Source, message: str, path: str | None = None) -> Finding:
    at = Location(path or source.path, 1, 1, article=source.id)
    return Finding(*MALFORMED, Severity.ERROR, at, message)


def _config(source: Source) -> tuple[Config | None, tuple[Finding, ...]]:
    """The labelling configuration of the same name, where it lies beside."""
    data = source.read(".xml")
    if data is None:
        return None, ()
    try:
        return parse(data.decode()), ()
    except ValueError as error:
        path = source.path.removesuffix(".json") + ".xml"
        message = f"the labelling configuration cannot be read, and is not used: {error}"
        return None, (replace(_wrong(source, message, path), severity=Severity.WARNING),)


def _tasks(values: list[Any], config: Config | None, base: str | None) -> list[Task | str]:
    """The tasks, those of one number that are records of JSON-MIN as one; a pointer for what is no task."""
    found: list[Task | str] = []
    minimal: dict[Any, Task] = {}
    for number, value in enumerate(values):
        pointer = "" if base is None else f"{base}/{number}"
        if not isinstance(value, dict) or not (is_minimal(value) or isinstance(value.get("data"), dict)):
            found.append(pointer)
        elif not is_minimal(value):
            found.append(Task(value, (), pointer, number + 1))
        else:
            task = Task(*task_of(value, config), pointer, number + 1)
            first = minimal.setdefault(_number(value, pointer), task)
            if first is task or first.value["data"] != task.value["data"]:
                found.append(task)
            else:
                first.value["annotations"] += task.value["annotations"]
    return found


def _number(value: dict[str, Any], pointer: str) -> Any:
    number = value.get("id")
    return number if isinstance(number, int | str) else pointer


def _read(
    source: Source, data: bytes, found: list[Task | str], inventory: Inventory | None, config: Config | None,
) -> Iterator[Imported]:  # fmt: skip
    chains = config.chains if config is not None else frozenset()
    project = Project(source.path, source.id, config, inventory, chains | chain_labels(inventory))
    tasks = [task for task in found if isinstance(task, Task)]
    layers = layers_of(tasks, config, project.chains)
    drafts = [
        read_task(project, one, layers) if isinstance(one, Task) else _no_task(project, source, one) for one in found
    ]
    _guessed(source, tasks, drafts)
    values = {task.pointer: task.value for task in tasks}
    yield from _told(project, data, drafts, values)


def _no_task(project: Project, source: Source, pointer: str) -> Draft:
    draft = Draft(project, source.id, pointer)
    message = "no task of Label Studio: it has no data, and is no record of JSON-MIN"
    draft.report(MALFORMED, Severity.ERROR, message, pointer)
    return draft


def _guessed(source: Source, tasks: Iterable[Task], drafts: list[Draft]) -> None:
    """One finding where answers of JSON-MIN may have been choices or texts."""
    names = sorted({name for task in tasks for name in task.guessed})
    if names:
        config = source.id.rpartition("/")[2] + ".xml"
        message = f"JSON-MIN does not say whether {', '.join(names)} are choices or texts: choices are taken; "
        hint = f"put the labelling configuration beside it as {config}"
        drafts[0].report(AMBIGUOUS, Severity.WARNING, message + hint, "")


def _told(project: Project, data: bytes, drafts: list[Draft], values: dict[str, dict[str, Any]]) -> Iterator[Imported]:
    """The articles, with the places of what they have; the losses of all with the last."""
    pointers = {pointer for draft in drafts for pointer in draft.pointers.values()}
    pointers |= {found[3] for draft in drafts for found in draft.found}
    places = locate(data.removeprefix(BOM), pointers)
    for number, draft in enumerate(drafts):
        article = article_of(draft, metadata_of(values[draft.pointer])) if draft.has_text else None
        last = number == len(drafts) - 1
        yield Imported(
            project.path,
            article,
            tuple(draft.findings(places)),
            draft.places(places),
            project.losses.taken() if last else (),
        )
