"""W3C Web Annotation: JSON-LD beside a text file, or with the text in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from corpus_tool.findings import Finding
from corpus_tool.formats import WHOLLY, About, Article, Imported, Source, Unit
from corpus_tool.formats.fidelity import ASPECTS
from corpus_tool.formats.graph.draft import (
    AMBIGUOUS,
    INCOMPLETE,
    LAYERS,
    MALFORMED,
    Draft,
    refused,
)
from corpus_tool.formats.graph.exporting import DocumentExporter, as_document
from corpus_tool.formats.graph.metadata import from_pairs
from corpus_tool.formats.graph.places import JsonFile
from corpus_tool.formats.json_values import read_value
from corpus_tool.formats.metadata import usable
from corpus_tool.formats.plain_text import read_text
from corpus_tool.formats.tally import Tally
from corpus_tool.formats.units import Offsets, another_unit, settle
from corpus_tool.formats.w3c import names
from corpus_tool.formats.w3c.agents import Agents
from corpus_tool.formats.w3c.finding import File, Group, by_text, find_annotations
from corpus_tool.formats.w3c.reading import Reading
from corpus_tool.formats.w3c.selecting import Selecting
from corpus_tool.formats.w3c.targets import all_stated, targets
from corpus_tool.formats.w3c.writing import write_collection
from corpus_tool.formats.whole_files import read_whole
from corpus_tool.inventory import Inventory

_SIGNS = (b'"target"', b'"AnnotationCollection"', b'"AnnotationPage"')


def _looks_like(_: str, head: bytes) -> bool:
    return b"http://www.w3.org/ns/anno.jsonld" in head and any(sign in head for sign in _SIGNS)


ABOUT = About("W3C Web Annotation (JSON-LD)", Unit.CODE_POINTS, dict.fromkeys(ASPECTS, WHOLLY), looks_like=_looks_like)


class W3CImporter:
    """Reads annotations of the text that lies beside them, or of the texts they have in them."""

    name = "w3c"
    suffixes = (".jsonld",)
    about = ABOUT

    def read(self, source: Source, _: Inventory | None) -> Iterator[Imported]:
        """One article a text; nothing that is elsewhere, a context or a page, is ever fetched."""
        data = read_whole(source)
        value = data if isinstance(data, Finding) else read_value(data, source.path, source.id)
        if isinstance(data, Finding) or isinstance(value, Finding):
            yield Imported(source.path, None, (value,))
            return
        file = find_annotations(value)
        if not file.annotations and not file.head:
            yield refused(source.path, source.id, MALFORMED, "there is no annotation in it")
            return
        beside = source.read(".txt")
        if beside is not None:
            text = read_text(beside, source.path.rpartition(".")[0] + ".txt", source.id)
            if isinstance(text, Finding):
                yield Imported(text.location.path, None, (text,))
                return
            groups = [Group(text, None, file.annotations)]
        else:
            groups = by_text(file)
        if not groups:
            message = "no .txt beside it, and no target has its text in it: nothing that is elsewhere is fetched"
            yield refused(source.path, source.id, INCOMPLETE, message)
        for number, group in enumerate(groups, 1):
            name = source.id if len(groups) == 1 else f"{source.id}-{number:04}"
            yield _read_group(file, group, Draft(source.path, name), data)
        missing = sum(len(group.annotations) for group in groups) - len(file.annotations)
        if groups and missing:
            yield refused(source.path, source.id, INCOMPLETE, f"{-missing} annotations are on texts that are elsewhere")

    def inventory(self, _: Sequence[Path]) -> Inventory | None:
        """Web annotations bring none."""
        return None


def _read_group(file: File, group: Group, draft: Draft, data: bytes) -> Imported:
    ours = names.iri(file.head.get("generator")) == names.GENERATOR
    draft.text = group.text
    if ours:
        _head(draft, file.head)
    for page in file.elsewhere:
        draft.error(INCOMPLETE, "", f"the page {page} is not in the file, and nothing is fetched")
    for pointer in file.unread:
        draft.error(MALFORMED, pointer, "neither an annotation nor a page of them: left out")
    stated = [one for annotation, _ in group.annotations for one in all_stated(annotation)]
    settled = settle(group.text, stated, Unit.CODE_POINTS)
    known = {name for one, _ in file.annotations if (name := names.iri(one))}
    sources = {each.source for one, _ in group.annotations for each in targets(one.get("target"), known)} - {None}
    if len(sources) > 1:
        shown = ", ".join(sorted(filter(None, sources))[:3])
        draft.warning(AMBIGUOUS, "", f"targets have {len(sources)} sources, all taken for this text: {shown}")
    agents = Agents(draft, ours)
    agents.describe(file.head)
    reading = Reading(draft, agents, Selecting(group.text, Offsets(group.text, settled.unit)), known)
    reading.read(group.annotations)
    made = draft.finish(JsonFile(data).places(""))
    units = tuple(another_unit(settled, Unit.CODE_POINTS, draft.path, draft.id))
    return Imported(draft.path, made.article, (*units, *made.findings), made.places, made.losses)


def _head(draft: Draft, head: dict[str, Any]) -> None:
    """What our own collections say of their article."""
    draft.id = head["label"] if isinstance(head.get("label"), str) and head["label"] else draft.id
    draft.split = head[names.SPLIT] if isinstance(head.get(names.SPLIT), str) else None
    for layer in names.listed(head.get(names.ANNOTATED)):
        if isinstance(layer, str) and layer in LAYERS:
            draft.layers[layer] = []
    about = head.get(names.TEXT)
    said = about if isinstance(about, dict) else {}
    pairs = [(key.removeprefix("ct:"), value) for key, value in said.items() if key.startswith("ct:")]
    pairs += [("language", said.get("language")), ("usageTerms", said.get("rights"))]
    found, _ = from_pairs([(key, value) for key, value in pairs if isinstance(value, str)])
    draft.metadata = {name: value for name, value in found.items() if usable(name, value)}


def _files(article: Article, losses: Tally) -> dict[str, bytes]:
    """The annotations, and the text beside them."""
    annotations = as_document(write_collection(article, losses))
    return {".txt": article["text"].encode(), ".jsonld": annotations}


IMPORTER = W3CImporter()
EXPORTER = DocumentExporter("w3c", ".jsonld", ABOUT, _files)
