"""Where a reader's copy of a text differs from the text, of which only digests are known."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping

from corpus_tool.release.withholding.texts import MARKED, Known, differing_block, mark, text_digest

_MEND: Mapping[str, Callable[[str], str]] = {
    "a byte order mark": lambda text: text.removeprefix("\ufeff"),
    "line ends": lambda text: text.replace("\r\n", "\n").replace("\r", "\n"),
    "line ends, which were CR LF": lambda text: text.replace("\n", "\r\n"),
    "a line feed at the end": lambda text: text.removesuffix("\n"),
    "a line feed that is missing at the end": lambda text: f"{text}\n",
    "line ends, and one at the end": lambda text: text.replace("\r\n", "\n").removesuffix("\n"),
    "white space at the ends": str.strip,
    "Unicode form (it was NFC)": lambda text: unicodedata.normalize("NFC", text),
    "Unicode form (it was NFD)": lambda text: unicodedata.normalize("NFD", text),
}
"""What copies commonly differ in, and what takes it back."""
_USUAL = "".join(map(chr, range(0x20, 0x7F))) + "\n\t\r\u00a0\u2019\u2018\u201c\u201d\u2013\u2014\u2026\ufeff"


def divergence(text: str, known: Known) -> str | None:
    """What is to be said of a copy that differs, with where it does so first; None of one that is the text.

    The place is exact where one character differs or something usual does, else that of the first stretch that does.
    """
    if text_digest(text) == known.sha256:
        return None
    length = f"it has {len(text):,} characters" + (
        "" if len(text) == known.characters else f", not {known.characters:,}"
    )
    for what, mend in _MEND.items():
        mended = mend(text)
        if mended != text and text_digest(mended) == known.sha256:
            return f"differs in {what}, from character {_first(text, mended):,} on ({length})"
    at = _one_edit(text, known)
    if at is not None:
        return f"differs in one character, number {at:,} ({length})"
    start = differing_block(text, known) * MARKED
    return f"differs first between characters {start:,} and {start + MARKED - 1:,} ({length})"


def _first(text: str, other: str) -> int:
    """The first code point, from 0, in which two texts differ."""
    pairs = zip(text, other, strict=False)
    return next((at for at, (one, two) in enumerate(pairs) if one != two), min(len(text), len(other)))


def _one_edit(text: str, known: Known) -> int | None:
    """Where one character more, less or other makes the copy the text: tried in the first stretch that differs."""
    if abs(len(text) - known.characters) > 1:
        return None
    block = differing_block(text, known)
    start = block * MARKED
    wanted = known.marks[block * 4 : block * 4 + 4]
    size = min(MARKED, known.characters - start)
    window = text[start : start + MARKED + 1]
    for at, mended, letter, rest in _edits(window, text, known.characters - len(text)):
        if size <= 0 or mark(mended[:size]) == wanted:
            whole = text[: start + at] + letter + text[start + at + rest :]
            if text_digest(whole) == known.sha256:
                return start + at
    return None


def _edits(window: str, text: str, longer: int) -> Iterator[tuple[int, str, str, int]]:
    """A stretch of a text with one edit: where that is, the stretch, what came in and how many characters went."""
    letters = [""] if longer < 0 else list(dict.fromkeys(text + _USUAL))
    rest = 0 if longer > 0 else 1
    for at in range(len(window) + 1):
        before, after = window[:at], window[at + rest :]
        yield from ((at, f"{before}{letter}{after}", letter, rest) for letter in letters)
