"""`validate --fix`, `--unsafe-fixes` and `--diff`: what they write, say and end with."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from corpus_tool.rules.example import edited, example_article
from tests.program import run

TEXT = example_article()["text"]
SAFE = {"/entities/1/spans/0": {"start": 23, "end": 35, "text": TEXT[23:35]}}
LOOSE = {"/entities/1/spans/0": {"start": 22, "end": 34, "text": TEXT[22:34]}}
UNSAFE = {"/entities/0/spans/0": {"start": 1, "end": 10, "text": "Mara Quill"}}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, put in {"a": LOOSE, "b": UNSAFE, "c": {}}.items():
        write(folder / f"{name}.json", edited(put | {"/id": name}))
    return folder


def write(path: Path, article: object) -> None:
    path.write_text(json.dumps(article, indent=1) + "\n")


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir())}


def test_fix_mends_and_then_checks(corpus: Path) -> None:
    before = contents(corpus)
    ran = run("validate", corpus, "--fix", "--format", "json")
    assert ran.code == 1
    assert [code for code, _ in ran.places if not code.startswith("COL")] == ["SPN304"]
    assert ran.err.split("\n")[0] == "fixed 1 finding in 1 file"
    after = contents(corpus)
    assert after.pop("a.json") == json.dumps(edited({"/id": "a"}), indent=1) + "\n"
    assert after == {name: text for name, text in before.items() if name != "a.json"}
    assert run("validate", corpus, "--fix", "-q").err == ""


def test_unsafe_fixes_mend_what_fix_leaves(corpus: Path) -> None:
    ran = run("validate", corpus, "--unsafe-fixes")
    assert (ran.code, ran.err) == (0, "fixed 2 findings in 2 files\n")
    assert contents(corpus) == {f"{name}.json": json.dumps(edited({"/id": name}), indent=1) + "\n" for name in "abc"}
    ran = run("validate", corpus, "--unsafe-fixes")
    assert (ran.code, ran.err) == (0, "fixed 0 findings in 0 files\n")


def test_diff_writes_nothing_to_the_files(corpus: Path) -> None:
    before = contents(corpus)
    ran = run("validate", "articles", "--diff", cwd=corpus.parent)
    assert ran.code == 1
    assert ran.err == "would fix 1 finding in 1 file\n1 finding fixable with --unsafe-fixes\n"
    assert ran.out.startswith("--- articles/a.json\n+++ articles/a.json\n@@ -")
    changed = [line.strip() for line in ran.out.split("\n") if line[:1] in ("-", "+")][2:]
    assert changed == [
        '-     "start": 22,',
        '+     "start": 23,',
        '-     "text": " Port Ellery"',
        '+     "text": "Port Ellery"',
    ]
    both = run("validate", "articles", "--diff", "--unsafe-fixes", "-q", cwd=corpus.parent)
    assert both.out.startswith(ran.out)
    assert "+++ articles/b.json\n" in both.out
    assert both.err == ""
    assert contents(corpus) == before


def test_diff_to_a_file(corpus: Path) -> None:
    shown = run("validate", corpus, "--diff").out
    ran = run("validate", corpus, "--diff", "-o", corpus.parent / "x.diff")
    assert (ran.code, ran.out) == (1, "")
    assert (corpus.parent / "x.diff").read_text() == shown


def test_nothing_to_change_is_no_diff(corpus: Path) -> None:
    ran = run("validate", corpus / "c.json", "--diff")
    assert (ran.code, ran.out, ran.err) == (0, "", "would fix 0 findings in 0 files\n")


def test_what_cannot_be_written_ends_with_3(corpus: Path) -> None:
    write(corpus / "d.json", edited(LOOSE | {"/id": "d"}))
    (corpus / "a.json").chmod(0o444)
    ran = run("validate", corpus, "--fix")
    assert ran.code == 3
    first, second, *_ = ran.err.split("\n")
    assert "a.json: the file is read-only" in first
    assert second == "fixed 1 finding in 1 file"
    assert (corpus / "d.json").read_text() == json.dumps(edited({"/id": "d"}), indent=1) + "\n"
    assert run("validate", corpus, "--diff").code == 1


def test_what_the_corpus_leaves_out_is_not_touched(corpus: Path) -> None:
    ignore = '[[ignore]]\npaths = ["articles/a.json"]\nrules = ["SPN305"]\nreason = "kept"\n'
    (corpus.parent / "corpus.toml").write_text(ignore)
    before = contents(corpus)
    assert run("validate", corpus, "--fix").err == "fixed 0 findings in 0 files\n"
    assert run("validate", corpus, "--fix", "--ignore", "SPN").code == 0
    assert contents(corpus) == before


def test_what_the_baseline_knows_is_not_touched(corpus: Path) -> None:
    known = corpus.parent / "known.json"
    assert run("baseline", "write", corpus, "--output", known).code == 0
    before = contents(corpus)
    ran = run("validate", corpus, "--unsafe-fixes", "--baseline", known)
    assert (ran.code, ran.err.split("\n")[0]) == (0, "fixed 0 findings in 0 files")
    assert contents(corpus) == before


def test_what_has_not_changed_since_a_commit_is_not_touched(corpus: Path) -> None:
    lines = [edited(LOOSE | {"/id": f"{number}"}) for number in range(3)]
    (corpus / "d.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines[:2]))
    git = [
        "git",
        "-C",
        corpus.parent,
        "-c",
        "user.name=x",
        "-c",
        "user.email=x@example.org",
        "-c",
        "commit.gpgsign=false",
    ]
    for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "x"]):
        subprocess.run([*git, *arguments], check=True)
    (corpus / "d.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in (lines[0], lines[2], lines[1])))
    write(corpus / "e.json", edited(LOOSE | {"/id": "e"}))
    before = contents(corpus)
    ran = run("validate", "articles", "--fix", "--since", "HEAD", cwd=corpus.parent)
    assert ran.err.split("\n")[0] == "fixed 2 findings in 2 files"
    after = contents(corpus)
    assert {name for name in before if before[name] != after[name]} == {"d.jsonl", "e.json"}
    mended = (lines[0], edited({"/id": "2"}), lines[1])
    assert after["d.jsonl"] == "".join(f"{json.dumps(line)}\n" for line in mended)
    ran = run("validate", "articles", "--fix", "--since", "HEAD", cwd=corpus.parent)
    assert ran.err.split("\n")[0] == "fixed 0 findings in 0 files"


def test_a_diff_is_no_place_to_hide_a_text(corpus: Path) -> None:
    ran = run("validate", corpus, "--diff", "--mask-text")
    assert (ran.code, ran.out) == (2, "")
    assert "--mask-text" in ran.err


@pytest.mark.parametrize("option", ["--fix", "--diff", "--unsafe-fixes"])
def test_standard_input_cannot_be_mended(option: str) -> None:
    ran = run("validate", "-", option, stdin=b"{}")
    assert ran.code == 2
    assert "standard input cannot be mended" in ran.err
