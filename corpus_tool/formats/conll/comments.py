"""Comments `# key = value` at the head of an article, and the fields of the article they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corpus_tool.formats import Article
from corpus_tool.formats.metadata import TEXTS, usable
from corpus_tool.formats.tally import Tally

LISTS = {"headlines": ("role", "value"), "infoSources": ("role", "name")}
"""Fields that are lists of a role and a text: `# headlines.main = …`, once for each."""
LAYERS = "layers"
"""The key that names the layers an article has, where tokens or sentences only cut its text for the file."""


def _said(article: Article) -> Iterator[tuple[str, str]]:
    """Keys and values of the metadata of an article, and its split."""
    if article.get("split"):
        yield "split", article["split"]
    metadata = article.get("metadata") or {}
    for name in TEXTS:
        if metadata.get(name) is not None:
            yield name, metadata[name]
    for name, (role, value) in LISTS.items():
        for one in metadata.get(name) or ():
            yield f"{name}.{one[role]}" if one.get(role) else name, one[value]
    for value in metadata.get("keywords") or ():
        yield "keywords", value
    for name, value in (metadata.get("digitalSourceType") or {}).items():
        if value is not None:
            yield f"digitalSourceType.{name}", value


def write(article: Article, tally: Tally, but: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Keys and values that a comment can hold, in order; what it cannot is counted."""
    for key, value in _said(article):
        flat = " ".join(str(value).split("\n")).replace("\r", " ").strip()
        if flat != value or "=" in key or key.split() != [key]:
            tally.add("metadata: characters a comment cannot hold", f"{article['id']}: {key} = {value}")
        if flat and "=" not in key and key.split() == [key] and key not in but:
            yield key, flat
    for one in (article.get("metadata") or {}).get("infoSources") or ():
        if one.get("uri"):
            tally.add("metadata: addresses of sources", f"{article['id']}: {one['uri']}")


def read(article: Article, key: str, value: str) -> bool:
    """Set the field that a key stands for; False where there is none, where it cannot hold that, or has been set."""
    name, _, part = key.partition(".")
    if key == "split":
        return _first(article, key, value)
    metadata: dict[str, Any] = article.get("metadata") or {}
    if key in TEXTS:
        done = usable(key, value) and _first(metadata, key, value)
    elif key == "keywords":
        metadata.setdefault(key, []).append(value)
        done = True
    elif name in LISTS:
        role, of = LISTS[name]
        metadata.setdefault(name, []).append({**({role: part} if part else {}), of: value})
        done = True
    else:
        known = name == "digitalSourceType" and usable(name, {part: value})
        done = known and _first(metadata.setdefault(name, {}), part, value)
    if metadata:
        article["metadata"] = metadata
    return done


def _first(where: dict[str, Any], name: str, value: str) -> bool:
    taken = name in where
    where.setdefault(name, value)
    return not taken
