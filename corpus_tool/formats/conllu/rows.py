"""The comments and rows of one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus_tool.formats.conllu.cells import NO_SPACE, NO_WORD, cell_of, placed, plain
from corpus_tool.formats.conllu.comments import PASSAGE, comment_line, is_free
from corpus_tool.formats.conllu.escapes import escaped, flat
from corpus_tool.formats.conllu.headers import Written, paragraph_line
from corpus_tool.formats.conllu.layout import Laid, Token, is_root
from corpus_tool.formats.conllu.records import numbered, record
from corpus_tool.formats.conllu.sentences import PARAGRAPH
from corpus_tool.formats.conllu.words import HEAD

if TYPE_CHECKING:
    from corpus_tool.formats.tally import Tally

Annotation = Mapping[str, Any]
Order = tuple[int, int]
Cells = dict[Order, dict[str, str]]
RANGE = ("LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS", "MISC")
"""Types of notes on a token that stand in the columns of its row."""


def needs_range(token: Token, text: str) -> bool:
    """Whether a token takes a row of its own: its words are not one, or it does not read as that one does."""
    surface = text[token.start : token.end]
    return len(token.words) > 1 or any(word["form"] not in {surface, plain(shown(surface))} for word in token.words)


def shown(surface: str) -> str:
    """A piece of text as the column FORM can hold it; empty where it is white space alone."""
    return " ".join(surface.split()) if surface.strip() != surface or flat(surface) != surface else surface


@dataclass(frozen=True, slots=True)
class RowWriter:
    """Writes the sentences of one article."""

    written: Written
    cells: Cells
    tally: Tally
    is_plain: bool

    def sentence(self, number: int, one: Laid) -> Iterator[str]:
        """Comments and rows, and the blank line behind them."""
        text = self.written.article["text"]
        for line in self._comments(number, one):
            yield line + "\n"
        if self.written.notes.typed(one.id, "text") is None or one.id is None:
            yield f"# text = {flat(text[one.tokens[0].start : one.tokens[-1].end])}\n"
        for cells in self._rows(number, one):
            yield "\t".join(cells) + "\n"
        yield "\n"

    def _comments(self, number: int, one: Laid) -> Iterator[str]:
        notes = self.written.notes
        begun = self.written.paragraphs.get(number, ())
        if begun:
            yield paragraph_line(begun[0], one.short)
        for at, each in enumerate(begun, 1):
            if not self.is_plain:
                length = self.written.lengths[each["id"]]
                yield f"# {numbered(PASSAGE, at)} = " + record(
                    [("id", each["id"]), ("type", each["type"]), ("sentences", length)]
                )
            yield from self._notes(notes.by_ref.get(each["id"], ()))
        if one.id is not None:
            yield f"# sent_id = {flat(one.id)}"
            yield from self._notes(notes.by_ref.get(one.id, ()))

    def _notes(self, notes: Sequence[Annotation]) -> Iterator[str]:
        for note in notes:
            key, text = note.get("type"), flat(note["text"])
            if text != note["text"]:
                self.tally.add("texts of notes: line breaks and tabs", f"{self.written.article['id']}: {note['id']}")
            if key is not None and key != "text" and not is_free(key):
                self.tally.add(
                    "types of notes that mean something else in the format", f"{self.written.article['id']}: {key}"
                )
                key = None
            yield comment_line(key, text)

    def _rows(self, number: int, one: Laid) -> Iterator[list[str]]:
        text = self.written.article["text"]
        nodes = iter(one.nodes)
        numbers = {node.word: node.number for node in one.nodes if node.word is not None}
        for node in one.empty:
            yield self._row(next(nodes), node, numbers, [])
        for at, token in enumerate(one.tokens):
            spacing = self._spacing(number, one, at)
            surface = text[token.start : token.end]
            form = shown(surface)
            if form != surface:
                spacing = [*spacing, {"name": "SpacesInToken", "value": escaped(surface)}]
            if needs_range(token, text):
                yield self._range(token, numbers, form, spacing)
                spacing = []
            for word in token.words or (None,):
                yield self._row(next(nodes), word, numbers, spacing, form)
            for node in token.empty:
                yield self._row(next(nodes), node, numbers, [])

    def _range(self, token: Token, numbers: Mapping[str, str], form: str, spacing: Sequence[Annotation]) -> list[str]:
        """The row of a token of several words; what a reader found there is a note on the token."""
        notes = self.written.notes
        own = [notes.typed(token.id, name) or "_" for name in RANGE]
        items = own.pop()
        misc = items.split("|") if items != "_" else []
        for item in spacing:
            misc.append(cell_of([item]))
        misc.sort(key=str.lower)
        span = f"{numbers[token.words[0]['id']]}-{numbers[token.words[-1]['id']]}"
        return [span, form or "_", *map(plain, own), "|".join(misc) or "_"]

    def _row(
        self, node: Any, word: Annotation | None, numbers: Mapping[str, str], spacing: Sequence[Annotation],
        form: str = "_",
    ) -> list[str]:  # fmt: skip
        misc = [item for item in (word or {}).get("misc") or () if item["name"] != "Entity"]
        if any(item["name"].startswith("Space") for item in misc) and spacing:
            misc = [item for item in misc if item["name"] not in {"SpaceAfter", "SpacesAfter"}]
        said = [{"name": name, "value": value} for name, value in self.cells.get(node.order, {}).items()]
        for item in (*said, *spacing):
            misc = placed(misc, item)  # type: ignore[arg-type]
        if word is None:
            if self.written.article.get("words"):
                misc = placed(misc, dict(NO_WORD))
            return [node.number, form or "_", *["_"] * 7, cell_of(misc)]
        head, deps = self._heads(word, node.number, numbers)
        if "." in head:
            head, misc = "_", placed(misc, {"name": HEAD, "value": head})
        return [
            node.number, plain(word["form"]), plain(word.get("lemma")), plain(word.get("upos")),
            plain(word.get("xpos")), cell_of(word.get("feats")), head, plain(word.get("deprel")), deps, cell_of(misc),
        ]  # fmt: skip

    def _heads(self, word: Annotation, number: str, numbers: Mapping[str, str]) -> tuple[str, str]:
        head = word.get("head")
        if head and head not in numbers:
            self.tally.add("heads in another sentence", f"{self.written.article['id']}: {word['id']}")
        root = "0" if is_root(word) and "." not in number else "_"
        parts = []
        for one in word.get("deps") or ():
            if one.get("head") and one["head"] not in numbers:
                self.tally.add("heads in another sentence", f"{self.written.article['id']}: {word['id']}")
            else:
                parts.append(f"{numbers[one['head']] if one.get('head') else '0'}:{flat(one['rel'])}")
        return (numbers.get(head, root) if head else root), "|".join(parts) or "_"

    def _spacing(self, number: int, one: Laid, at: int) -> list[dict[str, str]]:
        """What has to be said of the white space around a token, where it is not what a reader takes for granted."""
        text, sentences = self.written.article["text"], self.written.sentences
        token = one.tokens[at]
        found = []
        if number == at == 0 and token.start:
            found.append({"name": "SpacesBefore", "value": escaped(text[: token.start])})
        usual = " "
        if at + 1 < len(one.tokens):
            following = one.tokens[at + 1].start
        elif number + 1 < len(sentences):
            following = sentences[number + 1].tokens[0].start
            usual = PARAGRAPH if self.written.paragraphs.get(number + 1) else " "
        else:
            following, usual = len(text), ""
        gap = text[token.end : following]
        if gap == usual:
            return found
        if gap == "" and usual == " ":
            return [*found, dict(NO_SPACE)]
        return [*found, {"name": "SpacesAfter", "value": escaped(gap)}]
