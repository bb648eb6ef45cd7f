"""Mentions in the columns of a document, and what the columns say of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus_tool.findings import Severity
from corpus_tool.formats.conll.tags import FAULTY, OUTSIDE, Chunk, Scheme, chunks
from corpus_tool.formats.conll.troubles import DOUBT, Troubles
from corpus_tool.formats.hipe.cells import (
    COMPONENT,
    FINE,
    FINE_METONYMIC,
    LINK,
    LITERAL,
    METONYMIC,
    METONYMIC_LINK,
    NESTED,
    NIL,
    NOTHING,
    SAID_OF_MENTION,
    Flags,
)
from corpus_tool.formats.tally import Tally

_EMPTY = frozenset({OUTSIDE, NOTHING, ""})
_OTHERS = (NESTED, COMPONENT, METONYMIC, FINE, FINE_METONYMIC)


@dataclass(slots=True)
class Mention:
    """Some tokens of a document and their label; `lead` and `tail` are what of the first and last is not covered."""

    first: int
    behind: int
    label: str
    column: str = LITERAL
    lead: int = 0
    tail: int = 0
    links: list[str] = field(default_factory=list)
    said: list[tuple[str, str | None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Document:
    """The rows of a document, column by column."""

    words: Sequence[str]
    lines: Sequence[int]
    cells: dict[str, list[str]]
    flags: Sequence[Flags]


def annotated(document: Document) -> bool:
    """Whether anybody looked for mentions: where not, all is `_`."""
    return not {NOTHING, ""}.issuperset(document.cells.get(LITERAL, ()))


def mentions(document: Document, troubles: Troubles, tally: Tally) -> list[Mention]:
    """The mentions of all columns, in the order of the text, the longer first.

    What another column says of the same tokens as one of the first is said of that mention; other tokens make a mention
    of their own, which names its column.
    """
    found = [Mention(*chunk) for chunk in _chunks(document, LITERAL, troubles)]
    own = {(one.first, one.behind): one for one in found}
    for column in _OTHERS:
        for first, behind, label in _chunks(document, column, troubles):
            literal = own.get((first, behind)) if column in SAID_OF_MENTION else None
            if literal is not None:
                literal.said.append((column, label))
            else:
                found.append(Mention(first, behind, label, column))
    for one in own.values():
        _links(document, one, troubles)
        _flags(document, one, troubles)
    _strays(document, list(own.values()), troubles, tally)
    return sorted(found, key=lambda one: (one.first, -one.behind))


def _chunks(document: Document, column: str, troubles: Troubles) -> Iterator[Chunk]:
    cells = document.cells.get(column, ())
    if _EMPTY.issuperset(cells):
        return
    found, wrong = chunks(cells, Scheme.IOB2)
    for at, message, reading in wrong:
        troubles.contradiction(FAULTY, document.lines[at], f"{column}: {message}", reading)
    yield from found


def _links(document: Document, mention: Mention, troubles: Troubles) -> None:
    for column in (LINK, METONYMIC_LINK):
        cells = document.cells.get(column, [NOTHING] * mention.behind)[mention.first : mention.behind]
        if len(set(cells)) > 1:
            message = (
                f"{column}: the tokens of one mention have {' and '.join(dict.fromkeys(cells))}: the first is taken"
            )
            troubles.add(DOUBT, Severity.WARNING, document.lines[mention.first], 1, message)
        first = cells[0]
        if first in {NOTHING, ""}:
            continue
        if column == METONYMIC_LINK or first == NIL:
            mention.said.append((column, first))
        else:
            mention.links = [link for link in first.split("|") if link]


def _flags(document: Document, mention: Mention, troubles: Troubles) -> None:
    """What flags on all tokens of a mention say of it, and which part of its first and last token it covers."""
    of_all = [document.flags[at].others for at in range(mention.first, mention.behind)]
    mention.said += [one for one in of_all[0] if all(one in others for others in of_all)]
    for at in {mention.first, mention.behind - 1}:
        partial, word = document.flags[at].partial, document.words[at]
        if partial is None:
            continue
        start, end = partial
        if end > len(word) or start >= end or (at == mention.first and start < 0):
            message = f"Partial-{start}:{end} is outside of '{word}': the mention is read as the whole token"
            troubles.add(DOUBT, Severity.WARNING, document.lines[at], 1, message)
            continue
        if at == mention.first:
            mention.lead = start
        if at == mention.behind - 1:
            mention.tail = len(word) - end


def _strays(document: Document, literal: Sequence[Mention], troubles: Troubles, tally: Tally) -> None:
    """Count what stands on tokens that no mention of the first column covers: nothing can hold it."""
    covered = {at: one for one in literal for at in range(one.first, one.behind)}
    for at in [at for at, flags in enumerate(document.flags) if flags.says_more]:
        flags = document.flags[at]
        for name, value in flags.others:
            if at not in covered or (name, value) not in covered[at].said:
                tally.add(f"flags of tokens: {name}", document.words[at])
        if flags.partial is not None and at not in covered:
            tally.add("flags of tokens: Partial", document.words[at])
        if flags.line_end and not flags.space:
            tally.add("NoSpaceAfter at the end of a line", document.words[at])
    for column in (LINK, METONYMIC_LINK):
        for at, cell in enumerate(document.cells.get(column, ())):
            if cell not in {NOTHING, ""} and at not in covered:
                message = f"{column}: '{cell[:40]}' stands on a token of no mention in {LITERAL}: left out"
                troubles.add(DOUBT, Severity.WARNING, document.lines[at], 1, message)
                tally.add("links of tokens that are no mention", f"{document.words[at]} {cell}")
