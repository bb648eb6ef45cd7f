"""What a format can hold of an article, aspect by aspect: declared by each format, counted in each conversion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corpus_tool.formats import Article, Fidelity, Kept, Loss
from corpus_tool.formats.made import NOBODY

Key = tuple[Any, ...]
"""What an annotation is, without its id: layer, type, and where it stands."""
Item = tuple[str, Any]
"""Something of an aspect: how it is called in messages, and what has to be the same after a round trip."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """A part of articles that a format keeps or loses as a whole."""

    title: str
    items: Callable[[Seen], Iterable[Item]]


class Seen:
    """An article, with what its ids stand for."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.keys: dict[str, Key] = {}
        for layer in ("tokens", "entities", "quotations", "passages", "sentences"):
            for one in self.layer(layer):
                self.keys[one["id"]] = (layer, one.get("type"), spans_of(one))
        for word in self.layer("words"):
            token = self.keys.get(word.get("token") or "", ())
            self.keys[word["id"]] = ("words", word["form"], token)
        for event in self.layer("events"):
            self.keys[event["id"]] = ("events", event.get("type"), self.key(event.get("trigger")))
        for relation in self.layer("relations"):
            self.keys[relation["id"]] = ("relations", relation.get("type"), self.arguments(relation))
        for chain in self.layer("coreference"):
            mentions = tuple(sorted((self.key(name) for name in chain["mentions"]), key=repr))
            self.keys[chain["id"]] = ("coreference", chain.get("type"), mentions)
        for label in self.layer("labels"):
            if label.get("id"):
                self.keys[label["id"]] = ("labels", label["axis"], label["value"])

    def layer(self, name: str) -> list[dict[str, Any]]:
        return list(self.article.get(name) or ())

    def key(self, name: str | None) -> Key:
        return self.keys.get(name or "", (name,))

    def arguments(self, one: Mapping[str, Any]) -> Key:
        found = ((part["role"], self.key(part["ref"])) for part in one.get("arguments") or ())
        return tuple(sorted(found, key=repr))

    def annotations(self) -> Iterator[tuple[str, dict[str, Any], Key]]:
        """Every annotation that has an id, its layer and its key."""
        for layer in ANNOTATED:
            for one in self.layer(layer):
                if one.get("id"):
                    yield layer, one, self.key(one["id"])


ANNOTATED = (
    "passages", "sentences", "tokens", "words", "entities", "relations", "events", "quotations", "coreference",
    "labels",
)  # fmt: skip


def spans_of(one: Mapping[str, Any]) -> tuple[tuple[int, int], ...]:
    return tuple((span["start"], span["end"]) for span in one.get("spans") or ())


def _called(one: Mapping[str, Any]) -> str:
    """How an annotation is called in a message."""
    words = " … ".join(span["text"] for span in one.get("spans") or ())
    named = " ".join(str(part) for part in (one.get("id"), one.get("type")) if part)
    return f"{named} '{words[:60]}'" if words else named


def _of_layer(name: str) -> Callable[[Seen], Iterator[Item]]:
    def items(seen: Seen) -> Iterator[Item]:
        for one in seen.layer(name):
            yield _called(one), seen.key(one.get("id"))

    return items


def _entities(seen: Seen) -> Iterator[Item]:
    crossed = {one["id"] for one in _overlapping(seen)}
    for one in seen.layer("entities"):
        if len(one["spans"]) == 1 and one["id"] not in crossed:
            yield _called(one), seen.key(one["id"])


def _fragments(seen: Seen) -> Iterator[Item]:
    for one in seen.layer("entities"):
        if len(one["spans"]) > 1:
            yield _called(one), seen.key(one["id"])


def _overlaps(seen: Seen) -> Iterator[Item]:
    for one in _overlapping(seen):
        yield _called(one), seen.key(one["id"])


def _overlapping(seen: Seen) -> list[dict[str, Any]]:
    """Entities of one piece that share characters with another of one piece."""
    whole = sorted(
        ((one["spans"][0]["start"], -one["spans"][0]["end"], number, one)
         for number, one in enumerate(seen.layer("entities")) if len(one["spans"]) == 1),
    )  # fmt: skip
    found: dict[str, dict[str, Any]] = {}
    reach, last = -1, None
    for start, end, _, one in whole:
        if last is not None and start < reach:
            found[last["id"]] = last
            found[one["id"]] = one
        if -end > reach:
            reach, last = -end, one
    return list(found.values())


def _words(seen: Seen) -> Iterator[Item]:
    for one in seen.layer("words"):
        feats = tuple((part["name"], part.get("value")) for part in one.get("feats") or ())
        said = tuple(one.get(name) for name in ("form", "lemma", "upos", "xpos", "deprel"))
        yield one["form"], (said, feats, seen.key(one.get("token")), seen.key(one.get("head")))


def _quotations(seen: Seen) -> Iterator[Item]:
    for one in seen.layer("quotations"):
        cue = tuple(sorted((seen.key(name) for name in one.get("cue") or ()), key=repr))
        yield _called(one), (seen.key(one["id"]), seen.key(one.get("speaker")), cue)


def _events(seen: Seen) -> Iterator[Item]:
    for one in seen.layer("events"):
        yield _called(one), (seen.key(one["id"]), seen.arguments(one))


def _labels(seen: Seen) -> Iterator[Item]:
    for one in seen.layer("labels"):
        yield f"{one['axis']}={one['value']}", (one["axis"], one["value"])


def _notes(seen: Seen) -> Iterator[Item]:
    for one in seen.layer("notes"):
        yield f"{one['id']} '{one['text'][:60]}'", (one["text"], seen.key(one.get("ref")))


def _attributes(seen: Seen) -> Iterator[Item]:
    for layer, one, key in seen.annotations():
        for part in one.get("attributes") or ():
            yield f"{part['name']}={part.get('value')} of {_called(one)}", (layer, key, part["name"], part.get("value"))


def _links(seen: Seen) -> Iterator[Item]:
    for one in seen.layer("entities"):
        for part in one.get("links") or ():
            yield f"{part['db']}:{part['id']} of {_called(one)}", (seen.key(one["id"]), part["db"], part["id"])


def _confidence(seen: Seen) -> Iterator[Item]:
    for _, one, key in seen.annotations():
        if one.get("confidence") is not None:
            yield f"{one['confidence']} of {_called(one)}", (key, one["confidence"])


def _provenance(seen: Seen) -> Iterator[Item]:
    agents = {
        one["id"]: (one["agent"], one["agent_type"], one.get("role"), one.get("model_version"))
        for one in seen.layer("provenance")
    }
    for _, one, key in seen.annotations():
        made_by = agents.get(one.get("prov") or "")
        if made_by is not None and made_by[0] != NOBODY:  # whom importers name where a format names nobody
            yield f"{made_by[0]} of {_called(one)}", (key, made_by)


def _coverage(seen: Seen) -> Iterator[Item]:
    for one in seen.layer("coverage"):
        yield f"{one['layer']} {one['status']}", (one["layer"], one["status"], tuple(one.get("labels") or ()))


def _adjudication(seen: Seen) -> Iterator[Item]:
    for one in seen.layer("adjudication"):
        yield f"{one['layer']} {one['status']}", (one["layer"], one["status"])


def _metadata(seen: Seen) -> Iterator[Item]:
    for name, value in (seen.article.get("metadata") or {}).items():
        if value not in (None, []):
            yield name, (name, repr(value))


def _ids(seen: Seen) -> Iterator[Item]:
    for _, one, key in seen.annotations():
        yield one["id"], (one["id"], key)


def _empty(seen: Seen) -> Iterator[Item]:
    for name in ANNOTATED:
        if seen.article.get(name) == []:
            yield name, name


def _one(name: str) -> Callable[[Seen], Iterator[Item]]:
    def items(seen: Seen) -> Iterator[Item]:
        if seen.article.get(name) is not None:
            yield str(seen.article[name])[:60], seen.article[name]

    return items


ASPECTS: dict[str, Aspect] = {
    "id": Aspect("the id of the article", _one("id")),
    "text": Aspect("text", _one("text")),
    "metadata": Aspect("metadata", _metadata),
    "split": Aspect("split", _one("split")),
    "passages": Aspect("passages", _of_layer("passages")),
    "sentences": Aspect("sentences", _of_layer("sentences")),
    "tokens": Aspect("tokens", _of_layer("tokens")),
    "words": Aspect("words", _words),
    "entities": Aspect("entities", _entities),
    "fragments": Aspect("entities of several pieces", _fragments),
    "overlaps": Aspect("entities that overlap", _overlaps),
    "attributes": Aspect("attributes", _attributes),
    "links": Aspect("links", _links),
    "relations": Aspect("relations", _of_layer("relations")),
    "events": Aspect("events", _events),
    "quotations": Aspect("quotations", _quotations),
    "coreference": Aspect("coreference", _of_layer("coreference")),
    "labels": Aspect("labels of the article", _labels),
    "notes": Aspect("notes", _notes),
    "confidence": Aspect("confidence", _confidence),
    "provenance": Aspect("who made an annotation", _provenance),
    "coverage": Aspect("coverage", _coverage),
    "adjudication": Aspect("adjudication", _adjudication),
    "empty": Aspect("layers that were annotated and are empty", _empty),
    "ids": Aspect("ids of annotations", _ids),
}
"""In the order of the table that `corpus-tool formats NAME` prints."""


def declared(fidelity: Mapping[str, Fidelity], aspect: str) -> Fidelity:
    """What a format says of an aspect: what it does not name is lost."""
    return fidelity.get(aspect, Fidelity(Kept.NOT))


def items(article: Article) -> dict[str, Counter[Any]]:
    """What an article has of each aspect."""
    seen = Seen(article)
    return {name: Counter(value for _, value in aspect.items(seen)) for name, aspect in ASPECTS.items()}


class LostAspects:
    """Counts what articles have of the aspects that a format cannot hold at all."""

    def __init__(self, fidelity: Mapping[str, Fidelity]) -> None:
        self.lost = [name for name in ASPECTS if declared(fidelity, name).kept is Kept.NOT]
        self.counts: Counter[str] = Counter()
        self.examples: dict[str, str] = {}

    def add(self, article: Article) -> None:
        seen = Seen(article)
        for name in self.lost:
            found = [called for called, _ in ASPECTS[name].items(seen)]
            if found:
                self.counts[name] += len(found)
                self.examples.setdefault(name, f"{article['id']}: {found[0]}")

    def losses(self) -> Iterator[Loss]:
        for name in self.lost:
            if self.counts[name]:
                yield Loss(ASPECTS[name].title, self.counts[name], self.examples[name])
