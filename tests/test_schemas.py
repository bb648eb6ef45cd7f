"""The packaged schemas: valid, each with examples that keep them and that the package can read."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import tomli_w

from corpus_tool.config import load_config
from corpus_tool.findings import Edit, Finding, Fix, Location, Severity
from corpus_tool.inventory_files import parse_inventory
from corpus_tool.resources import schema, schema_directory
from corpus_tool.summary import Summary
from corpus_tool.vocabulary import check_schema

NAMES = sorted(path.name.removesuffix(".schema.json") for path in schema_directory().iterdir())


def test_all_are_here() -> None:
    known = ["article-1", "baseline-1", "corpus-1", "diff-1", "finding-1", "inventory-1", "manifest-1", "vocabulary-1"]
    assert known == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_is_a_schema_of_draft_2020_12(name: str) -> None:
    assert schema(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("name", NAMES)
def test_has_examples_that_keep_it(name: str) -> None:
    examples = schema(name)["examples"]
    assert examples
    checker = jsonschema.Draft202012Validator(
        schema(name), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    for example in examples:
        checker.validate(example)


@pytest.mark.parametrize("name", NAMES)
def test_says_what_it_is(name: str) -> None:
    assert schema(name)["$id"] == f"urn:corpus-tool:{name.replace('-', ':')}"
    assert schema(name)["title"]
    assert schema(name)["description"]


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ("article-1", "vocabulary-1")])
def test_a_misspelt_property_breaks_the_example(name: str) -> None:
    example = {**schema(name)["examples"][0], "mispelt": 1}
    assert not jsonschema.Draft202012Validator(schema(name)).is_valid(example)


def test_article_is_written_in_the_vocabulary() -> None:
    check_schema(schema("article-1"), "article-1")


def test_corpus_example_loads(tmp_path: Path) -> None:
    path = tmp_path / "corpus.toml"
    for example in schema("corpus-1")["examples"]:
        path.write_text(tomli_w.dumps(example))
        config = load_config(path)
        assert config.about["name"] == example["name"]
        assert config.inventory == tmp_path / example["inventory"]
        assert list(config.lift) == example["lift"]


def test_inventory_example_loads() -> None:
    for example in schema("inventory-1")["examples"]:
        assert parse_inventory(example, "example").as_json() == example


def test_findings_are_written_as_their_schema_says() -> None:
    fix = Fix("write 'PER'", (Edit("/entities/0/type", "per", "PER"),))
    finding = Finding(
        "LBL501", "label-is-known", Severity.ERROR, Location("a.json", 1, 2, 1, 5, "/x", "a", "T1"), "no", fix
    )
    bare = Finding("IO002", "json-is-valid", Severity.WARNING, Location("a.json"), "no")
    summary = Summary(articles=1, files=1)
    for each in (finding, bare):
        summary.count(each)
    made = {"findings": [finding.as_json(), bare.as_json()], "summary": summary.as_json()}
    jsonschema.Draft202012Validator(schema("finding-1")).validate(json.loads(json.dumps(made)))
