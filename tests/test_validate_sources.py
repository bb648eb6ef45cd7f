"""`validate --from`: sources of another format, at their own places."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.program import Ran, run

TEXT = "Mara Quill sailed from Port Ellery.\n"
GOOD = "T1\tPER 0 10\tMara Quill\nT2\tLOC 23 34\tPort Ellery\nR1\tFrom Arg1:T1 Arg2:T2\n"
CONF = "[entities]\nPER\nLOC\n[relations]\nFrom\tArg1:PER, Arg2:LOC\n[events]\n[attributes]\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "annotation.conf").write_text(CONF)
    return tmp_path


def validated(folder: Path, standoff: str, *options: str) -> Ran:
    (folder / "a.ann").write_text(standoff)
    return run("validate", folder, "--from", "brat", *options)


def places(ran: Ran) -> list[tuple[str, str, int]]:
    return [(one["code"], Path(one["path"]).name, one["line"]) for one in ran.json["findings"]]


def test_nothing_is_found_in_what_is_right(folder: Path) -> None:
    ran = validated(folder, GOOD, "--format", "json")
    assert (ran.code, places(ran)) == (0, [])
    assert ran.json["summary"]["articles"] == 1


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("T2\tLOC", "T2\tPLACE", ("LBL501", 2)),
    ("23 34", "23 33", ("SPN304", 2)),
    ("Arg2:T2", "Arg2:T9", ("REF402", 3)),
    ("Arg1:T1 Arg2:T2", "Arg1:T2 Arg2:T1", ("REL601", 3)),
    ("R1\tFrom", "no line\nR1\tFrom", ("IO009", 3)),
])  # fmt: skip
def test_findings_stand_where_the_source_has_them(folder: Path, old: str, new: str, expected: tuple[str, int]) -> None:
    code, line = expected
    ran = validated(folder, GOOD.replace(old, new), "--format", "json")
    assert ran.code == 1
    assert (code, "a.ann", line) in places(ran)
    assert (folder / "a.ann").read_text() == GOOD.replace(old, new)


def test_text_is_kept_out(folder: Path) -> None:
    standoff = GOOD.replace("23 34", "23 33") + "Quill and Ellery are no line\n"
    ran = validated(folder, standoff, "--mask-text")
    assert ran.code == 1
    assert "IO009" in ran.out
    assert not {"Quill", "Ellery"} & set(ran.out.replace("'", " ").split())


@pytest.mark.parametrize("option", ["--fix", "--diff", "--unsafe-fixes"])
def test_only_articles_are_mended(folder: Path, option: str) -> None:
    ran = validated(folder, GOOD, option)
    assert ran.code == 2
    assert "convert it first" in ran.err


def test_a_format_that_is_none(folder: Path) -> None:
    ran = run("validate", folder, "--from", "brta")
    assert ran.code == 2
    assert "brat" in ran.err


@pytest.mark.parametrize(("name", "said"), [("a.xyz", "--from"), ("a.dat", "--from")])
def test_a_file_that_shows_no_format_is_asked_after(folder: Path, name: str, said: str) -> None:
    (folder / name).write_text(TEXT)
    ran = run("validate", folder / name)
    assert ran.code == 2
    assert said in ran.err


def test_a_file_of_a_suffix_that_nobody_knows_is_read(folder: Path) -> None:
    (folder / "a.data").write_text('{"id": "a", "text": "Rain."}')
    assert run("validate", folder / "a.data").code == 0
