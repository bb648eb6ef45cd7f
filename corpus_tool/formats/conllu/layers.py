"""What a file says of whole layers, and what is taken for granted where it says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.formats.conllu.records import META, parse_record, unnumbered
from corpus_tool.formats.made import by_unknown

TOOL = "conllu"
ORDER = (
    "passages", "sentences", "tokens", "words", "entities", "relations", "events", "quotations", "coreference",
    "labels", "notes",
)  # fmt: skip
JUDGED = ("entities", "relations", "coreference")
"""Layers in which somebody looked for something."""
RECORDS = {"provenance": "provenance", "coverage": "coverage", "adjudication": "adjudication", "label": "labels"}
"""Comments that hold one record each, and the layer it is of."""
_LISTS = {"labels", "derived_from"}
_NUMBERS = {"confidence"}


@dataclass(slots=True)
class Layers:
    """What comments say: the layers that are there, each with its maker where that is one; those that are empty.

    `explicit` where the file lists its layers: nothing is taken for granted then.
    """

    explicit: bool = False
    makers: dict[str, str | None] = field(default_factory=dict)
    empty: tuple[str, ...] = ()
    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def has(self, layer: str) -> bool:
        return not self.explicit or layer in self.makers


def layers_of(stated: Iterable[tuple[str, str]]) -> Layers:
    """What `meta::layers`, `meta::empty` and the records say."""
    found = Layers()
    for key, value in stated:
        name = unnumbered(key).removeprefix(META)
        if name == "layers":
            found.explicit = True
            found.makers = {layer: prov for layer, prov in parse_record(value) if layer in ORDER}
        elif name == "empty":
            found.empty = tuple(layer for layer, _ in parse_record(value) if layer in (*ORDER, *RECORDS.values()))
        elif name in RECORDS:
            found.records.setdefault(RECORDS[name], []).append(_record(value))
    return found


def is_layer_key(key: str) -> bool:
    """Whether a comment is one of those that `layers_of` reads."""
    return unnumbered(key) in {META + "layers", META + "empty", *(META + name for name in RECORDS)}


def _record(value: str) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, said in parse_record(value):
        if name in _LISTS:
            made.setdefault(name, []).append(said)
        elif name in _NUMBERS:
            try:
                made[name] = float(said or "")
            except ValueError:
                made[name] = said
        elif name:
            made[name] = said
    return made


def usual_provenance(present: Iterable[str]) -> list[dict[str, Any]]:
    """Who made what a file brings that names nobody: none where nothing is judged."""
    return [by_unknown(TOOL)] if set(present) & {*JUDGED, "notes"} else []


def usual_coverage(present: Sequence[str] | Mapping[str, Any]) -> list[dict[str, Any]]:
    """What was looked for in a file that does not say it."""
    maker = by_unknown(TOOL)["id"]
    return [{"layer": layer, "prov": maker, "status": "complete"} for layer in JUDGED if layer in present]
