"""Seeded synthetic corpora in the article format: large, valid throughout, no two articles alike.

Article `i` of a seed depends on nothing but the seed and `i`, so that any part of a corpus can be made apart.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import orjson

from benchmarks.words import LATIN, NON_ASCII, Vocabulary, vocabulary

_T = TypeVar("_T")

SEED = 11
NON_ASCII_SHARE = 0.3
RELATIONS = 15
CHAINS = 5
PROVENANCE = "A1"
SUBJECTS = ("politics", "economy", "courts", "culture", "science", "sport", "weather", "transport")

# 60 entities an article: the byline brings one, `nested` two, every other one.
MENTIONS = (
    *("PER",) * 14, *("ORG",) * 10, *("nested",) * 2, *("LOC",) * 12, *("DATE",) * 6,
    *("MONEY",) * 4, *("TITLE",) * 4, *("ACT",) * 4, "split",
)  # fmt: skip

RELATION_TYPES = {
    "EmployedBy": (("Employee", "PER"), ("Employer", "ORG")),
    "BasedIn": (("Body", "ORG"), ("Place", "LOC")),
    "BornIn": (("Person", "PER"), ("Place", "LOC")),
    "HoldsOffice": (("Holder", "PER"), ("Office", "TITLE")),
}
EVENT_TYPES = {
    "Meeting": (("Host", "ORG"), ("Guest", "PER")),
    "Purchase": (("Buyer", "ORG"), ("Price", "MONEY")),
    "Arrest": (("Agent", "ORG"), ("Suspect", "PER")),
    "Journey": (("Traveller", "PER"), ("Goal", "LOC"), ("Time", "DATE")),
}


def inventory() -> dict[str, Any]:
    """The labels that the articles use, as `inventory-1`."""
    entities: list[dict[str, Any]] = [
        {"name": name, "tag": True} for name in ("PER", "ORG", "LOC", "DATE", "MONEY", "TITLE")
    ]
    return {
        "inventory": "1.0",
        "name": "benchmark",
        "entity": [*entities, {"name": "ACT", "trigger": True}],
        "relation": [{"name": name, "arguments": _licences(roles)} for name, roles in RELATION_TYPES.items()],
        "event": [
            {"name": name, "triggers": ["ACT"], "arguments": _licences(roles)} for name, roles in EVENT_TYPES.items()
        ],
        "attribute": [{"name": "generic", "kinds": ["entity"], "values": ["true", "false"]}],
        "axis": [{"name": "subject", "values": list(SUBJECTS), "exclusive": True, "required": True}],
        "overlap": [{"inner": ["LOC"], "outer": ["ORG"], "how": ["nested"]}],
    }


def _licences(roles: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    return [{"role": role, "types": [label], "min": 1, "max": 1} for role, label in roles]


@dataclass(frozen=True, slots=True)
class Member:
    """Someone or something an article names again and again: its full name, a short one, perhaps a link."""

    label: str
    name: tuple[str, ...]
    short: str
    link: str | None


@dataclass(slots=True)
class Draft:
    """An article being written: text so far, and what was annotated in it."""

    rng: Random
    words: Vocabulary
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    entities: list[dict[str, Any]] = field(default_factory=list)
    passages: list[dict[str, Any]] = field(default_factory=list)
    ids: dict[str, list[str]] = field(default_factory=dict)
    chains: dict[Member, list[str]] = field(default_factory=dict)
    sentence_starts: bool = True

    def pick(self, choices: tuple[_T, ...]) -> _T:
        return choices[int(self.rng.random() * len(choices))]

    def write(self, text: str) -> dict[str, Any]:
        """Append, and return the span of what was appended."""
        start = self.length
        self.pieces.append(text)
        self.length += len(text)
        return {"start": start, "end": self.length, "text": text}

    def filler(self, least: int, most: int) -> None:
        """Common words, with a space after each."""
        count = least + int(self.rng.random() * (most - least + 1))
        text = " ".join(self.rng.choices(self.words.common, cum_weights=self.words.weights, k=count)) + " "
        self.write(text[0].upper() + text[1:] if self.sentence_starts else text)
        self.sentence_starts = False

    def annotate(self, label: str, spans: list[dict[str, Any]], member: Member | None = None) -> None:
        identifier = f"T{len(self.entities) + 1}"
        entity: dict[str, Any] = {"id": identifier, "type": label, "spans": spans}
        if member is not None:
            if member.link:
                entity["links"] = [{"db": "wikidata", "id": member.link}]
            self.chains.setdefault(member, []).append(identifier)
        if self.rng.random() < 0.1:
            entity["attributes"] = [{"name": "generic", "value": "true" if self.rng.random() < 0.2 else "false"}]
        entity["prov"] = PROVENANCE
        self.entities.append(entity)
        self.ids.setdefault(label, []).append(identifier)

    def end_passage(self, kind: str, start: int, *, full_stop: bool) -> None:
        """Close the passage begun at `start`: the space after its last word goes, a blank line follows it."""
        last = self.pieces[-1].rstrip(" ")
        self.length -= len(self.pieces[-1]) - len(last)
        self.pieces[-1] = last + "." * full_stop
        self.length += full_stop
        span = {"start": start, "end": self.length, "text": ""}
        self.passages.append({"id": f"P{len(self.passages) + 1}", "type": kind, "spans": [span], "prov": PROVENANCE})
        self.write("\n\n")
        self.sentence_starts = True


def article(index: int, seed: int = SEED) -> dict[str, Any]:
    """The article of that number, in the order of the schema's properties."""
    rng = Random(f"{seed}/{index}")
    script = NON_ASCII[int(rng.random() * len(NON_ASCII))] if rng.random() < NON_ASCII_SHARE else LATIN
    draft = Draft(rng, vocabulary(script))
    text = _compose(draft, _cast(draft))
    for passage in draft.passages:
        span = passage["spans"][0]
        span["text"] = text[span["start"] : span["end"]]
    return {
        "schema_version": "1.0",
        "id": f"bench-{seed}-{index:06d}",
        "text": text,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "metadata": _metadata(draft, index),
        "passages": draft.passages,
        "entities": draft.entities,
        "relations": _relations(draft),
        "events": _events(draft),
        "coreference": _coreference(draft),
        "labels": [{"axis": "subject", "value": draft.pick(SUBJECTS), "prov": PROVENANCE}],
        "provenance": [_annotator(draft)],
        "coverage": [
            {"layer": layer, "prov": PROVENANCE, "status": "complete"}
            for layer in ("passages", "entities", "relations", "events", "coreference", "labels")
        ],
    }


def articles(count: int, seed: int = SEED, start: int = 0) -> Iterator[dict[str, Any]]:
    """`count` articles, made one at a time."""
    return (article(index, seed) for index in range(start, start + count))


def _cast(draft: Draft) -> dict[str, tuple[Member, ...]]:
    words, pick = draft.words, draft.pick

    def link() -> str | None:
        return f"Q{int(draft.rng.random() * 10**8)}" if draft.rng.random() < 0.2 else None

    def person() -> Member:
        family = pick(words.family)
        return Member("PER", (pick(words.given), family), family, link())

    def body() -> Member:
        name = (pick(words.family), pick(words.bodies))
        return Member("ORG", name, name[0], link())

    def place() -> Member:
        name = pick(words.places)
        return Member("LOC", (name,), name, link())

    return {
        "PER": tuple(person() for _ in range(7)),
        "ORG": tuple(body() for _ in range(5)),
        "LOC": tuple(place() for _ in range(6)),
    }


def _compose(draft: Draft, cast: dict[str, tuple[Member, ...]]) -> str:
    """Headline, byline and paragraphs; every word of them belongs to exactly one passage."""
    plan = sorted(MENTIONS, key=lambda _: draft.rng.random())
    draft.filler(2, 4)
    _mention(draft, plan.pop(), cast)
    draft.filler(1, 3)
    draft.end_passage("headline", 0, full_stop=False)
    start = draft.length
    _mention(draft, "PER", cast)
    draft.end_passage("byline", start, full_stop=False)
    while plan:
        start = draft.length
        for left in range(4 + int(draft.rng.random() * 4), 0, -1):
            if not plan:
                break
            draft.filler(1, 2)
            _mention(draft, plan.pop(), cast)
            if left > 1 and plan and draft.rng.random() < 0.35:
                draft.filler(1, 2)
                _full_stop(draft)
        draft.filler(1, 2)
        draft.end_passage("paragraph", start, full_stop=True)
    draft.length -= len(draft.pieces.pop())
    return "".join(draft.pieces)


def _full_stop(draft: Draft) -> None:
    draft.pieces[-1] = draft.pieces[-1][:-1] + ". "
    draft.length += 1
    draft.sentence_starts = True


def _mention(draft: Draft, what: str, cast: dict[str, tuple[Member, ...]]) -> None:
    """Write what is named, annotate it, and write the space after it."""
    words, pick, write = draft.words, draft.pick, draft.write
    if what in cast:
        member = pick(cast[what])
        spans = [write(" ".join(member.name) if draft.rng.random() < 0.5 else member.short)]
        draft.annotate(what, spans, member)
    elif what == "nested":
        place = pick(cast["LOC"])
        inner = write(place.short)
        tail = write(" " + pick(words.bodies))
        outer = {"start": inner["start"], "end": tail["end"], "text": inner["text"] + tail["text"]}
        draft.annotate("ORG", [outer])
        draft.annotate("LOC", [inner], place)
    elif what == "split":
        member = pick(cast["PER"])
        first = write(member.name[0])
        write(" ")
        draft.filler(1, 2)
        draft.annotate("PER", [first, write(member.name[1])], member)
    else:
        draft.annotate(what, [write(_plain(draft, what))])
    write(" ")
    draft.sentence_starts = False


def _plain(draft: Draft, label: str) -> str:
    words, number = draft.words, draft.rng.random()
    if label == "DATE":
        return f"{1 + int(number * 28)} {draft.pick(words.months)}"
    if label == "MONEY":
        return f"{int(number * 10**6):,} {draft.pick(words.currencies)}"
    return draft.pick(words.titles if label == "TITLE" else words.acts)


def _relations(draft: Draft) -> list[dict[str, Any]]:
    kinds = tuple(RELATION_TYPES.items())
    chosen: dict[tuple[str, ...], list[dict[str, str]]] = {}
    while len(chosen) < RELATIONS:
        name, roles = draft.pick(kinds)
        arguments = _arguments(draft, roles)
        chosen[name, *(argument["ref"] for argument in arguments)] = arguments
    return [
        {"id": f"R{number}", "type": key[0], "arguments": arguments, "prov": PROVENANCE}
        for number, (key, arguments) in enumerate(chosen.items(), 1)
    ]


def _events(draft: Draft) -> list[dict[str, Any]]:
    kinds = tuple(EVENT_TYPES.items())
    events = []
    for number, trigger in enumerate(draft.ids["ACT"], 1):
        name, roles = draft.pick(kinds)
        arguments = _arguments(draft, roles)
        events.append(
            {"id": f"E{number}", "type": name, "trigger": trigger, "arguments": arguments, "prov": PROVENANCE}
        )
    return events


def _arguments(draft: Draft, roles: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"role": role, "ref": draft.pick(tuple(draft.ids[label]))} for role, label in roles]


def _coreference(draft: Draft) -> list[dict[str, Any]]:
    chains = [mentions for mentions in draft.chains.values() if len(mentions) > 1][:CHAINS]
    return [
        {"id": f"C{n}", "type": "identity", "mentions": mentions, "representative": mentions[0], "prov": PROVENANCE}
        for n, mentions in enumerate(chains, 1)
    ]


def _metadata(draft: Draft, index: int) -> dict[str, Any]:
    headline, byline = (passage["spans"][0]["text"] for passage in draft.passages[:2])
    day = f"20{18 + int(draft.rng.random() * 6)}-{1 + index % 12:02d}-{1 + index % 28:02d}"
    return {
        "uri": f"https://example.org/news/{day}/{index:06d}",
        "language": draft.words.language,
        "headlines": [{"role": "main", "value": headline}],
        "by": byline,
        "located": draft.pick(draft.words.places),
        "firstCreated": f"{day}T06:00:00Z",
        "contentCreated": day,
        "versionCreated": f"{day}T07:{index % 60:02d}:00Z",
        "pubStatus": "usable",
        "copyrightHolder": "Benchmark corpus",
        "usageTerms": "CC0-1.0",
        "infoSources": [{"name": draft.pick(draft.words.bodies), "role": "originator"}],
    }


def _annotator(draft: Draft) -> dict[str, Any]:
    return {
        "id": PROVENANCE,
        "agent": f"annotator-{1 + int(draft.rng.random() * 8):02d}",
        "agent_type": "human",
        "role": "annotator",
        "created": "2024-05-01T09:00:00Z",
        "guideline_version": "1.0",
    }


def write_jsonl(path: Path, source: Iterable[dict[str, Any]]) -> None:
    """One article a line; the file has its name only once it is whole."""
    part = path.with_name(path.name + ".part")
    with part.open("wb", buffering=1 << 20) as file:
        for item in source:
            file.write(orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE))
    part.replace(path)


def write_directory(path: Path, source: Iterable[dict[str, Any]]) -> None:
    """One indented file an article, a hundred of them a folder; the directory has its name only once it is whole."""
    part = path.with_name(path.name + ".part")
    for number, item in enumerate(source):
        folder = part / f"{number // 100:03d}"
        if number % 100 == 0:
            folder.mkdir(parents=True, exist_ok=True)
        data = orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_INDENT_2)
        (folder / f"{item['id']}.json").write_bytes(data)
    part.replace(path)


def write_inventory(path: Path) -> None:
    """The inventory as an indented `inventory-1` file."""
    path.write_bytes(orjson.dumps(inventory(), option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_INDENT_2))


def main(arguments: list[str] | None = None) -> None:
    """Write `articles.jsonl`, `inventory.json` and, where asked for, `files/` into a directory."""
    parser = argparse.ArgumentParser(prog="benchmarks.generate", description=main.__doc__)
    parser.add_argument("output", type=Path, help="directory, made if need be")
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--files", type=int, default=0, help="also this many articles as indented .json files")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(arguments)
    options.output.mkdir(parents=True, exist_ok=True)
    write_inventory(options.output / "inventory.json")
    if options.articles:
        write_jsonl(options.output / "articles.jsonl", articles(options.articles, options.seed))
    if options.files:
        write_directory(options.output / "files", articles(options.files, options.seed))


if __name__ == "__main__":
    main()
