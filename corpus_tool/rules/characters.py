"""What characters are and do: white space, words, grapheme clusters, punctuation, units of offsets."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus_tool import masking

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Units = tuple[NDArray[np.int64], NDArray[np.int64]]

SHOWN = 60
_LOOK_BACK = 128
_LONGEST_WORD = 200
_MOST_DANGLING = 20
_FLAG_LETTERS = "".join(chr(number) for number in range(0x1F1E6, 0x1F200))
UNITS = ("UTF-16 code units", "UTF-8 bytes", "grapheme clusters")


def shown(text: str, most: int = SHOWN) -> str:
    """A piece of text for a message: quoted, line breaks made visible, cut; its length where text is hidden."""
    if masking.hides(text):
        return masking.veiled(text)
    cut = text[:most] + ("…" if len(text) > most else "")
    return "'" + cut.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r") + "'"


def named(char: str) -> str:
    """A character for a message: its number, and its name where it has one."""
    name = unicodedata.name(char, "control character" if unicodedata.category(char) == "Cc" else "")
    return f"U+{ord(char):04X}" + (f" {name}" if name else "")


def counted(number: int, what: str) -> str:
    """A number of things in words: '1 span', '2,000 spans'."""
    return f"{number:,} {what}{'s' * (number != 1)}"


@cache
def compiled(pattern: str) -> Any:
    """A pattern with the properties of Unicode."""
    import regex

    return regex.compile(pattern, regex.V1)


_JOINING = "".join(
    rf"\p{{{script}}}"
    for script in (
        "Arabic", "Syriac", "Mandaic", "Mongolian", "Nko", "Adlam", "Devanagari", "Bengali", "Gurmukhi", "Gujarati",
        "Oriya", "Tamil", "Telugu", "Kannada", "Malayalam", "Sinhala", "Tibetan", "Myanmar", "Khmer", "Balinese",
    )
)  # fmt: skip
_SPACELESS = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}"
_UNSEEN = (
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\uffff]"
    rf"|\u200b(?!(?<=[{_SPACELESS}]\u200b)[{_SPACELESS}])"
    rf"|\u200c(?!(?<=[{_JOINING}]\u200c)[{_JOINING}])"
    rf"|\u200d(?!(?<=[{_JOINING}]\u200d)[{_JOINING}]"
    r"|(?<=[\p{Extended_Pictographic}\U0001F3FB-\U0001F3FF\ufe0f\u20e3]\u200d)\p{Extended_Pictographic})"
    r"|(?<![\U0001F3F4\U000E0020-\U000E007F])[\U000E0001\U000E0020-\U000E007F]"
)


def unseen(text: str) -> Iterator[tuple[int, str]]:
    """Control, zero-width, bidirectional and replacement characters that no script or emoji asks for: (offset, it)."""
    return ((match.start(), match.group()) for match in compiled(_UNSEEN).finditer(text))


def maybe_unseen(data: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Byte positions of UTF-8 where `unseen` may find something; elsewhere it does not."""
    low = np.flatnonzero((data < 32) | (data == 127))
    found = [low[(data[low] != 10) & (data[low] != 9) & (data[low] != 13)]]
    lead, one, two = _followed(data, 0xC2)
    found.append(lead[one < 0xA0])
    lead, one, two = _followed(data, 0xE2)
    found.append(lead[((one == 0x80) & (((two >= 0x8B) & (two <= 0x8D)) | ((two >= 0xAA) & (two <= 0xAE))))
                      | ((one == 0x81) & (two >= 0xA0) & (two <= 0xA9))])  # fmt: skip
    lead, one, two = _followed(data, 0xEF)
    found.append(lead[((one == 0xBB) & (two == 0xBF)) | ((one == 0xBF) & (two >= 0xB9))])
    found.append(_followed(data, 0xF3)[0])
    return np.concatenate(found)


def _followed(data: NDArray[np.uint8], lead: int) -> tuple[NDArray[np.int64], Any, Any]:
    """Where a lead byte of UTF-8 stands, and the bytes one and two after it."""
    at = np.flatnonzero(data == lead)
    most = len(data) - 1
    return at, data[np.minimum(at + 1, most)], data[np.minimum(at + 2, most)]


_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\u30FC\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}\p{Hangul}"
WORD = rf"[[\p{{L}}\p{{N}}\p{{M}}]--[{_UNSPACED}]]"
"""Part of a word, in scripts that put spaces between words; Hangul is not among them, since it writes particles onto
names."""
WORD_START = rf"[[\p{{L}}\p{{N}}]--[{_UNSPACED}]]"
SPACE = r"\s"
JOINS_LEFT = r"[\p{GCB=Extend}\p{GCB=SpacingMark}\p{GCB=ZWJ}\p{GCB=V}\p{GCB=T}\p{GCB=Regional_Indicator}]"
JOINS_RIGHT = r"[\r\p{GCB=Prepend}\p{GCB=ZWJ}\p{GCB=L}\p{GCB=Extend}]"
"""Two neighbouring characters share a grapheme cluster only if the second is of the first class, or the first of the
second."""


def cluster_at(text: str, offset: int) -> tuple[int, int] | None:
    """From where to where the grapheme cluster reaches that an offset cuts; None where it falls between two."""
    if not 0 < offset < len(text):
        return None
    far = max(0, offset - _LOOK_BACK)
    low = max(text.rfind("\n", far, offset - 1) + 1, text.rfind(" ", far, offset - 1), far)
    if text[low] in _FLAG_LETTERS:  # two make a flag, counted from where the run begins
        low -= (low - len(text[:low].rstrip(_FLAG_LETTERS))) % 2
    for match in compiled(r"\X").finditer(
        text[low : offset + _LOOK_BACK]
    ):  # \X looks back as far as its string reaches
        if match.end() >= offset - low:
            return (low + match.start(), low + match.end()) if match.end() > offset - low else None
    return None


def word_around(text: str, offset: int, is_edge: Callable[[int], bool]) -> tuple[int, int] | None:
    """From where to where the word reaches that an offset cuts, or its piece between edges; None for a long one."""
    low = high = offset
    part = compiled(WORD)
    while low > 0 and part.match(text, low - 1) and (low == offset or not is_edge(low)):
        low -= 1
        if offset - low > _LONGEST_WORD:
            return None
    while high < len(text) and part.match(text, high) and (high == offset or not is_edge(high)):
        high += 1
        if high - low > _LONGEST_WORD:
            return None
    return (low, high) if high - low <= _LONGEST_WORD else None


def unit_offsets(text: str, unit: str) -> Units:
    """Offsets in a unit and in code points, side by side and rising, wherever both have a boundary."""
    if unit == UNITS[2]:
        ends = [match.end() for match in compiled(r"\X").finditer(text)]
        return np.arange(len(ends) + 1), np.array([0, *ends], dtype=np.int64)
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    width = 1 + (points > 0xFFFF).astype(np.int64)
    if unit == UNITS[1]:
        width = width + (points > 0x7F) + (points > 0x7FF)
    return np.append(0, np.cumsum(width)), np.arange(len(points) + 1)


QUOTES = "\"'“”„«»‹›‘’「」『』"
_PARTNERS = {
    '"': '"', "'": "'’", "`": "`'", "“": "”“", "”": "”", "„": "“”", "‚": "‘’", "‘": "’‘", "’": "’", "«": "»", "»": "«",
       "‹": "›", "›": "‹", "*": "*", "_": "_",
    **dict(zip("([{「『《〈（［｛【", ")]}」』》〉）］｝】", strict=True)),
}  # fmt: skip
_AMOUNTS = "%‰#&@§¶′″°©®™†‡"
_APOSTROPHES = "'’ʼ"
PUNCTUATION = rf"[\p{{P}}--[{_AMOUNTS}]]"
_ABBREVIATIONS = frozenset(
    [
        "inc",
        "corp",
        "ltd",
        "co",
        "jr",
        "sr",
        "mr",
        "mrs",
        "ms",
        "messrs",
        "dr",
        "st",
        "no",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "ave",
        "rd",
        "blvd",
        "gov",
        "sen",
        "rep",
        "gen",
        "lt",
        "col",
        "sgt",
        "capt",
        "cpl",
        "maj",
        "adm",
        "cmdr",
        "prof",
        "rev",
        "hon",
        "bros",
        "dept",
        "assn",
        "vs",
        "etc",
        "cie",
        "plc",
        "llc",
        "gmbh",
        "mt",
        "ft",
        "fr",
        "pres",
        "supt",
        "vol",
        "est",
        "bzw",
        "str",
        "ca",
        "al",
        "esq",
        "mme",
        "mlle",
        "sra",
        "srta",
        "ing",
        "mag",
    ]
)


def dangling_punctuation(covered: str, after: str) -> str | None:
    """The punctuation that a span begins or ends with though it is no part of it; None where there is none.

    Paired quotes and brackets, full stops of abbreviations, apostrophes and the signs of amounts belong to the span;
    `after` is what the text goes on with.
    """
    if compiled(rf"{PUNCTUATION}+").fullmatch(covered):
        return covered
    if len(covered) > 1 and covered[-1] in _PARTNERS.get(covered[0], ""):
        return None
    if _dangles(covered, 0):
        return covered[0]
    if covered[-1] in ".!?":
        return None if (covered[-1] == "." and _abbreviated(covered)) or _goes_on(after) else covered[-1]
    return covered[-1] if _dangles(covered, len(covered) - 1) else None


def without_dangling(covered: str, after: str) -> tuple[int, int]:
    """From where to where a span reaches without the punctuation and white space at its edges.

    Nowhere, [0, 0), where there is nothing else, or too much of it.
    """
    low, high = 0, len(covered)
    while low < high:
        if low + len(covered) - high > _MOST_DANGLING:
            return 0, 0
        piece = covered[low:high]
        mark = dangling_punctuation(piece, covered[high:] + after)
        if mark == piece:
            return 0, 0
        if piece[0].isspace() or (mark == piece[0] and _dangles(piece, 0)):
            low += 1
        elif piece[-1].isspace() or mark is not None:
            high -= 1
        else:
            break
    return low, high


def _dangles(covered: str, at: int) -> bool:
    char = covered[at]
    rest = covered.lstrip(char) if at == 0 else covered.rstrip(char)
    if not compiled(PUNCTUATION).match(char) or char in _APOSTROPHES:
        return False
    if at == 0 and unicodedata.category(char) == "Pd":
        return not rest[:1].isdigit()
    if at == 0 and char == ".":
        return not rest[:1].isalnum()
    partners = (
        _PARTNERS.get(char, "") if at == 0 else "".join(left for left, right in _PARTNERS.items() if char in right)
    )
    return not any(partner in rest for partner in partners)


def _abbreviated(covered: str) -> bool:
    """Whether the final full stop belongs to an abbreviation: 'a.m.', 'Inc.', 'J.', 'U.S.'."""
    word = covered[:-1].rsplit(maxsplit=1)[-1].strip("()[]\"'") if covered[:-1].split() else ""
    return "." in word or len(word) == 1 or word.casefold() in _ABBREVIATIONS


def _goes_on(after: str) -> bool:
    """Whether the sentence goes on after the span, so that its last mark is its own: 'Yahoo! said', 'Bros., a firm'."""
    following = after.lstrip(" ")
    return following[:1] in (",", ";", ":") or (following[:1].islower() and after[:1] == " ")
