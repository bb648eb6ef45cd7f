from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import corpus_tool
from corpus_tool.cli import app
from corpus_tool.errors import ReleaseError, SettingsError, StoreError
from corpus_tool.loading import ReleaseWarning
from corpus_tool.release.index import read_index, read_release
from corpus_tool.release.manifest import Manifest
from corpus_tool.release.publish import refresh_index
from corpus_tool.release.signatures.signing import load_key
from corpus_tool.release.signatures.terms import SIGNATURES, SIGNER
from corpus_tool.release.verification.evidence import Evidence
from corpus_tool.release.verification.footers import read_footer
from corpus_tool.release.verification.loading import failures
from corpus_tool.release.verification.verify import verify
from corpus_tool.release.withdrawal.tombstones import Tombstone
from corpus_tool.release.withdrawal.withdrawing import withdraw
from corpus_tool.release.withdrawal.withdrawn import still_there
from corpus_tool.release.withholding.hydrating import hydrate
from corpus_tool.releasing import build_release
from tests.release import sample
from tests.release.leaking import leaked
from tests.release.quoted_corpus import NAME, article, articles, released, write
from tests.release.test_signing import public, signed, ssh

GONE, REASON = "part 1/003", "its owner asks for it"
"""An article of test."""
BEFORE = articles(5)
AFTER = [*articles(6), article(7)]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Releases 1.0.0 and one after it; the article is in both."""
    folder = tmp_path_factory.mktemp("published")
    released(folder, BEFORE)
    released(folder, AFTER)
    return folder / "releases"


@pytest.fixture(scope="module")
def withdrawn(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    releases = tmp_path_factory.mktemp("withdrawn") / "releases"
    shutil.copytree(published, releases)
    made = withdraw(releases, NAME, GONE, f" {REASON}\n")
    assert (made.versions, made.absent) == (("1.0.0", "2.0.0"), ())
    return releases


def manifest(folder: Path) -> Manifest:
    return read_release(folder)[0]


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("version", "made"), [("1.0.0", BEFORE), ("2.0.0", AFTER)])
def test_it_is_the_release_that_never_had_the_article(
    withdrawn: Path, tmp_path: Path, version: str, made: list[dict[str, Any]]
) -> None:
    never = manifest(released(tmp_path, [one for one in made if one["id"] != GONE]).path)
    found = manifest(withdrawn / NAME / version)
    rows = {(one.view, one.split): one.logical for one in found.digests.splits if one.view != "changes"}
    assert rows == {(one.view, one.split): one.logical for one in never.digests.splits}
    assert found.digests.logical == never.digests.logical
    assert found.counts == never.counts
    assert found.left_out == never.left_out
    assert {one.split: one.gold for one in found.scores} == {one.split: one.gold for one in never.scores}


def test_everything_holds_together(withdrawn: Path) -> None:
    for version in ("1.0.0", "2.0.0"):
        assert verify(withdrawn / NAME / version, "logical") == ()
    assert failures(withdrawn / NAME / "1.0.0", manifest(withdrawn / NAME / "1.0.0")) == []


def test_nothing_of_it_is_left(published: Path, withdrawn: Path) -> None:
    text = next(one["text"] for one in BEFORE if one["id"] == GONE)
    assert leaked(withdrawn, [text], 12) == set()
    assert leaked(published, [text], 12) != set()
    assert not (withdrawn / NAME / ".withdrawing").exists()
    for path in (withdrawn / NAME).rglob("*.parquet"):
        for name in {"article_id", "id"} & set(pq.read_schema(path).names):
            assert GONE not in pq.read_table(path, columns=[name]).column(0).to_pylist()


def test_a_tombstone_says_what_was(published: Path, withdrawn: Path) -> None:
    index = {entry.version: entry for entry in read_index(withdrawn / NAME)}
    for version in ("1.0.0", "2.0.0"):
        old, sums = read_release(published / NAME / version)
        (stone,) = manifest(withdrawn / NAME / version).withdrawn
        assert (stone.article, stone.split, stone.reason, stone.versions) == (GONE, "test", REASON, ("1.0.0", "2.0.0"))
        assert (stone.sums, stone.logical) == (sums, old.digests.logical)
        listed = dict(
            reversed(line.split("  ", 1))
            for line in (published / NAME / version / "SHA256SUMS").read_text("utf-8").splitlines()
        )
        new = files(withdrawn / NAME / version)
        assert stone.files.keys() == {
            path for path in listed if new.get(path) != (published / NAME / version / path).read_bytes()
        }
        assert all(listed[path] == digest for path, digest in stone.files.items())
        (told,) = index[version].withdrawn
        assert (told.article, told.sums, told.files) == (GONE, sums, {})
        assert index[version].bytes == read_release(withdrawn / NAME / version)[1]
        page = (withdrawn / NAME / version / "README.md").read_text("utf-8")
        assert f"| {GONE} | test |" in page
        assert f"data-sha256:{old.digests.bytes}" not in page
    assert REASON in (withdrawn / NAME / "README.md").read_text("utf-8")


def test_sums_are_those_of_coreutils(withdrawn: Path) -> None:
    for version in ("1.0.0", "2.0.0"):
        subprocess.run(
            ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=withdrawn / NAME / version, check=True
        )


def test_what_lists_and_loads_says_so(withdrawn: Path, tmp_path: Path) -> None:
    listed = CliRunner().invoke(app, ["release", "list", "--releases", str(withdrawn)])
    assert listed.stdout.count("1 article withdrawn, last on") == 2
    verified = CliRunner().invoke(app, ["release", "verify", str(withdrawn / NAME / "1.0.0"), "--level", "quick"])
    assert (verified.exit_code, "(quick); 1 article withdrawn, last on" in verified.stdout) == (0, True)
    with pytest.warns(ReleaseWarning, match=f"is not as it was published: 1 article withdrawn.*{REASON}"):
        loaded = corpus_tool.load(f"{NAME}@2.0.0", split="test", releases=withdrawn, cache_dir=tmp_path)
    assert GONE not in loaded["id"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param({}, f"article '{GONE}' was withdrawn", id="by its id"),
        pytest.param({"id": "other"}, f"article 'other' has the text of '{GONE}'", id="with its text"),
    ],
)
def test_it_is_released_no_more(withdrawn: Path, tmp_path: Path, change: dict[str, Any], said: str) -> None:
    shutil.copytree(withdrawn, tmp_path / "releases")
    back = next(one for one in BEFORE if one["id"] == GONE) | change
    source = write(tmp_path / "corpus", [article(8), back])
    built = build_release([str(source)], tmp_path / "releases", name=None, version=None)
    assert built.refused
    found = [one for one in built.report.findings if one.code == "RLS916"]
    assert [one.message.partition(", which")[0].partition(" on ")[0] for one in found] == [said]
    assert found[0].location.line == 2
    told = CliRunner().invoke(app, ["release", "plan", str(source), "-o", str(withdrawn)])
    assert (told.exit_code, "RLS916" in told.stdout) == (1, True)
    assert read_index(tmp_path / "releases" / NAME) == read_index(withdrawn / NAME)


def test_a_version_that_never_held_it_stays_as_it_is(published: Path, tmp_path: Path) -> None:
    shutil.copytree(published, tmp_path / "releases")
    home = tmp_path / "releases" / NAME
    before = files(home / "1.0.0")
    assert withdraw(tmp_path / "releases", NAME, AFTER[-1]["id"], REASON).versions == ("2.0.0",)
    assert files(home / "1.0.0") == before
    assert read_index(home)[0].withdrawn == ()


def test_another_may_follow(withdrawn: Path, tmp_path: Path) -> None:
    shutil.copytree(withdrawn, tmp_path / "releases")
    asked = [
        "release",
        "withdraw",
        "part 0/002",
        "--name",
        NAME,
        "--reason",
        "and this",
        "--releases",
        str(tmp_path / "releases"),
    ]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0
    assert done.stdout == f"part 0/002 is withdrawn from {NAME}@1.0.0, {NAME}@2.0.0\n"
    found = manifest(tmp_path / "releases" / NAME / "1.0.0").withdrawn
    assert [one.article for one in found] == [GONE, "part 0/002"]
    before = files(tmp_path / "releases")
    again = CliRunner().invoke(app, asked)
    assert (again.exit_code, again.stdout) == (0, done.stdout)
    assert files(tmp_path / "releases") == before


def test_rows_that_came_back_are_found(published: Path) -> None:
    folder = published / NAME / "1.0.0"
    stone = Tombstone(GONE, "test", "2026-03-02T00:00:00Z", REASON, ("1.0.0",), "0" * 64, "0" * 64)
    seen = Evidence(folder, replace(manifest(folder), withdrawn=(stone,)))
    seen.footers = {shard.path: read_footer(folder / shard.path) for shard in manifest(folder).shards}
    found = list(still_there(seen))
    assert {one.code for one in found} == {"RLS916"}
    places = {Path(one.location.path).relative_to(folder).as_posix() for one in found}
    assert places == {shard.path for shard in manifest(folder).shards if shard.split == "test"}


def test_no_link_is_followed(published: Path, tmp_path: Path) -> None:
    shutil.copytree(published, tmp_path / "releases")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "commit.json").write_text("{}")
    (tmp_path / "releases" / NAME / ".withdrawing").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="symbolic link"):
        refresh_index(tmp_path / "releases" / NAME)
    assert files(tmp_path / "elsewhere") == {"commit.json": b"{}"}


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("[]", id="no object"),
        pytest.param('{"versions": ["../x"]}', id="no version"),
        pytest.param("{", id="cut off"),
    ],
)
def test_a_journal_that_is_none_is_not_obeyed(published: Path, tmp_path: Path, said: str) -> None:
    shutil.copytree(published, tmp_path / "releases")
    folder = tmp_path / "releases" / NAME / ".withdrawing"
    folder.mkdir()
    (folder / "commit.json").write_text(said)
    with pytest.raises(ReleaseError, match="restore it"):
        refresh_index(tmp_path / "releases" / NAME)


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        pytest.param(("nowhere", GONE, REASON), SettingsError, id="no such corpus"),
        pytest.param((NAME, "nobody", REASON), SettingsError, id="no such article"),
        pytest.param((NAME, GONE, " "), SettingsError, id="no reason"),
    ],
)
def test_refused(published: Path, asked: tuple[str, str, str], error: type) -> None:
    before = files(published)
    with pytest.raises(error):
        withdraw(published, *asked)
    assert files(published).keys() - {"nowhere/.lock"} == before.keys()


def test_a_damaged_version_is_not_blessed(published: Path, tmp_path: Path) -> None:
    shutil.copytree(published, tmp_path / "releases")
    path = tmp_path / "releases" / NAME / "2.0.0" / "entities" / "train-00000-of-00001.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    before = files(tmp_path / "releases")
    with pytest.raises(ReleaseError, match="is not what was published"):
        withdraw(tmp_path / "releases", NAME, GONE, REASON)
    assert files(tmp_path / "releases") == before


def test_the_only_article_is_not_taken_out(tmp_path: Path) -> None:
    built = released(tmp_path, [article(3, split="test")])
    before = files(built.path)
    with pytest.raises(ReleaseError, match="take the whole version away"):
        withdraw(tmp_path / "releases", NAME, GONE, REASON)
    assert files(built.path) == before


def test_a_release_without_text_gets_its_texts_all_the_same(tmp_path: Path) -> None:
    built = released(tmp_path, BEFORE, withhold=["text"])
    gone = "part 0/002"
    withdraw(tmp_path / "releases", NAME, gone, REASON)
    assert verify(built.path, "logical") == ()
    source = write(tmp_path / "texts", [one for one in BEFORE if one["id"] != gone])
    made = hydrate(built.path, source, tmp_path / "out")
    (tmp_path / "never").mkdir()
    never = released(tmp_path / "never", [one for one in BEFORE if one["id"] != gone])
    assert made.logical == manifest(never.path).digests.logical
    hydrated = manifest(tmp_path / "out").hydrated
    assert hydrated is not None
    assert hydrated.proved == "texts"


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="needs ssh-keygen")
def test_a_signature_goes_or_is_made_anew(tmp_path: Path) -> None:
    key = ssh(tmp_path)
    path = signed(tmp_path, key).path
    withdraw(tmp_path / "releases", NAME, "k001", REASON)
    assert not [name for name in (*SIGNATURES, SIGNER) if (path / name).exists()]
    assert verify(path) == ()
    withdraw(tmp_path / "releases", NAME, "k002", REASON, load_key(key))
    assert verify(path, "full", [public(key)]) == ()


KILLED = """
import itertools, os, shutil, sys
from pathlib import Path
import jsonschema, yaml
import corpus_tool.flattening, corpus_tool.index, corpus_tool.release.verification.rows, corpus_tool.tokens
from corpus_tool.release.withdrawal.withdrawing import withdraw
from corpus_tool.release.withdrawal.withdrawn import still_there

source, work = Path(sys.argv[1]), Path(sys.argv[2])
OTHERS = {"os.mkdir", "os.remove", "os.rmdir", "open"}

def killed(events, at):
    releases = work / f"{len(events)} {at}" / "releases"
    shutil.copytree(source, releases)
    count = itertools.count(1)
    def hook(event, args):
        if event in events and (event != "open" or (args[2] or 0) & (os.O_WRONLY | os.O_RDWR)):
            if next(count) == at:
                os._exit(9)
    child = os.fork()
    if child == 0:
        sys.addaudithook(hook)
        withdraw(releases, "harbour-news", "k001", "asked for")
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(releases, code, sep="\\t", flush=True)
    return code

for events, step in (({"os.rename"}, 1), (OTHERS, int(sys.argv[3]))):
    for at in itertools.count(1, step):
        if killed(events, at) == 0:
            break
"""
"""Kills a withdrawal at every rename, and at some of the other calls that change something."""


def test_killed_anywhere_it_is_finished_or_undone(tmp_path: Path) -> None:
    sample.released(tmp_path, "1.0.0")
    sample.released(tmp_path, "1.1.0")
    whole = files(tmp_path / "releases")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path / "releases"), str(tmp_path / "killed"), "16"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    codes = {Path(at): int(code) for at, code in (line.split("\t") for line in done.stdout.splitlines())}
    assert set(codes.values()) == {0, 9}
    assert len(codes) > 12
    seen = set()
    for releases in codes:
        home = releases / "harbour-news"
        begun = (home / ".withdrawing" / "commit.json").exists()
        seen.add(begun)
        refresh_index(home)
        after = [bool(manifest(home / version).withdrawn) for version in ("1.0.0", "1.1.0")]
        assert after in ([True, True], [False, False])
        assert not begun or after[0]
        for version in ("1.0.0", "1.1.0"):
            assert verify(home / version) == (), home
        assert not (home / ".withdrawing").exists()
        if not after[0]:
            kept = {path: data for path, data in files(releases).items() if not path.endswith(".lock")}
            assert kept == {path: data for path, data in whole.items() if not path.endswith(".lock")}
        assert withdraw(releases, "harbour-news", "k001", "asked for").versions == ("1.0.0", "1.1.0")
    assert seen == {True, False}
