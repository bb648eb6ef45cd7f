"""Label Studio: tasks with annotations and predictions (JSON, JSON-MIN) to articles, and back.

What is told by which place: a region is an entity, unless its control is called `passages`, `sentences` or
`quotations`; a choice of a region is an attribute, or of the control `events` an event that it triggers, one of the
whole text a label; a text is a note; a submitted annotation covers all that the project asks for, also where it is
empty; a skipped one and a draft are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_tool.errors import SettingsError
from corpus_tool.formats import Imported, Source
from corpus_tool.formats.inventories import merge
from corpus_tool.formats.label_studio.about import ABOUT
from corpus_tool.formats.label_studio.config import parse
from corpus_tool.formats.label_studio.exporting import LabelStudioExporter
from corpus_tool.formats.label_studio.importing import read_source

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

_CONFIGS = ("label_config.xml", "labels.xml")


@dataclass(frozen=True, slots=True)
class LabelStudioImporter:
    """Reads exports of both dialects, JSON and JSON-MIN."""

    name: str = "label-studio"
    suffixes: tuple[str, ...] = (".json",)
    about = ABOUT

    def read(self, source: Source, inventory: Inventory | None) -> Iterator[Imported]:
        """The articles of one export, in its order; losses of all its tasks come with the last."""
        yield from read_source(source, inventory)

    def inventory(self, paths: Sequence[Path]) -> Inventory | None:
        """What the labelling configuration allows: the `.xml` of the same name, or `label_config.xml` beside it.

        Where sources have different ones, what any of them allows. Raises SettingsError where one cannot be read.
        """
        found = dict.fromkeys(config for path in paths for config in [_beside(path)] if config is not None)
        inventories = [_load(config) for config in found]
        return merge(inventories) if len(inventories) > 1 else next(iter(inventories), None)


def _load(path: Path) -> Inventory:
    try:
        return parse(path.read_bytes().decode()).inventory()
    except (OSError, ValueError) as error:
        raise SettingsError(f"cannot read the labelling configuration: {error}", str(path)) from error


def _beside(path: Path) -> Path | None:
    places = [path.with_suffix(".xml"), *(path.parent / name for name in _CONFIGS)] if path.is_file() else []
    return next((place for place in places if place.is_file()), None)


IMPORTER = LabelStudioImporter()
EXPORTER = LabelStudioExporter()
