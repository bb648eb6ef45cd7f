from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus_tool import __version__
from corpus_tool.caching import keys, runs, states
from corpus_tool.caching.memory import Memory
from corpus_tool.validate import Checker
from tests.program import run, start

TEXT = "Rain 🌞 fell."


def entity(name: str = "T1", label: str = "X", surface: str = "Rain") -> dict[str, Any]:
    return {"id": name, "type": label, "spans": [{"start": 0, "end": 4, "text": surface}]}


def article(name: str, text: str = TEXT, **changes: Any) -> dict[str, Any]:
    return {"id": name, "text": text, "entities": [entity()], **changes}


def line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus_tool.blocks.read_blocks.__defaults__", (400,))


@pytest.fixture
def quick_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are trusted as soon as their clock has ticked."""
    monkeypatch.setattr(states, "SETTLED", 10**7)


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of blocks that are checked, as they are."""
    sizes: list[int] = []
    own = Checker.__call__

    def count(self: Checker, block: Any) -> Any:
        sizes.append(block.size)
        return own(self, block)

    monkeypatch.setattr(Checker, "__call__", count)
    return sizes


def result(folder: Path, *options: str | Path) -> tuple[int, str, str]:
    ran = run("validate", "in", "--format", "json", "--jobs", "1", *options, cwd=folder)
    return ran.code, ran.out, ran.err


def settle() -> None:
    time.sleep(0.03)


def corpus(folder: Path, number: int = 12) -> Path:
    home = folder / "in"
    home.mkdir()
    for at in range(number):
        surface = "Rain" if at % 3 else "Snow"
        (home / f"{at:02}.json").write_bytes(
            line(article(f"a{at}", f"{TEXT} {at}", entities=[entity(surface=surface)]))
        )
    (home / "more.jsonl").write_bytes(b"".join(line(article(f"b{at}", f"{TEXT} b{at}")) for at in range(number)))
    return home


class TestUnchanged:
    def test_is_told_without_checking(self, tmp_path: Path, checked: list[int]) -> None:
        corpus(tmp_path)
        first = result(tmp_path)
        assert len(checked) > 3
        checked.clear()
        assert result(tmp_path) == first
        assert checked == []
        assert result(tmp_path, "--no-cache") == first
        assert checked

    @pytest.mark.parametrize(
        "config",
        [
            '[[rules]]\ncode = "OWN001"\non = "entities"\nmust = "label is null"\nmessage = "{label}"\n',
            '[[assertions]]\non = "entities"\ncount = "100.."\n',
            '[[ignore]]\npaths = ["in/0*"]\nrules = ["SPN304"]\nreason = "x"\n',
            "[policy]\nnear-duplicates = 0.5\nmin-label-count = 3\nmin-agreement = 0.5\n",
        ],
        ids=["own rules", "assertions", "ignored by path", "policy"],
    )
    def test_is_told_whatever_the_settings(self, tmp_path: Path, checked: list[int], config: str) -> None:
        home = corpus(tmp_path)
        (tmp_path / "corpus.toml").write_text(config)
        first = result(tmp_path)
        assert first == result(tmp_path, "--no-cache")
        checked.clear()
        assert result(tmp_path) == first
        assert checked == []
        with (home / "more.jsonl").open("ab") as stream:
            stream.write(line(article("new")))
        assert result(tmp_path) == result(tmp_path, "--no-cache") != first
        blocks = len(checked)
        with (home / "more.jsonl").open("ab") as stream:
            stream.write(line(article("newer")))
        result(tmp_path)
        assert len(checked) - blocks < 3

    def test_is_told_by_the_times_of_files(
        self, tmp_path: Path, quick_clock: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        corpus(tmp_path)
        settle()
        first = result(tmp_path)

        def refuse(*_: object, **__: object) -> None:
            raise AssertionError("a file was read")

        monkeypatch.setattr("corpus_tool.blocks.read_chunks", refuse)
        assert result(tmp_path) == first

    def test_loads_nothing_heavy(self, tmp_path: Path) -> None:
        corpus(tmp_path)
        result(tmp_path, "--quiet")
        code = (
            "import sys\nfrom corpus_tool import cli\n"
            "sys.argv = ['corpus-tool', 'validate', 'in', '--quiet', '--format', 'concise']\n"
            "try: cli.main()\nexcept SystemExit as end: print(end.code, file=sys.stderr)\n"
            "print(*sys.modules, file=sys.stderr)"
        )
        loaded: list[set[str]] = []
        for _ in range(2):
            done = subprocess.run(
                [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
            )
            exit_code, modules = done.stderr.split("\n", 1)
            assert exit_code == "1"
            loaded.append(set(modules.split()))
        heavy = {"polars", "pyarrow", "jsonschema", "numpy", "pydantic", "regex", "datasets"}
        assert heavy & loaded[0] >= {"polars", "pyarrow", "numpy"}
        unused = {"cli.releases", "formats", "reporters.junit", "rules", "contract"}
        assert (heavy | {f"corpus_tool.{name}" for name in unused}) & loaded[1] == set()

    @pytest.mark.usefixtures("quick_clock")
    def test_files_that_changed_just_before_are_read_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(states, "SETTLED", 10**12)
        home = corpus(tmp_path)
        first = result(tmp_path)
        before = (home / "01.json").stat()
        (home / "01.json").write_bytes((home / "01.json").read_bytes().replace(b'"Rain"', b'"Snow"'))
        os.utime(home / "01.json", ns=(before.st_atime_ns, before.st_mtime_ns))
        assert result(tmp_path) == result(tmp_path, "--no-cache") != first


class TestChanged:
    def test_one_file_of_a_folder_rechecks_few_others(self, tmp_path: Path, checked: list[int]) -> None:
        home = corpus(tmp_path, 60)
        result(tmp_path)
        total = sum(checked)
        checked.clear()
        (home / "07.json").write_bytes(line(article("a7", entities=[entity(surface="Hail")])))
        found = result(tmp_path)
        assert 0 < sum(checked) < total / 8
        assert found == result(tmp_path, "--no-cache")

    def test_a_line_at_the_top_moves_the_findings_below(self, tmp_path: Path, checked: list[int]) -> None:
        home = tmp_path / "in"
        home.mkdir()
        lines = [line(article(f"a{at}", entities=[entity(surface="Rain" if at % 5 else "Snow")])) for at in range(60)]
        (home / "a.jsonl").write_bytes(b"".join(lines))
        result(tmp_path)
        total = sum(checked)
        checked.clear()
        (home / "a.jsonl").write_bytes(b"\n" + line(article("new")) + b"".join(lines))
        ran = json.loads(result(tmp_path)[1])
        assert 0 < sum(checked) < total / 4
        found = [finding["line"] for finding in ran["findings"] if finding["code"] == "SPN304"]
        assert found == [at + 3 for at in range(60) if at % 5 == 0]
        assert result(tmp_path) == result(tmp_path, "--no-cache")

    @pytest.mark.parametrize(
        "change",
        [
            lambda folder: (folder / "corpus.toml").write_text('[severity]\nSPN304 = "warning"\n'),
            lambda folder: (folder / "corpus.toml").write_text('[validate]\nignore = ["SPN304"]\n'),
            lambda folder: (folder / "corpus.toml").write_text('[[ignore]]\npaths = ["in/0*"]\nrules = ["SPN304"]\nreason = "x"\n'),
            lambda folder: (folder / "inventory.toml").write_text('inventory = "1.0"\nname = "n"\n[[entity]]\nname = "Y"\n'),
            lambda folder: (folder / "corpus.toml").write_text("[policy]\nmin-label-count = 30\n"),
        ],
        ids=["severity", "ignored", "ignored by path", "inventory", "policy"],
    )  # fmt: skip
    def test_settings_are_asked_anew(self, tmp_path: Path, change: Any) -> None:
        corpus(tmp_path)
        options = ("--inventory", "inventory.toml")
        (tmp_path / "inventory.toml").write_text('inventory = "1.0"\nname = "n"\n[[entity]]\nname = "X"\n')
        (tmp_path / "corpus.toml").write_text("")
        first = result(tmp_path, *options)
        change(tmp_path)
        second = result(tmp_path, *options)
        assert second == result(tmp_path, *options, "--no-cache") == result(tmp_path, *options)
        assert second != first

    def test_what_is_asked_of_rules_is_asked_anew(self, tmp_path: Path) -> None:
        corpus(tmp_path)
        for options in ((), ("--select", "COL"), ("--ignore", "SPN304"), ("--mask-text",), ("--severity", "info"), ()):
            assert result(tmp_path, *options) == result(tmp_path, *options, "--no-cache")

    @pytest.mark.parametrize("what", ["version", "day", "plug-ins"])
    def test_another_tool_or_day_asks_anew(
        self, tmp_path: Path, checked: list[int], monkeypatch: pytest.MonkeyPatch, what: str
    ) -> None:
        corpus(tmp_path)
        first = result(tmp_path)
        checked.clear()
        keys.tool.cache_clear()
        if what == "version":
            monkeypatch.setattr(keys, "__version__", f"{__version__}.1")
        elif what == "plug-ins":
            monkeypatch.setenv("CORPUS_TOOL_PLUGINS", "none")
        else:
            for module in ("keys", "memory", "runs"):
                monkeypatch.setattr(f"corpus_tool.caching.{module}.today", lambda: ("2999-01-01", "2999-01-01"))
        try:
            assert result(tmp_path)[0] == first[0]
        finally:
            keys.tool.cache_clear()
        assert checked

    def test_a_file_that_changes_while_it_is_checked_is_not_kept(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        home = corpus(tmp_path)
        path = home / "01.json"
        good = path.read_bytes()
        bad = good.replace(b'"Rain"', b'"Snow"')
        own = Memory.known

        def change(self: Memory, block: Any) -> Any:
            path.write_bytes(bad)
            return own(self, block)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Memory, "known", change)
            result(tmp_path)
        assert result(tmp_path) == result(tmp_path, "--no-cache")
        path.write_bytes(good)
        assert result(tmp_path) == result(tmp_path, "--no-cache")


class TestHostile:
    def test_entries_that_are_damaged_are_written_again(self, tmp_path: Path, checked: list[int]) -> None:
        corpus(tmp_path)
        first = result(tmp_path)
        for path in entries():
            path.write_bytes(path.read_bytes()[:-1] + b"!")
        checked.clear()
        assert result(tmp_path) == first
        assert checked
        checked.clear()
        assert result(tmp_path) == first
        assert checked == []

    def test_a_corpus_cannot_bring_a_cache(self, tmp_path: Path) -> None:
        corpus(tmp_path)
        (tmp_path / "corpus.toml").write_text('[validate]\ncache = "in/.cache"\n')
        code, _, err = result(tmp_path)
        assert code == 2
        assert "cache" in err

    def test_standard_input_is_not_kept(self, tmp_path: Path) -> None:
        ran = run("validate", "-", "--format", "json", stdin=line(article("a")), cwd=tmp_path)
        assert ran.code == 0
        assert entries() == []

    def test_nothing_is_kept_where_that_is_said(self, tmp_path: Path) -> None:
        corpus(tmp_path)
        result(tmp_path, "--no-cache")
        assert entries() == []


def entries() -> list[Path]:
    return [path for path in Path(os.environ["CORPUS_TOOL_CACHE"]).rglob("*") if path.is_file()]


class TestAtTheSameTime:
    def test_runs_that_are_killed_leave_nothing_wrong(self, tmp_path: Path) -> None:
        corpus(tmp_path, 40)
        shutil.rmtree(os.environ["CORPUS_TOOL_CACHE"], ignore_errors=True)
        expected = result(tmp_path, "--no-cache")
        for wait in (0.7, 1.1, 1.5):
            both = [start("validate", "in", "--jobs", "1", cwd=tmp_path) for _ in range(2)]
            time.sleep(wait)
            for one in both:
                if one.poll() is None:
                    one.send_signal(signal.SIGKILL)
                one.communicate()
            assert result(tmp_path) == expected
        assert not [path for path in entries() if path.name.startswith(".") and path.stat().st_size > 2**20]

    def test_all_come_to_the_same(self, tmp_path: Path) -> None:
        corpus(tmp_path)
        expected = result(tmp_path, "--no-cache")[1]
        several = [start("validate", "in", "--format", "json", cwd=tmp_path) for _ in range(3)]
        found = {one.communicate()[0].decode() for one in several}
        assert found == {expected}
        assert result(tmp_path)[1] == expected


def edits(home: Path, chance: random.Random) -> Iterator[str]:
    """A change of the corpus at random, by its name."""
    files = sorted(path for path in home.iterdir() if path.suffix == ".json")
    lines = home / "more.jsonl"
    surface = chance.choice(["Rain", "Snow"])
    new = article(f"a{chance.randint(0, 30)}", f"{TEXT} {chance.randint(0, 30)}", entities=[entity(surface=surface)])
    what = chance.choice(["add", "change", "delete", "rename", "touch", "insert", "drop", "break", "settings"])
    yield what
    if what == "add":
        (home / f"{chance.randint(0, 99):02}.json").write_bytes(line(new))
    elif what == "change" and files:
        chance.choice(files).write_bytes(line(new))
    elif what == "delete" and files:
        chance.choice(files).unlink()
    elif what == "rename" and files:
        chance.choice(files).rename(home / f"{chance.randint(0, 99):02}.json")
    elif what == "touch":
        os.utime(chance.choice([lines, *files]), (chance.randint(0, 10**9),) * 2)
    elif what in ("insert", "drop", "break"):
        parts = lines.read_bytes().splitlines(keepends=True)
        at = chance.randint(0, max(len(parts) - 1, 0))
        put = {"insert": [line(new)], "drop": [], "break": [chance.choice([b"{oops\n", b" \n", b"\n"])]}[what]
        lines.write_bytes(b"".join([*parts[:at], *put, *parts[at + (what != "insert") :]]))
    elif what == "settings":
        (home.parent / "corpus.toml").write_text(
            chance.choice(["", '[severity]\nSPN304 = "warning"\n', "[policy]\nmin-label-count = 4\n", "[policy]\nnear-duplicates = 0.5\n"])
        )  # fmt: skip


@pytest.mark.usefixtures("quick_clock")
@pytest.mark.parametrize("seed", range(6))
def test_the_cache_never_changes_a_result(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    home = corpus(tmp_path)
    done = []
    for _ in range(10):
        for _ in range(chance.randint(0, 2)):
            done += list(edits(home, chance))
        settle()
        assert result(tmp_path) == result(tmp_path, "--no-cache"), done


def test_a_run_is_kept_under_all_that_is_asked(tmp_path: Path) -> None:
    """Whoever adds an option or setting finds it in the key, unless it is said to change no finding."""
    assert set(runs._NOT_ASKED) == {"jobs", "progress", "cache"}
