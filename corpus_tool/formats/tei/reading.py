"""One `TEI` element as one article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Article, Imported, Loss, Place
from corpus_tool.formats.made import by_unknown
from corpus_tool.formats.tei.header_reading import Header, read_header
from corpus_tool.formats.tei.layers import ORDER, UNKNOWN, Draft, read_layers, settle_quotations
from corpus_tool.formats.tei.names import from_xml_id
from corpus_tool.formats.tei.standoff_reading import read_notes, read_standoff, unknown_parts
from corpus_tool.formats.tei.text_reading import read_text
from corpus_tool.formats.tei.words import read_words
from corpus_tool.formats.tei.xml import Node

WRONG = ("IO019", "source-is-well-formed")
EITHER = ("IO020", "source-is-unambiguous")


@dataclass(slots=True)
class _Report:
    path: str
    article: str
    findings: list[Finding] = field(default_factory=list)

    def add(self, rule: tuple[str, str], severity: Severity, place: Place, message: str, pointer: str = "") -> None:
        where = Location(self.path, *place, pointer=pointer, article=self.article)
        self.findings.append(Finding(*rule, severity, where, message))


def read_document(root: Node, path: str, name: str, above: Iterable[Node] = ()) -> Imported:
    """The article of a `TEI` element; `above` are the elements around it, outermost first."""
    own = root.get("xml:id")
    report = _Report(path, from_xml_id(own) if own else name)
    node = root.first("text")
    if node is None:
        report.add(WRONG, Severity.ERROR, root.place, "the document has no text")
        return Imported(path, None, tuple(report.findings))
    spaces = [each.attributes.get("xml:space") for each in (*above, root)]
    preserve = next((space for space in reversed(spaces) if space), None) == "preserve"
    text = read_text(node, preserve=preserve)
    header = read_header(root)
    draft = Draft(text.text, None if header.attributed else _free(header))
    read_layers(text, draft)
    settle_quotations(draft)
    read_words(text, draft, root)
    read_standoff(root, draft)
    read_notes(text, root, draft)
    for raw, place in draft.twice:
        report.add(WRONG, Severity.ERROR, place, f"the xml:id '{raw[:80]}' is given twice: this one is left out")
    for what, message in header.problems:
        report.add(WRONG, Severity.WARNING, root.place, message, f"/metadata/{what}")
    if not text.text.strip():
        report.add(("TXT203", "empty-text"), Severity.ERROR, node.place, "the text is empty or only white space")
    article = _article(report.article, draft, header)
    losses = _losses(report.article, text.unheld + draft.unheld + header.unheld + Counter(unknown_parts(root)))
    return Imported(path, article, tuple(report.findings), draft.places, tuple(losses))


def _free(header: Header) -> str:
    """The id of the record of nobody in particular."""
    return UNKNOWN if UNKNOWN not in header.makers else "unknown"


def _losses(name: str, unheld: Counter[str]) -> Iterator[Loss]:
    for what, count in sorted(unheld.items()):
        yield Loss(f"TEI {what}", count, name)


def _article(name: str, draft: Draft, header: Header) -> Article:
    if header.labels is not None:
        draft.layers["labels"] = header.labels
    article: dict[str, Any] = {
        "schema_version": "1.0", "id": name, "text": draft.text,
        "text_sha256": sha256(draft.text.encode()).hexdigest(),
        "metadata": header.metadata,
        **{layer: draft.layers[layer] for layer in ORDER if layer in draft.layers},
    }  # fmt: skip
    named = {label["prov"] for label in draft.layers.get("labels", ()) if "prov" in label}
    used = [*draft.makers, *sorted(named - draft.makers.keys()), *(header.makers.keys() - draft.makers.keys() - named)]
    article["provenance"] = [_record(prov, header) for prov in _as_stated(used, header)]
    return article


def _as_stated(used: list[str], header: Header) -> list[str]:
    """Records in the order of the header, then those that only annotations name."""
    return [*(name for name in header.makers if name in used), *(name for name in used if name not in header.makers)]


def _record(name: str, header: Header) -> dict[str, Any]:
    if name in header.makers:
        return header.makers[name]
    if name == _free(header):
        return {**by_unknown("tei"), "id": name}
    return {"id": name, "agent": name, "agent_type": "human", "role": "annotator", "tool": "tei"}
