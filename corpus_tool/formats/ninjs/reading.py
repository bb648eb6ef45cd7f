"""One item as one article."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Article, Imported, Loss, Place
from corpus_tool.formats.hypertext.layout import as_annotations
from corpus_tool.formats.made import ContentIds, by_unknown
from corpus_tool.formats.ninjs.bodies import Body, Chosen, bodies, choose
from corpus_tool.formats.ninjs.labels import AXES, UNKNOWN, Labels, read_labels
from corpus_tool.formats.ninjs.metadata import PLAIN, entries, read_metadata
from corpus_tool.formats.ninjs.names import Item, modern

WRONG = ("IO019", "source-is-well-formed")
EITHER = ("IO020", "source-is-unambiguous")
EMPTY = ("TXT203", "empty-text")
_MAIN = frozenset({"main", "caption", "text", "lead"})
"""Roles of descriptions and headlines that are the first to be taken for the text."""
OWN_ID = "corpus-tool"
"""The role of the alternative id that is the article's."""
_READ = frozenset({
    *PLAIN, *AXES, "headlines", "bodies", "infoSources", "keywords", "digitalSourceType", "altIds", "standard",
})  # fmt: skip
Locate = Callable[[str], Place]


@dataclass(slots=True)
class _Draft:
    path: str
    id: str
    at: str
    """Pointer of the item in its file."""
    locate: Locate
    findings: list[Finding] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)

    def report(self, rule: tuple[str, str], severity: Severity, pointer: str, message: str, about: str = "") -> None:
        place = self.locate(self.at + pointer)
        where = Location(self.path, *place, pointer=about, article=self.id)
        self.findings.append(Finding(*rule, severity, where, message))

    def lose(self, what: str, count: int, example: object) -> None:
        self.losses.append(Loss(what, count, f"{self.id}: {example}"[:120]))


def read_item(value: Any, path: str, name: str, at: str, locate: Locate) -> Imported:
    """The article of one item; `at` is its pointer in the file, `name` the article's id unless the item has it."""
    draft = _Draft(path, name, at, locate)
    if not isinstance(value, dict):
        draft.report(WRONG, Severity.ERROR, "", "an item of ninjs is a JSON object")
        return Imported(path, None, tuple(draft.findings))
    item, spelt = modern(value)
    draft.id = _own_id(item) or name
    _check(draft, item, spelt)
    chosen = _text(draft, item, spelt)
    if chosen is None:
        return Imported(path, None, tuple(draft.findings), losses=tuple(draft.losses))
    article, places = _article(draft, item, spelt, chosen)
    return Imported(path, article, tuple(draft.findings), places, tuple(draft.losses))


def _own_id(item: Item) -> str | None:
    found = (one["value"] for _, one in entries(item, "altIds") if one.get("role") == OWN_ID)
    return next((value for value in found if isinstance(value, str) and value), None)


def _check(draft: _Draft, item: Item, spelt: Mapping[str, str]) -> None:
    for name in ("bodies", "altIds", *AXES):
        if item.get(name) is not None and not isinstance(item[name], list):
            draft.report(WRONG, Severity.ERROR, f"/{spelt[name]}", f"{spelt[name]} is no list: left out")
    if not isinstance(item.get("uri"), str):
        draft.report(EITHER, Severity.WARNING, "", "the item has no uri: ninjs asks for one")


def _text(draft: _Draft, item: Item, spelt: Mapping[str, str]) -> Chosen | None:
    """What the article's text is made of, and findings about what is not in it."""
    found = bodies(item.get("bodies"))
    chosen = choose(found)
    if chosen is not None:
        _tell_others(draft, chosen)
        return chosen
    for body in found:
        draft.lose("bodies in markup that is neither HTML nor NITF", 1, body.role or body.at)
    for name, what in (("descriptions", "description"), ("headlines", "headline")):
        # Unlike bodies, these are not the same words in several forms: one of them is taken.
        listed = sorted(bodies(item.get(name), name), key=lambda each: each.role not in _MAIN)
        chosen = choose(listed[:1])
        if chosen is not None:
            message = f"the item has no body that can be read: its {what} is taken for the text"
            draft.report(EITHER, Severity.WARNING, f"/{spelt[name]}", message, "/text")
            if name == "descriptions":
                _count_other_descriptions(draft, item, chosen)
            return chosen
    kind = item.get("type") or "item"
    draft.report(EMPTY, Severity.ERROR, "", f"no text: the {kind} has no body, no description and no headline")
    return None


def _count_other_descriptions(draft: _Draft, item: Item, chosen: Chosen) -> None:
    others = len(bodies(item["descriptions"])) - 1
    if others:
        draft.lose("descriptions", others, f"beside '{chosen.text.value[:40]}'")


def _tell_others(draft: _Draft, chosen: Chosen) -> None:
    if chosen.layout.missing and chosen.markup is not None:
        number, example = len(chosen.layout.missing), chosen.layout.missing[0].text[:60]
        called = chosen.markup.role or chosen.markup.kind
        message = f"the body '{called}' has {number} blocks that the plain text has not, such as '{example}'"
        draft.report(EITHER, Severity.WARNING, chosen.markup.at, f"{message}: they are left out", "/text")
        draft.lose("blocks of bodies beside the plain text", number, example)
    for body in chosen.unused:
        draft.lose("bodies beside the one that is the text", 1, body.role or body.kind)
        if chosen.markup is None and body.kind != "other" and body is _first_markup(chosen):
            message = f"the body '{body.role or body.kind}' says something else than the plain text: left out"
            draft.report(EITHER, Severity.WARNING, body.at, message, "/text")
    if chosen.annotated:
        draft.lose("words that NITF annotates (person, org, location and others)", chosen.annotated, chosen.text.role)


def _first_markup(chosen: Chosen) -> Body | None:
    return next((body for body in chosen.unused if body.kind in {"nitf", "xhtml"}), None)


def _article(
    draft: _Draft, item: Item, spelt: Mapping[str, str], chosen: Chosen
) -> tuple[Article, dict[str, Place]]:  # fmt: skip
    metadata, problems, lost = read_metadata(item)
    for name, message in problems:
        pointer = f"/{spelt[name]}" if name in spelt else ""
        draft.report(WRONG, Severity.WARNING, pointer, f"{message}: left out of the metadata", f"/metadata/{name}")
    labels = read_labels(item, spelt)
    lost |= labels.lost
    for what, count in lost.items():
        draft.lose(what, count, what.partition(": ")[0])
    told = "descriptions" if chosen.text.at.startswith("/description") else "bodies"
    for name in sorted(item.keys() - _READ - {told}):
        if not (name == "type" and item[name] == "text") and item[name] not in (None, "", [], {}):
            draft.lose(f"property {spelt[name]}", 1, str(item[name]))
    text = chosen.layout.text
    places = {"/text": draft.locate(draft.at + chosen.text.at)}
    places |= {f"/metadata/{name}": draft.locate(f"{draft.at}/{spelt.get(name, '')}") for name in metadata}
    places |= {f"/labels/{number}": draft.locate(draft.at + where) for number, where in enumerate(labels.pointers)}
    article: Article = {
        "schema_version": "1.0", "id": draft.id, "text": text,
        "text_sha256": sha256(text.encode()).hexdigest(),
        "metadata": metadata,
    }  # fmt: skip
    if chosen.markup is not None:
        article["passages"] = as_annotations(chosen.layout, ContentIds(), UNKNOWN)
        here = draft.locate(draft.at + chosen.markup.at)
        places |= {f"/passages/{number}": here for number in range(len(article["passages"]))}
    if labels.annotated:
        article["labels"] = labels.found
    article["provenance"] = list(_provenance(labels))
    return article, places


def _provenance(labels: Labels) -> Iterator[dict[str, Any]]:
    """Who made what: nobody is named but the creators of subjects, of whom ninjs says no more than a name."""
    yield by_unknown("ninjs")
    for agent, name in labels.creators.items():
        kind = "rule" if agent.casefold() in {"system", "auto", "automatic"} else "human"
        yield {"id": name, "agent": agent, "agent_type": kind, "role": "annotator", "tool": "ninjs"}
