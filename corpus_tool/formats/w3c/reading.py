"""Web annotations on one text as an article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.formats.graph.draft import AMBIGUOUS, LAYERS, MALFORMED, OUTSIDE, UNNAMED, Draft
from corpus_tool.formats.graph.ends import End, put_ends
from corpus_tool.formats.graph.said import Pair, identifier, put_said
from corpus_tool.formats.w3c import names
from corpus_tool.formats.w3c.agents import Agents
from corpus_tool.formats.w3c.bodies import COMMENTING, Said, said
from corpus_tool.formats.w3c.selecting import Selecting
from corpus_tool.formats.w3c.targets import Target, targets

_READ = frozenset({
    "@context", "id", "@id", "type", "@type", "motivation", "body", "bodyValue", "target", "creator", "created",
    "generator", names.LAYER,
})  # fmt: skip
_WITH_SPANS = frozenset({"passages", "sentences", "tokens", "entities", "quotations"})


@dataclass(slots=True)
class Reading:
    """One article on its way; `called` says which ids the IRIs of annotations have become."""

    draft: Draft
    agents: Agents
    selecting: Selecting
    known: set[str] = field(default_factory=set)
    called: dict[str, str] = field(default_factory=dict)

    def read(self, annotations: Iterable[tuple[dict[str, Any], str]]) -> None:
        found = [(one, at, self._layer(one)) for one, at in annotations]
        ids = [self._id(one, at, layer) for one, at, layer in found]
        for (one, at, layer), name in zip(found, ids, strict=True):
            self._annotation(one, at, layer, name)
        self.agents.finish()

    def _targets(self, one: dict[str, Any]) -> list[Target]:
        return list(targets(one.get("target"), self.known))

    def _layer(self, one: dict[str, Any]) -> str:
        own = one.get(names.LAYER)
        if isinstance(own, str) and own in LAYERS and own != "provenance":
            return own
        about, bodies = self._targets(one), said(one, self.known)
        if any(target.selector is not None for target in about):
            return "entities"
        motivations = names.listed(one.get("motivation"))
        on_others = any(target.end for target in about)
        if on_others and "linking" not in motivations and (bodies.comments or not bodies.classes + bodies.tags):
            return "notes"
        if on_others or bodies.ends:
            return "relations"
        return "labels" if bodies.classes or bodies.tags else "notes"

    def _id(self, one: dict[str, Any], at: str, layer: str) -> str:
        iri = names.iri(one)
        name = names.name_of(iri) if iri else None
        if layer in {"coverage", "adjudication"} or (layer == "labels" and (name or "").startswith(UNNAMED)):
            return ""
        content = (str(one.get("target"))[:1000], str(one.get("body"))[:1000])
        made = self.draft.new_id(layer, name, at, *content)
        if iri:
            self.called.setdefault(iri, made)
        return made

    def _annotation(self, one: dict[str, Any], at: str, layer: str, name: str) -> None:
        about, bodies = self._targets(one), said(one, self.known)
        made: dict[str, Any] = {"id": name} if name else {}
        self._lost(one, bodies, name)
        if not about:
            self.draft.error(MALFORMED, at, f"annotation '{name}' has no target: left out", name)
            return
        if layer in _WITH_SPANS:
            pieces = self._pieces([target for target in about if target.selector is not None], at, name)
            if not pieces:
                return
            made["spans"] = self.draft.spans(pieces)
        ends = [target.end for target in about if target.end is not None] + bodies.ends
        self.agents.credit(made, one)
        if one.get(names.LAYER) == layer:
            self._own(layer, made, bodies, ends)
            self.draft.add(layer, made, at)
        else:
            self._foreign(layer, made, bodies, (ends, one, at))

    def _pieces(self, about: list[Target], at: str, name: str) -> list[tuple[int, int]]:
        found = []
        for target in about:
            selected = self.selecting.select(target.selector)
            if selected.piece is None:
                self.draft.error(OUTSIDE, at, f"'{name}' selects nothing: {selected.message}; left out", name)
                return []
            if selected.moved:
                self.draft.warning(AMBIGUOUS, at, selected.message, name)
            found.append(selected.piece)
        if not found:
            self.draft.error(OUTSIDE, at, f"'{name}' has no selector: left out", name)
        return found

    def _ends(self, ends: list[End]) -> list[End]:
        numbers = iter(range(1, len(ends) + 1))
        return [(role or f"Arg{next(numbers)}", self.called.get(iri, names.name_of(iri))) for role, iri in ends]

    def _own(self, layer: str, made: dict[str, Any], bodies: Said, ends: list[End]) -> None:
        """An annotation that says its layer says the rest as `writing` does."""
        pairs: list[Pair] = [(key, value) for key, value in bodies.named]
        typed = "value" if layer == "labels" else "type"
        pairs += [(typed, value) for value in bodies.classes]
        pairs += [("text", text) for _, text in bodies.comments] if layer == "notes" else []
        pairs += [(tag, None) for tag in bodies.tags]
        pairs += self._links(bodies)
        for key, value in put_said(layer, made, pairs):
            self.draft.lose(f"bodies of {layer}", f"{key}={value}")
        if layer == "adjudication":
            ends = [(role, iri.removeprefix(names.AGENT)) for role, iri in ends]
        for role, ref in put_ends(layer, made, self._ends(ends) if layer != "adjudication" else ends):
            self.draft.lose(f"ends of {layer}", f"{role} {ref}")

    def _links(self, bodies: Said) -> list[Pair]:
        found = [identifier(*names.entry_of(iri)) for iri in bodies.links]
        return [(f"identifier.{number}" if number > 1 else "identifier", one) for number, one in enumerate(found, 1)]

    def _foreign(
        self, layer: str, made: dict[str, Any], bodies: Said, rest: tuple[list[End], dict[str, Any], str]
    ) -> None:
        ends, one, at = rest
        name = str(made.get("id") or "")
        labels = [*bodies.classes, *bodies.tags]
        if layer in {"labels", "notes"}:
            self._on_article(layer, made, bodies, (self._ends(ends), one, at))
            return
        motivation = next((each for each in names.listed(one.get("motivation")) if isinstance(each, str)), "")
        made["type"] = labels[0] if labels else motivation or "annotation"
        pairs: list[Pair] = [*bodies.named, *((label, None) for label in labels[1:])]
        if layer == "entities":
            pairs += self._links(bodies)
        else:
            for iri in bodies.links:
                self.draft.lose("links of relations", f"{name} {iri}")
        put_said(layer, made, pairs)
        if layer == "relations":
            put_ends(layer, made, self._ends(ends))
        else:
            for _, iri in ends:
                self.draft.lose("links from pieces of text to annotations", f"{name} {iri}")
        self.draft.add(layer, made, at)
        self._comments(bodies, name, made.get("prov"), at)

    def _on_article(
        self, layer: str, made: dict[str, Any], bodies: Said, rest: tuple[list[End], dict[str, Any], str]
    ) -> None:
        """A comment on another annotation, or what is said of the whole text."""
        ends, _, at = rest
        ref = {"ref": ends[0][1]} if layer == "notes" and ends else {}
        values = [("classifying", value) for value in bodies.classes] + [("tagging", value) for value in bodies.tags]
        first = True
        for axis, value in values if layer == "labels" else ():
            own = made if first else {**made, "id": self.draft.new_id("labels", None, at, axis, value)}
            self.draft.add("labels", {"id": own["id"], "axis": axis, "value": value} | _prov(made), at)
            first = False
        texts = bodies.comments
        if layer == "notes" and texts:
            purpose, text = texts[0]
            self.draft.add("notes", {"id": made["id"], **_kind(purpose), **ref, "text": text} | _prov(made), at)
            texts = texts[1:]
        for purpose, text in texts:
            note = {"id": self.draft.new_id("notes", None, at, purpose, text), **_kind(purpose), **ref, "text": text}
            self.draft.add("notes", note | _prov(made), at)
        for what in [*bodies.links, *(tag for tag in bodies.tags if layer == "notes")]:
            self.draft.lose("links and tags of the whole text or of other annotations", what)

    def _comments(self, bodies: Said, name: str, prov: str | None, at: str) -> None:
        for purpose, text in bodies.comments:
            note = {"id": self.draft.new_id("notes", None, at, name, purpose, text), **_kind(purpose), "ref": name}
            self.draft.add("notes", note | {"text": text} | ({"prov": prov} if prov else {}), at)

    def _lost(self, one: dict[str, Any], bodies: Said, name: str) -> None:
        for key, value in one.items():
            if key not in _READ and value not in (None, [], {}):
                self.draft.lose(f"annotations: {key}", f"{name} {value}")
        for what in bodies.unread:
            self.draft.lose("bodies that are neither texts nor resources", f"{name} {what}")


def _prov(made: Mapping[str, Any]) -> dict[str, Any]:
    return {"prov": made["prov"]} if made.get("prov") else {}


def _kind(purpose: str) -> dict[str, str]:
    return {} if purpose in COMMENTING else {"type": purpose}
