"""Exports of doccano that are a file a member."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.reading import Conversion
from tests.formats.test_opening import converted

TEXT = "Mara sailed to Oslo"
OTHER = "Nobody came"


def record(number: int, *spans: tuple[int, int, str], text: str = TEXT, **more: Any) -> dict[str, Any]:
    return {"id": number, "text": text, "label": [list(one) for one in spans], **more}


ADMIN = [record(1, (0, 4, "PER")), record(2, text=OTHER), record(4, (0, 4, "PER"))]
MARA = [record(1, (0, 4, "PER"), (15, 19, "LOC")), record(3, text=OTHER), record(4, (0, 4, "ORG"))]


def files(folder: Path, **members: list[dict[str, Any]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, records in members.items():
        (folder / f"{name}.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in records))
    return folder


def read(source: Path, to: Path) -> tuple[Conversion, list[dict[str, Any]]]:
    result = converted(source, to, "doccano")
    return result, [json.loads(line) for line in to.read_bytes().splitlines()]


def said(article: dict[str, Any]) -> list[tuple[str, str, str]]:
    agents = {one["id"]: one["agent"] for one in article.get("provenance", ())}
    return [(agents[one["prov"]], one["type"], one["spans"][0]["text"]) for one in article["entities"]]


WANTED = [
    ("all-1", [("admin", "PER", "Mara"), ("mara", "PER", "Mara"), ("mara", "LOC", "Oslo")]),
    ("all-2", []),
    ("all-3", []),
    ("all-4", [("admin", "PER", "Mara"), ("mara", "ORG", "Mara")]),
]


def test_files_of_several_members_are_one_corpus(tmp_path: Path) -> None:
    result, articles = read(files(tmp_path / "in", admin=ADMIN, mara=MARA), tmp_path / "out.jsonl")
    assert [(one["id"], said(one)) for one in articles] == WANTED
    assert (result.findings, len(result.losses)) == ([], 0)


def test_the_archive_that_doccano_gives(tmp_path: Path) -> None:
    folder = files(tmp_path / "in", admin=ADMIN, mara=MARA)
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    _, articles = read(tmp_path / "export.zip", tmp_path / "out.jsonl")
    assert [(one["id"], said(one)) for one in articles] == WANTED


def test_a_user_that_a_record_names_comes_first(tmp_path: Path) -> None:
    folder = files(tmp_path / "in", admin=[record(1, (0, 4, "PER"), user="ann")], mara=[record(1, (0, 4, "ORG"))])
    (article,) = read(folder, tmp_path / "out.jsonl")[1]
    assert said(article) == [("ann", "PER", "Mara"), ("mara", "ORG", "Mara")]


@pytest.mark.parametrize(
    ("other", "names"),
    [
        ([record(1, text=OTHER)], ["test-1", "train-1"]),
        ([record(9)], ["test-9", "train-1"]),
        ([{"text": TEXT, "label": []}], ["test-1", "train-1"]),
        ([], ["train-1"]),
    ],
    ids=["other-text", "other-number", "no-number", "empty"],
)
def test_files_that_have_no_text_in_common_stay_apart(
    other: list[dict[str, Any]], names: list[str], tmp_path: Path
) -> None:
    _, articles = read(files(tmp_path / "in", train=[record(1, (0, 4, "PER"))], test=other), tmp_path / "out.jsonl")
    assert [one["id"] for one in articles] == names
    assert [said(one) for one in articles if one["id"] == "train-1"] == [[("unknown", "PER", "Mara")]]


def test_folders_are_projects_of_their_own(tmp_path: Path) -> None:
    files(tmp_path / "in" / "one", admin=ADMIN, mara=MARA)
    files(tmp_path / "in" / "two", admin=ADMIN[:1], ben=MARA[:1])
    articles = read(tmp_path / "in", tmp_path / "out.jsonl")[1]
    assert [one["id"] for one in articles] == [*(f"one/all-{number}" for number in range(1, 5)), "two/all-1"]
    assert {agent for agent, _, _ in said(articles[-1])} == {"admin", "ben"}


def test_a_file_that_is_named_alone_is_read_alone(tmp_path: Path) -> None:
    folder = files(tmp_path / "in", admin=ADMIN, mara=MARA)
    articles = read(folder / "mara.jsonl", tmp_path / "out.jsonl")[1]
    assert [one["id"] for one in articles] == ["mara-1", "mara-3", "mara-4"]


def test_findings_name_the_file_they_are_of(tmp_path: Path) -> None:
    folder = files(tmp_path / "in", admin=ADMIN, mara=[*MARA, record(5, (0, 99, "PER"))])
    with (folder / "mara.jsonl").open("a") as stream:
        stream.write("[1]\n")
    result, articles = read(folder, tmp_path / "out.jsonl")
    found = [(one.code, Path(one.location.path).name, one.location.line) for one in result.findings]
    assert found == [("IO018", "mara.jsonl", 4), ("IO019", "mara.jsonl", 5)]
    assert len(articles) == 5


def test_numbers_out_of_order_are_found(tmp_path: Path) -> None:
    folder = files(tmp_path / "in", admin=ADMIN, mara=list(reversed(MARA)))
    result, articles = read(folder, tmp_path / "out.jsonl")
    assert "COL801" in [one.code for one in result.findings]
    assert len({one["id"] for one in articles}) == len(articles)
