"""Lines of brat and the text they stand on, as one article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Article, Imported, Place
from corpus_tool.formats.brat.lines import (
    Equivalence,
    Event,
    Filler,
    Fragment,
    Line,
    Normalization,
    Property,
    Relation,
    Remark,
    TextBound,
    Unreadable,
)

if TYPE_CHECKING:
    from corpus_tool.inventory import Inventory

PROVENANCE = {"id": "brat", "agent": "unknown", "agent_type": "human", "role": "annotator", "tool": "brat"}
"""Who made what a brat file brings: it names nobody."""
IDENTITY = "identity"
UNREADABLE = ("IO009", "line-is-readable")
SURFACE = ("SPN304", "surface-matches-text")
DANGLING = ("REF402", "dangling-reference")
KIND = ("REF403", "reference-kind")
_LAYERS = {"relation": "relations", "event": "events"}
_Carrier = tuple[str, dict[str, Any]]
_BREAKS = str.maketrans("\n\r", "  ")


def flat(text: str) -> str:
    """The text on one line, as brat writes what a span covers: each line break character is a space."""
    return text.translate(_BREAKS)


@dataclass(slots=True)
class _Draft:
    """An article being read: layers in file order, where each part stands, and what was found."""

    path: str
    id: str
    text: str
    layers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    carriers: dict[str, _Carrier] = field(default_factory=dict)
    chains: dict[str, int] = field(default_factory=dict)

    def report(  # noqa: PLR0913
        self,
        rule: tuple[str, str],
        severity: Severity,
        place: Place,
        message: str,
        *,
        pointer: str = "",
        about: str | None = None,
    ) -> None:
        at = Location(self.path, *place, pointer=pointer, article=self.id, annotation=about)
        self.findings.append(Finding(*rule, severity, at, message))

    def add(self, layer: str, annotation: dict[str, Any], line: int) -> str:
        """Append to a layer; its pointer."""
        items = self.layers.setdefault(layer, [])
        pointer = f"/{layer}/{len(items)}"
        items.append(annotation)
        self.places[pointer] = (line, 1)
        if layer in ("entities", "relations", "events"):
            self.carriers.setdefault(annotation["id"], (pointer, annotation))
        return pointer


def read_article(path: str, article_id: str, text: str, lines: Sequence[Line], inventory: Inventory | None) -> Imported:
    """The article that these lines and this text make.

    What the article can show stays in it as it is (references to nothing, spans outside the text), for the rules to
    find. Findings are only what it cannot show. Without a single readable line there is no article.
    """
    draft = _Draft(path, article_id, text)
    for line in lines:
        _place(draft, line)
    for line in lines:
        _attach(draft, line)
    draft.findings.sort(key=lambda finding: finding.order)
    if lines and all(isinstance(line.content, Unreadable) for line in lines):
        return Imported(path, None, tuple(draft.findings))
    article = _article(draft, inventory)
    return Imported(path, article, tuple(draft.findings), draft.places)


def _article(draft: _Draft, inventory: Inventory | None) -> Article:
    present = {"entities"} | draft.layers.keys()
    if inventory is not None:
        present |= {layer for kind, layer in _LAYERS.items() if kind in inventory.labels}
        if declares_chains(inventory):
            present.add("coreference")
    order = [layer for layer in ("entities", "relations", "events", "coreference", "notes") if layer in present]
    return {
        "schema_version": "1.0",
        "id": draft.id,
        "text": draft.text,
        "text_sha256": sha256(draft.text.encode()).hexdigest(),
        **{layer: draft.layers.get(layer, []) for layer in order},
        "provenance": [dict(PROVENANCE)],
        "coverage": [{"layer": layer, "prov": PROVENANCE["id"], "status": "complete"} for layer in order],
    }


def declares_chains(inventory: Inventory) -> bool:
    """Whether chains were asked for: `Equiv` is allowed everywhere, so its bare presence says nothing."""
    return any(label.name != IDENTITY or label.arguments or label.symmetric for label in inventory.of("coreference"))


def _place(draft: _Draft, line: Line) -> None:
    match line.content:
        case Unreadable(reason, column):
            message = f"not a line of brat standoff, left out: {reason}"
            draft.report(UNREADABLE, Severity.ERROR, (line.number, column), message)
        case TextBound():
            _entity(draft, line.content, line.number)
        case Relation(name, kind, arguments):
            relation = {"id": name, "type": kind, "arguments": _arguments(arguments), "prov": PROVENANCE["id"]}
            _fill(draft, draft.add("relations", relation, line.number), arguments, line.number)
        case Event(name, kind, trigger, arguments):
            event = {"id": name, "type": kind, "trigger": trigger.ref, "arguments": _arguments(arguments)}
            pointer = draft.add("events", {**event, "prov": PROVENANCE["id"]}, line.number)
            draft.places[f"{pointer}/trigger"] = (line.number, trigger.column)
            _fill(draft, pointer, arguments, line.number)
        case Equivalence():
            _chain(draft, line.content, line.number)
        case Remark():
            _note(draft, line.content, line.number)
        case _:
            pass
    if line.surplus is not None:
        message = "a line of this kind ends here: the field after it is left out"
        draft.report(UNREADABLE, Severity.WARNING, (line.number, line.surplus), message)


def _arguments(fillers: tuple[Filler, ...]) -> list[dict[str, str]]:
    return [{"role": filler.role, "ref": filler.ref} for filler in fillers]


def _fill(draft: _Draft, pointer: str, fillers: tuple[Filler, ...], line: int) -> None:
    for number, filler in enumerate(fillers):
        draft.places[f"{pointer}/arguments/{number}"] = (line, filler.column)


def _entity(draft: _Draft, bound: TextBound, line: int) -> None:
    surface = _surface(draft.text, bound)
    spans = [
        {"start": fragment.start, "end": fragment.end, "text": text}
        for fragment, text in zip(bound.fragments, surface.texts, strict=True)
    ]
    entity = {"id": bound.id, "type": bound.type, "spans": spans, "prov": PROVENANCE["id"]}
    pointer = draft.add("entities", entity, line)
    for number, fragment in enumerate(bound.fragments):
        draft.places[f"{pointer}/spans/{number}"] = (line, fragment.column)
        draft.places[f"{pointer}/spans/{number}/text"] = (line, bound.column)
    if surface.problem is not None:
        severity, message = surface.problem
        place = (line, bound.column)
        draft.report(SURFACE, severity, place, message, pointer=pointer, about=bound.id)


@dataclass(frozen=True, slots=True)
class _Surface:
    """The text of each fragment, and what is wrong with the line that this does not show."""

    texts: tuple[str, ...]
    problem: tuple[Severity, str] | None = None


def _surface(text: str, bound: TextBound) -> _Surface:
    slices = tuple(_slice(text, fragment) for fragment in bound.fragments)
    written = bound.text.removesuffix("\r")
    known = tuple(piece for piece in slices if piece is not None)
    if len(known) == len(slices):
        joined = " ".join(known)
        if flat(joined) in (flat(written), flat(bound.text)):
            return _Surface(known)
        if flat("".join(known)) == flat(written):
            message = f"{bound.id} joins its fragments without a space; brat writes '{flat(joined)[:80]}'"
            return _Surface(known, (Severity.WARNING, message))
    pieces = tuple(_shares(written, bound.fragments))
    texts = tuple(
        here if here is not None and flat(here) == flat(piece) else piece
        for here, piece in zip(slices, pieces, strict=True)
    )
    if texts == slices:
        message = f"{bound.id} says '{written[:80]}', where brat writes '{flat(' '.join(texts))[:80]}'"
        return _Surface(texts, (Severity.ERROR, message))
    return _Surface(texts)


def _slice(text: str, fragment: Fragment) -> str | None:
    inside = 0 <= fragment.start <= fragment.end <= len(text)
    return text[fragment.start : fragment.end] if inside else None


def _shares(written: str, fragments: tuple[Fragment, ...]) -> Iterator[str]:
    """What each fragment has of the text that was written for all; the last one takes what is left."""
    at = 0
    for fragment in fragments[:-1]:
        length = max(0, fragment.end - fragment.start)
        yield written[at : at + length]
        at += length + 1
    yield written[at:]


def _chain(draft: _Draft, chain: Equivalence, line: int) -> None:
    kind = IDENTITY if chain.type == "Equiv" else chain.type
    members = [member.ref for member in chain.members]
    stem = ":".join(["C", *([] if kind == IDENTITY else [kind]), *members[:1]])
    draft.chains[stem] = draft.chains.get(stem, 0) + 1
    ordinal = f".{draft.chains[stem]}" if draft.chains[stem] > 1 else ""
    made = {"id": stem + ordinal, "type": kind, "mentions": members, "prov": PROVENANCE["id"]}
    pointer = draft.add("coreference", made, line)
    for number, member in enumerate(chain.members):
        draft.places[f"{pointer}/mentions/{number}"] = (line, member.column)


def _note(draft: _Draft, remark: Remark, line: int) -> None:
    ref = {} if remark.ref is None else {"ref": remark.ref}
    note = {"id": remark.id, "type": remark.type, **ref, "text": remark.text, "prov": PROVENANCE["id"]}
    draft.add("notes", {**note, "id_in_source": remark.id}, line)


def _attach(draft: _Draft, line: Line) -> None:
    """Attributes and links, once everything they can name is known."""
    content = line.content
    if not isinstance(content, Property | Normalization):
        return
    carrier = draft.carriers.get(content.ref)
    if carrier is None:
        message = f"{content.id} names {content.ref}, which is nothing that can carry it: the line is left out"
        draft.report(DANGLING, Severity.ERROR, (line.number, 1), message, about=content.id)
        return
    pointer = carrier[0]
    if isinstance(content, Property):
        made: dict[str, Any] = {"id": content.id, "name": content.name}
        _append(draft, carrier, "attributes", made | _given(value=content.value), line.number)
        return
    if not pointer.startswith("/entities/"):
        message = f"{content.id} links {content.ref}; only entities have links: the line is left out"
        place = (line.number, 1)
        draft.report(KIND, Severity.ERROR, place, message, pointer=pointer, about=content.id)
        return
    if content.type != "Reference":
        message = f"{content.id} is a '{content.type}'; it is kept as a Reference, the one kind brat has"
        draft.report(UNREADABLE, Severity.WARNING, (line.number, 1), message, pointer=pointer, about=content.id)
    link = {"db": content.db, "id": content.entry} | _given(text=content.text) | {"id_in_source": content.id}
    _append(draft, carrier, "links", link, line.number)


def _given(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


def _append(draft: _Draft, carrier: _Carrier, name: str, item: dict[str, Any], line: int) -> None:
    pointer, annotation = carrier
    items = annotation.setdefault(name, [])
    draft.places[f"{pointer}/{name}/{len(items)}"] = (line, 1)
    items.append(item)
