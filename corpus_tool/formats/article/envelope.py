"""Front matter that this tool puts before a text, so that the text itself stays as it is.

It names the digest of the text behind it: where that holds, the front matter is no part of the text. In a file that
somebody wrote, front matter is text like any other.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import yaml

from corpus_tool.formats import Article

_OPENING = "---\n"
_CLOSING = re.compile(r"^---\n", re.MULTILINE)
_LARGEST = 1 << 20
_DIGEST = re.compile(r'^text_sha256: "?([0-9a-f]{64})"?$', re.MULTILINE)
_KEYS = {
    "contentCreated": "date", "by": "author", "uri": "url", "keywords": "tags", "usageTerms": "license",
}  # fmt: skip
"""What other readers of Markdown call metadata."""
_NAMES = {key: name for name, key in _KEYS.items()}
_ESCAPED = re.compile(
    "[^\t\u0020-\u007e\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|\u00a0"
)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the front matter says of the article, and where its text begins."""

    id: str | None
    split: str | None
    metadata: dict[str, Any]
    start: int


def wrap(article: Article) -> str:
    """The file of an article: front matter, and its text, verbatim."""
    lines = [f"id: {_scalar(article['id'])}", f"text_sha256: {sha256(article['text'].encode()).hexdigest()}"]
    if article.get("split") is not None:
        lines.append(f"split: {_scalar(article['split'])}")
    metadata = dict(article.get("metadata") or {})
    if (title := _title(metadata.get("headlines"))) is not None:
        del metadata["headlines"]
        lines.append(f"title: {_scalar(title)}")
    lines += [f"{_KEYS.get(name, name)}: {_value(value)}" for name, value in metadata.items() if value is not None]
    return _OPENING + "".join(f"{line}\n" for line in lines) + "---\n" + str(article["text"])


def _title(headlines: Any) -> str | None:
    """The one headline where there is no other."""
    if isinstance(headlines, list) and len(headlines) == 1 and headlines[0].get("role") == "main":
        return str(headlines[0]["value"])
    return None


def _value(value: Any) -> str:
    """A value in the flow style of YAML, which is JSON but for what it would fold or refuse in a string."""
    if isinstance(value, str):
        return _scalar(value)
    if isinstance(value, list):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    return "{" + ", ".join(f"{name}: {_value(each)}" for name, each in value.items() if each is not None) + "}"


def _scalar(value: str) -> str:
    return _ESCAPED.sub(lambda match: f"\\U{ord(match[0]):08x}", json.dumps(value, ensure_ascii=False))


def unwrap(text: str) -> Envelope | None:
    """What stands before the text of an article that this tool wrote; None where the file is all text."""
    closing = _CLOSING.search(text, len(_OPENING)) if text.startswith(_OPENING) else None
    if closing is None or closing.start() > _LARGEST:
        return None
    front = text[len(_OPENING) : closing.start()]
    digest = _DIGEST.search(front)
    if digest is None or sha256(text[closing.end() :].encode()).hexdigest() != digest[1]:
        return None
    try:
        values = yaml.load(front, _Strings)  # noqa: S506 (it makes strings, lists and mappings of anything)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return _envelope(values, closing.end()) if isinstance(values, dict) else None


class _Strings(yaml.BaseLoader):
    """Every scalar is a string; there are no aliases, with which a few bytes can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias is not read")
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


def _envelope(values: dict[str, Any], start: int) -> Envelope:
    own = {name: values.pop(name, None) for name in ("id", "text_sha256", "split", "title")}
    metadata = {_NAMES.get(name, name): value for name, value in values.items()}
    if isinstance(own["title"], str):
        metadata["headlines"] = [{"role": "main", "value": own["title"]}]
    name, split = own["id"], own["split"]
    return Envelope(
        name if isinstance(name, str) and name else None, split if isinstance(split, str) else None, metadata, start
    )
