from __future__ import annotations

import gzip
import io
import os
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pyarrow as pa
import pytest

from corpus_tool import blocks, intake
from corpus_tool.blocks import Chunk, read_blocks
from corpus_tool.contract import load_contract
from corpus_tool.errors import SourceError
from corpus_tool.findings import Finding
from corpus_tool.reports import Report
from corpus_tool.rules import all_rules
from corpus_tool.sources import SourceFile, find_sources
from corpus_tool.validate import Checker, run_checks

Numbered = list[tuple[int, bytes]]
CODES = frozenset(code for code in all_rules() if code.startswith("IO"))
CHECKER = Checker(load_contract(None, None), CODES)


def chunks(path: Path, block_bytes: int = 4096) -> list[Chunk]:
    return [chunk for block in read_blocks(find_sources([str(path)]).files, block_bytes) for chunk in block.chunks]


def numbered(path: Path, block_bytes: int) -> Numbered:
    """Every line with its number, put together from the chunks."""
    return [pair for chunk in chunks(path, block_bytes) if not chunk.problem for pair in split(chunk)]


def split(chunk: Chunk) -> Numbered:
    return list(enumerate(chunk.read().removesuffix(b"\n").split(b"\n"), chunk.line))


def article(name: str, text: str = "Rain.") -> bytes:
    return f'{{"id": "{name}", "text": "{text}"}}'.encode()


def check(*paths: Path | str, block_bytes: int = 64, jobs: int = 1, checker: Checker = CHECKER) -> Report:
    return run_checks(read_blocks(find_sources(map(str, paths)).files, block_bytes), checker, jobs)


def found(report: Report) -> list[tuple[str, int | None]]:
    return [(finding.code, finding.location.line) for finding in report.findings]


def ids(report: Report) -> list[str]:
    return [entry.id for entry in report.index.entries]


class TestLines:
    @pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 16, 1000])
    @pytest.mark.parametrize(
        "data",
        [
            b"one\ntwo\nthree\n", b"one\ntwo\nthree", b"\n\n\n", b"one\r\ntwo\r\n", b"\r\r\n\r", b"one\n\ntwo\n",
            "a\u2028b\nc\u0085d\ne\u000bf\u000cg\u001ch\n🌞\n".encode(), b"x" * 40 + b"\ny\n",
        ],
        ids=["ended", "not ended", "blank only", "CRLF", "CR", "blank between", "other line breaks", "long first"],
    )  # fmt: skip
    def test_are_cut_at_line_feeds_only_and_numbered(self, tmp_path: Path, data: bytes, size: int) -> None:
        path = tmp_path / "a.jsonl"
        path.write_bytes(data)
        assert numbered(path, size) == list(enumerate(data.removesuffix(b"\n").split(b"\n"), 1))

    @pytest.mark.parametrize("suffix", [".gz", ".zst"])
    def test_of_compressed_files_are_the_same(self, tmp_path: Path, suffix: str) -> None:
        data = b"".join(b"%d\n" % number for number in range(500))
        path = tmp_path / f"a.jsonl{suffix}"
        path.write_bytes(packed(data, suffix))
        assert numbered(path, 64) == numbered_lines(data)

    def test_of_several_members(self, tmp_path: Path) -> None:
        path = tmp_path / "a.jsonl.gz"
        path.write_bytes(gzip.compress(b"one\n") + gzip.compress(b"two\n"))
        assert numbered(path, 64) == [(1, b"one"), (2, b"two")]


def numbered_lines(data: bytes) -> Numbered:
    return list(enumerate(data.removesuffix(b"\n").split(b"\n"), 1))


def packed(data: bytes, suffix: str) -> bytes:
    return gzip.compress(data) if suffix == ".gz" else pa.compress(data, "zstd", asbytes=True)


class TestBlocks:
    def test_hold_several_small_files(self, tmp_path: Path) -> None:
        for number in range(10):
            (tmp_path / f"{number}.json").write_bytes(b"x" * 10)
        made = list(read_blocks(find_sources([str(tmp_path)]).files, 30))
        assert [chunk.name for block in made for chunk in block.chunks] == [
            file.name for file in find_sources([str(tmp_path)]).files
        ]
        assert [block.number for block in made] == list(range(len(made)))
        assert all(20 <= block.size <= 40 for block in made[:-1])

    def test_carry_no_bytes_of_files_that_workers_can_read(self, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl").write_bytes(b"one\ntwo\n")
        (tmp_path / "b.json").write_bytes(b"{}")
        assert [chunk.data for chunk in chunks(tmp_path)] == [None, None]

    def test_a_file_that_goes_away_is_an_operation_that_failed(self, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl").write_bytes(b"one\n")
        (chunk,) = chunks(tmp_path)
        (tmp_path / "a.jsonl").unlink()
        with pytest.raises(SourceError, match=r"a\.jsonl: No such file"):
            chunk.read()

    @pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.jsonl.gz"])
    def test_a_file_that_is_not_there_any_more(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(SourceError, match="No such file"):
            list(read_blocks([SourceFile(str(tmp_path / name), name, "a")]))


class TestWhole:
    @pytest.mark.parametrize("name", ["a.json", "a.json.gz", "a.json.zst"])
    def test_a_json_file_is_one_article(self, tmp_path: Path, name: str) -> None:
        data = b'{\n "id": "a",\n "text": "Rain."\n}\n'
        (tmp_path / name).write_bytes(data if name == "a.json" else packed(data, Path(name).suffix))
        report = check(tmp_path)
        assert found(report) == []
        assert ids(report) == ["a"]

    @pytest.mark.parametrize("data", [b"", b" \n\n"], ids=["no bytes", "white space"])
    @pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.jsonl.gz", "a.json.zst"])
    def test_an_empty_file(self, tmp_path: Path, name: str, data: bytes) -> None:
        suffix = Path(name).suffix
        (tmp_path / name).write_bytes(packed(data, suffix) if suffix in {".gz", ".zst"} else data)
        report = check(tmp_path, block_bytes=4096)
        assert found(report) == [("IO006", 1)]
        assert report.summary.articles == 0


class TestStandardInput:
    @pytest.mark.parametrize(
        ("data", "names", "codes"),
        [
            (article("a") + b"\n" + article("b") + b"\n", ["a", "b"], []),
            (article("a"), ["a"], []),
            (b"\xef\xbb\xbf" + article("a") + b"\n" + article("b"), ["a", "b"], [("IO004", 1)]),
            (b'{\n "id": "a",\n "text": "Rain.",\n "metadata":\n  {"language": "en"}\n}\n', ["a"], []),
            (b"{broken\n" + article("b") + b"\n", ["b"], [("IO002", 1)]),
            (b'{\n "id": "a",\n "text": oops\n}\n', [], [("IO002", 3)]),
            (b"", [], [("IO006", 1)]),
            (b"\n\n" + article("a"), ["a"], [("IO006", 1)]),
        ],
        ids=[
            "lines",
            "one line",
            "BOM",
            "one article over lines",
            "first line broken",
            "broken article",
            "nothing",
            "blank first",
        ],
    )
    def test_is_lines_or_one_article(
        self, monkeypatch: pytest.MonkeyPatch, data: bytes, names: list[str], codes: list[tuple[str, int]]
    ) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        report = check("-", block_bytes=4096)
        assert ids(report) == names
        assert found(report) == codes

    @pytest.mark.parametrize("name", ["pipe", "a.jsonl", "a.json", "a.jsonl.gz"])
    def test_a_named_pipe_is_read_likewise(self, tmp_path: Path, name: str) -> None:
        pipe = tmp_path / name
        os.mkfifo(pipe)
        data = article("a") if name == "a.json" else article("a") + b"\n" + article("b") + b"\n"
        writer = Thread(target=pipe.write_bytes, args=(packed(data, ".gz") if name.endswith(".gz") else data,))
        writer.start()
        report = check(pipe, block_bytes=16, jobs=2)
        writer.join()
        assert (ids(report), found(report)) == (["a"] if name == "a.json" else ["a", "b"], [])

    def test_is_read_in_blocks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        data = b"".join(article(f"a{number}") + b"\n" for number in range(50)) + b"{\n"
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        report = check("-")
        assert len(ids(report)) == 50
        assert found(report) == [("IO002", 51)]


class TestTooLong:
    @pytest.fixture(autouse=True)
    def small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for module in (blocks, intake):
            monkeypatch.setattr(module, "MAX_BYTES", 100)

    @pytest.mark.parametrize("size", [16, 150, 4096])
    @pytest.mark.parametrize("end", [b"\n", b""], ids=["ended", "not ended"])
    @pytest.mark.parametrize("suffix", ["", ".gz"])
    def test_a_line_is_a_finding_and_the_others_are_read(
        self, tmp_path: Path, size: int, end: bytes, suffix: str
    ) -> None:
        long = article("long", "x" * 200)
        data = b"\n".join([article("a"), long, article("b"), long]) + end
        path = tmp_path / f"a.jsonl{suffix}"
        path.write_bytes(packed(data, suffix) if suffix else data)
        report = check(path, block_bytes=size)
        assert found(report) == [("IO013", 2), ("IO013", 4)]
        assert ids(report) == ["a", "b"]
        assert (report.summary.articles, report.summary.refused) == (4, 2)

    @pytest.mark.parametrize(("length", "codes"), [(100, []), (101, [("IO013", 1)])])
    @pytest.mark.parametrize("size", [16, 4096])
    def test_the_limit_is_exact(self, tmp_path: Path, length: int, size: int, codes: list[tuple[str, int]]) -> None:
        line = article("a", "x" * (length - len(article("a", ""))))
        assert len(line) == length
        (tmp_path / "a.jsonl").write_bytes(line + b"\n")
        assert found(check(tmp_path, block_bytes=size)) == codes

    @pytest.mark.parametrize("name", ["a.json", "a.json.gz"])
    def test_a_file_that_is_one_article(self, tmp_path: Path, name: str) -> None:
        data = article("long", "x" * 200)
        (tmp_path / name).write_bytes(data if name == "a.json" else gzip.compress(data))
        (tmp_path / "b.json").write_bytes(article("b"))
        report = check(tmp_path)
        assert found(report) == [("IO013", 1)]
        assert ids(report) == ["b"]
        assert report.summary.refused == 1

    def test_it_is_not_parsed(self, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl").write_bytes(b"[" * 200 + b"\n")
        assert found(check(tmp_path)) == [("IO013", 1)]


DAMAGES = {
    "gzip cut at the checksum": (".gz", lambda data: data[:-6], 100, "the file ends in the middle"),
    "gzip and rubbish": (".gz", lambda data: data + b"rubbish behind it", 100, "something else stands behind it"),
    "zstd and rubbish": (".zst", lambda data: data + b"rubbish behind it", 100, "not zstd, or damaged"),
    "second member cut": (".gz", lambda data: data + gzip.compress(article("z") * 50)[:-9], 100, "in the middle"),
    "no gzip": (".gz", lambda data: b"{}\n" + data, 0, "not gzip"),
    "no zstd": (".zst", lambda data: b"{}\n" + data, 0, "not zstd"),
    "gzip of one byte": (".gz", lambda data: data[:1], 0, "the file ends in the middle"),
    "damaged checksum": (".gz", lambda data: data[:-8] + bytes(8), 100, "not gzip, or damaged"),
}


class TestBrokenCompression:
    LINES = 40_000

    def half(self, tmp_path: Path, suffix: str, *, cut: bool) -> tuple[Report, list[Finding]]:
        data = bytearray(
            packed(
                b"".join(article(f"a{number}", f"Rain {number * 7919}.") + b"\n" for number in range(self.LINES)),
                suffix,
            )
        )
        if cut:
            del data[len(data) // 2 :]
        else:
            data[len(data) // 2] ^= 0xFF
        (tmp_path / f"a.jsonl{suffix}").write_bytes(data)
        (tmp_path / "b.jsonl").write_bytes(article("b") + b"\n")
        report = check(tmp_path, block_bytes=2**20)
        return report, [finding for finding in report.findings if finding.code == "IO014"]

    @pytest.mark.parametrize("suffix", [".gz", ".zst"])
    def test_what_came_before_a_cut_is_checked(self, tmp_path: Path, suffix: str) -> None:
        report, (fault,) = self.half(tmp_path, suffix, cut=True)
        read = [name for name in ids(report) if name != "b"]
        assert self.LINES * 0.2 < len(read) < self.LINES * 0.8
        assert fault.location.line == len(read) + 1
        assert found(report) == [("IO014", len(read) + 1)]
        assert ids(report)[-1] == "b"

    def test_damage_is_seen(self, tmp_path: Path) -> None:
        report, faults = self.half(tmp_path, ".gz", cut=False)
        assert len(faults) == 1
        assert ids(report)[-1] == "b"

    @pytest.mark.parametrize("name", ["a.jsonl.gz", "a.json.gz", "a.jsonl.zst", "a.json.zst"])
    def test_what_is_not_compressed_at_all(self, tmp_path: Path, name: str) -> None:
        (tmp_path / name).write_bytes(article("a"))
        assert found(check(tmp_path)) == [("IO014", 1)]

    @pytest.mark.parametrize(("suffix", "damage", "lines", "words"), DAMAGES.values(), ids=DAMAGES)
    def test_small_files_are_checked_up_to_the_fault(
        self, tmp_path: Path, suffix: str, damage: Callable[[bytes], bytes], lines: int, words: str
    ) -> None:
        data = b"".join(article(f"a{number}", f"Rain {number * 7919}.") + b"\n" for number in range(100))
        path = tmp_path / f"a.jsonl{suffix}"
        path.write_bytes(damage(packed(data, suffix)))
        report = check(path, block_bytes=2**20)
        assert ids(report) == [f"a{number}" for number in range(lines)]
        assert found(report) == [("IO014", lines + 1)]
        assert words in report.findings[0].message

    def test_a_cut_costs_no_line_that_was_whole(self, tmp_path: Path) -> None:
        data = b"".join(article(f"a{number}", f"Rain {number * 7919}.") + b"\n" for number in range(5000))
        cut = gzip.compress(data)[:-9000]
        whole = zlib.decompressobj(31).decompress(cut)
        path = tmp_path / "a.jsonl.gz"
        path.write_bytes(cut)
        assert len(ids(check(path, block_bytes=2**20))) == whole.count(b"\n") > 1000

    def test_a_whole_file_that_is_cut(self, tmp_path: Path) -> None:
        (tmp_path / "a.json.gz").write_bytes(gzip.compress(article("a", "x" * 5000))[:-9])
        assert found(check(tmp_path)) == [("IO014", 1)]


class TestByteOrderMark:
    @pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.jsonl.gz"])
    def test_is_read_over_with_a_warning(self, tmp_path: Path, name: str) -> None:
        data = b"\xef\xbb\xbf" + article("a") + b"\n"
        (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        report = check(tmp_path)
        assert found(report) == [("IO004", 1)]
        assert ids(report) == ["a"]

    def test_inside_a_file_is_no_json(self, tmp_path: Path) -> None:
        (tmp_path / "a.jsonl").write_bytes(article("a") + b"\n\xef\xbb\xbf" + article("b") + b"\n")
        assert found(check(tmp_path, block_bytes=8)) == [("IO002", 2)]

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
    def test_utf16_is_one_finding(self, tmp_path: Path, encoding: str) -> None:
        (tmp_path / "a.json").write_bytes(article("a").decode().encode(encoding))
        report = check(tmp_path)
        assert found(report) == [("IO001", 1)]
        assert report.summary.refused == 1


def test_reports_do_not_depend_on_blocks_or_processes(tmp_path: Path) -> None:
    lines = [article(f"a{number}", f"Rain {number}.") for number in range(60)]
    lines[7] = b""
    lines[30] = b"{"
    lines[45] = article("a1", "Rain 46.")
    (tmp_path / "b.jsonl").write_bytes(b"\n".join(lines))
    (tmp_path / "c.jsonl").write_bytes(article("a1", "Rain 1.") + b"\n")
    checker = Checker(load_contract(None, None), frozenset(all_rules()))
    files = tmp_path / "c.jsonl", tmp_path
    reports = [
        check(*files, block_bytes=size, jobs=jobs, checker=checker) for size, jobs in ((128, 1), (128, 2), (10**6, 1))
    ]
    assert reports[0].findings
    assert reports[0] == reports[1]
    assert reports[0].findings == reports[2].findings
    assert reports[0].summary == reports[2].summary
    assert [finding.code for finding in reports[0].findings if finding.severity.label == "error"] == [
        "IO002",
        "COL801",
        "COL801",
    ]
