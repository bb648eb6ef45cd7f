"""The formats there are, and the table of what each keeps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from string import ascii_lowercase
from typing import Any

from corpus_tool.errors import SettingsError
from corpus_tool.formats import EXPORTERS, IMPORTERS, About, Kept, Unit, about, importer, names
from corpus_tool.formats.fidelity import ASPECTS, declared
from corpus_tool.sources import JSON_FORMATS

_SIGNS = {Kept.WHOLLY: "+", Kept.PARTLY: "~", Kept.NOT: "."}


@dataclass(frozen=True, slots=True)
class Row:
    """One format: whether it can be read and written, the suffixes it takes, and what it says of itself."""

    name: str
    reads: bool
    writes: bool
    suffixes: tuple[str, ...]
    about: About | None


def rows() -> list[Row]:
    """All formats by name, the tool's own first."""
    readable, writable = names(IMPORTERS), names(EXPORTERS)
    own = [Row(name, True, True, (f".{name}",), None) for name in JSON_FORMATS]
    return own + [_row(name, readable, writable) for name in sorted({*readable, *writable})]


def _row(name: str, readable: Sequence[str], writable: Sequence[str]) -> Row:
    try:
        suffixes, said = importer(name).suffixes if name in readable else (), about(name)
    except SettingsError as error:  # one plug-in that cannot be loaded hides no other
        return Row(name, name in readable, name in writable, (), About(error.message, Unit.CODE_POINTS))
    return Row(name, name in readable, name in writable, suffixes, said)


def table(found: Sequence[Row]) -> Iterator[str]:
    """A line a format, and of those that go both ways what each keeps: a line an aspect, a column a format."""
    width = max(len(row.name) for row in found)
    columns = {row.name: letter for row, letter in zip(filter(_has_fidelity, found), _letters(), strict=False)}
    for row in found:
        does = f"{'in ' if row.reads else '   '} {'out' if row.writes else '   '}"
        yield f"{columns.get(row.name, ''):2} {row.name:{width}}  {does}  {_title(row)}".rstrip()
    yield ""
    yield "What comes back of an article that is written and read again: + all, ~ changed or not always, . nothing"
    yield f"{'':41} {' '.join(f'{letter:>2}' for letter in columns.values())}"
    for name, aspect in ASPECTS.items():
        kept = [declared(row.about.fidelity, name).kept for row in found if row.about and _has_fidelity(row)]
        yield f"{aspect.title:41} {' '.join(f'{_SIGNS[one]:>2}' for one in kept)}"


def _has_fidelity(row: Row) -> bool:
    return row.reads and row.writes and row.about is not None


def _letters() -> Iterator[str]:
    """Names of columns: a to z, then aa to zz."""
    yield from ascii_lowercase
    yield from map("".join, product(ascii_lowercase, repeat=2))


def page(row: Row) -> Iterator[str]:
    """What a format is, and what comes back of an article that is written in it and read again."""
    yield f"{row.name}: {_title(row)}"
    if row.suffixes:
        yield f"files: {' '.join(row.suffixes)}"
    said = row.about
    if said is None:
        return
    yield f"offsets: {said.unit}"
    if said.extra is not None:
        yield f"needs: pip install 'corpus-tool[{said.extra}]'"
    if not row.writes or not row.reads:
        return
    yield "after a way there and back:"
    for name, aspect in ASPECTS.items():
        kept = declared(said.fidelity, name)
        yield f"  {aspect.title:44} {kept.kept.value:12} {kept.note}".rstrip()


def as_json(row: Row) -> dict[str, Any]:
    said = row.about
    found: dict[str, Any] = {"name": row.name, "in": row.reads, "out": row.writes, "suffixes": list(row.suffixes)}
    if said is not None:
        found |= {"title": said.title, "offsets": said.unit.value, "extra": said.extra}
    if said is not None and said.fidelity and row.reads and row.writes:
        kept = {name: declared(said.fidelity, name) for name in ASPECTS}
        found["fidelity"] = {name: {"kept": one.kept.value, "note": one.note} for name, one in kept.items()}
    return found


def _title(row: Row) -> str:
    if row.about is not None:
        return row.about.title
    return {"jsonl": "articles, one a line", "json": "articles, a file each"}.get(row.name, "")
