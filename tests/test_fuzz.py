"""Bytes in, findings out: whatever is read or named as a setting, nothing but a finding or an error of our own."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus_tool import corpus
from corpus_tool.blocks import Block, Chunk
from corpus_tool.config import load_config
from corpus_tool.contract import load_contract
from corpus_tool.errors import CorpusError, SettingsError
from corpus_tool.inventory_files import load_inventory
from corpus_tool.resources import schema_directory
from corpus_tool.rules import all_rules
from corpus_tool.schema import Verdict
from corpus_tool.validate import Checker

EXAMPLE = Path(__file__).parent.parent / "examples" / "harbour-news"
CHECKER = Checker(load_contract(None, load_inventory(EXAMPLE / "inventory.toml")), frozenset(all_rules()))
BOUNDED = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


def shortened(article: dict[str, Any]) -> bytes:
    return json.dumps(
        {name: value[:3] if isinstance(value, list) else value for name, value in article.items()}
    ).encode()


WHOLE = [shortened(json.loads(path.read_bytes())) for path in sorted((EXAMPLE / "articles").glob("*.json"))[:6]]
PIECES = st.sampled_from([
    b"{", b"}", b"[", b"]", b'"', b":", b",", b"\\", b"\\ud800", b"\\u0000", b"\n", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf", b"null", b"1e999", b"-", b"NaN",
    b"9" * 30, b"[" * 600, b'"id":"a",', b'"spans":[],', b'"entities":[{}],', b'{"start":-1,"end":9}', "\u202e😀e\u0301".encode(), b"\xed\xa0\x80", b"",
])  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn, originals: list[bytes]) -> bytes:
    """One of the originals with pieces put in, cut out, doubled and moved."""
    data = draw(st.sampled_from(originals))
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.sampled_from([0, 0, 1, 2, 8, 60, 10**6])))
        data = data[:start] + draw(PIECES | st.just(data[start:end] * 2) | st.binary(max_size=4)) + data[end:]
    return data


FILES = st.binary(max_size=200) | mutated(WHOLE) | st.lists(mutated(WHOLE), max_size=4).map(b"\n".join)


@BOUNDED
@given(FILES, st.booleans())
def test_any_bytes_have_findings_or_none(data: bytes, whole: bool) -> None:
    report = CHECKER(Block(0, (Chunk("a", whole=whole, data=data, size=len(data)),)))
    last = data.count(b"\n") + 1
    for finding in report.findings:
        assert finding.code in all_rules()
        assert finding.location.line is None or 1 <= finding.location.line <= last
    assert sum(report.summary.by_severity.values()) >= len(report.findings)


@BOUNDED
@given(st.data())
def test_any_file_has_findings_or_an_error_of_our_own(tmp_path: Path, data: st.DataObject) -> None:
    """The whole corpus: compressed, cut, spliced, under any suffix."""
    content = data.draw(FILES)
    suffix = data.draw(st.sampled_from([".json", ".jsonl", ".jsonl.gz", ".json.gz", ".jsonl.zst", ".json.zst"]))
    if suffix.endswith((".gz", ".zst")):
        packed = gzip.compress(content) if suffix.endswith(".gz") else pa.compress(content, "zstd", asbytes=True)
        content = data.draw(st.just(packed) | mutated([packed]) | mutated([packed + packed]))
    path = tmp_path / f"a{suffix}"
    path.write_bytes(content)
    try:
        report = corpus.validate([str(path)], corpus.Options(jobs=1))
    except CorpusError as error:
        assert str(error)  # noqa: PT017 (nothing but this may be raised, and nothing has to be)
    else:
        assert all(finding.location.path for finding in report.findings)
    finally:
        path.unlink()


def settled(path: Path, content: bytes, read: Any) -> None:
    path.write_bytes(content)
    try:
        read(path)
    except SettingsError as error:
        assert str(error)  # noqa: PT017 (nothing but this may be raised, and nothing has to be)


CONFIG = [
    (EXAMPLE / "corpus.toml").read_bytes(),
    b'schema = "a"\n[validate]\nselect = ["TXT"]\n[severity]\nTXT202 = "error"\n[[ignore]]\npaths = ["**"]\nrules = ["TXT"]\nreason = "x"\n',
]
INVENTORIES = [(EXAMPLE / "inventory.toml").read_bytes()]
SCHEMAS = [(schema_directory() / "article-1.schema.json").read_bytes()]
KEYWORDS = st.sampled_from([
    b'"$ref": "#/properties/entities",', b'"$ref": "#",', b'"allOf": [{"$ref": "#/$defs/span"}],', b'"type": "array",', b'"type": ["null"],', b'"x-span": true,',
    b'"x-text": true,', b'"x-id": true,', b'"x-layer": "entity",', b'"pattern": "(",', b'"enum": [],', b'"const": null,', b'"minimum": 1e308,', b'"not": {},',
    b'"$dynamicRef": "#a",', b'"$anchor": "a",', b'"$id": "urn:x",', b'"properties": {},', b'"items": false,', b'"anyOf": [true],', b'"required": ["x"],',
])  # fmt: skip


@st.composite
def reworded(draw: st.DrawFn) -> bytes:
    """The packaged schema with keywords put behind some of its braces: still JSON, mostly."""
    data = SCHEMAS[0]
    for _ in range(draw(st.integers(1, 3))):
        at = data.index(b"{", draw(st.integers(0, data.rindex(b"{")))) + 1
        data = data[:at] + draw(KEYWORDS) + data[at:]
    return data


@BOUNDED
@given(mutated(CONFIG))
def test_any_configuration_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    settled(tmp_path / "corpus.toml", content, load_config)


@BOUNDED
@given(mutated(INVENTORIES), st.sampled_from([".toml", ".json"]))
def test_any_inventory_is_read_or_refused(tmp_path: Path, content: bytes, suffix: str) -> None:
    settled(tmp_path / f"inventory{suffix}", content, load_inventory)


def judge(path: Path) -> None:
    contract = load_contract(path, None)
    verdict = Verdict(contract)
    verdict.check_patterns()
    for article in (json.loads(WHOLE[0]), {}, []):
        if not verdict.accepts(article):
            verdict.breaches(article)


@BOUNDED
@given(mutated(SCHEMAS) | reworded())
def test_any_schema_is_compiled_or_refused(tmp_path: Path, content: bytes) -> None:
    settled(tmp_path / "own.schema.json", content, judge)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"1", b"\xff", b"null", b'"x"', b"{}", b"true"])
def test_the_smallest_settings(tmp_path: Path, content: bytes) -> None:
    for name, read in (
        ("corpus.toml", load_config),
        ("i.toml", load_inventory),
        ("i.json", load_inventory),
        ("s.json", judge),
    ):
        settled(tmp_path / name, content, read)
