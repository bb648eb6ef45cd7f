"""The columns of CoNLL-2012 beside words and coreference: names and words an article holds, the others are counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from corpus_tool.formats.conll import words
from corpus_tool.formats.conll_coref.brackets import Mention, Wrong
from corpus_tool.formats.tally import Tally

Cells = Sequence[str]
"""A row of CoNLL-2012, whole."""

WIDTH = 11
"""A row has so many columns and more: the arguments of each predicate of its sentence have one."""
WORD, _POS, _PARSE, _LEMMA, _FRAMESET, _SENSE, _SPEAKER, _NAMES, _ARGUMENTS = range(3, 12)
_NOTHING = frozenset({"-", "_", "*", ""})
_PART = re.compile(r"\(([^()*\s]+)|(\))|\*")
_ARGUMENT = re.compile(r"\(((?!V[*)])[^()*\s]+)")


def names(rows: Sequence[Cells]) -> Iterator[Mention | Wrong]:
    """The mentions of the column of names, in no cluster: `(PERSON*`, `*)`, `(GPE)`."""
    opened: list[tuple[int, str]] = []
    for at, cells in enumerate(rows):
        cell = cells[_NAMES]
        if cell in _NOTHING:
            continue
        found = list(_PART.finditer(cell))
        if "".join(match[0] for match in found) != cell:
            yield Wrong(at, f"'{cell[:60]}' is no name of an entity in brackets")
        for match in found:
            if match[1]:
                opened.append((at, match[1]))
            elif match[2] and opened:
                first, kind = opened.pop()
                yield Mention(first, at + 1, kind, None)
            elif match[2]:
                yield Wrong(at, f"'{cell[:60]}' closes what is not open")
    for at, kind in opened:
        yield Wrong(at, f"'({kind[:60]}' is never closed")


def words_of(name: str, forms: Sequence[str], rows: Sequence[Cells], tally: Tally) -> list[dict[str, Any]]:
    """The words of a sentence, with part of speech and the lemma that predicates have; what else is said is counted."""
    _count(rows, tally)
    lemmas = [words.NOTHING if cells[_LEMMA] in _NOTHING else cells[_LEMMA] for cells in rows]
    return words.read(name, forms, {"lemma": lemmas, "xpos": [cells[_POS] for cells in rows]}, tally)


def _count(rows: Sequence[Cells], tally: Tally) -> None:
    """Count what is said of a sentence that an article has no place for."""
    parsed = "".join(cells[_PARSE] for cells in rows)
    if parsed.strip("*-_"):
        tally.add("parse trees", parsed)
    speakers = dict.fromkeys(cells[_SPEAKER] for cells in rows if cells[_SPEAKER] not in _NOTHING)
    for speaker in speakers:
        tally.add("speakers of sentences", speaker)
    for cells in rows:
        for what, at in (("framesets of predicates", _FRAMESET), ("senses of words", _SENSE)):
            if cells[at] not in _NOTHING:
                tally.add(what, f"{cells[WORD]} {cells[at]}")
        for cell in cells[_ARGUMENTS:-1]:
            for match in _ARGUMENT.finditer(cell):
                tally.add("arguments of predicates", f"{cells[WORD]} {match[1]}")
