"""Blocks that are known: their reports kept and given back."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from corpus_tool.agreement import Agreement
from corpus_tool.blocks import Block, Chunk
from corpus_tool.caching.keys import digest, today, tool
from corpus_tool.caching.outcome import FINDINGS
from corpus_tool.caching.plain import Shift, decode, encode, named
from corpus_tool.caching.store import Store, open_store
from corpus_tool.execute import run
from corpus_tool.index import CorpusIndex, Entry
from corpus_tool.reports import BlockReport
from corpus_tool.sources import SourceFile
from corpus_tool.validate import Checker

_CLASSES = {**FINDINGS, **named((BlockReport, CorpusIndex, Entry, Agreement))}


@dataclass(frozen=True, slots=True)
class Attested:
    """A checker that also says whether the bytes it read are those that the digests of the block are of."""

    checker: Checker

    def __call__(self, block: Block) -> tuple[BlockReport, bool]:
        chunks = tuple(replace(chunk, data=chunk.read()) if chunk.problem is None else chunk for chunk in block.chunks)
        same = all(chunk.problem or sha256(chunk.read()).digest() == chunk.digest for chunk in chunks)
        return self.checker(replace(block, chunks=chunks)), same


@dataclass(slots=True)
class Memory:
    """Checks blocks through a store. `complete` is whether every report is of the bytes that its digests are of."""

    store: Store
    checker: Checker
    settings: bytes
    complete: bool = True

    def check(self, blocks: Iterable[Block], jobs: int | None) -> Iterator[BlockReport]:
        """The reports of blocks, in their order; only those are checked that are not known."""
        waiting: deque[BlockReport | Block] = deque()

        def unknown() -> Iterator[Block]:
            for block in blocks:
                report = self.known(block)
                waiting.append(block if report is None else report)
                if report is None:
                    yield block

        for report, same in run(Attested(self.checker), unknown(), jobs):
            while not isinstance(block := waiting.popleft(), Block):
                yield block
            if same:
                self.keep(block, report)
            else:
                self.complete = False
            yield report
        for known in waiting:
            assert isinstance(known, BlockReport)
            yield known

    def known(self, block: Block) -> BlockReport | None:
        """The report of a block that was checked before, its lines as they are now."""
        import orjson

        data = self.store.get(self.key(block))
        if data is None:
            return None
        try:
            report = decode(orjson.loads(data), _CLASSES, _shift(block))
        except Exception:  # noqa: BLE001 (whatever it is, it was not written by this program)
            return None
        return report if isinstance(report, BlockReport) else None

    def keep(self, block: Block, report: BlockReport) -> None:
        import orjson

        with suppress(TypeError, ValueError):
            self.store.put(self.key(block), orjson.dumps(encode(report, _CLASSES, _shift(block))))

    def key(self, block: Block) -> bytes:
        shift = _shift(block)
        return digest("block", self.settings, [self._facts(chunk, shift[chunk.name]) for chunk in block.chunks])

    def _facts(self, chunk: Chunk, shift: int) -> list[Any]:
        """What the findings of a chunk are made of; the first line of a file is like no other."""
        real = os.path.realpath(chunk.name) if self.checker.suppressions.entries else None
        first = chunk.line == 1
        return [chunk.name, real, first, chunk.line - shift, chunk.whole, chunk.digest, chunk.problem, chunk.detail]


def _shift(block: Block) -> Shift:
    """Lines before the first of each file in the block."""
    return {chunk.name: chunk.line - 1 for chunk in reversed(block.chunks)}


def recollection(checker: Checker, files: Iterable[SourceFile]) -> Memory | None:
    """A memory of what a checker finds in files; None where it depends on code or data that no key can hold."""
    from corpus_tool.plugins import is_built_in
    from corpus_tool.rules import all_rules

    store = open_store()
    piped = any(file.path is None for file in files)
    own = all(is_built_in(rule) for rule in all_rules().values())
    if store is None or piped or checker.sink is not None or not own:
        return None
    try:
        return Memory(store, checker, digest("settings", tool(), today(), checker))
    except TypeError:
        return None
