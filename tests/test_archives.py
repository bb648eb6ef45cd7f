"""Zip archives as sources: what is in them, and what is not let out."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

import pytest

from corpus_tool import archives
from tests.program import run

ARTICLE = '{"id": "a", "text": "Rain at Port Elery."}\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def pack(files: dict[str, str], name: str = "a.zip") -> None:
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)


def test_articles_in_an_archive(here: Path) -> None:
    pack({"news/a.jsonl": ARTICLE, "b.json": '{"id": "b", "text": ""}', "README.md": "x", "news/": ""})
    ran = run("validate", "a.zip", "--format", "concise")
    assert ran.code == 1
    assert "a.zip/b.json:1:1: TXT203" in ran.out
    assert sorted(path.name for path in here.iterdir()) == ["a.zip"]


def test_pairs_in_an_archive(here: Path) -> None:
    pack({"news/a.txt": "Rain at Port Elery.", "news/a.ann": "T1\tLOC 8 18\tPort Elery\n"})
    assert run("convert", "a.zip", "--to", "jsonl", "--output", "a.jsonl").code == 0
    assert '"id":"news/a"' in (here / "a.jsonl").read_text()


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"../a.jsonl": ARTICLE}, "leave its folder"),
        ({"/a.jsonl": ARTICLE}, "leave its folder"),
        ({"x/..\\..\\a.jsonl": ARTICLE}, "leave its folder"),
        ({"C:/a.jsonl": ARTICLE}, "leave its folder"),
        ({"source/INITIAL_CAS.ser": "x"}, "never loaded"),
        ({"exportedproject.json": "{}"}, "never loaded"),
        ({"x/exportedproject8127387.json": "{}"}, "never loaded"),
        ({"a.jsonl": "0" * (archives.MOST_RATIO * 2**15)}, "times its packed size"),
    ],
)
def test_what_is_not_let_out(here: Path, files: dict[str, str], words: str) -> None:
    pack(files)
    ran = run("validate", "a.zip")
    assert ran.code == 2
    assert words in ran.err
    assert [path.name for path in here.parent.iterdir() if path.name == "a.jsonl"] == []


def test_a_link_is_not_followed(here: Path) -> None:
    with zipfile.ZipFile("a.zip", "w") as archive:
        link = zipfile.ZipInfo("a.jsonl")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/hostname")
    ran = run("validate", "a.zip")
    assert ran.code == 2
    assert "link" in ran.err


def test_too_much_in_all(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_BYTES", 50)
    pack({"a.jsonl": ARTICLE, "b.jsonl": ARTICLE})
    ran = run("validate", "a.zip")
    assert ran.code == 2
    assert "in all" in ran.err


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"no archive"])
def test_what_is_no_archive(here: Path, content: bytes) -> None:
    (here / "a.zip").write_bytes(content)
    ran = run("validate", "a.zip")
    assert ran.code == 2
    assert "a.zip" in ran.err


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_damaged_data(here: Path, method: int) -> None:
    with zipfile.ZipFile("a.zip", "w", method) as archive:
        archive.writestr("a.jsonl", ARTICLE * 50)
    data = bytearray((here / "a.zip").read_bytes())
    for at in range(57, 69):
        data[at] ^= 0x5A
    (here / "a.zip").write_bytes(data)
    ran = run("validate", "a.zip")
    assert ran.code in {2, 3}
    assert "a.zip" in ran.err


@pytest.mark.parametrize("option", ["--fix", "--diff"])
def test_nothing_is_mended_within(here: Path, option: str) -> None:
    pack({"a.jsonl": ARTICLE})
    before = (here / "a.zip").read_bytes()
    ran = run("validate", "a.zip", option)
    assert ran.code == 2
    assert "unpack it" in ran.err
    assert (here / "a.zip").read_bytes() == before
