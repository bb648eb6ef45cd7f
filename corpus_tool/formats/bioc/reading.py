"""A document of BioC as an article."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from corpus_tool.formats import Imported, Place, Unit
from corpus_tool.formats.bioc import conventions
from corpus_tool.formats.bioc.annotations import Marks
from corpus_tool.formats.bioc.assembling import Assembled, Chunk, Stated, locations, number, settle_text
from corpus_tool.formats.bioc.elements import Element, Piece
from corpus_tool.formats.graph.draft import AMBIGUOUS, MALFORMED, OUTSIDE, At, Draft
from corpus_tool.formats.graph.metadata import from_pairs
from corpus_tool.formats.graph.said import ANNOTATOR, put_said
from corpus_tool.formats.metadata import usable
from corpus_tool.formats.units import another_unit


def read_document(
    piece: Piece, path: str, article: str, places: Callable[[Mapping[str, At]], Mapping[str, Place]]
) -> Imported:
    """The article of a document; what is wrong with a part of it is a finding, and the part is left out."""
    document, ours = piece.document, piece.collection.said("key") == conventions.KEY
    draft = Draft(path, document.said("id") or article)
    chunks = _chunks(draft, document)
    assembled, settled = settle_text(chunks, _stated(document))
    draft.text = assembled.text
    _tell(draft, assembled)
    _about(draft, piece, ours=ours)
    for number_, passage in enumerate(document.all("passage")):
        _passage(draft, assembled, passage, number_, ours=ours)
    Marks(draft, assembled, ours).read(document)
    made = draft.finish(places)
    units = tuple(another_unit(settled, Unit.CODE_POINTS, path, draft.id))
    return Imported(path, made.article, (*units, *made.findings), made.places, made.losses)


def _tell(draft: Draft, assembled: Assembled) -> None:
    for problem in assembled.problems:
        message = f"a passage or sentence {problem.message}: it is put behind that, and its annotations with it"
        draft.warning(AMBIGUOUS, problem.at, message)
    if "\0" in draft.text:
        draft.error(MALFORMED, None, "the text has a NUL in it")


def _chunks(draft: Draft, document: Element) -> list[Chunk]:
    text, passages = document.said("text"), document.all("passage")
    found = [Chunk(0, text, "\n", document.at, -1)] if text and not passages else []
    reached = 0
    for number_, passage in enumerate(passages):
        text = passage.said("text")
        parts = [passage] if text or not passage.all("sentence") else passage.all("sentence")
        for inner, part in enumerate(parts):
            offset, words = number(part.said("offset")), part.said("text") or ""
            if offset is None:
                message = f"a {part.tag} without an offset that is a number: its text is put behind the one before"
                draft.error(MALFORMED, part.at, message)
            found.append(Chunk(reached if offset is None else offset, words, " " if inner else "\n", part.at, number_))
            reached = found[-1].offset + len(words)
    return found


def _stated(document: Element) -> list[Stated]:
    """What annotations with one location say of the text."""
    found = []
    scopes = [(-1, document)]
    scopes += [
        (number_, part)
        for number_, passage in enumerate(document.all("passage"))
        for part in (passage, *passage.all("sentence"))
    ]
    for number_, scope in scopes:
        for annotation in scope.all("annotation"):
            where, words = locations(annotation), annotation.said("text")
            if where and len(where) == 1 and words:
                found.append(Stated(number_, *where[0], words))
    return found


def _about(draft: Draft, piece: Piece, *, ours: bool) -> None:
    """What infons of the document and of its collection say: metadata, or notes on the article."""
    metadata, left = from_pairs(piece.document.infons())
    draft.metadata = {name: value for name, value in metadata.items() if usable(name, value)}
    left += [(name, str(metadata[name])) for name in metadata if name not in draft.metadata]
    for key, value in left:
        if ours and key == conventions.SPLIT:
            draft.split = value
        elif ours and key == conventions.ANNOTATED:
            for layer in value.split():
                draft.layers.setdefault(layer, [])
        else:
            note(draft, None, key, value, piece.document.at)
    _about_collection(draft, piece.collection, ours=ours)


def _about_collection(draft: Draft, collection: Element, *, ours: bool) -> None:
    source = collection.said("source")
    if source:
        draft.metadata.setdefault("infoSources", [{"name": source}])
    said = [(name, collection.said(name) or "") for name in ("date", "key", "version")]
    for key, value in [*said, *collection.infons()]:
        if value and not (ours and (key, value) == ("key", conventions.KEY)):
            note(draft, None, f"collection.{key}", value, collection.at)


def note(draft: Draft, ref: str | None, key: str, value: str, at: At) -> None:
    """An infon that no field of an article holds, as a note of that type."""
    made: dict[str, Any] = {"id": draft.new_id("notes", conventions.infon_id(ref, key, value), at), "type": key}
    draft.add("notes", made | ({"ref": ref} if ref else {}) | {"text": value}, at)


def _passage(draft: Draft, assembled: Assembled, passage: Element, number_: int, *, ours: bool) -> None:
    own = assembled.of.get(number_, [])
    words = "".join(chunk.text for _, _, chunk in own)
    infons = list(passage.infons())
    said = next((value for key, value in infons if key == conventions.TYPE), None)
    ref = None
    if own and words and (said != conventions.TEXT if ours else words.strip()):
        start, end = own[0][0], own[-1][0] + len(own[-1][2].text)
        ref = _structure(draft, "passages", infons, (start, end), passage.at)
        draft.layers["passages"][-1]["type"] = conventions.passage_type(said)
        infons = [pair for pair in infons if pair[0] != conventions.TYPE or pair[1] not in conventions.OWN_TYPES]
    infons = [pair for pair in infons if not (ours and pair == (conventions.TYPE, conventions.TEXT))]
    for key, value in _not_structure(infons):
        note(draft, ref, key, value, passage.at)
    starts = {chunk.at: start for start, _, chunk in own}
    for sentence in passage.all("sentence"):
        offset = number(sentence.said("offset"))
        point = None if offset is None else starts.get(sentence.at, assembled.point(offset, number_))
        _sentence(draft, sentence, point)


def _sentence(draft: Draft, sentence: Element, start: int | None) -> None:
    words = sentence.said("text") or ""
    if not words.strip():
        return
    if start is None:
        message = "a sentence begins at no character of the text: it is no sentence of the article"
        draft.error(OUTSIDE, sentence.at, message)
        return
    infons = list(sentence.infons())
    ref = _structure(draft, "sentences", infons, (start, min(start + len(words), len(draft.text))), sentence.at)
    for key, value in _not_structure(infons):
        note(draft, ref, key, value, sentence.at)


def _not_structure(infons: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(key, value) for key, value in infons if key not in {conventions.ID, ANNOTATOR}]


def _structure(draft: Draft, layer: str, infons: list[tuple[str, str]], piece: tuple[int, int], at: At) -> str:
    said = dict(infons)
    words = draft.text[piece[0] : piece[1]]
    one: dict[str, Any] = {"id": draft.new_id(layer, said.get(conventions.ID), at, said.get(conventions.TYPE), words)}
    if layer == "passages":
        one["type"] = "paragraph"
    one["spans"] = draft.spans([piece])
    put_said("tokens", one, [pair for pair in infons if pair[0] == ANNOTATOR])
    draft.add(layer, one, at)
    return str(one["id"])
