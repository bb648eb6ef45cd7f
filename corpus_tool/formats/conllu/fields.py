"""What is said of a mention, in the fields that `# global.Entity` declares."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus_tool.formats.conllu.brackets import MARK, Placed
from corpus_tool.formats.conllu.chains import IDENTITY, LISTED
from corpus_tool.formats.conllu.entities import WIKIFIED, derived_id, nodes_of
from corpus_tool.formats.conllu.escapes import encoded
from corpus_tool.formats.conllu.mentions import (
    DEFAULT_FIELDS,
    ID_FIELDS,
    IDENTITY_FIELD,
    INNER,
    OWN_FIELDS,
    TYPE_FIELDS,
    UNTYPED,
    fields_of,
    unsafe_in,
)
from corpus_tool.formats.conllu.naming import Names
from corpus_tool.formats.conllu.nodes import Node, head_of
from corpus_tool.formats.conllu.records import record

if TYPE_CHECKING:
    from corpus_tool.formats.conllu.layout import Laid
    from corpus_tool.formats.tally import Tally

Annotation = Mapping[str, Any]


@dataclass(slots=True)
class Fields:
    """Fields of the mentions of an article: `header` names them, `said` is each mention's bracket."""

    header: str
    said: list[str] = field(default_factory=list)


@dataclass(slots=True)
class FieldWriter:
    """Writes what is said of the mentions of one article."""

    article: Annotation
    sentences: Sequence[Laid]
    placed: Sequence[Placed]
    tally: Tally
    maker: str | None
    """Who made all entities, where that is one: it is said elsewhere."""
    notes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    nodes: list[list[Node]] = field(init=False)

    def __post_init__(self) -> None:
        self.nodes = [one.nodes for one in self.sentences]

    def write(self, declared: str | None) -> Fields:
        """The fields, those that an earlier header declares and those that are needed besides."""
        names = list(fields_of(declared or DEFAULT_FIELDS))
        if not set(names) & set(ID_FIELDS):
            names = list(fields_of(DEFAULT_FIELDS))
        own = [self._own(one) for one in self.placed]
        named = all(self._derived(one, made) for one, made in zip(self.placed, self._names(), strict=True))
        for one, values in zip(self.placed, own, strict=True):
            if named or one.chain is None:
                del values["id"]
        rest = [self._rest(one, names) for one in self.placed]
        used = {name for values in own for name in values} | {name for plain, _ in rest for name in plain}
        needed = [name for name in OWN_FIELDS if name in used]
        if any(attributes for _, attributes in rest) and "other" not in names:
            names.append("other")
        at = names.index("other") if names[-1] == "other" else len(names)
        names[at:at] = [name for name in needed if name not in names]
        fields = Fields("-".join(names))
        for one, values, (plain, other) in zip(self.placed, own, rest, strict=True):
            fields.said.append(self._bracket(one, names, {**plain, **values}, other))
        return fields

    def _names(self) -> list[str]:
        names = Names(self.article["id"])
        shorts = [one.short for one in self.sentences]
        sizes = Counter(one.chain["id"] for one in self.placed if one.chain is not None)
        return [
            names.other(derived_id(one.pieces, shorts)) if one.chain is not None and sizes[one.chain["id"]] > 1 else ""
            for one in self.placed
        ]

    @staticmethod
    def _derived(one: Placed, made: str) -> bool:
        """Whether the id is the one that a reader gives where the file has none."""
        return one.entity["id"] == made if made else one.chain is None

    def _own(self, one: Placed) -> dict[str, str]:
        entity, chain = one.entity, one.chain
        values = {"id": entity["id"]}
        if entity.get("prov") and entity["prov"] != self.maker:
            values["prov"] = entity["prov"]
        if entity.get("confidence") is not None:
            values["confidence"] = repr(float(entity["confidence"]))
        if self.notes.get(entity["id"]):
            values["notes"] = ";".join(encoded(text, LISTED) for text in self.notes[entity["id"]])
        if chain is not None:
            kind = chain.get("type") or IDENTITY
            if kind != IDENTITY:
                values["chain"] = kind
        if one.more:
            values["chains"] = ";".join(_named(each) for each in one.more)
        best = [each["id"] for each in (chain, *one.more) if each and each.get("representative") == entity["id"]]
        if best:
            values["representative"] = ";".join(encoded(name, LISTED) for name in best)
        return values

    def _rest(self, one: Placed, names: Sequence[str]) -> tuple[dict[str, str], list[tuple[str, str | None]]]:
        """Fields of the header, and attributes that it has none for."""
        plain: dict[str, str] = {}
        other: list[tuple[str, str | None]] = []
        for attribute in one.entity.get("attributes") or ():
            name, value = attribute["name"], attribute.get("value")
            if name == "words":
                continue
            if name in names and name not in plain and value and name not in {"other", *OWN_FIELDS}:
                plain[name] = value
            else:
                other.append((name, value))
        links = [(link["db"], link["id"]) for link in one.entity.get("links") or ()]
        for number, (db, name) in enumerate(links):
            if db == WIKIFIED and IDENTITY_FIELD in names and IDENTITY_FIELD not in plain:
                plain[IDENTITY_FIELD] = name
                del links[number]
                break
        if links:
            plain["links"] = ";".join(f"{encoded(db, LISTED)}:{encoded(name, LISTED)}" for db, name in links)
        for link in one.entity.get("links") or ():
            if link.get("text") or link.get("confidence") is not None:
                self.tally.add("texts and confidence of links", f"{self.article['id']}: {link['id']}")
        return plain, other

    def _bracket(
        self, one: Placed, names: Sequence[str], values: Mapping[str, str], other: Sequence[tuple[str, str | None]]
    ) -> str:
        cells: list[str] = []
        for name in names:
            unsafe = unsafe_in(name, names)
            if name in ID_FIELDS:
                cells.append(MARK)
            elif name in TYPE_FIELDS:
                kind = one.entity["type"]
                cells.append("" if kind == UNTYPED else encoded(kind, INNER))
            elif name == "other":
                cells.append(_attributes(other, unsafe))
            elif name == "head" and not values.get(name):
                cells.append(str(head_of(nodes_of(one.pieces, self.nodes))))
            else:
                cells.append(encoded(values.get(name, ""), unsafe))
        while cells[-1] == "":
            cells.pop()
        return "-".join(cells)


def _named(chain: Annotation) -> str:
    """A chain by its id, and its type where that has to be said."""
    kind = chain.get("type") or IDENTITY
    name = encoded(chain["id"], LISTED)
    return name if kind == IDENTITY else f"{name}:{encoded(kind, LISTED)}"


def _attributes(attributes: Sequence[tuple[str, str | None]], unsafe: str) -> str:
    parts = []
    for name, value in attributes:
        pair = record([(name, value or "")], unsafe)
        parts.append(pair if value is not None else pair.removesuffix(":"))
    return ",".join(parts)
