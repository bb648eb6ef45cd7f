"""Rows of one sentence as tokens and words of an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus_tool.formats.conllu.aligning import gaps_of
from corpus_tool.formats.conllu.cells import NO_SPACE, NO_WORD, NOTHING, Cache, placed
from corpus_tool.formats.conllu.draft import Annotation, Draft, Spacing, column
from corpus_tool.formats.conllu.shape import Row, Shape
from corpus_tool.formats.conllu.words import WordReader

if TYPE_CHECKING:
    from corpus_tool.formats.conllu.comments import Said

PARAGRAPH = "\n\n"
"""What stands between two paragraphs of which nothing else is said."""


@dataclass(slots=True)
class Sentence:
    """A sentence as it stands in the article: its first token and word, and how they are called."""

    short: str
    shape: Shape
    words: list[Annotation]
    tokens: list[Annotation]
    start: int
    end: int
    cells: list[tuple[int, dict[str, str]]]
    """What words say of mentions, by their place."""


@dataclass(slots=True)
class Builder:
    """Builds sentences; what cells say is kept, since they come again."""

    cache: Cache = field(default_factory=Cache)

    def build(self, draft: Draft, shape: Shape, said: Said, short: str) -> Sentence:
        """Add the tokens and words of a sentence to the draft."""
        before, mark = draft.length, len(draft.pieces)
        lead = self._lead(draft, shape, newpar=said.newpar)
        tokens = self._tokens(draft, shape, "K" + short + ":", lead)
        start = before + len(lead)
        text = "".join(draft.pieces[mark + 1 :])
        if said.text is not None and said.text != text:
            gaps = gaps_of(text, said.text, [token["spans"][0]["text"] for token in tokens])
            if isinstance(gaps, list):
                draft.length, draft.pieces[mark:] = before, []
                where = said.text_line
                draft.ambiguous((where, 1), "SpaceAfter says otherwise than this text: the text is taken")
                tokens = self._tokens(draft, shape, "K" + short + ":", lead, gaps)
            elif gaps is None:
                message = "this text is not that of the words below: the words are taken, the text stays as a note"
                draft.ambiguous((said.text_line, 1), message)
                said.notes.append((said.text_line, "text", said.text))
        reader = WordReader(draft, self.cache, shape, short)
        words = reader.read()
        if not shape.plain:
            reader.ranges(tokens)
        draft.layers.setdefault("tokens", []).extend(tokens)
        draft.places.of("tokens").extend(shape.surface_lines)
        self._keep(draft, words, shape.lines)
        self._remember(draft, shape, words, tokens)
        return Sentence(short, shape, words, tokens, start, draft.length, self._coreference(draft, shape))

    @staticmethod
    def _keep(draft: Draft, words: list[Annotation], lines: Sequence[int]) -> None:
        if draft.explicit:
            pairs = [pair for pair in zip(words, lines, strict=True) if NO_WORD not in pair[0].get("misc", ())]
            words, lines = [word for word, _ in pairs], [line for _, line in pairs]
        draft.layers.setdefault("words", []).extend(words)
        draft.places.of("words").extend(lines)

    def _lead(self, draft: Draft, shape: Shape, *, newpar: bool) -> str:
        """The white space before the sentence; what it settles of the last token's MISC is put back there."""
        first = self.cache.misc_of(shape.surface[0][9]) if shape.surface else None
        before = first.before if first else ""
        spacing = draft.spacing
        if not draft.pieces:
            return before
        if spacing.firm:
            return (spacing.after or "") + before
        if newpar:
            put_back(spacing)
            return PARAGRAPH + before
        return ("" if spacing.after == "" else " ") + before

    def _tokens(
        self, draft: Draft, shape: Shape, prefix: str, lead: str, gaps: Sequence[str] | None = None
    ) -> list[Annotation]:
        tokens: list[Annotation] = []
        append, put, known = tokens.append, draft.pieces.append, self.cache.misc
        gap, at = lead, draft.length
        for row in shape.surface:
            form, cell, after = row[1], row[9], " "
            if cell != "_":
                misc = known.get(cell) or self.cache.misc_of(cell)
                if misc.inside is not None:
                    form = misc.inside
                if misc.before and tokens:
                    gap += misc.before
                if misc.after is not None:
                    after = misc.after
            start = at + len(gap)
            at = start + len(form)
            put(gap)
            put(form)
            append({"id": prefix + row[0], "spans": [{"start": start, "end": at, "text": form}]})
            gap = after if gaps is None else gaps[len(tokens) - 1]
        draft.length = at
        return tokens

    def _remember(self, draft: Draft, shape: Shape, words: list[Annotation], tokens: list[Annotation]) -> None:
        if not tokens:
            return
        row = shape.surface[-1]
        misc = self.cache.misc_of(row[9])
        holder = words[-1] if shape.plain else self._holder(shape, words, row)
        draft.spacing = Spacing(misc.after, misc.firm, holder)

    @staticmethod
    def _holder(shape: Shape, words: list[Annotation], row: Row) -> Annotation | None:
        """The word whose row is that of the token, where it is one."""
        return next((word for word, one in zip(words, shape.words, strict=True) if one is row), None)

    def _coreference(self, draft: Draft, shape: Shape) -> list[tuple[int, dict[str, str]]]:
        found = []
        for at, row in enumerate(shape.words):
            misc = self.cache.misc_of(row[9]) if row[9] != "_" else NOTHING
            if misc.coreference is not None:
                found.append((at, misc.coreference))
            if misc.again is not None:
                message = f"{misc.again} stands twice, or without a value: that is left out"
                draft.malformed((shape.lines[at], column(row, 9)), message)
        return found


def put_back(spacing: Spacing) -> None:
    """`SpaceAfter=No` at the end of a paragraph or article, where the text does not show it, stays in the MISC."""
    if spacing.after == "" and not spacing.firm and spacing.holder is not None:
        spacing.holder["misc"] = placed(spacing.holder.get("misc"), dict(NO_SPACE))
        spacing.after = None
