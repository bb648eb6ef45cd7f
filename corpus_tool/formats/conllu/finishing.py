"""The end of an article: mentions, passages, metadata, notes; and the article itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from corpus_tool.findings import Finding
from corpus_tool.formats import Article, Imported
from corpus_tool.formats.conllu.arguments import KEYS, parse_line
from corpus_tool.formats.conllu.draft import Annotation, Draft, column
from corpus_tool.formats.conllu.entities import EntityReader
from corpus_tool.formats.conllu.escapes import unescaped
from corpus_tool.formats.conllu.layers import (
    ORDER,
    Layers,
    is_layer_key,
    layers_of,
    usual_coverage,
    usual_provenance,
)
from corpus_tool.formats.conllu.mentions import DEFAULT_FIELDS, ID_FIELDS, Mentions, base_of, fields_of
from corpus_tool.formats.conllu.nodes import Node, pieces
from corpus_tool.formats.conllu.paragraphs import Begun, extents, passage
from corpus_tool.formats.conllu.records import META, metadata_of, unnumbered
from corpus_tool.formats.conllu.relations import Stated, read_relations
from corpus_tool.formats.conllu.sentences import Sentence, put_back
from corpus_tool.formats.made import by_unknown, span

ENTITY = "global.Entity"
_SPLIT, _TEXT = META + "split", META + "text"


@dataclass(slots=True)
class Finisher:
    """An article that is being read, and what can only be said of it when all its sentences are known."""

    draft: Draft
    header: str | None = None
    layers: Layers | None = None
    sentences: list[Sentence] = field(default_factory=list)
    names: list[tuple[str, bool, int]] = field(default_factory=list)
    """Of each sentence its id, whether the file gives it, and its line."""
    begun: list[Begun] = field(default_factory=list)

    def note(self, notes: Iterable[tuple[int, str | None, str]], ref: str | None, short: str) -> None:
        """Comments as notes."""
        for line, key, value in notes:
            note: Annotation = {"id": self.draft.names.other(f"N{short}:{key or ''}")}
            note |= ({"type": key} if key else {}) | ({"ref": ref} if ref else {})
            self.draft.add("notes", {**note, "text": value}, line)

    def explicit_passage(self, line: int, said: dict[str, str | None]) -> None:
        """A passage that a comment describes."""
        count = said.get("sentences") or ""
        if not (said.get("id") and said.get("type") and count.isdecimal() and count.isascii() and len(count) < 9):
            self.draft.malformed((line, 1), "this passage has no id, type or number of sentences: it is left out")
            return
        at = len(self.sentences) - 1
        self.begun.append(Begun(at, str(said["id"]), str(said["type"]), int(count), line))

    def finish(self, also: tuple[Finding, ...] = ()) -> Imported:
        """The article, or none where it cannot be read; `also` is what is to be said of its file."""
        draft = self.draft
        if draft.refused:
            return Imported(draft.path, None, (*also, *draft.findings))
        layers = self.layers or layers_of((key, value) for _, key, value in draft.stated)
        if not self.sentences and not layers.explicit:
            draft.malformed((draft.line, 1), "an article without a sentence: it is left out")
            return Imported(draft.path, None, (*also, *draft.findings))
        text = self._text()
        self._sentences(text, layers)
        self._passages(text, layers)
        self._mentions(text, layers)
        self._arguments()
        metadata = self._stated()
        article = self._article(text, layers, metadata)
        return Imported(draft.path, article, (*also, *sorted(draft.findings, key=lambda one: one.order)), draft.places)

    def _text(self) -> str:
        draft = self.draft
        if draft.spacing.firm:
            draft.pieces.append(draft.spacing.after or "")
        else:
            put_back(draft.spacing)
        if not self.sentences:
            return unescaped(next((value for _, key, value in draft.stated if key == _TEXT), ""))
        return "".join(draft.pieces)

    def _sentences(self, text: str, layers: Layers) -> None:
        if not layers.has("sentences"):
            return
        prov = layers.makers.get("sentences")
        for sentence, (name, given, line) in zip(self.sentences, self.names, strict=True):
            if sentence.tokens and (given or not layers.explicit):
                made: Annotation = {"id": name, "spans": [span(text, sentence.start, sentence.end)]}
                self.draft.add("sentences", made | ({"prov": prov} if prov else {}), line)

    def _passages(self, text: str, layers: Layers) -> None:
        prov = layers.makers.get("passages")
        for one, first, last in extents(self.begun, len(self.sentences)):
            spans = [span(text, self.sentences[first].start, self.sentences[last].end)]
            self.draft.add("passages", passage(one, spans, prov), one.line)

    def _mentions(self, text: str, layers: Layers) -> None:
        draft = self.draft
        if not any(sentence.cells for sentence in self.sentences):
            return
        if self.header is None:
            where = next(min(one.shape.lines) for one in self.sentences if one.cells)
            draft.ambiguous((where, 1), f"no '# {ENTITY}' says what Entity= holds: read as {DEFAULT_FIELDS}")
        mentions = Mentions(fields_of(self.header or DEFAULT_FIELDS))
        if not set(ID_FIELDS) & set(mentions.fields):
            message = f"'# {ENTITY} = {self.header}' has no field for the entity: what Entity= holds is left out"
            draft.malformed((draft.line, 1), message[:200])
            return
        nodes = [self._nodes(number, one) for number, one in enumerate(self.sentences)]
        stated: list[Stated] = []
        for sentence, own in zip(self.sentences, nodes, strict=True):
            for at, cells in sentence.cells:
                line, row = sentence.shape.lines[at], sentence.shape.words[at]
                if "Entity" in cells:
                    mentions.read(draft, cells["Entity"], own[at], (line, column(row, 9)))
                stated += [
                    Stated(name, cells[name], own[at], sentence.words[at], sentence.short, line)
                    for name in ("Bridge", "SplitAnte")
                    if name in cells
                ]
        self._chains(text, layers, mentions, nodes, stated)

    def _chains(
        self, text: str, layers: Layers, mentions: Mentions, nodes: list[list[Node]], stated: list[Stated]
    ) -> None:
        draft = self.draft
        maker = by_unknown("")["id"] if not layers.explicit else layers.makers.get("entities")
        reader = EntityReader(text, mentions.fields, nodes, [one.short for one in self.sentences], draft.names, maker)
        read = reader.read(list(mentions.completed(draft)))
        for entity, line in zip(read.entities, read.lines, strict=True):
            draft.add("entities", entity, line)
        draft.layers.setdefault("coreference", []).extend(read.chains)
        draft.layers.setdefault("notes", []).extend(read.notes)
        read_relations(draft, stated, read.chosen, maker if not layers.explicit else layers.makers.get("relations"))

    def _nodes(self, number: int, sentence: Sentence) -> list[Node]:
        """The words of a sentence with the pieces of text that they are."""
        if sentence.shape.plain:
            return [
                Node(number, at, row[0], one["spans"][0]["start"], one["spans"][0]["end"], word["id"], _head(row, at))
                for at, (row, one, word) in enumerate(
                    zip(sentence.shape.words, sentence.tokens, sentence.words, strict=True)
                )
            ]
        where = {token["id"]: token["spans"][0] for token in sentence.tokens}
        at = {word["id"]: place for place, word in enumerate(sentence.words)}
        forms: dict[str, list[str]] = {}
        for word in sentence.words:
            if "token" in word:
                forms.setdefault(word["token"], []).append(word["form"])
        parts = {
            name: iter(pieces(where[name]["start"], where[name]["end"], where[name]["text"], own))
            for name, own in forms.items()
        }
        found = []
        for place, (word, row) in enumerate(zip(sentence.words, sentence.shape.words, strict=True)):
            start, end = next(parts[word["token"]]) if "token" in word else (-1, -1)
            head = at[word["head"]] if "head" in word else place if row[6] == "0" else None
            found.append(Node(number, place, row[0], start, end, word["id"], head))
        return found

    def _arguments(self) -> None:
        """Relations and events that comments describe."""
        for line, key, value in self.draft.stated:
            kind = unnumbered(key)
            if kind in KEYS:
                made = parse_line(kind, value)
                if made is None:
                    self.draft.malformed((line, 1), f"what {key} describes lacks a part: it is left out")
                else:
                    self.draft.add(KEYS[kind], made, line)

    def _stated(self) -> dict[str, Any]:
        """Metadata; what comments say of the article otherwise are notes on it."""
        draft = self.draft
        stated = {key: value for _, key, value in reversed(draft.stated) if key.startswith(META)}
        metadata, used = metadata_of({key.removeprefix(META): value for key, value in stated.items()})
        taken = {META + key for key in used} | {_SPLIT, _TEXT}
        left = [
            (line, key or None, value)
            for line, key, value in draft.stated
            if (key not in taken or stated.get(key) != value)
            and not is_layer_key(key)
            and unnumbered(key) not in {ENTITY, *KEYS}
        ]
        declared = self.header
        if declared is not None and self.layers is not None and self.layers.explicit:
            declared = base_of(declared)
        if declared is not None:
            left.insert(0, (draft.line, ENTITY, declared))
        self.note(left, None, "")
        return metadata

    def _article(self, text: str, layers: Layers, metadata: dict[str, Any]) -> Article:
        draft = self.draft
        own = draft.layers
        if self.header is not None and not layers.explicit:
            own.setdefault("entities", [])
        if "entities" in own:
            own.setdefault("coreference", [])
        for layer in layers.empty:
            own.setdefault(layer, [])
        own |= layers.records
        present = [
            layer
            for layer in ORDER
            if layer in own and (own[layer] or layer not in {"relations", "notes"} or layer in layers.empty)
        ]
        if layers.explicit:
            present = [
                layer
                for layer in present
                if layer in layers.makers or layer in layers.empty or layer in {"labels", "notes"}
            ]
        self._sign(layers, present)
        split = next((value for _, key, value in draft.stated if key == _SPLIT), None)
        article: Article = {"schema_version": "1.0", "id": draft.id, "text": text}
        article["text_sha256"] = sha256(text.encode()).hexdigest()
        article |= ({"split": split} if split else {}) | ({"metadata": metadata} if metadata else {})
        article |= {layer: own[layer] for layer in present}
        records = {"provenance": usual_provenance(present), "coverage": usual_coverage(present)}
        for name in ("provenance", "coverage", "adjudication"):
            value = own.get(name) if layers.explicit or name in own else records.get(name)
            if value or name in layers.empty:
                article[name] = value or []
        return article

    def _sign(self, layers: Layers, present: list[str]) -> None:
        """Give the annotations of a layer the maker that the file names for all of them."""
        for layer in present:
            prov = layers.makers.get(layer) if layers.explicit else by_unknown("")["id"] if layer == "notes" else None
            for one in self.draft.layers[layer] if prov else ():
                one.setdefault("prov", prov)


def _head(row: list[str], at: int) -> int | None:
    """The place of the word that a row of a sentence of mere words depends on; its own at the root."""
    head = row[6]
    if head == "0":
        return at
    return int(head) - 1 if head != "_" and head.isdecimal() and head.isascii() and len(head) < 9 else None
