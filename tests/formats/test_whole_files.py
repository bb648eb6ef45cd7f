"""Files that are read whole: those that are too large are refused before they are read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import BinaryIO

import pytest

from corpus_tool import formats
from corpus_tool.errors import SourceError
from corpus_tool.findings import Finding
from corpus_tool.formats import Source, whole_files
from corpus_tool.formats.whole_files import read_whole

WHOLE = {
    "cas": "a.xmi", "cas-json": "a.json", "tei": "a.xml", "bioc": "a.xml", "bioc-json": "a.json", "ninjs": "a.json",
    "spacy-json": "a.json", "w3c": "a.jsonld", "pubannotation": "a.json", "label-studio": "a.json",
}  # fmt: skip


class Packed(BytesIO):
    """A stream that does not know its size, as of what is compressed."""

    asked = 0

    def seekable(self) -> bool:
        return False

    def read(self, size: int | None = -1) -> bytes:
        self.asked += size or 0
        return super().read(size)


def opened(stream: BinaryIO) -> Source:
    @contextmanager
    def reopen() -> Iterator[BinaryIO]:
        yield stream

    return Source("a.xml", "a", lambda _: None, reopen)


@pytest.mark.parametrize("name", WHOLE)
def test_formats_refuse_what_is_too_large(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_files, "MAX_BYTES", 100)
    data = b"<collection>" + b" " * 200 if name == "bioc" else b" " * 200
    found = list(formats.importer(name).read(Source(WHOLE[name], "a", lambda _: data), None))
    assert [(one.article, [each.code for each in one.findings]) for one in found] == [(None, ["IO013"])]


def test_documents_of_one_collection_may_be_more_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_files, "MAX_BYTES", 100_000)
    one = "<document><id>%d</id><passage><offset>0</offset><text>%s</text></passage></document>"
    data = "<collection>" + "".join(one % (number, "x" * 60_000) for number in range(4)) + "</collection>"
    found = list(formats.importer("bioc").read(Source("a.xml", "a", lambda _: data.encode()), None))
    assert [len((each.article or {"text": ""})["text"]) for each in found] == [60_000] * 4


def test_no_more_is_read_than_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_files, "MAX_BYTES", 100)
    packed, plain = Packed(b"x" * 1000), BytesIO(b"x" * 1000)
    found = [read_whole(opened(packed)), read_whole(opened(plain))]
    assert [isinstance(one, Finding) and one.message.partition(",")[0] for one in found] == [
        "more than 100 bytes", "1",
    ]  # fmt: skip
    assert (packed.asked, plain.tell()) == (101, 0)
    assert read_whole(opened(BytesIO(b"x" * 100))) == b"x" * 100


def test_a_file_that_is_gone() -> None:
    with pytest.raises(SourceError, match="no such file"):
        read_whole(Source("a.xml", "a", lambda _: None))
