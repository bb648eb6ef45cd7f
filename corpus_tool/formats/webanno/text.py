"""The text of a WebAnno TSV file, rebuilt from its sentences and the offsets of their tokens, in the unit that fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from corpus_tool.formats import Unit as OffsetUnit
from corpus_tool.formats.made import Growing
from corpus_tool.formats.noticed import Noticed
from corpus_tool.formats.units import Offsets, Settled, another_unit
from corpus_tool.formats.webanno.escapes import unescape_text
from corpus_tool.formats.webanno.lines import Parsed, Sentence, Unit

DECLARED = OffsetUnit.UTF16
_LIKELY = (OffsetUnit.UTF16, OffsetUnit.CODE_POINTS, OffsetUnit.BYTES)
_WIDEST = 2**20
"""No more is filled with spaces: a wrong offset must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A text, the unit of the offsets, and where each sentence that has tokens stands, in code points, by its line."""

    text: str
    offsets: Offsets
    unit: OffsetUnit
    sentences: Mapping[int, tuple[int, int]] = field(default_factory=dict)


def rebuild(parsed: Parsed, noticed: Noticed) -> Rebuilt | None:
    """The text in the unit that explains all words, else in the declared one; None where the offsets run backwards."""
    possible = []
    trouble = None
    for unit in _LIKELY:
        made = _build(parsed.sentences, unit)
        if isinstance(made, Rebuilt):
            if next(_strangers(parsed, made), None) is None:
                _say(made, noticed)
                return made
            possible.append(made)
        else:
            trouble = trouble or made
    if not possible:
        noticed.wrong(*(trouble or (None, "no text")))
        return None
    strange = list(_strangers(parsed, possible[0]))
    first = strange[0]
    message = (
        f"'{first.form[:40]}' is not what the text has at {first.begin}-{first.end}, as for {len(strange)} of the lines"
    )
    noticed.doubt(first.line, message)
    return possible[0]


def _say(made: Rebuilt, noticed: Noticed) -> None:
    noticed.findings += another_unit(Settled(made.unit, agrees=True), DECLARED, noticed.path, noticed.article or "")


def _build(sentences: list[Sentence], unit: OffsetUnit) -> Rebuilt | tuple[int, str]:
    text, length, missing = Growing(), 0, 0
    places = {}
    for one in sentences:
        gap = one.units[0].begin - length if one.units else 0
        if gap < 0:
            return one.units[0].line, f"{one.units[0].begin} lies before the end of the sentence before it: {length}"
        missing += gap + (0 if one.text else max((each.end for each in one.units), default=length) - length - gap)
        if missing > _WIDEST:
            return one.units[0].line, f"{one.units[0].begin} lies far behind what is known of the text"
        own = "\n".join(one.text) if one.text else _of_tokens(one.units, unit)
        filler = _filler(one, gap, length, unit)
        text.put(filler)
        start, end = text.put(own)
        if one.units:
            places[one.line] = (start, end)
        after = one.after or ""
        text.put(after)
        length += measure(filler + own + after, unit)
    return Rebuilt(text.text, Offsets(text.text, unit), unit, places)


def _filler(one: Sentence, gap: int, length: int, unit: OffsetUnit) -> str:
    """What stands before a sentence: as said, else a line break and spaces."""
    if one.gap is not None and (not one.units or measure(one.gap, unit) == gap):
        return one.gap
    if not one.units:
        return "\n" if length else ""
    return "\n".ljust(gap) if length and gap else " " * gap


def _of_tokens(units: list[Unit], unit: OffsetUnit) -> str:
    """The words of the tokens at their offsets, with spaces between."""
    made, length = "", 0
    for one in units:
        if one.is_token:
            gap = max(one.begin - units[0].begin - length, 0)
            made += " " * gap + one.form
            length += gap + measure(one.form, unit)
    return made


def measure(text: str, unit: OffsetUnit) -> int:
    if unit is OffsetUnit.CODE_POINTS or text.isascii():
        return len(text)
    if unit is OffsetUnit.BYTES:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _strangers(parsed: Parsed, made: Rebuilt) -> Iterator[Unit]:
    """The units whose words are not what the text has at their offsets."""
    for sentence in parsed.sentences:
        for one in sentence.units:
            first, last = made.offsets.to_points(one.begin), made.offsets.to_points(one.end)
            there = None if first is None or last is None else made.text[first:last]
            if there != one.form and there != unescape_text(one.form, 3):
                yield one
