"""A file of HIPE, line by line, to its documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Imported
from corpus_tool.formats.conll.blocks import lone, read_blocks
from corpus_tool.formats.conll.troubles import DOUBT, ENCODING, FORM, LINE
from corpus_tool.formats.hipe import headers
from corpus_tool.formats.hipe.cells import LITERAL, TOKEN
from corpus_tool.formats.hipe.drafts import Draft
from corpus_tool.refusals import of_encoding, wide_encoding


@dataclass(slots=True)
class Reading:
    """One file on its way to articles; `named` are its columns, `held` comments that wait for their document."""

    path: str
    stem: str
    fix: bool = False
    draft: Draft = field(init=False)
    named: Sequence[str] = ()
    held: list[str] = field(default_factory=list)
    number: int = 1
    blank: bool = False

    def __post_init__(self) -> None:
        self.draft = Draft(self.path, self.fix)

    def read(self, stream: BinaryIO) -> Iterator[Imported]:
        """All articles; documents part at blank lines that comments follow, and at each `document_id`."""
        for blocks in read_blocks(stream):
            for first, block in blocks.found:
                line, text = first, block
                if not self.named:
                    header, _, text = block.partition("\n")
                    if (refusal := self._columns(line, header)) is not None:
                        yield Imported(self.path, None, (refusal,))
                        return
                    line += 1
                broken = not blocks.whole and lone(block) >= 0
                yield from self._block(line, text, broken=broken)
        yield from self._ended()

    def _columns(self, line: int, content: str) -> Finding | None:
        """Take in the first row, which names the columns; why it does not."""
        at = Location(self.path, line, 1, article=self.stem)
        wide = wide_encoding(content[:4].encode(errors="surrogateescape"))
        if wide is not None:
            return Finding(*ENCODING, Severity.ERROR, at, of_encoding(wide).message)
        names = content.split("\t")
        if names[0] != TOKEN or LITERAL not in names or len(set(names)) < len(names):
            message = f"the first row does not name the columns: {TOKEN}, {LITERAL} and others, parted by tabs"
            return Finding(*FORM, Severity.ERROR, at, message)
        self.named = names
        return None

    def _block(self, line: int, text: str, *, broken: bool) -> Iterator[Imported]:
        """Take in lines without a blank one, of which some are not UTF-8 where they are `broken`."""
        self.blank = True
        for number, stretch in _stretches(line, text):
            at, rest = number, stretch
            if self.held or self.blank:  # so that the first row begins its document
                first, _, rest = stretch.partition("\n")
                yield from self._line(number, first)
                at += 1
            if rest and (broken or self.held or self.blank or not self._plain(at, rest)):
                for own, content in enumerate(rest.split("\n"), at):
                    yield from self._line(own, content)

    def _plain(self, line: int, text: str) -> bool:
        """Take in lines that are all rows of as many cells as there are columns, as most are; whether they are."""
        width, number = len(self.named), text.count("\n") + 1
        # A break stays with the first cell behind it, so that their count shows whether each line has all its cells.
        cells = text.replace("\n", "\t\n").split("\t")
        words = "".join(cells[::width]).split("\n") if width > 1 else []
        if len(cells) != number * width or len(words) != number:
            return False
        if self.named[0] in words or not all(words) or any(map(str.isspace, words)):
            return False
        self.draft.rows(line, [words, *(cells[at::width] for at in range(1, width))])
        return True

    def _line(self, line: int, content: str) -> Iterator[Imported]:
        if (at := lone(content)) >= 0:
            yield from self._next()
            self.draft.troubles.add(ENCODING, Severity.ERROR, line, at + 1, "not UTF-8: the document is left out")
            self.draft.refused = True
        elif not content.strip(" \t\r"):
            self.blank = True
        elif content.startswith("#") and "\t" not in content:
            self.held.append(content)
        elif content.split("\t") != self.named:
            yield from self._next()
            self._row(line, content)

    def _row(self, line: int, content: str) -> None:
        cells = content.split("\t")
        if len(cells) != len(self.named) or not cells[0]:
            message = f"not a row of {len(self.named)} columns, left out: '{content[:60]}'"
            self.draft.troubles.add(LINE, Severity.ERROR, line, 1, message)
            return
        if self.blank and self.draft.lines:
            message = "a blank line within a document: nothing parts it from the one before"
            self.draft.troubles.add(DOUBT, Severity.WARNING, line, 1, message)
        self.blank = False
        self.draft.rows(line, [[cell] for cell in cells])

    def _next(self) -> Iterator[Imported]:
        """Give the comments that were held to their document: the next one, where they begin it."""
        if not self.held:
            return
        names = any((found := headers.COMMENT.fullmatch(one)) and headers.is_id(found[1]) for one in self.held)
        if (self.draft.lines or self.draft.refused) and (names or self.blank):
            yield self._finished()
        self._comments()

    def _comments(self) -> None:
        for one in self.held:
            self.draft.comment(one)
        self.held.clear()
        self.blank = False

    def _finished(self) -> Imported:
        whole, self.draft = self.draft, Draft(self.path, self.fix)
        self.number += 1
        return whole.finished(f"{self.stem}-{self.number - 1:04}", self.named)

    def _ended(self) -> Iterator[Imported]:
        """The documents that the end of the file ends; the last may be of comments alone."""
        yield from self._next()
        if self.number == 1 and self.draft.name is None:
            yield self.draft.finished(self.stem, self.named)
        elif self.draft.lines or self.draft.begun or self.draft.refused:
            yield self._finished()


def _stretches(line: int, text: str) -> Iterator[tuple[int, str]]:
    """Each line that may be a comment, and all lines between two such together, with the number of the first."""
    begin = 0
    while begin < len(text):
        end = text.find("\n" if text.startswith("#", begin) else "\n#", begin)
        end = len(text) if end < 0 else end
        yield line, text[begin:end]
        line += text.count("\n", begin, end) + 1
        begin = end + 1
