"""JSON of sources: what is too large to be parsed."""

from __future__ import annotations

import pytest

from corpus_tool.findings import Finding
from corpus_tool.formats import whole_files
from corpus_tool.formats.json_values import read_value


def test_what_is_too_large_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_files, "MAX_BYTES", 10)
    assert read_value(b'{"a": 123}', "a.json", "a") == {"a": 123}
    found = read_value(b'{"a": 1234}', "a.json", "a")
    assert isinstance(found, Finding)
    assert (found.code, found.location.line) == ("IO013", 1)
    assert "11 bytes" in found.message
