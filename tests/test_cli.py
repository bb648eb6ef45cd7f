from __future__ import annotations

import json
import os
import re
import resource
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import typer.main

from corpus_tool import __version__
from corpus_tool.cli import app, main
from corpus_tool.rules import all_rules
from corpus_tool.rules.example import example_article, example_inventory
from tests import update_golden
from tests.program import Ran, lines, run, start

UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a corpus that is good, one that is not, and settings that are wrong in every way."""
    monkeypatch.chdir(tmp_path)
    good = example_article()
    inventory = example_inventory().as_json()
    twice = {"inventory": "1.0", "entity": [{"name": "PER"}, {"name": "PER"}]}
    files: dict[str, Any] = {
        "inventory.json": inventory,
        "twice.json": twice,
        "requried.json": {"type": "object", "requried": ["id"]},
        "noschema.json": {"type": "objekt"},
        "list.json": [],
        "broken.json": None,
    }
    for name, value in files.items():
        Path(name).write_text("{" if value is None else json.dumps(value))
    Path("bad.toml").write_text('[validate]\nselct = ["SPN"]\n')
    Path("all.toml").write_text('[validate]\nignore = [""]\n')
    Path("nottoml.toml").write_text("name =\n")
    Path("unknown.toml").write_text('[validate]\nselect = ["SPN999"]\n')
    Path("corpora").mkdir()
    Path("corpora/good.jsonl").write_bytes(lines(good))
    Path("corpora/bad.jsonl").write_bytes(lines({**good, "txt": ""}))
    Path("full").mkdir()
    Path("full/mine").touch()
    Path("empty").mkdir()
    Path("file").touch()
    return tmp_path


GOOD = ("corpora/good.jsonl",)
BAD = ("corpora/bad.jsonl",)
INVENTORY = ("--inventory", "inventory.json")
RELEASE = ("--name", "tide", "--version", "1.0.0", "--output", "releases")

CASES = {
    "validate, clean": (0, ("validate", *GOOD, *INVENTORY)),
    "validate, findings": (1, ("validate", *BAD)),
    "validate, missing": (2, ("validate", "absent.jsonl")),
    "validate, nothing to read": (2, ("validate", "empty")),
    "validate, cannot be read": (3, ("validate", "/proc/self/mem")),
    "validate, no source": (2, ("validate",)),
    "validate, no such option": (2, ("validate", *GOOD, "--selct", "SPN")),
    "validate, no such format": (2, ("validate", *GOOD, "--format", "xml")),
    "validate, unknown rule": (2, ("validate", *GOOD, "--select", "SPN999")),
    "validate, unknown rule ignored": (2, ("validate", *GOOD, "--ignore", "nope")),
    "validate, unknown rule in corpus.toml": (2, ("validate", *GOOD, "--config", "unknown.toml")),
    "validate, no jobs": (2, ("validate", *GOOD, "--jobs", "0")),
    "validate, misspelt keyword": (2, ("validate", *GOOD, "--schema", "requried.json")),
    "validate, no schema": (2, ("validate", *GOOD, "--schema", "noschema.json")),
    "validate, schema is a list": (2, ("validate", *GOOD, "--schema", "list.json")),
    "validate, schema is no JSON": (2, ("validate", *GOOD, "--schema", "broken.json")),
    "validate, schema absent": (2, ("validate", *GOOD, "--schema", "absent.json")),
    "validate, schema is a directory": (2, ("validate", *GOOD, "--schema", "empty")),
    "validate, inventory contradicts itself": (2, ("validate", *GOOD, "--inventory", "twice.json")),
    "validate, bad corpus.toml": (2, ("validate", *GOOD, "--config", "bad.toml")),
    "validate, corpus.toml is no TOML": (2, ("validate", *GOOD, "--config", "nottoml.toml")),
    "validate, output below a file": (3, ("validate", *GOOD, "--output", "file/report")),
    "validate, output on a full disk": (3, ("validate", *BAD, "--output", "/dev/full")),
    "validate, output is a directory": (2, ("validate", *GOOD, "--output", "full")),
    "rules": (0, ("rules",)),
    "rules, one": (0, ("rules", "SPN304")),
    "rules, unknown": (2, ("rules", "SPN999")),
    "formats": (0, ("formats",)),
    "convert, clean": (0, ("convert", *GOOD, "--to", "jsonl", "--output", "out.jsonl")),
    "convert, findings": (1, ("convert", "corpora", "--to", "jsonl", "--output", "out.jsonl")),
    "convert, no output": (2, ("convert", *GOOD, "--to", "jsonl")),
    "convert, unknown source format": (2, ("convert", *GOOD, "--from", "bratt", "--to", "jsonl", "--output", "out")),
    "convert, unknown target format": (2, ("convert", *GOOD, "--to", "parquet", "--output", "out")),
    "convert, no inventory to write": (
        2,
        ("convert", *GOOD, "--to", "jsonl", "--output", "out", "--inventory", "i.toml"),
    ),
    "convert, directory not empty": (2, ("convert", *GOOD, "--to", "json", "--output", "full")),
    "convert, directory to stdout": (2, ("convert", *GOOD, "--to", "json", "--output", "-")),
    "convert, below a file": (3, ("convert", *GOOD, "--to", "jsonl", "--output", "file/out.jsonl")),
    "convert, directory below a file": (3, ("convert", *GOOD, "--to", "brat", "--output", "file/out")),
    "convert, full disk": (3, ("convert", *GOOD, "--to", "jsonl", "--output", "/dev/full")),
    "export, clean": (0, ("export", *GOOD, *INVENTORY, "--output", "out")),
    "export, findings": (1, ("export", "corpora", "--output", "out")),
    "export, unknown view": (2, ("export", *GOOD, "--output", "out", "--view", "entitys")),
    "export, directory not empty": (2, ("export", *GOOD, "--output", "full")),
    "export, output is a file": (2, ("export", *GOOD, "--output", "file")),
    "export, below a file": (3, ("export", *GOOD, "--output", "file/out")),
    "export, missing": (2, ("export", "absent", "--output", "out")),
    "schema compile": (0, ("schema", "compile", *INVENTORY)),
    "schema compile, full disk": (3, ("schema", "compile", "--output", "/dev/full")),
    "schema check": (0, ("schema", "check", *INVENTORY)),
    "schema check, misspelt": (2, ("schema", "check", "--schema", "requried.json")),
    "schema check, contradiction": (2, ("schema", "check", "--inventory", "twice.json")),
    "schema show": (0, ("schema", "show")),
    "schema arrow": (0, ("schema", "arrow")),
    "schema features": (0, ("schema", "features")),
    "release build, clean": (0, ("release", "build", *GOOD, *INVENTORY, *RELEASE)),
    "release build, findings": (1, ("release", "build", "corpora", *RELEASE)),
    "release build, no name": (2, ("release", "build", *GOOD, "--output", "releases")),
    "release build, bad name": (2, ("release", "build", *GOOD, "--name", "../x", "--output", "releases")),
    "release build, bad version": (2, ("release", "build", *GOOD, "--name", "x", "--version", "1.0", "--output", "r")),
    "release build, below a file": (3, ("release", "build", *GOOD, "--name", "x", "--output", "file/releases")),
    "release verify, missing": (2, ("release", "verify", "absent")),
    "release verify, no release": (1, ("release", "verify", "full")),
    "no such command": (2, ("valdate", *GOOD)),
}


def below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.parametrize(("code", "arguments"), CASES.values(), ids=CASES)
def test_exit_codes(here: Path, code: int, arguments: tuple[str, ...]) -> None:
    before = below(here)
    ran = run(*arguments)
    assert ran.code == code, ran
    assert ran.err or ran.out
    if code in {2, 3}:
        assert ran.err.startswith(("error: ", "Usage: "))
        assert not ran.out
        assert below(here) == before
    assert not [name for name in below(here) if Path(name).name.startswith(".corpus-tool")]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("validate", *GOOD, "--schema", "requried.json"), r"requried\.json#.*unknown keyword 'requried'.*did you mean 'required'"),
        (("validate", *GOOD, "--schema", "noschema.json"), r"noschema\.json#/type.*objekt"),
        (("validate", *GOOD, "--schema", "broken.json"), r"broken\.json:1:2: not valid JSON"),
        (("validate", *GOOD, "--inventory", "twice.json"), r"twice\.json\.entity\[1\]: .*'PER' is listed twice"),
        (("validate", *GOOD, "--config", "bad.toml"), r"bad\.toml\.validate: unknown key 'selct'.*did you mean 'select'"),
        (("validate", *GOOD, "--select", "SPN999"), r"no rule 'SPN999'"),
        (("validate", *GOOD, "--config", "all.toml"), r"no rule ''"),
        (("validate", *GOOD, "--select", "IO", "--ignore", "IO"), r"no rule is left to run"),
        (("validate", *GOOD, "--target-version", "0.0"), r"no rule is left to run"),
        (("validate", *GOOD, "--target-version", "latest"), r"--target-version: 'latest' is no version"),
        (("validate", *GOOD, "--ignore", "file-has-no-byte-order-marc"), r"did you mean 'file-has-no-byte-order-mark'"),
        (("convert", *GOOD, "--to", "bratt", "--output", "x"), r"unknown format 'bratt'.*brat"),
        (("export", *GOOD, "--output", "x", "--view", "entitys"), r"no view 'entitys'.*did you mean 'entities'"),
        (("export", *GOOD, "--output", "full"), r"full: .*not.* empty"),
        (("validate", "empty"), r"nothing to read in empty"),
    ],
    ids=["keyword", "schema", "JSON", "inventory", "corpus.toml", "rule", "no name", "no rule left", "no rule so old", "no version", "rule by name", "format", "view", "not empty", "nothing"],
)  # fmt: skip
def test_usage_errors_name_the_place(here: Path, arguments: tuple[str, ...], says: str) -> None:
    assert re.search(says, run(*arguments).err)


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name))


COMMANDS = list(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("command", COMMANDS, ids=[" ".join(command) or "(none)" for command in COMMANDS])
def test_help(command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    ran = run(*command, "--help")
    assert ran.code == 0
    assert "Usage" in ran.out
    assert "\x1b" not in ran.out


class TestOutput:
    def test_quiet_says_nothing_but_findings(self, here: Path) -> None:
        assert run("validate", *GOOD, *INVENTORY, "--quiet") == Ran(0, "", "")
        assert "SCH103" in run("validate", *BAD, "--quiet", "--format", "concise").out
        assert len(run("validate", *BAD, "--quiet", "--format", "concise").out.strip().split("\n")) == 1
        assert run("convert", *GOOD, "--to", "jsonl", "--output", "out.jsonl", "--quiet") == Ran(0, "", "")
        assert run("export", *GOOD, *INVENTORY, "--output", "out", "--quiet") == Ran(0, "", "")

    def test_verbose_says_what_is_used(self, here: Path) -> None:
        ran = run("validate", *GOOD, *INVENTORY, "--verbose")
        assert "inventory: inventory.json" in ran.err
        assert "configuration: none" in ran.err

    def test_findings_to_a_file(self, here: Path) -> None:
        ran = run("validate", *BAD, "--format", "json", "--output", "report.json")
        assert (ran.code, ran.out) == (1, "")
        assert json.loads(Path("report.json").read_text())["findings"][0]["code"] == "SCH103"

    def test_a_dash_is_standard_output(self, here: Path) -> None:
        assert run("validate", *BAD, "--output", "-") == run("validate", *BAD)
        assert run("schema", "compile", "--output", "-").json == run("schema", "compile").json
        assert not Path("-").exists()

    def test_the_product_alone_on_standard_output(self, here: Path) -> None:
        ran = run("convert", *GOOD, "--to", "jsonl", "--output", "-")
        assert json.loads(ran.out)["id"] == "example-1"
        assert "1 article written" in ran.err

    def test_the_rules_as_json(self) -> None:
        assert [rule["code"] for rule in run("rules", "--format", "json").json] == list(all_rules())

    def test_the_rules_of_a_family(self) -> None:
        rows = run("rules", "spn").out.strip().split("\n")
        assert [row.split()[0] for row in rows] == [code for code in all_rules() if code.startswith("SPN")]
        assert "SPN305  warning  span-has-no-white-space-at-its-edges [*]" in rows
        assert [rule["code"] for rule in run("rules", "SPN", "--format", "json").json] == [row[:6] for row in rows]

    def test_statistics(self, here: Path) -> None:
        ran = run("validate", *BAD, "--statistics")
        assert ran.out.startswith("        1  SCH103  property-is-known\n1 article in 1 file: 1 error\n")
        assert run("validate", *BAD, "--statistics", "--quiet").out == "        1  SCH103  property-is-known\n"
        refused = run("validate", *BAD, "--statistics", "--format", "sarif")
        assert (refused.code, refused.err) == (2, "error: --statistics is text or json, not sarif\n")

    def test_formats(self) -> None:
        rows = {row["name"]: (row["in"], row["out"]) for row in run("formats", "--format", "json").json}
        assert {
            "json": (True, True),
            "jsonl": (True, True),
            "article": (True, True),
            "brat": (True, True),
        }.items() <= rows.items()
        assert all(name in run("formats").out for name in rows)

    def test_the_table_of_what_formats_keep_is_what_they_declare(self) -> None:
        lines = run("formats").out.split("\n")
        letters = {line.split()[1]: line[:2].strip() for line in lines[: lines.index("")] if line[:1].strip()}
        heads = next(line for line in lines if line.split() == list(letters.values())).split()
        told = {row["name"]: row["fidelity"] for row in run("formats", "--format", "json").json if "fidelity" in row}
        assert list(told) == list(letters)
        signs = {"kept": "+", "approximated": "~", "lost": "."}
        rows = [line.split()[-len(heads) :] for line in lines[lines.index("") + 3 :] if line]
        assert rows == [[signs[told[name][aspect]["kept"]] for name in letters] for aspect in next(iter(told.values()))]

    def test_configuration_is_found_above_the_source(self, here: Path) -> None:
        Path("corpus.toml").write_text('[validate]\nignore = ["SCH103"]\n')
        ran = run("validate", *BAD, "--format", "json", "--select", "SCH")
        assert ran.places == []
        assert ran.json["summary"]["refused"] == 1

    def test_full(self) -> None:
        expected = update_golden.GOLDEN.read_text(encoding="utf-8")
        assert update_golden.golden() == expected, "if this is meant: python -m tests.update_golden"


HOSTILE = "\x1b[31m\x1b]0;x\x07\u202e\u2066\u2028\x9b2J\r\n::error::x\x00\x7f\u0085"


class TestWhatATerminalObeys:
    def corpus(self, here: Path) -> Path:
        entity = {"id": HOSTILE, "type": HOSTILE, "spans": [{"start": 0, "end": 4, "text": HOSTILE}], HOSTILE: 1}
        wrong = [{"id": HOSTILE, "text": HOSTILE * 2, "entities": [dict(entity)]} for _ in range(2)]
        del wrong[0]["entities"][0][HOSTILE]
        path = here / "::error::\x1b[31m\u202e\n.jsonl"
        path.write_bytes(lines(*wrong) + b"\n" + HOSTILE.encode() + b"\n")
        return path

    @pytest.mark.parametrize("how", ["full", "concise", "json"])
    def test_never_reaches_it_from_validate(self, here: Path, how: str) -> None:
        path = self.corpus(here)
        ran = run("validate", path.name, "--format", how, "--verbose")
        assert ran.code == 1
        assert not UNSAFE.search(ran.out + ran.err)
        assert not [line for line in ran.out.split("\n") if line.lstrip().startswith(("::", "##["))]

    def test_nor_from_the_others(self, here: Path) -> None:
        text = "Rain fell."
        article = {
            "id": "a",
            "text": text,
            "entities": [{"id": "T1", "type": HOSTILE, "spans": [{"start": 0, "end": 4, "text": "Rain"}]}],
        }
        (here / "ok.jsonl").write_bytes(lines(article))
        path = self.corpus(here).name
        for number, command in enumerate([
            ("convert", path, "--to", "jsonl", "--output", "a.jsonl"), ("convert", path, "--to", "jsonl", "--output", "b.jsonl", "--format", "json"),
            ("convert", "ok.jsonl", "--to", "brat", "--output", "c"), ("export", path, "--output", "d"), ("export", "ok.jsonl", "--output", "e"),
            ("export", "ok.jsonl", "--output", "f", "--format", "json"), ("validate", f"absent{HOSTILE}".replace("\0", "")),
        ]):  # fmt: skip
            ran = run(*command)
            assert ran.out + ran.err, number
            assert not UNSAFE.search(ran.out + ran.err), command

    def test_json_still_says_it(self, here: Path) -> None:
        ran = run("validate", self.corpus(here).name, "--format", "json")
        assert HOSTILE in {finding["article"] for finding in ran.json["findings"]}


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """A disk that takes no file above this size."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class TestDiskRefuses:
    @pytest.mark.parametrize(
        "arguments",
        [
            ("convert", *GOOD, "--to", "jsonl", "--output", "new/out.jsonl"),
            ("convert", *GOOD, "--to", "json", "--output", "new/out"),
            ("convert", *GOOD, "--to", "brat", "--output", "new/out"),
            ("export", *GOOD, *INVENTORY, "--output", "new/out"),
            ("release", "build", *GOOD, *INVENTORY, "--name", "tide", "--output", "new/releases"),
            ("schema", "compile", "--output", "new/contract.json"),
            ("validate", *BAD, "--output", "new/report"),
        ],
        ids=lambda arguments: f"{arguments[0]} {arguments[1 if arguments[0] in ('release', 'schema') else 3]}",
    )  # fmt: skip
    def test_nothing_is_left(self, here: Path, arguments: tuple[str, ...]) -> None:
        before = below(here)
        with small_files(50):
            ran = run(*arguments)
        assert ran.code == 3, ran
        assert "File too large" in ran.err
        assert below(here) == before

    def test_the_old_file_stays(self, here: Path) -> None:
        Path("out.jsonl").write_text("old")
        with small_files(50):
            assert run("convert", *GOOD, "--to", "jsonl", "--output", "out.jsonl").code == 3
        assert Path("out.jsonl").read_text() == "old"

    def test_standard_output_is_full(self, here: Path) -> None:
        with Path("/dev/full").open("wb") as full:
            process = start("validate", *BAD, stdout=full)
            _, err = process.communicate(timeout=60)
        assert process.returncode == 3
        assert err == b"error: No space left on device\n"


def wait_for(happened: Any, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)


def processes(group: int) -> int:
    """How many processes a process group has."""
    number = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            number += stat.read_text().rpartition(")")[2].split()[2] == str(group)
    return number


class TestInterrupted:
    @pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9), (signal.SIGTERM, -15)])
    def test_no_output_has_the_name(self, here: Path, number: signal.Signals, code: int) -> None:
        (here / "out").mkdir()
        process = start("convert", "-", "--to", "jsonl", "--output", "out/a.jsonl", stdin=-1)
        assert process.stdin is not None
        process.stdin.write(lines(example_article()))
        process.stdin.flush()
        wait_for(lambda: list((here / "out").iterdir()))
        os.killpg(process.pid, number)
        wait_for(lambda: process.poll() is not None)
        _, err = process.communicate(timeout=60)
        assert process.returncode == code
        assert b"Traceback" not in err
        assert not (here / "out" / "a.jsonl").exists()
        assert number is not signal.SIGINT or list((here / "out").iterdir()) == []

    def test_processes_end_too_and_say_nothing(self) -> None:
        process = start("validate", "-", "--jobs", "3", stdin=-1)
        assert process.stdin is not None
        article = lines({"id": "a", "text": "x" * 2**20})
        for _ in range(60):
            process.stdin.write(article)
        process.stdin.flush()
        wait_for(lambda: processes(process.pid) >= 4)  # itself, two for work, and the tracker of their semaphores
        os.killpg(process.pid, signal.SIGINT)
        wait_for(lambda: process.poll() is not None)
        process.stdin.close()
        assert process.stdout is not None
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
        process.stdout.close()
        process.stderr.close()
        assert process.returncode == 130
        wait_for(lambda: not processes(process.pid))

    def test_a_reader_that_has_gone(self, here: Path) -> None:
        (here / "many.jsonl").write_bytes(b"{\n" * 5000)
        process = start("validate", "many.jsonl")
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"error[IO002]")
        process.stdout.close()
        assert process.stderr.read() == b""
        process.stderr.close()
        assert process.wait(60) == 3

    @pytest.mark.parametrize("name", ["stdout", "stderr"])
    def test_streams_closed_from_the_start(self, here: Path, name: str) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["corpus-tool", "validate", *BAD])
            patch.setattr(sys, name, None)
            with pytest.raises(SystemExit) as ended:
                main()
            getattr(sys, name).close()
        assert ended.value.code == 1


def test_the_commands_are_those_of_the_design() -> None:
    named = {"validate", "rules", "formats", "convert", "export", "release build", "release verify"}
    named |= {f"schema {name}" for name in ("compile", "check", "show", "arrow", "features")}
    named |= {f"release {name}" for name in (
        "plan", "diff", "list", "resolve", "yank", "unyank", "deprecate", "withdraw", "hydrate",
    )}  # fmt: skip
    named |= {"fmt", "cache dir", "cache clear", "baseline write", "baseline check"}
    assert named | {"", "baseline", "cache", "schema", "release"} == {" ".join(command) for command in COMMANDS}


def test_it_says_which_version_it_is() -> None:
    ran = run("--version")
    assert (ran.code, ran.out) == (0, f"corpus-tool {__version__}\n")


def test_a_refused_article_fails_the_run_even_where_its_rule_is_ignored(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"{,}\n")
    ran = run("validate", "a.jsonl", "--ignore", "IO002", cwd=tmp_path)
    assert ran.code == 1
    assert "1 article refused" in ran.out
