"""Blocks of lines as articles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Imported, Source
from corpus_tool.formats.conllu.blocks import Blocks, Broken
from corpus_tool.formats.conllu.comments import Said, opens_article, parse_comments
from corpus_tool.formats.conllu.draft import AMBIGUOUS, MALFORMED, Draft
from corpus_tool.formats.conllu.finishing import Finisher
from corpus_tool.formats.conllu.layers import layers_of
from corpus_tool.formats.conllu.naming import Names
from corpus_tool.formats.conllu.paragraphs import BLOCK, Begun, default_id, type_of
from corpus_tool.formats.conllu.records import parse_record
from corpus_tool.formats.conllu.sentences import Builder
from corpus_tool.formats.conllu.shape import shape_of

if TYPE_CHECKING:
    from typing import BinaryIO

_UTF8 = ("IO001", "text-is-utf8")
_MARK = ("IO004", "file-has-no-byte-order-mark")


def read_articles(source: Source, stream: BinaryIO) -> Iterator[Imported]:
    """The articles of a file, one at a time."""
    reading = _Reading(source)
    blocks = Blocks(stream)
    for line, block in blocks:
        yield from reading.take(line, block)
    yield from reading.end(blocks)


@dataclass(slots=True)
class _Reading:
    """A file on its way to articles."""

    source: Source
    builder: Builder = field(default_factory=Builder)
    finisher: Finisher | None = None
    header: str | None = None
    """What `# global.Entity` said last: it holds for the articles that follow, too."""
    unnamed: int = 0

    def take(self, line: int, block: str | Broken) -> Iterator[Imported]:
        if isinstance(block, Broken):
            yield from self._broken(line, block)
            return
        lines = block.split("\n")
        count = next((number for number, one in enumerate(lines) if not one.startswith("#")), len(lines))
        comments, rows = lines[:count], lines[count:]
        if any(one.startswith("#") for one in rows):
            comments, rows = self._stray(line, lines)
        begins = opens_article(comments)
        if begins and self.finisher is not None:
            yield self.finisher.finish()
            self.finisher = None
        said = parse_comments(comments, line, opening=self.finisher is None)
        if self.finisher is None:
            self.finisher = self._opened(line, said, begins=begins)
        self._sentence(self.finisher, line, count, said, rows)

    def _stray(self, line: int, lines: list[str]) -> tuple[list[str], list[str]]:
        """Comments between rows are read as ones before them."""
        finisher = self.finisher or self._opened(line, Said(), begins=False)
        self.finisher = finisher
        number = next(
            at for at in range(1, len(lines)) if lines[at].startswith("#") and not lines[at - 1].startswith("#")
        )
        finisher.draft.malformed((line + number, 1), "a comment stands between rows: it is read as one before them")
        comments = [one for one in lines if one.startswith("#")]
        return comments, [one for one in lines if not one.startswith("#")]

    def _opened(self, line: int, said: Said, *, begins: bool) -> Finisher:
        name = said.newdoc_id
        if name is None:
            self.unnamed += begins
            name = f"{self.source.id}-{self.unnamed:04}" if begins else self.source.id
        finisher = Finisher(Draft(self.source.path, name, Names(name), line))
        finisher.header = self.header
        return finisher

    def _sentence(self, finisher: Finisher, line: int, count: int, said: Said, rows: list[str]) -> None:
        draft = finisher.draft
        draft.stated += [(at, key or "", value) for at, key, value in said.article]
        for at, key, value in said.article:
            if key == "global.Entity":
                self.header = finisher.header = value
            elif key == "global.columns":
                draft.malformed(
                    (at, 1), "this is CoNLL-U Plus, with columns of its own; only the ten of CoNLL-U are read"
                )
                draft.refused = True
        if draft.refused or not rows:
            if not rows and not said.article and not said.newdoc:
                draft.malformed((line, 1), "comments without a sentence: they are left out")
            return
        finisher.layers = finisher.layers or layers_of((key, value) for _, key, value in draft.stated)
        draft.explicit = finisher.layers.explicit
        shape = shape_of(draft, [row.split("\t") for row in rows], line + count)
        if not shape.words and not shape.surface:
            return
        name, short = draft.names.sentence(said.sent_id)
        if said.sent_id is not None and name != said.sent_id:
            draft.ambiguous((line, 1), f"the sent_id '{said.sent_id[:60]}' stands twice: this one becomes {name}")
        sentence = self.builder.build(draft, shape, said, short)
        finisher.sentences.append(sentence)
        finisher.names.append((name, said.sent_id is not None, line))
        self._notes(finisher, said, name, short, line)

    def _notes(self, finisher: Finisher, said: Said, name: str, short: str, line: int) -> None:
        finisher.note(said.notes, name, short)
        if finisher.layers is not None and finisher.layers.explicit:
            for at, value in said.passages:
                finisher.explicit_passage(at, dict(parse_record(value)))
            for note in said.paragraph:
                above = next((one for one in reversed(finisher.begun) if line <= one.line < note[0]), None)
                finisher.note([note], above.id if above else name, above.id if above else short)
        elif said.newpar:
            block = next((text for _, key, text in said.paragraph if key == BLOCK), None)
            name = said.newpar_id or default_id(short)
            kind = type_of(block, first=not finisher.begun)
            finisher.begun.append(Begun(len(finisher.sentences) - 1, name, kind, None, line))
            finisher.note(said.paragraph, name, name)

    def _broken(self, line: int, block: Broken) -> Iterator[Imported]:
        comments = [one for one in block.text.split("\n") if one.startswith("#")]
        begins = opens_article(comments)
        if begins and self.finisher is not None:
            yield self.finisher.finish()
            self.finisher = None
        if self.finisher is None:
            said = parse_comments(comments, line, opening=True)
            self.finisher = self._opened(line, said, begins=begins)
        draft = self.finisher.draft
        draft.refused = True
        place = (line + block.line, block.column)
        draft.report(_UTF8 if block.utf8 else MALFORMED, Severity.ERROR, place, block.reason)

    def end(self, blocks: Blocks) -> Iterator[Imported]:
        """The last article, with what is to be said of the file."""
        path = self.source.path
        said = []
        if blocks.marked:
            said.append(
                Finding(*_MARK, Severity.WARNING, Location(path, 1, 1), "the file begins with a byte order mark")
            )
        if blocks.carriage_returns:
            message = "lines end in CR LF, where CoNLL-U has LF: they are read as if they did"
            said.append(Finding(*AMBIGUOUS, Severity.WARNING, Location(path, 1, 1), message))
        if self.finisher is not None:
            yield self.finisher.finish(tuple(said))
        else:
            message = "the file has no sentence"
            said.append(Finding(*MALFORMED, Severity.ERROR, Location(path, 1, 1, article=self.source.id), message))
            yield Imported(path, None, tuple(said))
