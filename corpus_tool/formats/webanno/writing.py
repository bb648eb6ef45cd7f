"""A document of typed layers as the lines of a WebAnno TSV 3.3 file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from corpus_tool.formats import Unit as OffsetUnit
from corpus_tool.formats.made import ContentIds
from corpus_tool.formats.tally import Tally
from corpus_tool.formats.typed_layers.model import LayerKind, TypedDocument, TypedRelation, TypedSpan
from corpus_tool.formats.typed_layers.names import ANNOTATION
from corpus_tool.formats.units import Offsets
from corpus_tool.formats.webanno.blocks import Block, blocks
from corpus_tool.formats.webanno.escapes import escape_text, escape_value
from corpus_tool.formats.webanno.header import Cell, Column, declare
from corpus_tool.formats.webanno.placing import Placed, Placing, Unit
from corpus_tool.formats.webanno.schema import schema

_CONTROL = ("\t", "\n", "\r")


def write_lines(document: TypedDocument, lost: Tally) -> Iterator[str]:
    """The lines, each without its end: header, then a block for each sentence behind an empty line."""
    columns = schema(document)
    found = blocks(document, lost)
    yield "#FORMAT=WebAnno TSV 3.3"
    for layer, own in groupby(columns, lambda column: column.layer):
        yield declare(layer, own)
    yield ""
    writer = _Writer(document, columns, found, lost)
    at = 0
    for number, block in enumerate(found):
        yield ""
        yield from writer.head(number, block, at)
        at = block.end
        for token in block.tokens:
            yield from writer.unit(writer.units[token.begin])
    if not found:
        yield ""
        yield from writer.comment(list(writer.layers()))
    if not found and document.text:
        yield from (f"#Text={escape_text(line)}" for line in document.text.split("\n"))


class _Writer:
    """What the cells of one document say."""

    def __init__(self, document: TypedDocument, columns: list[Column], found: list[Block], lost: Tally) -> None:
        self.document, self.columns, self.blocks, self.lost = document, columns, found, lost
        self.spans = {span.id: span for span in document.spans}
        self.relations = {one.id: one for one in document.relations}
        ids = ContentIds()
        self.derived = {one.id: ids.make("S", one.begin, one.end) for one in document.sentences or ()}
        """The ids of sentences that need not be written: reading makes the same."""
        self.links: dict[str, tuple[str | None, str | None, int, int]] = {}
        self.offsets = Offsets(document.text, OffsetUnit.UTF16)
        tokens = [
            (f"{number}-{place}", token)
            for number, block in enumerate(found, start=1)
            for place, token in enumerate(block.tokens, start=1)
        ]
        self.placing = Placing(tokens, document.id, lost)
        self.units = {unit.begin: unit for unit in self.placing.units}
        self.tokens = {token.id: (unit, token) for unit, (_, token) in zip(self.placing.units, tokens, strict=True)}
        self.place()
        self.number_targets()

    def place(self) -> None:
        for layer in dict.fromkeys(column.layer for column in self.columns):
            kind = next(column.kind for column in self.columns if column.layer == layer)
            if kind is LayerKind.SPAN:
                own = [
                    Placed(one.id, layer, kind, one.begin, one.end) for one in self.document.spans if one.type == layer
                ]
            elif kind is LayerKind.CHAIN:
                own = list(self.chain_links(layer))
            else:
                own = [self.placed(one) for one in self.document.relations if one.type == layer and self.holds(one)]
            self.placing.place(own)

    def chain_links(self, layer: str) -> Iterator[Placed]:
        for number, chain in enumerate(self.document.chains, start=1):
            if chain.type != layer:
                continue
            for place, one in enumerate(chain.elements, start=1):
                name = f"{chain.id}#{place}"
                self.links[name] = (one.kind, one.relation, number, place)
                yield Placed(name, layer, LayerKind.CHAIN, one.begin, one.end)

    def reachable(self, name: str) -> bool:
        return name in self.placing.named or name in self.tokens

    def holds(self, one: TypedRelation) -> bool:
        held = self.reachable(one.source) and self.reachable(one.target)
        if not held:
            self.lost.add("relations to what no token covers", f"{self.document.id}: {one.id}")
        return held

    def placed(self, one: TypedRelation) -> Placed:
        """A relation stands where its target does."""
        target = self.spans.get(one.target)
        if target is not None:
            return Placed(one.id, one.type, LayerKind.RELATION, target.begin, target.end)
        _, token = self.tokens[one.target]
        return Placed(one.id, one.type, LayerKind.RELATION, token.begin, token.end)

    def number_targets(self) -> None:
        """What a slot or a relation of no one type leads to has a number, as its type is not known from the column."""
        untyped = {(column.layer, column.feature) for column in self.columns if column.target == ANNOTATION}
        for unit in self.all_units():
            for column in self.columns:
                for name in unit.stacked.get(column.layer, ()):
                    if column.cell is Cell.FILLERS and (column.layer, column.feature) in untyped:
                        for slot in self.spans[name].slots:
                            for link in slot.links if slot.feature == column.feature else ():
                                self.number(link.target)
                    elif column.cell is Cell.SOURCE and column.target == ANNOTATION:
                        self.number(self.relations[name].source)
                        self.number(self.relations[name].target)

    def number(self, name: str) -> None:
        """A token has no number: instead all else on it has one."""
        spans = {column.layer for column in self.columns if column.kind is LayerKind.SPAN}
        unit = self.tokens[name][0] if name in self.tokens else None
        there = unit.stacked.items() if unit is not None else [("", [name])]
        for one in [each for layer, own in there for each in own if layer in spans or not layer]:
            self.placing.number(one)

    def all_units(self) -> Iterator[Unit]:
        for unit in self.placing.units:
            yield unit
            yield from unit.parts

    def head(self, number: int, block: Block, at: int) -> Iterator[str]:
        """The comments before the tokens of a block; `at` is where the block before it ends."""
        text, begin = self.document.text, block.tokens[0].begin
        yield from self.comment([*self.made(block), *(self.layers() if number == 0 else ())])
        gap = text[at:begin]
        if gap != ("\n".ljust(len(gap)) if number and gap else " " * len(gap)):
            yield f"#Gap={escape_text(gap)}"
        if block.begin != begin:
            yield f"#Begin={self.offsets.from_points(block.begin)}"
        if block is self.blocks[-1] and block.end < len(text):
            yield f"#End={escape_text(text[block.end :])}"
        if block.sentence is not None and block.sentence.name not in (None, self.derived.get(block.sentence.id)):
            yield f"#Sentence.id={escape_text(str(block.sentence.name))}"
        yield from (f"#Text={escape_text(line)}" for line in text[begin : block.end].split("\n"))

    @staticmethod
    def comment(made: list[str]) -> list[str]:
        return [f"#Made={' '.join(made)}"] if made else []

    @staticmethod
    def made(block: Block) -> Iterator[str]:
        """What of a block the article does not have."""
        if block.sentence is None:
            yield "sentence"
        if block.tokens[0].id is None:
            yield "tokens"

    def layers(self) -> Iterator[str]:
        """The layers that the article does not have."""
        if self.document.sentences is None:
            yield "layer-of-sentences"
        if self.document.tokens is None:
            yield "layer-of-tokens"

    def unit(self, unit: Unit) -> Iterator[str]:
        """The lines of a token and its parts."""
        for one in (unit, *unit.parts):
            form = self.document.text[one.begin : one.end]
            shown = escape_text(form) if any(sign in form for sign in _CONTROL) else form
            begin, end = self.offsets.from_points(one.begin), self.offsets.from_points(one.end)
            cells = "".join(f"{self.cell(one, column)}\t" for column in self.columns)
            yield f"{one.id}\t{begin}-{end}\t{shown}\t{cells}"

    def cell(self, unit: Unit, column: Column) -> str:
        there = unit.stacked.get(column.layer)
        return "|".join(self.value(name, column) for name in there) if there else "_"

    def value(self, name: str, column: Column) -> str:
        if column.kind is LayerKind.CHAIN:
            kind, relation, chain, place = self.links[name]
            return f"{_said(kind)}[{chain}]" if column.cell is Cell.ELEMENT else f"{_said(relation)}->{chain}-{place}"
        if column.cell is Cell.SOURCE:
            return self.source(self.relations[name])
        number = self.placing.numbers.get(name)
        behind = "" if number is None or column.kind is LayerKind.RELATION else f"[{number}]"
        if column.cell is Cell.VALUE:
            one: TypedSpan | TypedRelation = self.spans[name] if name in self.spans else self.relations[name]
            return _said(one.features.get(column.feature)) + behind
        if column.cell is Cell.NOTHING:
            return f"*{behind}"
        return self.slot(name, column, behind)

    def slot(self, name: str, column: Column, behind: str) -> str:
        links = [
            link
            for slot in self.spans[name].slots
            if slot.feature == column.feature
            for link in slot.links
            if self.reachable(link.target)
        ]
        if column.cell is Cell.ROLES:
            return (";".join(_said(link.role) for link in links) if links else "_") + behind
        return ";".join(self.reference(link.target) for link in links) if links else "*"

    def reference(self, name: str) -> str:
        unit = self.placing.named.get(name) or self.tokens[name][0]
        number = self.placing.numbers.get(name)
        return unit.id if number is None else f"{unit.id}[{number}]"

    def source(self, one: TypedRelation) -> str:
        unit = self.placing.named.get(one.source) or self.tokens[one.source][0]
        ends = [self.placing.numbers.get(name) for name in (one.source, one.target)]
        return unit.id if ends == [None, None] else f"{unit.id}[{ends[0] or 0}_{ends[1] or 0}]"


def _said(value: str | None) -> str:
    return "*" if value is None else escape_value(value)
