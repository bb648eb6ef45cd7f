"""Columns of words and tags to articles, a batch of sentences at a time."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Imported
from corpus_tool.formats.conll.blocks import Blocks, lone, read_blocks
from corpus_tool.formats.conll.columns import COMMENT, DOCSTART, Columns, infer, is_start
from corpus_tool.formats.conll.drafts import Draft, Rows
from corpus_tool.formats.conll.tags import OUTSIDE, is_tag
from corpus_tool.formats.conll.troubles import ENCODING, FORM, LINE

_HEAD = 4_000
"""So many lines tell which column is what."""
_MOST_TAGS = 10_000
_START, _ID = "newdoc id", "id"


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector of cycles from running: of many small objects it takes more than half the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


@dataclass(slots=True)
class Reading:
    """One file on its way to articles; `numbered` is how many have begun."""

    path: str
    stem: str
    fix: bool = False
    columns: Columns = field(default_factory=Columns)
    draft: Draft = field(init=False)
    numbered: int = 1
    known: set[str] = field(default_factory=lambda: {"O"})
    sentence_ids: bool = False

    def __post_init__(self) -> None:
        self.draft = Draft(self.path, fix=self.fix)

    def read(self, stream: BinaryIO) -> Iterator[Imported]:
        """All articles; the last one when the stream has ended."""
        for number, blocks in enumerate(read_blocks(stream)):
            if number == 0 and (refusal := self._begin(blocks)) is not None:
                yield Imported(self.path, None, (refusal,))
                return
            with uncollected():
                done = [self._finished(last=False) for _ in self._batch(blocks)]
            yield from done
        yield self._finished(last=True)

    def _begin(self, blocks: Blocks) -> Finding | None:
        """Find out which column is what; why that cannot be."""
        lines = list(islice((line for _, text in blocks.found for line in [*text.split("\n"), ""]), _HEAD))
        columns = infer(lines)
        if isinstance(columns, str):
            at = Location(self.path, 1, 1, article=self.stem)
            return Finding(*FORM, Severity.ERROR, at, f"{columns}: it is no CoNLL file, or of another kind")
        self.columns = self.draft.columns = columns
        keys = [found[1] for line in lines if (found := COMMENT.fullmatch(line))]
        self.sentence_ids = keys.count(_ID) > 1 + sum(map(is_start, lines)) + keys.count(_START)
        return None

    def _batch(self, blocks: Blocks) -> Iterator[None]:
        """Take in some blocks; yields where a next article begins, to have the one before it finished."""
        for line, found in blocks.found:
            text = found
            if not blocks.whole and (at := lone(text)) >= 0:
                self._not_utf8(line, text, at)
                text = text.encode(errors="surrogateescape").decode(errors="replace")
            rows = None if "#" in text or DOCSTART in text else self._plain(line, text)
            if rows is not None:
                self.draft.add(rows)
            else:
                yield from self._lines(line, text)

    def _plain(self, line: int, text: str) -> Rows | None:
        """The rows of a block in which every line is one of as many cells as there are columns; else None."""
        columns, number = self.columns, text.count("\n") + 1
        # A break stays with the first cell behind it, so that their count shows whether each line has all its cells.
        cells = text.replace("\n", columns.separator + "\n").split(columns.separator)
        first = "".join(cells[:: columns.count]).split("\n")
        if len(cells) != number * columns.count or len(first) != number:
            return None
        words = first if columns.word == 0 else cells[columns.word :: columns.count]
        rows = Rows(words, range(line, line + number))
        if "" in words:
            return None
        if columns.tag is not None:
            rows.tags = cells[columns.tag :: columns.count]
            if not self._are_tags(rows.tags):
                return None
        if columns.misc is not None:
            rows.cells = cells[columns.misc :: columns.count]
        for at in columns.more:
            rows.more[at] = cells[at :: columns.count]
        return rows if all(self._are_tags(rows.more[at]) for at in columns.inner) else None

    def _are_tags(self, cells: list[str]) -> bool:
        if self.known.issuperset(cells):
            return True
        if not all(map(is_tag, cells)):
            return False
        if len(self.known) < _MOST_TAGS:
            self.known.update(cells)
        return True

    def _lines(self, line: int, text: str) -> Iterator[None]:
        """Take in a block line by line."""
        rows = Rows([], [])
        for number, content in enumerate(text.split("\n"), line):
            if not content.strip(" \t\r"):
                self.draft.add(rows)
                rows = Rows([], [])
            elif is_start(content):
                self.draft.add(rows)
                rows = Rows([], [])
                if self._starts():
                    yield None
                self.draft.started = True
            elif self.columns.is_comment(content):
                found = COMMENT.fullmatch(content)
                if found and found[1] == _START:
                    self.draft.add(rows)
                    rows = Rows([], [])
                    if self._starts():
                        yield None
                    self.draft.started, self.draft.name = True, found[2].strip() or None
                else:
                    self._comment(number, content, rows)
            else:
                self._row(number, content, rows)
        self.draft.add(rows)

    def _starts(self) -> bool:
        """Whether the line that begins an article ends one."""
        return self.draft.started or bool(self.draft.building.tokens)

    def _comment(self, line: int, content: str, rows: Rows) -> None:
        found = COMMENT.fullmatch(content)
        key, value = (found[1], found[2].strip()) if found else ("", content)
        if key == _ID and value and not self.sentence_ids and not self.draft.building.tokens and not rows.words:
            self.draft.name = value
        else:
            self.draft.comment(line, key, value, rows)

    def _row(self, line: int, content: str, rows: Rows) -> None:
        columns, cells = self.columns, self.columns.split(content)
        if len(cells) != columns.count or not cells[columns.word]:
            message = f"not a row of {columns.count} columns, left out: '{content[:60]}'"
            self.draft.troubles.add(LINE, Severity.ERROR, line, 1, message)
            return
        for at in () if columns.tag is None else (columns.tag, *columns.inner):
            if not is_tag(cells[at]):
                message = f"'{cells[at][:40]}' is no tag: read as O"
                self.draft.troubles.add(FORM, Severity.ERROR, line, 1, message)
                cells[at] = OUTSIDE
        rows.append(line, cells, columns)

    def _not_utf8(self, line: int, text: str, at: int) -> None:
        before = text[:at]
        place = (line + before.count("\n"), at - before.rfind("\n"))
        self.draft.troubles.add(ENCODING, Severity.ERROR, *place, "the line is not UTF-8: its article is left out")
        self.draft.refused = True

    def _finished(self, *, last: bool) -> Imported:
        """The article so far; a new one begins."""
        whole = self.draft
        only = last and self.numbered == 1 and not whole.started
        self.numbered, self.draft = self.numbered + 1, Draft(self.path, self.columns, self.fix)
        return whole.finished(self.stem if only else f"{self.stem}-{self.numbered - 1:04}")
