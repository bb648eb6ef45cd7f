"""Splits: who goes where, whatever the order, and for good; and what a release of such a corpus looks like."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.errors import ReleaseError, SettingsError
from corpus_tool.exported import Exported
from corpus_tool.near_duplicates import signatures
from corpus_tool.release.publish import refresh_index
from corpus_tool.release.splits.assigning import Candidate, Division, divide
from corpus_tool.release.splits.locks import LOCK_FILE, Locked, lock_lines, read_lock, write_lock
from corpus_tool.release.verification.verify import verify
from corpus_tool.releasing import build_release
from corpus_tool.settings import Options
from corpus_tool.split_settings import SplitSettings

PLAIN = SplitSettings()
WORDS = [
    f"{first}{last}" for first in ("har", "tid", "lan", "mor", "vel", "qui") for last in ("bour", "al", "um", "est")
]


def text(seed: int, length: int = 60) -> str:
    """Text of words in an order that no other seed has."""
    return " ".join(WORDS[(seed * 7919 + at * at * (seed + 3) + at) % len(WORDS)] + str(seed) for at in range(length))


def candidate(number: int, story: int | None = None, **more: Any) -> Candidate:
    keys = () if story is None else (f"story:{story}",)
    return Candidate(f"a{number:04}", f"digest-{number}", keys=keys, **more)


def locked(division: Division, *before: Locked) -> dict[str, Locked]:
    return {line.id: line for line in (*before, *division.fresh)}


CORPORA = st.lists(st.integers(0, 12), min_size=1, max_size=40).map(
    lambda stories: [candidate(at, story) for at, story in enumerate(stories)]
)


@settings(max_examples=60, deadline=None)
@given(st.data(), CORPORA)
def test_order_changes_nothing(data: st.DataObject, articles: list[Candidate]) -> None:
    shuffled = data.draw(st.permutations(articles))
    assert divide(shuffled, {}, PLAIN, "news") == divide(articles, {}, PLAIN, "news")
    cut = data.draw(st.integers(0, len(articles)))
    lock = locked(divide(articles[:cut], {}, PLAIN, "news"))
    assert divide(shuffled, lock, PLAIN, "news") == divide(articles, lock, PLAIN, "news")


@settings(max_examples=60, deadline=None)
@given(CORPORA, CORPORA)
def test_what_is_new_changes_nothing(articles: list[Candidate], more: list[Candidate]) -> None:
    before = divide(articles, {}, PLAIN, "news")
    other = [replace(one, id=f"b{one.id}", digest=f"b{one.digest}", keys=(f"b{one.keys[0]}",)) for one in more]
    assert before.splits.items() <= divide([*articles, *other], {}, PLAIN, "news").splits.items()
    joining = [replace(one, id=f"b{one.id}", digest=f"b{one.digest}") for one in more]
    after = divide([*articles, *joining], locked(before), PLAIN, "news")
    assert before.splits.items() <= after.splits.items()
    assert not {line.id for line in after.fresh} & set(before.splits)


@settings(max_examples=60, deadline=None)
@given(CORPORA, st.sampled_from([PLAIN, SplitSettings(strata="x"), SplitSettings(ratios={"train": 1.0, "dev": 1.0})]))
def test_no_group_and_no_story_is_in_two_splits(articles: list[Candidate], how: SplitSettings) -> None:
    division = divide(articles, {}, how, "news")
    assert set(division.splits) == {one.id for one in articles}
    by_group = {(division.groups[id_], split) for id_, split in division.splits.items()}
    assert len(by_group) == len(set(division.groups.values()))
    by_story = {(one.keys, division.splits[one.id]) for one in articles}
    assert len(by_story) == len({one.keys for one in articles})


@pytest.mark.parametrize(
    ("how", "least"),
    [
        pytest.param(PLAIN, {"train": (760, 840), "validation": (70, 130), "test": (70, 130)}, id="by the hash"),
        pytest.param(
            SplitSettings(strata="language"),
            {"train": (798, 802), "validation": (98, 102), "test": (98, 102)},
            id="strata",
        ),
        pytest.param(SplitSettings(ratios={"a": 3.0, "b": 1.0}), {"a": (705, 795), "b": (205, 295)}, id="no sum of 1"),
    ],
)
def test_ratios_of_a_thousand_groups(how: SplitSettings, least: dict[str, tuple[int, int]]) -> None:
    articles = [candidate(at, at // 2, stratum="enkk"[at // 2 % 2 * 2 :][:2]) for at in range(2000)]
    division = divide(articles, {}, how, "news")
    groups = Counter({division.groups[id_]: split for id_, split in division.splits.items()}.values())
    assert set(groups) == set(least)
    assert all(low <= groups[split] <= high for split, (low, high) in least.items())
    if how.strata:
        of_one = Counter(division.splits[one.id] for one in articles if one.stratum == "en")
        assert of_one == {"train": 800, "validation": 100, "test": 100}


def test_the_name_is_the_seed() -> None:
    articles = [candidate(at, at) for at in range(100)]
    assert divide(articles, {}, PLAIN, "news").splits != divide(articles, {}, PLAIN, "tides").splits


def signed(id_: str, words: str, **more: Any) -> Candidate:
    return Candidate(id_, f"digest of {words}", signature=signatures(pl.Series([words]))[0], **more)


def line(id_: str, split: str, *keys: str, digest: str = "") -> Locked:
    return Locked(id_, split, f"group of {id_}", digest or f"digest {id_}", keys)


BASE = text(1)
BOTH = {"t": line("t", "test", "story:1"), "r": line("r", "train", "source:2")}


@pytest.mark.parametrize(
    ("articles", "lock", "splits", "left_out"),
    [
        pytest.param([Candidate("n", "x")], BOTH, {"n": "train"}, [], id="new: train"),
        pytest.param([Candidate("n", "x", keys=("story:1",))], BOTH, {"n": "test"}, [], id="of a story in test"),
        pytest.param([Candidate("n", "x", keys=("source:2", "story:1"))], BOTH, {}, ["n"], id="of two stories"),
        pytest.param(
            [Candidate("n", "x", keys=("story:1", "m")), Candidate("o", "y", keys=("source:2", "m"))], BOTH, {}, ["n", "o"],
            id="a bridge of two",
        ),
        pytest.param([Candidate("n", "digest t")], BOTH, {"n": "test"}, [], id="renamed"),
        pytest.param([Candidate("t", "x", keys=("source:2",))], BOTH, {"t": "test"}, [], id="changed to the other"),
        pytest.param([Candidate("t", "x", split="train")], BOTH, {"t": "test"}, [], id="says otherwise"),
        pytest.param([Candidate("n", "x", split="test")], BOTH, {"n": "test"}, [], id="new with a split"),
        pytest.param([Candidate("n", "x", split="train", keys=("story:1",))], BOTH, {}, ["n"], id="new with a wrong one"),
        pytest.param([Candidate("n", "x")], {"r": BOTH["r"]}, None, [], id="no test set yet: as the first time"),
        pytest.param(
            [Candidate("a", "x", "test", keys=("s",)), Candidate("b", "y", "train", keys=("s",)), Candidate("c", "z", keys=("s",))],
            {}, {"a": "test", "b": "train"}, ["c"], id="predefined ones stay, in whatever they share",
        ),
        pytest.param(
            [Candidate("a", "x", "test", keys=("s",)), Candidate("b", "y", keys=("s",))], {}, {"a": "test", "b": "test"}, [],
            id="with a predefined one",
        ),
        pytest.param(
            [signed("a", BASE, split="test"), signed("b", f"{BASE} late"), signed("c", text(2), split="train"),
             signed("d", f"{text(2)} late"), signed("e", f"{BASE} late edition")],
            {}, {"a": "test", "b": "test", "c": "train", "d": "train", "e": "test"}, [], id="near-duplicates",
        ),
        pytest.param(
            [signed("t", BASE), signed("r", f"{BASE} late"), signed("n", f"late {BASE}")], BOTH,
            {"t": "test", "r": "train"}, ["n"], id="near two that were let through",
        ),
    ],
)  # fmt: skip
def test_decisions(
    articles: list[Candidate], lock: dict[str, Locked], splits: dict[str, str] | None, left_out: list[str]
) -> None:
    division = divide(articles, lock, PLAIN, "news")
    if splits is not None:
        assert dict(division.splits) == splits
    assert [bridge.id for bridge in division.bridges] == left_out
    assert {found.id for found in division.fresh} == set(division.splits) - set(lock)
    said = {one.id: one.split for one in articles if one.id in lock and one.split}
    assert division.overruled == {id_: split for id_, split in said.items() if lock[id_].split != split}


def test_without_a_test_set_the_hash_goes_on() -> None:
    articles = [candidate(at, at) for at in range(100)]
    first = locked(divide(articles, {}, SplitSettings(ratios={"train": 1.0}), "news"))
    more = [candidate(at, at) for at in range(100, 200)]
    assert set(divide([*articles, *more], first, PLAIN, "news").splits.values()) == {"train", "validation", "test"}


def test_dates() -> None:
    how = SplitSettings(date_cut={"validation": "2027-01-01", "test": "2027-06-01"})
    days = {"a": None, "b": "2026-12-31", "c": "2027-01-01", "d": "2027-06-01", "e": "2026-01-01"}
    articles = [Candidate(id_, id_, day=day, keys=("s",) if id_ in "de" else ()) for id_, day in days.items()]
    first = divide(articles, {}, how, "news")
    assert first.splits == {"a": "train", "b": "train", "c": "validation", "d": "test", "e": "test"}
    later = replace(how, date_cut={**how.date_cut, "test.2028": "2028-01-01"})
    new = [Candidate("n", "n", day="2027-07-01"), Candidate("o", "o", day="2028-02-01")]
    after = divide([*articles, *new], locked(first), later, "news").splits
    assert (after["n"], after["o"]) == ("train", "test.2028")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b'{"id":"a","split":"t","group":"g","text_sha256":"d"}', "ends within a line", id="cut short"),
        pytest.param(b"[]\n", "line 1, is not a line of a lock", id="no object"),
        pytest.param(b'{"id":"a"}\n', "line 1, is not a line of a lock", id="lacks most"),
        pytest.param(b'{"id": "a","split":"t","group":"g","text_sha256":"d"}\n', "another way", id="another hand"),
        pytest.param(lock_lines([line("a", "t"), line("a", "u")]), "a second time", id="twice"),
    ],
)
def test_damaged_locks_are_refused(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / LOCK_FILE).write_bytes(data)
    with pytest.raises(ReleaseError, match=message):
        read_lock(tmp_path / LOCK_FILE)


def test_a_lock_that_disagrees_with_a_release_is_refused(tmp_path: Path) -> None:
    (tmp_path / "1.0.0").mkdir()
    (tmp_path / "1.0.0" / LOCK_FILE).write_bytes(lock_lines([line("a", "train")]))
    (tmp_path / LOCK_FILE).write_bytes(lock_lines([line("a", "test")]))
    with pytest.raises(ReleaseError, match=r"'a' in test, and release 1\.0\.0 put it into train"):
        write_lock(tmp_path, ["1.0.0"])


def article(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"n{number:03}", "text": text(number), "metadata": {"slugline": f"story-{number}"}, **more}


def corpus(folder: Path, articles: Iterable[dict[str, Any]], toml: str = "[splits]\n", files: int = 1) -> Path:
    """A corpus of so many files at `folder`, in place of what was there."""
    shutil.rmtree(folder / "in", ignore_errors=True)
    (folder / "in").mkdir(parents=True)
    (folder / "corpus.toml").write_text(f'name = "news"\n{toml}')
    rows = list(articles)
    for at in range(files):
        (folder / "in" / f"{at}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows[at::files]))
    return folder


def built(folder: Path, version: str | None = None, jobs: int = 1) -> Exported:
    return build_release(
        [str(folder / "in")], folder / "releases", name=None, version=version, options=Options(jobs=jobs)
    )


def rows(folder: Path, version: str) -> dict[str, list[dict[str, Any]]]:
    paths = (folder / "releases" / "news" / version / "articles").glob("*.parquet")
    return {
        path.name.partition("-")[0]: pq.read_table(path).select(["id", "text", "split"]).to_pylist() for path in paths
    }


def found(result: Exported) -> list[tuple[str, str | None]]:
    codes = ("RLS908", "RLS909", "RLS910", "RLS911")
    return [(one.code, one.location.article) for one in result.report.findings if one.code in codes]


FORTY = [article(number) for number in range(40)]


def test_fifty_more_articles_leave_validation_and_test_alone(tmp_path: Path) -> None:
    first = built(corpus(tmp_path, FORTY))
    assert found(first) == []
    before = rows(tmp_path, "1.0.0")
    assert set(before) == {"train", "validation", "test"}
    assert all(row["split"] == split for split, some in before.items() for row in some)
    lock = (tmp_path / "releases" / "news" / LOCK_FILE).read_bytes()
    assert len(lock.splitlines()) == 40
    result = built(corpus(tmp_path, [*FORTY, *(article(number) for number in range(100, 150))]), None)
    assert result.path.name == "1.1.0"
    after = rows(tmp_path, "1.1.0")
    assert {split: after[split] for split in ("validation", "test")} == {
        split: before[split] for split in ("validation", "test")
    }
    assert len(after["train"]) == len(before["train"]) + 50
    grown = (tmp_path / "releases" / "news" / LOCK_FILE).read_bytes()
    assert grown.startswith(lock)
    assert len(grown.splitlines()) == 90
    assert [verify(tmp_path / "releases" / "news" / version) for version in ("1.0.0", "1.1.0")] == [(), ()]


def test_an_article_that_went_keeps_its_place(tmp_path: Path) -> None:
    built(corpus(tmp_path, FORTY))
    before = rows(tmp_path, "1.0.0")
    lock = (tmp_path / "releases" / "news" / LOCK_FILE).read_bytes()
    gone = before["test"][0]["id"]
    built(corpus(tmp_path, [one for one in FORTY if one["id"] != gone]), None)
    assert (tmp_path / "releases" / "news" / LOCK_FILE).read_bytes() == lock
    assert gone not in {row["id"] for row in rows(tmp_path, "2.0.0")["test"]}
    built(corpus(tmp_path, FORTY), None)
    assert rows(tmp_path, "3.0.0") == before


def test_files_order_and_workers_change_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    built(corpus(tmp_path / "a", FORTY))
    built(corpus(tmp_path / "b", reversed(FORTY), files=5), jobs=2)
    one, two = (tmp_path / name / "releases" / "news" for name in "ab")
    assert (one / LOCK_FILE).read_bytes() == (two / LOCK_FILE).read_bytes()
    for path in (one / "1.0.0").rglob("*.parquet"):
        assert path.read_bytes() == (two / path.relative_to(one)).read_bytes()


def test_a_bridge_is_left_out_and_told(tmp_path: Path) -> None:
    built(corpus(tmp_path, FORTY))
    splits = {row["id"]: split for split, some in rows(tmp_path, "1.0.0").items() for row in some}
    test = next(one for one in FORTY if splits[one["id"]] == "test")
    train = next(one for one in FORTY if splits[one["id"]] == "train")
    bridge = {**article(200), "text": f"{test['text']} Late.", "metadata": train["metadata"]}
    same = [{**one, "split": "test"} if one is train else one for one in FORTY]
    result = built(corpus(tmp_path, [*same, bridge, article(201, split="test")]))
    assert found(result) == [("RLS908", "n200"), ("RLS910", train["id"])]
    assert f"'{test['id']}' in test and '{train['id']}' in train" in next(
        one.message for one in result.report.findings if one.code == "RLS908"
    )
    assert result.report.summary.left_out["articles between splits"] == 1
    assert [(one.article, one.reason) for one in result.left_out.articles] == [("n200", "between splits")]
    released = {row["id"]: split for split, some in rows(tmp_path, result.path.name).items() for row in some}
    assert "n200" not in released
    assert released["n201"] == "test"
    assert "n200" not in read_lock(tmp_path / "releases" / "news" / LOCK_FILE)


def test_leaks_that_came_with_the_articles_are_told(tmp_path: Path) -> None:
    copy = {**article(1, split="test"), "id": "copy", "labels": [{"axis": "genre", "value": "sport"}]}
    near = {**article(3, split="test"), "id": "near", "text": f"{text(2)} Late."}
    originals = [article(1, split="train", labels=[{"axis": "genre", "value": "news"}]), article(2, split="train")]
    result = built(corpus(tmp_path, [*originals, copy, near]))
    assert sorted(found(result)) == [("RLS909", "n001"), ("RLS909", "near"), ("RLS911", "n001")]
    other = corpus(
        tmp_path / "other",
        [{**article(2), "id": "x", "split": "test"}],
        '[splits]\nagainst = ["../releases/news/1.0.0"]\n',
    )
    assert found(built(other)) == [("RLS909", "x")]


def test_a_release_to_compare_with_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere is no release: name the directory of one version"):
        built(corpus(tmp_path, [article(1)], '[splits]\nagainst = ["nowhere"]\n'))


def test_the_lock_follows_the_release_that_was_published(tmp_path: Path) -> None:
    built(corpus(tmp_path, FORTY))
    home = tmp_path / "releases" / "news"
    lock = (home / LOCK_FILE).read_bytes()
    (home / LOCK_FILE).unlink()  # as a run does that is killed right after its rename
    refresh_index(home)
    assert (home / LOCK_FILE).read_bytes() == lock


def test_a_corpus_that_had_no_lock_keeps_its_splits(tmp_path: Path) -> None:
    said = [{**one, "split": "test" if at % 3 else "dev"} for at, one in enumerate(FORTY)]
    built(corpus(tmp_path, said, ""))
    assert not (tmp_path / "releases" / "news" / LOCK_FILE).exists()
    before = rows(tmp_path, "1.0.0")
    built(corpus(tmp_path, [*FORTY, article(300)]), "1.1.0")
    after = rows(tmp_path, "1.1.0")
    assert [row["id"] for row in after.pop("train")] == ["n300"]
    assert after == before
    assert len(read_lock(tmp_path / "releases" / "news" / LOCK_FILE)) == 41


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        pytest.param('strata = "genre-of"', None, id="an axis nobody uses"),
        pytest.param("[splits.ratios]\ntrain = 0", "splits.ratios.train", id="no share"),
        pytest.param('[splits.ratios]\n"a-b" = 1', "splits.ratios", id="a name that does not load"),
        pytest.param('growth = "test"', "splits.growth", id="growth of test"),
    ],
)
def test_settings(tmp_path: Path, toml: str, message: str | None) -> None:
    folder = corpus(tmp_path, FORTY[:3], f"[splits]\n{toml}\n")
    if message is None:
        assert not built(folder).refused
        return
    with pytest.raises(SettingsError, match=message):
        built(folder)


def test_a_schema_without_a_split_has_no_place_for_one(tmp_path: Path) -> None:
    schema = {
        "type": "object",
        "properties": {"id": {"type": "string", "x-id": True}, "text": {"type": "string", "x-text": True}},
    }
    folder = corpus(tmp_path, [{"id": "a", "text": "b"}], 'schema = "s.json"\n[splits]\n')
    (folder / "s.json").write_text(json.dumps(schema))
    with pytest.raises(SettingsError, match="no field that means the split"):
        built(folder)


def test_a_corpus_without_dates(tmp_path: Path) -> None:
    fields = {"id": {"type": "string", "x-id": True}, "text": {"type": "string", "x-text": True}}
    properties = {**fields, "split": {"type": ["string", "null"], "x-field": "split"}}
    (tmp_path / "schema.json").write_text(
        json.dumps({"type": "object", "required": ["id", "text"], "properties": properties})
    )
    (tmp_path / "corpus.toml").write_text(
        'name = "plain"\nschema = "schema.json"\n[splits]\nratios = { train = 1.0 }\n'
    )
    lines = [json.dumps({"id": f"a{at}", "text": text(at)}) + "\n" for at in range(3)]
    (tmp_path / "a.jsonl").write_text("".join(lines))
    built = build_release([str(tmp_path / "a.jsonl")], tmp_path / "releases", name=None, version=None)
    assert list(read_lock(built.path / LOCK_FILE)) == ["a0", "a1", "a2"]
