"""Metadata in formats that have columns of any name beside the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from corpus_tool.formats.metadata import given, in_order, is_valid

_SPLIT = re.compile(r"[A-Za-z0-9_]+([._][A-Za-z0-9_]+)*")


def to_columns(article: Mapping[str, Any]) -> dict[str, Any]:
    """Metadata and split of an article as columns."""
    found = given(article.get("metadata"))
    return {**found, "split": article["split"]} if article.get("split") else found


def from_columns(columns: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """`metadata` and `split` that columns say, and the names of the columns that an article has no place for."""
    if not columns:
        return {}, []
    known = in_order(columns)
    metadata = {name: value for name, value in known.items() if value not in (None, "", []) and is_valid(name, value)}
    made: dict[str, Any] = {"metadata": metadata} if metadata else {}
    split = columns.get("split")
    if isinstance(split, str) and _SPLIT.fullmatch(split):
        made["split"] = split
    held = {*metadata, *(("split",) if "split" in made else ())}
    lost = [name for name, value in columns.items() if name not in held and value not in (None, "", [], {})]
    return made, lost
