"""Formats that files show, and those that are refused by name."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from corpus_tool.errors import NothingMatchedError, SettingsError
from corpus_tool.formats import Article, about, every_suffix
from corpus_tool.formats.detection import ARTICLES, detect, is_article
from corpus_tool.formats.neighbours import neighbour
from corpus_tool.inventory import Inventory
from corpus_tool.sources import find_sources
from tests.formats.round_trips import samples, written
from tests.formats.test_pairs import BOTH_WAYS
from tests.generated import inventory
from tests.program import run

NAMES = ("schema_version", "id", "text", "entities")
ARTICLE = '{"id": "a", "text": "Rain at Port Elery."}\n'
BRAT = "T1\tLOC 8 18\tPort Elery\n"


def of(folder: Path, files: dict[str, str | bytes]) -> str:
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    suffixes = {Path(name).suffix for name in files} | {".jsonl"}
    return detect(find_sources([str(folder)], suffixes).files, NAMES, "id")


@pytest.mark.parametrize(
    ("files", "name"),
    [
        pytest.param({"a.jsonl": ARTICLE}, ARTICLES, id="articles"),
        pytest.param(
            {"a.json": '{\n "id": "a",\n "text": "' + "x" * 100_000}, ARTICLES, id="an article that is cut off"
        ),
        pytest.param({"a.json": '{"id": "a", "text": "x", "entitees": []}'}, ARTICLES, id="JSON of no format"),
        pytest.param({"a.jsonl.gz": b"\x1f\x8b\x08"}, ARTICLES, id="compressed"),
        pytest.param({"a.dat": ARTICLE}, ARTICLES, id="another suffix"),
        pytest.param({"a.txt": "Rain at Port Elery.", "a.ann": BRAT}, "brat", id="a pair"),
        pytest.param({"a.txt": "Rain.", "a.ann": ""}, "brat", id="a pair without annotations"),
    ],
)
def test_the_files_tell(tmp_path: Path, files: dict[str, str | bytes], name: str) -> None:
    assert of(tmp_path, files) == name


@pytest.mark.parametrize(
    ("files", "words"),
    [
        pytest.param({"a.ann": "Rain."}, "--from", id="no sign"),
        pytest.param({"a.conllu": " \n"}, "is empty", id="empty"),
        pytest.param({"a.dat": "Rain."}, "shows no format", id="no suffix that is known"),
        pytest.param({"a.json": "{}", "b.ann": BRAT}, "--from brat or --from jsonl", id="JSON of no format beside"),
        pytest.param({"a.xml": b"\xac\xed\x00\x05sr"}, "Java", id="serialised"),
    ],
)
def test_a_wrong_guess_is_worse_than_a_question(tmp_path: Path, files: dict[str, str | bytes], words: str) -> None:
    with pytest.raises(SettingsError, match=words) as caught:
        of(tmp_path, files)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"\xac\xed\x00\x05sr\x00", "Java"),
        (b"\x80\x04\x95\x10\x00", "pickle"),
        (b"\x80\x02}q\x00", "pickle"),
        (b"PK\x03\x04\x14\x00tasks.json", "zip"),
        (b"12|t|A title\n12|a|An abstract\n", "BioC"),
        (b'<?xml version="1.0"?><newsItem xmlns="http://iptc.org/std/nar/2006-10-01/">', "ninjs"),
        (b"#id=1\n#text=Rain .\n1-1\tRain\tO\n", "WebAnno TSV 1"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_near_neighbours_are_named(head: bytes, words: str) -> None:
    assert words in (neighbour(head) or "")


@pytest.mark.parametrize("head", [b"", b"12|t", b"PK", b"<doc/>", ARTICLE.encode(), BRAT.encode(), b"\x80\x04abc"])
def test_others_are_not(head: bytes) -> None:
    assert neighbour(head) is None


@pytest.mark.parametrize(
    ("head", "is_one"),
    [
        (ARTICLE.encode(), True),
        (b'{"$schema": "x", "id": "a"}', True),
        (b'{"id": 1, "text": "x", "entities": []}', False),
        (b'{"text": "x"}', False),
        (b'{"text": "a \\" } b", "label": []}', False),
        (b'{"entities": [{"label": 1}], "id" : \n "x"}', True),
        (b'[{"id": 1, "data": {"text": "x"}}]', False),
        (b"", False),
        (b"\xff\xfe", False),
    ],
)
def test_an_article_has_the_properties_of_one(head: bytes, is_one: bool) -> None:
    assert is_article(head, NAMES, "id") is is_one


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_what_is_written_shows_its_format(tmp_path: Path, name: str) -> None:
    list(written(name, samples(), tmp_path, inventory()))
    try:
        files = find_sources([str(tmp_path)]).files
    except NothingMatchedError:
        files = find_sources([str(tmp_path)], every_suffix()).files
    assert detect(files, NAMES, "id") == name


NEARLY_EMPTY: dict[str, Article] = {
    "a text": {"id": "a", "text": "Rain."},
    "one line": {"id": "a", "text": "Mara Quill sent an E-mail"},
    "metadata": {
        "id": "a",
        "text": "Rain.",
        "metadata": {
            "uri": "https://news.example/1",
            "headlines": [{"role": "main", "value": "Rain at sea"}],
            "versionCreated": "2026-03-02T05:00:00Z",
        },
    },
    "nothing found": {"id": "a", "text": "Rain.", "entities": [], "relations": [], "labels": []},
    "labels": {"id": "a", "text": "Rain.", "labels": [{"id": "L1", "axis": "subject", "value": "sea"}]},
    "no text": {"id": "a", "text": "", "entities": []},
    "an entity": {
        "id": "a",
        "text": "Rain.",
        "entities": [{"id": "T1", "type": "X", "spans": [{"start": 0, "end": 4, "text": "Rain"}]}],
    },
}
NO_SIGN = {
    ("conll", "a text"), ("conll", "one line"), ("conll", "metadata"), ("conll", "nothing found"), ("conll", "labels"),
    ("conll", "no text"), ("conllu", "no text"), ("article", "no text"),
}  # fmt: skip
"""Rows without a tag are columns of anything: what they are is asked. Of an article without a text no page is written."""


@pytest.mark.parametrize("labels", [inventory(), None], ids=["inventory", "no inventory"])
@pytest.mark.parametrize("what", NEARLY_EMPTY)
@pytest.mark.parametrize("name", BOTH_WAYS)
def test_what_is_nearly_empty_shows_its_format_or_is_asked_for(
    tmp_path: Path, name: str, what: str, labels: Inventory | None
) -> None:
    list(written(name, [NEARLY_EMPTY[what]], tmp_path, labels))
    suffixes = {file.suffix for file in tmp_path.rglob("*.*")} - {".txt", ".xml"} or {".xml"}
    found = None
    with suppress(SettingsError, NothingMatchedError):
        found = detect(find_sources([str(tmp_path)], suffixes).files, NAMES, "id")
    assert found == (None if (name, what) in NO_SIGN else name)


@pytest.mark.parametrize(
    ("name", "head", "sure"),
    [
        ("conll", b"Mara sent an E-mail\n", False),
        ("conll", b"We drove down I-95", False),
        ("conll", b"Mara B-PER\nQuill I-PER\n", True),
        ("conll", b"# global.columns = FORM NE\nMara B-PER\n", True),
        ("pubannotation", b'{"text": "a", "denotations": []}', True),
        ("pubannotation", b'[{"sourceid": "1", "text": "a"}]', True),
        ("pubannotation", b'{"text": "a", "note": {"denotations": []}}', False),
        ("pubannotation", b'{"text": "the \\"denotations\\": []"}', False),
        ("ninjs", b'{"uri": "u", "versionCreated": "2026", "headlines": [{"value": "x"}]}', True),
        ("ninjs", b'[{"uri": "u", "versioncreated": "2026", "headline": "x"}]', True),
        ("ninjs", b'[{"meta": {"uri": "u", "versionCreated": "2026", "headlines": [{"value": "x"}]}}]', False),
        ("doccano", b'{"text": "a", "Comments": []}\n', True),
        ("doccano", b'{"text": "a", "comments": []}\n', False),
    ],
)
def test_only_certain_signs_are_signs(name: str, head: bytes, *, sure: bool) -> None:
    said = about(name)
    assert said is not None
    assert said.looks_like is not None
    assert said.looks_like("a.jsonl" if name == "doccano" else "a.json", head) is sure


class TestCommands:
    @pytest.fixture
    def pair(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "in").mkdir()
        (tmp_path / "in" / "a.txt").write_text("Rain at Port Elery.")
        (tmp_path / "in" / "a.ann").write_text(BRAT)
        return tmp_path

    def test_every_command_takes_any_format(self, pair: Path) -> None:
        assert run("validate", "in").code == 0
        assert run("convert", "in", "--to", "jsonl", "--output", "a.jsonl").code == 0
        assert run("export", "in", "--output", "out").code == 0
        assert (pair / "out" / "entities").is_dir()
        assert run("release", "build", "in", "--name", "rain").code == 0
        assert run("release", "verify", "releases/rain/1.0.0").code == 0

    def test_json_hides_no_other_format(self, pair: Path) -> None:
        (pair / "in" / "0.json").write_text(
            '{"text": "Rain.", "denotations": [{"span": {"begin": 0, "end": 4}, "obj": "x"}]}'
        )
        ran = run("convert", "in", "--to", "jsonl", "--output", "a.jsonl")
        assert ran.code == 2
        assert "--from brat or --from pubannotation" in ran.err

    def test_articles_are_told_by_the_first_whatever_lies_beside(self, pair: Path) -> None:
        (pair / "in" / "0.json").write_text(ARTICLE)
        ran = run("convert", "in", "--to", "jsonl", "--output", "a.jsonl", "--format", "json")
        assert (ran.code, ran.json["articles"]) == (0, 1)
        assert ran.json["summary"]["left_out"] == {"files of another kind": 2}

    def test_files_of_one_name_are_a_pair_only_where_the_format_has_pairs(self, pair: Path) -> None:
        (pair / "two").mkdir()
        (pair / "two" / "a.conll").write_text("Rain O\n")
        (pair / "two" / "a.tsv").write_text("Snow O\n")
        ran = run("convert", "two", "--from", "conll", "--to", "jsonl", "--output", "a.jsonl", "--format", "json")
        assert ran.json["summary"]["articles"] == 2
        assert ran.json["summary"]["codes"] == {"COL801": 1}

    def test_a_format_that_is_named_is_taken(self, pair: Path) -> None:
        assert run("export", "in", "--from", "brat", "--output", "out").code == 0
        assert (pair / "out" / "entities").is_dir()

    def test_what_is_lost_is_counted(self, pair: Path) -> None:
        (pair / "b.jsonl").write_text('{"id": "b", "text": "Rain.", "labels": [{"axis": "subject", "value": "sea"}]}\n')
        ran = run("convert", "b.jsonl", "--to", "brat", "--output", "b", "--strict", "--format", "json")
        assert ran.code == 1
        lost = [(loss["what"], loss["count"]) for loss in ran.json["lost"]]
        assert lost == [("labels", 1), ("layers that were not annotated, which come back empty", 1)]


def test_the_table_of_formats() -> None:
    listed = run("formats").out
    assert "brat" in listed
    assert "standoff" in listed
    page = run("formats", "brat").out
    assert "code points" in page
    assert "labels of the article" in page
    assert run("formats", "brat", "--format", "json").json["fidelity"]["text"]["kept"] == "kept"
    assert run("formats", "brta").code == 2
