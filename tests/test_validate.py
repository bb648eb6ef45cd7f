from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from corpus_tool.resources import schema
from corpus_tool.rule import MOST_PER_BLOCK
from corpus_tool.rules import CORPUS, ROWS, TABLES, all_rules
from tests.program import Ran, lines, run

TEXT = "Rain 🌞 fell."


def article(name: str = "a", **changes: Any) -> dict[str, Any]:
    entity = {"id": "T1", "type": "X", "spans": [{"start": 0, "end": 4, "text": "Rain"}]}
    return {"id": name, "text": TEXT, "entities": [entity], **changes}


def entity(name: str = "T1", label: str = "X", surface: str = "Rain", **changes: Any) -> dict[str, Any]:
    return {"id": name, "type": label, "spans": [{"start": 0, "end": 4, "text": surface}], **changes}


def validated(folder: Path, *articles: dict[str, Any], options: tuple[str | Path, ...] = (), config: str = "") -> Ran:
    (folder / "corpus.toml").write_text(config)
    (folder / "articles.jsonl").write_bytes(lines(*articles))
    return run("validate", folder / "articles.jsonl", "--format", "json", *options)


def codes(ran: Ran) -> list[str]:
    return [code for code, _ in ran.places]


class TestOneTypoNeverHidesTheRest:
    def test_a_value_goes_on_to_the_rules(self, tmp_path: Path) -> None:
        ran = validated(tmp_path, article(metadata={"contentCreated": "soon"}, entities=[entity(surface="Snow")]))
        assert sorted(ran.places) == [("SCH104", "/metadata/contentCreated"), ("SPN304", "/entities/0/spans/0/text")]
        assert ran.json["summary"]["refused"] == 0

    def test_a_shape_stops_its_article_only_and_shows_all_of_it(self, tmp_path: Path) -> None:
        wrong = article(
            "wrong", entities=[entity(surface="Snow", confidenc=1, typ="Y")], txt="", metadata={"language": 5}
        )
        ran = validated(tmp_path, wrong, article("b", entities=[entity(surface="Snow")]))
        assert sorted(ran.places) == [
            ("SCH101", "/metadata/language"), ("SCH103", "/entities/0/confidenc"), ("SCH103", "/entities/0/typ"),
            ("SCH103", "/txt"), ("SPN304", "/entities/0/spans/0/text"),
        ]  # fmt: skip
        assert {finding["article"] for finding in ran.json["findings"] if finding["code"] == "SPN304"} == {"b"}
        assert (ran.json["summary"]["articles"], ran.json["summary"]["refused"]) == (2, 1)

    def test_a_line_that_is_no_json_stops_itself_only(self, tmp_path: Path) -> None:
        path = tmp_path / "a.jsonl"
        path.write_bytes(b"{oops\n" + lines(article(entities=[entity(surface="Snow")])) + b'["no article"]\nnull\n')
        ran = run("validate", path, "--format", "json")
        assert [(finding["code"], finding["line"]) for finding in ran.json["findings"]] == [
            ("IO002", 1), ("SPN304", 2), ("SCH101", 3), ("SCH105", 4),
        ]  # fmt: skip
        assert ran.json["summary"]["refused"] == 3

    def test_a_file_that_cannot_be_read_as_json_stops_itself_only(self, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_bytes(b"\xff")
        (tmp_path / "b.json").write_bytes(lines(article("b", entities=[entity(surface="Snow")])))
        ran = run("validate", tmp_path, "--format", "json")
        assert codes(ran) == ["IO001", "SPN304"]


class TestPlaces:
    PRETTY = """{
 "id": "harbour-1",
 "text": "Rain 🌞 fell.",
 "entities": [
  {"id": "T1", "type": "X", "spans": [{"start": 0, "end": 4, "text": "Rain"}]},
  {"id": "T2", "type": "🌞", "spans": [{"start": 5, "end": 6, "text": "Snow"}]}
 ]
}
"""

    def place(self, ran: Ran) -> tuple[Any, ...]:
        (finding,) = ran.json["findings"]
        assert (finding["code"], finding["pointer"]) == ("SPN304", "/entities/1/spans/0/text")
        assert (finding["article"], finding["annotation"]) == ("harbour-1", "T2")
        return tuple(finding[name] for name in ("line", "column", "end_line", "end_column"))

    def expected(self, line: str, number: int) -> tuple[int, int, int, int]:
        column = line.index('"Snow"') + 1
        return number, column, number, column + 6

    def test_in_a_json_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.json").write_text(self.PRETTY)
        ran = run("validate", tmp_path / "a.json", "--format", "json")
        assert self.place(ran) == self.expected(self.PRETTY.split("\n")[5], 6)
        assert ran.json["findings"][0]["path"] == str(tmp_path / "a.json")

    @pytest.mark.parametrize("how", ["jsonl", "gz", "stdin"])
    def test_on_a_line(self, tmp_path: Path, how: str) -> None:
        line = json.dumps(json.loads(self.PRETTY), ensure_ascii=False)
        data = lines(article("b", text=f"\u2028\u0085\r\n{TEXT}", entities=[])) + b"\n" + line.encode() + b"\r\n"
        name: str | Path = "-" if how == "stdin" else tmp_path / ("a.jsonl.gz" if how == "gz" else "a.jsonl")
        if isinstance(name, Path):
            name.write_bytes(gzip.compress(data) if how == "gz" else data)
        ran = run("validate", name, "--format", "json", "--ignore", "IO,TXT", stdin=data)
        assert self.place(ran) == self.expected(line, 3)

    def test_of_an_article_over_several_lines_from_standard_input(self) -> None:
        ran = run("validate", "-", "--format", "json", stdin=self.PRETTY.encode())
        assert self.place(ran) == self.expected(self.PRETTY.split("\n")[5], 6)
        assert ran.json["findings"][0]["path"] == "<stdin>"

    def test_of_what_is_said_of_the_corpus(self, tmp_path: Path) -> None:
        ran = validated(tmp_path, article(), article(text="Rain 🌞 fell!"))
        (finding,) = ran.json["findings"]
        assert (finding["code"], finding["line"], finding["pointer"], finding["article"]) == ("COL801", 2, "/id", "a")
        assert f"{tmp_path}/articles.jsonl:1" in finding["message"]

    def test_findings_stand_in_the_order_of_the_sources(self, tmp_path: Path) -> None:
        for name in "ab":
            (tmp_path / f"{name}.jsonl").write_bytes(b"{\n" + lines(article(name, entities=[entity(surface="Snow")])))
        ran = run("validate", tmp_path / "b.jsonl", tmp_path / "a.jsonl", "--format", "json", "--ignore", "COL802")
        places = [(Path(finding["path"]).stem, finding["line"]) for finding in ran.json["findings"]]
        assert places == [("b", 1), ("b", 2), ("a", 1), ("a", 2)]


class TestWhatRuns:
    BAD = article(entities=[entity(surface="Snow")], metadata={"contentCreated": "soon"})

    @pytest.mark.parametrize(
        ("options", "config", "expected"),
        [
            ((), "", ["SCH104", "SPN304"]),
            (("--select", "SPN"), "", ["SPN304"]),
            (("--select", "spn304,SCH"), "", ["SCH104", "SPN304"]),
            (("--ignore", "SPN304"), "", ["SCH104"]),
            (("--select", "format-is-right"), "", ["SCH104"]),
            (("--ignore", "SCH"), '[validate]\nignore = ["SPN304"]', []),
            (("--select", "SPN"), '[validate]\nselect = ["SCH"]', ["SPN304"]),
            ((), '[validate]\nselect = ["SCH"]', ["SCH104"]),
        ],
        ids=["all", "family", "code and family", "ignored", "name", "both ignore", "option before file", "file"],
    )
    def test_is_selected(self, tmp_path: Path, options: tuple[str, ...], config: str, expected: list[str]) -> None:
        ran = validated(tmp_path, self.BAD, options=options, config=config)
        assert sorted(codes(ran)) == expected
        assert ran.code == bool(expected)

    def test_severities_of_the_corpus(self, tmp_path: Path) -> None:
        config = '[severity]\nSPN304 = "warning"\nformat-is-right = "info"'
        ran = validated(tmp_path, self.BAD, config=config)
        assert ran.code == 0
        assert [(f["code"], f["severity"]) for f in ran.json["findings"]] == [("SPN304", "warning")]
        assert ran.json["summary"]["severity"] == {"error": 0, "warning": 1, "info": 1}
        everything = validated(tmp_path, self.BAD, options=("--severity", "info"), config=config)
        assert everything.code == 1
        assert sorted(codes(everything)) == ["SCH104", "SPN304"]

    def test_severity_of_the_corpus_file(self, tmp_path: Path) -> None:
        config = '[severity]\nSPN304 = "warning"\nSCH104 = "info"\n[validate]\nseverity = "warning"'
        assert validated(tmp_path, self.BAD, config=config).code == 1
        assert validated(tmp_path, self.BAD, config=config, options=("--severity", "error")).code == 0

    def test_a_rule_alone_has_what_it_needs(self, tmp_path: Path) -> None:
        upside_down = entity()
        upside_down["spans"] = [{"start": 9, "end": 4, "text": "Rain"}]
        empty = entity("T2")
        empty["spans"] = [{"start": 4, "end": 4, "text": ""}]
        ran = validated(tmp_path, article(entities=[upside_down, empty]), options=("--select", "SPN303"))
        assert ran.places == [("SPN303", "/entities/1/spans/0/end")] or codes(ran) == ["SPN303"]
        assert ran.json["summary"]["not_checked"] == {"SPN303": 1}

    def test_findings_beyond_the_cap_are_counted(self, tmp_path: Path) -> None:
        ran = validated(
            tmp_path,
            article(entities=[entity(f"T{n}", surface="Snow") for n in range(MOST_PER_BLOCK + 10)]),
            options=("--select", "SPN304"),
        )
        assert codes(ran) == ["SPN304"] * MOST_PER_BLOCK
        assert ran.json["summary"]["codes"] == {"SPN304": MOST_PER_BLOCK + 10}
        assert ran.json["summary"]["findings"] == ran.json["summary"]["severity"]["error"] == MOST_PER_BLOCK + 10


class TestJson:
    def test_keeps_its_schema(self, tmp_path: Path) -> None:
        (tmp_path / "README.json").touch()
        (tmp_path / "inventory.toml").write_text('inventory = "1.0"\n[[entity]]\nname = "PER"\n')
        (tmp_path / "a.jsonl").write_bytes(
            b"\n{\n" + lines(article(), article(), article("b", entities=[entity(label="per")]))
        )
        ran = run(
            "validate", tmp_path, "--inventory", tmp_path / "inventory.toml", "--format", "json", "--severity", "info"
        )
        jsonschema.Draft202012Validator(schema("finding-1")).validate(ran.json)
        assert {"IO002", "IO006", "LBL501", "COL801", "COL802"} <= set(codes(ran))
        assert [f["fix"]["edits"][0]["new"] for f in ran.json["findings"] if f["code"] == "LBL501" and f["fix"]] == [
            "PER"
        ]
        assert ran.json["summary"]["left_out"]["README, SOURCE and LICENSE files"] == 1

    def test_nothing_found_keeps_it_too(self, tmp_path: Path) -> None:
        ran = validated(tmp_path, article())
        jsonschema.Draft202012Validator(schema("finding-1")).validate(ran.json)
        assert ran.json["findings"] == []


def own_schema(folder: Path, **properties: Any) -> Path:
    """A contract of an id, a text and what is added."""
    string = {"type": "string"}
    value = {
        "type": "object", "additionalProperties": False, "required": ["key", "body"],
        "properties": {"key": {**string, "x-id": True}, "body": {**string, "x-text": True}, **properties},
    }  # fmt: skip
    path = folder / "schema.json"
    path.write_text(json.dumps(value))
    return path


class TestArrowTypes:
    @pytest.mark.parametrize(
        ("field", "good", "bad"),
        [
            ({"type": "integer", "x-arrow": "int8"}, 127, 128),
            ({"type": "string", "x-arrow": "timestamp[s]"}, "2026-03-02T10:00:00Z", "2026-03-02T10:00:00.5Z"),
            ({"type": "array", "items": {"type": "object", "additionalProperties": False, "properties": {"n": {"type": "integer", "x-arrow": "uint16"}}}},
             [{"n": 1}], [{"n": 1}, {"n": -1}]),
        ],
        ids=["too large", "too fine", "nested"],
    )  # fmt: skip
    def test_a_value_that_does_not_fit_is_a_finding(self, tmp_path: Path, field: Any, good: Any, bad: Any) -> None:
        path = own_schema(tmp_path, n=field)
        data = lines(
            {"key": "a", "body": "x", "n": good}, {"key": "b", "body": "y", "n": bad}, {"key": "b", "body": "z"}
        )
        (tmp_path / "a.jsonl").write_bytes(data)
        ran = run("validate", tmp_path / "a.jsonl", "--schema", path, "--format", "json")
        assert ran.places == [("SCH101", "/n" if not isinstance(bad, list) else "/n/1/n"), ("COL801", "/key")]
        assert [finding["line"] for finding in ran.json["findings"]] == [2, 3]
        assert ran.json["findings"][0]["column"] is not None
        refused = run("export", tmp_path / "a.jsonl", "--schema", path, "--output", tmp_path / "out")
        assert refused.code == 1
        assert not (tmp_path / "out").exists()


class TestContractsThatCannotBeExported:
    def test_say_so_and_count_what_was_not_checked(self, tmp_path: Path) -> None:
        path = own_schema(tmp_path, anything={"type": ["string", "integer"]})
        (tmp_path / "a.jsonl").write_bytes(
            lines({"key": "a", "body": "x", "anything": 1}, {"key": "a", "body": "x"}, {"key": "c"})
        )
        ran = run("validate", tmp_path / "a.jsonl", "--schema", path, "--format", "json")
        assert ran.places == [("SCH101", "")]
        assert "/properties/anything" in ran.err
        assert "only the schema is checked" in ran.err
        expected = {rule.code: 2 for rule in all_rules().values() if rule.on in (*ROWS, TABLES, CORPUS)}
        assert ran.json["summary"]["not_checked"] == expected

    def test_export_and_convert_are_usage_errors_with_the_place(self, tmp_path: Path) -> None:
        path = own_schema(tmp_path, anything={"type": ["string", "integer"]})
        (tmp_path / "a.jsonl").write_bytes(lines({"key": "a", "body": "x"}))
        for command in (["export"], ["convert", "--to", "jsonl"]):
            ran = run(*command, tmp_path / "a.jsonl", "--output", tmp_path / "out", *(["--schema", path]))
            assert ran.code == 2
            assert "/properties/anything" in ran.err
            assert not (tmp_path / "out").exists()
