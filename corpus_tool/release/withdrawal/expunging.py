"""The pages of a release that name articles one by one, without one of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from corpus_tool.release.withholding.texts import TEXTS

REPORT, DIFFERENCE = "validation-report.json", "diff.json"


def expunged(path: str, data: bytes, article: str) -> bytes:
    """A page without what it says of the article; one that says nothing of articles stays as it is."""
    edit = _EDITS.get(path)
    return data if edit is None else edit(data, article)


def _report(data: bytes, article: str) -> bytes:
    """The counts stay: they are of what was checked."""
    value = json.loads(data)
    return _json(value | {"findings": [one for one in value["findings"] if one.get("article") != article]})


def _difference(data: bytes, article: str) -> bytes:
    """What is listed no more is counted all the same, as where there is too much to list."""
    value: dict[str, Any] = json.loads(data)
    missing = dict(value["not_listed"])
    for name in ("articles", "annotations"):
        kept = [one for one in value[name] if one["article"] != article]
        missing[name] += len(value[name]) - len(kept)
        value[name] = kept
    pairs = [pair for pair in value["renumbered"]["articles"] if article not in pair]
    missing["renumbered"] += len(value["renumbered"]["articles"]) - len(pairs)
    return _json(value | {"renumbered": value["renumbered"] | {"articles": pairs}, "not_listed": missing})


def _texts(data: bytes, article: str) -> bytes:
    return b"".join(line for line in data.splitlines(keepends=True) if json.loads(line)["id"] != article)


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


_EDITS: Mapping[str, Callable[[bytes, str], bytes]] = {REPORT: _report, DIFFERENCE: _difference, TEXTS: _texts}
