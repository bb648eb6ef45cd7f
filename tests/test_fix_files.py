"""Files that are mended: every style and suffix, what stands between articles, and what cannot be written."""

from __future__ import annotations

import gzip
import json
import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from corpus_tool.blocks import BLOCK_BYTES, read_blocks
from corpus_tool.config import Config
from corpus_tool.corpus import Options, Setup
from corpus_tool.errors import SettingsError, SourceError
from corpus_tool.fixing import Mended, mend
from corpus_tool.fixing.files import Target, rewrite
from corpus_tool.fixing.mending import Mender
from corpus_tool.fixing.units import Piece
from corpus_tool.rules import ROWS, TABLES, all_rules
from corpus_tool.rules.example import broken, edited, example_article
from corpus_tool.sources import NATIVE, SourceFile, find_sources
from corpus_tool.validate import Checker, run_checks
from tests.rules.tables import example_contract

MARK = "\ufeff".encode()


def setup(*sources: Path, codes: frozenset[str] | None = None) -> Setup:
    checker = Checker(example_contract(), codes or frozenset(all_rules()))
    return Setup(Config(), find_sources([str(source) for source in sources], NATIVE), checker)


def mended(*sources: Path, **options: Any) -> Mended:
    return mend(setup(*sources), Options(jobs=1), **options)


def findings(*sources: Path) -> list[tuple[str, bool]]:
    """Code of each finding, and whether it has a safe fix."""
    made = setup(*sources)
    report = run_checks(read_blocks(made.found.files), made.checker, 1)
    return [(found.code, found.fix is not None and found.fix.safety == "safe") for found in report.findings]


def wrong(name: str = "example-1") -> dict[str, Any]:
    """The example article, with a span that has white space at its end."""
    text = example_article()["text"]
    return edited({"/id": name, "/entities/1/spans/0": {"start": 23, "end": 36, "text": text[23:36]}})


def right(name: str = "example-1") -> dict[str, Any]:
    text = example_article()["text"]
    return edited({"/id": name, "/entities/1/spans/0": {"start": 23, "end": 35, "text": text[23:35]}})


def pretty(value: Any) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"


def compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def crlf(value: Any) -> bytes:
    return pretty(value).replace(b"\n", b"\r\n")


def several(*values: Any) -> bytes:
    return b"".join(compact(value) + b"\n" for value in values)


A, B, C = example_article() | {"id": "a"}, wrong("b"), right("b")
FILES: dict[str, tuple[str, bytes, bytes]] = {
    "pretty": ("x.json", pretty(wrong()), pretty(right())),
    "compact": ("x.json", compact(wrong()), compact(right())),
    "CRLF": ("x.json", crlf(wrong()), crlf(right())),
    "white space around": ("x.json", b" \n" + compact(wrong()) + b"\t\n\n", b" \n" + compact(right()) + b"\t\n\n"),
    "a byte order mark": ("x.json", MARK + pretty(wrong()), pretty(right())),
    "a byte order mark only": ("x.json", MARK + pretty(A), pretty(A)),
    "a line among others": ("x.jsonl", several(A, B, A | {"id": "c"}), several(A, C, A | {"id": "c"})),
    "no line end at the end": ("x.jsonl", several(A, B)[:-1], several(A, C)[:-1]),
    "lines that end in CRLF": ("x.ndjson", several(A, B).replace(b"\n", b"\r\n"), several(A, C).replace(b"\n", b"\r\n")),
    "blank lines": ("x.jsonl", b"\n \r\n" + several(A) + b"\n\n\t\n" + several(B) + b"  ", several(A, C)),
    "a mark and blank lines": ("x.jsonl", MARK + b"\r\n\n" + several(A, B), several(A, C)),
    "a mark and a line": ("x.jsonl", MARK + several(B), several(C)),
    "beside a line that is no JSON": ("x.jsonl", b'{"id":\n' + several(B) + b"\xff\n", b'{"id":\n' + several(C) + b"\xff\n"),
    "in two spellings": (
        "x.jsonl", json.dumps(B, indent=None, separators=(" , ", " : ")).encode(), json.dumps(C, separators=(" , ", " : ")).encode()
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "before", "after"), FILES.values(), ids=FILES)
def test_only_what_is_wrong_changes(tmp_path: Path, name: str, before: bytes, after: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(before)
    path.chmod(0o640)
    assert mended(tmp_path).files == [str(path)]
    assert path.read_bytes() == after
    assert path.stat().st_mode & 0o777 == 0o640
    again = mended(tmp_path)
    assert (again.files, again.fixed) == ([], {})
    assert path.read_bytes() == after
    assert os.listdir(tmp_path) == [name]  # noqa: PTH208 (names only)


@pytest.mark.parametrize("name", ["x.jsonl.gz", "x.json.gz", "x.jsonl.zst", "x.json.zst"])
def test_compressed_files_are_written_compressed(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    old, new = (several(A, B), several(A, C)) if "jsonl" in name else (pretty(B), pretty(C))
    results = []
    for _ in range(2):
        path.write_bytes(gzip.compress(old) if name.endswith("gz") else pa.compress(old, "zstd", asbytes=True))
        assert mended(tmp_path).fixed == {"SPN305": 1}
        results.append(path.read_bytes())
        with pa.input_stream(path, compression="gzip" if name.endswith("gz") else "zstd") as stream:
            assert stream.read() == new
        assert mended(tmp_path).files == []
    assert results[0] == results[1]


ON_TABLES = [rule for rule in all_rules().values() if rule.on in (*ROWS, TABLES)]
BAD = [(f"{rule.code}-{number}", example) for rule in ON_TABLES for number, example in enumerate(rule.bad)]
RAW = [
    (f"{rule.code}-{number}", one.raw)
    for rule in all_rules().values()
    for number, one in enumerate(rule.bad)
    if one.raw
]


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])
def test_every_bad_example_converges(tmp_path: Path, unsafe: bool) -> None:
    """All examples at once: each in a file of its own, in one of three styles."""
    styles = [pretty, compact, crlf]
    for number, (name, example) in enumerate(BAD):
        (tmp_path / f"{name}.json").write_bytes(styles[number % 3](broken(example) | {"id": name}))
    for name, raw in RAW:
        (tmp_path / f"{name}.jsonl").write_bytes(raw)
    offered = [code for code, safe in findings(tmp_path) if safe]
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    done = mended(tmp_path, unsafe=unsafe)
    assert sum(done.fixed.values()) >= len(offered) / 2 > 3
    assert done.failed == []
    assert set(done.files) == {str(path) for path, data in before.items() if path.read_bytes() != data}
    assert not [code for code, safe in findings(tmp_path) if safe and not done.stuck[code]]
    again = mended(tmp_path, unsafe=unsafe)
    assert (again.files, again.fixed) == ([], {})
    assert not done.stuck


def test_what_is_right_is_never_changed(tmp_path: Path) -> None:
    goods = [example_article(), *(edited(put) for rule in ON_TABLES for put in rule.good)]
    for number, good in enumerate(goods):
        (tmp_path / f"{number}.json").write_bytes([pretty, compact, crlf][number % 3](good | {"id": str(number)}))
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()}
    assert mended(tmp_path, unsafe=True).files == []
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.iterdir()} == before


def test_unsafe_fixes_are_left_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    bad = pretty(edited({"/entities/0/spans/0": {"start": 1, "end": 10, "text": "Mara Quill"}}))
    path.write_bytes(bad)
    done = mended(path)
    assert (done.files, done.unsafe["SPN304"], path.read_bytes()) == ([], 1, bad)
    done = mended(path, unsafe=True)
    assert (done.files, done.fixed["SPN304"]) == ([str(path)], 1)
    assert path.read_bytes() == pretty(example_article())


def test_what_is_not_asked_for_is_not_mended(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(pretty(wrong()))
    done = mend(setup(path, codes=frozenset(["SPN301"])), Options(jobs=1))
    assert (done.files, path.read_bytes()) == ([], pretty(wrong()))


def test_diffs_are_what_would_be_written(tmp_path: Path) -> None:
    files = {f"{number}-{name}": (before, after) for number, (name, before, after) in enumerate(FILES.values())}
    middle = [example_article() | {"id": str(number)} for number in range(9)]
    files["many.jsonl"] = (
        several(B, *middle, B, B, *middle[:6], B, *middle[:7], B),
        several(C, *middle, C, C, *middle[:6], C, *middle[:7], C),
    )
    for name, (before, _) in files.items():
        (tmp_path / name).write_bytes(before)
    lines: list[bytes] = []
    done = mended(tmp_path, write=False, show=lines.append)
    assert sorted(done.files) == sorted(str(tmp_path / name) for name in files)
    assert {name: (tmp_path / name).read_bytes() for name in files} == {name: one[0] for name, one in files.items()}
    diff = b"".join(lines).replace(f" {tmp_path}/".encode(), b" ")
    assert b"\n@@ -" in diff
    applied = subprocess.run(
        ["git", "-c", "core.autocrlf=false", "apply", "-p0", "--whitespace=nowarn", "-"],
        input=diff, cwd=tmp_path, check=False, capture_output=True, env={**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)},
    )  # fmt: skip
    assert applied.stderr == b""
    assert {name: (tmp_path / name).read_bytes() for name in files} == {name: one[1] for name, one in files.items()}


def test_a_file_of_several_blocks_on_several_processes(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    article = compact(A) + b"\n"
    with path.open("wb") as stream:
        for number in range(60):
            stream.write(article * 75)
            stream.write(compact(wrong(f"w{number}")) + b"\n")
    whole = setup(path)
    assert path.stat().st_size > 3 * 3 * 2**20
    assert mend(whole, Options(jobs=2)).fixed == {"SPN305": 60}
    assert path.read_bytes() == b"".join(article * 75 + compact(right(f"w{number}")) + b"\n" for number in range(60))


class TestRefused:
    def test_standard_input(self) -> None:
        made = Setup(Config(), find_sources(["-"], NATIVE), Checker(example_contract(), frozenset()))
        with pytest.raises(SettingsError, match="standard input cannot be mended"):
            mend(made, Options())

    def test_another_format(self, tmp_path: Path) -> None:
        path = tmp_path / "x.ann"
        path.write_bytes(compact(wrong()))
        with pytest.raises(SettingsError, match=r"only \.json"):
            mended(path)

    def test_a_release(self, tmp_path: Path) -> None:
        for name in ("manifest.json", "SHA256SUMS"):
            (tmp_path / name).write_bytes(b"{}")
        (tmp_path / "schema").mkdir()
        (tmp_path / "schema" / "x.json").write_bytes(pretty(wrong()))
        with pytest.raises(SettingsError, match="never changes"):
            mended(tmp_path / "schema")


@contextmanager
def no_file_over(size: int) -> Iterator[None]:
    """A disk that refuses files over a size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


class TestFailures:
    """What cannot be mended is named, and the others are mended all the same."""

    def files(self, folder: Path) -> tuple[Path, Path, Path]:
        paths = folder / "a.json", folder / "b.json", folder / "c.json"
        for path in paths:
            path.write_bytes(pretty(wrong(path.stem)))
        return paths

    def check(self, folder: Path, message: str, done: Mended, old: bytes) -> None:
        assert [name for name, _ in done.failed] == [str(folder / "b.json")]
        assert message in done.failed[0][1]
        assert str(folder / "b.json") in done.failed[0][1]
        assert done.files == [str(folder / "a.json"), str(folder / "c.json")]
        assert (done.fixed, done.stuck) == ({"SPN305": 2}, {"SPN305": 1})
        assert (folder / "b.json").read_bytes() == old
        assert (folder / "c.json").read_bytes() == pretty(right("c"))
        assert sorted(path.name for path in folder.iterdir()) == ["a.json", "b.json", "c.json"]

    def test_a_file_that_is_read_only(self, tmp_path: Path) -> None:
        _, path, _ = self.files(tmp_path)
        path.chmod(0o444)
        self.check(tmp_path, "read-only", mended(tmp_path), pretty(wrong("b")))

    def test_a_disk_that_is_full(self, tmp_path: Path) -> None:
        _, path, _ = self.files(tmp_path)
        size = path.stat().st_size
        path.write_bytes(path.read_bytes() + b" " * size)
        with no_file_over(size + 10):
            done = mended(tmp_path)
        self.check(tmp_path, "cannot write", done, pretty(wrong("b")) + b" " * size)

    def test_a_file_that_changed_while_it_was_checked(self, tmp_path: Path) -> None:
        _, path, last = self.files(tmp_path)
        path.write_bytes(several(*[A] * (BLOCK_BYTES // 1000), wrong("b")))
        assert path.stat().st_size > BLOCK_BYTES
        path = path.rename(tmp_path / "b.jsonl")

        def meddle(_: int) -> None:
            """Told of the first block while the second is still to be looked at."""
            with path.open("r+b") as stream:
                stream.write(b" ")

        made = setup(tmp_path)
        done = mend(made, Options(jobs=1, progress=meddle))
        assert [name for name, _ in done.failed] == [str(path)]
        assert "another program changed it" in done.failed[0][1]
        assert done.files == [str(tmp_path / "a.json"), str(last)]
        assert path.read_bytes() == b" " + several(*[A] * (BLOCK_BYTES // 1000), wrong("b"))[1:]

    @pytest.mark.parametrize("change", ["longer", "shorter", "other", "gone", "late"])
    def test_a_file_that_changed_before_it_was_written(self, tmp_path: Path, change: str) -> None:
        path, old = tmp_path / "x.json", pretty(wrong())
        path.write_bytes(old)
        file = SourceFile(str(path), str(path), "x")
        pieces, _ = Mender(setup(path).checker)(*read_blocks([file]))
        new = {
            "longer": old + b" ",
            "shorter": old[:-1],
            "other": b" " + old[1:],
            "gone": b"",
            "late": b" " * len(old),
        }[change]

        def late() -> Iterator[Piece]:
            yield from pieces
            path.write_bytes(new)

        if change == "gone":
            path.unlink()
        elif change != "late":
            path.write_bytes(new)
        target = Target(file, path, write=True, show=None)
        with pytest.raises(SourceError, match="cannot read" if change == "gone" else "another program changed it"):
            rewrite(target, late() if change == "late" else pieces)
        assert [entry.read_bytes() for entry in tmp_path.iterdir()] == ([] if change == "gone" else [new])

    def test_compression_that_is_broken(self, tmp_path: Path) -> None:
        path = tmp_path / "x.jsonl.gz"
        whole = gzip.compress(
            several(*[wrong(str(number)) for number in range(40)], *[{"id": os.urandom(99).hex()}] * 900)
        )
        path.write_bytes(whole[: len(whole) * 2 // 3])
        done = mended(tmp_path)
        assert done.files == []
        assert path.read_bytes() == whole[: len(whole) * 2 // 3]
        assert "compression is broken" in done.failed[0][1]

    def test_a_link_that_leads_out_of_the_corpus(self, tmp_path: Path) -> None:
        folder = tmp_path / "articles"
        folder.mkdir()
        paths = self.files(folder)
        outside = tmp_path / "notes.txt"
        paths[1].rename(outside)
        paths[1].symlink_to(outside)
        self.check(folder, "outside of the corpus", mended(folder), pretty(wrong("b")))
        assert paths[1].is_symlink()
        inside = mend(replace(setup(folder), config=Config(tmp_path / "corpus.toml")), Options(jobs=1))
        assert (inside.files, outside.read_bytes()) == ([str(paths[1])], pretty(right("b")))

    def test_what_two_names_lead_to_is_mended_once(self, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_bytes(pretty(wrong()))
        (tmp_path / "b.json").symlink_to("a.json")
        assert mended(tmp_path).files == [str(tmp_path / "a.json")]
        assert (tmp_path / "b.json").is_symlink()
        assert (tmp_path / "b.json").read_bytes() == pretty(right())


def test_checking_that_ends_is_no_failure_of_the_file_being_written(tmp_path: Path) -> None:
    """The second file is gone when its block comes."""
    (tmp_path / "a.jsonl").write_bytes(several(wrong(), *[A] * (BLOCK_BYTES // 1000)))
    gone = tmp_path / "b.json"
    gone.write_bytes(pretty(A))
    made = setup(tmp_path)
    with pytest.raises(SourceError, match=r"b\.json"):
        mend(made, Options(jobs=1, progress=lambda _: gone.unlink(missing_ok=True)))
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a.jsonl"]
