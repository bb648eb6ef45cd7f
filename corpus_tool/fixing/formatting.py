"""Articles written anew in canonical form: one annotation a line, so that differences in git can be read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus_tool.blocks import MAX_BYTES, Block
from corpus_tool.canonical import dumps_line, dumps_pretty
from corpus_tool.decoding import decode
from corpus_tool.fixing.units import Counts, Piece, Unit, piece, units_of
from corpus_tool.refusals import BOM, Refusal

if TYPE_CHECKING:
    from corpus_tool.validate import Checker

FORMATTED = "formatted"


@dataclass(frozen=True)
class Formatter:
    """Writes the articles of blocks in canonical form: a `.json` file over lines, a line of JSONL on one.

    What is no article of the contract's shape stays as it is, and counts as stuck.
    """

    checker: Checker

    def __call__(self, block: Block) -> tuple[list[Piece], int]:
        """The chunks of a block in order, with what changes in each, and the number of its articles."""
        pieces, articles = [], 0
        for given in block.chunks:
            chunk = given if given.problem else replace(given, data=given.read(), path=None)
            units = [] if chunk.problem else units_of(chunk)
            for unit in units:
                articles += bool(unit.data.strip())
                self.format(unit)
            pieces.append(piece(chunk, units))
        return pieces, articles

    def format(self, unit: Unit) -> None:
        written = self.formatted(unit.data, whole=unit.chunk.whole)
        counted = Counter({FORMATTED: 1})
        if written is None:
            unit.counts = Counts(stuck=counted)
        elif written != unit.data:
            unit.data, unit.counts = written, Counts(fixed=counted)

    def formatted(self, data: bytes, *, whole: bool) -> bytes | None:
        """The canonical form of an article; empty for a blank line, None for what cannot be written in it."""
        import orjson

        data = data.removeprefix(BOM)
        if not data.strip() and not whole:
            return b""
        value = None if len(data) > MAX_BYTES else decode(data)
        if value is None or isinstance(value, Refusal) or not self._has_the_shape(value):
            return None
        try:
            return (dumps_pretty if whole else dumps_line)(value, self.checker.contract)
        except orjson.JSONEncodeError:  # nested deeper than it writes, as an open part of a schema allows
            return None

    def _has_the_shape(self, value: object) -> bool:
        verdict = self.checker.verdict
        return verdict.accepts(value) or not any(breach.shape for breach in verdict.breaches(value))
