"""How often each rule found something: `--statistics`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corpus_tool.reporters.escaping import json_text, plain
from corpus_tool.rules import Rule
from corpus_tool.summary import Summary


def rows(summary: Summary, rules: Mapping[str, Rule]) -> Iterator[dict[str, Any]]:
    """Code, name, number of findings and of suppressed ones of each rule that found something, the most first."""
    codes = {*summary.by_code, *summary.suppressed}
    for code in sorted(codes, key=lambda code: (-summary.by_code.get(code, 0), code)):
        counts = {"findings": summary.by_code.get(code, 0), "suppressed": summary.suppressed.get(code, 0)}
        yield {"code": code, "name": rules[code].name if code in rules else "", **counts}


def as_text(summary: Summary, rules: Mapping[str, Rule]) -> Iterator[str]:
    """A line a rule: how often, code, name."""
    for row in rows(summary, rules):
        known = f" ({row['suppressed']:,} suppressed)" if row["suppressed"] else ""
        yield f"{row['findings']:>9,}  {row['code']}  {plain(row['name'])}{known}\n"


def as_json(summary: Summary, rules: Mapping[str, Rule]) -> Iterator[str]:
    """One object: the rows, and the summary."""
    yield json_text({"statistics": list(rows(summary, rules)), "summary": summary.as_json()})
