"""YAML between two lines of hyphens at the top of an article: read, never trusted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from corpus_tool.formats.article.dates import date_of

LARGEST = 64 * 1024
"""Code points of front matter that are read at most."""

_DEEPEST = 20
_OPENING = re.compile(r"\ufeff?---[ \t]*\r?\n")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_KEYED = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*(?:[\"']?[\w][\w .-]*[\"']?[ \t]*:(?:\s|$)|$)")
_NULL = "tag:yaml.org,2002:null"

_KEYS = {
    "headlines": "title headline",
    "contentCreated": "date published publish_date pubdate",
    "by": "author authors by byline",
    "language": "language lang locale",
    "uri": "url uri link canonical canonical_url original_url source_url",
    "keywords": "tags keywords",
    "infoSources": "source sources",
    "usageTerms": "license licence rights",
}
_FIELDS = {key: field_name for field_name, keys in _KEYS.items() for key in keys.split()}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with front matter, and at which offset of the text; `field` is the metadata left out for it."""

    message: str
    offset: int
    field: str | None = None


@dataclass(slots=True)
class FrontMatter:
    """Metadata by ninjs name, the offset at which the article begins, and what could not be used."""

    body: int = 0
    metadata: dict[str, Any] = field(default_factory=dict)
    offsets: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


class _Refused(yaml.YAMLError):
    """An alias or a depth that no front matter needs: with these a few bytes can stand for gigabytes."""

    def __init__(self, message: str, mark: yaml.Mark) -> None:
        super().__init__(message)
        self.problem = message
        self.problem_mark = mark


class _Loader(yaml.SafeLoader):
    """Composes nodes and constructs nothing: no tag, number or date of the file becomes an object."""

    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise _Refused("an alias is not read", self.get_mark())
        if self.depth > _DEEPEST:
            raise _Refused(f"nested more than {_DEEPEST} deep", self.get_mark())
        self.depth += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self.depth -= 1
        return node


def read_front_matter(text: str) -> FrontMatter:
    """The front matter of `text`; `body` is 0 where it has none."""
    opening = _OPENING.match(text)
    if not opening or not _KEYED.match(text, opening.end()):
        return FrontMatter()
    closing = _CLOSING.search(text, opening.end())
    if not closing:
        return FrontMatter()
    out = FrontMatter(body=closing.end())
    source = text[opening.end() : closing.start()]
    if len(source) > LARGEST:
        out.problems.append(Problem(f"larger than {LARGEST} characters: not read", 0))
        return out
    try:
        node = _Loader(source).get_single_node()
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        out.problems.append(_problem(error, opening.end()))
        return out
    if isinstance(node, yaml.MappingNode):
        _collect(node, opening.end(), out)
    elif node is not None:
        out.problems.append(Problem("not a mapping of keys to values", opening.end()))
    return out


def _problem(error: Exception, start: int) -> Problem:
    mark = getattr(error, "problem_mark", None)
    said = getattr(error, "problem", None) or getattr(error, "reason", None) or "not valid YAML"
    return Problem(f"not usable: {said}", start + (mark.index if mark else getattr(error, "position", 0)))


def _collect(node: yaml.MappingNode, start: int, out: FrontMatter) -> None:
    seen: set[str] = set()
    for key, value in node.value:
        at = start + key.start_mark.index
        name = key.value.strip() if isinstance(key, yaml.ScalarNode) else ""
        if name in seen:
            out.problems.append(Problem(f"the key '{name[:80]}' is given twice; the first counts", at))
            continue
        seen.add(name)
        known = _FIELDS.get(name.casefold().replace("-", "_").replace(" ", "_"))
        if known is None or value.tag == _NULL or (known in out.metadata and known != "infoSources"):
            continue
        read = _value(known, [part for part in _strings(value) if part])
        if read is None:
            if _strings(value):
                out.problems.append(Problem(f"'{name}' cannot be read as {known}: left out", at, known))
        else:
            into = "uri" if known == "infoSources" and isinstance(read, str) else known
            out.metadata.setdefault(into, read)
            out.offsets.setdefault(into, at)


def _strings(node: yaml.Node) -> list[str]:
    """The strings of a scalar or a list; of a mapping, its name."""
    if isinstance(node, yaml.ScalarNode):
        return [] if node.tag == _NULL else [" ".join(node.value.split())]
    if isinstance(node, yaml.SequenceNode):
        return [string for item in node.value for string in _strings(item)[:1]]
    return list(_named(node))[:1]


def _named(node: yaml.Node) -> Iterator[str]:
    for wanted in ("name", "title", "label", "value"):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == wanted:
                yield from _strings(value)


def _value(known: str, strings: list[str]) -> Any:
    """What a metadata property becomes of these strings; None where it cannot."""
    if not strings:
        return None
    first = strings[0]
    one_url = len(strings) == 1 and re.match(r"https?://", first)
    match known:
        case "headlines":
            value: Any = [{"role": "main", "value": first}]
        case "keywords":
            parts = first.split(",") if len(strings) == 1 else strings
            value = list(dict.fromkeys(part.strip() for part in parts if part.strip())) or None
        case "by":
            value = ", ".join(strings)
        case "infoSources" if not one_url:
            value = [{"name": string} for string in dict.fromkeys(strings)]
        case "contentCreated":
            value = date_of(first)
        case "language":
            value = first.replace("_", "-")
        case _:
            value = first
    return value
