"""A JSON value written anew in the style of the one it replaces."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Any

from corpus_tool.fixing.members import Member, margin, members
from corpus_tool.fixing.strings import difference, spliced
from corpus_tool.fixing.style import Alphabet, Style, Writer, alphabet_of, style_of


@dataclass(slots=True)
class Rewriter:
    """Writes values for one JSON text; what its style is, is found out when first asked for."""

    text: str
    _alphabet: Alphabet | None = None
    _style: Style | None = None

    @property
    def alphabet(self) -> Alphabet:
        self._alphabet = self._alphabet or alphabet_of(self.text)
        return self._alphabet

    @property
    def writer(self) -> Writer:
        self._style = self._style or style_of(self.text)
        return Writer(self._style, self.alphabet)

    def replaced(self, at: Member, new: Any, depth: int) -> str:
        """What stands for a member's value when it becomes `new`: what stays of it, stays as it was written."""
        mark, old = self.text[at.start], self.text[at.start : at.end]
        if isinstance(new, str) and mark == '"':
            return spliced(old, [difference(json.loads(old), new)], self.alphabet)
        if isinstance(new, dict) and mark == "{" and new:
            return self._object(at, new, depth)
        if isinstance(new, list | tuple) and mark == "[" and new:
            return self._list(at, list(new), depth)
        return self.writer.value(new, margin(self.text, at.begin), depth)

    def between(self, inner: list[Member], open_at: int) -> str:
        """What stands between two members of an object or list that has some."""
        if len(inner) > 1:
            return self.text[inner[-2].end : inner[-1].begin]
        lead = self.text[open_at + 1 : inner[0].begin]
        return f",{lead}" if "\n" in lead else self.writer.style.comma

    def added(self, inner: list[Member], key: str | None, new: Any, depth: int) -> str:
        """One more member of an object or list that has some, in the style of its last."""
        last = inner[-1]
        if key is None:
            alike = (self.text[last.start] == "{" and isinstance(new, dict)) or (
                self.text[last.start] == "[" and isinstance(new, list | tuple)
            )
            if alike:
                return self.replaced(last, new, depth)
            return self.writer.value(new, margin(self.text, last.begin), depth)
        literal = self.text[last.begin : last.start]
        colon = literal[literal.rindex('"') + 1 :]
        return f'"{self.alphabet.literal(key)}"{colon}{self.writer.value(new, margin(self.text, last.begin), depth)}'

    def _object(self, at: Member, new: dict[str, Any], depth: int) -> str:
        inner = members(self.text, at.start)
        if not inner:
            return self.writer.value(new, margin(self.text, at.begin), depth)
        parts = []
        for member in inner:
            if member.key in new:
                written = self.text[member.start : member.end]
                if _key(json.loads(written)) != _key(new[member.key]):
                    written = self.replaced(member, new[member.key], depth + 1)
                parts.append(self.text[member.begin : member.start] + written)
        known = {member.key for member in inner}
        parts += [self.added(inner, key, value, depth + 1) for key, value in new.items() if key not in known]
        return self._joined(at, inner, parts)

    def _list(self, at: Member, new: list[Any], depth: int) -> str:
        inner = members(self.text, at.start)
        if not inner:
            return self.writer.value(new, margin(self.text, at.begin), depth)
        written = [self.text[member.start : member.end] for member in inner]
        unused: dict[str, deque[str]] = defaultdict(deque)
        for element in written:
            unused[_key(json.loads(element))].append(element)
        parts = []
        for number, value in enumerate(new):
            kept = unused.get(_key(value))
            template = inner[min(number, len(inner) - 1)]
            parts.append(kept.popleft() if kept else self.replaced(template, value, depth + 1))
        return self._joined(at, inner, parts)

    def _joined(self, at: Member, inner: list[Member], parts: list[str]) -> str:
        lead, tail = self.text[at.start : inner[0].begin], self.text[inner[-1].end : at.end]
        return lead + self.between(inner, at.start).join(parts) + tail


def _key(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
