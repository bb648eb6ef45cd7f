"""`corpus.toml`: found, read, refused with the place."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from corpus_tool import resources
from corpus_tool.config import Config, find_config, load_config
from corpus_tool.errors import SettingsError, SourceError
from corpus_tool.findings import Severity


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "corpus.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_no_file_is_all_defaults() -> None:
    assert load_config(None) == Config()
    assert load_config(None).files == ()


def test_reads(tmp_path: Path) -> None:
    path = written(tmp_path, """
        name = "harbour"
        title = "Häfen"
        schema = "s.json"
        inventory = "labels/i.toml"
        [validate]
        select = ["SPN"]
        ignore = ["TXT207"]
        severity = "warning"
        [severity]
        COR605 = "error"
    """)  # fmt: skip
    config = load_config(path)
    assert config.schema == tmp_path / "s.json"
    assert config.files == (path, tmp_path / "s.json", tmp_path / "labels/i.toml")
    assert (config.select, config.ignore, config.severity) == (("SPN",), ("TXT207",), Severity.WARNING)
    assert config.severities == {"COR605": Severity.ERROR}
    assert config.about == {"name": "harbour", "title": "Häfen"}


@pytest.mark.parametrize(("text", "place", "message"), [
    pytest.param('nmae = "x"', "", "unknown key 'nmae': did you mean 'name'?", id="misspelt"),
    pytest.param('[validate]\nselct = ["x"]', ".validate", "unknown key 'selct': did you mean 'select'?", id="misspelt, inside"),
    pytest.param("zz = 1\n[validate]\nselct = []", ".validate", "unknown key 'selct': did you mean 'select'?", id="the deepest"),
    pytest.param('[severity]\nX = "fatal"', ".severity.X", "'fatal' is not one of ['error', 'warning', 'info']", id="no severity"),
    pytest.param("name = 3", ".name", "3 is not of type 'string'", id="type"),
    pytest.param('name = "Ü"', ".name", "'Ü' does not match '^[a-z0-9][a-z0-9-]*$'", id="no name"),
    pytest.param("name = 2026-01-01", ".name", "is not of type 'string'", id="a date"),
    pytest.param(f'name = "{"X" * 100_000}"', ".name", "XXX", id="long"),
    pytest.param("[[lift]]\nlayer = 'q'", ".lift[0]", "is a required property", id="half a lift"),
    pytest.param('[validate]\ntarget-version = "abc"', ".validate['target-version']", "does not match", id="no version"),
    pytest.param(f'[validate]\ntarget-version = "{"9" * 5000}"', ".validate['target-version']", "999", id="a version too long for a number"),
    pytest.param('[validate]\ngrace-until = "2027-13-01"', ".validate['grace-until']", "'2027-13-01' is no day", id="no day"),
    pytest.param('inventory = "\\u0000"', "", "'inventory' has a null byte", id="no path"),
    pytest.param('[validate]\nbaseline = "a\\u0000"', "", "'baseline' has a null byte", id="no path, inside"),
    pytest.param("[policy]\nnear-duplicates = nan", ".policy['near-duplicates']", "nan is no number", id="nan"),
    pytest.param("name = ", "", "not valid TOML", id="cut off"),
    pytest.param("a = 1\na = 2", "", "not valid TOML", id="key twice"),
    pytest.param(b"\xff", "", "not valid TOML", id="no UTF-8"),
    pytest.param("a = " + "[" * 5000 + "]" * 5000, "", "nested too deeply", id="nested"),
])  # fmt: skip
def test_refused(tmp_path: Path, text: str | bytes, place: str, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        load_config(path)
    said = re.sub(r"\['([^']+)'\]", r".\1", caught.value.place or "")  # as older versions of jsonschema write it
    assert said == re.sub(r"\['([^']+)'\]", r".\1", f"{path}{place}")
    assert message in caught.value.message
    assert len(caught.value.message) < 800


@pytest.mark.parametrize("name", ["none.toml", "."], ids=["missing", "a folder"])
def test_files_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError, match="cannot read the configuration"):
        load_config(tmp_path / name)


def test_a_broken_disk_is_no_wrong_setting() -> None:
    with pytest.raises(SourceError, match="/proc/self/mem: cannot read the configuration: Input/output error"):
        load_config(Path("/proc/self/mem"))  # what the system cannot read at its start


def test_a_device_that_never_ends_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "MAX_BYTES", 1000)
    with pytest.raises(SettingsError, match="the configuration is larger than 1,000 bytes"):
        load_config(Path("/dev/zero"))


@pytest.mark.parametrize("source", [
    "", "a/b/x.jsonl", "a/b", "a/b/*.jsonl", "a/*/x.json", "a/**/[xy].json", "a/b/none/none.json", "a/" + "n" * 300, "a/loop/x",
], ids=["here", "file", "folder", "glob", "glob of folders", "set", "missing", "long", "loop"])  # fmt: skip
def test_the_nearest_above_the_first_source(tmp_path: Path, source: str) -> None:
    path = written(tmp_path, "")
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/x.jsonl").touch()
    (tmp_path / "a/loop").symlink_to("loop")
    assert find_config(["-", f"{tmp_path}/{source}", "/elsewhere"]) == path


def test_a_nearer_one_wins(tmp_path: Path) -> None:
    written(tmp_path, "")
    (tmp_path / "a").mkdir()
    nearer = written(tmp_path / "a", "")
    assert find_config([str(tmp_path / "a/x.json")]) == nearer


def test_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "")
    monkeypatch.chdir(tmp_path)
    assert find_config([]) == find_config(["-"]) == find_config(["x.json"]) == Path(os.path.realpath(path))
