from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.program import Ran, run

TEXT = "Rain 🌞 fell."


def article(name: str, surface: str = "Rain", text: str = "") -> dict[str, Any]:
    span = {"start": 0, "end": 4, "text": surface}
    return {"id": name, "text": f"{TEXT} {text or name}", "entities": [{"id": "T1", "type": "X", "spans": [span]}]}


def lines(*articles: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in articles)


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path) -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "x")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A repository with old articles, every one of them wrong."""
    git(tmp_path, "init", "--quiet", ".")
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.json").write_bytes(lines(article(name, "Snow")))
    (folder / "more.jsonl").write_bytes(lines(*(article(f"m{at}", "Snow") for at in range(5))))
    commit(tmp_path)
    return tmp_path


def since(home: Path, ref: str = "HEAD", *options: str) -> Ran:
    return run("validate", "in", "--since", ref, "--format", "json", *options, cwd=home)


def told(ran: Ran) -> list[tuple[str, str, int]]:
    return [(finding["code"], finding["path"], finding["line"]) for finding in ran.json["findings"]]


class TestReports:
    def test_nothing_of_what_is_unchanged(self, home: Path) -> None:
        ran = since(home)
        assert (ran.code, told(ran)) == (0, [])
        assert ran.json["summary"]["articles"] == ran.json["summary"]["files"] == 0
        assert ran.json["summary"]["left_out"] == {"unchanged since HEAD": 8}

    def test_files_that_changed_or_are_new_or_have_another_name(self, home: Path) -> None:
        (home / "in/a.json").write_bytes(lines(article("a", "Hail")))
        (home / "in/new.json").write_bytes(lines(article("new", "Hail")))
        git(home, "mv", "in/b.json", "in/z.json")
        (home / "in/c.json").unlink()
        ran = since(home)
        assert told(ran) == [("SPN304", f"in/{name}.json", 1) for name in ("a", "new", "z")]
        assert ran.json["summary"]["articles"] == 3
        assert ran.json["summary"]["left_out"] == {"unchanged since HEAD": 5}

    def test_what_others_changed_meanwhile_is_not_told_of(self, home: Path) -> None:
        git(home, "checkout", "--quiet", "-b", "mine")
        (home / "in/a.json").write_bytes(lines(article("a", "Hail")))
        commit(home)
        git(home, "checkout", "--quiet", "-b", "theirs", "HEAD~1")
        (home / "in/b.json").write_bytes(lines(article("b", "Hail")))
        commit(home)
        git(home, "checkout", "--quiet", "mine")
        assert told(since(home, "theirs")) == [("SPN304", "in/a.json", 1)]

    def test_lines_that_the_old_version_did_not_have(self, home: Path) -> None:
        old = (home / "in/more.jsonl").read_bytes().split(b"\n")[:-1]
        new = [old[3], b"{oops", old[1].replace(b"Snow", b"Hail"), *old, lines(article("last", "Hail"))[:-1]]
        (home / "in/more.jsonl").write_bytes(b"\n".join(new))
        ran = since(home, "HEAD", "--ignore", "COL")
        assert told(ran) == [
            ("IO002", "in/more.jsonl", 2),
            ("SPN304", "in/more.jsonl", 3),
            ("SPN304", "in/more.jsonl", 7),
            ("SPN304", "in/more.jsonl", 9),
        ]
        assert (ran.json["summary"]["articles"], ran.json["summary"]["refused"]) == (4, 1)

    def test_a_line_that_stands_there_once_more(self, home: Path) -> None:
        old = (home / "in/more.jsonl").read_bytes()
        (home / "in/more.jsonl").write_bytes(old + old.split(b"\n")[1] + b"\n")
        ran = since(home, "HEAD", "--ignore", "COL802")
        last = old.count(b"\n") + 1
        assert (ran.code, told(ran)) == (1, [("SPN304", "in/more.jsonl", last), ("COL801", "in/more.jsonl", last)])

    def test_what_was_refused_before_does_not_fail_the_run(self, home: Path) -> None:
        (home / "in/more.jsonl").write_bytes(b"{oops\n")
        commit(home)
        assert since(home).code == 0
        assert since(home, "HEAD~1").code == 1

    def test_no_entry_of_a_baseline_as_gone(self, home: Path) -> None:
        baseline = home / ".corpus-baseline.json"
        assert run("baseline", "write", str(home / "in"), "--output", str(baseline)).code == 0
        (home / "in/again.json").write_bytes(lines(article("b", text="another")))
        assert "no longer found" not in since(home, "HEAD", "--baseline", str(baseline)).err

    def test_a_commit_further_back(self, home: Path) -> None:
        (home / "in/a.json").write_bytes(lines(article("a", "Hail")))
        commit(home)
        (home / "in/b.json").write_bytes(lines(article("b", "Hail")))
        assert [path for _, path, _ in told(since(home))] == ["in/b.json"]
        assert [path for _, path, _ in told(since(home, "HEAD^"))] == ["in/a.json", "in/b.json"]

    @pytest.mark.parametrize("options", [(), ("--no-cache",)], ids=["cache", "no cache"])
    def test_the_article_that_changed_where_two_are_alike(self, home: Path, options: tuple[str, ...]) -> None:
        run("validate", "in", *options, cwd=home)
        (home / "in/0.json").write_bytes(lines(article("c", text="new")))
        ran = since(home, "HEAD", *options)
        assert told(ran) == [("COL801", "in/0.json", 1)]
        assert "in/c.json:1" in ran.json["findings"][0]["message"]

    def test_every_article_in_a_folder_that_is_no_part_of_the_commit(self, home: Path) -> None:
        (home / ".gitignore").write_text("in/ignored*\n")
        (home / "in/ignored.json").write_bytes(lines(article("i", "Hail")))
        assert told(since(home)) == [("SPN304", "in/ignored.json", 1)]

    @pytest.mark.parametrize(
        "name", ["a b.json", "é🌞.json", "-c.json", ":(top)x.json", "a\nb.json", '"q".json', "tab\t.json"], ids=repr
    )
    def test_files_whatever_their_name(self, home: Path, name: str) -> None:
        (home / "in" / name).write_bytes(lines(article("odd", "Hail")))
        commit(home)
        assert told(since(home)) == []
        assert len(told(since(home, "HEAD^"))) == 1

    def test_files_from_a_folder_below(self, home: Path) -> None:
        (home / "in/a.json").write_bytes(lines(article("a", "Hail")))
        ran = run("validate", ".", "--since", "HEAD", "--format", "json", cwd=home / "in")
        assert told(ran) == [("SPN304", "a.json", 1)]


class TestRefuses:
    @pytest.mark.parametrize(
        "ref", ["--output=x", "-h", "", "nothing", "HEAD:in/a.json", "HEAD\n", "HEAD..HEAD"], ids=repr
    )
    def test_what_names_no_commit(self, home: Path, ref: str) -> None:
        ran = since(home, ref)
        assert ran.code == 2
        assert "commit" in ran.err or "--since" in ran.err

    def test_a_folder_that_is_no_repository(self, tmp_path: Path) -> None:
        (tmp_path / "in").mkdir()
        (tmp_path / "in/a.json").write_bytes(lines(article("a")))
        ran = since(tmp_path)
        assert ran.code == 2
        assert "not a git repository" in ran.err

    def test_where_there_is_no_git(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(home))
        ran = since(home)
        assert ran.code == 2
        assert "git cannot be run" in ran.err

    def test_what_a_shallow_clone_does_not_have(self, home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
        first = git(home, "rev-parse", "HEAD")
        (home / "in/a.json").write_bytes(lines(article("a", "Hail")))
        commit(home)
        clone = tmp_path_factory.mktemp("clone")
        git(clone, "clone", "--quiet", "--depth", "1", home.as_uri(), ".")
        assert since(clone).code == 0
        ran = since(clone, first)
        assert ran.code == 2
        assert "fetch-depth: 0" in ran.err

    def test_standard_input(self, home: Path) -> None:
        ran = run("validate", "-", "--since", "HEAD", stdin=lines(article("a")), cwd=home)
        assert ran.code == 2


def test_nothing_that_a_repository_sets_up_is_run(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = home / "ran"
    script = home / "script"
    script.write_text(f"#!/bin/sh\ntouch {mark}\ncat\n")
    script.chmod(0o755)
    (home / ".gitattributes").write_text("* filter=own diff=own\n")
    (home / "in/more.jsonl").write_bytes(lines(article("m0", "Snow"), article("new", "Hail")))
    for name in ("post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman"):
        (home / ".git/hooks").mkdir(exist_ok=True)
        (home / ".git/hooks" / name).write_text(script.read_text())
        (home / ".git/hooks" / name).chmod(0o755)
    for key in (
        "core.fsmonitor", "filter.own.clean", "filter.own.smudge", "filter.own.process", "diff.own.textconv",
        "diff.own.command", "diff.external", "core.pager", "core.editor", "core.sshCommand", "core.askPass",
        "core.alternateRefsCommand", "gpg.program",
    ):  # fmt: skip
        git(home, "config", key, str(script))
    git(home, "config", "remote.origin.url", f"ext::{script}")
    git(home, "config", "remote.origin.promisor", "true")
    monkeypatch.setenv("GIT_DIR", str(home / "elsewhere"))
    ran = since(home)
    assert (ran.code, [line for _, _, line in told(ran)]) == (1, [2])
    old = git(home, "--git-dir=.git", "rev-parse", "HEAD:in/more.jsonl")
    (home / ".git/objects" / old[:2] / old[2:]).unlink()
    lost = since(home)
    assert lost.code == 2
    assert "whole history" in lost.err
    assert not mark.exists()
    monkeypatch.delenv("GIT_DIR")
    subprocess.run(["git", "status"], cwd=home, capture_output=True, check=False)
    assert mark.exists(), "git itself runs what was set up"
