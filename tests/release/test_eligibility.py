"""Who may be in a release: MET703 leaves an article out and names it, MET704 and MET702 refuse the release."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.contract import load_contract
from corpus_tool.errors import SettingsError
from corpus_tool.exported import Exported
from corpus_tool.release.admission.article_licences import licence_of
from corpus_tool.release.admission.eligibility import Eligibility
from corpus_tool.release.manifest import Manifest, parse_manifest
from corpus_tool.release.verification.verify import verify
from corpus_tool.release_settings import ReleaseSettings
from corpus_tool.releasing import build_release
from corpus_tool.settings import Options
from tests.program import lines, run

MARA = {"id": "T1", "type": "PER", "spans": [{"start": 0, "end": 4, "text": "Mara"}]}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LATER = "2999-12-31T00:00:00Z"


def article(name: str, split: str = "train", **metadata: Any) -> dict[str, Any]:
    text = f"Mara wrote article {name}."
    return {"id": name, "text": text, "split": split, "metadata": metadata, "entities": [MARA]}


def built(folder: Path, *articles: dict[str, Any], settings: str = "", **options: Any) -> Exported:
    (folder / "a.jsonl").write_bytes(lines(*articles))
    (folder / "corpus.toml").write_text(f'name = "bay"\nlicence = "CC-BY-4.0"\n{settings}')
    return build_release([str(folder / "a.jsonl")], folder / "out", name=None, version=None, options=Options(**options))


def manifest_of(made: Exported) -> Manifest:
    return parse_manifest((made.path / "manifest.json").read_bytes(), "")


@pytest.mark.parametrize(
    ("metadata", "reason"),
    [
        pytest.param({}, None, id="nothing said"),
        pytest.param({"pubStatus": "usable"}, None, id="usable"),
        pytest.param({"pubStatus": "withheld"}, "withheld", id="withheld"),
        pytest.param({"pubStatus": "canceled"}, "cancelled", id="cancelled"),
        pytest.param({"embargoedUntil": "2026-03-02T12:00:00Z"}, None, id="embargo that ends now"),
        pytest.param({"embargoedUntil": "2026-03-02T12:00:01Z"}, "embargo", id="embargo of a second"),
        pytest.param({"embargoedUntil": "2026-03-02T12:30:00+01:00"}, None, id="embargo over elsewhere"),
        pytest.param({"embargoedUntil": "spring"}, "embargo", id="embargo nobody can read"),
        pytest.param({"pubStatus": 7, "embargoedUntil": ["x"]}, None, id="what the schema will refuse"),
    ],
)
def test_what_keeps_an_article_out(metadata: dict[str, Any], reason: str | None) -> None:
    found = Eligibility(load_contract(None, None), ReleaseSettings(), NOON).reasons({"id": "a", "metadata": metadata})
    assert [one.name for one in found] == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("own", "source", "licence"),
    [
        pytest.param("cc-by-4.0", None, "CC-BY-4.0", id="its own"),
        pytest.param("https://creativecommons.org/licenses/by/4.0/", None, "CC-BY-4.0", id="by its address"),
        pytest.param("MIT", "https://bay.example/1", "MIT", id="its own before its source's"),
        pytest.param("for friends", "https://bay.example/1", "CC0-1.0", id="the source, for what SPDX does not know"),
        pytest.param(None, "https://bay.example/photos/1", "CC-BY-NC-4.0", id="the longer beginning"),
        pytest.param(None, "https://BAY.example/1", "CC0-1.0", id="the host in any letters"),
        pytest.param(None, "https://notbay.example/1", None, id="another host that ends alike"),
        pytest.param(None, "wire", "MIT", id="the source itself"),
        pytest.param(None, "wire service", None, id="no beginning without a slash"),
        pytest.param(None, "http://[", None, id="no address"),
        pytest.param("for friends", None, None, id="nobody knows"),
    ],
)
def test_the_licence_of_an_article(own: str | None, source: str | None, licence: str | None) -> None:
    table = {"bay.example": "CC0-1.0", "https://bay.example/photos/": "CC-BY-NC-4.0", "wire": "MIT"}
    assert licence_of(own, source, table) == licence


SETTINGS = """
[release]
allowed-licences = ["CC-BY-4.0", "CC0-1.0"]
[release.licences]
"bay.example" = "CC0-1.0"
"""


def test_what_may_not_be_in_it_is_left_out_and_named(tmp_path: Path) -> None:
    good = {"usageTerms": "CC-BY-4.0"}
    made = built(
        tmp_path,
        article("a", **good),
        article("held", pubStatus="withheld", **good),
        article("gone", "test", pubStatus="canceled", **good),
        article("later", embargoedUntil=LATER, **good),
        article("from-bay", uri="https://bay.example/1"),
        article("nobody-knows"),
        article("not-ours", usageTerms="CC-BY-NC-4.0"),
        {**article("broken", pubStatus="withheld", **good), "entities": 7},
        settings=SETTINGS,
    )
    assert not made.refused
    manifest = manifest_of(made)
    assert verify(made.path, "logical") == ()
    assert [(one.article, one.reason) for one in manifest.left_out.articles] == [
        ("broken", "withheld"), ("gone", "cancelled"), ("held", "withheld"), ("later", "embargo"),
        ("nobody-knows", "licence"), ("not-ours", "licence"),
    ]  # fmt: skip
    assert manifest.left_out.articles[-1].detail == "the licence CC-BY-NC-4.0 is not allowed"
    assert manifest.counts.articles == {"train": 2}
    assert sum(sum(counts.values()) for counts in manifest.counts.layers.values()) == 2
    report = json.loads((made.path / "validation-report.json").read_bytes())
    told = [(one["code"], one["severity"], one["article"], one["line"]) for one in report["findings"]]
    assert told == [
        ("MET703", "warning", name, line)
        for line, name in ((2, "held"), (3, "gone"), (4, "later"), (6, "nobody-knows"), (7, "not-ours"), (8, "broken"))
    ]
    card = (made.path / "README.md").read_text()
    assert "| withheld | 2 | broken, held |" in card
    said = "\n".join(made.lines())
    assert "articles left out, licence: 2 (nobody-knows, not-ours)" in said
    assert {one["article"] for one in made.as_json()["left_out"]["articles"]} == {
        "broken", "gone", "held", "later", "nobody-knows", "not-ours",
    }  # fmt: skip
    for path in made.path.rglob("*.parquet"):
        assert b"article held" not in path.read_bytes()


@pytest.mark.parametrize("jobs", [1, 2])
def test_blocks_and_processes_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    monkeypatch.setattr("corpus_tool.blocks.read_blocks.__defaults__", (400,))
    articles = [article(f"a{number:02}", **({"pubStatus": "withheld"} if number % 3 else {})) for number in range(20)]
    made = built(tmp_path, *articles, jobs=jobs)
    assert [one.article for one in manifest_of(made).left_out.articles] == [f"a{n:02}" for n in range(20) if n % 3]
    assert manifest_of(made).counts.articles == {"train": 7}


EXCLUDES = {
    "status": ('["embargo", "licence"]', {"pubStatus": "withheld"}, "MET702"),
    "embargo": ('["status", "licence"]', {"embargoedUntil": LATER}, "MET702"),
    "licence": ('["status", "embargo"]', {"usageTerms": "CC-BY-NC-4.0"}, "MET704"),
}


@pytest.mark.parametrize(("exclude", "metadata", "code"), EXCLUDES.values(), ids=EXCLUDES)
@pytest.mark.parametrize(
    "more", ["", '[validate]\nignore = ["MET"]\n', '[severity]\nMET704 = "info"\nMET702 = "info"\n']
)
def test_what_is_not_excluded_refuses_the_release(
    tmp_path: Path, exclude: str, metadata: dict[str, Any], code: str, more: str
) -> None:
    settings = f'[release]\nexclude = {exclude}\nallowed-licences = ["CC-BY-4.0"]\n{more}'
    articles = article("a", usageTerms="CC-BY-4.0"), article("b", **{"usageTerms": "CC-BY-4.0", **metadata})
    made = built(tmp_path, *articles, settings=settings)
    assert made.refused
    assert code in {finding.code for finding in made.report.findings}
    assert not (tmp_path / "out").exists()


def test_source_date_epoch_is_when_an_embargo_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = article("a"), article("b", embargoedUntil="2026-03-02T12:00:00Z")
    epoch = int(NOON.timestamp())
    for name, moment, out in (("before", epoch - 1, 1), ("after", epoch, 0)):
        (tmp_path / name).mkdir()
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(moment))
        assert len(manifest_of(built(tmp_path / name, *articles)).left_out.articles) == out


def test_nothing_is_asked_of_licences_where_none_are_listed(tmp_path: Path) -> None:
    made = built(tmp_path, article("a", usageTerms="ask the desk"), article("b"))
    assert manifest_of(made).left_out.articles == ()
    assert "#### Articles left out\n\nNone." in (made.path / "README.md").read_text()


@pytest.mark.parametrize(
    "settings",
    ['[release]\nallowed-licences = ["for friends"]\n', '[release.licences]\n"bay.example" = "for friends"\n'],
    ids=["allowed", "of a source"],
)
def test_a_licence_that_spdx_does_not_know_is_a_usage_error(tmp_path: Path, settings: str) -> None:
    with pytest.raises(SettingsError, match="no SPDX licence"):
        built(tmp_path, article("a"), settings=settings)


def test_an_article_that_is_taken_back_leaves_by_a_major_version(tmp_path: Path) -> None:
    assert built(tmp_path, article("a"), article("b")).path.name == "1.0.0"
    source = str(tmp_path / "a.jsonl")
    (tmp_path / "a.jsonl").write_bytes(lines(article("a"), article("b", pubStatus="canceled")))
    told = run("release", "plan", source, "-o", str(tmp_path / "out"), "--format", "json").json
    assert (told["least"], told["reasons"][0]["change"]) == ("2.0.0", "article removed")
    made = built(tmp_path, article("a"), article("b", pubStatus="canceled"))
    assert (made.path.name, verify(made.path)) == ("2.0.0", ())


def test_where_nothing_is_left_there_is_no_release(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(article("a", pubStatus="withheld")))
    ran = run("release", "build", str(tmp_path / "a.jsonl"), "--name", "bay", "-o", str(tmp_path / "out"))
    assert ran.code == 1
    assert "there is not one row to release" in ran.err
    assert not (tmp_path / "out" / "bay" / "1.0.0").exists()


def test_splits_are_made_without_what_is_left_out(tmp_path: Path) -> None:
    articles = [article(f"a{number}") for number in range(4)]
    articles[1]["metadata"] = {"pubStatus": "withheld"}
    for one in articles:
        del one["split"]
    made = built(tmp_path, *articles, settings="[splits]\nnear-duplicates = 1.0\n")
    locked = [
        json.loads(line)["id"] for line in (tmp_path / "out" / "bay" / "splits.lock.jsonl").read_text().splitlines()
    ]
    assert locked == ["a0", "a2", "a3"]
    assert sum(manifest_of(made).counts.articles.values()) == 3


@pytest.mark.parametrize(
    "line", [b"[1]\n", b'"a"\n', b'{"id": 7, "text": "x"}\n', b"{}\n"], ids=["list", "text", "id", "nothing"]
)
def test_what_is_no_article_is_refused_as_ever(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(article("a", usageTerms="MIT")) + line)
    (tmp_path / "corpus.toml").write_text('name = "bay"\n[release]\nallowed-licences = ["MIT"]\nexclude = []\n')
    ran = run("release", "build", str(tmp_path / "a.jsonl"), "-o", str(tmp_path / "out"))
    assert ran.code == 1
    assert "nothing was written" in ran.out


def test_splits_and_standard_input_do_not_go_together(tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").write_text('name = "bay"\n[splits]\n')
    words = ("release", "build", "-", "--config", str(tmp_path / "corpus.toml"), "-o", str(tmp_path / "out"))
    ran = run(*words, stdin=lines(article("a")))
    assert ran.code == 2
    assert "read twice" in ran.err


def test_a_plan_names_what_a_build_would_leave_out(tmp_path: Path) -> None:
    built(tmp_path, article("a"))
    (tmp_path / "a.jsonl").write_bytes(lines(article("a"), article("b", pubStatus="withheld")))
    ran = run("release", "plan", str(tmp_path / "a.jsonl"), "-o", str(tmp_path / "out"))
    assert ran.out.startswith("1.0.1")


def test_the_card_names_the_licences_of_sources(tmp_path: Path) -> None:
    made = built(tmp_path, article("a", uri="https://bay.example/1"), settings=SETTINGS)
    assert "| bay.example | CC0-1.0 |" in (made.path / "README.md").read_text()
