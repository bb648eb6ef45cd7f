"""Edits of a JSON text where it stands: every byte that no edit is about stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus_tool.findings import ABSENT, Edit
from corpus_tool.fixing.members import Member, margin, members
from corpus_tool.fixing.rewriting import Rewriter
from corpus_tool.fixing.strings import Piece, spliced
from corpus_tool.fixing.values import END, value_at
from corpus_tool.positions import space
from corpus_tool.vocabulary import steps

_Splice = tuple[int, int, str]


@dataclass(slots=True)
class _Node:
    """What happens below one value: `new` is what replaces it."""

    new: Any = None
    replaced: bool = False
    pieces: Sequence[Piece] = ()
    inner: dict[str, _Node] = field(default_factory=dict)
    added: list[tuple[str | None, Any]] = field(default_factory=list)


def edited(text: str, value: Any, edits: Iterable[Edit], pieces: Mapping[str, Sequence[Piece]] | None = None) -> str:
    """A JSON text with edits made, all of which hold for its `value` and none of which is inside another.

    `pieces` says, for edits of strings, what of them changes; it is found out for the others. Raises ValueError where
    a new value has no JSON.
    """
    top = _tree(value, edits, pieces or {})
    rewriter = Rewriter(text)
    start = space(text, 0)
    splices: list[_Splice] = []
    waiting = [(Member("", start, start, len(text.rstrip(" \t\r\n"))), top, 0)]
    while waiting:
        at, node, depth = waiting.pop()
        if node.replaced:
            if node.pieces:
                new = spliced(text[at.start : at.end], node.pieces, rewriter.alphabet)
            else:
                new = rewriter.replaced(at, node.new, depth)
            splices.append((at.start, at.end, new))
            continue
        inner = members(text, at.start)
        splices += _around(rewriter, at, inner, node, depth)
        below = [member for member in inner if member.key in node.inner and not _removed(node, member)]
        waiting += [(member, node.inner[member.key], depth + 1) for member in below]
    return "".join(_applied(text, sorted(splices, key=lambda splice: splice[:2])))


def _tree(value: Any, edits: Iterable[Edit], pieces: Mapping[str, Sequence[Piece]]) -> _Node:
    top = _Node()
    for edit in edits:
        path = steps(edit.pointer)
        found = value_at(value, path)
        node = top
        for step in path[:-1]:
            node = node.inner.setdefault(step, _Node())
        if found is ABSENT:
            holder = value_at(value, path[:-1])
            node.added.append((None if isinstance(holder, list) and path[-1] == END else path[-1], edit.new))
        elif path:
            node.inner[path[-1]] = _Node(edit.new, replaced=True, pieces=pieces.get(edit.pointer, ()))
        else:
            top = _Node(edit.new, replaced=True)
    return top


def _removed(node: _Node, member: Member) -> bool:
    found = node.inner.get(member.key)
    return found is not None and found.replaced and found.new is ABSENT


def _around(rewriter: Rewriter, at: Member, inner: list[Member], node: _Node, depth: int) -> Iterator[_Splice]:
    """What removing and adding members changes, commas and white space with them."""
    if not inner:
        if node.added:
            yield at.start, at.end, _filled(rewriter, at, node.added, depth)
        return
    gone = [number for number, member in enumerate(inner) if _removed(node, member)]
    kept = [number for number, member in enumerate(inner) if not _removed(node, member)]
    new = [rewriter.added(inner, key, value, depth + 1) for key, value in node.added]
    between = rewriter.between(inner, at.start) if new else ""
    if not kept and new:
        yield inner[0].begin, inner[-1].end, between.join(new)
    elif not kept:
        yield at.start + 1, at.end - 1, ""
    else:
        if kept[0]:
            yield inner[0].begin, inner[kept[0]].begin, ""
        for number in gone:
            if number > kept[0]:
                yield inner[number - 1].end, inner[number].end, ""
        last = inner[kept[-1]].end
        yield last, last, "".join(between + part for part in new)


def _filled(rewriter: Rewriter, at: Member, added: list[tuple[str | None, Any]], depth: int) -> str:
    """An object or list that was empty, with members; a blank between its brackets is no style."""
    new = [value for _, value in added] if rewriter.text[at.start] == "[" else {str(key): value for key, value in added}
    before = margin(rewriter.text, at.begin) if depth else ""
    return rewriter.writer.value(new, before, depth)


def _applied(text: str, splices: list[_Splice]) -> Iterator[str]:
    done = 0
    for start, end, new in splices:
        assert start >= done, "an edit is inside another"
        yield text[done:start]
        yield new
        done = end
    yield text[done:]
