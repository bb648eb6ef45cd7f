"""The documents of a DocBin, by spaCy's table of attributes and its strings, and without a Doc."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from corpus_tool.formats.noticed import Noticed
from corpus_tool.formats.spacy.document import Document, Span, Token
from corpus_tool.formats.spacy.packed import SPAN, NotADocBinError, Packed, groups_of, message
from corpus_tool.formats.spacy.tokenising import library

_MISSING, _INSIDE, _OUTSIDE, _BEGIN = range(4)
Strings = Callable[[int], str]


@dataclass(slots=True)
class _Reader:
    packed: Packed
    strings: Strings
    columns: dict[str, int]
    noticed: Noticed
    tokens: Any = None
    document: Document | None = None

    def column(self, name: str) -> list[int] | None:
        """The values of an attribute; None where the DocBin does not have it."""
        at = self.columns.get(name)
        found: list[int] | None = None if at is None else self.tokens[:, at].tolist()
        return found

    def texts(self, name: str, size: int) -> list[str]:
        found = self.column(name)
        return [""] * size if found is None else [self.string(one, name) for one in found]

    def string(self, key: int, name: str) -> str:
        try:
            return self.strings(key)
        except (KeyError, ValueError, TypeError):
            self.noticed.wrong(None, f"the string of a {name} is not in the file (hash {key}): left out")
            return ""


def documents(packed: Packed, path: str) -> Iterator[tuple[Document | None, Noticed]]:
    """Each document of a DocBin, and what was noticed; None where its words cannot be read."""
    strings, columns = _strings(packed.strings), _columns(packed.attrs)
    for number, end in enumerate(packed.ends):
        start = packed.ends[number - 1] if number else 0
        reader = _Reader(packed, strings, columns, Noticed(path), packed.tokens[start:end])
        try:
            document = _document(reader, packed.spaces[start:end].tolist(), number)
        except NotADocBinError as error:
            reader.noticed.wrong(None, f"document {number + 1}: {error}")
            document = None
        yield document, reader.noticed


def _strings(strings: list[str]) -> Strings:
    library()
    from spacy.strings import StringStore

    store = StringStore()
    for one in strings:
        store.add(one)
    known: dict[int, str] = {0: ""}

    def find(key: int) -> str:
        if key not in known:
            known[key] = str(store[key])
        return known[key]

    return find


def _columns(attrs: list[int]) -> dict[str, int]:
    from spacy.attrs import IDS

    names = {number: name for name, number in IDS.items()}
    return {names[attr]: at for at, attr in enumerate(attrs) if attr in names}


def _document(reader: _Reader, spaces: list[bool], number: int) -> Document:
    words = reader.column("ORTH")
    if words is None:
        raise NotADocBinError("it has no words")
    flags = reader.packed.flags[number]
    if isinstance(flags, dict) and flags.get("has_unknown_spaces"):
        reader.noticed.doubt(None, "it does not know the spaces of its text: one was put between all words")
        spaces = [True] * (len(words) - 1) + [False] * bool(words)
    document = reader.document = Document("")
    pieces, at = [], 0
    for key, space in zip(words, spaces, strict=True):
        try:
            word = reader.strings(key)
        except (KeyError, ValueError, TypeError) as error:
            raise NotADocBinError(f"a word is not among its strings (hash {key})") from error
        document.tokens.append(Token(at, at + len(word)))
        pieces += [word, " "] if space else [word]
        at += len(word) + space
    document.text = "".join(pieces)
    _tokens(reader, document)
    _ents(reader, document)
    _groups(reader, document, number)
    _user_data(reader, document, number)
    document.cats = _cats(reader.packed.cats[number])
    return document


def _cats(value: object) -> dict[str, float]:
    pairs = value.items() if isinstance(value, dict) else ()
    return {str(name): float(score) for name, score in pairs if isinstance(score, int | float)}


def _tokens(reader: _Reader, document: Document) -> None:
    size = len(document.tokens)
    tags, lemmas, morphs = (reader.texts(name, size) for name in ("TAG", "LEMMA", "MORPH"))
    poses, deps = reader.texts("POS", size), reader.texts("DEP", size)
    heads = _signed(reader, "HEAD")
    starts = _signed(reader, "SENT_START")
    for number, token in enumerate(document.tokens):
        token.tag, token.lemma, token.morph = tags[number], lemmas[number], morphs[number].strip("_")
        token.pos, token.dep = poses[number], deps[number]
        if starts is not None and starts[number] in {-1, 1}:
            token.sent_start = starts[number]
        if heads is not None and token.dep:
            token.head = number + heads[number]
            if not 0 <= token.head < size:
                reader.noticed.wrong(None, f"the head of token {number} is outside the document: left out")
                token.head = None


def _signed(reader: _Reader, name: str) -> list[int] | None:
    at = reader.columns.get(name)
    found: list[int] | None = None if at is None else reader.tokens[:, at].astype(np.int64).tolist()
    return found


def _ents(reader: _Reader, document: Document) -> None:
    """Runs of tokens by B and I; what begins with I, or changes its label, is reported and begins an entity."""
    size = len(document.tokens)
    labels = reader.texts("ENT_TYPE", size)
    tags = reader.column("ENT_IOB")
    if tags is None:
        if any(labels):
            reader.noticed.doubt(None, "it has types of entities without B and I: tokens of one type in a row are one")
            tags = [_INSIDE if label else _OUTSIDE for label in labels]
        else:
            return
    if all(tag == _MISSING for tag in tags) and size:
        return
    if any(tag > _BEGIN for tag in tags):
        reader.noticed.wrong(None, "a token is none of B, I, O and missing: taken for missing")
    kb_ids, ids = reader.texts("ENT_KB_ID", size), reader.texts("ENT_ID", size)
    document.ents = []
    document.partial = any(tag == _MISSING or tag > _BEGIN for tag in tags)
    stray, first = 0, None
    for number in range(size + 1):
        inside = number < size and tags[number] == _INSIDE
        follows = inside and first is not None and labels[number] == labels[first]
        if first is not None and not follows:
            start, end = document.tokens[first].start, document.tokens[number - 1].end
            document.ents.append(Span(start, end, labels[first], kb_ids[first], ids[first]))
            first = None
        if number < size and (tags[number] == _BEGIN or (inside and not follows)):
            stray += inside and "ENT_IOB" in reader.columns
            first = number
    if stray:
        reader.noticed.doubt(None, f"{stray} entities begin with I, where spaCy has B: each is taken for one")


def _groups(reader: _Reader, document: Document, number: int) -> None:
    for name, (spans, attrs) in groups_of(reader.packed.groups[number]).items():
        made = [span for one in spans if (span := _span(reader, document, name, one)) is not None]
        document.groups[name] = made
        for key in attrs:
            reader.noticed.lose(f"attributes of span groups: {key}", name)


def _span(reader: _Reader, document: Document, name: str, packed: bytes) -> Span | None:
    own, kb_id, label, first, last, start, end = SPAN.unpack(packed)
    if not 0 <= first < last <= len(document.tokens):
        reader.noticed.wrong(None, f"a span of '{name}' is of tokens {first} to {last}, which there are not: left out")
        return None
    place = document.tokens[first].start, document.tokens[last - 1].end
    if place != (start, end):
        message = f"a span of '{name}' says characters {start} to {end}, its tokens {place[0]} to {place[1]}: these"
        reader.noticed.doubt(None, f"{message} are taken")
    return Span(*place, *(reader.string(key, "span") for key in (label, kb_id, own)))


def _user_data(reader: _Reader, document: Document, number: int) -> None:
    """Values of `doc._` and `span._`; other user data is nothing that is known."""
    data = reader.packed.user_data[number]
    if not isinstance(data, bytes):
        return
    found = message(data, lists=False)
    for key, value in found.items() if isinstance(found, dict) else ():
        match key:
            case ("._.", "rel", None, None):
                document.relations = list(_relations(value))
            case ("._.", str(name), None, None):
                document.extensions[name] = value
            case ("._.", str(name), int(start), int(end)) if isinstance(value, str | int | float):
                document.on_spans.setdefault((start, end), {})[name] = value
            case _:
                reader.noticed.lose("user data", repr(key)[:60])


def _relations(value: object) -> Iterator[tuple[int, int, str, float]]:
    """`doc._.rel`, as spaCy's tutorial has it: by the first tokens of two entities, the score of each label."""
    for ends, scores in value.items() if isinstance(value, dict) else ():
        if isinstance(ends, tuple) and len(ends) == 2 and all(isinstance(end, int) for end in ends):
            for label, score in scores.items() if isinstance(scores, dict) else ():
                if isinstance(label, str) and isinstance(score, int | float) and score > 0:
                    yield *ends, label, float(score)
