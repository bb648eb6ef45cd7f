"""An article as lines of brat, and what brat has no place for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus_tool.formats import Article
from corpus_tool.formats.brat.ids import Ids, assign
from corpus_tool.formats.brat.reading import IDENTITY, PROVENANCE, flat
from corpus_tool.formats.tally import Tally

Annotation = Mapping[str, Any]

_HELD = {
    "entities": {"id", "type", "spans", "links", "attributes", "prov"},
    "relations": {"id", "type", "arguments", "attributes", "prov"},
    "events": {"id", "type", "trigger", "arguments", "attributes", "prov"},
    "coreference": {"id", "type", "mentions", "prov"},
    "notes": {"id", "type", "ref", "text", "prov", "id_in_source"},
    "links": {"db", "id", "text", "id_in_source"},
    "attributes": {"id", "name", "value"},
    "spans": {"start", "end", "text"},
}
_HANDLED = {"schema_version", "id", "text", "text_sha256", "provenance", "coverage", "quotations"} | _HELD.keys()


def items(annotation: Annotation, name: str) -> Sequence[Any]:
    """A nested list, which may be absent or null."""
    return annotation.get(name) or ()


@dataclass(frozen=True, slots=True)
class _Writer:
    """One article on its way to lines."""

    article: Article
    ids: Ids
    losses: Tally

    def lose(self, what: str, example: str) -> None:
        self.losses.add(what, f"{self.article['id']}: {example}"[:120])

    def word(self, value: str, what: str, *, colon: bool = True) -> str:
        """A value that has to be one word; where it is not one, what parts it becomes an underscore."""
        made = re.sub(r"[ \t\r\n]" if colon else r"[ \t\r\n:]", "_", value)
        if made != value:
            self.lose(f"{what}: characters brat cannot hold", value)
        return made

    def line(self, value: str, what: str) -> str:
        """A value that has to stand on one line."""
        made = flat(value)
        if made != value:
            self.lose(f"{what}: line breaks", value)
        return made


def write_lines(article: Article, losses: Tally) -> list[str]:
    """The lines of the `.ann`: T, R, *, E, A and M, #, N, each by number.

    Ids that have brat's shape stay; others get the next free number. The text is not needed but for spans that do not
    say what they cover.
    """
    writer = _Writer(article, assign(article), losses)
    _count_layers(writer)
    carriers = [
        item for layer in ("entities", "relations", "events") for item in items(article, layer) if _fits(layer, item)
    ]
    return [
        *_numbered(writer, items(article, "entities"), _entity),
        *_numbered(writer, items(article, "relations"), _relation),
        *(_chain(writer, chain) for chain in items(article, "coreference")),
        *_numbered(writer, items(article, "events"), _event),
        *_nested(writer, carriers, "attributes", _attribute),
        *_numbered(writer, items(article, "notes"), _note),
        *_nested(writer, carriers, "links", _link),
    ]


def _fits(layer: str, annotation: Annotation) -> bool:
    """Whether an annotation gets a line."""
    if layer == "entities":
        return bool(items(annotation, "spans"))
    return layer != "relations" or len(items(annotation, "arguments")) == 2


def _number(name: str) -> tuple[str, int, str]:
    digits = re.match(r"[0-9]{1,15}", name[1:])
    return name[:1], int(digits[0]) if digits else 0, name


def _numbered(
    writer: _Writer, annotations: Sequence[Annotation], made: Callable[[_Writer, str, Annotation], str | None]
) -> Iterator[str]:
    named = sorted(((writer.ids.own[id(item)], item) for item in annotations), key=lambda pair: _number(pair[0]))
    for name, item in named:
        line = made(writer, name, item)
        if line is not None:
            yield f"{name}\t{line}"


def _nested(
    writer: _Writer, carriers: Sequence[Annotation], field_name: str, made: Callable[[_Writer, str, Annotation], str]
) -> Iterator[str]:
    found = [
        (writer.ids.own[id(item)], writer.ids.own[id(carrier)], item)
        for carrier in carriers
        for item in items(carrier, field_name)
    ]
    for name, ref, item in sorted(found, key=lambda each: _number(each[0])):
        yield f"{name}\t{made(writer, ref, item)}"


def _entity(writer: _Writer, _: str, entity: Annotation) -> str | None:
    if not _fits("entities", entity):
        _lose_whole(writer, "entities without a span", entity)
        return None
    spans = entity["spans"]
    offsets = ";".join(f"{span['start']} {span['end']}" for span in spans)
    text = writer.article["text"]
    covered = (span["text"] if "text" in span else text[span["start"] : span["end"]] for span in spans)
    return f"{writer.word(entity['type'], 'labels')} {offsets}\t{flat(' '.join(covered))}"


def _relation(writer: _Writer, _: str, relation: Annotation) -> str | None:
    if not _fits("relations", relation):
        _lose_whole(writer, "relations with other than two arguments", relation)
        return None
    arguments = relation["arguments"]
    return " ".join([writer.word(relation["type"], "labels"), *_arguments(writer, arguments)])


def _lose_whole(writer: _Writer, what: str, annotation: Annotation) -> None:
    writer.lose(what, annotation["id"])
    for nested in ("attributes", "links"):
        for _ in items(annotation, nested):
            writer.lose(f"{nested} of {what}", annotation["id"])


def _event(writer: _Writer, _: str, event: Annotation) -> str:
    kind = writer.word(event["type"], "labels", colon=False)
    trigger = _reference(writer, event["trigger"])
    return " ".join([f"{kind}:{trigger}", *_arguments(writer, items(event, "arguments"))])


def _arguments(writer: _Writer, arguments: Sequence[Annotation]) -> Iterator[str]:
    for argument in arguments:
        role = writer.word(argument["role"], "roles", colon=False)
        yield f"{role}:{_reference(writer, argument['ref'])}"


def _reference(writer: _Writer, ref: str) -> str:
    return writer.ids.named.get(ref) or writer.word(ref, "references")


def _chain(writer: _Writer, chain: Annotation) -> str:
    kind = chain.get("type") or IDENTITY
    name = "Equiv" if kind == IDENTITY else writer.word(kind, "labels")
    return "\t".join(["*", " ".join([name, *(_reference(writer, ref) for ref in items(chain, "mentions"))])])


def _attribute(writer: _Writer, ref: str, attribute: Annotation) -> str:
    line = f"{writer.word(attribute['name'], 'names of attributes')} {ref}"
    value = attribute.get("value")
    if value is None:
        return line
    if not value.strip("\t\r\n "):
        writer.lose("attributes with a blank value", attribute["name"])
        return line
    made = re.sub(r"[\t\r\n]", " ", value)
    if made != value:
        writer.lose("values of attributes: characters brat cannot hold", value)
    return f"{line} {made}"


def _link(writer: _Writer, ref: str, link: Annotation) -> str:
    database = writer.word(link["db"], "names of knowledge bases", colon=False)
    line = f"Reference {ref} {database}:{writer.word(link['id'], 'entries of knowledge bases')}"
    text = link.get("text")
    return line if text is None else f"{line}\t{writer.line(text, 'texts of links')}"


def _note(writer: _Writer, _: str, note: Annotation) -> str | None:
    ref = note.get("ref")
    if ref is None or ref in writer.ids.elsewhere:
        what = "notes on the whole article" if ref is None else f"notes on {writer.ids.elsewhere[ref]}"
        writer.lose(what, note["id"])
        return None
    kind = writer.word(note.get("type") or "AnnotatorNotes", "types of notes")
    return f"{kind} {_reference(writer, ref)}\t{writer.line(note['text'], 'texts of notes')}"


def _count_layers(writer: _Writer) -> None:
    """Everything that has no line: layers, fields, provenance."""
    article = writer.article
    for layer, value in article.items():
        if layer not in _HANDLED and value not in (None, [], {}):
            number = len(value) if isinstance(value, list | dict) else 1
            writer.losses.add(layer, f"{article['id']}: {_example(value)}"[:120], number)
    entities = {entity["id"] for entity in items(article, "entities")}
    for quotation in items(article, "quotations"):
        if not (quotation["id"].startswith("Q:") and quotation["id"][2:] in entities):
            writer.lose("quotations", quotation["id"])
    for layer in ("entities", "relations", "events", "coreference", "notes"):
        for annotation in items(article, layer):
            _count_fields(writer, layer, annotation, annotation["id"])
    _count_provenance(writer)


def _example(value: Any) -> str:
    first = value[0] if isinstance(value, list) else value
    if isinstance(first, dict):
        return str(first.get("id") or first.get("value") or next(iter(first)))
    return str(first)


def _count_fields(writer: _Writer, layer: str, annotation: Annotation, name: str) -> None:
    for key, value in annotation.items():
        if key not in _HELD[layer] and value not in (None, [], {}):
            writer.lose(f"{layer}: {key}", name)
        elif key in ("spans", "links", "attributes"):
            for item in value or ():
                _count_fields(writer, key, item, name)


def _count_provenance(writer: _Writer) -> None:
    article = writer.article
    for record in items(article, "provenance"):
        if {key: value for key, value in record.items() if value not in (None, [])} != PROVENANCE:
            writer.lose("provenance", record["id"])
    for record in items(article, "coverage"):
        if record["status"] != "complete" or record.get("labels"):
            writer.lose("coverage that is partial", record["layer"])
