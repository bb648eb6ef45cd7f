"""Bytes of a file as an article: decoded, its parts found, what it says of itself as metadata."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Article, Imported, Place
from corpus_tool.formats.article.envelope import Envelope, unwrap
from corpus_tool.formats.article.front_matter import FrontMatter, read_front_matter
from corpus_tool.formats.article.passages import read_passages
from corpus_tool.formats.article.readings import Passage, Reading
from corpus_tool.formats.metadata import in_order, is_valid, uri
from corpus_tool.refusals import wide_encoding

PROVENANCE = "A1"


def read_article(data: bytes, path: str, article_id: str) -> Imported:
    """The article of a file's bytes; its text is these bytes decoded, and nothing else.

    Front matter that the exporter put there is not of the text: see `envelope`.
    """
    encoding = wide_encoding(data)
    if encoding:
        message = f"the file is {encoding}, not UTF-8: convert it, for example with iconv"
        return refused(Location(path, 1, 1, article=article_id), "IO001", "text-is-utf8", message)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        at = Location(path, *Lines(data[: error.start].decode()).place(None), article=article_id)
        message = f"the file is not UTF-8: byte {error.start} is 0x{data[error.start]:02x} ({error.reason})"
        return refused(at, "IO001", "text-is-utf8", message)
    if not text.replace("\ufeff", "").strip():
        at = Location(path, 1, 1, article=article_id)
        return refused(at, "TXT203", "empty-text", "the text is empty or only white space")
    envelope = unwrap(text)
    if envelope is None:
        return _Reader(text, path, article_id, Lines(text)).imported(None)
    name = envelope.id or article_id
    return _Reader(text[envelope.start :], path, name, Lines(text), envelope.start).imported(envelope)


def refused(at: Location, code: str, name: str, message: str) -> Imported:
    """No article, and why."""
    return Imported(at.path, None, (Finding(code, name, Severity.ERROR, at, message),))


class Lines:
    """Offsets of a text to lines and columns."""

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, offset: int | None) -> Place:
        """The place of an offset; None is the end of the text."""
        at = self._length if offset is None else offset
        line = bisect_right(self._starts, at)
        return line, at - self._starts[line - 1] + 1


@dataclass(slots=True)
class _Reader:
    """`start` is where in the file the text begins: behind front matter that is no part of it."""

    text: str
    path: str
    article_id: str
    lines: Lines
    start: int = 0

    def imported(self, envelope: Envelope | None) -> Imported:
        front = read_front_matter(self.text)
        own = {} if envelope is None else envelope.metadata
        titles = own.get("headlines") or front.metadata.get("headlines")
        reading = read_passages(self.text, front.body, _first_value(titles))
        metadata, problems = _metadata(front, reading)
        if envelope is not None:
            # What is written there is all that was known: what the text seems to say adds nothing.
            metadata, problems = _kept(envelope.metadata)
        findings = [
            self._finding(f"front matter: {problem.message}", problem.offset, problem.field)
            for problem in front.problems
        ]
        findings += [self._finding(message, offset, name) for message, offset, name in problems]
        article = draft(self.article_id, self.text, metadata, reading.passages)
        if envelope is not None and envelope.split is not None:
            article["split"] = envelope.split
        places = {f"/passages/{number}": self._place(passage.start) for number, passage in enumerate(reading.passages)}
        return Imported(self.path, article, tuple(findings), places)

    def _place(self, offset: int) -> Place:
        return self.lines.place(self.start + offset)

    def _finding(self, message: str, offset: int, name: str | None) -> Finding:
        pointer = f"/metadata/{name}" if name else ""
        location = Location(self.path, *self._place(offset), pointer=pointer, article=self.article_id)
        return Finding("IO008", "front-matter-is-usable", Severity.WARNING, location, message)


def _first_value(headlines: Any) -> str | None:
    first = headlines[0] if isinstance(headlines, list) and headlines else None
    return str(first["value"]) if isinstance(first, dict) and "value" in first else None


def _kept(metadata: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[str, int, str]]]:
    bad = [name for name, value in metadata.items() if not is_valid(name, value)]
    problems = [(f"'{str(metadata[name])[:80]}' is no valid {name}: left out of the metadata", 0, name) for name in bad]
    return in_order({name: value for name, value in metadata.items() if name not in bad}), problems


def draft(article_id: str, text: str, metadata: dict[str, Any], passages: Sequence[Passage]) -> Article:
    """An article with its passages, found by rules."""
    maker = {"agent": "corpus-tool", "agent_type": "rule", "role": "annotator", "tool": "article"}
    return {
        "schema_version": "1.0",
        "id": article_id,
        "text": text,
        "text_sha256": sha256(text.encode()).hexdigest(),
        "metadata": metadata,
        "passages": _as_annotations(text, passages),
        "provenance": [{"id": PROVENANCE, **maker}],
        "coverage": [{"layer": "passages", "prov": PROVENANCE, "status": "complete"}],
    }


def _as_annotations(text: str, passages: Sequence[Passage]) -> list[dict[str, Any]]:
    """Passages with ids made of type and text, so that an insertion renames nothing else."""
    out = []
    equals: Counter[str] = Counter()
    for passage in passages:
        content = text[passage.start : passage.end]
        digest = sha256(f"{passage.type}\n{content}".encode()).hexdigest()[:8]
        name = f"{passage.type}:{digest}"
        equals[name] += 1
        span = {"start": passage.start, "end": passage.end, "text": content}
        ordinal = f":{equals[name]}" if equals[name] > 1 else ""
        out.append({"id": name + ordinal, "type": passage.type, "spans": [span], "prov": PROVENANCE})
    return out


def _metadata(front: FrontMatter, reading: Reading) -> tuple[dict[str, Any], list[tuple[str, int, str]]]:
    """What front matter and text say, as far as the schema takes it; of the rest message, offset and name."""
    said = {
        "uri": reading.url,
        "headlines": [{"role": "main", "value": reading.headline}] if reading.headline else None,
        "by": reading.by,
        "located": reading.place,
        "contentCreated": reading.date,
        "infoSources": [{"name": name} for name in reading.sources] or None,
    }
    values = {**{name: value for name, value in said.items() if value}, **front.metadata}
    if "uri" in values:
        values["uri"] = uri(values["uri"])
    problems = []
    for name in list(values):
        if not is_valid(name, values[name]):
            offset = front.offsets.get(name, reading.url_at or front.body)
            problems.append(
                (f"'{str(values.pop(name))[:80]}' is no valid {name}: left out of the metadata", offset, name)
            )
    return in_order(values), problems
