"""An article as a document of BioC."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from corpus_tool.formats import Article
from corpus_tool.formats.bioc import conventions
from corpus_tool.formats.bioc.elements import Element
from corpus_tool.formats.bioc.structure import Annotation, Stretch, structure
from corpus_tool.formats.graph import metadata
from corpus_tool.formats.graph.draft import LAYERS, UNNAMED, WITHOUT_ID
from corpus_tool.formats.graph.ends import End, ends_of
from corpus_tool.formats.graph.said import ANNOTATOR, LAYER, said_of, unsaid
from corpus_tool.formats.tally import Tally

_OF_PROVENANCE = frozenset({"provenance", "adjudication"})
_MARKS = ("tokens", "entities", "quotations")
_LINKS = ("words", "relations", "events", "coreference", "labels", "notes", "provenance", "coverage", "adjudication")


def write_document(article: Article, losses: Tally) -> Element:
    """The document; what BioC has no place for goes to `losses`."""
    return _Writing(article, losses).document()


def _made(tag: str, text: str = "", **attributes: str) -> Element:
    return Element(tag, "", attributes, text)


class _Writing:
    """One article on its way to elements."""

    def __init__(self, article: Article, losses: Tally) -> None:
        self.article, self.losses = article, losses
        self.text: str = article["text"]
        self.infons: dict[str | None, list[tuple[str, str]]] = {}
        self.notes: list[Annotation] = []
        self.places: list[tuple[int, int, Element]] = []
        self.unnamed = 0

    def document(self) -> Element:
        made = structure(self.article)
        native = {stretch.one["id"] for each in made.stretches for stretch in (each, *each.sentences) if stretch.one}
        for note in self.article.get("notes") or ():
            self._note(note, native)
        document = _made("document")
        document.children = [_made("id", self.article["id"]), *self._about()]
        document.children += [self._passage(stretch) for stretch in made.stretches]
        for layer in _MARKS:
            made.left += [(layer, one) for one in self.article.get(layer) or ()]
        for layer, one in made.left:
            self._mark(document, layer, one)
        document.children += self._relations()
        self._count()
        return document

    def _note(self, note: Annotation, native: set[str]) -> None:
        """A note that an infon would become goes back as one."""
        key, ref, text = note.get("type"), note.get("ref"), note["text"]
        if conventions.is_infon(note) and (ref is None or ref in native):
            self.infons.setdefault(ref, []).append((key or "", text))
        else:
            self.notes.append(note)

    def _about(self) -> Iterator[Element]:
        article = self.article
        said: list[tuple[str, str]] = list(metadata.pairs_of(article.get("metadata") or {}))
        said += [(conventions.SPLIT, article["split"])] if article.get("split") else []
        empty = [layer for layer in LAYERS if article.get(layer) == []]
        said += [(conventions.ANNOTATED, " ".join(empty))] if empty else []
        return self._infons([*said, *self.infons.get(None, ())])

    def _infons(self, pairs: list[tuple[str, str]]) -> Iterator[Element]:
        for key, value in pairs:
            yield _made("infon", value, key=key)

    def _passage(self, stretch: Stretch) -> Element:
        made = self._stretch("passage", stretch)
        if stretch.sentences:
            made.children += [self._stretch("sentence", inner) for inner in stretch.sentences]
        else:
            self._put_text(made, stretch)
        return made

    def _stretch(self, tag: str, stretch: Stretch) -> Element:
        made, one = _made(tag), stretch.one
        pairs = [(conventions.TYPE, conventions.TEXT)] if tag == "passage" else []
        if one is not None:
            more = self.infons.get(one["id"], [])
            said = next((value for key, value in more if key == conventions.TYPE), None)
            own = one.get("type") if said is None or conventions.passage_type(said) != one.get("type") else None
            pairs = [(conventions.TYPE, own)] if own else []
            pairs += [(conventions.ID, one["id"])]
            pairs += [(ANNOTATOR, one["prov"])] if one.get("prov") else []
            pairs += more
            self._unsaid("passages" if tag == "passage" else "sentences", one)
        made.children = [*self._infons(pairs), _made("offset", str(stretch.start))]
        if tag == "sentence":
            self._put_text(made, stretch)
        return made

    def _put_text(self, made: Element, stretch: Stretch) -> None:
        made.children.append(_made("text", self.text[stretch.start : stretch.end]))
        self.places.append((stretch.start, stretch.end, made))

    def _mark(self, document: Element, layer: str, one: Annotation) -> None:
        spans = one["spans"]
        made = _made("annotation", id=one["id"])
        made.children = [*self._said(layer, one, "entities")]
        made.children += [
            _made("location", offset=str(span["start"]), length=str(span["end"] - span["start"])) for span in spans
        ]
        made.children.append(_made("text", " ".join(span["text"] for span in spans)))
        start, end = min(span["start"] for span in spans), max(span["end"] for span in spans)
        at = bisect_right(self.places, start, key=lambda place: place[0]) - 1
        inside = at >= 0 and end <= self.places[at][1]
        (self.places[at][2] if inside else document).children.append(made)

    def _said(self, layer: str, one: Annotation, default: str) -> Iterator[Element]:
        if layer != default:
            yield _made("infon", layer, key=LAYER)
        seen: set[str] = set()
        for key, value in said_of(layer, one):
            if key in seen:
                self.losses.add("attributes that stand twice under one name", f"{self.article['id']}: {key}={value}")
                continue
            seen.add(key)
            yield _made("infon", value or "", key=key)
        for part in one.get("attributes") or ():
            if part.get("value") == "":
                self.losses.add("empty values of attributes", f"{self.article['id']}: {part['name']}")
            if part.get("id"):
                self.losses.add("ids of attributes", f"{self.article['id']}: {part['id']}")
        self._unsaid(layer, one)

    def _unsaid(self, layer: str, one: Annotation) -> None:
        for name in unsaid(one):
            self.losses.add(f"{layer}: {name}", f"{self.article['id']}: {one.get('id', layer)}")

    def _relations(self) -> Iterator[Element]:
        for one in self.article.get("quotations") or ():
            if ends := ends_of("quotations", one):
                made = _made("relation", id=f"relation:{one['id']}")
                made.children = [_made("infon", "quotations", key=LAYER)]
                made.children += [self._node(conventions.QUOTATION, one["id"]), *(self._node(*end) for end in ends)]
                yield made
        for layer in _LINKS:
            for one in self.notes if layer == "notes" else self.article.get(layer) or ():
                made = _made("relation", id=self._id(layer, one))
                made.children = list(self._said(layer, one, "relations"))
                made.children += [self._node(*self._end(layer, end)) for end in ends_of(layer, one)]
                yield made

    def _id(self, layer: str, one: Annotation) -> str:
        if layer == "provenance":
            return conventions.PROVENANCE + str(one["id"])
        if layer not in WITHOUT_ID and one.get("id"):
            return str(one["id"])
        self.unnamed += 1
        return f"{UNNAMED}{self.unnamed}"

    def _end(self, layer: str, end: End) -> End:
        return (end[0], conventions.PROVENANCE + end[1]) if layer in _OF_PROVENANCE else end

    def _node(self, role: str, ref: str) -> Element:
        return _made("node", refid=ref, role=role)

    def _count(self) -> None:
        known = {"schema_version", "id", "text", "text_sha256", "split", "metadata", *LAYERS}
        for name, value in self.article.items():
            if name not in known and value not in (None, [], {}):
                self.losses.add(name, self.article["id"])
        for name in metadata.without_name(self.article.get("metadata") or {}):
            self.losses.add("metadata that have no name in ninjs", f"{self.article['id']}: {name}")
