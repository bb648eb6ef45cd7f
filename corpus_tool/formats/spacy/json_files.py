"""Files of JSON, a value or one a line, to documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from corpus_tool.blocks import MAX_BYTES
from corpus_tool.decoding import decode
from corpus_tool.formats.noticed import Noticed
from corpus_tool.formats.spacy.document import Document
from corpus_tool.formats.spacy.json_reading import read_doc
from corpus_tool.formats.spacy.older_json import paragraphs, read_pair, read_paragraph
from corpus_tool.positions import place_of
from corpus_tool.refusals import BOM, Refusal

Found = tuple[Document | None, Noticed, int | None]


def of_file(data: bytes, path: str) -> Iterator[Found]:
    """The documents of a `.json` file: one, a list, or what spaCy 2 was trained on."""
    value = decode(data.removeprefix(BOM))
    if isinstance(value, Refusal):
        yield _refused(value, data, path, 1)
        return
    for one in value if isinstance(value, list) else [value]:
        yield from _documents(one, path, None)


def of_lines(stream: IO[bytes], path: str) -> Iterator[Found]:
    """The documents of a file with one a line."""
    number = 0
    while line := stream.readline(MAX_BYTES + 1):
        number += 1
        if len(line) > MAX_BYTES:
            yield _refused(Refusal("IO013", f"the line has more than {MAX_BYTES:,} bytes"), b"", path, number)
            while len(line) > MAX_BYTES and not line.endswith(b"\n"):
                line = stream.readline(MAX_BYTES + 1)
            continue
        data = (line.removeprefix(BOM) if number == 1 else line).rstrip(b"\r\n")
        if not data.strip():
            continue
        value = decode(data)
        if isinstance(value, Refusal):
            yield _refused(value, data, path, number)
        else:
            yield from _documents(value, path, number)


def _refused(refusal: Refusal, data: bytes, path: str, line: int) -> Found:
    noticed = Noticed(path)
    at = line if refusal.offset is None else place_of(data, refusal.offset, line)[0]
    noticed.wrong(at, refusal.message, refusal.code)
    return None, noticed, at


def _documents(value: Any, path: str, line: int | None) -> Iterator[Found]:
    noticed = Noticed(path)
    match value:
        case {"text": str()}:
            yield read_doc(value, noticed, line), noticed, line
        case [str(text), dict(annotations)]:
            yield read_pair(text, annotations, noticed), noticed, line
        case {"paragraphs": list()}:
            for one in paragraphs(value):
                own = Noticed(path)
                yield read_paragraph(one, own), own, line
        case _:
            noticed.wrong(line, "not a document of spaCy: neither text and tokens, nor paragraphs, nor a pair")
            yield None, noticed, line
