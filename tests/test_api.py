from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus_tool import api
from corpus_tool.corpus import Options, read_config
from corpus_tool.errors import NothingMatchedError, SettingsError
from corpus_tool.findings import Severity
from corpus_tool.formats import exporter, importer
from corpus_tool.inventory import Inventory, Label
from corpus_tool.inventory_files import load_inventory
from corpus_tool.paths import Named
from tests.program import lines

ARTICLE = {
    "id": "a",
    "text": "Rain fell.",
    "entities": [{"id": "T1", "type": "X", "spans": [{"start": 0, "end": 4, "text": "Snow"}]}],
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jsonl").write_bytes(lines(ARTICLE))
    return tmp_path


class TestValidate:
    def test_gives_findings_as_values(self, here: Path) -> None:
        report = api.validate(["a.jsonl"])
        assert [(finding.code, finding.location.annotation) for finding in report.findings] == [("SPN304", "T1")]
        assert report.worst() is Severity.ERROR
        assert (report.summary.articles, report.summary.files) == (1, 1)

    def test_of_what_is_clean(self, here: Path) -> None:
        assert api.validate(["a.jsonl"], Options(ignore=("SPN304",))).worst() is None

    def test_tells_progress(self, here: Path) -> None:
        told: list[int] = []
        api.validate(["a.jsonl"], Options(progress=told.append))
        assert told == [1]

    def test_raises_where_nothing_matches(self, here: Path) -> None:
        with pytest.raises(NothingMatchedError):
            api.validate(["absent"])


class TestSettings:
    def test_options_go_before_the_file(self, here: Path) -> None:
        (here / "corpus.toml").write_text(
            'schema = "a.json"\ninventory = "b.json"\n[validate]\nselect = ["SPN"]\nignore = ["TXT"]\n'
        )
        options = Options(schema=Path("c.json"), select=("IO",), ignore=("REF",))
        config = read_config(["a.jsonl"], options)
        assert config.schema == Path("c.json")
        assert config.inventory == here / "b.json"
        assert (config.select, config.ignore) == (("IO",), ("TXT", "REF"))

    def test_unknown_rules_of_severities(self, here: Path) -> None:
        (here / "corpus.toml").write_text('[severity]\nSPN999 = "error"\n')
        with pytest.raises(SettingsError, match="no rule 'SPN999'"):
            api.validate(["a.jsonl"])


class TestInventories:
    @pytest.mark.parametrize("name", ["i.toml", "i.json"])
    def test_are_written_and_read(self, here: Path, name: str) -> None:
        inventory = Inventory(labels={"entity": (Label("PER", tag=True), Label("é🌞"))})
        api.write_inventory(inventory, here / name)
        assert load_inventory(here / name) == inventory

    def test_of_sources_that_bring_none(self, here: Path) -> None:
        with pytest.raises(SettingsError, match="bring no inventory"):
            api.source_inventory(["a.jsonl"], "jsonl")


class TestConvert:
    def test_counts(self, here: Path) -> None:
        options = Options(ignore=("SPN304",))
        result = api.convert(["a.jsonl"], source_format="jsonl", target_format="json", output="out", options=options)
        assert (result.written, result.layers["entities"], list(result.losses)) == (1, 1, [])
        assert (here / "out" / "a.json").exists()

    def test_an_unknown_target_is_said_before_anything_is_read(self, here: Path) -> None:
        with pytest.raises(SettingsError, match="unknown format"):
            api.convert(["absent"], source_format="jsonl", target_format="xml", output="out")


class TestFormats:
    def test_are_found_by_name(self) -> None:
        assert importer("brat").suffixes == (".ann", ".txt")
        assert exporter("brat").name == "brat"

    @pytest.mark.parametrize("find", [importer, exporter])
    def test_unknown_ones_name_the_others(self, find: object) -> None:
        with pytest.raises(SettingsError, match=r"unknown format 'xml': choose from .*brat,.* json, jsonl"):
            find("xml")  # type: ignore[operator]


class TestPaths:
    @pytest.mark.parametrize("sources", ["a.jsonl", Path("a.jsonl"), ["a.jsonl"], (Path("a.jsonl"),)], ids=repr)
    def test_one_source_needs_no_list(self, here: Path, sources: Named) -> None:
        assert api.validate(sources).summary.articles == 1

    def test_may_be_strings(self, here: Path) -> None:
        fine = json.loads(json.dumps(ARTICLE).replace("Snow", "Rain"))
        (here / "a.jsonl").write_bytes(lines(fine))
        api.write_inventory(Inventory(labels={"entity": (Label("X"),)}), "i.json")
        api.write_inventory(Inventory(labels={"entity": (Label("Y"),)}), "other.json")
        options = Options(inventory="i.json")
        assert [finding.code for finding in api.validate("a.jsonl", options).findings] == []
        assert [finding.code for finding in api.validate("a.jsonl", Options(inventory="other.json")).findings] == [
            "LBL501"
        ]
        api.convert("a.jsonl", target_format="brat", output=here / "brat", options=options)
        api.source_inventory("brat", "brat", options)
        api.export("a.jsonl", "views", options=options)
        api.build_release("a.jsonl", "out", name="x", version=None, options=options)
        assert api.plan_release("a.jsonl", "out", name="x", options=options).least == "1.0.1"
        assert list(api.compare("x@1.0.0", "a.jsonl", "out", options).by_label()) == []
        assert api.check_release("a.jsonl", "out/x/1.0.0", options=options).same
        assert api.verify_release("out/x/1.0.0")[0] == ()
        assert [one.entry.version for one in api.list_releases("out")] == ["1.0.0"]
        assert api.resolve_release("out", "x").entry.version == "1.0.0"
        assert api.yank("out", "x@1.0.0", "late").entry.status == "yanked"
        assert api.unyank("out", "x@1.0.0").entry.status == "active"
        assert api.deprecate("out", "x@1.0.0", "old").entry.status == "deprecated"
        with pytest.raises(SettingsError, match="holds article"):
            api.withdraw("out", "x", "absent", "asked")
        with pytest.raises(SettingsError, match="withholds nothing"):
            api.hydrate("out/x/1.0.0", ".", "whole")
