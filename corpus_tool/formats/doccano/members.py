"""Exports of a project in which each member annotated alone: a file a member, named by them, of the same texts."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from corpus_tool.findings import Finding
from corpus_tool.formats import Source
from corpus_tool.formats.doccano.label_names import is_of_labels
from corpus_tool.formats.doccano.records import Record, records_of
from corpus_tool.formats.json_values import whole
from corpus_tool.formats.pairs import joined

EVERYONE = "all"
"""What doccano calls the one file of a project whose members annotate together."""
_FIRST = 20
"""So many records of each file tell whether two are of the same texts."""
_MOST = 50
"""A folder of more files is no project: each of them would be looked at for each."""


def of_one_project(source: Source) -> tuple[Source, ...]:
    """The files of the project that a file is one of, by name; none where it stands alone.

    Two files are of one project where they have a text in common under the same number.
    """
    files = sorted(filter(_may_be_one, (source, *source.beside())), key=lambda one: one.path)
    if not 1 < len(files) <= _MOST:
        return ()
    seen: dict[tuple[int, str], str] = {}
    links = [(seen.setdefault(key, file.path), file.path) for file in files for key in _texts(file)]
    own = next((group for group in joined(links) if source.path in group), [])
    return tuple(file for file in files if file.path in own) if len(own) > 1 else ()


def _may_be_one(source: Source) -> bool:
    return source.path.lower().endswith(".jsonl") and not is_of_labels(source.path)


def _texts(source: Source) -> Iterator[tuple[int, str]]:
    for record in islice(records_of(source), _FIRST):
        if isinstance(record, Record):
            number, text = whole(record.value.get("id")), record.value.get("text")
            if number is not None and isinstance(text, str):
                yield number, text


def everyone(files: Sequence[Source]) -> Source:
    """The source that articles of a project are named by."""
    folder = files[0].id.rpartition("/")
    return replace(files[0], id=f"{folder[0]}{folder[1]}{EVERYONE}")


def records_of_all(files: Sequence[Source]) -> Iterator[Record | Finding]:
    """The records of all members by their number, each with the name of its member.

    Doccano writes them in the order of their numbers; where a file has another, texts that do not meet stay apart.
    """
    numbered = (_numbered(file, place) for place, file in enumerate(files))
    for _, _, record in heapq.merge(*numbered, key=lambda one: one[:2]):
        yield record


def _numbered(file: Source, place: int) -> Iterator[tuple[int, int, Record | Finding]]:
    number = 0
    member = file.id.rpartition("/")[2]
    for record in records_of(file):
        if isinstance(record, Record):
            own = whole(record.value.get("id"))
            number = number if own is None else own
            yield number, place, replace(record, path=file.path, member=member)
        else:
            yield number, place, record
