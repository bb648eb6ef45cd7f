"""Names of labels that files give by number, and the labels a project has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from corpus_tool.decoding import decode
from corpus_tool.errors import SettingsError
from corpus_tool.formats import Source
from corpus_tool.formats.json_values import objects, whole, words
from corpus_tool.inventory import Inventory, Label
from corpus_tool.refusals import BOM, Refusal

SUFFIX = ".labels.json"
CONFIG = "label_config.json"


def is_of_labels(path: str) -> bool:
    """Whether a file is a list of labels, by its name."""
    return path.endswith(SUFFIX) or path.rpartition("/")[2] == CONFIG


def names_of(source: Source) -> dict[int, str]:
    """Names by number: the labels of the project, as doccano gives them, as `NAME.labels.json` beside `NAME.jsonl`."""
    data = source.read(SUFFIX)
    return {} if data is None else _by_number(data)


def _by_number(data: bytes) -> dict[int, str]:
    found = {}
    for one, _ in objects(_value(data), ""):
        number, names = whole(one.get("id")), words(one.get("text"))
        if number is not None and names:
            found[number] = names[0]
    return found


def _value(data: bytes) -> Any:
    value = decode(data.removeprefix(BOM))
    return None if isinstance(value, Refusal) else value


def inventory_beside(paths: list[Path]) -> Inventory | None:
    """The labels in `NAME.labels.json` or `label_config.json` beside the sources, as those of entities."""
    places = [place for path in paths for place in (path.with_suffix(SUFFIX), path.parent / CONFIG)]
    names: dict[str, None] = {}
    for place in dict.fromkeys(places):
        if not place.is_file():
            continue
        try:
            value = _value(place.read_bytes())
        except OSError as error:
            raise SettingsError(f"cannot read it: {error.strerror}", str(place)) from error
        if value is None:
            raise SettingsError("no list of labels: it is not JSON", str(place))
        names |= dict.fromkeys(name for one, _ in objects(value, "") for name in words(one.get("text")))
    return Inventory(labels={"entity": tuple(map(Label, names))}) if names else None
