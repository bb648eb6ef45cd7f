"""Prodigy JSONL: one task a line, several of one text together as one article.

What a task says of a text is an annotation where its answer is `accept`; see `decisions` for the others. Answers in
interfaces where everything is marked (`ner_manual`, `relations`, `choice`) are complete coverage; of one suggestion
(`_is_binary`), partial. `meta` holds the article's id, split and metadata. An entity of several pieces is as many spans
of one `id`. Relations have a head and a child: the inventory says which roles these are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import orjson

from corpus_tool.disk import store_errors
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import WHOLLY, About, Article, Imported, Loss, Source, Unit, partly
from corpus_tool.formats.article_ids import ArticleIds
from corpus_tool.formats.first_object import members
from corpus_tool.formats.noticed import Noticed
from corpus_tool.formats.prodigy.grouping import Group, groups
from corpus_tool.formats.prodigy.reading import read_tasks
from corpus_tool.formats.prodigy.task import Answer, Task, media, parse
from corpus_tool.formats.prodigy.writing import tasks
from corpus_tool.inventory import Inventory
from corpus_tool.refusals import BOM, Refusal

_SIGNS = (b'"_input_hash"', b'"_task_hash"', b'"_view_id"', b'"_annotator_id"', b'"token_start"')


_ASKED = frozenset({"spans", "options", "relations", "meta"})
_ANSWERS = ('"accept"', '"reject"', '"ignore"')


def _looks_like(name: str, head: bytes) -> bool:
    """Whether the first line is a task with a property, or an answer, that only Prodigy's have."""
    if not name.lower().endswith((".jsonl", ".ndjson")):
        return False
    first = head.removeprefix(BOM).lstrip().partition(b"\n")[0]
    if not first.startswith(b"{") or b'"text"' not in first:
        return False
    found = dict(members(first.decode(errors="replace")))
    answered = found.get("answer", "").startswith(_ANSWERS) and not _ASKED.isdisjoint(found)
    return answered or any(sign in first for sign in _SIGNS)


ABOUT = About(
    "Prodigy JSONL",
    Unit.CODE_POINTS,
    {
        "id": WHOLLY,
        "text": WHOLLY,
        "metadata": WHOLLY,
        "split": WHOLLY,
        "tokens": WHOLLY,
        "entities": WHOLLY,
        "fragments": WHOLLY,
        "overlaps": WHOLLY,
        "links": WHOLLY,
        "relations": WHOLLY,
        "coreference": WHOLLY,
        "labels": WHOLLY,
        "confidence": WHOLLY,
        "provenance": partly("who, and whether human or model; not the role, nor the version of a model"),
        "coverage": partly("complete or partial, not of which labels"),
        "adjudication": partly("what was adjudicated, as reviewed tasks"),
        "empty": partly("entities, relations and labels"),
        "ids": partly("of entities"),
    },
    looks_like=_looks_like,
)


class ProdigyImporter:
    """Reads a file of tasks, one article a text."""

    name = "prodigy"
    suffixes = (".jsonl", ".ndjson")
    about = ABOUT

    def read(self, source: Source, inventory: Inventory | None) -> Iterator[Imported]:
        """The articles of one file, in the order of their first tasks."""
        empty, told, ids = True, False, ArticleIds(source.id)
        with source.stream() as stream:
            for group in groups(stream):
                empty = False
                noticed = Noticed(source.path)
                parsed = list(_parsed(group, noticed))
                if not parsed:
                    yield Imported(source.path, None, tuple(noticed.findings), losses=noticed.losses)
                    continue
                own = parsed[0].meta.get("id") if group.named else None
                name = ids.make(own, parsed[0].text, alone=group.alone)
                noticed.article = name
                if not told and any(task.answer is Answer.NONE for task in parsed):
                    told = True
                    noticed.doubt(parsed[0].line, "a task that nobody has answered (reported once a file): suggestions")
                yield read_tasks(name, parsed, noticed, inventory)
        if empty:
            noticed = Noticed(source.path)
            noticed.wrong(None, "the file has no tasks")
            yield Imported(source.path, None, tuple(noticed.findings))

    def inventory(self, paths: Sequence[Path]) -> Inventory | None:
        """None: tasks do not say which labels there are."""


def _parsed(group: Group, noticed: Noticed) -> Iterator[Task]:
    for line in group.lines:
        value = line.value
        if isinstance(value, Refusal):
            noticed.wrong(line.number, value.message, value.code)
        elif not isinstance(value, dict):
            noticed.wrong(line.number, "not a task: a line of Prodigy is one JSON object")
        elif not isinstance(value.get("text"), str):
            kind = media(value)
            what = f"a task on {kind}: only tasks on text become articles" if kind else "a task without a text"
            noticed.wrong(line.number, what)
        else:
            yield parse(value, line.number, noticed)


class ProdigyExporter:
    """Writes `articles.jsonl`, for `prodigy db-in`."""

    name = "prodigy"
    about = ABOUT

    def write(self, articles: Iterable[Article], output: Path, inventory: Inventory | None) -> Iterator[Loss | Finding]:
        """Write the file. Raises StoreError where the disk refuses."""
        noticed = Noticed(str(output))
        with store_errors(output):
            output.mkdir(parents=True, exist_ok=True)
            with (output / "articles.jsonl").open("xb") as stream:
                for article in articles:
                    noticed.article = article["id"]
                    try:
                        lines = [orjson.dumps(task) for task in tasks(article, inventory, noticed)]
                    except TypeError as error:
                        at = Location(str(output), article=article["id"])
                        message = f"not text that UTF-8 can hold: {error}"
                        yield Finding("IO001", "text-is-utf8", Severity.ERROR, at, message)
                        continue
                    stream.writelines(line + b"\n" for line in lines)
        yield from noticed.losses


IMPORTER = ProdigyImporter()
EXPORTER = ProdigyExporter()
