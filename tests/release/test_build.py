from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from corpus_tool.errors import ReleaseError, ReleaseExistsError, SettingsError, StoreError
from corpus_tool.release.build import DataRefusedError, Written, build
from corpus_tool.release.difference.planning import Plan
from corpus_tool.release.index import read_index
from corpus_tool.release.manifest import parse_manifest
from corpus_tool.release.pages.card import Author, Card, front_matter_of
from corpus_tool.release.verification.verify import verify
from corpus_tool.resources import schema
from tests.release.sample import ARTICLES, article, released, request, write_views

FILES = [
    ".zenodo.json", "CHANGELOG.md", "CITATION.cff", "LICENSE", "README.md", "SHA256SUMS", "articles",
    "attestation.intoto.json", "croissant.json", "entities", "features.json", "manifest.json", "schema", "validation-report.json",
]  # fmt: skip


def nothing_visible(folder: Path) -> bool:
    home = folder / "releases" / "harbour-news"
    return not home.exists() or all(path.name.startswith(".") and _empty(path) for path in home.iterdir())


def _empty(path: Path) -> bool:
    return not any(path.iterdir()) if path.is_dir() else not path.read_bytes()


def test_a_release_holds_everything_and_is_sound(tmp_path: Path) -> None:
    built = released(tmp_path)
    assert sorted(path.name for path in built.path.iterdir()) == FILES
    assert verify(built.path) == ()
    manifest = parse_manifest((built.path / "manifest.json").read_bytes(), "")
    assert manifest == built.manifest
    assert manifest.views[0].labels == {"names.*.kind": ("PER", "NO", "été 🌞")}
    assert json.loads((built.path / "validation-report.json").read_bytes())["summary"] == {"articles": 5}


def test_manifest_is_valid_and_so_is_the_example(tmp_path: Path) -> None:
    validator = Draft202012Validator(schema("manifest-1"))
    Draft202012Validator.check_schema(schema("manifest-1"))
    for value in (released(tmp_path).manifest.as_json(), *schema("manifest-1")["examples"]):
        validator.validate(json.loads(json.dumps(value)))


def test_sums_are_those_of_coreutils(tmp_path: Path) -> None:
    path = released(tmp_path).path
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=path, check=True)
    shell = (
        "find . -type f ! -name SHA256SUMS ! -name attestation.intoto.json | cut -c3- | LC_ALL=C sort | xargs sha256sum"
    )
    again = subprocess.run(["bash", "-c", shell], cwd=path, check=True, capture_output=True)
    assert again.stdout == (path / "SHA256SUMS").read_bytes()


def test_twice_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    one, two = released(tmp_path / "a"), released(tmp_path / "b")
    assert one.sha256 == two.sha256
    assert one.manifest.created == "2023-11-14T22:13:20Z"


def test_a_date_that_is_none_is_a_usage_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(SettingsError, match="SOURCE_DATE_EPOCH"):
        released(tmp_path)
    assert nothing_visible(tmp_path)


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        pytest.param({"name": "Harbour News"}, SettingsError, 2, id="name with a space"),
        pytest.param({"name": "../x"}, SettingsError, 2, id="name that leaves"),
        pytest.param({"name": "x\n"}, SettingsError, 2, id="name with a line feed"),
        pytest.param({"name": ""}, SettingsError, 2, id="no name"),
        pytest.param({"version": "1.0"}, SettingsError, 2, id="two numbers"),
        pytest.param({"version": "01.0.0"}, SettingsError, 2, id="leading zero"),
        pytest.param({"version": "1.0.0\n"}, SettingsError, 2, id="version with a line feed"),
        pytest.param({"version": "١.0.0"}, SettingsError, 2, id="digits of another script"),
        pytest.param({"errors": 3}, DataRefusedError, 1, id="data with errors"),
    ],
)
def test_refused_before_anything_is_made(tmp_path: Path, changes: dict[str, Any], error: type, code: int) -> None:
    with pytest.raises(error) as caught:
        build(request(tmp_path, **{"version": "1.0.0", **changes}), write_views)
    assert caught.value.exit_code == code
    assert not (tmp_path / "releases").exists()


@pytest.mark.parametrize(
    ("version", "error"),
    [
        pytest.param("1.2.0", ReleaseExistsError, id="exists"),
        pytest.param("1.1.9", SettingsError, id="too low"),
        pytest.param(None, SettingsError, id="not named"),
    ],
)
def test_versions_only_go_up(tmp_path: Path, version: str | None, error: type) -> None:
    before = released(tmp_path, "1.2.0")
    with pytest.raises(error) as caught:
        build(request(tmp_path, version), write_views)
    assert caught.value.exit_code == 2
    assert verify(before.path) == ()
    assert build(request(tmp_path, "1.10.0"), write_views).path.name == "1.10.0"


def test_a_first_version_is_one(tmp_path: Path) -> None:
    assert build(request(tmp_path, None), write_views).path.name == "1.0.0"


def test_no_rows_no_release(tmp_path: Path) -> None:
    def nothing(folder: Path) -> Written:
        written = write_views(folder)
        return Written((), written.views, written.counts)

    with pytest.raises(DataRefusedError, match="not one row"):
        build(request(tmp_path), nothing)
    assert nothing_visible(tmp_path)


def test_bytes_that_change_on_the_disk_are_not_published(tmp_path: Path) -> None:
    def lying(folder: Path) -> Written:
        written = write_views(folder)
        victim = folder / written.shards[0].path
        data = bytearray(victim.read_bytes())
        data[50] ^= 1
        victim.write_bytes(data)
        return written

    with pytest.raises(StoreError, match="not what was written"):
        build(request(tmp_path), lying)
    assert nothing_visible(tmp_path)


CARDS = {
    "all": Card(
        title="Harbour | News: <b>1</b>",
        description="News: of a harbour.\n--- not front matter",
        licence="CC-BY-4.0",
        languages=("no", "en"),
        authors=(Author("A. Name", "0000-0002-1825-0097", "A Place"),),
        homepage="https://example.org",
        tags=("news",),
    ),
    "nothing": Card(),
    "own licence": Card(licence="LicenseRef-Press", licence_text="Ask first."),
}


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS.keys())
def test_pages(tmp_path: Path, card: Card) -> None:
    path = build(request(tmp_path, card=card), write_views).path
    head = front_matter_of((path / "README.md").read_bytes())
    assert [item["config_name"] for item in head["configs"]] == ["articles", "entities"]
    assert head["pretty_name"] == (card.title or "harbour-news")
    citation = yaml.safe_load((path / "CITATION.cff").read_bytes())
    assert citation["cff-version"] == "1.2.0"
    assert citation["authors"]
    assert citation["title"] == (card.title or "harbour-news")
    licence = (path / "LICENSE").read_text()
    expected = {"CC-BY-4.0": "creativecommons.org", None: "No licence is stated", "LicenseRef-Press": "Ask first."}
    assert expected[card.licence] in licence
    assert head["license"] == {"CC-BY-4.0": "cc-by-4.0", None: "unknown"}.get(card.licence, "other")


def test_the_card_counts(tmp_path: Path) -> None:
    text = (released(tmp_path).path / "README.md").read_text()
    for line in (
        "| train | 4 | 2 |",
        "| names | été 🌞 | 0 | 1 |",
        "| annotator-01 | human | annotator | 3 |",
        "| names | not adjudicated | 1 |",
        "| not on token boundaries | 2 |",
        "| `names` | `[{id: string, kind: label, von: int64, bis: int64}]` |",
    ):
        assert line in text


def test_an_article_added_changes_the_digests(tmp_path: Path) -> None:
    one = released(tmp_path).manifest.digests
    more = {**ARTICLES, "train": [*ARTICLES["train"], article(6)]}
    two = build(request(tmp_path, "1.1.0"), lambda folder: write_views(folder, more)).manifest.digests
    assert one.bytes != two.bytes
    assert one.logical != two.logical
    same = [left == right for left, right in zip(one.splits, two.splits, strict=True)]
    assert dict(zip([(item.view, item.split) for item in one.splits], same, strict=True)) == {
        ("articles", "test"): True, ("articles", "train"): False,
        ("entities", "test"): True, ("entities", "train"): False,
    }  # fmt: skip


def test_umask_is_respected(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        path = released(tmp_path).path
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o755
    assert (path / "README.md").stat().st_mode & 0o777 == 0o644


def test_a_release_names_the_one_it_follows(tmp_path: Path) -> None:
    first, second = released(tmp_path, "1.0.0"), released(tmp_path, "1.0.1")
    assert first.manifest.parent is None
    assert second.manifest.parent is not None
    assert (second.manifest.parent.version, second.manifest.parent.sha256) == ("1.0.0", first.sha256)
    assert [entry.parent for entry in read_index(tmp_path / "releases" / "harbour-news")] == [None, "1.0.0"]


def test_a_plan_that_was_overtaken_is_not_published(tmp_path: Path) -> None:
    released(tmp_path, "1.0.0")
    late = request(tmp_path, "1.1.0", plan=Plan("1.0.0", "default"))
    with pytest.raises(ReleaseError, match=r"1\.0\.0 was published meanwhile"):
        build(late, write_views)
    assert not (tmp_path / "releases" / "harbour-news" / "1.1.0").exists()
