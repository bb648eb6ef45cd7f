"""What a corpus asks of itself beyond its schema and inventory: the settings that rules read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Policy:
    """Settings of rules, from `[policy]` in `corpus.toml`; what is None or empty is not asked for.

    `required_metadata` are meanings of `x-field`; `annotators` is the registry of agents; `near_duplicates` the Jaccard
    similarity from which on two texts are the same; `whole_layers` asks an article without a layer that others of its
    split have to say so in its coverage; `today` is the day the run takes for today, None for the clock's.
    """

    required_metadata: tuple[str, ...] = ()
    annotators: tuple[str, ...] | None = None
    min_annotators: int | None = None
    min_label_count: int | None = None
    min_agreement: float | None = None
    near_duplicates: float | None = None
    whole_layers: bool = False
    singletons: bool = True
    today: date | None = None
    machine: str = "none"
    """In which splits the work of a machine alone is gold: none, train, or all as in releases before it was asked."""
    assertions: tuple[Any, ...] = ()
    """What `[[assertions]]` state, once they are read under the contract."""


NOTHING_ASKED = Policy()


def read_policy(value: Mapping[str, Any]) -> Policy:
    """The policy that the table of a `corpus.toml` states; the schema has been kept."""
    values: dict[str, Any] = {
        name.replace("-", "_"): tuple(part) if isinstance(part, list) else part for name, part in value.items()
    }
    return Policy(**values)
