"""An article as lines of CoNLL-U."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corpus_tool.formats.conllu.arguments import refs_of, writable
from corpus_tool.formats.conllu.brackets import Placed, entity_cells, place_entities
from corpus_tool.formats.conllu.escapes import encoded, escaped
from corpus_tool.formats.conllu.fields import Fields, FieldWriter
from corpus_tool.formats.conllu.finishing import ENTITY
from corpus_tool.formats.conllu.headers import Notes, Written, article_lines
from corpus_tool.formats.conllu.layout import Laid, lay_out
from corpus_tool.formats.conllu.mentions import EID
from corpus_tool.formats.conllu.records import META
from corpus_tool.formats.conllu.relations import SPLIT, is_held
from corpus_tool.formats.conllu.rows import RANGE, Cells, RowWriter, needs_range

if TYPE_CHECKING:
    from corpus_tool.formats.tally import Tally

Annotation = Mapping[str, Any]


def write_article(article: Annotation, tally: Tally) -> Iterator[str]:
    """The lines of one article, each with its line end; what they cannot hold is counted."""
    sentences = lay_out(article, tally)
    entities = place_entities(article, sentences, tally)
    paragraphs, lengths = _paragraphs(article, sentences, tally)
    relations, described = _relations(article, entities, tally)
    notes = Notes.of(article)
    written = Written(article, sentences, entities, relations, described, notes, paragraphs, lengths)
    fields = _fields(written, tally)
    cells = _cells(entities, relations, fields)
    writer = RowWriter(written, cells, tally, is_plain=written.plain)
    for line in article_lines(written, fields.header if fields else None, tally):
        yield line + "\n"
    if not sentences:
        if article["text"]:
            yield f"# {META}text = {escaped(article['text'])}\n"
        yield "\n"
    for number, one in enumerate(sentences):
        yield from writer.sentence(number, one)
    _count(written, tally)


def _fields(written: Written, tally: Tally) -> Fields | None:
    declared = written.notes.typed(None, ENTITY)
    if declared is None and not written.placed:
        return None
    maker = written.maker_of("entities")
    writer = FieldWriter(written.article, written.sentences, written.placed, tally, maker)
    for one in written.placed:
        for note in written.notes.by_ref.get(one.entity["id"], ()):
            writer.notes[one.entity["id"]].append(note["text"])
            if note.get("type"):
                tally.add("types of notes on entities", f"{written.article['id']}: {note['id']}")
    return writer.write(declared)


def _paragraphs(
    article: Annotation, sentences: Sequence[Laid], tally: Tally
) -> tuple[dict[int, list[Annotation]], dict[str, int]]:
    """Passages by the sentence they begin at, and how many sentences they have."""
    first = {one.tokens[0].start: number for number, one in enumerate(sentences)}
    last = {one.tokens[-1].end: number for number, one in enumerate(sentences)}
    found: dict[int, list[Annotation]] = defaultdict(list)
    lengths: dict[str, int] = {}
    for one in article.get("passages") or ():
        start, end = first.get(one["spans"][0]["start"]), last.get(one["spans"][-1]["end"])
        if len(one["spans"]) > 1 or start is None or end is None or end < start:
            tally.add("passages that do not begin and end with sentences", f"{article['id']}: {one['id']}")
        else:
            found[start].append(one)
            lengths[one["id"]] = end - start + 1
    return found, lengths


def _relations(
    article: Annotation, entities: Sequence[Placed], tally: Tally
) -> tuple[list[Annotation], dict[str, list[Annotation]]]:
    """The relations that MISC says, and the relations and events that comments describe."""
    described = writable(article, {one.entity["id"] for one in entities})
    events = {one["id"] for one in described["events"]}
    for layer, kept in described.items():
        names = {id(one) for one in kept}
        for one in article.get(layer) or ():
            if id(one) not in names:
                tally.add(f"{layer} of what is not written", f"{article['id']}: {one['id']} {one['type']}")
    held = [one for one in described["relations"] if is_held(one) and not events & set(refs_of(one))]
    names = {id(one) for one in held}
    described["relations"] = [one for one in described["relations"] if id(one) not in names]
    return held, described


def _cells(entities: Sequence[Placed], relations: Sequence[Annotation], fields: Fields | None) -> Cells:
    """`Entity`, `Bridge` and `SplitAnte` of each word."""
    cells: Cells = defaultdict(dict)
    for order, cell in (entity_cells(entities, fields.said) if fields else {}).items():
        cells[order]["Entity"] = cell
    by_id = {one.entity["id"]: one for one in entities}
    for relation in relations:
        anaphor, *antecedents = (by_id[part["ref"]] for part in relation["arguments"])
        name = "SplitAnte" if relation["type"] == SPLIT else "Bridge"
        kind = "" if name == "SplitAnte" else relation["type"].partition(":")[2]
        links = [
            f"{encoded(one.eid, EID)}<{encoded(anaphor.eid, EID)}" + (f":{kind}" if kind else "") for one in antecedents
        ]
        own = cells[anaphor.reach[0]]
        own[name] = ",".join([*([own[name]] if name in own else []), *links])
    return cells


def _count(written: Written, tally: Tally) -> None:
    """What has no place: fields of annotations, notes on what has no comment of its own."""
    article = written.article
    homes = {one.id for one in written.sentences} | {
        one["id"] for group in written.paragraphs.values() for one in group
    }
    homes |= {one.entity["id"] for one in written.placed}
    ranges = {token.id for one in written.sentences for token in one.tokens if needs_range(token, article["text"])}
    for ref, notes in written.notes.by_ref.items():
        for note in notes:
            if ref not in homes and not (ref in ranges and note.get("type") in RANGE):
                tally.add("notes on what has no comments", f"{article['id']}: {note['id']} on {ref}")
    chains = {id(chain): one.entity for one in reversed(written.placed) for chain in (one.chain, *one.more) if chain}
    for chain in article.get("coreference") or ():
        if chain.get("confidence") is not None:
            tally.add("confidence of chains", f"{article['id']}: {chain['id']}")
        first = chains.get(id(chain))
        if first is None:
            tally.add("chains without a mention", f"{article['id']}: {chain['id']}")
        elif chain.get("prov") != first.get("prov"):
            tally.add("who made chains, where others made their mentions", f"{article['id']}: {chain['id']}")
