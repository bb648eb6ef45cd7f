from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.findings import ABSENT, Edit, Finding, Fix, Location, Replacement, Suppression
from corpus_tool.reporters import Style
from corpus_tool.reporters.sarif import MOST, sarif
from corpus_tool.reporters.sarif_rules import first_sentence, page
from corpus_tool.rules import all_rules
from tests.reporters.samples import BARE, FINDINGS, OWN, PLACED, RIGHT_TO_LEFT, SOURCE, WIDE, summed

DOCS = Path(__file__).parents[2] / "docs"


def run_of(*findings: Finding, style: Style = Style()) -> dict[str, Any]:  # noqa: B008 (a frozen value)
    log = json.loads("".join(sarif(findings, summed(findings), style)))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    return run


def test_results_name_their_rule() -> None:
    run = run_of(*FINDINGS, PLACED)
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]
    assert len({rule["id"] for rule in rules}) == len(rules)


def test_a_rule_of_the_registry_has_its_page() -> None:
    (rule,) = run_of(PLACED)["tool"]["driver"]["rules"]
    known = all_rules()["LBL501"]
    assert rule["helpUri"].endswith(f"/docs/rules.md#lbl501-{known.name}")
    assert rule["help"]["text"].startswith(known.doc.split("\n")[0])
    assert rule["defaultConfiguration"] == {"level": "error"}


def test_pages_of_rules_are_headings_of_the_documentation() -> None:
    text = (DOCS / "rules.md").read_text(encoding="utf-8")
    anchors = {heading.lower().replace(" ", "-") for heading in re.findall(r"^### (.*)$", text, re.MULTILINE)}
    assert page("SPN303", all_rules()["SPN303"].name).partition("#")[2] in anchors


def test_a_rule_of_a_corpus_has_none() -> None:
    (rule,) = run_of(OWN)["tool"]["driver"]["rules"]
    assert "helpUri" not in rule


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("One. Two.", "One."), ("One\ntwo (e.g. this).\n\nMore.", "One two (e.g. this)."), ("`é` is [0, 3). It", "`é` is [0, 3)."), ("No stop", "No stop.")],
)  # fmt: skip
def test_first_sentence(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence or first_sentence(text).startswith("One two (e.g.")


@pytest.mark.parametrize(
    ("finding", "region"),
    [
        (PLACED, {"startLine": 12, "startColumn": 401, "endLine": 12, "endColumn": 406}),
        (RIGHT_TO_LEFT, {"startLine": 4, "startColumn": 9, "endLine": 6, "endColumn": 2}),
        (SOURCE, {"startLine": 17}),
        (BARE, None),
    ],
    ids=["all", "lines", "a line", "none"],
)
def test_regions_say_what_is_known(finding: Finding, region: dict[str, int] | None) -> None:
    (result,) = run_of(finding)["results"]
    assert result["locations"][0]["physicalLocation"].get("region") == region


def test_articles_annotations_and_pointers_are_logical_locations() -> None:
    (result,) = run_of(PLACED)["results"]
    assert [place["fullyQualifiedName"] for place in result["locations"][0]["logicalLocations"]] == [
        "harbour-0001", "harbour-0001/T1", "/entities/0/type",
    ]  # fmt: skip


class TestFixes:
    def test_one_edit_in_place_is_a_replacement_in_the_file(self) -> None:
        (result,) = run_of(PLACED)["results"]
        (fix,) = result["fixes"]
        (change,) = fix["artifactChanges"]
        assert change["artifactLocation"] == {"uri": "articles/harbour.jsonl"}
        region = result["locations"][0]["physicalLocation"]["region"]
        assert change["replacements"] == [{"deletedRegion": region, "insertedContent": {"text": '"PER"'}}]
        assert fix["properties"] == {"safety": "safe"}

    def test_it_mends_the_file(self) -> None:
        line = '{"id": "a", "n": "🌞", "type": "per"}'
        at = Location("a.json", 1, line.index('"per"') + 1, 1, line.index('"per"') + 6, "/type")
        fix = Fix("write", (Edit("/type", "per", 'P"R\u2028'),))
        (result,) = run_of(replace(PLACED, location=at, fix=fix))["results"]
        (part,) = result["fixes"][0]["artifactChanges"][0]["replacements"]
        region = part["deletedRegion"]
        mended = line[: region["startColumn"] - 1] + part["insertedContent"]["text"] + line[region["endColumn"] - 1 :]
        assert json.loads(mended) == {"id": "a", "n": "🌞", "type": 'P"R\u2028'}

    def test_a_masked_one_is_not_offered(self) -> None:
        (result,) = run_of(PLACED, style=Style(mask=True))["results"]
        assert "fixes" not in result
        assert result["properties"]["fix"]["edits"][0]["new"] == "[3 characters]"

    @pytest.mark.parametrize(
        "finding",
        [
            WIDE,
            replace(PLACED, fix=Fix("x", (Edit("/entities/0/type", "per", ABSENT),))),
            replace(PLACED, fix=Fix("x", (Edit("/entities/0/type", ABSENT, "PER"),))),
            replace(PLACED, fix=Fix("x", (), "unsafe", (Replacement(1, "a", "b"),))),
            replace(PLACED, fix=Fix("x", (Edit("/entities/0/type", "a", "b"),), "unsafe", (Replacement(1, "a", "b"),))),
            replace(PLACED, location=replace(PLACED.location, path="x.jsonl.gz")),
            replace(PLACED, location=replace(PLACED.location, path="x.ann")),
            replace(PLACED, location=replace(PLACED.location, end_column=None)),
        ],
        ids=["two edits", "removes", "adds", "text", "edit and text", "compressed", "another format", "end unknown"],
    )
    def test_what_has_no_place_in_the_file_is_a_property(self, finding: Finding) -> None:
        (result,) = run_of(finding)["results"]
        assert "fixes" not in result
        assert finding.fix is not None
        assert result["properties"]["fix"] == finding.fix.as_json()


def test_suppressions() -> None:
    why = Suppression("path", "old articles")
    first, second = run_of(PLACED, replace(PLACED, suppression=why))["results"]
    assert first["suppressions"] == []
    assert second["suppressions"] == [{"kind": "external", "justification": "path: old articles"}]


def test_fingerprints_stay_and_are_told_apart() -> None:
    first, second = (result["partialFingerprints"] for result in run_of(PLACED, PLACED)["results"])
    assert first["finding/v1"] == second["finding/v1"] == PLACED.fingerprint
    assert first["primaryLocationLineHash"] == PLACED.fingerprint != second["primaryLocationLineHash"]


def test_what_is_beyond_the_cap_is_counted() -> None:
    run = run_of(*[PLACED] * (MOST + 7))
    assert len(run["results"]) == MOST
    assert run["properties"]["notShown"] == 7
    assert run["properties"]["summary"]["findings"] == MOST + 7


@pytest.mark.parametrize(("style", "invocation"), [
    (Style(), {"executionSuccessful": True}), (Style(exit_code=1), {"executionSuccessful": True, "exitCode": 1}),
])  # fmt: skip
def test_invocation(style: Style, invocation: dict[str, object]) -> None:
    assert run_of(style=style)["invocations"] == [invocation]
