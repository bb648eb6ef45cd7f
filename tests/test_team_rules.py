from __future__ import annotations

import json
import pickle
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.columns import to_batch
from corpus_tool.conditions import columns_of
from corpus_tool.config import Config
from corpus_tool.contract import Contract, load_contract
from corpus_tool.errors import SettingsError
from corpus_tool.expressions import FUNCTIONS
from corpus_tool.expressions.parsing import MAX_BRACKETS, MAX_PARTS, MAX_TEXT
from corpus_tool.expressions.patterns import MAX_PATTERN
from corpus_tool.expressions.terms import MAX_JOINED
from corpus_tool.expressions.translation import MAX_PATTERNS
from corpus_tool.findings import Severity
from corpus_tool.flattening import read_tables
from corpus_tool.rules import Rule, all_rules
from corpus_tool.rules.example import example_article
from corpus_tool.rules.running import check_tables
from corpus_tool.team_rules import MAX_RULES, MAX_SHOWN, team_rules
from tests.program import Ran, lines, run
from tests.rules.tables import example_contract
from tests.test_expressions import ESCAPES, server  # noqa: F401 (a fixture)

TOP = Path(__file__).parent.parent
PLAIN = {"code": "ORG101", "on": "entities", "must": "label <> 'LOC'", "message": "{label}"}


def read(*rules: dict[str, Any], contract: Contract | None = None) -> tuple[Rule, ...]:
    return team_rules(Config(path=Path("corpus.toml"), rules=rules), contract or example_contract())


def found(rule: dict[str, Any], *articles: dict[str, Any], contract: Contract | None = None) -> list[tuple[str, str]]:
    """Pointer and message of what a rule finds, after a journey to another process."""
    contract = contract or example_contract()
    own = pickle.loads(pickle.dumps(read({**PLAIN, **rule}, contract=contract)))
    tables = read_tables(to_batch(articles or (example_article(),), contract), contract)
    hits = check_tables(tables, contract, frozenset({"ORG101"}), own=own).hits
    return [(tables.pointer(hit.row), rule.message.format(**hit.row)) for rule, hit in hits]


class TestWhatARuleIsAbout:
    @pytest.mark.parametrize(
        ("rule", "expected"),
        [
            ({}, [("/entities/1", "LOC")]),
            ({"on": "entity"}, [("/entities/1", "LOC")]),
            ({"on": "annotations", "must": "coalesce(label, '') <> 'LOC'"}, [("/entities/1", "LOC")]),
            ({"on": "annotations", "must": "kind <> 'note'", "message": "{layer}"}, [("/notes/0", "notes")]),
            ({"on": "articles", "must": "chars < 10", "message": "{id} {chars}"}, [("", "example-1 88")]),
            ({"on": "articles", "must": "split <> 'train' or language = 'kk'", "message": "{split}"}, [("", "train")]),
            (
                {"on": "spans", "must": "layer <> 'entities' or label <> 'PER' or length(surface) > 3", "message": "{surface} {start} {end}"},
                [("/entities/2/spans/0", "she 54 57")],
            ),
            (
                {"on": "references", "must": "field <> 'arguments' or role = 'Agent' or target_label = 'PER'", "message": "{role} {ref}"},
                [("/relations/0/arguments/1/ref", "Arg2 T2")],
            ),
            ({"on": "attributes", "must": "value <> 'Low'", "message": "{name} {value}"}, [("/entities/2/attributes/0", "Sure Low")]),
            ({"on": "labels", "must": "label is not null and axis = 'tone'", "message": "{axis}"}, [("/labels/0", "subject")]),
            ({"message": "{{{label}}}"}, [("/entities/1", "{LOC}")]),
        ],
        ids=["layer", "kind", "table", "any layer", "articles", "meanings", "spans", "references", "attributes", "labels", "braces"],
    )  # fmt: skip
    def test_rows(self, rule: dict[str, Any], expected: list[tuple[str, str]]) -> None:
        assert found(rule) == expected

    def test_null_is_a_violation_unless_something_else_is_said(self) -> None:
        kinds = {"on": "entities", "message": "{label} {prov}"}
        article = {**example_article(), "entities": [{"id": "T1", "type": "PER", "spans": []}]}
        assert found({**kinds, "must": "prov = 'A1'"}, article) == [("/entities/0", "PER null")]
        assert found({**kinds, "must": "coalesce(prov, 'A1') = 'A1'"}, article) == []
        assert found({**kinds, "must": "prov is null or prov = 'A1'"}, article) == []

    def test_a_condition_that_no_column_changes(self) -> None:
        rule = {"on": "articles", "must": "coalesce(0, chars) = 1", "message": "{id}"}
        articles = [{"id": name, "text": "", "entities": []} for name in "abc"]
        assert found(rule, *articles) == [("", name) for name in "abc"]
        assert found({**rule, "must": "coalesce(0, chars) = 0"}, *articles) == []

    def test_null_in_other_layers_is_none(self) -> None:
        assert found({"on": "entities", "must": "id is not null"}) == []

    def test_layers_of_one_kind_are_told_apart(self, tmp_path: Path) -> None:
        layer = {
            "type": "array", "x-layer": "entity",
            "items": {"type": "object", "properties": {"key": {"type": "string", "x-id": True}}},
        }  # fmt: skip
        schema = {
            "type": "object",
            "properties": {
                "name": {"type": "string", "x-id": True}, "body": {"type": "string", "x-text": True}, "people": layer, "places": layer,
            },
        }  # fmt: skip
        (tmp_path / "schema.json").write_text(json.dumps(schema))
        contract = load_contract(tmp_path / "schema.json", None)
        article = {"name": "a", "body": "", "people": [{"key": "x"}], "places": [{"key": "x"}, {"key": "y"}]}
        only = {"must": "id <> 'x'", "message": "{layer} {id}"}
        assert found({**only, "on": "places"}, article, contract=contract) == [("/places/0", "places x")]
        both = [("/people/0", "people x"), ("/places/0", "places x")]
        assert found({**only, "on": "entity"}, article, contract=contract) == both

    def test_values_are_cut(self) -> None:
        article = {"id": "a" * 10_000, "text": "", "entities": []}
        ((_, message),) = found({"on": "articles", "must": "chars > 0", "message": "{id}"}, article)
        assert message == "a" * MAX_SHOWN + "…"


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("rule", "says"),
        [
            ({"on": "entitys"}, "rules[0].on: no table, layer or kind 'entitys': did you mean"),
            ({"on": "x" * 10_000}, "rules[0].on: no table, layer or kind 'xxx"),
            ({"must": "lable = 'x'"}, "rules[0].must: ORG101, character 1 (lable = 'x'): there is no column 'lable': did you mean 'label'?"),
            ({"must": "label = 'x'\n  and start = 1"}, "rules[0].must: ORG101, character 19 (…'x' and start = 1): there is no column 'start'"),
            ({"must": "label = 1"}, "rules[0].must: ORG101, character 1 (label = 1): '=' cannot put text beside a number"),
            ({"must": "row = 1"}, "no column 'row'"),
            ({"must": "article = 1"}, "no column 'article'"),
            ({"message": "{labl}"}, "rules[0].message: ORG101: '{labl}' is no column: did you mean 'label'?"),
            ({"message": "{label.__class__}"}, "is no column"),
            ({"message": "{label.__init__.__globals__}"}, "is no column"),
            ({"message": "{label[0]}"}, "is no column"),
            ({"message": "{label!r}"}, "is no column"),
            ({"message": "{label!r:>99999999}"}, "is no column"),
            ({"message": "{label:>99999999}"}, "is no column"),
            ({"message": "{label:{id}}"}, "is no column"),
            ({"message": "{}"}, "is no column"),
            ({"message": "{0}"}, "is no column"),
            ({"message": "{ label }"}, "is no column"),
            ({"message": "{row}"}, "is no column"),
            ({"message": "{label"}, "braces of the message do not match"),
            ({"message": "label}"}, "braces of the message do not match"),
            ({"message": "{id}" * 1_000}, "4,000 characters"),
            ({"code": "SPN999"}, "rules[0].code: SPN999: SPN is a family of corpus-tool's own"),
            ({"code": "COL999"}, "is a family of corpus-tool's own"),
            ({"name": "article-id-is-unique"}, "the name 'article-id-is-unique' is that of COL801"),
        ],
    )  # fmt: skip
    def test_says_where(self, rule: dict[str, Any], says: str) -> None:
        with pytest.raises(SettingsError) as raised:
            read({**PLAIN, **rule})
        assert str(raised.value).startswith("corpus.toml.rules")
        assert says in str(raised.value)
        assert len(str(raised.value)) < 400

    def test_every_family_of_the_tool(self) -> None:
        for family in {code[:3] for code in all_rules() if len(code) == 6}:
            with pytest.raises(SettingsError, match="family"):
                read({**PLAIN, "code": f"{family}999"})

    def test_a_code_twice(self) -> None:
        with pytest.raises(SettingsError, match=r"rules\[1\].code: ORG101 is there twice"):
            read(PLAIN, PLAIN)

    def test_a_name_twice(self) -> None:
        with pytest.raises(SettingsError, match="ORG102: the name 'x' is that of ORG101"):
            read({**PLAIN, "name": "x"}, {**PLAIN, "code": "ORG102", "name": "x"})

    def test_too_many(self) -> None:
        with pytest.raises(SettingsError, match="are the most"):
            read(*[{**PLAIN, "code": f"ORG{number:03}"} for number in range(MAX_RULES + 1)])

    @pytest.mark.parametrize("code", ["ORG1", "org101", "ORG1011", "ORG101\n", "ÄRG101", "ORG١٠١", ""])
    def test_codes_by_the_schema(self, tmp_path: Path, code: str) -> None:
        ran = validated(
            tmp_path,
            f"[[rules]]\ncode = {code!r}\non = 'entities'\nmust = 'true'\nmessage = 'x'\n".replace("\\n", "\\\\n"),
        )
        assert ran.code == 2
        assert "rules[0]" in ran.err


def entity(label: str) -> dict[str, Any]:
    return {"id": "T1", "type": label, "spans": [{"start": 0, "end": 4, "text": "Rain"}]}


ARTICLES = [{"id": label, "text": f"Rain fell in {label}.", "entities": [entity(label)]} for label in ("A", "B")]
CONFIG = """
[[rules]]
code = "ORG101"
name = "no-a"
on = "entities"
must = "label <> 'A'"
message = "{label} is none of ours"
description = "We do not annotate A."
"""


def validated(folder: Path, config: str, *options: str | Path) -> Ran:
    (folder / "corpus.toml").write_text(config)
    (folder / "articles.jsonl").write_bytes(lines(*ARTICLES))
    return run("validate", folder / "articles.jsonl", "--format", "json", *options)


class TestInTheProgram:
    def test_finds_with_its_place(self, tmp_path: Path) -> None:
        ran = validated(tmp_path, CONFIG)
        (finding,) = ran.json["findings"]
        assert ran.code == 1
        assert [finding[name] for name in ("code", "name", "severity", "article", "annotation", "pointer", "line", "message")] == [
            "ORG101", "no-a", "error", "A", "T1", "/entities/0", 1, "A is none of ours",
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("config", "options", "expected"),
        [
            ("", (), "error"),
            ('severity = "warning"', (), "warning"),
            ('severity = "warning"\n[severity]\nORG101 = "info"', ("--severity", "info"), "info"),
            ('[severity]\nno-a = "warning"', (), "warning"),
            ("", ("--ignore", "ORG101"), None),
            ("", ("--ignore", "ORG"), None),
            ("", ("--ignore", "no-a"), None),
            ("", ("--select", "SPN"), None),
            ("", ("--select", "org101"), "error"),
            ("", ("--target-version", "0.1"), "error"),
            ('[validate]\nignore = ["ORG101"]', (), None),
            ('[[ignore]]\npaths = ["*.jsonl"]\nrules = ["ORG101"]\nreason = "old"', (), None),
        ],
    )
    def test_is_a_rule_like_any_other(
        self, tmp_path: Path, config: str, options: tuple[str, ...], expected: str | None
    ) -> None:
        ran = validated(tmp_path, CONFIG + config, *options)
        counted = [finding["severity"] for finding in ran.json["findings"] if "suppression" not in finding]
        assert counted == ([expected] if expected else [])
        assert ran.code == (1 if expected in {"error", "info"} else 0)

    def test_all_are_counted_where_they_are_too_many_to_show(self, tmp_path: Path) -> None:
        many = [{**ARTICLES[0], "id": str(n), "text": f"Rain {n}", "entities": [entity("A")] * 10} for n in range(150)]
        (tmp_path / "corpus.toml").write_text(CONFIG)
        (tmp_path / "many.jsonl").write_bytes(lines(*many))
        ran = run("validate", tmp_path / "many.jsonl", "--format", "json", "--select", "ORG")
        assert ran.json["summary"]["codes"] == {"ORG101": 1500}
        assert ran.json["summary"]["severity"]["error"] == 1500

    def test_masked(self, tmp_path: Path) -> None:
        config = (
            CONFIG.replace('on = "entities"', 'on = "spans"')
            .replace("label <> 'A'", "surface <> 'Rain'")
            .replace("{label}", "{surface}")
        )
        shown = validated(tmp_path, config)
        hidden = validated(tmp_path, config, "--mask-text")
        assert "Rain is none of ours" in shown.out
        assert "Rain" not in hidden.out
        assert hidden.code == 1

    def test_is_listed_and_explained(self, tmp_path: Path) -> None:
        (tmp_path / "corpus.toml").write_text(CONFIG)
        assert "ORG101  error    no-a" in run("rules", cwd=tmp_path).out
        page = run("rules", "no-a", cwd=tmp_path).out
        assert "We do not annotate A." in page
        assert "of corpus.toml" in page
        assert run("rules", "ORG102", cwd=tmp_path).code == 2

    def test_without_tables_it_is_not_checked(self, tmp_path: Path) -> None:
        (tmp_path / "schema.json").write_text('{"type": "object", "properties": {"entities": {}}}')
        config = 'schema = "schema.json"\n' + CONFIG.replace("entities", "articles").replace("label", "id")
        ran = validated(tmp_path, config)
        assert ran.json["summary"]["not_checked"]["ORG101"] == 2

    @pytest.mark.parametrize("escape", ESCAPES)
    @pytest.mark.parametrize("key", ["must", "where"])
    def test_nothing_gets_out(self, tmp_path: Path, server: tuple[str, list[str]], key: str, escape: str) -> None:  # noqa: F811
        address, hits = server
        stated = {
            "must": '[[rules]]\ncode = "ORG101"\non = "entities"\nmust = """{}"""\nmessage = "x"',
            "where": '[[assertions]]\non = "entities"\nwhere = """{}"""\ncount = 1',
        }
        text = escape.format(address).replace("flag", "label is null")
        began = time.perf_counter()
        ran = validated(tmp_path, stated[key].format(text))
        assert time.perf_counter() - began < 5
        assert ran.code == 2
        assert f"[0].{key}" in ran.err
        assert hits == []


def test_severity_and_page_are_what_was_stated() -> None:
    (rule,) = read({**PLAIN, "severity": "info", "since": "2.0", "description": "Why."})
    assert (rule.severity, rule.since, rule.doc, rule.name, rule.origin) == (
        Severity.INFO,
        "2.0",
        "Why.\n\nFor every row of entities: label <> 'LOC'",
        "org101",
        "corpus.toml",
    )


def test_a_family_of_the_tool_is_refused_where_no_rule_was_loaded_before(tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").write_text(
        '[[rules]]\ncode = "SPN999"\non = "spans"\nmust = "label is null"\nmessage = "x"\n', encoding="utf-8"
    )
    (tmp_path / "a.jsonl").write_text('{"id": "a", "text": "Rain."}\n', encoding="utf-8")
    command = [sys.executable, "-m", "corpus_tool", "validate", "a.jsonl"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, "SPN is a family" in done.stderr) == (2, True)


def test_without_rules_nothing_is_loaded() -> None:
    assert team_rules(Config(), load_contract(None, None)) == ()


class TestThePage:
    PAGE = (TOP / "docs" / "team-rules.md").read_text(encoding="utf-8")

    def test_has_every_function_and_no_other(self) -> None:
        table = self.PAGE.split("| function | gives |\n|---|---|\n")[1].split("\n\n")[0]
        assert table == "\n".join(f"| `{function.signature}` | {function.says} |" for function in FUNCTIONS)

    def test_has_every_column(self) -> None:
        rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| (.*) \|$", self.PAGE.split("## Tables")[1], re.MULTILINE)
        own = {"layer", "kind", "id", "label", "prov"}
        for table, columns in columns_of(example_contract()).items():
            text = dict(rows)[table]
            named = {name.strip('"') for name in re.findall(r"`([^`]+)`", text)} | (
                own if "those of its" in text else set()
            )
            named -= {"axis"} if "but `axis`" in text else set()
            if table == "articles":
                assert named <= set(columns)
            else:
                assert named == set(columns)

    def test_has_the_limits(self) -> None:
        says = [
            f"{MAX_TEXT:,} characters",
            f"{MAX_PARTS:,} words",
            f"{MAX_BRACKETS} brackets",
            f"{MAX_PATTERNS} patterns",
        ]
        says += [f"{MAX_JOINED} columns", f"{MAX_PATTERN} characters", f"cut at {MAX_SHOWN}"]
        assert [limit for limit in says if limit not in " ".join(self.PAGE.split())] == []

    def test_example_works(self, tmp_path: Path) -> None:
        (example,) = [block for block in re.findall(r"```toml\n(.*?)```", self.PAGE, re.DOTALL) if "[[rules]]" in block]
        ran = validated(tmp_path, example)
        assert ran.code == 0
        assert ran.json["summary"]["not_checked"] == {"COL805": 1}
