"""The version of a release: planned from what differs, refused where it is too low, told in the release."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from corpus_tool.api import plan_release
from corpus_tool.release.verification.verify import verify
from corpus_tool.resources import schema
from tests import program

TEXT = "Mara sailed to Brae."


def corpus(folder: Path, **changes: Any) -> str:
    """Two articles, the first edited."""
    span = {"start": 0, "end": 4, "text": "Mara"}
    first = {"id": "a", "text": TEXT, "entities": [{"id": "T1", "type": "PER", "spans": [span]}], **changes}
    second = {"id": "b", "text": "Fog in the harbour.", "split": "test", "entities": []}
    place = span | {"start": 15, "end": 19, "text": "Brae"}
    both = [{"id": "T1", "type": "LOC", "spans": [place]}, {"id": "T2", "type": "PER", "spans": [span]}]
    third = {"id": "c", "text": TEXT + " ", "entities": both}
    path = folder / "a.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in (first, second, third)))
    (folder / "corpus.toml").write_text('name = "bay"\nlicence = "CC-BY-4.0"\n')
    return str(path)


def run(*words: str, code: int = 0) -> str:
    done = program.run("release", *words)
    assert done.code == code, done.err
    return done.out if code == 0 else done.err


def build(folder: Path, *words: str, code: int = 0, **changes: Any) -> str:
    return run("build", corpus(folder, **changes), "-o", str(folder / "releases"), *words, code=code)


RETYPED = {"entities": [{"id": "T9", "type": "LOC", "spans": [{"start": 0, "end": 4, "text": "Mara"}]}]}
RENUMBERED = {"entities": [{"id": "T9", "type": "PER", "spans": [{"start": 0, "end": 4, "text": "Mara"}]}]}
PLANNED = {
    "nothing": ({}, "1.0.1"),
    "only ids": (RENUMBERED, "1.0.1"),
    "a label": (RETYPED, "1.1.0"),
    "a text": ({"text": TEXT + "!"}, "2.0.0"),
    "a split": ({"split": "test"}, "2.0.0"),
}


@pytest.mark.parametrize(("changes", "version"), PLANNED.values(), ids=PLANNED.keys())
def test_a_build_takes_the_planned_version(tmp_path: Path, changes: dict[str, Any], version: str) -> None:
    build(tmp_path)
    source, releases = corpus(tmp_path, **changes), str(tmp_path / "releases")
    told = json.loads(run("plan", source, "-o", releases, "--format", "json"))
    assert (told["least"], told["parent"]) == (version, "1.0.0")
    assert version in run("plan", source, "-o", releases)
    build(tmp_path, **changes)
    folder = tmp_path / "releases" / "bay" / version
    assert verify(folder, "logical") == ()
    said = json.loads((folder / "diff.json").read_bytes())
    jsonschema.Draft202012Validator(schema("diff-1")).validate(said)
    assert (said["old"], said["new"], said["plan"]["least"]) == ("bay 1.0.0", f"bay {version}", version)
    assert said["empty"] is (version == "1.0.1")
    log = (folder / "CHANGELOG.md").read_text()
    assert next(line for line in log.split("\n") if line.startswith("## ")).startswith(f"## {version} (")
    assert "## 1.0.0 (" in log


def test_a_first_release_has_no_difference(tmp_path: Path) -> None:
    source = corpus(tmp_path)
    assert run("plan", source, "-o", str(tmp_path / "releases")) == "1.0.0: nothing is released yet\n"
    build(tmp_path)
    folder = tmp_path / "releases" / "bay" / "1.0.0"
    assert not (folder / "diff.json").exists()
    assert "First release." in (folder / "CHANGELOG.md").read_text()


def test_a_version_that_is_too_low_is_refused(tmp_path: Path) -> None:
    build(tmp_path)
    out = build(tmp_path, "--version", "1.0.1", code=2, **RETYPED)
    assert "1.0.1 is too low: 1.1.0 is the least after 1.0.0 (annotation retyped: 1" in " ".join(out.split())
    assert not (tmp_path / "releases" / "bay" / "1.0.1").exists()
    build(tmp_path, "--version", "1.5.0", **RETYPED)
    assert (tmp_path / "releases" / "bay" / "1.5.0" / "diff.json").exists()


def test_the_policy_stands_in_the_settings(tmp_path: Path) -> None:
    build(tmp_path)
    for policy, version in (("strict", "2.0.0"), ("errata", "1.0.1"), ("default", "1.1.0")):
        source = corpus(tmp_path, **RETYPED)
        with (tmp_path / "corpus.toml").open("a") as file:
            file.write(f'[release]\npolicy = "{policy}"\n')
        told = json.loads(run("plan", source, "-o", str(tmp_path / "releases"), "--format", "json"))
        assert (told["least"], told["policy"]) == (version, policy)


def test_diff_of_releases_and_of_the_working_corpus(tmp_path: Path) -> None:
    build(tmp_path)
    build(tmp_path, **RETYPED)
    releases = tmp_path / "releases"
    one, two = f"{releases}/bay/1.0.0", "bay@1.1.0"
    shown = run("diff", one, two, "--releases", str(releases))
    assert "train entities LOC: 1 retyped" in shown
    assert "test: scores compare" in shown
    assert "## Annotations" in run("diff", one, two, "--releases", str(releases), "--format", "markdown")
    told = json.loads(run("diff", one, two, "--releases", str(releases), "--format", "json"))
    assert told["counts"] == {"annotation retyped": 1, "id renumbered": 1}
    working = run("diff", two, corpus(tmp_path, **RETYPED), "--releases", str(releases))
    assert working == "bay 1.1.0 to the working corpus: no difference\n"
    assert "there is no release" in run("diff", "bay@9.0.0", two, "--releases", str(releases), code=2)


def test_a_corpus_with_errors_is_not_planned(tmp_path: Path) -> None:
    assert "has errors" in run("plan", corpus(tmp_path, text="M"), "-o", str(tmp_path / "releases"), code=1)


LEAKS = '[splits]\nnear-duplicates = 0.6\n[release]\npolicy = "strict"\n'


def test_a_plan_says_what_splits_share(tmp_path: Path) -> None:
    build(tmp_path)
    source, releases = corpus(tmp_path), tmp_path / "releases"
    with (tmp_path / "corpus.toml").open("a") as file:
        file.write(LEAKS)
    rows = [json.loads(line) for line in Path(source).read_text().splitlines()]
    rows += [{"id": "d", "text": rows[1]["text"]}, {"id": "e", "text": rows[0]["text"], "split": "test"}]
    Path(source).write_text("".join(json.dumps(row) + "\n" for row in rows))
    told = json.loads(run("plan", source, "-o", str(releases), "--format", "json"))
    assert told["policy"] == "strict"
    found = {(finding["code"], finding["article"]) for finding in told["findings"]}
    assert ("RLS908", "e") in found
    assert {code for code, _ in found} <= {"RLS908", "RLS909", "RLS910", "RLS911"}
    assert "RLS908" in run("plan", source, "-o", str(releases))
    planned = plan_release([source], releases, name=None)
    assert {(one.code, one.location.article) for one in planned.findings} == found
    assert planned.least == told["least"]
    assert not (releases / "bay" / told["least"]).exists()
