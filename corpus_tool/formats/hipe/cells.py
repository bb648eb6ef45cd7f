"""Columns of HIPE, and the flags of its last one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus_tool.formats.conll.spacing import Spacing, escape, parse, unescape

TOKEN, MISC = "TOKEN", "MISC"
LITERAL, METONYMIC = "NE-COARSE-LIT", "NE-COARSE-METO"
FINE, FINE_METONYMIC = "NE-FINE-LIT", "NE-FINE-METO"
COMPONENT, NESTED = "NE-FINE-COMP", "NE-NESTED"
LINK, METONYMIC_LINK = "NEL-LIT", "NEL-METO"
COLUMNS = (
    TOKEN, LITERAL, METONYMIC, FINE, FINE_METONYMIC, COMPONENT, NESTED, LINK, METONYMIC_LINK, MISC,
)  # fmt: skip
"""In the order of a file."""
SAID_OF_MENTION = (METONYMIC, FINE, FINE_METONYMIC)
"""Columns that say more of a mention of the first: attributes of it, named by the column."""
NOTHING, NIL = "_", "NIL"
NO_SPACE, LINE_END, SENTENCE_END = "NoSpaceAfter", "EndOfLine", "EndOfSentence"
_PARTIAL = re.compile(r"Partial-(-?[0-9]{1,9}):([0-9]{1,9})")
_DISTANCE = re.compile(r"LED([0-9.]+)")


@dataclass(frozen=True, slots=True)
class Flags:
    """What the last column says of a token; `others` are flags of a corpus of its own, as names and values."""

    space: bool = True
    line_end: bool = False
    sentence_end: bool = False
    partial: tuple[int, int] | None = None
    spacing: Spacing = field(default_factory=Spacing)
    others: tuple[tuple[str, str | None], ...] = ()

    @property
    def after(self) -> str:
        """The white space behind the token. The end of a line is a line break, whatever is said of spaces."""
        if self.spacing.after is not None:
            return self.spacing.after
        return "\n" if self.line_end else " " if self.space else ""

    @property
    def says_more(self) -> bool:
        """Whether it says what belongs to a mention, or contradicts itself."""
        return bool(self.others) or self.partial is not None or (self.line_end and not self.space)


NO_FLAGS = Flags()


def flags(cell: str) -> Flags:
    """What a cell of the last column says."""
    if cell in {NOTHING, ""}:
        return NO_FLAGS
    spacing = parse(cell)
    said = set(spacing.others)
    partial = next((match for one in spacing.others if (match := _PARTIAL.fullmatch(one))), None)
    known = {NO_SPACE, LINE_END, SENTENCE_END}
    others = (one for one in spacing.others if one and one not in known and not _PARTIAL.fullmatch(one))
    return Flags(
        NO_SPACE not in said,
        LINE_END in said,
        SENTENCE_END in said,
        (int(partial[1]), int(partial[2])) if partial else None,
        spacing,
        tuple(map(_named, others)),
    )


def _named(flag: str) -> tuple[str, str | None]:
    if distance := _DISTANCE.fullmatch(flag):
        return "LED", distance[1]
    name, equals, value = flag.partition("=")
    return unescape(name), unescape(value) if equals else None


def flag(name: str, value: str | None) -> str | None:
    """A flag for an attribute; None where its name is one that means something else."""
    if name == "LED" and value is not None and _DISTANCE.fullmatch(f"LED{value}"):
        return f"LED{value}"
    made = escape(name) + ("" if value is None else f"={escape(value)}")
    plain = flags(made)
    return made if plain.others == ((name, value),) else None
