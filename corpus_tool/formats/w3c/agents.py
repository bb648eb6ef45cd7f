"""Who made an annotation: its creator, as a provenance record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from corpus_tool.formats.graph.draft import Draft
from corpus_tool.formats.graph.said import put_said
from corpus_tool.formats.made import by_unknown
from corpus_tool.formats.w3c import names

UNKNOWN = "w3c"
_OWN = "ct:"


@dataclass(slots=True)
class Agents:
    """The records of one article; `ours` where this tool wrote the file: who is not named there is nobody."""

    draft: Draft
    ours: bool
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    created: dict[str, set[str]] = field(default_factory=dict)

    def describe(self, head: dict[str, Any]) -> None:
        """Take the records that our own files have in the collection."""
        for one in names.listed(head.get("creator")) if self.ours else ():
            iri = names.iri(one)
            if not isinstance(one, dict) or not iri or not isinstance(one.get("name"), str):
                continue
            name = names.name_of(iri).removeprefix(names.AGENT[1:])
            record: dict[str, Any] = {"id": name, "agent": one["name"], "agent_type": _type(one)}
            said = [(key.removeprefix(_OWN), value) for key, value in one.items() if key.startswith(_OWN)]
            put_said("provenance", record, [pair for pair in said if isinstance(pair[1], str)])
            derived = [names.name_of(iri).removeprefix(names.AGENT[1:]) for iri in _strings(one.get(_OWN + "from"))]
            self.records[name] = record | ({"derived_from": derived} if derived else {})

    def credit(self, made: dict[str, Any], one: dict[str, Any]) -> None:
        """Give an annotation the provenance of its creator."""
        creators = [each for each in names.listed(one.get("creator")) if isinstance(each, str | dict)]
        for other in creators[1:]:
            self.draft.lose("creators after the first", f"{made.get('id')} {names.iri(other)}")
        if not creators:
            if self.ours:
                return
            made["prov"] = UNKNOWN
            self.records.setdefault(UNKNOWN, by_unknown("W3C Web Annotation") | {"id": UNKNOWN})
        elif self.ours and isinstance(creators[0], str):
            made["prov"] = names.name_of(creators[0]).removeprefix(names.AGENT[1:])
        else:
            made["prov"] = self._record(creators[0])
        if made["prov"] in self.records:
            self._when(made["prov"], one)

    def _record(self, creator: str | dict[str, Any]) -> str:
        iri = names.iri(creator)
        said = creator if isinstance(creator, dict) else {}
        called = next(
            (value for key in ("name", "nickname") if isinstance(value := said.get(key), str) and value), None
        )
        name = iri or called or "creator"
        self.records.setdefault(
            name, {"id": name, "agent": called or name, "agent_type": _type(said), "role": "annotator"}
        )
        return name

    def _when(self, name: str, one: dict[str, Any]) -> None:
        record, created, tool = self.records[name], one.get("created"), one.get("generator")
        if isinstance(created, str):
            self.created.setdefault(name, set()).add(created)
        if tool is not None and not self.ours:
            called = tool.get("name") if isinstance(tool, dict) else None
            record["tool"] = called if isinstance(called, str) else names.iri(tool) or record.get("tool")

    def finish(self) -> None:
        """Add the records to the article; when something was made is kept where it is one moment an agent."""
        for name, moments in self.created.items():
            if len(moments) == 1:
                self.records[name].setdefault("created", next(iter(moments)))
            for moment in sorted(moments) if len(moments) > 1 else ():
                self.draft.lose("when each annotation was made", f"{name} {moment}")
        if self.records:
            self.draft.layers["provenance"] = list(self.records.values())


def _type(one: dict[str, Any]) -> str:
    own = one.get("ct:agent_type")
    if own in {"human", "model", "rule"}:
        return str(own)
    return "model" if "Software" in names.types(one) else "human"


def _strings(value: Any) -> list[str]:
    return [one for one in names.listed(value) if isinstance(one, str)]
