"""What one project says of a document, as layers of an article."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.formats.graph.draft import DANGLING, LAYERS, OUTSIDE, UNNAMED, Draft
from corpus_tool.formats.graph.ends import End, put_ends
from corpus_tool.formats.graph.said import LAYER, Pair, attribute_key, put_said
from corpus_tool.formats.made import by_unknown
from corpus_tool.formats.pairs import roles_of
from corpus_tool.formats.pubannotation import conventions
from corpus_tool.formats.pubannotation.items import Link, Mark, Remark, links, marks, remarks, text_of
from corpus_tool.formats.pubannotation.plain import add_entities, add_relations
from corpus_tool.formats.units import Offsets, Stated
from corpus_tool.inventory import Inventory

_UNKNOWN = "pubannotation"
_BORROWED = frozenset({"words", "relations", "events", "coreference", "labels"})
"""Layers whose denotations stand where what they refer to does: the place says nothing."""
_UNTYPED = frozenset({"sentences", "tokens", "words", "labels"})


@dataclass(slots=True)
class Track:
    """One track, or what a document has beside its tracks."""

    draft: Draft
    track: dict[str, Any]
    pointer: str
    inventory: Inventory | None
    in_document: bool = True
    marks: list[Mark] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    remarks: dict[str, list[Remark]] = field(default_factory=dict)
    layers: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.links = list(links(self.draft, self.track, self.pointer))
        self.marks = list(marks(self.draft, self.track, self.pointer))
        self._chained()
        for one in remarks(self.draft, self.track, self.pointer):
            self.remarks.setdefault(one.subj, []).append(one)
        linked = {end for link in self.links for end in (link.subj, link.obj)}
        self.layers = self._plain_layers(linked) if self.plain else [self._layer(mark, linked) for mark in self.marks]

    @property
    def plain(self) -> bool:
        """Whether no attribute says more of anything that is left, as in most documents."""
        return not self.remarks

    @property
    def project(self) -> str | None:
        value = self.track.get("project")
        return value if isinstance(value, str) and value else None

    @property
    def prov(self) -> str:
        return self.project or _UNKNOWN

    def _chained(self) -> None:
        """Fragments that are chained to a denotation become pieces of it."""
        chained = {link.subj: link.obj for link in self.links if link.pred == conventions.CHAINED}
        if not chained:
            return
        fragments = {mark.id: mark for mark in self.marks if mark.obj == conventions.FRAGMENT and mark.id}
        used: set[str] = set()
        made = []
        for mark in self.marks:
            at, pieces, own = chained.get(mark.id or ""), mark.pieces, set[str]()
            while at in fragments and at not in own and mark.obj != conventions.FRAGMENT:
                own.add(at)
                pieces = (*fragments[at].pieces, *pieces)
                at = chained.get(at)
            used |= own
            made.append(mark._replace(pieces=tuple(sorted(pieces))))
        self.marks = [mark for mark in made if mark.id not in used]
        gone = {(subj, obj) for subj, obj in chained.items() if obj in used}
        self.links = [link for link in self.links if (link.subj, link.obj) not in gone]

    def stated(self) -> Iterator[Stated]:
        for mark in self.marks:
            if mark.words is not None and len(mark.pieces) == 1:
                yield *mark.pieces[0], mark.words

    def name(self, names: dict[str, str]) -> None:
        """Give everything its id; `names` are those of all tracks, for what refers to another."""
        if self._name_all(names):
            return
        for number, mark in enumerate(self.marks):
            layer = self.layers[number]
            self._name(names, layer, mark.id or f"\0{number}", mark, (mark.obj, mark.pieces))
        for link in self.links:
            if link.id is not None:
                self._name(names, "relations", link.id, link, (link.subj, link.pred, link.obj))

    def _name_all(self, names: dict[str, str]) -> bool:
        """Whether all are called as they ask to be: each has an id, which nothing else has."""
        wanted = [mark.id for mark in self.marks] + [link.id for link in self.links if link.id is not None]
        own = {name: name for name in wanted if name is not None}
        if len(own) < len(wanted) or not self.draft.taken.isdisjoint(own) or not names.keys().isdisjoint(own):
            return False
        self.draft.taken.update(own)
        self.names.update(own)
        names.update(own)
        return True

    def _name(self, names: dict[str, str], layer: str, key: str, one: Mark | Link, content: tuple[Any, ...]) -> None:
        wanted = one.id
        if wanted in self.draft.taken and key not in self.names and self.project:
            wanted = f"{self.project}:{wanted}"
        made = self.draft.new_id(layer, wanted, one.at, self.project, *content)
        self.names.setdefault(key, made)
        names.setdefault(key, made)

    def _layer(self, mark: Mark, linked: set[str]) -> str:
        """The layer it says it is of; structure that relations or attributes speak of can only be an entity."""
        own = self.remarks.get(mark.id or "", ())
        said = next((one.obj for one in own if one.pred == LAYER and one.obj in LAYERS), None)
        if said is not None:
            return str(said)
        layer = conventions.default_layer(mark.obj, block=mark.block)
        others = any(one.pred.partition(":")[0] != conventions.NOTE for one in own)
        return "entities" if others or mark.id in linked else layer

    def _plain_layers(self, linked: set[str]) -> list[str]:
        """What `_layer` says of each where nothing else does."""
        kinds = {(mark.obj, mark.block) for mark in self.marks}
        layer_of = {kind: conventions.default_layer(kind[0], block=kind[1]) for kind in kinds}
        return ["entities" if mark.id in linked else layer_of[mark.obj, mark.block] for mark in self.marks]

    def read(self, offsets: Offsets, names: dict[str, str]) -> None:
        reified = {mark.id: layer for mark, layer in zip(self.marks, self.layers, strict=True) if mark.id}
        inner: dict[str, list[End]] = {}
        outer: list[Link] = []
        for link in self.links:
            if link.id is None and reified.get(link.subj, "entities") not in {"entities", "passages", "sentences"}:
                inner.setdefault(link.subj, []).append((link.pred, self._ref(link.obj, names)))
            else:
                outer.append(link)
        ids = [self.names[mark.id or f"\0{number}"] for number, mark in enumerate(self.marks)]
        plain = self.plain and set(self.layers) == {"entities"}
        if not plain or not add_entities(self.draft, self.marks, ids, offsets, self.prov):
            for mark, layer, name in zip(self.marks, self.layers, ids, strict=True):
                self._mark(mark, layer, name, offsets, inner.pop(mark.id or "", []))
        if self.plain:
            self._add_relations(outer, names)
        else:
            for link in outer:
                self._link(link, names)
        self._notes(names)
        for name, layer in (("denotations", "entities"), ("relations", "relations")):
            if self.track.get(name) == []:
                self.draft.layers.setdefault(layer, [])
        self._provenance()

    def _ref(self, ref: str, names: dict[str, str]) -> str:
        return self.names.get(ref) or names.get(ref, ref)

    def _mark(self, mark: Mark, layer: str, name: str, offsets: Offsets, ends: list[End]) -> None:
        one = {} if layer == "labels" and name.startswith(UNNAMED) else dict[str, Any](id=name)
        if layer not in _UNTYPED:
            one["type"] = conventions.passage_type(mark.obj) if layer == "passages" else mark.obj
        if layer not in _BORROWED:
            pieces = [(offsets.to_points(begin), offsets.to_points(end)) for begin, end in mark.pieces]
            known = [(begin, end) for begin, end in pieces if begin is not None and end is not None]
            if len(known) != len(pieces):
                shown = ", ".join(f"{begin}-{end}" for begin, end in mark.pieces)
                message = f"'{name}' stands at {shown}: no characters of the text, left out"
                self.draft.error(OUTSIDE, mark.at, message, name)
                return
            one["spans"] = self.draft.spans(known)
            if mark.words is not None and len(known) == 1:
                one["spans"][0]["text"] = mark.words
        block: list[Pair] = [(conventions.BLOCK, None)] if layer == "entities" and mark.block else []
        self._say(layer, one, mark.id, block)
        for role, _ in put_ends(layer, one, ends):
            self.draft.lose(f"relations of {layer}", f"{name} {role}")
        self._add(layer, one, mark.at)

    def _add_relations(self, links: list[Link], names: dict[str, str]) -> None:
        """What `_link` would add, where nothing more is said of any of them."""
        ids = [self._link_id(link) for link in links]
        ends = [(link.pred, self._ref(link.subj, names), self._ref(link.obj, names)) for link in links]
        add_relations(self.draft, links, ids, ends, self.prov, self.inventory)

    def _link_id(self, link: Link) -> str:
        return self.names.get(link.id or "") or self.draft.new_id(
            "relations", None, link.at, self.project, link.subj, link.pred, link.obj
        )

    def _link(self, link: Link, names: dict[str, str]) -> None:
        name = self._link_id(link)
        roles = list(roles_of(link.pred, self.inventory))
        for one in self.remarks.get(link.id or "", ()):
            if one.pred in {conventions.SUBJECT, conventions.OBJECT} and isinstance(one.obj, str) and one.obj:
                roles[one.pred == conventions.OBJECT] = one.obj
        made: dict[str, Any] = {"id": name, "type": link.pred}
        refs = (link.subj, link.obj)
        made["arguments"] = [
            {"role": role, "ref": self._ref(ref, names)} for role, ref in zip(roles, refs, strict=True)
        ]
        self._say("relations", made, link.id, [])
        self._add("relations", made, link.at)

    def _say(self, layer: str, one: dict[str, Any], name: str | None, pairs: list[Pair]) -> None:
        """Give an annotation its attributes, and take them from those that are left over."""
        ids = {}
        for remark in self.remarks.pop(name, []) if name else ():
            if remark.pred == LAYER or remark.pred.partition(":")[0] == conventions.NOTE:
                if remark.pred != LAYER or remark.obj not in LAYERS:
                    self.remarks.setdefault(name or "", []).append(remark)
                continue
            if layer == "relations" and remark.pred in {conventions.SUBJECT, conventions.OBJECT}:
                continue
            value = None if remark.obj is True else text_of(remark.obj)
            pairs.append((remark.pred if remark.pred != "type" else attribute_key("type"), value))
            ids[remark.pred.removeprefix("attribute:"), value] = remark.id
        for key, value in put_said(layer, one, pairs):
            self.draft.lose(f"attributes of {layer}", f"{one.get('id', layer)} {key}={value}")
        for part in one.get("attributes") or ():
            wanted = ids.get((part["name"], part.get("value")))
            if wanted and wanted not in self.draft.taken:
                self.draft.taken.add(wanted)
                part["id"] = wanted

    def _notes(self, names: dict[str, str]) -> None:
        """What is left over: notes, and attributes of nothing."""
        for subj, left in self.remarks.items():
            for remark in left:
                head, _, kind = remark.pred.partition(":")
                if head == conventions.NOTE and (subj in self.names or subj in names):
                    content = (subj, remark.pred, text_of(remark.obj))
                    note = {"id": self.draft.new_id("notes", remark.id, remark.at, *content)}
                    note |= {"type": kind} if kind else {}
                    self._add("notes", note | {"ref": self._ref(subj, names), "text": text_of(remark.obj)}, remark.at)
                else:
                    message = f"attribute '{remark.pred}' is of '{subj}', which is nothing that can carry it: left out"
                    self.draft.error(DANGLING, remark.at, message, remark.id)

    def _add(self, layer: str, one: dict[str, Any], at: str) -> None:
        one["prov"] = self.prov
        self.draft.add(layer, one, at)

    def _provenance(self) -> None:
        """A record for the project, if it says anything."""
        name = self.prov
        said = self.marks or self.links or any(self.track.get(key) == [] for key in ("denotations", "relations"))
        known = {record["id"] for record in self.draft.layers.get("provenance", ())}
        if (said or self.project) and name not in known:
            made = by_unknown("PubAnnotation") | {"id": name}
            self.draft.add("provenance", made | ({"agent": name} if self.project else {}), None)
