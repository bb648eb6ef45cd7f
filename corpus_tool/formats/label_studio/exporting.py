"""Articles to projects of Label Studio: tasks, and beside them the labelling configuration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import orjson

from corpus_tool.errors import StoreError
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Article, Loss
from corpus_tool.formats.label_studio.about import ABOUT
from corpus_tool.formats.label_studio.config_writing import Seen, to_xml
from corpus_tool.formats.label_studio.results import OBJECT
from corpus_tool.formats.label_studio.writing import layers_in, task_of
from corpus_tool.formats.tally import Tally

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

STEM = "articles"
_UTF8 = ("IO001", "text-is-utf8")


@dataclass(slots=True)
class _Project:
    """One file of tasks that is being written."""

    path: Path
    stream: BinaryIO
    seen: Seen
    tasks: int = 0

    def write(self, task: bytes) -> None:
        self.stream.write((b",\n" if self.tasks else b"[\n") + task)
        self.tasks += 1

    def close(self, inventory: Inventory | None) -> None:
        self.stream.write(b"\n]\n")
        if inventory is not None:
            self.seen.allow(inventory)
        self.path.with_suffix(".xml").write_bytes(to_xml(self.seen))


@dataclass(frozen=True, slots=True)
class LabelStudioExporter:
    """Writes `articles.json` and its labelling configuration `articles.xml`.

    Articles that were annotated for other layers than the first are other projects, each named by its layers: what a
    project asks for counts as annotated in all its tasks.
    """

    name: str = "label-studio"
    about = ABOUT

    def write(self, articles: Iterable[Article], output: Path, inventory: Inventory | None) -> Iterator[Loss | Finding]:
        """Write the projects into the folder; StoreError where the disk refuses, or where a file is there already."""
        losses = Tally()
        projects: dict[tuple[str, ...], _Project] = {}
        try:
            output.mkdir(parents=True, exist_ok=True)
            with ExitStack() as stack:
                for number, article in enumerate(articles, start=1):
                    try:
                        task = orjson.dumps(task_of(article, number, inventory, losses))
                    except TypeError as error:
                        yield _refusal(output, article, error)
                        continue
                    project = _project(projects, layers_in(article), output, stack)
                    project.seen.add(article)
                    project.write(task)
                for project in projects.values():
                    project.close(inventory)
        except OSError as error:
            raise StoreError(f"cannot write {error.filename or output}: {error.strerror}") from error
        yield from losses


def _project(
    projects: dict[tuple[str, ...], _Project], layers: tuple[str, ...], output: Path, stack: ExitStack
) -> _Project:
    if layers not in projects:
        path = output / f"{'-'.join([STEM, *(layers or [OBJECT])]) if projects else STEM}.json"
        projects[layers] = _Project(path, stack.enter_context(path.open("xb")), Seen(layers))
    return projects[layers]


def _refusal(output: Path, article: Article, error: Exception) -> Finding:
    message = f"it has what JSON cannot hold: {error}"
    return Finding(*_UTF8, Severity.ERROR, Location(str(output), article=article["id"]), message)
