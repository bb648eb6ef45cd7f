"""The people of a release, under the names that their list gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from corpus_tool.formats.made import NOBODY

if TYPE_CHECKING:
    import pyarrow as pa

    from corpus_tool.contract import Contract
    from corpus_tool.formats.agents import Pseudonyms
    from corpus_tool.records import Record

_HUMAN = "human"
Place = tuple[str, str, str]
"""A layer of provenance, and its fields for the agent and the type of agent."""


def agent_places(contract: Contract) -> tuple[Place, ...]:
    """Where a contract names who annotated."""
    found = []
    for layer in contract.of_kind("provenance"):
        agent, kind = (layer.meanings.get(meaning, ()) for meaning in ("agent", "agent-type"))
        if len(agent) == len(kind) == 1:
            found.append((layer.name, agent[0], kind[0]))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Hiding:
    """Puts pseudonyms for the people in the provenance of an article; models and rules keep their names."""

    places: tuple[Place, ...]
    names: Mapping[str, str]

    def of(self, record: Record) -> Record:
        """The record with pseudonyms. It has not been checked: what is no record of provenance stays as it is."""
        if not isinstance(record.value, dict):
            return record
        changed = {
            layer: [self._hidden(one, agent, kind) for one in record.value[layer]]
            for layer, agent, kind in self.places
            if isinstance(record.value.get(layer), list)
        }
        return replace(record, value={**record.value, **changed}) if changed else record

    def _hidden(self, one: Any, agent: str, kind: str) -> Any:
        if not isinstance(one, dict) or one.get(kind) != _HUMAN or not isinstance(one.get(agent), str):
            return one
        return {**one, agent: self.names.get(one[agent], one[agent])}


@dataclass(frozen=True, slots=True)
class People:
    """A sink for accepted articles: the people in the provenance of each block, in the order they come."""

    places: tuple[Place, ...]

    def __call__(self, batch: pa.RecordBatch, block: int) -> tuple[int, list[str]]:
        found: dict[str, None] = {}
        for layer, agent, kind in self.places:
            for one in batch.column(layer).flatten().to_pylist():
                if one[kind] == _HUMAN and one[agent] not in (None, NOBODY):
                    found.setdefault(one[agent])
        return block, list(found)


def named(pseudonyms: Pseudonyms, people: Iterable[tuple[int, list[str]]]) -> bool:
    """Give everybody a pseudonym who has none; whether there was anybody."""
    before, known = len(pseudonyms.known), set(pseudonyms.known.values())
    for _, names in sorted(people):
        for name in names:
            if name not in known:
                pseudonyms.of(name)
    return len(pseudonyms.known) > before
