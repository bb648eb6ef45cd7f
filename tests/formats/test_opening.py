"""Compressed sources of any format, as the command line finds and reads them."""

from __future__ import annotations

import gzip
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pytest

from corpus_tool.convert import convert
from corpus_tool.formats import Article, Imported, opening
from corpus_tool.formats.detection import detect
from corpus_tool.formats.made import span
from corpus_tool.formats.opening import Opened
from corpus_tool.reading import Conversion
from corpus_tool.settings import Options
from corpus_tool.sources import find_sources
from tests.formats.round_trips import samples, written


def zstd(data: bytes) -> bytes:
    return bytes(pa.Codec("zstd").compress(data, asbytes=True))


PACKINGS = {".gz": gzip.compress, ".zst": zstd}
LINES = [
    "conll",
    "conll-coref",
    "hipe",
    "conllu",
    "webanno",
    "doccano",
    "prodigy",
    "pubannotation",
    "bioc",
    "label-studio",
]
TEXT = "Mara saw Oslo."
PIECES = [(0, 4), (5, 8), (9, 13), (13, 14)]
ARTICLE: Article = {
    "schema_version": "1.0", "text": TEXT,
    "sentences": [{"id": "S1", "spans": [span(TEXT, 0, 14)]}],
    "tokens": [{"id": f"K{start}", "spans": [span(TEXT, start, end)]} for start, end in PIECES],
    "entities": [{"id": "T1", "type": "LOC", "spans": [span(TEXT, 9, 13)]}],
}  # fmt: skip
CONLL = b"Mara B-PER\nsaw O\nOslo B-LOC\n. O\n\n"


def converted(source: Path, to: Path, name: str | None = None, *, fix: bool = False) -> Conversion:
    return convert([str(source)], source_format=name, target_format="jsonl", output=str(to), options=Options(fix=fix))


@pytest.mark.parametrize("suffix", PACKINGS)
@pytest.mark.parametrize("name", LINES)
def test_a_packed_corpus_is_what_it_was(name: str, suffix: str, tmp_path: Path) -> None:
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    written(name, [{**ARTICLE, "id": "one"}, {**ARTICLE, "id": "two"}], plain)
    for file in sorted(path for path in plain.rglob("*") if path.is_file()):
        there = packed / file.relative_to(plain)
        there.parent.mkdir(parents=True, exist_ok=True)
        there.with_name(there.name + suffix).write_bytes(PACKINGS[suffix](file.read_bytes()))
    before, after = converted(plain, tmp_path / "a.jsonl", name), converted(packed, tmp_path / "b.jsonl", name)
    assert [before.findings, after.findings] == [[], []]
    assert before.written == after.written == 2
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()


@pytest.mark.parametrize("suffix", PACKINGS)
def test_what_is_packed_is_told_by_its_beginning(suffix: str, tmp_path: Path) -> None:
    for name in ("conll", "hipe", "conllu", "label-studio"):
        plain = tmp_path / name
        written(name, samples()[:1], plain)
        (file,) = (path for path in plain.iterdir() if path.suffix in {".conll", ".tsv", ".conllu", ".json"})
        packed = tmp_path / f"{file.name}{suffix}"
        packed.write_bytes(PACKINGS[suffix](file.read_bytes()))
        assert detect(find_sources([str(packed)]).files, (), "id") == name


def test_ids_have_neither_suffix(tmp_path: Path) -> None:
    (tmp_path / "news.conll.gz").write_bytes(gzip.compress(CONLL))
    assert converted(tmp_path / "news.conll.gz", tmp_path / "a.jsonl").written == 1
    assert b'"id":"news"' in (tmp_path / "a.jsonl").read_bytes()


def test_a_pair_of_which_one_is_packed(tmp_path: Path) -> None:
    written("brat", samples()[:1], tmp_path / "plain")
    converted(tmp_path / "plain", tmp_path / "a.jsonl", "brat")
    text = next((tmp_path / "plain").glob("*.txt"))
    (text.parent / f"{text.name}.gz").write_bytes(gzip.compress(text.read_bytes()))
    text.unlink()
    converted(tmp_path / "plain", tmp_path / "b.jsonl", "brat")
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()


def test_the_same_file_twice_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.conll").write_bytes(CONLL)
    (folder / "a.conll.gz").write_bytes(gzip.compress(CONLL))
    result = converted(folder, tmp_path / "out.jsonl", "conll")
    assert (result.written, [found.code for found in result.findings]) == (1, ["COL801"])


WORDS = (sha256(b"%d" % number).hexdigest().encode() * 2 for number in range(1_500))
ARTICLES = b"".join(b"-DOCSTART- O\n\n%s O\n%s" % (word, CONLL) for word in WORDS)
"""More than a block of zstd."""


@pytest.mark.parametrize("suffix", PACKINGS)
def test_what_is_cut_off_is_read_up_to_there(suffix: str, tmp_path: Path) -> None:
    packed = PACKINGS[suffix](ARTICLES)
    (tmp_path / f"cut.conll{suffix}").write_bytes(packed[: len(packed) // 2])
    result = converted(tmp_path / f"cut.conll{suffix}", tmp_path / "out.jsonl", "conll")
    assert [found.code for found in result.findings if found.code != "IO009"] == ["IO014"]  # a line may be cut in two
    assert (result.summary.refused, result.written > 100) == (1, True)
    (tmp_path / "cut.conll").write_bytes(ARTICLES)
    converted(tmp_path / "cut.conll", tmp_path / "whole.jsonl", "conll")
    # What is there is right: the article that the end cuts in two is none.
    lines = (tmp_path / "out.jsonl").read_bytes().split(b"\n")
    assert lines[:-1] == (tmp_path / "whole.jsonl").read_bytes().split(b"\n")[: len(lines) - 1]


@pytest.mark.parametrize("suffix", PACKINGS)
def test_what_is_damaged_is_found(suffix: str, tmp_path: Path) -> None:
    packed = PACKINGS[suffix](ARTICLES)
    (tmp_path / f"a.conll{suffix}").write_bytes(packed[:-64] + b"\0" * 64)
    result = converted(tmp_path / f"a.conll{suffix}", tmp_path / "out.jsonl", "conll")
    assert "IO014" in [found.code for found in result.findings]


@pytest.mark.parametrize(("name", "data"), [("conll", b"a O\n"), ("label-studio", b"[   ")], ids=["lines", "json"])
def test_what_unpacks_without_end_is_broken_off(
    name: str, data: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_FEW_BYTES", 2**16)
    file = tmp_path / ("a.json.gz" if name == "label-studio" else "a.conll.gz")
    file.write_bytes(gzip.compress(data * 2**20))
    (found,) = find_sources([str(file)]).files
    opened = Opened(found)
    with opened.stream() as stream:
        assert len(stream.read()) < 2**21 < len(data) * 2**20
    assert opened.fault is not None
    assert "times its packed size" in opened.fault
    result = converted(file, tmp_path / "out.jsonl", name)
    assert (result.written, [each.code for each in result.findings][-1]) == (0, "IO014")


def test_only_the_last_article_of_what_is_broken_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.conll.gz").write_bytes(b"")
    (file,) = find_sources([str(tmp_path / "a.conll.gz")]).files
    told = [Imported("a", {"id": name}) for name in ("a", "b")]
    opened = Opened(file, fault="cut off")
    assert [one.article for one in opened.whole(told)] == [{"id": "a"}, None]
    (alone,) = opened.whole([])
    assert (alone.article, [found.code for found in alone.findings]) == (None, ["IO014"])
    assert [one.article for one in Opened(file).whole(told)] == [{"id": "a"}, {"id": "b"}]
