"""Documents of CoNLL coreference to articles, line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from corpus_tool.findings import Severity
from corpus_tool.formats import Imported
from corpus_tool.formats.conll.blocks import lone, read_blocks
from corpus_tool.formats.conll.troubles import ENCODING, LINE
from corpus_tool.formats.conll_coref.brackets import EMPTY
from corpus_tool.formats.conll_coref.drafts import Draft
from corpus_tool.formats.conll_coref.ontonotes import WIDTH, WORD

BEGIN = re.compile(r"#\s?begin document(?:\s+(.*))?")
_END = re.compile(r"#\s?end document.*")
_PART = re.compile(r"\((.*)\);\s*part\s+([0-9]+)")


@dataclass(slots=True)
class Reading:
    """One file on its way to articles."""

    path: str
    stem: str
    draft: Draft = field(init=False)
    number: int = 0

    def __post_init__(self) -> None:
        self.draft = Draft(self.path)

    def read(self, stream: BinaryIO) -> Iterator[Imported]:
        """All documents; a file without a line that begins one is one document."""
        for blocks in read_blocks(stream):
            for line, text in blocks.found:
                self.draft.sentence()
                for number, content in enumerate(text.split("\n"), line):
                    yield from self._line(number, content)
        if self.draft.begun or self.draft.rows or not self.number:
            yield self._finished()

    def _line(self, line: int, content: str) -> Iterator[Imported]:
        begin = BEGIN.fullmatch(content)
        if begin:
            if self.draft.begun or self.draft.rows:
                yield self._finished()
            self.draft.begun = True
            self.draft.name = _named((begin[1] or "").strip())
        elif _END.fullmatch(content):
            yield self._finished()
        elif (at := lone(content)) >= 0:
            self.draft.troubles.add(ENCODING, Severity.ERROR, line, at + 1, "not UTF-8: the document is left out")
            self.draft.refused = True
        elif not content.strip(" \t\r"):
            self.draft.sentence()
        elif content.startswith("#") and "\t" not in content:
            self.draft.comment(content)
        else:
            self._row(line, content)

    def _row(self, line: int, content: str) -> None:
        cells = content.split("\t") if "\t" in content else content.split()
        word, misc = _columns(cells)
        size = self.draft.width or len(cells)
        # The columns of predicates and their arguments vary with the sentence.
        if len(cells) < 2 or not cells[word] or (len(cells) != size and min(size, len(cells)) < WIDTH):
            message = f"not a row of words and brackets as the others, left out: '{content[:60]}'"
            self.draft.troubles.add(LINE, Severity.ERROR, line, 1, message)
            return
        self.draft.width = size
        self.draft.row(line, cells[word], cells[misc] if misc else "_", cells)
        if size < WIDTH:
            for at in (at for at in range(word + 1, size - 1) if at != misc and cells[at] not in EMPTY):
                self.draft.tally.add(f"column {at + 1}", cells[at])

    def _finished(self) -> Imported:
        whole, self.draft = self.draft, Draft(self.path)
        self.number += 1
        name = self.stem if self.number == 1 and not whole.begun else f"{self.stem}-{self.number:04}"
        return whole.finished(name)


def _named(said: str) -> str | None:
    """The id that the line which begins a document gives; a part after the first is named as well."""
    part = _PART.fullmatch(said)
    if part is None:
        return said or None
    return f"{part[1]}-{part[2]}" if int(part[2]) else part[1]


def _columns(cells: Sequence[str]) -> tuple[int, int | None]:
    """The number of the column of words, and that of what stands between them."""
    if len(cells) >= WIDTH:
        return WORD, None
    numbered = len(cells) > 2 and cells[0].isdecimal()
    return int(numbered), 2 if numbered and len(cells) == 4 else None
