"""JSONTestSuite and the tables of docs/json.md: what is read, what is refused, and with which words."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from corpus_tool.blocks import Block, Chunk
from corpus_tool.contract import load_contract
from corpus_tool.decoding import decode
from corpus_tool.findings import Finding
from corpus_tool.refusals import Refusal
from corpus_tool.rules import all_rules
from corpus_tool.validate import Checker
from tests.corpora import corpora
from tests.program import run

PAGE = (Path(__file__).parent.parent / "docs" / "json.md").read_text()
CHECKER = Checker(load_contract(None, None), frozenset(code for code in all_rules() if code.startswith("IO")))
EMPTY = {"n_single_space.json", "n_structure_no_data.json", "n_structure_UTF8_BOM_no_data.json"}
"""Files with no value in them: those are warned of as empty."""


def table(first: str) -> list[list[str]]:
    """The rows of the table whose header begins with these cells."""
    rows = PAGE[PAGE.index(first) :].split("\n\n")[0].split("\n")[2:]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]


def as_bytes(cell: str) -> bytes:
    data = cell.removeprefix("`").removesuffix("`").encode()
    return re.sub(rb"\\x([0-9a-f]{2})", lambda match: bytes.fromhex(match[1].decode()), data)


CASES = [pytest.param(as_bytes(row[1]), *row[2:], id=row[0]) for row in table("| Case | Bytes |")]
OPEN = [(row[0].strip("`"), row[1]) for row in table("| Files | Verdict |")]


def expected(name: str) -> str:
    """What the page says of a file: the code of a finding, or that it is read."""
    said = next((verdict for pattern, verdict in OPEN if fnmatchcase(name.removesuffix(".json"), pattern)), None)
    return said or {"y": "read", "n": "refused"}[name[0]]


@pytest.mark.parametrize(("data", "code", "offset", "message"), CASES)
def test_the_page_says_what_is_refused(data: bytes, code: str, offset: str, message: str) -> None:
    assert decode(data) == Refusal(code, message, int(offset))


def test_no_two_cases_of_the_page_have_one_message() -> None:
    twice = {"the key 'a' stands twice in one object", "the text is UTF-16: articles are UTF-8, save it so",
             "'/' stands behind the value, where nothing may"}  # fmt: skip
    said = Counter(str(case.values[3]) for case in CASES)
    assert {message for message, number in said.items() if number > 1} <= twice


LINE = b'{"id":"a","text":"Rain"}\n'
PACKERS: dict[str, Any] = {
    "": bytes,
    ".gz": gzip.compress,
    ".zst": lambda data: pa.compress(data, "zstd", asbytes=True),
}


@pytest.mark.parametrize("end", [*PACKERS, "stdin"])
def test_every_case_is_found_at_its_place_wherever_it_is_read(tmp_path: Path, end: str) -> None:
    """One file with each case on a line of its own between good lines; the same compressed, and on standard input."""
    cases = [(bytes(case.values[0]), str(case.values[1])) for case in CASES if b"\n" not in bytes(case.values[0])]  # type: ignore[arg-type]
    good = [
        LINE.replace(b'"a"', b'"a%d"' % number).replace(b"Rain", b"Rain %d" % number)
        for number in range(len(cases) + 1)
    ]
    data = good[0] + b"".join(bad + b"\n" + line for (bad, _), line in zip(cases, good[1:], strict=True))
    path = tmp_path / f"a.jsonl{'' if end == 'stdin' else end}"
    path.write_bytes(PACKERS[path.suffix if end in (".gz", ".zst") else ""](data))
    ran = run("validate", "-" if end == "stdin" else path, "--format", "json", stdin=data if end == "stdin" else b"")
    findings = ran.json["findings"]
    assert ran.code == 1
    assert [(finding["line"], finding["code"]) for finding in findings] == [
        (2 * number, code) for number, (_, code) in enumerate(cases, 1)
    ]
    for finding, (bad, _) in zip(findings, cases, strict=True):
        refusal = decode(bad)
        assert isinstance(refusal, Refusal)
        assert finding["message"] == refusal.message
        assert finding["column"] == len(bad[: refusal.offset].decode(errors="replace")) + 1
    assert ran.json["summary"]["articles"] == len(cases) + len(good)


@pytest.mark.parametrize(("name", "encoding"), [
    (f"a{suffix}", encoding) for suffix in (".json", ".jsonl", ".jsonl.gz")
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
])  # fmt: skip
def test_a_file_in_another_encoding_is_one_finding(tmp_path: Path, name: str, encoding: str) -> None:
    data = (LINE.decode() * 3).encode(encoding)
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    ran = run("validate", tmp_path, "--format", "json")
    [finding] = ran.json["findings"]
    assert (finding["code"], finding["line"], finding["column"]) == ("IO001", 1, 1)
    assert f"the text is {encoding[:6].upper()}" in finding["message"]


def findings(path: Path) -> list[Finding]:
    data = path.read_bytes()
    return CHECKER(Block(0, (Chunk(path.name, whole=True, data=data, size=len(data)),))).findings


def test_json_test_suite() -> None:
    """318 files by others: each y is read, each n refused, each i as the page says."""
    files = sorted((corpora("json-parsing-suite") / "test_parsing").glob("*.json"))
    assert Counter(file.name[0] for file in files) == {"y": 95, "n": 188, "i": 35}
    wrong = []
    for file in files:
        codes = {finding.code for finding in findings(file)}
        wanted = expected(file.name)
        fits = not codes if wanted == "read" else bool(codes) if wanted == "refused" else codes == {wanted}
        if not fits or (wanted == "refused" and file.name not in EMPTY and codes & {"IO004", "IO006"}):
            wrong.append((file.name, wanted, codes))
    assert wrong == []


TRANSFORMED = {
    "number_-9223372036854775809.json": "IO011", "number_9223372036854775808.json": "IO011",
    "number_10000000000000000999.json": "IO011", "object_same_key_different_values.json": "IO003",
    "object_same_key_same_value.json": "IO003", "object_same_key_unclear_values.json": "IO003",
    "number_-9223372036854775808.json": [-(2**63)], "number_9223372036854775807.json": [2**63 - 1],
    "number_1.0.json": [1.0], "number_1.000000000000000005.json": [1.0], "number_1000000000000000.json": [10**15],
    "number_1e-999.json": [0.0], "number_1e6.json": [1e6],
    "object_key_nfc_nfd.json": {"\u00e9": "NFC", "e\u0301": "NFD"},
    "object_key_nfd_nfc.json": {"e\u0301": "NFD", "\u00e9": "NFC"},
    "string_with_escaped_NULL.json": ["A\0B"],
}  # fmt: skip
"""What parsers turn into different values: ours, or the code of the refusal; all others are lone surrogates."""


def test_what_parsers_read_differently() -> None:
    files = sorted((corpora("json-parsing-suite") / "test_transform").glob("*.json"))
    assert len(files) == 22
    for file in files:
        value = decode(file.read_bytes())
        assert (value.code if isinstance(value, Refusal) else value) == TRANSFORMED.get(file.name, "IO001"), file.name
        assert isinstance(TRANSFORMED.get(file.name, "IO001"), str) or repr(value) == repr(TRANSFORMED[file.name])


def test_the_suite_as_a_directory_through_the_program() -> None:
    """In a process of its own: no signal, no traceback, a finding for every file that must be refused."""
    folder = corpora("json-parsing-suite") / "test_parsing"
    command = [sys.executable, "-m", "corpus_tool", "validate", str(folder), "--format", "json"]
    done = subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    report = json.loads(done.stdout)
    codes: dict[str, set[str]] = {}
    for finding in report["findings"]:
        codes.setdefault(Path(finding["path"]).name, set()).add(finding["code"][:2])
    for file in folder.glob("*.json"):
        read = expected(file.name) in ("read", "IO004")
        assert ("IO" in codes.get(file.name, ())) is (expected(file.name) != "read"), file.name
        assert ("SC" in codes.get(file.name, ())) is read, file.name  # none is an article
    assert report["summary"]["files"] == 318
    assert report["summary"]["articles"] == 318 - len(EMPTY)
