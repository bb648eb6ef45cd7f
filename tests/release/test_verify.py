from __future__ import annotations

import json
import os
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus_tool.errors import ReleaseError, SettingsError
from corpus_tool.release.manifest import file_digest, parse_manifest, sums
from corpus_tool.release.signatures.attestation import STATEMENT, UNLISTED, attest
from corpus_tool.release.verification.verify import LEVELS, verify
from corpus_tool.releasing import verify_release
from corpus_tool.resources import schema
from corpus_tool.rules import all_rules
from tests.release.sample import released

SHARD = "articles/train-00000-of-00001.parquet"


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return released(tmp_path_factory.mktemp("published")).path


@pytest.fixture
def release(published: Path, tmp_path: Path) -> Path:
    """A copy to damage."""
    return shutil.copytree(published, tmp_path / "copy", symlinks=True)


def codes(directory: Path, level: str = "full") -> set[str]:
    found = verify(directory, level)
    assert all(all_rules()[finding.code].name == finding.name for finding in found)
    return {finding.code for finding in found}


def resum(release: Path) -> None:
    """Write SHA256SUMS and the statement over it anew: what a careful forger would do after a change."""
    paths = [path for path in release.rglob("*") if path.is_file()]
    listed = {path.relative_to(release).as_posix(): path for path in paths}
    digests = {name: file_digest(path) for name, path in listed.items() if name not in UNLISTED}
    (release / "SHA256SUMS").write_bytes(sums(digests))
    if STATEMENT in listed:
        attest(release, "harbour-news", "1.0.0", digests, None)


def edit_manifest(release: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = release / "manifest.json"
    value = json.loads(path.read_bytes())
    change(value)
    path.write_text(json.dumps(value))
    resum(release)


@pytest.mark.parametrize("level", LEVELS)
def test_what_was_published_is_sound(published: Path, release: Path, level: str) -> None:
    assert verify(release, level) == ()
    assert verify(published, level) == ()


def flipped(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at // 8] ^= 1 << at % 8
    path.write_bytes(data)


def test_any_flipped_bit_is_found(release: Path) -> None:
    chance = random.Random(20260301)
    files = sorted(path for path in release.rglob("*") if path.is_file())
    sizes = [path.stat().st_size for path in files]
    places = [(path, chance.randrange(path.stat().st_size * 8)) for path in files]
    while len(places) < 300:
        (path,) = chance.choices(files, sizes)
        places.append((path, chance.randrange(path.stat().st_size * 8)))
    missed = []
    for path, at in places:
        flipped(path, at)
        missed += [] if verify(release) else [(path.name, at)]
        flipped(path, at)
    assert (len(places), missed) == (300, [])
    assert verify(release) == ()


@pytest.mark.parametrize("level", LEVELS)
def test_a_flipped_bit_ends_no_level_with_an_error(release: Path, level: str) -> None:
    chance = random.Random(7)
    for path in sorted(path for path in release.rglob("*") if path.is_file()):
        at = chance.randrange(path.stat().st_size * 8)
        flipped(path, at)
        assert verify(release, level) or level == "quick"
        flipped(path, at)
    assert verify(release, level) == ()


def remove(release: Path) -> None:
    (release / "LICENSE").unlink()


def remove_shard(release: Path) -> None:
    (release / SHARD).unlink()


def add(release: Path) -> None:
    (release / "articles" / "train-00001-of-00002.parquet").write_bytes(b"PAR1")


def add_hidden(release: Path) -> None:
    (release / ".DS_Store").touch()


def add_directory(release: Path) -> None:
    (release / "more").mkdir()


def link(release: Path) -> None:
    (release / "LICENSE").rename(release.parent / "LICENSE")
    (release / "LICENSE").symlink_to(release.parent / "LICENSE")


def link_directory(release: Path) -> None:
    (release / "articles").rename(release.parent / "articles")
    (release / "articles").symlink_to(release.parent / "articles")


def pipe(release: Path) -> None:
    (release / "LICENSE").unlink()
    os.mkfifo(release / "LICENSE")


def directory_for_file(release: Path) -> None:
    (release / SHARD).unlink()
    (release / SHARD).mkdir()


def truncate(release: Path) -> None:
    path = release / SHARD
    path.write_bytes(path.read_bytes()[:-100])


def no_parquet(release: Path) -> None:
    path = release / SHARD
    path.write_bytes(b"\0" * path.stat().st_size)


def empty_manifest(release: Path) -> None:
    (release / "manifest.json").write_bytes(b"")


def deep_manifest(release: Path) -> None:
    (release / "manifest.json").write_bytes(b"[" * 100_000)


def no_manifest(release: Path) -> None:
    (release / "manifest.json").unlink()


def no_sums(release: Path) -> None:
    (release / "SHA256SUMS").unlink()


def sums_directory(release: Path) -> None:
    no_sums(release)
    (release / "SHA256SUMS").mkdir()


def binary_sums(release: Path) -> None:
    (release / "SHA256SUMS").write_bytes(b"\xff\x00\xfe")


def sums_that_leave(release: Path) -> None:
    (release.parent / "secret").touch()
    line = f"{file_digest(release.parent / 'secret')}  ../secret\n".encode()
    path = release / "SHA256SUMS"
    path.write_bytes(line + path.read_bytes())


def sums_with_returns(release: Path) -> None:
    path = release / "SHA256SUMS"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def unsorted_sums(release: Path) -> None:
    path = release / "SHA256SUMS"
    path.write_bytes(b"".join(reversed(path.read_bytes().splitlines(keepends=True))))


def everything(release: Path) -> None:
    for path in list(release.rglob("*")):
        if path.is_file():
            path.write_bytes(b"---\n")


@pytest.mark.parametrize(
    ("damage", "quick", "full"),
    [
        (remove, {"RLS901"}, {"RLS901"}),
        (remove_shard, {"RLS901"}, {"RLS901"}),
        (add, {"RLS902"}, {"RLS902"}),
        (add_hidden, {"RLS902"}, {"RLS902"}),
        (add_directory, {"RLS902"}, {"RLS902"}),
        (link, {"RLS901", "RLS902"}, {"RLS901", "RLS902"}),
        (link_directory, {"RLS901", "RLS902"}, {"RLS901", "RLS902"}),
        (pipe, {"RLS901", "RLS902"}, {"RLS901", "RLS902"}),
        (directory_for_file, {"RLS901", "RLS902"}, {"RLS901", "RLS902"}),
        (truncate, {"RLS903"}, {"IO007"}),
        (no_parquet, {"RLS903"}, {"IO007"}),
        (empty_manifest, {"RLS904"}, {"RLS904", "IO007"}),
        (deep_manifest, {"RLS904"}, {"RLS904", "IO007"}),
        (no_manifest, {"RLS901"}, {"RLS901"}),
        (no_sums, {"RLS901"}, {"RLS901"}),
        (sums_directory, {"RLS901", "RLS902"}, {"RLS901", "RLS902"}),
        (binary_sums, {"RLS902", "RLS904", "RLS912"}, {"RLS902", "RLS904", "RLS912"}),
        (sums_that_leave, {"RLS904", "RLS912"}, {"RLS904", "RLS912"}),
        (sums_with_returns, {"RLS902", "RLS904", "RLS912"}, {"RLS902", "RLS904", "RLS912"}),
        (unsorted_sums, {"RLS904", "RLS912"}, {"RLS904", "RLS912"}),
        (everything, {"RLS902", "RLS904"}, {"RLS902", "RLS904"}),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_damage(release: Path, damage: Callable[[Path], None], quick: set[str], full: set[str]) -> None:
    damage(release)
    assert codes(release, "quick") == quick
    assert codes(release, "full") == full
    assert codes(release, "logical") >= full
    assert codes(release, "load") >= full


def first_shard(change: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    return lambda value: change(value["shards"][0])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(lambda value: value.pop("shards"), {"RLS904"}, id="no shards"),
        pytest.param(lambda value: value.update(extra=1), {"RLS904"}, id="unknown property"),
        pytest.param(lambda value: value.update(layout="9.0"), {"RLS904"}, id="layout of the future"),
        pytest.param(first_shard(lambda shard: shard.update(path="../x.parquet")), {"RLS904"}, id="path that leaves"),
        pytest.param(first_shard(lambda shard: shard.update(path="/etc/passwd")), {"RLS904"}, id="absolute path"),
        pytest.param(first_shard(lambda shard: shard.update(rows=99)), {"RLS903"}, id="other rows"),
        pytest.param(first_shard(lambda shard: shard.update(bytes=9)), {"RLS903"}, id="other size"),
        pytest.param(first_shard(lambda shard: shard.update(sha256="0" * 64)), {"IO007"}, id="other digest"),
        pytest.param(first_shard(lambda shard: shard.update(logical="0" * 64)), {"IO007"}, id="other logical digest"),
        pytest.param(lambda value: value["digests"].update(bytes="0" * 64), {"IO007"}, id="other release digest"),
        pytest.param(lambda value: value["shards"].pop(), {"RLS904", "IO007"}, id="a file it says nothing of"),
    ],
)
def test_manifests_that_do_not_hold(
    release: Path, change: Callable[[dict[str, Any]], None], expected: set[str]
) -> None:
    edit_manifest(release, change)
    assert codes(release) == expected


def write_shard(release: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    """Put other rows into a file, with manifest and sums that go with them."""
    path = release / SHARD
    table = change(pq.read_table(path))
    pq.write_table(table, path, write_page_checksum=True)

    def agree(value: dict[str, Any]) -> None:
        (shard,) = (item for item in value["shards"] if item["path"] == SHARD)
        shard.update(bytes=path.stat().st_size, sha256=file_digest(path), rows=table.num_rows)

    edit_manifest(release, agree)


def relabelled(number: int) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        rows = table.to_pylist()
        rows[0]["names"][0]["kind"] = number
        return pa.Table.from_pylist(rows, schema=table.schema)

    return change


def other_names(table: pa.Table) -> pa.Table:
    said = table.schema.metadata[b"huggingface"].replace(b'["PER","NO"', b'["NO","PER"')
    return table.replace_schema_metadata({b"huggingface": said})


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(relabelled(3), "RLS905", id="label beyond the last"),
        pytest.param(relabelled(-1), "RLS905", id="label below the first"),
        pytest.param(relabelled(2), "IO007", id="another label"),
        pytest.param(other_names, "RLS906", id="labels in another order"),
        pytest.param(lambda table: table.replace_schema_metadata(None), "RLS906", id="labels lost"),
        pytest.param(lambda table: table.append_column("x", pa.nulls(4, pa.int64())), "RLS906", id="a column more"),
    ],
)
def test_rows_that_do_not_hold(release: Path, change: Callable[[pa.Table], pa.Table], expected: str) -> None:
    write_shard(release, change)
    assert expected in codes(release, "logical")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        pytest.param("README.md", "'0': PER", "'0': ORG", id="label of the card"),
        pytest.param("README.md", "version: 1.0.0", "version: 1.0.1", id="version of the card"),
        pytest.param("README.md", "data-sha256:", "data-sha256:0", id="digest of the card"),
        pytest.param("README.md", "path: articles/train", "path: ../articles/train", id="path of the card"),
        pytest.param("README.md", "---\n", "", id="card without front matter"),
        pytest.param("README.md", "configs:\n", "configs: [\n", id="card that is no YAML"),
        pytest.param("features.json", '"PER"', '"ORG"', id="features"),
        pytest.param("features.json", "{", "", id="features that are no JSON"),
        pytest.param("schema/contract.schema.json", '"PER"', '"ORG"', id="contract"),
        pytest.param("schema/inventory.json", '"PER"', '"ORG"', id="inventory"),
        pytest.param("schema/inventory.json", "{", "[", id="inventory that is no JSON"),
    ],
)
def test_descriptions_that_disagree(release: Path, name: str, old: str, new: str) -> None:
    path = release / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    resum(release)
    assert codes(release, "full") == set()
    assert codes(release, "logical") == {"RLS906"}


MISSTATED: dict[str, tuple[str, str, str]] = {
    "rows of the card": ("README.md", "num_examples: 4", "num_examples: 5"),
    "file of Croissant": ("croissant.json", '"articles/*.parquet"', '"entities/*.parquet"'),
    "digest of Croissant": ("croissant.json", '"sha256": "', '"sha256": "0'),
    "label of Croissant": ("croissant.json", "PER", "ORG"),
    "column of Croissant": ("croissant.json", '"column": "key"', '"column": "kez"'),
    "version of Croissant": ("croissant.json", '"version": "1.0.0"', '"version": "1.0.1"'),
    "title of Croissant": ("croissant.json", '"alternateName": "Harbour News"', '"alternateName": "Harbor News"'),
    "date of Croissant": ("croissant.json", '"datePublished": "2', '"datePublished": "1'),
    "Croissant that is no JSON": ("croissant.json", "{", ""),
    "version of the citation": ("CITATION.cff", "version: 1.0.0", "version: 1.0.1"),
    "title of the citation": ("CITATION.cff", "title: Harbour", "title: Harbor"),
    "date of the citation": ("CITATION.cff", "date-released: '2", "date-released: '1"),
    "version of Zenodo": (".zenodo.json", '"version": "1.0.0"', '"version": "1.0.1"'),
    "articles of the manifest": ("manifest.json", '"train": 4', '"train": 5'),
    "labels of the manifest": ("manifest.json", '"PER",', '"ORG",'),
    "split of the manifest": ("manifest.json", '"splits": [\n        "train",', '"splits": [\n        "dev",'),
    "fingerprint of the manifest": ("manifest.json", '"fingerprint": "', '"fingerprint": "0'),
    "contract of the manifest": ("manifest.json", '"contract": "', '"contract": "0'),
    "gold of the manifest": ("manifest.json", '"gold": "', '"gold": "0'),
    "logical digest of the manifest": ("manifest.json", '"logical": "', '"logical": "0'),
}


@pytest.mark.parametrize(("name", "old", "new"), MISSTATED.values(), ids=MISSTATED.keys())
def test_only_reading_it_all_shows_what_is_misstated(release: Path, name: str, old: str, new: str) -> None:
    """Every other digest was made to fit, as somebody would who wants it to go unseen."""
    path = release / name
    text = path.read_text()
    assert old in text
    digest = re.compile(f"{re.escape(old)}[0-9a-f]{{64}}") if new == f"{old}0" else None
    found = digest.search(text) if digest else None
    path.write_text(text.replace(found[0], found[0][: len(old)] + "0" * 64, 1) if found else text.replace(old, new, 1))
    resum(release)
    assert codes(release, "full") <= ({"IO007"} if "logical" in old else set())
    assert codes(release, "logical") & {"RLS906", "IO007"}


@pytest.mark.parametrize("name", ["README.md", "features.json", "schema/contract.schema.json", "schema/inventory.json"])
def test_a_pipe_is_never_waited_for(release: Path, name: str) -> None:
    (release / name).unlink()
    os.mkfifo(release / name)
    assert codes(release, "logical") == {"RLS901", "RLS902", "RLS906"}


def test_a_release_that_does_not_load(release: Path) -> None:
    (release / "dataset_infos.json").write_text("{")
    resum(release)
    assert codes(release, "logical") == set()
    found = verify(release, "load")
    assert {finding.code for finding in found} == {"RLS907"}
    assert "raises" in found[0].message


def test_the_index_remembers_the_digest(published: Path, tmp_path: Path) -> None:
    home = shutil.copytree(published.parent, tmp_path / "home")
    (home / "1.0.0" / "LICENSE").write_text("Do what you like.")
    resum(home / "1.0.0")
    assert codes(home / "1.0.0") == {"IO007"}
    (home / "index.json").write_bytes(b"{")
    assert codes(home / "1.0.0") == {"RLS904"}


@pytest.mark.parametrize("kind", ["absent", "file"])
def test_no_directory_is_a_usage_error(tmp_path: Path, kind: str) -> None:
    if kind == "file":
        (tmp_path / "x").touch()
    with pytest.raises(SettingsError, match="no such directory"):
        verify(tmp_path / "x")
    with pytest.raises(SettingsError, match="not a level"):
        verify(tmp_path, "thorough")


@pytest.mark.parametrize("above", [1, 2], ids=["of versions", "of corpora"])
def test_a_directory_of_releases_says_which_to_name(published: Path, above: int) -> None:
    folder = (published / "x").parents[above]
    with pytest.raises(SettingsError, match=f"name one, as {re.escape(str(published))}$"):
        verify_release(folder, "quick")


def test_the_summary_counts_the_articles(published: Path) -> None:
    findings, summary = verify_release(published, "quick")
    with_rows = parse_manifest((published / "manifest.json").read_bytes(), "").counts.articles
    assert (findings, summary.articles) == ((), sum(with_rows.values()))


def test_an_empty_directory_is_no_release(tmp_path: Path) -> None:
    assert codes(tmp_path, "load") == {"RLS901"}


@pytest.mark.parametrize("path", ["", "/a", "a/../b", "..", ".", "a//b", "a\\b", "a\0b", "a/", "a\r"])
def test_manifests_name_only_what_is_inside(path: str) -> None:
    value = json.loads(json.dumps(schema("manifest-1")["examples"][0]))
    assert parse_manifest(json.dumps(value).encode(), "m").shards
    value["shards"][0]["path"] = path
    with pytest.raises(ReleaseError, match=r"^m"):
        parse_manifest(json.dumps(value).encode(), "m")
