"""How a corpus wants its articles divided into splits: `[splits]` of `corpus.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TRAIN = "train"
RATIOS: Mapping[str, float] = {TRAIN: 0.8, "validation": 0.1, "test": 0.1}


def split_order(split: str) -> tuple[int, str]:
    """Where a split stands among others, as people list them: train, validation, test, then by name."""
    return [*RATIOS, split].index(split), split


@dataclass(frozen=True, slots=True)
class SplitSettings:
    """How new articles get a split.

    `ratios` are shares that need not add up to 1. `group` are meanings of `x-field` whose equal values keep articles
    together, `near_duplicates` the similarity of texts that does. `strata` names what every split has its share of;
    `date_cut` gives the first day (YYYY-MM-DD) of a split. `growth` takes new groups once there is another split;
    `against` are releases that the splits must not share texts with.
    """

    ratios: Mapping[str, float] = field(default_factory=lambda: RATIOS)
    group: tuple[str, ...] = ("source", "story")
    near_duplicates: float = 0.8
    strata: str | None = None
    date_cut: Mapping[str, str] = field(default_factory=dict)
    growth: str = TRAIN
    against: tuple[Path, ...] = ()


def read_split_settings(value: Mapping[str, Any], folder: Path) -> SplitSettings:
    """The settings that a table `[splits]` states; the schema has been kept. Paths are below `folder`."""
    values: dict[str, Any] = {name.replace("-", "_"): part for name, part in value.items()}
    if "group" in values:
        values["group"] = tuple(values["group"])
    values["date_cut"] = {split: str(day) for split, day in values.get("date_cut", {}).items()}
    values["against"] = tuple(folder / path for path in values.get("against", ()))
    return SplitSettings(**values)
