"""What `Doc.to_json()` writes, as documents; two older shapes are read by `older_json`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corpus_tool.formats.noticed import OFFSET, Noticed
from corpus_tool.formats.spacy.document import Document, Span, Token

_KNOWN = frozenset({"text", "ents", "sents", "tokens", "spans", "cats", "_", "underscore_span"})
_SPAN = frozenset({"start", "end", "label", "kb_id", "id"})
_TOKEN = frozenset({"id", "start", "end", "tag", "pos", "morph", "lemma", "dep", "head"})


def read_doc(value: dict[str, Any], noticed: Noticed, line: int | None) -> Document:
    """The document of one object that has a text; what is not of its form is left out and noticed."""
    document = Document(value["text"])
    reader = Reader(document, noticed, line)
    reader.tokens(value.get("tokens"))
    if value.get("ents") is not None:
        document.ents = list(reader.spans(value["ents"], "entity"))
    if value.get("sents") is not None:
        found = list(
            reader.spans([{"label": "", **one} for one in reader.objects(value["sents"], "sents")], "sentence")
        )
        document.sents = [(one.start, one.end) for one in found]
    for name, group in reader.pairs(value.get("spans"), "spans"):
        document.groups[name] = list(reader.spans(group, f"span of '{name}'"))
    for name, score in reader.pairs(value.get("cats"), "cats"):
        if isinstance(score, int | float):
            document.cats[name] = float(score)
    _extensions(reader, value)
    for name in value.keys() - _KNOWN:
        noticed.lose(f"fields of documents: {name}", repr(value[name])[:60])
    return document


class Reader:
    """Parts of a document out of JSON, each checked."""

    def __init__(self, document: Document, noticed: Noticed, line: int | None) -> None:
        self.document, self.noticed, self.line = document, noticed, line
        self.starts: set[int] = set()
        self.ends: set[int] = set()

    def objects(self, values: object, name: str) -> list[dict[str, Any]]:
        listed = values if isinstance(values, list) else []
        good = [one for one in listed if isinstance(one, dict)]
        if len(good) < len(listed) or (values is not None and not isinstance(values, list)):
            self.noticed.wrong(self.line, f"'{name}' is no list of objects: what is none is left out")
        return good

    def pairs(self, value: object, name: str) -> list[tuple[str, Any]]:
        if value is not None and not isinstance(value, dict):
            self.noticed.wrong(self.line, f"'{name}' is no object: left out")
        return list(value.items()) if isinstance(value, dict) else []

    def place(self, one: dict[str, Any], what: str) -> tuple[int, int] | None:
        start, end = one.get("start"), one.get("end")
        if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start <= end <= len(self.document.text):
            self.noticed.wrong(self.line, f"a {what} from {start} to {end} is not in the text: left out", OFFSET)
            return None
        return start, end

    def tokens(self, values: object) -> None:
        listed = self.objects(values, "tokens")
        names = [one.get("id", number) for number, one in enumerate(listed)]
        numbers = {name: number for number, name in enumerate(names) if isinstance(name, int)}
        for one in listed:
            place = self.place(one, "token")
            if place is None:
                self.document.tokens.clear()
                self.noticed.lose("tokens, since one of them is not in the text", f"of {len(listed)}", len(listed))
                return
            said = {
                name: one[name] for name in ("tag", "pos", "morph", "lemma", "dep") if isinstance(one.get(name), str)
            }
            head = numbers.get(one["head"]) if isinstance(one.get("head"), int) else None
            self.document.tokens.append(Token(*place, **said, head=head))
            for name in one.keys() - _TOKEN:
                self.noticed.lose(f"fields of tokens: {name}", repr(one[name])[:60])
        self.starts = {token.start for token in self.document.tokens}
        self.ends = {token.end for token in self.document.tokens}

    def spans(self, values: object, what: str) -> Iterator[Span]:
        for one in self.objects(values, what):
            place = self.place(one, what)
            if place is None:
                continue
            said = [one.get(name) for name in ("label", "kb_id", "id")]
            texts = [str(part) if isinstance(part, str | int) else "" for part in said]
            if self.starts and (place[0] not in self.starts or place[1] not in self.ends):
                words = self.document.text[slice(*place)][:40]
                self.noticed.doubt(self.line, f"a {what} does not begin and end with tokens: '{words}'")
            for name in one.keys() - _SPAN:
                self.noticed.lose(f"fields of spans: {name}", repr(one[name])[:60])
            yield Span(*place, *texts)


def _extensions(reader: Reader, value: dict[str, Any]) -> None:
    document = reader.document
    for name, one in reader.pairs(value.get("_"), "_"):
        if name == "rel":
            document.relations = list(_relations(one))
        elif name == "partial":
            document.partial = one is True
        else:
            document.extensions[name] = one
    for name, values in reader.pairs(value.get("underscore_span"), "underscore_span"):
        for one in reader.objects(values if isinstance(values, list) else [values], "underscore_span"):
            place, said = reader.place(one, "value of a span"), one.get("value")
            if place is not None and isinstance(said, str | int | float):
                document.on_spans.setdefault(place, {})[name] = said


def _relations(value: object) -> Iterator[tuple[int, int, str, float]]:
    for one in value if isinstance(value, list) else ():
        match one:
            case [int(head), int(child), dict(scores)]:
                for label, score in scores.items():
                    if isinstance(score, int | float) and score > 0:
                        yield head, child, label, float(score)
            case _:
                continue
