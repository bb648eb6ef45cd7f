"""Articles as crawled, plain text or Markdown: one a file, kept verbatim, its parts found by rules."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from corpus_tool.errors import SourceError
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Article, Imported, Place, Source
from corpus_tool.formats.article.front_matter import FrontMatter, read_front_matter
from corpus_tool.formats.article.passages import read_passages
from corpus_tool.formats.article.readings import Passage, Reading
from corpus_tool.inventory import Inventory
from corpus_tool.resources import schema

_PROVENANCE = "A1"
_ORDER = ("uri", "language", "headlines", "by", "located", "contentCreated", "usageTerms", "infoSources", "keywords")
# UTF-32 begins like UTF-16 does, so it stands first.
_OTHER_ENCODINGS = (
    (b"\xff\xfe\0\0", "UTF-32, little-endian"),
    (b"\0\0\xfe\xff", "UTF-32, big-endian"),
    (b"\xff\xfe", "UTF-16, little-endian"),
    (b"\xfe\xff", "UTF-16, big-endian"),
)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?://[A-Za-z0-9._~!$&'()*+,;=:@%\[\]-]+)?[A-Za-z0-9._~!$&'()*+,;=:@%/?#-]*")
_SAFE = "%!$&'()*+,;=:@/?-._~"


class _ArticleImporter:
    """Reads `.txt` and `.md`."""

    name = "article"
    suffixes = (".txt", ".md")

    def read(self, source: Source, inventory: Inventory | None) -> Iterator[Imported]:  # noqa: ARG002 - the protocol's
        """The one article of a file; SourceError where the file is gone."""
        data = source.read(None)
        if data is None:
            raise SourceError(f"cannot read {source.path}: no such file")
        yield read_article(data, source.path, source.id)

    def inventory(self, paths: Sequence[Path]) -> None:  # noqa: ARG002 - the protocol's
        """Nothing: the passage types are the schema's."""
        return


IMPORTER = _ArticleImporter()


def read_article(data: bytes, path: str, article_id: str) -> Imported:
    """The article of a file's bytes; its text is these bytes decoded, and nothing else."""
    encoding = next((name for mark, name in _OTHER_ENCODINGS if data.startswith(mark)), None)
    if encoding:
        message = f"the file is {encoding}, not UTF-8: convert it, for example with iconv"
        return _refused(Location(path, 1, 1, article=article_id), "IO001", "text-is-utf8", message)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        at = Location(path, *_Lines(data[: error.start].decode()).place(None), article=article_id)
        message = f"the file is not UTF-8: byte {error.start} is 0x{data[error.start]:02x} ({error.reason})"
        return _refused(at, "IO001", "text-is-utf8", message)
    if not text.replace("\ufeff", "").strip():
        at = Location(path, 1, 1, article=article_id)
        return _refused(at, "TXT203", "empty-text", "the text is empty or only white space")
    return _Reader(text, path, article_id).imported()


def _refused(at: Location, code: str, name: str, message: str) -> Imported:
    return Imported(at.path, None, (Finding(code, name, Severity.ERROR, at, message),))


class _Lines:
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
    text: str
    path: str
    article_id: str

    def imported(self) -> Imported:
        front = read_front_matter(self.text)
        title = front.metadata["headlines"][0]["value"] if "headlines" in front.metadata else None
        reading = read_passages(self.text, front.body, title)
        lines = _Lines(self.text)
        metadata, problems = _metadata(front, reading)
        findings = [
            self._finding(f"front matter: {problem.message}", lines, problem.offset, problem.field)
            for problem in front.problems
        ]
        findings += [self._finding(message, lines, offset, name) for message, offset, name in problems]
        article: Article = {
            "schema_version": "1.0",
            "id": self.article_id,
            "text": self.text,
            "text_sha256": sha256(self.text.encode()).hexdigest(),
            "metadata": metadata,
            "passages": _as_annotations(self.text, reading.passages),
            "provenance": [
                {
                    "id": _PROVENANCE,
                    "agent": "corpus-tool",
                    "agent_type": "rule",
                    "role": "annotator",
                    "tool": "article",
                }
            ],
            "coverage": [{"layer": "passages", "prov": _PROVENANCE, "status": "complete"}],
        }
        places = {f"/passages/{number}": lines.place(passage.start) for number, passage in enumerate(reading.passages)}
        return Imported(self.path, article, tuple(findings), places)

    def _finding(self, message: str, lines: _Lines, offset: int, name: str | None) -> Finding:
        pointer = f"/metadata/{name}" if name else ""
        location = Location(self.path, *lines.place(offset), pointer=pointer, article=self.article_id)
        return Finding("IO008", "front-matter-is-usable", Severity.WARNING, location, message)


def _as_annotations(text: str, passages: list[Passage]) -> list[dict[str, Any]]:
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
        out.append({"id": name + ordinal, "type": passage.type, "spans": [span], "prov": _PROVENANCE})
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
        values["uri"] = _uri(values["uri"])
    problems = []
    for name in list(values):
        if not _valid(name, values[name]):
            offset = front.offsets.get(name, reading.url_at or front.body)
            problems.append(
                (f"'{str(values.pop(name))[:80]}' is no valid {name}: left out of the metadata", offset, name)
            )
    return {name: values[name] for name in _ORDER if name in values}, problems


def _uri(value: str) -> str:
    """The URI of an IRI (RFC 3987, 3.1): other letters become percent-encoded, in a host Punycode."""
    try:
        parts = urlsplit(value)
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except ValueError:
        return value
    return urlunsplit((parts.scheme, host, *(quote(part, _SAFE) for part in parts[2:])))


def _valid(name: str, value: Any) -> bool:
    # The validators that read articles later differ in what they take for a URI; this is what they share.
    if name == "uri" and not (
        isinstance(value, str) and _URI.fullmatch(value) and not re.search("%(?![0-9A-Fa-f]{2})", value)
    ):
        return False
    return bool(_validator().is_valid({name: value}))


@cache
def _validator() -> Any:
    from jsonschema_rs import Draft202012Validator

    base = schema("article-1")
    properties = base["properties"]["metadata"]["properties"]
    return Draft202012Validator({"properties": properties, "$defs": base["$defs"]}, validate_formats=True)
