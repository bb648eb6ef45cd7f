"""A rule as a page of documentation."""

from __future__ import annotations

import json
from typing import Any

from corpus_tool.rules import Bad, Rule


def page(rule: Rule) -> str:
    """Markdown: what must hold, why, how to mend, and examples."""
    parts = [
        f"# {rule.code} {rule.name}",
        f"{rule.severity.label}, {_since(rule)}, about {rule.on}",
        rule.doc,
    ]
    if rule.needs:
        parts.append(f"Not checked where one of these does not hold: {', '.join(rule.needs)}.")
    if rule.fixes:
        parts.append(f"Fix: {' or '.join(rule.fixes)}.")
    for number, bad in enumerate(rule.bad):
        parts.append(f"{'Found in' if number == 0 else 'And in'}:\n\n{_example(bad)}")
    parts += [f"Not found in:\n\n{_example(Bad(good))}" for good in rule.good]
    if any(bad.raw is None for bad in rule.bad) and not rule.good:
        parts.append("Not found in the example article as it stands.")
    return "\n\n".join(parts)


def _since(rule: Rule) -> str:
    """Since which version there is the rule, and whose version that is."""
    whose = f" of {rule.origin}" if rule.origin else ""
    return f"since {rule.since}{whose}" if rule.since else f"of {rule.origin}"


def _example(bad: Bad) -> str:
    if bad.raw is not None:
        shown = bad.raw[:80].decode("utf-8", "backslashreplace")
        return f"    {shown!r}{' …' if len(bad.raw) > 80 else ''}"
    lines = [f"    {at} = {json.dumps(value, ensure_ascii=False)}" for at, value in bad.put.items()]
    lines += [f"    without {at}" for at in bad.drop]
    for other in bad.corpus:
        changes = ", ".join(f"{at} = {json.dumps(value, ensure_ascii=False)}" for at, value in other.items())
        lines.append(f"    a second article that differs in {changes}")
    return "\n".join(lines)


def as_json(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity.label,
        "on": rule.on,
        "since": rule.since or None,
        "origin": rule.origin or None,
        "needs": list(rule.needs),
        "fixes": list(rule.fixes),
        "documentation": rule.doc,
    }
