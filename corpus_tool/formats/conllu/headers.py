"""What is written of a whole article before its first sentence, and whether anything has to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corpus_tool.formats.conllu.arguments import KEYS, line_of
from corpus_tool.formats.conllu.brackets import Placed
from corpus_tool.formats.conllu.comments import comment_line, is_free
from corpus_tool.formats.conllu.escapes import flat
from corpus_tool.formats.conllu.finishing import ENTITY
from corpus_tool.formats.conllu.layers import ORDER, RECORDS, is_layer_key, usual_coverage, usual_provenance
from corpus_tool.formats.conllu.paragraphs import BLOCK, default_id, type_of
from corpus_tool.formats.conllu.records import META, metadata_lines, numbered, record, unnumbered
from corpus_tool.formats.made import by_unknown

if TYPE_CHECKING:
    from corpus_tool.formats.conllu.layout import Laid
    from corpus_tool.formats.tally import Tally

Annotation = Mapping[str, Any]
_SIGNED = ("entities", "relations", "events", "coreference", "notes")
_BARE = ("passages", "sentences", "tokens", "words")
_ALWAYS = ("sentences", "tokens", "words")


@dataclass(slots=True)
class Notes:
    """The notes of an article by what they are on, in their order."""

    article: list[Annotation] = field(default_factory=list)
    by_ref: dict[str, list[Annotation]] = field(default_factory=dict)

    @classmethod
    def of(cls, article: Annotation) -> Notes:
        notes = cls()
        for note in article.get("notes") or ():
            (notes.by_ref.setdefault(note["ref"], []) if note.get("ref") else notes.article).append(note)
        return notes

    def typed(self, ref: str | None, kind: str) -> str | None:
        """The text of the first note of a type."""
        found = self.by_ref.get(ref, ()) if ref else self.article
        return next((note["text"] for note in found if note.get("type") == kind), None)


@dataclass(frozen=True, slots=True)
class Written:
    """An article and what of it is being written."""

    article: Annotation
    sentences: Sequence[Laid]
    placed: Sequence[Placed]
    relations: Sequence[Annotation]
    """Those that MISC says; `described` are the other relations, and the events, that comments do."""
    described: Mapping[str, Sequence[Annotation]]
    notes: Notes
    paragraphs: Mapping[int, Sequence[Annotation]]
    """Passages by the sentence they begin at."""
    lengths: Mapping[str, int]
    """How many sentences each has."""

    @property
    def plain(self) -> bool:
        """Whether a file that says nothing of its layers is read as this article."""
        article = self.article
        present = [layer for layer in ORDER if article.get(layer) is not None]
        wanted = {*_ALWAYS, *(["passages"] if article.get("passages") else [])}
        if article.get("entities") or self.notes.typed(None, ENTITY) is not None:
            wanted |= {"entities", "coreference"}
        wanted |= {layer for layer in ("relations", "events", "notes", "labels") if article.get(layer)}
        return (
            set(present) == wanted
            and list(article.get("provenance") or ()) == usual_provenance(present)
            and list(article.get("coverage") or ()) == usual_coverage(present)
            and self._signed()
            and all(one.id is not None and all(token.id for token in one.tokens) for one in self.sentences)
            and all(token.words for one in self.sentences for token in one.tokens)
            and self._paragraphed()
        )

    def _signed(self) -> bool:
        maker = by_unknown("")["id"]
        signed = (one.get("prov") == maker for layer in _SIGNED for one in self.article.get(layer) or ())
        bare = (one.get("prov") is None for layer in _BARE for one in self.article.get(layer) or ())
        return all(signed) and all(bare)

    def _paragraphed(self) -> bool:
        """Whether each passage is the paragraph that `# newpar` alone would begin."""
        starts = sorted(self.paragraphs)
        ends = [*starts[1:], len(self.sentences)] if starts else []
        if sum(map(len, self.paragraphs.values())) != len(self.article.get("passages") or ()):
            return False
        for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
            one, *more = self.paragraphs[start]
            kind = type_of(self.notes.typed(one["id"], BLOCK), first=number == 0)
            if more or one["type"] != kind or self.lengths[one["id"]] != end - start:
                return False
        return True

    def maker_of(self, layer: str) -> str | None:
        """Who made all of a layer; None where nobody or several did."""
        makers = {one.get("prov") for one in self.article.get(layer) or ()}
        return makers.pop() if len(makers) == 1 else None


def paragraph_line(one: Annotation, short: str) -> str:
    return "# newpar" if one["id"] == default_id(short) else f"# newpar id = {flat(one['id'])}"


def article_lines(written: Written, header: str | None, tally: Tally) -> Iterator[str]:
    """The comments on the whole article."""
    article = written.article
    yield f"# newdoc id = {flat(article['id'])}"
    if header is not None:
        yield f"# {ENTITY} = {header}"
    keyed = [*_metadata(article, tally)]
    others = []
    for note in written.notes.article:
        key, text = note.get("type"), _line(note["text"], article, tally)
        if key == ENTITY:
            continue
        if key is not None and (not is_free(key) or is_layer_key(key) or unnumbered(key) in KEYS):
            tally.add("types of notes that mean something else in the format", f"{article['id']}: {key}")
            key = None
        if key is not None and key.startswith(META):
            keyed.append((key, text))
        else:
            others.append(comment_line(key, text))
    keyed.sort(key=lambda pair: pair[0].lower())
    if not written.plain:
        keyed += _layers(written, tally)
    yield from (f"# {key} = {value}" for key, value in keyed)
    yield from (
        line_of(layer, one, number) for layer, found in written.described.items() for number, one in enumerate(found, 1)
    )
    yield from others


def _line(text: str, article: Annotation, tally: Tally) -> str:
    made = flat(text)
    if made != text:
        tally.add("texts of notes: line breaks and tabs", f"{article['id']}: {text}")
    return made


def _metadata(article: Annotation, tally: Tally) -> Iterator[tuple[str, str]]:
    for key, value in metadata_lines(article.get("metadata") or {}):
        if isinstance(value, str):
            yield key, value
        else:
            tally.add("metadata that is no text", f"{article['id']}: {key}")
    if article.get("split"):
        yield META + "split", article["split"]
    names = {layer: name for name, layer in RECORDS.items()}
    for number, label in enumerate(article.get("labels") or (), 1):
        yield numbered(META + names["labels"], number), record(label.items())


def _layers(written: Written, tally: Tally) -> Iterator[tuple[str, str]]:
    """The layers that the article has, who made each of them, and what was looked for by whom."""
    article = written.article
    kept = [layer for layer in ORDER if layer not in {"quotations", "labels"} and _writes(written, layer)]
    makers = [(layer, written.maker_of(layer)) for layer in kept]
    empty = [layer for layer in (*ORDER, "provenance", "coverage", "adjudication") if article.get(layer) == []]
    yield META + "layers", ",".join(record([pair]) if pair[1] else pair[0] for pair in makers)
    if empty:
        yield META + "empty", ",".join(empty)
    for name in ("provenance", "coverage", "adjudication"):
        for number, one in enumerate(article.get(name) or (), 1):
            yield numbered(META + name, number), record(one.items())
    for layer in (*_BARE, "relations", "notes"):
        if written.maker_of(layer) is None:
            for one in written.relations if layer == "relations" else article.get(layer) or ():
                if one.get("prov"):
                    tally.add(f"who made {layer}, where several did", f"{article['id']}: {one['id']}")


def _writes(written: Written, layer: str) -> bool:
    found: dict[str, Any] = {
        "entities": written.placed,
        "relations": [*written.relations, *written.described["relations"]],
        "events": written.described["events"],
    }
    if layer == "coreference":
        return any(one.chain is not None or one.more for one in written.placed)
    return bool(found.get(layer, written.article.get(layer)))
