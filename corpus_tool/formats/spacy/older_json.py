"""Training data of spaCy 2, which is still about: documents of paragraphs, and pairs of a text and its annotations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from corpus_tool.formats.noticed import Noticed
from corpus_tool.formats.spacy.document import Document, Span, Token
from corpus_tool.formats.spacy.json_reading import Reader
from corpus_tool.formats.spacy.tokenising import tokeniser

_PAIR = frozenset({"entities", "cats", "heads", "deps", "tags", "pos", "lemmas", "morphs", "spans"})
_BY_TOKEN = {"deps": "dep", "tags": "tag", "pos": "pos", "lemmas": "lemma", "morphs": "morph"}


def read_paragraph(value: dict[str, Any], noticed: Noticed) -> Document | None:
    """A paragraph of version 2: sentences of tokens, tags of BILUO; None where its words are not in its text."""
    document = Document("")
    reader = Reader(document, noticed, None)
    listed = [
        (number == 0, token)
        for one in reader.objects(value.get("sentences"), "sentences")
        for number, token in enumerate(reader.objects(one.get("tokens"), "tokens"))
        if isinstance(token.get("orth"), str)
    ]
    words = [str(token["orth"]) for _, token in listed]
    document.text = value["raw"] if isinstance(value.get("raw"), str) else " ".join(words)
    if not isinstance(value.get("raw"), str):
        noticed.doubt(None, "a paragraph has no 'raw' text: its words, with a space between, are the text")
    at = 0
    for number, (first, token) in enumerate(listed):
        at = document.text.find(words[number], at)
        if at < 0:
            noticed.wrong(None, f"the word '{words[number][:40]}' is not in the text where its turn is")
            return None
        document.tokens.append(_token(token, number, at, first=first, size=len(listed)))
        at += len(words[number])
    _tagged(document, [str(token.get("ner") or "-") for _, token in listed], noticed)
    for one in reader.objects(value.get("cats"), "cats"):
        if isinstance(one.get("label"), str) and isinstance(one.get("value"), int | float):
            document.cats[one["label"]] = float(one["value"])
    return document


def _token(token: dict[str, Any], number: int, at: int, *, first: bool, size: int) -> Token:
    said = {name: token[name] for name in ("tag", "pos", "lemma", "dep", "morph") if isinstance(token.get(name), str)}
    made = Token(at, at + len(token["orth"]), **said, sent_start=1 if first else -1)
    if isinstance(token.get("head"), int) and 0 <= number + token["head"] < size:
        made.head = number + token["head"]
    return made


def _tagged(document: Document, tags: list[str], noticed: Noticed) -> None:
    if all(tag == "-" for tag in tags):
        return
    document.ents, document.partial, first = [], "-" in tags, None
    for number, tag in enumerate([*tags, "O"]):
        prefix, _, label = tag.partition("-")
        if first is not None and (prefix not in ("I", "L") or label != tags[first].partition("-")[2]):
            start, end = document.tokens[first].start, document.tokens[number - 1].end
            document.ents.append(Span(start, end, tags[first].partition("-")[2]))
            first = None
        if first is None and label and prefix in ("B", "U", "I", "L"):
            first = number
            if prefix in ("I", "L"):
                noticed.doubt(None, f"an entity begins with {tag}: taken for its beginning")


def read_pair(text: str, value: dict[str, Any], noticed: Noticed) -> Document:
    """A pair `[text, {"entities": [[start, end, label]], ...}]`; what goes by token goes by spaCy's tokens."""
    document = Document(text)
    reader = Reader(document, noticed, None)
    if any(value.get(name) for name in (*_BY_TOKEN, "heads")):
        _by_token(document, value, noticed)
    if isinstance(value.get("entities"), list):
        document.ents = list(reader.spans([_object(one) for one in value["entities"]], "entity"))
    for name, group in reader.pairs(value.get("spans"), "spans"):
        listed = group if isinstance(group, list) else []
        document.groups[name] = list(reader.spans([_object(one) for one in listed], f"span of '{name}'"))
    for name, score in reader.pairs(value.get("cats"), "cats"):
        if isinstance(score, int | float):
            document.cats[name] = float(score)
    for name in value.keys() - _PAIR:
        noticed.lose(f"fields of annotations: {name}", repr(value[name])[:60])
    return document


def _object(one: object) -> object:
    names = ("start", "end", "label", "kb_id")
    return dict(zip(names, one, strict=False)) if isinstance(one, list) and len(one) in (3, 4) else one


def _by_token(document: Document, value: dict[str, Any], noticed: Noticed) -> None:
    found = [Token(token.idx, token.idx + len(token)) for token in tokeniser(None)(document.text)]
    columns = {name: value[name] for name in (*_BY_TOKEN, "heads") if isinstance(value.get(name), list)}
    wrong = [name for name, column in columns.items() if len(column) != len(found)]
    if wrong:
        message = f"{', '.join(wrong)} are of other tokens than spaCy's rules make ({len(found)}): left out"
        noticed.wrong(None, message)
        return
    document.tokens = found
    for number, token in enumerate(found):
        for name, field in _BY_TOKEN.items():
            if name in columns and isinstance(columns[name][number], str):
                setattr(token, field, columns[name][number])
        head = columns["heads"][number] if "heads" in columns else None
        token.head = head if isinstance(head, int) and 0 <= head < len(found) else None


def paragraphs(value: object) -> Iterator[dict[str, Any]]:
    """The paragraphs of a document of version 2."""
    for one in value.get("paragraphs") or () if isinstance(value, dict) else ():
        if isinstance(one, dict):
            yield one
