"""A difference as JSON, as text, and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from corpus_tool.release.difference.changes import Difference
from corpus_tool.release.difference.planning import Plan

LISTED = 1000
"""So many changes of articles, and of annotations, are listed one by one; all are counted."""
_FEW = 10
_NAMED = {
    "text": "text changed",
    "metadata": "metadata changed",
    "licence": "licence changed",
    "layer": "layer annotated or withdrawn",
    "gold": "now gold, or no longer",
}


def difference_json(found: Difference, plan: Plan | None = None) -> dict[str, Any]:
    """The difference as `diff-1`; no character of a text stands in it."""
    value: dict[str, Any] = {
        "diff": "1.0",
        "old": found.old,
        "new": found.new,
        "empty": found.empty,
        "counts": dict(sorted(found.facts().items())),
        "by_label": [
            {"split": split, "layer": layer, "label": label or None, "what": what, "number": number}
            for split, layer, label, what, number in found.by_label()
        ],
        "contract": [asdict(one) for one in found.contract],
        "splits": [{**asdict(one), "comparable": one.comparable} for one in found.splits],
        "articles": [asdict(one) for one in found.articles[:LISTED]],
        "annotations": [asdict(one) for one in found.annotations[:LISTED]],
        "renumbered": {
            "articles": [list(pair) for pair in found.renumbered.articles[:LISTED]],
            "annotations": found.renumbered.annotations,
        },
        "not_listed": {
            "articles": max(0, len(found.articles) - LISTED),
            "annotations": max(0, len(found.annotations) - LISTED),
            "renumbered": max(0, len(found.renumbered.articles) - LISTED),
        },
    }
    return value | ({"plan": plan.as_json()} if plan is not None else {})


def text_lines(found: Difference) -> Iterator[str]:
    """The difference for people."""
    yield f"{found.old} to {found.new}: {'no difference' if found.empty else 'they differ'}"
    for title, lines in _sections(found):
        yield f"{title}:"
        yield from (f"  {line}" for line in lines)


def markdown(found: Difference, level: int = 2) -> str:
    """The difference as sections of a page."""
    parts = [
        f"{'#' * level} {title[0].upper()}{title[1:]}\n\n" + "\n".join(f"- {_escaped(line)}" for line in lines)
        for title, lines in _sections(found)
    ]
    return "\n\n".join(parts) + "\n" if parts else "Nothing differs.\n"


def plan_lines(plan: Plan) -> Iterator[str]:
    """What the next version is, and why."""
    if plan.parent is None:
        yield f"{plan.least}: nothing is released yet"
        return
    bump = plan.bump.name if plan.bump else ""
    yield f"{plan.least} is the least after {plan.parent}: {bump} by the policy '{plan.policy}'"
    if not plan.reasons:
        yield "  the content is the same"
    for one in plan.reasons:
        yield f"  {one.bump.name}  {one.change}: {one.number:,}"


def change_log(version: str, day: str, plan: Plan, counts: Mapping[str, int], before: str | None) -> str:
    """CHANGELOG.md of a release: what it changed, then that of the release it follows."""
    body = [f"- {name}: {number}" for name, number in counts.items()]
    parts = [f"# Changes\n\n## {version} ({day})\n"]
    if plan.difference is None:
        parts.append("First release.\n")
    else:
        parts.append(f"Follows {plan.parent}.\n")
        parts.append(markdown(plan.difference, 3))
    parts.append("### Holds\n\n" + "\n".join(body) + "\n")
    if before is not None:
        parts.append(before.removeprefix("# Changes\n").strip("\n") + "\n")
    return "\n".join(parts)


def _sections(found: Difference) -> Iterator[tuple[str, list[str]]]:
    sections = (
        ("articles", _articles(found)),
        ("annotations", [f"{split} {layer}{label and f' {label}'}: {number:,} {_NAMED.get(what, what)}"
                         for split, layer, label, what, number in found.by_label()]),
        ("schema, inventory, views and card", _contract(found)),
        ("ids only", _renumbered(found)),
        ("scores", [_score(one) for one in found.splits] if not found.empty else []),
    )  # fmt: skip
    yield from ((title, lines) for title, lines in sections if lines)


def _articles(found: Difference) -> list[str]:
    groups: dict[tuple[str, str], list[str]] = {}
    for one in found.articles:
        where = f"{one.before} to {one.split}" if one.before else one.split
        groups.setdefault((one.what, where), []).append(one.article)
    return [
        f"{len(names):,} {_NAMED.get(what, what)} ({where}): {_some(names)}" for (what, where), names in groups.items()
    ]


def _contract(found: Difference) -> list[str]:
    return [
        f"{one.what}: {one.where}{f' ({one.before} to {one.after})' if one.before or one.after else ''}"
        for one in found.contract
    ]


def _renumbered(found: Difference) -> list[str]:
    articles = [f"{old} is {new}" for old, new in found.renumbered.articles]
    lines = [f"articles: {_some(articles)}"] if articles else []
    number = found.renumbered.annotations
    return [*lines, f"annotations: {number:,}"] if number else lines


def _score(split: Any) -> str:
    if split.comparable:
        return f"{split.split}: scores compare"
    return (
        f"{split.split}: scores do not compare ({_number(split.members, 'article')} came or went, "
        f"{_number(split.texts, 'text')} and {_number(split.gold, 'gold annotation')} differ)"
    )


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _some(names: Sequence[str]) -> str:
    more = len(names) - _FEW
    return ", ".join(names[:_FEW]) + (f" and {more:,} more" if more > 0 else "")


def _escaped(line: str) -> str:
    out = " ".join(line.split())
    for mark in "\\`*_[]<>|":
        out = out.replace(mark, f"\\{mark}")
    return out
