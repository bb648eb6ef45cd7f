"""One article as one TEI document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Article, Loss
from corpus_tool.formats.tei.escaping import attribute, unwritable
from corpus_tool.formats.tei.header_writing import write_header
from corpus_tool.formats.tei.names import RESP, to_xml_id
from corpus_tool.formats.tei.standoff_writing import write_standoff
from corpus_tool.formats.tei.text_writing import Inline, write_body
from corpus_tool.formats.tei.xml import NAMESPACE

_REFUSED = ("IO019", "source-is-well-formed")


@dataclass(slots=True)
class Losses:
    """What all documents of a run have lost, by kind, with the first example of each."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, inline: Inline) -> None:
        self.counts += inline.counts
        for what, example in inline.examples.items():
            self.examples.setdefault(what, example)

    def all(self) -> Iterator[Loss]:
        for what, count in self.counts.items():
            yield Loss(what, count, self.examples[what])


def write_document(article: Article, losses: Losses, path: str) -> str | Finding:
    """The document, or why XML cannot hold it; `path` is where it would go."""
    inline = Inline(article)
    inline.names.taken.update(RESP + to_xml_id(one["id"]) for one in inline.layer("provenance"))
    name = inline.names.give(article["id"])
    inline.names.given[""] = name
    inline.names.given.pop(article["id"])
    body = write_body(inline)
    standoff = write_standoff(inline)
    header = write_header(inline)
    for repeated in inline.names.repeated:
        inline.lose("ids that something else in the document has", repeated)
    document = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<TEI xmlns="{NAMESPACE}" xml:id="{attribute(name)}">\n{header}\n{standoff}'
        f'<text><body xml:space="preserve">{body}</body></text>\n</TEI>\n'
    )
    refused = _refusal(document, article["id"], path)
    if refused is None:
        losses.add(inline)
    return refused or document


def _refusal(document: str, name: str, path: str) -> Finding | None:
    """Whether something other than text has a character that XML has no way to write: text has one, see `g`."""
    character = unwritable(document)
    if character is None:
        return None
    shown = f"U+{ord(character):04X}"
    message = f"{shown} stands where XML cannot hold it, in an id, a label or a value: remove it"
    return Finding(*_REFUSED, Severity.ERROR, Location(path, article=name), message)
